//! How the tokens stand that Dondoc renews, for `dondoc status`: never the tokens themselves.

use std::io::{self, Write};

use chrono::{DateTime, Utc};
use serde_json::json;

use super::exit::Exit;
use super::open::block_on;
use super::table::Table;
use crate::app::inspect::{self, Health};
use crate::app::open::Loaded;
use crate::clock::{Clock, local};

/// What repairs a pair that has failed.
const REMEDY: &str = "an administrator of the account must consent again: put the new refresh token where the configuration says and send SIGHUP";

/// Prints how the tokens of every account stand.
///
/// # Errors
/// When the database fails or nothing can be written.
pub(super) fn print(loaded: &Loaded, as_json: bool, out: &mut impl Write) -> anyhow::Result<Exit> {
    let found = block_on(async {
        let db = loaded.open_to_show().await?;
        anyhow::Ok(inspect::list_token_health(&db).await?)
    })?;
    let now = Clock::System.now();
    if as_json {
        for one in &found {
            let failure = one.failure.as_ref();
            let value = json!({
                "account": one.account,
                "state": state(one, now),
                "refreshed_at": refreshed_at(one),
                "expires_at": refreshed_at(one).map(|_| one.expires_at),
                "failed_at": failure.map(|(at, _)| at),
                "failure": failure.map(|(_, why)| why),
            });
            writeln!(out, "{value}")?;
        }
        return Ok(Exit::Fine);
    }
    let mut table = Table::new(&["account", "last refresh", "lives until", "state"]);
    for one in &found {
        let never = || "–".to_owned();
        let refreshed = refreshed_at(one);
        table.row([
            one.account.clone(),
            refreshed.map_or_else(never, shown),
            refreshed.map_or_else(never, |_| shown(one.expires_at)),
            state(one, now).to_owned(),
        ]);
    }
    table.print(out)?;
    tell_failed(&found, out)?;
    writeln!(out, "{} accounts", found.len())?;
    Ok(Exit::Fine)
}

/// Names the accounts that get no further tokens, and what repairs them.
///
/// # Errors
/// When nothing can be written.
pub(super) fn tell_failed(accounts: &[Health], out: &mut impl Write) -> io::Result<()> {
    for one in accounts {
        if let Some((since, why)) = &one.failure {
            let (account, since) = (&one.account, shown(*since));
            writeln!(
                out,
                "no further tokens for {account} since {since}: {why}; {REMEDY}"
            )?;
        }
    }
    Ok(())
}

fn state(one: &Health, now: DateTime<Utc>) -> &'static str {
    if one.failure.is_some() {
        "failed"
    } else if refreshed_at(one).is_none() {
        "not used yet"
    } else if one.expires_at <= now {
        "expired"
    } else {
        "lives"
    }
}

/// When the pair was given by Zalo; none for a refresh token that was given by hand and waits for its first use.
fn refreshed_at(one: &Health) -> Option<DateTime<Utc>> {
    (one.expires_at > one.obtained_at).then_some(one.obtained_at)
}

fn shown(at: DateTime<Utc>) -> String {
    local(at).format("%Y-%m-%d %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn an_account_is_said_to_live_to_have_expired_or_to_have_failed() {
        let at = DateTime::<Utc>::UNIX_EPOCH;
        let pair = Health {
            account: "zalo_oa:1".to_owned(),
            obtained_at: at,
            expires_at: at + TimeDelta::hours(25),
            failure: None,
        };
        let given = Health {
            expires_at: at,
            ..pair.clone()
        };
        let failed = Health {
            failure: Some((at, "-14020".to_owned())),
            ..pair.clone()
        };
        for (one, hours, expected) in [
            (&pair, 24, "lives"),
            (&pair, 25, "expired"),
            (&given, 0, "not used yet"),
            (&failed, 1, "failed"),
        ] {
            assert_eq!(state(one, at + TimeDelta::hours(hours)), expected);
        }
        let mut out = Vec::new();
        tell_failed(&[pair, given, failed], &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert_eq!(out.lines().count(), 1);
        assert!(
            out.contains("-14020") && out.contains("consent again"),
            "{out}"
        );
    }
}
