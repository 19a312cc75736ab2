//! `[privacy]`: for how long people's words are kept.

use super::load::Paths;
use crate::files::toml::{Field, Table};

/// What a quarter's ranking and a person who answers late still need.
const FEWEST_DAYS: u16 = 90;

/// For how long people's words are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Privacy {
    /// After so many days messages, replies and quotations lose their words and addresses; `None`: never.
    pub keep_words_days: Option<u16>,
}

impl Privacy {
    pub(super) fn read(mut table: Table<'_>, paths: &Paths<'_>) -> Self {
        let days: Option<Field<u16>> = table.optional("keep_words_days");
        table.finish();
        if let Some(days) = days.as_ref().filter(|days| days.value < FEWEST_DAYS) {
            let problem = format!("words that are kept for {} days", days.value);
            let remedy =
                format!("write {FEWEST_DAYS} or more: digests and rankings quote what was said");
            paths.error(days.at.problem(problem, remedy));
        }
        Self {
            keep_words_days: days.map(|days| days.value),
        }
    }
}
