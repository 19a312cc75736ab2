//! What the fuzz targets ask of more than one kind of input.

use std::collections::HashMap;

use dondoc::channels::file_name;
use dondoc::domain::inbound::{Content, Inbound};
use unicode_normalization::UnicodeNormalization;

/// The first byte chooses what the text does not say itself; the rest is the text. `None` when it is no UTF-8.
pub fn choice_and_text(data: &[u8]) -> Option<(u8, &str)> {
    let (choice, rest) = data.split_first()?;
    Some((*choice, std::str::from_utf8(rest).ok()?))
}

/// Whether every character of `part` stands in `whole`, as often as it is used, whatever form both are written in.
pub fn is_made_of(part: &str, whole: &str) -> bool {
    let mut stock: HashMap<char, usize> = HashMap::new();
    for c in whole.nfkd() {
        *stock.entry(c).or_default() += 1;
    }
    part.nfkd().filter(|c| !c.is_whitespace()).all(|c| {
        stock
            .get_mut(&c)
            .filter(|left| **left > 0)
            .is_some_and(|left| {
                *left -= 1;
                true
            })
    })
}

/// Whether a year is near the one that a text is read in.
pub fn is_near(year: i32, read_in: i32) -> bool {
    (read_in - 1..=read_in + 2).contains(&year)
}

/// Whether a year stands in the text, with its last two digits at least.
pub fn is_written(year: i32, text: &str) -> bool {
    let digits: String = text.nfkd().collect();
    digits.contains(&format!("{:02}", year.rem_euclid(100)))
}

/// What holds for whatever a channel brings, however it came.
///
/// # Panics
/// When it does not hold.
pub fn check_inbound(inbound: &Inbound) {
    assert!(
        !inbound.external_id.is_empty(),
        "it applies once by its name: {inbound:?}"
    );
    let stored = serde_json::to_string(inbound).expect("it is stored as JSON");
    let back: Inbound = serde_json::from_str(&stored).expect("what is stored is read again");
    assert_eq!(&back, inbound, "what is stored is what came in");
    if let Content::Text { files, .. } = &inbound.content {
        for file in files {
            if let Some(name) = &file.name {
                assert!(
                    !name.contains(['/', '\\']) && !name.starts_with('.'),
                    "a name is no path: {name:?}"
                );
                assert!(
                    !name.chars().any(char::is_control),
                    "a name is one line: {name:?}"
                );
                assert_eq!(
                    file_name(name).as_ref(),
                    Some(name),
                    "cleaning a name twice is cleaning it once"
                );
            }
        }
    }
}
