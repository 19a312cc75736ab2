//! How plainly a text says that the task is done: the only thing that makes a "done" sure.

use super::bygone::{is_dated_ahead, is_of_another_year};
use super::classes::Classes;
use super::clauses::{Clause, clause_at};
use super::completion::{Completion, is_bare};
use super::doubts::Plainness;
use super::elsewhere::is_of_something_else;
use super::evidence::{Evidence, Findings, Strength};
use super::fields::Named;
use super::grammar::Sense;
use super::intent::Intent;
use super::left_over::{finishes_fewer, names_who_is_left};
use super::parts::{Group, groups};
use super::roles::Role;
use super::second_thought::takes_it_back;
use super::shortfall::{
    falls_short, has_begun, is_counted_from, is_followed_up, is_kept_back, is_left_open,
    is_only_as_if, is_qualified, is_yet_to_be_held, is_yet_to_go_out, may_wait_from, waits,
};
use super::token::{Kind, Slack};
use super::told::is_told;
use super::view::View;

/// Any of these in the clause that says "done", or in a later one, makes it unsure.
pub(super) const RISKS: Classes = Classes::of(&[
    Role::Not,
    Role::Hedge,
    Role::If,
    Role::Wait,
    Role::Still,
    Role::Only,
    Role::Draft,
    Role::Piece,
    Role::QuestionMark,
]);

/// Any of these anywhere.
const GRAVE: Classes = Classes::of(&[Role::QuestionMark, Role::If, Role::Private]);

/// What asks or supposes.
const QUESTIONS: Classes = Classes::of(&[Role::QuestionMark, Role::If]);

/// What belongs to the work: without any of these it may be anything that is finished.
const WORK: Classes = Classes::of(&[
    Role::Task,
    Role::Item,
    Role::Document,
    Role::Paper,
    Role::Act,
    Role::Product,
    Role::Step,
]);

/// What is wanted, as long as it is not taken back.
const WISHES: [Intent; 4] = [
    Intent::Undo,
    Intent::Extension,
    Intent::Snooze,
    Intent::Reassign,
];

/// Whatever else a text can be about.
const OTHERS: [Intent; 7] = [
    Intent::Undo,
    Intent::Extension,
    Intent::Blocked,
    Intent::Reassign,
    Intent::Snooze,
    Intent::Progress,
    Intent::Ask,
];

/// How plainly the text says it.
pub(super) fn plainness(
    findings: &Findings<'_>,
    evidence: &Evidence,
    named: &[Named],
) -> Plainness {
    let Some(clauses) = told_apart(findings, named) else {
        let groups = groups(findings.view, findings.clauses, named);
        return plainness_of(findings, evidence, &groups);
    };
    let own = Findings {
        clauses: &clauses,
        ..*findings
    };
    let told = groups(findings.view, &clauses, named);
    plainness_of(&own, &own.evidence(&clauses), &told).min(Plainness::AtTheEnd)
}

/// The clauses that tell something of the work, if others only ask of another task.
pub(super) fn told_apart(findings: &Findings<'_>, named: &[Named]) -> Option<Vec<Clause>> {
    let groups = groups(findings.view, findings.clauses, named);
    let (beside, told): (Vec<Group>, Vec<Group>) = groups
        .into_iter()
        .partition(|group| is_beside(findings, group));
    let clauses: Vec<Clause> = told.into_iter().flat_map(|group| group.clauses).collect();
    (!beside.is_empty() && !clauses.is_empty()).then_some(clauses)
}

/// "II.2 nộp rồi, còn II.3 nộp theo mẫu nào ạ?": what is only asked of another task, or promised, says nothing of the one
/// that is finished.
fn is_beside(findings: &Findings<'_>, group: &Group) -> bool {
    let evidence = findings.evidence(&group.clauses);
    let (intent, strength) = evidence.ruling();
    !group.tasks.is_empty()
        && strength == Strength::Said
        && matches!(intent, Intent::Ask | Intent::Ack)
        && evidence
            .completions
            .iter()
            .all(|(state, _)| matches!(state, Completion::Asked | Completion::Supposed))
}

