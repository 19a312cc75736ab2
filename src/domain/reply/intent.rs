//! What a reply can mean, and the result of reading one.

use chrono::NaiveDate;
use serde::Serialize;

use super::details::Details;

/// What the sender wants or says; declared in the order in which one intent wins over another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Intent {
    /// Takes back or corrects an earlier message.
    Undo,
    /// Asks for more time.
    Extension,
    /// An obstacle prevents the work.
    Blocked,
    /// It is somebody else's task.
    Reassign,
    /// Asks to be reminded later.
    Snooze,
    /// Not done yet, and no request.
    Progress,
    /// The task is completed.
    Done,
    /// A question, or a request for information.
    Ask,
    /// Receipt, thanks or a promise.
    Ack,
    /// Nothing that can be told.
    Unknown,
}

impl Intent {
    /// All of them, the winning ones first.
    pub const ALL: [Self; 10] = [
        Self::Undo,
        Self::Extension,
        Self::Blocked,
        Self::Reassign,
        Self::Snooze,
        Self::Progress,
        Self::Done,
        Self::Ask,
        Self::Ack,
        Self::Unknown,
    ];

    /// Its word in files and in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Undo => "undo",
            Self::Extension => "extension",
            Self::Blocked => "blocked",
            Self::Reassign => "reassign",
            Self::Snooze => "snooze",
            Self::Progress => "progress",
            Self::Done => "done",
            Self::Ask => "ask",
            Self::Ack => "ack",
            Self::Unknown => "unknown",
        }
    }

    pub(super) fn index(self) -> usize {
        self as usize
    }
}

/// What one message says about one of several tasks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    /// The task in normal form; `None` is the task that the sender was asked about.
    #[serde(rename = "ref")]
    pub task: Option<String>,
    /// What is said of it.
    pub intent: Intent,
}

impl Understanding {
    /// Whether what is said of that task can be acted on without asking back.
    #[must_use]
    pub fn is_sure_of(&self, task: Option<&String>) -> bool {
        let doubted = &self.details.doubted;
        self.sure || !doubted.is_empty() && !doubted.iter().any(|one| one.as_ref() == task)
    }
}

/// What was understood of a reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Understanding {
    /// What the sender wants or says; of several, the one that wins.
    pub intent: Intent,
    /// Whether it can be acted on without asking back.
    pub sure: bool,
    /// The tasks named by the sender, in order of mention: `II.2`, `IV.1.b`, `II.2/KH`, `#909`.
    pub refs: Vec<String>,
    /// Progress in percent.
    pub percent: Option<u8>,
    /// The day that goes with the intent: of completion, of the wanted deadline, of the next reminder.
    pub date: Option<NaiveDate>,
    /// The number of a document that the sender's side issued or submitted: `12/KH-SNV`.
    pub doc: Option<String>,
    /// One entry per task when they differ; otherwise empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
    /// What else is told, for deciding; it is no part of what is shown.
    #[serde(skip)]
    pub details: Details,
}
