//! "Xong cả rồi trừ II.2": all are finished but those that are named.

use super::words::{Is, Sense, Terse, Unit};

impl Terse {
    /// What is said of all, of a text that leaves out the tasks `refs`; `None` where it does not, or says more of them.
    #[must_use]
    pub fn all_but<'t>(&self, text: &'t str, refs: &[String]) -> Option<&'t str> {
        let units = self.units(text, &[Sense::Except, Sense::All, Sense::Filler]);
        let except = units
            .iter()
            .position(|unit| unit.is_one_of(&[Sense::Except]))?;
        let is_named = |unit: &Unit<'_>| refs.iter().any(|one| one.eq_ignore_ascii_case(unit.text));
        let (of_all, but) = (&units[..except], &units[except + 1..]);
        let left_out = but.iter().filter(|unit| is_named(unit)).count();
        let says_all = of_all.iter().any(|unit| unit.is_one_of(&[Sense::All]));
        let is_plain = left_out > 0
            && left_out == refs.len()
            && says_all
            && but
                .iter()
                .all(|unit| is_named(unit) || unit.is_one_of(&[Sense::Filler]))
            && of_all
                .iter()
                .all(|unit| matches!(unit.is, Is::Word(_) | Is::Other));
        is_plain.then(|| text[..units[except].start].trim_end_matches([' ', ',', ';', '.']))
    }
}
