//! Whole copies of the database: made while the daemon runs, looked into, and put back so that nothing happens twice.

mod error;
mod look;
mod make;
mod own;
mod restore;
mod settle;

pub use error::BackupError;
pub use look::{Contents, look_into};
pub use make::back_up;
pub use restore::{Restored, Restoring, restore, settle_in_place};
pub use settle::{Settled, TokenFate};
