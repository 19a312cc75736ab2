//! What whoever watches the daemon is told: whether it is ready, and its metrics.
//!
//! Three sources: what this process has done since it started ([`Signs`], counted as it happens), how its channels stand,
//! and what the database holds ([`Reading`], taken when somebody asks, at most once in a few seconds). A label is always
//! a word of the program: nothing of a person, an address, a message or a secret can get into one, and there are never
//! many. Nothing here decides what the daemon does, and nothing that sends waits for it.

mod exposition;
mod readiness;
mod reading;
mod signs;
mod watcher;

pub use readiness::{Part, Problem, Readiness};
pub use reading::Reading;
pub use signs::{Signs, Step, Trouble, Way};
pub use watcher::{Watched, Watcher};

/// Names and values of labels.
type Labels<const N: usize> = [(&'static str, &'static str); N];
