//! Waiting for one's turn, so that Telegram need not say 429.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::time::{Instant, sleep_until};

use super::config::TelegramLimits;

/// So many chats are remembered before those are forgotten that may be written to at once.
const MOST_CHATS: usize = 1000;

/// The three limits. Each spaces messages evenly: a burst allowance would let twice the number through in the first
/// second or minute.
#[derive(Debug)]
pub(super) struct Limits {
    bot: DefaultDirectRateLimiter,
    /// Between two messages to one person, and to one group.
    apart: (Duration, Duration),
    chats: Mutex<HashMap<i64, Place>>,
}

/// From when on a chat may be written to. Whoever has the lock is next.
type Place = Arc<tokio::sync::Mutex<Instant>>;

impl Limits {
    pub(super) fn new(limits: TelegramLimits) -> Self {
        let person = Duration::from_secs(1) / limits.chat_per_second.get();
        let group = Duration::from_mins(1) / limits.group_per_minute.get();
        let bot = Quota::per_second(limits.bot_per_second).allow_burst(NonZeroU32::MIN);
        Self {
            bot: RateLimiter::direct(bot),
            apart: (person, person.max(group)),
            chats: Mutex::default(),
        }
    }

    /// Waits until a message may go to `chat`. The bot's turn comes last: a message that waits for its chat must not
    /// use up a turn that another chat could take. And the time between two messages to a chat counts from when the first
    /// has had the bot's turn, for it may have waited long for that.
    pub(super) async fn turn(&self, chat: i64) {
        let place = self.place(chat);
        let mut free_at = place.lock().await;
        sleep_until(*free_at).await;
        self.bot.until_ready().await;
        let (person, group) = self.apart;
        *free_at = Instant::now() + if is_group(chat) { group } else { person };
    }

    /// The longest wait between two messages that any of the three asks for.
    pub(super) fn rest(&self) -> Duration {
        self.apart.1
    }

    fn place(&self, chat: i64) -> Place {
        let now = Instant::now();
        let mut chats = self.chats.lock().unwrap_or_else(PoisonError::into_inner);
        if chats.len() >= MOST_CHATS {
            // One that is locked is waited for.
            chats.retain(|_, place| place.try_lock().map_or(true, |free_at| *free_at > now));
        }
        Arc::clone(
            chats
                .entry(chat)
                .or_insert_with(|| Arc::new(tokio::sync::Mutex::new(now))),
        )
    }
}

/// Groups, supergroups and channels have negative ids.
fn is_group(chat: i64) -> bool {
    chat < 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn two_messages_to_a_chat_are_apart_however_long_the_first_waited_for_the_bot() {
        let number = |n| NonZeroU32::new(n).unwrap();
        let limits = Limits::new(TelegramLimits {
            bot_per_second: number(20),
            chat_per_second: number(5),
            group_per_minute: number(20),
        });
        let others = futures_util::future::join_all((2..12).map(|chat| limits.turn(chat)));
        let one = async {
            limits.turn(1).await;
            Instant::now()
        };
        let other = async {
            limits.turn(1).await;
            Instant::now()
        };
        let (_, one, other) = tokio::join!(others, one, other);
        assert!(
            other - one >= Duration::from_millis(195),
            "{:?}",
            other - one
        );
    }

    #[test]
    fn chats_that_may_be_written_to_are_forgotten_and_one_that_may_not_is_kept() {
        let limits = Limits::new(TelegramLimits::default());
        let far = Instant::now() + Duration::from_mins(1);
        *limits.place(-1).try_lock().unwrap() = far;
        for chat in 1..3000 {
            limits.place(chat);
        }
        assert_eq!(*limits.place(-1).try_lock().unwrap(), far);
        assert!(limits.chats.lock().unwrap().len() <= MOST_CHATS);
    }
}
