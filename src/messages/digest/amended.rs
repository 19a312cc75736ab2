//! What documents changed of a plan between two digests, as the templates are told it.

use serde::{Deserialize, Serialize};

use crate::domain::digest::Amended;

/// How many obligations documents changed, by what they did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DigestAmended {
    /// Gave another day.
    pub moved: usize,
    /// Held.
    pub suspended: usize,
    /// No longer held or ended.
    pub resumed: usize,
    /// Ended.
    pub cancelled: usize,
    /// Given to another agency.
    pub transferred: usize,
    /// Added, or taken over from another agency.
    pub taken: usize,
    /// Given a day with its event.
    pub begun: usize,
}

impl From<Amended> for DigestAmended {
    fn from(amended: Amended) -> Self {
        let Amended {
            moved,
            suspended,
            resumed,
            cancelled,
            transferred,
            taken,
            begun,
        } = amended;
        Self {
            moved,
            suspended,
            resumed,
            cancelled,
            transferred,
            taken,
            begun,
        }
    }
}
