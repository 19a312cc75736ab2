//! A row -> drafts: the deadline cell, and the dated clauses that hide in the product cell (DESIGN rule 6).

use super::cell::{drafts, parse_cell};
use super::clauses::{Clause, clauses};
use super::lexer::{Kind, Token, tokens};
use super::lexicon::Key;
use super::outcome::{Context, Draft, NotUnderstood};
use super::pairs::is_years;
use super::scan::{Item, items};
use super::term::{Body, Bound, Year};
use super::text::clean;

/// Milestones of one row.
///
/// The product cell counts only where a clause of it has an explicit limit ("trong quý I", "trước 15/9"). The deadline
/// then stands for the rest of the row: deadline "Năm 2020" with product "Ban hành Kế hoạch trong quý I, Phương án
/// trước 15/9 - Thực hiện: Thường xuyên" gives 31/3, 14/9 and 31/12/2020.
///
/// # Errors
/// When the deadline cell is not understood. The product cell never fails a row.
pub fn parse_row(
    deadline: &str,
    product: &str,
    context: &Context,
) -> Result<Vec<Draft>, NotUnderstood> {
    let own = parse_cell(deadline, context)?;
    let (hidden, rest) = hidden_in(product, context);
    if hidden.is_empty() {
        return Ok(own);
    }
    let mut drafts = hidden;
    for mut draft in own {
        let repeated = drafts.iter().any(|other| {
            other.due_on == draft.due_on
                && draft.due_on.is_some()
                && (draft.label.is_empty() || draft.label == other.label)
        });
        if repeated {
            continue;
        }
        if draft.label.is_empty() {
            draft.label.clone_from(&rest);
            draft.rule = format!("for the rest of the row (rule 6): {}", draft.rule);
        }
        drafts.push(draft);
    }
    Ok(drafts)
}

/// The dated drafts of a product cell, and the words of what goes on beside them ("Thực hiện").
fn hidden_in(product: &str, context: &Context) -> (Vec<Draft>, String) {
    let text = clean(product);
    let tokens = tokens(&text);
    let items = items(&text, &tokens, context).unwrap_or_default();
    let mut dated: Vec<Clause> = Vec::new();
    let mut rest = String::new();
    for (segment, items) in items
        .split(|item| matches!(item, Item::Hard(_)))
        .enumerate()
    {
        for clause in clauses(&text, &tokens, items, context.year).unwrap_or_default() {
            if is_explicit(&clause, &tokens) {
                dated.push(Clause { segment, ..clause });
            } else if rest.is_empty()
                && clause
                    .terms
                    .iter()
                    .all(|term| term.body == Body::Continuous)
            {
                rest = clause.label(&text, &tokens, clause.first_term());
            }
        }
    }
    let drafts = drafts(dated, &text, &tokens, context).unwrap_or_default();
    let current = |draft: &Draft| {
        draft
            .due_on
            .is_some_and(|day| chrono::Datelike::year(&day) >= context.year)
    };
    if drafts.iter().all(current) {
        (drafts, rest)
    } else {
        (Vec::new(), String::new())
    }
}

/// Whether every expression of the clause can only be a limit: a preposition with a day, month or quarter, or a
/// quarter or month with its year that no report is named after.
fn is_explicit(clause: &Clause, tokens: &[Token]) -> bool {
    clause.terms.iter().all(|term| {
        let limit = matches!(term.bound, Bound::In | Bound::By | Bound::Before)
            && tokens[term.from].kind != Kind::Key(Key::Until);
        match &term.body {
            Body::Days(_) | Body::EdgeOf(..) | Body::DaySpan(..) => limit,
            Body::Spans { .. } if is_years(&term.body) => false,
            Body::Spans { windows, .. } => {
                let dated = windows
                    .iter()
                    .all(|span| matches!(span.last_year, Year::Number(_)));
                let named = clause.mentions(tokens, &[Key::Report, Key::Review])
                    && term.from > 0
                    && !matches!(tokens[term.from - 1].kind, Kind::Mark(_));
                limit || (dated && term.bound == Bound::Bare && !named)
            }
            _ => false,
        }
    })
}
