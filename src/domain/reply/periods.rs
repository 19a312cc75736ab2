//! Weeks, months, quarters and years -> their first and their last day.

use chrono::{Datelike, Days, Months, NaiveDate};

use super::dates::{Mention, first_of_month, monday_of};
use super::roles::Role;
use super::token::Token;
use super::view::View;

/// Which day of a period is meant.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Edge {
    Begin,
    Middle,
    End,
    Whole,
}

/// "cuối tuần", "tuần sau", "đầu tháng 4", "giữa tháng", "quý II", "hết năm".
pub(super) fn period(view: &View, at: usize, sent: NaiveDate) -> Option<Mention> {
    let edges = [
        (Role::Begin, Edge::Begin),
        (Role::Middle, Edge::Middle),
        (Role::End, Edge::End),
    ];
    // "báo cáo quý I": what the report is about, not when.
    let names_report = view.ends_before(at, Role::Paper)
        || at
            .checked_sub(1)
            .is_some_and(|before| view.tokens[before].exact == "cao\u{301}");
    if names_report {
        return None;
    }
    let (edge, unit) = edges
        .iter()
        .find_map(|(role, edge)| view.role(at, *role).map(|end| (*edge, end)))
        .unwrap_or((Edge::Whole, at));
    let found = if let Some(end) = view.role(unit, Role::Week) {
        week(view, end, edge, sent)
    } else if let Some(end) = view.role(unit, Role::Month) {
        month(view, end, edge, sent, at)
    } else if let Some(end) = view.role(unit, Role::Quarter) {
        quarter(view, end, edge, sent)
    } else if let Some(end) = view.role(unit, Role::Year) {
        year(view, end, edge, sent)
    } else {
        None
    };
    let (first, last, end) = found?;
    let (first, last) = match edge {
        Edge::Begin => (first, first),
        Edge::End => (last, last),
        Edge::Middle | Edge::Whole => (first, last),
    };
    // "tháng trước" alone is too vague for a day of completion; "tháng 2" is not.
    let vague = edge == Edge::Whole && view.ends_before(end, Role::Last);
    let past = (last <= sent && !vague).then_some(last);
    Some(Mention {
        start: at,
        end,
        last,
        first,
        past,
        shift: None,
    })
}

/// A month or a quarter that a text names, whatever it says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// Its first day.
    pub first: NaiveDate,
    /// Its last day.
    pub last: NaiveDate,
}

/// "quý II", "tháng 3", in "báo cáo quý II" too, and where it ends: but not "tháng này", which tells when and not which.
pub(super) fn named_period(view: &View, at: usize, sent: NaiveDate) -> Option<(Period, usize)> {
    let (unit, is_month) = match view.role(at, Role::Quarter) {
        Some(end) => (end, false),
        None => (view.role(at, Role::Month)?, true),
    };
    let numeral = view.tokens.get(unit)?.exact.as_str();
    if view.number(unit).is_none() && !matches!(numeral, "i" | "ii" | "iii" | "iv") {
        return None;
    }
    let (first, last, end) = if is_month {
        month(view, unit, Edge::Whole, sent, at)?
    } else {
        quarter(view, unit, Edge::Whole, sent)?
    };
    Some((Period { first, last }, end))
}

type Span = (NaiveDate, NaiveDate, usize);

/// How many periods ahead of this one a text means that has just named the next, and where that ends: "tuần sau" is one,
/// "tuần sau nữa" two.
pub(super) fn ahead_of_next(view: &View, end: usize) -> (u32, usize) {
    // "nửa buổi" is half of something.
    let is_more = |token: &Token| token.plain == "nua" && !token.exact.contains('\u{309}');
    match view.tokens.get(end) {
        Some(token) if is_more(token) => (2, end + 1),
        _ => (1, end),
    }
}

fn week(view: &View, end: usize, edge: Edge, sent: NaiveDate) -> Option<Span> {
    let monday = monday_of(sent);
    let (monday, end) = if let Some(end) = view.role(end, Role::Next) {
        let (weeks, end) = ahead_of_next(view, end);
        (monday + Days::new(7 * u64::from(weeks)), end)
    } else if let Some(end) = view.role(end, Role::This) {
        (monday, end)
    } else if let Some(end) = view.role(end, Role::Last).filter(|_| edge != Edge::Whole) {
        (monday - Days::new(7), end)
    } else if edge == Edge::Begin {
        (monday + Days::new(7), end)
    } else if edge == Edge::Whole && !view.ends_before(end - 1, Role::After) {
        return None;
    } else {
        (monday, end)
    };
    let friday = monday + Days::new(4);
    Some(if edge == Edge::Middle {
        (monday + Days::new(2), monday + Days::new(2), end)
    } else {
        (monday, friday, end)
    })
}

