//! What the monitor resolves of a wish for more time or of a claimed completion (DESIGN rules 11 and 15).
//!
//! Pure: [`resolve`] is given the obligation, what was asked or claimed and the plan's policy, and answers with what
//! changes or why nothing can. The due day that the plan gave is never lost: it stays beside the new one.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::decide::Stand;
use super::obligation::{Obligation, Pending, State};

/// What the monitor says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Resolution {
    /// More time is granted, asked for or not.
    Extend {
        /// The new due day; `None`: the one that was asked for.
        until: Option<NaiveDate>,
    },
    /// More time is refused.
    Refuse,
    /// A claimed completion is confirmed.
    Accept {
        /// The day of completion; `None`: the one that was claimed.
        on: Option<NaiveDate>,
    },
    /// A completion, claimed or recorded, is returned: the obligation is open again.
    Return,
}

/// That a completion which was reported was returned: whoever reported it has answered all the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Return {
    /// On which day.
    pub on: NaiveDate,
    /// Why, in the words of whoever returned it; may be empty.
    pub reason: String,
}

/// The words of the events by which the monitor decided, or took a decision back.
pub const DECISIONS: [&str; 5] = [
    EXTENDED,
    "extension-refused",
    "accepted",
    "returned",
    REVOKED,
];

impl Resolution {
    /// The word of the event in the ledger.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Extend { .. } => EXTENDED,
            Self::Refuse => "extension-refused",
            Self::Accept { .. } => "accepted",
            Self::Return => "returned",
        }
    }

    /// Whether this is one of those that it can be said of: of several milestones, the only one that fits is meant.
    #[must_use]
    pub fn fits(self, one: &Obligation) -> bool {
        match self {
            Self::Extend { .. } => one.state == State::Open,
            Self::Refuse => one.pending == Some(Pending::Extension),
            Self::Accept { .. } => one.pending == Some(Pending::Acceptance),
            Self::Return => one.state == State::Done || one.pending == Some(Pending::Acceptance),
        }
    }

    /// What it settles of what may wait.
    #[must_use]
    pub fn settles(self) -> Pending {
        match self {
            Self::Extend { .. } | Self::Refuse => Pending::Extension,
            Self::Accept { .. } | Self::Return => Pending::Acceptance,
        }
    }

    /// Whether it says something that its reader will ask the reason of.
    #[must_use]
    pub fn needs_reason(self) -> bool {
        matches!(self, Self::Refuse | Self::Return)
    }
}

/// The event of a granted extension: counted against [`Policy::most`].
pub const EXTENDED: &str = "extended";

/// The event of a resolution that was taken back.
pub const REVOKED: &str = "decision-revoked";

/// Who decides on wishes for more time under a plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Decides {
    /// Everybody of the monitor in charge of its reform matters. The default.
    #[default]
    Monitor,
    /// The head of the monitor, or a deputy.
    MonitorHead,
    /// The leader: the head of the agency that issued the plan, or a deputy.
    Leader,
}

/// How much time a plan allows to be granted, and by whom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// Who decides.
    pub decides: Decides,
    /// How often one obligation may be extended; `None`: as often as needed.
    pub most: Option<u32>,
    /// No due day is moved beyond this one; `None`: no such day. A plan that names none allows its own year: beyond it a day is
    /// mistyped, or moved by a document.
    pub latest: Option<NaiveDate>,
}

/// What the ledger knows of the obligation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Past {
    /// The day of the wish that waits.
    pub asked_until: Option<NaiveDate>,
    /// The day of the completion that waits.
    pub claimed_on: Option<NaiveDate>,
    /// How often it was extended.
    pub extended: u32,
}

impl Past {
    /// The day of what waits.
    #[must_use]
    pub fn day_asked(&self) -> Option<NaiveDate> {
        self.asked_until.or(self.claimed_on)
    }
}

/// What changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Resolved {
    /// It is due on another day.
    Extended {
        /// Last compliant day.
        due_on: NaiveDate,
        /// Last working day not after it.
        act_by: NaiveDate,
    },
    /// It is due when it was, and waits for nothing.
    Refused,
    /// It is done.
    Accepted {
        /// Since when.
        done_on: NaiveDate,
    },
    /// It is open, and waits for nothing.
    Returned,
}

impl Resolved {
    /// What it has settled of what waited.
    #[must_use]
    pub fn settles(self) -> Pending {
        match self {
            Self::Extended { .. } | Self::Refused => Pending::Extension,
            Self::Accepted { .. } | Self::Returned => Pending::Acceptance,
        }
    }

    /// What still waits after it of what waited: more time does not settle a claim that it is done.
    #[must_use]
    pub fn leaves(self, waited: Option<Pending>) -> Option<Pending> {
        let is_open = !matches!(self, Self::Accepted { .. });
        waited.filter(|pending| is_open && *pending != self.settles())
    }
}

