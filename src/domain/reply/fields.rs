//! Tasks and per cents that are written in several words.

use std::collections::HashSet;

use super::numerals::ROMANS;
use super::roles::Role;
use super::shares::is_half;
use super::token::{Kind, Token};
use super::view::View;

/// A task and where it is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub task: String,
    pub start: usize,
    pub end: usize,
}

/// The tasks a text names, in order, ranges and lists expanded, each once.
pub(super) fn tasks(view: &View) -> Vec<Named> {
    let mut found = mentioned(view);
    let mut seen = HashSet::new();
    found.retain(|named| seen.insert(named.task.clone()));
    found
}

/// The same, each as often as it is named.
pub(super) fn mentioned(view: &View) -> Vec<Named> {
    let mut found: Vec<Named> = Vec::new();
    let mut at = 0;
    while at < view.len() {
        let end = one_task(view, at, &mut found);
        at = end.unwrap_or(at + 1);
    }
    found
}

fn one_task(view: &View, at: usize, found: &mut Vec<Named>) -> Option<usize> {
    let token = &view.tokens[at];
    if let Kind::Task(task) = &token.kind {
        // "quý II 20", "Quý II.2020": a period, not a task.
        if view.ends_before(at, Role::Quarter) {
            return None;
        }
        push(found, task.clone(), at, at + 1);
        return Some(continued(view, at + 1, &task.clone(), found));
    }
    if let Some(end) = numbered_item(view, at, found) {
        return Some(end);
    }
    // "412: rồi"
    if at == 0
        && let Some(number) = token.number().filter(|number| (2..10_000).contains(number))
        && view.tokens.get(1).is_some_and(|next| next.is_mark(':'))
    {
        push(found, format!("#{number}"), 0, 1);
        return Some(1);
    }
    if token.is_mark('#')
        && let Some(number) = view.tokens.get(at + 1).and_then(Token::number)
    {
        push(found, format!("#{number}"), at, at + 2);
        return Some(at + 2);
    }
    None
}

fn push(found: &mut Vec<Named>, task: String, start: usize, end: usize) {
    found.push(Named { task, start, end });
}

/// "II.2, 3 và 5", "II.2-5", "II.2 đến II.5", "VII.3 với 4".
fn continued(view: &View, mut at: usize, first: &str, found: &mut Vec<Named>) -> usize {
    let Some((roman, number)) = split(first) else {
        return at;
    };
    let mut last = number;
    loop {
        let dash = view.tokens.get(at).is_some_and(|token| token.is_mark('-'));
        let comma = view.tokens.get(at).is_some_and(|token| {
            token.is_mark(',') || token.is_mark('&') || token.is_mark('+') || token.is_mark('/')
        });
        let word = view.tokens.get(at).map_or("", |token| token.plain.as_str());
        let and = matches!(word, "va" | "voi" | "cung");
        let to = dash || matches!(word, "den" | "toi");
        if !(comma || and || to) {
            return at;
        }
        let mut next = at + 1;
        // "II.1, 2 và 3" and also "II.1 -> II.4", "II.1 đến mục 4".
        while view
            .tokens
            .get(next)
            .is_some_and(|token| token.is_mark('>') || token.is_mark(','))
            || (to || and)
                && view.is(next, Role::Item)
                && view.tokens.get(next + 1).and_then(Token::number).is_some()
        {
            next += 1;
        }
        let Some(token) = view.tokens.get(next) else {
            return at;
        };
        match &token.kind {
            Kind::Task(task) if to => {
                let same = split(task).filter(|(other, _)| *other == roman);
                let Some((_, end)) = same.filter(|(_, end)| *end > last && *end - last <= 30)
                else {
                    return at;
                };
                for between in last + 1..=end {
                    push(found, format!("{roman}.{between}"), next, next + 1);
                }
                return next + 1;
            }
            Kind::Number(value) if *value > 0 && *value < 40 && is_bare(view, next) => {
                if to {
                    if *value <= last {
                        return at;
                    }
                    for between in last + 1..=*value {
                        push(found, format!("{roman}.{between}"), next, next + 1);
                    }
                } else {
                    push(found, format!("{roman}.{value}"), next, next + 1);
                }
                last = *value;
                at = next + 1;
            }
            _ => return at,
        }
    }
}

