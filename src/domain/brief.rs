//! One person, one day -> one brief.
//!
//! A pure function of the person, the day, what concerns the person and when the person was last told of it. Asking
//! per obligation when the person was last told, rather than once for the whole person, keeps the rung of an
//! obligation that was opened an hour after the day's brief had left: the next brief carries it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::amendment::Announcement;
use super::calendar::Calendar;
use super::ids::{AgencyCode, ContactId, MilestoneId, ObligationId, RungId};
use super::ladder::{Audience, Dates, Fallen, Ladder, When};
use super::obligation::{Obligation, Pending, State, Watch};
use super::plan::MilestoneKind;

/// How pressing an item is on the day of the brief; the order is the order in the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Urgency {
    /// The due day has passed.
    Late,
    /// It had passed before anybody was reminded here, and how it ended has not been said within the days of grace.
    Unanswered,
    /// Today is the last working day that complies.
    Today,
    /// At most five working days are left.
    ThisWeek,
    /// The due day had passed before anybody was reminded here: how did it end?
    Unclear,
    /// More than that.
    Later,
    /// The window has just opened.
    Opening,
    /// Continuous work whose quarterly status is wanted.
    Status,
}

/// Working days up to which an item counts as "this week".
const WEEK: i64 = 5;

/// An obligation that may concern a person.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// The obligation.
    pub obligation: &'a Obligation,
    /// In what capacity the person would hear of it.
    pub audience: Audience,
    /// Why.
    pub concern: Concern,
    /// The day on which the person was last told of it.
    pub told: Option<NaiveDate>,
    /// What its agency said of it last, and when.
    pub said: Option<Saying>,
    /// Until when more time is asked for, where that waits and a day was named.
    pub wished: Option<NaiveDate>,
    /// The ladder that it climbs.
    pub ladder: &'a Ladder,
}

/// Why a person may hear of an obligation in some capacity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Concern {
    /// The ladder reaches that capacity.
    Ladder,
    /// The ladder reaches it, and what waits is for the person to decide.
    LadderAndDecision,
    /// What waits is for the person to decide; rungs are for others.
    Decision,
}

impl Concern {
    fn climbs(self) -> bool {
        self != Self::Decision
    }

    fn decides(self) -> bool {
        self != Self::Ladder
    }
}

/// What was said of an obligation last, as far as somebody else has to hear it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Saying {
    /// The day.
    pub on: NaiveDate,
    /// Whether something prevents the work.
    pub blocked: bool,
}

/// Rungs that no ladder has: what a person said calls for them.
const SNOOZED: &str = "snoozed";
const DIFFICULTY: &str = "difficulty";
const EXTENSION: &str = "extension";
const ACCEPTANCE: &str = "acceptance";
const REASSIGNMENT: &str = "reassignment";

/// One line of a brief.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What is owed.
    pub obligation: ObligationId,
    /// Its milestone.
    pub milestone: MilestoneId,
    /// Who owes it.
    pub agency: AgencyCode,
    /// The rung that put it here.
    pub rung: RungId,
    /// In what capacity the person hears of it.
    pub audience: Audience,
    /// How pressing it is.
    pub urgency: Urgency,
    /// Its due day.
    pub due_on: Option<NaiveDate>,
    /// Its last working day.
    pub act_by: Option<NaiveDate>,
    /// Working days left until `act_by`; negative: working days late. `None` without a due day.
    pub days_left: Option<i64>,
}

/// All that one person must hear on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brief {
    /// Who.
    pub contact: ContactId,
    /// When.
    pub day: NaiveDate,
    /// The items, most pressing first.
    pub items: Vec<Item>,
    /// What documents have changed, told once.
    pub changes: Vec<Announcement>,
}

/// The dates from which the ladder counts for this obligation.
#[must_use]
pub fn dates_of(obligation: &Obligation) -> Dates {
    Dates {
        kind: obligation.kind,
        opens_on: obligation.opens_on,
        due_on: obligation.due_on,
        act_by: obligation.act_by,
        due_before: obligation.due_before(),
    }
}

