//! A task as an answer names it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::super::text::{one_line, quotable};
use crate::domain::obligation::{Pending, Standing};

/// The document by which something is not owed now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptHold {
    /// Whether it only rests.
    pub rests: bool,
    /// To whom it was given; may be empty.
    #[serde(default)]
    pub to: String,
    /// The number of the document; may be empty.
    #[serde(default)]
    pub document: String,
}

/// The day to which a document has moved that of the plan: no extension, for nobody asked for it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AmendedDay {
    /// The day.
    pub on: NaiveDate,
    /// Number of the document; may be empty.
    #[serde(default)]
    pub by: String,
}

/// A task as an answer names it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptItem {
    /// What people answer with: `II.2`, `II.2/1`.
    pub id: String,
    /// The milestone's label, or the content of the task.
    pub title: String,
    /// The plan's own words for the deadline.
    #[serde(default)]
    pub written: String,
    /// Last compliant day.
    #[serde(default)]
    pub due_on: Option<NaiveDate>,
    /// The day that the plan gave, where it is due on another one by now.
    #[serde(default)]
    pub extended_from: Option<NaiveDate>,
    /// The day to which a document has moved the plan's own.
    #[serde(default)]
    pub amended: Option<AmendedDay>,
    /// The last day until which it can be put off.
    #[serde(default)]
    pub latest: Option<NaiveDate>,
    /// The official word, where it has a due day.
    #[serde(default)]
    pub standing: Option<Standing>,
    /// What waits for a decision.
    #[serde(default)]
    pub awaits: Option<Pending>,
    /// By what it is not owed now.
    #[serde(default)]
    pub held: Option<ReceiptHold>,
    /// What has to come of it.
    #[serde(default)]
    pub product: String,
    /// The lead cell, verbatim.
    #[serde(default)]
    pub lead: String,
    /// The co-ordinating agencies, verbatim.
    #[serde(default)]
    pub coordinators: String,
    /// What was said of it last.
    #[serde(default)]
    pub said: String,
}

impl ReceiptItem {
    pub(in crate::messages) fn clean(&mut self) {
        for text in [
            &mut self.title,
            &mut self.written,
            &mut self.product,
            &mut self.lead,
            &mut self.coordinators,
        ] {
            *text = one_line(text);
        }
        self.said = quotable(&self.said);
    }
}
