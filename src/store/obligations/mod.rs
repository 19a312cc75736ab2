//! Obligations: what each agency owes, where it stands, and on which day the planner looks at it next.

mod amend;
mod change;
mod read;
mod row;
mod spans;
mod sync;

pub use amend::{NewTerms, begin_watch, last_number, list_newer, list_over, set_terms, take_over};
pub use change::{
    Dates, StateChange, Waiting, extend, look_again, restore, set_next_rungs, set_state,
    set_waiting,
};
pub use read::{
    Filter, Tally, count_by_milestone, count_due, due_for_planning, find, find_by_key, list,
    list_after, list_waiting, lock, tally,
};
pub use row::NewObligation;
pub use spans::{Dated, earliest_due, last_changed, list_watched, list_within};
pub use sync::{Moved, Synced, sync};
