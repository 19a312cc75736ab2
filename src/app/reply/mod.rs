//! What came in -> what is recorded and answered: one received message at a time, each within one transaction.

mod absence;
mod apply;
mod claims;
mod code;
mod desk;
mod docket;
mod edit;
mod filed;
mod link;
mod news;
mod receipt;
mod round;
mod situation;
mod sum_up;
mod talk;

pub use code::{CODE_DAYS, hash_of, is_code, new_code};
pub use desk::Desk;
pub(super) use receipt::title;
pub use round::Handled;
