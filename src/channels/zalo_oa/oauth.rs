//! The call that gives the next pair: `POST /v4/oa/access_token`.

use chrono::TimeDelta;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use url::Url;

use super::config::ZaloOaConfig;
use super::tokens::Pair;
use crate::channels::http::{self, Answer, CallError, printable};
use crate::channels::lenient;

/// What an access token lives when the answer does not say.
const LIVES: i64 = 25 * 60 * 60;

/// Refusals that say nothing about the token: the application's number or secret is wrong.
const APPLICATION: [i64; 3] = [-14001, -14002, -14003];

/// Asks for pairs.
#[derive(Debug)]
pub(super) struct OAuth {
    client: reqwest::Client,
    url: Url,
    app_id: String,
    app_secret: SecretString,
}

/// What came of asking.
#[derive(Debug)]
pub(super) enum Refreshed {
    /// The next pair.
    Pair(Pair),
    /// The token was not spent.
    NotSent(String),
    /// It may have been spent, and the next pair with it.
    Lost(String),
    /// Zalo gives no further pair for it.
    Refused(String),
    /// Zalo does not know the application as it is configured.
    Application(String),
}

impl OAuth {
    pub(super) fn new(config: &ZaloOaConfig, client: reqwest::Client) -> Self {
        let mut url = config.oauth_url.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(["v4", "oa", "access_token"]);
        }
        Self {
            client,
            url,
            app_id: config.app_id.clone(),
            app_secret: config.app_secret.clone(),
        }
    }

    /// Spends a refresh token.
    pub(super) async fn refresh(&self, token: &SecretString) -> Refreshed {
        let form = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("refresh_token", token.expose_secret())
            .append_pair("app_id", &self.app_id)
            .append_pair("grant_type", "refresh_token")
            .finish();
        let Ok(mut secret) = HeaderValue::from_str(self.app_secret.expose_secret()) else {
            return Refreshed::Application("the application's secret is no header".into());
        };
        secret.set_sensitive(true);
        let request = self
            .client
            .post(self.url.clone())
            .header("secret_key", secret)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form);
        match http::exchange(request).await {
            Ok(answer) => read(&answer),
            Err(CallError::NotSent(why)) => Refreshed::NotSent(why),
            Err(CallError::Lost(why)) => Refreshed::Lost(why),
        }
    }
}

fn read(answer: &Answer) -> Refreshed {
    let value = match serde_json::from_slice::<Value>(&answer.body) {
        Ok(value) if value.is_object() => value,
        _ => {
            let status = answer.status;
            return Refreshed::Lost(format!(
                "something other than Zalo answered (HTTP {status})"
            ));
        }
    };
    let token = |key: &str| lenient::text(&value[key]).map(SecretString::from);
    if let (Some(access), Some(refresh)) = (token("access_token"), token("refresh_token")) {
        // A string: "90000".
        let lives = lenient::number(&value["expires_in"]).unwrap_or(LIVES);
        return Refreshed::Pair(Pair {
            access,
            refresh,
            lives: TimeDelta::seconds(lives.clamp(60, 30 * 24 * 60 * 60)),
        });
    }
    let Some(code) = lenient::number(&value["error"]).filter(|code| *code != 0) else {
        return Refreshed::Lost(format!("an answer without tokens (HTTP {})", answer.status));
    };
    let why = ["error_description", "error_reason", "error_name", "message"]
        .into_iter()
        .find_map(|key| lenient::text(&value[key]))
        .unwrap_or_default();
    let why = format!("{code} {}", printable(&why));
    if APPLICATION.contains(&code) {
        Refreshed::Application(why)
    } else {
        Refreshed::Refused(why)
    }
}
