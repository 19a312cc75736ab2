//! `[send]`: how deliveries are tried.

use std::time::Duration;

use super::load::Paths;
use crate::domain::delivery::RetrySchedule;
use crate::files::toml::{Field, Table};

/// How deliveries are tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Send {
    /// How long to wait after each failed attempt.
    pub retry: RetrySchedule,
    /// How long a delivery stays claimed that was neither begun nor given back.
    pub lease: Duration,
    /// How many deliveries are under way at once.
    pub workers: u16,
}

impl Default for Send {
    fn default() -> Self {
        let minutes = [1, 5, 30, 2 * 60, 6 * 60];
        Self {
            retry: RetrySchedule(minutes.into_iter().map(Duration::from_mins).collect()),
            lease: Duration::from_mins(10),
            workers: 4,
        }
    }
}

impl Send {
    pub(super) fn read(mut table: Table<'_>, paths: &Paths<'_>) -> Self {
        let default = Self::default();
        let retry: Option<Vec<Field<Duration>>> = table.list("retry");
        let lease: Option<Field<Duration>> = table.optional("lease");
        let workers: Option<Field<u16>> = table.optional("workers");
        table.finish();
        if let Some(workers) = workers
            .as_ref()
            .filter(|workers| !(1..=64).contains(&workers.value))
        {
            paths.error(
                workers
                    .at
                    .problem(format!("{} workers", workers.value), "write 1 to 64"),
            );
        }
        // The longest wait for one message is that for the relay's answer, three minutes by default.
        if let Some(lease) = lease.as_ref().filter(|lease| lease.as_secs() < 60) {
            let problem =
                "a lease this short ends while the message is being sent, and it is sent twice";
            paths.error(lease.at.problem(problem, "write at least \"1m\""));
        }
        Self {
            retry: retry.map_or(default.retry, |waits| {
                RetrySchedule(waits.into_iter().map(|wait| wait.value).collect())
            }),
            lease: lease.map_or(default.lease, |lease| lease.value),
            workers: workers.map_or(default.workers, |workers| workers.value),
        }
    }
}
