//! Files -> domain values.
//!
//! All that is wrong with all files is told at once, each problem with file, line, key and what would be right
//! ([`Problem`]). A file with an error is never half-loaded. Only text is read here; what it means is decided in the
//! domain.

mod agencies;
mod calendar;
mod contacts;
mod csv;
mod jobs;
mod ladder;
pub(crate) mod nearest;
mod orders;
mod plan;
mod private;
mod problem;
mod replies;
mod schedules;
mod scoring;
mod source;
mod stocktake;
mod terse;
pub(crate) mod toml;
mod unique;
mod words;

pub use calendar::load_calendar;
pub use jobs::{Jobs, load_jobs};
pub use ladder::load_ladder;
pub use orders::{load_absence_words, load_orders};
pub use plan::{Loaded, load_plan};
pub use private::private;
pub use problem::{Problem, Problems};
pub use replies::{load_reader, shipped_reader};
pub use schedules::{Schedules, load_schedules};
pub use scoring::Scoring;
pub use source::Folder;
pub(crate) use source::Source;
pub use stocktake::{
    LARGEST_TABLE, Said, Stocktake, StocktakeLine, StocktakeRow, StocktakeWords,
    load_stocktake_words,
};
pub use terse::load_terse;
