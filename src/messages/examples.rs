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
    /// A working day to which the second item might be extended; none when the plan allows no such day.
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
            extended_to: second
                .map(|item| extension(context, item.due_on.max(context.today)))
                .filter(|on| context.latest.is_none_or(|latest| *on <= latest))
                .map(day),
            status: status.map(|task| task.as_str().to_owned()),
        })
    }
}

/// The sign of the document that the reader's agency issues; of one that it only prepares for others there is none.
fn document(item: &BriefItem, words: &Words) -> Option<String> {
    let mut texts = [&item.label, &item.product, &item.title].into_iter();
    let mut named = texts.find_map(|text| {
        let mut named = words.documents(text).peekable();
        named.peek().is_some().then_some(named)
    })?;
    let own = named.find(|(_, is_of_others)| !is_of_others);
    own.map(|(sign, _)| sign.to_owned())
}

/// The first working day that is two days on or more; but not after the item's last day.
fn soon(context: &BriefContext, item: Option<&BriefItem>) -> NaiveDate {
    let day = working(context, context.today + Days::new(2));
    let last = item
        .map(|item| item.act_by)
        .filter(|last| *last >= context.today);
    last.map_or(day, |last| day.min(last))
}

/// The next 15th or 25th at least ten days on, which is what people ask for, or the working day after it.
fn extension(context: &BriefContext, from: NaiveDate) -> NaiveDate {
    let earliest = from + Days::new(10);
    let found = earliest
        .iter_days()
        .take(31)
        .find(|day| matches!(day.day(), 15 | 25));
    working(context, found.unwrap_or(earliest))
}

/// The first day not before `day` on which people work.
fn working(context: &BriefContext, day: NaiveDate) -> NaiveDate {
    let is_off = |day: &NaiveDate| {
        let named = context.days_off.as_ref();
        matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
            || context.closed_on.contains(day)
            || named.is_some_and(|off| (off.from..off.back_on).contains(day))
    };
    day.iter_days().find(|day| !is_off(day)).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ladder::Audience;
    use crate::messages::Reader;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    fn on(today: NaiveDate, closed_on: &[NaiveDate]) -> BriefContext {
        BriefContext {
            today,
            reader: Reader {
                audience: Audience::Officer,
                title: String::new(),
                agency: "STP".into(),
                agency_name: "Sở Tư pháp".to_owned(),
                sign: "STP".to_owned(),
            },
            monitor: "Sở Nội vụ".to_owned(),
            items: Vec::new(),
            status: Vec::new(),
            changes: Vec::new(),
            days_off: None,
            closed_on: closed_on.to_vec(),
            latest: None,
            zalo: None,
            answers: crate::messages::Answers::Here,
            stands_in: Vec::new(),
            waiting: 0,
            decides: None,
        }
    }

    #[test]
    fn an_extension_is_asked_to_a_round_working_day() {
        let tet = [day(2026, 2, 16), day(2026, 2, 17), day(2026, 2, 18)];
        for (from, expected) in [
            (day(2020, 3, 31), day(2020, 4, 15)),
            (day(2020, 4, 15), day(2020, 4, 27)),
            (day(2020, 12, 30), day(2021, 1, 15)),
            (day(2026, 2, 4), day(2026, 2, 19)),
        ] {
            assert_eq!(extension(&on(from, &tet), from), expected, "{from}");
        }
    }

    #[test]
    fn nothing_is_signed_on_a_holiday() {
        let closed = [day(2020, 4, 30), day(2020, 5, 1)];
        let context = on(day(2020, 4, 29), &closed);
        assert_eq!(soon(&context, None), day(2020, 5, 4));
        assert_eq!(
            soon(&on(day(2026, 2, 13), &[day(2026, 2, 16)]), None),
            day(2026, 2, 17)
        );
    }
}
