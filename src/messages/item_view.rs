//! One obligation, and one day, as the templates see them.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use super::blocks::Block;
use super::context::{Answer, DueBefore, Held, History};
use super::text::{one_line, quotable};

/// A date in its written forms. Days below 10 and months 1 and 2 carry a zero, as in official documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Day {
    /// `31/3`, with the year when it is not the year of the brief.
    pub short: String,
    /// `31/3/2020`.
    pub full: String,
    /// 0 is Monday; the index of `words.weekday`.
    pub weekday: u32,
}

impl Day {
    /// Day, month and year as documents write them apart.
    pub(super) fn parts(&self) -> BTreeMap<&'static str, String> {
        let parts = ["day", "month", "year"].into_iter();
        parts.zip(self.full.split('/').map(str::to_owned)).collect()
    }

    /// The forms of `day` in a brief of `today`.
    pub(super) fn of(day: NaiveDate, today: NaiveDate) -> Self {
        let zero = if day.month() < 3 { "0" } else { "" };
        let short = format!("{:02}/{zero}{}", day.day(), day.month());
        let full = format!("{short}/{}", day.year());
        let short = if day.year() == today.year() {
            short
        } else {
            full.clone()
        };
        Self {
            short,
            full,
            weekday: day.weekday().num_days_from_monday(),
        }
    }
}

/// An obligation; of a shared block, the first one.
#[derive(Serialize)]
pub(super) struct ItemView<'a> {
    /// What people answer with: `II.2`, `II.2/1`.
    pub id: String,
    pub label: String,
    pub title: String,
    pub written: String,
    pub due: Day,
    /// The last working day, when it is not the due day.
    pub act_by: Option<Day>,
    /// The day that the plan first gave, where that is another.
    pub extended_from: Option<Day>,
    /// The day to which a document has moved the plan's own.
    pub amended: Option<AmendedView<'a>>,
    /// Whether it has more time than the plan gives it by now.
    pub is_extended: bool,
    /// Until when more time is asked for.
    pub wished: Option<Day>,
    /// Working days left; negative: late.
    pub left: i64,
    pub product: String,
    pub coordinators: String,
    pub owing: Option<&'a str>,
    pub history: Option<HistoryView>,
    pub next_step: Option<NextStepView<'a>>,
    pub held: Option<Held>,
    pub unreached: bool,
    /// Where it was due before it was followed here: since when it is, and until when it is asked how it ended.
    pub before: Option<BeforeView>,
    /// Number of its plan, when the brief holds several.
    pub plan: Option<&'a str>,
}

impl<'a> ItemView<'a> {
    /// The item of a block.
    pub(super) fn of(block: &Block<'a>, today: NaiveDate, name_plan: bool) -> Self {
        let item = block.item;
        let day = |on: NaiveDate| Day::of(on, today);
        Self {
            id: item_id(item.task.as_str(), item.milestone),
            label: one_line(&item.label),
            title: without_stop(one_line(&item.title)),
            written: one_line(&item.due_as_written),
            due: day(item.due_on),
            act_by: (item.act_by != item.due_on).then(|| day(item.act_by)),
            extended_from: item.extended_from.map(day),
            amended: item.amended.as_ref().map(|amended| AmendedView {
                on: day(amended.on),
                by: &amended.by,
                is_later: item.extended_from.is_none_or(|first| amended.on > first),
            }),
            is_extended: item.extended_from.is_some()
                && item.amended.as_ref().map(|amended| amended.on) != Some(item.due_on),
            wished: item.wished.map(day),
            left: item.working_days_left,
            product: one_line(&item.product),
            coordinators: one_line(&item.coordinators),
            owing: item.owing.as_deref(),
            history: item
                .history
                .as_ref()
                .map(|history| HistoryView::of(history, today)),
            next_step: block.next_step().map(|step| NextStepView {
                on: day(step.on),
                to: &step.to,
                count: block.followed().count(),
                answered: block
                    .members
                    .iter()
                    .any(|one| one.next_step.is_some() && one.is_answered()),
            }),
            held: item.held,
            unreached: item.unreached,
            before: item.before.map(|before| BeforeView::of(before, today)),
            plan: name_plan.then_some(item.plan.number.as_str()),
        }
    }
}

