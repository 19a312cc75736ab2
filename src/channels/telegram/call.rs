//! One call of a Bot API method.

use reqwest::header::CONTENT_TYPE;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use teloxide_core::requests::Payload;
use url::Url;

use super::config::{TelegramConfig, TelegramConfigError};
use crate::channels::http::{self, Answer, CallError};

/// Calls methods of one bot.
#[derive(Debug)]
pub(super) struct Bot {
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
        http::exchange(request).await
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
