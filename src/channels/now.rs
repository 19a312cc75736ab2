//! Where a channel learns the time: it is told, so that tests can move it.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};

/// A way to ask for the time.
#[derive(Clone)]
pub struct Now(Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>);

impl Now {
    /// Asks `clock` each time.
    pub fn new(clock: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        Self(Arc::new(clock))
    }

    pub(super) fn get(&self) -> DateTime<Utc> {
        (self.0)()
    }
}

impl fmt::Debug for Now {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Now")
    }
}
