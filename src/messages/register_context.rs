//! What the workbook of a plan, and the letters that are drafted from it, are told of each obligation.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::context::PlanRef;
use super::text::{clean_return, one_line, quotable};
use crate::domain::amendment;
use crate::domain::obligation::Pending;
use crate::domain::register::Counts;
use crate::domain::resolution::Return;

/// One obligation in a document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterLine {
    /// `II.2/1`.
    pub id: String,
    /// Where it stands in the plan: the task, and the number of the milestone.
    #[serde(default)]
    pub place: (usize, u16),
    /// The milestone's label, or the content of the task.
    pub title: String,
    /// "Nội dung công việc", verbatim.
    #[serde(default)]
    pub content: String,
    /// The milestone's label; empty where the plan names nothing.
    #[serde(default)]
    pub label: String,
    /// "Sản phẩm", verbatim.
    #[serde(default)]
    pub product: String,
    /// "Thời gian hoàn thành", verbatim.
    #[serde(default)]
    pub deadline: String,
    /// The plan's own words for the deadline of the milestone: `trong quý I`.
    #[serde(default)]
    pub written: String,
    /// "Cơ quan phối hợp", verbatim.
    #[serde(default)]
    pub coordinate: String,
    /// Name of the agency.
    pub agency: String,
    /// `done-late`, or `continuous` where none of the four words fits.
    #[serde(default)]
    pub word: String,
    /// Its due day, extensions included.
    #[serde(default)]
    pub due_on: Option<NaiveDate>,
    /// Its due day as the plan first gave it.
    #[serde(default)]
    pub original_due_on: Option<NaiveDate>,
    /// Its due day by the plan as documents have amended it; none where it has no day.
    #[serde(default)]
    pub plan_due_on: Option<NaiveDate>,
    /// By which documents it is not as the plan had it.
    #[serde(default)]
    pub grounds: Vec<RegisterGround>,
    /// Number of the document that gave more time, where there is one.
    #[serde(default)]
    pub extended_by: String,
    /// Day of completion.
    #[serde(default)]
    pub done_on: Option<NaiveDate>,
    /// Working days late.
    #[serde(default)]
    pub days_late: i64,
    /// Numbers of its documents.
    #[serde(default)]
    pub documents: Vec<String>,
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
    /// Where that is a wish for more time that was not granted: when that was decided.
    #[serde(default)]
    pub refused_on: Option<NaiveDate>,
    /// By which document; may be empty.
    #[serde(default)]
    pub refused_by: String,
    /// Whether it is late, nobody answered, and no message ever told its agency of it: that is no silence.
    #[serde(default)]
    pub is_untold: bool,
    /// `extension`, `acceptance` or `reassignment`; empty when it waits for nothing.
    #[serde(default)]
    pub pending: String,
    /// Until when more time is asked for.
    #[serde(default)]
    pub until: Option<NaiveDate>,
    /// From which day it is late, where that is not the due day: it was due before it was followed here, and its agency was
    /// asked until then how it ended.
    #[serde(default)]
    pub asked_by: Option<NaiveDate>,
}

/// What a document changed of an obligation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterGround {
    /// The word of [`Kind`](crate::domain::amendment::Kind).
    pub kind: String,
    /// Its number; empty where the files of the plan name none.
    #[serde(default)]
    pub document: String,
    /// The day on which it was signed.
    #[serde(default)]
    pub signed_on: Option<NaiveDate>,
    /// Name of the agency from which the obligation came, or to which it went.
    #[serde(default)]
    pub agency: String,
}

impl RegisterLine {
    /// One with a note of that kind, on which the template is tried.
    fn noted(kind: amendment::Kind) -> Self {
        Self {
            grounds: vec![RegisterGround {
                kind: kind.as_str().to_owned(),
                document: "1/QĐ".to_owned(),
                signed_on: Some(NaiveDate::default()),
                agency: "A".to_owned(),
            }],
            due_on: Some(NaiveDate::default()),
            extended_by: "2/QĐ".to_owned(),
            pending: Pending::Extension.as_str().to_owned(),
            until: Some(NaiveDate::default()),
            asked_by: Some(NaiveDate::default()),
            is_untold: true,
            takes_back: Some(NaiveDate::default()),
            returned: Some(Return {
                on: NaiveDate::default(),
                reason: "A".to_owned(),
            }),
            refused_on: Some(NaiveDate::default()),
            refused_by: "3/SNV".to_owned(),
            ..Self::default()
        }
    }

    /// The day to which documents have moved the plan's own.
    pub(super) fn amended_due_on(&self) -> Option<NaiveDate> {
        self.plan_due_on
            .filter(|_| self.plan_due_on != self.original_due_on)
    }

    /// Whether it has another day than the plan gives it: more time was given.
    #[must_use]
    pub fn is_extended(&self) -> bool {
        self.due_on != self.plan_due_on.or(self.original_due_on)
    }

    /// What people and plans wrote, each on one line, for a letter.
    pub(super) fn clean(&mut self) {
        self.title = one_line(&self.title);
        self.product = one_line(&self.product);
        self.deadline = one_line(&self.deadline);
        self.written = one_line(&self.written);
        self.quote = quotable(&self.quote);
        clean_return(&mut self.returned);
        for document in &mut self.documents {
            *document = quotable(document);
        }
        for ground in &mut self.grounds {
            ground.document = one_line(&ground.document);
        }
        self.extended_by = one_line(&self.extended_by);
        self.refused_by = one_line(&self.refused_by);
    }
}

/// All that the workbook holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterContext {
    /// The day on whose morning it is told.
    pub today: NaiveDate,
    /// The plan.
    pub plan: PlanRef,
    /// The day of the decision.
    pub issued_on: NaiveDate,
    /// Whose workbook it is.
    pub author: String,
    /// The groups of agencies, in order.
    pub groups: Vec<RegisterGroup>,
}

/// A group of agencies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterGroup {
    /// Its name; empty for the agencies of no group.
    pub name: String,
    /// A shorter name for the sheet, where there is one.
    pub short: String,
    /// Its agencies, each with its numbers.
    pub agencies: Vec<(String, Counts)>,
    /// What they owe, agency by agency.
    pub lines: Vec<RegisterLine>,
}

impl RegisterContext {
    /// A small one, on which the template is tried.
    pub(super) fn example() -> Self {
        Self {
            today: NaiveDate::default(),
            plan: PlanRef {
                number: "1/KH".to_owned(),
                title: "Kế hoạch".to_owned(),
            },
            issued_on: NaiveDate::default(),
            author: String::new(),
            groups: vec![RegisterGroup {
                name: String::new(),
                short: String::new(),
                agencies: Vec::new(),
                lines: amendment::Kind::ALL
                    .into_iter()
                    .map(RegisterLine::noted)
                    .collect(),
            }],
        }
    }
}
