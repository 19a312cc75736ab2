//! What somebody who misspelled a name may have meant.

use crate::domain::spelling;

/// How alike two names must be, from 0 to 1, for one to be offered for the other.
const ALIKE: f64 = 0.5;

/// How alike they must be for one to be a slip of the pen.
const SLIP: f64 = 0.85;

/// How many names are offered at most.
const OFFERED: usize = 3;

/// The known names most like `word`, the most alike first.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = folded(word);
    let mut found: Vec<(f64, &str)> = known
        .into_iter()
        .map(|name| (likeness(&wanted, &folded(name)), name))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.dedup_by(|a, b| a.1 == b.1);
    found
        .into_iter()
        .take(OFFERED)
        .map(|(_, name)| name)
        .collect()
}

/// The known name of which `word` is surely a slip of the pen; `None` also when it is that name.
pub(crate) fn misspelt<'a>(
    word: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let wanted = folded(word);
    let alike = |name: &&str| {
        let name = folded(name);
        name != wanted && strsim::normalized_damerau_levenshtein(&wanted, &name) >= SLIP
    };
    known.into_iter().find(alike)
}

/// A remedy that offers the names most like `word`, or else says `otherwise`.
pub(crate) fn did_you_mean<'a>(
    word: &str,
    known: impl IntoIterator<Item = &'a str>,
    otherwise: &str,
) -> String {
    let offered = nearest(word, known);
    if offered.is_empty() {
        otherwise.to_owned()
    } else {
        format!("did you mean {}?", quoted(offered))
    }
}

/// `“a”, “b” or “c”`.
pub(crate) fn quoted<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("“{name}”")).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

fn folded(name: &str) -> String {
    let keys: Vec<String> = spelling::words(name)
        .into_iter()
        .map(|word| word.key)
        .collect();
    keys.join(" ")
}

fn likeness(a: &str, b: &str) -> f64 {
    strsim::normalized_damerau_levenshtein(a, b).max(strsim::sorensen_dice(a, b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_alike_name_comes_first() {
        let known = ["Sở Tài chính", "Sở Nội vụ", "Sở Ngoại vụ", "Báo Quảng Nam"];
        assert_eq!(nearest("Sơ Nội vụ", known)[0], "Sở Nội vụ");
        assert_eq!(
            nearest("issud_on", ["issuer", "issued_on", "year"])[0],
            "issued_on"
        );
    }

    #[test]
    fn a_slip_is_told_from_another_name() {
        let known = ["Sở Tư pháp", "Sở Y tế"];
        assert_eq!(misspelt("Sở Tu pháp", known), Some("Sở Tư pháp"));
        assert_eq!(misspelt("Sở Tư pháp", known), None);
        assert_eq!(misspelt("Sở Tư phpá", known), Some("Sở Tư pháp"));
        assert_eq!(misspelt("Sở Công Thương", known), None);
    }

    #[test]
    fn nothing_is_offered_for_what_is_like_nothing() {
        assert_eq!(
            did_you_mean("xyz", ["Sở Nội vụ"], "see agencies.toml"),
            "see agencies.toml"
        );
        assert!(nearest("", ["a", ""]).is_empty() || nearest("", ["a", ""]) == [""]);
    }
}