fn plainness_of(findings: &Findings<'_>, evidence: &Evidence, groups: &[Group]) -> Plainness {
    let is_open = waits(findings)
        || falls_short(findings.view)
        || is_kept_back(findings)
        || names_who_is_left(findings)
        || finishes_fewer(findings.view)
        || findings
            .view
            .classes_in(0..findings.view.len())
            .has(Role::Open)
        || is_dated_ahead(findings.view, findings.dates, findings.sent)
        || is_yet_to_go_out(findings, evidence)
        || is_yet_to_be_held(findings, evidence)
        || is_left_open(findings, evidence)
        || is_followed_up(findings);
    if evidence.doubt || is_open || is_of_something_else(findings) {
        return Plainness::No;
    }
    let completions = &evidence.completions;
    let told = completions
        .iter()
        .rposition(|(state, _)| matches!(state, Completion::Finished(_)));
    let last = match told {
        Some(told) => Some(completions[told].1),
        // "II.3 ✅": said without a verb.
        None if completions.is_empty() => {
            (evidence.strength(Intent::Done) == Strength::Said).then_some(0)
        }
        None => return Plainness::Untold,
    };
    if takes_it_back(findings.view, findings.clauses, last.unwrap_or(0)) {
        return Plainness::No;
    }
    // "Dạ rồi anh" may be anything that is over.
    let whole = findings.percents.iter().any(|(value, _)| *value == 100);
    let named = works(findings) || has_check(findings) || whole;
    let unsaid = completions.is_empty() && !named;
    let begun = completions.is_empty() && has_begun(findings);
    if unsaid || begun || is_of_another_year(findings) {
        return Plainness::No;
    }
    if let Some(denied) = denied_from(findings, last.unwrap_or(0)) {
        return denied;
    }
    let put_off = is_put_off_from(findings, last.unwrap_or(0));
    let Some(last) = last else {
        let told = groups.iter().filter(|group| !group.tasks.is_empty());
        let more = told.count() > 1 || is_said(evidence, &OTHERS);
        return if more || put_off || is_risky_from(findings, 0, RISKS | GRAVE) {
            Plainness::Hinted
        } else {
            Plainness::Unsaid
        };
    };
    if may_wait_from(findings, last) || is_qualified(findings, last) {
        return Plainness::No;
    }
    if !is_said_of_each(findings, groups) {
        return Plainness::Divided;
    }
    // What is under way or stands in the way after the last word that it is finished is no story of before.
    let more_told = told.is_some_and(|told| told + 1 < completions.len());
    let goes_on = more_told || is_said(evidence, &[Intent::Progress, Intent::Blocked]);
    if put_off || goes_on || is_only_as_if(findings, evidence) {
        return if groups.len() > 1 {
            Plainness::No
        } else {
            Plainness::Opposed
        };
    }
    if is_contradicted(findings, evidence, last) {
        Plainness::Contradicted
    } else if is_disputed(findings, evidence, last) {
        Plainness::Disputed
    } else if is_mixed(findings, evidence) {
        Plainness::AtTheEnd
    } else if is_told(findings, evidence) {
        Plainness::Told
    } else {
        Plainness::Throughout
    }
}

/// Whether a clause before speaks of what is ahead or asked, or a word after narrows it.
fn is_contradicted(findings: &Findings<'_>, evidence: &Evidence, last: usize) -> bool {
    let open = evidence.completions.iter().any(|(state, _)| {
        matches!(
            state,
            Completion::Forecast(_) | Completion::Asked | Completion::Supposed
        )
    });
    open || is_risky_from(findings, last, RISKS | GRAVE) || is_counted_from(findings, last)
}

/// Whether more is said than that it is finished, or it is said of who knows what.
fn is_disputed(findings: &Findings<'_>, evidence: &Evidence, last: usize) -> bool {
    let clauses = findings.clauses;
    // "Chưa họp, nhưng đã trang trí xong" tells of two things; "ai nói chưa nộp" is what others say.
    let not_yet = clauses.iter().any(|clause| {
        !clause.asked
            && has(findings, clause, Classes::of(&[Role::NotYet]))
            && !has(findings, clause, Classes::of(&[Role::ReportVerb]))
    });
    let bare = clauses
        .iter()
        .any(|clause| clause.start >= last && is_bare(findings.view, clause));
    let works = works(findings);
    let strange = clauses.iter().any(|clause| {
        has(
            findings,
            clause,
            Classes::of(&[Role::Private, Role::Broken]),
        ) || (!works && is_foreign(findings.view, clause))
            || (clause.start >= last && has(findings, clause, Classes::of(&[Role::Rather])))
    });
    // A wish is no part of a story that is over.
    not_yet || bare || strange || is_said(evidence, &WISHES)
}

/// Whether something that was told before the end is not finished.
fn is_mixed(findings: &Findings<'_>, evidence: &Evidence) -> bool {
    let completions = &evidence.completions;
    let mixed = completions
        .iter()
        .any(|(state, _)| !matches!(state, Completion::Finished(_)));
    let so_it_is = findings
        .clauses
        .iter()
        .any(|clause| has(findings, clause, Classes::of(&[Role::SoItIs])));
    mixed
        || so_it_is
        || is_said(evidence, &OTHERS)
        || denied_from(findings, 0).is_some()
        || is_put_off_from(findings, 0)
        || is_risky_from(findings, 0, RISKS | GRAVE)
}

