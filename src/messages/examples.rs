//! The examples of answers: made of the ids, the code and the dates of the very brief they stand in.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::Serialize;

use super::blocks::Block;
use super::context::{BriefContext, BriefItem};
use super::item_view::{Day, item_id};
use super::words::Words;
use crate::domain::brief::Urgency;

/// What the examples are made of; the words around it stand in the templates.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Examples {
    /// The most pressing own item; none when only the status of continuous tasks is asked.
    pub first: Option<String>,
    /// The next one, or the same.
    pub second: Option<String>,
    /// Sign of the kind of document that the first item calls for.
    pub document: Option<String>,
    /// What stands for the agency in document numbers.
    pub sign: String,
    /// Today: the day of the example's document.
    pub today: Day,
    /// A working day soon and in time, for "trình ký"; none when that is today.
    pub soon: Option<Day>,
    /// Whether that day is more than a week off, so that a weekday alone would mislead.
    pub soon_is_far: bool,
    /// A day to which the second item might be extended.
    pub extended_to: Option<Day>,
    /// The first continuous task whose status is asked.
    pub status: Option<String>,
}

impl Examples {
    /// The examples of a brief; `None` when nothing in it is the reader's own to answer.
    pub(super) fn of(context: &BriefContext, blocks: &[Block<'_>], words: &Words) -> Option<Self> {
        let mut own = blocks
            .iter()
            .map(|block| block.item)
            .filter(|item| item.owing.is_none());
        let first = own.next();
        let second = own.find(|item| item.urgency != Urgency::Opening).or(first);
        let status = context.status.iter().flat_map(|ask| &ask.tasks).next();
        if first.is_none() && status.is_none() {
            return None;
        }
        let id = |item: &BriefItem| item_id(item.task.as_str(), item.milestone);
        let soon = soon(context, second);
        let day = |on: NaiveDate| Day::of(on, context.today);
        Some(Self {
            first: first.map(id),
            second: second.map(id),
            document: first.and_then(|item| document(item, words)),
            sign: context.reader.sign.clone(),
            today: day(context.today),
            soon_is_far: (soon - context.today).num_days() > 6,
            soon: (soon > context.today).then(|| day(soon)),
            extended_to: second.map(|item| day(extension(item.due_on.max(context.today)))),
            status: status.map(|task| task.as_str().to_owned()),
        })
    }
}

fn document(item: &BriefItem, words: &Words) -> Option<String> {
    let sign = [&item.label, &item.product, &item.title]
        .into_iter()
        .find_map(|text| words.document_sign(text));
    sign.map(str::to_owned)
}

/// Two days on, behind a weekend or the days off when it would fall into them; but not after the item's last day.
fn soon(context: &BriefContext, item: Option<&BriefItem>) -> NaiveDate {
    let day = not_weekend(context.today + Days::new(2));
    let day = match &context.days_off {
        Some(off) if (off.from..off.back_on).contains(&day) => off.back_on,
        _ => day,
    };
    let last = item
        .map(|item| item.act_by)
        .filter(|last| *last >= context.today);
    last.map_or(day, |last| day.min(last))
}

/// The next 15th or 25th at least ten days on: never a fixed holiday, and what people ask for.
fn extension(from: NaiveDate) -> NaiveDate {
    let earliest = from + Days::new(10);
    let found = earliest
        .iter_days()
        .take(31)
        .find(|day| matches!(day.day(), 15 | 25));
    not_weekend(found.unwrap_or(earliest))
}

fn not_weekend(day: NaiveDate) -> NaiveDate {
    match day.weekday() {
        Weekday::Sat => day + Days::new(2),
        Weekday::Sun => day + Days::new(1),
        _ => day,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extension_is_asked_to_a_round_working_day_that_is_no_fixed_holiday() {
        let day = |month, day| NaiveDate::from_ymd_opt(2020, month, day).unwrap();
        assert_eq!(extension(day(3, 31)), day(4, 15));
        assert_eq!(extension(day(4, 15)), day(4, 27));
        assert_eq!(
            extension(day(12, 30)),
            NaiveDate::from_ymd_opt(2021, 1, 15).unwrap()
        );
    }
}
