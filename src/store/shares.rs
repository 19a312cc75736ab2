//! Of what a message is about, how much lies within a scope: so that what is handed to one agency says nothing of another.

use std::collections::HashMap;

use sqlx::{FromRow, QueryBuilder};

use super::Tx;
use super::bulk;
use super::deliveries::DeliveryId;
use super::error::{Doing, StoreError};
use super::inbox::InboxId;
use crate::domain::chain::About;
use crate::domain::ids::{AgencyCode, ObligationId, PlanId, TaskId};

/// Which obligations; what is `None` does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Of this plan.
    pub plan: Option<PlanId>,
    /// Of this task.
    pub task: Option<TaskId>,
    /// Of this agency.
    pub agency: Option<AgencyCode>,
}

impl Scope {
    /// Whether everything lies within it, also what is about no obligation.
    #[must_use]
    pub fn is_all(&self) -> bool {
        *self == Self::default()
    }

    /// Whether what is about this obligation lies within it; the plan is the caller's to look at.
    #[must_use]
    pub fn has(&self, about: Option<&About>) -> bool {
        let Some(about) = about else {
            return self.task.is_none() && self.agency.is_none();
        };
        let task = self.task.as_ref();
        let agency = self.agency.as_ref();
        task.is_none_or(|task| task.as_str() == about.task)
            && agency.is_none_or(|agency| agency.as_str() == about.agency)
    }
}

/// How much of what a message is about lies within a scope; a message that is about nothing of it has no share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// All of it.
    Whole,
    /// Some of it.
    Part,
}

/// What one message is about.
#[derive(FromRow)]
struct Row<Key> {
    message: Key,
    all_items: i64,
    within: i64,
}

impl<Key> Row<Key> {
    fn share(self) -> Option<(Key, Share)> {
        let share = match self.within {
            0 => return None,
            within if within == self.all_items => Share::Whole,
            _ => Share::Part,
        };
        Some((self.message, share))
    }
}

/// Pushes the condition that a row lies within the scope, by its columns.
macro_rules! within {
    ($sql:expr, $scope:expr, $plan:literal, $task:literal, $agency:literal) => {
        if let Some(plan) = &$scope.plan {
            $sql.push(concat!(" AND ", $plan, " = "))
                .push_bind(plan.as_str());
        }
        if let Some(task) = &$scope.task {
            $sql.push(concat!(" AND ", $task, " = "))
                .push_bind(task.as_str());
        }
        if let Some(agency) = &$scope.agency {
            $sql.push(concat!(" AND ", $agency, " = "))
                .push_bind(agency.as_str());
        }
    };
}

pub(super) use within;

/// The shares of briefs, by what stands in them.
///
/// # Errors
/// When the database fails.
pub async fn of_briefs(
    tx: &mut Tx,
    scope: &Scope,
    briefs: &[DeliveryId],
) -> Result<HashMap<DeliveryId, Share>, StoreError> {
    let mut shares = HashMap::new();
    for chunk in briefs.chunks(bulk::ROWS) {
        let rows: Vec<Row<i64>> = on!(tx, conn => {
            let mut sql = QueryBuilder::new("SELECT d.id AS message, count(*) AS all_items, count(CASE WHEN 1 = 1");
            within!(sql, scope, "o.plan", "o.task", "o.agency");
            sql.push(
                " THEN 1 END) AS within FROM deliveries d \
                 JOIN brief_items i ON i.contact = d.contact AND i.day = d.brief_day \
                 JOIN obligations o ON o.id = i.obligation WHERE d.id IN ",
            )
            .push_tuples(chunk, |mut row, id| {
                row.push_bind(id.0);
            })
            .push(" GROUP BY d.id")
            .build_query_as()
            .persistent(bulk::is_kept(chunk.len()))
            .fetch_all(conn)
            .await
        })
        .doing("looking up what briefs are about")?;
        let found = rows.into_iter().filter_map(Row::share);
        shares.extend(found.map(|(id, share)| (DeliveryId(id), share)));
    }
    Ok(shares)
}

