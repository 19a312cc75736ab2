//! `dondoc.toml`.

use std::fs;
use std::path::Path;
use std::time::Duration;

use dondoc::config::{
    Config, DEFAULT_FILE, Database, ReturnPath, Security, TelegramReceive, Web, ZaloBotReceive,
    load,
};
use dondoc::files::{Folder, Problem};
use secrecy::ExposeSecret;
use tempfile::TempDir;

fn read(text: &str) -> Result<(TempDir, Config), Vec<Problem>> {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("dondoc.toml");
    fs::write(&file, text).unwrap();
    load(Some(&file))
        .map(|config| (dir, config))
        .map_err(|problems| problems.errors)
}

#[track_caller]
fn problems(text: &str) -> Vec<(usize, String)> {
    let problems = read(text).expect_err("the configuration is wrong");
    problems
        .into_iter()
        .map(|problem| {
            (
                problem.line,
                format!("{}: {}; {}", problem.key, problem.problem, problem.remedy),
            )
        })
        .collect()
}

#[test]
fn mail_in_the_clear_to_another_machine_is_told_with_all_else() {
    let found = problems(
        "wrong = 1\n[email]\nhost = \"smtp.x.example\"\nsecurity = \"plain\"\nfrom = \"a@x.example\"\n",
    );
    let told: Vec<&str> = found.iter().map(|(_, words)| words.as_str()).collect();
    assert_eq!(told.len(), 2, "{told:#?}");
    assert!(
        told.iter()
            .any(|words| words.contains("smtp.x.example is not")),
        "{told:#?}"
    );
}

#[test]
fn the_annotated_file_says_what_the_defaults_are() {
    let (dir, read) = read(DEFAULT_FILE).unwrap();
    let expected = Config {
        file: read.file.clone(),
        written: read.written.clone(),
        database: Database::Sqlite(dir.path().join("dondoc.db")),
        ..Config::default()
    };
    assert_eq!(format!("{read:#?}"), format!("{expected:#?}"));
}

#[test]
fn what_a_running_daemon_does_not_take_is_told_by_its_section_wherever_it_stands() {
    let began = "database = \"a.db\"\n[console]\nenabled = true\n[log]\nlevel = \"info\"\n";
    let (_dir, began) = read(began).unwrap();
    for (newer, kept) in [
        (
            "database = \"a.db\"\n[log]\nlevel = \"info\"\n\n[console]\nenabled = true\n",
            &[][..],
        ),
        (
            "database = \"b.db\"\n[console]\nenabled = true\n[log]\nlevel = \"debug\"\n",
            &["database", "log"],
        ),
        (
            "database = \"a.db\"\n[console]\nenabled = true\n[privacy]\nkeep_words_days = 800\n",
            &["log"],
        ),
        (
            "database = \"a.db\"\n[console]\nenabled = true\n[log]\nlevel = \"info\"\n[send]\nworkers = 2\n",
            &["send"],
        ),
    ] {
        let (_dir, newer) = read(newer).unwrap();
        assert_eq!(began.kept_until_restart(&newer), kept);
    }
}

