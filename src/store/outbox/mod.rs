//! Moving deliveries through the outbox.
//!
//! Claim in a short transaction and commit; send outside any transaction; note the attempt ([`super::attempts`]). The
//! lease of a dead process ends by itself and its rows are claimed again.

mod briefs;
mod claim;
mod settle;
mod tally;

pub use briefs::{Carried, carried, outdated, supersede_briefs};
pub use claim::{Claim, Claimed, claim, expire, release};
<<<<<<< HEAD
pub use settle::{cancel, postpone, reroute, retry, rewrite};
pub use tally::{Tally, tally_unsettled};
=======
pub use settle::{cancel, postpone, replace, reroute, retry, rewrite};
>>>>>>> 07a1934 (channels/http: one call with its answer, for every channel that speaks HTTP)
