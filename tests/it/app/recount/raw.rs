//! What the raw lines of a ledger make of what is owed, read by nothing of the program's own.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use dondoc::clock::local;
use dondoc::domain::ids::ObligationId;
use dondoc::domain::obligation::{Obligation, Standing};
use dondoc::store::events::{self, Told};
use dondoc::store::obligations::{self, Filter};
use serde_json::Value;

use crate::app::stage::{Stage, day};

/// An obligation, from the plan and the lines alone.
#[derive(Clone, Default)]
pub(super) struct Owed {
    pub(super) state: String,
    pub(super) due_on: Option<NaiveDate>,
    /// The day that the plan gives, documents included; another `due_on` is an extension.
    pub(super) plan_due_on: Option<NaiveDate>,
    pub(super) done_on: Option<NaiveDate>,
    pub(super) pending: Option<String>,
    /// Whether anything was heard, and whether that was a difficulty.
    pub(super) heard: Option<bool>,
    /// The days on which a difficulty was reported.
    pub(super) blocked_on: Vec<NaiveDate>,
}

fn text_of(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn day_of(value: &Value) -> Option<NaiveDate> {
    value.as_str().map(day)
}

impl Owed {
    /// Takes the state, the completion and what is waited for from one of the payload's own accounts of them.
    fn stand(&mut self, account: &Value) {
        account["state"]
            .as_str()
            .unwrap()
            .clone_into(&mut self.state);
        self.done_on = day_of(&account["done_on"]);
        self.pending = text_of(&account["pending"]);
    }

    fn open(&mut self) {
        "open".clone_into(&mut self.state);
        (self.done_on, self.pending) = (None, None);
    }

    fn read(&mut self, kind: &str, payload: &Value) {
        let amended = &payload["amended"]["now"];
        match kind {
            "done" if payload["after"].is_null() => {
                "done".clone_into(&mut self.state);
                self.done_on = day_of(&payload["done_on"]);
            }
            "done" | "progress" | "blocked" | "extension-asked" => {
                self.stand(&payload["after"]);
                self.heard = Some(kind == "blocked");
            }
            "extended" => {
                self.open();
                self.due_on = day_of(&payload["resolved"]["extended"]["due_on"]);
            }
            "extension-refused" | "returned" => self.open(),
            "due-amended" | "suspended" | "resumed" | "cancelled" | "transferred" | "received"
            | "amendment-revoked" => {
                self.stand(amended);
                let due_on = day_of(&amended["due_on"]);
                if due_on != self.due_on {
                    (self.due_on, self.plan_due_on) = (due_on, due_on);
                }
            }
            other => panic!("{other} is not counted: {payload}"),
        }
    }

    /// Whether it is neither held nor ended, and its event has come.
    pub(super) fn is_live(&self) -> bool {
        ["open", "done"].contains(&self.state.as_str())
    }

    pub(super) fn is_open(&self) -> bool {
        self.state == "open"
    }

    /// Whether an extension or a completion waits for a decision.
    pub(super) fn waits(&self) -> bool {
        let pending = self.pending.as_deref();
        self.is_open() && matches!(pending, Some("extension" | "acceptance"))
    }

    /// Whether it is late as it is told on the morning after `until`.
    pub(super) fn is_late(&self, until: NaiveDate) -> bool {
        self.word(until + Days::new(1)) == Some(Standing::OpenLate)
    }

    /// The official word as it is told on `until`. Nothing is claimed here that waits.
    pub(super) fn word(&self, until: NaiveDate) -> Option<Standing> {
        let due_on = self.due_on?;
        match self.state.as_str() {
            "done" if self.done_on.unwrap() <= due_on => Some(Standing::DoneOnTime),
            "done" => Some(Standing::DoneLate),
            "open" if due_on < until && self.waits() => Some(Standing::Waiting),
            "open" if due_on < until => Some(Standing::OpenLate),
            "open" => Some(Standing::OpenOnTime),
            _ => None,
        }
    }
}

/// All that is owed, as the lines up to a day leave it.
pub(super) struct Recount {
    pub(super) rows: Vec<Obligation>,
    lines: Vec<Told>,
    /// What the plan's own rows and cells gave each of them to begin with.
    begun: HashMap<ObligationId, Owed>,
}

impl Recount {
    pub(super) async fn of(stage: &Stage) -> Self {
        let deliverer = &stage.daemon.deliverer;
        let plan = &deliverer.setup.charges[0].plan;
        let mut tx = deliverer.db.snapshot().await.unwrap();
        let rows = obligations::list(&mut tx, &Filter::default())
            .await
            .unwrap();
        let mut lines = Vec::new();
        events::each_of_plan(&mut tx, &plan.id, |line| lines.push(line))
            .await
            .unwrap();
        lines.retain(|line| line.obligation.is_some());
        let begun = rows.iter().map(|row| {
            let task = plan.tasks.iter().find(|one| one.id == row.milestone.task);
            let task = task.unwrap();
            let milestones = task.milestones.iter();
            let milestone = milestones
                .filter(|one| one.id == row.milestone)
                .collect::<Vec<_>>()[0];
            let leads = task.agencies.contains(&row.agency);
            let due_on = milestone.due_on.filter(|_| leads);
            let state = match milestone.due_on {
                Some(_) if leads => "open",
                // What another agency gives up comes into being with the line that says so.
                Some(_) => "asleep",
                None => row.state.as_str(),
            };
            let owed = Owed {
                state: state.to_owned(),
                due_on,
                plan_due_on: due_on,
                ..Owed::default()
            };
            (row.id, owed)
        });
        let begun = begun.collect();
        Self { rows, lines, begun }
    }

    pub(super) fn at(&self, until: NaiveDate) -> HashMap<ObligationId, Owed> {
        let mut owed = self.begun.clone();
        for line in &self.lines {
            if local(line.at).date() <= until {
                let payload: Value = serde_json::from_str(&line.payload).unwrap();
                let one = owed.get_mut(&line.obligation.unwrap()).unwrap();
                one.read(&line.kind, &payload);
                if line.kind == "blocked" {
                    one.blocked_on.push(local(line.at).date());
                }
            }
        }
        owed
    }

    pub(super) fn kinds(&self) -> Vec<&str> {
        let mut kinds: Vec<&str> = self.lines.iter().map(|line| line.kind.as_str()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }
}
