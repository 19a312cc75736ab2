//! Text -> tree, with every line that is not TOML.
//!
//! The parser stops at the first mistake. To find the others, the line is blanked and the rest parsed again.

use toml_span::ErrorKind;

use super::document::Node;
use super::field::Place;
use crate::files::problem::Problems;
use crate::files::source::Source;

/// How many lines are blanked before the file is given up.
const BLANKED_LINES: usize = 20;

/// The tree of the file, without the lines that are not TOML; an empty table when nothing can be saved.
pub(super) fn parse(source: &Source, problems: &mut Problems) -> Node {
    let mut text = source.text.clone();
    for _ in 0..BLANKED_LINES {
        let error = match toml_span::parse(&text) {
            Ok(value) => return Node::of(value, source),
            Err(error) => error,
        };
        let line = source.line_of(error.span.start.min(text.len().saturating_sub(1)));
        let range = source.range_of_line(line);
        let (problem, remedy) = describe(&error, &source.text[range.clone()], source);
        let place = Place {
            file: source.file.clone(),
            line,
            key: String::new(),
        };
        problems.errors.push(place.problem(problem, remedy));
        if !is_confined_to_its_line(&error.kind, &text[range.clone()]) {
            break;
        }
        let blank: String = text[range.clone()]
            .bytes()
            .map(|byte| if byte == b'\n' { '\n' } else { ' ' })
            .collect();
        text.replace_range(range, &blank);
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
        ErrorKind::InvalidNumber if has_bare_date(line) => (
            "a date must stand in quotes".to_owned(),
            "write \"2020-03-31\"".to_owned(),
        ),
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

/// Whether the line has something like `= 2020-03-31`.
fn has_bare_date(line: &str) -> bool {
    line.split_once('=').is_some_and(|(_, value)| {
        let value = value.trim_start().as_bytes();
        value.len() >= 8 && value[..4].iter().all(u8::is_ascii_digit) && value[4] == b'-'
    })
}
