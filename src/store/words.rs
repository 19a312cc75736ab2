//! Enums of the domain as words in a column, and back.

use std::fmt::Display;

use super::error::StoreError;
use crate::domain::delivery::Channel;
use crate::domain::directory::Role;
use crate::domain::ids::ContactId;
use crate::domain::ladder::Audience;
use crate::domain::obligation::State;
use crate::domain::plan::MilestoneKind;

/// Where a value was read, for the message when it makes no sense.
pub(super) struct Cell<'a, Row> {
    pub table: &'static str,
    pub row: &'a Row,
    pub column: &'static str,
}

impl<Row: Display> Cell<'_, Row> {
    /// The value, or an error that names the cell.
    pub(super) fn read<T>(&self, text: &str, value: Option<T>) -> Result<T, StoreError> {
        value.ok_or_else(|| StoreError::BadValue {
            table: self.table,
            row: self.row.to_string(),
            column: self.column,
            value: shown(text),
        })
    }
}

/// The beginning of a value: a row may hold a whole message of somebody.
fn shown(text: &str) -> String {
    const LONGEST: usize = 60;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    text.chars().take(LONGEST).chain(['…']).collect()
}

pub(super) fn find_state(word: &str) -> Option<State> {
    State::ALL.into_iter().find(|state| state.as_str() == word)
}

pub(super) fn find_kind(word: &str) -> Option<MilestoneKind> {
    use MilestoneKind::{Continuous, Due, Event};
    [Due, Continuous, Event]
        .into_iter()
        .find(|kind| kind.as_str() == word)
}

pub(super) fn find_role(word: &str) -> Option<Role> {
    use Role::{Deputy, Head, Officer};
    [Head, Deputy, Officer]
        .into_iter()
        .find(|role| role.as_str() == word)
}

pub(super) fn find_audience(word: &str) -> Option<Audience> {
    Audience::ALL
        .into_iter()
        .find(|audience| audience.as_str() == word)
}

pub(super) fn channels_text(channels: &[Channel]) -> String {
    channels
        .iter()
        .map(|channel| channel.as_str())
        .collect::<Vec<_>>()
        .join(",")
}

pub(super) fn find_channels(text: &str) -> Option<Vec<Channel>> {
    text.split(',')
        .filter(|word| !word.is_empty())
        .map(Channel::find)
        .collect()
}

/// Who did something, in the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Dondoc by itself.
    System,
    /// Whoever sits at the command line.
    Operator,
    /// A contact, by a reply.
    Contact(ContactId),
}

const CONTACT: &str = "contact:";

pub(super) fn actor_text(actor: &Actor) -> String {
    match actor {
        Actor::System => "system".to_owned(),
        Actor::Operator => "operator".to_owned(),
        Actor::Contact(contact) => format!("{CONTACT}{contact}"),
    }
}

pub(super) fn find_actor(text: &str) -> Option<Actor> {
    match text {
        "system" => Some(Actor::System),
        "operator" => Some(Actor::Operator),
        _ => text
            .strip_prefix(CONTACT)
            .map(|contact| Actor::Contact(contact.into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back() {
        for state in [
            State::Asleep,
            State::Open,
            State::Done,
            State::Suspended,
            State::Cancelled,
        ] {
            assert_eq!(find_state(state.as_str()), Some(state));
        }
        assert_eq!(
            find_channels(&channels_text(&Channel::ALL)),
            Some(Channel::ALL.to_vec())
        );
        assert_eq!(find_channels(""), Some(Vec::new()));
        assert_eq!(find_channels("email,pigeon"), None);
        for actor in [
            Actor::System,
            Actor::Operator,
            Actor::Contact("system".into()),
        ] {
            assert_eq!(find_actor(&actor_text(&actor)), Some(actor));
        }
        assert_eq!(find_actor("nobody"), None);
    }
}
