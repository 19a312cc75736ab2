//! The three files of a plan together.

use crate::domain::calendar::Calendar;
use crate::domain::directory::{Contact, Directory};
use crate::domain::docket::who_decides;
use crate::domain::ids::AgencyCode;
use crate::domain::obligation::Pending;
use crate::domain::plan::Plan;
use crate::domain::resolution::Decides;
use crate::files::agencies::Agencies;
use crate::files::contacts;
use crate::files::problem::{Problem, Problems};
use crate::files::source::{Folder, Source, fingerprint};
use crate::files::toml::Document;

use super::header::Header;
use super::tasks::{self, Frame};

/// A plan without errors.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The plan.
    pub plan: Plan,
    /// Its agencies.
    pub directory: Directory,
    /// Its people.
    pub contacts: Vec<Contact>,
    /// What a person should look at.
    pub warnings: Vec<Problem>,
    /// Changes when one of the three files does.
    pub fingerprint: String,
}

/// Reads a plan's folder. The calendar says on which day a date can be acted on.
///
/// # Errors
/// Every problem of the three files.
pub fn load_plan(folder: &Folder, calendar: &Calendar) -> Result<Loaded, Problems> {
    let mut problems = Problems::default();
    let plan = folder.read("plan.toml", &mut problems);
    let agencies = folder.read("agencies.toml", &mut problems);
    let people = folder.read("contacts.toml", &mut problems);
    let fingerprint = fingerprint([&plan, &agencies, &people].into_iter().flatten());

    // The agencies come first, for both other files name them; the problems are shown in the order of reading.
    let mut of_agencies = Problems::default();
    let listed = agencies.map_or_else(Agencies::default, |source| {
        Agencies::read(&source, &mut of_agencies)
    });
    let directory = listed.directory();
    let plan =
        plan.and_then(|source| read_plan(&source, &listed, &directory, calendar, &mut problems));
    problems.extend(of_agencies);
    let contacts = people
        .as_ref()
        .map(|source| contacts::read(source, &listed, &mut problems));
    if let (Some(plan), Some(contacts), Some(source)) = (&plan, &contacts, &people) {
        problems.warnings.extend(unreached(plan, contacts, source));
        problems.warnings.extend(undecided(plan, contacts, source));
    }
    let ((plan, contacts), warnings) = problems.admit(plan.zip(contacts))?;
    Ok(Loaded {
        plan,
        directory,
        contacts,
        warnings,
        fingerprint,
    })
}

fn read_plan(
    source: &Source,
    agencies: &Agencies,
    directory: &Directory,
    calendar: &Calendar,
    problems: &mut Problems,
) -> Option<Plan> {
    let document = Document::parse(source);
    let mut root = document.root();
    let mut found = Problems::default();
    let header = Header::read(&mut root, agencies, &mut found);
    let frame = Frame {
        header: &header,
        agencies,
        directory,
        calendar,
    };
    let tasks = tasks::read(&mut root, &frame, &mut found);
    root.finish();
    problems.extend(found);
    problems.extend(document.into_problems());
    header.into_plan(tasks)
}

/// Agencies that owe something and have nobody who could be told.
fn unreached(plan: &Plan, contacts: &[Contact], source: &Source) -> Vec<Problem> {
    let mut leads: Vec<_> = plan.tasks.iter().flat_map(|task| &task.agencies).collect();
    leads.sort();
    let reached = |code: &AgencyCode| contacts.iter().any(|contact| contact.agency == *code);
    leads
        .chunk_by(|a, b| a == b)
        .filter(|same| !reached(same[0]))
        .map(|same| Problem {
            file: source.file.clone(),
            line: 1,
            key: "contact".to_owned(),
            problem: format!(
                "{} leads {} tasks and has no contact: nobody is told",
                same[0],
                same.len()
            ),
            remedy: format!("add a [[contact]] with agency = \"{}\"", same[0]),
        })
        .collect()
}

/// Wishes for more time that nobody could decide: the plan leaves them to a role that no contact has.
fn undecided(plan: &Plan, contacts: &[Contact], source: &Source) -> Option<Problem> {
    let deciders = who_decides(plan, Pending::Extension, &plan.monitor);
    let is_there = contacts.iter().any(|contact| deciders.include(contact));
    if is_there || plan.extensions.decides == Decides::Monitor {
        return None;
    }
    Some(Problem {
        file: source.file.clone(),
        line: 1,
        key: "contact".to_owned(),
        problem: format!(
            "{deciders} decides on extensions, and there is no such contact: nobody is asked"
        ),
        remedy: format!(
            "add a [[contact]] with agency = \"{}\" and role = \"head\" or \"deputy\", or change `decides` in [extensions] of plan.toml",
            deciders.agency
        ),
    })
}
