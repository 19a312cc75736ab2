//! Lists that a parenthesis or a lost line break has torn: "1. … 2. …" on one line, "Quý I (điểm), III (diện rộng)".

use super::cursor::Cursor;
use super::lexer::{Kind, Token};
use super::lexicon::Key;
use super::outcome::NotUnderstood;
use super::scan::{Item, LONGEST_LINE, Scan};
use super::spans::Counted;
use super::term::{Body, Scale, Term};

/// The letters that items are counted by.
const LETTERS: &str = "abcdđeghiklmn";

/// What an item of a list is counted by.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Ordinal {
    place: usize,
    letter: bool,
    /// "." or ")".
    mark: char,
    opened: bool,
}

impl Cursor<'_> {
    /// "2.", "b)", "(3)" and how many tokens it takes.
    fn ordinal(&self) -> Option<(Ordinal, usize)> {
        let opened = self.is_mark(0, &['(']);
        let ahead = usize::from(opened);
        let Some(Kind::Mark(mark @ ('.' | ')'))) = self.kind(ahead + 1) else {
            return None;
        };
        let (place, letter) = match self.kind(ahead)? {
            Kind::Number {
                value,
                digits: 1 | 2,
            } => (usize::try_from(value).ok()?, false),
            Kind::Word if !opened && mark == ')' => {
                let token = self.peek(ahead)?;
                let written = self.text[token.start..token.end].to_lowercase();
                let place = LETTERS.chars().position(|own| written == own.to_string())?;
                (place, true)
            }
            _ => return None,
        };
        let ordinal = Ordinal {
            place,
            letter,
            mark,
            opened,
        };
        Some((ordinal, ahead + 2))
    }
}

impl Cursor<'_> {
    /// "(cấp tỉnh) năm 2017": whether the year is of every period of the list is not clear.
    fn year_behind_parenthesis(&self) -> bool {
        let close = (1..LONGEST_LINE).find(|ahead| self.is_mark(*ahead, &[')']));
        let year = |close| self.is(close + 1, Key::Year) || self.is_mark(close + 1, &['/']);
        self.is_mark(0, &['(']) && close.is_some_and(year)
    }
}

impl Scan<'_> {
    /// "2." in the middle of a line behind a first item "1.": the next item, if it begins with a capital and no unit
    /// of time stands before its number.
    pub fn next_item(&self) -> Option<usize> {
        let cursor = &self.cursor;
        let (ordinal, width) = cursor.ordinal()?;
        let unit = matches!(
            cursor.previous()?.kind,
            Kind::Key(
                Key::Day
                    | Key::Month
                    | Key::Quarter
                    | Key::Year
                    | Key::Week
                    | Key::Stage
                    | Key::Number
                    | Key::Counted
                    | Key::Times
                    | Key::Nth
                    | Key::Session
                    | Key::Before
                    | Key::Until
            )
        );
        let starts = |token: &Token| token.gap && token.capital;
        let spaced = cursor.peek(0).is_some_and(|token| token.gap);
        if unit || !spaced || !cursor.peek(width).is_some_and(starts) {
            return None;
        }
        let last = self.items.iter().rev().find_map(|item| match item {
            Item::Hard(at) => Cursor { at: *at, ..*cursor }.ordinal(),
            _ => None,
        });
        let (before, _) = last?;
        let follows = Ordinal {
            place: before.place + 1,
            ..before
        };
        (ordinal == follows).then_some(width)
    }

    /// "III (diện rộng)" behind "Quý I (điểm),", "2018" behind "Năm 2017 (xã điểm) -": the list goes on behind what
    /// was said of its first period.
    pub fn resumed(&mut self) -> Result<bool, NotUnderstood> {
        let numbered = matches!(
            self.cursor.kind(0),
            Some(Kind::Number { .. } | Kind::Roman(_))
        );
        let Some((first, counted)) = self.interrupted_list().filter(|_| numbered) else {
            return Ok(false);
        };
        let start = self.cursor.at;
        let mut cursor = self.cursor;
        let Some(span) = cursor.element(start, counted)? else {
            return Ok(false);
        };
        let told = cursor.is_mark(0, &['(', ',']) || cursor.is(0, Key::And) || cursor.ends_here();
        if !told || cursor.year_behind_parenthesis() {
            return cursor.refuse(start, "a number that belongs to no date");
        }
        self.cursor.at = cursor.at;
        self.items.push(Item::Term(Term {
            bound: first.bound,
            body: Body::Spans {
                windows: vec![span],
                each: vec![span],
            },
            clock: false,
            from: start,
            to: cursor.at,
        }));
        Ok(true)
    }

    /// The last period, where only a parenthesis and a comma, "và" or a dash stand between it and this place.
    fn interrupted_list(&self) -> Option<(Term, Counted)> {
        let (at, term) = self
            .items
            .iter()
            .enumerate()
            .rev()
            .find_map(|(at, item)| match item {
                Item::Term(term) => Some((at, term)),
                _ => None,
            })?;
        let Body::Spans { windows, .. } = &term.body else {
            return None;
        };
        let (between, joint) = match &self.items[at + 1..] {
            [between @ .., Item::Soft(joint) | Item::Hard(joint)] => (between, *joint),
            _ => return None,
        };
        let kind = |item: &Item| match item {
            Item::Words(at) | Item::Soft(at) => Some(self.cursor.tokens[*at].kind),
            _ => None,
        };
        let enclosed = between.len() > 2
            && kind(&between[0]) == Some(Kind::Mark('('))
            && kind(&between[between.len() - 1]) == Some(Kind::Mark(')'))
            && between[1..between.len() - 1]
                .iter()
                .all(|item| !matches!(kind(item), None | Some(Kind::Mark('(' | ')'))));
        let joint = matches!(
            self.cursor.tokens[joint].kind,
            Kind::Mark(',' | '-' | '&') | Kind::Key(Key::And)
        );
        let counted = match windows.first()?.scale {
            Scale::Month => Counted::Months,
            Scale::Quarter => Counted::Quarters,
            Scale::Year => Counted::Years,
            Scale::Months => return None,
        };
        (enclosed && joint).then(|| (term.clone(), counted))
    }

    /// Reads on where a list was torn, or says that the place is something else.
    pub fn enumeration(&mut self) -> Result<bool, NotUnderstood> {
        if let Some(width) = self.next_item() {
            let start = self.cursor.at;
            self.cursor.at += width;
            self.hard(start);
            return Ok(true);
        }
        self.resumed()
    }
}
