//! What the monitor has decided, told at once to those who wait for it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::context::{Answers, Reader};
use super::engine::{Messages, value};
use super::problem::RenderError;
use super::receipt::ReceiptItem;
use super::render::Rendered;
use super::text::quotable;
use crate::domain::delivery::Channel;

/// All that a decision can say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionContext {
    /// The day of the decision.
    pub today: NaiveDate,
    /// To whom it is told.
    pub reader: Reader,
    /// Name of the agency that has decided.
    pub office: String,
    /// `extended`, `extension-refused`, `accepted`, `returned`, `decision-revoked`.
    pub kind: String,
    /// Of a decision that is taken back: what it was.
    #[serde(default)]
    pub revoked: String,
    /// About which task, as it stands now.
    pub item: ReceiptItem,
    /// When it was due before.
    #[serde(default)]
    pub was_due_on: Option<NaiveDate>,
    /// The day of completion that was accepted.
    #[serde(default)]
    pub done_on: Option<NaiveDate>,
    /// Why; may be empty.
    #[serde(default)]
    pub reason: String,
    /// Number of the document by which it was decided; may be empty.
    #[serde(default)]
    pub document: String,
    /// What still waits for a decision of another kind: `acceptance`, `reassignment`; may be empty.
    #[serde(default)]
    pub still_waits: String,
    /// Where what the reader answers is read.
    #[serde(default)]
    pub answers: Answers,
}

impl Messages {
    /// Renders a decision for a channel.
    ///
    /// # Errors
    /// A template reads what does not exist; [`Messages::check`] finds that before anything is sent.
    pub fn render_decision(
        &self,
        context: &DecisionContext,
        channel: Channel,
    ) -> Result<Rendered, RenderError> {
        let mut clean = context.clone();
        clean.item.clean();
        clean.reason = quotable(&clean.reason);
        clean.document = quotable(&clean.document);
        self.render_kind("decision", &value(&clean), channel)
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::super::tests::{assert_well_written, snapshot};
    use super::*;

    #[test]
    fn every_sample_of_a_decision_reads_well() {
        let messages = Messages::load(None).unwrap();
        let mut shown = String::new();
        for (name, context) in &messages.samples.decisions {
            let mail = messages.render_decision(context, Channel::Email).unwrap();
            let subject = mail.subject.unwrap();
            let chat = messages.render_decision(context, Channel::ZaloBot).unwrap();
            assert_well_written(&format!("{name} subject"), &subject);
            assert_well_written(&format!("{name} mail"), &mail.text);
            assert_well_written(&format!("{name} chat"), &chat.text);
            let _ = write!(
                shown,
                "##### {name}\nSubject: {subject}\n\n{}\n\n=== Zalo\n{}\n\n",
                mail.text, chat.text
            );
        }
        snapshot("decisions", &shown);
    }
}
