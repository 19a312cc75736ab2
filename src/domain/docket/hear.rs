//! Words of the monitor -> an order, as far as it is understood.
//!
//! Unlike a report, an order is read by a closed grammar: a verb, a task, an agency, a day, a reason, and words that mean
//! nothing else. [`Order::plain`] says that not a word was left over; only then may it be carried out without asking.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::phrases::{Phrases, Sense};
use crate::domain::directory::Directory;
use crate::domain::ids::AgencyCode;
use crate::domain::obligation::Pending;
use crate::domain::reply::Reader;
use crate::domain::spelling::{Piece, pieces, plain};

/// What was heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Asks for what waits.
    Show,
    /// Decides, or seems to.
    Order(Order),
    /// Says why, and not what is decided of what; these agencies are named.
    Why(BTreeSet<AgencyCode>),
    /// Something else.
    Nothing,
}

/// What is said of one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// What is to be done.
    pub verb: Verb,
    /// The task, as it is called: `II.2/1`.
    pub task: Option<String>,
    /// Which agencies it names.
    pub agencies: BTreeSet<AgencyCode>,
    /// Whether it says that the task is that agency's: `II.2 của STP`, `STP II.2`.
    pub owner: Owner,
    /// The new due day, or the day of completion.
    pub day: Option<NaiveDate>,
    /// Why, in the words of who decides.
    pub reason: Option<String>,
    /// Whether it says the word that grants or confirms: "đồng ý", not only "gia hạn".
    pub grants: bool,
    /// Whether it speaks of several agencies at once: "các huyện".
    pub of_many: bool,
    /// Whether all of it was understood.
    pub plain: bool,
}

impl Order {
    /// Whether one of `own` who has nothing to decide surely grants more time to their own agency: that is no wish for it.
    #[must_use]
    pub fn grants_itself(&self, own: &AgencyCode) -> bool {
        let is_own = self.agencies.iter().all(|code| code == own);
        self.plain && self.grants && self.verb == Verb::Extend && self.task.is_some() && is_own
    }

    /// Whose task is meant, of one who is of `own`: that of another agency that is named, before the own.
    #[must_use]
    pub fn whose(&self, own: &AgencyCode) -> Option<&AgencyCode> {
        let others = self.agencies.iter().find(|code| *code != own);
        others.or_else(|| self.agencies.first())
    }

    /// Whether it names an agency other than `own`.
    #[must_use]
    pub fn names_another(&self, own: &AgencyCode) -> bool {
        self.agencies.iter().any(|code| code != own)
    }

    /// Whether one of `own` who has nothing to decide there surely decides on what another agency owes: what is said so is
    /// no report of their own. "II.2 thống nhất với STC" is one.
    #[must_use]
    pub fn decides_for_another(&self, own: &AgencyCode) -> bool {
        let is_said = match self.owner {
            Owner::Named => true,
            Owner::Beside => self.plain,
            Owner::Unsaid => self.plain && !matches!(self.verb, Verb::Approve | Verb::Accept),
        };
        is_said && self.names_another(own)
    }
}

/// How surely an order says whose the task is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// The agency stands elsewhere in the sentence.
    #[default]
    Unsaid,
    /// The agency stands beside the task: `II.2 STP`.
    Beside,
    /// The task is called the agency's: `II.2 của STP`.
    Named,
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Whatever waits is granted or confirmed.
    Approve,
    /// Whatever waits is refused or returned.
    Reject,
    /// More time is granted.
    Extend,
    /// More time is refused.
    Refuse,
    /// A completion is confirmed.
    Accept,
    /// A completion is returned.
    Return,
}

impl Verb {
    /// What it settles of what may wait, as far as the word says: what is approved or rejected is taken for a wish for more
    /// time, as it is where nothing waits.
    #[must_use]
    pub fn settles(self) -> Pending {
        match self {
            Self::Approve | Self::Reject | Self::Extend | Self::Refuse => Pending::Extension,
            Self::Accept | Self::Return => Pending::Acceptance,
        }
    }
}

