//! Who may decide at the command line, as the plan says, and what the others are told.

use std::fmt::Write as _;

use super::daemon::{printed, said};
use super::province::Province;
use crate::support::db::on_both_databases;

const CONSOLE: &str = "[console]\nenabled = true\n";

/// What is told, and the exit code.
fn told(province: &Province, args: &[&str]) -> (i32, String) {
    let output = said(province, args);
    let all = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    (output.status.code().unwrap(), all)
}

/// A plan on whose extensions the leader decides, with people of the monitor and of the issuer.
async fn province(url: &str) -> Province {
    let province = Province::new(2, url, CONSOLE).await;
    let latest = province.another_year();
    let extensions =
        format!("[extensions]\ndecides = \"leader\"\nlatest = \"{latest}\"\n\n[[group]]");
    province.edit("plan/plan.toml", "[[group]]", &extensions);
    let mut people = std::fs::read_to_string(province.path("plan/contacts.toml")).unwrap();
    for (id, agency, role) in [
        ("snv.officer", "SNV", "officer"),
        ("snv.head", "SNV", "head"),
        ("ubnd.head", "UBND", "head"),
    ] {
        write!(
            people,
            "[[contact]]\nid = \"{id}\"\nagency = \"{agency}\"\nrole = \"{role}\"\ntitle = \"{id}\"\n\
             channels = [\"email\"]\nemail = \"{id}@province.example\"\n\n"
        )
        .unwrap();
    }
    province.write("plan/contacts.toml", &people);
    printed(&province, &["status"]);
    province
}

on_both_databases! {
    async fn only_who_decides_by_the_plan_is_recorded_as_having_decided(test: TestDb) {
        let province = province(&test.url).await;
        let until = province.another_year();
        let extend = ["decide", "I.1", "A1", "extend", "--until", until.as_str(), "--by"];
        for contact in ["snv.officer", "snv.head", "a1.officer"] {
            let (code, words) = told(&province, &[&extend[..], &[contact]].concat());
            let says = format!("{contact} does not decide on an extension of A1: the head or a deputy of UBND does");
            assert!(code == 2 && words.contains(&says), "{code}: {words}");
        }
        printed(&province, &[&extend[..], &["ubnd.head"]].concat());
        let explained = printed(&province, &["explain", "I.1", "A1"]);
        assert!(explained.contains("ubnd.head"), "{explained}");

        // A document: what moves a day is the leader's, all else may be recorded by the monitor too.
        let due = ["amend", "due", "I.1", "--to", until.as_str(), "--document", "905/QĐ-UBND", "--agencies", "a2", "--by"];
        let (code, words) = told(&province, &[&due[..], &["snv.head"]].concat());
        let says = "snv.head does not change what A2 owes: the head or a deputy of UBND does";
        assert!(code == 2 && words.contains(says), "{code}: {words}");
        printed(&province, &[&due[..], &["ubnd.head"]].concat());
        let suspend = ["amend", "suspend", "I.1", "--document", "906/QĐ-UBND", "--agencies", "A2", "--by", "snv.officer"];
        printed(&province, &suspend);
        let revoke = ["amend", "revoke", "1", "--by", "snv.officer"];
        let (code, words) = told(&province, &revoke);
        assert!(code != 0, "{words}");
    }

    async fn an_agency_that_is_not_there_is_refused_with_the_likely_one(test: TestDb) {
        let province = province(&test.url).await;
        for args in [
            &["evidence", "list", "--agency", "A11"][..],
            &["amend", "suspend", "I.1", "--document", "1/QĐ", "--agencies", "A11"],
            &["amend", "transfer", "I.1", "--document", "1/QĐ", "--from", "A11", "--to", "A2"],
            &["amend", "transfer", "--document", "1/QĐ", "--from", "A11", "--to", "A2"],
            &["amend", "transfer", "I.1", "--document", "1/QĐ", "--from", "A1", "--to", "A11"],
        ] {
            let (code, words) = told(&province, args);
            let says = "no such agency: A11; did you mean A1";
            assert!(code == 2 && words.contains(says), "{args:?}: {code}: {words}");
        }
        printed(&province, &["evidence", "list", "--agency", "a1"]);
        let (code, words) = told(&province, &["amend", "suspend", "I.1", "--document", "1/QĐ", "--agencies", "Sở số 1, Sở Ma"]);
        assert!(code == 2 && words.contains("is no agency of plan p"), "{code}: {words}");
    }
}
