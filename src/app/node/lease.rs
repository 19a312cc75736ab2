//! A lease as its holder knows it, without asking the database.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

/// The right to go on with a duty. It ends by itself unless the node renews it.
///
/// Its end is counted by the clock that nobody sets: a machine whose date jumps loses nothing.
#[derive(Clone, Debug)]
pub struct Lease {
    end: watch::Receiver<Instant>,
}

impl Lease {
    pub(super) fn new(end: watch::Receiver<Instant>) -> Self {
        Self { end }
    }

    /// Whether it has ended. It may be had again, as another one.
    #[must_use]
    pub fn is_over(&self) -> bool {
        *self.end.borrow() <= Instant::now() || self.end.has_changed().is_err()
    }

    /// What `work` gives; `None` when the lease ends before that. Then `work` is dropped.
    ///
    /// The clock is read before each step: a process that was stopped and goes on after the end takes not one step more,
    /// however many answers and timers have waited for it.
    pub async fn guard<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let mut over = pin!(self.over());
        let mut work = pin!(work);
        poll_fn(|context| {
            if self.is_over() || over.as_mut().poll(context).is_ready() {
                return Poll::Ready(None);
            }
            work.as_mut().poll(context).map(Some)
        })
        .await
    }

    async fn over(&self) {
        let mut end = self.end.clone();
        while !self.is_over() {
            let at = *end.borrow_and_update();
            tokio::select! {
                () = sleep_until(at) => {}
                // Renewed, ended early, or the node is gone.
                _ = end.changed() => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::thread;
    use std::time::Duration;

    use super::*;

    const SHORT: Duration = Duration::from_millis(30);

    fn lease(lasts: Duration) -> (watch::Sender<Instant>, Lease) {
        let (end, held) = watch::channel(Instant::now() + lasts);
        (end, Lease::new(held))
    }

    #[tokio::test]
    async fn work_that_ends_in_time_gives_what_it_gives() {
        let (_end, lease) = lease(Duration::from_mins(1));
        assert_eq!(lease.guard(async { 1 }).await, Some(1));
    }

    #[tokio::test]
    #[expect(
        clippy::disallowed_methods,
        reason = "a process that is stopped runs no timer either"
    )]
    async fn a_process_that_stood_still_past_the_end_takes_no_further_step() {
        let (_end, lease) = lease(SHORT);
        let mut steps = Vec::new();
        let work = async {
            steps.push("before");
            thread::sleep(2 * SHORT);
            tokio::task::yield_now().await;
            steps.push("after");
        };
        assert_eq!(lease.guard(work).await, None);
        assert_eq!(steps, ["before"]);
    }

    #[tokio::test]
    async fn work_that_hangs_is_dropped_at_the_end_which_may_be_put_off_or_come_early() {
        let (end, lease) = lease(SHORT);
        let renewed = Instant::now() + 3 * SHORT;
        end.send_replace(renewed);
        assert_eq!(lease.guard(std::future::pending::<()>()).await, None);
        assert!(Instant::now() >= renewed);
        end.send_replace(Instant::now() + Duration::from_mins(1));
        assert!(!lease.is_over());
        drop(end);
        assert_eq!(lease.guard(std::future::pending::<()>()).await, None);
    }
}