/// What follows from the words of one who may decide, written on `today`.
#[must_use]
pub fn hear(
    text: &str,
    today: NaiveDate,
    phrases: &Phrases,
    reader: &Reader,
    directories: &[&Directory],
) -> Heard {
    if phrases.shows(text) {
        return Heard::Show;
    }
    let mut found = Found::default();
    let pieces = pieces(text);
    let unmarked = pieces.iter().all(|piece| plain(&piece.key) == piece.key);
    let refs = reader.understand(text, today).refs;
    // "iv.1.b" and "IV.1.B" are "IV.1.b".
    let is_ref = |piece: &Piece<'_>| {
        let mut refs = refs.iter();
        refs.find(|called| called.to_lowercase() == piece.text.to_lowercase())
    };
    let mut at = 0;
    while let Some(piece) = pieces.get(at) {
        if let Some(called) = is_ref(piece) {
            found.tasks.insert(called.clone());
            found.opens();
            found.meets(Side::Task);
            at += 1;
            continue;
        }
        let keys = run_of_words(&pieces[at..]);
        let agency = directories
            .iter()
            .find_map(|one| one.agency_at(&keys, unmarked));
        let phrase = phrases.longest(&keys, unmarked);
        let names_more =
            agency.is_some_and(|(length, _)| phrase.is_none_or(|(other, _)| length >= other));
        if let Some((length, code)) = agency.filter(|_| names_more) {
            found.agencies.insert(code.clone());
            found.opens();
            found.meets(Side::Agency);
            at += length;
        } else if found.in_day && (piece.is_number || phrases.is_day(&piece.key)) {
            found.day.push(piece.text);
            found.parts();
            at += 1;
        } else if let Some((length, sense)) = phrase {
            if sense == Sense::Because {
                let rest = pieces.get(at + length..).unwrap_or_default();
                if refs.is_empty() && found.says_nothing() {
                    return Heard::Why(agencies_in(rest, unmarked, directories));
                }
                let rest = rest.first();
                found.reason = rest.map(|rest| text[rest.start..].trim().to_owned());
                break;
            }
            found.take(sense);
            at += length;
        } else if piece.is_number && piece.text.contains(['/', '-']) && found.day.is_empty() {
            found.day.push(piece.text);
            found.parts();
            at += 1;
        } else {
            found.opens();
            found.parts();
            found.left_over = true;
            at += 1;
        }
    }
    found.left_over |= text.contains('?');
    if let ([only], true) = (refs.as_slice(), found.tasks.is_empty()) {
        // Written otherwise than it is called: "việc II2".
        found.tasks.insert(only.clone());
        found.left_over = true;
    }
    found
        .order(today, phrases, reader)
        .map_or(Heard::Nothing, Heard::Order)
}

/// The agencies that these words name.
fn agencies_in(
    pieces: &[Piece<'_>],
    unmarked: bool,
    directories: &[&Directory],
) -> BTreeSet<AgencyCode> {
    let starts = (0..pieces.len()).filter(|at| !pieces[*at].is_number);
    let named = starts.filter_map(|at| {
        let keys = run_of_words(&pieces[at..]);
        let mut found = directories
            .iter()
            .filter_map(|one| one.agency_at(&keys, unmarked));
        found.next().map(|(_, code)| code.clone())
    });
    named.collect()
}

/// The keys of the words up to the next number: names and phrases have none.
fn run_of_words(pieces: &[Piece<'_>]) -> Vec<String> {
    let words = pieces.iter().take_while(|piece| !piece.is_number);
    words.map(|piece| piece.key.clone()).collect()
}

#[derive(Default)]
struct Found<'a> {
    /// What decides, and whether several agencies are meant.
    verbs: BTreeSet<u8>,
    tasks: BTreeSet<String>,
    agencies: BTreeSet<AgencyCode>,
    day: Vec<&'a str>,
    reason: Option<String>,
    in_day: bool,
    left_over: bool,
    /// Whether something else than a verb stands first.
    is_opened: bool,
    /// The task or the agency that was named just now, and whether "của" follows it.
    last: Option<(Side, bool)>,
    owner: Owner,
}

/// What stands on one side of an agency's task.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Task,
    Agency,
}

