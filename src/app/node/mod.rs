//! One of several daemons on one database: what it alone may do just now, and for how long.
//!
//! Whatever must not be done twice at a time is a [`Duty`] with a lease in the database. The first node that asks gets
//! it; nobody configures who that is. A node renews all its leases by one statement every few seconds, and a node that
//! dies, hangs or is cut off renews none: 25 seconds later the next one takes over.
//! That holds also where a clock ran ahead and the end that it wrote lies far away: what stands still is nobody's.
//!
//! Two things keep a node that comes back late from doing harm. It looks at its own clock before each step of what a
//! lease guards, and stops five seconds before anybody else may begin ([`Lease::guard`]); and what it would write is
//! refused, for the rows bear the name of whoever holds them now.

mod duty;
mod lease;
mod others;
mod state;

pub use duty::Duty;
pub use lease::Lease;
pub use state::Node;
