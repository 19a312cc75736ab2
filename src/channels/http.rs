//! What the channels that speak HTTP share: the one place where a client is built, and one call with its answer.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::RequestBuilder;
use reqwest::header::{DATE, RETRY_AFTER};
use url::{Host, Url};

/// How long an unused connection is kept. Shorter than any provider keeps it, so that a request is not written into a
/// connection the other side is just closing, which would leave its fate unknown.
const KEEP_ALIVE: Duration = Duration::from_secs(20);

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

/// Why nothing came back. The texts hold neither the URL nor a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CallError {
    /// No connection was made, so nothing was sent.
    NotSent(String),
    /// The request may have been written.
    Lost(String),
}

/// A client with deadlines that follows no redirect (a bot token in a URL must not travel to another host) and takes no
/// proxy from the environment.
pub(super) fn client(
    connect: Duration,
    total: Duration,
    proxy: Option<&Url>,
) -> Result<reqwest::Client, reqwest::Error> {
    let mut builder = reqwest::Client::builder()
        .use_rustls_tls()
        .connect_timeout(connect)
        .timeout(total)
        .pool_idle_timeout(KEEP_ALIVE)
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .no_proxy();
    if let Some(proxy) = proxy {
        builder = builder.proxy(reqwest::Proxy::all(proxy.clone())?);
    }
    builder.build()
}

/// The largest answer that is read: a hundred updates of a bot with the longest words, several times over. What has no end must
/// not take the memory of everything else.
const LARGEST: usize = 16 * 1024 * 1024;

/// Sends a request and reads the answer.
pub(super) async fn exchange(request: RequestBuilder) -> Result<Answer, CallError> {
    let mut response = request.send().await.map_err(call_error)?;
    let status = response.status().as_u16();
    let retry_after = response
        .headers()
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.trim().parse().ok());
    match body_of(&mut response).await {
        Ok(body) => Ok(Answer {
            status,
            retry_after,
            body,
        }),
        // The status alone settles an error; a success that was cut off is as good as no answer.
        Err(_) if status >= 400 => Ok(Answer {
            status,
            retry_after,
            body: Vec::new(),
        }),
        Err(error) => Err(error),
    }
}

async fn body_of(response: &mut reqwest::Response) -> Result<Vec<u8>, CallError> {
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(call_error)? {
        if body.len() + piece.len() > LARGEST {
            return Err(CallError::Lost("the answer has no end".to_owned()));
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

/// What time it is by the server at `url`, by the header `Date` of whatever it answers: a question without a secret.
///
/// # Errors
/// Why it does not say.
pub async fn date_of(url: &Url, total: Duration) -> Result<DateTime<Utc>, String> {
    let client = client(total, total, None).map_err(|error| error.without_url().to_string())?;
    let response = client.head(url.clone()).send().await;
    let response = response.map_err(|error| match call_error(error) {
        CallError::NotSent(why) | CallError::Lost(why) => why,
    })?;
    let date = response
        .headers()
        .get(DATE)
        .and_then(|date| date.to_str().ok());
    date.and_then(|date| DateTime::parse_from_rfc2822(date).ok())
        .map(|date| date.to_utc())
        .ok_or_else(|| "it does not say".to_owned())
}

/// Whether a secret may travel there: encrypted, or within this machine.
pub(super) fn keeps_secrets(url: &Url) -> bool {
    let local = match url.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    url.scheme() == "https" || url.scheme() == "http" && local
}

/// The first words of a provider's text, on one line.
pub(super) fn printable(text: &str) -> String {
    text.chars()
        .take(120)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

/// What a failed request means, without the URL.
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
