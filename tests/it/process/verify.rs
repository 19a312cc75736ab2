//! What an administrator sees of a ledger that was and was not tampered with.

use std::fs;

use serde_json::Value;

use super::daemon::{printed, said};
use super::province::Province;
use crate::support::db::{on_both_databases, tamper};

const CONSOLE: &str = "[console]\nenabled = true\n";

on_both_databases! {
    async fn a_ledger_is_proven_compared_with_a_noted_head_and_exported(test: TestDb) {
        let province = Province::new(2, &test.url, CONSOLE).await;
        assert_eq!(printed(&province, &["verify"]).lines().count(), 1);
        printed(&province, &["report", "I.1", "A1", "done", "--note", "=1+1"]);
        printed(&province, &["report", "I.1", "A2", "done"]);
        let told: Value = serde_json::from_str(&printed(&province, &["verify", "--json"])).unwrap();
        assert_eq!((&told["holds"], &told["count"]), (&true.into(), &2.into()));
        let (plan, head) = (told["plan"].as_str().unwrap(), told["head"].as_str().unwrap());
        printed(&province, &["report", "I.1", "A2", "open", "--note", "Thiếu phụ lục"]);
        let words = printed(&province, &["verify", "--plan", plan, "--head", head, "--count", "2"]);
        assert!(words.contains("3 lines, none altered") && words.contains("the noted head is among them"), "{words}");
        for (args, code, words) in [
            (&["verify", "--head", head, "--count", "3"][..], 2, "the noted head is that of line 2, and --count says 3"),
            (&["verify", "--head", &"0".repeat(64), "--count", "3"], 1, "BROKEN, the noted head: line 3"),
            (&["verify", "--head", "abc"], 2, "is no head"),
            (&["verify", "--count", "2"], 2, "--head"),
            (&["verify", "--plan", "none"], 2, "there is no plan none"),
            (&["export", "--agency", "A1", "--out", "a1"], 0, "1 of 3 lines, head"),
            (&["export", "--agency", "A1", "--out", "a1"], 2, "a1 is there already"),
            (&["export", "--agency", "../A1", "--out", "up"], 2, "no such agency: ../A1"),
            (&["export", "--out", "none"], 2, "--agency"),
            (&["export", "--all", "--task", "I.1", "--out", "none"], 2, "cannot be used with"),
        ] {
            let output = said(&province, args);
            let all = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
            assert_eq!(output.status.code(), Some(code), "{args:?}: {all}");
            assert!(all.contains(words), "{args:?}: {all}");
        }
        let ledger = fs::read_to_string(province.path("a1").join("ledger.jsonl")).unwrap();
        assert!(ledger.contains("=1+1") && !ledger.contains("A2"), "{ledger}");

        tamper(&test.db, "UPDATE events SET payload = '{}' WHERE id = (SELECT min(id) FROM events)").await;
        for args in [&["verify"][..], &["export", "--all", "--out", "all"]] {
            let output = said(&province, args);
            let words = String::from_utf8(output.stdout).unwrap();
            assert_eq!(output.status.code(), Some(1), "{words}");
            assert!(words.contains("BROKEN, event "), "{words}");
        }
        let manifest = fs::read_to_string(province.path("all").join("manifest.json")).unwrap();
        assert!(manifest.contains("\"holds\": false"), "{manifest}");
    }

    async fn what_was_removed_from_the_table_of_what_is_owed_is_named(test: TestDb) {
        let province = Province::new(3, &test.url, CONSOLE).await;
        printed(&province, &["report", "I.1", "A1", "done"]);
        let told = printed(&province, &["verify"]);
        assert!(told.contains("where that was rewritten too only by one that was noted elsewhere"), "{told}");
        tamper(&test.db, "DELETE FROM obligations WHERE agency = 'A2'").await;
        let output = said(&province, &["verify"]);
        let told = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!(told.contains("REMOVED PAST THE LEDGER: 1") && told.contains("I.1/1 of A2: the files of the plan name it"), "{told}");
        let json: Value = serde_json::from_slice(&said(&province, &["verify", "--json"]).stdout).unwrap();
        assert_eq!((&json["holds"], json["missing"].as_array().unwrap().len()), (&false.into(), 1));
    }
}
