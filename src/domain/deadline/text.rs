//! Spelling: what two writings of the same Vietnamese word have in common.
//!
//! Cells arrive composed or decomposed, with non-breaking and invisible characters, with the tone on either vowel
//! ("Quý", "Qúy") and sometimes without any diacritics. Everything here is about single words; it knows no grammar.

use unicode_normalization::UnicodeNormalization;

use crate::domain::invisible::is_invisible;

/// The cell in composed form, invisible characters removed, every kind of space a plain one; line breaks stay.
pub(super) fn clean(cell: &str) -> String {
    cell.nfc()
        .filter(|c| !is_invisible(*c))
        .map(|c| match c {
            '\r' | '\u{0b}' | '\u{0c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
            c if c.is_whitespace() && c != '\n' => ' ',
            c => c,
        })
        .flat_map(plain_form)
        .collect()
}

/// "Ⅱ" and "２" as they are typed on most keyboards.
fn plain_form(c: char) -> Vec<char> {
    match c {
        '\u{2160}'..='\u{217f}' | '\u{ff10}'..='\u{ff19}' => c.nfkc().collect(),
        c => vec![c],
    }
}

/// A stretch of a cell as one line: white space collapsed, trimmed.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One spelling per word: lower case, the tone moved to the end, "kì" written "kỳ" the same way.
pub(super) fn canonical(word: &str) -> String {
    let mut letters = String::with_capacity(word.len());
    let mut tone = None;
    for c in word.to_lowercase().nfd() {
        if is_tone(c) {
            tone = Some(c);
        } else {
            letters.push(c);
        }
    }
    if let Some(stem) = letters.strip_suffix('y')
        && (stem.ends_with("qu")
            || stem.ends_with(|c: char| c.is_alphabetic() && !"aeiou".contains(c)))
    {
        letters = format!("{stem}i");
    }
    letters.extend(tone);
    letters
}

/// Whether two words are the same, however each is spelled.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    // Whatever else changes, a word keeps its first letter; that of most is plain, and another one.
    let plain = |word: &str| {
        word.as_bytes()
            .first()
            .filter(|first| first.is_ascii())
            .copied()
    };
    let differ = plain(one)
        .zip(plain(other))
        .is_some_and(|(one, other)| !one.eq_ignore_ascii_case(&other));
    !differ && canonical(one) == canonical(other)
}

/// The word without any diacritics, lower case: "Thường" gives "thuong".
pub(super) fn plain(word: &str) -> String {
    canonical(word)
        .chars()
        .filter(|c| !('\u{300}'..='\u{36f}').contains(c))
        .map(|c| if c == 'đ' { 'd' } else { c })
        .collect()
}

/// A roman numeral from I to XII; a lower-case l stands for I, as scanned plans have it.
pub(super) fn roman(word: &str) -> Option<u32> {
    const NUMERALS: [&str; 12] = [
        "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii",
    ];
    let word = word.to_lowercase().replace('l', "i");
    NUMERALS
        .iter()
        .zip(1..)
        .find(|(numeral, _)| **numeral == word)
        .map(|(_, value)| value)
}

fn is_tone(c: char) -> bool {
    matches!(c, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}')
}
