//! What documents have changed, as the templates see it: one paragraph for each, one line for each obligation.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::context::{BriefContext, ChangeNote, ChangedItem};
use super::item_view::Day;
use super::text::one_line;
use crate::domain::amendment::{Kind, Request};

/// One document.
#[derive(Serialize)]
pub(super) struct ChangesView<'a> {
    document: &'a str,
    signed_on: Option<Day>,
    /// The document that it takes back; may be empty.
    takes_back: &'a str,
    /// Why; may be empty.
    reason: String,
    /// Number of its plan, when the brief holds several.
    plan: Option<&'a str>,
    /// The agencies that have ended.
    ended: Vec<EndedView<'a>>,
    /// What went from one agency to another, where that is much: in a count.
    groups: Vec<ChangeGroup<'a>>,
    /// What else it says, in order of what is done and of the plan.
    lines: Vec<ChangeLine<'a>>,
}

/// An agency that has ended.
#[derive(Serialize)]
struct EndedView<'a> {
    name: &'a str,
    on: Day,
    heirs: &'a str,
    is_merged: bool,
}

/// Which way something went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Way {
    /// It came to the reader's agency.
    Received,
    /// It went from it.
    Given,
    /// It had gone from it, and is its own again.
    Regained,
    /// It had come to it, and goes back.
    GivenBack,
}

/// Much that went the same way.
#[derive(Serialize)]
struct ChangeGroup<'a> {
    /// Which way, for the reader's agency.
    way: Way,
    counterpart: &'a str,
    beside: &'a str,
    count: usize,
    /// How much of it the reader's agency owed already, and owes for both.
    joined: usize,
    /// How much of what it has done already now counts for both.
    done: usize,
    /// How much waits for a decision, and goes with it.
    waiting: usize,
    /// How much was asked that nobody has to decide any more.
    dropped: usize,
    /// The most urgent of it.
    urgent: Vec<UrgentView<'a>>,
}

/// What of it is due first.
#[derive(Serialize)]
struct UrgentView<'a> {
    id: &'a str,
    title: String,
    due: Day,
    is_late: bool,
}

/// More than this that went the same way is counted, and its most urgent named.
const LISTED: usize = 4;

/// So much of it is named.
const URGENT: usize = 3;

#[derive(Serialize)]
struct ChangeLine<'a> {
    kind: Kind,
    id: &'a str,
    title: String,
    due: Option<Day>,
    was_due: Option<Day>,
    /// Whether the new due day is the later one.
    is_later: bool,
    is_owed: bool,
    is_done: bool,
    counterpart: Option<&'a str>,
    beside: &'a str,
    takes_back: Option<Kind>,
    request: Option<Request>,
    awaits: &'a str,
}

/// The documents of a brief.
pub(super) fn changes(context: &BriefContext, with_plan: bool) -> Vec<ChangesView<'_>> {
    let view = |note| of_document(note, context.today, with_plan);
    context.changes.iter().map(view).collect()
}

fn of_document(note: &ChangeNote, today: NaiveDate, with_plan: bool) -> ChangesView<'_> {
    let mut ways: BTreeMap<(Way, &str, &str), Vec<&ChangedItem>> = BTreeMap::new();
    for item in &note.items {
        if let Some(way) = way_of(item) {
            ways.entry(way).or_default().push(item);
        }
    }
    ways.retain(|_, items| items.len() > LISTED);
    let is_counted = |item: &ChangedItem| way_of(item).is_some_and(|way| ways.contains_key(&way));
    let lines = note.items.iter().filter(|item| !is_counted(item));
    let ended = note.ended.iter().map(|one| EndedView {
        name: &one.name,
        on: Day::of(one.on, today),
        heirs: &one.heirs,
        is_merged: one.is_merged,
    });
    ChangesView {
        document: &note.document,
        signed_on: note.signed_on.map(|on| Day::of(on, today)),
        takes_back: &note.takes_back,
        reason: one_line(&note.reason),
        plan: with_plan.then_some(note.plan.number.as_str()),
        ended: ended.collect(),
        lines: lines.map(|item| line(item, today)).collect(),
        groups: ways
            .iter()
            .map(|(way, items)| group(*way, items, today))
            .collect(),
    }
}

/// Which way it went, to or from whom, and who else received it.
fn way_of(item: &ChangedItem) -> Option<(Way, &str, &str)> {
    let counterpart = item.counterpart.as_deref()?;
    match item.kind {
        Kind::Transferred => Some((Way::Given, counterpart, "")),
        Kind::Received | Kind::Joined => Some((Way::Received, counterpart, &item.beside)),
        Kind::Revoked if item.takes_back == Some(Kind::Transferred) => {
            Some((Way::Regained, counterpart, ""))
        }
        Kind::Revoked => Some((Way::GivenBack, counterpart, "")),
        _ => None,
    }
}

fn group<'a>(
    (way, counterpart, beside): (Way, &'a str, &'a str),
    items: &[&'a ChangedItem],
    today: NaiveDate,
) -> ChangeGroup<'a> {
    let asked = |becomes| {
        let all = items.iter();
        all.filter(|item| item.request == Some(becomes)).count()
    };
    // What was answered for together is each one's own again.
    let is_parted = |item: &ChangedItem| way == Way::GivenBack && item.takes_back.is_none();
    let is_joined = |item: &ChangedItem| item.kind == Kind::Joined || is_parted(item);
    let joined = || items.iter().filter(|item| is_joined(item));
    let is_gone = matches!(way, Way::Given | Way::GivenBack);
    let is_left = |item: &&&ChangedItem| !item.is_done && (is_gone || item.is_owed);
    let due = items.iter().filter(is_left);
    let mut urgent: Vec<(NaiveDate, &ChangedItem)> =
        due.filter_map(|item| Some((item.due_on?, *item))).collect();
    urgent.sort_by_key(|(due, _)| *due);
    ChangeGroup {
        way,
        counterpart,
        beside,
        count: items.len(),
        joined: joined().filter(|item| item.is_owed).count(),
        done: joined()
            .filter(|item| item.is_done && !is_parted(item))
            .count(),
        waiting: asked(Request::Moves),
        dropped: asked(Request::Ends),
        urgent: urgent
            .into_iter()
            .filter(|_| way != Way::GivenBack)
            .take(URGENT)
            .map(|(due, item)| UrgentView {
                id: &item.id,
                title: one_line(&item.title),
                due: Day::of(due, today),
                is_late: due < today,
            })
            .collect(),
    }
}

fn line(item: &ChangedItem, today: NaiveDate) -> ChangeLine<'_> {
    let day = |on: Option<NaiveDate>| on.map(|on| Day::of(on, today));
    ChangeLine {
        kind: item.kind,
        id: &item.id,
        title: one_line(&item.title),
        due: day(item.due_on),
        was_due: day(item.was_due_on),
        is_later: item.due_on > item.was_due_on,
        is_owed: item.is_owed,
        is_done: item.is_done,
        counterpart: item.counterpart.as_deref(),
        beside: &item.beside,
        takes_back: item.takes_back,
        request: item.request,
        awaits: &item.awaits,
    }
}
