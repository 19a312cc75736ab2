//! Characters that nobody sees.

/// Formatting characters of Unicode that show nothing, or turn the direction of writing: soft hyphens, joiners, marks of
/// direction and isolates, the byte order mark, tags. Not line breaks, and not control characters.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_spaces_and_line_breaks_are_seen() {
        for c in ['\u{2066}', '\u{2069}', '\u{202e}', '\u{200b}', '\u{e0041}'] {
            assert!(is_invisible(c), "{c:?}");
        }
        for c in ['a', 'ệ', '\u{302}', ' ', '\u{a0}', '\n', '\u{2028}', '…'] {
            assert!(!is_invisible(c), "{c:?}");
        }
    }
}
