//! Text that is in NFC already. Nearly all of it is, and to ask a table for every letter takes longer than to read it.

use unicode_normalization::is_nfc;

/// Whether the text is in NFC (UAX #15).
#[must_use]
pub fn is_composed(text: &str) -> bool {
    text.is_ascii() || text.chars().all(stays_composed) || is_nfc(text)
}

/// Whether it is a letter or mark that stays in NFC whatever stands beside it: Latin, what Vietnamese adds to it, and general
/// punctuation.
fn stays_composed(c: char) -> bool {
    matches!(c, '\0'..='\u{2ff}' | '\u{1ea0}'..='\u{1ef9}' | '\u{2010}'..='\u{2027}')
}

#[cfg(test)]
mod tests {
    use unicode_normalization::char::canonical_combining_class;
    use unicode_normalization::{IsNormalized, is_nfc_quick};

    use super::*;

    #[test]
    fn what_stays_composed_is_a_starter_that_composes_with_nothing_before_it() {
        for c in ('\0'..=char::MAX).filter(|c| stays_composed(*c)) {
            assert_eq!(is_nfc_quick([c].into_iter()), IsNormalized::Yes, "{c:?}");
            assert_eq!(canonical_combining_class(c), 0, "{c:?}");
        }
    }

    #[test]
    fn decomposed_letters_are_noticed_among_composed_ones() {
        assert!(is_composed("Kế hoạch “số 12” – quý I…"));
        assert!(is_composed("한국 😀"));
        assert!(!is_composed("Kế hoa\u{323}ch"));
        assert!(!is_composed("\u{1100}\u{1161}"));
    }
}
