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

/// Much that went the same way.
#[derive(Serialize)]
struct ChangeGroup<'a> {
    /// Whether the reader's agency gave it, and did not receive it.
    is_given: bool,
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
    request: Option<Request>,
    awaits: &'a str,
}

/// The documents of a brief.
pub(super) fn changes(context: &BriefContext, with_plan: bool) -> Vec<ChangesView<'_>> {
    let view = |note| of_document(note, context.today, with_plan);
    context.changes.iter().map(view).collect()
}

fn of_document(note: &ChangeNote, today: NaiveDate, with_plan: bool) -> ChangesView<'_> {
    let mut ways: BTreeMap<(bool, &str, &str), Vec<&ChangedItem>> = BTreeMap::new();
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

/// Whether it went from the reader's agency or came to it, to or from whom, and who else received it.
fn way_of(item: &ChangedItem) -> Option<(bool, &str, &str)> {
    let counterpart = item.counterpart.as_deref()?;
    match item.kind {
        Kind::Transferred => Some((true, counterpart, "")),
        Kind::Received | Kind::Joined => Some((false, counterpart, &item.beside)),
        _ => None,
    }
}

fn group<'a>(
    (is_given, counterpart, beside): (bool, &'a str, &'a str),
    items: &[&'a ChangedItem],
    today: NaiveDate,
) -> ChangeGroup<'a> {
    let asked = |becomes| {
        let all = items.iter();
        all.filter(|item| item.request == Some(becomes)).count()
    };
    let joined = || items.iter().filter(|item| item.kind == Kind::Joined);
    let is_left = |item: &&&ChangedItem| !item.is_done && (is_given || item.is_owed);
    let due = items.iter().filter(is_left);
    let mut urgent: Vec<(NaiveDate, &ChangedItem)> =
        due.filter_map(|item| Some((item.due_on?, *item))).collect();
    urgent.sort_by_key(|(due, _)| *due);
    ChangeGroup {
        is_given,
        counterpart,
        beside,
        count: items.len(),
        joined: joined().filter(|item| item.is_owed).count(),
        done: joined().filter(|item| item.is_done).count(),
        waiting: asked(Request::Moves),
        dropped: asked(Request::Ends),
        urgent: urgent
            .into_iter()
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
        request: item.request,
        awaits: &item.awaits,
    }
}
