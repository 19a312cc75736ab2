//! Tables as spreadsheets save and open them: comma-separated values (RFC 4180), with whatever separator a province's Excel has.
//!
//! The crate `csv` reads and writes them. What it does not know is added here: which separator it is, the line on which a row
//! stands behind empty ones, that a quotation mark is never closed, and that no cell is to become a formula.

use std::io::{Chain, Read};

use ::csv::{Position, QuoteStyle, ReaderBuilder, StringRecord, Terminator, WriterBuilder};

/// A row that says something, and the line on which it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// From 1.
    pub line: usize,
    /// The cells, without the spaces around them and without the mark of [`guarded`].
    pub cells: Vec<String>,
}

/// What spreadsheets put between cells.
const SEPARATORS: [u8; 3] = [b';', b',', b'\t'];

/// What a spreadsheet takes for the beginning of a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A last row that is put behind every text: it is read as a row unless a quotation mark before it is never closed.
const END: &str = "\n\u{1f}end";

/// The rows of a text; those in which every cell is empty are left out. The last one is an error, the line on which it
/// begins, where a quotation mark of it is never closed: what stands below is taken for a part of it.
pub(crate) fn rows(text: &str) -> Rows<'_> {
    // Excel's own hint of the separator is no row.
    let (hint, rest) = match text.split_once('\n') {
        Some((hint, rest)) if hint.trim_end().to_lowercase().starts_with("sep=") => {
            (Some(hint), rest)
        }
        _ => (None, text),
    };
    let hinted = hint.and_then(|hint| hint.trim_end().as_bytes().get(4).copied());
    let hinted = hinted.filter(|byte| byte.is_ascii() && *byte != b'"');
    let separator = hinted.unwrap_or_else(|| separator_of(rest));
    let reader = ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(rest.as_bytes().chain(END.as_bytes()));
    Rows {
        records: reader.into_records(),
        text: rest,
        at: 0,
        line: 1 + usize::from(hint.is_some()),
    }
}

/// The separator that stands most often in the first line, outside quotation marks.
fn separator_of(text: &str) -> u8 {
    let first = text.split(['\n', '\r']).next().unwrap_or_default();
    let outside = || first.split('"').step_by(2).flat_map(str::bytes);
    let count = |separator: u8| outside().filter(|byte| *byte == separator).count();
    // Of equals the last is taken: the most usual stands last.
    let found = SEPARATORS.into_iter().rev();
    found.max_by_key(|one| count(*one)).unwrap_or(b';')
}

/// See [`rows`].
pub(crate) struct Rows<'t> {
    records: ::csv::StringRecordsIntoIter<Chain<&'t [u8], &'t [u8]>>,
    text: &'t str,
    /// Up to here the lines are counted.
    at: usize,
    /// The line that begins there, or goes on.
    line: usize,
}

impl Rows<'_> {
    /// The line on which a record begins that was read from `position` on: what reads it leaves empty lines out before it.
    fn line_of(&mut self, position: Option<&Position>) -> usize {
        let read_from = position.and_then(|position| usize::try_from(position.byte()).ok());
        let bytes = self.text.as_bytes();
        let mut begins = read_from.unwrap_or(self.at).min(bytes.len());
        while matches!(bytes.get(begins), Some(b'\n' | b'\r')) {
            begins += 1;
        }
        let skipped = bytes.get(self.at..begins).unwrap_or_default();
        let ends = skipped.iter().enumerate().filter(|(place, byte)| {
            // Of the two that Windows writes the second counts.
            **byte == b'\n' || (**byte == b'\r' && bytes.get(self.at + place + 1) != Some(&b'\n'))
        });
        self.line += ends.count();
        self.at = begins;
        self.line
    }
}

impl Iterator for Rows<'_> {
    type Item = Result<Row, usize>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let Ok(record) = self.records.next()? else {
                // Of what is text already, and may be of any length, nothing is wrong for it.
                return Some(Err(self.line));
            };
            let line = self.line_of(record.position());
            if let Some(rest) = record
                .iter()
                .next_back()
                .unwrap_or_default()
                .strip_suffix(END.trim_start())
            {
                let is_own = record.len() == 1 && rest.is_empty();
                return (!is_own).then_some(Err(line));
            }
            let cells = cells(&record);
            if cells.iter().any(|cell| !cell.is_empty()) {
                return Some(Ok(Row { line, cells }));
            }
        }
    }
}

