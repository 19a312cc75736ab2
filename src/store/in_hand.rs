//! What a process has in hand after another has died, so that the next one knows what it died of.
//!
//! A process that is ended by the system over one thing (no memory left, a fault in a library, a watchdog) leaves no reason
//! behind, and would be ended over it again at each start. While it is careful it writes down here what it takes in hand,
//! and strikes it out when it is through. A row that is found of another process is what that one may have died of; what
//! [`MOST_DEATHS`] of them had in hand is given up until somebody tries it by hand.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{QueryBuilder, query, query_as, query_scalar};

use super::error::{Doing, StoreError};
use super::{Tx, bulk};

/// How many processes may die over one thing before it is given up: one that was killed for another reason must not count.
pub const MOST_DEATHS: i64 = 3;

/// Deaths that follow closer upon one another count as one: whoever kills processes in a row does not mean what they had in hand. By
/// itself nothing is taken over sooner from one that died than its lease and the supervisor allow.
pub const APART: TimeDelta = TimeDelta::seconds(10);

/// When another process has died of what is taken, not just now, by the instant that follows.
const DIED: &str = " WHEN in_hand.owner <> excluded.owner AND in_hand.since <= ";

/// How often processes died over what they had in hand; what nobody died of has no entry.
pub type Deaths = BTreeMap<String, i64>;

/// Takes these things in hand, in the name of `owner`. Gives those of which others have died; what was given up before is
/// not taken. Commit before anything is done about them.
///
/// # Errors
/// When the database fails.
pub async fn take(
    tx: &mut Tx,
    things: &[String],
    owner: &str,
    now: DateTime<Utc>,
) -> Result<Deaths, StoreError> {
    let mut died = Deaths::new();
    for chunk in things.chunks(bulk::ROWS) {
        let found: Vec<(String, i64)> = on!(tx, conn => {
            QueryBuilder::new("INSERT INTO in_hand (what, owner, deaths, since) ")
                .push_values(chunk, |mut row, what| {
                    row.push_bind(what).push_bind(owner).push_bind(0_i64).push_bind(now);
                })
                .push(" ON CONFLICT (what) DO UPDATE SET owner = excluded.owner, deaths = in_hand.deaths + CASE")
                .push(DIED)
                .push_bind(now - APART)
                .push(" THEN 1 ELSE 0 END, since = CASE")
                .push(DIED)
                .push_bind(now - APART)
                .push(" THEN excluded.since ELSE in_hand.since END WHERE in_hand.deaths < ")
                .push_bind(MOST_DEATHS)
                .push(" RETURNING what, deaths")
                .build_query_as()
                .persistent(bulk::is_kept(chunk.len()))
                .fetch_all(conn)
                .await
        })
        .doing(format_args!("taking {} things in hand", chunk.len()))?;
        let mut taken: BTreeMap<String, i64> = found.into_iter().collect();
        for what in chunk {
            // What is not returned was given up.
            let deaths = taken.remove(what).unwrap_or(MOST_DEATHS);
            if deaths > 0 {
                died.insert(what.clone(), deaths);
            }
        }
    }
    Ok(died)
}

/// Strikes out what is through, or shall be tried as if nobody had died of it.
///
/// # Errors
/// When the database fails.
pub async fn strike_out(tx: &mut Tx, things: &[String]) -> Result<(), StoreError> {
    for chunk in things.chunks(bulk::ROWS) {
        on!(tx, conn => {
            QueryBuilder::new("DELETE FROM in_hand WHERE what IN")
                .push_tuples(chunk, |mut row, what| {
                    row.push_bind(what);
                })
                .build()
                .persistent(bulk::is_kept(chunk.len()))
                .execute(conn)
                .await
                .map(drop)
        })
        .doing("striking out what is through")?;
    }
    Ok(())
}

/// Strikes out whatever `owner` has in hand: it ends, and does not die.
///
/// # Errors
/// When the database fails.
pub async fn let_go(tx: &mut Tx, owner: &str) -> Result<(), StoreError> {
    on!(tx, conn => {
        query("DELETE FROM in_hand WHERE owner = $1 AND deaths < $2")
            .bind(owner)
            .bind(MOST_DEATHS)
            .execute(conn)
            .await
            .map(drop)
    })
    .doing(format_args!("letting go of what {owner} has in hand"))
}

/// Everything that is noted whose name begins so, by name.
///
/// # Errors
/// When the database fails.
pub async fn list(tx: &mut Tx, begins: &str) -> Result<Vec<String>, StoreError> {
    let names: Vec<String> = on!(tx, conn => {
        query_scalar("SELECT what FROM in_hand ORDER BY what").fetch_all(conn).await
    })
    .doing("listing what is in hand")?;
    let wanted = names.into_iter().filter(|what| what.starts_with(begins));
    Ok(wanted.collect())
}

/// What was given up, whose name begins so, and when it was taken last; by name.
///
/// # Errors
/// When the database fails.
pub async fn list_given_up(
    tx: &mut Tx,
    begins: &str,
) -> Result<Vec<(String, DateTime<Utc>)>, StoreError> {
    let rows: Vec<(String, DateTime<Utc>)> = on!(tx, conn => {
        query_as("SELECT what, since FROM in_hand WHERE deaths >= $1 ORDER BY what")
            .bind(MOST_DEATHS)
            .fetch_all(conn)
            .await
    })
    .doing("listing what was given up")?;
    let wanted = rows
        .into_iter()
        .filter(|(what, _)| what.starts_with(begins));
    Ok(wanted.collect())
}

/// Strikes out whatever begins so, also what was given up. Gives how much that was.
///
/// # Errors
/// When the database fails.
pub async fn forget(tx: &mut Tx, begins: &str) -> Result<u64, StoreError> {
    on!(tx, conn => {
        query("DELETE FROM in_hand WHERE substr(what, 1, $1) = $2")
            .bind(i32::try_from(begins.chars().count()).unwrap_or(i32::MAX))
            .bind(begins)
            .execute(conn)
            .await
            .map(|done| done.rows_affected())
    })
    .doing("forgetting what processes died of")
}
