//! The ledger of one obligation -> how it stood at the end of a day.
//!
//! What a digest says of last week is counted anew from the ledger, never remembered: the numbers of two weeks agree with
//! one another and with the events.

mod amends;
mod asked;
mod plan_day;
mod uncounted;

use chrono::NaiveDate;

pub use amends::{Amends, Dating};
pub use asked::{Asked, Asking, Words};
pub use plan_day::{AmendedDay, amended_day_of, plan_day_of};
pub use uncounted::Uncounted;

use super::calendar::Calendar;
use super::obligation::{self, Obligation, Pending, State, Watch};
use super::plan::MilestoneKind;
use super::resolution::Return;

/// One line of the ledger, as far as it bears on how an obligation stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "one fact of the line each")]
pub struct Entry {
    /// Its number among all lines; those that come later have higher ones.
    pub number: i64,
    /// The number of the line that it took back.
    pub takes_back: Option<i64>,
    /// The day of the line.
    pub on: NaiveDate,
    /// How the obligation stood after it; `None` when it changed nothing.
    pub stand: Option<Stood>,
    /// The due day that it gave.
    pub due_on: Option<NaiveDate>,
    /// The due day before it, where the line says that too.
    pub was_due_on: Option<NaiveDate>,
    /// The last working day not after it, where the line says that too.
    pub act_by: Option<NaiveDate>,
    /// Whether there was a due day only after it, or only before.
    pub dating: Option<Dating>,
    /// The words of a person; on a line that forgets, those that hold again.
    pub said: Option<Saying>,
    /// What waits for a decision after it.
    pub asked: Option<Asked>,
    /// Whether it gave the obligation to its agency: what has no line before it was not there.
    pub begins: bool,
    /// How it changed the plan itself, if it did.
    pub amends: Option<Amends>,
    /// Whether it gave the obligation to another agency.
    pub gives_away: bool,
    /// Whether it took back that a document had given the obligation to its agency.
    pub ungives: bool,
    /// Whether what was said before no longer holds as it did: it was taken back, or returned, or its return was taken back.
    pub forgets: bool,
    /// Number of a document that it gave.
    pub document: Option<String>,
    /// Numbers of documents that no longer prove anything: what gave them was taken back, or returned.
    pub withdrawn: Vec<String>,
    /// Number of the document by which it moved the due day.
    pub moved_by: Option<String>,
    /// That it did not grant the wish for more time which waited.
    pub refuses: Option<Refusal>,
    /// Whether it took such a refusal back.
    pub unrefuses: bool,
}

impl Entry {
    /// Whether the obligation had no due day before it.
    fn begins_dating(&self) -> bool {
        self.dating == Some(Dating::Begins)
    }
}

/// State, completion and what is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stood {
    /// Open, done, …
    pub state: State,
    /// Day of completion.
    pub done_on: Option<NaiveDate>,
    /// What it waits for.
    pub pending: Option<Pending>,
}

/// What a person said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saying {
    /// On which day.
    pub on: NaiveDate,
    /// Whether it reports a difficulty.
    pub blocked: bool,
    /// The words themselves.
    pub quote: String,
    /// Where it only took back what its agency had said before, and nothing else stands: the day of that.
    pub takes_back: Option<NaiveDate>,
    /// Where it is the report of a completion that was returned: that it was.
    pub returned: Option<Return>,
}

/// That a wish for more time was not granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// On which day.
    pub on: NaiveDate,
    /// By which document, where one was named.
    pub document: Option<String>,
}

/// An obligation as it stood at the end of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// State, completion and what is waited for.
    pub stood: Stood,
    /// Last compliant day, with the extensions of that time.
    pub due_on: Option<NaiveDate>,
    /// Last working day not after it, where the line that gave it says so.
    pub act_by: Option<NaiveDate>,
    /// What was said last.
    pub said: Option<Saying>,
    /// Where that is a wish for more time that was not granted: the decision.
    pub refused: Option<Refusal>,
    /// What waits for a decision or for another agency, in the words that say so.
    pub asked: Option<Asked>,
    /// Numbers of the documents that were given, in order.
    pub documents: Vec<String>,
    /// Number of the document by which its due day was moved last.
    pub moved_by: Option<String>,
    /// Whether it was not there yet: a later line brought it into the plan, or gave it to its agency for the first time.
    pub is_ahead: bool,
    /// Whether it went to another agency.
    pub is_given_away: bool,
    /// Whether a document gave it to its agency and another took that back: it is as if it had never been there.
    pub is_ungiven: bool,
    /// When it began to be followed, where it was past its due day by then.
    pub watch: Option<Watch>,
}

