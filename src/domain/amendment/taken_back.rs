//! What a document had done that another one takes back.

use super::Kind;
use crate::domain::ids::AgencyCode;

/// What was done to one obligation, and is not any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenBack {
    /// The document by which it was.
    pub document: String,
    /// What was done.
    pub kind: Option<Kind>,
    /// From whom it had come or to whom it had gone.
    pub counterparts: Vec<AgencyCode>,
}

impl TakenBack {
    /// Whether it had gone from one agency to another, and goes back: then who had given it, or received it.
    #[must_use]
    pub fn gave(&self) -> Option<Kind> {
        self.kind
            .filter(|kind| matches!(kind, Kind::Transferred | Kind::Received))
    }
}
