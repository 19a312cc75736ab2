//! What an administrator is told of an installation that is well, and of one where everything is wrong.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use dondoc::clock::Clock;
use dondoc::store::Db;
use dondoc::store::tokens::{self, NewTokens};
use secrecy::SecretString;
use serde_json::Value;

use super::daemon::{printed, said};
use super::province::Province;
use crate::support::db::{postgres, tamper};
use crate::support::imap::{FakeImap, LOGIN};
use crate::support::smtp::{FakeSmtp, Options};
use crate::support::telegram::{FakeTelegram, TOKEN};
use crate::support::zalo_bot::{FakeZaloBot, Mode, TOKEN as ZALO_TOKEN};
use crate::support::zalo_oa::{APP_ID, APP_SECRET, FakeZaloOa, OA_ID};

/// `\0dondoc\0sesame`, as AUTH PLAIN sends it.
const SMTP_LOGIN: &str = "AGRvbmRvYwBzZXNhbWU=";
/// Whatever is wrong, none of these is shown.
const SECRETS: [&str; 7] = [
    "sesame",
    "s3same",
    TOKEN,
    ZALO_TOKEN,
    APP_SECRET,
    "fake-",
    "4353:wrong",
];

fn findings(province: &Province, args: &[&str]) -> (i32, Vec<Value>) {
    let output = said(province, &[&["doctor", "--json"], args].concat());
    let all = String::from_utf8([output.stdout.clone(), output.stderr].concat()).unwrap();
    for secret in SECRETS {
        assert!(!all.contains(secret), "{secret}: {all}");
    }
    let found = String::from_utf8(output.stdout).unwrap();
    let found: Vec<Value> = found
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    for one in &found {
        assert_eq!(one["verdict"] == "ok", one["remedy"].is_null(), "{one}");
    }
    (output.status.code().unwrap(), found)
}

#[track_caller]
fn has(found: &[Value], verdict: &str, check: &str, words: &str) {
    let is_it = |one: &&Value| {
        one["verdict"] == verdict
            && one["check"] == check
            && one["what"].as_str().unwrap().contains(words)
    };
    assert!(
        found.iter().any(|one| is_it(&one)),
        "{verdict} {check} {words}: {found:#?}"
    );
}

#[track_caller]
fn has_no(found: &[Value], verdict: &str, but: &[&str]) {
    let bad =
        |one: &&Value| one["verdict"] == verdict && !but.contains(&one["check"].as_str().unwrap());
    let bad: Vec<&Value> = found.iter().filter(bad).collect();
    assert!(bad.is_empty(), "{bad:#?}");
}

struct Fakes {
    smtp: FakeSmtp,
    imap: FakeImap,
    telegram: FakeTelegram,
    bot: FakeZaloBot,
    account: FakeZaloOa,
}

impl Fakes {
    async fn start() -> Self {
        let options = Options {
            login: Some(SMTP_LOGIN),
            ..Options::default()
        };
        Self {
            smtp: FakeSmtp::start_with(options).await,
            imap: FakeImap::start().await,
            telegram: FakeTelegram::start(&[]).await,
            bot: FakeZaloBot::start(Mode::Loss, &[]).await,
            account: FakeZaloOa::start(Clock::System, &[]).await,
        }
    }

    fn config(&self) -> String {
        format!(
            "[email]\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"plain\"\nuser = \"dondoc\"\npassword_file = \"smtp\"\n\
             from = \"dondoc@province.example\"\n\
             [imap]\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"plain\"\nuser = \"{}\"\npassword_file = \"imap\"\n\
             [telegram]\napi_url = \"http://{}\"\ntoken_file = \"telegram\"\n\
             [zalo_bot]\napi_url = \"http://{}\"\ntoken_file = \"zalo\"\n\
             [zalo_oa]\napp_id = \"{APP_ID}\"\napp_secret_file = \"app\"\noa_id = \"{OA_ID}\"\n\
             api_url = \"http://{}\"\noauth_url = \"http://{}\"\n",
            self.smtp.address.port(),
            self.imap.address.port(),
            LOGIN.0,
            self.telegram.address,
            self.bot.address,
            self.account.address,
            self.account.address,
        )
    }
}

