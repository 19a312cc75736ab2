//! Mistakes in calendar, ladder, jobs and scoring.

use std::fs;

use dondoc::files::{Folder, Problem, load_plan, load_schedules};
use tempfile::TempDir;

const SHIPPED: [(&str, &str); 4] = [
    (
        "calendar.toml",
        include_str!("../../../schedules/calendar.toml"),
    ),
    (
        "ladder.toml",
        include_str!("../../../schedules/ladder.toml"),
    ),
    ("jobs.toml", include_str!("../../../schedules/jobs.toml")),
    (
        "scoring.toml",
        include_str!("../../../schedules/scoring.toml"),
    ),
];

/// The problems after replacing `from` in one of the shipped files.
#[track_caller]
fn spoiled(file: &str, from: &str, to: &str) -> Vec<Problem> {
    let dir = TempDir::new().unwrap();
    for (name, text) in SHIPPED {
        let text = if name == file {
            assert!(text.contains(from), "{file} has no {from:?}");
            text.replacen(from, to, 1)
        } else {
            text.to_owned()
        };
        fs::write(dir.path().join(name), text).unwrap();
    }
    let loaded = load_schedules(&Folder::Disk(dir.path().to_owned()));
    loaded.expect_err("the schedules are spoiled").errors
}

/// The one problem after replacing `from`: its line is that of `from`.
#[track_caller]
fn assert_spoiled(file: &str, [from, to]: [&str; 2], key: &str, words: &str) {
    let problems = spoiled(file, from, to);
    let [problem] = problems.as_slice() else {
        panic!("{to:?}: {problems:#?}")
    };
    let text = SHIPPED.iter().find(|(name, _)| *name == file).unwrap().1;
    let line = text[..text.find(from).unwrap()].matches('\n').count() + 1;
    assert_eq!(
        (problem.line, problem.key.as_str()),
        (line, key),
        "{problem}"
    );
    assert!(problem.to_string().contains(words), "{problem}");
}

#[test]
fn a_calendar_that_contradicts_itself_is_refused() {
    let file = "calendar.toml";
    let off = |day: &str| format!("  {{ on = \"{day}\", name = \"Quốc khánh\" }},");
    let from = off("2020-09-02");
    for (day, words) in [
        ("2021-09-02", "2021-09-02 is not in 2020"),
        ("2020-09-05", "2020-09-05 is a Sat and off anyway"),
        (
            "2020-05-01",
            "the day “2020-05-01” stands here a second time",
        ),
        ("2020-9-2", "“2020-9-2” is not a date"),
    ] {
        assert_spoiled(file, [&from, &off(day)], "year[2020].off[10].on", words);
    }
    let worked = "  { on = \"2024-05-04\", name = \"làm bù cho 29/4\" },";
    let on_friday = "  { on = \"2024-05-03\", name = \"làm bù cho 29/4\" },";
    assert_spoiled(
        file,
        [worked, on_friday],
        "year[2024].worked[1].on",
        "Fri and worked anyway",
    );
    assert_spoiled(
        file,
        ["year = 2021\nstatus", "year = 2020\nstatus"],
        "year[2].year",
        "the year “2020”",
    );
    assert_spoiled(
        file,
        ["status = \"official\"", "status = \"maybe\""],
        "year[2020].status",
        "“official” or “by-law”",
    );
    assert_spoiled(
        file,
        ["days_before = 1", "days_before = 0"],
        "fixed.tet.days_before",
        "write 1 to 31",
    );
    assert_spoiled(
        file,
        ["{ day = 30, month = 4", "{ day = 31, month = 4"],
        "fixed.days[2].day",
        "no day 31/4",
    );
    assert_spoiled(
        file,
        ["tet = \"2021-02-12\"", "tet = \"2020-02-12\""],
        "lunar[2021].tet",
        "not in the year of this entry",
    );
}

#[test]
fn a_ladder_that_reaches_nobody_is_refused() {
    let file = "ladder.toml";
    assert_spoiled(
        file,
        ["until = \"17:00\"", "until = \"07:00\""],
        "until",
        "from 07:30 until 07:00: never",
    );
    assert_spoiled(
        file,
        ["from = \"07:30\"", "from = \"7h30\""],
        "from",
        "“7h30” is not an hour",
    );
    assert_spoiled(
        file,
        ["id = \"w3\"", "id = \"w7\""],
        "rung[5].id",
        "the rung “w7”",
    );
    let problems = spoiled(
        file,
        "when = \"late\"\ndays = 1\n",
        "when = \"late\"\ndays = 0\n",
    );
    assert!(
        problems[0].remedy.contains("write 1 to 366"),
        "{}",
        problems[0]
    );
}

