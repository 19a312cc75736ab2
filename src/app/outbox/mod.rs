//! The outbox in the hands of an operator: what needs a person, the story of one message, another try, an end.

mod act;
mod show;

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

pub use act::{Again, Retried, Why, cancel, retry};
pub use show::{Item, Story, show};

use super::AppError;
use super::caution::{Thing, fallen};
use crate::domain::ids::{ContactId, PlanId};
pub use crate::store::attempts::Attempt;
pub use crate::store::deliveries::{Delivery, DeliveryId, DeliveryState};
pub use crate::store::outbox::{Listed, Only};
pub use crate::store::parked::Silent;
use crate::store::{Db, Tx, in_hand, outbox};

/// What has waited for so long needs a person.
const LONG: TimeDelta = TimeDelta::hours(1);
/// How the name of a digest begins that was given up.
const DIGEST: &str = "digest/";

/// One entry of the outbox: a delivery by its number, a brief that has none by its person and day, or a digest that was given up by its
/// plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// `4711`.
    Delivery(DeliveryId),
    /// `stp.officer/2020-03-26`.
    Brief(ContactId, NaiveDate),
    /// `digest/cchc-2020`.
    Digest(PlanId),
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Delivery(id) => write!(f, "{id}"),
            Self::Brief(contact, day) => write!(f, "{contact}/{day}"),
            Self::Digest(plan) => write!(f, "{DIGEST}{plan}"),
        }
    }
}

impl FromStr for Entry {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(number) = text.parse() {
            return Ok(Self::Delivery(DeliveryId(number)));
        }
        if let Some(plan) = text.strip_prefix(DIGEST).filter(|plan| !plan.is_empty())
            && plan.parse::<NaiveDate>().is_err()
        {
            return Ok(Self::Digest(PlanId::from(plan)));
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
    match (row.id, &row.contact, row.brief_day, &row.plan) {
        (Some(id), ..) => id.to_string(),
        (None, Some(contact), Some(day), _) => format!("{contact}/{day}"),
        (.., Some(plan)) => format!("{DIGEST}{plan}"),
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
    let mut rows = outbox::list_rows(&mut tx, only, limit).await?;
    let is_wanted = only.contact.is_none()
        && only.day.is_none()
        && only.state.as_deref().is_none_or(|state| state == "parked");
    if is_wanted {
        rows.extend(given_up_digests(&mut tx).await?);
        rows.sort_by_key(|row| std::cmp::Reverse((row.created_at, row.id)));
        rows.truncate(limit as usize);
    }
    Ok(rows)
}

/// The digests that are not made, because the program died over them again and again.
async fn given_up_digests(tx: &mut Tx) -> Result<Vec<Listed>, AppError> {
    let found = in_hand::list_given_up(tx, Thing::DIGESTS).await?;
    let listed = found.into_iter().map(|(what, since)| Listed {
        id: None,
        contact: None,
        kind: "digest".to_owned(),
        brief_day: None,
        channel: None,
        state: "parked".to_owned(),
        attempts: 0,
        claimable_at: None,
        reason: Some(fallen()),
        created_at: since,
        plan: what.strip_prefix(Thing::DIGESTS).map(str::to_owned),
    });
    Ok(listed.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_reads_as_it_is_written_and_anything_else_is_refused() {
        for text in ["4711", "stp.officer/2020-03-26", "digest/cchc-2020"] {
            assert_eq!(text.parse::<Entry>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "x",
            "stp.officer",
            "/2020-03-26",
            "stp.officer/2020-02-30",
            "47 11",
            "digest/",
        ] {
            assert!(text.parse::<Entry>().is_err(), "{text}");
        }
    }
}
