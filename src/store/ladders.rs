//! The ladders that were in force, and which running escalations still climb an earlier one.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{QueryBuilder, query, query_as, query_scalar};

use super::Tx;
use super::bulk;
use super::error::{Doing, StoreError};
use super::words::Cell;
use crate::domain::ids::ObligationId;
use crate::domain::ladder::Ladder;

/// A ladder that is, or was, in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Since when.
    pub since: DateTime<Utc>,
    /// It.
    pub ladder: Ladder,
}

/// The ladder that this obligation climbs: the one on which its escalation began, or else the newest that was put in force.
/// The first says which of the two it is. `None` before any was.
///
/// # Errors
/// When the database fails, or a ladder makes no sense.
pub async fn climbed_by(
    tx: &mut Tx,
    obligation: ObligationId,
) -> Result<Option<(Climbs, Kept)>, StoreError> {
    let row: Option<(i64, String, DateTime<Utc>, bool)> = on!(tx, conn => {
        query_as(
            "SELECT l.id, l.text, l.since, o.ladder IS NOT NULL FROM obligations o
             JOIN ladders l ON l.id = COALESCE(o.ladder, (SELECT max(id) FROM ladders)) WHERE o.id = $1",
        )
        .bind(obligation.0)
        .fetch_optional(conn)
        .await
    })
    .doing(format_args!(
        "reading the ladder of obligation {obligation}"
    ))?;
    let Some((id, text, since, is_own)) = row else {
        return Ok(None);
    };
    let ladder = parse(id, &text)?;
    let climbs = if is_own {
        Climbs::Earlier
    } else {
        Climbs::Newest
    };
    Ok(Some((climbs, Kept { since, ladder })))
}

fn parse(id: i64, text: &str) -> Result<Ladder, StoreError> {
    let cell = Cell {
        table: "ladders",
        row: &id,
        column: "text",
    };
    cell.read(text, serde_json::from_str(text).ok())
}

/// Which ladder an obligation climbs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Climbs {
    /// The newest that was put in force.
    Newest,
    /// The one on which its escalation began.
    Earlier,
}

/// Notes that `ladder` is in force. Where another was, whatever is overdue by now goes on climbing that one; returns how
/// many obligations do.
///
/// # Errors
/// When the database fails.
///
/// # Panics
/// Never: a ladder is plain data, which is always written.
pub async fn put_in_force(
    tx: &mut Tx,
    ladder: &Ladder,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let text = serde_json::to_string(ladder).expect("a ladder is plain data");
    let newest: Option<(i64, String)> = on!(tx, conn => {
        query_as("SELECT id, text FROM ladders ORDER BY id DESC LIMIT 1").fetch_optional(conn).await
    })
    .doing("reading the ladder in force")?;
    // Not the text: a program that writes more of a ladder than an earlier one has no other ladder for that.
    let known = newest
        .as_ref()
        .and_then(|(id, known)| parse(*id, known).ok());
    if known.as_ref() == Some(ladder) {
        return Ok(0);
    }
    on!(tx, conn => {
        query("INSERT INTO ladders (text, since) VALUES ($1, $2)")
            .bind(&text)
            .bind(now)
            .execute(conn)
            .await
            .map(drop)
    })
    .doing("storing a new ladder")?;
    let Some((before, _)) = newest else {
        return Ok(0);
    };
    on!(tx, conn => {
        query(
            "UPDATE obligations SET ladder = $1
             WHERE state = 'open' AND ladder IS NULL
               AND CASE WHEN due_on < watched_from THEN settle_by ELSE due_on END < $2",
        )
        .bind(before)
        .bind(today)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .doing("keeping running escalations on their ladder")
}

/// Which of these obligations climb an earlier ladder, and each of those ladders. Costs one look when none does.
///
/// # Errors
/// When the database fails, or a ladder makes no sense.
pub async fn earlier(
    tx: &mut Tx,
    obligations: &[ObligationId],
) -> Result<(HashMap<ObligationId, i64>, HashMap<i64, Ladder>), StoreError> {
    let (mut climbing, mut ladders) = (HashMap::new(), HashMap::new());
    let used: Vec<i64> = on!(tx, conn => {
        query_scalar("SELECT DISTINCT ladder FROM obligations WHERE ladder IS NOT NULL")
            .fetch_all(conn)
            .await
    })
    .doing("looking for escalations on earlier ladders")?;
    if used.is_empty() {
        return Ok((climbing, ladders));
    }
    let rows: Vec<(i64, String)> = on!(tx, conn => {
        query_as("SELECT id, text FROM ladders").fetch_all(conn).await
    })
    .doing("reading earlier ladders")?;
    for (id, text) in rows.into_iter().filter(|(id, _)| used.contains(id)) {
        ladders.insert(id, parse(id, &text)?);
    }
    for chunk in obligations.chunks(bulk::ROWS) {
        let rows: Vec<(i64, i64)> = on!(tx, conn => {
            QueryBuilder::new("SELECT id, ladder FROM obligations WHERE ladder IS NOT NULL AND id IN")
                .push_tuples(chunk, |mut row, id| {
                    row.push_bind(id.0);
                })
                .build_query_as()
                .persistent(bulk::is_kept(chunk.len()))
                .fetch_all(conn)
                .await
        })
        .doing("reading which escalations climb earlier ladders")?;
        climbing.extend(
            rows.into_iter()
                .map(|(id, ladder)| (ObligationId(id), ladder)),
        );
    }
    Ok((climbing, ladders))
}
