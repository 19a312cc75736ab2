//! Files -> domain values: what is refused, with which words, and that nothing makes it panic.

mod broken;
mod bytes;
mod command;
mod config;
mod config_zalo;
mod many;
mod schedules;
mod settled;
mod shipped;

use std::fs;
use std::path::Path;

use dondoc::domain::calendar::Calendar;
use dondoc::files::{Folder, Loaded, Problem, Problems, load_calendar, load_plan};
use tempfile::TempDir;

const PLAN: &str = include_str!("files/small/plan.toml");
const AGENCIES: &str = include_str!("files/small/agencies.toml");
const CONTACTS: &str = include_str!("files/small/contacts.toml");

/// A folder with a small plan, to be spoiled.
struct Small {
    dir: TempDir,
}

impl Small {
    fn new() -> Self {
        let dir = TempDir::new().unwrap();
        let small = Self { dir };
        small.write("plan.toml", PLAN);
        small.write("agencies.toml", AGENCIES);
        small.write("contacts.toml", CONTACTS);
        small
    }

    fn path(&self) -> &Path {
        self.dir.path()
    }

    fn text(&self, file: &str) -> String {
        fs::read_to_string(self.path().join(file)).unwrap()
    }

    fn write(&self, file: &str, text: impl AsRef<[u8]>) {
        fs::write(self.path().join(file), text).unwrap();
    }

    /// Replaces the first `from` in a file, which must be there.
    fn edit(&self, file: &str, from: &str, to: &str) {
        let text = self.text(file);
        assert!(text.contains(from), "{file} has no {from:?}");
        self.write(file, text.replacen(from, to, 1));
    }

    /// The line of `file` on which `words` stand first.
    #[track_caller]
    fn line_of(&self, file: &str, words: &str) -> usize {
        let text = self.text(file);
        let line = text.lines().position(|line| line.contains(words));
        line.unwrap_or_else(|| panic!("{file} has no line with {words:?}")) + 1
    }

    fn load(&self) -> Result<Loaded, Problems> {
        load_plan(&Folder::Disk(self.path().to_owned()), &calendar())
    }

    #[track_caller]
    fn problems(&self) -> Vec<Problem> {
        self.load().expect_err("the plan is spoiled").errors
    }
}

fn calendar() -> Calendar {
    load_calendar(&Folder::schedules()).unwrap()
}

/// File name, line and key of each problem.
fn places(problems: &[Problem]) -> Vec<(String, usize, &str)> {
    let name = |problem: &Problem| {
        problem
            .file
            .file_name()
            .unwrap()
            .to_string_lossy()
            .into_owned()
    };
    problems
        .iter()
        .map(|problem| (name(problem), problem.line, problem.key.as_str()))
        .collect()
}
