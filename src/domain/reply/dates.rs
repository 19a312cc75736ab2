//! Expressions of time -> days.
//!
//! Every mention is resolved in all ways that an intent may need: looking ahead, looking back, as the first day of a
//! period or as its last. Which of them counts is decided when the intent is known.

use chrono::{Datelike, Days, Months, NaiveDate};

use super::classes::Classes;
use super::periods::period;
use super::roles::Role;
use super::shares::is_share;
use super::token::{Kind, Slack};
use super::view::View;
use super::weekdays::weekday;

/// A day or a period that a text speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mention {
    /// First token.
    pub start: usize,
    /// Token after the last.
    pub end: usize,
    /// The last day of it, looking ahead.
    pub last: NaiveDate,
    /// Its first day, looking ahead.
    pub first: NaiveDate,
    /// The day it means when it is over; `None` when it cannot be.
    pub past: Option<NaiveDate>,
    /// Days counted from a deadline that may be told elsewhere.
    pub shift: Option<u64>,
}

/// So many words of a title stand before its period.
const LONGEST_TITLE: usize = 8;

/// What no title has: beyond it, a period tells when.
const ENDS_TITLE: Classes = Classes::of(&[
    Role::Done,
    Role::Perfect,
    Role::Already,
    Role::Until,
    Role::Since,
    Role::Will,
    Role::Own,
    Role::Not,
]);

impl Mention {
    /// "báo cáo tháng 3", "việc quý II": a period that tells which one is meant, and not when.
    pub(super) fn is_attribute(&self, view: &View) -> bool {
        let named = [Role::Item, Role::Paper, Role::Product];
        let follows = || named.iter().any(|role| view.ends_before(self.start, *role));
        self.first < self.last && (follows() || self.is_in_title(view))
    }

    /// "báo cáo cải cách hành chính quý I": the period ends the title of a paper.
    fn is_in_title(&self, view: &View) -> bool {
        let is_period = matches!(
            view.tokens[self.start].plain.as_str(),
            "quy" | "thang" | "nam"
        );
        let words = (self.start.saturating_sub(LONGEST_TITLE)..self.start).rev();
        let mut words = words.take_while(|at| {
            view.tokens[*at].kind == Kind::Word && !view.begins(*at).any(ENDS_TITLE)
        });
        is_period && words.any(|at| view.is(at, Role::Paper))
    }

    pub(super) fn day(start: usize, end: usize, day: NaiveDate, past: Option<NaiveDate>) -> Self {
        Self {
            start,
            end,
            last: day,
            first: day,
            past,
            shift: None,
        }
    }
}

/// All mentions, in order.
pub(super) fn mentions(view: &View, sent: NaiveDate) -> Vec<Mention> {
    let mut found: Vec<Mention> = Vec::new();
    let mut at = 0;
    while at < view.len() {
        let mention = numeric(view, at, sent)
            .or_else(|| weekday(view, at, sent))
            .or_else(|| relative(view, at, sent))
            .or_else(|| counted(view, at, sent))
            .or_else(|| period(view, at, sent))
            .or_else(|| day_of_month(view, at, sent));
        match mention {
            Some(mention) => {
                at = mention.end.max(at + 1);
                found.push(mention);
            }
            None => at += 1,
        }
    }
    found
}

/// "15/4", "15/4/2020", "27 tháng 3".
pub(super) fn numeric(view: &View, at: usize, sent: NaiveDate) -> Option<Mention> {
    if let Kind::Day(numeric) = view.tokens.get(at)?.kind {
        let dashed = numeric.year.is_none() && {
            let unit = [Role::Day, Role::Week, Role::Month, Role::Hours, Role::Year];
            unit.iter().any(|unit| view.is(at + 1, *unit))
        };
        // "bước 3/5" counts.
        let counts = view.ends_before(at, Role::Piece) || view.count_of(at).is_some();
        if dashed || counts || is_share(view, at, sent) {
            return None;
        }
        let written = numeric.in_year(sent.year())?;
        if numeric.year.is_some() {
            let past = (written <= sent).then_some(written);
            return Some(Mention::day(at, at + 1, written, past));
        }
        return Some(yearless(at, at + 1, written, sent));
    }
    let (day, end) = view.number(at).filter(|(day, _)| (1..=31).contains(day))?;
    let month_word = view.role(end, Role::Month)?;
    let (month, mut end) = view.number(month_word)?;
    let mut year = sent.year();
    if let Some(after) = view.role(end, Role::Year)
        && let Some(written) = view.tokens.get(after).and_then(super::token::Token::number)
        && (1990..2200).contains(&written)
    {
        year = i32::try_from(written).ok()?;
        end = after + 1;
        let day = NaiveDate::from_ymd_opt(year, month, day)?;
        return Some(Mention::day(at, end, day, (day <= sent).then_some(day)));
    }
    let day = NaiveDate::from_ymd_opt(year, month, day)?;
    Some(yearless(at, end, day, sent))
}

