//! What is asked of us over HTTP: the webhooks of the providers, and how the daemon is.
//!
//! Two listeners. [`open_watch`] answers whoever watches, on this machine or in its network, and nobody else should reach
//! it. The other is for the providers, and on it only the paths that are configured. A push is answered 200 when it is stored, and not before;
//! 503 when it cannot be stored, so that the provider pushes it again; 401 when it is not authentic, with nothing said.
//! Anybody can connect, so every wait has an end and everything that grows has a bound ([`Limits`]). A web server with a
//! certificate stands before it.

mod open;
mod routes;
mod server;
mod watch;

pub use open::{Unserved, open};
pub use routes::{Limits, Route, router};
pub use server::serve;
pub use watch::{open_watch, watch_router};
