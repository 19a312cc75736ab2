//! Raw text -> the sender's own words: composed, without invisible characters, odd spaces and quoted lines.

use unicode_normalization::UnicodeNormalization;

use super::quotation::begins_quotation;
use crate::domain::invisible::is_invisible;

/// No reply is longer; what stands beyond is not read, and nothing in such a text is sure.
const LONGEST: usize = 16 * 1024;

/// A cleaned text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Clean {
    /// The words of the sender, one line per line.
    pub text: String,
    /// Whether something was cut off.
    pub cut: bool,
}

/// Cleans a text; cleaning it again changes nothing. `ends_own_words` tells the line after which another mail is quoted.
pub(super) fn clean(raw: &str, ends_own_words: impl Fn(&str) -> bool) -> Clean {
    let end = raw.floor_char_boundary(LONGEST);
    let mut composed: String = raw[..end]
        .chars()
        .filter(|c| !is_invisible(*c) && !is_variation(*c))
        .nfc()
        .map(|c| match c {
            '\r' | '\u{0b}' | '\u{0c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
            c if c.is_whitespace() && c != '\n' => ' ',
            c if c.is_control() && c != '\n' => ' ',
            c => c,
        })
        .collect();
    // Some characters of other scripts are longer composed.
    let composed_end = composed.floor_char_boundary(LONGEST);
    let is_cut = end < raw.len() || composed_end < composed.len();
    composed.truncate(composed_end);
    let own = composed
        .lines()
        .map(str::trim)
        .take_while(|line| !(ends_own_words(line) || line.starts_with("-----") || *line == "--"))
        .filter(|line| !line.is_empty() && !line.starts_with(['>', '|']));
    let mut lines: Vec<&str> = own.collect();
    if let Some(quoted) = (0..lines.len()).find(|at| begins_quotation(&lines[*at..])) {
        lines.truncate(quoted);
    }
    let mut text = String::with_capacity(composed.len());
    for line in lines {
        if !text.is_empty() {
            text.push('\n');
        }
        let mut words = line.split(' ').filter(|word| !word.is_empty());
        text.extend(words.next());
        for word in words {
            text.push(' ');
            text.push_str(word);
        }
    }
    Clean { text, cut: is_cut }
}

/// Whether it only says how the character before it is drawn.
fn is_variation(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}')
}
