//! What of which plan a document speaks of, as it is typed.

use super::ScopeArgs;
use crate::app::amend::Scope;
use crate::app::open::Loaded;
use crate::app::setup::Charge;
use crate::cli::agency;
use crate::cli::exit::WrongInput;
use crate::cli::report::task_and_milestone;
use crate::cli::task::PlanArg;
use crate::domain::amendment::{FarDay, PastDay};
use crate::domain::ids::AgencyCode;

/// The words of a scope.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scoped<'a> {
    pub(super) plan: &'a PlanArg,
    pub(super) tasks: &'a [String],
    pub(super) agencies: &'a [String],
    pub(super) from: Option<&'a String>,
    pub(super) ends: bool,
    pub(super) past: PastDay,
    pub(super) far: FarDay,
}

impl<'a> Scoped<'a> {
    /// These tasks of these agencies, or of all.
    pub(super) fn of(tasks: &'a [String], agencies: &'a [String], plan: &'a PlanArg) -> Self {
        Self {
            plan,
            tasks,
            agencies,
            from: None,
            ends: false,
            past: PastDay::default(),
            far: FarDay::default(),
        }
    }

    /// The same, with due days that may have passed, or lie beyond the plan, or not.
    pub(super) fn with(self, (past, far): (PastDay, FarDay)) -> Self {
        Self { past, far, ..self }
    }
}

impl<'a> From<&'a ScopeArgs> for Scoped<'a> {
    fn from(scope: &'a ScopeArgs) -> Self {
        Self::of(&scope.tasks, &scope.agencies, &scope.plan)
    }
}

/// The plan that is meant, and what of it.
pub(super) fn scope<'a>(
    loaded: &'a Loaded,
    words: &Scoped<'_>,
) -> anyhow::Result<(&'a Charge, Scope)> {
    let tasks = words
        .tasks
        .iter()
        .map(|text| task_and_milestone(text))
        .collect::<Result<Vec<_>, _>>()?;
    let setup = &loaded.setup;
    let charge = match (tasks.first(), words.from) {
        (Some((task, _)), _) => words.plan.with_task(setup, task)?,
        (None, Some(from)) => {
            let from = agency::agency(setup, from)?;
            words.plan.with_agency(setup, &from)?
        }
        (None, None) => {
            let problem = "of what? Name tasks, or an agency by --from";
            return Err(WrongInput(problem.to_owned()).into());
        }
    };
    for (task, number) in &tasks {
        let found = charge.plan.tasks.iter().find(|one| one.id == *task);
        let Some(found) = found else {
            let problem = format!(
                "plan {} has no task {task}: see `dondoc check`",
                charge.plan.id
            );
            return Err(WrongInput(problem).into());
        };
        if let Some(number) =
            number.filter(|it| found.milestones.iter().all(|one| one.id.number != *it))
        {
            let problem = format!("{task} has no milestone {number}: see `dondoc check`");
            return Err(WrongInput(problem).into());
        }
    }
    let mut agencies = Vec::new();
    for text in words.agencies {
        agencies.extend(agencies_of(charge, text)?);
    }
    if let Some(from) = words.from {
        agencies.push(agency::agency_of(charge, from)?);
    }
    Ok((charge, Scope { tasks, agencies }))
}

/// A code, a group's code, or the words of a lead cell.
fn agencies_of(charge: &Charge, text: &str) -> Result<Vec<AgencyCode>, WrongInput> {
    let unlike = match agency::agency_of(charge, text) {
        Ok(code) => return Ok(vec![code]),
        Err(problem) => problem,
    };
    if let Some(members) = charge.directory.members_of(text.trim()) {
        return Ok(members);
    }
    charge.directory.agencies_of_cell(text).map_err(|unknown| {
        if unknown.iter().all(|one| one.words == text.trim()) {
            return unlike;
        }
        let names: Vec<String> = unknown
            .iter()
            .map(|one| format!("“{}”", one.words))
            .collect();
        WrongInput(format!(
            "{} is no agency of plan {}: write a code, a name or a group of agencies.toml",
            names.join(", "),
            charge.plan.id
        ))
    })
}
