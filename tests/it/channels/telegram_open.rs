//! What an installation makes of `[telegram]`.

use std::fs;

use dondoc::app::open::{Loaded, load, problems_beside_files};
use dondoc::channels::{Receiver, Webhook};
use dondoc::domain::delivery::Channel;

/// An installation whose bot is configured with these lines besides its token.
fn installation(lines: &str) -> (tempfile::TempDir, Loaded) {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("token"), "4353:fake-Token_of-2019\n").unwrap();
    fs::write(dir.path().join("secret"), "Hush_4353-2019-2020\n").unwrap();
    fs::write(dir.path().join("bad-secret"), "not a secret\n").unwrap();
    let file = dir.path().join("dondoc.toml");
    let text = format!("[telegram]\ntoken_file = \"token\"\n{lines}\n");
    fs::write(&file, text).unwrap();
    let loaded = load(Some(&file)).unwrap();
    (dir, loaded)
}

/// The names of what polls, and the channels that push.
fn ways(lines: &str) -> (Vec<String>, Vec<Channel>) {
    let (_dir, loaded) = installation(lines);
    let receivers = loaded.receivers().unwrap();
    let webhooks = loaded.webhooks().unwrap();
    assert!(loaded.telegram_files().unwrap().is_some());
    (
        receivers.iter().map(Receiver::name).collect(),
        webhooks.iter().map(Webhook::channel).collect(),
    )
}

#[test]
fn replies_come_back_in_the_one_way_that_is_configured() {
    let webhook = "webhook_url = \"https://dondoc.province.example/telegram\"\nwebhook_secret_file = \"secret\"\n";
    let polled = (vec!["telegram:4353".to_owned()], vec![]);
    assert_eq!(ways(""), polled);
    assert_eq!(ways(&format!("receive = \"poll\"\n{webhook}")), polled);
    assert_eq!(
        ways(&format!("receive = \"webhook\"\n{webhook}")),
        (vec![], vec![Channel::Telegram])
    );
    assert_eq!(ways("receive = \"off\""), (vec![], vec![]));
}

#[test]
fn a_webhook_secret_that_telegram_does_not_take_stops_the_start() {
    let (_dir, loaded) = installation(
        "receive = \"webhook\"\nwebhook_url = \"https://dondoc.province.example/telegram\"\nwebhook_secret_file = \"bad-secret\"",
    );
    let started = loaded.webhooks().unwrap_err().errors;
    let checked = problems_beside_files(&loaded.config).errors;
    assert_eq!(started, checked, "`dondoc check` says the same");
    let shown = format!("{started:?}");
    assert!(shown.contains("16 to 256 characters"), "{shown}");
    assert!(!shown.contains("not a secret"), "{shown}");
}
