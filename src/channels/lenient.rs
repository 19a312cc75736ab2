//! Reading the JSON of Zalo, whose documents and servers disagree: ids and numbers come as numbers or as strings, instants
//! in milliseconds or in seconds.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// What is above this is in milliseconds: as seconds it would be the year 5138.
const MILLISECONDS_FROM: i64 = 100_000_000_000;

/// A text, also where it came as a number; `None` when it is missing or empty.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A whole number, also where it came as a string.
pub(super) fn number(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// An instant in milliseconds, or in seconds.
pub(super) fn instant(value: &Value) -> Option<DateTime<Utc>> {
    let number = number(value)?;
    if number >= MILLISECONDS_FROM {
        DateTime::from_timestamp_millis(number)
    } else {
        DateTime::from_timestamp(number, 0)
    }
}

/// A name for bytes, from which they cannot be found: the same each time the same bytes come.
#[must_use]
pub fn fingerprint(bytes: &[u8]) -> String {
    format!("sha256:{}", hex(&Sha256::digest(bytes)))
}

/// In lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_and_strings_are_read_alike() {
        assert_eq!(text(&json!("88")), text(&json!(88)));
        assert_eq!(number(&json!("-216")), number(&json!(-216)));
        for nothing in [json!(null), json!(""), json!([]), json!({})] {
            assert_eq!(text(&nothing), None, "{nothing}");
            assert_eq!(number(&nothing), None, "{nothing}");
        }
        assert_eq!(number(&json!(1.5)), None);
    }

    #[test]
    fn milliseconds_and_seconds_are_told_apart() {
        let expected = DateTime::from_timestamp(1_584_318_600, 0);
        assert_eq!(instant(&json!("1584318600000")), expected);
        assert_eq!(instant(&json!(1_584_318_600)), expected);
        assert_eq!(instant(&json!(i64::MAX)), None);
    }

    #[test]
    fn a_fingerprint_is_that_of_the_bytes() {
        let known = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(fingerprint(b"abc"), known);
    }
}
