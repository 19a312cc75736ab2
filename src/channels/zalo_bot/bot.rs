//! The calls of one bot.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use url::Url;

use super::config::{ZaloBotConfig, ZaloBotConfigError, ZaloBotTimeouts, is_webhook_secret};
use super::reply::Reply;
use crate::channels::http::{self, Answer, CallError, printable};

/// One bot of the platform. Clones share its connections.
#[derive(Clone, Debug)]
pub struct ZaloBot {
    parts: Arc<Parts>,
}

#[derive(Debug)]
struct Parts {
    client: reqwest::Client,
    api_url: Url,
    token: SecretString,
    number: String,
    timeouts: ZaloBotTimeouts,
}

/// Why a question about the bot itself has no answer. The texts hold neither the URL nor the token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ZaloBotError {
    /// The platform does not accept the token.
    #[error("Zalo does not accept the bot token: set the current one from the Bot Creator")]
    Token,
    /// The secret of the webhook would be refused.
    #[error("the webhook secret must have 8 to 256 letters, digits, - or _")]
    WebhookSecret,
    /// Anything else.
    #[error("{0}")]
    Failed(String),
}

impl ZaloBot {
    /// Checks the configuration; connects to nothing.
    ///
    /// # Errors
    /// What in the configuration cannot work.
    pub fn new(config: &ZaloBotConfig) -> Result<Self, ZaloBotConfigError> {
        let number = config.validate()?;
        let timeouts = config.timeouts;
        let client = http::client(timeouts.connect, timeouts.total, None)
            .map_err(|error| ZaloBotConfigError::Client(error.without_url()))?;
        let parts = Parts {
            client,
            api_url: config.api_url.clone(),
            token: config.token.clone(),
            number,
            timeouts,
        };
        Ok(Self {
            parts: Arc::new(parts),
        })
    }

    /// Which bot it is: the digits of its token.
    #[must_use]
    pub fn number(&self) -> &str {
        &self.parts.number
    }

    /// How long things may take.
    pub(super) fn timeouts(&self) -> ZaloBotTimeouts {
        self.parts.timeouts
    }

    /// The name under which people find the bot (`getMe`).
    ///
    /// # Errors
    /// Why it is not known.
    pub async fn account_name(&self) -> Result<String, ZaloBotError> {
        let me = self.ask("getMe", &json!({})).await?;
        Ok(me["account_name"].as_str().unwrap_or_default().to_owned())
    }

    /// Where the platform pushes what comes in; `None` when it does not (`getWebhookInfo`, which is 404 then).
    ///
    /// # Errors
    /// Why it is not known.
    pub async fn webhook_url(&self) -> Result<Option<String>, ZaloBotError> {
        match self.reply("getWebhookInfo", &json!({})).await? {
            Reply::Bad { code: 404, .. } => Ok(None),
            reply => {
                let info = good("getWebhookInfo", reply)?;
                Ok(info["url"]
                    .as_str()
                    .filter(|url| !url.is_empty())
                    .map(str::to_owned))
            }
        }
    }

    /// Asks the platform to push what comes in to `url`, with `secret` in a header. There is a limit per day, so ask for
    /// [`webhook_url`](Self::webhook_url) first.
    ///
    /// # Errors
    /// Why it does not. The platform keeps the URL also when it could not reach it; that is told as a failure.
    pub async fn set_webhook(&self, url: &str, secret: &SecretString) -> Result<(), ZaloBotError> {
        if !is_webhook_secret(secret.expose_secret()) {
            return Err(ZaloBotError::WebhookSecret);
        }
        let wish = json!({ "url": url, "secret_token": secret.expose_secret() });
        let kept = self.ask("setWebhook", &wish).await?;
        let verification = &kept["verification"];
        if verification["ok"] == Value::Bool(false) {
            let outcome = verification["outcome"].as_str().unwrap_or_default();
            let hint = verification["hint"].as_str().unwrap_or_default();
            return Err(ZaloBotError::Failed(format!(
                "Zalo keeps the webhook and cannot reach it: {} {}",
                printable(outcome),
                printable(hint)
            )));
        }
        Ok(())
    }

    /// Asks the platform to push no more: only then can it be polled.
    ///
    /// # Errors
    /// Why it goes on.
    pub async fn delete_webhook(&self) -> Result<(), ZaloBotError> {
        self.ask("deleteWebhook", &json!({})).await.map(drop)
    }

    async fn ask(&self, method: &'static str, body: &Value) -> Result<Value, ZaloBotError> {
        good(method, self.reply(method, body).await?)
    }

    async fn reply(&self, method: &'static str, body: &Value) -> Result<Reply, ZaloBotError> {
        match self.call(method, body, self.parts.timeouts.total).await {
            Ok(answer) => Ok(Reply::of(&answer)),
            Err(CallError::NotSent(why)) => Err(ZaloBotError::Failed(format!(
                "Zalo cannot be reached: {why}"
            ))),
            Err(CallError::Lost(why)) => {
                Err(ZaloBotError::Failed(format!("Zalo did not answer: {why}")))
            }
        }
    }

    /// Posts one request; the whole may take `time`. Names of methods are case-sensitive.
    pub(super) async fn call(
        &self,
        method: &'static str,
        body: &Value,
        time: Duration,
    ) -> Result<Answer, CallError> {
        let request = self
            .parts
            .client
            .post(self.method_url(method))
            .timeout(time)
            .header(CONTENT_TYPE, "application/json")
            .body(body.to_string());
        http::exchange(request).await
    }

    /// `{api_url}/bot{token}/{method}`: never to be logged.
    fn method_url(&self, method: &str) -> Url {
        let mut url = self.parts.api_url.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty()
                .push(&format!("bot{}", self.parts.token.expose_secret()))
                .push(method);
        }
        url
    }
}

fn good(method: &str, reply: Reply) -> Result<Value, ZaloBotError> {
    let text = match reply {
        Reply::Good(result) => return Ok(result),
        Reply::Bad { code: 401, .. } => return Err(ZaloBotError::Token),
        Reply::Bad { code, text } => format!("answered {code} to {method}: {}", printable(&text)),
        Reply::BrokenOff => format!("broke off in its answer to {method}"),
        Reply::Foreign => format!("gave no answer of its own to {method}"),
    };
    Err(ZaloBotError::Failed(format!("Zalo {text}")))
}
