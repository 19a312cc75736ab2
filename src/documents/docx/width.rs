//! How long a line of Times New Roman is, about: for the rules that must be as long as the words above them.

use super::paragraph::Font;

/// The length of `text` in twentieths of a point, within some per cent; diacritics add nothing.
pub(super) fn length(text: &str, font: Font) -> u32 {
    let thousandths: u32 = text.chars().map(of).sum();
    let bold = if font.bold { 106 } else { 100 };
    thousandths * font.size * 20 / 1000 * bold / 100
}

/// Thousandths of the size that a character takes.
fn of(c: char) -> u32 {
    match c {
        ' ' | '.' | ',' | '\'' => 250,
        'i' | 'j' | 'l' | 't' | 'f' | 'I' | 'ì' | 'í' | 'ị' | 'ỉ' | 'ĩ' => 300,
        '-' | '(' | ')' | '/' | ':' | ';' | 'r' | 's' => 340,
        'm' | 'w' => 750,
        'M' | 'W' => 900,
        upper if upper.is_uppercase() => 690,
        _ => 490,
    }
}
