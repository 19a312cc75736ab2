//! What the scope of a document names and nobody in it owes.

use serde_json::{Value, json};

use super::named;
use crate::app::amend::Unowed;
use crate::domain::ids::TaskId;

/// What was named and is owed by nobody who was named.
pub(super) fn left_out(one: &Unowed) -> String {
    let of = one
        .task
        .as_ref()
        .map_or_else(|| "the plan".to_owned(), as_typed);
    match one.agencies.as_slice() {
        [] => format!("left out: nobody owes anything of {of}"),
        [only] => format!("left out: {only} owes nothing of {of}"),
        several => format!("left out: {} owe nothing of {of}", named(several)),
    }
}

fn as_typed((task, number): &(TaskId, Option<u16>)) -> String {
    number.map_or_else(|| task.to_string(), |number| format!("{task}/{number}"))
}

pub(super) fn unowed_json(one: &Unowed) -> Value {
    json!({ "of": one.task.as_ref().map(as_typed), "agencies": one.agencies })
}
