//! Sends messages of one Official Account.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use secrecy::SecretString;
use serde_json::{Value, json};

use super::access::{Access, NoToken};
use super::account::Account;
use super::config::{ZaloOaConfig, ZaloOaConfigError, is_id};
use super::oauth::OAuth;
use super::tokens::{Consent, TokenKeeper};
use super::verdict::{Verdict, verdict_on};
use crate::channels::email::Room;
use crate::channels::held::Held;
use crate::channels::message::Message;
use crate::channels::zalo::text_of;
use crate::domain::delivery::Outcome;

/// What the address of a group begins with.
pub(super) const GROUP: &str = "group:";

/// How long to wait for an administrator.
const ADMIN_WAIT: Duration = Duration::from_hours(1);

/// Sends messages of one Official Account.
#[derive(Debug)]
pub struct ZaloOaSender {
    account: Account,
    access: Access,
    held: Held,
    refused: AtomicBool,
}

impl ZaloOaSender {
    /// Checks the configuration; connects to nothing. `keeper` keeps the tokens.
    ///
    /// # Errors
    /// What in the configuration cannot work.
    pub fn new(
        config: &ZaloOaConfig,
        keeper: Arc<dyn TokenKeeper>,
    ) -> Result<Self, ZaloOaConfigError> {
        let (account, client) = Account::new(config)?;
        let access = Access::new(keeper, OAuth::new(config, client), config.timeouts.total);
        Ok(Self {
            account,
            access,
            held: Held::default(),
            refused: AtomicBool::new(false),
        })
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

    /// Makes one attempt to send the message's text. A token that is not accepted is refreshed once, and the message sent
    /// with the next: Zalo did not take the first.
    pub async fn send(&self, message: &Message) -> Outcome {
        let Some((path, recipient)) = recipient(message.to.trim()) else {
            let reason = "not a Zalo user id".into();
            return Outcome::Rejected { reason };
        };
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
        let request = json!({ "recipient": recipient, "message": { "text": text } });
        let mut refused: Option<SecretString> = None;
        loop {
            let token = match self.access.token(refused.as_ref()).await {
                Ok(token) => token,
                Err(error) => return without_token(&error),
            };
            match verdict_on(&self.account.post(&path, &token, &request).await) {
                Verdict::Final(outcome) => {
                    if matches!(outcome, Outcome::Sent { .. }) {
                        self.refused.store(false, Ordering::Relaxed);
                    }
                    return outcome;
                }
                Verdict::Hold(hold) => return self.held.begin(hold),
                Verdict::Token(_) if refused.is_none() => refused = Some(token),
                Verdict::Token(why) => {
                    let reason = format!("Zalo does not accept a token it has just given: {why}");
                    tracing::error!("{reason}");
                    self.refused.store(true, Ordering::Relaxed);
                    return Outcome::Retry {
                        after: Some(ADMIN_WAIT),
                        reason,
                    };
                }
            }
        }
    }

    /// Takes what a new consent of an administrator gave, without a restart.
    pub fn give(&self, consent: Consent) {
        self.access.give(consent);
    }

    /// Refreshes the tokens when that is due, so that they do not die while there is nothing to send: the refresh token
    /// lives three months. Call it every hour or so.
    ///
    /// # Errors
    /// Why there is no token, for the operator.
    pub async fn keep_fresh(&self) -> Result<(), String> {
        let token = self.access.token(None).await;
        token.map(drop).map_err(|error| error.to_string())
    }
}

/// By the retry schedule, also where only a new consent helps: Zalo is not asked for that, a consent that comes soon is used
/// soon, and after the last try the person's next channel is.
fn without_token(error: &NoToken) -> Outcome {
    Outcome::Retry {
        after: None,
        reason: error.to_string(),
    }
}

/// Where to post, and to whom.
fn recipient(to: &str) -> Option<(Vec<&'static str>, Value)> {
    if let Some(group) = to.strip_prefix(GROUP) {
        let plain = !group.is_empty() && group.bytes().all(|b| b.is_ascii_alphanumeric());
        plain.then(|| {
            (
                vec!["v3.0", "oa", "group", "message"],
                json!({ "group_id": group }),
            )
        })
    } else {
        is_id(to).then(|| {
            (
                vec!["v3.0", "oa", "message", "cs"],
                json!({ "user_id": to }),
            )
        })
    }
}
