//! Names of sheets within Excel's rules: 1 to 31 characters, none of `[ ] : * ? / \`, no apostrophe at either end, not
//! "History", and no two alike whatever their case.

use std::collections::HashSet;

use crate::documents::text::printable;

/// The longest name, in UTF-16 units.
const LONGEST: usize = 31;

/// The names already given in one workbook.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: HashSet<String>,
}

impl Names {
    /// A name that Excel takes, as near to `wanted` as can be.
    pub(super) fn give(&mut self, wanted: &str) -> String {
        let clean: String = printable(wanted)
            .chars()
            .map(|c| match c {
                '[' => '(',
                ']' => ')',
                ':' | '*' | '?' | '/' | '\\' | '\n' | '\t' => '-',
                other => other,
            })
            .collect();
        let clean = clean.trim_matches(|c: char| c == '\'' || c.is_whitespace());
        let clean = if clean.is_empty() || clean.eq_ignore_ascii_case("history") {
            format!("{clean}_")
        } else {
            clean.to_owned()
        };
        let mut name = first(&clean, LONGEST);
        let mut number = 1;
        while !self.taken.insert(name.to_lowercase()) {
            number += 1;
            let suffix = format!(" ({number})");
            name = first(&clean, LONGEST - suffix.len()) + &suffix;
        }
        name
    }
}

/// The first characters within `most` UTF-16 units, without what may not stand at the end.
fn first(text: &str, most: usize) -> String {
    let mut length = 0;
    let kept = text.chars().take_while(|c| {
        length += c.len_utf16();
        length <= most
    });
    let kept: String = kept.collect();
    kept.trim_end_matches(|c: char| c == '\'' || c.is_whitespace())
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_what_excel_takes() {
        let mut names = Names::default();
        assert_eq!(
            names.give("Sở NN/PTNT [tỉnh]: 1*?"),
            "Sở NN-PTNT (tỉnh)- 1--"
        );
        assert_eq!(names.give("'Ban'"), "Ban");
        assert_eq!(names.give(""), "_");
        assert_eq!(names.give("History"), "History_");
        let long = "Văn phòng Đoàn đại biểu Quốc hội và Hội đồng nhân dân";
        assert_eq!(names.give(long), "Văn phòng Đoàn đại biểu Quốc hộ");
        assert_eq!(names.give(long), "Văn phòng Đoàn đại biểu Quố (2)");
    }

    #[test]
    fn no_two_names_are_alike_whatever_their_case() {
        let mut names = Names::default();
        assert_eq!(names.give("SỞ NỘI VỤ"), "SỞ NỘI VỤ");
        assert_eq!(names.give("Sở Nội vụ"), "Sở Nội vụ (2)");
        assert_eq!(names.give("sở nội vụ"), "sở nội vụ (3)");
    }
}
