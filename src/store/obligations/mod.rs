//! Obligations: what each agency owes, where it stands, and on which day the planner looks at it next.

mod change;
mod read;
mod row;
mod sync;

pub use change::{
    Dates, StateChange, Waiting, extend, look_again, restore, set_dates, set_next_rungs, set_state,
    set_waiting,
};
pub use read::{
    Filter, Tally, count_by_milestone, due_for_planning, find, find_by_key, list, list_waiting,
    lock, tally,
};
pub use row::NewObligation;
pub use sync::{Moved, Synced, sync};
