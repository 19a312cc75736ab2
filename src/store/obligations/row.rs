//! An obligation as columns.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::NaiveDate;
use serde::Deserialize;

use crate::domain::ids::{AgencyCode, MilestoneId, ObligationId, PlanId, TaskId};
use crate::domain::obligation::{Obligation, Pending, State, Watch};
use crate::domain::plan::MilestoneKind;
use crate::store::bulk::{self, Packed};
use crate::store::error::StoreError;
use crate::store::words::{Cell, find_kind, find_state};

/// An obligation as a plan gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewObligation {
    /// Its plan.
    pub plan: PlanId,
    /// Its milestone.
    pub milestone: MilestoneId,
    /// Who owes it.
    pub agency: AgencyCode,
    /// Kind of its milestone.
    pub kind: MilestoneKind,
    /// First day of its window.
    pub opens_on: Option<NaiveDate>,
    /// Last compliant day.
    pub due_on: Option<NaiveDate>,
    /// Last working day not after `due_on`.
    pub act_by: Option<NaiveDate>,
    /// Where it starts: open, or asleep until its event.
    pub state: State,
    /// The day on which the planner must look at it first.
    pub next_rung_on: Option<NaiveDate>,
}

/// The columns of [`Row`], of the table called `o`.
pub(super) const COLUMNS: &str = "o.id, o.plan, o.task, o.milestone, o.agency, o.kind, o.opens_on, o.due_on, \
     o.original_due_on, o.act_by, o.state, o.done_on, o.pending, o.snoozed_until, o.taken_from, \
     o.watched_from, o.settle_by";

/// An obligation as the database has it.
#[derive(Deserialize)]
pub(super) struct Row {
    id: i64,
    plan: String,
    task: String,
    milestone: i64,
    agency: String,
    kind: String,
    opens_on: Option<NaiveDate>,
    due_on: Option<NaiveDate>,
    original_due_on: Option<NaiveDate>,
    act_by: Option<NaiveDate>,
    state: String,
    done_on: Option<NaiveDate>,
    pending: Option<String>,
    snoozed_until: Option<NaiveDate>,
    taken_from: Option<String>,
    watched_from: Option<NaiveDate>,
    settle_by: Option<NaiveDate>,
}

/// Rows as obligations, of which equal names share their text: those of a nation name a hundred tasks and some thousand
/// agencies.
#[derive(Default)]
pub(super) struct Reading {
    names: HashSet<Arc<str>>,
}

impl Reading {
    fn name(&mut self, name: String) -> Arc<str> {
        if let Some(known) = self.names.get(name.as_str()) {
            return Arc::clone(known);
        }
        let name: Arc<str> = name.into();
        self.names.insert(Arc::clone(&name));
        name
    }

    /// The next row.
    ///
    /// # Errors
    /// When it makes no sense.
    pub(super) fn read(&mut self, row: Row) -> Result<Obligation, StoreError> {
        let cell = |column| Cell {
            table: "obligations",
            row: &row.id,
            column,
        };
        let number = cell("milestone").read(
            &row.milestone.to_string(),
            u16::try_from(row.milestone).ok(),
        )?;
        let pending = row.pending.as_deref();
        Ok(Obligation {
            pending: pending
                .map(|word| cell("pending").read(word, Pending::find(word)))
                .transpose()?,
            snoozed_until: row.snoozed_until,
            id: ObligationId(row.id),
            kind: cell("kind").read(&row.kind, find_kind(&row.kind))?,
            state: cell("state").read(&row.state, find_state(&row.state))?,
            plan: PlanId::new(self.name(row.plan)),
            milestone: MilestoneId {
                task: TaskId::new(self.name(row.task)),
                number,
            },
            agency: AgencyCode::new(self.name(row.agency)),
            opens_on: row.opens_on,
            due_on: row.due_on,
            original_due_on: row.original_due_on,
            act_by: row.act_by,
            done_on: row.done_on,
            taken_from: row.taken_from.map(|code| AgencyCode::new(self.name(code))),
            watch: row
                .watched_from
                .zip(row.settle_by)
                .map(|(since, settle_by)| Watch { since, settle_by }),
        })
    }
}

/// Reads rows, or fails on the first that makes no sense.
pub(super) fn obligations(
    rows: impl IntoIterator<Item = Row>,
) -> Result<Vec<Obligation>, StoreError> {
    let mut reading = Reading::default();
    rows.into_iter().map(|row| reading.read(row)).collect()
}

/// The same of the rows of [`Tx::rows_as_one`].
pub(super) fn obligations_of(rows: &str) -> Result<Vec<Obligation>, StoreError> {
    obligations(bulk::rows::<Row>("obligations", rows)?)
}

/// The same of the rows of [`Tx::packed`].
pub(super) fn unpacked(rows: Vec<Packed<Row>>) -> Result<Vec<Obligation>, StoreError> {
    obligations(rows.into_iter().map(|Packed(row)| row))
}
