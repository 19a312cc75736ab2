//! Moving deliveries through the outbox.
//!
//! Claim in a short transaction and commit; send outside any transaction; note the attempt ([`super::attempts`]). The
//! lease of a dead process ends by itself and its rows are claimed again.

mod briefs;
mod claim;
mod cut;
mod listing;
mod settle;
mod tally;

pub use briefs::{
    Carried, TOLD_ANEW, carried, give_back, hand_over_digests, outdated, supersede_brief,
    supersede_briefs, supersede_digests,
};
pub use claim::{Claim, Claimed, Overtaken, Wanted, claim, expire, find_due, inherit, release};
pub use listing::{Listed, Only, find_next, list_rows, newest_brief};
pub use settle::{cancel, postpone, replace, reroute, retry, rewrite};
pub use tally::{
    Due, MadeDigests, Tally, list_digests_between, tally_between, tally_due, tally_unsettled,
};
