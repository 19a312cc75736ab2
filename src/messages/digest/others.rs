//! What a digest tells beside what is late: what is due, who cannot be told, what the auditor found, where the files are.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What the auditor found of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DigestFinding {
    /// The word of [`FindingKind`](crate::domain::finding::FindingKind).
    pub kind: String,
    /// How many.
    pub count: usize,
    /// Some of them, as far as they can be named: `II.2/1 Sở Tư pháp`.
    #[serde(default)]
    pub examples: Vec<String>,
}

/// Where a reader finds the workbook of the plan and the draft of the report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DigestFiles {
    /// They are not for this reader.
    #[default]
    None,
    /// In this mail.
    Attached,
    /// In the mail that leaves at the same time.
    Mailed,
    /// Nowhere: the reader has no mail, and must ask for them.
    OnRequest,
    /// Nowhere: they are larger than mail servers take.
    TooLarge,
}

/// What is overdue for longer than since the last digest, whether anything of it is new or not: what a chat has room for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DigestLong {
    /// How much.
    pub count: usize,
    /// Of how many agencies.
    pub agencies: usize,
    /// Those that are late the longest, the worst first.
    pub worst: Vec<DigestWorst>,
}

/// An agency that is late for long.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DigestWorst {
    /// Its name.
    pub name: String,
    /// How much it owes late.
    pub count: usize,
    /// The longest, in working days.
    pub days_late: i64,
}

/// What is due of a milestone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DigestDue {
    /// `II.2/1`.
    pub id: String,
    /// The milestone's label, or the content of the task.
    pub title: String,
    /// When.
    pub due_on: NaiveDate,
    /// Who owes it.
    pub agencies: Vec<String>,
}

/// What a document gave of one agency to others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DigestTransfer {
    /// Whose it was.
    pub from: String,
    /// Whose it is.
    pub to: String,
    /// How much.
    pub count: usize,
    /// What, in the order of the plan.
    #[serde(default)]
    pub tasks: Vec<String>,
    /// By which document.
    pub document: String,
    /// The day on which it was signed.
    #[serde(default)]
    pub signed_on: Option<NaiveDate>,
    /// The day on which the first ended, where it did.
    #[serde(default)]
    pub ended_on: Option<NaiveDate>,
    /// Whether it was merged into the other: all that it owed went there.
    #[serde(default)]
    pub is_merged: bool,
    /// Where that document was taken back, and the first has this again: by which document; its own where none was named.
    #[serde(default)]
    pub taken_back: Option<String>,
}

/// Those of an agency who cannot be told, for one reason.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DigestPerson {
    /// Name of the agency.
    pub agency: String,
    /// Titles of the contacts; none where nobody is in the role.
    #[serde(default)]
    pub titles: Vec<String>,
    /// Why: `no-address`, `bounced` (a mailbox that takes nothing), `telegram-blocked`, `zalo-blocked` (a chat that takes nothing), `mail-failing`, `chat-failing` (nothing arrives, and the address is not dead), `zalo-closed` (the only way is a Zalo Official Account that the person has not written to for seven
    /// days), `away` (and nobody stands in), `head-away` (the same of a head, whose agency can answer), `was-away` (on a day before, of the agency that watches), `nobody` (no officer),
    /// `no-head` (neither head nor deputy), `empty` (none of these).
    pub why: String,
    /// Since which day, of what was lost.
    #[serde(default)]
    pub since: Option<NaiveDate>,
    /// How many messages have not arrived since, where the address is not dead.
    #[serde(default)]
    pub times: usize,
}
