//! An obligation, a statement, who said it and on which day -> what changes, and what is answered.
//!
//! Pure: [`decide`] is given all that it may know and answers with a [`Decision`]; whoever calls it stores the changes,
//! the question and the answer in one transaction. It guards the rule that nobody acts for another agency (what is not
//! among [`Situation::owed`] does not exist here), that a false "done" is the worst error (in doubt it asks), and that
//! a button belongs to one state of one obligation.

mod act;
mod answer;
mod asked;
mod asking;
mod at_once;
mod belated;
mod beside;
mod choose;
mod command;
mod confirmed;
mod content;
mod conversation;
mod correct;
mod denied;
mod early;
mod following;
mod going_on;
mod hear;
mod in_order;
mod in_time;
mod in_words;
mod inform;
mod numbered;
mod of_list;
mod plans;
mod proof;
mod question;
mod reading;
mod said;
mod situation;
mod spoken;
mod state;
mod stretch;
mod undo;
mod verdict;
mod which;

pub use act::{Act, Change, Evidence, Stand, What};
pub use answer::{Answer, Decision, Moves, Note, Recorded, Refused, Was, Why};
pub use command::{Command, parse_command};
pub use conversation::{decide, decide_choice, decide_command, welcome};
pub use correct::{Earlier, correct};
pub use hear::hear;
pub use numbered::parse_number;
pub use plans::under_named_plan;
pub use question::{Question, QuestionKind};
pub use reading::Reading;
pub use situation::{Claim, Owed, OwnChange, Sent, Situation, TWICE_SECONDS, UNDO_DAYS};

#[cfg(test)]
mod tests;
