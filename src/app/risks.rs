//! What a configuration allows and an administrator should not.

use std::path::PathBuf;

use crate::config::{Config, Database, DatabaseTls};
use crate::files::Problem;

/// What works, and is dangerous.
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
    found
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
