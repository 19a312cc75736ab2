//! Everything that is known of an agency, a task or a plan, as files: what was owed, said, decided, told and answered.
//!
//! What is handed to one agency says nothing of another: the words of a message that is about both stay out of it.

mod error;
mod folder;
mod forms;
mod ledger;
mod manifest;
mod messages;
mod obligations;
mod person;
mod replies;
mod sheets;

use std::collections::HashMap;
use std::path::Path;

use chrono::{DateTime, NaiveDate, Utc};

pub use error::ExportError;
use folder::NewFolder;
pub use manifest::Exported;
pub use person::{ExportedPerson, export_person};
use sheets::Sheets;

use super::setup::Setup;
use crate::clock::local;
use crate::domain::ids::{ObligationId, PlanId};
use crate::store::plans::LoadedPlan;
pub use crate::store::shares::Scope;
use crate::store::{Db, Tx, contacts, fetched, obligations as stored, plans};

/// How many rows are read at once.
const PAGE: u32 = 500;

/// What the parts of an export write with.
struct Writing<'a> {
    tx: Tx,
    scope: &'a Scope,
    folder: NewFolder,
    sheets: Sheets<'a>,
    setup: &'a Setup,
    /// The last day that counts.
    today: NaiveDate,
    /// The hashes of files that were fetched.
    known: HashMap<String, String>,
    /// What those were later that were others when they were fetched again.
    later: HashMap<String, Vec<String>>,
    /// How many files nobody has ever fetched.
    unfetched: u64,
}

/// Writes all that lies within the scope, as of one moment, into a new folder: it is there when it is whole, or not at all.
///
/// # Errors
/// When there is nothing within the scope, the folder exists, or the database or the disk fails.
pub async fn export(
    db: &Db,
    setup: &Setup,
    scope: &Scope,
    folder: &Path,
    now: DateTime<Utc>,
) -> Result<Exported, ExportError> {
    let mut tx = db.snapshot().await?;
    let plans = plans::list(&mut tx).await?;
    let scope = &narrowed(scope, &plans);
    let first = stored::list_after(&mut tx, scope, ObligationId(0), 1).await?;
    if first.is_empty() {
        return Err(ExportError::Nothing);
    }
    let known = fetched::hashes(&mut tx).await?;
    let later = fetched::later_hashes(&mut tx).await?;
    let people = contacts::list(&mut tx).await?;
    let people = people.into_iter().map(|one| one.contact);
    let mut writing = Writing {
        tx,
        scope,
        folder: NewFolder::begin(folder)?,
        sheets: Sheets::new(setup, people),
        setup,
        today: local(now).date(),
        known,
        later,
        unfetched: 0,
    };
    let mut files = vec![writing.obligations().await?];
    let (ledger, chains) = writing.ledger(&plans).await?;
    files.extend(ledger);
    files.push(writing.messages().await?);
    files.push(writing.replies().await?);
    let Writing {
        folder: new,
        sheets,
        unfetched,
        ..
    } = writing;
    files.push(sheets.write(&new, now)?);
    let exported = Exported {
        at: now,
        scope: scope.clone(),
        plans: chains,
        files,
        unfetched,
    };
    exported.write(&new)?;
    new.publish()?;
    Ok(exported)
}

/// The only plan there is needs no name: with it, also what is about no obligation lies within the scope.
fn narrowed(scope: &Scope, plans: &[LoadedPlan]) -> Scope {
    let is_only = |id: &PlanId| matches!(plans, [only] if only.id == *id);
    Scope {
        plan: scope.plan.clone().filter(|id| !is_only(id)),
        ..scope.clone()
    }
}

/// An instant as RFC 3339 at the hour of Vietnam.
fn written(at: DateTime<Utc>) -> String {
    format!("{}+07:00", local(at).format("%Y-%m-%dT%H:%M:%S"))
}
