//! The queue of updates and `getUpdates`: what lies before the offset is forgotten, and nothing else.

use std::collections::VecDeque;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Mutex;
use std::time::Duration;

use axum::body::Body;
use axum::http::Response;
use serde_json::{Value, json};
use tokio::sync::{Notify, oneshot};

use super::{FakeTelegram, Inner, error, result};

/// What is delivered when no list was ever given.
const USUAL: [&str; 5] = [
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    "poll",
];

pub(super) struct Updates {
    pub(super) queue: Mutex<VecDeque<Queued>>,
    /// The next number; it starts anywhere.
    next: Mutex<i64>,
    arrived: Notify,
    lapse: Notify,
    /// Ends the poll that waits, with this text.
    waiting: Mutex<Option<oneshot::Sender<&'static str>>>,
    allowed: Mutex<Vec<String>>,
    polls: Mutex<Vec<Value>>,
    messages: Mutex<i64>,
}

pub(super) struct Queued {
    pub(super) number: i64,
    pub(super) update: Value,
    born: i64,
    lives: i64,
    fetched: bool,
    /// Pushes so far, and when the next is due.
    pub(super) pushes: u32,
    pub(super) due: i64,
}

impl Default for Updates {
    fn default() -> Self {
        let random = i64::try_from(RandomState::new().build_hasher().finish() >> 1).unwrap();
        Self {
            queue: Mutex::default(),
            next: Mutex::new(2_000_001 + random % 998_000_000),
            arrived: Notify::default(),
            lapse: Notify::default(),
            waiting: Mutex::default(),
            allowed: Mutex::new(USUAL.map(str::to_owned).to_vec()),
            polls: Mutex::default(),
            messages: Mutex::default(),
        }
    }
}

impl Updates {
    pub(super) fn unread(&self) -> Vec<Value> {
        let queue = self.queue.lock().unwrap();
        queue
            .iter()
            .filter(|queued| !queued.fetched)
            .map(|queued| queued.update.clone())
            .collect()
    }

    fn next_message(&self) -> i64 {
        let mut messages = self.messages.lock().unwrap();
        *messages += 1;
        *messages
    }

    /// Ends the poll that waits.
    pub(super) fn terminate(&self, why: &'static str) {
        if let Some(waiting) = self.waiting.lock().unwrap().take() {
            // Its client may have left.
            let _ = waiting.send(why);
        }
    }

    pub(super) fn allow(&self, kinds: &Value) {
        let kinds = kinds.as_array().into_iter().flatten();
        *self.allowed.lock().unwrap() = kinds
            .filter_map(|kind| kind.as_str().map(str::to_owned))
            .collect();
    }

    pub(super) fn expire(&self, now: i64) {
        let mut queue = self.queue.lock().unwrap();
        queue.retain(|queued| queued.born + queued.lives > now);
    }
}

impl FakeTelegram {
    /// An update of that kind happens; its number, or `None` when the bot has not asked for such.
    pub(crate) fn happens(&self, kind: &str, what: Value) -> Option<i64> {
        let allowed = self.state.updates.allowed.lock().unwrap();
        if !allowed.iter().any(|one| one == kind) {
            return None;
        }
        drop(allowed);
        let lives = if kind == "callback_query" {
            150
        } else {
            86_400
        };
        if kind == "callback_query" {
            let id = what["id"].as_str().unwrap().to_owned();
            let born = self.state.now();
            self.state.taps.lock().unwrap().insert(id, (born, false));
        }
        let mut update = json!({ "update_id": 0, "a_field_of_a_later_api": { "deep": [[1]] } });
        update[kind] = what;
        Some(self.queue(update, lives))
    }

    /// An update that is in the queue whatever the bot asked for.
    pub(crate) fn queue(&self, mut update: Value, lives: i64) -> i64 {
        let updates = &self.state.updates;
        let mut next = updates.next.lock().unwrap();
        let number = *next;
        *next += 1;
        update["update_id"] = number.into();
        let born = self.state.now();
        updates.queue.lock().unwrap().push_back(Queued {
            number,
            update,
            born,
            lives,
            fetched: false,
            pushes: 0,
            due: born,
        });
        updates.arrived.notify_waiters();
        number
    }

    /// Somebody writes to the bot; the number of the update.
    pub(crate) fn says(&self, from: i64, text: &str) -> i64 {
        self.says_at(from, text, self.state.now())
    }

