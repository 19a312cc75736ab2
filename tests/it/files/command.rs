//! The commands that read files, run as a person runs them.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use super::Small;

/// Runs `dondoc` in an empty folder, so that no configuration of the machine plays a part.
fn dondoc(args: &[&str], input: &[u8]) -> Output {
    let folder = TempDir::new().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_dondoc"))
        .args(args)
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = std::thread::spawn(move || {
        // A command that does not read its input closes the pipe; that is its right.
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

fn json_lines(output: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&output.stdout).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

#[test]
fn what_only_looks_makes_no_database() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("dondoc.toml"), "database = \"d.db\"\n").unwrap();
    for args in [
        &["status", "--task", "II.2"][..],
        &["explain", "II.2/1", "STP"],
        &["contact", "list"],
    ] {
        let mut dondoc = Command::new(env!("CARGO_BIN_EXE_dondoc"));
        let output = dondoc
            .args(args)
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{args:?}: {output:?}");
        assert!(!folder.path().join("d.db").exists(), "{args:?}");
    }
}

#[test]
fn status_of_a_task_that_no_plan_has_is_an_error() {
    let output = dondoc(&["status", "--task", "II.99"], b"");
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("did you mean II.9"), "{said}");
}

#[test]
fn all_that_is_wrong_with_a_file_of_answers_is_told_at_once() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("answers.jsonl");
    let lines = [
        r#"{"on": "2020-13-01", "agency": "STPP", "task": "II.2", "milestone": 9, "status": "done"}"#,
        r#"{"on": "2020-03-02", "agency": "STP", "task": "II.99", "status": "done"}"#,
        r#"{"on": "2020-03-02", "agency": "STP"}"#,
    ];
    std::fs::write(&file, lines.join("\n")).unwrap();
    let output = dondoc(&["simulate", "--answers", file.to_str().unwrap()], b"");
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    for part in [
        ":1: no such day",
        ":1: no such agency: STPP",
        ":1: task II.2 has no milestone 9",
        ":2: no plan has a task II.99",
        ":3: not an answer: missing field",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(!said.contains("column"), "{said}");
}

#[test]
fn deadline_answers_every_line_in_order_whatever_it_holds() {
    let long = "x".repeat(70_000);
    let lines: [&[u8]; 8] = [
        b"Qu\xc3\xbd I/2020",
        b"",
        b"\xff\xfe junk",
        b"\0",
        long.as_bytes(),
        b"tr\xc6\xb0\xe1\xbb\x9bc 15/9\r",
        b"{\"a\":1}",
        b"last, no line end",
    ];
    let output = dondoc(
        &["deadline", "--year", "2020", "--json"],
        &lines.join(&b'\n'),
    );
    assert!(output.status.success());
    let answers = json_lines(&output);
    let understood: Vec<bool> = answers
        .iter()
        .map(|answer| answer["understood"].as_bool().unwrap())
        .collect();
    assert_eq!(
        understood,
        [true, false, false, false, false, true, false, false]
    );
    assert_eq!(answers[1]["phrase"], "");
    assert!(
        answers[2]["problem"]
            .as_str()
            .unwrap()
            .contains("not UTF-8 at byte 1"),
        "{}",
        answers[2]
    );
    assert!(
        answers[4]["problem"]
            .as_str()
            .unwrap()
            .contains("longer than"),
        "{}",
        answers[4]
    );
    assert_eq!(answers[5]["phrase"], "trước 15/9");
    assert_eq!(answers[5]["milestones"][0]["due_on"], "2020-09-14");
}

#[test]
fn deadline_prints_its_keys_in_the_order_agreed() {
    let output = dondoc(
        &["deadline", "--year=2020", "--json", "Tháng 4/2020", "?"],
        b"",
    );
    let answers = json_lines(&output);
    assert_eq!(
        keys(&answers[0]),
        ["phrase", "understood", "milestones", "problem"]
    );
    let milestone = &answers[0]["milestones"][0];
    assert_eq!(
        keys(milestone),
        ["kind", "label", "opens_on", "due_on", "act_by", "rule"]
    );
    assert_eq!(
        (&milestone["due_on"], &milestone["act_by"]),
        (&"2020-04-30".into(), &"2020-04-29".into())
    );
    assert_eq!(answers[0]["problem"], Value::Null);
    assert_eq!(answers[1]["milestones"], Value::Array(Vec::new()));
}

