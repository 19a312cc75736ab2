//! Files of any bytes: never a panic, and never half a plan.

use std::fs;

use dondoc::files::{Folder, load_plan, load_schedules};
use proptest::prelude::*;
use tempfile::TempDir;

use super::calendar;

const FILES: [(&str, &str); 6] = [
    (
        "plan.toml",
        include_str!("../../../seeds/quang-nam-2020/plan.toml"),
    ),
    (
        "agencies.toml",
        include_str!("../../../seeds/quang-nam-2020/agencies.toml"),
    ),
    (
        "contacts.toml",
        include_str!("../../../seeds/quang-nam-2020/contacts.toml"),
    ),
    (
        "calendar.toml",
        include_str!("../../../schedules/calendar.toml"),
    ),
    (
        "ladder.toml",
        include_str!("../../../schedules/ladder.toml"),
    ),
    ("jobs.toml", include_str!("../../../schedules/jobs.toml")),
];

/// What somebody may do to a file.
#[derive(Clone, Debug)]
enum Damage {
    Cut(prop::sample::Index, usize),
    Insert(prop::sample::Index, Vec<u8>),
    Copy(prop::sample::Index, prop::sample::Index, usize),
}

fn damage() -> impl Strategy<Value = Damage> {
    let at = any::<prop::sample::Index>;
    let pieces = prop::sample::select(vec![
        &b"\""[..],
        b"\"\"\"",
        b"'''",
        b"[",
        b"]",
        b"[[",
        b"]]",
        b"{",
        b"}",
        b"=",
        b".",
        b",",
        b"\n",
        b"\r",
        b"#",
        b"\\",
        b"\0",
        b"\xff",
        b"\xc3",
        "\u{feff}".as_bytes(),
        "\u{301}".as_bytes(),
        b"[plan.id]",
        b"[[task.milestones]]",
        b"task.id = 1\n",
        b"milestones = [{ due_on = \"9999-12-31\" }]\n",
        b"milestones = [{ due_on = \"-999-01-01\" }]\n",
        b"year = -2147483648\n",
        b"year = 262142\n",
        b"0x",
        b"1e999",
        b"nan",
        b"2020-01-01",
        b"days = 4294967295\n",
    ])
    .prop_map(<[u8]>::to_vec);
    prop_oneof![
        (at(), 1..200usize).prop_map(|(at, length)| Damage::Cut(at, length)),
        (at(), pieces).prop_map(|(at, piece)| Damage::Insert(at, piece)),
        (at(), prop::collection::vec(any::<u8>(), 1..6))
            .prop_map(|(at, bytes)| Damage::Insert(at, bytes)),
        (at(), at(), 1..400usize).prop_map(|(from, to, length)| Damage::Copy(from, to, length)),
    ]
}

fn apply(bytes: &mut Vec<u8>, damage: &Damage) {
    let length = bytes.len() + 1;
    match damage {
        Damage::Cut(at, n) => {
            let at = at.index(length);
            bytes.drain(at..(at + n).min(bytes.len()));
        }
        Damage::Insert(at, piece) => {
            let at = at.index(length);
            bytes.splice(at..at, piece.iter().copied());
        }
        Damage::Copy(from, to, n) => {
            let (from, to) = (from.index(length), to.index(length));
            let piece = bytes[from..(from + n).min(bytes.len())].to_vec();
            bytes.splice(to..to, piece);
        }
    }
}

fn load_all(dir: &TempDir) -> Result<usize, usize> {
    let folder = Folder::Disk(dir.path().to_owned());
    let schedules = load_schedules(&folder);
    let calendar = schedules
        .as_ref()
        .map(|schedules| schedules.calendar.clone())
        .unwrap_or_default();
    match load_plan(&folder, &calendar) {
        Ok(loaded) => Ok(loaded.plan.tasks.len()),
        Err(problems) => Err(problems.errors.len()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_files_are_refused_with_problems_or_read_whole(
        file in 0..FILES.len(),
        damages in prop::collection::vec(damage(), 1..8),
    ) {
        let dir = TempDir::new().unwrap();
        for (index, (name, text)) in FILES.iter().enumerate() {
            let mut bytes = text.as_bytes().to_owned();
            if index == file {
                for damage in &damages {
                    apply(&mut bytes, damage);
                }
            }
            fs::write(dir.path().join(name), bytes).unwrap();
        }
        if let Err(problems) = load_all(&dir) {
            prop_assert!(problems > 0);
        }
    }

    #[test]
    fn any_bytes_are_refused_with_problems(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let dir = TempDir::new().unwrap();
        for (name, _) in FILES {
            fs::write(dir.path().join(name), &bytes).unwrap();
        }
        prop_assert!(load_all(&dir).is_err_and(|problems| problems > 0));
    }
}

#[test]
fn deep_nesting_does_not_exhaust_the_stack() {
    let dir = TempDir::new().unwrap();
    for (name, text) in FILES {
        fs::write(dir.path().join(name), text).unwrap();
    }
    for deep in [
        format!("a = {}", "[".repeat(1_000_000)),
        format!("[{}a]", "a.".repeat(200_000)),
        "a.".repeat(200_000),
    ] {
        fs::write(dir.path().join("plan.toml"), deep).unwrap();
        assert!(load_all(&dir).is_err());
    }
    assert!(!calendar().is_working_day("2020-01-25".parse().unwrap()));
}