    /// The same with a clock of its own, in Unix seconds.
    pub(crate) fn says_at(&self, from: i64, text: &str, at: i64) -> i64 {
        let message = json!({
            "message_id": self.state.updates.next_message(),
            "from": { "id": from, "is_bot": false, "first_name": "Lê Thị Hoa", "language_code": "vi" },
            "chat": { "id": from, "type": "private", "first_name": "Lê Thị Hoa" },
            "date": at,
            "text": text,
        });
        self.happens("message", message).unwrap()
    }

    /// How many updates the server still holds.
    pub(crate) fn held(&self) -> usize {
        self.state.updates.expire(self.state.now());
        self.state.updates.queue.lock().unwrap().len()
    }

    /// A week without updates: the numbers start anew, at `number`.
    pub(crate) fn number_anew(&self, number: i64) {
        assert_eq!(self.held(), 0);
        *self.state.updates.next.lock().unwrap() = number;
    }

    /// The poll that waits ends as if its time were over; waits until there is one.
    pub(crate) async fn end_poll(&self) {
        self.poll_waits().await;
        self.state.updates.lapse.notify_one();
    }

    /// Waits until a poll waits.
    pub(crate) async fn poll_waits(&self) {
        while self.state.updates.waiting.lock().unwrap().is_none() {
            tokio::task::yield_now().await;
        }
    }

    /// Waits until there have been so many polls since they were last looked at.
    pub(crate) async fn polled(&self, times: usize) {
        while self.state.updates.polls.lock().unwrap().len() < times {
            tokio::task::yield_now().await;
        }
    }

    /// The requests of `getUpdates` since the last call.
    pub(crate) fn polls(&self) -> Vec<Value> {
        std::mem::take(&mut *self.state.updates.polls.lock().unwrap())
    }
}

pub(super) async fn get_updates(state: &Inner, request: &Value) -> Response<Body> {
    state.check("getUpdates", request, |name, value| match name {
        "offset" => value.as_i64().is_some_and(|offset| offset > 0),
        "limit" => value.as_u64().is_some_and(|limit| limit > 0),
        "timeout" => value.is_u64(),
        "allowed_updates" => is_list_of_kinds(value),
        _ => false,
    });
    let updates = &state.updates;
    updates.polls.lock().unwrap().push(request.clone());
    if state.webhook.lock().unwrap().is_some() {
        return error(
            409,
            "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
            json!(null),
        );
    }
    updates.terminate(
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    );
    if request["allowed_updates"].is_array() {
        updates.allow(&request["allowed_updates"]);
    }
    if let Some(offset) = request["offset"].as_i64() {
        forget_before(state, offset);
    }
    let (end, mut ended) = oneshot::channel();
    *updates.waiting.lock().unwrap() = Some(end);
    let seconds = request["timeout"].as_u64().unwrap_or_default().min(50);
    let over = tokio::time::sleep(Duration::from_secs(seconds));
    tokio::pin!(over);
    let limit = request["limit"].as_u64().unwrap_or(100).min(100);
    let found = loop {
        let arrived = updates.arrived.notified();
        let found = fetch(state, usize::try_from(limit).unwrap());
        if !found.is_empty() {
            break found;
        }
        tokio::select! {
            // First: a poll that was ended must not take the lapse that is meant for its successor.
            biased;
            why = &mut ended => return error(409, why.unwrap(), json!(null)),
            () = arrived => {}
            () = updates.lapse.notified() => break found,
            () = &mut over => break found,
        }
    };
    *updates.waiting.lock().unwrap() = None;
    result(&found.into())
}

/// An offset far from the numbers that there are is taken for none.
fn forget_before(state: &Inner, offset: i64) {
    // First the number, then the queue, as where an update is queued: the other way round the two wait for each other.
    let tail = *state.updates.next.lock().unwrap();
    let mut queue = state.updates.queue.lock().unwrap();
    let head = queue.front().map_or(tail, |queued| queued.number);
    if offset <= tail + 10 && offset >= head - 100_000 {
        queue.retain(|queued| queued.number >= offset);
    }
}

fn fetch(state: &Inner, limit: usize) -> Vec<Value> {
    state.updates.expire(state.now());
    let mut queue = state.updates.queue.lock().unwrap();
    queue
        .iter_mut()
        .take(limit)
        .map(|queued| {
            queued.fetched = true;
            queued.update.clone()
        })
        .collect()
}

pub(super) fn is_list_of_kinds(value: &Value) -> bool {
    let kinds = value.as_array();
    kinds.is_some_and(|kinds| {
        !kinds.is_empty()
            && kinds
                .iter()
                .all(|kind| kind.as_str().is_some_and(|kind| USUAL.contains(&kind)))
    })
}
