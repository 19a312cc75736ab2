//! How a round of sending is made to end before all is sent.

use std::time::Duration;

use tokio::sync::watch;

use super::wire::unknown;
use crate::app::node::Lease;
use crate::channels::SendReport;

/// How long what is under way may still take once the process is to end. A supervisor that waits 90 seconds, as systemd
/// does, is never made to kill.
const FAREWELL: Duration = Duration::from_secs(10);

/// Whether sending must end: the process is to end, or its right to send has ended. It stays so once it is.
#[derive(Clone, Debug, Default)]
pub struct Halt {
    wanted: Option<watch::Receiver<bool>>,
    lease: Option<Lease>,
}

impl Halt {
    /// Never.
    #[must_use]
    pub fn never() -> Self {
        Self::default()
    }

    /// When `true` is sent, or the sender is gone.
    #[must_use]
    pub fn when(wanted: watch::Receiver<bool>) -> Self {
        Self {
            wanted: Some(wanted),
            lease: None,
        }
    }

    /// The same, and when this lease is over.
    #[must_use]
    pub(super) fn under(&self, lease: Lease) -> Self {
        Self {
            wanted: self.wanted.clone(),
            lease: Some(lease),
        }
    }

    /// Whether nothing new may be begun.
    #[must_use]
    pub fn is_wanted(&self) -> bool {
        let wanted = |receiver: &watch::Receiver<bool>| {
            *receiver.borrow() || receiver.has_changed().is_err()
        };
        self.wanted.as_ref().is_some_and(wanted) || self.lease.as_ref().is_some_and(Lease::is_over)
    }

    /// The outcome of an attempt, unless sending has to end before there is one: it may have arrived then. Once the lease
    /// is over nothing more is written.
    pub(super) async fn bound(&self, attempt: impl Future<Output = SendReport>) -> SendReport {
        let attempt = async {
            match &self.lease {
                Some(lease) => lease.guard(attempt).await,
                None => Some(attempt.await),
            }
        };
        tokio::select! {
            report = attempt => report.unwrap_or_else(|| {
                unknown("the lease of the channel ended before there was an answer")
            }),
            () = self.patience_is_over() => unknown("the daemon was stopped before there was an answer"),
        }
    }

    async fn patience_is_over(&self) {
        let Some(wanted) = &self.wanted else {
            return std::future::pending().await;
        };
        // A sender that is gone is a wish to end.
        let _ = wanted.clone().wait_for(|wanted| *wanted).await;
        tokio::time::sleep(FAREWELL).await;
    }
}