/// The brief of `contact` on `day`; `None` when there is nothing to say or the day is not worked.
///
/// An obligation that reaches the person in two capacities is told once, in the one named first. `changes` is what documents
/// have changed and the person has not been told.
#[must_use]
pub fn brief(
    contact: &ContactId,
    day: NaiveDate,
    candidates: &[Candidate<'_>],
    changes: &[Announcement],
    calendar: &Calendar,
) -> Option<Brief> {
    if !calendar.is_working_day(day) {
        return None;
    }
    let mut items: Vec<Item> = Vec::new();
    for candidate in candidates {
        let obligation = candidate.obligation;
        if obligation.state != State::Open
            || items.iter().any(|item| item.obligation == obligation.id)
        {
            continue;
        }
        let decides = candidate.concern.decides();
        if !tells(
            obligation,
            candidate.wished,
            candidate.audience,
            decides,
            day,
        ) {
            continue;
        }
        let dates = dates_of(obligation);
        let (ladder, audience) = (candidate.ladder, candidate.audience);
        let climbs = candidate.concern.climbs();
        let fallen = climbs
            .then(|| ladder.fallen(&dates, audience, candidate.told, day, calendar))
            .flatten()
            .or_else(|| called_for(candidate, day));
        if let Some(fallen) = fallen {
            items.push(item(
                obligation,
                &fallen.rung,
                candidate.audience,
                fallen.opening,
                day,
                calendar,
            ));
        }
    }
    gather(contact, day, items, changes)
}

/// Whether a rung of `day` is told to people in this capacity as things stand; `decides` says whether what waits is theirs to
/// decide, `wished` until when more time is asked for.
#[must_use]
pub fn tells(
    one: &Obligation,
    wished: Option<NaiveDate>,
    audience: Audience,
    decides: bool,
    day: NaiveDate,
) -> bool {
    !is_snoozed(one, audience, day) && !is_withheld(one, wished, audience, decides, day)
}

/// Whether the officers asked not to be reminded yet. Nobody above them is kept waiting by it, and lateness ends it.
fn is_snoozed(one: &Obligation, audience: Audience, day: NaiveDate) -> bool {
    audience == Audience::Officer
        && one.snoozed_until.is_some_and(|until| day < until)
        && one.late_after().is_none_or(|last| day <= last)
}

/// Whether the agency has done its part and waits for a decision: a claimed completion that is to be confirmed is nothing to
/// be reminded of, and a wish for more time that is to be decided is no lateness meanwhile. Up to the due day the reminders
/// go on, for until it is granted the date stands; beyond the day that it asks for the wish stands in nobody's way, decided
/// or not. The monitor, who watches, and whoever owes the decision hear of both as before.
fn is_withheld(
    one: &Obligation,
    wished: Option<NaiveDate>,
    audience: Audience,
    decides: bool,
    day: NaiveDate,
) -> bool {
    audience != Audience::Monitor
        && !decides
        && match one.pending {
            Some(Pending::Acceptance) => true,
            Some(Pending::Extension) => {
                wished.is_none_or(|until| day <= until)
                    && (audience == Audience::Leader || one.due_on.is_some_and(|due| day > due))
            }
            Some(Pending::Reassignment) | None => false,
        }
}

/// What a person said calls for: the reminder on the day that was asked for; the head hears what is said to be
/// somebody else's, whoever decides a wish for more time and a claim that waits, and the monitor a difficulty. Each is told
/// once.
fn called_for(candidate: &Candidate<'_>, day: NaiveDate) -> Option<Fallen> {
    let obligation = candidate.obligation;
    let (said, concern) = (candidate.said, candidate.concern);
    let (name, on) = match (candidate.audience, obligation.pending, said) {
        (Audience::Officer, _, _) => (SNOOZED, obligation.snoozed_until?),
        (_, Some(Pending::Extension), Some(said)) if concern.decides() => (EXTENSION, said.on),
        (_, Some(Pending::Acceptance), Some(said)) if concern.decides() => (ACCEPTANCE, said.on),
        (Audience::Head, Some(Pending::Reassignment), Some(said)) => (REASSIGNMENT, said.on),
        (Audience::Monitor, _, Some(said)) if said.blocked && concern.climbs() => {
            (DIFFICULTY, said.on)
        }
        _ => return None,
    };
    // A reminder is told on its day; what was said on a day is told on the next.
    let heard = match candidate.audience {
        Audience::Officer => candidate.told.is_some_and(|told| told >= on),
        _ => candidate.told.is_some_and(|told| told > on),
    };
    (on <= day && !heard).then(|| Fallen {
        rung: name.into(),
        opening: false,
        on,
    })
}

/// What a stored brief told: an obligation by a rung, in a capacity.
#[derive(Clone, Copy, Debug)]
pub struct Telling<'a> {
    /// The obligation as it is now.
    pub obligation: &'a Obligation,
    /// The rung.
    pub rung: &'a RungId,
    /// The capacity.
    pub audience: Audience,
    /// The ladder that it climbs.
    pub ladder: &'a Ladder,
}

