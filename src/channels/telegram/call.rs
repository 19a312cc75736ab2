//! One call of a Bot API method.

use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use teloxide_core::requests::Payload;
use url::Url;

use super::config::{TelegramConfig, TelegramConfigError};
use crate::channels::http;

/// Calls methods of one bot.
#[derive(Debug)]
pub(super) struct Bot {
    client: reqwest::Client,
    api_url: Url,
    token: SecretString,
}

/// What came back, whatever it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    /// HTTP status.
    pub(super) status: u16,
    /// Seconds of a `Retry-After` header.
    pub(super) retry_after: Option<u64>,
    /// The body.
    pub(super) body: Vec<u8>,
}

/// Why nothing came back. The texts hold neither the URL nor the token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CallError {
    /// No connection was made, so nothing was sent.
    NotSent(String),
    /// The request may have been written.
    Lost(String),
}

impl Bot {
    /// A bot whose calls end within the configured time.
    pub(super) fn new(config: &TelegramConfig) -> Result<Self, TelegramConfigError> {
        let client = http::client(
            config.timeouts.connect,
            config.timeouts.total,
            config.proxy.as_ref(),
        )
        .map_err(|error| TelegramConfigError::Client(error.without_url()))?;
        Ok(Self {
            client,
            api_url: config.api_url.clone(),
            token: config.token.clone(),
        })
    }

    /// Posts one request.
    pub(super) async fn call<P: Payload + Serialize>(
        &self,
        payload: &P,
    ) -> Result<Answer, CallError> {
        let body = serde_json::to_vec(payload)
            .map_err(|_| CallError::NotSent("the request is not JSON".into()))?;
        let request = self
            .client
            .post(self.method_url(P::NAME))
            .header(CONTENT_TYPE, "application/json")
            .body(body);
        let response = request.send().await.map_err(call_error)?;
        let status = response.status().as_u16();
        let retry_after = response
            .headers()
            .get(RETRY_AFTER)
            .and_then(|value| value.to_str().ok()?.trim().parse().ok());
        match response.bytes().await {
            Ok(body) => Ok(Answer {
                status,
                retry_after,
                body: body.to_vec(),
            }),
            // The status alone settles an error; a success that was cut off is as good as no answer.
            Err(_) if status >= 400 => Ok(Answer {
                status,
                retry_after,
                body: Vec::new(),
            }),
            Err(error) => Err(call_error(error)),
        }
    }

    /// `{api_url}/bot{token}/{method}`: never to be logged.
    fn method_url(&self, method: &str) -> Url {
        let mut url = self.api_url.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty()
                .push(&format!("bot{}", self.token.expose_secret()))
                .push(method);
        }
        url
    }
}

fn call_error(error: reqwest::Error) -> CallError {
    let not_sent = error.is_connect() || error.is_builder();
    let text = if error.is_timeout() {
        "no answer in time".to_owned()
    } else {
        describe(error)
    };
    if not_sent {
        CallError::NotSent(text)
    } else {
        CallError::Lost(text)
    }
}

/// The innermost cause ("Connection refused", "invalid peer certificate"): the outer ones name the URL.
fn describe(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut cause: &dyn std::error::Error = &error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}
