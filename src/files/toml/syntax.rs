//! Text -> tree, with every line that is not TOML.
//!
//! The parser stops at the first mistake. To find the others, the line is blanked and the rest parsed again; a date without
//! quotes gets them, for what stands beside it is to be read.

use toml_span::ErrorKind;

use super::document::Node;
use super::field::Place;
use crate::files::problem::Problems;
use crate::files::source::Source;

/// How many lines are blanked before the file is given up.
const BLANKED_LINES: usize = 20;

/// The tree of the file, without the lines that are not TOML; an empty table when nothing can be saved.
pub(super) fn parse(source: &Source, problems: &mut Problems) -> Node {
    let mut tried = source.clone();
    for _ in 0..BLANKED_LINES {
        let error = match toml_span::parse(&tried.text) {
            Ok(value) => return Node::of(value, &tried),
            Err(error) => error,
        };
        let end = tried.text.len().saturating_sub(1);
        let line = tried.line_of(error.span.start.min(end));
        let range = tried.range_of_line(line);
        let written = tried.text[range.clone()].to_owned();
        let (problem, remedy) = describe(&error, &written, &tried);
        let place = Place {
            file: source.file.clone(),
            line,
            key: String::new(),
        };
        problems.errors.push(place.problem(problem, remedy));
        if !is_confined_to_its_line(&error.kind, &written) {
            break;
        }
        let dates = bare_dates(&written);
        let mended = if matches!(error.kind, ErrorKind::InvalidNumber) && !dates.is_empty() {
            dates.iter().fold(written.clone(), |line, date| {
                line.replace(
                    date.as_str(),
                    &format!(
                        "{}\"{}\"",
                        &date[..date.len() - 10],
                        &date[date.len() - 10..]
                    ),
                )
            })
        } else {
            let blank = |byte: u8| if byte == b'\n' { '\n' } else { ' ' };
            written.bytes().map(blank).collect()
        };
        let mut text = tried.text;
        text.replace_range(range, &mended);
        tried = Source::new(tried.file, text);
    }
    Node::empty()
}

/// Whether the file makes sense without that line: not without the head of a table, whose keys would fall to another.
fn is_confined_to_its_line(kind: &ErrorKind, line: &str) -> bool {
    let line = line.trim_start();
    let reaches_further = matches!(
        kind,
        ErrorKind::UnterminatedString
            | ErrorKind::UnexpectedEof
            | ErrorKind::DuplicateTable { .. }
            | ErrorKind::RedefineAsArray
            | ErrorKind::ExceededDepthLimit
    );
    !reaches_further && !line.is_empty() && !line.starts_with('[')
}

fn describe(error: &toml_span::Error, line: &str, source: &Source) -> (String, String) {
    let first_on =
        |at: &toml_span::Span| format!("it is already on line {}", source.line_of(at.start));
    let (problem, remedy) = match &error.kind {
        ErrorKind::InvalidNumber if !bare_dates(line).is_empty() => {
            let dates = bare_dates(line);
            let quoted = dates
                .iter()
                .map(|date| format!("\"{}\"", &date[date.len() - 10..]));
            let quoted: Vec<String> = quoted.collect();
            (
                "a date must stand in quotes".to_owned(),
                format!("write {}", quoted.join(", ")),
            )
        }
        ErrorKind::UnquotedString => (
            "a text must stand in quotes".to_owned(),
            "write key = \"text\"".to_owned(),
        ),
        ErrorKind::InvalidCharInString('\n') | ErrorKind::UnterminatedString => (
            "a text has no closing quote".to_owned(),
            "close it with \"; inside a text write \\\" for a quote".to_owned(),
        ),
        ErrorKind::InvalidEscape(_)
        | ErrorKind::InvalidHexEscape(_)
        | ErrorKind::InvalidEscapeValue(_) => (
            "a text has a \\ that means nothing".to_owned(),
            "write \\\\ for a backslash".to_owned(),
        ),
        ErrorKind::DuplicateKey { key, first } => (
            format!("the key `{key}` stands here twice"),
            format!("{}; keep one", first_on(first)),
        ),
        ErrorKind::DuplicateTable { name, first } => (
            format!("the table `{name}` stands here twice"),
            format!(
                "{}; keep one, or write [[{name}]] for a list",
                first_on(first)
            ),
        ),
        _ => (
            format!("not TOML: {error}"),
            "see https://toml.io for how it is written".to_owned(),
        ),
    };
    (problem, remedy)
}

/// All that is like `= 2020-03-31` in the line, each with what stands before the day, from the equals sign on.
fn bare_dates(line: &str) -> Vec<String> {
    let is_date = |text: &str| {
        let form = text.bytes().enumerate();
        text.len() == 10
            && form.into_iter().all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            })
    };
    let found = line.match_indices('=').filter_map(|(at, _)| {
        let value = line[at + 1..].trim_start();
        let day = value.get(..10).filter(|day| is_date(day))?;
        let end = line.len() - value.len() + day.len();
        Some(line[at..end].to_owned())
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_without_quotes_in_a_list_are_told_once_and_hide_nothing_beside_them() {
        let text =
            "a = 1\nlist = [ { due_on = 2026-03-31, opens_on = 2026-01-01, kind = 5 } ]\nb = 2\n";
        let mut problems = Problems::default();
        let tree = parse(&Source::new("plan.toml".into(), text), &mut problems);
        let told: Vec<String> = problems.errors.iter().map(ToString::to_string).collect();
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].contains("a date must stand in quotes"), "{told:?}");
        assert!(
            told[0].contains("\"2026-03-31\", \"2026-01-01\""),
            "{told:?}"
        );
        assert!(
            format!("{tree:?}").contains("2026-01-01"),
            "the list is read"
        );
    }
}
