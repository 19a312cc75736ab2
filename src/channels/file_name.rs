//! The name of a file that somebody sent: shown to people, never a path of ours.

use super::message::nfc;
use crate::domain::invisible::is_invisible;

/// The longest name that is kept, in code points; its end with the extension stays.
const LONGEST: usize = 120;

/// The last part of `name`, without what would hide its true form: control characters, marks that turn the direction of
/// writing (which make "exe.pdf" of "fdp.exe"), zero-width characters, leading dots and spaces. `None` when nothing is
/// left.
#[must_use]
pub fn file_name(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let visible: String = nfc(last)
        .chars()
        .filter(|c| !c.is_control() && !is_invisible(*c) && !is_separator(*c))
        .collect();
    let visible = visible.trim_start_matches(|c: char| c == '.' || c.is_whitespace());
    let visible = visible.trim_end();
    let kept = visible
        .char_indices()
        .rev()
        .nth(LONGEST - 1)
        .map_or(visible, |(at, _)| &visible[at..]);
    (!kept.is_empty()).then(|| kept.to_owned())
}

/// Line breaks that are no control characters.
fn is_separator(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_words_and_loses_what_would_lead_astray() {
        for (sent, kept) in [
            ("KH 12_KH-SNV (ký).pdf", "KH 12_KH-SNV (ký).pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\a\\Báo cáo.docx", "Báo cáo.docx"),
            (".bashrc", "bashrc"),
            ("a\u{202e}fdp.exe", "afdp.exe"),
            ("a\r\nb\0.pdf", "ab.pdf"),
            ("Ke\u{302}\u{301} hoạch.pdf", "Kế hoạch.pdf"),
            ("  x  ", "x"),
        ] {
            assert_eq!(file_name(sent).as_deref(), Some(kept), "{sent:?}");
        }
        for nothing in ["", "/", "..", " . ", "a/", "\u{200b}"] {
            assert_eq!(file_name(nothing), None, "{nothing:?}");
        }
    }

    #[test]
    fn a_very_long_name_keeps_its_end() {
        let kept = file_name(&format!("{}.pdf", "ệ".repeat(500))).unwrap();
        assert_eq!(kept.chars().count(), LONGEST);
        assert!(kept.ends_with("ệ.pdf"));
    }
}
