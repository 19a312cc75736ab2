//! Any files of a plan: what is loaded is whole, and what is not says where and what to do.
//!
//! Input: plan.toml, agencies.toml and contacts.toml, each behind the one before and a line `#---#`.
#![no_main]

use std::collections::HashSet;
use std::fs;
use std::sync::LazyLock;

use dondoc::domain::calendar::Calendar;
use dondoc::domain::plan::MilestoneKind;
use dondoc::files::{Folder, Loaded, Problems, load_plan, load_schedules};
use libfuzzer_sys::fuzz_target;
use tempfile::TempDir;

const FILES: [&str; 3] = ["plan.toml", "agencies.toml", "contacts.toml"];
const BETWEEN: &[u8] = b"#---#\n";

static FOLDER: LazyLock<TempDir> = LazyLock::new(|| TempDir::new().expect("a folder"));
static CALENDAR: LazyLock<Calendar> = LazyLock::new(|| {
    load_schedules(&Folder::schedules())
        .expect("the schedules that are built in")
        .calendar
});

fuzz_target!(|data: &[u8]| {
    let mut rest = data;
    let mut written = Vec::new();
    for name in FILES {
        let end = rest.windows(BETWEEN.len()).position(|at| at == BETWEEN);
        let (file, behind) = end.map_or((rest, &b""[..]), |at| {
            (&rest[..at], &rest[at + BETWEEN.len()..])
        });
        fs::write(FOLDER.path().join(name), file).expect("the folder is ours");
        written.push(file.iter().filter(|byte| **byte == b'\n').count() + 1);
        rest = behind;
    }
    let folder = Folder::Disk(FOLDER.path().to_owned());
    match load_plan(&folder, &CALENDAR) {
        Ok(loaded) => check_loaded(&loaded),
        Err(problems) => {
            assert!(!problems.errors.is_empty(), "refused for no reason");
            check_places(&problems, &written);
            assert_eq!(
                load_plan(&folder, &CALENDAR).err(),
                Some(problems),
                "read twice, it is the same"
            );
        }
    }
});

fn check_places(problems: &Problems, lines: &[usize]) {
    for one in problems.errors.iter().chain(&problems.warnings) {
        let file = FILES.iter().position(|name| one.file.ends_with(name));
        let lines = lines[file.expect("a problem of one of the files")];
        assert!(
            (1..=lines).contains(&one.line),
            "{one} is not within {lines} lines"
        );
        assert!(!one.problem.is_empty() && !one.remedy.is_empty(), "{one}");
    }
}

fn check_loaded(loaded: &Loaded) {
    let plan = &loaded.plan;
    let known = |code| loaded.directory.find(code).is_some();
    assert!(known(&plan.issuer) && known(&plan.monitor));
    let mut tasks = HashSet::new();
    let mut milestones = HashSet::new();
    for task in &plan.tasks {
        assert!(tasks.insert(&task.id), "{} twice", task.id);
        assert!(task.agencies.iter().all(known), "{:?}", task.agencies);
        for milestone in &task.milestones {
            assert!(milestones.insert(&milestone.id), "{} twice", milestone.id);
            assert_eq!(
                milestone.kind == MilestoneKind::Due,
                milestone.due_on.is_some(),
                "{milestone:?}"
            );
            if let Some(due) = milestone.due_on {
                assert!(
                    milestone.act_by.is_some_and(|day| day <= due),
                    "{milestone:?}"
                );
                assert!(
                    milestone.opens_on.is_none_or(|day| day <= due),
                    "{milestone:?}"
                );
            }
        }
    }
    let mut people = HashSet::new();
    for contact in &loaded.contacts {
        assert!(people.insert(&contact.id), "{} twice", contact.id);
        assert!(known(&contact.agency), "{contact:?}");
        assert!(
            contact
                .channels
                .iter()
                .all(|(_, address)| !address.is_empty()),
            "{contact:?}"
        );
    }
}
