//! Leases are renewed while the process lives, and a database that a newer program has migrated is noticed.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinError;

use super::fault;
use crate::app::AppError;
use crate::app::node::{Duty, Node};
use crate::app::vitals::Signs;
use crate::channels::Sender;
use crate::domain::delivery::Channel;
use crate::store::{Db, StoreError};

/// How often; a lease outlives several that fail.
const EVERY: Duration = Duration::from_secs(3);
/// How long one may take before the next is tried, perhaps on another connection: by then the leases are over anyway.
const PATIENCE: Duration = Duration::from_secs(20);

/// Renews this node's leases until it is dropped. It ends by itself only when the database has become newer than this program; then the node
/// holds nothing any more.
pub(super) async fn renew(
    node: Node,
    db: Db,
    senders: Arc<HashMap<Channel, Sender>>,
    signs: Arc<Signs>,
) -> Result<(), AppError> {
    let mut fails = false;
    loop {
        tokio::time::sleep(EVERY).await;
        let renewing = async {
            db.refuse_newer().await?;
            node.renew().await
        };
        let renewed = tokio::time::timeout(PATIENCE, renewing).await;
        let failed_before = std::mem::replace(&mut fails, !matches!(renewed, Ok(Ok(()))));
        signs.written(!fails);
        match renewed {
            Ok(Ok(())) if failed_before => tracing::info!("the leases are renewed again"),
            Ok(Ok(())) => {}
            Ok(Err(newer @ StoreError::Newer { .. })) => {
                node.retire();
                tracing::error!(
                    error = &newer as &dyn std::error::Error,
                    "a newer dondoc has migrated the database: this one writes nothing more and ends"
                );
                return Err(newer.into());
            }
            _ if failed_before => {}
            Ok(Err(error)) => tracing::error!(
                error = &error as &dyn std::error::Error,
                "the leases are not renewed: until they are, this node soon sends and reads nothing"
            ),
            Err(_) => tracing::error!(
                "the database does not answer: until it does, this node sends and reads nothing"
            ),
        }
        for (channel, sender) in senders.iter() {
            if !node.holds(&Duty::Send(*channel)) {
                sender.hang_up();
            }
        }
    }
}

/// Why nothing is renewed any more.
pub(super) fn outdated(ended: Result<Result<(), AppError>, JoinError>) -> Result<(), AppError> {
    match ended {
        Ok(why) => why,
        Err(error) => fault("renewing leases", &error),
    }
}
