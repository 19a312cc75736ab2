//! What the bot asked somebody and waits for: at most one question for each contact and channel, for a day.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sqlx::{query, query_as};

use super::Tx;
use super::error::{Doing, StoreError};
use super::words::Cell;
use crate::domain::decide::Question;
use crate::domain::delivery::Channel;
use crate::domain::docket::Inquiry;
use crate::domain::ids::ContactId;

/// A question that waits for its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// What its buttons carry.
    pub token: String,
    /// What was asked.
    pub matter: Matter,
    /// When.
    pub asked_at: DateTime<Utc>,
}

/// What a question is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Matter {
    /// A report of the person's own agency.
    Report(Question),
    /// A case before the monitor.
    Docket(Inquiry),
    /// Who stands in for the person.
    Absence(StandInQuestion),
}

/// Who stands in while a person is away: asked before anything is redirected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandInQuestion {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// The numbered answers: a deputy, or the others; one more drops the matter.
    pub deputies: Vec<Option<ContactId>>,
}

impl Asked {
    /// The question, if it is about a report.
    #[must_use]
    pub fn report(&self) -> Option<&Question> {
        match &self.matter {
            Matter::Report(question) => Some(question),
            Matter::Docket(_) | Matter::Absence(_) => None,
        }
    }

    /// The question, if it is about a case before the monitor.
    #[must_use]
    pub fn inquiry(&self) -> Option<&Inquiry> {
        match &self.matter {
            Matter::Docket(inquiry) => Some(inquiry),
            Matter::Report(_) | Matter::Absence(_) => None,
        }
    }
}

/// Asks: whatever was asked before on this channel is forgotten.
///
/// # Errors
/// When the database fails.
pub async fn ask(
    tx: &mut Tx,
    contact: &ContactId,
    channel: Channel,
    asked: &Asked,
    expires_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    // A value made of strings, numbers and lists always has a JSON form.
    let payload = serde_json::to_string(&asked.matter).unwrap_or_default();
    on!(tx, conn => {
        query(
            "INSERT INTO questions (contact, channel, token, asked_at, expires_at, payload)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (contact, channel) DO UPDATE SET token = excluded.token, asked_at = excluded.asked_at,
                 expires_at = excluded.expires_at, payload = excluded.payload",
        )
        .bind(contact.as_str())
        .bind(channel.as_str())
        .bind(&asked.token)
        .bind(asked.asked_at)
        .bind(expires_at)
        .bind(payload)
        .execute(conn)
        .await
        .map(drop)
    })
    .doing(format_args!("noting a question to {contact}"))
}

/// The question that still waits at `now`.
///
/// # Errors
/// When the database fails, or the row makes no sense.
pub async fn find(
    tx: &mut Tx,
    contact: &ContactId,
    channel: Channel,
    now: DateTime<Utc>,
) -> Result<Option<Asked>, StoreError> {
    let row: Option<(String, String, DateTime<Utc>)> = on!(tx, conn => {
        query_as("SELECT token, payload, asked_at FROM questions WHERE contact = $1 AND channel = $2 AND expires_at > $3")
            .bind(contact.as_str())
            .bind(channel.as_str())
            .bind(now)
            .fetch_optional(conn)
            .await
    })
    .doing(format_args!("looking for a question to {contact}"))?;
    row.map(|(token, payload, asked_at)| {
        let cell = Cell {
            table: "questions",
            row: contact,
            column: "payload",
        };
        Ok(Asked {
            token,
            matter: cell.read(&payload, serde_json::from_str(&payload).ok())?,
            asked_at,
        })
    })
    .transpose()
}

/// Forgets the question: it was answered, or no longer matters.
///
/// # Errors
/// When the database fails.
pub async fn forget(tx: &mut Tx, contact: &ContactId, channel: Channel) -> Result<(), StoreError> {
    on!(tx, conn => {
        query("DELETE FROM questions WHERE contact = $1 AND channel = $2")
            .bind(contact.as_str())
            .bind(channel.as_str())
            .execute(conn)
            .await
            .map(drop)
    })
    .doing(format_args!("forgetting a question to {contact}"))
}
