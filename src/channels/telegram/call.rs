//! One call of a Bot API method.

use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use teloxide_core::requests::Payload;
use url::Url;

use super::config::{TelegramConfig, TelegramConfigError};
use crate::channels::http::{self, Answer, CallError, call_error};

/// Calls methods of one bot.
#[derive(Debug)]
pub(super) struct Bot {
    /// Its user id, which is the part of the token that is no secret.
    pub(super) id: i64,
    client: reqwest::Client,
    api_url: Url,
    token: SecretString,
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
        http::exchange(request).await
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
