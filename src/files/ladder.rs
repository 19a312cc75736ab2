//! `ladder.toml`, as its own head describes it -> the ladder.

use chrono::NaiveTime;

use super::calendar::within;
use super::problem::Problems;
use super::source::Folder;
use super::toml::{Document, Field, Table, Word};
use super::unique::Unique;
use crate::domain::ids::RungId;
use crate::domain::ladder::{Audience, DayUnit, Ladder, Rung, StartRung, StatusRung, When};

/// No rung is further away than this, in days.
const FURTHEST: u32 = 366;

/// From what a rung counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Anchor {
    Opens,
    Before,
    Late,
}

impl Word for Anchor {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("opens", Self::Opens),
        ("before", Self::Before),
        ("late", Self::Late),
    ];
}

impl Word for DayUnit {
    const WORDS: &'static [(&'static str, Self)] =
        &[("working", Self::Working), ("calendar", Self::Calendar)];
}

/// Reads the ladder of a folder of schedules.
///
/// # Errors
/// Every problem of the file.
pub fn load_ladder(folder: &Folder) -> Result<Ladder, Problems> {
    let mut problems = Problems::default();
    let ladder = read(folder, &mut problems);
    problems.admit(ladder).map(|(ladder, _)| ladder)
}

/// Reads the ladder as far as it can be read.
pub(super) fn read(folder: &Folder, problems: &mut Problems) -> Option<Ladder> {
    let source = folder.read("ladder.toml", problems)?;
    let document = Document::parse(&source);
    let mut found = Problems::default();
    let mut root = document.root();
    let from: Option<Field<NaiveTime>> = root.required("from");
    let until: Option<Field<NaiveTime>> = root.required("until");
    if let (Some(from), Some(until)) = (&from, &until)
        && from.value >= until.value
    {
        let problem = format!(
            "messages may leave from {} until {}: never",
            from.format("%H:%M"),
            until.format("%H:%M")
        );
        found
            .errors
            .push(until.at.problem(problem, "write an hour after `from`"));
    }
    let mut ids = Unique::new("the rung");
    let entries = root.tables("rung");
    if entries.is_empty() && document.is_whole() {
        found.errors.push(root.place().problem(
            "the ladder has no rung",
            "add [[rung]] with id, when and tell",
        ));
    }
    let mut rungs: Vec<Rung> = entries
        .into_iter()
        .filter_map(|table| rung(table, &mut ids, &mut found))
        .collect();
    rungs.sort_by_key(|rung| position(rung.when));
    let status = root
        .table("status")
        .and_then(|table| status(table, &mut ids, &mut found));
    // Files from before this was thought of have the usual one.
    let start = match root.optional_table("start") {
        Some(table) => start(table, &mut ids, &mut found),
        None => Some(StartRung::default()),
    };
    root.finish();
    problems.extend(found);
    problems.extend(document.into_problems());
    let (from, until) = (from?.value, until?.value);
    (from < until).then_some(())?;
    Some(Ladder {
        from,
        until,
        rungs,
        status: status?,
        start: start?,
    })
}

fn rung(mut table: Table<'_>, ids: &mut Unique<String>, problems: &mut Problems) -> Option<Rung> {
    let id = id(&mut table, ids, problems);
    let anchor: Option<Field<Anchor>> = table.required("when");
    let tell = tell(&mut table, problems);
    let when = anchor.and_then(|anchor| match anchor.value {
        Anchor::Opens => Some(When::Opens),
        Anchor::Before => {
            let days: Option<Field<u32>> = table.required("days");
            let unit: Option<Field<DayUnit>> = table.optional("unit");
            Some(When::Before {
                days: within(&days?, 0, FURTHEST, problems)?,
                unit: unit.map_or(DayUnit::Working, |unit| unit.value),
            })
        }
        Anchor::Late => {
            let days: Option<Field<u32>> = table.required("days");
            let every: Option<Field<u32>> = table.optional("every");
            Some(When::Late {
                days: within(&days?, 1, FURTHEST, problems)?,
                every: every.and_then(|every| within(&every, 1, FURTHEST, problems)),
            })
        }
    });
    table.finish();
    Some(Rung {
        id: id?,
        when: when?,
        tell,
    })
}

fn status(
    mut table: Table<'_>,
    ids: &mut Unique<String>,
    problems: &mut Problems,
) -> Option<StatusRung> {
    let id = id(&mut table, ids, problems);
    let days: Option<Field<u32>> = table.required("days");
    let tell = tell(&mut table, problems);
    table.finish();
    // A quarter has some 60 working days.
    Some(StatusRung {
        id: id?,
        before: within(&days?, 0, 50, problems)?,
        tell,
    })
}

fn start(
    mut table: Table<'_>,
    ids: &mut Unique<String>,
    problems: &mut Problems,
) -> Option<StartRung> {
    let id = id(&mut table, ids, problems);
    let grace: Option<Field<u32>> = table.required("grace");
    let every: Option<Field<u32>> = table.required("every");
    let tell = tell(&mut table, problems);
    table.finish();
    Some(StartRung {
        id: id?,
        grace: within(&grace?, 0, FURTHEST, problems)?,
        every: within(&every?, 1, FURTHEST, problems)?,
        tell,
    })
}

fn id(table: &mut Table<'_>, ids: &mut Unique<String>, problems: &mut Problems) -> Option<RungId> {
    let id = table.text("id")?;
    table.call(&id);
    problems
        .errors
        .extend(ids.add(id.value.clone(), &id, &id.at));
    Some(RungId::new(id.value))
}

fn tell(table: &mut Table<'_>, problems: &mut Problems) -> Vec<Audience> {
    let at = table.place_of_key("tell");
    let told: Option<Vec<Field<Audience>>> = table.list("tell");
    if told.as_ref().map_or(!table.has("tell"), Vec::is_empty) {
        problems.errors.push(at.problem(
            "the rung tells nobody",
            "write for example tell = [\"officer\"]",
        ));
    }
    let mut audiences: Vec<Audience> = told
        .unwrap_or_default()
        .into_iter()
        .map(|told| told.value)
        .collect();
    audiences.sort_unstable();
    audiences.dedup();
    audiences
}

/// Where a rung stands on the ladder, from the earliest to the latest: five working days are a week.
fn position(when: When) -> (u8, i64) {
    match when {
        When::Opens => (0, 0),
        When::Before {
            days,
            unit: DayUnit::Calendar,
        } => (1, -i64::from(days) * 5),
        When::Before {
            days,
            unit: DayUnit::Working,
        } => (1, -i64::from(days) * 7),
        When::Late { days, .. } => (2, days.into()),
    }
}
