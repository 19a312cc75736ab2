//! The metrics as text. Their meaning, and what to do about each, is in `docs/operation.md`.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicU64;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc};
use prometheus_client::encoding::prometheus_text;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use super::Labels;
use super::readiness::Problem;
use super::reading::Reading;
use super::signs::{Signs, Way, seconds};
use crate::app::setup::Setup;
use crate::clock::{instant, local};
use crate::domain::calendar::YearStatus;
use crate::domain::delivery::Channel;
use crate::store::db::known_version;
use crate::store::deliveries::DeliveryState;

/// The sorts of leases that have a series of their own, by the beginning of the name; the rest is `other`.
const LEASES: [&str; 4] = ["receive", "send", "day", "desk"];

/// All that is shown.
pub(super) struct Shown<'a> {
    /// What the database holds; `None` while it does not answer.
    pub(super) reading: Option<&'a Reading>,
    pub(super) setup: &'a Setup,
    pub(super) signs: &'a Signs,
    pub(super) channels: &'a BTreeMap<(Channel, Way), Option<Problem>>,
    pub(super) owner: &'a str,
    pub(super) started_at: DateTime<Utc>,
    pub(super) now: DateTime<Utc>,
}

/// The metrics of `shown`, in the text format of Prometheus (version 0.0.4).
pub(super) fn exposition(shown: &Shown<'_>) -> String {
    let mut registry = Registry::default();
    program(&mut registry, shown);
    shown.signs.register(&mut registry);
    calendar(&mut registry, shown);
    channels(&mut registry, shown);
    let up = f64::from(u8::from(shown.reading.is_some()));
    one(
        &mut registry,
        "dondoc_database_up",
        "1 when the database answers; while it is 0 all metrics that come from the database are absent",
        up,
    );
    one(
        &mut registry,
        "dondoc_database_writable",
        "1 when the database took what this process wrote last, a few seconds ago: its leases",
        f64::from(u8::from(shown.signs.is_written())),
    );
    if let Some(reading) = shown.reading {
        database(&mut registry, reading);
        planner(&mut registry, reading, shown);
        outbox(&mut registry, reading, shown);
        inbox(&mut registry, reading, shown);
        findings(&mut registry, reading);
        leases(&mut registry, reading, shown);
    }
    let mut text = String::new();
    // Writing into a string does not fail.
    let _ = prometheus_text::encode(&mut text, &registry);
    text
}

/// A gauge without labels.
fn one(registry: &mut Registry, name: &str, help: &str, value: f64) {
    many(registry, name, help, [([], value)]);
}

/// A gauge with a value for each set of labels; absent when there are none.
fn many<const N: usize>(
    registry: &mut Registry,
    name: &str,
    help: &str,
    values: impl IntoIterator<Item = (Labels<N>, f64)>,
) {
    let family: Family<Labels<N>, Gauge<f64, AtomicU64>> = Family::default();
    for (labels, value) in values {
        family.get_or_create(&labels).set(value);
    }
    registry.register(name, help, family);
}

#[expect(
    clippy::cast_precision_loss,
    reason = "metrics are 64-bit floats, exact up to nine thousand million million"
)]
fn number(value: u64) -> f64 {
    value as f64
}

/// The beginning of a day in the province.
fn midnight(day: NaiveDate) -> f64 {
    seconds(instant(day.and_time(NaiveTime::MIN)))
}

fn channel(channel: Channel) -> (&'static str, &'static str) {
    ("channel", channel.as_str())
}

fn program(registry: &mut Registry, shown: &Shown<'_>) {
    many(
        registry,
        "dondoc_build_info",
        "The version of the program",
        [([("version", env!("CARGO_PKG_VERSION"))], 1.0)],
    );
    one(
        registry,
        "dondoc_started_timestamp_seconds",
        "When this process started; what it counts begins there",
        seconds(shown.started_at),
    );
    one(
        registry,
        "dondoc_schema_version_known",
        "The newest schema version that this program knows",
        number(known_version().unsigned_abs()),
    );
}

fn calendar(registry: &mut Registry, shown: &Shown<'_>) {
    let year = local(shown.now).year();
    let official = |year| {
        let status = shown.setup.calendar.year_status(year);
        f64::from(u8::from(matches!(status, YearStatus::Official { .. })))
    };
    many(
        registry,
        "dondoc_calendar_official",
        "1 when the days off of the year are those that were published for state offices, 0 when they are worked out from the law or missing",
        [
            ([("year", "this")], official(year)),
            ([("year", "next")], official(year + 1)),
        ],
    );
}

fn channels(registry: &mut Registry, shown: &Shown<'_>) {
    let up = shown.channels.iter().map(|((of, way), problem)| {
        let way = match way {
            Way::Send => "send",
            Way::Receive => "receive",
        };
        let labels = [channel(*of), ("way", way)];
        (labels, f64::from(u8::from(problem.is_none())))
    });
    many(
        registry,
        "dondoc_channel_up",
        "1 when the channel can be used that way, as far as this process knows",
        up,
    );
}

fn database(registry: &mut Registry, reading: &Reading) {
    one(
        registry,
        "dondoc_database_size_bytes",
        "Size of the database with its indexes",
        number(reading.size),
    );
    one(
        registry,
        "dondoc_database_schema_version",
        "The schema version of the database",
        number(reading.version.unsigned_abs()),
    );
    if let Some(tokens) = &reading.tokens {
        one(
            registry,
            "dondoc_tokens_expire_timestamp_seconds",
            "When the access token of the Zalo Official Account ends; it is renewed long before",
            seconds(tokens.expires_at),
        );
        one(
            registry,
            "dondoc_tokens_failed",
            "1 when the Zalo Official Account gives no further tokens: an administrator must consent again",
            f64::from(u8::from(tokens.failure.is_some())),
        );
    }
}

