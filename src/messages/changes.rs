//! What documents have changed, as the templates see it: one paragraph for each, one line for each obligation.

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
    /// What it says, in order of what is done and of the plan.
    lines: Vec<ChangeLine<'a>>,
}

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

fn of_document<'a>(note: &'a ChangeNote, today: NaiveDate, with_plan: bool) -> ChangesView<'a> {
    let day = |on: Option<NaiveDate>| on.map(|on| Day::of(on, today));
    let line = |item: &'a ChangedItem| ChangeLine {
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
    };
    ChangesView {
        document: &note.document,
        signed_on: day(note.signed_on),
        reason: one_line(&note.reason),
        plan: with_plan.then_some(note.plan.number.as_str()),
        lines: note.items.iter().map(line).collect(),
    }
}
