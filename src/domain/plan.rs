//! A plan as it was issued, and the milestones derived from it.
//!
//! The five cells of a row are kept as written; what was derived stands beside them (DESIGN rule 2).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::ids::{AgencyCode, MilestoneId, PlanId, TaskId};
use super::resolution::Policy;

/// How "trước ngày X" is counted (the Civil Code does not say; practice differs).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Before {
    /// The last compliant day is the day before X. The default.
    #[default]
    Exclusive,
    /// X itself still complies.
    Inclusive,
}

/// What a claimed completion needs before it counts (DESIGN rule 15).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Acceptance {
    /// The claim stands until somebody contradicts it.
    #[default]
    Trust,
    /// The monitor confirms each claim.
    Confirm,
}

/// One decision of one province for one year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Folder name of the plan, stable for ever.
    pub id: PlanId,
    /// Number of the decision: `4353/QĐ-UBND`.
    pub number: String,
    /// Title as printed.
    pub title: String,
    /// Day of signature.
    pub issued_on: NaiveDate,
    /// The year it plans for.
    pub year: i32,
    /// Agency that issued it.
    pub issuer: AgencyCode,
    /// Agency that monitors it.
    pub monitor: AgencyCode,
    /// Reading of "trước".
    pub before: Before,
    /// What a claim needs.
    pub acceptance: Acceptance,
    /// How much more time may be granted, and by whom.
    pub extensions: Policy,
    /// The groups of the appendix, in order.
    pub groups: Vec<TaskGroup>,
    /// The rows of the appendix and the duties of the decision, in order.
    pub tasks: Vec<Task>,
}

/// A group of tasks: `II CẢI CÁCH THỦ TỤC HÀNH CHÍNH…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskGroup {
    /// Roman numeral: `II`.
    pub id: String,
    /// Title as printed.
    pub title: String,
}

/// One row of the appendix, or one duty of the decision's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// `II.2`.
    pub id: TaskId,
    /// "Nội dung công việc", verbatim.
    pub content: String,
    /// "Sản phẩm", verbatim; may be empty.
    pub product: String,
    /// "Thời gian hoàn thành", verbatim.
    pub deadline: String,
    /// "Cơ quan chủ trì", verbatim.
    pub lead: String,
    /// "Cơ quan phối hợp", verbatim; may be empty.
    pub coordinate: String,
    /// What the transcriber wants the reader to know.
    pub note: Option<String>,
    /// Whether its milestones are the reports of a period on the plan itself, which `draft report` drafts.
    pub is_own_report: bool,
    /// The document that added the row to a plan that was running.
    pub addition: Option<Addition>,
    /// Derived, or settled by hand in the plan file.
    pub milestones: Vec<Milestone>,
    /// The agencies of the lead cell, groups expanded.
    pub agencies: Vec<AgencyCode>,
}

impl Task {
    /// The agencies that owe one of its milestones.
    #[must_use]
    pub fn owed_by<'t>(&'t self, milestone: &'t Milestone) -> &'t [AgencyCode] {
        if milestone.owners.is_empty() {
            &self.agencies
        } else {
            &milestone.owners
        }
    }
}

/// How a row came into a plan that was running.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addition {
    /// Number of the document: `1234/QĐ-UBND`.
    pub document: String,
    /// The day on which it was signed; terms counted in days start there.
    pub on: NaiveDate,
}

impl Plan {
    /// The last due day that is surely meant: of the plan's own year, or the latest to which it lets anything be extended.
    #[must_use]
    pub fn last_day(&self) -> NaiveDate {
        let of_year = NaiveDate::from_ymd_opt(self.year, 12, 31);
        let latest = of_year.max(self.extensions.latest);
        latest.unwrap_or(NaiveDate::MAX)
    }
}

impl Task {
    /// The day from which the row is in force.
    #[must_use]
    pub fn in_force_from(&self, plan: &Plan) -> NaiveDate {
        self.addition.as_ref().map_or(plan.issued_on, |one| one.on)
    }
}

/// What a milestone is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MilestoneKind {
    /// Due on a date.
    Due,
    /// "Thường xuyên": no due date, status asked once a quarter (rule 8).
    Continuous,
    /// Sleeps until the monitor records an event (rule 9).
    Event,
}

impl MilestoneKind {
    /// The word used in JSON, in the database and in plan files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Continuous => "continuous",
            Self::Event => "event",
        }
    }
}

/// One thing due, derived from a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Milestone {
    /// `II.2/1`.
    pub id: MilestoneId,
    /// Due, continuous or event.
    pub kind: MilestoneKind,
    /// The cell's own words for it: `Ban hành Kế hoạch`; empty where the cell names nothing.
    pub label: String,
    /// The plan's own words for the deadline, as messages quote them: `trong quý I`.
    pub written: String,
    /// Whose it is, where the cell lays it on some of those who lead the task ("UBND cấp xã: trước 15/4"); empty: everybody's.
    pub owners: Vec<AgencyCode>,
    /// First day of the window.
    pub opens_on: Option<NaiveDate>,
    /// Last compliant day.
    pub due_on: Option<NaiveDate>,
    /// Last working day not after `due_on` (rule 5).
    pub act_by: Option<NaiveDate>,
    /// The rule that gave the dates, in words.
    pub rule: String,
}
