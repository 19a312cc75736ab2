//! What the linear model sees of a text.

use super::completion::Completion;
use super::evidence::Evidence;
use super::roles::Role;
use super::token::Kind;
use super::view::View;

/// Calls `found` with the parts of the name of each feature; a feature may come more than once.
pub(super) fn features(
    view: &View,
    names: &[String],
    evidence: &Evidence,
    found: &mut dyn FnMut(&[&str]),
) {
    found(&["bias"]);
    let mut before = "^";
    let mut before_that = "^";
    for token in &view.tokens {
        let word = match &token.kind {
            Kind::Word => token.plain.as_str(),
            Kind::Number(_) => "#",
            Kind::Percent(_) => "#%",
            Kind::Day(_) => "#date",
            Kind::Hour => "#hour",
            Kind::Task(_) => "#task",
            Kind::Document(_) => "#doc",
            Kind::Link => "#link",
            Kind::Check => "#check",
            Kind::Thumb => "#thumb",
            Kind::Picture => "#picture",
            Kind::Mark('?') => "?",
            Kind::Mark('"') => "quote",
            Kind::Mark('[') => "[",
            Kind::Mark(_) => continue,
        };
        found(&["w:", word]);
        found(&["b:", before, " ", word]);
        found(&["t:", before_that, " ", before, " ", word]);
        // A word with its diacritics says more than one without.
        if !token.exact.is_ascii() {
            found(&["x:", &token.exact]);
        }
        before_that = before;
        before = word;
    }
    found(&["b:", before, " $"]);
    let mut classes = view.classes_in(0..view.len());
    classes &= !(Role::Polite.bit());
    while classes != 0 {
        let class = classes.trailing_zeros() as usize;
        classes &= classes - 1;
        if let Some(name) = names.get(class) {
            found(&["c:", name]);
        }
    }
    for (state, _) in &evidence.completions {
        let name = match state {
            Completion::None => continue,
            Completion::Finished(_) => "finished",
            Completion::Partly(_) => "partly",
            Completion::ByOthers => "others",
            Completion::NotYet(_) => "not-yet",
            Completion::Forecast(_) => "forecast",
            Completion::Asked => "asked",
            Completion::Supposed => "supposed",
        };
        found(&["k:", name]);
    }
    let length = match view.len() {
        0 => "0",
        1..=3 => "3",
        4..=8 => "8",
        9..=20 => "20",
        _ => "more",
    };
    found(&["l:", length]);
}
