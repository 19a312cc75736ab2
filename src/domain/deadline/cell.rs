//! A cell -> drafts: the clauses one by one, then what they do to each other (DESIGN rules 6 and 7).

use chrono::NaiveDate;

use super::clauses::{Clause, clauses};
use super::lexer::{Kind, Token, tokens};
use super::lexicon::Key;
use super::outcome::{Context, Draft, NotUnderstood};
use super::recurring::{Occurrence, replace_shorter};
use super::scan::items;
use super::sentence::{Entry, Sentence};
use super::term::{Body, text_of};
use super::text::{canonical, clean, one_line};
use super::years::settle_years;
use crate::domain::plan::MilestoneKind;

/// Milestones of one deadline cell, in the order of the text; the occurrences of a recurring one by date.
///
/// `"Ban hành Kế hoạch Quý I/2020; Báo cáo kết quả thực hiện tháng 12/2020"` in a plan for 2020 gives 31/3/2020 and
/// 31/12/2020, each with its label.
///
/// # Errors
/// When any part of the cell is not covered by the grammar, or names a date that does not exist.
pub fn parse_cell(cell: &str, context: &Context) -> Result<Vec<Draft>, NotUnderstood> {
    let text = clean(cell);
    let tokens = tokens(&text);
    let items = items(&text, &tokens, context)?;
    let clauses = clauses(&text, &tokens, &items, context.year)?;
    drafts(clauses, &text, &tokens, context)
}

/// Drafts of clauses that stand together.
pub(super) fn drafts(
    mut clauses: Vec<Clause>,
    text: &str,
    tokens: &[Token],
    context: &Context,
) -> Result<Vec<Draft>, NotUnderstood> {
    settle_years(&mut clauses, context, text, tokens)?;
    let dated = clauses.iter().any(|clause| {
        clause
            .terms
            .iter()
            .any(|term| !matches!(term.body, Body::FollowPlan))
    });
    let mut entries: Vec<Entry> = Vec::new();
    let mut label = (usize::MAX, String::new());
    let periods = clauses
        .iter()
        .filter(|clause| {
            clause
                .terms
                .iter()
                .any(|term| matches!(term.body, Body::Cycles { .. }))
        })
        .count();
    let mut begun: Option<(usize, NaiveDate)> = None;
    for clause in &clauses {
        if dated
            && clause
                .terms
                .iter()
                .all(|term| term.body == Body::FollowPlan)
        {
            continue;
        }
        let inherited = if label.0 == clause.segment {
            label.1.as_str()
        } else {
            ""
        };
        Sentence {
            clause,
            text,
            tokens,
            context,
            beside: periods > 1,
            inherited,
        }
        .entries(&mut entries)?;
        begun = begun.filter(|(segment, _)| *segment == clause.segment);
        match (entries.last_mut(), begun) {
            (Some(Entry::Series { occurrences, .. }), Some((_, opens_on))) => {
                occurrences.retain(|one| one.due_on >= opens_on);
                if occurrences.is_empty() {
                    return Err(NotUnderstood::new(
                        text,
                        "every occurrence lies before what it is about begins",
                    ));
                }
            }
            (Some(Entry::One { draft, .. }), _) if draft.kind == MilestoneKind::Continuous => {
                begun = draft.opens_on.map(|opens_on| (clause.segment, opens_on));
            }
            _ => {}
        }
        let words = clause.label_words(tokens);
        let own = one_line(text_of(text, tokens, words.start, words.end));
        if !own.is_empty() || label.0 != clause.segment {
            label = (clause.segment, own);
        }
    }
    if let [Entry::One { draft, .. }] = &mut entries[..]
        && only_finishes(&draft.label)
    {
        draft.label.clear();
    }
    finish(entries, context, text)
}

/// "Hoàn thành", "Đảm bảo hoàn thành": words that name nothing when they stand alone.
fn only_finishes(label: &str) -> bool {
    tokens(label)
        .iter()
        .all(|token| token.kind == Kind::Key(Key::Finish))
}

