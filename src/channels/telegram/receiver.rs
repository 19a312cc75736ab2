//! The long poller.
//!
//! The cursor is the offset of the next call: one more than the highest number of the last batch. The server forgets
//! what lies before an offset, so nothing is acknowledged until the batch is stored and its cursor given back, and a call
//! that is dropped half way has acknowledged nothing new. After a week without updates the numbers start anew at random;
//! an offset that is then far off makes the server start from its oldest update and forget nothing, and the cursor
//! follows the batch, also downwards. It is never the highest number ever seen.
//!
//! The first call takes down a webhook of an earlier configuration, without which there is nothing to poll, and keeps
//! what waits there. Whoever sets a webhook afterwards is met with a conflict, not with a fight.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::call::Bot;
use super::config::{TelegramConfig, TelegramConfigError};
use super::failure::later;
use super::update::{Own, read};
use crate::channels::receiver::{Batch, ReceiveError};
use crate::domain::inbound::{Content, Inbound};

/// How long one call waits for an update; the server takes at most 50 seconds.
const LONGEST_WAIT: Duration = Duration::from_secs(25);

/// How much sooner than our own client the server must end an empty wait.
const MARGIN: Duration = Duration::from_secs(10);

/// Polls one bot.
#[derive(Debug)]
pub struct TelegramReceiver {
    bot: Bot,
    commands: Vec<(String, String)>,
    /// Known once everything is prepared.
    user_name: Option<String>,
    wait: Duration,
}

impl TelegramReceiver {
    /// Checks the configuration; connects to nothing. The bot will offer `commands`: each without its slash, and what it
    /// does.
    ///
    /// # Errors
    /// What in the configuration cannot work.
    pub fn new(
        config: &TelegramConfig,
        commands: Vec<(String, String)>,
    ) -> Result<Self, TelegramConfigError> {
        config.validate()?;
        let total = config.timeouts.total;
        Ok(Self {
            bot: Bot::new(config)?,
            commands,
            user_name: None,
            wait: LONGEST_WAIT.min(total.saturating_sub(MARGIN.min(total / 2))),
        })
    }

    /// Waits for updates and brings what of them concerns us, with the offset of the next call.
    ///
    /// # Errors
    /// Why there is nothing.
    pub async fn receive(&mut self, cursor: Option<&str>) -> Result<Batch, ReceiveError> {
        self.updates(cursor, self.wait).await
    }

    /// Brings what waits there already, and waits for nothing.
    ///
    /// # Errors
    /// Why there is nothing.
    pub async fn fetch(&mut self, cursor: Option<&str>) -> Result<Batch, ReceiveError> {
        self.updates(cursor, Duration::ZERO).await
    }

    async fn updates(
        &mut self,
        cursor: Option<&str>,
        wait: Duration,
    ) -> Result<Batch, ReceiveError> {
        if self.user_name.is_none() {
            self.bot.delete_webhook().await?;
            self.user_name = Some(self.bot.introduce(&self.commands).await?);
        }
        let own = Own {
            id: self.bot.id,
            name: self.user_name.as_deref(),
        };
        // A negative offset would make the server forget what it holds.
        let offset = cursor
            .and_then(|cursor| cursor.parse().ok())
            .filter(|offset| *offset > 0);
        let answer = self.bot.updates(offset, wait.as_secs()).await?;
        let items = answer
            .items()
            .ok_or_else(|| later("getUpdates gave no list"))?;
        let batch = batch_of(&items, own);
        if batch.cursor.is_none() && !items.is_empty() {
            return Err(later("getUpdates gave updates without numbers").into());
        }
        Ok(batch)
    }

    /// Tells the phones whose taps are stored that they were received.
    pub async fn acknowledge(&mut self, stored: &[Inbound]) {
        self.bot.answer_taps(stored).await;
    }

    /// One for each bot, by its user id.
    #[must_use]
    pub fn name(&self) -> String {
        format!("telegram:{}", self.bot.id)
    }
}

/// Which album a message is a part of. Pictures that are sent together are a message each; what of them one call brings is joined, and
/// what comes later, or by a webhook, is a message of its own.
fn album_of(update: &Value) -> Option<String> {
    let album = update["message"]["media_group_id"].as_str()?;
    let from = update["message"]["from"]["id"].as_i64()?;
    Some(format!("{from}:{album}"))
}

