//! What this process has under way. A clock that jumps ends a lease before its time; what is being sent all the same is not claimed
//! anew by whoever sends it.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::store::deliveries::DeliveryId;

/// The deliveries that are being sent. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Aloft(Arc<Mutex<BTreeSet<DeliveryId>>>);

/// One of them, until it is dropped.
#[derive(Debug)]
pub(super) struct Flight {
    id: DeliveryId,
    all: Aloft,
}

impl Aloft {
    pub(super) fn begin(&self, id: DeliveryId) -> Flight {
        self.all().insert(id);
        Flight {
            id,
            all: self.clone(),
        }
    }

    pub(super) fn list(&self) -> Vec<DeliveryId> {
        self.all().iter().copied().collect()
    }

    fn all(&self) -> MutexGuard<'_, BTreeSet<DeliveryId>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.all.all().remove(&self.id);
    }
}
