//! What can be said of an obligation, and what it changes.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::ids::ObligationId;
use crate::domain::inbound::File;
use crate::domain::obligation::{Obligation, Pending, State};

/// What is said of one obligation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// It is completed.
    Done {
        /// On which day.
        on: NaiveDate,
        /// Number of the document that proves it.
        document: Option<String>,
    },
    /// It is under way.
    Progress {
        /// How far, in percent.
        percent: Option<u8>,
        /// When it is expected to be done.
        expected_on: Option<NaiveDate>,
        /// Number of a document that was submitted.
        document: Option<String>,
    },
    /// Something prevents it.
    Blocked,
    /// More time is asked for.
    Extension {
        /// Until when; `None` until the person says it.
        until: Option<NaiveDate>,
    },
    /// It is somebody else's.
    Reassign,
    /// The head of the agency has given it to somebody there. Who is reminded stays as it is.
    Handed,
    /// The reminder is to come later.
    Snooze {
        /// On which day.
        until: NaiveDate,
    },
    /// What proves what was reported before, or belongs to it.
    Evidence(Evidence),
    /// What was told of it has been read. It says nothing of how the work stands, but whoever reads answers.
    Ack,
    /// The person's last change is taken back.
    Undo {
        /// The event in the ledger that is taken back.
        event: i64,
    },
}

/// What proves a completion: a document by its number, or a file without a word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Number of the document; `None` where only a file was sent.
    pub document: Option<String>,
    /// The day of the document, where it is given.
    pub on: Option<NaiveDate>,
}

impl What {
    /// The word of the event in the ledger.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Done { .. } => "done",
            Self::Progress { .. } => "progress",
            Self::Blocked => "blocked",
            Self::Extension { .. } => "extension-asked",
            Self::Reassign => "reassignment-asked",
            Self::Snooze { .. } => "snoozed",
            Self::Evidence(_) => "evidence",
            Self::Undo { .. } => "undone",
            Self::Ack => "acknowledged",
            Self::Handed => "handed-over",
        }
    }

    /// Whether it says that the work is done.
    #[must_use]
    pub fn completes(&self) -> bool {
        matches!(self, Self::Done { .. })
    }

    /// Whether it answers without a word on how the work stands: it takes the place of nothing that was said.
    #[must_use]
    pub fn is_slight(&self) -> bool {
        match self {
            Self::Ack | Self::Handed => true,
            Self::Evidence(evidence) => evidence.document.is_none(),
            _ => false,
        }
    }
}

/// What a person offers to say, or is offered to say, of an obligation as it was at that moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// Which obligation.
    pub obligation: ObligationId,
    /// How it stood.
    pub stand: Stand,
    /// When it was due.
    #[serde(default)]
    pub due_on: Option<NaiveDate>,
    /// What is said.
    pub what: What,
    /// The files that came with the words which raised the question.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<File>,
    /// Whether nobody is sure that this was said: whoever chooses the task is asked for that too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_doubtful: bool,
}

/// How an obligation stands: all that a statement can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stand {
    /// Open, done, …
    pub state: State,
    /// Day of completion.
    pub done_on: Option<NaiveDate>,
    /// What it waits for.
    pub pending: Option<Pending>,
    /// Until when its officers are not reminded.
    pub snoozed_until: Option<NaiveDate>,
}

impl Stand {
    /// How this obligation stands.
    #[must_use]
    pub fn of(obligation: &Obligation) -> Self {
        Self {
            state: obligation.state,
            done_on: obligation.done_on,
            pending: obligation.pending,
            snoozed_until: obligation.snoozed_until,
        }
    }
}

/// What changes about one obligation. `before` and `after` may be the same: a statement that only informs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Which obligation.
    pub obligation: ObligationId,
    /// What was said.
    pub what: What,
    /// How it stood.
    pub before: Stand,
    /// How it stands.
    pub after: Stand,
    /// The files that were sent with what was said.
    pub files: Vec<File>,
}
