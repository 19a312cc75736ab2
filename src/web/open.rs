//! The listener of the configuration.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::routes::{Limits, Route, router};
use super::server::serve;
use crate::app::daemon::Wish;
use crate::app::open::{Loaded, Problems};
use crate::app::push::{Push, Store};

/// Why nothing can be served.
#[derive(Debug, thiserror::Error)]
pub enum Unserved {
    /// The configuration cannot work.
    #[error("{0}")]
    Config(Problems),
    /// The address cannot be listened on.
    #[error("[{section}] listen: {address} cannot be listened on")]
    Listen {
        /// Of which section of the configuration.
        section: &'static str,
        /// Which.
        address: SocketAddr,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// Listens where the configuration says, when any channel receives by webhook; what comes goes into `store`. Await what is
/// given beside the address: it serves until the wish is to stop.
///
/// # Errors
/// Why nothing can be served.
pub async fn open(
    loaded: &Loaded,
    store: Arc<dyn Store>,
    wishes: watch::Receiver<Wish>,
) -> Result<Option<(SocketAddr, impl Future<Output = ()> + Send + use<>)>, Unserved> {
    let webhooks = loaded.routes().map_err(Unserved::Config)?;
    let Some(web) = loaded.config.web.as_ref().filter(|_| !webhooks.is_empty()) else {
        return Ok(None);
    };
    let failed = |source| Unserved::Listen {
        section: "web",
        address: web.listen,
        source,
    };
    let listener = TcpListener::bind(web.listen).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let routes: Vec<Route> = webhooks
        .into_iter()
        .map(|(path, webhook)| Route {
            path,
            push: Arc::new(Push::new(webhook, Arc::clone(&store))),
        })
        .collect();
    for route in &routes {
        tracing::info!(%address, path = route.path, "a webhook is served");
    }
    let limits = Limits::default();
    let pushes: Vec<Arc<Push>> = routes.iter().map(|route| Arc::clone(&route.push)).collect();
    let router = router(routes, limits);
    let serving = async move {
        // Ends with the serving.
        let mut preparing = JoinSet::new();
        for push in pushes {
            preparing.spawn(async move { push.prepare().await });
        }
        serve(listener, router, limits, wishes).await;
    };
    Ok(Some((address, serving)))
}
