//! The answer to a reply: what was understood, recorded, refused, asked back.
//!
//! Facts only; the words stand in `messages/vi/receipt`. Dates reach the templates as they are, and the filters `short`,
//! `full` and `weekday` write them.

mod item;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::context::{Decider, Reader};
use super::engine::{Messages, value};
use super::problem::RenderError;
use super::render::Rendered;
use super::text::{quotable, settle};
use crate::domain::delivery::Channel;
use crate::domain::obligation::Pending;

pub use item::{AmendedDay, ReceiptHold, ReceiptItem};

/// All that an answer can say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptContext {
    /// The day of the answer.
    pub today: NaiveDate,
    /// To whom.
    pub reader: Reader,
    /// Name of the agency that monitors the plan.
    pub monitor: String,
    /// An id of a task of the reader's, for the examples.
    pub example: String,
    /// Whether others read it too: then what is late is counted and not named (DESIGN rule 16).
    #[serde(default)]
    pub in_group: bool,
    /// What was recorded.
    #[serde(default)]
    pub recorded: Vec<ReceiptRecord>,
    /// Whether it takes the place of what the same message said before it was edited.
    #[serde(default)]
    pub corrects: bool,
    /// Whether the reader can take it back.
    #[serde(default)]
    pub undoable: bool,
    /// What could not be.
    #[serde(default)]
    pub refused: Vec<ReceiptRefusal>,
    /// What is asked back.
    #[serde(default)]
    pub question: Option<ReceiptQuestion>,
    /// Tasks in full.
    #[serde(default)]
    pub shown: Vec<ReceiptItem>,
    /// Tasks in one line each.
    #[serde(default)]
    pub listed: Vec<ReceiptItem>,
    /// How many files the reader has sent of which nobody has said to which task they belong, beside a list.
    #[serde(default)]
    pub homeless: usize,
    /// What else is said.
    #[serde(default)]
    pub note: Option<ReceiptNote>,
    /// Of how many more tasks a summary could tell.
    #[serde(default)]
    pub rest: usize,
    /// What was taken back a moment ago, where that is said.
    #[serde(default)]
    pub undone: Option<ReceiptUndone>,
}

/// What a second "nhầm" finds taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptUndone {
    /// Of which task.
    pub item: ReceiptItem,
    /// At which hour: `09:05`.
    pub at: String,
    /// From which hour on the word takes back what was said before that; empty when nothing is left.
    #[serde(default)]
    pub again: String,
}

/// A statement that was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptRecord {
    /// About which task.
    pub item: ReceiptItem,
    /// What was said.
    pub kind: ReceiptKind,
    /// The day that goes with it: of completion, of the forecast, of the wish, of the next reminder.
    #[serde(default)]
    pub on: Option<NaiveDate>,
    /// Progress in percent.
    #[serde(default)]
    pub percent: Option<u8>,
    /// Number of the document.
    #[serde(default)]
    pub document: Option<String>,
    /// Whether it waits for the monitor.
    #[serde(default)]
    pub waits: bool,
    /// Who decides on the wish, where that is not the monitor as a whole.
    #[serde(default)]
    pub decides: Option<Decider>,
    /// What still waits for a decision, of a report that was taken back.
    #[serde(default)]
    pub awaits: Option<Pending>,
    /// Whether the day had to be moved before the last day.
    #[serde(default)]
    pub capped: bool,
    /// The wish before it whose place it takes.
    #[serde(default)]
    pub replaces: Option<Pending>,
    /// How many files came with it.
    #[serde(default)]
    pub files: usize,
    /// The id of the task from which its files were moved.
    #[serde(default)]
    pub moved_from: String,
    /// The day of completion that was recorded before it was told better.
    #[serde(default)]
    pub was_on: Option<NaiveDate>,
    /// The document that was recorded then.
    #[serde(default)]
    pub was_document: Option<String>,
}

/// What a statement says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReceiptKind {
    /// Completed.
    Done,
    /// Under way.
    Progress,
    /// Prevented.
    Blocked,
    /// More time is asked for.
    Extension,
    /// Somebody else's.
    Reassign,
    /// To be reminded later.
    Snooze,
    /// Given to somebody else in the agency.
    Handed,
    /// A document was added.
    Evidence,
    /// Taken back.
    Undo,
    /// Nothing: the matter is dropped.
    Drop,
}

/// A statement that could not be recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptRefusal {
    /// About which task, where it is one of the reader's.
    #[serde(default)]
    pub item: Option<ReceiptItem>,
    /// What the reader called it.
    #[serde(default)]
    pub named: String,
    /// Why: `already-done`, `not-owed`, …
    pub why: String,
    /// Names of the agencies that have it now, where it was given to others.
    #[serde(default)]
    pub to: String,
    /// Number of the document by which it is not owed.
    #[serde(default)]
    pub document: String,
}

