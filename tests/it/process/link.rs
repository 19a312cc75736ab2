//! The link by which a person binds a Telegram chat.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::Value;

use super::daemon::{printed, said};
use super::province::Province;
use crate::support::db::{rows, sqlite};
use crate::support::telegram::{FakeTelegram, Fault, TOKEN};

async fn with_a_bot(bots: &FakeTelegram, database: &str) -> Province {
    let channel = format!(
        "[telegram]\ntoken_file = \"token\"\napi_url = \"http://{}\"\n",
        bots.address
    );
    let province = Province::new(1, database, &channel).await;
    province.write("token", TOKEN);
    province
}

fn link_of(province: &Province, more: &[&str]) -> Value {
    let args = [&["contact", "link", CONTACT, "--json"], more].concat();
    let mut printed: Value = serde_json::from_str(&printed(province, &args)).unwrap();
    printed["link"].take()
}

const CONTACT: &str = "a1.officer";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_configured_bot_says_its_name_unless_it_is_given() {
    let bots = FakeTelegram::start(&[]).await;
    let test = sqlite().await;
    let province = with_a_bot(&bots, &test.url).await;
    let link = link_of(&province, &[]);
    let link = link.as_str().unwrap();
    assert!(link.starts_with("https://t.me/Dondoc_bot?start="), "{link}");
    let link = link_of(&province, &["--bot", "another_bot"]);
    assert!(
        link.as_str()
            .unwrap()
            .starts_with("https://t.me/another_bot?start=")
    );
    assert_eq!(link_of(&province, &["--channel", "zalo_bot"]), Value::Null);

    bots.fault_of("getMe", Fault::Error(401, "Unauthorized"));
    let output = said(&province, &["contact", "link", CONTACT]);
    let (out, errors) = (
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    );
    assert!(
        output.status.success() && out.contains("code for ") && !out.contains("t.me"),
        "{out}"
    );
    assert!(
        errors.contains("name it by --bot") && !errors.contains(TOKEN),
        "{errors}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_code_makes_the_key_and_without_one_no_code_is_made() {
    let test = sqlite().await;
    let province = Province::new(1, &test.url, "[console]\nenabled = true\n").await;
    let key = province.path("dondoc-reply.key");
    let code = ["contact", "link", CONTACT, "--json"];
    let for_zalo = ["--channel", "zalo_bot"];
    printed(&province, &code);
    let mode = std::fs::metadata(&key).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let made = std::fs::read(&key).unwrap();
    printed(&province, &[&code[..], &for_zalo].concat());
    assert_eq!(std::fs::read(&key).unwrap(), made, "it is made once");

    province.write("dondoc-reply.key", "short\n");
    let output = said(&province, &code);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(
        errors.contains("dondoc-reply.key") && errors.contains("shorter than 16 characters"),
        "{errors}"
    );
    let open: Vec<(i64,)> = rows(
        &test.db,
        "SELECT count(*) FROM link_codes WHERE ended_at IS NULL",
    )
    .await;
    assert_eq!(open, [(1,)], "the code before is still good");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_code_is_made_for_a_chat_that_is_bound() {
    let bots = FakeTelegram::start(&[]).await;
    let test = sqlite().await;
    let province = with_a_bot(&bots, &test.url).await;
    printed(
        &province,
        &[
            "contact",
            "add",
            "a1.second",
            "A1",
            "officer",
            "Chuyên viên",
            "--at",
            "telegram=4242",
        ],
    );
    for more in [&["--channel", "telegram"][..], &[]] {
        let output = said(
            &province,
            &[&["contact", "link", "a1.second"], more].concat(),
        );
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{errors}");
        assert!(
            errors.contains("dondoc contact unlink a1.second --channel telegram")
                && !errors.contains("4242"),
            "{errors}"
        );
    }
    // Where the person is not bound, a code is good for something.
    let elsewhere = ["contact", "link", "a1.second", "--channel", "zalo_oa"];
    assert!(printed(&province, &elsewhere).contains("code for a1.second"));
    printed(
        &province,
        &["contact", "unlink", "a1.second", "--channel", "telegram"],
    );
    assert!(printed(&province, &["contact", "link", "a1.second"]).contains("t.me/"));
}
