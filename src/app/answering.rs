//! Answers leave at once, however many briefs are under way: the inbox is worked off beside the morning's sending.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, watch};

use super::AppError;
use super::caught::caught;
use super::daemon::Wish;
use super::deliver::{Deliverer, Halt};
use super::node::{Duty, Node};
use super::reply::{Desk, Handled};
use super::setup::Setup;
use super::vitals::Step;
use crate::store::outbox::Wanted;

/// How often the inbox and the answers that wait are looked at while nothing comes in.
const TICK: Duration = Duration::from_secs(1);
/// How long to wait after the database failed.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// Works off the inbox and sends the answers until it is told to stop; neither waits for the other. `setups` gives the plans
/// and words in force.
pub(super) async fn answer(
    deliverer: Deliverer,
    node: Node,
    setups: watch::Receiver<Arc<Setup>>,
    arrived: Arc<Notify>,
    wishes: watch::Receiver<Wish>,
    halt: Halt,
) {
    let answered = Notify::new();
    let hearing = Half {
        deliverer: deliverer.clone(),
        node: node.clone(),
        setups: setups.clone(),
        wishes: wishes.clone(),
        halt: halt.clone(),
    };
    let speaking = Half {
        deliverer,
        node,
        setups,
        wishes,
        halt,
    };
    tokio::join!(
        hearing.run(Work::Hear {
            arrived: &arrived,
            answered: &answered,
        }),
        speaking.run(Work::Speak {
            answered: &answered,
        }),
    );
}

/// One of the two.
struct Half {
    deliverer: Deliverer,
    node: Node,
    setups: watch::Receiver<Arc<Setup>>,
    wishes: watch::Receiver<Wish>,
    halt: Halt,
}

/// What one of the two does, when it is woken.
#[derive(Clone, Copy)]
enum Work<'a> {
    /// Works off the inbox when something came in, and wakes the other.
    Hear {
        arrived: &'a Notify,
        answered: &'a Notify,
    },
    /// Sends the answers.
    Speak { answered: &'a Notify },
}

impl Half {
    async fn run(mut self, work: Work<'_>) {
        let woken = match work {
            Work::Hear { arrived, .. } => arrived,
            Work::Speak { answered } => answered,
        };
        loop {
            self.deliverer.setup = Arc::clone(&self.setups.borrow_and_update());
            self.deliverer.beat.now();
            let round = caught(self.round(work)).await;
            let pause = match round.unwrap_or(Err(AppError::Fault)) {
                Ok(()) => TICK,
                Err(error) => {
                    self.deliverer.signs.failed(Step::Answer);
                    let error = &error as &dyn std::error::Error;
                    match work {
                        Work::Hear { .. } => tracing::error!(
                            error,
                            "the inbox could not be worked off; it is tried again"
                        ),
                        Work::Speak { .. } => {
                            tracing::error!(error, "answers could not be sent; it is tried again");
                        }
                    }
                    AFTER_FAILURE
                }
            };
            tokio::select! {
                _ = self.wishes.wait_for(|wish| *wish == Wish::Stop) => return,
                () = woken.notified() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    async fn round(&self, work: Work<'_>) -> Result<(), AppError> {
        match work {
            Work::Hear { answered, .. } => {
                let is_ours = self.node.hold(&Duty::Desk).await?.is_some();
                if is_ours && work_off(&self.deliverer).await? != Handled::default() {
                    answered.notify_one();
                }
            }
            Work::Speak { .. } => {
                let deliverer = &self.deliverer;
                let answers = deliverer.deliver_as(&self.node, Wanted::Answers, &self.halt);
                answers.await.whole()?;
            }
        }
        Ok(())
    }
}

/// Works off what came in.
pub(super) async fn work_off(deliverer: &Deliverer) -> Result<Handled, AppError> {
    // Boxed: it would make the future of every round large.
    let handled = Box::pin(Desk::of(deliverer).work_off()).await?;
    deliverer.signs.handled(&handled);
    if handled != Handled::default() {
        tracing::info!(
            done = handled.done,
            held = handled.held,
            parked = handled.parked,
            "the inbox is worked off"
        );
    }
    Ok(handled)
}
