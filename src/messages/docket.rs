//! What one of the monitor reads who decides in a chat: a case with what is offered on it, and what was decided.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::context::{Decider, Reader};
use super::engine::{Messages, value};
use super::problem::RenderError;
use super::receipt::{ReceiptItem, has_buttons};
use super::render::Rendered;
use super::text::{quotable, settle};
use crate::domain::delivery::Channel;

/// All that can be said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocketContext {
    /// The day of the answer.
    pub today: NaiveDate,
    /// To whom.
    pub reader: Reader,
    /// Name of the agency that monitors the plan.
    pub monitor: String,
    /// What was decided.
    #[serde(default)]
    pub recorded: Option<DocketRecord>,
    /// What could not be.
    #[serde(default)]
    pub refused: Option<DocketRefusal>,
    /// How something stands that is not as it was offered.
    #[serde(default)]
    pub stands: Option<DocketStand>,
    /// The case that is shown or asked about.
    #[serde(default)]
    pub card: Option<DocketCard>,
    /// What is wanted on it: `choice`, `day`, `reason`.
    #[serde(default)]
    pub wants: String,
    /// Whether what was written is not what was asked for.
    #[serde(default)]
    pub unclear: bool,
    /// The day that was written where a reason was wanted.
    #[serde(default)]
    pub day: Option<NaiveDate>,
    /// The numbered answers.
    #[serde(default)]
    pub choices: Vec<DocketChoice>,
    /// How many wait still when the last was shown.
    #[serde(default)]
    pub later: usize,
    /// What else is said.
    #[serde(default)]
    pub note: Option<DocketNote>,
    /// What waits for others, where nothing waits for the reader.
    #[serde(default)]
    pub elsewhere: Vec<DocketElsewhere>,
    /// The hour at which the last decision was taken back a moment ago, where that is said: `09:05`.
    #[serde(default)]
    pub revoked_at: String,
}

/// What was decided.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocketRecord {
    /// Of which task, as it stands now.
    pub item: ReceiptItem,
    /// Whose.
    pub agency: String,
    /// The word of the event.
    pub kind: String,
    /// The word of the event that is taken back.
    #[serde(default)]
    pub revoked: String,
    /// When it was due before.
    #[serde(default)]
    pub was_due_on: Option<NaiveDate>,
    /// The day of completion.
    #[serde(default)]
    pub done_on: Option<NaiveDate>,
    /// Why.
    #[serde(default)]
    pub reason: String,
    /// Who is told at once, by title.
    #[serde(default)]
    pub told: Vec<String>,
}

/// What waits for somebody else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocketElsewhere {
    /// How many.
    pub count: usize,
    /// For whom.
    pub decides: Decider,
}

/// What could not be decided.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocketRefusal {
    /// Of which task.
    #[serde(default)]
    pub item: ReceiptItem,
    /// Whose.
    #[serde(default)]
    pub agency: String,
    /// What the reader called it.
    #[serde(default)]
    pub named: String,
    /// Who decides, where the reader does not.
    #[serde(default)]
    pub decides: Option<Decider>,
    /// Why: `too-late`, `too-often`, …
    pub why: String,
    /// The day that goes with it.
    #[serde(default)]
    pub on: Option<NaiveDate>,
    /// How often it was extended.
    #[serde(default)]
    pub times: Option<u32>,
}

/// How something stands now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocketStand {
    /// The task.
    pub item: ReceiptItem,
    /// Whose.
    pub agency: String,
    /// The last decision on it, by the word of its event, or `amended`; empty when neither came last.
    #[serde(default)]
    pub kind: String,
    /// Who took it, by title.
    #[serde(default)]
    pub by: String,
    /// On which day.
    #[serde(default)]
    pub on: Option<NaiveDate>,
    /// Why, in the words of who decided.
    #[serde(default)]
    pub reason: String,
    /// Number of the document by which it was decided or changed.
    #[serde(default)]
    pub document: String,
}

/// A case that waits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocketCard {
    /// The task.
    pub item: ReceiptItem,
    /// Whose.
    pub agency: String,
    /// `extension` or `acceptance`.
    pub asks: String,
    /// The day that is asked for, or that of the claimed completion.
    #[serde(default)]
    pub on: Option<NaiveDate>,
    /// Number of the document that was named.
    #[serde(default)]
    pub document: String,
    /// Who asks, by title.
    #[serde(default)]
    pub by: String,
    /// On which day.
    #[serde(default)]
    pub said_on: Option<NaiveDate>,
    /// In which words.
    #[serde(default)]
    pub quote: String,
    /// How often it was extended.
    #[serde(default)]
    pub extended: u32,
    /// When it was due by the plan.
    #[serde(default)]
    pub original: Option<NaiveDate>,
    /// How often the plan allows it to be extended.
    #[serde(default)]
    pub most: Option<u32>,
    /// The last day that the plan allows.
    #[serde(default)]
    pub latest: Option<NaiveDate>,
    /// Which of those that wait it is, from 1.
    pub at: usize,
    /// How many wait.
    pub of: usize,
}

