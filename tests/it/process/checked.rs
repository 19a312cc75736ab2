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
    let relay = std::net::SocketAddr::from(([127, 0, 0, 1], 2525)); // never asked
    Province::new(2, "dondoc.db", &mail_by(relay)).await
}

#[tokio::test]
async fn a_configuration_that_works_is_fine_and_nothing_is_made() {
    let province = province().await;
    assert_eq!(checked(&province), (Some(0), vec![], vec![]));
    assert!(!province.path("dondoc.db").exists());
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
            &["dondoc.toml:5: email: plaintext SMTP is only for a relay on this machine"],
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
