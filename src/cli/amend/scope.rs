//! What of which plan a document speaks of, as it is typed.

use super::ScopeArgs;
use crate::app::amend::Scope;
use crate::app::open::Loaded;
use crate::app::setup::Charge;
use crate::cli::agency;
use crate::cli::exit::WrongInput;
use crate::cli::report::task_and_milestone;
use crate::cli::task::PlanArg;
use crate::domain::amendment::{EarlyDay, FarDay, PastDay};
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
    pub(super) early: EarlyDay,
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
            early: EarlyDay::default(),
        }
    }

    /// The same, with due days that may have passed, lie beyond the plan or come earlier, or not.
    pub(super) fn with(self, (past, far, early): (PastDay, FarDay, EarlyDay)) -> Self {
        Self {
            past,
            far,
            early,
            ..self
        }
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

/// Agencies in a list, each a code, a group's code, or words of a lead cell. A name may hold a comma itself, and the words before
/// a list may stand for each of its names: what reads as a whole is one entry, and the longest such is taken.
fn agencies_of(charge: &Charge, text: &str) -> Result<Vec<AgencyCode>, WrongInput> {
    let unlike = match agency::agency_of(charge, text) {
        Ok(code) => return Ok(vec![code]),
        Err(problem) => problem,
    };
    let unknown = match read(charge, text) {
        Ok(codes) if !codes.is_empty() => return Ok(codes),
        Ok(_) => return Err(unlike),
        Err(unknown) => unknown,
    };
    let breaks = text.match_indices([',', ';']).map(|(at, _)| at);
    let ends: Vec<usize> = breaks.chain([text.len()]).collect();
    let (mut found, mut odd, mut from) = (Vec::new(), Vec::new(), 0);
    while from < text.len() {
        let after = || ends.iter().copied().filter(|end| *end > from);
        let longest = after().rev().find_map(|end| {
            let codes = read(charge, &text[from..end]).ok()?;
            Some((end, codes))
        });
        let end = if let Some((end, codes)) = longest {
            found.extend(codes);
            end
        } else {
            let end = after().next().unwrap_or(text.len());
            odd.push(text[from..end].trim());
            end
        };
        from = end + 1;
    }
    odd.retain(|one| !one.is_empty());
    if odd.is_empty() && !found.is_empty() {
        return Ok(found);
    }
    if unknown.iter().all(|one| one == text.trim()) {
        return Err(unlike);
    }
    let all = unknown.iter().map(String::as_str);
    let named: Vec<&str> = if odd.len() < unknown.len() && !odd.is_empty() {
        odd
    } else {
        all.collect()
    };
    let names: Vec<String> = named.iter().map(|one| format!("“{one}”")).collect();
    Err(WrongInput(format!(
        "{} is no agency of plan {}: write a code, a name or a group of agencies.toml",
        names.join(", "),
        charge.plan.id
    )))
}

/// One code, one group's code, or the words of a lead cell; or the words of it that are none of these.
fn read(charge: &Charge, text: &str) -> Result<Vec<AgencyCode>, Vec<String>> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Vec::new());
    }
    if let Ok(code) = agency::agency_of(charge, text) {
        return Ok(vec![code]);
    }
    if let Some(members) = charge.directory.members_of(text) {
        return Ok(members);
    }
    let read = charge.directory.agencies_of_cell(text);
    read.map_err(|unknown| unknown.into_iter().map(|one| one.words).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::open;

    #[test]
    fn codes_names_and_groups_stand_in_one_list() {
        let loaded = open::load(None).unwrap();
        let charge = &loaded.setup.charges[0];
        let read = |text: &str| {
            let codes = agencies_of(charge, text).map_err(|problem| problem.to_string())?;
            let codes: Vec<&str> = codes.iter().map(AgencyCode::as_str).collect();
            Ok::<_, String>(codes.join(" "))
        };
        for (text, codes) in [
            ("TAMKY", "TAMKY"),
            ("TAMKY, HOIAN", "TAMKY HOIAN"),
            ("TAMKY,HOIAN;STP", "TAMKY HOIAN STP"),
            ("TAMKY, Sở Tư pháp", "TAMKY STP"),
            ("Sở Tư pháp; TAMKY", "STP TAMKY"),
            ("Các Sở: Nội vụ, Tài chính, TAMKY", "SNV STC TAMKY"),
            (
                "STP, Sở Văn hóa, Thể thao và Du lịch, SNV",
                "STP SVHTTDL SNV",
            ),
            ("STP, HOIAN,", "STP HOIAN"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(codes), "{text}");
        }
        let group = read("UBND các huyện, thị xã, thành phố").unwrap();
        assert_eq!(
            read("STP, UBND các huyện, thị xã, thành phố"),
            Ok(format!("STP {group}"))
        );
        assert!(
            read("").is_err() && read(" , ").is_err(),
            "nobody is not everybody"
        );
        let wrong = read("TAMKY, HOIANN").unwrap_err();
        assert!(wrong.starts_with("“HOIANN” is no agency"), "{wrong}");
    }
}
