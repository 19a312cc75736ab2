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

/// Works off the inbox and sends the answers until it is told to stop. `setups` gives the plans and words in force.
pub(super) async fn answer(
    mut deliverer: Deliverer,
    node: Node,
    mut setups: watch::Receiver<Arc<Setup>>,
    arrived: Arc<Notify>,
    mut wishes: watch::Receiver<Wish>,
    halt: Halt,
) {
    loop {
        deliverer.setup = Arc::clone(&setups.borrow_and_update());
        deliverer.beat.now();
        let round = caught(round(&deliverer, &node, &halt)).await;
        let pause = match round.unwrap_or(Err(AppError::Fault)) {
            Ok(()) => TICK,
            Err(error) => {
                deliverer.signs.failed(Step::Answer);
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the inbox could not be worked off; it is tried again"
                );
                AFTER_FAILURE
            }
        };
        tokio::select! {
            _ = wishes.wait_for(|wish| *wish == Wish::Stop) => return,
            () = arrived.notified() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

async fn round(deliverer: &Deliverer, node: &Node, halt: &Halt) -> Result<(), AppError> {
    if node.hold(&Duty::Desk).await?.is_some() {
        work_off(deliverer).await?;
    }
    deliverer.deliver_as(node, Wanted::Answers, halt).await?;
    Ok(())
}

/// Works off what came in.
pub(super) async fn work_off(deliverer: &Deliverer) -> Result<(), AppError> {
    let handled = Desk::of(deliverer).work_off().await?;
    deliverer.signs.handled(&handled);
    if handled != Handled::default() {
        tracing::info!(
            done = handled.done,
            held = handled.held,
            parked = handled.parked,
            "the inbox is worked off"
        );
    }
    Ok(())
}
