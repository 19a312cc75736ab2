//! What the linear model sees of a text.

use super::classes::Classes;
use super::clauses::clause_at;
use super::completion::Completion;
use super::doubts::Plainness;
use super::evidence::{Evidence, Findings, Strength};
use super::intent::Intent;
use super::roles::Role;
use super::token::Kind;
use super::view::View;

/// What only serves the structure: courtesies, and the slots of a report. It says nothing of the intent.
const QUIET: Classes = Classes::of(&[
    Role::Polite,
    Role::Agreed,
    Role::Courtesy,
    Role::Toward,
    Role::Way,
    Role::Counted,
    Role::AndThen,
    Role::Whole,
    Role::Handle,
    Role::Superior,
    Role::Section,
    Role::Beside,
    Role::Place,
    Role::Series,
    Role::First,
    Role::Signature,
    Role::Supposing,
    Role::Begun,
    Role::WillTell,
    Role::Mishap,
    Role::HardCopy,
    Role::LeftOut,
    Role::Measured,
    Role::Authority,
    Role::HowFar,
    Role::Open,
    Role::SecondThought,
    Role::CentralBody,
    Role::Named,
    Role::Regards,
    Role::Approve,
    Role::Regular,
]);

/// Calls `found` with the parts of the name of each feature; a feature may come more than once.
pub(super) fn features(
    findings: &Findings<'_>,
    names: &[String],
    evidence: &Evidence,
    plainness: Plainness,
    found: &mut dyn FnMut(&[&str]),
) {
    let view = findings.view;
    found(&["bias"]);
    let mut before = "^";
    for token in &view.tokens {
        let word = match &token.kind {
            Kind::Word => token.plain.as_str(),
            Kind::Number(_) => "#",
            Kind::Percent(100) => "#100%",
            Kind::Percent(_) => "#%",
            Kind::Day(_) => "#date",
            Kind::Hour => "#hour",
            Kind::Task(_) => "#task",
            Kind::Document(_) => "#doc",
            Kind::Link => "#link",
            Kind::Check => "#check",
            Kind::Thumb => "#thumb",
            Kind::Picture | Kind::Open => "#picture",
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
    each_class("c:", view.classes_in(0..view.len()), names, found);
    places(findings, names, evidence, found);
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
    found(&[match plainness {
        Plainness::No
        | Plainness::Cancelled
        | Plainness::Asked
        | Plainness::Denied
        | Plainness::Untold
        | Plainness::Divided
        | Plainness::Hinted
        | Plainness::Opposed => "p:no",
        Plainness::Contradicted => "p:contradicted",
        Plainness::Disputed => "p:disputed",
        Plainness::Unsaid => "p:unsaid",
        Plainness::AtTheEnd => "p:at-the-end",
        Plainness::Throughout => "p:throughout",
        Plainness::Told => "p:told",
    }]);
    let length = match view.len() {
        0 => "0",
        1..=3 => "3",
        4..=8 => "8",
        9..=20 => "20",
        _ => "more",
    };
    found(&["l:", length]);
}

/// Calls `found` for each class that is not quiet.
fn each_class(kind: &str, classes: Classes, names: &[String], found: &mut dyn FnMut(&[&str])) {
    for class in classes.iter().filter(|class| !QUIET.holds(*class)) {
        if let Some(name) = names.get(usize::from(class.0)) {
            found(&[kind, name]);
        }
    }
}

/// What stands in the clause where something is finished, after it, and in the last clause.
fn places(
    findings: &Findings<'_>,
    names: &[String],
    evidence: &Evidence,
    found: &mut dyn FnMut(&[&str]),
) {
    let (view, clauses) = (findings.view, findings.clauses);
    let finished = |(state, place): &(Completion, usize)| {
        matches!(state, Completion::Finished(_)).then_some(*place)
    };
    if let Some(place) = evidence.completions.iter().rev().find_map(finished) {
        if let Some(clause) = clause_at(clauses, place) {
            let told = (clause.start..clause.end)
                .filter(|at| view.tokens[*at].kind == Kind::Word && view.begins(*at).is_empty())
                .count();
            found(&[match told {
                0 => "u:0",
                1 => "u:1",
                2 => "u:2",
                3..=4 => "u:4",
                _ => "u:more",
            }]);
        }
        for clause in clauses.iter().filter(|clause| clause.start >= place) {
            let kind = if clause.start == place { "f:" } else { "z:" };
            each_class(
                kind,
                view.classes_in(clause.start..clause.end),
                names,
                found,
            );
        }
    }
    if let (Some(first), Some(last)) = (clauses.first(), clauses.last())
        && clauses.len() > 1
    {
        each_class("^:", view.classes_in(first.start..first.end), names, found);
        each_class("$:", view.classes_in(last.start..last.end), names, found);
    }
}

/// Pairs of classes that follow one another, quiet ones left out: "not done", "will done", "lack input".
fn sequence(view: &View, names: &[String], found: &mut dyn FnMut(&[&str])) {
    let mut before = "^";
    let mut at = 0;
    while at < view.len() {
        let longest = view
            .hits_at(at)
            .iter()
            .filter(|hit| !QUIET.holds(hit.class))
            .max_by_key(|hit| hit.end);
        let Some(longest) = longest else {
            at += 1;
            continue;
        };
        let end = longest.end;
        let mut last = "";
        for hit in view.hits_at(at).iter().filter(|hit| hit.end == end) {
            if QUIET.holds(hit.class) {
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
