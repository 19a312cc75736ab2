//! Calls in the name of the account.

use reqwest::header::{CONTENT_TYPE, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use url::Url;

use super::config::{ZaloOaConfig, ZaloOaConfigError};
use crate::channels::http::{self, Answer, CallError};

/// Posts to the API of Official Accounts.
#[derive(Debug)]
pub(super) struct Account {
    client: reqwest::Client,
    api_url: Url,
}

impl Account {
    /// Checks the configuration; connects to nothing. Gives the client too, for the refresh of tokens.
    pub(super) fn new(config: &ZaloOaConfig) -> Result<(Self, reqwest::Client), ZaloOaConfigError> {
        config.validate()?;
        let timeouts = config.timeouts;
        let client = http::client(timeouts.connect, timeouts.total, None)
            .map_err(|error| ZaloOaConfigError::Client(error.without_url()))?;
        let account = Self {
            client: client.clone(),
            api_url: config.api_url.clone(),
        };
        Ok((account, client))
    }

    /// Posts one request with the access token in its header.
    pub(super) async fn post(
        &self,
        path: &[&str],
        token: &SecretString,
        body: &Value,
    ) -> Result<Answer, CallError> {
        let request = self
            .client
            .post(self.url(path))
            .header("access_token", header(token)?)
            .header(CONTENT_TYPE, "application/json")
            .body(body.to_string());
        http::exchange(request).await
    }

    /// Asks for something with the access token in the header.
    pub(super) async fn get(
        &self,
        path: &[&str],
        token: &SecretString,
    ) -> Result<Answer, CallError> {
        let request = self.client.get(self.url(path));
        http::exchange(request.header("access_token", header(token)?)).await
    }

    fn url(&self, path: &[&str]) -> Url {
        let mut url = self.api_url.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        url
    }
}

fn header(token: &SecretString) -> Result<HeaderValue, CallError> {
    let mut header = HeaderValue::from_str(token.expose_secret())
        .map_err(|_| CallError::NotSent("the access token is no header".into()))?;
    header.set_sensitive(true);
    Ok(header)
}
