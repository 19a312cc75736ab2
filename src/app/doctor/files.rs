//! What stands in files: configuration, plans, schedules, words, secrets.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

use chrono::Datelike as _;

use super::{CONFIGURATION, Finding, Findings, Patient, database_file};
use crate::app::counted::counted;
use crate::app::senders::NO_CHANNEL;
use crate::clock::local;
use crate::domain::calendar::YearStatus;

/// What `dondoc check` would say, in a line; the files were loaded, so that none has an error.
pub(super) fn configuration(patient: &Patient<'_>) -> Findings {
    const CHECK: &str = CONFIGURATION;
    let loaded = patient.loaded;
    let file = loaded.config.file.as_ref();
    let file = file.map_or("what is built in".to_owned(), |file| {
        file.display().to_string()
    });
    let plans = counted(loaded.setup.charges.len(), "plan");
    let mut found = vec![match loaded.warnings.len() {
        0 => Finding::ok(
            CHECK,
            format!("{file}, {plans}, schedules and messages are in order"),
        ),
        some => Finding::warn(
            CHECK,
            format!("{file}, {plans}: {}", counted(some, "warning")),
            "`dondoc check` names each with its file, line and remedy",
        ),
    }];
    match loaded.can_send() {
        Ok(true) => {}
        Ok(false) => found.push(Finding::warn(
            CHECK,
            "no channel is configured: `dondoc run` would not start",
            NO_CHANNEL,
        )),
        Err(problems) => found.extend(
            problems
                .errors
                .into_iter()
                .map(|one| Finding::fail(CHECK, one.problem, one.remedy)),
        ),
    }
    found
}

/// Files that nobody but the daemon may read.
pub(super) fn secrets(patient: &Patient<'_>) -> Findings {
    const CHECK: &str = "secrets";
    let mut files = patient.loaded.config.secret_files();
    files.extend(database_file(patient.loaded).map(ToOwned::to_owned));
    let mut found: Findings = Vec::new();
    let mut looked_at = 0;
    for file in files {
        let Ok(meta) = fs::metadata(&file) else {
            continue; // what is needed and not there is told with the channel
        };
        looked_at += 1;
        let mode = meta.permissions().mode() & 0o777;
        if is_open(mode, meta.uid()) {
            // Another mode would lock out the daemon, which is only of the group of a file of root.
            let keep = if meta.uid() == 0 { "640" } else { "600" };
            found.push(Finding::warn(
                CHECK,
                format!("{} can be read by others (mode {mode:03o})", file.display()),
                format!("chmod {keep} {}", file.display()),
            ));
        }
    }
    if found.is_empty() {
        let what = format!("{looked_at} files with secrets can be read by nobody else");
        found.push(Finding::ok(CHECK, what));
    }
    found
}

/// Whether others than the owner may use a file: of root's, its group may read it, as an installation makes them.
fn is_open(mode: u32, owner: u32) -> bool {
    let theirs = if owner == 0 { 0o037 } else { 0o077 };
    mode & theirs != 0
}

/// Holidays of this and the next year.
pub(super) fn holidays(patient: &Patient<'_>) -> Findings {
    const CHECK: &str = "holidays";
    const REMEDY: &str = "write what was published for state offices into calendar.toml of `schedules`; `dondoc calendar` shows what is known";
    let today = local(patient.now).date();
    let status = |year| patient.loaded.setup.calendar.year_status(year);
    let this_year = today.year();
    let this = match status(this_year) {
        YearStatus::Official { .. } => {
            Finding::ok(CHECK, format!("{this_year} as it was published"))
        }
        YearStatus::ByLaw { .. } => Finding::warn(
            CHECK,
            format!("{this_year} by the law alone: swapped days are not known"),
            REMEDY,
        ),
        YearStatus::FixedOnly { .. } | YearStatus::Absent => Finding::fail(
            CHECK,
            format!("{this_year} without Tết: briefs would go out on days off"),
            REMEDY,
        ),
    };
    let next_year = this_year + 1;
    // Next year's days are published in the autumn.
    let is_late = today.month() == 12;
    let next = match status(next_year) {
        YearStatus::Official { .. } => {
            Finding::ok(CHECK, format!("{next_year} as it was published"))
        }
        YearStatus::ByLaw { .. } if !is_late => Finding::ok(
            CHECK,
            format!("{next_year} by the law, until it is published"),
        ),
        YearStatus::ByLaw { .. } => Finding::warn(
            CHECK,
            format!("{next_year} by the law alone, and it begins soon"),
            REMEDY,
        ),
        YearStatus::FixedOnly { .. } | YearStatus::Absent => Finding::warn(
            CHECK,
            format!("{next_year} without Tết: deadlines there count wrongly"),
            REMEDY,
        ),
    };
    vec![this, next]
}

#[cfg(test)]
mod tests {
    use super::is_open;

    #[test]
    fn the_group_may_read_what_root_owns_and_nothing_else() {
        let (root, daemon) = (0, 990);
        assert!(!is_open(0o600, daemon) && is_open(0o640, daemon));
        assert!(!is_open(0o640, root) && !is_open(0o600, root));
        for mode in [0o644, 0o660, 0o650, 0o604] {
            assert!(is_open(mode, root), "{mode:o}");
        }
    }
}
