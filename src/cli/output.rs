//! Standard output, whose failures say what they are: a reader that has seen enough is none, a full disk is.

use std::borrow::Cow;
use std::io::{self, BufWriter, ErrorKind, Write};

/// Buffered output.
#[derive(Debug)]
pub(super) struct Output<W: Write> {
    writer: BufWriter<W>,
    has_reader: bool,
}

impl<W: Write> Output<W> {
    /// Output to `writer`.
    pub(super) fn to(writer: W) -> Self {
        Self {
            writer: BufWriter::new(writer),
            has_reader: true,
        }
    }

    /// Whether somebody still reads it. `dondoc simulate | head` ends early, and nothing has failed; a database that
    /// hangs up with the same error is another matter.
    pub(super) fn has_reader(&self) -> bool {
        self.has_reader
    }

    fn noted<T>(&mut self, result: io::Result<T>) -> io::Result<T> {
        result.map_err(|error| match error.kind() {
            ErrorKind::Interrupted => error, // tried again by whoever asked for it
            kind => {
                self.has_reader &= kind != ErrorKind::BrokenPipe;
                io::Error::new(kind, format!("standard output cannot be written: {error}"))
            }
        })
    }
}

/// The text as a terminal may show it: what people wrote and how they called their files must not move the cursor, ask the
/// terminal for anything, or turn the direction of writing.
fn printable(text: &str) -> Cow<'_, str> {
    // Few bytes begin such a letter; of most text no letter has to be put together.
    let mut bytes = text.bytes().enumerate();
    if bytes.any(|(at, byte)| may_be_dangerous(byte) && text[at..].starts_with(is_dangerous)) {
        Cow::Owned(text.replace(is_dangerous, "\u{fffd}"))
    } else {
        Cow::Borrowed(text)
    }
}

fn is_dangerous(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t')
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether this byte of a text begins letters of which some [`is_dangerous`]; no letter has such a byte further on.
fn may_be_dangerous(byte: u8) -> bool {
    byte < 0x20 || matches!(byte, 0x7f | 0xc2 | 0xd8 | 0xe2)
}

impl<W: Write> Write for Output<W> {
    /// Everything that is printed comes by here, in pieces that are whole texts.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        let result = self.writer.write_all(printable(&text).as_bytes());
        self.noted(result.map(|()| bytes.len()))
    }

    fn flush(&mut self) -> io::Result<()> {
        let result = self.writer.flush();
        self.noted(result)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Broken(ErrorKind);

    impl Write for Broken {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn what_people_wrote_cannot_speak_to_the_terminal() {
        let mut shown = Vec::new();
        let mut out = Output::to(&mut shown);
        out.write_all("II.2\t“xong\u{1b}]0;x\u{7}\u{9b}2J\r\u{202e}fdp”\n".as_bytes())
            .unwrap();
        out.flush().unwrap();
        drop(out);
        let shown = String::from_utf8(shown).unwrap();
        assert_eq!(
            shown,
            "II.2\t“xong\u{fffd}]0;x\u{fffd}\u{fffd}2J\u{fffd}\u{fffd}fdp”\n"
        );
    }

    #[test]
    fn no_letter_that_could_speak_to_the_terminal_is_passed_over() {
        for letter in '\u{0}'..=char::MAX {
            let text = format!("ế{letter}”");
            let is_replaced = printable(&text) != text;
            assert_eq!(is_replaced, is_dangerous(letter), "{letter:?}");
        }
    }

    #[test]
    fn a_reader_that_has_seen_enough_is_told_from_a_full_disk() {
        for (kind, has_reader) in [
            (ErrorKind::BrokenPipe, false),
            (ErrorKind::StorageFull, true),
        ] {
            let mut out = Output::to(Broken(kind));
            let error = out.write_all(b"x").and_then(|()| out.flush()).unwrap_err();
            assert!(
                error
                    .to_string()
                    .starts_with("standard output cannot be written: "),
                "{error}"
            );
            assert_eq!((error.kind(), out.has_reader()), (kind, has_reader));
        }
    }
}
