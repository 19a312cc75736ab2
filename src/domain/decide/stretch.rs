//! A text as stretches, each of which speaks of the same tasks.

use super::at_once::near;
use super::choose::{Chosen, Hints, at_hand, by_name, opened};
use super::content::by_content;
use super::reading::Reading;
use super::situation::{Owed, Situation};
use super::spoken::{is_asked_for, speak_of};
use crate::domain::ids::ObligationId;
use crate::domain::reply::{Intent, Understanding, Work};
use crate::domain::terse::{Line, listed, marker};

/// A text of more pieces is no report of a few tasks, and is not looked through for each of them.
const MOST_PIECES: usize = 40;

/// Nor is one of more bytes.
const LONGEST: usize = 4000;

/// Words that stand together and speak of the same tasks.
pub(super) struct Stretch<'t, 'a> {
    text: &'t str,
    start: usize,
    /// Where the words about the tasks begin: behind "dạ thưa anh,".
    about_from: usize,
    /// The piece that it was at first, or whose tasks it has.
    line: Line<'t>,
    /// What is understood of that.
    understood: Understanding,
    /// The tasks that may be meant; none where it names no work.
    pub(super) tasks: Vec<&'a Owed>,
    /// Whether its words tell those from all others.
    pub(super) is_clear: bool,
    /// Whether it speaks of all that is left: "hai cái kia xong".
    pub(super) is_of_rest: bool,
    /// Whether it names what is not done yet, and says nothing of it: "còn tự thanh tra".
    pub(super) is_left: bool,
}

impl Stretch<'_, '_> {
    /// Whether it tells how a task stands: of a line of a list it need not be known which.
    pub(super) fn speaks(&self) -> bool {
        let says_nothing = matches!(
            self.understood.intent,
            Intent::Unknown | Intent::Ack | Intent::Ask
        );
        !self.tasks.is_empty() || self.is_marked() && self.names_work() && !says_nothing
    }

    /// Whether it is no more than the name of a task, which a word joins to that one.
    fn is_shared_with(&self, next: &Self, reading: &Reading<'_>) -> bool {
        let are_telling = self.is_telling() && next.is_telling();
        let mut others = next.tasks.iter();
        let differ = others.all(|owed| self.tasks.iter().all(|one| one.id() != owed.id()));
        let is_listed = self.text.trim_end().ends_with(',') && is_bare_name(&next.understood);
        is_bare_name(&self.understood)
            && are_telling
            && differ
            && (is_listed || reading.terse.is_joined(next.text))
    }

    /// Whether it is courtesy, or leads to a list.
    pub(super) fn says_nothing(&self) -> bool {
        self.tasks.is_empty()
            && (self.leads()
                || self.line.is_beside && !self.understood.sure
                || matches!(self.understood.intent, Intent::Unknown | Intent::Ack))
    }

    /// Of how many tasks it speaks: of one, where it is not clear which.
    pub(super) fn count(&self) -> usize {
        if self.is_clear { self.tasks.len() } else { 1 }
    }

    pub(super) fn called(&self) -> Option<String> {
        let tells = (self.is_clear || self.is_of_rest) && self.understood.refs.is_empty();
        let tasks = self.tasks.iter().filter(|_| tells);
        let names: Vec<String> = tasks
            .map(|owed| owed.obligation.milestone.to_string())
            .collect();
        (!names.is_empty()).then(|| names.join(", "))
    }

    /// Its own words, without the mark of a list.
    pub(super) fn said(&self) -> &str {
        let words = self.text[marker(self.text)..].trim();
        words.trim_end_matches([',', ';', '.'])
    }

    /// Its words, behind the name of the task where that is clear.
    pub(super) fn named(&self, reading: &Reading<'_>) -> String {
        let (before, about) = self.text.split_at(self.about_from - self.start);
        let of_rest = self.is_of_rest.then(|| reading.terse.said_of_rest(about));
        let about = of_rest.as_deref().unwrap_or(about);
        match self.called() {
            // On a line of its own, as if it had been written so.
            Some(name) => format!("{before}\n{name} {about}"),
            None => self.text.to_owned(),
        }
    }