#[test]
fn deadline_takes_the_year_from_the_day_of_issue() {
    let due = |args: &[&str]| {
        let output = dondoc(&[&["deadline", "--json"], args].concat(), b"");
        json_lines(&output)[0]["milestones"][0]["due_on"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(due(&["--issued", "2020-02-10", "Quý III"]), "2020-09-30");
    assert_eq!(due(&["--issued", "2019-12-31", "Quý III"]), "2020-09-30");
    assert_eq!(
        due(&[
            "--issued",
            "2019-12-31",
            "--year",
            "2020",
            "chậm nhất 30 ngày kể từ ngày ban hành"
        ]),
        "2020-01-30"
    );
    assert_eq!(
        due(&["--year", "2020", "--inclusive", "trước 15/9"]),
        "2020-09-15"
    );
}

#[test]
fn check_of_the_shipped_plan_is_fine_and_shows_the_table() {
    let output = dondoc(&["check", "--json"], b"");
    assert!(output.status.success());
    let [report] = json_lines(&output).try_into().unwrap();
    assert_eq!(keys(&report), ["plan", "tasks", "problems", "warnings"]);
    assert_eq!(keys(&report["plan"]), ["id", "number", "issued_on", "year"]);
    let tasks = report["tasks"].as_array().unwrap();
    assert_eq!(tasks.len(), 52);
    assert_eq!(
        keys(&tasks[0]),
        [
            "id",
            "content",
            "product",
            "deadline",
            "lead",
            "coordinate",
            "milestones",
            "agencies"
        ]
    );
    assert_eq!(
        keys(&tasks[0]["milestones"][0]),
        [
            "id", "kind", "label", "opens_on", "due_on", "act_by", "rule"
        ]
    );
    assert_eq!(report["problems"], Value::Array(Vec::new()));

    let table = String::from_utf8(dondoc(&["check"], b"").stdout).unwrap();
    assert!(table.contains("IV.1.b/1    due 2020-01-30 Thu"), "{table}");
    assert!(table.contains("52 tasks, "), "{table}");
}

#[test]
fn check_of_a_broken_plan_is_still_json_and_exits_with_2() {
    let small = Small::new();
    small.edit("plan.toml", "monitor = \"SNV\"", "monitor = \"XYZ\"");
    let folder = small.path().to_str().unwrap();
    let output = dondoc(&["check", "--json", "--plan", folder], b"");
    assert_eq!(output.status.code(), Some(2));
    let [report] = json_lines(&output).try_into().unwrap();
    assert_eq!(
        (&report["plan"], &report["tasks"]),
        (&Value::Null, &Value::Array(Vec::new()))
    );
    let [problem] = report["problems"].as_array().unwrap().as_slice() else {
        panic!("{report}")
    };
    assert_eq!(keys(problem), ["file", "line", "key", "problem", "remedy"]);
    assert_eq!(problem["line"], 8);

    let output = dondoc(&["check", "--plan", folder], b"");
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("plan.toml:8  plan.monitor"), "{text}");
}

#[test]
fn check_of_a_broken_configuration_tells_its_problems_and_those_of_the_plan() {
    let small = Small::new();
    small.edit("plan.toml", "monitor = \"SNV\"", "monitor = \"XYZ\"");
    small.write("dondoc.toml", "datbase = \"x\"\n");
    let config = small.path().join("dondoc.toml");
    let args = [
        "check",
        "--json",
        "--config",
        config.to_str().unwrap(),
        "--plan",
        small.path().to_str().unwrap(),
    ];
    let output = dondoc(&args, b"");
    assert_eq!(output.status.code(), Some(2));
    let files: Vec<String> = json_lines(&output)[0]["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|problem| {
            Path::new(problem["file"].as_str().unwrap())
                .file_name()
                .unwrap()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    assert_eq!(files, ["dondoc.toml", "plan.toml"]);
}

#[test]
fn calendar_says_where_its_days_come_from_and_when_they_are_provisional() {
    let text = String::from_utf8(dondoc(&["calendar", "2020"], b"").stdout).unwrap();
    assert!(text.starts_with("2020: official\nsource: "), "{text}");
    assert!(text.contains("2020-01-23 Thu  Tết Nguyên đán"), "{text}");
    let text = String::from_utf8(dondoc(&["calendar", "2030"], b"").stdout).unwrap();
    assert!(
        text.contains("is not in calendar.toml") && text.contains("provisional"),
        "{text}"
    );
    let output = dondoc(&["calendar", "2026", "--json"], b"");
    let [year] = json_lines(&output).try_into().unwrap();
    assert_eq!(keys(&year), ["year", "status", "source", "note", "days"]);
    assert_eq!(
        keys(&year["days"][0]),
        ["on", "weekday", "kind", "name", "source", "confirmed"]
    );
    let worked = year["days"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|day| day["kind"] == "worked")
        .count();
    assert_eq!(worked, 2);
    assert_eq!(dondoc(&["calendar", "1500"], b"").status.code(), Some(2));
}

#[test]
fn config_prints_what_it_reads() {
    let output = dondoc(&["config"], b"");
    assert_eq!(output.stdout, dondoc::config::DEFAULT_FILE.as_bytes());
}
