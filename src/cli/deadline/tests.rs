use std::cell::Cell;
use std::io::{self, Read, Write};
use std::rc::Rc;

use proptest::prelude::*;

use super::*;
use crate::domain::calendar::Calendar;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn answers(input: impl Read, out: &mut impl Write) {
    let calendar = Calendar::default();
    let reader = Reader {
        year: 2020,
        issued_on: None,
        before: Before::Exclusive,
        calendar: &calendar,
    };
    explain_lines(&reader, true, input, out).unwrap();
}

#[test]
fn the_year_is_that_of_the_issue_or_the_next_for_a_plan_of_december() {
    let today = date("2026-11-23");
    assert_eq!(usual_year(None, today), 2026);
    assert_eq!(usual_year(Some(date("2020-02-10")), today), 2020);
    assert_eq!(usual_year(Some(date("2019-11-30")), today), 2019);
    assert_eq!(usual_year(Some(date("2019-12-01")), today), 2020);
}

/// Gives one line at a time, as somebody who types does, and counts the answers seen before each.
struct Typist {
    lines: Vec<&'static str>,
    flushed: Rc<Cell<usize>>,
}

impl Read for Typist {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let typed = 3 - self.lines.len();
        assert_eq!(
            self.flushed.get(),
            typed,
            "an answer is seen before the next line is typed"
        );
        let Some(line) = self.lines.pop() else {
            return Ok(0);
        };
        buffer[..line.len()].copy_from_slice(line.as_bytes());
        Ok(line.len())
    }
}

/// Counts the lines that were flushed.
struct Screen {
    lines: usize,
    flushed: Rc<Cell<usize>>,
}

impl Write for Screen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.lines += String::from_utf8_lossy(bytes).matches('\n').count();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.flushed.set(self.lines);
        Ok(())
    }
}

#[test]
fn whoever_types_line_by_line_sees_each_answer_at_once() {
    let flushed = Rc::new(Cell::new(0));
    let typist = Typist {
        lines: vec!["c\n", "b\n", "a\n"],
        flushed: Rc::clone(&flushed),
    };
    answers(typist, &mut Screen { lines: 0, flushed });
}

proptest! {
    #[test]
    fn every_line_of_any_bytes_gets_one_answer(lines in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 1..6)) {
        let input = lines.join(&b'\n');
        let expected = input.split_inclusive(|byte| *byte == b'\n').count();
        let mut out = Vec::new();
        answers(input.as_slice(), &mut out);
        let text = String::from_utf8(out).unwrap();
        prop_assert_eq!(text.lines().count(), expected);
        for line in text.lines() {
            prop_assert!(serde_json::from_str::<serde_json::Value>(line).is_ok());
        }
    }
}