fn split(task: &str) -> Option<(&str, u32)> {
    let (roman, number) = task.split_once('.')?;
    Some((roman, number.parse().ok()?))
}

/// A number that counts nothing and is no part of anything.
pub(super) fn is_bare(view: &View, at: usize) -> bool {
    let Some(next) = view.tokens.get(at + 1) else {
        return true;
    };
    let glued = !next.gap && (next.is_mark('/') || next.kind == Kind::Word);
    let unit = [
        Role::Day,
        Role::Week,
        Role::Month,
        Role::Hours,
        Role::Year,
        Role::PercentWord,
        Role::Piece,
    ];
    // "QĐ 112 ngày 6/3" has a number and a day, not 112 days.
    let dated = view.is(at + 1, Role::Day)
        && matches!(view.tokens.get(at + 2), Some(token) if matches!(token.kind, Kind::Day(_)));
    !glued && (dated || !unit.iter().any(|role| view.is(at + 1, *role)))
}

/// "mục 2 phần II", "phần II mục 2", "việc 909", "số 164 với 165".
fn numbered_item(view: &View, at: usize, found: &mut Vec<Named>) -> Option<usize> {
    if let Some(roman_at) = view.role(at, Role::Group)
        && let Some(roman) = view.tokens.get(roman_at).and_then(roman)
    {
        let item = view.role(roman_at + 1, Role::Item)?;
        let item = view.role(item, Role::NumberSign).unwrap_or(item);
        let number = view.tokens.get(item)?.number()?;
        push(found, format!("{roman}.{number}"), at, item + 1);
        return Some(item + 1);
    }
    let item = view.role(at, Role::Item);
    if let Some((task, end)) = item.and_then(|item| spoken_task(view, item)) {
        push(found, task, at, end);
        return Some(end);
    }
    let sign = view.role(item.unwrap_or(at), Role::NumberSign);
    let number_at = sign.or(item)?;
    let number = view
        .tokens
        .get(number_at)?
        .number()
        .filter(|n| *n > 0 && *n < 100_000)?;
    if let Some(roman_at) = view.role(number_at + 1, Role::Group)
        && let Some(roman) = view.tokens.get(roman_at).and_then(roman)
    {
        push(found, format!("{roman}.{number}"), at, roman_at + 1);
        return Some(roman_at + 1);
    }
    // A number alone is a task of the program's own list: it has no unit and follows no kind of document.
    // "số 0905": a telephone.
    if view.tokens[number_at].leads_with_zero {
        return None;
    }
    let named = item.is_some()
        || (number >= 10
            && at
                .checked_sub(1)
                .is_none_or(|before| names_nothing(view, before)));
    if !named || !is_bare(view, number_at) || view.tokens[number_at].number().is_none() {
        return None;
    }
    // "mục 4 và mục 6 phần II"
    if let Some(roman) = group_ahead(view, number_at + 1) {
        push(found, format!("{roman}.{number}"), at, number_at + 1);
        return Some(number_at + 1);
    }
    push(found, format!("#{number}"), at, number_at + 1);
    let mut at = number_at + 1;
    while let Some(next) = view.tokens.get(at) {
        let joins = next.is_mark(',') || matches!(next.plain.as_str(), "va" | "voi");
        let Some(number) = view.tokens.get(at + 1).and_then(Token::number) else {
            break;
        };
        if !joins || !is_bare(view, at + 1) || number < 2 {
            break;
        }
        push(found, format!("#{number}"), at + 1, at + 2);
        at += 2;
    }
    Some(at)
}

/// "mục hai phần năm" is V.2 and "mục hai chấm năm" II.5: a task as it is told to a machine that writes.
fn spoken_task(view: &View, item: usize) -> Option<(String, usize)> {
    let (first, joint) = view.number(item)?;
    let point = view.tokens.get(joint)?.plain == "cham";
    let after = view
        .role(joint, Role::Group)
        .or_else(|| point.then_some(joint + 1))?;
    let (second, end) = view.number(after)?;
    let (group, number) = if point {
        (first, second)
    } else {
        (second, first)
    };
    let roman = ROMANS.get(usize::try_from(group).ok()?.checked_sub(1)?)?;
    // "mục 4 phần 2 ngày": a length of time.
    let whole = (1..100).contains(&number) && is_bare(view, end - 1);
    whole.then(|| (format!("{roman}.{number}"), end))
}