/// Why nothing changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Done, suspended, cancelled or asleep.
    #[error("it is not open")]
    NotOpen,
    /// "Thường xuyên" has no due day.
    #[error("it has no due day that could be moved")]
    NoDeadline,
    /// Nobody said until when.
    #[error("no day was asked for: give one with --until")]
    NoDay,
    /// The new day is no extension.
    #[error("it is due on {due_on} already: give a later day")]
    NotLater {
        /// The due day.
        due_on: NaiveDate,
    },
    /// The new day has passed: whoever owes it would be late at once.
    #[error(
        "{day} has passed, today is {today}: give a later day, or record the document that gives it by `dondoc amend due --past`"
    )]
    Past {
        /// The day.
        day: NaiveDate,
        /// The day on which it was given.
        today: NaiveDate,
    },
    /// Beyond what the plan allows.
    #[error("the plan allows no due day after {latest}: see [extensions] in its file")]
    TooLate {
        /// The last day that it allows.
        latest: NaiveDate,
    },
    /// More often than the plan allows.
    #[error(
        "it was extended {most} times, as often as the plan allows: see [extensions] in its file"
    )]
    TooOften {
        /// How often.
        most: u32,
    },
    /// Nobody waits for it any more, and somebody else has moved the day already.
    #[error(
        "somebody else has extended it today, to {due_on}: `revoke` takes that back first, if another day is meant"
    )]
    DecidedToday {
        /// The due day since.
        due_on: NaiveDate,
    },
    /// No wish waits.
    #[error("nobody waits for an extension of it")]
    NothingAsked,
    /// No claim waits.
    #[error("no completion of it waits for confirmation")]
    NothingClaimed,
    /// Nothing was decided of it that could be taken back.
    #[error("no decision on it can be taken back")]
    NothingDecided,
    /// Somebody has changed it since it was decided, or has taken the decision back.
    #[error(
        "it no longer stands as the decision left it: it has changed since, or the decision was taken back already"
    )]
    ChangedSince,
    /// The day of completion lies in the future or before the plan.
    #[error(
        "{day} cannot be its day of completion: it must lie between the issue of the plan and today"
    )]
    BadDay {
        /// The day.
        day: NaiveDate,
    },
}

/// What `resolution` changes about `obligation` on `today`.
///
/// # Errors
/// Why nothing changes.
pub fn resolve(
    obligation: &Obligation,
    resolution: Resolution,
    past: Past,
    policy: Policy,
    issued_on: NaiveDate,
    today: NaiveDate,
    calendar: &Calendar,
) -> Result<Resolved, Unfit> {
    let is_open = obligation.state == State::Open;
    match resolution {
        Resolution::Extend { .. } | Resolution::Refuse | Resolution::Accept { .. } if !is_open => {
            Err(Unfit::NotOpen)
        }
        Resolution::Extend { until } => {
            let due_on = obligation.due_on.ok_or(Unfit::NoDeadline)?;
            // A wish that was decided or taken back no longer waits, and names no day.
            let waits = obligation.pending == Some(Pending::Extension);
            let asked = past.asked_until.filter(|_| waits);
            let until = until.or(asked).ok_or(Unfit::NoDay)?;
            if until <= due_on {
                return Err(Unfit::NotLater { due_on });
            }
            if until < today {
                return Err(Unfit::Past { day: until, today });
            }
            if let Some(latest) = policy.latest.filter(|latest| until > *latest) {
                return Err(Unfit::TooLate { latest });
            }
            if let Some(most) = policy.most.filter(|most| past.extended >= *most) {
                return Err(Unfit::TooOften { most });
            }
            Ok(Resolved::Extended {
                due_on: until,
                act_by: calendar.working_day_not_after(until),
            })
        }
        Resolution::Refuse if obligation.pending == Some(Pending::Extension) => {
            Ok(Resolved::Refused)
        }
        Resolution::Refuse => Err(Unfit::NothingAsked),
        Resolution::Accept { on } if obligation.pending == Some(Pending::Acceptance) => {
            let day = on.or(past.claimed_on).unwrap_or(today);
            if day > today || day < issued_on {
                return Err(Unfit::BadDay { day });
            }
            Ok(Resolved::Accepted { done_on: day })
        }
        Resolution::Accept { .. } => Err(Unfit::NothingClaimed),
        Resolution::Return => match (obligation.state, obligation.pending) {
            (State::Done, _) | (State::Open, Some(Pending::Acceptance)) => Ok(Resolved::Returned),
            _ => Err(Unfit::NothingClaimed),
        },
    }
}

/// How an obligation stood before it was resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Former {
    /// State, completion and what it waited for.
    pub stand: Stand,
    /// When it was due.
    pub due_on: Option<NaiveDate>,
    /// What still waited once it was resolved.
    pub left: Option<Pending>,
}

/// `obligation` as it stands once `resolved` is taken back: as in `former`. What waited then waits again.
///
/// # Errors
/// [`Unfit::ChangedSince`] when it no longer stands as the resolution left it.
pub fn revoke(
    obligation: &Obligation,
    resolved: Resolved,
    former: Former,
    calendar: &Calendar,
) -> Result<Obligation, Unfit> {
    let now = obligation;
    let is_open = now.state == State::Open && now.done_on.is_none();
    let Former {
        stand,
        due_on,
        left,
    } = former;
    let is_as_left = match resolved {
        Resolved::Extended { due_on, .. } => {
            is_open && now.due_on == Some(due_on) && now.pending == left
        }
        Resolved::Refused => is_open && now.due_on == due_on && now.pending == left,
        Resolved::Accepted { done_on } => {
            now.state == State::Done && now.done_on == Some(done_on) && now.due_on == due_on
        }
        Resolved::Returned => is_open && now.due_on == due_on && now.pending == left,
    };
    if !is_as_left {
        return Err(Unfit::ChangedSince);
    }
    Ok(Obligation {
        state: stand.state,
        done_on: stand.done_on,
        pending: stand.pending,
        due_on,
        act_by: if now.due_on == due_on {
            now.act_by
        } else {
            due_on.map(|day| calendar.working_day_not_after(day))
        },
        ..now.clone()
    })
}

#[cfg(test)]
mod tests;
