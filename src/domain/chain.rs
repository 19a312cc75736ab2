//! The ledger of a plan as a chain: each line carries a hash of what it says and of the hash of the line before.
//!
//! Whoever changes, removes, inserts or moves a line breaks the hash of that line or of the next. The chain does not
//! say who wrote a line, and whoever may write the database can make all hashes anew: that shows only against a head
//! that was noted elsewhere.

pub mod walk;

use std::fmt;

use sha2::{Digest, Sha256};

/// What an encoding begins with: which of its versions it is. A new version gets a new tag and the old one stays readable.
const TAG: &[u8] = b"dondoc ledger 1\n";

/// The hash of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// What stands before the first line.
    pub const NOTHING: Self = Self([0; 32]);

    /// Reads 64 hexadecimal digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        let digits: Option<Vec<u8>> = text
            .chars()
            .map(|digit| u8::try_from(digit.to_digit(16)?).ok())
            .collect();
        let digits = digits.filter(|digits| digits.len() == 64)?;
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = pair[0] << 4 | pair[1];
        }
        Some(Self(bytes))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Whose obligation a line is about, by the names of the day: the number alone would follow whoever rewrites the table of
/// obligations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// Number of the obligation.
    pub obligation: i64,
    /// Its task.
    pub task: String,
    /// Its milestone within the task.
    pub milestone: i64,
    /// Who owes it.
    pub agency: String,
}

/// One line of the ledger, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number.
    pub event: i64,
    /// Its plan.
    pub plan: String,
    /// What it is about; `None` for the plan as a whole.
    pub about: Option<About>,
    /// When: microseconds since 1970.
    pub at: i64,
    /// Who.
    pub actor: String,
    /// What.
    pub kind: String,
    /// The particulars, as the text that is stored.
    pub payload: String,
    /// The message it came from.
    pub source: Option<String>,
}

impl Line {
    /// The hash of this line at that place of the chain, from 1, behind the line with the hash `previous`.
    #[must_use]
    pub fn hash(&self, previous: &Hash, place: i64) -> Hash {
        Hash(Sha256::digest(self.encoded(previous, place)).into())
    }

    /// The bytes that are hashed. Numbers are eight bytes, the highest first; a text is its length in bytes and its UTF-8;
    /// what may be absent is 0, or 1 and the value. So nothing can be shifted from one field to the next.
    fn encoded(&self, previous: &Hash, place: i64) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(256 + self.payload.len());
        bytes.extend_from_slice(TAG);
        bytes.extend_from_slice(&previous.0);
        number(&mut bytes, place);
        number(&mut bytes, self.event);
        text(&mut bytes, &self.plan);
        if let Some(about) = present(&mut bytes, self.about.as_ref()) {
            number(&mut bytes, about.obligation);
            text(&mut bytes, &about.task);
            number(&mut bytes, about.milestone);
            text(&mut bytes, &about.agency);
        }
        number(&mut bytes, self.at);
        text(&mut bytes, &self.actor);
        text(&mut bytes, &self.kind);
        text(&mut bytes, &self.payload);
        if let Some(source) = present(&mut bytes, self.source.as_ref()) {
            text(&mut bytes, source);
        }
        bytes
    }
}

fn number(bytes: &mut Vec<u8>, number: i64) {
    bytes.extend_from_slice(&number.to_be_bytes());
}

fn text(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend_from_slice(&(text.len() as u64).to_be_bytes());
    bytes.extend_from_slice(text.as_bytes());
}

fn present<T>(bytes: &mut Vec<u8>, value: Option<T>) -> Option<T> {
    bytes.push(u8::from(value.is_some()));
    value
}

#[cfg(test)]
mod tests;
