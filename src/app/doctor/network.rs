//! Names that must resolve, and whether the listener of webhooks answers.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::net::{TcpStream, lookup_host};
use url::Url;

use super::{Finding, Findings, Patient};
use crate::app::counted::counted;
use crate::config::{TelegramReceive, ZaloBotReceive};

/// How long one name, or a connection to this machine, may take.
const EACH: Duration = Duration::from_secs(10);

/// Every host that the configuration names.
pub(super) async fn names(patient: &Patient<'_>) -> Findings {
    let config = &patient.loaded.config;
    let mut hosts: BTreeSet<(String, u16)> = BTreeSet::new();
    hosts.extend(config.email.iter().map(|one| (one.host.clone(), one.port)));
    hosts.extend(config.imap.iter().map(|one| (one.host.clone(), one.port)));
    let mut urls: Vec<&Url> = Vec::new();
    if let Some(telegram) = &config.telegram {
        urls.push(telegram.proxy.as_ref().unwrap_or(&telegram.api_url));
        if let TelegramReceive::Webhook { url, .. } = &telegram.receive {
            urls.push(url);
        }
    }
    if let Some(bot) = &config.zalo_bot {
        urls.push(&bot.api_url);
        if let ZaloBotReceive::Webhook { url, .. } = &bot.receive {
            urls.push(url);
        }
    }
    if let Some(account) = &config.zalo_oa {
        urls.extend([&account.api_url, &account.oauth_url]);
    }
    let server = config.database.without_password();
    urls.extend(&server);
    hosts.extend(urls.into_iter().filter_map(|url| {
        // A folder in the place of a host is a socket of this machine.
        let host = url
            .host_str()
            .filter(|host| !host.is_empty() && !host.contains('%'))?;
        let host = host.trim_matches(['[', ']']).to_owned();
        Some((host, url.port_or_known_default().unwrap_or(5432)))
    }));
    let resolved = hosts.into_iter().map(|(host, port)| async move {
        let looked_up = tokio::time::timeout(EACH, lookup_host((host.as_str(), port))).await;
        let addresses = looked_up.ok().and_then(Result::ok).map_or(0, Iterator::count);
        if addresses > 0 {
            Finding::ok("names", format!("{host} has {}", counted(addresses, "address")))
        } else {
            Finding::fail(
                "names",
                format!("{host} has no address"),
                "correct the name in the configuration, or the DNS servers of this machine (/etc/resolv.conf)",
            )
        }
    });
    join_all(resolved).await
}

/// Whether something listens where the pushes of providers are to arrive.
pub(super) async fn listener(patient: &Patient<'_>) -> Findings {
    const CHECK: &str = "webhooks";
    let Some(web) = &patient.loaded.config.web else {
        return Vec::new();
    };
    let served = patient.loaded.routes().map_or(0, |routes| routes.len());
    if served == 0 {
        return vec![Finding::ok(CHECK, "no channel receives by webhook")];
    }
    let connected = tokio::time::timeout(EACH, TcpStream::connect(web.listen)).await;
    vec![match connected {
        Ok(Ok(_)) => Finding::ok(
            CHECK,
            format!("{} answers, for {served} channels", web.listen),
        ),
        _ => Finding::warn(
            CHECK,
            format!(
                "nothing answers at {}, where providers' pushes are to arrive",
                web.listen
            ),
            "start `dondoc run`; while it does not run, providers push again for a while",
        ),
    }]
}
