//! "Cái thứ hai", "hai việc đầu", "cả 3 việc": tasks of a list by their place, or all of them.

use super::words::{Frame, Is, Sense, Terse, Unit};

/// What tells a place. Times have the same words: "đầu tháng", "thứ hai tuần sau".
const PLACES: [Sense; 5] = [
    Sense::Nth,
    Sense::First,
    Sense::Last,
    Sense::Item,
    Sense::Day,
];

impl Terse {
    /// "Cái thứ hai", "cái cuối": the one of `offered` answers to a question that a text chooses by its place, and says no more.
    #[must_use]
    pub fn chosen_place(&self, text: &str, offered: usize) -> Option<usize> {
        let units = self.units(
            text,
            &[Sense::Nth, Sense::First, Sense::Last, Sense::Filler],
        );
        let mut said = units
            .iter()
            .filter(|unit| !unit.is_one_of(&[Sense::Filler]));
        let place = match (said.next()?, said.next()) {
            (first, None) if first.is_one_of(&[Sense::First]) => 1,
            (last, None) if last.is_one_of(&[Sense::Last]) => offered,
            (nth, Some(number)) if nth.is_one_of(&[Sense::Nth]) => self.place(number)?,
            _ => return None,
        };
        (said.next().is_none() && (1..=offered).contains(&place)).then_some(place)
    }

    /// "Hai việc đầu xong, việc cuối chưa": the text with the tasks of a list of `shown` that are told by their place called by
    /// their numbers: "việc 1, việc 2 xong, việc 3 chưa". `None` where none is, or one that is not there.
    #[must_use]
    pub fn placed(&self, text: &str, shown: usize) -> Option<String> {
        let units = self.units(text, &PLACES);
        let (mut called, mut copied) = (String::new(), 0);
        for (at, item) in units.iter().enumerate() {
            if !item.is_one_of(&[Sense::Item]) {
                continue;
            }
            let Some((numbers, taken)) = self.places_at(&units, at, shown)? else {
                continue;
            };
            let counted = at.checked_sub(1).map(|before| &units[before]);
            let counted = counted.filter(|unit| self.count(unit).is_some());
            let start = counted.map_or(item.start, |unit| unit.start);
            let last = &units[at + taken];
            let names = numbers.map(|number| self.completed(Frame::Task, &number.to_string()));
            called.push_str(text.get(copied..start)?);
            called.push_str(&names.collect::<Vec<_>>().join(", "));
            copied = last.start + last.text.len();
        }
        if copied == 0 {
            return None;
        }
        called.push_str(&text[copied..]);
        Some(called)
    }

    /// The numbers of the tasks whose place is told behind the word at `at`, and how many units tell it. The outer `None` where there
    /// are not so many.
    #[expect(
        clippy::option_option,
        reason = "no place, and one that is not there, are two things"
    )]
    fn places_at(
        &self,
        units: &[Unit<'_>],
        at: usize,
        shown: usize,
    ) -> Option<Option<(std::ops::RangeInclusive<usize>, usize)>> {
        let is = |at: usize, sense| units.get(at).is_some_and(|unit| unit.is_one_of(&[sense]));
        let before = at.checked_sub(1).and_then(|before| units.get(before));
        let count = before.and_then(|unit| self.count(unit));
        let count = count.map_or(Some(1), |count| usize::try_from(count).ok())?;
        let (numbers, taken) = if is(at + 1, Sense::First) {
            (1..=count, 1)
        } else if is(at + 1, Sense::Last) {
            ((shown + 1).checked_sub(count)?..=shown, 1)
        } else if is(at + 1, Sense::Nth)
            && let Some(place) = units.get(at + 2).and_then(|unit| self.place(unit))
        {
            (place..=place, 2)
        } else {
            return Some(None);
        };
        // "Việc cuối tháng" is no place of a list.
        if is(at + taken + 1, Sense::Day) {
            return Some(None);
        }
        let is_there = *numbers.start() >= 1 && *numbers.end() <= shown;
        is_there.then_some(Some((numbers, taken)))
    }

    /// "Xong cả 3 việc rồi", "tất cả đang làm": whether a text says how all of `shown` tasks stand, and no more.
    #[must_use]
    pub fn is_of_all(&self, text: &str, shown: usize) -> bool {
        let units = self.units(
            text,
            &[Sense::All, Sense::Item, Sense::Status, Sense::Filler],
        );
        let has = |sense| units.iter().any(|unit| unit.is_one_of(&[sense]));
        let is_count = |unit: &Unit<'_>| {
            let count = self
                .count(unit)
                .and_then(|count| usize::try_from(count).ok());
            count == Some(shown)
        };
        // "Hết" alone is as often only a way to speak: "xong hết".
        has(Sense::All)
            && has(Sense::Status)
            && units.iter().all(|unit| match unit.is {
                Is::Word(_) => true,
                Is::Digits(_) | Is::Other => is_count(unit),
                Is::Signs => false,
            })
    }

    /// "Dạ chưa, cỡ 40%": what follows where a text begins with a plain no to "is it done?".
    #[must_use]
    pub fn after_not_yet<'t>(&self, text: &'t str) -> Option<&'t str> {
        let end = text.find([',', ';', '.', ':', '-', '\n'])?;
        let (no, rest) = (&text[..end], text[end + 1..].trim());
        let units = self.units(no, &[Sense::NotYet, Sense::Filler]);
        let denies = units.iter().any(|unit| unit.is_one_of(&[Sense::NotYet]));
        let says_no_more = units.iter().all(|unit| matches!(unit.is, Is::Word(_)));
        (denies && says_no_more && !rest.is_empty()).then_some(rest)
    }
}
