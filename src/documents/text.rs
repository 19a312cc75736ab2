//! Text that both formats can hold.

use std::borrow::Cow;

/// `text` without what XML 1.0 forbids (section 2.2), other control characters, and marks that turn the direction of
/// writing, by which a name can be made to read otherwise than it is stored. Line breaks and tabs stay.
pub(super) fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unprintable) {
        return Cow::Borrowed(text);
    }
    let joined = text.replace("\r\n", "\n").replace('\r', "\n");
    Cow::Owned(joined.chars().filter(|c| !is_unprintable(*c)).collect())
}

fn is_unprintable(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        '\u{feff}' | '\u{fffe}' | '\u{ffff}' => true,
        other => other.is_control(),
    }
}

/// The beginning of `text` that is no longer than `most` UTF-16 units, as both formats count; "…" stands for the rest.
pub(super) fn within(text: &str, most: usize) -> Cow<'_, str> {
    if text.len() <= most || text.encode_utf16().count() <= most {
        return Cow::Borrowed(text);
    }
    let mut length = 0;
    let kept = text.chars().take_while(|c| {
        length += c.len_utf16();
        length < most
    });
    let mut cut: String = kept.collect();
    cut.push('…');
    Cow::Owned(cut)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_file_can_hold_is_left_out() {
        assert_eq!(printable("một\r\nhai\tba"), "một\nhai\tba");
        assert_eq!(printable("a\u{0}b\u{b}c\u{1b}[31md\u{85}e"), "abc[31mde");
        assert_eq!(
            printable("moc\u{202e}xslx.exe\u{ffff}\u{feff}"),
            "mocxslx.exe"
        );
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(within("đôn đốc", 7), "đôn đốc");
        assert_eq!(within("đôn đốc", 6), "đôn đ…");
        let pairs = "😀".repeat(10);
        let cut = within(&pairs, 6);
        assert!(cut.encode_utf16().count() <= 6, "{cut}");
        assert_eq!(cut, "😀😀…");
    }
}