#[test]
fn every_example_of_the_annotated_file_can_be_used() {
    let is_example = |line: &str| {
        line.strip_prefix("# ").is_some_and(|rest| {
            rest.starts_with('[')
                || rest
                    .split_once(" = ")
                    .is_some_and(|(key, _)| key.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
        })
    };
    let given_twice = [
        "# database = ",
        "# database_password_file",
        "# password_file",
        "# token_file",
        "# webhook_secret_file",
        "# app_secret_file",
        "# refresh_token_file",
        "# oa_secret_file",
        "# token_key_file",
    ];
    let mut text = String::new();
    for line in DEFAULT_FILE
        .lines()
        .filter(|line| !given_twice.iter().any(|key| line.starts_with(key)))
    {
        text.push_str(if is_example(line) { &line[2..] } else { line });
        text.push('\n');
    }
    let text = text.replace(
        "database = \"dondoc.db\"",
        "database = \"postgres://dondoc@db.province.example/dondoc?sslmode=verify-full&sslrootcert=/etc/dondoc/db-ca.pem\"",
    );
    let dir = TempDir::new().unwrap();
    for folder in ["plans/2026", "schedules", "messages"] {
        fs::create_dir_all(dir.path().join(folder)).unwrap();
    }
    let file = dir.path().join("dondoc.toml");
    fs::write(&file, text).unwrap();
    let config = load(Some(&file)).unwrap();
    let email = config.email.unwrap();
    assert_eq!(
        (email.port, email.security, email.pool_size),
        (587, Security::Starttls, 2)
    );
    assert_eq!(email.timeouts.accept, Duration::from_mins(3));
    assert_eq!(email.list_id, "dondoc.province.example");
    let imap = config.imap.unwrap();
    assert_eq!(imap.reply_address, "traloi@province.example");
    assert_eq!((imap.port, imap.security), (993, Security::Tls));
    assert_eq!(
        config.telegram.unwrap().api_url.as_str(),
        "https://api.telegram.org/"
    );
    assert_eq!(config.zalo_bot.unwrap().receive, ZaloBotReceive::Poll);
    assert_eq!(config.zalo_oa.unwrap().signature.len(), 1);
    assert_eq!(config.web, Some(Web::default()));
    assert_eq!(config.plans, [Folder::Disk(dir.path().join("plans/2026"))]);
    assert_eq!(
        config.database.to_string(),
        "postgres://db.province.example/dondoc"
    );
}

#[test]
fn the_examples_that_are_commented_out_name_the_defaults_where_there_are_any() {
    let email = "[email]\nhost = \"mail\"\nfrom = \"a@province.example\"\n";
    let telegram = "[telegram]\ntoken_env = \"TOKEN\"\n";
    let imap = "[imap]\nhost = \"mail\"\nuser = \"dondoc\"\npassword_env = \"PASSWORD\"\n";
    let (_dir, config) = read(&format!("{email}{imap}{telegram}")).unwrap();
    let shown = |key: &str, value: String| {
        assert!(
            DEFAULT_FILE.contains(&format!("# {key} = {value}\n")),
            "{key} = {value}"
        );
    };
    let email = config.email.unwrap();
    shown("port", email.port.to_string());
    shown("pool_size", email.pool_size.to_string());
    shown("security", "\"starttls\"".to_owned());
    assert_eq!(email.list_id, "dondoc.province.example");
    let imap = config.imap.unwrap();
    shown("port", imap.port.to_string());
    shown("security", "\"tls\"".to_owned());
    shown("folder", format!("{:?}", imap.folder));
    shown("token_days", imap.token_days.to_string());
    shown("return_path", "\"token\"".to_owned());
    assert_eq!(imap.return_path, ReturnPath::Token);
    assert_eq!(imap.reply_address, "a@province.example");
    let telegram = config.telegram.unwrap();
    assert_eq!(telegram.receive, TelegramReceive::Poll);
    shown("receive", "\"poll\"".to_owned());
    shown(
        "api_url",
        format!("\"{}\"", telegram.api_url.as_str().trim_end_matches('/')),
    );
    for (key, timeout) in [
        ("connect", email.timeouts.connect),
        ("command", email.timeouts.command),
        ("accept", email.timeouts.accept),
        ("idle", email.timeouts.idle),
        ("connect", imap.timeouts.connect),
        ("command", imap.timeouts.command),
        ("connect", telegram.timeouts.connect),
        ("total", telegram.timeouts.total),
    ] {
        shown(key, format!("\"{}s\"", timeout.as_secs()));
    }
}

#[test]
fn every_mistake_is_told_at_once() {
    let found = problems(
        r#"databse = "x.db"
plans = []
schedules = "nowhere"
[email]
host = "mail"
security = "ssl"
port = 70000
user = "dondoc"
from = "not an address"
[telegram]
api_url = "api.telegram.org"
[send]
retry = ["soon"]
lease = "5s"
workers = 0
[log]
level = "=,=="
format = "xml"
[wep]
"#,
    );
    let lines: Vec<usize> = found.iter().map(|(line, _)| *line).collect();
    assert_eq!(
        lines,
        [1, 2, 3, 6, 7, 8, 9, 10, 11, 13, 14, 15, 17, 18, 19],
        "{found:#?}"
    );
    assert!(found[0].1.contains("did you mean “database”"), "{found:#?}");
}

#[test]
fn a_word_that_is_no_level_is_not_taken_for_a_module() {
    for level in ["warning", "inof", "info,sqlx"] {
        let found = problems(&format!("[log]\nlevel = \"{level}\"\n"));
        assert!(
            found[0].1.contains("is not a level of logging"),
            "{level}: {found:#?}"
        );
    }
    for level in ["warn", "INFO", "info,sqlx=warn", "dondoc::app=debug,off"] {
        assert!(
            read(&format!("[log]\nlevel = \"{level}\"\n")).is_ok(),
            "{level}"
        );
    }
}

#[test]
fn a_file_that_is_named_must_be_there() {
    let problems = load(Some(Path::new("/nowhere/dondoc.toml")))
        .unwrap_err()
        .errors;
    assert!(
        problems[0].problem.contains("cannot be read"),
        "{}",
        problems[0]
    );
}

#[test]
fn paths_are_relative_to_the_folder_of_the_file() {
    let (dir, config) = read("database = \"data/dondoc.db\"").unwrap();
    let target = config.database.target().unwrap();
    assert_eq!(
        Path::new(target.expose_secret()),
        dir.path().join("data/dondoc.db")
    );
    let (_dir, config) = read("database = \"sqlite:///var/lib/dondoc.db\"").unwrap();
    assert_eq!(
        config.database.target().unwrap().expose_secret(),
        "/var/lib/dondoc.db"
    );
}

#[test]
fn a_secret_comes_from_a_file_and_is_shown_nowhere() {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("dondoc.toml");
    fs::write(dir.path().join("secret"), "s3cr/t@\n").unwrap();
    fs::write(&file, "database = \"postgres://dondoc@db.example:5433/dondoc?sslmode=verify-full\"\ndatabase_password_file = \"secret\"").unwrap();
    let config = load(Some(&file)).unwrap();
    let target = config.database.target().unwrap();
    assert_eq!(
        target.expose_secret(),
        "postgres://dondoc:s3cr%2Ft%40@db.example:5433/dondoc?sslmode=verify-full"
    );
    assert!(!format!("{config:?} {target:?}").contains("s3cr"));
}

#[test]
fn a_password_in_the_url_is_shown_nowhere() {
    let (_dir, config) =
        read("database = \"postgres://dondoc:s3cret@db.example/dondoc?sslmode=verify-ca\"")
            .unwrap();
    assert!(
        config
            .database
            .target()
            .unwrap()
            .expose_secret()
            .contains("s3cret")
    );
    assert!(!format!("{config:?} {}", config.database).contains("s3cret"));
    let found = problems("database = \"postgres:dondoc:s3cret@db\"\n");
    assert!(!format!("{found:?}").contains("s3cret"));
}

#[test]
fn a_secret_that_is_not_there_says_where_it_was_looked_for() {
    let text = "[telegram]\ntoken_env = \"DONDOC_TEST_NO_SUCH_VARIABLE\"\n";
    let (_dir, config) = read(text).unwrap();
    let error = config.telegram.unwrap().token.reveal().unwrap_err();
    assert_eq!(
        (error.0.line, error.0.key.as_str()),
        (2, "telegram.token_env")
    );
    assert!(
        error
            .to_string()
            .contains("DONDOC_TEST_NO_SUCH_VARIABLE is not set"),
        "{error}"
    );

    // The secret itself, in the place of the name.
    for secret in [
        "4353:AAbbCC-dd",
        "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
        "hunter2",
    ] {
        let said = match read(&format!("[telegram]\ntoken_env = \"{secret}\"\n")) {
            Ok((_dir, config)) => config
                .telegram
                .unwrap()
                .token
                .reveal()
                .unwrap_err()
                .to_string(),
            Err(problems) => format!("{problems:?}"),
        };
        assert!(
            said.contains("variable") && !said.contains(secret),
            "{said}"
        );
    }

    let (_dir, config) = read("[telegram]\ntoken_file = \"nowhere\"\n").unwrap();
    assert!(
        config
            .telegram
            .unwrap()
            .token
            .reveal()
            .unwrap_err()
            .to_string()
            .contains("nowhere")
    );

    let both = problems("[telegram]\ntoken_file = \"a\"\ntoken_env = \"B\"\n");
    assert!(both[0].1.contains("named twice"), "{both:?}");
}

#[test]
fn a_telegram_webhook_has_an_address_that_telegram_pushes_to_and_a_secret() {
    let telegram = "[telegram]\ntoken_env = \"TOKEN\"\n";
    let found = problems(&format!("{telegram}receive = \"webhook\"\n"));
    let said: Vec<(usize, bool)> = found
        .iter()
        .map(|(line, text)| (*line, text.contains("add webhook_")))
        .collect();
    assert_eq!(said, [(3, true), (3, true)], "{found:?}");

    let secret = "receive = \"webhook\"\nwebhook_secret_env = \"SECRET\"\n";
    for url in [
        "http://dondoc.province.example/telegram",
        "https://dondoc.province.example:9000/telegram",
        "dondoc.province.example",
    ] {
        let found = problems(&format!("{telegram}{secret}webhook_url = \"{url}\"\n"));
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].1.contains("https://dondoc.province"), "{found:?}");
    }
    let url = "webhook_url = \"https://dondoc.province.example:8443/telegram\"\n";
    let (_dir, config) = read(&format!("{telegram}{secret}{url}")).unwrap();
    assert!(matches!(
        config.telegram.unwrap().receive,
        TelegramReceive::Webhook { url, .. } if url.path() == "/telegram"
    ));
    let found = problems(&format!("{telegram}receive = \"push\"\n"));
    assert!(found[0].1.contains("webhook"), "{found:?}");
}

