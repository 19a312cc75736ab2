//! Comparing secrets without telling, by the time it takes, how much of a guess was right.

use subtle::ConstantTimeEq;

/// Whether the two are the same. Only their lengths can be learnt from how long it takes.
pub(super) fn is_same(given: &[u8], wanted: &[u8]) -> bool {
    given.ct_eq(wanted).into()
}

#[cfg(test)]
mod tests {
    use super::is_same;

    #[test]
    fn only_the_whole_secret_is_the_same() {
        assert!(is_same(b"s3cret", b"s3cret"));
        for other in [&b"s3creT"[..], b"s3cre", b"s3crets", b""] {
            assert!(!is_same(other, b"s3cret"));
        }
    }
}
