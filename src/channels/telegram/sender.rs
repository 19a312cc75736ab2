//! The sender of the Telegram channel.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use teloxide_core::payloads::{SendMessage, SendMessageSetters};
use teloxide_core::types::{ChatId, InlineKeyboardMarkup, LinkPreviewOptions, ReplyMarkup};
use tokio::time::Instant;

use super::call::Bot;
use super::config::{TelegramConfig, TelegramConfigError};
use super::holds::Holds;
use super::keyboard::keyboard;
use super::limits::Limits;
use super::verdict::{Verdict, refuses_us, verdict_on};
use crate::channels::message::Message;
use crate::channels::sender::SendReport;
use crate::domain::delivery::Outcome;

/// What the Bot API takes in one message, in code points.
const API_LIMIT: usize = 4096;

/// How many code points of text fit in one message, the mark of a resent one not counted.
pub const TEXT_LIMIT: usize = API_LIMIT - 2;

/// Sends messages of one bot. Clones share its limits.
#[derive(Clone, Debug)]
pub struct TelegramSender {
    parts: Arc<Parts>,
}

#[derive(Debug)]
struct Parts {
    bot: Bot,
    limits: Limits,
    holds: Holds,
    refused: AtomicBool,
}

impl TelegramSender {
    /// Checks the configuration; connects to nothing.
    ///
    /// # Errors
    /// What in the configuration cannot work.
    pub fn new(config: &TelegramConfig) -> Result<Self, TelegramConfigError> {
        config.validate()?;
        let parts = Parts {
            bot: Bot::new(config)?,
            limits: Limits::new(config.limits),
            holds: Holds::default(),
            refused: AtomicBool::new(false),
        };
        Ok(Self {
            parts: Arc::new(parts),
        })
    }

    /// After a message another may follow at once, wherever it goes, when this time is over.
    #[must_use]
    pub fn rest(&self) -> Duration {
        self.parts.limits.rest()
    }

    /// Whether Telegram did not accept the token when it last answered.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.parts.refused.load(Ordering::Relaxed)
    }

    /// Makes one attempt to send the message's text, with its choices as buttons. A chat id that the group no longer has is followed to the new one,
    /// which the report names.
    pub async fn send(&self, message: &Message) -> SendReport {
        let Ok(chat) = message.to.trim().parse::<i64>() else {
            return rejected("not a Telegram chat id");
        };
        let text = message.chat_text();
        if text.trim().is_empty() {
            return rejected("message text is empty");
        }
        if text.chars().count() > API_LIMIT {
            return rejected("message too long");
        }
        let keyboard = match keyboard(&message.choices) {
            Ok(keyboard) => keyboard,
            Err(fault) => return fault.into(),
        };
        match self.attempt(chat, &text, keyboard.as_ref()).await {
            Attempt::Done(outcome) => outcome.into(),
            Attempt::Migrated(to) => {
                let outcome = match self.attempt(to, &text, keyboard.as_ref()).await {
                    Attempt::Done(outcome) => outcome,
                    Attempt::Migrated(_) => Outcome::Retry {
                        after: None,
                        reason: "the Telegram group migrated twice".into(),
                    },
                };
                SendReport {
                    outcome,
                    new_address: Some(to.to_string()),
                }
            }
        }
    }

    async fn attempt(
        &self,
        chat: i64,
        text: &str,
        keyboard: Option<&InlineKeyboardMarkup>,
    ) -> Attempt {
        let Parts {
            bot,
            limits,
            holds,
            refused,
        } = &*self.parts;
        let held = || holds.remaining(chat, Instant::now()).map(told_to_wait);
        if let Some(outcome) = held() {
            return Attempt::Done(outcome);
        }
        limits.turn(chat).await;
        // Another message may have been told to wait while this one waited for its turn.
        if let Some(outcome) = held() {
            return Attempt::Done(outcome);
        }
        let mut payload =
            SendMessage::new(ChatId(chat), text).link_preview_options(LinkPreviewOptions {
                is_disabled: true,
                url: None,
                prefer_small_media: false,
                prefer_large_media: false,
                show_above_text: false,
            });
        payload.reply_markup = keyboard.cloned().map(ReplyMarkup::InlineKeyboard);
        let answer = bot.call(&payload).await;
        if let Some(is_refused) = refuses_us(&answer) {
            refused.store(is_refused, Ordering::Relaxed);
        }
        match verdict_on(&answer) {
            Verdict::Final(outcome) => Attempt::Done(outcome),
            Verdict::Hold(wait) => {
                Attempt::Done(told_to_wait(holds.hold(chat, wait, Instant::now())))
            }
            Verdict::Migrated(to) => Attempt::Migrated(to),
        }
    }
}

enum Attempt {
    Done(Outcome),
    Migrated(i64),
}

fn told_to_wait(wait: Duration) -> Outcome {
    Outcome::Retry {
        after: Some(wait),
        reason: "Telegram told us to wait (429)".into(),
    }
}

fn rejected(reason: &str) -> SendReport {
    Outcome::Rejected {
        reason: reason.into(),
    }
    .into()
}