impl Found<'_> {
    /// Whether nothing was said so far.
    fn says_nothing(&self) -> bool {
        self.verbs.is_empty()
            && self.tasks.is_empty()
            && self.agencies.is_empty()
            && self.day.is_empty()
            && !self.left_over
    }

    /// A word that is no verb: what it stands behind is no day, and what follows it is not said first.
    fn opens(&mut self) {
        self.is_opened |= self.verbs.is_empty();
        self.in_day = false;
    }

    /// A task or an agency: beside the other, the task is that agency's.
    fn meets(&mut self, side: Side) {
        let owner = match (self.last, side) {
            (Some((Side::Task, true)), Side::Agency) => Owner::Named,
            (Some((Side::Task, false)), Side::Agency) => Owner::Beside,
            (Some((Side::Agency, false)), Side::Task) => Owner::Beside,
            _ => Owner::Unsaid,
        };
        self.owner = self.owner.max(owner);
        self.last = Some((side, false));
    }

    /// A word that parts a task from an agency.
    fn parts(&mut self) {
        self.last = None;
    }

    fn take(&mut self, sense: Sense) {
        self.in_day = sense == Sense::Until;
        match (sense, &mut self.last) {
            (Sense::Of, Some((_, of))) => *of = true,
            _ => self.parts(),
        }
        if !matches!(
            sense,
            Sense::Until | Sense::Because | Sense::Of | Sense::Filler
        ) {
            self.verbs.insert(sense as u8);
        }
    }

    fn order(mut self, today: NaiveDate, phrases: &Phrases, reader: &Reader) -> Option<Order> {
        let has = |sense: Sense| self.verbs.contains(&(sense as u8));
        let [grant, extend, refuse, deny, accept, returns] = [
            Sense::Grant,
            Sense::Extend,
            Sense::Refuse,
            Sense::Deny,
            Sense::Accept,
            Sense::Return,
        ]
        .map(has);
        let verb = match (grant, extend, refuse, deny, accept, returns) {
            (_, true, false, false, false, false) => Verb::Extend,
            (true, false, false, false, false, false) => Verb::Approve,
            (_, false, false, false, true, false) => Verb::Accept,
            (false, false, false, false, false, true) => Verb::Return,
            (false, true, true, false, false, false) | (false, false, _, true, false, false) => {
                Verb::Refuse
            }
            (false, false, true, false, false, false) => Verb::Reject,
            (false, false, false, false, false, false) => return None,
            _ => {
                self.left_over = true;
                Verb::Approve
            }
        };
        // "STP đồng ý rồi, II.2 xong" tells of somebody else's word; "II.2 của STP thì anh đồng ý" is the reader's own.
        if self.left_over && self.is_opened && self.owner != Owner::Named {
            return None;
        }
        let read = |text: &str| reader.understand(&phrases.as_wish(text), today).date;
        let written = self.day.join(" ");
        let day = (!written.is_empty()).then(|| read(&written)).flatten();
        // "… vì chờ hướng dẫn đến 15/4": that day may be the one that is meant.
        let hides_day = matches!(verb, Verb::Approve | Verb::Extend)
            && day.is_none()
            && (self.reason.as_ref()).is_some_and(|reason| read(reason).is_some());
        let reason = self.reason.filter(|reason| phrases.is_reason(reason));
        let of_many = self.verbs.contains(&(Sense::Many as u8));
        let plain = !self.left_over
            && !of_many
            && !hides_day
            && written.is_empty() == day.is_none()
            && self.tasks.len() <= 1
            && self.agencies.len() <= 1;
        Some(Order {
            verb,
            task: self.tasks.pop_first(),
            agencies: self.agencies,
            owner: self.owner,
            day,
            reason,
            grants: grant,
            of_many,
            plain,
        })
    }
}
