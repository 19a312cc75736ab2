//! What stands in the database at the end: what the operator sees.

use chrono::NaiveDate;
use dondoc::clock::local;
use dondoc::domain::ids::ContactId;
use dondoc::store::Db;
use dondoc::store::deliveries::{self, Delivery, DeliveryKind, Filter};
use sqlx::FromRow;

use crate::support::db::rows;

/// A brief, whatever became of it.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct Brief {
    pub(crate) contact: String,
    pub(crate) day: NaiveDate,
    pub(crate) unreachable: Option<String>,
    pub(crate) parked: Option<String>,
}

/// An attempt to send.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct Attempt {
    pub(crate) delivery: i64,
    pub(crate) number: i64,
    pub(crate) outcome: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) provider_id: Option<String>,
}

/// What somebody wrote, and what became of it.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct Heard {
    pub(crate) id: i64,
    pub(crate) channel: String,
    pub(crate) external_id: String,
    pub(crate) state: String,
    pub(crate) outcome: Option<String>,
}

/// All of it.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) briefs: Vec<Brief>,
    /// Those of briefs and digests, in the order in which they were queued.
    pub(crate) deliveries: Vec<Delivery>,
    /// Those that answer what somebody wrote.
    pub(crate) answers: Vec<Delivery>,
    /// What somebody wrote.
    pub(crate) heard: Vec<Heard>,
    /// Where each line of the ledger that tells of an obligation comes from.
    pub(crate) sources: Vec<Option<String>>,
    pub(crate) attempts: Vec<Attempt>,
}

impl Record {
    pub(crate) async fn of(db: &Db) -> Self {
        let mut tx = db.snapshot().await.unwrap();
        let mut found = deliveries::list(&mut tx, &Filter::default(), 1_000_000)
            .await
            .unwrap();
        drop(tx);
        found.sort_by_key(|one| one.id);
        let is_unasked =
            |one: &Delivery| matches!(one.message.kind, DeliveryKind::Brief | DeliveryKind::Digest);
        let (found, answers) = found.into_iter().partition(is_unasked);
        let sources: Vec<(Option<String>,)> = rows(
            db,
            "SELECT source FROM events WHERE obligation IS NOT NULL ORDER BY id",
        )
        .await;
        Self {
            briefs: rows(db, "SELECT contact, day, unreachable, parked FROM briefs ORDER BY day, contact").await,
            deliveries: found,
            answers,
            heard: rows(
                db,
                "SELECT id, channel, external_id, state, outcome FROM inbox ORDER BY id",
            )
            .await,
            sources: sources.into_iter().map(|(source,)| source).collect(),
            attempts: rows(
                db,
                "SELECT delivery, number, outcome, reason, provider_id FROM attempts ORDER BY delivery, number",
            )
            .await,
        }
    }

    /// What carries the brief of this person and day, in the order of the channels that were tried.
    pub(crate) fn carriers(&self, contact: &ContactId, day: NaiveDate) -> Vec<&Delivery> {
        let all = self.deliveries.iter();
        all.filter(|one| {
            one.message.contact.as_ref() == Some(contact) && one.message.brief_day == Some(day)
        })
        .collect()
    }

    /// The digests that were queued on `day`, by whatever channel.
    pub(crate) fn digests_on(&self, day: NaiveDate) -> impl Iterator<Item = &Delivery> {
        self.deliveries.iter().filter(move |one| {
            one.message.kind == DeliveryKind::Digest && local(one.created_at).date() == day
        })
    }

    /// Whatever left, or was to.
    pub(crate) fn everything(&self) -> impl Iterator<Item = &Delivery> {
        self.deliveries.iter().chain(&self.answers)
    }

    pub(crate) fn attempts_of(&self, delivery: &Delivery) -> impl Iterator<Item = &Attempt> {
        self.attempts
            .iter()
            .filter(|one| one.delivery == delivery.id.0)
    }
}