/// A brief that was planned before, as it reads with what is left of it; `None` when nothing is.
#[must_use]
pub fn told_again(
    contact: &ContactId,
    day: NaiveDate,
    tellings: &[Telling<'_>],
    changes: &[Announcement],
    calendar: &Calendar,
) -> Option<Brief> {
    let items = tellings
        .iter()
        .map(|telling| {
            let opening = telling
                .ladder
                .rungs
                .iter()
                .any(|rung| rung.id == *telling.rung && rung.when == When::Opens);
            item(
                telling.obligation,
                telling.rung,
                telling.audience,
                opening,
                day,
                calendar,
            )
        })
        .collect();
    gather(contact, day, items, changes)
}

fn item(
    obligation: &Obligation,
    rung: &RungId,
    audience: Audience,
    opening: bool,
    day: NaiveDate,
    calendar: &Calendar,
) -> Item {
    let dates = dates_of(obligation);
    let days_left = days_left(&dates, day, calendar);
    Item {
        obligation: obligation.id,
        milestone: obligation.milestone.clone(),
        agency: obligation.agency.clone(),
        rung: rung.clone(),
        audience,
        urgency: urgency(&dates, days_left, opening),
        due_on: obligation.due_on,
        act_by: obligation.act_by,
        days_left,
    }
}

fn gather(
    contact: &ContactId,
    day: NaiveDate,
    mut items: Vec<Item>,
    changes: &[Announcement],
) -> Option<Brief> {
    if items.is_empty() && changes.is_empty() {
        return None;
    }
    items.sort_by_key(|item| (item.urgency, item.due_on, item.obligation));
    Some(Brief {
        contact: contact.clone(),
        day,
        items,
        changes: changes.to_vec(),
    })
}

/// Working days left until `act_by`, or, once the due day has passed, minus the working days late (at least one). Of what
/// was due before anybody was reminded here, both are counted from the last day of grace.
#[must_use]
pub fn days_left(dates: &Dates, day: NaiveDate, calendar: &Calendar) -> Option<i64> {
    let due_on = Watch::late_after(dates.due_before, dates.due_on?);
    let act_by = dates.act_by.filter(|_| dates.due_before.is_none());
    let act_by = act_by.unwrap_or(due_on);
    Some(if day > due_on {
        -calendar.working_days_late(due_on, day)
    } else {
        calendar.working_days_between(day, act_by).max(0)
    })
}

fn urgency(dates: &Dates, days_left: Option<i64>, opening: bool) -> Urgency {
    match days_left {
        _ if dates.kind == MilestoneKind::Continuous => Urgency::Status,
        None => Urgency::Later,
        Some(days) if dates.due_before.is_some() => {
            if days < 0 {
                Urgency::Unanswered
            } else {
                Urgency::Unclear
            }
        }
        Some(days) if days < 0 => Urgency::Late,
        Some(0) => Urgency::Today,
        Some(days) if days <= WEEK => Urgency::ThisWeek,
        Some(_) if opening => Urgency::Opening,
        Some(_) => Urgency::Later,
    }
}

#[cfg(test)]
mod tests;
