//! What a ranking says, as typed values: all that its templates, its files and programs can know.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::context::PlanRef;
use super::letter::LetterAgency;
use crate::domain::obligation::Pending;
use crate::domain::resolution::Return;

/// All that a ranking can say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RankingContext {
    /// Id of the plan.
    pub id: String,
    /// The plan.
    pub plan: PlanRef,
    /// The day of the decision.
    pub issued_on: NaiveDate,
    /// Name of the agency that monitors the plan.
    pub monitor: String,
    /// The same as its letters name it.
    pub sender: LetterAgency,
    /// The agency that issued the plan, to which its letter goes.
    pub addressee: LetterAgency,
    /// What is scored.
    pub period: RankingPeriod,
    /// The day up to whose end it was counted.
    pub on: NaiveDate,
    /// How it was counted.
    pub rules: RankingRules,
    /// The tables; none is empty.
    #[serde(default)]
    pub tables: Vec<RankingTable>,
    /// Too few to rank.
    #[serde(default)]
    pub too_few: Vec<RankingAgency>,
    /// Nothing due.
    #[serde(default)]
    pub nothing_due: Vec<RankingAgency>,
    /// Nothing counts of them, for documents gave it to others.
    #[serde(default)]
    pub given_away: Vec<RankingAgency>,
    /// These documents.
    #[serde(default)]
    pub given_by: Vec<String>,
    /// What does not count.
    #[serde(default)]
    pub left_out: RankingLeftOut,
    /// Whom to commend.
    #[serde(default)]
    pub commend: Vec<RankingProposal>,
    /// Whom to criticise.
    #[serde(default)]
    pub criticise: Vec<RankingProposal>,
    /// Names of those whom nothing speaks against but what no message ever told them of.
    #[serde(default)]
    pub untold: Vec<String>,
    /// What counts for or against these, each once, in the order of the plan.
    #[serde(default)]
    pub tasks: Vec<RankingTask>,
}

/// A quarter or a year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RankingPeriod {
    /// The year.
    pub year: i32,
    /// The quarter, from 1; none for the year.
    #[serde(default)]
    pub quarter: Option<u32>,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Whether it was over when it was counted.
    pub is_over: bool,
}

/// The rules that a reader may ask for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RankingRules {
    /// What work weighs.
    pub work: u32,
    /// What a report weighs.
    pub report: u32,
    /// What weighs otherwise in this plan.
    #[serde(default)]
    pub heavier: Vec<RankingWeight>,
    /// Points of each part.
    pub parts: Vec<RankingMost>,
    /// Days that one obligation can lose at most.
    pub longest: u32,
    /// With fewer things due there is no rank.
    pub fewest: usize,
    /// `level` or `all`.
    pub among: String,
    /// Points, late things and things due of a commendation.
    pub commend: RankingCommend,
    /// Points and days of a criticism.
    pub criticise: RankingCriticise,
    /// Who joined late.
    #[serde(default)]
    pub joined: Vec<RankingJoined>,
}

/// Tasks with a weight of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RankingWeight {
    /// Which.
    pub tasks: Vec<String>,
    /// How much.
    pub weight: u32,
}

/// The most that a part gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RankingMost {
    /// `on_time`, `reports`, …
    pub part: String,
    /// Points.
    pub most: u32,
}

/// Whom to commend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RankingCommend {
    /// At least so many points, in tenths.
    pub tenths: u32,
    /// At most so many things late.
    pub late: usize,
    /// At least so many things due.
    pub due: usize,
}

/// Whom to criticise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RankingCriticise {
    /// Fewer points than these, in tenths.
    pub tenths: u32,
    /// Or so many working days.
    pub overdue: i64,
}

/// An agency that joined late.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RankingJoined {
    /// Its name.
    pub name: String,
    /// From when on it answers.
    pub on: NaiveDate,
    /// The document that says so.
    pub document: String,
}

/// Agencies ranked among one another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RankingTable {
    /// `province`, `district`, `commune`; none for all together.
    #[serde(default)]
    pub level: Option<String>,
    /// The best first.
    pub agencies: Vec<RankingAgency>,
}

/// An agency with its numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RankingAgency {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its rank; none when it has none.
    #[serde(default)]
    pub rank: Option<usize>,
    /// Whether another agency has the same.
    #[serde(default)]
    pub is_shared: bool,
    /// Its points of 100; none when it has no rank.
    #[serde(default)]
    pub points: Option<f64>,
    /// Things that score.
    pub due: usize,
    /// What stands how.
    pub standing: RankingStanding<usize>,
    /// The same as shares of the whole weight.
    pub shares: RankingStanding<RankingShare>,
    /// Reports on time, of those that score.
    pub reports: RankingShare,
    /// Working days late, together.
    pub days_late: i64,
    /// Things of which anything was heard, of those that score and that it was told of.
    pub answered: RankingShare,
    /// Things that score, and that no message ever told it of: no answer is missing.
    #[serde(default)]
    pub untold: usize,
    /// Things for which more time was given.
    pub extended: usize,
    /// The documents that gave away what it owed.
    #[serde(default)]
    pub given_by: Vec<String>,
    /// Where the points come from; empty without any.
    #[serde(default)]
    pub parts: Vec<RankingPart>,
    /// Each thing.
    #[serde(default)]
    pub lines: Vec<RankingLine>,
}