impl Standing {
    /// The official word as it is told on `day`: what is due on that very day is not late yet.
    #[must_use]
    pub fn word(&self, day: NaiveDate) -> Option<obligation::Standing> {
        let Stood { state, done_on, .. } = self.stood;
        match obligation::Standing::of(state, done_on, self.due_on, self.watch, day) {
            Some(obligation::Standing::OpenLate | obligation::Standing::Unclear)
                if self.may_be_in_time(day) =>
            {
                Some(obligation::Standing::Waiting)
            }
            word => word,
        }
    }

    /// Whether somebody owes a decision on it: more time was asked for, or a completion claimed.
    #[must_use]
    pub fn is_undecided(&self) -> bool {
        let pending = self.stood.pending;
        self.stood.state == State::Open && pending.is_some_and(Pending::is_undecided)
    }

    /// Whether a difficulty was said of it last, and it is open.
    #[must_use]
    pub fn is_difficult(&self) -> bool {
        let said = self.said.as_ref();
        self.stood.state == State::Open && said.is_some_and(|said| said.blocked)
    }

    /// Whether a decision can still make it one that is in time on `day` ([`Pending::excuses`]).
    fn may_be_in_time(&self, day: NaiveDate) -> bool {
        let pending = self.stood.pending.filter(|_| self.is_undecided());
        pending.is_some_and(|pending| pending.excuses(self.day_asked(), self.due_on, day))
    }

    /// The day of what waits: until when more time is wanted, or of which day the completion is that is claimed.
    #[must_use]
    pub fn day_asked(&self) -> Option<NaiveDate> {
        self.wished_until().or_else(|| self.claimed_on())
    }

    /// Until when more time is asked for, where that waits and a day was named.
    #[must_use]
    pub fn wished_until(&self) -> Option<NaiveDate> {
        let asked = self.asked.as_ref();
        let asked = asked.filter(|_| self.stood.pending == Some(Pending::Extension));
        asked.and_then(|asked| asked.day)
    }

    /// The day of the completion that is claimed and waits; who named no day claims the day of the message.
    fn claimed_on(&self) -> Option<NaiveDate> {
        let asked = self.asked.as_ref();
        let asked = asked.filter(|_| self.stood.pending == Some(Pending::Acceptance));
        asked.map(|asked| asked.day.unwrap_or(asked.on))
    }

    /// Whether it was open and overdue on `day`, and not for want of a decision.
    #[must_use]
    pub fn is_late(&self, day: NaiveDate) -> bool {
        self.word(day) == Some(obligation::Standing::OpenLate)
    }

    /// Working days late as it is told on `day`: from the due day to the completion, to the one that is claimed, or to
    /// `day`; 0 when it is not late. Briefs count the same days, as they speak only of what is open. Of what was due before
    /// anybody was reminded here, and of which no completion is known, they are counted from the last day of grace.
    #[must_use]
    pub fn days_late(&self, day: NaiveDate, calendar: &Calendar) -> i64 {
        let Some(due) = self.due_on else { return 0 };
        let (from, until) = match self.word(day) {
            Some(obligation::Standing::DoneLate) => (due, self.stood.done_on),
            Some(obligation::Standing::OpenLate) => match self.claimed_on() {
                Some(claimed) => (due, Some(claimed.min(day))),
                None => (Watch::late_after(self.watch, due), Some(day)),
            },
            _ => return 0,
        };
        until.map_or(0, |until| calendar.working_days_late(from, until))
    }

    /// Of what is late on `day`, without a completion that is known or claimed, and was due before anybody was reminded here: the
    /// last day of grace, from which its days are counted.
    #[must_use]
    pub fn asked_by(&self, day: NaiveDate) -> Option<NaiveDate> {
        let watch = self.due_before().filter(|_| self.is_late(day));
        watch
            .filter(|_| self.claimed_on().is_none())
            .map(|watch| watch.settle_by)
    }

    /// Since when it is followed and until when its agency is asked, if it was due before.
    #[must_use]
    pub fn due_before(&self) -> Option<Watch> {
        let due_on = self.due_on?;
        self.watch.filter(|watch| watch.is_before(due_on))
    }

    /// Whether its agency has answered at all: it is done, or something was said of it, before or after its due day. Who takes a
    /// report back says that it is not so: that is an answer too ([`Saying::takes_back`]), and so is a report that was returned
    /// ([`Saying::returned`]). Digest, reports and register all mean this, and briefs count alike; a ranking counts what holds
    /// ([`Self::only_takes_back`]).
    #[must_use]
    pub fn is_answered(&self) -> bool {
        self.stood.state == State::Done || self.said.is_some()
    }