fn secrets(province: &Province, texts: [(&str, &str); 5]) {
    for (file, text) in texts {
        province.write(file, text);
        fs::set_permissions(province.path(file), fs::Permissions::from_mode(0o600)).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_channel_is_asked_and_nobody_is_written_to() {
    let fakes = Fakes::start().await;
    let province = Province::new(2, "dondoc.db", &fakes.config()).await;
    secrets(
        &province,
        [
            ("smtp", "sesame"),
            ("imap", LOGIN.1),
            ("telegram", TOKEN),
            ("zalo", ZALO_TOKEN),
            ("app", APP_SECRET),
        ],
    );
    let (code, found) = findings(&province, &[]);
    assert_eq!(code, 0, "{found:#?}");
    has(&found, "warn", "database", "there is no");
    printed(&province, &["report", "I.1", "A1", "done"]);
    let access = fakes.account.issue();
    keep_tokens(&province, &access).await;
    let (code, found) = findings(&province, &[]);
    has_no(&found, "fail", &["planning"]);
    assert_eq!(code, 1, "today is due and not planned: {found:#?}");
    has(&found, "fail", "planning", "today is not planned");
    has(&found, "ok", "mail relay", "lets us in");
    has(&found, "ok", "mailbox", "can be read");
    has(&found, "ok", "telegram", "the bot is @Dondoc_bot");
    has(&found, "ok", "zalo bot", "the bot is bot.dondoc");
    has(&found, "ok", "zalo account", "the account is Sở Nội vụ");
    has(&found, "ok", "ledger", "lines hold");
    has(
        &found,
        "ok",
        "clock of others",
        "s from the clock of Telegram",
    );
    has(&found, "ok", "names", "127.0.0.1");
    has(&found, "ok", "contacts", "2 contacts can be reached");
    has(
        &found,
        "warn",
        "contacts",
        "neither head nor deputy: 1 (A2)",
    );
    has(&found, "ok", "holidays", "as it was published");
    assert!(fakes.smtp.take().is_empty());
    let again = findings(&province, &[]).1;
    let order = |found: &[Value]| {
        found
            .iter()
            .map(|one| one["check"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        order(&found),
        order(&again),
        "in the same order, whoever answers first"
    );
    let calls = fakes.telegram.calls();
    let (_, offline) = findings(&province, &["--offline"]);
    assert!(
        offline.iter().all(|one| one["check"] != "telegram"),
        "{offline:#?}"
    );
    assert_eq!(fakes.telegram.calls(), calls);
    let words = String::from_utf8(said(&province, &["doctor"]).stdout).unwrap();
    assert!(
        words.contains("OK    mail relay") && words.contains("→ start `dondoc run`"),
        "{words}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_secrets_and_servers_that_are_not_there_fail_with_a_remedy() {
    let fakes = Fakes::start().await;
    let province = Province::new(1, "dondoc.db", &fakes.config()).await;
    secrets(
        &province,
        [
            ("smtp", "s3same"),
            ("imap", "s3same"),
            ("telegram", "4353:wrong"),
            ("zalo", "4353:wrong"),
            ("app", APP_SECRET),
        ],
    );
    fs::set_permissions(province.path("smtp"), fs::Permissions::from_mode(0o644)).unwrap();
    printed(&province, &["migrate"]);
    keep_tokens(&province, "fake-stale").await;
    let (code, found) = findings(&province, &[]);
    assert_eq!(code, 1);
    has(&found, "fail", "mail relay", "127.0.0.1");
    has(&found, "fail", "mailbox", "login is refused");
    has(&found, "fail", "telegram", "does not know this bot");
    has(&found, "fail", "zalo bot", "token");
    has(&found, "fail", "zalo account", "access token");
    has(&found, "warn", "secrets", "mode 644");

    let text = fs::read_to_string(province.path("dondoc.toml")).unwrap();
    let port = |at: std::net::SocketAddr| at.port().to_string();
    let mut gone = text.clone();
    for address in [
        fakes.smtp.address,
        fakes.imap.address,
        fakes.telegram.address,
        fakes.bot.address,
    ] {
        gone = gone.replace(&port(address), "1");
    }
    province.write("dondoc.toml", &gone);
    let (code, found) = findings(&province, &[]);
    assert_eq!(code, 1);
    for check in ["mail relay", "mailbox", "telegram", "zalo bot"] {
        assert!(
            found
                .iter()
                .any(|one| one["check"] == check && one["verdict"] == "fail"),
            "{check}: {found:#?}"
        );
    }
    province.write("dondoc.toml", &text);
    fs::remove_file(province.path("telegram")).unwrap();
    let (code, found) = findings(&province, &["--offline"]);
    assert_eq!(code, 2, "the daemon would refuse to start");
    has(&found, "fail", "configuration", "telegram");
    province.write(
        "dondoc.toml",
        &text.replace("[telegram]", "[telegram]\nnonsense = 1"),
    );
    let output = said(&province, &["doctor"]);
    assert_eq!(
        output.status.code(),
        Some(2),
        "a configuration that is wrong is told as by `check`"
    );
    assert!(String::from_utf8_lossy(&output.stderr).contains("nonsense"));
}

/// As if this program were newer than the database.
const NEWEST_GONE: &str =
    "DELETE FROM _sqlx_migrations WHERE version = (SELECT max(version) FROM _sqlx_migrations)";

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_the_database_the_clock_the_holidays_and_the_people_is_told() {
    let province = Province::new(2, "dondoc.db", "[console]\nenabled = true\n").await;
    printed(&province, &["report", "I.1", "A1", "done"]);
    let path = province.path("dondoc.db");
    let db = Db::open(path.to_str().unwrap()).await.unwrap();
    tamper(
        &db,
        "UPDATE events SET actor = 'system';
         UPDATE plans SET loaded_at = '2999-01-01 00:00:00+00:00';
         UPDATE addresses SET state = 'dead', reason = 'no such mailbox';
         INSERT INTO leases (name, owner, held_until) VALUES ('telegram:1', 'x', '2020-01-01 00:00:00+00:00'), ('desk', 'x', '2999-01-01 00:00:00+00:00');
         INSERT INTO inbox (channel, external_id, sender, payload, received_at, state, outcome, settled_at)
             VALUES ('email', '1', 'x', '{}', '2020-01-01 00:00:00+00:00', 'held', 'x', '2020-01-01 00:00:00+00:00')",
    )
    .await;
    db.close().await;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let calendar = fs::read_to_string(province.path("schedules/calendar.toml")).unwrap();
    let (first, law) = (
        calendar.find("[[year]]").unwrap(),
        calendar.find("[fixed]").unwrap(),
    );
    province.write(
        "schedules/calendar.toml",
        &format!("{}{}", &calendar[..first], &calendar[law..]),
    );
    let (code, found) = findings(&province, &[]);
    assert_eq!(code, 1);
    has(&found, "fail", "ledger", "breaks behind line 0");
    has(
        &found,
        "fail",
        "clock",
        "the newest entry of the database is of 2999",
    );
    has(&found, "fail", "holidays", "without Tết");
    has(&found, "warn", "contacts", "a1.officer by email");
    has(&found, "warn", "contacts", "nobody can reach 2");
    has(&found, "warn", "leases", "1 of 2");
    has(&found, "warn", "leases", "ahead of this one");
    has(&found, "warn", "inbox", "1 messages of unproven origin");
    has(&found, "warn", "secrets", "mode 644");
    has(&found, "ok", "integrity", "sound");
    has(&found, "ok", "writing", "can be written");
    let db = Db::open(path.to_str().unwrap()).await.unwrap();
    tamper(&db, NEWEST_GONE).await;
    db.close().await;
    let (_, found) = findings(&province, &["--offline"]);
    has(&found, "warn", "database", "has schema version");
    fs::write(&path, "no database ".repeat(1000)).unwrap();
    let (code, found) = findings(&province, &["--offline"]);
    assert_eq!(code, 1);
    has(&found, "fail", "database", "damaged");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_is_asked_for_its_time_and_one_that_is_away_is_told_without_its_password() {
    let test = postgres().await;
    let province = Province::new(1, &test.url, "[console]\nenabled = true\n").await;
    let (_, found) = findings(&province, &[]);
    has(&found, "ok", "clock of others", "the database server");
    has(&found, "ok", "writing", "can be written");
    province.edit(
        "dondoc.toml",
        &test.url,
        "postgres://dondoc:s3same@127.0.0.1:1/x",
    );
    let (code, found) = findings(&province, &[]);
    assert_eq!(code, 1);
    has(&found, "fail", "database", "cannot be reached");
}

async fn keep_tokens(province: &Province, access: &str) {
    let db = Db::open(province.path("dondoc.db").to_str().unwrap())
        .await
        .unwrap();
    let now = Clock::System.now();
    let (access, refresh) = (
        SecretString::from(access),
        SecretString::from("fake-refresh"),
    );
    let pair = NewTokens {
        access: Some(&access),
        refresh: &refresh,
        expires_at: now + chrono::TimeDelta::hours(20),
    };
    let mut tx = db.begin().await.unwrap();
    tokens::seed(&mut tx, &format!("zalo_oa:{OA_ID}"), "seed", pair, now)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    db.close().await;
}
