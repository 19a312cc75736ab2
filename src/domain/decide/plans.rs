//! Which of several plans is meant, where their tasks are numbered alike.

use super::situation::Owed;

/// Fewer digits than this are a date or a count rather than the number of a plan.
const DIGITS: usize = 3;

/// What is owed under the plan that the text names, by its number or the digits of it: "II.2/1 (4353)". `None` where it names none
/// of them, or more than one.
#[must_use]
pub fn under_named_plan(text: &str, owed: &[Owed]) -> Option<Vec<Owed>> {
    let text = text.to_lowercase();
    let mut named: Vec<&str> = owed.iter().map(|one| one.plan_number.as_str()).collect();
    named.sort_unstable();
    named.dedup();
    if named.len() < 2 {
        return None;
    }
    named.retain(|number| is_named(number, &text));
    let [only] = named.as_slice() else {
        return None;
    };
    let under = owed.iter().filter(|one| one.plan_number == *only);
    Some(under.cloned().collect())
}

/// Whether this is the number of a plan: no report of anybody's work bears it.
pub(super) fn is_plan(document: &str, owed: &[Owed]) -> bool {
    let document = document.to_lowercase();
    let mut owed = owed.iter();
    owed.any(|one| one.plan_number.to_lowercase() == document)
}

/// Whether it stands there by itself: in brackets or between spaces, and not within a day or the number of another document.
fn is_named(number: &str, text: &str) -> bool {
    let number = number.to_lowercase();
    let digits = number.split('/').next().unwrap_or_default();
    let is_told = digits.len() >= DIGITS && digits.chars().all(|digit| digit.is_ascii_digit());
    text.split(|letter: char| letter.is_whitespace() || "()[]{},;:“”\"".contains(letter))
        .map(|word| word.trim_end_matches(['.', '!', '?']))
        .any(|word| word == number || is_told && word == digits)
}
