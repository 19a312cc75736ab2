//! The one place where an HTTP client is built.

use std::time::Duration;

use url::Url;

/// How long an unused connection is kept. Shorter than any provider keeps it, so that a request is not written into a
/// connection the other side is just closing, which would leave its fate unknown.
const KEEP_ALIVE: Duration = Duration::from_secs(20);

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
