//! How a round of sending is asked to end before all is sent.

use std::time::Duration;

use tokio::sync::watch;

use crate::channels::SendReport;
use crate::domain::delivery::Outcome;

/// How long what is under way may still take once the process is to end. A supervisor that waits 90 seconds, as systemd
/// does, is never made to kill.
const FAREWELL: Duration = Duration::from_secs(10);

/// Whether the process is to end. It stays so once it is.
#[derive(Clone, Debug)]
pub struct Halt(Option<watch::Receiver<bool>>);

impl Halt {
    /// Never.
    #[must_use]
    pub fn never() -> Self {
        Self(None)
    }

    /// When `true` is sent, or the sender is gone.
    #[must_use]
    pub fn when(wanted: watch::Receiver<bool>) -> Self {
        Self(Some(wanted))
    }

    /// Whether nothing new may be begun.
    #[must_use]
    pub fn is_wanted(&self) -> bool {
        let wanted = |receiver: &watch::Receiver<bool>| {
            *receiver.borrow() || receiver.has_changed().is_err()
        };
        self.0.as_ref().is_some_and(wanted)
    }

    /// The outcome of an attempt, unless the process has to end before there is one: it may have arrived then.
    pub(super) async fn bound(&self, attempt: impl Future<Output = SendReport>) -> SendReport {
        tokio::select! {
            report = attempt => report,
            () = self.patience_is_over() => Outcome::Unknown {
                reason: "the daemon was stopped before there was an answer".to_owned(),
            }
            .into(),
        }
    }

    async fn patience_is_over(&self) {
        let Some(wanted) = &self.0 else {
            return std::future::pending().await;
        };
        // A sender that is gone is a wish to end.
        let _ = wanted.clone().wait_for(|wanted| *wanted).await;
        tokio::time::sleep(FAREWELL).await;
    }
}
