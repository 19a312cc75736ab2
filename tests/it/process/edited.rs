//! A plan file that was edited while the plan is followed: nothing takes it in silence.

use super::daemon::{Running, printed, said};
use super::province::Province;
use crate::support::db::on_both_databases;

const CONSOLE: &str = "[console]\nenabled = true\n";

/// What is told, and the exit code.
fn told(province: &Province, args: &[&str]) -> (i32, String) {
    let output = said(province, args);
    let all = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    (output.status.code().unwrap(), all)
}

on_both_databases! {
    async fn a_day_or_an_agency_that_was_edited_is_refused_until_it_is_put_right(test: TestDb) {
        let province = Province::new(3, &test.url, CONSOLE).await;
        printed(&province, &["report", "I.1", "A2", "done", "--document", "1/KH-A2"]);
        let as_printed = std::fs::read_to_string(province.path("plan/plan.toml")).unwrap();
        let other = province.another_day();

        province.edit("plan/plan.toml", "\"A1\", \"A2\", ", "\"A2\", ");
        let (code, words) = told(&province, &["report", "I.1", "A3", "done"]);
        assert!(code == 2 && words.contains("I.1/1 of A1: followed, and by the files A1 does not lead it"), "{words}");
        let (code, words) = told(&province, &["amend", "correct", "--reason", "x"]);
        assert!(code == 2 && words.contains("put plan.toml back"), "{words}");

        province.write("plan/plan.toml", &as_printed.replace("Rà soát văn bản.", "Rà soát các văn bản."));
        printed(&province, &["digest", "--json"]);
        province.write_plan(&other.format("%-d/%-m/%Y").to_string());
        let was = told(&province, &["status"]).1;
        let says = format!("I.1/1 of A1, A2, A3: due {}, by the files {other}", was_due(&was));
        for command in [&["report", "I.1", "A3", "done"][..], &["digest"], &["rank", "--quarter", "1"], &["contact", "remove", "a1.officer"]] {
            let (code, words) = told(&province, command);
            assert!(code == 2 && words.contains(&says) && words.contains("dondoc amend correct"), "{command:?} {code}: {words}");
        }
        let mut daemon = Running::start(&province);
        assert_eq!(daemon.ended().await.code(), Some(2), "{}", daemon.log());
        assert!(daemon.log().contains(&says), "{}", daemon.log());

        let (code, words) = told(&province, &["amend", "correct", "--reason", " "]);
        assert!(code == 2 && words.contains("--reason"), "{words}");
        let correct = ["amend", "correct", "--reason", "Chép nhầm"];
        let dry = printed(&province, &[&correct[..], &["--dry-run"]].concat());
        assert!(dry.contains("3 would be changed; nothing was") && dry.contains("a1.officer by email"), "{dry}");
        let done = printed(&province, &correct);
        assert!(done.contains("3 changed") && done.contains("SIGHUP"), "{done}");
        printed(&province, &["report", "I.1", "A3", "done"]);
        assert_eq!(told(&province, &["verify"]).0, 0);
        let list = printed(&province, &["amend", "list"]);
        assert!(list.contains("12/QĐ-UBND") && list.contains("Chép nhầm"), "{list}");
    }
}

/// The due day of the first row of `dondoc status`.
fn was_due(status: &str) -> &str {
    let row = status.lines().find(|line| line.contains("I.1/1"));
    row.unwrap().split_whitespace().nth(3).unwrap()
}
