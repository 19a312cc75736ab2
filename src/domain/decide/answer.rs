//! What is answered, as facts; the words are in `messages/`.

use chrono::NaiveDate;

use super::act::{Change, What};
use super::going_on::queue;
use super::question::Question;
use crate::domain::ids::ObligationId;
use crate::domain::obligation::Pending;

/// What follows from a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    /// What changes, in the order in which it was said.
    pub changes: Vec<Change>,
    /// What is answered.
    pub answer: Answer,
    /// Whether an earlier question no longer waits.
    pub forgets: bool,
    /// Whether those behind it wait no longer either.
    pub forgets_rest: bool,
    /// Files that belong to another obligation than was taken for granted.
    pub moves: Option<Moves>,
    /// The words by which it was said, where a choice among answers only tells what they meant.
    pub quote: Option<String>,
}

impl Decision {
    /// What follows from other words of the same message as well.
    pub(super) fn add(&mut self, other: Self) {
        let Answer {
            recorded,
            refused,
            question,
            shown,
            listed,
            note,
            ..
        } = other.answer;
        self.changes.extend(other.changes);
        self.forgets |= other.forgets;
        let answer = &mut self.answer;
        answer.recorded.extend(recorded);
        answer.refused.extend(refused);
        answer.shown.extend(shown);
        answer.listed.extend(listed);
        answer.note = answer.note.or(note);
        if let Some(question) = question {
            queue(&mut answer.question, question);
        }
    }
}

/// Files that are put elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moves {
    /// The lines in the ledger by which they came: an album may have come by several.
    pub events: Vec<i64>,
    /// To which obligation they belonged.
    pub from: ObligationId,
    /// To which they belong.
    pub to: ObligationId,
}

/// What is answered to a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// What was understood and recorded.
    pub recorded: Vec<Recorded>,
    /// Whether it takes the place of what the same message said before it was edited.
    pub corrects: bool,
    /// What was understood and cannot be.
    pub refused: Vec<Refused>,
    /// What is asked back.
    pub question: Option<Question>,
    /// Whether that was asked before and still waits: it is told in a line below what else is answered.
    pub again: bool,
    /// Obligations that the person wants to know about, in full.
    pub shown: Vec<ObligationId>,
    /// Obligations that the person wants listed, a line each.
    pub listed: Vec<ObligationId>,
    /// What else is said.
    pub note: Option<Note>,
}

/// A statement that was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// About which obligation.
    pub obligation: ObligationId,
    /// What.
    pub what: What,
    /// Whether the reminder day that was asked for lay past the last day and was moved before it.
    pub capped: bool,
    /// The earlier wish that waited for a decision and whose place it takes.
    pub replaces: Option<Pending>,
    /// How many files came with it.
    pub files: usize,
    /// What was recorded before of a completion, whose place it takes.
    pub was: Option<Was>,
    /// From which obligation its files were moved.
    pub moved_from: Option<ObligationId>,
}

/// A completion as it was recorded before its day or its document was told better.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Was {
    /// The day of completion.
    pub on: NaiveDate,
    /// Number of the document that was named for it.
    pub document: Option<String>,
}

/// A statement that cannot be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// About which obligation; `None` where it named something that this agency does not owe.
    pub obligation: Option<ObligationId>,
    /// What the person called it.
    pub named: String,
    /// Why.
    pub why: Why,
}

/// Why a statement cannot be recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// This agency owes nothing of that name.
    NotOwed,
    /// It is done already.
    AlreadyDone,
    /// It was cancelled or suspended by a document.
    Held,
    /// It waits for an event.
    Asleep,
    /// A completion that lies before the plan.
    BeforePlan,
    /// A new deadline that is not later than the present one.
    NotLater,
    /// A reminder cannot be put off past the last day.
    TooLateToSnooze,
    /// A task without a deadline has nothing to put off or extend.
    NoDeadline,
    /// It changed since the button or the question was shown.
    ChangedSince,
    /// The sender has changed nothing of it that could be taken back.
    NothingToUndo,
    /// Its officers' reminders are not a head's to put off, and what climbs to a head is put off by nobody.
    NotForHeads,
}

/// What else an answer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// The chat is linked with whoever writes.
    Linked,
    /// Seen.
    Thanks,
    /// Nothing could be understood.
    NotUnderstood,
    /// How to answer.
    Help,
    /// By which number a listed task is asked about.
    AskByNumber,
    /// Nothing is open for this agency.
    NothingOpen,
    /// What is listed is late, and not all that is open.
    OnlyLate,
    /// Nothing is late.
    NothingLate,
    /// There is no change to take back.
    NothingToUndo,
    /// What was changed last was taken back a moment ago: nothing more is.
    JustUndone,
    /// What was asked is dropped, and nothing is recorded.
    Dropped,
    /// What was asked is dropped; what was recorded before stands.
    Kept,
    /// A number alone, that of a document or of a place in a list.
    BareNumber,
    /// There is no number yet: it may come later.
    NumberLater,
    /// Nothing is asked that could be dropped.
    NothingAsked,
    /// A button whose question was answered, or waits no longer.
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
    SummedUp {
        /// Of how many more tasks something was recorded.
        rest: usize,
    },
}
