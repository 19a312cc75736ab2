//! What can come of a send, and when to try again.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A way to reach a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Mail by SMTP.
    Email,
    /// Telegram Bot API.
    Telegram,
    /// Zalo Bot Platform.
    ZaloBot,
    /// Zalo Official Account.
    ZaloOa,
    /// Prints on standard output, for trying out.
    Console,
}

impl Channel {
    /// Every channel.
    pub const ALL: [Self; 5] = [
        Self::Email,
        Self::Telegram,
        Self::ZaloBot,
        Self::ZaloOa,
        Self::Console,
    ];

    /// Whether a person is bound to it by a code; a mailbox stands in the files.
    #[must_use]
    pub fn is_chat(self) -> bool {
        matches!(self, Self::Telegram | Self::ZaloBot | Self::ZaloOa)
    }

    /// The word used in files, in the database and in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Telegram => "telegram",
            Self::ZaloBot => "zalo_bot",
            Self::ZaloOa => "zalo_oa",
            Self::Console => "console",
        }
    }

    /// The channel of that word.
    #[must_use]
    pub fn find(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|channel| channel.as_str() == word)
    }
}

/// A button under a message: what it says, and what a tap on it brings back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What it says.
    pub label: String,
    /// What a tap brings back: at most 64 bytes of ASCII, the limit of Telegram's `callback_data`.
    pub token: String,
}

/// What came of one attempt to send (DESIGN §7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The provider accepted it.
    Sent {
        /// The provider's id of the message; empty when it gives none.
        provider_id: String,
    },
    /// Not now. `after` is what the provider asked for; `None` leaves it to the retry schedule.
    Retry {
        /// How long the provider asks to wait.
        after: Option<Duration>,
        /// Why, for the operator; never an address or a token.
        reason: String,
    },
    /// Never at this address.
    Rejected {
        /// Why, for the operator; never an address or a token.
        reason: String,
    },
    /// Not this message at this address: the text is not taken. The address lives, and another message may arrive there.
    Closed {
        /// Why, for the operator; never an address or a token.
        reason: String,
    },
    /// Nothing at this address until the person writes from there: they have been silent for longer than the channel
    /// allows ([`WINDOW`](super::window::WINDOW)). The address lives.
    Silent {
        /// Why, for the operator; never an address or a token.
        reason: String,
    },
    /// The connection broke after the request was written: it may have arrived.
    Unknown {
        /// Why, for the operator; never an address or a token.
        reason: String,
    },
}

impl Outcome {
    /// Why it was not accepted, for the operator; `None` when it was.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Sent { .. } => None,
            Self::Retry { reason, .. }
            | Self::Rejected { reason }
            | Self::Closed { reason }
            | Self::Silent { reason }
            | Self::Unknown { reason } => Some(reason),
        }
    }
}

/// Waiting times between attempts; when they run out the delivery has failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetrySchedule(pub Vec<Duration>);

/// The share of the time of trying for which it waits before the next try, once the schedule has run out.
const SHARE_OF_TRYING: u32 = 4;

impl RetrySchedule {
    /// How long to wait after the `attempt`-th attempt (from 1) failed; `None` when that was the last.
    #[must_use]
    pub fn wait_after(&self, attempt: u32) -> Option<Duration> {
        let index = usize::try_from(attempt.checked_sub(1)?).ok()?;
        self.0.get(index).copied()
    }

    /// The same where the provider asked for a wait (DESIGN §7: 429 waits as told): that one, neither shorter nor longer. Once the
    /// waits have run out it goes on, no closer together than they begin and less often the longer it has gone on, until trying has
    /// taken as long as all of them do: a provider that asks for three seconds again and again does not end a message within a
    /// minute, nor is it asked five hundred times.
    #[must_use]
    pub fn wait_as_asked(
        &self,
        attempt: u32,
        asked: Duration,
        tried_for: Duration,
    ) -> Option<Duration> {
        let first = self.0.first()?;
        match self.wait_after(attempt) {
            Some(_) => Some(asked),
            None => (tried_for < self.0.iter().sum())
                .then(|| asked.max(*first).max(tried_for / SHARE_OF_TRYING)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_that_was_asked_for_is_kept_and_ends_no_message_before_the_schedule_does() {
        let minutes = Duration::from_mins;
        let schedule = RetrySchedule(vec![minutes(1), minutes(5)]);
        let asked = Duration::from_secs(3);
        let wait = |attempt, tried_for| schedule.wait_as_asked(attempt, asked, tried_for);
        for attempt in [1, 2] {
            assert_eq!(wait(attempt, Duration::ZERO), Some(asked));
        }
        assert_eq!(wait(3, asked), Some(minutes(1)), "more often is hammering");
        assert_eq!(wait(7, minutes(4)), Some(minutes(1)));
        assert_eq!(wait(8, minutes(5)), Some(Duration::from_secs(75)));
        assert_eq!(wait(9, minutes(6)), None);
        let longer = schedule.wait_as_asked(1, minutes(60), Duration::ZERO);
        assert_eq!(longer, Some(minutes(60)));
        assert_eq!(
            RetrySchedule(Vec::new()).wait_as_asked(1, asked, Duration::ZERO),
            None
        );
    }
}
