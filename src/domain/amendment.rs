//! What a numbered document changes of a plan that is running (DESIGN rules 9 and 10).
//!
//! Pure: [`amend`] is given an obligation and a change and answers with its new terms, or why it stays as it is. What is
//! done stays done: only its due day may move, where it was late by it or is. The due day that the plan gave stays beside every later one, and the terms before the change are
//! kept with it, so that a later document can take it back.

mod announcement;
mod days;
mod fate;
mod kind;
mod request;
mod slip;
mod taken_back;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::ids::AgencyCode;
use super::obligation::{Obligation, Pending, State};
use super::plan::MilestoneKind;
pub use announcement::Announcement;
pub use days::{BadDay, Bounds, FarDay, PastDay};
pub use fate::Fate;
pub use kind::Kind;
pub use request::Request;
use request::still_waits;
pub use slip::{EarlyDay, Slip, check_moves};
pub use taken_back::TakenBack;

/// What a document says of one obligation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is due on another day.
    Due {
        /// Last compliant day.
        on: NaiveDate,
    },
    /// Nobody is reminded of it until it is resumed.
    Suspend,
    /// What was suspended or cancelled is owed again.
    Resume {
        /// Last compliant day; `None`: the one it had.
        due_on: Option<NaiveDate>,
    },
    /// It is owed no longer.
    Cancel,
    /// The event it waited for has happened: it is owed from that day on.
    Begin {
        /// The day of the event.
        happened_on: NaiveDate,
        /// Last compliant day.
        due_on: NaiveDate,
    },
    /// Another agency owes it from now on; where its agency is split, each of several.
    Transfer {
        /// Which.
        to: Vec<AgencyCode>,
    },
}

impl Change {
    /// What it does.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Due { .. } => Kind::Due,
            Self::Suspend => Kind::Suspended,
            Self::Resume { .. } => Kind::Resumed,
            Self::Cancel => Kind::Cancelled,
            Self::Begin { .. } => Kind::Begun,
            Self::Transfer { .. } => Kind::Transferred,
        }
    }

    /// The due day that it names, if it names one.
    #[must_use]
    pub fn due_on(&self) -> Option<NaiveDate> {
        match self {
            Self::Due { on: due_on } | Self::Begin { due_on, .. } => Some(*due_on),
            Self::Resume { due_on } => *due_on,
            Self::Suspend | Self::Cancel | Self::Transfer { .. } => None,
        }
    }
}

/// All of an obligation that a document can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Open, suspended, …
    pub state: State,
    /// First day of its window.
    pub opens_on: Option<NaiveDate>,
    /// Last compliant day.
    pub due_on: Option<NaiveDate>,
    /// Last working day not after it.
    pub act_by: Option<NaiveDate>,
    /// What it waits for.
    pub pending: Option<Pending>,
}

impl Terms {
    /// Those of an obligation.
    #[must_use]
    pub fn of(one: &Obligation) -> Self {
        Self {
            state: one.state,
            opens_on: one.opens_on,
            due_on: one.due_on,
            act_by: one.act_by,
            pending: one.pending,
        }
    }

    /// The obligation on these terms.
    #[must_use]
    pub fn applied_to(&self, one: &Obligation) -> Obligation {
        Obligation {
            state: self.state,
            opens_on: self.opens_on,
            due_on: self.due_on,
            act_by: self.act_by,
            pending: self.pending,
            original_due_on: self.due_on.map(|due| one.original_due_on.unwrap_or(due)),
            snoozed_until: None,
            ..one.clone()
        }
    }
}

/// What an amendment did to an obligation, as the ledger keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amended {
    /// Its terms before.
    pub was: Terms,
    /// Its terms after.
    pub now: Terms,
}

