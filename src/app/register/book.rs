//! The register as a workbook: the agencies by their first group.

use super::letter::Desk;
use crate::app::compose::plan_ref;
use crate::app::setup::Charge;
use crate::domain::directory::{Agency, AgencyGroup};
use crate::domain::register::{Counts, Line};
use crate::messages::{RegisterContext, RegisterGroup};

/// The longest name of a sheet.
const SHEET_NAME: usize = 31;

/// The workbook of the lines on a desk, which are in the order of the directory. An agency that owes nothing is not in it.
pub(super) fn book(desk: &Desk<'_>) -> RegisterContext {
    let charge: &Charge = desk.charge;
    let groups = charge.directory.groups();
    let code_of = |agency: &Agency| agency.groups.first().cloned();
    let with_none = gathered(desk, |agency| {
        let first = code_of(agency);
        groups
            .iter()
            .all(|group| first.as_ref() != Some(&group.code))
    });
    let with_group = groups.iter().map(|group| {
        let gathered = gathered(desk, |agency| code_of(agency).as_ref() == Some(&group.code));
        RegisterGroup {
            name: group.name.clone(),
            short: short_name(group),
            ..gathered
        }
    });
    RegisterContext {
        today: desk.cutoff.day,
        plan: plan_ref(charge),
        issued_on: charge.plan.issued_on,
        author: charge.agency_name(&charge.plan.monitor),
        groups: with_group
            .chain([with_none])
            .filter(|group| !group.lines.is_empty())
            .collect(),
    }
}

/// The first of a group's names that is short enough for a sheet.
fn short_name(group: &AgencyGroup) -> String {
    let mut names = [&group.name].into_iter().chain(&group.aliases);
    let found = names.find(|name| name.chars().count() <= SHEET_NAME);
    found.unwrap_or(&group.name).clone()
}

/// What the agencies that pass owe, with their numbers.
fn gathered(desk: &Desk<'_>, passes: impl Fn(&Agency) -> bool) -> RegisterGroup {
    let charge: &Charge = desk.charge;
    let is_in = |line: &&Line<'_>| {
        let agency = charge.directory.find(&line.obligation.agency);
        agency.is_some_and(&passes)
    };
    let found: Vec<&Line<'_>> = desk.lines.iter().filter(is_in).collect();
    let by_agency = found.chunk_by(|one, next| one.obligation.agency == next.obligation.agency);
    RegisterGroup {
        name: String::new(),
        short: String::new(),
        agencies: by_agency
            .map(|of_one| {
                let name = charge.agency_name(&of_one[0].obligation.agency);
                (name, Counts::of(of_one.iter().copied()))
            })
            .collect(),
        lines: found.into_iter().map(|line| desk.row(line)).collect(),
    }
}
