//! Obligations as they stood at the end of a day: of a past day the ledger tells, never the row, which knows only how things
//! stand now.

use chrono::NaiveDate;

use super::AppError;
use super::ledger::Entries;
use super::setup::Setup;
use crate::domain::calendar::Calendar;
use crate::domain::history::{Entry, Standing as Stands, Stood, at_end_of, first_day_of};
use crate::domain::ids::ObligationId;
use crate::domain::obligation::{Obligation, Standing};
use crate::store::obligations::{self, Filter};
use crate::store::{Db, Tx};

/// An obligation at the end of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AsOf {
    /// With the state, the days and what it waited for of that day.
    pub obligation: Obligation,
    /// How it stood.
    pub stands: Stands,
    /// The official word on that day.
    pub word: Option<Standing>,
    /// Working days late on that day.
    pub days_late: i64,
}

impl AsOf {
    /// How `one` stood at the end of `day`, after those of its lines that were there by then.
    pub(super) fn new(
        one: &Obligation,
        entries: &[Entry],
        day: NaiveDate,
        calendar: &Calendar,
    ) -> Self {
        let mut stands = at_end_of(one, entries, day);
        let obligation = if entries.iter().any(|entry| entry.on > day) {
            let act_by = stands.due_on.map(|due| calendar.working_day_not_after(due));
            Obligation {
                state: stands.stood.state,
                done_on: stands.stood.done_on,
                pending: stands.stood.pending,
                due_on: stands.due_on,
                original_due_on: first_day_of(one, entries, day),
                act_by: stands.act_by.or(act_by),
                // Of a reminder that was put off, the ledger does not say until when.
                snoozed_until: None,
                ..one.clone()
            }
        } else {
            stands.stood = Stood {
                state: one.state,
                done_on: one.done_on,
                pending: one.pending,
            };
            stands.due_on = one.due_on;
            one.clone()
        };
        Self {
            obligation,
            word: stands.word(day),
            days_late: stands.days_late(day, calendar),
            stands,
        }
    }

    /// Until when more time was asked for, where that waited.
    #[must_use]
    pub fn wanted(&self) -> Option<NaiveDate> {
        self.stands.wished_until()
    }

    /// The day of what waited: that one, or that of the completion that was claimed.
    #[must_use]
    pub fn asked(&self) -> Option<NaiveDate> {
        self.stands.day_asked()
    }
}

/// Lists obligations by their due day of now, each as it stood at the end of `day`; what was brought in or given away later was
/// not there.
///
/// # Errors
/// When the database fails.
pub async fn list_as_of(
    db: &Db,
    setup: &Setup,
    filter: &Filter,
    day: NaiveDate,
) -> Result<Vec<AsOf>, AppError> {
    let mut tx = db.snapshot().await?;
    let rows = obligations::list(&mut tx, filter).await?;
    let mut found = as_of(&mut tx, &rows, day, &setup.calendar).await?;
    found.retain(|one| !one.stands.is_ahead);
    Ok(found)
}

/// These obligations, each as it stood at the end of `day`.
pub(super) async fn as_of(
    tx: &mut Tx,
    rows: &[Obligation],
    day: NaiveDate,
    calendar: &Calendar,
) -> Result<Vec<AsOf>, AppError> {
    let ids: Vec<ObligationId> = rows.iter().map(|one| one.id).collect();
    let entries = Entries::of_obligations(tx, &ids).await?;
    let stood = |one: &Obligation| AsOf::new(one, entries.of(one.id), day, calendar);
    Ok(rows.iter().map(stood).collect())
}