fn planner(registry: &mut Registry, reading: &Reading, shown: &Shown<'_>) {
    one(
        registry,
        "dondoc_obligations_due",
        "Obligations that the planner has to look at today; large before the hour of the briefs, small after it",
        number(reading.obligations_due),
    );
    let late = shown.setup.planning_late_by(shown.now, reading.planned);
    one(
        registry,
        "dondoc_planner_late_seconds",
        "For how long the briefs of today should have been planned and are not; 0 when nothing is late",
        late.map_or(0.0, TimeDelta::as_seconds_f64),
    );
    for (name, help, day) in [
        (
            "dondoc_planned_day_timestamp_seconds",
            "The beginning of the last day that was planned",
            reading.planned,
        ),
        (
            "dondoc_digest_day_timestamp_seconds",
            "The beginning of the last day of the schedule whose digests were queued",
            reading.digest,
        ),
    ] {
        if let Some(day) = day {
            one(registry, name, help, midnight(day));
        }
    }
    one(
        registry,
        "dondoc_briefs_parked",
        "Briefs that wait because their words cannot be made",
        number(reading.parked),
    );
    one(
        registry,
        "dondoc_briefs_unreachable",
        "Briefs of the last planned day that reach nobody",
        number(reading.unreachable),
    );
}

fn outbox(registry: &mut Registry, reading: &Reading, shown: &Shown<'_>) {
    use DeliveryState::{Failed, Leased, Queued, Unknown};
    // What is configured is shown with zeros; what is not, when there is something.
    let mut totals = BTreeMap::new();
    let (mut due, mut lag, mut oldest) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for (of, _) in shown.channels.keys().filter(|(_, way)| *way == Way::Send) {
        for state in [Queued, Leased, Failed, Unknown] {
            totals.insert((*of, state), 0.0);
        }
        for values in [&mut due, &mut lag, &mut oldest] {
            values.insert(*of, 0.0);
        }
    }
    let age = |since: DateTime<Utc>| (shown.now - since).as_seconds_f64().max(0.0);
    for tally in &reading.unsettled {
        totals.insert((tally.channel, tally.state), number(tally.total));
        if matches!(tally.state, Queued | Leased) {
            let oldest: &mut f64 = oldest.entry(tally.channel).or_default();
            *oldest = oldest.max(age(tally.oldest));
        }
    }
    for one in &reading.due {
        due.insert(one.channel, number(one.total));
        lag.insert(one.channel, age(one.since));
    }
    many(
        registry,
        "dondoc_outbox",
        "Messages that are not settled: queued, leased (being sent), failed (given up), unknown (may have arrived)",
        totals
            .into_iter()
            .map(|((of, state), total)| ([channel(of), ("state", state.as_str())], total)),
    );
    for (name, help, values) in [
        (
            "dondoc_outbox_due",
            "Messages that could be sent at once",
            due,
        ),
        (
            "dondoc_outbox_lag_seconds",
            "For how long the message that is due longest has been due",
            lag,
        ),
        (
            "dondoc_outbox_oldest_seconds",
            "Age of the oldest message that is queued or being sent, however long it is meant to wait",
            oldest,
        ),
    ] {
        let values = values.into_iter().map(|(of, value)| ([channel(of)], value));
        many(registry, name, help, values);
    }
}

fn inbox(registry: &mut Registry, reading: &Reading, shown: &Shown<'_>) {
    let (new, held, parked) = reading.inbox;
    many(
        registry,
        "dondoc_inbox",
        "Received messages: new (nobody has dealt with them), held (the sender is in doubt), parked (dealing with them failed)",
        [("new", new), ("held", held), ("parked", parked)]
            .map(|(state, total)| ([("state", state)], number(total))),
    );
    let age = reading.oldest_new.map(|at| shown.now - at);
    one(
        registry,
        "dondoc_inbox_oldest_seconds",
        "Age of the oldest received message that nobody has dealt with; 0 when there is none",
        age.map_or(0.0, |age| age.as_seconds_f64().max(0.0)),
    );
}

fn findings(registry: &mut Registry, reading: &Reading) {
    let each = reading.findings.iter();
    many(
        registry,
        "dondoc_audit_findings",
        "What the auditor found and nobody has mended: `dondoc audit` names each",
        each.map(|(kind, total)| ([("kind", kind.as_str())], number(*total))),
    );
}

fn leases(registry: &mut Registry, reading: &Reading, shown: &Shown<'_>) {
    let mut held: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for lease in &reading.leases {
        let sort = lease.name.split(':').next().unwrap_or_default();
        let sort = LEASES.into_iter().find(|one| *one == sort);
        let holder = if lease.held_until <= shown.now {
            "nobody"
        } else if lease.owner == shown.owner {
            "this"
        } else {
            "another"
        };
        *held.entry((sort.unwrap_or("other"), holder)).or_default() += 1;
    }
    many(
        registry,
        "dondoc_leases",
        "Leases by what they guard and who holds them: this process, another, or nobody because they ran out",
        held.into_iter()
            .map(|((sort, holder), total)| ([("lease", sort), ("holder", holder)], number(total))),
    );
}
