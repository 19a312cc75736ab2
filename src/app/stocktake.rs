//! Taking stock of what was due before anybody could be reminded of it here: a table for the monitor to fill in, and what it says
//! then, recorded in one go or not at all.

mod remarks;

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};

use remarks::Remark;

use super::AppError;
use super::compose::named;
use super::record::{Record, Recorded, apply};
use super::resolve::actor;
use super::setup::{Charge, Setup};
use crate::domain::ids::{AgencyCode, ContactId, MilestoneId, ObligationId, TaskId};
use crate::domain::obligation::{Obligation, Pending, State};
use crate::files::nearest::did_you_mean;
use crate::files::{Problem, Said, Stocktake, StocktakeLine, StocktakeRow};
use crate::store::Db;
use crate::store::obligations::{self, Filter};

/// What was due before and is not known to be done, agency by agency; or only of one.
///
/// # Errors
/// When the database fails.
pub async fn list(
    db: &Db,
    setup: &Setup,
    agency: Option<&AgencyCode>,
) -> Result<Vec<StocktakeRow>, AppError> {
    let mut tx = db.snapshot().await?;
    let mut rows = Vec::new();
    for charge in &setup.charges {
        let filter = Filter {
            plan: Some(charge.plan.id.clone()),
            agency: agency.cloned(),
            state: Some(State::Open),
            ..Filter::default()
        };
        let mut found = obligations::list(&mut tx, &filter).await?;
        found.retain(|one| one.due_before().is_some() && charge.owes(one));
        let place = |code: &AgencyCode| {
            let mut agencies = charge.directory.agencies();
            agencies.position(|one| one.code == *code)
        };
        found.sort_by_cached_key(|one| (place(&one.agency), charge.place_of(&one.milestone)));
        rows.extend(found.iter().filter_map(|one| {
            Some(StocktakeRow {
                plan: charge.plan.number.clone(),
                task: one.milestone.to_string(),
                agency: one.agency.to_string(),
                name: charge.agency_name(&one.agency),
                content: named(charge, &one.milestone).1,
                due_on: one.due_on?,
            })
        }));
    }
    Ok(rows)
}

/// What a table came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// What was recorded as done, as it stands then.
    pub recorded: Vec<Obligation>,
    /// How much was recorded so before.
    pub already: usize,
    /// How much is said not to be done: its agency is asked on.
    pub open: usize,
    /// Of how much else a note or a document was recorded that is not in the ledger yet.
    pub noted: usize,
}

/// Whether what a table says is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It is recorded.
    Record,
    /// Only what would be recorded is told.
    DryRun,
}

/// A line, and what it is about.
struct Settled<'a> {
    charge: &'a Charge,
    obligation: Obligation,
    line: &'a StocktakeLine,
    on: NaiveDate,
    document: Option<String>,
}

