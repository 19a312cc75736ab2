//! One call of a Bot API method.

use std::time::Duration;

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
    /// Its user id, which is the part of the token that is no secret.
    pub(super) id: i64,
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
            id: config.bot_id()?,
            client,
            api_url: config.api_url.clone(),
            token: config.token.clone(),
        })
    }

    /// Posts one request of teloxide's.
    pub(super) async fn call<P: Payload + Serialize>(
        &self,
        payload: &P,
    ) -> Result<Answer, CallError> {
        self.post(P::NAME, payload).await
    }

    /// Posts one request to `method`.
    pub(super) async fn post<P: Serialize>(
        &self,
        method: &str,
        payload: &P,
    ) -> Result<Answer, CallError> {
        let body = serde_json::to_vec(payload)
            .map_err(|_| CallError::NotSent("the request is not JSON".into()))?;
        let request = self
            .client
            .post(self.url(None, &[method]))
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

    /// Asks for a file by the segments of the path that `getFile` named; the body is still to be read.
    pub(super) async fn fetch(
        &self,
        path: &[&str],
        total: Duration,
    ) -> Result<reqwest::Response, CallError> {
        let url = self.url(Some("file"), path);
        let request = self.client.get(url).timeout(total);
        request.send().await.map_err(call_error)
    }

    /// `{api_url}/[{before}/]bot{token}/{after}`: never to be logged.
    fn url(&self, before: Option<&str>, after: &[&str]) -> Url {
        let mut url = self.api_url.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty()
                .extend(before)
                .push(&format!("bot{}", self.token.expose_secret()))
                .extend(after);
        }
        url
    }
}

pub(super) fn call_error(error: reqwest::Error) -> CallError {
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
