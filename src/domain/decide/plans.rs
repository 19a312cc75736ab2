//! Which of several plans is meant, where their tasks are numbered alike.

use std::borrow::Cow;

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

/// The text without the numbers of plans: "II.2 (15/KH-UBND) xong" names a task, and no document of anybody's work.
pub(super) fn without_plans<'t>(text: &'t str, owed: &[Owed]) -> Cow<'t, str> {
    let is_plan = |word: &str| {
        let word = word.trim_matches(is_edge).to_lowercase();
        let mut owed = owed.iter();
        word.contains('/') && owed.any(|one| one.plan_number.to_lowercase() == word)
    };
    if !text.split_whitespace().any(is_plan) {
        return Cow::Borrowed(text);
    }
    let words = text.split_inclusive(char::is_whitespace);
    Cow::Owned(words.filter(|word| !is_plan(word)).collect())
}

fn is_edge(letter: char) -> bool {
    letter.is_whitespace() || "()[]{},;:.!?“”\"".contains(letter)
}

/// Whether it stands there by itself: in brackets or between spaces, and not within a day or the number of another document.
fn is_named(number: &str, text: &str) -> bool {
    let number = number.to_lowercase();
    let digits = number.split('/').next().unwrap_or_default();
    let is_told = digits.len() >= DIGITS && digits.chars().all(|digit| digit.is_ascii_digit());
    text.split_whitespace()
        .map(|word| word.trim_matches(is_edge))
        .any(|word| word == number || is_told && word == digits)
}
