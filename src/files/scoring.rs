//! `scoring.toml`, as its own head describes it -> how a ranking counts.

use chrono::NaiveDate;

use super::calendar::within;
use super::problem::{Problem, Problems};
use super::source::Folder;
use super::toml::{Document, Field, Place, Table, Word};
use super::unique::Unique;
use crate::domain::directory::Directory;
use crate::domain::ids::{AgencyCode, PlanId, TaskId};
use crate::domain::plan::Plan;
use crate::domain::scoring::{
    Among, Commend, Criticise, Heavier, Joined, Part, Points, Rules, Weights,
};

/// What the file is called.
pub(super) const FILE: &str = "scoring.toml";

/// No weight is larger.
const HEAVIEST: u32 = 100;
/// No number of days is larger.
const FURTHEST: u32 = 366;
/// No number of obligations that the rules ask for is larger.
const MOST: u32 = 1000;
/// All parts together, and the most that an agency can have.
const ALL_POINTS: u32 = 100;

impl Word for Among {
    const WORDS: &'static [(&'static str, Self)] = &[("level", Self::Level), ("all", Self::All)];
}

/// The rules, and where the file names what stands in other files.
#[derive(Clone, Debug)]
pub struct Scoring {
    /// The rules.
    pub rules: Rules,
    tasks: Vec<Place>,
    joined: Vec<Place>,
}

impl Scoring {
    /// What the file names and the plans in force do not know: nothing is counted by it. A plan that is not loaded may
    /// have anything.
    pub fn unknown<'p>(
        &self,
        plans: impl IntoIterator<Item = (&'p Plan, &'p Directory)>,
    ) -> Vec<Problem> {
        let plans: Vec<_> = plans.into_iter().collect();
        let heavier = self.rules.weights.heavier.iter();
        let named = heavier.flat_map(|one| one.tasks.iter().map(|task| (&one.plan, task)));
        let tasks = named.zip(&self.tasks).filter_map(|((plan, task), at)| {
            let (plan, _) = plans.iter().find(|(one, _)| one.id == *plan)?;
            let is_known = plan.tasks.iter().any(|one| one.id == *task);
            let problem = || format!("the plan {} has no task {task}", plan.id);
            (!is_known).then(|| at.problem(problem(), "write it as `dondoc check` does"))
        });
        let agencies = self
            .rules
            .joined
            .iter()
            .zip(&self.joined)
            .filter_map(|(one, at)| {
                let mut directories = plans.iter().map(|(_, directory)| directory);
                let is_known = directories.any(|directory| directory.find(&one.agency).is_some());
                let problem = || format!("no plan has an agency {}", one.agency);
                (!is_known).then(|| at.problem(problem(), "write its code as in agencies.toml"))
            });
        tasks.chain(agencies).collect()
    }
}

/// Reads the rules as far as they can be read; a folder that was made before there were any has those that are shipped.
pub(super) fn read(folder: &Folder, problems: &mut Problems) -> Option<Scoring> {
    let shipped = Folder::schedules();
    let folder = if folder.has(FILE) { folder } else { &shipped };
    let source = folder.read(FILE, problems)?;
    let document = Document::parse(&source);
    let mut found = Problems::default();
    let mut root = document.root();
    let weights = weights(&mut root, &mut found);
    let reports = root
        .table("reports")
        .and_then(|table| reports(table, &mut found));
    let parts = root
        .table("parts")
        .and_then(|table| parts(table, &mut found));
    let longest = root.table("late").and_then(|mut late| {
        let longest = number(&mut late, "longest", 1, FURTHEST, &mut found);
        late.finish();
        longest
    });
    let rank = root.table("rank").and_then(|mut rank| {
        let fewest = number(&mut rank, "fewest", 1, MOST, &mut found);
        let among: Option<Field<Among>> = rank.required("among");
        rank.finish();
        Some((fewest? as usize, among?.value))
    });
    let commend = root.table("commend").and_then(|mut commend| {
        let points = number(&mut commend, "points", 0, ALL_POINTS, &mut found);
        let late = number(&mut commend, "late", 0, MOST, &mut found);
        let due = number(&mut commend, "due", 1, MOST, &mut found);
        let at = commend.place_of_key("points");
        commend.finish();
        let commend = Commend {
            points: Points::whole(points?),
            late: late? as usize,
            due: due? as usize,
        };
        Some((commend, at))
    });
    let criticise = root.table("criticise").and_then(|mut criticise| {
        let points = number(&mut criticise, "points", 0, ALL_POINTS, &mut found);
        let overdue = number(&mut criticise, "overdue", 1, FURTHEST, &mut found);
        criticise.finish();
        Some(Criticise {
            points: Points::whole(points?),
            overdue: overdue?.into(),
        })
    });
    if let (Some((commend, at)), Some(criticise)) = (&commend, &criticise) {
        check_apart(commend, criticise, at, &mut found);
    }
    let (joined, joined_at) = joined(&mut root, &mut found).into_iter().unzip();
    root.finish();
    problems.extend(found);
    problems.extend(document.into_problems());
    let (fewest, among) = rank?;
    let (weights, tasks) = weights?;
    let rules = Rules {
        weights,
        reports: reports?,
        parts: parts?,
        longest: longest?,
        fewest,
        among,
        commend: commend?.0,
        criticise: criticise?,
        joined,
    };
    Some(Scoring {
        rules,
        tasks,
        joined: joined_at,
    })
}

