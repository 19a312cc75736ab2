//! Days that no calendar has: "ngày 31/11", "từ 32/13".
//!
//! Whoever writes one meant another day, so a completion is not sure of its day.

use chrono::NaiveDate;

use super::roles::Role;
use super::token::{Kind, Token};
use super::view::View;

/// What is followed by a day.
const LEADS: [Role; 4] = [Role::Day, Role::Since, Role::Until, Role::Weekday];

/// Whether a text gives a day that does not exist.
pub(super) fn names_no_day(view: &View, year: i32) -> bool {
    (0..view.len()).any(|at| is_no_day(view, at, year))
}

fn is_no_day(view: &View, at: usize, year: i32) -> bool {
    if let Kind::Day(day) = view.tokens[at].kind {
        return day.in_year(year).is_none();
    }
    let Some((day, after)) = view.number(at) else {
        return false;
    };
    // "31 tháng 11"
    let month = view.role(after, Role::Month).filter(|_| day <= 31);
    if let Some((month, _)) = month.and_then(|month| view.number(month)) {
        let exists = NaiveDate::from_ymd_opt(year, month, day).is_some();
        return (29..=31).contains(&day) && (1..=12).contains(&month) && !exists;
    }
    // "32/13": but "40/49 việc" counts, and only what a day leads to is one.
    let led = LEADS.iter().any(|role| view.ends_before(at, *role))
        || at > 0 && view.tokens[at - 1].plain == "hom";
    let stroke = view.tokens.get(at + 1);
    let month = view.tokens.get(at + 2).and_then(Token::number);
    let counts = view.is(at + 3, Role::Counted);
    led && stroke.is_some_and(|stroke| stroke.is_mark('/') && !stroke.gap)
        && month.is_some_and(|month| month < 100)
        && !counts
}
