//! Whether the daemon can do its work, and what keeps it from it.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::Serialize;

use super::reading::Reading;
use super::signs::{Trouble, Way};
use crate::app::setup::Setup;
use crate::clock::local;
use crate::domain::delivery::Channel;
use crate::store::db::known_version;

/// How late planning may be before it is called late: planning a million obligations takes a minute.
const PLANNER_PATIENCE: TimeDelta = TimeDelta::minutes(10);
/// How long a channel may fail to be read before it is called unheard: networks break for minutes.
const READER_PATIENCE: TimeDelta = TimeDelta::minutes(10);

/// A login or a token that the provider does not accept.
const REFUSED: &str = "the login or the token is refused: correct the configuration";

/// What is ready or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The database.
    Database,
    /// Planning the day.
    Planner,
    /// Sending by a channel.
    Send,
    /// Reading a channel.
    Receive,
}

/// Something that is not ready. The words are fixed: no address, name, secret or answer of a server can stand in them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// What.
    pub part: Part,
    /// Of which channel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// Why, and what to do.
    pub why: String,
}

/// Whether everything is ready.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Readiness {
    /// Whether nothing is wrong.
    pub ready: bool,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

impl From<Vec<Problem>> for Readiness {
    fn from(problems: Vec<Problem>) -> Self {
        Self {
            ready: problems.is_empty(),
            problems,
        }
    }
}

fn problem(part: Part, channel: Option<Channel>, why: impl Into<String>) -> Problem {
    Problem {
        part,
        channel,
        why: why.into(),
    }
}

/// What is wrong with the database and with planning, by what was read, `None` when nothing could be, and by whether it
/// takes what this node writes.
pub(super) fn of_database(
    reading: Option<&Reading>,
    is_written: bool,
    setup: &Setup,
    now: DateTime<Utc>,
) -> Vec<Problem> {
    let Some(reading) = reading else {
        let why = "it does not answer: nothing is planned, sent or received until it does";
        return vec![problem(Part::Database, None, why)];
    };
    let mut found = Vec::new();
    if reading.version > known_version() {
        let why = format!(
            "its schema is version {}, this program knows {}: install the newer dondoc",
            reading.version,
            known_version()
        );
        found.push(problem(Part::Database, None, why));
    }
    if !is_written {
        let why = "it cannot be written: nothing is planned, sent or received until it can; look at its disk and at the log";
        found.push(problem(Part::Database, None, why));
    }
    found.extend(planner(reading.planned, setup, now).map(|why| problem(Part::Planner, None, why)));
    let failed = reading
        .tokens
        .as_ref()
        .and_then(|health| health.failure.as_ref());
    if failed.is_some() {
        let why = "no further tokens are given: an administrator of the account must consent again (`dondoc status --tokens`)";
        found.push(problem(Part::Send, Some(Channel::ZaloOa), why));
    }
    found
}

fn planner(planned: Option<NaiveDate>, setup: &Setup, now: DateTime<Utc>) -> Option<String> {
    let today = local(now).date();
    if let Some(ahead) = planned.filter(|day| *day > today) {
        return Some(format!(
            "{ahead} is planned already, and today is {today}: set the clock of this machine; if it is right now and ran ahead then, run `dondoc replan`"
        ));
    }
    let late = setup.planning_late_by(now, planned)?;
    (late > PLANNER_PATIENCE).then(|| {
        format!(
            "the briefs of {today} should have been planned {} minutes ago: see the log; those of earlier days wait for it",
            late.num_minutes()
        )
    })
}

/// What is wrong with a channel, if that should be told by now.
pub(super) fn of_channel(
    channel: Channel,
    way: Way,
    trouble: Trouble,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Option<Problem> {
    let why = match trouble {
        Trouble::NotRenewed => "what it needs to send is not renewed: see the log",
        Trouble::Refused => REFUSED,
        Trouble::ReadElsewhere => {
            "another program reads the same bot or mailbox: stop it, then restart this one"
        }
        Trouble::Unheard if now - since < READER_PATIENCE => return None,
        Trouble::Unheard => "nothing can be read: see the log",
    };
    let part = match way {
        Way::Send => Part::Send,
        Way::Receive => Part::Receive,
    };
    Some(problem(part, Some(channel), why))
}

/// A channel of which the provider does not accept our login or token.
pub(super) fn refused(channel: Channel) -> Problem {
    problem(Part::Send, Some(channel), REFUSED)
}

/// A channel whose provider refuses whomever it is to reach.
pub(super) fn refuses_all(channel: Channel) -> Problem {
    let why = "every recipient is refused: look at the relay, and at what it lets this machine send; what is to be sent waits";
    problem(Part::Send, Some(channel), why)
}

/// A channel that takes nothing for so many seconds.
pub(super) fn shut(channel: Channel, wait: std::time::Duration) -> Problem {
    let why = format!(
        "nothing is handed over for {} seconds: the login was refused, a quota is used up, or the provider asked to wait; see the log",
        wait.as_secs().max(1)
    );
    problem(Part::Send, Some(channel), why)
}
