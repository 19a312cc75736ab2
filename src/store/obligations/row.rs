//! An obligation as columns.

use std::collections::HashSet;
use std::ops::Deref;
use std::sync::Arc;

use chrono::NaiveDate;
use serde::Deserialize;

use crate::domain::ids::{AgencyCode, MilestoneId, ObligationId, PlanId, TaskId};
use crate::domain::obligation::{Obligation, Pending, State, Watch};
use crate::domain::plan::MilestoneKind;
use crate::store::bulk::{self, Packed};
use crate::store::error::StoreError;
use crate::store::words::{Cell, find_kind, find_state};
use crate::store::written::{Day, Text};

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

/// An obligation as the database has it, with texts of that type.
#[derive(Deserialize)]
pub(super) struct Row<T = String> {
    id: i64,
    plan: T,
    task: T,
    milestone: i64,
    agency: T,
    kind: T,
    opens_on: Option<Day>,
    due_on: Option<Day>,
    original_due_on: Option<Day>,
    act_by: Option<Day>,
    state: T,
    done_on: Option<Day>,
    pending: Option<T>,
    snoozed_until: Option<Day>,
    taken_from: Option<T>,
    watched_from: Option<Day>,
    settle_by: Option<Day>,
}

/// Rows as obligations, of which equal names share their text: those of a nation name a hundred tasks and some thousand
/// agencies.
#[derive(Default)]
pub(super) struct Reading {
    names: HashSet<Arc<str>>,
    /// Of the row before: those of a plan, and of a task, stand together.
    plan: Arc<str>,
    task: Arc<str>,
}

impl Reading {
    fn name(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.names.get(name) {
            return Arc::clone(known);
        }
        let name: Arc<str> = name.into();
        self.names.insert(Arc::clone(&name));
        name
    }

    fn plan(&mut self, name: &str) -> PlanId {
        if *self.plan != *name {
            self.plan = self.name(name);
        }
        PlanId::new(Arc::clone(&self.plan))
    }

    fn task(&mut self, name: &str) -> TaskId {
        if *self.task != *name {
            self.task = self.name(name);
        }
        TaskId::new(Arc::clone(&self.task))
    }

    /// The next row.
    ///
    /// # Errors
    /// When it makes no sense.
    pub(super) fn read<T: Deref<Target = str>>(
        &mut self,
        row: Row<T>,
    ) -> Result<Obligation, StoreError> {
        let cell = |column| Cell {
            table: "obligations",
            row: &row.id,
            column,
        };
        let number = match u16::try_from(row.milestone) {
            Ok(number) => number,
            Err(_) => cell("milestone").read(&row.milestone.to_string(), None)?,
        };
        let pending = row.pending.as_deref();
        let day = |written: Option<Day>| written.map(NaiveDate::from);
        Ok(Obligation {
            pending: pending
                .map(|word| cell("pending").read(word, Pending::find(word)))
                .transpose()?,
            snoozed_until: day(row.snoozed_until),
            id: ObligationId(row.id),
            kind: cell("kind").read(&row.kind, find_kind(&row.kind))?,
            state: cell("state").read(&row.state, find_state(&row.state))?,
            plan: self.plan(&row.plan),
            milestone: MilestoneId {
                task: self.task(&row.task),
                number,
            },
            agency: AgencyCode::new(self.name(&row.agency)),
            opens_on: day(row.opens_on),
            due_on: day(row.due_on),
            original_due_on: day(row.original_due_on),
            act_by: day(row.act_by),
            done_on: day(row.done_on),
            taken_from: row.taken_from.map(|code| AgencyCode::new(self.name(&code))),
            watch: day(row.watched_from)
                .zip(day(row.settle_by))
                .map(|(since, settle_by)| Watch { since, settle_by }),
        })
    }
}

/// Reads rows, or fails on the first that makes no sense.
pub(super) fn obligations<T: Deref<Target = str>>(
    rows: impl IntoIterator<Item = Row<T>>,
) -> Result<Vec<Obligation>, StoreError> {
    let mut reading = Reading::default();
    rows.into_iter().map(|row| reading.read(row)).collect()
}

/// The same of the rows of [`Tx::rows_as_one`].
pub(super) fn obligations_of(rows: &str) -> Result<Vec<Obligation>, StoreError> {
    obligations(bulk::rows::<Row<Text<'_>>>("obligations", rows)?)
}

/// The same of the rows of [`Tx::packed`].
pub(super) fn unpacked(rows: Vec<Packed<Row>>) -> Result<Vec<Obligation>, StoreError> {
    obligations(rows.into_iter().map(|Packed(row)| row))
}
