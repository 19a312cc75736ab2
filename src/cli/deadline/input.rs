//! Lines of any bytes.

use std::io::{self, BufRead, BufReader, Read};

/// A cell is never this long; more is not looked at.
const LONGEST: usize = 64 * 1024;

/// One line of input.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// A line of text, without its end.
    Text(String),
    /// A line that is no text.
    Unreadable {
        /// What can be shown of it.
        shown: String,
        /// Why it is none.
        problem: String,
    },
}

/// Reads line by line, in bounded memory.
#[derive(Debug)]
pub(super) struct Lines<R> {
    input: BufReader<R>,
    first: bool,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(input: BufReader<R>) -> Self {
        Self { input, first: true }
    }

    /// The next line; `None` at the end.
    pub(super) fn next_line(&mut self) -> io::Result<Option<Line>> {
        let mut bytes = Vec::new();
        let limit = LONGEST as u64 + 1;
        if self
            .input
            .by_ref()
            .take(limit)
            .read_until(b'\n', &mut bytes)?
            == 0
        {
            return Ok(None);
        }
        let ended = bytes.last() == Some(&b'\n');
        if ended {
            bytes.pop();
        }
        let too_long = bytes.len() > LONGEST;
        if too_long && !ended {
            self.input.skip_until(b'\n')?;
        }
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
        if std::mem::take(&mut self.first) && bytes.starts_with("\u{feff}".as_bytes()) {
            bytes.drain(..3);
        }
        if too_long {
            let shown = String::from_utf8_lossy(&bytes[..80]).into_owned();
            let problem =
                format!("the line is longer than {LONGEST} bytes; only its beginning is shown");
            return Ok(Some(Line::Unreadable { shown, problem }));
        }
        Ok(Some(match String::from_utf8(bytes) {
            Ok(text) => Line::Text(text),
            Err(error) => Line::Unreadable {
                shown: String::from_utf8_lossy(error.as_bytes()).into_owned(),
                problem: format!(
                    "the line is not UTF-8 at byte {}",
                    error.utf8_error().valid_up_to() + 1
                ),
            },
        }))
    }

    /// Whether the next line may have to be waited for.
    pub(super) fn would_wait(&self) -> bool {
        self.input.buffer().is_empty()
    }
}
