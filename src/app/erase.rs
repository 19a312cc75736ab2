//! Erasing a person, as Law 91/2025/QH15 lets everybody ask: where they are reached, what they wrote, what was written to
//! them. What somebody in that office reported and decided stays in the ledger, under the short name of the contact, and
//! the chain of the ledger can be verified as before: what each line hashes to since is written into a line of its own.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::AppError;
use super::setup::Setup;
use crate::domain::chain::Hash;
use crate::domain::chain::walk::Found;
use crate::domain::delivery::Channel;
use crate::domain::ids::{ContactId, PlanId};
use crate::domain::inbound::{Content, Inbound, Place};
use crate::store::deliveries::DeliveryId;
use crate::store::erasures::{ERASED, NOWHERE};
use crate::store::events::{self, Actor, NewEvent};
use crate::store::inbox::InboxId;
use crate::store::{Db, Tx, chain, contacts, erasures, inbox, persons};

/// What is erased of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Erasure {
    /// Where they are reached, of now and of before.
    pub places: Vec<(Channel, String)>,
    /// Messages to them that lose their words.
    pub messages: Vec<DeliveryId>,
    /// Messages of theirs that lose their words.
    pub received: Vec<InboxId>,
    /// Lines of the ledger under their name, by plan: what is left of each that holds words of theirs.
    pub lines: BTreeMap<PlanId, BTreeMap<i64, String>>,
    /// How many lines of the ledger stay under their name.
    pub stay: usize,
}

impl Erasure {
    /// How many lines of the ledger lose words.
    #[must_use]
    pub fn redacted(&self) -> usize {
        self.lines.values().map(BTreeMap::len).sum()
    }
}

/// What erasing a contact would erase; `None` when there is no such contact.
///
/// # Errors
/// When the database fails.
pub async fn preview(db: &Db, contact: &ContactId) -> Result<Option<Erasure>, AppError> {
    let mut tx = db.snapshot().await?;
    find(&mut tx, contact).await
}

/// Erases a contact, all or nothing; `None` when there is no such contact.
///
/// # Errors
/// When the database fails.
pub async fn erase(
    db: &Db,
    setup: &Setup,
    contact: &ContactId,
    now: DateTime<Utc>,
) -> Result<Option<Erasure>, AppError> {
    let mut tx = db.begin().await?;
    let Some(erasure) = find(&mut tx, contact).await? else {
        return Ok(None);
    };
    for message in &erasure.messages {
        erasures::erase_message(&mut tx, *message).await?;
    }
    let reason = "the person who wrote it was erased";
    erase_received(&mut tx, &erasure.received, reason, now).await?;
    let agency = contacts::find(&mut tx, contact).await?;
    erasures::erase_contact(&mut tx, contact, &erasure.places, now).await?;
    let mut told = Vec::new();
    for (plan, lines) in &erasure.lines {
        let hashes = take_words(&mut tx, plan, lines, |_| contact, now).await?;
        told.push((plan.clone(), hashes));
    }
    if told.is_empty() {
        let charge = agency.and_then(|stored| setup.of_agency(&stored.contact.agency));
        told.extend(charge.map(|charge| (charge.plan.id.clone(), Map::new())));
    }
    let said: Vec<NewEvent> = told
        .into_iter()
        .map(|(plan, lines)| NewEvent {
            plan,
            obligation: None,
            at: now,
            actor: Actor::Operator,
            kind: ERASED.to_owned(),
            payload: json!({ "contact": contact, "lines": lines }),
            source: None,
        })
        .collect();
    events::append(&mut tx, &said).await?;
    tx.commit().await?;
    if let Err(error) = db.rewrite().await {
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            "all is erased, but unused parts of the database file may still hold some of it: erase once more when there is room, or nobody writes"
        );
    }
    empty_log(db).await?;
    Ok(Some(erasure))
}

async fn find(tx: &mut Tx, contact: &ContactId) -> Result<Option<Erasure>, AppError> {
    if contacts::find(tx, contact).await?.is_none() {
        return Ok(None);
    }
    let places = persons::list_places(tx, contact).await?;
    let own = persons::list_lines(tx, contact).await?;
    let mut erasure = Erasure {
        messages: persons::list_messages(tx, contact, &places).await?,
        received: persons::list_received(tx, contact, &places).await?,
        stay: own.len(),
        places,
        ..Erasure::default()
    };
    for line in own {
        if let Some(left) = without_words(&line.payload) {
            let of_plan = erasure.lines.entry(line.plan).or_default();
            of_plan.insert(line.event, left);
        }
    }
    Ok(Some(erasure))
}

