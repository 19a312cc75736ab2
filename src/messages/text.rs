//! Plain text: one line of it, shortened, measured.
//!
//! What people and plans write goes through [`one_line`] before a template sees it, so that a quoted reply can neither
//! break a line nor turn the text around.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use crate::domain::composed::is_composed;
use crate::domain::invisible::is_invisible;
use crate::domain::resolution::Return;

/// The text on one line, in NFC: space runs become one space, invisible characters go, a list becomes `a; b`.
#[must_use]
pub fn one_line(text: &str) -> String {
    if is_plain_line(text) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        let line = line.trim_start().trim_start_matches(['-', '–', '+', '•']);
        let mut first = true;
        for word in line.split_whitespace() {
            let start = out.len();
            out.extend(
                word.chars()
                    .filter(|c| !c.is_control() && !is_invisible(*c)),
            );
            if out.len() == start {
                continue;
            }
            let gap = match (start, first) {
                (0, _) => "",
                (_, false) => " ",
                (_, true) if out[..start].ends_with([';', ',', '.', ':']) => " ",
                (_, true) => "; ",
            };
            out.insert_str(start, gap);
            first = false;
        }
    }
    nfc(out)
}

/// The words of a task as a heading to which a colon or a bracket may be joined: on one line, without the full stop of its cell.
#[must_use]
pub fn title_line(text: &str) -> String {
    let mut line = one_line(text);
    let kept = line.trim_end_matches([' ', '.', ';']).len();
    line.truncate(kept);
    line
}

/// Whether it is one line of letters and single spaces already, as most cells are.
fn is_plain_line(text: &str) -> bool {
    let is_plain = |c: char| matches!(c, ' '..='~' | '\u{c0}'..='\u{24f}' | '\u{1ea0}'..='\u{1ef9}' | '\u{2010}'..='\u{2021}' | '…');
    !text.starts_with([' ', '-', '–', '+'])
        && !text.ends_with(' ')
        && !text.contains("  ")
        && text.chars().all(is_plain)
}

/// The words of a reply, fit to stand between “ and ”.
#[must_use]
pub fn quotable(text: &str) -> String {
    let joined: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    one_line(&joined).replace('“', "‘").replace('”', "’")
}

/// The reason of a return, fit to stand between “ and ”.
pub(super) fn clean_return(returned: &mut Option<Return>) {
    if let Some(one) = returned {
        one.reason = quotable(&one.reason);
    }
}

/// The text cut to at most `max` characters at the end of a word, with `…` for what is left out. A number keeps the word that
/// says what it is, and a date stays whole: the number of a document, or a day, is there or it is not.
#[must_use]
pub fn shorten(text: &str, max: usize) -> Cow<'_, str> {
    if text.len() <= max || text.chars().count() <= max {
        return Cow::Borrowed(text);
    }
    let room = max.saturating_sub(1);
    let end = text
        .char_indices()
        .nth(room)
        .map_or(text.len(), |(at, _)| at);
    let upto = end + usize::from(text[end..].starts_with(' '));
    let ends = text[..upto].rmatch_indices(' ').map(|(at, _)| at);
    let at_word = ends.clone().find(|at| !is_within_number(text, *at));
    let at_word = at_word.or_else(|| ends.clone().next()).unwrap_or(end);
    let kept = text[..at_word].trim_end_matches([' ', ',', ';', ':', '.', '-', '–', '(', '“']);
    Cow::Owned(format!("{kept}…"))
}

