//! Words that are kept for a time only: what is older loses its words and addresses by the same means as a person who is
//! erased. What was reported, decided and sent stays in the ledger, and its chain can be verified as before.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use serde_json::json;

use super::AppError;
use super::erase::{empty_log, erase_received, take_words, without_words};
use crate::clock::local;
use crate::domain::ids::{ContactId, PlanId};
use crate::store::aged::AgedLine;
use crate::store::erasures::ERASED;
use crate::store::events::{self, Actor, NewEvent};
use crate::store::{Db, Tx, aged, erasures};

/// How much loses its words in one transaction: others write between two.
const AT_ONCE: usize = 500;

/// How much has lost its words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Expired {
    /// Messages to people.
    pub messages: usize,
    /// Messages of people.
    pub received: usize,
    /// Lines of the ledger.
    pub lines: usize,
}

/// Takes the words from everything older than `before`; `beat` is called between two steps. What fails in the middle is
/// gone on with the next time.
///
/// # Errors
/// When the database fails.
pub async fn expire(
    db: &Db,
    before: DateTime<Utc>,
    now: DateTime<Utc>,
    beat: impl Fn(),
) -> Result<Expired, AppError> {
    let mut all = Expired::default();
    loop {
        let mut tx = db.begin().await?;
        let (messages, received) = expire_messages(&mut tx, before, now).await?;
        tx.commit().await?;
        beat();
        all.messages += messages;
        all.received += received;
        if messages < AT_ONCE && received < AT_ONCE {
            break;
        }
    }
    let mut after = 0;
    loop {
        let mut tx = db.begin().await?;
        let lines = aged::list_lines(&mut tx, before, after, AT_ONCE).await?;
        let Some(last) = lines.last().map(|line| line.event) else {
            drop(tx);
            if all != Expired::default() {
                empty_log(db).await?;
            }
            return Ok(all);
        };
        all.lines += expire_lines(&mut tx, lines, before, now).await?;
        tx.commit().await?;
        beat();
        after = last;
    }
}

/// How many messages to people, and of people, lost their words.
async fn expire_messages(
    tx: &mut Tx,
    before: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(usize, usize), AppError> {
    let messages = aged::list_messages(tx, before, AT_ONCE).await?;
    for message in &messages {
        erasures::erase_message(tx, *message).await?;
    }
    let received = aged::list_received(tx, before, AT_ONCE).await?;
    erase_received(tx, &received, "its words were kept for a time only", now).await?;
    aged::erase_rest(tx, before, local(before).date()).await?;
    Ok((messages.len(), received.len()))
}

/// How many of these lines had words.
async fn expire_lines(
    tx: &mut Tx,
    lines: Vec<AgedLine>,
    before: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<usize, AppError> {
    let mut left: BTreeMap<PlanId, BTreeMap<i64, String>> = BTreeMap::new();
    let mut authors: HashMap<i64, ContactId> = HashMap::new();
    for line in lines {
        if let Some(rest) = without_words(&line.payload) {
            left.entry(line.plan).or_default().insert(line.event, rest);
            authors.insert(line.event, line.contact);
        }
    }
    let mut told = Vec::new();
    for (plan, lines) in &left {
        let hashes = take_words(tx, plan, lines, |event| &authors[&event], now).await?;
        told.push(NewEvent {
            plan: plan.clone(),
            obligation: None,
            at: now,
            actor: Actor::System,
            kind: ERASED.to_owned(),
            payload: json!({ "before": before, "lines": hashes }),
            source: None,
        });
    }
    events::append(tx, &told).await?;
    Ok(authors.len())
}