fn cells(record: &StringRecord) -> Vec<String> {
    let cells = record.iter().map(|cell| {
        let cell = cell.trim();
        let unguarded = cell.strip_prefix('\'');
        unguarded
            .filter(|rest| rest.starts_with(FORMULA))
            .unwrap_or(cell)
            .to_owned()
    });
    cells.collect()
}

/// The rows as a text that spreadsheets open, each cell as text: none is taken for a formula.
pub(crate) fn written(rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut writer = WriterBuilder::new()
        .delimiter(b';')
        .quote_style(QuoteStyle::Always)
        .terminator(Terminator::CRLF)
        .flexible(true)
        .from_writer(Vec::new());
    for cells in rows {
        let written = writer.write_record(cells.into_iter().map(guarded));
        written.expect("rows of any length may be written, and memory takes them");
    }
    let bytes = writer.into_inner().expect("memory takes what is left");
    String::from_utf8(bytes).expect("what is written between texts is ASCII")
}

/// With the mark that makes a text of what would be a formula.
fn guarded(cell: String) -> String {
    if cell.starts_with(FORMULA) {
        format!("'{cell}")
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Vec<Row> {
        rows(text).map(Result::unwrap).collect()
    }

    fn cells(text: &str) -> Vec<Vec<String>> {
        parsed(text).into_iter().map(|row| row.cells).collect()
    }

    #[test]
    fn every_separator_of_excel_is_read() {
        for text in [
            "a;b\n1;2",
            "a,b\r\n1,2\r\n",
            "a\tb\n1\t2\n\n",
            "sep=;\na;b\n1;2\n;;\n",
            "\"a\";b\n\"1\"; 2 \n",
            "a;b\r1;2\r",
        ] {
            assert_eq!(cells(text), [["a", "b"], ["1", "2"]], "{text:?}");
        }
        assert_eq!(
            cells("\"a,b,c\";d"),
            [["a,b,c", "d"]],
            "within marks it separates nothing"
        );
        assert_eq!(cells("sep=\"\na;b"), [["a", "b"]], "no hint that is one");
        assert_eq!(cells("sep=ơ\na;b"), [["a", "b"]]);
    }

    #[test]
    fn a_row_knows_its_line_across_cells_of_several_lines_and_empty_ones() {
        let text = "a;b\n\n;\n\"1\n2\";\"he said \"\"no\"\"\"\nx;y\n";
        for (end, hint) in [("\n", ""), ("\r\n", ""), ("\r", ""), ("\r\n", "sep=;\r\n")] {
            let text = format!("{hint}{}", text.replace('\n', end));
            let rows = parsed(&text);
            let before = usize::from(!hint.is_empty());
            let lines: Vec<usize> = rows.iter().map(|row| row.line - before).collect();
            assert_eq!(lines, [1, 4, 6], "{text:?}");
            assert_eq!(rows[1].cells, [&format!("1{end}2"), "he said \"no\""]);
        }
    }

    #[test]
    fn a_mark_that_nothing_closes_is_told_after_what_stands_before_it() {
        let found: Vec<_> = rows("a;b\n\nx;y\n1;\"2\n3;4").collect();
        let lines: Vec<_> = found
            .iter()
            .map(|one| one.as_ref().map(|row| row.line))
            .collect();
        assert_eq!(lines, [Ok(1), Ok(3), Err(&4)]);
        for text in ["", "\n\r\n", ";;", "\"\""] {
            assert_eq!(parsed(text), [], "{text:?}");
        }
        for text in ["\"", "a;\"", "\"a\";\""] {
            assert_eq!(rows(text).last(), Some(Err(1)), "{text:?}");
        }
        assert_eq!(
            cells("5\" x;\"a\"b"),
            [["5\" x", "ab"]],
            "as Excel reads it"
        );
    }

    #[test]
    fn nothing_that_is_written_is_a_formula_and_it_is_read_back_as_it_was() {
        let texts = [
            "=1+1", "+84", "-x", "@SUM(A1)", "\"q\";", "'tis", "a\r\nb", "",
        ];
        let text = written([texts.map(ToOwned::to_owned).to_vec()]);
        for cell in text.trim_end().split("\";\"") {
            assert!(!cell.trim_start_matches('"').starts_with(FORMULA), "{text}");
        }
        assert_eq!(cells(&text), [texts]);
        assert!(text.ends_with(";\"\"\r\n"), "{text}");
    }
}
