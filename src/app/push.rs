//! What a provider pushes: authenticated, decoded and stored before it is answered.

use std::fmt::Debug;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use reqwest::header::HeaderMap;

use super::AppError;
use super::receive::Intake;
use crate::channels::{ReceiveError, Refusal, Webhook};
use crate::domain::inbound::Inbound;

/// How often the operator is told that pushes are refused: anybody on the internet can send one.
const TOLD_EVERY: Duration = Duration::from_mins(1);

/// How long to wait before a provider is told again where to push.
const PREPARED_AGAIN: Duration = Duration::from_secs(30);
/// The same where only the operator can mend it.
const PREPARED_AGAIN_MUCH_LATER: Duration = Duration::from_mins(5);

/// The end of storing.
pub type Storing<'a> = Pin<Box<dyn Future<Output = Result<(), AppError>> + Send + 'a>>;

/// What stores what came in.
pub trait Store: Debug + Send + Sync {
    /// Stores it durably; copies of what is stored already are left out.
    fn store<'a>(&'a self, inbound: &'a [Inbound]) -> Storing<'a>;
}

impl Store for Intake {
    fn store<'a>(&'a self, inbound: &'a [Inbound]) -> Storing<'a> {
        Box::pin(async move { self.store(inbound).await.map(drop) })
    }
}

/// What the provider is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// We have it, or it concerns nobody: do not push it again.
    Accepted,
    /// It is not from the provider.
    Refused,
    /// It could not be stored: push it again.
    Again,
}

/// One webhook, and what stores what comes by it.
#[derive(Debug)]
pub struct Push {
    webhook: Arc<Webhook>,
    store: Arc<dyn Store>,
    refused: Mutex<Refused>,
}

#[derive(Debug, Default)]
struct Refused {
    told_at: Option<Instant>,
    since: u64,
}

impl Push {
    /// Takes what comes by `webhook`.
    #[must_use]
    pub fn new(webhook: Webhook, store: Arc<dyn Store>) -> Self {
        Self {
            webhook: Arc::new(webhook),
            store,
            refused: Mutex::default(),
        }
    }

    /// Tells the provider where to push, as often as it takes.
    pub async fn prepare(&self) {
        let channel = self.webhook.channel().as_str();
        while let Err(error) = self.webhook.prepare().await {
            let wait = match error {
                ReceiveError::Later { after, .. } => after.unwrap_or(PREPARED_AGAIN),
                ReceiveError::Conflict(_) | ReceiveError::Refused(_) => PREPARED_AGAIN_MUCH_LATER,
            };
            tracing::error!(
                channel,
                error = &error as &dyn std::error::Error,
                "the provider was not told where to push; it is told again"
            );
            tokio::time::sleep(wait).await;
        }
    }

    /// Whether a push with this head can be anything but a probe.
    #[must_use]
    pub fn may_be_authentic(&self, headers: &HeaderMap) -> bool {
        self.webhook.may_be_authentic(headers)
    }

    /// Takes one push.
    pub async fn take(&self, headers: &HeaderMap, body: &[u8]) -> Told {
        let channel = self.webhook.channel().as_str();
        let accepting = || self.webhook.accept(headers, body);
        let accepted = std::panic::catch_unwind(std::panic::AssertUnwindSafe(accepting));
        let accepted = accepted.unwrap_or(Err(Refusal::NotUnderstood(AppError::Fault.to_string())));
        let inbound = match accepted {
            Ok(inbound) => inbound,
            Err(Refusal::NotAuthentic(why)) => {
                self.tell_refused(channel, why);
                return Told::Refused;
            }
            Err(Refusal::NotNow(why)) => {
                tracing::debug!(channel, why, "a push is asked for again");
                return Told::Again;
            }
            Err(Refusal::NotUnderstood(why)) => {
                tracing::warn!(channel, why, bytes = body.len(), "a push makes no sense");
                return Told::Accepted;
            }
        };
        if inbound.is_empty() {
            return Told::Accepted;
        }
        match self.store.store(&inbound).await {
            Ok(()) => {
                let webhook = Arc::clone(&self.webhook);
                // The provider waits for its answer, and the phone whose button was tapped can wait a little longer.
                tokio::spawn(async move { webhook.acknowledge(&inbound).await });
                Told::Accepted
            }
            Err(error) => {
                tracing::error!(
                    channel,
                    error = &error as &dyn std::error::Error,
                    "a push is not stored; the provider will push it again"
                );
                Told::Again
            }
        }
    }

    fn tell_refused(&self, channel: &str, why: &str) {
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        refused.since += 1;
        if refused.told_at.is_none_or(|at| at.elapsed() >= TOLD_EVERY) {
            tracing::warn!(channel, why, count = refused.since, "pushes are refused");
            *refused = Refused {
                told_at: Some(Instant::now()),
                since: 0,
            };
        }
    }
}
