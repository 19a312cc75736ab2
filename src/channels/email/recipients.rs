//! Whether the relay's word is believed that a recipient does not exist.
//!
//! A relay whose directory is away, or that was set up wrongly, says of everybody what another says of one who left. So
//! nobody is given up at the first word: the same recipient is asked for once more, and is believed to be gone only if the
//! relay takes others meanwhile, or nobody else was refused beside it. Several refused in a row are the relay's trouble.

use std::collections::{HashMap, HashSet};

/// So many different recipients refused with none taken between them are no accident.
const MANY: usize = 3;

/// What to make of a refused recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Belief {
    /// Ask for it once more.
    AskAgain,
    /// It does not exist.
    Gone,
    /// The relay refuses everybody.
    RefusesAll,
}

/// The last answer about each recipient since the start.
#[derive(Debug, Default)]
pub(super) struct Recipients {
    /// Counts the answers.
    answers: u64,
    /// Those refused last, with the number of the first refusal.
    refused: HashMap<String, u64>,
    /// Those taken last, with the number of that answer.
    taken: HashMap<String, u64>,
    /// Those refused since the last one was taken.
    row: HashSet<String>,
}

impl Recipients {
    pub(super) fn took(&mut self, recipient: &str) {
        self.answers += 1;
        self.row.clear();
        self.refused.remove(recipient);
        self.taken.insert(recipient.to_owned(), self.answers);
    }

    pub(super) fn refused(&mut self, recipient: &str) -> Belief {
        self.answers += 1;
        self.row.insert(recipient.to_owned());
        self.taken.remove(recipient);
        let before = self.refused.get(recipient).copied();
        self.refused
            .entry(recipient.to_owned())
            .or_insert(self.answers);
        let most_were_taken_since = before.is_some_and(|first| {
            let taken = self.taken.values().filter(|number| **number > first);
            taken.count() >= self.refused.len()
        });
        let alone = before.is_some() && self.refused.len() < MANY;
        if most_were_taken_since || alone {
            self.refused.remove(recipient);
            self.row.remove(recipient);
            return Belief::Gone;
        }
        if self.row.len() < MANY {
            Belief::AskAgain
        } else {
            Belief::RefusesAll
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(count: usize) -> Vec<String> {
        (0..count).map(|n| format!("r{n}@x.example")).collect()
    }

    #[test]
    fn one_recipient_refused_twice_is_gone() {
        let mut known = Recipients::default();
        assert_eq!(known.refused("a@x.example"), Belief::AskAgain);
        assert_eq!(known.refused("a@x.example"), Belief::Gone);
    }

    #[test]
    fn whoever_is_refused_while_others_are_taken_is_gone() {
        let mut known = Recipients::default();
        let (people, gone) = (names(20), ["a", "b", "c", "d"]);
        for one in gone {
            known.refused(one);
        }
        for one in &people {
            known.took(one);
        }
        for one in gone {
            assert_eq!(known.refused(one), Belief::Gone, "{one}");
        }
    }

    #[test]
    fn a_relay_that_refuses_everybody_condemns_nobody_however_often_it_is_asked() {
        let mut known = Recipients::default();
        for one in &names(30) {
            known.took(one); // yesterday
        }
        for round in 0..5 {
            for (n, one) in names(30).iter().enumerate() {
                let expected = if round == 0 && n < MANY - 1 {
                    Belief::AskAgain
                } else {
                    Belief::RefusesAll
                };
                assert_eq!(known.refused(one), expected, "{round} {n}");
            }
        }
    }

    #[test]
    fn a_relay_that_refuses_most_and_takes_a_few_condemns_nobody() {
        let mut known = Recipients::default();
        for _ in 0..5 {
            for (n, one) in names(30).iter().enumerate() {
                if n % 10 == 0 {
                    known.took(one);
                } else {
                    assert_ne!(known.refused(one), Belief::Gone, "{n}");
                }
            }
        }
    }

    #[test]
    fn one_that_is_taken_starts_anew() {
        let mut known = Recipients::default();
        known.refused("a");
        known.took("a");
        assert_eq!(known.refused("a"), Belief::AskAgain);
    }
}