#[test]
fn keys_that_do_not_belong_to_a_rung_are_refused() {
    let problems = spoiled(
        "ladder.toml",
        "when = \"opens\"\n",
        "when = \"opens\"\ndays = 3\n",
    );
    assert_eq!(problems.len(), 1);
    assert!(
        problems[0].problem.contains("`days` is not known here"),
        "{}",
        problems[0]
    );
    let problems = spoiled("ladder.toml", "tell = [\"officer\"]", "tell = []");
    assert!(
        problems[0].problem.contains("tells nobody"),
        "{}",
        problems[0]
    );
    let problems = spoiled("ladder.toml", "\n[status]\nid", "\n[statuss]\nid");
    assert_eq!(problems.len(), 2);
    assert!(
        problems
            .iter()
            .any(|problem| problem.remedy.contains("did you mean “status”")),
        "{problems:?}"
    );
}

/// Files of provinces that were written before `[start]` was thought of stay as they are.
#[test]
fn a_ladder_without_a_start_has_the_usual_one_and_a_start_is_read_to_its_last_key() {
    let shipped = include_str!("../../../schedules/ladder.toml");
    let load = |text: &str| {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("ladder.toml"), text).unwrap();
        dondoc::files::load_ladder(&dondoc::files::Folder::Disk(folder.path().to_owned()))
    };
    let (before, start) = shipped.split_once("[start]\nid").unwrap();
    let usual = load(before).unwrap();
    assert_eq!(usual, load(shipped).unwrap());
    let other = start.replace("grace = 10", "grace = 3");
    assert_eq!(
        load(&format!("{before}[start]\nid{other}"))
            .unwrap()
            .start
            .grace,
        3
    );
    let wrong = start.replace("grace = 10", "days = 3");
    let problems = load(&format!("{before}[start]\nid{wrong}"))
        .unwrap_err()
        .errors;
    let told: Vec<&str> = problems.iter().map(|one| one.key.as_str()).collect();
    assert_eq!(told.len(), 2, "{problems:?}");
}

#[test]
fn a_digest_outside_the_hours_of_sending_is_refused_as_a_brief_is() {
    let digest = "digest = \"0 30 7 * * Mon\"";
    for (hour, words) in [
        (
            "0 30 22 * * Wed",
            "the digest is made at 22:30, when no message may leave",
        ),
        ("0 0 5 * * Mon", "the digest is made at 05:00"),
        ("0 0 8,17 * * Mon", "the digest is made at 17:00"),
    ] {
        let changed = format!("digest = \"{hour}\"");
        assert_spoiled("jobs.toml", [digest, &changed], "digest", words);
        assert_spoiled(
            "jobs.toml",
            [digest, &changed],
            "digest",
            "between 07:30 and 17:00",
        );
    }
}

#[test]
fn jobs_that_never_come_or_cannot_be_sent_are_refused() {
    let file = "jobs.toml";
    let brief = "brief = \"0 30 7 * * *\"";
    assert_spoiled(
        file,
        [brief, "brief = \"30 7 * * *\""],
        "brief",
        "is not a cron expression",
    );
    assert_spoiled(
        file,
        [brief, "brief = \"0 30 7 30 2 *\""],
        "brief",
        "never comes",
    );
    assert_spoiled(
        file,
        [brief, "brief = \"0 0 20 * * *\""],
        "brief",
        "planned at 20:00",
    );
    assert_spoiled(
        file,
        [brief, "brief = \"0 0 8,20 * * *\""],
        "brief",
        "planned at 20:00",
    );
    assert_spoiled(
        file,
        ["digest = \"0 30 7 * * Mon\"", "digest = \"Monday\""],
        "digest",
        "not a cron expression",
    );
}

#[test]
fn scoring_that_does_not_add_up_is_refused() {
    let file = "scoring.toml";
    let problems = spoiled(file, "on_time = 50", "on_time = 51");
    assert_eq!(problems[0].key, "parts");
    let words = problems[0].to_string();
    assert!(
        words.contains("the parts are 101 points together"),
        "{words}"
    );
    assert_spoiled(
        file,
        ["points = 90", "points = 40"],
        "commend.points",
        "who has 40.0 points is commended and criticised",
    );
    assert_spoiled(
        file,
        ["work = 2 ", "work = 0 "],
        "weight.work",
        "write 1 to 100",
    );
    assert_spoiled(
        file,
        ["longest = 60", "longest = 0"],
        "late.longest",
        "write 1 to 366",
    );
    assert_spoiled(
        file,
        ["fewest = 2", "fewest = 0"],
        "rank.fewest",
        "write 1 to 1000",
    );
    assert_spoiled(
        file,
        ["among = \"level\"\n", "among = \"levels\"\n"],
        "rank.among",
        "did you mean “level”",
    );
    assert_spoiled(
        file,
        ["overdue = 20", "overdue = 400"],
        "criticise.overdue",
        "write 1 to 366",
    );
}