/// The shares of what came in, by the lines of the ledger that came of it.
///
/// # Errors
/// When the database fails.
pub async fn of_received(
    tx: &mut Tx,
    scope: &Scope,
    received: &[InboxId],
) -> Result<HashMap<InboxId, Share>, StoreError> {
    let mut shares = HashMap::new();
    for chunk in received.chunks(bulk::ROWS) {
        let rows: Vec<Row<String>> = on!(tx, conn => {
            let mut sql = QueryBuilder::new("SELECT e.source AS message, count(*) AS all_items, count(CASE WHEN 1 = 1");
            within!(sql, scope, "s.plan", "s.task", "s.agency");
            sql.push(
                " THEN 1 END) AS within FROM events e LEFT JOIN seals s ON s.event = e.id WHERE e.source IN ",
            )
            .push_tuples(chunk, |mut row, id| {
                row.push_bind(id.source());
            })
            .push(" GROUP BY e.source")
            .build_query_as()
            .persistent(bulk::is_kept(chunk.len()))
            .fetch_all(conn)
            .await
        })
        .doing("looking up what came of received messages")?;
        let found = rows.into_iter().filter_map(Row::share);
        shares.extend(found.filter_map(|(source, share)| {
            let id = source.strip_prefix("inbox:")?.parse().ok()?;
            Some((InboxId(id), share))
        }));
    }
    Ok(shares)
}

/// What came in from people of an agency and led to no line of the ledger: what nobody understood is evidence, too. Left
/// out is what comes from an address that people of several agencies have, and what comes from somebody who has spoken
/// for another agency.
///
/// # Errors
/// When the database fails.
pub async fn unrecorded_of(
    tx: &mut Tx,
    agency: &AgencyCode,
    received: &[InboxId],
) -> Result<Vec<InboxId>, StoreError> {
    let mut found = Vec::new();
    for chunk in received.chunks(bulk::ROWS) {
        let ids: Vec<(i64,)> = on!(tx, conn => {
            QueryBuilder::new("SELECT DISTINCT i.id FROM inbox i JOIN addresses a ON a.channel = i.channel AND a.address = i.sender ")
                .push("JOIN contacts c ON c.id = a.contact WHERE c.agency = ")
                .push_bind(agency.as_str())
                .push(
                    " AND NOT EXISTS (SELECT 1 FROM events e WHERE e.source = 'inbox:' || i.id) \
                     AND NOT EXISTS (SELECT 1 FROM addresses b JOIN contacts o ON o.id = b.contact \
                         WHERE b.channel = i.channel AND b.address = i.sender AND o.agency <> c.agency) \
                     AND NOT EXISTS (SELECT 1 FROM events e JOIN seals s ON s.event = e.id \
                         WHERE e.actor = 'contact:' || c.id AND s.agency <> c.agency) AND i.id IN ",
                )
                .push_tuples(chunk, |mut row, id| {
                    row.push_bind(id.0);
                })
                .build_query_as()
                .persistent(bulk::is_kept(chunk.len()))
                .fetch_all(conn)
                .await
        })
        .doing(format_args!("looking up what {agency} sent"))?;
        found.extend(ids.into_iter().map(|(id,)| InboxId(id)));
    }
    Ok(found)
}

/// Those of these obligations that lie within the scope.
///
/// # Errors
/// When the database fails.
pub async fn of_obligations(
    tx: &mut Tx,
    scope: &Scope,
    obligations: &[ObligationId],
) -> Result<Vec<ObligationId>, StoreError> {
    let mut found = Vec::new();
    for chunk in obligations.chunks(bulk::ROWS) {
        let ids: Vec<(i64,)> = on!(tx, conn => {
            let mut sql = QueryBuilder::new("SELECT id FROM obligations o WHERE 1 = 1");
            within!(sql, scope, "o.plan", "o.task", "o.agency");
            sql.push(" AND id IN ")
                .push_tuples(chunk, |mut row, id| {
                    row.push_bind(id.0);
                })
                .build_query_as()
                .persistent(bulk::is_kept(chunk.len()))
                .fetch_all(conn)
                .await
        })
        .doing("looking up obligations")?;
        found.extend(ids.into_iter().map(|(id,)| ObligationId(id)));
    }
    Ok(found)
}