/// Records what the table says is done, each as an event with its evidence, and what stands beside anything else, all in one
/// transaction.
///
/// # Errors
/// Every problem of every line, and nothing is recorded; whoever is named does not decide for the monitor; the database fails.
pub async fn take(
    db: &Db,
    setup: &Setup,
    table: Stocktake,
    by: Option<&ContactId>,
    today: NaiveDate,
    now: DateTime<Utc>,
    mode: Mode,
) -> Result<Taken, AppError> {
    let mut tx = db.begin().await?;
    let mut known: HashMap<Key, Vec<Obligation>> = HashMap::new();
    for charge in &setup.charges {
        let filter = Filter {
            plan: Some(charge.plan.id.clone()),
            ..Filter::default()
        };
        for one in obligations::list(&mut tx, &filter).await? {
            let key = (
                one.plan.clone(),
                one.milestone.task.clone(),
                one.agency.clone(),
            );
            known.entry(key).or_default().push(one);
        }
    }
    let mut taken = Taken::default();
    let mut problems = table.problems.clone();
    let mut settled: Vec<Settled<'_>> = Vec::new();
    let mut remarks: Vec<Remark<'_>> = Vec::new();
    let mut seen: HashMap<ObligationId, &StocktakeLine> = HashMap::new();
    for line in &table.lines {
        let found = find(setup, &known, line).and_then(|(charge, one)| {
            if is_told_twice(&mut seen, one.id, line)? {
                return Ok(Judged::Again);
            }
            judged(charge, one, line, today)
        });
        let mut note = |charge, obligation| {
            remarks.push(Remark {
                charge,
                obligation,
                line,
            });
        };
        match found {
            Ok(Judged::Done(one)) => settled.push(one),
            Ok(Judged::Again) => taken.already += 1,
            Ok(Judged::Already(charge, one)) => {
                taken.already += 1;
                note(charge, one);
            }
            Ok(Judged::Open(charge, one)) => {
                taken.open += 1;
                note(charge, one);
            }
            Ok(Judged::Unsaid(charge, one)) => note(charge, one),
            Err((problem, remedy)) => {
                let problem = table.problem(line.line, &line.task, problem, remedy);
                problems.errors.push(problem);
            }
        }
    }
    if !problems.is_fine() {
        problems.errors.sort_by_key(|one: &Problem| one.line);
        return Err(AppError::Table(problems));
    }
    let mut ids = Vec::with_capacity(settled.len());
    for one in settled {
        let Settled {
            charge,
            obligation,
            line,
            on,
            document,
        } = one;
        let actor = actor(&mut tx, charge, Pending::Acceptance, &obligation.agency, by).await?;
        let record = Record {
            task: obligation.milestone.task.clone(),
            milestone: Some(obligation.milestone.number),
            agency: obligation.agency.clone(),
            what: Recorded::Done(on),
            document,
            note: Some(line.note.clone()).filter(|note| !note.is_empty()),
            by: by.cloned(),
        };
        apply(&mut tx, charge, &obligation, &record, actor, today, now).await?;
        ids.push(obligation.id);
    }
    taken.noted = remarks::keep(&mut tx, &remarks, by, now).await?;
    taken.recorded = obligations::find(&mut tx, &ids).await?;
    match mode {
        Mode::Record => tx.commit().await?,
        Mode::DryRun => drop(tx),
    }
    Ok(taken)
}

/// Plan, task, agency.
type Key = (crate::domain::ids::PlanId, TaskId, AgencyCode);

/// What is wrong, and what would be right.
type Wrong = (String, String);

/// What is to be done about a line.
enum Judged<'a> {
    /// Recorded.
    Done(Settled<'a>),
    /// An earlier line says the same.
    Again,
    /// It was recorded before; what stands beside it may be new.
    Already(&'a Charge, Obligation),
    /// It stays as it is, with what stands beside it.
    Open(&'a Charge, Obligation),
    /// The same, and not even that is said.
    Unsaid(&'a Charge, Obligation),
}

/// What the line is about.
fn find<'a>(
    setup: &'a Setup,
    known: &HashMap<Key, Vec<Obligation>>,
    line: &StocktakeLine,
) -> Result<(&'a Charge, Obligation), Wrong> {
    let table = "take the line from a table that `dondoc stocktake --out FILE` wrote";
    let (task, number) = match line.task.split_once('/') {
        None => (line.task.as_str(), None),
        Some((task, number)) => {
            let wrong = || {
                (
                    format!("“{}” is no number of a task", line.task),
                    "write II.2/1".to_owned(),
                )
            };
            (task, Some(number.parse::<u16>().map_err(|_| wrong())?))
        }
    };
    let task: TaskId = task.into();
    let charge = plan_of(setup, line, &task)?;
    if charge.plan.tasks.iter().all(|one| one.id != task) {
        let tasks = charge.plan.tasks.iter().map(|one| one.id.as_str());
        let remedy = did_you_mean(task.as_str(), tasks, table);
        return Err((
            format!("plan {} has no task {task}", charge.plan.number),
            remedy,
        ));
    }
    let wanted = line.agency.to_lowercase();
    let mut agencies = charge.directory.agencies();
    let agency = agencies.find(|one| one.code.as_str().to_lowercase() == wanted);
    let Some(agency) = agency else {
        let codes = charge.directory.agencies().map(|one| one.code.as_str());
        let remedy = did_you_mean(&line.agency, codes, table);
        return Err((format!("there is no agency {}", line.agency), remedy));
    };
    let key = (charge.plan.id.clone(), task.clone(), agency.code.clone());
    let mut owed: Vec<&Obligation> = known.get(&key).into_iter().flatten().collect();
    owed.retain(|one| number.is_none_or(|number| one.milestone.number == number));
    match owed.as_slice() {
        [one] => Ok((charge, (*one).clone())),
        [] => Err((
            format!("{} does not owe {}", agency.code, line.task),
            table.to_owned(),
        )),
        several => {
            let names: Vec<String> = several
                .iter()
                .map(|one| one.milestone.to_string())
                .collect();
            let problem = format!("{} owes several of {task}", agency.code);
            Err((problem, format!("write {}", names.join(" or "))))
        }
    }
}

/// The plan that is named, or the only one that has the task.
fn plan_of<'a>(setup: &'a Setup, line: &StocktakeLine, task: &TaskId) -> Result<&'a Charge, Wrong> {
    let numbers = || setup.charges.iter().map(|one| one.plan.number.as_str());
    let known = || numbers().collect::<Vec<_>>().join(", ");
    if line.plan.is_empty() {
        let has = |charge: &&Charge| charge.plan.tasks.iter().any(|one| one.id == *task);
        let having: Vec<&Charge> = setup.charges.iter().filter(has).collect();
        return match having.as_slice() {
            [only] => Ok(*only),
            [] => Err((
                format!("no plan has a task {task}"),
                format!("the plans are {}", known()),
            )),
            _ => Err((
                format!("several plans have a task {task}"),
                format!("write the number of the plan: {}", known()),
            )),
        };
    }
    let is_it = |one: &&Charge| {
        let plan = &one.plan;
        plan.number.to_lowercase() == line.plan.to_lowercase() || plan.id.as_str() == line.plan
    };
    setup.charges.iter().find(is_it).ok_or_else(|| {
        let problem = format!("{} is no plan that is followed here", line.plan);
        (
            problem,
            did_you_mean(&line.plan, numbers(), &format!("the plans are {}", known())),
        )
    })
}

