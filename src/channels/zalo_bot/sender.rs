//! Sends messages of one bot.

use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;

use super::bot::ZaloBot;
use super::verdict::{Verdict, refuses_us, verdict_on};
use crate::channels::email::Room;
use crate::channels::held::Held;
use crate::channels::message::Message;
use crate::channels::zalo::text_of;
use crate::domain::delivery::Outcome;

/// Sends messages of one bot.
#[derive(Debug)]
pub struct ZaloBotSender {
    bot: ZaloBot,
    held: Held,
    refused: AtomicBool,
}

impl ZaloBotSender {
    /// Sends by this bot.
    #[must_use]
    pub fn new(bot: ZaloBot) -> Self {
        Self {
            bot,
            held: Held::default(),
            refused: AtomicBool::new(false),
        }
    }

    /// How much may be handed over now.
    #[must_use]
    pub fn room(&self) -> Room {
        self.held.room()
    }

    /// Whether Zalo did not accept the token when it last answered.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.refused.load(Ordering::Relaxed)
    }

    /// Makes one attempt to send the message's text. There are no buttons: the text itself says what to answer.
    pub async fn send(&self, message: &Message) -> Outcome {
        let chat = message.to.trim();
        if chat.is_empty() || chat.contains(char::is_control) {
            let reason = "not a Zalo chat id".into();
            return Outcome::Rejected { reason };
        }
        let text = match text_of(message) {
            Ok(text) => text,
            Err(reason) => {
                let reason = reason.into();
                return Outcome::Closed { reason };
            }
        };
        if let Some(outcome) = self.held.outcome() {
            return outcome;
        }
        let request = json!({ "chat_id": chat, "text": text });
        let time = self.bot.timeouts().total;
        let answer = self.bot.call("sendMessage", &request, time).await;
        if let Some(is_refused) = refuses_us(&answer) {
            self.refused.store(is_refused, Ordering::Relaxed);
        }
        match verdict_on(&answer) {
            Verdict::Final(outcome) => outcome,
            Verdict::Hold(hold) => self.held.begin(hold),
        }
    }
}
