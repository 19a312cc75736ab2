//! Standard output, whose failures say what they are: a reader that has seen enough is none, a full disk is.

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

impl<W: Write> Write for Output<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let result = self.writer.write(bytes);
        self.noted(result)
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