    /// Whether it is a line of a list, which leads to no other one.
    pub(super) fn is_marked(&self) -> bool {
        self.line.is_of_list
    }

    /// Whether it speaks of any work by name.
    fn names_work(&self) -> bool {
        !self.understood.details.works.is_empty()
    }

    /// Whether it only leads to a list: "Sở Tư pháp báo cáo như sau:".
    fn leads(&self) -> bool {
        let mut works = self.understood.details.works.iter();
        self.line.leads && works.all(|work| work.may_tell)
    }

    /// Whether its words tell more of its tasks than the kind of their document: "kế hoạch rà soát", "tự thanh tra".
    fn is_telling(&self) -> bool {
        const WORDS_OF_A_KIND: usize = 2;
        let hints = Hints::of_all(&self.understood);
        let tells = |work: &Work| {
            let words = work.name.split(' ').count();
            !work.is_document || work.time.is_some() || words > WORDS_OF_A_KIND
        };
        let last = self.tasks.last();
        hints.works.iter().any(tells) && last.is_some_and(|owed| is_asked_for(owed, hints))
    }

    /// Whether it goes on with that one: of the same tasks, and nothing else of them.
    fn takes(&self, next: &Self) -> bool {
        let shares = next.tasks.iter().any(|owed| {
            let mut own = self.tasks.iter();
            own.any(|one| one.id() == owed.id())
        });
        let says_the_same = next.understood.intent == self.understood.intent
            || self.tasks.len() == next.tasks.len();
        let begins_anew = next.is_clear || next.is_marked() || next.is_of_rest || self.is_of_rest;
        !begins_anew && (next.tasks.is_empty() || shares && says_the_same)
    }
}

impl<'t, 'a> Stretch<'t, 'a> {
    /// What stands in a piece that begins there.
    fn of(line: Line<'t>, start: usize, reading: &Reading<'_>, situation: &Situation<'a>) -> Self {
        let understood = reading.read(line.text, situation);
        let (intent, works) = (understood.intent, &understood.details.works);
        let hints = Hints::of_all(&understood);
        let open: Vec<&Owed> = situation
            .owed
            .iter()
            .filter(|owed| owed.is_open())
            .collect();
        let named = understood
            .refs
            .iter()
            .map(|named| by_name(named, hints, situation));
        let named = named.filter_map(|chosen| match chosen {
            Chosen::One(owed) => Some(owed),
            _ => None,
        });
        let named: Vec<&Owed> = named.collect();
        let clear = by_content(line.text, &open, hints, situation.today)
            .filter(|_| intent != Intent::Unknown && !line.is_beside);
        // "Kế hoạch thì bị bắt viết lại": of what is said nobody is sure, but of which task it is.
        let says_nothing = matches!(intent, Intent::Unknown | Intent::Ack);
        let says_nothing = says_nothing && (understood.sure || works.is_empty()) || line.is_beside;
        let tasks = match clear {
            _ if !named.is_empty() => named,
            Some(one) => vec![one],
            None if says_nothing => Vec::new(),
            None => speak_of(&opened(&at_hand(situation), situation), hints, situation),
        };
        let names_none = works.is_empty() && understood.refs.is_empty();
        let rest_from = reading.terse.rest_from(line.text).filter(|_| names_none);
        Self {
            text: line.text,
            start,
            about_from: start + marker(line.text),
            is_clear: clear.is_some() || !understood.refs.is_empty(),
            is_of_rest: rest_from.is_some(),
            is_left: false,
            line,
            understood,
            tasks,
        }
    }
}

