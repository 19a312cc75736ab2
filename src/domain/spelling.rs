//! Comparing Vietnamese text that people spell in more than one way.
//!
//! "Uỷ ban" and "Ủy ban", NFC and NFD, capitals and odd spaces are the same name to a reader; [`key`] makes them the
//! same to the program. It is for comparing only: what is shown stays as written.

use unicode_normalization::UnicodeNormalization;

use super::invisible::is_invisible;

/// The comparison key of one word: lower case, decomposed, with the tone mark moved to the end of the word, so that
/// both schools of placing it agree ("hoà", "hòa").
#[must_use]
pub fn key(word: &str) -> String {
    let mut base = String::with_capacity(word.len());
    let mut tones = String::new();
    for c in word.nfkd().flat_map(char::to_lowercase) {
        match c {
            '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}' => tones.push(c),
            c if is_invisible(c) => {}
            c => base.push(c),
        }
    }
    base.push_str(&tones);
    base
}

/// A [`key`] without its diacritics.
#[must_use]
pub fn plain(key: &str) -> String {
    if key.is_ascii() {
        return key.to_owned();
    }
    key.chars()
        .filter(|c| !('\u{300}'..='\u{36f}').contains(c))
        .map(|c| if c == 'đ' { 'd' } else { c })
        .collect()
}

/// A word of a cell, with what stands before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word<'a> {
    /// As written.
    pub text: &'a str,
    /// Its [`key`].
    pub key: String,
    /// Whether a comma, semicolon, full stop, dash or line end stands between it and the word before.
    pub after_break: bool,
}

/// The words of a cell; punctuation separates and is dropped.
#[must_use]
pub fn words(cell: &str) -> Vec<Word<'_>> {
    let is_break = |c: char| ",;.:-–—/()\n\r•+".contains(c);
    let mut found = Vec::new();
    let mut after_break = false;
    let mut start = None;
    for (at, c) in cell.char_indices().chain([(cell.len(), ' ')]) {
        let separates = c.is_whitespace() || is_break(c);
        match (separates, start) {
            (false, None) => start = Some(at),
            (true, Some(from)) => {
                let text = &cell[from..at];
                found.push(Word {
                    text,
                    key: key(text),
                    after_break,
                });
                after_break = false;
                start = None;
            }
            _ => {}
        }
        after_break |= is_break(c) || c == '\n';
    }
    found
}

/// A word, or a group of signs with a digit in it: `II.2/1`, `15/4`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    /// As written, without punctuation around it.
    pub text: &'a str,
    /// Its [`key`].
    pub key: String,
    /// Where it begins.
    pub start: usize,
    /// Whether it has a digit.
    pub is_number: bool,
}

/// The pieces of a sentence.
#[must_use]
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let offset = |part: &str| part.as_ptr() as usize - text.as_ptr() as usize;
    let edge = |c: char| ".,:;!?()[]“”\"'".contains(c);
    let mut pieces = Vec::new();
    for part in text.split_whitespace() {
        let part = part.trim_matches(edge);
        if part.contains(|c: char| c.is_ascii_digit()) {
            pieces.push(Piece {
                text: part,
                key: key(part),
                start: offset(part),
                is_number: true,
            });
        } else {
            pieces.extend(words(part).into_iter().map(|word| Piece {
                text: word.text,
                key: word.key,
                start: offset(word.text),
                is_number: false,
            }));
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_schools_of_tone_marks_give_one_key() {
        assert_eq!(key("Uỷ"), key("ủy"));
        assert_eq!(key("hoà"), key("HÒA"));
        assert_ne!(key("sở"), key("sơ"));
    }

    #[test]
    fn decomposed_text_has_the_key_of_composed_text() {
        assert_eq!(key("Tha\u{302}\u{301}t"), key("Thất"));
        assert_eq!(key("việc"), key("vie\u{323}\u{302}c"));
    }

    #[test]
    fn words_know_whether_punctuation_stands_before_them() {
        let cell = "Sở Tư pháp; Văn phòng";
        let breaks: Vec<bool> = words(cell).iter().map(|word| word.after_break).collect();
        assert_eq!(breaks, [false, false, false, true, false]);
    }
}
