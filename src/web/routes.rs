//! Paths, and what is answered there.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Request, State};
use axum::http::StatusCode;
use axum::routing::post;

use crate::app::push::{Push, Told};

/// What nobody may exceed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a body.
    pub body: usize,
    /// How long the head of a request may take, and how long a connection may be idle.
    pub head_time: Duration,
    /// How long a body may take.
    pub body_time: Duration,
    /// How long storing may take. Zalo wants an answer within two seconds.
    pub store_time: Duration,
    /// Connections at once; whoever comes next waits.
    pub connections: usize,
    /// How long what is under way may take when we stop.
    pub drain_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 1024 * 1024,
            head_time: Duration::from_secs(10),
            body_time: Duration::from_secs(10),
            store_time: Duration::from_millis(1500),
            connections: 256,
            drain_time: Duration::from_secs(5),
        }
    }
}

/// A webhook and its path.
#[derive(Debug)]
pub struct Route {
    /// Path, from `/`; no two routes have the same.
    pub path: String,
    /// What takes the pushes.
    pub push: Arc<Push>,
}

#[derive(Clone, Debug)]
struct Served {
    push: Arc<Push>,
    limits: Limits,
}

/// Answers on these paths, and 404 on all others.
pub fn router(routes: Vec<Route>, limits: Limits) -> Router {
    let empty = Router::new().fallback(async || StatusCode::NOT_FOUND);
    routes
        .into_iter()
        .fold(empty, |router, route| {
            let served = Served {
                push: route.push,
                limits,
            };
            router.route(&route.path, post(take).with_state(served))
        })
        .layer(DefaultBodyLimit::max(limits.body))
}

/// A probe of a provider is empty or `{}`. More than this is not read of what carries no secret and no signature.
const PROBE: usize = 64;

async fn take(State(served): State<Served>, mut request: Request) -> StatusCode {
    let Served { push, limits } = served;
    let headers = request.headers().clone();
    let may_be_authentic = push.may_be_authentic(&headers);
    if !may_be_authentic {
        DefaultBodyLimit::max(limits.body.min(PROBE)).apply(&mut request);
    }
    let reading = Bytes::from_request(request, &());
    let body = match tokio::time::timeout(limits.body_time, reading).await {
        Ok(Ok(body)) => body,
        // How much it sends is no matter of somebody without the secret.
        Ok(Err(_)) if !may_be_authentic => return StatusCode::UNAUTHORIZED,
        Ok(Err(rejection)) => return rejection.status(),
        Err(_) => return StatusCode::REQUEST_TIMEOUT,
    };
    match tokio::time::timeout(limits.store_time, push.take(&headers, &body)).await {
        Ok(Told::Accepted) => StatusCode::OK,
        Ok(Told::Refused) => StatusCode::UNAUTHORIZED,
        Ok(Told::Again) => StatusCode::SERVICE_UNAVAILABLE,
        Err(_) => {
            tracing::error!("storing a push takes too long; the provider will push it again");
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}
