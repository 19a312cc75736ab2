//! How far a folder was read.

use std::fmt;

/// The last UID that was read, and the UIDVALIDITY under which it counts (RFC 3501, 2.3.1.1): `1584316800:4353`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cursor {
    pub(super) validity: u32,
    pub(super) uid: u32,
}

impl Cursor {
    /// The cursor that `text` says; `None` when it says none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (validity, uid) = text.split_once(':')?;
        Some(Self {
            validity: validity.parse().ok()?,
            uid: uid.parse().ok()?,
        })
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.validity, self.uid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_nothing_else() {
        let cursor = Cursor {
            validity: 1_584_316_800,
            uid: 4353,
        };
        assert_eq!(Cursor::parse(&cursor.to_string()), Some(cursor));
        for text in ["", ":", "1:", "1", "1:x", "1:-2", "4294967296:1"] {
            assert_eq!(Cursor::parse(text), None, "{text}");
        }
    }
}