/// Empties the log beside a database that is a file: it may still hold what was erased.
pub(super) async fn empty_log(db: &Db) -> Result<(), AppError> {
    if !db.empty_log().await? {
        tracing::warn!(
            "a program is reading the database: the log beside it (-wal) keeps what was erased until the daemon writes over it or the last program closes the database"
        );
    }
    Ok(())
}

/// What is left of a line: that something was said of an obligation, with its days, its state and the number of a document,
/// without the words and the names of files. `None` when it holds neither.
pub(super) fn without_words(payload: &str) -> Option<String> {
    let mut payload: Value = serde_json::from_str(payload).ok()?;
    let mut changed = false;
    let mut empty = |value: &mut Value, left: Value| {
        if !value.is_null() && *value != left {
            *value = left;
            changed = true;
        }
    };
    let fields = payload.as_object_mut()?;
    for name in ["quote", "note"] {
        if let Some(words) = fields.get_mut(name) {
            empty(words, json!(""));
        }
    }
    let files = fields.get_mut("files").and_then(Value::as_array_mut);
    for file in files.into_iter().flatten().filter_map(Value::as_object_mut) {
        if let Some(id) = file.get_mut("id") {
            empty(id, json!(""));
        }
        if let Some(name) = file.get_mut("name") {
            empty(name, Value::Null);
        }
    }
    changed.then(|| payload.to_string())
}

/// Leaves of each of these lines of a plan what is left of it, under the name of its author; what each hashes to since.
pub(super) async fn take_words<'a>(
    tx: &mut Tx,
    plan: &PlanId,
    lines: &BTreeMap<i64, String>,
    author: impl Fn(i64) -> &'a ContactId,
    now: DateTime<Utc>,
) -> Result<Map<String, Value>, AppError> {
    let hashes = hashes(tx, plan, lines).await?;
    for (event, left) in lines {
        erasures::erase_line(tx, author(*event), *event, left, now).await?;
    }
    Ok(hashes)
}

/// What each of these lines hashes to with what is left of it, at its place behind the line before.
async fn hashes(
    tx: &mut Tx,
    plan: &PlanId,
    lines: &BTreeMap<i64, String>,
) -> Result<Map<String, Value>, AppError> {
    let mut hashes = Map::new();
    let (mut previous, mut place) = (Hash::NOTHING, 0);
    loop {
        let page = chain::list(tx, plan, place).await?;
        if page.is_empty() {
            return Ok(hashes);
        }
        for sealed in page {
            place = sealed.place;
            if let (Some(left), Found::Line(mut line)) = (lines.get(&sealed.event), sealed.line) {
                left.clone_into(&mut line.payload);
                let hash = line.hash(&previous, place);
                hashes.insert(sealed.event.to_string(), json!(hash.to_string()));
            }
            previous = sealed.hash.unwrap_or(Hash::NOTHING);
        }
    }
}

/// Of what came in stays that something came, when, by which channel, and under which number of the provider, so that it is
/// not taken for new when it is handed over again.
pub(super) async fn erase_received(
    tx: &mut Tx,
    received: &[InboxId],
    reason: &str,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let known: HashMap<InboxId, Inbound> = inbox::list_by_id(tx, received)
        .await?
        .into_iter()
        .map(|one| (one.received.id, one.received.inbound))
        .collect();
    for id in received {
        let Some(inbound) = known.get(id) else {
            continue;
        };
        let left = Inbound {
            from: NOWHERE.to_owned(),
            place: Place::Private,
            content: Content::Unreadable {
                reason: reason.to_owned(),
            },
            ..inbound.clone()
        };
        erasures::erase_received(tx, *id, &left, now).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_names_of_files_go_and_what_was_reported_stays() {
        let line = json!({
            "said": { "is": "done", "on": "2020-03-30" },
            "quote": "II.2 xong, em Lan gửi anh",
            "files": [{ "id": "AgAD", "name": "Bao cao cua Lan.pdf", "media_type": "application/pdf", "size": 7, "sha256": "ab" }],
            "after": { "state": "done" },
        });
        let left: Value = serde_json::from_str(&without_words(&line.to_string()).unwrap()).unwrap();
        let expected = json!({
            "said": { "is": "done", "on": "2020-03-30" },
            "quote": "",
            "files": [{ "id": "", "name": null, "media_type": "application/pdf", "size": 7, "sha256": "ab" }],
            "after": { "state": "done" },
        });
        assert_eq!(left, expected);
        assert_eq!(
            without_words(&left.to_string()),
            None,
            "twice erases nothing more"
        );
        assert_eq!(without_words(r#"{"channel":"telegram"}"#), None);
        assert_eq!(without_words("no JSON"), None);
    }
}