/// Why an obligation stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// It is completed.
    #[error("is done")]
    Done,
    /// It has no due day that could be moved.
    #[error("has no due day: it is asked for its status once a quarter")]
    Continuous,
    /// Its event has not been recorded.
    #[error("still waits for its event: record that with `begin`")]
    Asleep,
    /// It does not wait for an event.
    #[error("does not wait for an event")]
    NotAsleep,
    /// It is held already.
    #[error("is suspended")]
    Suspended,
    /// It was ended.
    #[error("is cancelled")]
    Cancelled,
    /// It was given to other agencies.
    #[error("was given to {}", all_of(.0))]
    Gone(Vec<AgencyCode>),
    /// It is owed as it is.
    #[error("is neither suspended nor cancelled")]
    Running,
    /// It was given more time, which nothing takes back.
    #[error(
        "was given time until {0}, and keeps it: add --earlier when the document takes that back"
    )]
    Later(NaiveDate),
    /// It is due then as it is.
    #[error("is due on {0} already")]
    Same(NaiveDate),
    /// The day lies before the window opens.
    #[error("opens on {0} only")]
    BeforeOpening(NaiveDate),
    /// A claimed completion waits: nothing is taken from under a person who says it is done.
    #[error("is claimed to be done: decide that first")]
    Claimed,
    /// The agency owes it as it is.
    #[error(
        "is owed by {0} already: what another agency is to owe as well is a row of its own in plan.toml, with `added_by`"
    )]
    SameAgency(AgencyCode),
    /// It was changed since: only the latest change can be taken back.
    #[error("was changed since")]
    ChangedSince,
}

/// What else bears on a change.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The working calendar.
    pub calendar: &'a Calendar,
    /// The day of the wish for more time that waits, or rests.
    pub asked_until: Option<NaiveDate>,
    /// What waited for a decision when it was suspended or cancelled.
    pub rests: Option<Pending>,
    /// To whom it was given, if it was.
    pub given_to: Option<&'a [AgencyCode]>,
    /// Whether an earlier day than one that was granted is meant.
    pub early: EarlyDay,
}

fn all_of(agencies: &[AgencyCode]) -> String {
    let codes: Vec<&str> = agencies.iter().map(AgencyCode::as_str).collect();
    codes.join(" and ")
}

/// The terms of `one` after `change`.
///
/// # Errors
/// Why it stays as it is.
pub fn amend(one: &Obligation, change: &Change, facts: &Facts<'_>) -> Result<Terms, Unfit> {
    if one.state == State::Done {
        return amend_done(one, change, facts);
    }
    if let Some(agencies) = facts.given_to {
        return Err(Unfit::Gone(agencies.to_vec()));
    }
    let was = Terms::of(one);
    let act_by = |due_on| facts.calendar.working_day_not_after(due_on);
    match change {
        Change::Due { on } => {
            refuse(one, &[State::Asleep, State::Cancelled])?;
            let due_on = one.due_on.ok_or(Unfit::Continuous)?;
            if due_on == *on {
                return Err(Unfit::Same(due_on));
            }
            let has_more_time = one.original_due_on.is_some_and(|first| first < due_on);
            if facts.early == EarlyDay::Refused && has_more_time && *on < due_on {
                return Err(Unfit::Later(due_on));
            }
            if let Some(opens_on) = one.opens_on.filter(|opens_on| on < opens_on) {
                return Err(Unfit::BeforeOpening(opens_on));
            }
            Ok(Terms {
                due_on: Some(*on),
                act_by: Some(act_by(*on)),
                pending: still_waits(one.pending, Some(*on), one.due_on, facts.asked_until),
                ..was
            })
        }
        Change::Suspend | Change::Cancel | Change::Transfer { .. } => {
            refuse_claimed(one)?;
            let state = if *change == Change::Suspend {
                refuse(one, &[State::Suspended, State::Cancelled])?;
                State::Suspended
            } else {
                refuse(one, &[State::Cancelled])?;
                State::Cancelled
            };
            if let Change::Transfer { to } = change
                && to.contains(&one.agency)
            {
                return Err(Unfit::SameAgency(one.agency.clone()));
            }
            Ok(Terms {
                state,
                pending: None,
                ..was
            })
        }
        Change::Resume { due_on } => {
            if !matches!(one.state, State::Suspended | State::Cancelled) {
                return Err(Unfit::Running);
            }
            let due_on = match one.kind {
                MilestoneKind::Continuous => None,
                _ => due_on.or(one.due_on),
            };
            let waits_for_event = one.kind == MilestoneKind::Event && due_on.is_none();
            Ok(Terms {
                state: if waits_for_event {
                    State::Asleep
                } else {
                    State::Open
                },
                due_on,
                act_by: due_on.map(act_by),
                pending: still_waits(facts.rests, due_on, one.due_on, facts.asked_until),
                ..was
            })
        }
        Change::Begin {
            happened_on,
            due_on,
        } => {
            if one.state != State::Asleep {
                return Err(Unfit::NotAsleep);
            }
            Ok(Terms {
                state: State::Open,
                opens_on: Some(*happened_on),
                due_on: Some(*due_on),
                act_by: Some(act_by(*due_on)),
                pending: one.pending,
            })
        }
    }
}