/// Without the full stop that ends a cell; "…" and "..." stay.
fn without_stop(mut text: String) -> String {
    if text.ends_with('.') && !text.ends_with("..") {
        text.pop();
    }
    text
}

/// `II.2/1`, or `II.2` for a task with one milestone.
pub(super) fn item_id(task: &str, milestone: Option<u16>) -> String {
    match milestone {
        Some(number) => format!("{task}/{number}"),
        None => task.to_owned(),
    }
}

/// The days of what was due before it was followed here.
#[derive(Serialize)]
pub(super) struct BeforeView {
    pub since: Day,
    pub settle_by: Day,
}

impl BeforeView {
    fn of(before: DueBefore, today: NaiveDate) -> Self {
        Self {
            since: Day::of(before.since, today),
            settle_by: Day::of(before.settle_by, today),
        }
    }
}

/// Who is told next, and when.
#[derive(Serialize)]
pub(super) struct NextStepView<'a> {
    pub on: Day,
    pub to: &'a str,
    /// Obligations that it concerns.
    pub count: usize,
    /// Whether any of their agencies has answered: an answer does not stop what follows, completion does.
    pub answered: bool,
}

/// The day that a document gave.
#[derive(Serialize)]
pub(super) struct AmendedView<'a> {
    pub on: Day,
    /// Which; may be empty.
    pub by: &'a str,
    pub is_later: bool,
}

/// What was sent and answered before.
#[derive(Serialize)]
pub(super) struct HistoryView {
    /// Whether the reader had some of them in the officer's place.
    pub is_own: bool,
    /// Reminders sent.
    pub count: usize,
    /// Their days, when there are few.
    pub days: Vec<String>,
    /// The last one.
    pub last: Option<Day>,
    pub answer: Option<AnswerView>,
    /// What waits for a decision, where that is not the answer.
    pub request: Option<AnswerView>,
    /// Whether a wish for more time whose day is over is undecided.
    pub undecided: bool,
}

#[derive(Serialize)]
pub(super) struct AnswerView {
    pub on: Day,
    pub text: String,
    /// The day of what it only took back.
    pub takes_back: Option<Day>,
    /// Where it reports a completion that was returned: that it was.
    pub returned: Option<ReturnView>,
}

/// That a completion which was reported was returned.
#[derive(Serialize)]
pub(super) struct ReturnView {
    pub on: Day,
    pub reason: String,
}

impl ReturnView {
    /// What became of it, where it was returned.
    pub fn of(answer: &Answer, today: NaiveDate) -> Option<Self> {
        let returned = answer.returned.as_ref()?;
        Some(Self {
            on: Day::of(returned.on, today),
            reason: quotable(&returned.reason),
        })
    }
}

/// More days than this are counted, not named.
const NAMED_DAYS: usize = 5;

impl HistoryView {
    fn of(history: &History, today: NaiveDate) -> Self {
        let days = &history.reminded_on;
        let view = |answer: Option<&Answer>| {
            answer.map(|answer| AnswerView {
                on: Day::of(answer.on, today),
                text: quotable(&answer.text),
                takes_back: answer.takes_back.map(|day| Day::of(day, today)),
                returned: ReturnView::of(answer, today),
            })
        };
        let named = if days.len() <= NAMED_DAYS {
            days.as_slice()
        } else {
            &[]
        };
        Self {
            is_own: history.is_own,
            count: days.len(),
            days: named.iter().map(|day| Day::of(*day, today).short).collect(),
            last: days.last().map(|day| Day::of(*day, today)),
            answer: view(history.last_answer.as_ref()),
            request: view(history.request.as_ref()),
            undecided: history.is_undecided,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn dates_carry_the_zeros_of_official_documents() {
        let today = day(2020, 3, 25);
        assert_eq!(Day::of(day(2020, 3, 31), today).short, "31/3");
        assert_eq!(Day::of(day(2020, 4, 3), today).short, "03/4");
        assert_eq!(Day::of(day(2020, 1, 30), today).short, "30/01");
        assert_eq!(Day::of(day(2020, 12, 2), today).full, "02/12/2020");
        assert_eq!(Day::of(day(2021, 2, 5), today).short, "05/02/2021");
        assert_eq!(Day::of(today, today).weekday, 2);
    }
}
