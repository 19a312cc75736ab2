//! The changes of a decision -> obligations, the ledger, and what was said last.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};

use super::desk::Desk;
use super::situation::Background;
use crate::app::AppError;
use crate::app::ledger::{keep_last, statement};
use crate::domain::brief::dates_of;
use crate::domain::decide::{Change, Owed, What};
use crate::domain::directory::Contact;
use crate::domain::obligation::State;
use crate::store::Tx;
use crate::store::events::{self, Actor, NewEvent};
use crate::store::inbox::Received;
use crate::store::obligations::{self, StateChange, Waiting};
use crate::store::statements;

/// What is kept of the words themselves.
const QUOTE: usize = 500;

impl Desk {
    /// Writes the changes, each with its line in the ledger.
    #[expect(
        clippy::too_many_arguments,
        reason = "one fact each; all of them belong to one message"
    )]
    pub(super) async fn apply(
        &self,
        tx: &mut Tx,
        received: &Received,
        contact: &Contact,
        background: &Background,
        changes: &[Change],
        text: &str,
        now: DateTime<Utc>,
    ) -> Result<(), AppError> {
        for change in changes {
            let Some(owed) = background
                .owed
                .iter()
                .find(|owed| owed.id() == change.obligation)
            else {
                continue;
            };
            let event = NewEvent {
                plan: owed.obligation.plan.clone(),
                obligation: Some(change.obligation),
                at: now,
                actor: Actor::Contact(contact.id.clone()),
                kind: change.what.as_str().to_owned(),
                payload: payload(change, text, received, now),
                source: Some(received.id.source()),
            };
            self.write(tx, owed, change, &event, background.today)
                .await?;
            if !change.what.is_slight() || !owed.is_answered {
                self.keep(tx, contact, change, text, received.written_at())
                    .await?;
            }
        }
        Ok(())
    }

    async fn write(
        &self,
        tx: &mut Tx,
        owed: &Owed,
        change: &Change,
        event: &NewEvent,
        today: NaiveDate,
    ) -> Result<(), AppError> {
        let (before, after) = (change.before, change.after);
        if before.state == after.state && after.state == State::Open {
            let waiting = Waiting {
                id: change.obligation,
                pending: after.pending,
                snoozed_until: after.snoozed_until,
                look_on: look_on(change, today),
            };
            let changed = obligations::set_waiting(tx, &waiting, event).await?;
            in_time(change, changed)?;
        } else if before == after {
            events::append(tx, std::slice::from_ref(event)).await?;
        } else {
            // From the day before, so that a rung of today counts for what is open again.
            let yesterday = today.pred_opt().unwrap_or(today);
            let next = (after.state == State::Open).then(|| {
                let setup = &self.setup;
                setup
                    .ladder
                    .next_day(&dates_of(&owed.obligation), yesterday, &setup.calendar)
            });
            let to = StateChange {
                id: change.obligation,
                from: before.state,
                to: after.state,
                done_on: after.done_on,
                pending: after.pending,
                snoozed_until: after.snoozed_until,
                next_rung_on: next.flatten(),
            };
            let changed = obligations::set_state(tx, &to, event).await?;
            in_time(change, changed)?;
        }
        Ok(())
    }

    async fn keep(
        &self,
        tx: &mut Tx,
        contact: &Contact,
        change: &Change,
        text: &str,
        at: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let id = change.obligation;
        if matches!(change.what, What::Undo { .. }) {
            return keep_last(tx, id).await;
        }
        let quote = quote(text, change);
        if let Some(said) = statement(id, &contact.id, at, &change.what, quote) {
            statements::keep(tx, &said).await?;
        }
        Ok(())
    }
}

/// Nobody is told of a change that somebody else prevented.
fn in_time(change: &Change, changed: bool) -> Result<(), AppError> {
    if changed {
        return Ok(());
    }
    Err(AppError::Overtaken {
        obligation: change.obligation,
    })
}

/// The words, as many as are kept; of files without a word, their names.
fn quote(text: &str, change: &Change) -> String {
    let names = || {
        let names = change.files.iter().filter_map(|file| file.name.as_deref());
        names.collect::<Vec<_>>().join(", ")
    };
    let words = Some(text.trim().to_owned()).filter(|words| !words.is_empty());
    words.unwrap_or_else(names).chars().take(QUOTE).collect()
}

/// The day on which the planner must look at it because of the change: the reminder that was asked for; the next day,
/// for what somebody else has to hear.
fn look_on(change: &Change, today: NaiveDate) -> Option<NaiveDate> {
    match &change.what {
        What::Snooze { until } => Some(*until),
        What::Reassign | What::Extension { .. } | What::Blocked => today.succ_opt(),
        What::Done { .. } if change.after.pending.is_some() => today.succ_opt(),
        _ => None,
    }
}

/// What the line says. It is recorded now; where the message was written before, the line keeps when that was.
fn payload(change: &Change, text: &str, received: &Received, now: DateTime<Utc>) -> Value {
    let mut payload = json!({
        "said": change.what,
        "quote": quote(text, change),
        "before": change.before,
        "after": change.after,
    });
    let written_at = received.written_at();
    if written_at < now {
        payload["written_at"] = json!(written_at);
    }
    if !change.files.is_empty() {
        payload["files"] = json!(change.files);
    }
    if let What::Undo { event } = change.what {
        payload["undoes"] = json!(event);
    }
    if matches!(change.what, What::Undo { .. } | What::Ack | What::Handed) {
        // What was taken back cannot itself be taken back, and that something was read is no report.
        if let Some(fields) = payload.as_object_mut() {
            fields.remove("before");
            fields.remove("after");
        }
    }
    payload
}
