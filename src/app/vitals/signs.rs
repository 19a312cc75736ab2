//! What one process has done since it started, and how it stands with its channels.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use super::Labels;
use crate::app::plan_day::PlannedDay;
use crate::app::reply::Handled;
use crate::domain::delivery::{Channel, Outcome};
use crate::store::attempts::Finish;
use crate::store::deliveries::DeliveryState;

/// Bounds of the time from queueing to acceptance, in seconds: at once, a minute, the retry schedule, a day.
const WAITED: [f64; 10] = [
    1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0, 14_400.0, 43_200.0, 86_400.0,
];
/// What an attempt can come to.
const ATTEMPT_OUTCOMES: [&str; 6] = ["sent", "later", "rejected", "closed", "silent", "unknown"];
/// How a delivery ends.
const DELIVERY_OUTCOMES: [&str; 3] = ["sent", "failed", "unknown"];
/// Why a delivery fails.
const FAILURE_REASONS: [&str; 4] = ["address", "message", "silence", "retries"];
/// What planning makes of a brief.
const BRIEF_OUTCOMES: [&str; 5] = [
    "queued",
    "unreachable",
    "parked",
    "already_planned",
    "superseded",
];
/// What becomes of a reply.
const REPLY_OUTCOMES: [&str; 3] = ["done", "held", "parked"];

/// Which way a channel is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// Messages leave.
    Send,
    /// Replies are asked for.
    Receive,
}

/// Why a channel cannot be used. The words are fixed: what a provider or a server says stands in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// What it needs to send is not renewed.
    NotRenewed,
    /// The login or the token is refused.
    Refused,
    /// Another program reads the same bot or mailbox.
    ReadElsewhere,
    /// Nothing could be read, at each try.
    Unheard,
}

/// A step of the daemon's round that can fail and is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Planning the day and sending what nobody asked for.
    Round,
    /// Working off the inbox and sending the answers.
    Answer,
    /// Making the digests.
    Digest,
    /// Storing what came in.
    Receive,
    /// Loading the files again.
    Reload,
}

impl Step {
    const ALL: [Self; 5] = [
        Self::Round,
        Self::Answer,
        Self::Digest,
        Self::Receive,
        Self::Reload,
    ];

    fn as_str(self) -> &'static str {
        match self {
            Self::Round => "round",
            Self::Answer => "answer",
            Self::Digest => "digest",
            Self::Receive => "receive",
            Self::Reload => "reload",
        }
    }
}

type Counters<const N: usize> = Family<Labels<N>, Counter>;
/// Why a channel cannot be used, and since when.
type Troubles = BTreeMap<(Channel, Way), (Trouble, DateTime<Utc>)>;

/// What one process has done since it started. Counts begin at zero with each start.
#[derive(Debug)]
pub struct Signs {
    attempts: Counters<2>,
    retries: Counters<1>,
    deliveries: Counters<2>,
    failures: Counters<2>,
    waited: Family<Labels<1>, Histogram, fn() -> Histogram>,
    briefs: Counters<1>,
    replies: Counters<1>,
    errors: Counters<1>,
    files_at: Gauge<f64, AtomicU64>,
    files_refused: Gauge,
    is_written: AtomicBool,
    troubles: Mutex<Troubles>,
}

impl Default for Signs {
    fn default() -> Self {
        let signs = Self {
            attempts: Family::default(),
            retries: Family::default(),
            deliveries: Family::default(),
            failures: Family::default(),
            waited: Family::new_with_constructor(|| Histogram::new(WAITED)),
            briefs: Family::default(),
            replies: Family::default(),
            errors: Family::default(),
            files_at: Gauge::default(),
            files_refused: Gauge::default(),
            is_written: AtomicBool::new(true),
            troubles: Mutex::default(),
        };
        begin(
            &signs.briefs,
            BRIEF_OUTCOMES.map(|word| [("outcome", word)]),
        );
        begin(
            &signs.replies,
            REPLY_OUTCOMES.map(|word| [("outcome", word)]),
        );
        begin(
            &signs.errors,
            Step::ALL.map(|step| [("step", step.as_str())]),
        );
        signs
    }
}

/// A series that is there from the beginning shows its first step as an increase.
fn begin<const N: usize>(counters: &Counters<N>, labels: impl IntoIterator<Item = Labels<N>>) {
    for labels in labels {
        drop(counters.get_or_create(&labels));
    }
}

impl Signs {
    /// Shows the counts of a channel from the beginning.
    pub(crate) fn expect(&self, channel: Channel) {
        let channel = ("channel", channel.as_str());
        let with = |key| move |word| [channel, (key, word)];
        begin(&self.attempts, ATTEMPT_OUTCOMES.map(with("outcome")));
        begin(&self.deliveries, DELIVERY_OUTCOMES.map(with("outcome")));
        begin(&self.failures, FAILURE_REASONS.map(with("reason")));
        begin(&self.retries, [[channel]]);
        drop(self.waited.get_or_create(&[channel]));
    }

    /// A provider took a message, so long after it was queued.
    pub(crate) fn accepted(&self, channel: Channel, waited: TimeDelta) {
        let channel = ("channel", channel.as_str());
        count(&self.attempts, [channel, ("outcome", "sent")], 1);
        count(&self.deliveries, [channel, ("outcome", "sent")], 1);
        self.waited
            .get_or_create(&[channel])
            .observe(waited.as_seconds_f64().max(0.0));
    }

