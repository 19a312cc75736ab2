//! What the supervisor of the process is told, by `sd_notify(3)`: that it is ready, loads again, stops, how it stands, and
//! that it is alive.
//!
//! Signs of life are given only while every part of the daemon gets on: one that hangs is not covered up by a timer that
//! goes on beside it. Nothing is told where nobody listens: without `NOTIFY_SOCKET` in the environment.

use std::time::Duration;

use sd_notify::NotifyState::{self, MonotonicUsec, Ready, Reloading, Status, Stopping, Watchdog};
use tokio::sync::watch;
use tokio::time::{Interval, MissedTickBehavior, interval};

use crate::app::daemon::{Daemon, Standing, Wish};
use crate::app::pulse::{Pulse, Silent};

/// So often a sign of life is given within the time after which the process would be killed.
const SIGNS: u32 = 4;
/// What stands for "never" where no sign of life is wanted.
const NEVER: Duration = Duration::from_hours(24);

/// Says that the process has begun and is not ready yet.
pub(super) fn tell_opening() {
    tell(&[Status("opening the database")]);
}

/// What is told of one daemon.
#[derive(Debug)]
pub(super) struct Supervisor {
    pulse: Pulse,
    standing: watch::Receiver<Standing>,
    wishes: watch::Receiver<Wish>,
    told: Told,
}

/// What was told last.
#[derive(Debug, Default)]
struct Told {
    /// The number of the last reload that was asked for.
    reload: u64,
    /// The number of the last reload behind which it was ready.
    ready: Option<u64>,
    is_stopping: bool,
    is_silent: bool,
    status: &'static str,
}

impl Supervisor {
    /// What is told of this daemon from now on.
    pub(super) fn of(daemon: &Daemon, wishes: watch::Receiver<Wish>) -> Self {
        Self {
            pulse: daemon.pulse.clone(),
            standing: daemon.standing(),
            wishes,
            told: Told::default(),
        }
    }

    /// Tells until the daemon has ended.
    pub(super) async fn tell_all(mut self) {
        let limit = sd_notify::watchdog_enabled().filter(|limit| !limit.is_zero());
        let mut ticks = ticks(limit.map_or(NEVER, |limit| limit / SIGNS));
        loop {
            self.tell_news();
            let ended = tokio::select! {
                changed = self.standing.changed() => changed.is_err(),
                changed = self.wishes.changed() => changed.is_err(),
                _ = ticks.tick() => {
                    if let Some(limit) = limit {
                        self.tell_alive(limit);
                    }
                    false
                }
            };
            if ended {
                return;
            }
        }
    }

    /// What has changed, in the order in which a supervisor wants to hear it.
    fn tell_news(&mut self) {
        let wish = *self.wishes.borrow_and_update();
        let standing = *self.standing.borrow_and_update();
        let told = &mut self.told;
        match wish {
            _ if told.is_stopping => return,
            Wish::Stop => {
                told.is_stopping = true;
                let status = "stopping: what is under way ends, the rest is given back";
                return tell(&[Stopping, Status(status)]);
            }
            Wish::Reload(number) if number != told.reload => {
                told.reload = number;
                let now = NotifyState::monotonic_usec_now().unwrap_or(MonotonicUsec(0));
                tell(&[Reloading, now, Status("loading the files again")]);
            }
            Wish::Run | Wish::Reload(_) => {}
        }
        if !standing.is_at_work || standing.reloads != told.reload {
            return;
        }
        let status = words(standing);
        if told.ready.replace(told.reload) != Some(told.reload) {
            tell(&[Ready, Status(status)]);
        } else if told.status != status {
            tell(&[Status(status)]);
        }
        told.status = status;
    }

    /// A sign of life, unless some part has given none for so long.
    fn tell_alive(&mut self, limit: Duration) {
        match self.pulse.silent_beyond(limit) {
            None => {
                self.told.is_silent = false;
                tell(&[Watchdog]);
            }
            Some(Silent { part, since }) if !self.told.is_silent => {
                self.told.is_silent = true;
                let since = since.as_secs();
                tracing::error!(
                    part,
                    silent_seconds = since,
                    "a part of the daemon hangs: no further sign of life is given to the supervisor"
                );
                let status = format!("hangs: {part} has not got on for {since} s");
                tell(&[Status(&status)]);
            }
            Some(_) => {}
        }
    }
}

fn words(standing: Standing) -> &'static str {
    match standing {
        Standing {
            is_failing: true, ..
        } => "the last round failed, the next tries again: see the log",
        Standing {
            is_refused: true, ..
        } => {
            "at work; the files have problems, and what was loaded before stays in force: see the log"
        }
        _ => "at work",
    }
}

fn ticks(every: Duration) -> Interval {
    let mut ticks = interval(every.max(Duration::from_millis(1)));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

/// A supervisor that cannot be told is no reason to stop.
fn tell(news: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(news) {
        tracing::warn!(%error, "the supervisor cannot be told");
    }
}
