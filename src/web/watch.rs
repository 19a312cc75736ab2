//! What whoever watches may ask: is the process alive, can it do its work, and its metrics.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use axum::routing::get;
use prometheus_client::encoding::prometheus_text;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::open::Unserved;
use super::routes::Limits;
use super::server::serve;
use crate::app::daemon::Wish;
use crate::app::open::Loaded;
use crate::app::vitals::Watcher;

/// Few ask, and quickly.
const LIMITS: Limits = Limits {
    body: 1024,
    head_time: Duration::from_secs(5),
    body_time: Duration::from_secs(5),
    store_time: Duration::from_secs(5),
    connections: 32,
    drain_time: Duration::from_secs(3),
};

/// Listens where `[watch]` says, if it is configured, apart from the webhooks: what is told here is not for the public.
/// Await what is given beside the address: it answers until the wish is to stop.
///
/// # Errors
/// When the address cannot be listened on.
pub async fn open_watch(
    loaded: &Loaded,
    watcher: Watcher,
    wishes: watch::Receiver<Wish>,
) -> Result<Option<(SocketAddr, impl Future<Output = ()> + Send + use<>)>, Unserved> {
    let Some(section) = &loaded.config.watch else {
        return Ok(None);
    };
    let failed = |source| Unserved::Listen {
        section: "watch",
        address: section.listen,
        source,
    };
    let listener = TcpListener::bind(section.listen).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    tracing::info!(%address, "/healthz, /readyz and /metrics are served");
    let serving = serve(listener, watch_router(watcher), LIMITS, wishes);
    Ok(Some((address, serving)))
}

/// Answers on the three paths, and 404 on all others.
pub fn watch_router(watcher: Watcher) -> Router {
    Router::new()
        .route("/healthz", get(async || "alive\n"))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .fallback(async || StatusCode::NOT_FOUND)
        .with_state(Arc::new(watcher))
}

async fn ready(State(watcher): State<Arc<Watcher>>) -> impl IntoResponse {
    let readiness = watcher.readiness().await;
    let status = if readiness.ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    // Made of words and booleans: it always has a JSON form.
    let text = serde_json::to_string(&readiness).unwrap_or_default() + "\n";
    let headers = [
        (CONTENT_TYPE, "application/json"),
        (CACHE_CONTROL, "no-store"),
    ];
    (status, headers, text)
}

async fn metrics(State(watcher): State<Arc<Watcher>>) -> impl IntoResponse {
    let headers = [
        (CONTENT_TYPE, prometheus_text::CONTENT_TYPE),
        (CACHE_CONTROL, "no-store"),
    ];
    (headers, watcher.metrics().await)
}
