//! The columns of the table.

/// What stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// Number of the plan.
    Plan,
    /// `II.2/1`.
    Task,
    /// Code of the agency.
    Agency,
    /// Its name, for the reader only.
    Name,
    /// What it is about, for the reader only.
    Content,
    /// Its due day, for the reader only.
    Due,
    /// Whether it is done.
    Status,
    /// The day on which it was.
    Done,
    /// The document that proves it.
    Document,
    /// Anything else.
    Note,
}

impl Column {
    /// All, in the order in which they are written, each with its key in the file of words.
    pub(super) const ALL: [(&'static str, Self); 10] = [
        ("plan", Self::Plan),
        ("task", Self::Task),
        ("agency", Self::Agency),
        ("name", Self::Name),
        ("content", Self::Content),
        ("due", Self::Due),
        ("status", Self::Status),
        ("done", Self::Done),
        ("document", Self::Document),
        ("note", Self::Note),
    ];

    /// Without these nothing can be read.
    pub(super) const NEEDED: [Self; 5] = [
        Self::Task,
        Self::Agency,
        Self::Status,
        Self::Done,
        Self::Document,
    ];
}
