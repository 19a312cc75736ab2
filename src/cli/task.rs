//! The id of a task, as somebody types it.

use super::exit::WrongInput;
use crate::app::setup::{Charge, Setup};
use crate::domain::ids::TaskId;
use crate::files::nearest::nearest;

/// The plan that has this task.
///
/// # Errors
/// When none has; those of the most alike ids are offered.
pub fn charge_with<'a>(setup: &'a Setup, task: &TaskId) -> Result<&'a Charge, WrongInput> {
    setup.with_task(task).ok_or_else(|| {
        let tasks = setup.charges.iter().flat_map(|charge| &charge.plan.tasks);
        let near = nearest(task.as_str(), tasks.map(|one| one.id.as_str()));
        let remedy = if near.is_empty() {
            "see `dondoc check`".to_owned()
        } else {
            format!("did you mean {}?", near.join(" or "))
        };
        WrongInput(format!("no plan has a task {task}: {remedy}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::open;

    fn said(typed: &str) -> String {
        let loaded = open::load(None).unwrap();
        match charge_with(&loaded.setup, &typed.into()) {
            Ok(_) => "known".to_owned(),
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