const MAIL: &str = "[email]\nhost = \"mail\"\nfrom = \"Đôn đốc <cchc@province.example>\"\n";

#[test]
fn a_mailbox_is_told_every_mistake_at_once() {
    let found = problems(&format!(
        "{MAIL}{}",
        r#"[imap]
host = "mail"
security = "ssl"
port = 0
folder = 5
authserv_id = "mx; dmarc=pass"
reply_address = "trả lời@province.example"
token_days = 0
return_path = "nobody"
"#
    ));
    let lines: Vec<usize> = found.iter().map(|(line, _)| *line).collect();
    // Line 4 twice: neither a user nor a password.
    assert_eq!(lines, [4, 4, 6, 7, 8, 9, 10, 11, 12], "{found:#?}");
}

#[test]
fn a_mailbox_without_mail_that_goes_out_is_a_mistake() {
    let found = problems("[imap]\nhost = \"mail\"\nuser = \"a\"\npassword_env = \"B\"\n");
    assert!(found[0].1.contains("add [email]"), "{found:?}");
}

#[test]
fn an_address_that_leaves_no_room_for_a_token_is_a_mistake() {
    let imap = "[imap]\nhost = \"mail\"\nuser = \"a\"\npassword_env = \"B\"\n";
    for address in [
        "cchc+x@province.example",
        &format!("{}@province.example", "x".repeat(30)),
    ] {
        let found = problems(&format!("{MAIL}{imap}reply_address = \"{address}\"\n"));
        assert!(found[0].1.contains("reply_address = "), "{found:?}");
    }
    let (_dir, config) = read(&format!("{MAIL}{imap}")).unwrap();
    assert_eq!(config.imap.unwrap().reply_address, "cchc@province.example");
}