/// Whether an earlier line says the same of it; a line that says something else is wrong.
fn is_told_twice<'a>(
    seen: &mut HashMap<ObligationId, &'a StocktakeLine>,
    id: ObligationId,
    line: &'a StocktakeLine,
) -> Result<bool, Wrong> {
    match seen.insert(id, line) {
        Some(earlier) if (&earlier.said, &earlier.note) != (&line.said, &line.note) => Err((
            format!("line {} says something else of it", earlier.line),
            "leave one of the two".to_owned(),
        )),
        earlier => Ok(earlier.is_some()),
    }
}

fn judged<'a>(
    charge: &'a Charge,
    one: Obligation,
    line: &'a StocktakeLine,
    today: NaiveDate,
) -> Result<Judged<'a>, Wrong> {
    let milestone: &MilestoneId = &one.milestone;
    let reopen = format!(
        "`dondoc report {milestone} {} open` opens it again",
        one.agency
    );
    let (on, document) = match (&line.said, one.state) {
        (Said::Open { .. }, State::Open) => return Ok(Judged::Open(charge, one)),
        (Said::Nothing, State::Open | State::Done) => return Ok(Judged::Unsaid(charge, one)),
        (Said::Open { .. }, State::Done) => {
            return Err((
                "it is recorded as done".to_owned(),
                format!("take the line out; {reopen}"),
            ));
        }
        (Said::Done { on, document }, State::Open | State::Done) => (*on, document.clone()),
        (_, state) => {
            let problem = format!("it is {}, and owed by nobody now", state.as_str());
            return Err((problem, "take the line out".to_owned()));
        }
    };
    if on > today {
        let remedy = format!(
            "today is {}: write the day on which it was done",
            written(today)
        );
        return Err((format!("{} has not come", written(on)), remedy));
    }
    if on < charge.plan.issued_on {
        let issued = written(charge.plan.issued_on);
        let problem = format!(
            "{} is before plan {} was issued",
            written(on),
            charge.plan.number
        );
        return Err((problem, format!("write a day from {issued} on")));
    }
    if one.state == State::Done {
        if one.done_on == Some(on) {
            return Ok(Judged::Already(charge, one));
        }
        let day = one.done_on.map(written).unwrap_or_default();
        return Err((
            format!("it is recorded as done on {day}"),
            format!("write that day, or take the line out; {reopen}"),
        ));
    }
    Ok(Judged::Done(Settled {
        charge,
        obligation: one,
        line,
        on,
        document,
    }))
}

/// As the table has it.
fn written(day: NaiveDate) -> String {
    day.format("%d/%m/%Y").to_string()
}
