//! Whether this machine knows what time it is.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use url::Url;

use super::{Finding, Findings, Patient};
use crate::channels::date_of;
use crate::clock::{Clock, instant, local};
use crate::store::restored;

/// By how much clocks may differ before somebody should look, and before leases and quiet hours go wrong.
const NOTABLE: TimeDelta = TimeDelta::seconds(30);
const TOO_MUCH: TimeDelta = TimeDelta::minutes(5);
const ASKING: Duration = Duration::from_secs(10);
const REMEDY: &str =
    "set the clock of this machine and keep it set: systemctl enable --now systemd-timesyncd";

/// Against what the database holds: nothing in it can be of the future.
pub(super) async fn entries(patient: &Patient<'_>) -> Findings {
    const CHECK: &str = "clock";
    let Some(db) = patient.db else {
        return Vec::new();
    };
    let newest = async {
        let mut tx = db.snapshot().await?;
        restored::newest_entry(&mut tx).await
    };
    vec![match newest.await {
        Ok(Some(newest)) if newest > patient.now + NOTABLE => Finding::fail(
            CHECK,
            format!(
                "it is {} here, and the newest entry of the database is of {}",
                local(patient.now).format("%Y-%m-%d %H:%M"),
                local(newest).format("%Y-%m-%d %H:%M")
            ),
            REMEDY,
        ),
        Ok(_) => Finding::ok(
            CHECK,
            format!(
                "{} in Vietnam, after every entry of the database",
                local(patient.now).format("%Y-%m-%d %H:%M")
            ),
        ),
        Err(error) => Finding::fail(CHECK, error.to_string(), "see the findings on the database"),
    }]
}

/// The zone of the province has had no summer time since 1975, and is part of the program.
pub(super) fn zone(patient: &Patient<'_>) -> Findings {
    const CHECK: &str = "time zone";
    let noon = |day: NaiveDate| day.and_hms_opt(12, 0, 0);
    let today = local(patient.now).date();
    let is_seven =
        noon(today).is_some_and(|noon| noon - instant(noon).naive_utc() == TimeDelta::hours(7));
    vec![if is_seven {
        Finding::ok(
            CHECK,
            "Asia/Ho_Chi_Minh is UTC+7, whatever the zone of this machine",
        )
    } else {
        Finding::fail(
            CHECK,
            "Asia/Ho_Chi_Minh is not UTC+7",
            "the time zone data of this program are wrong: install another build",
        )
    }]
}

/// Against a server that has a clock: that of the database, and of each channel that answers with a date.
pub(super) async fn others(patient: &Patient<'_>) -> Findings {
    let mut found = Vec::new();
    if let Some(db) = patient.db {
        let asked = async {
            let mut tx = db.snapshot().await?;
            restored::time_of_server(&mut tx).await
        };
        if let Ok(Some(time)) = asked.await {
            found.push(compared("the database server", time));
        }
    }
    let config = &patient.loaded.config;
    let mut sites: Vec<(&str, &Url)> = Vec::new();
    sites.extend(
        config
            .telegram
            .iter()
            .filter(|one| one.proxy.is_none())
            .map(|one| ("Telegram", &one.api_url)),
    );
    sites.extend(
        config
            .zalo_bot
            .iter()
            .map(|one| ("the Zalo bot platform", &one.api_url)),
    );
    sites.extend(config.zalo_oa.iter().map(|one| ("Zalo", &one.api_url)));
    for (name, url) in sites {
        // A site that cannot be reached is told with its channel.
        if let Ok(time) = date_of(url, ASKING).await {
            found.push(compared(name, time));
        }
    }
    found
}

/// Compares at the moment of the answer, to the second that a date has.
fn compared(name: &str, theirs: DateTime<Utc>) -> Finding {
    const CHECK: &str = "clock of others";
    let apart = Clock::System.now() - theirs;
    let seconds = apart.num_seconds();
    let what = format!("{seconds} s from the clock of {name}");
    if apart.abs() > TOO_MUCH {
        Finding::fail(CHECK, what, REMEDY)
    } else if apart.abs() > NOTABLE {
        Finding::warn(CHECK, what, REMEDY)
    } else {
        Finding::ok(CHECK, what)
    }
}
