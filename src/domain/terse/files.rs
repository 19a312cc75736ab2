//! "Ảnh vừa gửi là của II.3": to which task files belong that were sent before.

use super::words::{Is, Sense, Terse};

impl Terse {
    /// Whether it says nothing but that files that were sent belong to the only task of `refs`.
    #[must_use]
    pub fn files_are_of(&self, text: &str, refs: &[String]) -> bool {
        let units = self.units(text, &[Sense::File, Sense::Moved, Sense::Filler]);
        let [named] = refs else { return false };
        let is_named = |text: &str| named.eq_ignore_ascii_case(text);
        // "Cho em xin văn bản II.3", "ảnh này là của II.3?": whoever asks for it moves nothing.
        !text.contains('?')
            && units.iter().any(|unit| unit.is_one_of(&[Sense::Moved]))
            && units.iter().any(|unit| unit.is_one_of(&[Sense::File]))
            && units
                .iter()
                .filter(|unit| !matches!(unit.is, Is::Word(_)))
                .all(|unit| is_named(unit.text))
            && units.iter().any(|unit| is_named(unit.text))
    }
}
