//! Claiming deliveries with a lease, and giving them back.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{QueryBuilder, query};

use super::briefs;
use super::cut::{Cut, close_cut_attempts};
use crate::domain::delivery::Channel;
use crate::store::Tx;
use crate::store::bulk;
use crate::store::deliveries::{self, Delivery, DeliveryId};
use crate::store::error::{Doing, StoreError};

/// A delivery that the claimer may send until its lease ends (`delivery.claimable_at`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// The delivery.
    pub delivery: Delivery,
    /// Whether an earlier attempt may have arrived, perhaps by the channel that this one replaces: it was cut after the
    /// request was written, or its process died.
    pub may_have_arrived: bool,
    /// Whether more than one process died while sending it: it is sent alone, so that it is known whether it is the cause.
    pub is_suspect: bool,
}

/// Which messages are claimed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wanted {
    /// Whatever waits.
    #[default]
    All,
    /// What nobody asked for: briefs and digests.
    Unasked,
    /// Answers to somebody who has just written.
    Answers,
}

impl Wanted {
    fn condition(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Unasked => " AND kind IN ('brief', 'digest')",
            Self::Answers => " AND kind IN ('receipt', 'notice')",
        }
    }
}

/// What is of an earlier time than something that is due and not made yet: it waits for that, and is cancelled when that is
/// made. The default is nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Overtaken {
    /// Briefs of days before this one.
    pub briefs_before: NaiveDate,
    /// Digests that were made before.
    pub digests_before: DateTime<Utc>,
}

/// Which of these channels [`claim`] would find something on, by their indexes.
///
/// # Errors
/// When the database fails.
pub async fn find_due(
    tx: &mut Tx,
    channels: &[Channel],
    wanted: Wanted,
    overtaken: Overtaken,
    now: DateTime<Utc>,
) -> Result<Vec<Channel>, StoreError> {
    let (open, close) = tx.texts();
    let words = bulk::texts(channels.iter().map(|channel| channel.as_str()));
    let due: Vec<String> = on!(tx, conn => {
        QueryBuilder::new("SELECT c.value FROM")
            .push(open)
            .push_bind(words)
            .push(close)
            .push(" c WHERE (SELECT 1 FROM deliveries WHERE channel = c.value")
            .push(WAITS)
            .push_bind(now)
            .push(wanted.condition())
            .push(NO_BRIEF_BEFORE)
            .push_bind(overtaken.briefs_before)
            .push(NO_DIGEST_BEFORE)
            .push_bind(overtaken.digests_before)
            .push(") LIMIT 1) IS NOT NULL")
            .build_query_scalar()
            .fetch_all(conn)
            .await
    })
    .doing("looking for the channels on which something is due")?;
    let mut found = channels.to_vec();
    found.retain(|channel| due.iter().any(|word| word == channel.as_str()));
    Ok(found)
}

/// What may be claimed of a channel by the instant that follows.
const WAITS: &str = " AND state IN ('queued', 'leased') AND claimable_at <= ";
/// What is not [`Overtaken`], by the day and the instant that follow, and a bracket.
const NO_BRIEF_BEFORE: &str = " AND (brief_day IS NULL OR brief_day >= ";
const NO_DIGEST_BEFORE: &str = ") AND (kind <> 'digest' OR created_at >= ";

/// Who claims what.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// The claiming process; another name for each start of it.
    pub owner: &'a str,
    /// For which channel.
    pub channel: Channel,
    /// Which messages.
    pub wanted: Wanted,
    /// Which of them wait for something newer.
    pub overtaken: Overtaken,
    /// Now.
    pub now: DateTime<Utc>,
    /// The end of the lease.
    pub until: DateTime<Utc>,
    /// At most so many.
    pub limit: u32,
    /// What the claimer is sending already, whatever the clock says of its lease.
    pub except: &'a [DeliveryId],
}