    /// An attempt ended otherwise, and left its delivery so.
    pub(crate) fn not_accepted(&self, channel: Channel, outcome: &Outcome, finish: Finish) {
        let channel = ("channel", channel.as_str());
        let (word, reason) = match outcome {
            Outcome::Sent { .. } => return,
            Outcome::Retry { .. } => ("later", "retries"),
            Outcome::Rejected { .. } => ("rejected", "address"),
            Outcome::Closed { .. } => ("closed", "message"),
            Outcome::Silent { .. } => ("silent", "silence"),
            Outcome::Unknown { .. } => ("unknown", "retries"),
        };
        count(&self.attempts, [channel, ("outcome", word)], 1);
        match finish {
            Finish::Now(DeliveryState::Queued) => count(&self.retries, [channel], 1),
            Finish::Now(DeliveryState::Unknown) => {
                count(&self.deliveries, [channel, ("outcome", "unknown")], 1);
            }
            Finish::Now(DeliveryState::Failed) => {
                count(&self.deliveries, [channel, ("outcome", "failed")], 1);
                count(&self.failures, [channel, ("reason", reason)], 1);
            }
            Finish::Now(_) | Finish::LeaseLost => {}
        }
    }

    /// A day was planned.
    pub(crate) fn planned(&self, planned: &PlannedDay) {
        let of = |total: usize| u64::try_from(total).unwrap_or(u64::MAX);
        for (word, total) in [
            ("queued", of(planned.briefs)),
            ("unreachable", of(planned.unreachable)),
            ("parked", of(planned.parked)),
            ("already_planned", of(planned.already_planned)),
            ("superseded", planned.superseded),
        ] {
            count(&self.briefs, [("outcome", word)], total);
        }
    }

    /// Replies were dealt with.
    pub(crate) fn handled(&self, handled: &Handled) {
        for (word, total) in [
            ("done", handled.done),
            ("held", handled.held),
            ("parked", handled.parked),
        ] {
            count(&self.replies, [("outcome", word)], total);
        }
    }

    /// A step failed, and will be tried again.
    pub(crate) fn failed(&self, step: Step) {
        count(&self.errors, [("step", step.as_str())], 1);
    }

    /// The files were loaded.
    pub(crate) fn loaded(&self, now: DateTime<Utc>) {
        self.files_at.set(seconds(now));
        self.files_refused.set(0);
    }

    /// Files were to be loaded and had problems: what was loaded before stays.
    pub(crate) fn refused_files(&self) {
        self.files_refused.set(1);
        self.failed(Step::Reload);
    }

    /// Whether this node could write when it renewed its leases, a few seconds ago.
    pub(crate) fn written(&self, is_written: bool) {
        self.is_written.store(is_written, Ordering::Relaxed);
    }

    /// Whether the database took what this node had to write last.
    pub(super) fn is_written(&self) -> bool {
        self.is_written.load(Ordering::Relaxed)
    }

    /// A channel works.
    pub(crate) fn well(&self, channel: Channel, way: Way) {
        self.troubles().remove(&(channel, way));
    }

    /// A channel does not work; what is told is since when.
    pub(crate) fn unwell(&self, channel: Channel, way: Way, trouble: Trouble, now: DateTime<Utc>) {
        let mut troubles = self.troubles();
        let since = match troubles.get(&(channel, way)) {
            Some((before, since)) if *before == trouble => *since,
            _ => now,
        };
        troubles.insert((channel, way), (trouble, since));
    }

    /// Why this channel does not work, and since when.
    pub(super) fn trouble(&self, channel: Channel, way: Way) -> Option<(Trouble, DateTime<Utc>)> {
        self.troubles().get(&(channel, way)).copied()
    }

    fn troubles(&self) -> MutexGuard<'_, Troubles> {
        self.troubles.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds what is counted here to what is shown.
    pub(super) fn register(&self, registry: &mut Registry) {
        registry.register(
            "dondoc_attempts",
            "Attempts to send that ended in this process since it started, by what came of them",
            self.attempts.clone(),
        );
        registry.register(
            "dondoc_retries",
            "Attempts after which the message was queued to be tried again",
            self.retries.clone(),
        );
        registry.register(
            "dondoc_deliveries",
            "Messages that this process ended with since it started: sent, failed (given up), unknown (may have arrived)",
            self.deliveries.clone(),
        );
        registry.register(
            "dondoc_delivery_failures",
            "Messages given up, by reason: the address is dead, the message is not taken, the person was silent for too long, retries ran out",
            self.failures.clone(),
        );
        registry.register(
            "dondoc_delivery_wait_seconds",
            "Time from queueing to acceptance by the provider",
            self.waited.clone(),
        );
        registry.register(
            "dondoc_briefs",
            "Briefs that this process planned since it started, by what became of them",
            self.briefs.clone(),
        );
        registry.register(
            "dondoc_replies",
            "Received messages that this process dealt with since it started",
            self.replies.clone(),
        );
        registry.register(
            "dondoc_errors",
            "Steps of the daemon that failed and are tried again; each is in the log",
            self.errors.clone(),
        );
        registry.register(
            "dondoc_files_loaded_timestamp_seconds",
            "When plans, schedules and words were last loaded",
            self.files_at.clone(),
        );
        registry.register(
            "dondoc_files_refused",
            "1 when the last reload was refused because of problems in the files",
            self.files_refused.clone(),
        );
    }
}

fn count<const N: usize>(counters: &Counters<N>, labels: Labels<N>, by: u64) {
    counters.get_or_create(&labels).inc_by(by);
}

/// Seconds since 1970, as Prometheus counts.
pub(super) fn seconds(at: DateTime<Utc>) -> f64 {
    (at - DateTime::UNIX_EPOCH).as_seconds_f64()
}
