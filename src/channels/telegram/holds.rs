//! Who must not be written to for now, because Telegram said 429.
//!
//! The answer does not tell whether the chat or the whole bot is meant. So the chat is held; once several chats are held
//! at the same time it is the bot, and asking chat by chat would only prolong the penalty.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// So many chats held at once mean the bot.
const CHATS_THAT_MEAN_THE_BOT: usize = 3;

/// How long to hold when the answer does not say.
const UNTOLD: Duration = Duration::from_secs(30);

/// The chats that are held.
#[derive(Debug, Default)]
pub(super) struct Holds {
    until: Mutex<HashMap<i64, Instant>>,
}

impl Holds {
    /// Notes that `chat` is held for `wait`; how long that is.
    pub(super) fn hold(&self, chat: i64, wait: Option<Duration>, now: Instant) -> Duration {
        let wait = wait.unwrap_or(UNTOLD);
        let mut until = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        until.retain(|_, end| *end > now);
        until.insert(chat, now + wait);
        wait
    }

    /// How long `chat` is still held, by itself or with the whole bot.
    pub(super) fn remaining(&self, chat: i64, now: Instant) -> Option<Duration> {
        let mut until = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        until.retain(|_, end| *end > now);
        let end = if until.len() >= CHATS_THAT_MEAN_THE_BOT {
            until.values().max()
        } else {
            until.get(&chat)
        };
        end.map(|end| end.duration_since(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn seconds(n: u64) -> Duration {
        Duration::from_secs(n)
    }

    #[test]
    fn a_held_chat_holds_no_other() {
        let (holds, now) = (Holds::default(), Instant::now());
        holds.hold(1, Some(seconds(40)), now);
        assert_eq!(holds.remaining(1, now + seconds(10)), Some(seconds(30)));
        assert_eq!(holds.remaining(2, now + seconds(10)), None);
        assert_eq!(holds.remaining(1, now + seconds(40)), None);
    }

    #[test]
    fn three_held_chats_mean_the_bot_until_the_last_of_them_is_free() {
        let (holds, now) = (Holds::default(), Instant::now());
        for chat in 1..=3 {
            holds.hold(
                chat,
                Some(seconds(10 * u64::try_from(chat).expect("small"))),
                now,
            );
        }
        assert_eq!(holds.remaining(9, now), Some(seconds(30)));
        assert_eq!(holds.remaining(9, now + seconds(10)), None);
    }

    #[test]
    fn a_hold_without_a_time_lasts_half_a_minute() {
        let (holds, now) = (Holds::default(), Instant::now());
        assert_eq!(holds.hold(1, None, now), seconds(30));
        assert_eq!(holds.remaining(1, now), Some(seconds(30)));
    }
}
