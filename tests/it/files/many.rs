//! Many mistakes at once: each is told once, in the order of the files, and none hides another.

use super::{Small, calendar, places};
use dondoc::files::{Folder, load_plan};

#[test]
fn twelve_mistakes_in_one_file_are_twelve_problems_on_their_lines() {
    let small = Small::new();
    small.write(
        "plan.toml",
        r#"[plan]
id = "Small 2020"
number = "12/QĐ-UBND"
titel = "Kế hoạch"
issued_on = "2020-13-15"
year = "2020"
issuer = "UBDN"
monitor = "SNV"
before = "never"

[[task]]
id = "I.1"
content = "Rà soát văn bản."
product = 5
deadline = "Quý II/2020"
lead = "Sở Nội vụ, Sở Tư phap"
coordinate = "ai cũng được"

[[task]]
id = "I.1"
content = ""
product = ""
deadline = "Quý II/2020"
coordinate = ""

[[tasks]]
"#,
    );
    assert_eq!(
        places(&small.problems()),
        [
            ("plan.toml".into(), 1, "plan.title"),
            ("plan.toml".into(), 2, "plan.id"),
            ("plan.toml".into(), 4, "plan.titel"),
            ("plan.toml".into(), 5, "plan.issued_on"),
            ("plan.toml".into(), 6, "plan.year"),
            ("plan.toml".into(), 7, "plan.issuer"),
            ("plan.toml".into(), 9, "plan.before"),
            ("plan.toml".into(), 12, "task[1].id"),
            ("plan.toml".into(), 14, "task[I.1].product"),
            ("plan.toml".into(), 16, "task[I.1].lead"),
            ("plan.toml".into(), 19, "task[I.1].lead"),
            ("plan.toml".into(), 20, "task[2].id"),
            ("plan.toml".into(), 20, "task[2].id"),
            ("plan.toml".into(), 21, "task[I.1].content"),
            ("plan.toml".into(), 26, "tasks"),
        ]
    );
}

#[test]
fn lines_that_are_not_toml_do_not_hide_the_others() {
    let small = Small::new();
    small.edit("plan.toml", "\"2020-01-15\"", "2020-01-15");
    small.edit("plan.toml", "\"Quý II/2020\"", "Quý II/2020");
    small.edit(
        "plan.toml",
        "\"Sở Nội vụ, Sở Tư pháp\"",
        "\"Sở Nội vụ, Sở Tư phap\"",
    );
    let lines = |words| small.line_of("plan.toml", words);
    assert_eq!(
        places(&small.problems()),
        [
            ("plan.toml".into(), lines("issued_on"), ""),
            ("plan.toml".into(), lines("Quý II"), ""),
            ("plan.toml".into(), lines("Tư phap"), "task[I.2].lead"),
        ]
    );
}

#[test]
fn problems_of_all_three_files_come_together() {
    let small = Small::new();
    small.edit("plan.toml", "monitor = \"SNV\"", "monitor = \"XYZ\"");
    small.edit("agencies.toml", "level = \"province\"", "level = \"tỉnh\"");
    small.edit("contacts.toml", "\"head\"", "\"boss\"");
    let files: Vec<String> = places(&small.problems())
        .into_iter()
        .map(|(file, ..)| file)
        .collect();
    assert_eq!(files, ["plan.toml", "agencies.toml", "contacts.toml"]);
}

#[test]
fn a_file_of_agencies_that_cannot_be_read_does_not_make_every_name_unknown() {
    let small = Small::new();
    small.edit("agencies.toml", "\"SNV\"\nname", "SNV\nname");
    assert_eq!(
        places(&small.problems()),
        [("agencies.toml".into(), 15, "")]
    );
    small.write("agencies.toml", "[[agency]\n");
    assert_eq!(places(&small.problems()), [("agencies.toml".into(), 1, "")]);
}

#[test]
fn missing_files_are_each_named() {
    let empty = tempfile::TempDir::new().unwrap();
    let problems = load_plan(&Folder::Disk(empty.path().to_owned()), &calendar())
        .unwrap_err()
        .errors;
    let names: Vec<String> = places(&problems)
        .into_iter()
        .map(|(file, ..)| file)
        .collect();
    assert_eq!(names, ["plan.toml", "agencies.toml", "contacts.toml"]);
    assert!(
        problems
            .iter()
            .all(|problem| problem.problem.contains("cannot be read"))
    );
}

#[test]
fn lines_that_are_not_utf_8_are_named() {
    let small = Small::new();
    let mut bytes = super::PLAN.as_bytes().to_owned();
    let at = super::PLAN.find("Rà soát").unwrap();
    bytes[at + 1] = 0xff;
    bytes.extend(b"# \xc3\n");
    small.write("plan.toml", bytes);
    let last = super::PLAN.lines().count() + 1;
    assert_eq!(
        places(&small.problems()),
        [("plan.toml".into(), 16, ""), ("plan.toml".into(), last, "")]
    );
    small.write("plan.toml", b"\xff\xfe[\0p\0l\0a\0n\0]\0");
    assert!(small.problems()[0].problem.contains("UTF-16"));
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_read() {
    let small = Small::new();
    for file in ["plan.toml", "agencies.toml", "contacts.toml"] {
        let text = small.text(file).replace('\n', "\r\n");
        small.write(file, format!("\u{feff}{text}"));
    }
    assert_eq!(small.load().unwrap().warnings, []);
    small.edit("plan.toml", "\"SNV\"", "\"XYZ\"");
    assert_eq!(small.problems()[0].line, 8);
}

#[test]
fn a_huge_file_and_a_folder_in_place_of_a_file_are_refused() {
    let small = Small::new();
    let huge = std::fs::File::create(small.path().join("plan.toml")).unwrap();
    huge.set_len(10 * 1024 * 1024 * 1024).unwrap();
    assert!(small.problems()[0].problem.contains("larger than 8 MB"));
    std::fs::remove_file(small.path().join("plan.toml")).unwrap();
    std::fs::create_dir(small.path().join("plan.toml")).unwrap();
    assert!(small.problems()[0].problem.contains("it is not a file"));
}

#[test]
fn a_file_of_a_thousand_mistakes_is_read_to_its_end() {
    let small = Small::new();
    let rows = "[[contact]]\nid = \"x\"\nagency = \"?\"\n".repeat(1000);
    small.write("contacts.toml", rows);
    let problems = small.problems();
    let lines: Vec<usize> = problems.iter().map(|problem| problem.line).collect();
    assert!(lines.is_sorted());
    // No role, title and channel, an unknown agency, and all but the first a second time.
    assert_eq!(problems.len(), 1000 * 5 - 1);
}
