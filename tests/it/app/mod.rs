//! The use cases on a real database with a manual clock: planning, delivering, catching up, replaying.

mod again;
mod campaign;
mod day;
mod schedules;
mod stage;
mod year;
