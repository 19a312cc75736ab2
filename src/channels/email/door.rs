//! Whether the relay lets us in, as far as we know: after a refused login not every mail tries it again.

use std::time::Duration;

use tokio::time::Instant;

use super::recipients::{Belief, Recipients};
use super::verdict::Failure;
use crate::domain::delivery::RetrySchedule;

/// How long to wait where the schedule names no wait at all.
const AT_LEAST: Duration = Duration::from_mins(1);
/// How long to wait, at most, before a relay that refuses every recipient is asked again: what was refused may be three
/// mailboxes that are gone.
const ASKED_AFTER: Duration = Duration::from_mins(30);

/// What is known of the relay's door.
#[derive(Debug)]
pub(super) struct Door {
    state: State,
    /// Whether the last session was refused our login, or one that we do not have was wanted.
    refused: bool,
    /// Whether it takes the recipients that are named to it.
    naming: State,
    recipients: Recipients,
    waits: RetrySchedule,
}

#[derive(Debug, PartialEq, Eq)]
enum State {
    /// Nobody has tried, or it has changed since.
    Unknown,
    /// The last session was opened.
    Open,
    /// So many attempts in a row ended before a mail could be named.
    Shut { until: Instant, refusals: u32 },
}

/// How much may be handed over at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// As much as the sender's own bounds allow.
    Free,
    /// One message, which finds out how things stand.
    One,
    /// Nothing for so long.
    Shut {
        /// How long.
        wait: Duration,
    },
}

impl Door {
    /// Unknown where we have to log in. Refusals in a row wait by this schedule, whose last wait repeats.
    pub(super) fn new(has_login: bool, waits: RetrySchedule) -> Self {
        let state = if has_login {
            State::Unknown
        } else {
            State::Open
        };
        Self {
            state,
            refused: false,
            naming: State::Open,
            recipients: Recipients::default(),
            waits,
        }
    }

    pub(super) fn room(&self, now: Instant) -> Room {
        let wait = self.state.wait(now).max(self.naming.wait(now));
        match (wait, &self.state, &self.naming) {
            (Some(wait), _, _) => Room::Shut { wait },
            (None, State::Open, State::Open) => Room::Free,
            (None, _, _) => Room::One,
        }
    }

    /// Whether it refuses every recipient, as far as we know: also while the next mail finds out.
    pub(super) fn refuses_all(&self) -> bool {
        self.naming != State::Open
    }

    /// Takes note of a mail that was accepted.
    pub(super) fn took(&mut self, recipient: &str) {
        self.recipients.took(recipient);
        self.naming = State::Open;
    }

    /// What to make of a recipient that was refused.
    pub(super) fn refused_recipient(&mut self, recipient: &str, now: Instant) -> Belief {
        let belief = self.recipients.refused(recipient);
        if belief == Belief::RefusesAll {
            self.naming = match self.naming {
                State::Shut { until, refusals } if until > now => State::Shut { until, refusals },
                State::Shut { refusals, .. } => self.shut(refusals + 1, ASKED_AFTER, now),
                State::Open | State::Unknown => self.shut(1, ASKED_AFTER, now),
            };
        }
        belief
    }

    /// Whether the relay does not accept our login, as far as we know: also while the next mail finds out.
    pub(super) fn is_refused(&self) -> bool {
        self.refused
    }

    pub(super) fn opened(&mut self) {
        self.state = State::Open;
        self.refused = false;
    }

    /// Takes note of a failure. One that is about a mail leaves the door as it is. A connection that cannot be made may be
    /// an accident while the door is open; another one then is none.
    pub(super) fn failed(&mut self, failure: &Failure, now: Instant) {
        let refused = failure.refuses_us();
        self.refused |= refused;
        self.state = match self.state {
            _ if !(refused || failure.is_before_any_mail()) => return,
            State::Open if !refused => State::Unknown,
            // Several were under way when it was shut: that is one refusal.
            State::Shut { until, .. } if until > now => return,
            State::Shut { refusals, .. } => self.shut(refusals + 1, Duration::MAX, now),
            State::Open | State::Unknown => self.shut(1, Duration::MAX, now),
        };
    }

