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

/// A line of a list, or of what is told before and after one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'t> {
    /// The line with its end.
    pub text: &'t str,
    /// Whether it is one of the list: with a mark, or below a line that ends with a colon.
    pub is_of_list: bool,
    /// Whether it stands before or behind a list: it speaks of no task of its own.
    pub is_beside: bool,
    /// Whether it ends with a colon, so that the list is what it says.
    pub leads: bool,
}

impl<'t> Line<'t> {
    /// A stretch of a text that has no list.
    #[must_use]
    pub fn alone(text: &'t str) -> Self {
        Self {
            text,
            is_of_list: false,
            is_beside: false,
            leads: false,
        }
    }
}

/// The lines of a list, with what is told before and after it: "1. Kế hoạch kiểm tra, rà soát: đã ban hành", a task a line. `None` where
/// fewer than two lines are of one.
#[must_use]
pub fn listed(text: &str) -> Option<Vec<Line<'_>>> {
    let of_text: Vec<&str> = text.split_inclusive('\n').collect();
    let are_marked = of_text.iter().filter(|line| marker(line) > 0).count() > 1;
    let mut has_led = false;
    let mut lines = Vec::new();
    for text in of_text {
        let is_marked = marker(text) > 0;
        let leads = !is_marked && text.trim_end().ends_with(':');
        let is_below = has_led && !are_marked && !leads && !text.trim().is_empty();
        let is_of_list = is_marked || is_below;
        lines.push(Line {
            text,
            is_of_list,
            is_beside: !is_of_list,
            leads,
        });
        has_led |= leads;
    }
    let of_list = lines.iter().filter(|line| line.is_of_list).count();
    (of_list > 1).then_some(lines)
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

    /// Whether words begin with one that joins them to what stands before: "và báo cáo quý".
    #[must_use]
    pub fn is_joined(&self, text: &str) -> bool {
        let units = self.units(text, &[Sense::And]);
        units
            .first()
            .is_some_and(|unit| unit.is_one_of(&[Sense::And]))
    }

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
        // "Báo cáo quý & tự thanh tra".
        let joins = [" & ", " + "]
            .into_iter()
            .flat_map(|join| text.match_indices(join));
        ends.extend(joins.map(|(at, _)| at + 1));
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
