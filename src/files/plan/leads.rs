//! A row's lead cell, or the list that settles it -> the agencies that owe it.

use crate::domain::directory::Directory;
use crate::domain::ids::AgencyCode;
use crate::files::agencies::Agencies;
use crate::files::nearest::{did_you_mean, misspelt, nearest, quoted};
use crate::files::problem::Problems;
use crate::files::toml::Field;

/// The agencies of a row: those of `leads` where the row has it, otherwise those its lead cell names.
pub(super) fn agencies(
    cell: &Field<String>,
    leads: Option<&[Field<String>]>,
    known: &Agencies,
    directory: &Directory,
    problems: &mut Problems,
) -> Vec<AgencyCode> {
    let found = match leads {
        Some(leads) => listed(leads, known, problems),
        None => named(cell, known, directory, problems),
    };
    if found.as_ref().is_some_and(Vec::is_empty) {
        let problem = format!(
            "“{}” names nobody: the row is owed by no agency",
            cell.value
        );
        let remedy = "put the members into agencies.toml ([[agency]] with this group), or list codes in `leads = [\"…\"]`";
        problems.warnings.push(cell.at.problem(problem, remedy));
    }
    found.unwrap_or_default()
}

/// Codes of agencies, or of groups, which stand for their members; `None` when one is unknown.
pub(super) fn listed(
    leads: &[Field<String>],
    known: &Agencies,
    problems: &mut Problems,
) -> Option<Vec<AgencyCode>> {
    let mut found: Vec<AgencyCode> = Vec::new();
    let mut unknown = false;
    for lead in leads {
        let codes = match known.find(lead) {
            Some(agency) => Some(vec![agency.code.clone()]),
            None => known.members(lead),
        };
        unknown |= codes.is_none();
        if codes.is_none() && known.whole {
            let groups = known.groups.iter().map(|group| group.code.as_str());
            let remedy = did_you_mean(
                lead,
                known.codes().chain(groups),
                "write a code of agencies.toml",
            );
            let problem = format!("there is no agency or group “{}”", lead.value);
            problems.errors.push(lead.at.problem(problem, remedy));
        }
        for code in codes.unwrap_or_default() {
            if !found.contains(&code) {
                found.push(code);
            }
        }
    }
    (!unknown).then_some(found)
}

/// A warning for each name of a co-ordinating agency that is like a known one and not it: the cell is shown as it is.
pub(super) fn misspelt_in(
    cell: &Field<String>,
    known: &Agencies,
    directory: &Directory,
    problems: &mut Problems,
) {
    let Err(unknown) = directory.agencies_of_cell(cell) else {
        return;
    };
    for one in unknown {
        if let Some(meant) = misspelt(&one.meant, known.names()) {
            let remedy = format!("did you mean “{meant}”? It is shown as written");
            problems
                .warnings
                .push(cell.at.problem(one.to_string(), remedy));
        }
    }
}

fn named(
    cell: &Field<String>,
    known: &Agencies,
    directory: &Directory,
    problems: &mut Problems,
) -> Option<Vec<AgencyCode>> {
    if cell.trim().is_empty() {
        let remedy = "write the cell as in the plan, or list codes in `leads = [\"SNV\"]`";
        problems
            .errors
            .push(cell.at.problem("the lead cell is empty", remedy));
        return None;
    }
    match directory.agencies_of_cell(cell) {
        Ok(found) => Some(found),
        Err(_) if !known.whole => None,
        Err(unknown) => {
            for one in unknown {
                let offered = nearest(&one.meant, known.names());
                let like = if offered.is_empty() {
                    String::new()
                } else {
                    format!("known names like it: {}; ", quoted(offered))
                };
                let remedy = format!(
                    "{like}correct the cell, add the name to an agency's `aliases`, or list codes in `leads`"
                );
                problems
                    .errors
                    .push(cell.at.problem(one.to_string(), remedy));
            }
            None
        }
    }
}
