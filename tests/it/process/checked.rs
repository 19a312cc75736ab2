//! `dondoc check --config`: what the daemon would refuse, found without starting it.

use std::fs;

use serde_json::Value;

use super::daemon::said;
use super::province::{Province, mail_by};

/// What `check` finds: its exit code, the places of the problems, and those of the warnings.
fn checked(province: &Province) -> (Option<i32>, Vec<String>, Vec<String>) {
    let output = said(province, &["check", "--json", "--config", "dondoc.toml"]);
    let text = String::from_utf8(output.stdout).unwrap();
    let mut places = [Vec::new(), Vec::new()];
    for line in text.lines() {
        let report: Value = serde_json::from_str(line).unwrap();
        for (list, key) in places.iter_mut().zip(["problems", "warnings"]) {
            for one in report[key].as_array().unwrap() {
                let word = |key: &str| one[key].as_str().unwrap().to_owned();
                // The small province of the tests has nobody at its monitor, and no heads.
                let lacks = [
                    "monitors the plan and has no officer",
                    "neither head nor deputy",
                ];
                if lacks.iter().any(|one| word("problem").contains(one)) {
                    continue;
                }
                list.push(format!(
                    "{}:{}: {}: {}; {}",
                    word("file"),
                    one["line"],
                    word("key"),
                    word("problem"),
                    word("remedy")
                ));
            }
        }
    }
    let [problems, warnings] = places;
    (output.status.code(), problems, warnings)
}

async fn province() -> Province {
    Province::new(2, "dondoc.db", &mail_by(RELAY.into())).await
}

/// The same, and its answers are read.
async fn heard() -> Province {
    let province = Province::new(
        2,
        "dondoc.db",
        &format!("{}\n{IMAP}", mail_by(RELAY.into())),
    )
    .await;
    province.write("secret", "sesame");
    province
}

/// Never asked.
const RELAY: ([u8; 4], u16) = ([127, 0, 0, 1], 2525);
/// Where the answers are read; never asked.
const IMAP: &str = "[imap]\nhost = \"127.0.0.1\"\nport = 1430\nsecurity = \"plain\"\nuser = \"dondoc\"\npassword_file = \"secret\"\n";

#[tokio::test]
async fn a_configuration_that_works_is_fine_and_nothing_is_made() {
    let province = heard().await;
    assert_eq!(checked(&province), (Some(0), vec![], vec![]));
    assert!(!province.path("dondoc.db").exists());
    let output = said(&province, &["doctor", "--offline"]);
    let words = String::from_utf8_lossy(&output.stdout);
    assert!(words.contains("1 plan, schedules"), "{words}");
}

#[tokio::test]
async fn a_channel_whose_answers_nobody_reads_is_told() {
    let province = heard().await;
    let text = fs::read_to_string(province.path("dondoc.toml")).unwrap();
    let (head, tail) = text.split_once(IMAP).unwrap();
    let telegram = "[telegram]\ntoken_file = \"token\"\nreceive = \"off\"\n";
    let bot = "[zalo_bot]\ntoken_file = \"token\"\nreceive = \"off\"\n";
    province.write("token", "4353:x");
    province.write("dondoc.toml", &format!("{head}{telegram}{bot}{tail}"));
    let (code, problems, warnings) = checked(&province);
    assert_eq!(
        (code, problems, warnings.len()),
        (Some(0), vec![], 3),
        "{warnings:?}"
    );
    for (warning, parts) in warnings.iter().zip([
        ["email", "answers to mails are not fetched", "[imap]"],
        [
            "telegram.receive",
            "answers in Telegram",
            "receive = \"poll\"",
        ],
        [
            "zalo_bot.receive",
            "answers to the Zalo bot",
            "receive = \"poll\"",
        ],
    ]) {
        assert!(parts.iter().all(|part| warning.contains(part)), "{warning}");
    }
    let output = said(&province, &["doctor", "--offline"]);
    let words = String::from_utf8_lossy(&output.stdout);
    assert!(words.contains("1 plan: 3 warnings"), "{words}");
}