    fn shut(&self, refusals: u32, at_most: Duration, now: Instant) -> State {
        let known = u32::try_from(self.waits.0.len()).unwrap_or(u32::MAX);
        let wait = self.waits.wait_after(refusals.min(known));
        State::Shut {
            until: now + wait.unwrap_or(AT_LEAST).min(at_most),
            refusals,
        }
    }
}

impl State {
    /// How long nothing may be tried.
    fn wait(&self, now: Instant) -> Option<Duration> {
        match self {
            Self::Shut { until, .. } if *until > now => Some(*until - now),
            Self::Open | Self::Unknown | Self::Shut { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::verdict::{Cause, Refusal, Stage};
    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);

    fn failure(stage: Stage, cause: Cause) -> Failure {
        Failure { stage, cause }
    }

    fn refused(stage: Stage, code: u16) -> Failure {
        failure(stage, Cause::Refused(Refusal::parse(code, "")))
    }

    fn door() -> Door {
        Door::new(true, RetrySchedule(vec![MINUTE, 5 * MINUTE]))
    }

    #[test]
    fn a_refused_login_waits_longer_each_time_and_one_mail_tries_again() {
        let (mut door, mut now) = (door(), Instant::now());
        assert_eq!(door.room(now), Room::One);
        for wait in [MINUTE, 5 * MINUTE, 5 * MINUTE] {
            door.failed(&refused(Stage::Login, 535), now);
            door.failed(&refused(Stage::Login, 535), now); // was under way beside it
            assert_eq!(door.room(now), Room::Shut { wait });
            now += wait;
            assert_eq!(door.room(now), Room::One);
            assert!(door.is_refused(), "also when it is time to ask again");
        }
        door.opened();
        assert_eq!((door.room(now), door.is_refused()), (Room::Free, false));
        door.failed(&refused(Stage::Login, 535), now);
        assert_eq!(door.room(now), Room::Shut { wait: MINUTE });
    }

    #[test]
    fn a_relay_that_wants_a_login_we_do_not_have_shuts_too() {
        let (mut door, now) = (door(), Instant::now());
        door.failed(&refused(Stage::Sender, 530), now);
        assert_eq!(door.room(now), Room::Shut { wait: MINUTE });
    }

    #[test]
    fn what_is_about_one_mail_leaves_the_door_open() {
        let (mut door, now) = (door(), Instant::now());
        door.opened();
        for (stage, code) in [
            (Stage::Recipient, 550),
            (Stage::Sender, 554),
            (Stage::Accept, 552),
        ] {
            door.failed(&refused(stage, code), now);
            assert_eq!(door.room(now), Room::Free, "{stage:?}");
        }
        door.failed(&failure(Stage::Accept, Cause::TimedOut), now);
        assert_eq!(door.room(now), Room::Free);
    }

    #[test]
    fn a_relay_that_refuses_every_recipient_is_asked_by_one_mail_at_a_time_also_after_a_new_login()
    {
        let waits = RetrySchedule(vec![MINUTE, 60 * MINUTE]);
        let (mut door, mut now) = (Door::new(true, waits), Instant::now());
        for one in ["a", "b", "c", "d"] {
            door.opened();
            door.refused_recipient(one, now);
        }
        door.opened();
        assert_eq!(door.room(now), Room::Shut { wait: MINUTE });
        now += MINUTE;
        assert_eq!((door.room(now), door.refuses_all()), (Room::One, true));
        assert_eq!(door.refused_recipient("a", now), Belief::RefusesAll);
        assert_eq!(door.room(now), Room::Shut { wait: ASKED_AFTER });
        door.took("b");
        assert_eq!((door.room(now), door.refuses_all()), (Room::Free, false));
    }

    #[test]
    fn a_relay_that_is_down_is_asked_by_one_mail_at_a_time() {
        let (mut door, now) = (door(), Instant::now());
        door.opened();
        door.failed(&failure(Stage::Connect, Cause::TimedOut), now);
        assert_eq!(door.room(now), Room::One);
        door.failed(&failure(Stage::Connect, Cause::TimedOut), now);
        assert_eq!(door.room(now), Room::Shut { wait: MINUTE });
    }
}