/// A day without a year is one of this year: it is over only when it lies behind.
fn yearless(start: usize, end: usize, day: NaiveDate, sent: NaiveDate) -> Mention {
    Mention::day(start, end, day, (day <= sent).then_some(day))
}

pub(super) fn monday_of(day: NaiveDate) -> NaiveDate {
    day - Days::new(u64::from(day.weekday().num_days_from_monday()))
}

/// "hôm qua", "sáng mai", "chiều nay", "lát nữa".
fn relative(view: &View, at: usize, sent: NaiveDate) -> Option<Mention> {
    // "duoc mot nua" is half of it, and not the day after tomorrow.
    let is_half = view
        .tokens
        .get(at)
        .is_some_and(|token| token.slack == Slack::Anywhere)
        && view.is(at, Role::Half);
    if let Some(hit) = view.find(at, Role::Relative.class()).filter(|_| !is_half) {
        let offset = i64::from(hit.value) - 100;
        let day = sent + chrono::TimeDelta::days(offset);
        return Some(Mention::day(at, hit.end, day, (offset <= 0).then_some(day)));
    }
    let end = view.role(at, Role::Later)?;
    // "chiều thứ tư", "chiều 16/3": a part of the day that follows.
    let part_of = view.is(at, Role::DayPart)
        && (weekday(view, end, sent).is_some()
            || numeric(view, end, sent).is_some()
            || view.is(end, Role::Relative)
            || view.is(end, Role::Day)
            || view.is(end, Role::MonthDay));
    if part_of {
        return None;
    }
    Some(Mention::day(at, end, sent, None))
}

/// "3 ngày nữa", "thêm 2 tuần", "sau 5 hôm", "2 ngày trước".
fn counted(view: &View, at: usize, sent: NaiveDate) -> Option<Mention> {
    let (amount, unit_at) = view.number(at)?;
    let before = |role| view.ends_before(at, role);
    // "hai ba tuần": vague.
    let in_words = view.tokens[at].kind == Kind::Word;
    if in_words && at > 0 && view.number(at - 1).is_some_and(|(_, end)| end == at) {
        return None;
    }
    let amount = u64::from(amount);
    if view.role(unit_at, Role::Hours).is_some() {
        let end = view.role(unit_at, Role::Hours)?;
        let ahead = view.role(end, Role::Ahead);
        return (ahead.is_some() || before(Role::After))
            .then(|| Mention::day(at, ahead.unwrap_or(end), sent, None));
    }
    let (end, ahead_by): (usize, Option<NaiveDate>) =
        if let Some(end) = view.role(unit_at, Role::Day) {
            // "tu ngay 28/02" is "from", not "four".
            let next = view.tokens.get(end);
            if next.is_some_and(|next| matches!(next.kind, Kind::Day(_))) {
                return None;
            }
            (end, sent.checked_add_days(Days::new(amount)))
        } else if let Some(end) = view.role(unit_at, Role::Week) {
            (end, sent.checked_add_days(Days::new(amount * 7)))
        } else if let Some(end) = view.role(unit_at, Role::Month) {
            // "2 tháng 4" was read as a day; "6 tháng đầu năm" is a period of reports.
            if view.is(end, Role::Begin) || view.is(end, Role::End) {
                return None;
            }
            let months = Months::new(u32::try_from(amount).ok()?);
            (end, sent.checked_add_months(months))
        } else {
            return None;
        };
    if amount > 400 {
        return None;
    }
    let days = match view.tokens.get(unit_at) {
        _ if view.is(unit_at, Role::Week) => amount * 7,
        _ if view.is(unit_at, Role::Month) => return counted_ahead(view, at, end, ahead_by?),
        _ => amount,
    };
    if let Some(end) = view.role(end, Role::Ago) {
        let day = sent.checked_sub_days(Days::new(days))?;
        return Some(Mention::day(at, end, day, Some(day)));
    }
    if before(Role::Ago) {
        let day = sent.checked_sub_days(Days::new(days))?;
        return Some(Mention::day(at, end, day, Some(day)));
    }
    // "thêm 2 ngày", "lùi cho tui ba ngày", "thêm 5 ngày nữa"
    let more = (1..=4)
        .take_while(|back| {
            at.checked_sub(*back)
                .is_some_and(|before| !matches!(view.tokens[before].kind, Kind::Mark(_)))
        })
        .any(|back| view.is(at - back, Role::More));
    if more {
        let end = view.role(end, Role::Ahead).unwrap_or(end);
        let mut mention = Mention::day(at, end, sent, None);
        mention.shift = Some(days);
        return Some(mention);
    }
    counted_ahead(view, at, end, ahead_by?)
}