/// The stretches of a text, in order: together they are all of it.
pub(super) fn stretches<'t, 'a>(
    text: &'t str,
    reading: &Reading<'_>,
    situation: &Situation<'a>,
) -> Option<Vec<Stretch<'t, 'a>>> {
    if text.len() > LONGEST {
        return None;
    }
    let lines = listed(text);
    let is_list = lines.is_some();
    let pieces = lines.unwrap_or_else(|| {
        let pieces = reading.terse.pieces(text).into_iter();
        pieces.map(Line::alone).collect()
    });
    if pieces.len() > MOST_PIECES {
        return None;
    }
    let mut found: Vec<Stretch<'t, 'a>> = Vec::new();
    let mut start = 0;
    for line in pieces {
        let mut next = Stretch::of(line, start, reading, situation);
        start += line.text.len();
        match found.last_mut() {
            // "Kế hoạch rà soát và báo cáo quý: xong": what is said of the second is said of both.
            Some(last) if last.is_shared_with(&next, reading) => {
                next.tasks.splice(..0, last.tasks.clone());
                next.start = last.start;
                next.about_from = last.about_from;
                next.text = &text[last.start..start];
                next.is_clear = true;
                *last = next;
            }
            Some(last) if last.takes(&next) => {
                last.text = &text[last.start..start];
                last.line.leads |= next.leads() && !last.understood.sure;
            }
            _ => {
                // What comes before the first task leads to it, and what comes before a list to all of it.
                let leads = |last: &mut Stretch<'_, '_>| {
                    last.tasks.is_empty()
                        && !(is_list || last.is_of_rest || next.is_of_rest)
                        && !(last.understood.intent == Intent::Done
                            && reading.terse.leads_to_what_is_left(next.text))
                };
                if let Some(before) = found.pop_if(leads) {
                    next.start = before.start;
                    next.text = &text[before.start..start];
                }
                found.push(next);
            }
        }
    }
    tell_apart(&mut found);
    leave_the_last(&mut found, reading);
    give_the_rest(&mut found, situation);
    Some(found)
}

/// Whether words say nothing of what they name.
fn is_bare_name(understood: &Understanding) -> bool {
    let tells =
        understood.date.is_some() || understood.doc.is_some() || understood.percent.is_some();
    let wants = !matches!(
        understood.intent,
        Intent::Progress | Intent::Done | Intent::Ack | Intent::Unknown
    );
    !(understood.sure || understood.details.finishes() || tells || wants)
}

/// "Xong 2 việc rồi, còn tự thanh tra": what is only named behind "còn" is left, and what was said before is said of the rest.
fn leave_the_last(stretches: &mut [Stretch<'_, '_>], reading: &Reading<'_>) {
    let [before, last] = stretches else { return };
    let is_left = reading.terse.leads_to_what_is_left(last.text)
        && !last.tasks.is_empty()
        && last.understood.refs.is_empty()
        && is_bare_name(&last.understood);
    let is_done = before.tasks.is_empty()
        && before.understood.intent == Intent::Done
        && before.understood.refs.is_empty()
        && !before.names_work();
    if is_left && is_done {
        before.is_of_rest = true;
        last.is_left = true;
    }
}

/// "Hai cái kia xong" is said of what is near and nothing else is said of.
fn give_the_rest<'a>(stretches: &mut [Stretch<'_, 'a>], situation: &Situation<'a>) {
    let called: Vec<ObligationId> = ids_of(stretches).collect();
    let mut rest = near(situation);
    rest.retain(|owed| !called.contains(&owed.id()));
    let mut of_rest = stretches.iter_mut().filter(|one| one.is_of_rest);
    if let (Some(only), None) = (of_rest.next(), of_rest.next())
        && !called.is_empty()
    {
        only.tasks = rest;
    }
}

fn ids_of(stretches: &[Stretch<'_, '_>]) -> impl Iterator<Item = ObligationId> {
    let tasks = stretches.iter().flat_map(|one| &one.tasks);
    tasks.map(|owed| owed.id())
}

/// Where each of several stretches calls one task, and no two the same, each is told from the others.
fn tell_apart(stretches: &mut [Stretch<'_, '_>]) {
    let called: Vec<ObligationId> = ids_of(stretches).collect();
    let calling = stretches.iter().filter(|one| !one.tasks.is_empty()).count();
    let is_own = |id: ObligationId| called.iter().filter(|one| **one == id).count() == 1;
    for stretch in stretches {
        if let [only] = stretch.tasks.as_slice() {
            stretch.is_clear |= calling > 1 && stretch.is_telling() && is_own(only.id());
        }
    }
}
