//! The methods of the Bot API that serve receiving.

use std::time::Duration;

use futures_util::future::join_all;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use teloxide_core::payloads::{
    AnswerCallbackQuery, DeleteWebhook, DeleteWebhookSetters, GetMe, GetWebhookInfo, SetMyCommands,
};
use teloxide_core::types::{BotCommand, CallbackQueryId};
use url::Url;

use super::call::Bot;
use super::envelope::Envelope;
use super::failure::{TelegramError, later, success};
use crate::domain::inbound::{Answered, Content, Inbound};

/// The kinds of updates that mean something to us. Named in every request: the server remembers the last list it was
/// told, and it may have been told another one by an older program.
const ALLOWED_UPDATES: [&str; 4] = [
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
];

/// How long answering taps may hold up the next call.
const ANSWERING: Duration = Duration::from_secs(10);

/// The most updates that one answer may hold; the API's own limit.
const BATCH: u8 = 100;

impl Bot {
    /// The bot's user name, without the @: what a command in a group is addressed to.
    pub(super) async fn user_name(&self) -> Result<String, TelegramError> {
        let me = success(self.call(&GetMe::new()).await)?.value();
        let name = me["username"].as_str().filter(|name| !name.is_empty());
        name.map(str::to_owned)
            .ok_or_else(|| later("getMe names no user name"))
    }

    /// Waits up to `seconds` for updates from `offset` on. Everything before `offset` is forgotten by the server; without
    /// one it forgets nothing.
    pub(super) async fn updates(
        &self,
        offset: Option<i64>,
        seconds: u64,
    ) -> Result<Envelope, TelegramError> {
        // By hand: teloxide's offset has 32 bits, and an id that does not fit must not stop everything.
        let mut request =
            json!({ "limit": BATCH, "timeout": seconds, "allowed_updates": ALLOWED_UPDATES });
        if let Some(offset) = offset {
            request["offset"] = offset.into();
        }
        success(self.post("getUpdates", &request).await)
    }

    /// Has updates pushed to `url`. What waits is kept and pushed.
    pub(super) async fn set_webhook(
        &self,
        url: &Url,
        secret: &SecretString,
    ) -> Result<(), TelegramError> {
        let request = json!({
            "url": url.as_str(),
            "secret_token": secret.expose_secret(),
            "allowed_updates": ALLOWED_UPDATES,
        });
        success(self.post("setWebhook", &request).await).map(drop)
    }

    /// What Telegram says of the webhook (`getWebhookInfo`).
    pub(super) async fn webhook_info(&self) -> Result<Value, TelegramError> {
        Ok(success(self.call(&GetWebhookInfo::new()).await)?.value())
    }

    /// Has updates wait to be polled. What waits is kept.
    pub(super) async fn delete_webhook(&self) -> Result<(), TelegramError> {
        let request = DeleteWebhook::new().drop_pending_updates(false);
        success(self.call(&request).await).map(drop)
    }

    /// Sets the commands that Telegram offers after a slash, each with what it does, and tells the bot's user name.
    /// Without the commands everything else works.
    pub(super) async fn introduce(
        &self,
        commands: &[(String, String)],
    ) -> Result<String, TelegramError> {
        let name = self.user_name().await?;
        let commands = commands
            .iter()
            .map(|(command, does)| BotCommand::new(command, does));
        if let Err(error) = success(self.call(&SetMyCommands::new(commands)).await) {
            tracing::warn!(%error, "the Telegram bot does not offer its commands");
        }
        Ok(name)
    }

    /// Tells the phones whose taps are among `stored` that they were received, and takes the buttons away, of which each is
    /// good for one tap: whatever becomes of it, the same can be said in words. A tap that is older than Telegram waits for is refused; that, and every other failure, is of no
    /// consequence: a button that is left says nothing twice.
    pub(super) async fn answer_taps(&self, stored: &[Inbound]) {
        let answers = stored.iter().map(async |one| {
            let Content::Button { tap, answers, .. } = &one.content else {
                return;
            };
            let request = AnswerCallbackQuery::new(CallbackQueryId(tap.clone()));
            if let Err(error) = success(self.call(&request).await) {
                tracing::debug!(%error, "a tap was not answered");
            }
            let Some(message) = tapped_message(answers.as_ref()) else {
                return;
            };
            let request = json!({ "chat_id": one.answer_to(), "message_id": message });
            if let Err(error) = success(self.post("editMessageReplyMarkup", &request).await) {
                tracing::debug!(%error, "the buttons of a message are left");
            }
        });
        let _ = tokio::time::timeout(ANSWERING, join_all(answers)).await;
    }
}

/// The number of the message under which a button stands.
fn tapped_message(answered: Option<&Answered>) -> Option<i32> {
    match answered? {
        Answered::Provider(message) => message.parse().ok(),
        Answered::Delivery(_) | Answered::MessageId(_) => None,
    }
}
