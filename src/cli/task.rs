//! The id of a task, as somebody types it, and the plan that is meant.

use clap::Args;

use super::exit::WrongInput;
use crate::app::setup::{Charge, Setup};
use crate::domain::ids::{AgencyCode, TaskId};
use crate::files::nearest::nearest;

/// Which plan is meant: two years' plans number their tasks alike.
#[derive(Debug, Args)]
pub struct PlanArg {
    /// The plan that is meant, by id; needed where several have it
    #[arg(long, value_name = "PLAN")]
    plan: Option<String>,
}

impl PlanArg {
    /// The plan that has this task.
    ///
    /// # Errors
    /// When none has, with the most alike ids, or several have and none is named.
    pub fn with_task<'a>(&self, setup: &'a Setup, task: &TaskId) -> Result<&'a Charge, WrongInput> {
        let mut having = plans(setup, self.plan.as_deref())?;
        having.retain(|charge| has_task(charge, task));
        if having.is_empty() {
            known(setup, task)?;
            let plan = self.plan.as_deref().unwrap_or_default();
            let problem = format!("plan {plan} has no task {task}: see `dondoc check`");
            return Err(WrongInput(problem));
        }
        only(&having, format_args!("a task {task}"))
    }

    /// The plan of which the files say something else than is followed: one of `drifted`.
    ///
    /// # Errors
    /// When none or several do and none is named.
    pub fn of_drifted<'a>(
        &self,
        setup: &'a Setup,
        drifted: &[&'a Charge],
    ) -> Result<&'a Charge, WrongInput> {
        match (self.plan.as_deref(), drifted) {
            (None, []) => only(&plans(setup, None)?, "a plan"),
            (None, drifted) => only(drifted, format_args!("other due days in their files")),
            (id, _) => only(&plans(setup, id)?, "a plan"),
        }
    }

    /// The plan whose directory has this agency.
    ///
    /// # Errors
    /// When several have and none is named.
    pub fn with_agency<'a>(
        &self,
        setup: &'a Setup,
        agency: &AgencyCode,
    ) -> Result<&'a Charge, WrongInput> {
        let mut having = plans(setup, self.plan.as_deref())?;
        having.retain(|charge| charge.directory.find(agency).is_some());
        only(&having, format_args!("an agency {agency}"))
    }
}

/// The only one of these.
fn only<'a>(having: &[&'a Charge], what: impl std::fmt::Display) -> Result<&'a Charge, WrongInput> {
    match having {
        [only] => Ok(only),
        [] => Err(WrongInput(format!(
            "no plan has {what}: see `dondoc check`"
        ))),
        several => {
            let ids: Vec<&str> = several.iter().map(|one| one.plan.id.as_str()).collect();
            Err(WrongInput(format!(
                "plans {} have {what}: say which by --plan",
                ids.join(" and ")
            )))
        }
    }
}

/// The plan of this id, or all.
///
/// # Errors
/// When none has that id.
pub fn plans<'a>(setup: &'a Setup, id: Option<&str>) -> Result<Vec<&'a Charge>, WrongInput> {
    let is_wanted = |charge: &&Charge| id.is_none_or(|wanted| wanted == charge.plan.id.as_str());
    let found: Vec<&Charge> = setup.charges.iter().filter(is_wanted).collect();
    if found.is_empty() {
        let known = setup.charges.iter().map(|one| one.plan.id.as_str());
        let known: Vec<&str> = known.collect();
        return Err(WrongInput(format!(
            "no plan {} is loaded: write {}",
            id.unwrap_or_default(),
            known.join(", ")
        )));
    }
    Ok(found)
}

fn has_task(charge: &Charge, task: &TaskId) -> bool {
    charge.plan.tasks.iter().any(|one| one.id == *task)
}

/// That some plan has this task.
///
/// # Errors
/// When none has; those of the most alike ids are offered.
pub fn known(setup: &Setup, task: &TaskId) -> Result<(), WrongInput> {
    if setup.charges.iter().any(|charge| has_task(charge, task)) {
        return Ok(());
    }
    let tasks = setup.charges.iter().flat_map(|charge| &charge.plan.tasks);
    let near = nearest(task.as_str(), tasks.map(|one| one.id.as_str()));
    let remedy = if near.is_empty() {
        "see `dondoc check`".to_owned()
    } else {
        format!("did you mean {}?", near.join(" or "))
    };
    Err(WrongInput(format!("no plan has a task {task}: {remedy}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::open;

    fn said(typed: &str) -> String {
        let loaded = open::load(None).unwrap();
        match known(&loaded.setup, &typed.into()) {
            Ok(()) => "known".to_owned(),
            Err(WrongInput(problem)) => problem,
        }
    }

    #[test]
    fn an_unknown_task_is_answered_with_those_most_like_it() {
        assert_eq!(said("IV.1.b"), "known");
        let small = said("iv.1.b");
        assert!(small.contains("did you mean IV.1.b"), "{small}");
        let far = said("II.99");
        assert!(far.contains("did you mean II.9"), "{far}");
        assert_eq!(said("@@"), "no plan has a task @@: see `dondoc check`");
    }
}
