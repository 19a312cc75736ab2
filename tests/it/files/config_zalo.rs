//! `[zalo_bot]`, `[zalo_oa]` and `[web]` of `dondoc.toml`.

use std::fs;

use dondoc::app::open;
use dondoc::config::{Config, DEFAULT_FILE, Web, ZaloBotReceive, load};
use dondoc::domain::delivery::Channel;
use dondoc::store::Db;
use tempfile::TempDir;

fn read(text: &str) -> Result<Config, Vec<String>> {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("dondoc.toml");
    fs::write(&file, text).unwrap();
    load(Some(&file)).map_err(|problems| {
        let shown = problems
            .errors
            .into_iter()
            .map(|one| format!("{} {}: {}; {}", one.line, one.key, one.problem, one.remedy));
        shown.collect()
    })
}

const OA: &str = "[zalo_oa]\napp_id = \"1\"\noa_id = \"2\"\napp_secret_env = \"A\"\n";

#[test]
fn the_examples_name_the_defaults() {
    let text = format!("[zalo_bot]\ntoken_env = \"T\"\n{OA}[web]\n");
    let config = read(&text).unwrap();
    let bot = config.zalo_bot.unwrap();
    let oa = config.zalo_oa.unwrap();
    let web = config.web.unwrap();
    assert_eq!(
        (bot.receive.clone(), web.clone()),
        (ZaloBotReceive::Poll, Web::default())
    );
    assert!(oa.signature.is_empty(), "every reading");
    for (key, value) in [
        (
            "api_url",
            bot.api_url.as_str().trim_end_matches('/').to_owned(),
        ),
        (
            "api_url",
            oa.api_url.as_str().trim_end_matches('/').to_owned(),
        ),
        (
            "oauth_url",
            oa.oauth_url.as_str().trim_end_matches('/').to_owned(),
        ),
        ("listen", web.listen.to_string()),
        ("telegram", web.paths.telegram),
        ("zalo_bot", web.paths.zalo_bot),
        ("zalo_oa", web.paths.zalo_oa),
        ("receive", "poll".to_owned()),
        ("connect", format!("{}s", bot.timeouts.connect.as_secs())),
        ("total", format!("{}s", oa.timeouts.total.as_secs())),
    ] {
        let line = format!("# {key} = \"{value}\"\n");
        assert!(DEFAULT_FILE.contains(&line), "{line}");
    }
}

#[test]
fn every_mistake_is_told_with_its_line_and_remedy() {
    let found = read(
        r#"[zalo_bot]
receive = "webhook"
[zalo_oa]
app_id = "my app"
oa_id = 4318657068771012646
signature = ["oa_secret+body+app"]
[web]
listen = "8080"
[web.paths]
telegram = "webhook"
zalo_bot = "/{x}"
zalo_oa = "/webhook/zalo-oa/"
"#,
    )
    .unwrap_err();
    for part in [
        "1 zalo_bot: the bot has no token; add token_env",
        "2 zalo_bot.receive: the webhook has no secret; add webhook_secret_env",
        "2 zalo_bot.receive: the webhook has no address; add webhook_url",
        "3 zalo_oa: the application has no secret; add app_secret_env",
        "4 zalo_oa.app_id: this is not a number of Zalo; write the digits",
        "5 zalo_oa.oa_id: ",
        "6 zalo_oa.signature",
        "8 web.listen: “8080” is not an address with a port; write for example",
        "10 web.paths.telegram: this is not a path",
        "11 web.paths.zalo_bot: this is not a path",
        "12 web.paths.zalo_oa: this is not a path",
    ] {
        assert!(
            found.iter().any(|one| one.starts_with(part)),
            "{part}: {found:#?}"
        );
    }
    assert_eq!(found.len(), 11, "{found:#?}");
}

