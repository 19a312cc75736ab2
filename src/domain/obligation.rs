//! An obligation: one milestone as owed by one agency, with its status.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::ids::{AgencyCode, MilestoneId, ObligationId, PlanId};
use super::plan::MilestoneKind;

/// Where an obligation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Waits for an event that the monitor records.
    Asleep,
    /// Owed.
    Open,
    /// Completed.
    Done,
    /// Held by a numbered document.
    Suspended,
    /// Ended by a numbered document.
    Cancelled,
}

impl State {
    /// Each of them.
    pub const ALL: [Self; 5] = [
        Self::Asleep,
        Self::Open,
        Self::Done,
        Self::Suspended,
        Self::Cancelled,
    ];

    /// The word in the database and in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Asleep => "asleep",
            Self::Open => "open",
            Self::Done => "done",
            Self::Suspended => "suspended",
            Self::Cancelled => "cancelled",
        }
    }
}

/// The word for what is cancelled with its agency because a document gave it to another: in the register, the workbooks, on the
/// command line and in JSON.
pub const TRANSFERRED: &str = "transferred";

/// What an obligation waits for besides the work itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pending {
    /// More time was asked for; whoever decides has not.
    Extension,
    /// A completion was claimed; the monitor has not confirmed it (DESIGN rule 15).
    Acceptance,
    /// The officer says that it is not theirs; the head has not said whose it is.
    Reassignment,
}

impl Pending {
    /// Each of them.
    pub const ALL: [Self; 3] = [Self::Extension, Self::Acceptance, Self::Reassignment];

    /// Whether somebody has to decide on it: until then the next word is not with the agency.
    #[must_use]
    pub fn is_undecided(self) -> bool {
        matches!(self, Self::Extension | Self::Acceptance)
    }

    /// The word in the database and in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Extension => "extension",
            Self::Acceptance => "acceptance",
            Self::Reassignment => "reassignment",
        }
    }

    /// The value of that word.
    #[must_use]
    pub fn find(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|pending| pending.as_str() == word)
    }
}

/// The official four words (Báo cáo 1270/BC-TCTTTg), derived from dates, never stored; and a fifth, where none of the four
/// can be said before somebody has decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Hoàn thành đúng hạn.
    DoneOnTime,
    /// Hoàn thành quá hạn.
    DoneLate,
    /// Đang thực hiện trong hạn.
    OpenOnTime,
    /// Đang thực hiện quá hạn.
    OpenLate,
    /// Its due day is over, and the next word is with whoever decides: more time was asked for, or a completion claimed that was
    /// in time. No reproach to its agency meanwhile.
    Waiting,
}

/// The unit that is tracked, answered and scored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obligation {
    /// Number in the database.
    pub id: ObligationId,
    /// Its plan.
    pub plan: PlanId,
    /// Its milestone.
    pub milestone: MilestoneId,
    /// Who owes it.
    pub agency: AgencyCode,
    /// Kind of its milestone.
    pub kind: MilestoneKind,
    /// First day of its window.
    pub opens_on: Option<NaiveDate>,
    /// Last compliant day, extensions included.
    pub due_on: Option<NaiveDate>,
    /// Due day as the plan gave it; kept beside an extension.
    pub original_due_on: Option<NaiveDate>,
    /// Last working day not after `due_on`.
    pub act_by: Option<NaiveDate>,
    /// Where it stands.
    pub state: State,
    /// Day of completion, once done.
    pub done_on: Option<NaiveDate>,
    /// What it waits for besides the work.
    pub pending: Option<Pending>,
    /// The day until which its officers asked not to be reminded.
    pub snoozed_until: Option<NaiveDate>,
    /// The agency that owed it before a document gave it to this one.
    pub taken_from: Option<AgencyCode>,
}

impl Obligation {
    /// The official word on `today`; `None` for what is asleep, suspended, cancelled, or has no due date.
    /// Finishing on the due day is on time; lateness starts the day after (rule 11). Of which day a claim that waits is, only
    /// the ledger knows ([`super::history::Standing::word`]): here it is taken to be in time.
    #[must_use]
    pub fn standing(&self, today: NaiveDate) -> Option<Standing> {
        match Standing::of(self.state, self.done_on, self.due_on, today) {
            Some(Standing::OpenLate) if self.pending.is_some_and(Pending::is_undecided) => {
                Some(Standing::Waiting)
            }
            word => word,
        }
    }
}

impl Standing {
    /// The official word for these dates on `today`, whatever waits for a decision.
    #[must_use]
    pub fn of(
        state: State,
        done_on: Option<NaiveDate>,
        due_on: Option<NaiveDate>,
        today: NaiveDate,
    ) -> Option<Self> {
        let due = due_on?;
        match (state, done_on) {
            (State::Done, Some(done)) if done <= due => Some(Self::DoneOnTime),
            (State::Done, Some(_)) => Some(Self::DoneLate),
            (State::Open, _) if today <= due => Some(Self::OpenOnTime),
            (State::Open, _) => Some(Self::OpenLate),
            _ => None,
        }
    }

    /// The word in JSON and in `messages/vi/words.toml`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DoneOnTime => "done-on-time",
            Self::DoneLate => "done-late",
            Self::OpenOnTime => "open-on-time",
            Self::OpenLate => "open-late",
            Self::Waiting => "waiting",
        }
    }
}