fn month(view: &View, end: usize, edge: Edge, sent: NaiveDate, at: usize) -> Option<Span> {
    let this = first_of_month(sent);
    // "thang sau" is the next one, not the sixth.
    let next = view
        .role(end, Role::Next)
        .filter(|_| view.tokens[end].kind == super::token::Kind::Word);
    let (first, end) = if let Some(end) = next {
        let (months, end) = ahead_of_next(view, end);
        (this + Months::new(months), end)
    } else if let Some((number, after)) = view.number(end) {
        if !(1..=12).contains(&number) {
            return None;
        }
        let mut year = sent.year();
        let mut end = after;
        if let Some(after) = view.role(end, Role::Year)
            && let Some((written, after)) = view.number(after)
            && (1990..2200).contains(&written)
        {
            year = i32::try_from(written).ok()?;
            end = after;
        }
        (NaiveDate::from_ymd_opt(year, number, 1)?, end)
    } else if let Some(end) = view.role(end, Role::Next) {
        (this + Months::new(1), end)
    } else if let Some(end) = view.role(end, Role::This) {
        (this, end)
    } else if let Some(end) = view.role(end, Role::Last) {
        (this - Months::new(1), end)
    } else if edge == Edge::Begin || (edge == Edge::Whole && view.ends_before(at, Role::Until)) {
        // "sang tháng", "đầu tháng": the next one that begins.
        (this + Months::new(1), end)
    } else if edge == Edge::Whole && !view.ends_before(at, Role::After) {
        return None;
    } else {
        (this, end)
    };
    let last = first + Months::new(1) - Days::new(1);
    Some(if edge == Edge::Middle {
        let middle = first + Days::new(14);
        let middle = if middle < sent && view.number(end - 1).is_none() && first == this {
            middle + Months::new(1)
        } else {
            middle
        };
        (middle, middle, end)
    } else {
        (first, last, end)
    })
}

fn quarter(view: &View, end: usize, edge: Edge, sent: NaiveDate) -> Option<Span> {
    let own = sent.month0() / 3;
    let roman = view
        .tokens
        .get(end)
        .and_then(|token| match token.exact.as_str() {
            "i" => Some(1),
            "ii" => Some(2),
            "iii" => Some(3),
            "iv" => Some(4),
            _ => None,
        });
    let (index, end) = if let Some(number) = roman {
        (number - 1, end + 1)
    } else if let Some((number, end)) = view.number(end).filter(|(n, _)| (1..=4).contains(n)) {
        (number - 1, end)
    } else if let Some(end) = view.role(end, Role::Next) {
        (own + 1, end)
    } else if let Some(end) = view.role(end, Role::This) {
        (own, end)
    } else if edge == Edge::Whole {
        return None;
    } else {
        (own, end)
    };
    let first =
        NaiveDate::from_ymd_opt(sent.year(), 1, 1)?.checked_add_months(Months::new(index * 3))?;
    Some((first, first + Months::new(3) - Days::new(1), end))
}

fn year(view: &View, end: usize, edge: Edge, sent: NaiveDate) -> Option<Span> {
    if edge == Edge::Whole {
        return None;
    }
    let (year, end) = if let Some(end) = view.role(end, Role::Next) {
        (sent.year() + 1, end)
    } else if let Some(end) = view.role(end, Role::This) {
        (sent.year(), end)
    } else if edge == Edge::Begin {
        return None;
    } else {
        (sent.year(), end)
    };
    let first = NaiveDate::from_ymd_opt(year, 1, 1)?;
    let last = NaiveDate::from_ymd_opt(year, 12, 31)?;
    Some(if edge == Edge::Middle {
        let middle = NaiveDate::from_ymd_opt(year, 6, 30)?;
        (middle, middle, end)
    } else {
        (first, last, end)
    })
}
