//! The listener: connections within their limits, and an orderly end.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;

use super::routes::Limits;
use crate::app::daemon::Wish;

/// How long to wait when no connection can be accepted: the files of the process are used up.
const AFTER_FAILURE: Duration = Duration::from_millis(100);

/// Serves until the wish is to stop, or whoever wishes is gone; then what is under way is answered, and nothing else.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    mut wishes: watch::Receiver<Wish>,
) {
    let places = Arc::new(Semaphore::new(limits.connections.max(1)));
    let mut connections = JoinSet::new();
    loop {
        let (stream, place) = tokio::select! {
            () = stop(&mut wishes) => break,
            accepted = accept(&listener, &places) => accepted,
            Some(_) = connections.join_next() => continue,
        };
        let (router, wishes) = (router.clone(), wishes.clone());
        connections.spawn(async move {
            serve_one(stream, router, limits, wishes).await;
            drop(place);
        });
    }
    drop(listener);
    let drained = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(limits.drain_time, drained)
        .await
        .is_err()
    {
        tracing::warn!("requests that were under way are cut off");
    }
}

async fn stop(wishes: &mut watch::Receiver<Wish>) {
    // An error means that nobody can wish any more.
    let _ = wishes.wait_for(|wish| *wish == Wish::Stop).await;
}

/// The next connection, when there is a place for it. Until then it waits in the kernel's queue.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> (TcpStream, OwnedSemaphorePermit) {
    loop {
        let place = Arc::clone(places).acquire_owned().await;
        match (place, listener.accept().await) {
            (Ok(place), Ok((stream, _))) => return (stream, place),
            (_, Err(error)) => {
                tracing::warn!(%error, "no connection can be accepted");
                tokio::time::sleep(AFTER_FAILURE).await;
            }
            // The semaphore is never closed.
            (Err(_), Ok(_)) => std::future::pending().await,
        }
    }
}

async fn serve_one(
    stream: TcpStream,
    router: Router,
    limits: Limits,
    mut wishes: watch::Receiver<Wish>,
) {
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_time)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    let mut connection = std::pin::pin!(connection);
    let result = tokio::select! {
        result = connection.as_mut() => result,
        () = stop(&mut wishes) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = result {
        tracing::debug!(%error, "a connection ended");
    }
}
