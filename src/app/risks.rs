//! What a configuration allows and an administrator should not.

use std::net::IpAddr;
use std::path::PathBuf;

use secrecy::ExposeSecret;
use url::Url;

use crate::config::{Config, Database};
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
    if let Database::Postgres { url, .. } = &config.database
        && let Ok(url) = Url::parse(url.expose_secret())
        && !is_verified(&url)
    {
        found.push(warning(
            "database",
            format!(
                "the connection to {} is not held to encryption by a server that was verified",
                url.host_str().unwrap_or_default()
            ),
            "add ?sslmode=verify-full&sslrootcert=FILE to the URL",
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

/// Whether what goes over a network is encrypted to the server that was meant. A socket, and this machine, are no network.
fn is_verified(url: &Url) -> bool {
    let name = url.host_str().unwrap_or_default();
    let address = name.trim_matches(['[', ']']).parse::<IpAddr>();
    let is_socket = name.is_empty() || name.to_ascii_lowercase().starts_with("%2f");
    let is_near =
        is_socket || name == "localhost" || address.is_ok_and(|address| address.is_loopback());
    let param = |name: &str| {
        url.query_pairs()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value)
    };
    let host = param("host").is_none_or(|host| host.starts_with('/') || host == "localhost");
    let mode = param("sslmode").or_else(|| param("ssl-mode"));
    is_near && host || mode.is_some_and(|mode| matches!(&*mode, "verify-full" | "verify-ca"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_elsewhere_has_to_show_who_it_is() {
        for (url, verified) in [
            ("postgres://d@localhost/d", true),
            ("postgres://d@127.0.0.1:5433/d", true),
            ("postgres://d@[::1]/d", true),
            ("postgres:///d", true),
            ("postgres:///d?host=/run/postgresql", true),
            ("postgres://%2Frun%2Fpostgresql/d", true),
            ("postgres:///d?host=db.example", false),
            ("postgres://d@db.example/d", false),
            ("postgres://d@10.0.0.5/d?sslmode=require", false),
            ("postgres://d@db.example/d?sslmode=prefer", false),
            (
                "postgres://d@db.example/d?sslmode=verify-full&sslrootcert=ca.pem",
                true,
            ),
        ] {
            assert_eq!(is_verified(&Url::parse(url).unwrap()), verified, "{url}");
        }
    }

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
