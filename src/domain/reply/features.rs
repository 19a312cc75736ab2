//! What the linear model sees of a text.

use super::completion::Completion;
use super::evidence::{Evidence, Strength};
use super::intent::Intent;
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
        // A word with its diacritics says more than one without.
        if !token.exact.is_ascii() {
            found(&["x:", &token.exact]);
        }
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
    sequence(view, names, found);
    for intent in Intent::ALL {
        match evidence.strength(intent) {
            Strength::None => {}
            Strength::Hint => found(&["h:", intent.as_str()]),
            Strength::Said => found(&["s:", intent.as_str()]),
        }
        if evidence.is_overcome(intent) {
            found(&["o:", intent.as_str()]);
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
    let (ruled, _) = evidence.ruling();
    found(&["r:", ruled.as_str()]);
    let length = match view.len() {
        0 => "0",
        1..=3 => "3",
        4..=8 => "8",
        9..=20 => "20",
        _ => "more",
    };
    found(&["l:", length]);
}

/// Pairs of classes that follow one another, courtesies left out: "not done", "will done", "lack input".
fn sequence(view: &View, names: &[String], found: &mut dyn FnMut(&[&str])) {
    let mut before = "^";
    let mut at = 0;
    while at < view.len() {
        let longest = view
            .hits_at(at)
            .iter()
            .filter(|hit| hit.class != Role::Polite.class())
            .max_by_key(|hit| hit.end);
        let Some(longest) = longest else {
            at += 1;
            continue;
        };
        let end = longest.end;
        let mut last = "";
        for hit in view.hits_at(at).iter().filter(|hit| hit.end == end) {
            if hit.class == Role::Polite.class() {
                continue;
            }
            if let Some(name) = names.get(usize::from(hit.class.0)) {
                found(&["n:", before, " ", name]);
                last = name;
            }
        }
        before = last;
        at = end;
    }
    found(&["n:", before, " $"]);
}