/// Claims what is to be sent now, oldest first: queued, or leased by somebody whose lease has ended. On PostgreSQL
/// rows that another claimer is just taking are passed over. Commit at once.
///
/// An attempt that a dead process left without an end is closed here as unknown.
///
/// # Errors
/// When the database fails.
pub async fn claim(tx: &mut Tx, claim: &Claim<'_>) -> Result<Vec<Claimed>, StoreError> {
    let (lock, (open, close)) = (tx.skip_locked(), tx.numbers());
    let except = bulk::numbers(claim.except.iter().map(|id| id.0));
    let ids: Vec<(i64,)> = on!(tx, conn => {
        QueryBuilder::new("WITH due (delivery) AS MATERIALIZED (SELECT id FROM deliveries WHERE channel = ")
            .push_bind(claim.channel.as_str())
            .push(WAITS)
            .push_bind(claim.now)
            .push(claim.wanted.condition())
            .push(NO_BRIEF_BEFORE)
            .push_bind(claim.overtaken.briefs_before)
            .push(NO_DIGEST_BEFORE)
            .push_bind(claim.overtaken.digests_before)
            .push(") AND id NOT IN")
            .push(open)
            .push_bind(except)
            .push(close)
            // Cast, for SQLite plans a statement anew whose bare limit is bound to another number.
            .push(" ORDER BY claimable_at, id LIMIT CAST(")
            .push_bind(i64::from(claim.limit))
            .push(" AS BIGINT)")
            .push(lock)
            .push(") UPDATE deliveries SET state = 'leased', lease_owner = ")
            .push_bind(claim.owner)
            .push(", claimable_at = ")
            .push_bind(claim.until)
            .push(" FROM due WHERE id = due.delivery RETURNING id")
            .build_query_as()
            .fetch_all(conn)
            .await
            .doing(format_args!("claiming deliveries on {}", claim.channel.as_str()))?
    });
    let ids: Vec<DeliveryId> = ids.into_iter().map(|(id,)| DeliveryId(id)).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut claimed = legible(tx, &ids).await?;
    claimed.sort_by_key(|delivery| (delivery.created_at, delivery.id));
    let tried: Vec<_> = claimed
        .iter()
        .filter(|one| one.attempts > 0)
        .map(|one| one.id)
        .collect();
    let Cut {
        mut uncertain,
        suspects,
        given_up,
    } = close_cut_attempts(tx, &tried, claim.now).await?;
    claimed.retain(|one| !given_up.contains(&one.id));
    let instead: Vec<_> = claimed
        .iter()
        .filter(|one| one.reroutes.is_some())
        .map(|one| one.id)
        .collect();
    uncertain.extend(find_told_elsewhere(tx, &instead).await?);
    Ok(claimed
        .into_iter()
        .map(|delivery| Claimed {
            may_have_arrived: uncertain.contains(&delivery.id),
            is_suspect: suspects.contains(&delivery.id),
            delivery,
        })
        .collect())
}

/// The deliveries of these rows. One that makes no sense, or has lost its words, is given up with that as its reason: it
/// holds up nobody else, and waits for an operator.
async fn legible(tx: &mut Tx, ids: &[DeliveryId]) -> Result<Vec<Delivery>, StoreError> {
    let mut legible = Vec::with_capacity(ids.len());
    let mut wordless: HashSet<DeliveryId> = ids.iter().copied().collect();
    let mut given_up = Vec::new();
    for (id, read) in deliveries::find_each(tx, ids).await? {
        wordless.remove(&id);
        match read {
            Ok(delivery) => legible.push(delivery),
            Err(why) => given_up.push((id, why.to_string())),
        }
    }
    given_up.extend(
        wordless
            .into_iter()
            .map(|id| (id, "its words are gone".to_owned())),
    );
    for (id, why) in given_up {
        tracing::error!(delivery = %id, why, "a delivery makes no sense and is given up: the others go on");
        on!(tx, conn => {
            query("UPDATE deliveries SET state = 'failed', lease_owner = NULL, reason = $1 WHERE id = $2")
                .bind(&why)
                .bind(id.0)
                .execute(conn)
                .await
                .map(drop)
        })
        .doing(format_args!("giving up delivery {id}"))?;
    }
    Ok(legible)
}

