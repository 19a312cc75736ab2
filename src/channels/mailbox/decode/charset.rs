//! The bytes of a text as letters, or the plain statement that they cannot be read.
//!
//! A charset is never guessed: "II.2 chưa xong" with its second word lost would say the opposite. The one exception is
//! UTF-8 under the label of an older charset, which cannot come about by accident.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use unicode_normalization::UnicodeNormalization;

use super::legacy;

/// A text, and whether all of it could be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Letters {
    /// The text in NFC: windows-1258 and some phones send letters and tone marks apart.
    pub(super) text: String,
    /// What of it is in doubt.
    pub(super) doubt: Option<String>,
}

/// Reads `bytes` by the label that the mail gives.
pub(super) fn decode(bytes: &[u8], label: Option<&str>) -> Letters {
    let known = label.map(|label| (label, Encoding::for_label(label.as_bytes())));
    let is_western = match known {
        None => true,
        Some((_, encoding)) => encoding == Some(WINDOWS_1252),
    };
    // Without a label, or with the one that some programs put on everything.
    if is_western && let Ok(text) = std::str::from_utf8(bytes) {
        return Letters::of(text, None);
    }
    match known {
        None => broken(bytes, "no charset is named and it is not UTF-8"),
        Some((label, None)) => match legacy::find(label) {
            Some(legacy) => Letters::of(&legacy.decode(bytes), None),
            None if bytes.is_ascii() => Letters::of(&String::from_utf8_lossy(bytes), None),
            None => {
                let label: String = label.chars().filter(|c| !c.is_control()).take(40).collect();
                broken(bytes, &format!("the charset {label:?} is not known"))
            }
        },
        Some((label, Some(encoding))) => {
            let (text, had_errors) = encoding.decode_without_bom_handling(bytes);
            let doubt = if had_errors {
                Some(format!("it is not {}", encoding.name()))
            } else if encoding == WINDOWS_1252 && is_of_a_font(&text) {
                Some(format!(
                    "it is labelled {label} and written in a font of its own"
                ))
            } else {
                None
            };
            Letters::of(&text, doubt)
        }
    }
}

/// The ASCII of it, the rest as the mark of what cannot be read.
fn broken(bytes: &[u8], why: &str) -> Letters {
    let (text, _) = UTF_8.decode_without_bom_handling(bytes);
    Letters::of(&text, Some(why.to_owned()))
}

impl Letters {
    fn of(text: &str, doubt: Option<String>) -> Self {
        let text = text.trim_start_matches('\u{feff}');
        Self {
            text: text.nfc().collect(),
            doubt,
        }
    }
}

/// Whether a text in Western letters is Vietnamese in the shapes of an old font (TCVN3, VNI), which put their letters
/// where other signs stand: "®·" or "ñaõ" for "đã". It is only ever a reason to ask.
fn is_of_a_font(text: &str) -> bool {
    text.split(|c: char| c.is_ascii_whitespace())
        .any(|word| is_tcvn3(word) || is_vni(word))
}

/// Signs that are no letters, inside a word or making up all of it.
fn is_tcvn3(word: &str) -> bool {
    const SIGNS: &str = "µ¸¶·¹¨»¾¼½©®«¬ª×÷¦§¡¢£¤¥\u{ad}";
    let is_sign = |c: char| SIGNS.contains(c);
    if word.contains(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let inner = word.trim_matches(|c: char| !c.is_alphabetic());
    let is_all_signs = word.chars().count() > 1 && word.chars().all(is_sign);
    is_all_signs || inner.contains(is_sign) || word.contains('\u{ad}')
}

/// A vowel followed by a tone mark in the shape of another vowel, which no Western language has, or "ñ" at the start.
fn is_vni(word: &str) -> bool {
    const TONES: &str = "ùøûõåä";
    let lower = word.to_lowercase();
    let letters: Vec<char> = lower.chars().collect();
    letters.first() == Some(&'ñ')
        || letters.windows(2).any(|pair| {
            matches!(pair[0], 'a' | 'e' | 'u' | 'y' | 'ö' | 'ô') && TONES.contains(pair[1])
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(bytes: &[u8], label: &str) -> Letters {
        decode(bytes, Some(label).filter(|label| !label.is_empty()))
    }

    fn sure(text: &str) -> Letters {
        Letters {
            text: text.into(),
            doubt: None,
        }
    }

    #[test]
    fn vietnamese_charsets_are_read_into_composed_letters() {
        // ê and a combining acute, as windows-1258 has it.
        assert_eq!(
            read(b"K\xea\xec ho\xa1ch", "windows-1258")
                .text
                .chars()
                .nth(1),
            Some('ế')
        );
        assert_eq!(read(b"\xf0a\xde xong", "windows-1258"), sure("đã xong"));
        assert_eq!(read(b"\xf0\xe3 xong", "viscii"), sure("đã xong"));
        assert_eq!(read(b"\xae\xb7 xong", "TCVN3"), sure("đã xong"));
        assert_eq!(read("đã xong".as_bytes(), "UTF-8"), sure("đã xong"));
        let decomposed: String =
            unicode_normalization::UnicodeNormalization::nfd("chưa nộp").collect();
        assert_ne!(decomposed, "chưa nộp");
        assert_eq!(read(decomposed.as_bytes(), "utf-8"), sure("chưa nộp"));
    }

    #[test]
    fn utf_8_is_read_under_a_wrong_western_label_and_under_none() {
        for label in ["", "us-ascii", "iso-8859-1", "windows-1252"] {
            assert_eq!(
                read("chưa xong".as_bytes(), label),
                sure("chưa xong"),
                "{label}"
            );
        }
    }

    #[test]
    fn what_cannot_be_read_is_handed_over_in_doubt_and_never_guessed() {
        for (bytes, label) in [
            (&b"ch\xada xong"[..], "x-unheard-of"),
            (b"ch\xada xong", ""),
            (b"ch\xada xong", "utf-8"),
            (b"\xae\xb7 xong", "iso-8859-1"),
            (b"\xf1a\xf5 xong", "windows-1252"),
        ] {
            let read = read(bytes, label);
            assert!(read.text.contains("xong"), "{read:?}");
            assert!(read.doubt.is_some(), "{label} {read:?}");
        }
        assert_eq!(read(b"II.2 xong", "x-unheard-of"), sure("II.2 xong"));
    }

    #[test]
    fn western_words_raise_no_doubt() {
        let text = "café naïve São Paulo canoë Noël Citroën 50µm ©2020 Dondoc® «oui» £5 España mañana aéroport poêle";
        let bytes: Vec<u8> = text.chars().map(|c| c as u8).collect();
        assert_eq!(read(&bytes, "iso-8859-1"), sure(text));
    }

    proptest! {
        #[test]
        fn no_bytes_and_no_label_break_it(bytes: Vec<u8>, label in "\\PC{0,20}") {
            decode(&bytes, Some(&label));
        }
    }
}