#[test]
fn the_key_of_the_reply_addresses_is_made_once_and_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let imap = "[imap]\nhost = \"mail\"\nuser = \"a\"\npassword_env = \"B\"\n";
    let (dir, config) = read(&format!("{MAIL}{imap}")).unwrap();
    let key = config.key();
    let made = key.reveal_or_create().unwrap();
    assert!(made.expose_secret().len() >= 50);
    assert_eq!(
        key.reveal_or_create().unwrap().expose_secret(),
        made.expose_secret()
    );
    let file = dir.path().join("dondoc-reply.key");
    assert_eq!(
        fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let files: Vec<_> = fs::read_dir(dir.path()).unwrap().collect();
    assert_eq!(files.len(), 2, "the configuration and the key");
    assert!(!format!("{key:?}").contains(made.expose_secret()));
}

#[test]
fn a_key_that_cannot_be_made_says_where_it_was_wanted() {
    let imap = "[imap]\nhost = \"mail\"\nuser = \"a\"\npassword_env = \"B\"\ntoken_key_file = \"nowhere/key\"\n";
    let (_dir, config) = read(&format!("{MAIL}{imap}")).unwrap();
    let error = config.key().reveal_or_create().unwrap_err();
    assert!(error.to_string().contains("nowhere/key"), "{error}");
}

/// Whoever is on the way could read the password, and answer in the place of the database.
#[test]
fn a_database_elsewhere_that_is_not_verified_is_refused_unless_it_is_accepted_in_so_many_words() {
    let url = "database = \"postgres://dondoc@db.example/dondoc\"\n";
    let problems = format!("{:?}", read(url).unwrap_err());
    for part in ["db.example", "sslmode=verify-full", "database_tls"] {
        assert!(problems.contains(part), "{part}: {problems}");
    }
    let (_dir, config) = read(&format!("{url}database_tls = \"unverified\"")).unwrap();
    assert_eq!(config.database.to_string(), "postgres://db.example/dondoc");
    read(&format!("{url}database_tls = \"none\"")).unwrap_err();
}
