//! Who is away, and who stands in.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{query, query_as};

use super::Tx;
use super::error::{Doing, StoreError};
use crate::domain::absence::Absence;
use crate::domain::ids::ContactId;

/// Notes an absence.
///
/// # Errors
/// When the database fails, or knows no such contact.
pub async fn insert(tx: &mut Tx, absence: &Absence, now: DateTime<Utc>) -> Result<(), StoreError> {
    on!(tx, conn => {
        query("INSERT INTO absences (contact, from_day, to_day, deputy, created_at) VALUES ($1, $2, $3, $4, $5)")
            .bind(absence.contact.as_str())
            .bind(absence.from)
            .bind(absence.to)
            .bind(absence.deputy.as_ref().map(ContactId::as_str))
            .bind(now)
            .execute(conn)
            .await
            .map(drop)
    })
    .doing(format_args!("noting that {} is away", absence.contact))
}

/// The absences that end on `since` or later, in the order in which they were said.
///
/// # Errors
/// When the database fails.
pub async fn list(tx: &mut Tx, since: NaiveDate) -> Result<Vec<Absence>, StoreError> {
    let rows: Vec<(String, NaiveDate, NaiveDate, Option<String>)> = on!(tx, conn => {
        query_as("SELECT contact, from_day, to_day, deputy FROM absences WHERE to_day >= $1 ORDER BY id")
            .bind(since)
            .fetch_all(conn)
            .await
    })
    .doing("listing who is away")?;
    let absence =
        |(contact, from, to, deputy): (String, NaiveDate, NaiveDate, Option<String>)| Absence {
            contact: ContactId::new(contact),
            from,
            to,
            deputy: deputy.map(ContactId::new),
        };
    Ok(rows.into_iter().map(absence).collect())
}

/// Takes back those absences of the contact of `by` that it overlaps. Of one that began earlier the days before stay; its later
/// days do not: the last word says until when. Gives those that overlapped, as they were.
///
/// # Errors
/// When the database fails.
pub async fn replace(tx: &mut Tx, by: &Absence) -> Result<Vec<Absence>, StoreError> {
    let overlapped: Vec<Absence> = list(tx, by.from)
        .await?
        .into_iter()
        .filter(|one| one.contact == by.contact && one.shared_with(by).is_some())
        .collect();
    let doing = format!("replacing earlier absences of {}", by.contact);
    on!(tx, conn => {
        query("DELETE FROM absences WHERE contact = $1 AND from_day >= $2 AND from_day <= $3")
            .bind(by.contact.as_str())
            .bind(by.from)
            .bind(by.to)
            .execute(conn)
            .await
            .map(drop)
    })
    .doing(&doing)?;
    on!(tx, conn => {
        query("UPDATE absences SET to_day = $3 WHERE contact = $1 AND from_day < $2 AND to_day >= $2")
            .bind(by.contact.as_str())
            .bind(by.from)
            .bind(by.from.pred_opt().unwrap_or(by.from))
            .execute(conn)
            .await
            .map(drop)
    })
    .doing(&doing)?;
    Ok(overlapped)
}

/// Ends the absences of a contact on the day before `day`; those that had not begun by then are forgotten. Gives how many.
///
/// # Errors
/// When the database fails.
pub async fn end(tx: &mut Tx, contact: &ContactId, day: NaiveDate) -> Result<u64, StoreError> {
    let yesterday = day.pred_opt().unwrap_or(day);
    let doing = format!("noting that {contact} is back");
    let forgotten = on!(tx, conn => {
        query("DELETE FROM absences WHERE contact = $1 AND from_day >= $2")
            .bind(contact.as_str())
            .bind(day)
            .execute(conn)
            .await
            .map(|done| done.rows_affected())
    })
    .doing(&doing)?;
    let ended = on!(tx, conn => {
        query("UPDATE absences SET to_day = $3 WHERE contact = $1 AND to_day >= $2")
            .bind(contact.as_str())
            .bind(day)
            .bind(yesterday)
            .execute(conn)
            .await
            .map(|done| done.rows_affected())
    })
    .doing(&doing)?;
    Ok(forgotten + ended)
}
