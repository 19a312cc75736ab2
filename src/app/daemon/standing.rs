//! How a daemon stands, for whoever watches it from outside.

/// What a daemon says of itself; it is told when it changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Whether everything is open and the first round has begun.
    pub is_at_work: bool,
    /// The number of the last reload that is over; 0 before the first.
    pub reloads: u64,
    /// Whether that reload was refused, so that what was loaded before stays in force.
    pub is_refused: bool,
    /// Whether the last round failed.
    pub is_failing: bool,
}