pub(super) fn has(findings: &Findings<'_>, clause: &Clause, classes: Classes) -> bool {
    findings
        .view
        .classes_in(clause.start..clause.end)
        .any(classes)
}

fn has_check(findings: &Findings<'_>) -> bool {
    let view = findings.view;
    view.classes_in(0..view.len()).has(Role::Check)
}

/// Whether anything belongs to the work.
fn works(findings: &Findings<'_>) -> bool {
    findings.view.classes_in(0..findings.view.len()).any(WORK)
}

/// Of several tasks, each must be said to be finished; one that is only called "this" is none of those named.
fn is_said_of_each(findings: &Findings<'_>, groups: &[Group]) -> bool {
    if let [this, named, ..] = groups
        && this.tasks.is_empty()
        && !named.tasks.is_empty()
        && (this
            .clauses
            .iter()
            .any(|clause| is_risky(findings, clause, RISKS | GRAVE))
            || WISHES.contains(&findings.evidence(&this.clauses).ruling().0))
    {
        return false;
    }
    let mut told = groups.iter().filter(|group| !group.tasks.is_empty());
    told.all(|group| findings.evidence(&group.clauses).ruling() == (Intent::Done, Strength::Said))
}

/// Whether one of these is said, and holds.
fn is_said(evidence: &Evidence, intents: &[Intent]) -> bool {
    intents.iter().any(|intent| {
        evidence.strength(*intent) == Strength::Said && !evidence.is_overcome(*intent)
    })
}

/// What from a clause on denies or asks.
fn denied_from(findings: &Findings<'_>, from: usize) -> Option<Plainness> {
    let here = |at| clause_at(findings.clauses, at).is_some();
    let cancelled = findings
        .matches
        .iter()
        .any(|found| found.sense == Sense::NotDone && found.end > from && here(found.start));
    let mut after = findings
        .clauses
        .iter()
        .filter(|clause| clause.start >= from);
    let garbled = after.clone().any(|clause| is_garbled(findings, clause));
    let private = !works(findings) && is_risky_from(findings, from, Classes::of(&[Role::Private]));
    if cancelled || garbled || private {
        Some(Plainness::Cancelled)
    } else if after.any(|clause| clause.asked) || is_risky_from(findings, from, QUESTIONS) {
        Some(Plainness::Asked)
    } else if is_risky_from(findings, from, Classes::of(&[Role::Not])) {
        Some(Plainness::Denied)
    } else {
        None
    }
}

/// Whether a day ahead is named from a clause on.
fn is_put_off_from(findings: &Findings<'_>, from: usize) -> bool {
    findings.dates.iter().any(|date| {
        let ahead =
            date.past.is_none() && date.first >= findings.sent && !date.is_attribute(findings.view);
        date.start >= from && ahead && clause_at(findings.clauses, date.start).is_some()
    })
}

/// Whether one of these stands in a clause, from one on.
fn is_risky_from(findings: &Findings<'_>, from: usize, risks: Classes) -> bool {
    findings
        .clauses
        .iter()
        .filter(|clause| clause.start >= from)
        .any(|clause| is_risky(findings, clause, risks))
}

/// "cuwha xong": a word that cannot be read, right before the one that it is finished, may deny it.
fn is_garbled(findings: &Findings<'_>, clause: &Clause) -> bool {
    let view = findings.view;
    let marks = Classes::of(&[Role::Perfect, Role::Already]);
    !view.classes_in(clause.start..clause.end).any(marks)
        && (clause.start + 1..clause.end)
            .any(|at| view.is(at, Role::Done) && view.tokens[at - 1].slack == Slack::Unreadable)
}

/// "Cúng xong rồi": a word of no class is what is finished.
fn is_foreign(view: &View, clause: &Clause) -> bool {
    (clause.start + 1..clause.end).any(|at| {
        view.is(at, Role::Done)
            && view.tokens[at - 1].kind == Kind::Word
            && view.begins(at - 1).is_empty()
            && !view.is_covered(at - 1)
    })
}

/// "vẫn hoàn thành" is done in spite of something, and "còn" at the beginning only leads over: neither says "still".
fn is_risky(findings: &Findings<'_>, clause: &Clause, risks: Classes) -> bool {
    if findings.is_blank_field(clause) {
        return false;
    }
    let view = findings.view;
    let finishes = view
        .classes_in(clause.start..clause.end)
        .any(Classes::of(&[Role::Done, Role::Act]));
    view.hits_in(clause.start..clause.end).any(|hit| {
        let is_still = hit.class == Role::Still.class();
        let in_spite = is_still && (view.is(hit.end, Role::Done) || view.is(hit.end, Role::Act));
        let leads_over = is_still
            && finishes
            && hit.start == clause.start
            && hit.end == hit.start + 1
            && view.is(hit.start, Role::But);
        risks.holds(hit.class) && !in_spite && !leads_over
    })
}