/// Rule 7 over the whole cell, then the drafts in order.
fn finish(entries: Vec<Entry>, context: &Context, text: &str) -> Result<Vec<Draft>, NotUnderstood> {
    let mut entries = entries;
    replace_across(&mut entries);
    let mut exists_from = context.issued_on;
    // The first day of what the reports are about: none is begun before.
    let mut about_from: Option<NaiveDate> = None;
    let mut drafts: Vec<Draft> = Vec::new();
    for entry in entries {
        match entry {
            Entry::One { draft, issues } => {
                if issues && draft.due_on.is_some() {
                    exists_from = exists_from.max(draft.due_on);
                    about_from = about_from.max(draft.opens_on);
                }
                let repeated = drafts.last().is_some_and(|last| {
                    last.due_on.is_none()
                        && last.kind == draft.kind
                        && (draft.label.is_empty() || last.label == draft.label)
                        && last.opens_on == draft.opens_on
                });
                if !repeated {
                    drafts.push(draft);
                }
            }
            Entry::Series {
                label,
                written,
                occurrences,
            } => {
                let wanted: Vec<_> = occurrences
                    .into_iter()
                    .filter(|one| exists_from.is_none_or(|day| one.due_on >= day))
                    .collect();
                if wanted.is_empty() {
                    return Err(NotUnderstood::new(
                        text,
                        "every occurrence lies before the plan, or what it reports on, exists",
                    ));
                }
                // "Quý I và định kỳ hằng quý": the first of them is said twice.
                let said = |one: &Occurrence| {
                    drafts.iter().any(|draft| {
                        let alike = draft.label.is_empty() || draft.label == label;
                        alike && draft.due_on == Some(one.due_on)
                    })
                };
                let wanted: Vec<_> = wanted.into_iter().filter(|one| !said(one)).collect();
                let mut before: Option<NaiveDate> = None;
                drafts.extend(wanted.into_iter().map(|one| {
                    let last = before.replace(one.due_on).and_then(|due| due.succ_opt());
                    // What is due on the first day of its period is begun in the one before.
                    let opens_on = if one.opens_on < one.due_on {
                        one.opens_on
                    } else {
                        last.or(context.opening()).unwrap_or(one.due_on)
                    };
                    let opens_on = about_from.map_or(opens_on, |from| opens_on.max(from));
                    Draft {
                        kind: MilestoneKind::Due,
                        label: [label.as_str(), one.period.as_str()]
                            .join(" ")
                            .trim()
                            .to_owned(),
                        written: written.clone(),
                        opens_on: Some(opens_on.min(one.due_on)),
                        due_on: Some(one.due_on),
                        rule: one.rule,
                    }
                }));
            }
        }
    }
    Ok(drafts)
}

/// "Báo cáo quý …; báo cáo năm …": the longer report replaces the shorter also when each has its own clause.
fn replace_across(entries: &mut Vec<Entry>) {
    let all: Vec<(String, Occurrence)> = entries
        .iter()
        .filter_map(|entry| match entry {
            Entry::Series {
                label, occurrences, ..
            } => Some((canonical(label), occurrences.clone())),
            Entry::One { .. } => None,
        })
        .flat_map(|(label, occurrences)| {
            occurrences.into_iter().map(move |one| (label.clone(), one))
        })
        .collect();
    for entry in entries.iter_mut() {
        if let Entry::Series {
            label, occurrences, ..
        } = entry
        {
            let own = canonical(label);
            let alike = |other: &str| other == own || other.is_empty() || own.is_empty();
            occurrences.retain(|one| {
                !all.iter().any(|(label, other)| {
                    alike(label) && other.period_end == one.period_end && other.cycle > one.cycle
                })
            });
            replace_shorter(occurrences);
        }
    }
    entries.retain(
        |entry| !matches!(entry, Entry::Series { occurrences, .. } if occurrences.is_empty()),
    );
}