/// What is done keeps all but its due day, and that too where it makes no difference: a document that gave more time than an agency
/// took, and was recorded after it reported, makes it as punctual as those who reported after. A slip of the files is put right
/// everywhere.
fn amend_done(one: &Obligation, change: &Change, facts: &Facts<'_>) -> Result<Terms, Unfit> {
    let (Change::Due { on }, Some(due_on), Some(done_on)) = (change, one.due_on, one.done_on)
    else {
        return Err(Unfit::Done);
    };
    if due_on == *on {
        return Err(Unfit::Same(due_on));
    }
    let comes_in_time = (done_on > due_on) != (done_on > *on);
    if !(comes_in_time || facts.early == EarlyDay::Corrected) {
        return Err(Unfit::Done);
    }
    Ok(Terms {
        due_on: Some(*on),
        act_by: Some(facts.calendar.working_day_not_after(*on)),
        ..Terms::of(one)
    })
}

/// The terms before an amendment, when nothing has changed since. What was asked, claimed or decided since stands: it is about
/// the same obligation.
///
/// # Errors
/// Why it stays as it is.
pub fn revoke(one: &Obligation, amended: &Amended) -> Result<Terms, Unfit> {
    let Amended { was, now } = amended;
    let as_left = Terms {
        pending: now.pending,
        ..Terms::of(one)
    };
    // What was done since is due again on the day that held before, where that makes a difference.
    let only_moves = was.state == now.state && one.due_on == now.due_on;
    let differs = |done_on| (Some(done_on) > was.due_on) != (Some(done_on) > now.due_on);
    match one.state {
        State::Done if only_moves && one.done_on.is_some_and(differs) => Ok(Terms {
            due_on: was.due_on,
            act_by: was.act_by,
            ..Terms::of(one)
        }),
        State::Done => Err(Unfit::Done),
        _ if as_left != *now => Err(Unfit::ChangedSince),
        _ if one.pending == now.pending => Ok(*was),
        _ if was.state == State::Open => Ok(Terms {
            pending: one.pending,
            ..*was
        }),
        _ => refuse_claimed(one).map(|()| *was),
    }
}

fn refuse(one: &Obligation, states: &[State]) -> Result<(), Unfit> {
    match one.state {
        state if !states.contains(&state) => Ok(()),
        State::Asleep => Err(Unfit::Asleep),
        State::Suspended => Err(Unfit::Suspended),
        State::Cancelled => Err(Unfit::Cancelled),
        State::Open => Err(Unfit::Running),
        State::Done => Err(Unfit::Done),
    }
}

fn refuse_claimed(one: &Obligation) -> Result<(), Unfit> {
    if one.pending == Some(Pending::Acceptance) {
        Err(Unfit::Claimed)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
