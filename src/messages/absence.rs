//! What somebody reads who said that they will be away.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::context::Reader;
use super::engine::{Messages, value};
use super::problem::RenderError;
use super::receipt::has_buttons;
use super::render::Rendered;
use super::text::settle;
use crate::domain::delivery::Channel;

/// All that can be said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AbsenceContext {
    /// The day of the answer.
    pub today: NaiveDate,
    /// To whom.
    pub reader: Reader,
    /// Name of the agency that monitors the plan.
    pub monitor: String,
    /// What is said.
    pub kind: AbsenceKind,
    /// First day.
    #[serde(default)]
    pub from: Option<NaiveDate>,
    /// Last day.
    #[serde(default)]
    pub to: Option<NaiveDate>,
    /// The numbered answers.
    #[serde(default)]
    pub options: Vec<AbsenceOption>,
    /// Who hears instead, by title.
    #[serde(default)]
    pub others: Vec<String>,
    /// First and last day of what was known of the same days before.
    #[serde(default)]
    pub replaced: Vec<(NaiveDate, NaiveDate)>,
    /// The days on which who was to stand in is away too.
    #[serde(default)]
    pub gaps: Vec<AbsenceGap>,
}

/// Some days on which somebody is away, and so is who was to stand in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AbsenceGap {
    /// Whether the reader named the deputy; else the reader is that deputy.
    pub is_own: bool,
    /// Title of the other of the two.
    pub title: String,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Who hears then, by title.
    #[serde(default)]
    pub others: Vec<String>,
}

/// What is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AbsenceKind {
    /// Who stands in is asked.
    Asks,
    /// It is noted.
    Recorded,
    /// The reader is back.
    Back,
    /// No absence is known.
    NotAway,
    /// The days make no sense.
    BadDays,
    /// The last day lies too far ahead: `to` is the latest that may be.
    TooLong,
    /// How to say it.
    How,
    /// Whether it is the reader who is away, or somebody else.
    Whose,
    /// What was asked is dropped.
    Dropped,
}

/// A numbered answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AbsenceOption {
    /// `deputy`, `others`, `drop`.
    pub kind: String,
    /// Title of the deputy.
    #[serde(default)]
    pub title: String,
}

#[derive(Serialize)]
struct View<'a> {
    #[serde(flatten)]
    context: &'a AbsenceContext,
    buttons: bool,
}

#[derive(Serialize)]
struct ChoiceView<'a> {
    option: &'a AbsenceOption,
}

impl Messages {
    /// Renders it for a channel, with the labels of its buttons in the order of the options.
    ///
    /// # Errors
    /// A template reads what does not exist; [`Messages::check`] finds that before anything is sent.
    pub fn render_absence(
        &self,
        context: &AbsenceContext,
        channel: Channel,
    ) -> Result<(Rendered, Vec<String>), RenderError> {
        let view = value(&View {
            context,
            buttons: has_buttons(channel),
        });
        let rendered = self.render_kind("absence", &view, channel)?;
        let label = |option| {
            let view = value(&ChoiceView { option });
            Ok(settle(&self.render("absence/choice.txt.j2", &view)?))
        };
        let labels = context.options.iter().map(label);
        Ok((rendered, labels.collect::<Result<_, RenderError>>()?))
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::super::tests::{assert_well_written, snapshot};
    use super::*;

    #[test]
    fn every_sample_of_an_absence_reads_well_on_every_channel() {
        let messages = Messages::load(None).unwrap();
        let mut shown = String::new();
        for (name, context) in &messages.samples.absences {
            let (mail, _) = messages.render_absence(context, Channel::Email).unwrap();
            let (chat, labels) = messages.render_absence(context, Channel::Telegram).unwrap();
            assert_well_written(&format!("{name} mail"), &mail.text);
            assert_well_written(&format!("{name} chat"), &chat.text);
            let subject = mail.subject.unwrap();
            let _ = write!(
                shown,
                "##### {name}\nSubject: {subject}\n\n{}\n\n=== Telegram\n{}\n",
                mail.text, chat.text
            );
            for label in labels {
                assert_well_written(&format!("{name} button"), &label);
                assert!(label.chars().count() <= 64, "{name}: {label}");
                let _ = writeln!(shown, "[{label}]");
            }
            shown.push('\n');
        }
        snapshot("absences", &shown);
    }
}