#[test]
fn what_scoring_names_twice_or_not_at_all_is_refused() {
    let file = "scoring.toml";
    let tasks = "tasks = [\"IV.1.b\"]";
    assert_spoiled(
        file,
        [tasks, "tasks = []"],
        "heavier[1].tasks",
        "no task is named",
    );
    assert_spoiled(
        file,
        [tasks, "tasks = [\"IV.1.b\", \"IV.1.b\"]"],
        "heavier[1].tasks",
        "the task “IV.1.b” stands here a second time",
    );
    assert_spoiled(
        file,
        ["[\"Báo cáo\"]", "[\" \"]"],
        "reports.begin",
        "every label begins so",
    );
    let joined = |on: &str| {
        format!("\n[[joined]]\nagency = \"SXD\"\non = \"{on}\"\ndocument = \"15/NQ-HĐND\"\n")
    };
    let again = format!("{}{}\n[late]\n", joined("2020-05-01"), joined("2020-06-01"));
    let problems = spoiled(file, "\n[late]\n", &again);
    assert!(
        problems[0]
            .problem
            .contains("“SXD” stands here a second time"),
        "{}",
        problems[0]
    );
    let problems = spoiled(
        file,
        "\n[late]\n",
        &format!("{}\n[late]\n", joined("1/5/2020")),
    );
    assert_eq!(
        (problems.len(), problems[0].key.as_str()),
        (1, "joined[1].on")
    );
}

#[test]
fn every_mistake_of_scoring_is_named_at_once() {
    let text = "[weight]\nwork = \"2\"\n[rank]\namong = \"all\"\nfewer = 3\n";
    let whole = SHIPPED[3].1;
    let problems = spoiled("scoring.toml", whole, text);
    let places: Vec<_> = problems
        .iter()
        .map(|one| (one.line, one.key.as_str()))
        .collect();
    let expected = [
        (1, "reports"),
        (1, "parts"),
        (1, "late"),
        (1, "commend"),
        (1, "criticise"),
        (1, "weight.report"),
        (2, "weight.work"),
        (3, "rank.fewest"),
        (5, "rank.fewer"),
    ];
    for place in expected {
        assert!(places.contains(&place), "{place:?}: {places:?}");
    }
    assert_eq!(places.len(), expected.len(), "{places:?}");
}

#[test]
fn a_folder_from_before_there_was_scoring_has_the_rules_as_shipped() {
    let dir = TempDir::new().unwrap();
    for (name, text) in &SHIPPED[..3] {
        fs::write(dir.path().join(name), text).unwrap();
    }
    let old = load_schedules(&Folder::Disk(dir.path().to_owned())).unwrap();
    let shipped = load_schedules(&Folder::schedules()).unwrap();
    assert_eq!(old.scoring.rules, shipped.scoring.rules);
}

#[test]
fn what_no_plan_knows_is_pointed_out() {
    let dir = TempDir::new().unwrap();
    for (name, text) in SHIPPED {
        fs::write(dir.path().join(name), text).unwrap();
    }
    let file = dir.path().join("scoring.toml");
    let text = SHIPPED[3]
        .1
        .replace("[\"IV.1.b\"]", "[\"IV.1.b\", \"IV.9\"]");
    let joined = "[[joined]]\nagency = \"SXDD\"\non = \"2020-05-01\"\ndocument = \"15/NQ-HĐND\"\n";
    fs::write(file, format!("{text}\n{joined}")).unwrap();
    let schedules = load_schedules(&Folder::Disk(dir.path().to_owned())).unwrap();
    let plan = load_plan(&Folder::seeds(), &schedules.calendar).unwrap();
    let unknown = schedules.scoring.unknown([(&plan.plan, &plan.directory)]);
    let words: Vec<_> = unknown.iter().map(|one| one.problem.as_str()).collect();
    assert_eq!(
        words,
        [
            "the plan quang-nam-2020 has no task IV.9",
            "no plan has an agency SXDD"
        ]
    );
    assert_eq!(
        schedules.scoring.unknown([]).len(),
        1,
        "another plan may have any task"
    );
}
