//! What the bot asks back.

use serde::{Deserialize, Serialize};

use super::act::Act;
use crate::domain::ids::ObligationId;

/// A question to a person. Stored as JSON for a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// What is asked.
    pub kind: QuestionKind,
    /// About which obligations.
    pub about: Vec<ObligationId>,
    /// The words that raised it.
    pub quote: String,
    /// What each numbered answer says; one without acts drops the matter, or goes on to the rest.
    pub options: Vec<Vec<Act>>,
    /// What may be meant as well and was not offered, as it is a long list: the most urgent first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rest: Vec<ObligationId>,
    /// The list that was shown before it, which numbers of tasks go on to mean.
    #[serde(default)]
    pub listed: Vec<ObligationId>,
    /// Whether the words that raised it say more than what is asked about.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub of_part: bool,
    /// Whether that list was shown after it: then a bare number is one of the list's, and no answer of its own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub below_list: bool,
    /// What is asked after it, in this order: the same words, or earlier ones, left that open as well.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub then: Vec<Question>,
    /// What its buttons carry; empty until it has been put.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub token: String,
}

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuestionKind {
    /// Which task is meant: one option each, and one without acts for the rest.
    Which,
    /// Whether it was understood right: what was understood, what else it may be, something else.
    Sure,
    /// Whether a completion of which only the month is told was in time: it was, it was late, or neither is meant.
    InTime,
    /// Whether a completion that is recorded is to be taken back, as it is said not to be one: yes, or it stands.
    TakeBack,
    /// Whether the number of a document takes the place of the one that is recorded: it does, it is added, or neither.
    Replace,
    /// The number of the document: answered in words.
    Document,
    /// Until when more time is wanted: answered in words.
    Until,
    /// On which day to remind: answered in words.
    RemindOn,
    /// Nothing: a list was shown, whose numbers may be used.
    Listed,
}

impl Question {
    /// A question that those words raised, to be answered in words.
    #[must_use]
    pub fn new(kind: QuestionKind, about: Vec<ObligationId>, quote: &str) -> Self {
        Self {
            kind,
            about,
            quote: quote.to_owned(),
            options: Vec::new(),
            rest: Vec::new(),
            listed: Vec::new(),
            of_part: false,
            below_list: false,
            then: Vec::new(),
            token: String::new(),
        }
    }

    /// No question: what was listed.
    #[must_use]
    pub fn listing(listed: Vec<ObligationId>) -> Self {
        Self {
            listed,
            ..Self::new(QuestionKind::Listed, Vec::new(), "")
        }
    }

    /// What numbers of tasks mean while it waits: its own numbered tasks, or the list that is shown beside it.
    #[must_use]
    pub fn numbered(&self) -> &[ObligationId] {
        if self.kind == QuestionKind::Which && !self.below_list {
            &self.about
        } else {
            &self.listed
        }
    }

    /// How many answers, the first ones, say something of a task.
    #[must_use]
    pub fn offered(&self) -> usize {
        self.options
            .iter()
            .take_while(|acts| !acts.is_empty())
            .count()
    }

    /// The same with that one of the questions behind it, from 0, before all others.
    #[must_use]
    pub fn with_first(&self, place: usize) -> Option<Self> {
        let mut behind = self.clone();
        let mut then = std::mem::take(&mut behind.then);
        if place >= then.len() {
            return None;
        }
        let mut first = then.remove(place);
        first.then = std::iter::once(behind).chain(then).collect();
        Some(first)
    }

    /// Whether it is the same question, put once more.
    #[must_use]
    pub fn is_again(&self, before: &Self) -> bool {
        (self.kind, &self.about, &self.options) == (before.kind, &before.about, &before.options)
    }

    /// The option of a numbered answer, from 1.
    #[must_use]
    pub fn option(&self, number: usize) -> Option<&[Act]> {
        self.options.get(number.checked_sub(1)?).map(Vec::as_slice)
    }
}