/// Nobody may be proposed for both at once because of their points.
fn check_apart(commend: &Commend, criticise: &Criticise, at: &Place, problems: &mut Problems) {
    if commend.points < criticise.points {
        let problem = format!(
            "who has {} points is commended and criticised",
            commend.points
        );
        let remedy = format!(
            "write at least {}, the points of [criticise]",
            criticise.points
        );
        problems.errors.push(at.problem(problem, remedy));
    }
}

fn number(
    table: &mut Table<'_>,
    key: &'static str,
    least: u32,
    most: u32,
    problems: &mut Problems,
) -> Option<u32> {
    let number: Field<u32> = table.required(key)?;
    within(&number, least, most, problems)
}

fn weights(root: &mut Table<'_>, problems: &mut Problems) -> Option<(Weights, Vec<Place>)> {
    let plain = root.table("weight").and_then(|mut table| {
        let work = number(&mut table, "work", 1, HEAVIEST, problems);
        let report = number(&mut table, "report", 1, HEAVIEST, problems);
        table.finish();
        Some((work?, report?))
    });
    let mut known = Unique::new("the task");
    let mut places = Vec::new();
    let mut heavier_ones = Vec::new();
    for table in root.tables("heavier") {
        let (one, at) = heavier(table, &mut known, problems).unzip();
        heavier_ones.extend(one);
        places.extend(at.into_iter().flatten());
    }
    let (work, report) = plain?;
    let weights = Weights {
        work,
        report,
        heavier: heavier_ones,
    };
    Some((weights, places))
}

fn heavier(
    mut table: Table<'_>,
    known: &mut Unique<(String, String)>,
    problems: &mut Problems,
) -> Option<(Heavier, Vec<Place>)> {
    let plan = table.text("plan");
    let at = table.place_of_key("tasks");
    let tasks: Option<Vec<Field<String>>> = table.list("tasks");
    if tasks.as_ref().map_or(!table.has("tasks"), Vec::is_empty) {
        problems
            .errors
            .push(at.problem("no task is named", "write for example tasks = [\"IV.1.b\"]"));
    }
    let weight = number(&mut table, "weight", 1, HEAVIEST, problems);
    table.finish();
    let (plan, tasks) = (plan?, tasks?);
    for task in &tasks {
        let name = (plan.value.clone(), task.value.clone());
        problems
            .errors
            .extend(known.add(name, &task.value, &task.at));
    }
    let (tasks, places) = tasks
        .into_iter()
        .map(|task| (TaskId::new(task.value), task.at))
        .unzip();
    let heavier = Heavier {
        plan: PlanId::new(plan.value),
        tasks,
        weight: weight?,
    };
    Some((heavier, places))
}

fn reports(mut table: Table<'_>, problems: &mut Problems) -> Option<Vec<String>> {
    let at = table.place_of_key("begin");
    let words: Option<Vec<Field<String>>> = table.list("begin");
    if !table.has("begin") {
        let remedy = "write begin = [\"Báo cáo\"], or begin = [] where no task is a report";
        problems
            .errors
            .push(at.problem("the key `begin` is missing", remedy));
    }
    for word in words.iter().flatten().filter(|word| word.trim().is_empty()) {
        let remedy = "write the first words of a label, or remove the entry";
        problems.errors.push(
            word.at
                .problem("the text is empty: every label begins so", remedy),
        );
    }
    table.finish();
    Some(words?.into_iter().map(|word| word.value).collect())
}

fn parts(mut table: Table<'_>, problems: &mut Problems) -> Option<[u32; 5]> {
    let at = table.place();
    let read = Part::ALL.map(|part| number(&mut table, part.as_str(), 0, ALL_POINTS, problems));
    table.finish();
    let mut parts = [0; 5];
    for (part, read) in parts.iter_mut().zip(read) {
        *part = read?;
    }
    let sum: u32 = parts.iter().sum();
    if sum != ALL_POINTS {
        let remedy = format!("change them so that they are {ALL_POINTS} together");
        problems
            .errors
            .push(at.problem(format!("the parts are {sum} points together"), remedy));
    }
    Some(parts)
}

fn joined(root: &mut Table<'_>, problems: &mut Problems) -> Vec<(Joined, Place)> {
    let mut known = Unique::new("the agency");
    let mut entry = |mut table: Table<'_>| {
        let agency = table.text("agency");
        let on: Option<Field<NaiveDate>> = table.required("on");
        let document = table.text("document");
        table.finish();
        let agency = agency?;
        let again = known.add(agency.value.clone(), &agency.value, &agency.at);
        problems.errors.extend(again);
        let joined = Joined {
            agency: AgencyCode::new(agency.value),
            on: on?.value,
            document: document?.value,
        };
        Some((joined, agency.at))
    };
    root.tables("joined")
        .into_iter()
        .filter_map(&mut entry)
        .collect()
}
