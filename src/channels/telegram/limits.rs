//! Waiting for one's turn, so that Telegram need not say 429.

use std::num::NonZeroU32;

use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::config::TelegramLimits;

/// The three limits. Each spaces messages evenly: a burst allowance would let twice the number through in the first
/// second or minute.
#[derive(Debug)]
pub(super) struct Limits {
    bot: DefaultDirectRateLimiter,
    chats: DefaultKeyedRateLimiter<i64>,
    groups: DefaultKeyedRateLimiter<i64>,
}

impl Limits {
    pub(super) fn new(limits: TelegramLimits) -> Self {
        let evenly = |quota: Quota| quota.allow_burst(NonZeroU32::MIN);
        Self {
            bot: RateLimiter::direct(evenly(Quota::per_second(limits.bot_per_second))),
            chats: RateLimiter::keyed(evenly(Quota::per_second(limits.chat_per_second))),
            groups: RateLimiter::keyed(evenly(Quota::per_minute(limits.group_per_minute))),
        }
    }

    /// Waits until a message may go to `chat`. The bot's turn comes last: a message that waits for its chat must not
    /// use up a turn that another chat could take.
    pub(super) async fn turn(&self, chat: i64) {
        if is_group(chat) {
            self.groups.until_key_ready(&chat).await;
        }
        self.chats.until_key_ready(&chat).await;
        self.bot.until_ready().await;
    }
}

/// Groups, supergroups and channels have negative ids.
fn is_group(chat: i64) -> bool {
    chat < 0
}
