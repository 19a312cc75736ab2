//! How often, where as many dates follow: "02 đợt/năm (tháng 6 và tháng 12)", "mỗi năm 02 lần: 30/6 và 31/12".

use super::cursor::Cursor;
use super::lexer::Kind;
use super::lexicon::Key;
use super::outcome::NotUnderstood;
use super::scan::Scan;
use super::term::Body;

impl Scan<'_> {
    /// "02 đợt/năm (tháng 6 và tháng 12)": how often, where as many dates follow.
    pub fn times_with_dates(&mut self) -> Result<bool, NotUnderstood> {
        let start = self.cursor.at;
        if self.cursor.is(0, Key::Every) && self.cursor.is_any(1, &[Key::Year, Key::WholeYear]) {
            return self.times_of_a_year(start, start + 2);
        }
        let at_least = self
            .cursor
            .previous()
            .is_some_and(|token| token.kind == Kind::Key(Key::Filler));
        let Some(times) = self
            .cursor
            .numeral(0)
            .filter(|times| *times > 1 && !at_least)
        else {
            return Ok(false);
        };
        let mut cursor = self.cursor;
        cursor.at += 1;
        if !(cursor.eat(Key::Times) || (cursor.is_word(0, "đợt") && cursor.eat(Key::Counted))) {
            return Ok(false);
        }
        let each = cursor.eat_mark(&['/']) | cursor.eat_any(&[Key::In, Key::Every, Key::By]);
        if !(each && cursor.eat_any(&[Key::Year, Key::WholeYear])) {
            return Ok(false);
        }
        self.as_many_follow(start, cursor, times)
    }

    /// "02 lần (30/6 và 31/12)" behind "mỗi năm".
    fn times_of_a_year(&mut self, start: usize, from: usize) -> Result<bool, NotUnderstood> {
        let mut cursor = Cursor {
            at: from,
            ..self.cursor
        };
        let Some(times) = cursor.numeral(0).filter(|times| *times > 1) else {
            return Ok(false);
        };
        cursor.at += 1;
        if !(cursor.eat(Key::Times) || (cursor.is_word(0, "đợt") && cursor.eat(Key::Counted))) {
            return Ok(false);
        }
        self.as_many_follow(start, cursor, times)
    }

    /// Makes plain words of what stands between `start` and `end`, if as many dates follow.
    fn as_many_follow(
        &mut self,
        start: usize,
        end: Cursor,
        times: u32,
    ) -> Result<bool, NotUnderstood> {
        let mut cursor = end;
        if !cursor.eat_mark(&['(', ':', ',']) {
            return Ok(false);
        }
        let listed = match cursor.term()?.map(|term| term.body) {
            Some(Body::Days(days)) => days.len(),
            Some(Body::Spans { windows, .. }) => windows.len(),
            _ => 0,
        };
        if u32::try_from(listed) != Ok(times) {
            return Ok(false);
        }
        self.words(start, end.at);
        self.cursor.at = end.at;
        Ok(true)
    }
}
