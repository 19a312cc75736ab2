//! The examples of `--help` are run as they stand, on the seeds, in a folder of their own.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A shell in a folder where `dondoc` is the one under test.
fn shell(folder: &Path, line: &str) -> Command {
    let program = Path::new(env!("CARGO_BIN_EXE_dondoc"));
    let mut command = Command::new("sh");
    command
        .args([
            "-c",
            &line.replace("dondoc ", &format!("{} ", program.display())),
        ])
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn help(command: &str) -> String {
    let output = shell(Path::new("."), &format!("dondoc {command} --help"))
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// The lines behind `Example:` or `Examples:`, without the words that explain them; a line that was wrapped is one line.
fn examples(command: &str) -> Vec<String> {
    let help = help(command);
    let (_, block) = help
        .split_once("\nExample")
        .unwrap_or_else(|| panic!("{command} has no example:\n{help}"));
    let lines = block.lines().skip(1).take_while(|line| !line.is_empty());
    let mut found: Vec<String> = Vec::new();
    for line in lines {
        let line = line.trim();
        match found.last_mut() {
            Some(before) if !line.starts_with("dondoc ") => *before = format!("{before} {line}"),
            _ => found.push(line.to_owned()),
        }
    }
    assert!(!found.is_empty(), "{command}");
    let line = |text: &String| text.split("  ").next().unwrap().to_owned();
    found.iter().map(line).collect()
}

/// A folder with what the examples speak of.
fn stage() -> TempDir {
    let folder = TempDir::new().unwrap();
    let plan = folder.path().join("plans/2026");
    fs::create_dir_all(&plan).unwrap();
    for file in ["plan.toml", "agencies.toml", "contacts.toml"] {
        fs::copy(format!("seeds/quang-nam-2020/{file}"), plan.join(file)).unwrap();
    }
    fs::write(folder.path().join("cells.txt"), "Quý I/2020\ntrước 15/9\n").unwrap();
    folder
}

fn has(program: &str) -> bool {
    let found = Command::new("sh")
        .args(["-c", &format!("command -v {program}")])
        .output()
        .unwrap();
    found.status.success()
}

#[track_caller]
fn assert_runs(folder: &TempDir, example: &str) {
    // Where jq is not installed, what is piped into it is still run.
    let example = match example.split_once(" | jq") {
        Some((before, _)) if !has("jq") => before,
        _ => example,
    };
    let Output { status, stderr, .. } = shell(folder.path(), example).output().unwrap();
    let words = String::from_utf8_lossy(&stderr);
    assert!(status.success(), "{example}: {words}");
    assert_eq!(words, "", "{example}");
}

macro_rules! examples_run {
    ($($command:ident)*) => {
        $(
            #[test]
            fn $command() {
                let folder = stage();
                for example in examples(stringify!($command)) {
                    assert_runs(&folder, &example);
                }
            }
        )*
    };
}

examples_run! {
    check deadline calendar simulate brief status report digest rank draft contact config verify export audit doctor migrate
    completions man
}

#[test]
fn every_command_is_among_them() {
    let help = help("");
    let (_, commands) = help.split_once("Commands:\n").unwrap();
    let named = commands.lines().take_while(|line| line.starts_with("  "));
    let mut named: Vec<&str> = named
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    named.sort_unstable();
    let mut tested = [
        "check",
        "deadline",
        "calendar",
        "simulate",
        "brief",
        "status",
        "report",
        "replan",
        "stocktake",
        "decide",
        "amend",
        "audit",
        "digest",
        "rank",
        "draft",
        "explain",
        "contact",
        "config",
        "completions",
        "man",
        "inbox",
        "outbox",
        "evidence",
        "verify",
        "export",
        "run",
        "understand",
        "doctor",
        "backup",
        "restore",
        "migrate",
        "export-contact",
        "erase-contact",
    ];
    tested.sort_unstable();
    assert_eq!(named, tested);
}

#[test]
fn what_is_missing_on_the_command_line_is_named_with_every_way_to_give_it() {
    let folder = stage();
    for (line, parts) in [
        (
            "dondoc export --out e",
            &["--agency", "--task", "--all"][..],
        ),
        ("dondoc draft reminder --out e", &["AGENCY", "--all"]),
    ] {
        let output = shell(folder.path(), line).output().unwrap();
        let words = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{line}: {words}");
        let (_, named) = words.split_once("not provided:").unwrap();
        let (named, _) = named.split_once("Usage:").unwrap();
        for part in parts {
            assert!(named.contains(part), "{line} {part}: {words}");
        }
    }
}

#[test]
fn the_vietnamese_readme_names_every_command() {
    let readme = include_str!("../../../README.vi.md");
    let help = help("");
    let (_, commands) = help.split_once("Commands:\n").unwrap();
    for line in commands.lines().take_while(|line| line.starts_with("  ")) {
        let command = line.split_whitespace().next().unwrap();
        let ways = [format!("`dondoc {command}"), format!("`{command}`")];
        assert!(ways.iter().any(|way| readme.contains(way)), "{command}");
    }
}

#[test]
fn backup_and_restore() {
    let folder = stage();
    // Without a configuration a look makes no database.
    let file = folder.path().join("dondoc.toml");
    fs::write(file, "database = \"dondoc.db\"\n").unwrap();
    assert_runs(&folder, "dondoc migrate");
    for example in examples("backup") {
        assert_runs(&folder, &example);
    }
    fs::write(
        folder.path().join("other.toml"),
        "database = \"other.db\"\n",
    )
    .unwrap();
    for example in examples("restore") {
        assert_runs(&folder, &example);
    }
    assert!(folder.path().join("other.db").exists());
}

#[test]
fn a_person() {
    let folder = stage();
    let [export] = examples("export-contact").try_into().unwrap();
    assert_runs(&folder, &export);
    assert_runs(
        &folder,
        "dondoc contact add stp.officer2 STP officer 'Chuyên viên' --at email=cv2@stp.example",
    );
    for example in examples("erase-contact") {
        assert_runs(&folder, &example);
    }
    // Whoever stands in a file would come back, and nobody is erased by accident.
    for (contact, how) in [("stp.officer", "--yes"), ("stp.officer2", "")] {
        let line = format!("dondoc erase-contact {contact} {how}");
        let output = shell(folder.path(), &line).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{line}");
    }
}

#[test]
fn understand() {
    let folder = stage();
    let replies = "{\"text\":\"II.2 xong\"}\n{\"text\":\"chưa xong\",\"sent\":\"2020-03-10\"}\n";
    fs::write(folder.path().join("replies.jsonl"), replies).unwrap();
    for example in examples("understand") {
        assert_runs(&folder, &example);
    }
}

#[test]
fn decide() {
    let folder = stage();
    // The days of the plan's year are over.
    let plan = folder.path().join("plans/2026/plan.toml");
    let written = fs::read_to_string(&plan).unwrap();
    let bounded = written.replacen(
        "[[group]]",
        "[extensions]\nlatest = \"2031-12-31\"\n\n[[group]]",
        1,
    );
    fs::write(&plan, bounded).unwrap();
    let config = "database = \"dondoc.db\"\nplans = [\"plans/2026\"]\n";
    fs::write(folder.path().join("dondoc.toml"), config).unwrap();
    let examples = examples("decide");
    let (list, orders) = examples.split_first().unwrap();
    assert_runs(&folder, list);
    for example in orders {
        let output = shell(folder.path(), example).output().unwrap();
        // Nothing waits in a fresh province: only a day that is given extends anything, and can be revoked.
        let works = example.contains("--until") || example.contains("revoke");
        let expected = if works { 0 } else { 2 };
        let words = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(expected), "{example}: {words}");
    }
}

#[test]
fn stocktake() {
    let folder = stage();
    // What is configured is met for the first time, long after its days.
    let config = "database = \"dondoc.db\"\nplans = [\"plans/2026\"]\n";
    fs::write(folder.path().join("dondoc.toml"), config).unwrap();
    assert_runs(&folder, "dondoc report VII.14 SNV done");
    for example in examples("stocktake") {
        assert_runs(&folder, &example);
    }
    let table = fs::read_to_string(folder.path().join("ra-soat.csv")).unwrap();
    assert!(table.lines().count() > 500, "{table}");
}

#[test]
fn amend() {
    let folder = stage();
    for example in examples("amend") {
        assert_runs(&folder, &example);
    }
}

#[test]
fn explain() {
    let folder = stage();
    let [by_name, by_number] = examples("explain").try_into().unwrap();
    assert_runs(&folder, &by_name);
    let output = shell(folder.path(), &by_number).output().unwrap();
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn inbox() {
    let folder = stage();
    let [list, retry, put_aside] = examples("inbox").try_into().unwrap();
    assert_runs(&folder, &list);
    for example in [retry, put_aside] {
        let output = shell(folder.path(), &example).output().unwrap();
        assert_eq!(
            output.status.code(),
            Some(2),
            "nothing has come in: {example}"
        );
    }
}

#[test]
fn outbox() {
    let folder = stage();
    for example in examples("outbox") {
        let output = shell(folder.path(), &example).output().unwrap();
        let words = String::from_utf8_lossy(&output.stderr);
        // Nothing is in a fresh outbox: there is only a list to be looked at.
        let expected = if example.contains(" list") { 0 } else { 2 };
        assert_eq!(output.status.code(), Some(expected), "{example}: {words}");
        assert!(
            expected == 0 || words.contains("there is no"),
            "{example}: {words}"
        );
    }
}

#[test]
fn evidence() {
    let folder = stage();
    let [list, fetch] = examples("evidence").try_into().unwrap();
    assert_runs(&folder, &list);
    let output = shell(folder.path(), &fetch).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "nobody has sent a file");
}

#[test]
fn run() {
    let folder = stage();
    let [config, run] = examples("run").try_into().unwrap();
    assert_runs(&folder, &config);
    // "then name the mail relay in it"; the console needs none.
    let file = folder.path().join("dondoc.toml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("enabled = false", "enabled = true")).unwrap();
    let log = folder.path().join("log");
    let mut daemon = Daemon(
        shell(folder.path(), &format!("exec {run} 2>log"))
            .spawn()
            .unwrap(),
    );
    let since = Instant::now();
    let mut stopped = false;
    while daemon.0.try_wait().unwrap().is_none() {
        let said = fs::read_to_string(&log).unwrap_or_default();
        assert!(since.elapsed() < Duration::from_secs(90), "{said}");
        if said.contains("started") && !stopped {
            let id = daemon.0.id().to_string();
            stopped = Command::new("kill")
                .args(["-TERM", &id])
                .status()
                .unwrap()
                .success();
        }
        std::thread::yield_now();
    }
    assert!(
        daemon.0.wait().unwrap().success(),
        "{}",
        fs::read_to_string(&log).unwrap()
    );
}

/// Killed when the test ends.
struct Daemon(Child);

impl Drop for Daemon {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