/// A numbered answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocketChoice {
    /// By which number it is chosen.
    pub number: usize,
    /// `grant`, `other-day`, `decline`, `later`.
    pub kind: String,
    /// What the case asks: `extension` or `acceptance`.
    pub asks: String,
    /// The day that is asked for.
    #[serde(default)]
    pub on: Option<NaiveDate>,
}

/// What else is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocketNote {
    /// Nothing waits.
    NothingWaits,
    /// The last case was shown.
    End,
    /// An edited message decides nothing.
    Edit,
    /// Nothing is decided in a group.
    Private,
    /// What was decided last was taken back a moment ago: nothing more is.
    JustRevoked,
    /// What was asked is dropped.
    Dropped,
}

#[derive(Serialize)]
struct View<'a> {
    #[serde(flatten)]
    context: &'a DocketContext,
    buttons: bool,
}

#[derive(Serialize)]
struct ChoiceView<'a> {
    choice: &'a DocketChoice,
    today: NaiveDate,
}

impl DocketContext {
    /// What people and plans wrote, each on one line.
    fn cleaned(&self) -> Self {
        let mut clean = self.clone();
        if let Some(one) = &mut clean.recorded {
            one.item.clean();
            one.reason = quotable(&one.reason);
        }
        if let Some(one) = &mut clean.refused {
            one.item.clean();
            one.named = quotable(&one.named);
        }
        if let Some(one) = &mut clean.stands {
            one.item.clean();
        }
        if let Some(one) = &mut clean.card {
            one.item.clean();
            one.quote = quotable(&one.quote);
            one.document = quotable(&one.document);
        }
        clean
    }
}

impl Messages {
    /// Renders it for a channel, with the labels of its buttons in the order of the choices.
    ///
    /// # Errors
    /// A template reads what does not exist; [`Messages::check`] finds that before anything is sent.
    pub fn render_docket(
        &self,
        context: &DocketContext,
        channel: Channel,
    ) -> Result<(Rendered, Vec<String>), RenderError> {
        let context = context.cleaned();
        let view = value(&View {
            context: &context,
            buttons: has_buttons(channel),
        });
        let rendered = self.render_kind("docket", &view, channel)?;
        let label = |choice| {
            let view = value(&ChoiceView {
                choice,
                today: context.today,
            });
            Ok(settle(&self.render("docket/choice.txt.j2", &view)?))
        };
        let labels = context.choices.iter().map(label);
        Ok((rendered, labels.collect::<Result<_, RenderError>>()?))
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::super::Limit;
    use super::super::tests::{assert_well_written, snapshot};
    use super::*;

    #[test]
    fn every_sample_of_a_docket_reads_well_on_every_channel() {
        let messages = Messages::load(None).unwrap();
        let mut shown = String::new();
        for (name, context) in &messages.samples.dockets {
            let (mail, _) = messages.render_docket(context, Channel::Email).unwrap();
            let subject = mail.subject.unwrap();
            let (chat, labels) = messages.render_docket(context, Channel::Telegram).unwrap();
            let (zalo, _) = messages.render_docket(context, Channel::ZaloBot).unwrap();
            assert_well_written(&format!("{name} subject"), &subject);
            assert_well_written(&format!("{name} mail"), &mail.text);
            assert_well_written(&format!("{name} chat"), &chat.text);
            assert!(Limit::of(Channel::ZaloBot).admits(&zalo.text), "{name}");
            assert_eq!(labels.len(), context.choices.len(), "{name}");
            let _ = write!(
                shown,
                "##### {name}\nSubject: {subject}\n\n{}\n\n=== Telegram\n{}\n",
                mail.text, chat.text
            );
            for label in labels {
                assert_well_written(&format!("{name} button"), &label);
                assert!(label.chars().count() <= 40, "{name}: {label}");
                let _ = writeln!(shown, "[{label}]");
            }
            shown.push('\n');
        }
        snapshot("dockets", &shown);
    }
}
