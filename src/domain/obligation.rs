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

    /// Whether that decision can still make it one that is in time on `today`, by the day that was `asked` for: a wish for more
    /// time can up to that day, and a claim of a completion on the due day or before. What is claimed of a later day, and
    /// what is open beyond the day that was asked for, is late whatever is decided. A wish that names no day waits.
    #[must_use]
    pub fn excuses(
        self,
        asked: Option<NaiveDate>,
        due_on: Option<NaiveDate>,
        today: NaiveDate,
    ) -> bool {
        match self {
            Self::Extension => asked.is_none_or(|until| today <= until),
            Self::Acceptance => asked
                .zip(due_on)
                .is_none_or(|(claimed, due)| claimed <= due),
            Self::Reassignment => false,
        }
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
    /// Its due day was over before anybody was reminded of it here, and how it ended is not known: its agency may have done it
    /// long ago. No reproach before the days of grace are over ([`Watch`]).
    Unclear,
}

/// When an obligation began to be followed that was past its due day by then: nobody was ever reminded of it here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watch {
    /// The first day on which anybody could be reminded of it: a working day.
    pub since: NaiveDate,
    /// The last day of grace: up to its end its agency is asked how it ended; from then on its silence counts, and from no
    /// earlier day.
    pub settle_by: NaiveDate,
}

impl Watch {
    /// Whether what is due on `due_on` was over before. What has got another day since is like anything else.
    #[must_use]
    pub fn is_before(&self, due_on: NaiveDate) -> bool {
        due_on < self.since
    }

    /// The day from whose end on it is late what is due on `due_on` and open: that day, or the last one of grace.
    #[must_use]
    pub fn late_after(watch: Option<Self>, due_on: NaiveDate) -> NaiveDate {
        let before = watch.filter(|watch| watch.is_before(due_on));
        before.map_or(due_on, |watch| watch.settle_by)
    }
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
    /// When it began to be followed, where it was past its due day by then.
    pub watch: Option<Watch>,
}

impl Obligation {
    /// The official word on `today`; `None` for what is asleep, suspended, cancelled, or has no due date.
    /// Finishing on the due day is on time; lateness starts the day after (rule 11). `asked` is the day of what waits, which the
    /// ledger knows: until when more time is wanted, or of which day the completion is that is claimed.
    #[must_use]
    pub fn standing(&self, today: NaiveDate, asked: Option<NaiveDate>) -> Option<Standing> {
        let excuses = |pending: Pending| pending.excuses(asked, self.due_on, today);
        match Standing::of(self.state, self.done_on, self.due_on, self.watch, today) {
            Some(Standing::OpenLate | Standing::Unclear) if self.pending.is_some_and(excuses) => {
                Some(Standing::Waiting)
            }
            word => word,
        }
    }

    /// The day from whose end on it is late while it is open; `None` without a due day.
    #[must_use]
    pub fn late_after(&self) -> Option<NaiveDate> {
        self.due_on
            .map(|due_on| Watch::late_after(self.watch, due_on))
    }

    /// Since when it is followed and until when its agency is asked, if it was due before.
    #[must_use]
    pub fn due_before(&self) -> Option<Watch> {
        let due_on = self.due_on?;
        self.watch.filter(|watch| watch.is_before(due_on))
    }
}

impl Standing {
    /// The official word for these dates on `today`, whatever waits for a decision.
    #[must_use]
    pub fn of(
        state: State,
        done_on: Option<NaiveDate>,
        due_on: Option<NaiveDate>,
        watch: Option<Watch>,
        today: NaiveDate,
    ) -> Option<Self> {
        let due = due_on?;
        match (state, done_on) {
            (State::Done, Some(done)) if done <= due => Some(Self::DoneOnTime),
            (State::Done, Some(_)) => Some(Self::DoneLate),
            (State::Open, _) if today <= due => Some(Self::OpenOnTime),
            (State::Open, _) if today <= Watch::late_after(watch, due) => Some(Self::Unclear),
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
            Self::Unclear => "unclear",
        }
    }
}