fn counted_ahead(view: &View, at: usize, end: usize, day: NaiveDate) -> Option<Mention> {
    let ahead = view.role(end, Role::Ahead).or_else(|| {
        view.role(end, Role::Next)
            .filter(|_| !view.ends_before(at, Role::More))
    });
    if ahead.is_none() && !view.ends_before(at, Role::After) {
        return None;
    }
    Some(Mention::day(at, ahead.unwrap_or(end), day, None))
}

/// "ngày 27", "mùng 3", "tới hai mươi tám".
fn day_of_month(view: &View, at: usize, sent: NaiveDate) -> Option<Mention> {
    let lead = view
        .role(at, Role::MonthDay)
        .or_else(|| view.role(at, Role::Day));
    let (from, strict) = match lead {
        Some(end) => (end, false),
        None => (view.role(at, Role::Until)?, true),
    };
    let from = view.role(from, Role::MonthDay).unwrap_or(from);
    if strict && view.is(from, Role::Relative) {
        return None;
    }
    let (day, end) = view
        .number(from)
        .filter(|(day, _)| (1..=31).contains(day))?;
    // "toi tu bao" is "tôi tự báo" as well.
    let spelt = &view.tokens[from];
    let vague = spelt.kind == Kind::Word && spelt.slack == Slack::Anywhere;
    if strict && day < 10 && vague && !view.is(end, Role::Month) {
        return None;
    }
    let counts_something = view.tokens.get(end).is_some_and(|next| {
        let closes = view.is(end, Role::Polite)
            || view.is(end, Role::Done)
            || view.is(end, Role::But)
            || view.is(end, Role::Act)
            || view.is(end, Role::This)
            || view.is(end, Role::Month);
        next.kind == Kind::Word && !closes
    });
    if strict && (counts_something || view.tokens.get(end).is_some_and(|next| next.is_mark('/'))) {
        return None;
    }
    let mut end = end;
    let mut month = first_of_month(sent);
    if let Some(word) = view.role(end, Role::Month) {
        if view.number(word).is_some() {
            return numeric(view, from, sent).map(|dated| Mention { start: at, ..dated });
        }
        if let Some(after) = view.role(word, Role::This) {
            end = after;
            let day = on_day(month, day)?;
            return Some(Mention::day(at, end, day, Some(day)));
        }
        if let Some(after) = view.role(word, Role::Next) {
            month = month + Months::new(1);
            return Some(Mention::day(at, after, on_day(month, day)?, None));
        }
        if let Some(after) = view.role(word, Role::Last) {
            month = month - Months::new(1);
            let day = on_day(month, day)?;
            return Some(Mention::day(at, after, day, Some(day)));
        }
    }
    let this = on_day(month, day);
    let ahead = this
        .filter(|this| *this >= sent)
        .or_else(|| on_day(month + Months::new(1), day))?;
    let past = this
        .filter(|this| *this <= sent)
        .or_else(|| on_day(month - Months::new(1), day));
    Some(Mention::day(at, end, ahead, past))
}

pub(super) fn first_of_month(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

fn on_day(month: NaiveDate, day: u32) -> Option<NaiveDate> {
    month.with_day(day)
}