/// What is asked back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptQuestion {
    /// `which`, `sure`, `document`, `until`, `remind-on`.
    pub kind: String,
    /// The words that raised it.
    #[serde(default)]
    pub quote: String,
    /// About which tasks.
    pub items: Vec<ReceiptItem>,
    /// The numbered answers.
    #[serde(default)]
    pub options: Vec<ReceiptOption>,
    /// Whether the words that raised it say more than what is asked about.
    #[serde(default)]
    pub of_part: bool,
    /// Whether it was asked before and still waits.
    #[serde(default)]
    pub again: bool,
    /// How many questions are asked after it.
    #[serde(default)]
    pub more: usize,
    /// The document that is recorded, where it is asked whether another takes its place.
    #[serde(default)]
    pub was_document: String,
    /// The day of completion that is recorded with it.
    #[serde(default)]
    pub was_on: Option<NaiveDate>,
}

/// A numbered answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptOption {
    /// About which task; `None` when it drops the matter or speaks of several.
    #[serde(default)]
    pub item: Option<ReceiptItem>,
    /// What it says.
    pub kind: ReceiptKind,
    /// The day that goes with it.
    #[serde(default)]
    pub on: Option<NaiveDate>,
    /// Number of the document.
    #[serde(default)]
    pub document: Option<String>,
    /// Whether it says what was understood.
    #[serde(default)]
    pub first: bool,
    /// How many answers stand before it.
    #[serde(default)]
    pub after: usize,
    /// How many tasks it stands for that were not offered.
    #[serde(default)]
    pub rest: usize,
    /// What it says of each, where it speaks of several.
    #[serde(default)]
    pub each: Vec<ReceiptOption>,
}

/// What else an answer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReceiptNote {
    /// The chat is linked: what was missed until now is listed.
    Linked,
    /// Seen.
    Thanks,
    /// Nothing was understood.
    NotUnderstood,
    /// How to answer.
    Help,
    /// By which number a listed task is asked about.
    AskByNumber,
    /// Nothing is open.
    NothingOpen,
    /// What is listed is late.
    OnlyLate,
    /// Nothing is late.
    NothingLate,
    /// There is nothing to take back.
    NothingToUndo,
    /// What was said last was taken back a moment ago: nothing more is.
    JustUndone,
    /// What was asked is dropped, and nothing was recorded.
    Dropped,
    /// What was asked is dropped, and what was recorded stands.
    Kept,
    /// A number alone, that of a document or of a place in a list.
    BareNumber,
    /// No number yet: it may come later.
    NumberLater,
    /// Nothing is asked that could be dropped.
    NothingAsked,
    /// A button that no longer counts.
    OldButton,
    /// The day that was named is in no calendar.
    NoSuchDay,
    /// Why more time is asked for is kept; until when is still asked.
    ReasonKept,
    /// There are no files that could be put somewhere.
    NoFiles,
    /// The files that came last belong to that task already.
    FilesThere,
    /// What was recorded of many messages at once.
    SummedUp,
}

#[derive(Serialize)]
struct View<'a> {
    #[serde(flatten)]
    context: &'a ReceiptContext,
    buttons: bool,
}

#[derive(Serialize)]
struct ChoiceView<'a> {
    option: &'a ReceiptOption,
    kind: &'a str,
    today: NaiveDate,
}

impl ReceiptContext {
    /// What people and plans wrote, each on one line.
    fn cleaned(&self) -> Self {
        let mut clean = self.clone();
        let items = clean
            .recorded
            .iter_mut()
            .map(|one| &mut one.item)
            .chain(clean.refused.iter_mut().filter_map(|one| one.item.as_mut()))
            .chain(&mut clean.shown)
            .chain(&mut clean.listed);
        for item in items {
            item.clean();
        }
        for refused in &mut clean.refused {
            refused.named = quotable(&refused.named);
        }
        if let Some(question) = &mut clean.question {
            question.quote = quotable(&question.quote);
            question.items.iter_mut().for_each(ReceiptItem::clean);
            for option in &mut question.options {
                let items = option.each.iter_mut().map(|one| &mut one.item);
                let items = items.chain([&mut option.item]);
                items.flatten().for_each(ReceiptItem::clean);
            }
        }
        clean
    }
}

impl Messages {
    /// Renders an answer for a channel, with the labels of its buttons in the order of the options.
    ///
    /// # Errors
    /// A template reads what does not exist; [`Messages::check`] finds that before anything is sent.
    pub fn render_receipt(
        &self,
        context: &ReceiptContext,
        channel: Channel,
    ) -> Result<(Rendered, Vec<String>), RenderError> {
        let context = context.cleaned();
        let view = value(&View {
            context: &context,
            buttons: has_buttons(channel),
        });
        let rendered = self.render_kind("receipt", &view, channel)?;
        let mut labels = Vec::new();
        if let Some(question) = &context.question {
            for option in &question.options {
                let choice = value(&ChoiceView {
                    option,
                    kind: &question.kind,
                    today: context.today,
                });
                labels.push(settle(&self.render("receipt/choice.txt.j2", &choice)?));
            }
        }
        Ok((rendered, labels))
    }
}

/// Whether a channel shows buttons; elsewhere people answer with numbers.
#[must_use]
pub fn has_buttons(channel: Channel) -> bool {
    channel == Channel::Telegram
}

#[cfg(test)]
mod tests;
