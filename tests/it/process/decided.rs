//! Who may decide at the command line, as the plan says, and what the others are told.

use std::fmt::Write as _;

use super::daemon::{printed, said};
use super::province::Province;
use crate::support::db::on_both_databases;
use dondoc::clock::Clock;

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
        for verdict in [&["extend"][..], &["refuse", "--reason", "Phải ban hành trong quý I"], &["extend", "--dry-run"]] {
            let (code, words) = told(&province, &[&["decide", "I.1", "A1"][..], verdict].concat());
            let says = "the head or a deputy of UBND decides on an extension of A1, as the plan says";
            assert!(code == 2 && words.contains(says) && words.contains("--by ubnd.head"), "{verdict:?}: {code}: {words}");
        }
        for contact in ["snv.officer", "snv.head", "a1.officer"] {
            let (code, words) = told(&province, &[&extend[..], &[contact]].concat());
            let says = format!("{contact} does not decide on an extension of A1: the head or a deputy of UBND does");
            assert!(code == 2 && words.contains(&says), "{code}: {words}");
        }
        printed(&province, &[&extend[..], &["ubnd.head"]].concat());
        let explained = printed(&province, &["explain", "I.1", "A1"]);
        assert!(explained.contains("ubnd.head"), "{explained}");
        let says = "to come, if nothing is said, by the ladder in force since ";
        assert!(explained.contains(says), "{explained}");

        // A document: what moves a day is the leader's, all else may be recorded by the monitor too.
        let due = ["amend", "due", "I.1", "--to", until.as_str(), "--document", "905/QĐ-UBND", "--agencies", "a2", "--by"];
        let (code, words) = told(&province, &due[..due.len() - 1]);
        assert!(code == 2 && words.contains("with --by ubnd.head"), "{code}: {words}");
        let (code, words) = told(&province, &[&due[..], &["snv.head"]].concat());
        let says = "snv.head does not change what A2 owes: the head or a deputy of UBND does";
        assert!(code == 2 && words.contains(says), "{code}: {words}");
        printed(&province, &[&due[..], &["ubnd.head"]].concat());
        let (code, words) = told(&province, &["amend", "revoke", "1"]);
        assert!(code == 2 && words.contains("with --by ubnd.head"), "{code}: {words}");
        let suspend = ["amend", "suspend", "I.1", "--document", "906/QĐ-UBND", "--agencies", "A2", "--by", "snv.officer"];
        printed(&province, &suspend);
        let revoke = ["amend", "revoke", "1", "--by", "snv.officer"];
        let (code, words) = told(&province, &revoke);
        assert!(code != 0, "{words}");
    }

    async fn what_a_document_does_is_said_at_the_command_line_before_and_after(test: TestDb) {
        let province = province(&test.url).await;
        // A due day that has passed is a slip, unless it is meant.
        let (today, yesterday) = (Clock::System.today(), Clock::System.today().pred_opt().unwrap().to_string());
        let due = ["amend", "due", "I.1", "--to", yesterday.as_str(), "--document", "905/QĐ-UBND", "--by", "ubnd.head", "--dry-run"];
        let (code, words) = told(&province, &due);
        let says = format!("--to {yesterday} has passed, today is {today}");
        assert!(code == 2 && words.contains(&says) && words.contains("--past"), "{code}: {words}");
        // The day that it replaces had not come.
        let (code, words) = told(&province, &[&due[..], &["--past"]].concat());
        assert!(code == 2 && words.contains(", when I.1/1 of A1 is due, and another:") && words.contains("--earlier"), "{code}: {words}");
        let would = printed(&province, &[&due[..], &["--past", "--earlier"]].concat());
        assert!(would.contains("late at once, due before today: 2") && would.contains("2 would be changed"), "{would}");

        // A group stands for its members, by its code.
        let group = printed(&province, &[&["amend", "suspend", "I.1", "--document", "906/QĐ-UBND", "--agencies", "so"][..], &["--dry-run"]].concat());
        assert!(group.contains("2 would be changed; nothing was"), "{group}");

        // What the heir has done already takes the other's part with it, and says so; who is told, by what.
        printed(&province, &["report", "I.1", "A2", "done"]);
        let given = printed(&province, &["amend", "transfer", "I.1", "--from", "A1", "--to", "A2", "--document", "911/QĐ-UBND"]);
        let says = format!("I.1/1 of A1, open in time: A2 has done the same already, on {today}, so nobody owes or reports the part of A1");
        assert!(given.contains(&says) && given.contains("`dondoc report I.1/1 A2 open --note …`"), "{given}");
        assert!(given.contains("told in their next brief: a1.officer by email, a2.officer by email"), "{given}");
        let number = |words: &str| {
            let line = words.lines().find_map(|line| line.strip_prefix("amendment ")).unwrap();
            line.split(':').next().unwrap().to_owned()
        };
        let first = number(&given);
        let slip = ["amend", "suspend", "I.1", "--document", "906/QĐ-UBND", "--signed", "2200-12-16", "--dry-run"];
        let (code, words) = told(&province, &slip);
        assert!(code == 2 && words.contains("--signed 2200-12-16 has not come"), "{code}: {words}");
        // What was given away is not called cancelled when it comes back.
        let back = printed(&province, &["amend", "revoke", &first, "--dry-run"]);
        let row = back.lines().find(|line| line.starts_with("I.1/1") && line.contains(" A1 ")).unwrap();
        assert!(row.contains("transferred to A2") && !back.contains("cancelled"), "{back}");
        let json = printed(&province, &["amend", "revoke", &first, "--dry-run", "--json"]);
        assert!(json.contains("\"given_to\":[\"A2\"]") && !json.contains("\"state\":\"cancelled\""), "{json}");
        let second = number(&printed(&province, &["amend", "revoke", &first]));
        let (code, words) = told(&province, &["amend", "revoke", &first]);
        let says = format!("amendment {first} was taken back already, by amendment {second}");
        assert!(code == 2 && words.contains(&says), "{code}: {words}");
    }

    async fn an_agency_that_was_split_and_has_ended_is_told_with_who_follows(test: TestDb) {
        let province = Province::new(3, &test.url, CONSOLE).await;
        printed(&province, &["status"]);
        let split = ["amend", "transfer", "--from", "A1", "--to", "A2,UBND", "--document", "911/QĐ-UBND", "--ended"];
        let would = printed(&province, &[&split[..], &["--dry-run"]].concat());
        assert!(would.contains("1 would be changed; nothing was") && would.contains("transferred to A2, UBND"), "{would}");
        assert!(would.contains("A2 owes the same, and answers for both"), "{would}");
        printed(&province, &split);
        for (args, at) in [(&["status"][..], "standing"), (&["explain", "I.1", "A1"], "explain")] {
            let words = printed(&province, args);
            assert!(words.contains("transferred to A2, UBND") && !words.contains("cancelled"), "{at}: {words}");
        }
        let lines = printed(&province, &["status", "--agency", "A1", "--json"]);
        assert!(lines.contains(r#""state":"transferred""#) && lines.contains(r#""given_to":["A2","UBND"]"#), "{lines}");
        let owed = printed(&province, &["status", "--agency", "UBND"]);
        assert!(owed.contains("I.1/1"), "{owed}");
        printed(&province, &["export", "--agency", "A1", "--out", "all"]);
        let lines = std::fs::read_to_string(province.path("all/obligations.jsonl")).unwrap();
        assert!(lines.contains(r#""state":"transferred""#) && !lines.contains("cancelled"), "{lines}");
        // Nobody speaks for it, and no letter of a day since goes there.
        let today = Clock::System.today().to_string();
        for args in [
            &["contact", "add", "a1.new", "A1", "officer", "Chuyên viên", "--at", "email=n@province.example"][..],
            &["contact", "link", "a1.officer"],
            &["draft", "reminder", "A1", "--out", "."],
            &["draft", "report", "A1", "--quarter", "1", "--on", &today, "--out", "."],
        ] {
            let (code, words) = told(&province, args);
            let says = "A1 has ended and what it owed went to A2, UBND: name an agency that goes on";
            assert!(code == 2 && words.contains(says), "{args:?}: {code}: {words}");
        }
        printed(&province, &["contact", "link", "a2.officer"]);
        printed(&province, &["verify"]);
    }

    async fn an_agency_that_is_in_charge_of_a_plan_cannot_have_ended(test: TestDb) {
        let province = province(&test.url).await;
        printed(&province, &["amend", "transfer", "I.1", "--from", "A1", "--to", "SNV,UBND", "--document", "910/QĐ-UBND"]);
        for (from, part) in [("SNV", "monitor"), ("UBND", "issuer")] {
            let ends = ["amend", "transfer", "--from", from, "--to", "A2", "--document", "911/QĐ-UBND", "--ended"];
            for args in [&ends[..], &[&ends[..], &["--dry-run"]].concat()] {
                let (code, words) = told(&province, args);
                let says = format!("{from} cannot have ended: it is the `{part}` of plan p");
                assert!(code == 2 && words.contains(&says) && words.contains("plan.toml"), "{code}: {words}");
            }
        }
        assert!(printed(&province, &["amend", "list"]).contains("1 amendments"));
        // What it owes may go elsewhere all the same.
        printed(&province, &["amend", "transfer", "--from", "SNV", "--to", "A2", "--document", "911/QĐ-UBND"]);
    }

    async fn what_says_nothing_is_refused_as_a_number_a_reason_or_a_day(test: TestDb) {
        let province = province(&test.url).await;
        for number in ["không số", "ko số", "chưa có"] {
            for args in [
                &["report", "I.1", "A1", "done", "--document", number][..],
                &["decide", "I.1", "A1", "extend", "--until", "2030-01-01", "--document", number],
                &["amend", "suspend", "I.1", "--document", number],
            ] {
                let (code, words) = told(&province, args);
                let says = format!("“{number}” is no number of a document");
                assert!(code == 2 && words.contains(&says), "{args:?}: {code}: {words}");
            }
        }
        printed(&province, &["report", "I.1", "A2", "done"]);
        // Said twice, it stands once; a document that comes later is news.
        let done = ["report", "I.1", "A2", "done", "--document", "12/KH-A2"];
        printed(&province, &done);
        for again in [&done[..], &done[..4]] {
            let (code, words) = told(&province, again);
            assert!(code == 2 && words.contains("I.1/1 of A2 is recorded already as done on"), "{code}: {words}");
        }
        let lines = printed(&province, &["explain", "I.1", "A2"]);
        assert_eq!(lines.matches("done by an operator").count(), 2, "{lines}");
        for reason in ["ok", ".", "muộn", "30/4", "1. Không", "x x"] {
            for args in [
                &["decide", "I.1", "A2", "return", "--reason", reason][..],
                &["report", "I.1", "A2", "open", "--note", reason],
            ] {
                let (code, words) = told(&province, args);
                assert!(code == 2 && words.contains("says nothing"), "{args:?}: {code}: {words}");
            }
        }
        printed(&province, &["report", "I.1", "A2", "open", "--note", "Văn bản là dự thảo"]);
        // The plan lets days be moved to the end of the next year; a document may say otherwise, with purpose.
        let far = ["amend", "due", "I.1", "--to", "2200-06-30", "--document", "905/QĐ-UBND", "--by", "ubnd.head", "--dry-run"];
        let (code, words) = told(&province, &far);
        let says = format!("--to 2200-06-30 is after {}, the last day of the plan", province.another_year());
        assert!(code == 2 && words.contains(&says) && words.contains("--beyond"), "{code}: {words}");
        printed(&province, &[&far[..], &["--beyond"]].concat());
    }

    async fn what_a_document_adds_is_said_before_the_daemon_takes_it_in(test: TestDb) {
        let province = province(&test.url).await;
        let nothing = printed(&province, &["amend", "add", "--dry-run"]);
        assert!(nothing.contains("0 would be added"), "{nothing}");
        let today = Clock::System.today();
        let row = format!(
            "\n[[task]]\nid = \"I.2\"\ncontent = \"Báo cáo\"\nproduct = \"Báo cáo\"\ndeadline = \"{}\"\nlead = \"Sở số 1\"\n\
             leads = [\"A1\"]\ncoordinate = \"\"\nadded_by = \"1020/QĐ-UBND\"\nadded_on = \"{today}\"\n",
            today.format("%-d/%-m/%Y"),
        );
        let plan = std::fs::read_to_string(province.path("plan/plan.toml")).unwrap();
        province.write("plan/plan.toml", &(plan + &row));
        for _ in 0..2 {
            let would = printed(&province, &["amend", "add", "--dry-run"]);
            assert!(would.contains("I.2/1") && would.contains("1020/QĐ-UBND"), "{would}");
            assert!(would.contains("a1.officer") && would.contains("1 would be added"), "{would}");
        }
        let json = printed(&province, &["amend", "add", "--dry-run", "--json"]);
        assert!(json.contains(r#""document":"1020/QĐ-UBND""#) && json.contains("a1.officer"), "{json}");
        assert!(!printed(&province, &["status"]).contains("I.2"));
        assert!(printed(&province, &["amend", "list"]).contains("0 amendments"));
        let earlier = province.another_day();
        let bygone = row.replace("I.2", "I.3").replace(
            &format!("deadline = \"{}\"", today.format("%-d/%-m/%Y")),
            &format!("deadline = \"{}\"", earlier.format("%-d/%-m/%Y")),
        );
        let plan = std::fs::read_to_string(province.path("plan/plan.toml")).unwrap();
        province.write("plan/plan.toml", &(plan + &bygone));
        let would = printed(&province, &["amend", "add", "--dry-run"]);
        let says = format!("I.3: its cells give no due day from {today} on, the day on which it was added, and nobody owes it");
        assert_eq!(would.contains(&says), earlier < today, "{would}");
        let (code, words) = told(&province, &["amend", "suspend", "I.1", "--agencies", "SNV", "--document", "1/QĐ-UBND", "--by", "ubnd.head"]);
        assert!(code == 2 && words.contains("nothing was changed: SNV owes nothing of I.1"), "{code}: {words}");
        let (code, words) = told(&province, &["amend", "add"]);
        assert!(code == 2 && words.contains("--dry-run"), "{code}: {words}");
    }

    async fn whoever_leaves_an_agency_with_nobody_is_told_so(test: TestDb) {
        let province = province(&test.url).await;
        let removed = printed(&province, &["contact", "remove", "a1.officer"]);
        assert!(removed.contains("nobody of A1 is left to be told what falls due there"), "{removed}");
        let removed = printed(&province, &["contact", "remove", "snv.officer"]);
        assert!(!removed.contains("warning"), "{removed}");
    }

    async fn of_a_day_before_the_plan_nothing_is_told(test: TestDb) {
        let province = province(&test.url).await;
        for args in [
            &["digest", "--week", "2016-04-07"][..],
            &["digest", "--week", "2016-04-07", "--json"],
            &["draft", "reminder", "--all", "--on", "2016-04-07", "--out", "none"],
            &["draft", "report", "--quarter", "1", "--on", "2016-04-07", "--out", "none"],
            &["rank", "--year", "--on", "2016-04-07"],
        ] {
            let (code, words) = told(&province, args);
            assert!(code == 2 && words.contains("on 2016-04-07 plan p was not yet issued"), "{args:?}: {code}: {words}");
        }
        assert!(!province.path("none").exists());
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

    async fn of_two_plans_that_number_alike_one_is_named(test: TestDb) {
        let province = province(&test.url).await;
        std::fs::create_dir(province.path("later")).unwrap();
        for file in ["plan.toml", "agencies.toml", "contacts.toml"] {
            let text = std::fs::read_to_string(province.path(&format!("plan/{file}"))).unwrap();
            let text = text.replace("id = \"p\"", "id = \"q\"").replace("12/QĐ-UBND", "13/QĐ-UBND");
            province.write(&format!("later/{file}"), &text);
        }
        province.edit("dondoc.toml", "plans = [\"plan\"]", "plans = [\"plan\", \"later\"]");
        printed(&province, &["status"]);
        let document = ["--document", "905/QĐ-UBND"];
        let commands: [&[&str]; 5] = [
            &["amend", "cancel", "I.1", "--agencies", "A1"],
            &["amend", "transfer", "--from", "A1", "--to", "A2"],
            &["report", "I.1", "A2", "done"],
            &["explain", "I.1", "A1"],
            &["decide", "I.1", "A2", "revoke"],
        ];
        for command in commands {
            let named = if command[0] == "amend" || command[0] == "report" { &document[..] } else { &[] };
            let (code, words) = told(&province, &[command, named].concat());
            assert!(code == 2 && words.contains("plans p and q have") && words.contains("say which by --plan"), "{command:?}: {words}");
        }
        printed(&province, &["report", "I.1", "A2", "done", "--plan", "q"]);
        printed(&province, &[&["amend", "cancel", "I.1", "--agencies", "A1", "--plan", "q"][..], &document].concat());
        let states = |plan: &str| {
            let (plan, province) = (plan.to_owned(), &province);
            ["A1", "A2"].map(|agency| printed(province, &["explain", "I.1", agency, "--plan", &plan]).lines().next().unwrap().to_owned())
        };
        let [cancelled, done] = states("q");
        assert!(cancelled.contains("cancelled") && done.contains("done"), "{cancelled}, {done}");
        let [first, second] = states("p");
        assert!(!first.contains("cancelled") && !second.contains("done"), "{first}, {second}");
        // What is listed of both names the plan.
        for (command, plans) in [(&["status"][..], &["p", "q"][..]), (&["amend", "list"][..], &["q"])] {
            let listed = printed(&province, command);
            let mut rows = listed.lines();
            assert!(rows.next().unwrap().starts_with("plan  "), "{listed}");
            let named = |plan: &str| listed.lines().any(|row| row.split(' ').next() == Some(plan));
            assert!(plans.iter().all(|plan| named(plan)), "{listed}");
        }
        let (code, words) = told(&province, &["report", "I.1", "A2", "done", "--plan", "x"]);
        assert!(code == 2 && words.contains("no plan x is loaded: write p, q"), "{words}");
    }
}