#[tokio::test]
async fn what_the_daemon_would_refuse_is_found_with_its_line() {
    let spoils: [(&str, &str, &[&str]); 6] = [
        (
            "security = \"plain\"",
            "security = \"starttls\"\nroot_ca_file = \"none.pem\"",
            &["dondoc.toml:5: email: root_ca_file none.pem cannot be read"],
        ),
        (
            "host = \"127.0.0.1\"",
            "host = \"smtp.province.example\"",
            &["dondoc.toml:5: email: security = \"plain\" is only for a server on this machine"],
        ),
        (
            "[send]",
            "user = \"x\"\npassword_env = \"DONDOC_NO_SUCH_VARIABLE\"\n[telegram]\ntoken_file = \"no-token\"\n[send]",
            &[
                "email.password_env: the environment variable DONDOC_NO_SUCH_VARIABLE is not set",
                "telegram.token_file: the secret cannot be read from no-token",
            ],
        ),
        (
            "database = \"dondoc.db\"",
            "database = \"postgres://d@127.0.0.1:1/d\"\ndatabase_password_file = \"no-password\"",
            &["dondoc.toml:2: database_password_file: the secret cannot be read from no-password"],
        ),
        (
            "plans = [\"plan\"]",
            "plans = [\"plan\", \"plan\"]",
            &["plan/plan.toml:1: plan.id: “p” is also the id of plan/plan.toml"],
        ),
        (
            "plans = [\"plan\"]",
            "plans = [\"plan\", \"other\"]",
            &[
                "other/contacts.toml:1: contact[a1.officer]: is not the same there and in plan/contacts.toml",
            ],
        ),
    ];
    for (from, to, expected) in spoils {
        let province = province().await;
        fs::create_dir(province.path("other")).unwrap();
        for file in ["plan.toml", "agencies.toml", "contacts.toml"] {
            fs::copy(
                province.path("plan").join(file),
                province.path("other").join(file),
            )
            .unwrap();
        }
        province.edit("other/plan.toml", "id = \"p\"", "id = \"q\"");
        province.edit(
            "other/contacts.toml",
            "Chuyên viên Sở số 1",
            "Trưởng phòng Sở số 1",
        );
        province.edit("dondoc.toml", from, to);
        let (code, problems, _) = checked(&province);
        assert_eq!(
            (code, problems.len()),
            (Some(2), expected.len()),
            "{to}: {problems:#?}"
        );
        let refused = said(&province, &["run"]);
        assert_eq!(refused.status.code(), Some(2));
        let words = String::from_utf8_lossy(&refused.stderr).into_owned();
        for (problem, expected) in problems.iter().zip(expected) {
            assert!(problem.contains(expected), "{expected}: {problem}");
            assert!(
                words.contains(expected),
                "run says otherwise than check: {words}"
            );
        }
    }
}

#[tokio::test]
async fn a_configuration_without_a_channel_is_for_looking_only() {
    let province = province().await;
    province.write(
        "dondoc.toml",
        "plans = [\"plan\"]\nschedules = \"schedules\"\n",
    );
    let (code, problems, warnings) = checked(&province);
    assert_eq!((code, problems), (Some(0), vec![]));
    assert!(
        warnings[0].starts_with("dondoc.toml:1: : no channel is configured"),
        "{warnings:?}"
    );
}

#[tokio::test]
async fn a_copy_of_all_messages_is_taken_and_a_template_that_says_nothing_is_not() {
    let province = heard().await;
    province.own_messages();
    assert_eq!(checked(&province), (Some(0), vec![], vec![]));
    // What reads replies is built in: a change to its words would be believed and would do nothing.
    province.edit("messages/vi/lexicon/status.toml", "xong", "xog");
    let (code, problems, warnings) = checked(&province);
    assert_eq!(
        (code, problems, warnings.len()),
        (Some(0), vec![], 1),
        "{warnings:?}"
    );
    assert!(
        warnings[0].contains("messages/vi/lexicon/status.toml")
            && warnings[0].contains("is not read"),
        "{warnings:?}"
    );
    fs::remove_dir_all(province.path("messages/vi/lexicon")).unwrap();
    province.write("messages/vi/brief/email.subject.j2", " \n");
    let (code, problems, _) = checked(&province);
    assert_eq!((code, problems.len()), (Some(2), 1), "{problems:?}");
    assert!(
        problems[0].contains("email.subject.j2:1") && problems[0].contains("is empty"),
        "{problems:?}"
    );
    province.write("messages/vi/brief/email.subject.j2", "{# later #}\n");
    let (code, problems, _) = checked(&province);
    assert_eq!(code, Some(2), "{problems:?}");
    assert!(problems[0].contains("email.subject.j2"), "{problems:?}");
}
