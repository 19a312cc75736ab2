//! Tables as spreadsheets save and open them: comma-separated values (RFC 4180), with whatever separator a province's Excel has.

/// A row that says something, and the line on which it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// From 1.
    pub line: usize,
    /// The cells, without the spaces around them and without the mark of [`guarded`].
    pub cells: Vec<String>,
}

/// What spreadsheets put between cells.
const SEPARATORS: [char; 3] = [';', ',', '\t'];

/// What a spreadsheet takes for the beginning of a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The rows of a text without its byte order mark; those in which every cell is empty are left out.
///
/// # Errors
/// The line on which a quotation mark opens that nothing closes.
pub(crate) fn parse(text: &str) -> Result<Vec<Row>, usize> {
    // Excel's own hint of the separator is no row.
    let (hint, first) = match text.split_once('\n') {
        Some((hint, rest)) if hint.trim_end().to_lowercase().starts_with("sep=") => (hint, rest),
        _ => ("", text),
    };
    let hinted = hint.trim_end().chars().nth(4);
    let separator = hinted.unwrap_or_else(|| separator_of(first));
    let mut reading = Reading {
        line: 1 + usize::from(!hint.is_empty()),
        ..Reading::default()
    };
    reading.begun = reading.line;
    for c in first.chars() {
        reading.take(c, separator);
    }
    if reading.quoted.is_open() {
        return Err(reading.quote_line);
    }
    reading.end_row();
    Ok(reading.rows)
}

/// The separator that stands most often in the first line, outside quotation marks.
fn separator_of(text: &str) -> char {
    let first = text.lines().next().unwrap_or_default();
    let outside: String = first.split('"').step_by(2).collect();
    let count = |separator: &char| outside.matches(*separator).count();
    // Of equals the last is taken: the most usual stands last.
    let found = SEPARATORS.iter().rev().max_by_key(|one| count(one));
    found.copied().unwrap_or(';')
}

/// Where a cell stands with its quotation marks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Quoted {
    /// It has none.
    #[default]
    Not,
    /// One is open.
    Open,
    /// One was closed; another one now stands for itself.
    Closed,
}

impl Quoted {
    fn is_open(self) -> bool {
        self == Self::Open
    }
}

#[derive(Debug, Default)]
struct Reading {
    rows: Vec<Row>,
    cells: Vec<String>,
    cell: String,
    quoted: Quoted,
    line: usize,
    /// The line on which the row begins.
    begun: usize,
    /// The line on which the last quotation mark opened.
    quote_line: usize,
}

impl Reading {
    fn take(&mut self, c: char, separator: char) {
        match (self.quoted, c) {
            (Quoted::Open, '"') => self.quoted = Quoted::Closed,
            (Quoted::Open, _) => {
                self.cell.push(c);
                self.line += usize::from(c == '\n');
            }
            (Quoted::Closed, '"') => {
                self.cell.push(c);
                self.quoted = Quoted::Open;
            }
            (Quoted::Not, '"') if self.cell.trim().is_empty() => {
                self.cell.clear();
                self.quoted = Quoted::Open;
                self.quote_line = self.line;
            }
            (_, '\n') => {
                self.end_row();
                self.line += 1;
                self.begun = self.line;
            }
            (_, c) if c == separator => self.end_cell(),
            (_, c) => self.cell.push(c),
        }
    }

    fn end_cell(&mut self) {
        let cell = std::mem::take(&mut self.cell);
        let cell = cell.trim();
        let guarded = cell
            .strip_prefix('\'')
            .filter(|rest| rest.starts_with(FORMULA));
        self.cells.push(guarded.unwrap_or(cell).to_owned());
        self.quoted = Quoted::Not;
    }

    fn end_row(&mut self) {
        self.end_cell();
        let cells = std::mem::take(&mut self.cells);
        if cells.iter().any(|cell| !cell.is_empty()) {
            self.rows.push(Row {
                line: self.begun,
                cells,
            });
        }
    }
}

/// One row as a line, that spreadsheets open as text: no cell is taken for a formula.
pub(crate) fn row(cells: &[String]) -> String {
    let cells: Vec<String> = cells
        .iter()
        .map(|cell| format!("\"{}\"", guarded(cell).replace('"', "\"\"")))
        .collect();
    cells.join(";") + "\r\n"
}

/// With the mark that makes a text of what would be a formula.
fn guarded(cell: &str) -> String {
    if cell.starts_with(FORMULA) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<Vec<String>> {
        let rows = parse(text).unwrap().into_iter();
        rows.map(|row| row.cells).collect()
    }

    #[test]
    fn every_separator_of_excel_is_read() {
        for text in [
            "a;b\n1;2",
            "a,b\r\n1,2\r\n",
            "a\tb\n1\t2\n\n",
            "sep=;\na;b\n1;2\n;;\n",
            "\"a\";b\n\"1\"; 2 \n",
        ] {
            assert_eq!(cells(text), [["a", "b"], ["1", "2"]], "{text:?}");
        }
        assert_eq!(
            cells("\"a,b,c\";d"),
            [["a,b,c", "d"]],
            "within marks it separates nothing"
        );
    }

    #[test]
    fn a_row_knows_its_line_across_cells_of_several_lines_and_empty_ones() {
        let rows = parse("a;b\n\n;\n\"1\n2\";\"he said \"\"no\"\"\"\nx;y\n").unwrap();
        let lines: Vec<usize> = rows.iter().map(|row| row.line).collect();
        assert_eq!(lines, [1, 4, 6]);
        assert_eq!(rows[1].cells, ["1\n2", "he said \"no\""]);
        assert_eq!(parse("a;b\n1;\"2\n3;4"), Err(2), "nothing closes it");
    }

    #[test]
    fn nothing_that_is_written_is_a_formula_and_it_is_read_back_as_it_was() {
        let written = ["=1+1", "+84", "-x", "@SUM(A1)", "\"q\";", "'tis", "II.2/1"];
        let row = row(&written.map(ToOwned::to_owned));
        for cell in row.trim_end().split("\";\"") {
            assert!(!cell.trim_start_matches('"').starts_with(FORMULA), "{row}");
        }
        assert_eq!(cells(&row), [written]);
    }
}