/// Adds a part of an album to the part before it: they are one message, and answered once.
fn join(first: &mut Inbound, next: Inbound) {
    if let (
        Content::Text { text, files, .. },
        Content::Text {
            text: more,
            files: others,
            ..
        },
    ) = (&mut first.content, next.content)
    {
        files.extend(others);
        if !text.is_empty() && !more.is_empty() {
            text.push('\n');
        }
        text.push_str(&more);
    }
}

/// All that is wanted of an update that cannot be read.
#[derive(Deserialize)]
struct Numbered {
    update_id: i64,
}

fn batch_of(items: &[Box<RawValue>], own: Own<'_>) -> Batch {
    let mut batch = Batch::default();
    let mut highest = None;
    let mut last_album: Option<String> = None;
    for item in items {
        let number = serde_json::from_str(item.get()).map(|Numbered { update_id }| update_id);
        highest = highest.max(number.as_ref().ok().copied());
        let reading = || {
            serde_json::from_str(item.get())
                .map(|update: Value| (album_of(&update), read(&update, own)))
        };
        // One update that the program stumbles over must not come again for ever, with all behind it.
        let Ok(decoded) = std::panic::catch_unwind(std::panic::AssertUnwindSafe(reading)) else {
            tracing::error!(
                update = number.ok(),
                "an update is left out for a fault of the program"
            );
            continue;
        };
        match decoded {
            Ok((album, Ok(Some(inbound)))) => {
                let goes_on = album.is_some() && album == last_album;
                last_album = album;
                match batch.inbound.last_mut().filter(|_| goes_on) {
                    Some(first) => join(first, inbound),
                    None => batch.inbound.push(inbound),
                }
            }
            Ok(_) => tracing::debug!(update = number.ok(), "an update that is not for us"),
            Err(error) => {
                tracing::warn!(update = number.ok(), %error, "an update that cannot be read is left out");
            }
        }
    }
    batch.cursor = highest.map(|highest| highest.saturating_add(1).to_string());
    batch
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_update_that_cannot_be_read_takes_no_other_with_it() {
        let deep = format!(
            r#"{{"update_id":8,"message":{}1{}}}"#,
            "[".repeat(5_000),
            "]".repeat(5_000)
        );
        let said = r#"{"update_id":7,"message":{"message_id":1,"date":1584318600,"from":{"id":42},
            "chat":{"id":42,"type":"private"},"text":"II.2 xong"}}"#;
        let half = r#"{"update_id":9,"message":{"text":"\ud83d"}}"#;
        let items: Vec<Box<RawValue>> = [said, &deep, half, r#""no object""#]
            .into_iter()
            .map(|item| RawValue::from_string(item.to_owned()).unwrap())
            .collect();
        let own = Own {
            id: 4353,
            name: Some("dondoc_bot"),
        };
        let batch = batch_of(&items, own);
        assert_eq!(batch.inbound.len(), 1);
        assert_eq!(batch.cursor.as_deref(), Some("10"));
    }

    #[test]
    fn pictures_that_are_sent_together_are_one_message() {
        let picture = |number: i64, from: i64, album: &str, caption: &str| {
            let update = serde_json::json!({ "update_id": number, "message": {
                "message_id": number, "date": 1_584_318_600, "from": { "id": from },
                "chat": { "id": from, "type": "private" }, "media_group_id": album, "caption": caption,
                "photo": [{ "file_id": format!("p{number}"), "width": 8, "height": 8, "file_size": 7 }] } });
            RawValue::from_string(update.to_string()).unwrap()
        };
        let items = [
            picture(1, 42, "a", "II.2 xong"),
            picture(2, 42, "a", ""),
            picture(3, 43, "a", ""),
            picture(4, 42, "b", ""),
            picture(5, 42, "b", "biên bản"),
        ];
        let own = Own {
            id: 4353,
            name: Some("dondoc_bot"),
        };
        let batch = batch_of(&items, own);
        let found: Vec<(&str, usize)> = batch
            .inbound
            .iter()
            .filter_map(|one| match &one.content {
                Content::Text { text, files, .. } => Some((text.as_str(), files.len())),
                _ => None,
            })
            .collect();
        assert_eq!(found, [("II.2 xong", 2), ("", 1), ("biên bản", 2)]);
        assert_eq!(batch.cursor.as_deref(), Some("6"));
    }
}
