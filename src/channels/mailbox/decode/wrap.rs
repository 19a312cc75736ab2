//! Lines that a mail program broke, joined again: "II.2 chưa" and "xong" on two lines are one statement.

/// Where mail programs break plain text (RFC 3676: 78 at most, usually 72 to 76).
const WIDTH: std::ops::RangeInclusive<usize> = 73..=998;

/// The text with its soft line breaks undone. `flowed` says that it is format=flowed (RFC 3676): a space at the end of a
/// line goes on; otherwise a line goes on when the next word would not have fitted.
pub(super) fn unwrap(text: &str, flowed: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let line = line.strip_suffix('\r').unwrap_or(line);
        out.push_str(line);
        let Some(next) = lines.peek() else { break };
        let goes_on = if flowed {
            line.ends_with(' ') && line != "-- "
        } else {
            was_full(line, next)
        };
        if goes_on && !stays_alone(line) && !stands_alone(next) {
            if !line.ends_with(' ') {
                out.push(' ');
            }
        } else {
            out.push('\n');
        }
    }
    out
}

/// Whether the first word of the next line would have made this one longer than mail programs write.
fn was_full(line: &str, next: &str) -> bool {
    let length = line.trim_end().chars().count();
    let word = next
        .split_whitespace()
        .next()
        .map_or(0, |word| word.chars().count());
    WIDTH.contains(&(length + 1 + word))
}

/// Nothing follows it: empty, or quoted.
fn stays_alone(line: &str) -> bool {
    let line = line.trim_start();
    line.is_empty() || line.starts_with(['>', '|'])
}

/// Empty, quoted, an item of a list, or something else that begins anew.
fn stands_alone(line: &str) -> bool {
    let line = line.trim_start();
    line.is_empty()
        || line.starts_with(['>', '|', '-', '*', '+', '•', '–', '—', '_'])
        || is_item(line)
}

/// "1." "a)" "IV.1.b": a number, a letter or a Roman number, and its dot.
fn is_item(line: &str) -> bool {
    let end = line
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(line.len());
    let (number, rest) = line.split_at(end);
    let counts = number.len() == 1
        || number.bytes().all(|b| b.is_ascii_digit())
        || number.bytes().all(|b| b"IVXivx".contains(&b));
    counts && number.len() <= 5 && rest.starts_with(['.', ')', '/'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_that_was_broken_because_it_was_full_goes_on() {
        let text = "Sở đã trình UBND tỉnh từ tuần trước, nhưng nhiệm vụ II.2 đến nay thì chưa\nxong. Xin báo lại sau";
        assert_eq!(unwrap(text, false), text.replace('\n', " "));
    }

    #[test]
    fn short_lines_paragraphs_quotes_and_items_stay_apart() {
        let full = "Sở đã trình UBND tỉnh từ tuần trước, nhưng nhiệm vụ II.2 đến nay thì chưa";
        for text in [
            "II.2 chưa\nxong II.3".to_owned(),
            format!("{full}\n\nxong"),
            format!("{full}\n> xong"),
            format!("{full}\nII.3 xong"),
            format!("{full}\n- II.3 xong"),
            format!("{full}\n2) đã xong"),
        ] {
            assert_eq!(unwrap(&text, false), text);
        }
    }

    #[test]
    fn flowed_text_goes_on_where_it_says_so() {
        assert_eq!(
            unwrap("II.2 chưa \nxong\nII.3 xong", true),
            "II.2 chưa xong\nII.3 xong"
        );
        assert_eq!(unwrap("xong\n-- \nAn", true), "xong\n-- \nAn");
    }

    proptest! {
        #[test]
        fn only_white_space_changes(text in "\\PC{0,200}", flowed: bool) {
            let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            prop_assert_eq!(words(&unwrap(&text, flowed)), words(&text));
        }
    }
}