#[test]
fn what_does_not_fit_together_is_told() {
    for (text, part) in [
        (
            "[zalo_bot]\ntoken_env = \"T\"\nwebhook_url = \"http://x.example/\"\n".to_owned(),
            "Zalo pushes by https only",
        ),
        (
            "[web.paths]\ntelegram = \"/a\"\nzalo_bot = \"/a\"\n".to_owned(),
            "another webhook has this path",
        ),
        (
            "[web.paths]\nzalo_oa = \"/webhook/telegram\"\n".to_owned(),
            "another webhook has this path",
        ),
    ] {
        let found = read(&text).unwrap_err();
        assert!(
            found.len() == 1 && found[0].contains(part),
            "{part}: {found:#?}"
        );
    }
}

/// A folder with a configuration and its secrets.
fn folder(text: &str) -> TempDir {
    let dir = TempDir::new().unwrap();
    fs::write(dir.path().join("dondoc.toml"), text).unwrap();
    fs::write(dir.path().join("token"), "4353:fakeZaloToken\n").unwrap();
    fs::write(dir.path().join("secret"), "fake-webhook-secret\n").unwrap();
    dir
}

#[tokio::test]
async fn what_is_configured_sends_and_receives_and_nothing_else() {
    let bot = "[zalo_bot]\ntoken_file = \"token\"\n";
    let hook = "receive = \"webhook\"\nwebhook_url = \"https://x.example/\"\nwebhook_secret_file = \"secret\"\n";
    let oa = "[zalo_oa]\napp_id = \"1\"\noa_id = \"2\"\napp_secret_file = \"secret\"\noa_secret_file = \"secret\"\nrefresh_token_file = \"gone\"\n";
    for (text, senders, receivers, paths) in [
        (String::new(), vec![], 0, vec![]),
        ("[web]\n".to_owned(), vec![], 0, vec![]),
        (bot.to_owned(), vec![Channel::ZaloBot], 1, vec![]),
        (
            format!("{bot}{hook}[web]\n"),
            vec![Channel::ZaloBot],
            0,
            vec!["/webhook/zalo-bot"],
        ),
        (oa.to_owned(), vec![Channel::ZaloOa], 0, vec![]),
        (
            format!("{oa}{bot}[web.paths]\nzalo_oa = \"/oa\"\n"),
            vec![Channel::ZaloBot, Channel::ZaloOa],
            1,
            vec!["/oa"],
        ),
    ] {
        let dir = folder(&text);
        let loaded = open::load(Some(&dir.path().join("dondoc.toml"))).unwrap();
        let db = Db::open("sqlite::memory:").await.unwrap();
        let mut found: Vec<Channel> = loaded.senders(&db).unwrap().into_keys().collect();
        found.sort();
        assert_eq!(found, senders, "{text}");
        assert_eq!(loaded.receivers().unwrap().len(), receivers, "{text}");
        let served = loaded.routes().unwrap();
        let served: Vec<&str> = served.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(served, paths, "{text}");
        let shown = format!("{:?}", loaded.config);
        assert!(!shown.contains("fake"), "{shown}");
    }
}

#[test]
fn a_webhook_that_nothing_serves_is_a_mistake() {
    let text = "[zalo_bot]\ntoken_file = \"token\"\nreceive = \"webhook\"\nwebhook_url = \"https://x.example/\"\nwebhook_secret_file = \"secret\"\n";
    let dir = folder(text);
    let loaded = open::load(Some(&dir.path().join("dondoc.toml"))).unwrap();
    let problems = loaded.can_send().unwrap_err().to_string();
    assert!(
        problems.contains("nothing serves it") && problems.contains("add a section [web]"),
        "{problems}"
    );
}

#[test]
fn a_signature_that_needs_a_secret_that_is_not_there_is_refused() {
    let oa = "[zalo_oa]\napp_id = \"1\"\noa_id = \"2\"\napp_secret_file = \"secret\"\n[web]\n";
    let dir = folder(&oa.replace("[web]", "signature = [\"oa_secret+body+app_id\"]\n[web]"));
    let loaded = open::load(Some(&dir.path().join("dondoc.toml"))).unwrap();
    let error = loaded.routes().unwrap_err().to_string();
    assert!(error.contains("oa_secret"), "{error}");
    let dir = folder(oa);
    let loaded = open::load(Some(&dir.path().join("dondoc.toml"))).unwrap();
    assert_eq!(
        loaded.routes().unwrap().len(),
        1,
        "the readings by app_secret are left"
    );
}