    /// Whether its agency has said nothing that holds: it took back all that it said.
    #[must_use]
    pub fn only_takes_back(&self) -> bool {
        let said = self.said.as_ref();
        self.stood.state != State::Done && said.is_some_and(|said| said.takes_back.is_some())
    }

    /// Whether what was said last asks for what waits for a decision.
    fn asks_last(&self) -> bool {
        let both = self.said.as_ref().zip(self.asked.as_ref());
        both.is_some_and(|(said, asked)| {
            let said = said.quote.trim();
            !said.is_empty() && asked.quote.ends_with(said)
        })
    }

    /// Whether it was overdue on `day`, and its agency has not answered at all.
    #[must_use]
    pub fn is_silent(&self, day: NaiveDate) -> bool {
        self.is_late(day) && !self.is_answered()
    }
}

/// How the obligation stood at the end of `day`: after every line up to that day. `entries` is its ledger, oldest
/// first; what sleeps, is suspended or cancelled without a line that says so was always as it is now.
#[must_use]
pub fn at_end_of(obligation: &Obligation, entries: &[Entry], day: NaiveDate) -> Standing {
    let told = |state| {
        let stands = entries.iter().filter_map(|entry| entry.stand);
        stands.into_iter().any(|stood| stood.state == state)
    };
    let held = !matches!(obligation.state, State::Open | State::Done) && !told(obligation.state);
    // What came back to its agency by a later line was there all the while.
    let came_later = entries.first().filter(|first| first.begins);
    let sleeps_at_first = obligation.kind == MilestoneKind::Event || came_later.is_some();
    let mut standing = Standing {
        stood: Stood {
            state: if held {
                obligation.state
            } else if sleeps_at_first {
                State::Asleep
            } else {
                State::Open
            },
            done_on: None,
            pending: None,
        },
        due_on: obligation
            .original_due_on
            .filter(|_| entries.iter().all(|entry| !entry.begins_dating())),
        act_by: None,
        said: None,
        refused: None,
        asked: None,
        documents: Vec::new(),
        moved_by: None,
        is_ahead: came_later.is_some_and(|first| first.on > day),
        is_given_away: false,
        is_ungiven: false,
        watch: obligation.watch,
    };
    // The last refusal, with the wish that was refused.
    let mut refused: Option<(&Refusal, Option<Saying>)> = None;
    for entry in entries.iter().filter(|entry| entry.on <= day) {
        if let Some(refusal) = &entry.refuses {
            refused = standing
                .asks_last()
                .then(|| (refusal, standing.said.clone()));
        } else if entry.unrefuses {
            refused = None;
        }
        if let Some(stand) = entry.stand.filter(|_| !held) {
            standing.stood = stand;
            standing.is_given_away = entry.gives_away;
            standing.is_ungiven = entry.ungives;
        }
        standing.due_on = match entry.dating {
            Some(Dating::Ends) => None,
            Some(Dating::Begins) | None => entry.due_on.or(standing.due_on),
        };
        if entry.said.is_some() || entry.forgets {
            standing.said.clone_from(&entry.said);
        }
        standing.asked.clone_from(&entry.asked);
        if entry.due_on.is_some() || entry.dating.is_some() {
            standing.act_by = entry.act_by;
        }
        if entry.due_on.is_some() {
            standing.moved_by.clone_from(&entry.moved_by);
        }
        standing
            .documents
            .retain(|one| !entry.withdrawn.contains(one));
        let known = |one: &&String| !standing.documents.contains(one);
        if let Some(document) = entry.document.as_ref().filter(known) {
            standing.documents.push(document.clone());
        }
    }
    let still_last = refused.filter(|(_, wish)| wish.is_some() && *wish == standing.said);
    standing.refused = still_last.map(|(refusal, _)| refusal.clone());
    standing
}

/// The first due day, as far as there was one at the end of `day`: what waits for an event gets it with the event.
#[must_use]
pub fn first_day_of(
    obligation: &Obligation,
    entries: &[Entry],
    day: NaiveDate,
) -> Option<NaiveDate> {
    if entries.iter().all(|entry| entry.dating.is_none()) {
        return obligation.original_due_on;
    }
    let by_then = entries.iter().filter(|entry| entry.on <= day);
    let last = by_then.rev().find(|entry| entry.dating.is_some())?;
    last.due_on.filter(|_| last.begins_dating())
}

#[cfg(test)]
mod tests;
