//! Walking along a chain from its first line to its head, and naming the first place where it does not hold.

use std::collections::HashMap;

use super::{About, Hash, Line};

/// One place of a chain, as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// Its place, from 1.
    pub place: i64,
    /// The number of the line that was sealed there.
    pub event: i64,
    /// The hash that was noted.
    pub hash: Option<Hash>,
    /// What stands in the ledger under that number.
    pub line: Found,
    /// Whose obligation the table of obligations says it is now, by the number in the line.
    pub now: Option<About>,
}

/// What stands in the ledger under the number of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// A line, with what it was about when it was sealed.
    Line(Line),
    /// Nothing.
    Gone,
    /// Something of another type than the column has.
    Unreadable,
}

/// How far a chain reaches by its own account: the row that is kept beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// How many lines it has.
    pub count: i64,
    /// The hash of the last.
    pub hash: Hash,
}

impl Head {
    /// A chain without a line.
    pub const EMPTY: Self = Self {
        count: 0,
        hash: Hash::NOTHING,
    };
}

/// The first place at which a chain does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Break {
    /// The line is not what was sealed, or not sealed behind the line before it.
    Altered {
        /// The line.
        event: i64,
    },
    /// The line cannot be read.
    Unreadable {
        /// The line.
        event: i64,
    },
    /// The line says that it belongs to another plan.
    Moved {
        /// The line.
        event: i64,
        /// The plan that it names.
        to: String,
    },
    /// The line was removed, its seal was not.
    Removed {
        /// The line.
        event: i64,
    },
    /// A line was removed with its seal.
    Missing {
        /// The place that is empty.
        place: i64,
        /// The line behind it; `None` when the chain ends before its head.
        before: Option<i64>,
    },
    /// The obligation of the line is another's now.
    Reassigned {
        /// The line.
        event: i64,
        /// What it was about when it was sealed.
        was: Box<About>,
        /// What the table of obligations says now; `None`: there is no such obligation.
        now: Option<Box<About>>,
    },
    /// The line was added without being sealed.
    Unsealed {
        /// The line.
        event: i64,
    },
    /// The chain is longer than its head says, or ends with another hash.
    HeadDiffers {
        /// By the row kept beside the chain.
        said: Head,
        /// By the chain.
        found: Head,
    },
    /// The head that was noted elsewhere is not in the chain.
    NotNoted {
        /// Where it should be, if that was said.
        place: Option<i64>,
    },
}

/// A head that somebody noted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noted {
    /// The hash.
    pub hash: Hash,
    /// How many lines there were.
    pub count: Option<i64>,
}

/// A walk along the chain of one plan.
#[derive(Clone, Debug)]
pub struct Walk {
    plan: String,
    head: Head,
    noted: Option<Noted>,
    is_noted_met: bool,
    /// The place that has the noted hash, whatever count was noted with it.
    noted_at: Option<i64>,
    /// Lines that lost words, with what each hashes to since.
    erasable: HashMap<i64, Hash>,
    erased: u64,
}

impl Walk {
    /// Stands before the first line of `plan`.
    #[must_use]
    pub fn new(plan: String, noted: Option<Noted>) -> Self {
        Self {
            plan,
            head: Head::EMPTY,
            noted,
            is_noted_met: false,
            noted_at: None,
            erasable: HashMap::new(),
            erased: 0,
        }
    }

    /// Knows of lines that lost the words of a person, by a later line of the same ledger: what each hashes to since. The
    /// hash under which such a line was sealed stays, and the next line still stands behind that.
    #[must_use]
    pub fn with_erased(self, erasable: HashMap<i64, Hash>) -> Self {
        Self { erasable, ..self }
    }

    /// How many of the lines that were walked have lost words.
    #[must_use]
    pub fn erased(&self) -> u64 {
        self.erased
    }

    /// The place of the noted head, whether or not that many lines were noted with it.
    #[must_use]
    pub fn noted_at(&self) -> Option<i64> {
        self.noted_at
    }

    /// The head as far as the chain was walked.
    #[must_use]
    pub fn head(&self) -> Head {
        self.head
    }

    /// Whether the noted head was met.
    #[must_use]
    pub fn is_noted_met(&self) -> bool {
        self.is_noted_met
    }

    /// Goes on to the next place.
    ///
    /// # Errors
    /// Why it does not hold.
    pub fn step(&mut self, sealed: &Sealed) -> Result<(), Break> {
        let (event, place) = (sealed.event, self.head.count + 1);
        if sealed.place != place {
            return Err(Break::Missing {
                place,
                before: Some(event),
            });
        }
        let line = match &sealed.line {
            Found::Line(line) => line,
            Found::Gone => return Err(Break::Removed { event }),
            Found::Unreadable => return Err(Break::Unreadable { event }),
        };
        if line.plan != self.plan {
            let to = line.plan.clone();
            return Err(Break::Moved { event, to });
        }
        let is = line.hash(&self.head.hash, place);
        let hash = match sealed.hash {
            Some(hash) if hash == is => hash,
            Some(hash) if self.erasable.get(&event) == Some(&is) => {
                self.erased += 1;
                hash
            }
            _ => return Err(Break::Altered { event }),
        };
        if line.about != sealed.now
            && let Some(was) = line.about.clone()
        {
            return Err(Break::Reassigned {
                event,
                was: Box::new(was),
                now: sealed.now.clone().map(Box::new),
            });
        }
        self.head = Head { count: place, hash };
        if self.noted.is_some_and(|noted| noted.hash == hash) {
            self.noted_at = Some(place);
        }
        self.is_noted_met |= self.noted.is_some_and(|noted| {
            noted.hash == hash && noted.count.is_none_or(|count| count == place)
        });
        Ok(())
    }

    /// Compares the end of the chain with the head that is kept beside it, and with the noted one.
    ///
    /// # Errors
    /// Why it does not hold.
    pub fn end(&self, said: Head) -> Result<(), Break> {
        let found = self.head;
        if found.count < said.count {
            return Err(Break::Missing {
                place: found.count + 1,
                before: None,
            });
        }
        if found != said {
            return Err(Break::HeadDiffers { said, found });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
