//! Attempts that were cut by the death of their process.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sqlx::{QueryBuilder, query};

use crate::store::Tx;
use crate::store::bulk;
use crate::store::deliveries::DeliveryId;
use crate::store::error::{Doing, StoreError};
use crate::store::in_hand::{APART, MOST_DEATHS};

/// The reason of an attempt whose process died.
const DIED: &str = "the sender died";

/// What is known of deliveries that were tried before.
#[derive(Debug, Default)]
pub(super) struct Cut {
    /// Those with an attempt that may have arrived.
    pub(super) uncertain: HashSet<DeliveryId>,
    /// Those over which more than one process has died while sending them.
    pub(super) suspects: HashSet<DeliveryId>,
    /// Those that were given up just now.
    pub(super) given_up: HashSet<DeliveryId>,
}

/// Closes attempts without an end as unknown. A delivery over which [`MOST_DEATHS`] processes have died is unknown itself, with
/// that as its reason, and tried again by hand only: it may be what they died of, and may have arrived each time.
pub(super) async fn close_cut_attempts(
    tx: &mut Tx,
    deliveries: &[DeliveryId],
    now: DateTime<Utc>,
) -> Result<Cut, StoreError> {
    let mut cut = Cut::default();
    let doing = "closing attempts that were cut";
    for chunk in deliveries.chunks(bulk::ROWS) {
        let (died, found): (Vec<i64>, Vec<i64>) = on!(tx, conn => {
            let died = QueryBuilder::new("UPDATE attempts SET outcome = 'unknown', reason = ")
                .push_bind(DIED)
                .push(", finished_at = ")
                .push_bind(now)
                .push(" WHERE finished_at IS NULL AND delivery IN")
                .push_tuples(chunk, |mut row, id| {
                    row.push_bind(id.0);
                })
                .push(" RETURNING delivery")
                .build_query_scalar()
                .persistent(false)
                .fetch_all(&mut *conn)
                .await
                .doing(doing)?;
            let found = QueryBuilder::new("SELECT DISTINCT delivery FROM attempts WHERE outcome = 'unknown' AND delivery IN")
                .push_tuples(chunk, |mut row, id| {
                    row.push_bind(id.0);
                })
                .build_query_scalar()
                .persistent(false)
                .fetch_all(conn)
                .await
                .doing(doing)?;
            (died, found)
        });
        cut.uncertain.extend(found.into_iter().map(DeliveryId));
        for (id, deaths) in count_deaths(tx, chunk).await? {
            if deaths >= MOST_DEATHS && died.contains(&id.0) {
                give_up(tx, id, deaths).await?;
                cut.given_up.insert(id);
            } else if deaths > 1 {
                cut.suspects.insert(id);
            }
        }
    }
    Ok(cut)
}

async fn count_deaths(
    tx: &mut Tx,
    deliveries: &[DeliveryId],
) -> Result<Vec<(DeliveryId, i64)>, StoreError> {
    let begun: Vec<(i64, DateTime<Utc>)> = on!(tx, conn => {
        QueryBuilder::new("SELECT delivery, started_at FROM attempts WHERE reason = ")
            .push_bind(DIED)
            .push(" AND delivery IN")
            .push_tuples(deliveries, |mut row, id| {
                row.push_bind(id.0);
            })
            .push(" ORDER BY delivery, number")
            .build_query_as()
            .persistent(false)
            .fetch_all(conn)
            .await
            .doing("counting the attempts that were cut")?
    });
    let of_each = begun.chunk_by(|(one, _), (next, _)| one == next);
    Ok(of_each
        .map(|of_one| (DeliveryId(of_one[0].0), apart(of_one)))
        .collect())
}

/// How many deaths these are, those left out that follow too closely upon another ([`APART`]).
fn apart(begun: &[(i64, DateTime<Utc>)]) -> i64 {
    let mut last = None;
    let mut deaths = 0;
    for (_, at) in begun {
        if last.is_none_or(|last| last + APART <= *at) {
            last = Some(*at);
            deaths += 1;
        }
    }
    deaths
}

async fn give_up(tx: &mut Tx, id: DeliveryId, deaths: i64) -> Result<(), StoreError> {
    let why = format!(
        "{deaths} processes died while sending it: it may have arrived, and is tried again by hand only"
    );
    tracing::error!(delivery = %id, why, "a delivery is given up: the others go on");
    on!(tx, conn => {
        query("UPDATE deliveries SET state = 'unknown', lease_owner = NULL, reason = $1 WHERE id = $2 AND state IN ('queued', 'leased')")
            .bind(why)
            .bind(id.0)
            .execute(conn)
            .await
            .map(drop)
    })
    .doing(format_args!("giving up delivery {id}"))
}
