//! "Mới xong sáng nay": where "mới" says that something has just happened, it is read like "vừa".
//!
//! Elsewhere it says "only" ("mới xong dự thảo") or "not before" ("thứ hai mới xong", "có tiền mới xong"): those it is
//! told from by all that stands around it.

use chrono::NaiveDate;

use super::classes::Classes;
use super::dates::Mention;
use super::roles::Role;
use super::spell::exact;
use super::token::{Kind, Slack};
use super::view::View;

/// So many words a phrase has at most, but its last.
const LONGEST_PHRASE: usize = 4;

/// What may stand before: who speaks, and of what. Anything else may be what it waits for.
const BEFORE: Classes = Classes::of(&[
    Role::Polite,
    Role::Own,
    Role::Greeting,
    Role::Item,
    Role::Task,
    Role::NumberSign,
    Role::Paper,
    Role::Product,
    Role::Document,
    Role::Superior,
]);

/// What may follow: courtesies, and that it is over.
const AFTER: Classes = Classes::of(&[
    Role::Polite,
    Role::Own,
    Role::Already,
    Role::Done,
    Role::Document,
    Role::NumberSign,
]);

/// What is handed over, and to whom, may be named behind its verb: "mới gửi báo cáo", but "mới xong báo cáo" is only that one.
const HANDED: Classes = Classes::of(&[
    Role::Paper,
    Role::Product,
    Role::Item,
    Role::Act,
    Role::Way,
    Role::Toward,
    Role::Other,
]);

/// What makes it less, or later, wherever it follows.
const NARROWS: Classes = Classes::of(&[
    Role::Not,
    Role::NotAfter,
    Role::Only,
    Role::Piece,
    Role::Draft,
    Role::Step,
    Role::Section,
    Role::Group,
    Role::Half,
    Role::Percent,
    Role::Digits,
    Role::Number,
    Role::OutOf,
    Role::Counted,
    Role::Task,
    Role::Will,
    Role::If,
    Role::Wait,
    Role::Still,
    Role::Superior,
    Role::Beside,
]);

/// Makes "mới" a word for what has just happened where it is one.
pub(super) fn take_just_now(view: &mut View, dates: &[Mention], sent: NaiveDate) {
    let meant: Vec<usize> = (0..view.len())
        .filter(|at| is_just_now(view, *at, dates, sent))
        .collect();
    for at in meant {
        view.rename(at..at + 1, Role::Perfect);
    }
}

fn is_just_now(view: &View, at: usize, dates: &[Mention], sent: NaiveDate) -> bool {
    let token = &view.tokens[at];
    let written =
        token.exact == exact("mới") || token.plain == "moi" && token.slack == Slack::Anywhere;
    // "giờ mới" is only now, and still now; "chỉ mới" is only.
    let now = at
        .checked_sub(1)
        .is_some_and(|before| view.tokens[before].plain == "gio");
    if !written || view.is_covered(at) && !now {
        return false;
    }
    let done = view.role(at + 1, Role::Done);
    let act = view.role(at + 1, Role::Act);
    let Some(end) = done.max(act).filter(|_| !view.is(at + 1, Role::Step)) else {
        return false;
    };
    let ends = |at: &usize| matches!(view.tokens[*at].kind, Kind::Mark(_));
    let from = (0..at).rev().find(ends).map_or(0, |mark| mark + 1);
    let to = (end..view.len()).find(ends).unwrap_or(view.len());
    let within = |at: usize, from: usize, to: usize| {
        let mut dates = dates
            .iter()
            .filter(|date| from <= date.start && date.end <= to);
        dates.any(|date| date.start <= at && at < date.end)
    };
    // "hôm qua mới xong", "giờ mới xong", but not "thứ hai mới xong".
    let bygone = dates
        .iter()
        .filter(|date| from <= date.start && date.end <= at)
        .all(|date| date.past.is_some() && date.last < sent);
    let before = |word: usize| {
        view.begins(word).any(BEFORE)
            || goes_on(view, word, from, BEFORE)
            || view.tokens[word].plain == "gio"
            || within(word, from, at)
    };
    let over = dates
        .iter()
        .filter(|date| end <= date.start && date.end <= to)
        // "mới nộp tháng 2" is only that of one month.
        .all(|date| date.past.is_some() && date.last <= sent && date.first == date.last);
    let allowed = if done == Some(end) {
        AFTER
    } else {
        AFTER | HANDED
    };
    let after = |word: usize| {
        within(word, end, to)
            || view.begins(word).any(allowed)
                && !view.begins(word).any(NARROWS)
                && !limits(view, word)
            || view.tokens[word].kind != Kind::Word && !view.begins(word).any(NARROWS)
            || goes_on(view, word, end, allowed)
    };
    bygone && over && (from..at).all(before) && (end..to).all(after)
}

/// Whether a phrase of these classes that begins from some place on reaches over a token.
fn goes_on(view: &View, at: usize, from: usize, classes: Classes) -> bool {
    (from..at).rev().take(LONGEST_PHRASE).any(|start| {
        let mut hits = view.hits_at(start).iter();
        hits.any(|hit| hit.end > at && classes.holds(hit.class))
    })
}

/// "mới nộp thôi", "mới nộp được": only, or not before.
fn limits(view: &View, at: usize) -> bool {
    matches!(view.tokens[at].plain.as_str(), "thoi" | "duoc")
}
