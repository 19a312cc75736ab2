//! A text as the pieces in which several tasks may be spoken of.

use super::words::{Sense, Terse};

/// How many bytes of a line mark it as one of a list: "1. ", "a) ", "- ", with what stands before.
#[must_use]
pub fn marker(line: &str) -> usize {
    let said = line.trim_start();
    let mut letters = said.chars();
    let first = letters.next();
    let behind = letters.as_str();
    let named = behind.trim_start_matches(|c: char| c.is_ascii_digit());
    let closed = named.strip_prefix(['.', ')']);
    let rest = match first {
        Some('-' | '+' | '•' | '*' | '–') => Some(behind),
        Some(c) if c.is_ascii_digit() => closed,
        Some(c) if c.is_ascii_lowercase() && named.len() == behind.len() => closed,
        _ => None,
    };
    // "1.2" is no mark, nor is "-5".
    let rest = rest.filter(|rest| rest.starts_with([' ', '\t']));
    rest.map_or(0, |rest| line.len() - rest.trim_start().len())
}

impl Terse {
    /// "Kế hoạch với báo cáo quý": the names between words that join them, or commas.
    #[must_use]
    pub fn names_of_several<'t>(&self, text: &'t str) -> Vec<&'t str> {
        let units = self.units(text, &[Sense::And]);
        let joins = units.iter().filter(|unit| unit.is_one_of(&[Sense::And]));
        let mut from = 0;
        let mut names = Vec::new();
        for unit in joins {
            names.push(&text[from..unit.start]);
            from = unit.start + unit.text.len();
        }
        names.push(&text[from..]);
        let names = names
            .into_iter()
            .flat_map(|name| name.split([',', ';', '\n', '+']));
        names
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .collect()
    }

    /// The lines of a list, with what is told before and after it: "1. Kế hoạch kiểm tra, rà soát: đã ban hành", a task a line. `None`
    /// where fewer than two lines are of one.
    fn listed(text: &str) -> Option<Vec<&str>> {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let marked = lines.iter().filter(|line| marker(line) > 0).count();
        (marked > 1).then_some(lines)
    }

    /// The stretches of a text up to a mark of punctuation, with it, or up to a word that leads over to something else ("còn báo cáo
    /// thì chưa"). A point or a comma within a number is none. Together they are all of it.
    #[must_use]
    pub fn pieces<'t>(&self, text: &'t str) -> Vec<&'t str> {
        if let Some(lines) = Self::listed(text) {
            return lines;
        }
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
