//! The outbox in the hands of an operator: what needs a person, the story of one message, another try, an end.

mod act;
mod show;

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

pub use act::{Again, Retried, Why, cancel, retry};
pub use show::{Item, Story, show};

use super::AppError;
use crate::domain::ids::ContactId;
pub use crate::store::attempts::Attempt;
pub use crate::store::deliveries::{Delivery, DeliveryId, DeliveryState};
pub use crate::store::outbox::{Listed, Only};
pub use crate::store::parked::Silent;
use crate::store::{Db, outbox};

/// What has waited for so long needs a person.
const LONG: TimeDelta = TimeDelta::hours(1);

/// One entry of the outbox: a delivery by its number, or a brief that has none by its person and day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// `4711`.
    Delivery(DeliveryId),
    /// `stp.officer/2020-03-26`.
    Brief(ContactId, NaiveDate),
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Delivery(id) => write!(f, "{id}"),
            Self::Brief(contact, day) => write!(f, "{contact}/{day}"),
        }
    }
}

impl FromStr for Entry {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(number) = text.parse() {
            return Ok(Self::Delivery(DeliveryId(number)));
        }
        let brief = text.rsplit_once('/').and_then(|(contact, day)| {
            let day = day.parse().ok().filter(|_| !contact.is_empty())?;
            Some(Self::Brief(ContactId::new(contact), day))
        });
        brief.ok_or_else(|| {
            format!("`{text}` is neither a number nor a brief: write 4711, or stp.officer/2020-03-26, as `dondoc outbox list` does")
        })
    }
}

/// How an entry is called.
#[must_use]
pub fn name_of(row: &Listed) -> String {
    match (row.id, &row.contact, row.brief_day) {
        (Some(id), ..) => id.to_string(),
        (None, Some(contact), Some(day)) => format!("{contact}/{day}"),
        _ => String::new(),
    }
}

/// What waits too long as of `now` counts as in need of a person.
#[must_use]
pub fn in_trouble(only: Only, now: DateTime<Utc>) -> Only {
    Only {
        troubled_since: Some(now - LONG),
        ..only
    }
}

/// The entries that pass, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &Db, only: &Only, limit: u32) -> Result<Vec<Listed>, AppError> {
    let mut tx = db.snapshot().await?;
    Ok(outbox::list_rows(&mut tx, only, limit).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_reads_as_it_is_written_and_anything_else_is_refused() {
        for text in ["4711", "stp.officer/2020-03-26"] {
            assert_eq!(text.parse::<Entry>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "x",
            "stp.officer",
            "/2020-03-26",
            "stp.officer/2020-02-30",
            "47 11",
        ] {
            assert!(text.parse::<Entry>().is_err(), "{text}");
        }
    }
}