/// Whether a cut at this space parts a number from the word before it, or a date that is written in words.
fn is_within_number(text: &str, at: usize) -> bool {
    let is_number = |word: &str| word.starts_with(|first: char| first.is_ascii_digit());
    let is_plain_number = |word: &str| {
        let digits = word.trim_end_matches([',', '.', ';']);
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    let last = text[..at].split(' ').next_back().unwrap_or_default();
    let mut left_out = text[at..].split_whitespace();
    let (next, after) = (left_out.next(), left_out.next());
    next.is_some_and(is_number) || (is_plain_number(last) && after.is_some_and(is_plain_number))
}

/// The text in NFC; free when it already is.
#[must_use]
pub fn nfc(text: String) -> String {
    if is_composed(&text) {
        text
    } else {
        text.nfc().collect()
    }
}

/// Trims the end of every line, and leaves no blank line at the ends and no two in a row.
#[must_use]
pub fn settle(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = false;
    for line in text.lines() {
        let line = line.trim_end();
        if line.is_empty() {
            blank = !out.is_empty();
            continue;
        }
        if !out.is_empty() {
            out.push_str(if blank { "\n\n" } else { "\n" });
        }
        out.push_str(line);
        blank = false;
    }
    nfc(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_with_a_list_becomes_one_line() {
        assert_eq!(
            one_line("- Kế hoạch  thanh tra\n- Báo cáo\r\n"),
            "Kế hoạch thanh tra; Báo cáo"
        );
        assert_eq!(one_line("Kế hoạch;\nBáo cáo"), "Kế hoạch; Báo cáo");
        assert_eq!(one_line(" \n - \n"), "");
    }

    #[test]
    fn a_plain_line_is_what_one_line_leaves_as_it_is() {
        for text in ["Kế hoạch “số 12” – quý I…", "a", "", "II.2 - xong", "(-) +"] {
            assert!(is_plain_line(text), "{text:?}");
            let slowly = one_line(&format!("\u{200b}{text}"));
            assert_eq!(one_line(text), slowly, "{text:?}");
        }
        for text in [
            " a", "a ", "a  b", "- a", "+ a", "– a", "• a", "a\nb", "a\u{a0}b", "a\u{ad}",
            "e\u{302}", "a\u{7f}",
        ] {
            assert!(!is_plain_line(text), "{text:?}");
        }
    }

    #[test]
    fn marks_that_nobody_sees_are_dropped_and_letters_are_composed() {
        assert_eq!(one_line("a\u{202e}b\u{200b} \u{200b} c\u{7}"), "ab c");
        assert_eq!(one_line("Ke\u{302}\u{301} hoa\u{323}ch"), "Kế hoạch");
    }

    #[test]
    fn a_reply_keeps_its_words_and_loses_its_lines_and_curly_quotes() {
        assert_eq!(
            quotable("xong “một phần”\nmai gửi"),
            "xong ‘một phần’ mai gửi"
        );
    }

    #[test]
    fn text_is_cut_at_the_end_of_a_word() {
        assert_eq!(shorten("Ban hành Kế hoạch", 17), "Ban hành Kế hoạch");
        assert_eq!(shorten("Ban hành Kế hoạch", 16), "Ban hành Kế…");
        assert_eq!(shorten("Ban hành, Kế hoạch", 10), "Ban hành…");
        assert_eq!(shorten("không-có-chỗ-cắt", 5), "khôn…");
    }

    #[test]
    fn a_citation_is_never_cut_within_its_number_or_its_day() {
        let text = "Quyết định số 4353/QĐ-UBND ngày 31/12/2019 của UBND tỉnh";
        for (max, cut) in [
            (56, text),
            (52, "Quyết định số 4353/QĐ-UBND ngày 31/12/2019 của UBND…"),
            (42, "Quyết định số 4353/QĐ-UBND…"),
            (32, "Quyết định số 4353/QĐ-UBND…"),
            (26, "Quyết định…"),
            (14, "Quyết định…"),
        ] {
            assert_eq!(shorten(text, max), cut, "{max}");
        }
        let written = "trước ngày 15 tháng 9 năm 2020 và báo cáo";
        for (max, cut) in [
            (36, "trước ngày 15 tháng 9 năm 2020 và…"),
            (29, "trước…"),
            (24, "trước…"),
            (16, "trước…"),
        ] {
            assert_eq!(shorten(written, max), cut, "{max}");
        }
    }

    #[test]
    fn blank_lines_and_line_ends_are_settled() {
        assert_eq!(settle("\n\na  \n\n\n\nb\n\n"), "a\n\nb");
    }
}
