//! Identifiers as newtypes, so that a task id is never passed where an agency code is wanted. Copies share their text: the
//! plan of a nation names the same agencies a hundred thousand times.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Wraps the text as it stands.
            pub fn new(text: impl Into<Arc<str>>) -> Self {
                Self(text.into())
            }

            /// The text of the identifier.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }
    };
}

text_id! {
    /// A plan: `quang-nam-2020`.
    PlanId
}
text_id! {
    /// A task, one row of the appendix or one duty of part IV: `II.2`, `IV.1.b`.
    TaskId
}
text_id! {
    /// An agency by its code: `SNV`.
    AgencyCode
}
text_id! {
    /// A contact by its slug: `snv.head`.
    ContactId
}
text_id! {
    /// A rung of the ladder by the name it has in `schedules/ladder.toml`: `late3`.
    RungId
}

/// A milestone: task and running number from 1, written `II.2/1`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MilestoneId {
    /// The task it was derived from.
    pub task: TaskId,
    /// Its number within the task, from 1.
    pub number: u16,
}

impl fmt::Display for MilestoneId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.task, self.number)
    }
}

/// An obligation by its number in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ObligationId(pub i64);

impl fmt::Display for ObligationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
