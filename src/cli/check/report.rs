//! What `dondoc check` prints about one plan.

use std::io::{self, Write};

use chrono::NaiveDate;
use serde::Serialize;

use crate::cli::deadline::dated;
use crate::domain::ids::{AgencyCode, PlanId, TaskId};
use crate::domain::plan::{Milestone, MilestoneKind, Task};
use crate::files::{Loaded, Problem, Problems};

/// One plan, or what is wrong with it.
#[derive(Debug)]
pub(super) struct Report {
    /// The plan, when nothing is wrong.
    pub loaded: Option<Loaded>,
    /// What is wrong.
    pub problems: Problems,
}

#[derive(Serialize)]
struct Json<'a> {
    plan: Option<PlanJson<'a>>,
    tasks: Vec<TaskJson<'a>>,
    problems: &'a [Problem],
    warnings: &'a [Problem],
}

#[derive(Serialize)]
struct PlanJson<'a> {
    id: &'a PlanId,
    number: &'a str,
    issued_on: NaiveDate,
    year: i32,
}

#[derive(Serialize)]
struct TaskJson<'a> {
    id: &'a TaskId,
    content: &'a str,
    product: &'a str,
    deadline: &'a str,
    lead: &'a str,
    coordinate: &'a str,
    milestones: Vec<MilestoneJson<'a>>,
    agencies: &'a [AgencyCode],
}

#[derive(Serialize)]
struct MilestoneJson<'a> {
    id: String,
    kind: MilestoneKind,
    label: &'a str,
    opens_on: Option<NaiveDate>,
    due_on: Option<NaiveDate>,
    act_by: Option<NaiveDate>,
    rule: &'a str,
    /// Whose it is, where it is not everybody's who leads the task.
    #[serde(skip_serializing_if = "Option::is_none")]
    agencies: Option<&'a Vec<AgencyCode>>,
}

impl Report {
    /// Whether nothing is wrong.
    pub(super) fn is_fine(&self) -> bool {
        self.problems.is_fine()
    }

    /// Prints one JSON object on one line, or a table for people.
    pub(super) fn print(&self, json: bool, out: &mut impl Write) -> io::Result<()> {
        if json {
            serde_json::to_writer(&mut *out, &self.json())?;
            return writeln!(out);
        }
        if let Some(loaded) = &self.loaded {
            print_plan(loaded, out)?;
        }
        print_problems("Warnings", &self.problems.warnings, out)?;
        print_problems("Problems", &self.problems.errors, out)
    }

    fn json(&self) -> Json<'_> {
        let plan = self.loaded.as_ref().map(|loaded| &loaded.plan);
        Json {
            plan: plan.map(|plan| PlanJson {
                id: &plan.id,
                number: &plan.number,
                issued_on: plan.issued_on,
                year: plan.year,
            }),
            tasks: plan
                .map(|plan| plan.tasks.iter().map(task_json).collect())
                .unwrap_or_default(),
            problems: &self.problems.errors,
            warnings: &self.problems.warnings,
        }
    }
}

fn task_json(task: &Task) -> TaskJson<'_> {
    let milestone = |milestone: &'_ Milestone| milestone.id.to_string();
    TaskJson {
        id: &task.id,
        content: &task.content,
        product: &task.product,
        deadline: &task.deadline,
        lead: &task.lead,
        coordinate: &task.coordinate,
        milestones: task
            .milestones
            .iter()
            .map(|found| MilestoneJson {
                id: milestone(found),
                kind: found.kind,
                label: &found.label,
                opens_on: found.opens_on,
                due_on: found.due_on,
                act_by: found.act_by,
                rule: &found.rule,
                agencies: (!found.owners.is_empty()).then_some(&found.owners),
            })
            .collect(),
        agencies: &task.agencies,
    }
}

fn print_plan(loaded: &Loaded, out: &mut impl Write) -> io::Result<()> {
    let plan = &loaded.plan;
    writeln!(
        out,
        "{}  {}  issued {}  for {}",
        plan.id, plan.number, plan.issued_on, plan.year
    )?;
    writeln!(out, "{}", plan.title)?;
    let (mut milestones, mut obligations) = (0, 0);
    for task in &plan.tasks {
        let owed = task
            .milestones
            .iter()
            .map(|one| task.owed_by(one).len())
            .sum();
        milestones += task.milestones.len();
        obligations += owed;
        print_task(task, owed, out)?;
    }
    writeln!(
        out,
        "\n{} tasks, {milestones} milestones, {obligations} obligations of {} agencies, {} contacts",
        plan.tasks.len(),
        loaded.directory.agencies().count(),
        loaded.contacts.len()
    )
}

fn print_task(task: &Task, owed: usize, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "\n{}  {}", task.id, task.content)?;
    for (name, cell) in [
        ("product", &task.product),
        ("deadline", &task.deadline),
        ("lead", &task.lead),
        ("coordinate", &task.coordinate),
    ] {
        if !cell.is_empty() {
            writeln!(out, "    {name:<10}  {cell}")?;
        }
    }
    for milestone in &task.milestones {
        let Milestone {
            kind,
            label,
            opens_on,
            due_on,
            act_by,
            ..
        } = milestone;
        writeln!(
            out,
            "    {:<10}  {}",
            milestone.id.to_string(),
            dated(*kind, label, *opens_on, *due_on, *act_by)
        )?;
        writeln!(out, "    {:<10}  {}", "", milestone.rule)?;
        if !milestone.owners.is_empty() {
            let owners = codes(&milestone.owners);
            writeln!(out, "    {:<10}  owed by {owners} alone", "")?;
        }
    }
    writeln!(out, "    {:<10}  {owed}: {}", "owed", codes(&task.agencies))
}

fn codes(agencies: &[AgencyCode]) -> String {
    let codes: Vec<&str> = agencies.iter().map(AgencyCode::as_str).collect();
    codes.join(" ")
}

fn print_problems(title: &str, problems: &[Problem], out: &mut impl Write) -> io::Result<()> {
    if problems.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{title}: {}", problems.len())?;
    for problem in problems {
        let Problem {
            file,
            line,
            key,
            problem,
            remedy,
        } = problem;
        let key = if key.is_empty() {
            String::new()
        } else {
            format!("  {key}")
        };
        writeln!(out, "  {}:{line}{key}", file.display())?;
        writeln!(out, "    {problem}")?;
        writeln!(out, "    → {remedy}")?;
    }
    Ok(())
}
