//! What people answer: text -> statements.

mod intent;

pub use intent::{Intent, Part, Understanding};

use chrono::NaiveDate;

/// Reads replies.
#[derive(Clone, Debug, Default)]
pub struct Reader;

impl Reader {
    /// What is understood of a reply that was sent on a day.
    #[must_use]
    pub fn understand(&self, _text: &str, _sent: NaiveDate) -> Understanding {
        Understanding {
            intent: Intent::Unknown,
            sure: false,
            refs: Vec::new(),
            percent: None,
            date: None,
            doc: None,
            parts: Vec::new(),
        }
    }
}
