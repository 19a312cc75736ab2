//! A text as the pieces in which several tasks may be spoken of.

use super::words::{Sense, Terse};

impl Terse {
    /// The stretches of a text up to a mark of punctuation, with it, or up to a word that leads over to something else ("còn báo cáo
    /// thì chưa"). A point or a comma within a number is none. Together they are all of it.
    #[must_use]
    pub fn pieces<'t>(&self, text: &'t str) -> Vec<&'t str> {
        let units = self.units(text, &[Sense::Over]);
        let over = units.iter().filter(|unit| unit.is_one_of(&[Sense::Over]));
        let mut ends: Vec<usize> = over.map(|unit| unit.start).collect();
        ends.extend(text.char_indices().filter_map(|(at, c)| {
            let end = at + c.len_utf8();
            let after = text[end..].chars().next();
            let ends = matches!(c, '\n' | ';')
                || matches!(c, ',' | '.') && after.is_none_or(char::is_whitespace);
            ends.then_some(end)
        }));
        ends.push(text.len());
        ends.sort_unstable();
        ends.dedup();
        let mut from = 0;
        ends.into_iter()
            .filter(|end| *end > 0)
            .map(|end| {
                let piece = &text[from..end];
                from = end;
                piece
            })
            .collect()
    }
}