/// Which of these deliveries carry a brief that may have arrived by another channel.
async fn find_told_elsewhere(
    tx: &mut Tx,
    deliveries: &[DeliveryId],
) -> Result<HashSet<DeliveryId>, StoreError> {
    let mut told = HashSet::new();
    for chunk in deliveries.chunks(bulk::ROWS) {
        let found: Vec<(i64,)> = on!(tx, conn => {
            QueryBuilder::new(
                "SELECT DISTINCT d.id FROM deliveries d \
                 JOIN deliveries other ON other.contact = d.contact AND other.brief_day = d.brief_day \
                 JOIN attempts a ON a.delivery = other.id WHERE a.outcome = 'unknown' AND d.id IN",
            )
            .push_tuples(chunk, |mut row, id| {
                row.push_bind(id.0);
            })
            .build_query_as()
            .persistent(false)
            .fetch_all(conn)
            .await
            .doing("looking for what may have arrived by another channel")?
        });
        told.extend(found.into_iter().map(|(id,)| DeliveryId(id)));
    }
    Ok(told)
}

/// Gives back what `owner` holds and has no attempt under way for; the rest waits for its outcome or the lease's end.
/// Returns how many went back.
///
/// # Errors
/// When the database fails.
pub async fn release(tx: &mut Tx, owner: &str, now: DateTime<Utc>) -> Result<u64, StoreError> {
    on!(tx, conn => {
        query(
            "UPDATE deliveries SET state = 'queued', lease_owner = NULL, claimable_at = $1
             WHERE state IN ('queued', 'leased') AND lease_owner = $2 AND NOT EXISTS (
                 SELECT 1 FROM attempts WHERE attempts.delivery = deliveries.id AND attempts.finished_at IS NULL)",
        )
        .bind(now)
        .bind(owner)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .doing(format_args!("releasing the deliveries of {owner}"))
}

/// Ends the leases that are over: what dead processes held is queued again, as [`claim`] would find it. An attempt that
/// was cut is closed as unknown, and what is of an earlier day than the one that is planned is told anew. Returns how many
/// went back.
///
/// # Errors
/// When the database fails.
pub async fn expire(tx: &mut Tx, now: DateTime<Utc>) -> Result<u64, StoreError> {
    requeue(tx, Held::TooLong, now).await
}

/// Queues again whatever is leased on a channel: for whoever has just become the only one to send by it, and so knows that
/// nobody is sending. An attempt that was cut is closed as unknown. Returns how many went back.
///
/// # Errors
/// When the database fails.
pub async fn inherit(tx: &mut Tx, channel: Channel, now: DateTime<Utc>) -> Result<u64, StoreError> {
    requeue(tx, Held::On(channel), now).await
}

/// Which leased deliveries nobody is sending.
#[derive(Clone, Copy)]
enum Held {
    /// Those whose lease has ended.
    TooLong,
    /// All of a channel.
    On(Channel),
}

async fn requeue(tx: &mut Tx, held: Held, now: DateTime<Utc>) -> Result<u64, StoreError> {
    let ids: Vec<i64> = on!(tx, conn => {
        // The first of the two tests of the state is that of the index.
        let mut update = QueryBuilder::new("UPDATE deliveries SET state = 'queued', lease_owner = NULL, claimable_at = ");
        update.push_bind(now).push(" WHERE state IN ('queued', 'leased') AND state = 'leased' AND ");
        match held {
            Held::TooLong => update.push("claimable_at <= ").push_bind(now),
            Held::On(channel) => update.push("channel = ").push_bind(channel.as_str()),
        };
        update.push(" RETURNING id").build_query_scalar().fetch_all(conn).await
    })
    .doing("queueing again what the dead held")?;
    let ids: Vec<DeliveryId> = ids.into_iter().map(DeliveryId).collect();
    close_cut_attempts(tx, &ids, now).await?;
    briefs::supersede_held(tx, &ids).await?;
    Ok(ids.len() as u64)
}
