//! Receives by polling: `getUpdates`.
//!
//! A poll gives one update and takes no offset. Some servers hand the same update over on each poll, others hand it over
//! once and never again. So the cursor is the id of the last update that was stored: one that comes again under it is
//! left out; and what was handed over is kept here until the cursor says that it is stored.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::bot::ZaloBot;
use super::reply::Reply;
use super::update::decode;
use super::verdict::hold_of;
use crate::channels::http::{Answer, CallError, printable};
use crate::channels::receiver::{Batch, ReceiveError};
use crate::domain::inbound::Inbound;

/// The shortest wait that the platform can be asked for.
const SHORTEST_WAIT: Duration = Duration::from_secs(1);
/// How much longer than the server waits a poll may take.
const LONGER: Duration = Duration::from_secs(15);

/// Polls one bot.
#[derive(Debug)]
pub struct ZaloBotReceiver {
    bot: ZaloBot,
    polled_at: Option<Instant>,
    /// Handed over, and not known to be stored.
    unconfirmed: Vec<Inbound>,
    /// What made no sense the last time; said once.
    odd: Option<Value>,
}

impl ZaloBotReceiver {
    /// Polls this bot.
    #[must_use]
    pub fn new(bot: ZaloBot) -> Self {
        Self {
            bot,
            polled_at: None,
            unconfirmed: Vec::new(),
            odd: None,
        }
    }

    /// Its name, for lease and cursor.
    #[must_use]
    pub fn name(&self) -> String {
        format!("zalo_bot:{}", self.bot.number())
    }

    /// Polls until something new comes in, at most about `wait`. Let it end: an update may be handed over only once.
    ///
    /// # Errors
    /// Why nothing can be brought.
    pub async fn receive(&mut self, cursor: Option<&str>) -> Result<Batch, ReceiveError> {
        self.updates(cursor, self.bot.timeouts().wait).await
    }

    /// Brings what waits there already.
    ///
    /// # Errors
    /// Why nothing can be brought.
    pub async fn fetch(&mut self, cursor: Option<&str>) -> Result<Batch, ReceiveError> {
        self.updates(cursor, SHORTEST_WAIT).await
    }

    async fn updates(
        &mut self,
        cursor: Option<&str>,
        wait: Duration,
    ) -> Result<Batch, ReceiveError> {
        let is_stored = |inbound: &Inbound| Some(inbound.external_id.as_str()) == cursor;
        if self.unconfirmed.last().is_some_and(is_stored) {
            self.unconfirmed.clear();
        }
        let until = Instant::now() + wait;
        loop {
            self.turn().await;
            if self.unconfirmed.is_empty() {
                let came = self.poll(wait).await?;
                let empty = came.is_empty();
                self.unconfirmed = came.into_iter().filter(|one| !is_stored(one)).collect();
                let replayed = !empty && self.unconfirmed.is_empty();
                if replayed && Instant::now() < until {
                    continue;
                }
            }
            return Ok(Batch {
                cursor: self.unconfirmed.last().map(|one| one.external_id.clone()),
                inbound: self.unconfirmed.clone(),
            });
        }
    }

    /// Forgets what is stored.
    pub fn acknowledge(&mut self, stored: &[Inbound]) {
        self.unconfirmed.retain(|one| {
            stored
                .iter()
                .all(|done| done.external_id != one.external_id)
        });
    }

    /// Waits until the time between two polls has passed.
    async fn turn(&mut self) {
        if let Some(last) = self.polled_at {
            tokio::time::sleep_until(last + self.bot.timeouts().between_polls).await;
        }
        self.polled_at = Some(Instant::now());
    }

    async fn poll(&mut self, wait: Duration) -> Result<Vec<Inbound>, ReceiveError> {
        // A string in the table of the documents, a number in their example; whole seconds.
        let wish = json!({ "timeout": wait.max(SHORTEST_WAIT).as_secs().to_string() });
        let answer = self.bot.call("getUpdates", &wish, wait + LONGER).await;
        let updates = match read(answer)? {
            Value::Array(updates) => updates,
            Value::Null => return Ok(Vec::new()),
            one => vec![one],
        };
        Ok(updates.iter().filter_map(|one| self.decode(one)).collect())
    }

    fn decode(&mut self, update: &Value) -> Option<Inbound> {
        // One update that the program stumbles over must not hold up those behind it.
        let read = catch_unwind(AssertUnwindSafe(|| decode(update)));
        match read.unwrap_or(Err("a fault of the program")) {
            Ok(inbound) => inbound,
            Err(why) => {
                if self.odd.as_ref() != Some(update) {
                    tracing::warn!(why, "an update of the Zalo bot makes no sense");
                    self.odd = Some(update.clone());
                }
                None
            }
        }
    }
}

/// The result of a poll; null when nothing came in.
fn read(answer: Result<Answer, CallError>) -> Result<Value, ReceiveError> {
    let answer = answer.map_err(|error| match error {
        CallError::NotSent(why) => later(format!("Zalo cannot be reached: {why}")),
        CallError::Lost(why) => later(format!("Zalo did not answer: {why}")),
    })?;
    // An empty poll: "Request timeout". A gateway may say so too.
    if answer.status == 408 {
        return Ok(Value::Null);
    }
    let (code, text) = match Reply::of(&answer) {
        Reply::Good(result) => return Ok(result),
        Reply::Bad { code: 408, .. } => return Ok(Value::Null),
        Reply::Bad { code, text } => (code, text),
        Reply::BrokenOff => return Err(later("Zalo's answer breaks off".into())),
        Reply::Foreign => (answer.status, String::new()),
    };
    Err(if let Some(hold) = hold_of(&answer, code, &text) {
        ReceiveError::Later {
            reason: hold.reason,
            after: Some(hold.wait),
        }
    } else if text.contains("webhook") {
        ReceiveError::Conflict(
            "a webhook is set for this Zalo bot: remove it (deleteWebhook), or receive by it"
                .into(),
        )
    } else if code == 401 {
        ReceiveError::Refused("Zalo does not accept the bot token: set the current one".into())
    } else if text.is_empty() {
        later(format!("something other than Zalo answered (HTTP {code})"))
    } else {
        later(format!("Zalo answered {code}: {}", printable(&text)))
    })
}

fn later(reason: String) -> ReceiveError {
    ReceiveError::Later {
        reason,
        after: None,
    }
}
