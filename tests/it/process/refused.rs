//! What the daemon refuses to start with: exit code 2, and nothing has been done.

use super::daemon::Running;
use super::province::{Province, mail_by};
use crate::support::smtp::FakeSmtp;

/// Starts on files spoiled by `spoil`; gives what the daemon says before it ends with `code`.
async fn refusal(code: i32, spoil: impl FnOnce(&Province)) -> String {
    let relay = FakeSmtp::start().await;
    let province = Province::new(1, "dondoc.db", &mail_by(relay.address)).await;
    spoil(&province);
    let mut daemon = Running::start(&province);
    assert_eq!(daemon.ended().await.code(), Some(code), "{}", daemon.log());
    assert_eq!(relay.sessions(), 0);
    if code == 2 {
        assert!(!province.path("dondoc.db").exists(), "{}", daemon.log());
    }
    daemon.log()
}

#[track_caller]
fn assert_says(said: &str, parts: &[&str]) {
    for part in parts {
        assert!(said.contains(part), "{part:?} is missing in:\n{said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_mistake_of_every_file_is_told_at_once() {
    let said = refusal(2, |province| {
        province.edit("plan/plan.toml", "monitor = \"SNV\"", "monitor = \"SNVV\"");
        province.edit("schedules/jobs.toml", "0 0 8 * * Mon", "0 0 8 * * Someday");
        std::fs::write(
            province.path("plan/contacts.toml"),
            b"title = \"Gi\xe1m\"\n",
        )
        .unwrap();
        std::fs::remove_file(province.path("plan/agencies.toml")).unwrap();
    })
    .await;
    assert_says(
        &said,
        &[
            "schedules/jobs.toml:2: digest: ",
            "plan/agencies.toml:1: ",
            "plan/contacts.toml:1: ",
            "UTF-8",
        ],
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_is_not_known_is_named_with_its_line() {
    let said = refusal(2, |province| {
        province.edit("dondoc.toml", "[send]\n", "[send]\nworkerz = 2\n");
    })
    .await;
    assert_says(&said, &["dondoc.toml:", "send.workerz", "workers"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_value_of_another_kind_is_told_with_an_example_of_its_key() {
    let said = refusal(2, |province| {
        province.edit("dondoc.toml", "database = \"dondoc.db\"", "database = 5");
    })
    .await;
    assert_says(
        &said,
        &["database: this is a number, not a text; write for example \"dondoc.db\""],
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_channel_is_no_daemon() {
    let said = refusal(2, |province| {
        let text = std::fs::read_to_string(province.path("dondoc.toml")).unwrap();
        let (before, rest) = text.split_once("[email]").unwrap();
        let (_, after) = rest.split_once("[send]").unwrap();
        province.write("dondoc.toml", &format!("{before}[send]{after}"));
    })
    .await;
    assert_says(&said, &["no channel is configured", "[email]"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_that_is_not_there_is_named() {
    let said = refusal(2, |province| {
        province.edit(
            "dondoc.toml",
            "security = \"plain\"\n",
            "security = \"plain\"\nuser = \"dondoc\"\npassword_env = \"DONDOC_NO_SUCH_VARIABLE\"\n",
        );
    })
    .await;
    assert_says(&said, &["DONDOC_NO_SUCH_VARIABLE"]);
    let said = refusal(2, |province| {
        province.edit(
            "dondoc.toml",
            "database = \"dondoc.db\"\n",
            "database = \"postgres://dondoc@127.0.0.1:1/dondoc\"\ndatabase_password_env = \"DONDOC_NO_SUCH_VARIABLE\"\n",
        );
    })
    .await;
    assert_says(&said, &["DONDOC_NO_SUCH_VARIABLE"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plan_of_the_wrong_year_is_refused() {
    let said = refusal(2, |province| {
        province.edit("plan/plan.toml", "-12-20\"", "-05-20\"");
    })
    .await;
    assert_says(
        &said,
        &["plan/plan.toml:5: plan.issued_on: ", "was not issued on"],
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_template_with_an_unknown_variable_is_refused_with_file_and_line() {
    let said = refusal(2, |province| {
        std::fs::create_dir_all(province.path("messages/vi/brief")).unwrap();
        let shipped = include_str!("../../../messages/vi/brief/chat.txt.j2");
        let spoiled = format!("{{# ours #}}\n{{{{ raeder.title }}}}\n{shipped}");
        province.write("messages/vi/brief/chat.txt.j2", &spoiled);
        province.edit(
            "dondoc.toml",
            "plans = ",
            "messages = \"messages\"\nplans = ",
        );
    })
    .await;
    assert_says(&said, &["messages/vi/brief/chat.txt.j2:2: ", "raeder"]);
}
