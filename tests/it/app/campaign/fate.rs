//! What happens to the daemon on a day, and dying in the middle of something.

use std::pin::pin;
use std::task::Poll;

use rand::RngExt;
use rand::rngs::ChaCha8Rng;

/// What happens to the daemon on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It runs all day.
    Runs,
    /// It does not run.
    Down,
    /// It starts at this hour.
    StartsAt(u32),
    /// It runs before and after the hours of sending only.
    MissesTheHours,
    /// Two daemons plan the day at once, and a third time by hand.
    PlansTwice,
    /// It dies so many steps into the morning's work, and comes back an hour later.
    Dies(u32),
    /// It dies and does not come back that day.
    DiesForGood(u32),
}

/// Draws the days one after another; outages last.
#[derive(Debug, Default)]
pub(super) struct Fates {
    days_down: u32,
}

impl Fates {
    pub(super) fn next(&mut self, rng: &mut ChaCha8Rng) -> Fate {
        if self.days_down > 0 {
            self.days_down -= 1;
            return Fate::Down;
        }
        match rng.random_range(0..100) {
            0..4 => {
                self.days_down = rng.random_range(0..14);
                Fate::Down
            }
            4..10 => Fate::StartsAt(rng.random_range(8..17)),
            10..14 => Fate::MissesTheHours,
            14..24 => Fate::PlansTwice,
            24..36 => Fate::Dies(rng.random_range(1..120)),
            36..40 => Fate::DiesForGood(rng.random_range(1..120)),
            _ => Fate::Runs,
        }
    }
}

/// Lets a future take so many steps, then drops it, as if its process had died there. `None` when it did.
pub(super) async fn dying_after<F: Future>(steps: u32, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = steps;
    std::future::poll_fn(move |context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        future.as_mut().poll(context).map(Some)
    })
    .await
}
