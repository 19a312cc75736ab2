//! What is compiled in: the plan of Quảng Nam for 2020 and the schedules.

use std::path::Path;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc, Weekday};
use dondoc::domain::ladder::{Audience, When};
use dondoc::files::{Folder, load_plan, load_schedules};

use super::calendar;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn the_shipped_plan_has_all_its_rows_and_no_problem() {
    let loaded = load_plan(&Folder::seeds(), &calendar()).unwrap();
    assert_eq!(loaded.warnings, []);
    assert_eq!(loaded.plan.groups.len(), 7);
    let (duties, rows): (Vec<_>, Vec<_>) = loaded
        .plan
        .tasks
        .iter()
        .partition(|task| task.id.as_str().starts_with("IV.1."));
    assert_eq!((rows.len(), duties.len()), (49, 3));
    assert!(
        loaded
            .plan
            .tasks
            .iter()
            .all(|task| !task.milestones.is_empty() && !task.agencies.is_empty())
    );
    assert_eq!(
        loaded.contacts.len(),
        2 * loaded.directory.agencies().count()
    );
}

#[test]
fn the_duty_of_thirty_days_ends_on_the_first_day_after_tet() {
    let loaded = load_plan(&Folder::seeds(), &calendar()).unwrap();
    let task = loaded
        .plan
        .tasks
        .iter()
        .find(|task| task.id.as_str() == "IV.1.b")
        .unwrap();
    assert_eq!(task.agencies.len(), 37);
    assert_eq!(task.milestones[0].act_by, Some(date("2020-01-30")));
}

#[test]
fn a_date_of_the_product_cell_is_quoted_from_there() {
    let loaded = load_plan(&Folder::seeds(), &calendar()).unwrap();
    let task = loaded
        .plan
        .tasks
        .iter()
        .find(|task| task.id.as_str() == "II.2")
        .unwrap();
    let found: Vec<_> = task
        .milestones
        .iter()
        .map(|one| (one.due_on, one.written.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            (Some(date("2020-03-31")), "trong quý I"),
            (Some(date("2020-09-14")), "trước 15/9"),
            (Some(date("2020-12-31")), "Năm 2020"),
        ]
    );
}

#[test]
fn the_shipped_files_are_the_same_on_disk_and_built_in() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let on_disk = load_plan(
        &Folder::Disk(root.join("seeds/quang-nam-2020")),
        &calendar(),
    )
    .unwrap();
    let built_in = load_plan(&Folder::seeds(), &calendar()).unwrap();
    assert_eq!(on_disk.plan, built_in.plan);
    assert_eq!(on_disk.fingerprint, built_in.fingerprint);
    let on_disk = load_schedules(&Folder::Disk(root.join("schedules"))).unwrap();
    let built_in = load_schedules(&Folder::schedules()).unwrap();
    assert_eq!(on_disk.ladder, built_in.ladder);
    assert_eq!(on_disk.calendar, built_in.calendar);
    assert_eq!(on_disk.jobs, built_in.jobs);
}

#[test]
fn the_shipped_ladder_climbs_from_the_officer_to_the_leader() {
    let ladder = load_schedules(&Folder::schedules()).unwrap().ladder;
    assert_eq!((ladder.from, ladder.until), (time("07:30"), time("17:00")));
    let heard = |audience| -> Vec<&str> {
        let rungs = ladder
            .rungs
            .iter()
            .filter(|rung| rung.tell.contains(&audience));
        rungs.map(|rung| rung.id.as_str()).collect()
    };
    assert_eq!(
        heard(Audience::Officer),
        [
            "opens", "d30", "d14", "w7", "w3", "w1", "day", "late1", "late3", "late5", "late10"
        ]
    );
    assert_eq!(
        heard(Audience::Head),
        ["w7", "w3", "w1", "day", "late1", "late3", "late5", "late10"]
    );
    assert_eq!(heard(Audience::Monitor), ["late3", "late5", "late10"]);
    assert_eq!(heard(Audience::Leader), ["late10"]);
    assert_eq!(
        ladder.rungs.last().unwrap().when,
        When::Late {
            days: 10,
            every: Some(5)
        }
    );
    assert_eq!(
        (ladder.status.before, ladder.status.tell.as_slice()),
        (7, &[Audience::Officer][..])
    );
}

#[test]
fn the_shipped_jobs_come_each_morning_and_each_monday() {
    let jobs = load_schedules(&Folder::schedules()).unwrap().jobs;
    let start: DateTime<Utc> = "2020-01-02T00:00:00Z".parse().unwrap();
    let next = jobs.brief.after(&start).next().unwrap();
    assert_eq!(
        (next.date_naive(), next.time()),
        (date("2020-01-02"), time("07:30"))
    );
    let next = jobs.digest.after(&start).next().unwrap();
    assert_eq!((next.weekday(), next.time()), (Weekday::Mon, time("07:30")));
}

fn time(text: &str) -> NaiveTime {
    NaiveTime::parse_from_str(text, "%H:%M").unwrap()
}
