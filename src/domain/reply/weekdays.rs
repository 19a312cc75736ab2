//! Days of the week, alone and beside a date.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::dates::{Mention, monday_of, numeric};
use super::periods::ahead_of_next;
use super::roles::Role;
use super::token::Kind;
use super::view::View;

/// "thứ sáu", "thứ năm tuần sau", "t6 này", "chủ nhật vừa rồi".
pub(super) fn weekday(view: &View, at: usize, sent: NaiveDate) -> Option<Mention> {
    let token = view.tokens.get(at)?;
    let (weekday, end) = if let Some(end) = view.role(at, Role::Sunday) {
        (Weekday::Sun, end)
    } else if let Some(after) = view.role(at, Role::Weekday) {
        let (number, end) = view.number(after)?;
        // "lần thứ 4" counts.
        if at > 0 && view.tokens[at - 1].plain == "lan" {
            return None;
        }
        // "thứ 2", "thứ hai"; a date glued to it ("thứ hai 16/3") is its own mention.
        (from_number(number)?, end)
    } else if token.exact == "t" && view.tokens.get(at + 1).is_some_and(|next| !next.gap) {
        (from_number(view.tokens[at + 1].number()?)?, at + 2)
    } else {
        return None;
    };
    let monday = monday_of(sent);
    if let Some(dated) = with_date(view, end, weekday, sent) {
        return Some(Mention { start: at, ..dated });
    }
    let in_week = |monday: NaiveDate| monday + Days::new(u64::from(weekday.num_days_from_monday()));
    let this_week = in_week(monday);
    let next = if this_week > sent {
        this_week
    } else {
        this_week + Days::new(7)
    };
    let previous = if this_week < sent {
        this_week
    } else {
        this_week - Days::new(7)
    };
    let end_of = |role| view.role(end, role);
    if let Some(week) = end_of(Role::Week) {
        if let Some(end) = view.role(week, Role::Next) {
            let (weeks, end) = ahead_of_next(view, end);
            let day = in_week(monday + Days::new(7 * u64::from(weeks)));
            return Some(Mention::day(at, end, day, None));
        }
        if let Some(end) = view.role(week, Role::This) {
            return Some(Mention::day(at, end, this_week, Some(this_week)));
        }
        if let Some(end) = view.role(week, Role::Last) {
            let day = in_week(monday - Days::new(7));
            return Some(Mention::day(at, end, day, Some(day)));
        }
    }
    if let Some(end) = end_of(Role::This) {
        return Some(Mention::day(at, end, next, Some(this_week)));
    }
    if let Some(end) = end_of(Role::Last) {
        return Some(Mention::day(at, end, previous, Some(previous)));
    }
    if let Some(end) = end_of(Role::Next) {
        return Some(Mention::day(at, end, next, None));
    }
    Some(Mention::day(at, end, next, Some(previous)))
}

/// "thứ hai 16/3", "thứ hai, ngày 16/3", "thứ hai (16/3)": the date that is written out beside a weekday is the one that is
/// meant. Behind a comma alone it is only where it falls on that weekday: "thứ sáu, 16/3 nộp" tells of two days.
fn with_date(view: &View, end: usize, weekday: Weekday, sent: NaiveDate) -> Option<Mention> {
    let mark = view.tokens.get(end).map(|token| &token.kind);
    let after = end + usize::from(matches!(mark, Some(Kind::Mark(',' | '(' | '-'))));
    let day = view
        .role(after, Role::Day)
        .filter(|_| after == end || view.tokens[after].plain == "ngay");
    let dated = numeric(view, day.unwrap_or(after), sent)?;
    let apart = matches!(mark, Some(Kind::Mark(',' | '-'))) && day.is_none();
    let goes_on = view
        .tokens
        .get(dated.end)
        .is_some_and(|next| next.kind == Kind::Word)
        && !view.is(dated.end, Role::Polite);
    if apart && goes_on && dated.last.weekday() != weekday {
        return None;
    }
    let closes = matches!(mark, Some(Kind::Mark('(')))
        && view
            .tokens
            .get(dated.end)
            .is_some_and(|next| next.is_mark(')'));
    Some(Mention {
        end: dated.end + usize::from(closes),
        ..dated
    })
}

/// "thứ ba 12/3", where the twelfth is a Thursday: one of the two is wrong.
pub(super) fn contradicts_weekday(view: &View, mention: &Mention) -> bool {
    let named = view
        .role(mention.start, Role::Weekday)
        .and_then(|after| view.number(after));
    let weekday = match named {
        _ if view.is(mention.start, Role::Sunday) => Some(Weekday::Sun),
        Some((number, end)) if end < mention.end => from_number(number),
        _ => None,
    };
    let dated = view.tokens[mention.start..mention.end]
        .iter()
        .any(|token| matches!(token.kind, Kind::Day(_)));
    dated && weekday.is_some_and(|weekday| weekday != mention.last.weekday())
}

fn from_number(number: u32) -> Option<Weekday> {
    Weekday::try_from(u8::try_from(number.checked_sub(2)?).ok()?).ok()
}
