//! What of which plan a document speaks of, as it is typed.

use super::ScopeArgs;
use crate::app::amend::Scope;
use crate::app::open::Loaded;
use crate::app::setup::Charge;
use crate::cli::agency;
use crate::cli::exit::WrongInput;
use crate::cli::report::task_and_milestone;
use crate::domain::amendment::{FarDay, PastDay};
use crate::domain::ids::AgencyCode;

/// The words of a scope.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Scoped<'a> {
    pub(super) tasks: &'a [String],
    pub(super) agencies: &'a [String],
    pub(super) from: Option<&'a String>,
    pub(super) ends: bool,
    pub(super) past: PastDay,
    pub(super) far: FarDay,
}

impl Scoped<'_> {
    /// The same, with due days that may have passed, or lie beyond the plan, or not.
    pub(super) fn with(self, (past, far): (PastDay, FarDay)) -> Self {
        Self { past, far, ..self }
    }
}

impl<'a> From<&'a ScopeArgs> for Scoped<'a> {
    fn from(scope: &'a ScopeArgs) -> Self {
        Self {
            tasks: &scope.tasks,
            agencies: &scope.agencies,
            ..Self::default()
        }
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
        (Some((task, _)), _) => setup.with_task(task),
        (None, Some(from)) => setup.of_agency(&agency::agency(setup, from)?),
        (None, None) => None,
    };
    let charge = charge.ok_or_else(|| {
        let named = words
            .tasks
            .first()
            .or(words.from)
            .cloned()
            .unwrap_or_default();
        WrongInput(format!("no plan has {named}: see `dondoc check`"))
    })?;
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
