//! Sealing: new lines at the end of their transaction, and once the lines from before there were seals.

use std::collections::BTreeMap;

use sqlx::{FromRow, QueryBuilder, query, query_as, query_scalar};

use super::read::{hash_of, list_lines};
use crate::domain::chain::walk::Head;
use crate::domain::chain::{Hash, Line};
use crate::store::bulk;
use crate::store::error::{Doing, StoreError};
use crate::store::{Db, Tx};

/// Seals lines, each behind the last of its plan. Heads are locked in the order of the plans' names.
///
/// # Errors
/// When the database fails.
pub async fn seal(tx: &mut Tx, lines: Vec<Line>) -> Result<(), StoreError> {
    let mut of_plans: BTreeMap<String, Vec<Line>> = BTreeMap::new();
    for line in lines {
        of_plans.entry(line.plan.clone()).or_default().push(line);
    }
    for (plan, lines) in of_plans {
        match lock_head(tx, &plan).await? {
            Some(head) => {
                let head = add(tx, &plan, head, &lines).await?;
                set_head(tx, &plan, head).await?;
            }
            // These lines are among all of the plan.
            None => begin(tx, &plan).await?,
        }
    }
    Ok(())
}

/// Begins the chain of every plan whose ledger is older than seals.
///
/// # Errors
/// When the database fails.
pub async fn begin_all(db: &Db) -> Result<(), StoreError> {
    let mut tx = db.snapshot().await?;
    let waiting = plans_without_chain(&mut tx).await?;
    drop(tx);
    if waiting.is_empty() {
        return Ok(());
    }
    let mut tx = db.begin().await?;
    for plan in plans_without_chain(&mut tx).await? {
        if lock_head(&mut tx, &plan).await?.is_none() {
            begin(&mut tx, &plan).await?;
        }
    }
    tx.commit().await
}

async fn plans_without_chain(tx: &mut Tx) -> Result<Vec<String>, StoreError> {
    on!(tx, conn => {
        query_scalar("SELECT plan FROM heads WHERE hash IS NULL ORDER BY plan").fetch_all(conn).await
    })
    .doing("looking for ledgers that are not sealed yet")
}

/// Seals every line of a plan, in the order of their numbers.
async fn begin(tx: &mut Tx, plan: &str) -> Result<(), StoreError> {
    let (mut head, mut after) = (Head::EMPTY, 0);
    loop {
        let lines = list_lines(tx, plan, after).await?;
        let Some(last) = lines.last() else { break };
        after = last.event;
        head = add(tx, plan, head, &lines).await?;
    }
    set_head(tx, plan, head).await
}

#[derive(FromRow)]
struct HeadRow {
    count: i64,
    hash: Option<Vec<u8>>,
}

/// Locks the head of a plan until the end of the transaction, and makes it where there is none; `None` when lines from
/// before there were seals have none yet.
async fn lock_head(tx: &mut Tx, plan: &str) -> Result<Option<Head>, StoreError> {
    // One statement that writes: what it returns is what the row holds once the lock is had.
    let row: HeadRow = on!(tx, conn => {
        query_as(
            "INSERT INTO heads (plan, count, hash) VALUES ($1, 0, $2)
             ON CONFLICT (plan) DO UPDATE SET count = heads.count RETURNING count, hash",
        )
        .bind(plan)
        .bind(Hash::NOTHING.0.as_slice())
        .fetch_one(conn)
        .await
    })
    .doing(format_args!("locking the head of plan {plan}"))?;
    let count = row.count;
    row.hash
        .map(|bytes| {
            Ok(Head {
                count,
                hash: hash_of(plan, &bytes)?,
            })
        })
        .transpose()
}

async fn set_head(tx: &mut Tx, plan: &str, head: Head) -> Result<(), StoreError> {
    on!(tx, conn => {
        query("UPDATE heads SET count = $1, hash = $2 WHERE plan = $3")
            .bind(head.count)
            .bind(head.hash.0.as_slice())
            .bind(plan)
            .execute(conn)
            .await
            .map(drop)
    })
    .doing(format_args!("noting the head of plan {plan}"))
}

/// Writes the seals of lines behind `head`; gives the head behind them.
async fn add(tx: &mut Tx, plan: &str, head: Head, lines: &[Line]) -> Result<Head, StoreError> {
    let mut head = head;
    for chunk in lines.chunks(bulk::ROWS) {
        let sealed: Vec<(&Line, Head)> = chunk
            .iter()
            .map(|line| {
                let count = head.count + 1;
                let hash = line.hash(&head.hash, count);
                head = Head { count, hash };
                (line, head)
            })
            .collect();
        on!(tx, conn => {
            QueryBuilder::new("INSERT INTO seals (event, plan, place, task, milestone, agency, hash) ")
                .push_values(&sealed, |mut row, (line, head)| {
                    let about = line.about.as_ref();
                    row.push_bind(line.event)
                        .push_bind(plan)
                        .push_bind(head.count)
                        .push_bind(about.map(|about| about.task.as_str()))
                        .push_bind(about.map(|about| about.milestone))
                        .push_bind(about.map(|about| about.agency.as_str()))
                        .push_bind(head.hash.0.as_slice());
                })
                .build()
                .persistent(bulk::is_kept(chunk.len()))
                .execute(conn)
                .await
                .map(drop)
        })
        .doing(format_args!("sealing {} events", chunk.len()))?;
    }
    Ok(head)
}