/// Something for each of the four official words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RankingStanding<T> {
    /// Hoàn thành đúng hạn.
    pub done_on_time: T,
    /// Hoàn thành quá hạn.
    pub done_late: T,
    /// Đang thực hiện trong hạn.
    pub open_on_time: T,
    /// Đang thực hiện quá hạn.
    pub open_late: T,
    /// Past its due day, for want of a decision: none of the four, and not scored.
    pub waiting: T,
    /// Due before it was followed here, and not known how it ended: none of the four, and not scored.
    #[serde(default)]
    pub unclear: T,
}

/// Some of a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RankingShare {
    /// How much.
    pub part: u64,
    /// Of how much.
    pub whole: u64,
    /// In tenths of a percent.
    pub permille: u32,
}

/// What one part gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RankingPart {
    /// `on_time`, `reports`, …
    pub part: String,
    /// The most that it gives.
    pub most: u32,
    /// The share that was reached.
    pub share: RankingShare,
    /// Hundredths of a point.
    pub hundredths: u64,
}

/// One obligation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RankingLine {
    /// `II.2/1`.
    pub id: String,
    /// The milestone's label, or the content of the task.
    pub title: String,
    /// Its due day, extensions included.
    pub due_on: NaiveDate,
    /// Its due day as the plan gave it.
    pub original_due_on: NaiveDate,
    /// When it was done.
    #[serde(default)]
    pub done_on: Option<NaiveDate>,
    /// The official word: `done-late`.
    pub standing: String,
    /// Working days late.
    #[serde(default)]
    pub days_late: i64,
    /// What it weighs.
    pub weight: u32,
    /// Whether it is a report.
    pub is_report: bool,
    /// The document that proves it; may be empty.
    #[serde(default)]
    pub document: String,
    /// Whether more time was given than the plan, as it was amended, gives.
    #[serde(default)]
    pub is_extended: bool,
    /// The document by which its day was moved, if one was named; may be empty.
    #[serde(default)]
    pub moved_by: String,
    /// From which day it is late, where that is not the due day: its agency was asked until then how it ended.
    #[serde(default)]
    pub asked_by: Option<NaiveDate>,
    /// Whether it is late, nothing was said of it, and no message ever told its agency of it.
    #[serde(default)]
    pub is_untold: bool,
    /// What was said of it last.
    #[serde(default)]
    pub quote: String,
    /// On which day.
    #[serde(default)]
    pub said_on: Option<NaiveDate>,
    /// Where that only took back what its agency had said before: the day of that.
    #[serde(default)]
    pub takes_back: Option<NaiveDate>,
    /// Where it reports a completion that was returned: that it was.
    #[serde(default)]
    pub returned: Option<Return>,
    /// What waits for a decision still.
    #[serde(default)]
    pub awaits: Option<Pending>,
    /// Until when more time is wanted, or of which day the completion is that is claimed.
    #[serde(default)]
    pub asked: Option<NaiveDate>,
}

/// What agencies owe, each its own part of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RankingTask {
    /// `II.2/1`.
    pub id: String,
    /// The milestone's label, or the content of the task.
    pub title: String,
    /// Its due day as the plan gave it.
    pub due_on: NaiveDate,
}

/// What does not count, by reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RankingLeftOut {
    /// "Thường xuyên".
    pub continuous: usize,
    /// Waits for an event.
    pub asleep: usize,
    /// Held by a document.
    pub suspended: usize,
    /// Ended by a document.
    pub cancelled: usize,
    /// Given to another agency by a document.
    #[serde(default)]
    pub transferred: usize,
    /// Past its due day, for want of a decision.
    #[serde(default)]
    pub waiting: usize,
    /// Due before it was followed here, and not known how it ended.
    #[serde(default)]
    pub unclear: usize,
    /// Due before its agency joined.
    pub before_joining: usize,
    /// No longer in the files.
    pub gone: usize,
    /// Moved beyond the period by an extension.
    pub moved_beyond: usize,
}

/// Somebody who is proposed for commendation or criticism.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RankingProposal {
    /// Who, with the evidence among its lines.
    pub agency: RankingAgency,
    /// Why.
    pub reasons: Vec<RankingReason>,
}

/// Why somebody is proposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "why", content = "value")]
pub enum RankingReason {
    /// Points, in tenths.
    Points(u32),
    /// Things late.
    Late(usize),
    /// Few points, in tenths.
    FewPoints(u32),
    /// Working days that something open is overdue.
    Overdue(i64),
}

impl RankingContext {
    /// The agency of that code, wherever it stands.
    #[must_use]
    pub fn find(&self, code: &str) -> Option<&RankingAgency> {
        let ranked = self.tables.iter().flat_map(|table| &table.agencies);
        let unranked = self.nothing_due.iter().chain(&self.given_away);
        let mut all = ranked.chain(&self.too_few).chain(unranked);
        all.find(|one| one.code == code)
    }
}
