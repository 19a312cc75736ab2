//! "Được 2/3", "3/4 rồi", "2/3 khối lượng": a share of the work, though it looks like a day.

use chrono::{Datelike as _, NaiveDate};

use super::classes::Classes;
use super::roles::Role;
use super::spell::exact;
use super::token::{Kind, Numeric, Slack};
use super::view::View;

/// Nobody speaks of elevenths of a task.
const LARGEST_WHOLE: u32 = 10;

/// What a day follows, and no share.
const LEADS_TO_DAY: [Role; 8] = [
    Role::Day,
    Role::MonthDay,
    Role::Weekday,
    Role::DayPart,
    Role::Since,
    Role::Until,
    Role::Deadline,
    Role::After,
];

/// What is still to come may be told with its day.
const AHEAD: Classes = Classes::of(&[Role::Will, Role::If, Role::Hedge, Role::Wait]);

/// What may stand before a share that begins a report.
const OPENS: Classes = Classes::of(&[
    Role::Polite,
    Role::Own,
    Role::Greeting,
    Role::Task,
    Role::Item,
    Role::NumberSign,
]);

/// Whether two numbers that could be a day are a share of the work: of what is measured, of what was reached, or of what is
/// said to be over while the day is still to come.
pub(super) fn is_share(view: &View, at: usize, sent: NaiveDate) -> bool {
    let lead = at.checked_sub(1).filter(|before| is_about(view, *before));
    let led = lead.unwrap_or(at);
    let Some(day) = simple(view, at).filter(|_| !is_dated(view, led)) else {
        return false;
    };
    if view.is(at + 1, Role::Measured) && !view.is(at + 2, Role::Task) {
        return true;
    }
    if is_reached(view, led) || view.ends_before(led, Role::Measured) {
        return true;
    }
    let from = stretch(view, at);
    if view.classes_in(from..led).any(AHEAD) {
        return false;
    }
    let finished = view.ends_before(led, Role::Done);
    // "xong khoảng 2/3", "mới xong 2/3": nobody is unsure of a day that is over.
    let just = (from..at).any(|before| view.tokens[before].exact == exact("mới"));
    if finished && (lead.is_some() || just) {
        return true;
    }
    let is_ahead = day.in_year(sent.year()).is_some_and(|day| day > sent);
    let opens = (from..at).all(|before| view.begins(before).any(OPENS) || view.is_covered(before));
    let over =
        view.is(at + 1, Role::Already) || finished && view.classes_in(from..at).has(Role::Perfect);
    is_ahead && over && (finished || opens)
}

/// "1/2" beside what it measures, or as all that is said: half of the work.
pub(super) fn is_half(view: &View, at: usize) -> bool {
    let half = matches!(view.tokens[at].kind, Kind::Day(day) if (day.day, day.month, day.year) == (1, 2, None));
    let measures = at + 1 == view.len()
        || [Role::Piece, Role::Item, Role::Polite, Role::Measured]
            .iter()
            .any(|role| view.is(at + 1, *role))
        // "nộp 1/2 rồi" is a day.
        || view.is(at + 1, Role::Already)
            && !view.ends_before(at, Role::Act)
            && !is_dated(view, at);
    half && measures && !view.ends_before(at, Role::Day) && !view.ends_before(at, Role::Until)
}

/// The least that a share looks like: a part that is smaller than a small whole.
fn simple(view: &View, at: usize) -> Option<Numeric> {
    let token = view.tokens.get(at)?;
    let Kind::Day(day) = token.kind else {
        return None;
    };
    let whole = day.day < day.month && day.month <= LARGEST_WHOLE && day.year.is_none();
    (whole && !token.leads_with_zero).then_some(day)
}

fn is_dated(view: &View, at: usize) -> bool {
    let word = at
        .checked_sub(1)
        .map_or("", |before| view.tokens[before].plain.as_str());
    LEADS_TO_DAY.iter().any(|role| view.ends_before(at, *role))
        || matches!(
            word,
            "hom" | "bua" | "vao" | "truoc" | "sau" | "han" | "ky" | "nay" | "tu"
        )
}

/// "được", "đạt": what was reached is told by its share.
fn is_reached(view: &View, at: usize) -> bool {
    at.checked_sub(1).is_some_and(|before| {
        let token = &view.tokens[before];
        token.exact == exact("được")
            || token.exact == exact("đạt")
            || token.slack == Slack::Anywhere && matches!(token.plain.as_str(), "duoc" | "dat")
    })
}

/// "khoảng", "chừng", "hơn".
fn is_about(view: &View, at: usize) -> bool {
    matches!(
        view.tokens[at].plain.as_str(),
        "khoang" | "chung" | "tam" | "co" | "hon" | "gan" | "duoc"
    ) && !is_reached(view, at + 1)
}

/// Where the words begin that no mark divides from a place.
fn stretch(view: &View, at: usize) -> usize {
    (0..at)
        .rev()
        .find(|before| matches!(view.tokens[*before].kind, Kind::Mark(_)))
        .map_or(0, |mark| mark + 1)
}