/// The group that is named after more items of it.
fn group_ahead(view: &View, from: usize) -> Option<&'static str> {
    let mut at = from;
    while at < view.len() && at < from + 8 {
        if let Some(roman_at) = view.role(at, Role::Group)
            && let Some(roman) = view.tokens.get(roman_at).and_then(roman)
        {
            return Some(roman);
        }
        let token = &view.tokens[at];
        let joins = token.is_mark(',') || matches!(token.plain.as_str(), "va" | "voi");
        if !(joins || view.is(at, Role::Item) || token.number().is_some()) {
            return None;
        }
        at += 1;
    }
    None
}

fn names_nothing(view: &View, before: usize) -> bool {
    !view.tokens[before].kind.eq(&Kind::Word)
        || view.is(before, Role::But)
        || view.is(before, Role::Polite)
        || view.is(before, Role::Wh)
        || view.tokens[before].plain == "the"
}

fn roman(token: &Token) -> Option<&'static str> {
    ROMANS
        .into_iter()
        .find(|roman| token.exact.eq_ignore_ascii_case(roman))
}

/// Progress in percent.
pub(super) fn percent(view: &View, percents: &[(u8, usize)]) -> Option<u8> {
    let mut found: Option<u8> = None;
    let mut denied_any = false;
    for (value, at) in percents.iter().copied() {
        let before = at.saturating_sub(5)..at;
        let corrected = view.classes_in(before).has(Role::BetterPercent);
        let denied = is_denied(view, at);
        if !denied && (found.is_none() || corrected) {
            found = Some(value);
        }
        denied_any |= denied;
    }
    if found.is_none() && denied_any {
        // "không phải 95 phần trăm mà là 59"
        found = (1..view.len())
            .filter(|at| view.ends_before(*at, Role::BetterPercent))
            .find_map(|at| u8::try_from(view.number(at)?.0).ok())
            .filter(|value| *value <= 100);
    }
    found
}

/// "45% chứ không phải 54%": but "chưa, mới 60%" and "chưa mới 60%" deny that it is finished, and say how far it is.
fn is_denied(view: &View, at: usize) -> bool {
    let mut is_all_there_is = false;
    for near in (at.saturating_sub(3)..at).rev() {
        if view.tokens[near].is_mark(',') {
            return false;
        }
        if view.is(near, Role::Not) {
            return !(is_all_there_is && view.is(near, Role::NotYet));
        }
        is_all_there_is |= view.is(near, Role::Only) || view.is(near, Role::BetterPercent);
    }
    false
}

/// All statements of progress in percent, with their places.
pub(super) fn percents(view: &View) -> Vec<(u8, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < view.len() {
        let Some((value, end)) = percent_at(view, at) else {
            at += 1;
            continue;
        };
        let indicator = view.is(end, Role::Indicator)
            || (at.saturating_sub(8)..at)
                .rev()
                .take_while(|before| !view.tokens[*before].is_mark(','))
                .any(|before| view.is(before, Role::Indicator));
        if let Ok(value) = u8::try_from(value)
            && value <= 100
            && !indicator
        {
            found.push((value, at));
        }
        at = end;
    }
    found
}

/// The per cent that begins at a token, and where it ends.
fn percent_at(view: &View, at: usize) -> Option<(u32, usize)> {
    match view.tokens[at].kind {
        Kind::Percent(value) => return Some((value, at + 1)),
        Kind::Day(_) => return is_half(view, at).then_some((50, at + 1)),
        _ => {}
    }
    if let Some(end) = view.role(at, Role::Half)
        && at
            .checked_sub(1)
            .is_none_or(|before| view.number(before).is_none())
    {
        return Some((50, end));
    }
    let (value, mut end) = view.number(at)?;
    while view.tokens.get(end).is_some_and(|token| token.is_mark('-')) {
        end += 1;
    }
    let end = view.role(end, Role::PercentWord)?;
    Some((value, end))
}
