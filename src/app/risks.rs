//! What a configuration allows and an administrator should not, or what does nothing.

use std::fs;
use std::path::PathBuf;

use crate::config::{Config, Database, DatabaseTls, TelegramReceive, ZaloBotReceive};
use crate::domain::delivery::Channel;
use crate::files::{Folder, Problem};

/// What works, and is dangerous or without effect.
pub(super) fn risks(config: &Config) -> Vec<Problem> {
    let warning = |key: &str, problem: String, remedy: &str| Problem {
        file: config
            .file
            .clone()
            .unwrap_or_else(|| PathBuf::from("dondoc.toml")),
        line: 1,
        key: key.to_owned(),
        problem,
        remedy: remedy.to_owned(),
    };
    let mut found = Vec::new();
    if let Database::Postgres {
        tls: DatabaseTls::Unverified,
        ..
    } = &config.database
    {
        found.push(warning(
            "database_tls",
            format!(
                "the connection to {} may be read and changed on its way, as the configuration allows",
                config.database
            ),
            "add ?sslmode=verify-full&sslrootcert=FILE to the URL, and remove database_tls",
        ));
    }
    let web = config.web.as_ref().map(|web| web.listen);
    let watch = config.watch.as_ref().map(|watch| watch.listen);
    for (key, listen, remedy) in [
        (
            "web.listen",
            web,
            "write 127.0.0.1, and put a web server with a certificate before it",
        ),
        (
            "watch.listen",
            watch,
            "write 127.0.0.1, or let a firewall pass your monitoring alone: whoever asks is told how much is sent and what fails",
        ),
    ] {
        if let Some(listen) = listen.filter(|listen| !listen.ip().is_loopback()) {
            let problem =
                format!("{listen} can be reached from other machines, without encryption");
            found.push(warning(key, problem, remedy));
        }
    }
    for one in unheard(config) {
        let problem = format!(
            "{}, so messages do not ask people to answer there, and nobody reads who does",
            one.what
        );
        found.push(warning(one.key, problem, one.remedy));
    }
    found.extend(unread(config));
    found
}

/// A channel by which people are written to and are not heard.
pub(super) struct Unheard {
    /// Which.
    pub(super) channel: Channel,
    key: &'static str,
    what: &'static str,
    remedy: &'static str,
}

/// Channels by which people are written to and are not heard.
pub(super) fn unheard(config: &Config) -> impl Iterator<Item = Unheard> {
    let mail = config.email.is_some() && config.imap.is_none();
    let telegram = config.telegram.as_ref();
    let telegram = telegram.is_some_and(|one| matches!(one.receive, TelegramReceive::Off));
    let bot = config.zalo_bot.as_ref();
    let bot = bot.is_some_and(|one| matches!(one.receive, ZaloBotReceive::Off));
    let all = [
        (
            mail,
            Unheard {
                channel: Channel::Email,
                key: "email",
                what: "answers to mails are not fetched",
                remedy: "add [imap], the mailbox in which they arrive",
            },
        ),
        (
            telegram,
            Unheard {
                channel: Channel::Telegram,
                key: "telegram.receive",
                what: "answers in Telegram are not fetched",
                remedy: "write receive = \"poll\"",
            },
        ),
        (
            bot,
            Unheard {
                channel: Channel::ZaloBot,
                key: "zalo_bot.receive",
                what: "answers to the Zalo bot are not fetched",
                remedy: "write receive = \"poll\"",
            },
        ),
    ];
    let all = all.into_iter();
    all.filter_map(|(is_unheard, one)| is_unheard.then_some(one))
}

/// Words that an administrator has changed in a copy of all messages, and that nobody reads: those that read replies are
/// built in.
fn unread(config: &Config) -> Vec<Problem> {
    let built_in = Folder::lexicon();
    let Folder::BuiltIn { files, .. } = &built_in else {
        return Vec::new();
    };
    let folder = config
        .messages
        .as_ref()
        .map(|folder| folder.join("vi/lexicon"));
    let changed = folder.iter().flat_map(|folder| {
        let there = files.iter().map(|(name, text)| (folder.join(name), *text));
        there.filter(|(file, text)| fs::read_to_string(file).is_ok_and(|found| found != *text))
    });
    let told = changed.map(|(file, _)| Problem {
        file,
        line: 1,
        key: String::new(),
        problem: "this file is not read: the words by which replies are understood are built in"
            .to_owned(),
        remedy: "remove it".to_owned(),
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listener_for_everybody_is_told() {
        let mut config = Config {
            web: Some(crate::config::Web::default()),
            ..Config::default()
        };
        assert_eq!(risks(&config), []);
        if let Some(web) = &mut config.web {
            web.listen = ([0, 0, 0, 0], 8080).into();
        }
        config.watch = Some(crate::config::Watch {
            listen: ([10, 0, 0, 5], 9464).into(),
        });
        let found = risks(&config);
        assert_eq!(found.len(), 2);
        assert!(found[0].problem.contains("0.0.0.0:8080"), "{found:?}");
        assert!(found[1].problem.contains("10.0.0.5:9464"), "{found:?}");
    }
}
