//! Items -> clauses: which words and which expressions of time belong together.
//!
//! Semicolons, full stops and bullets always separate. A comma or "và" separates only where both sides have a date;
//! otherwise it is part of the words ("sửa đổi, bổ sung và ban hành Kế hoạch trong quý I").

use std::ops::Range;

use super::contradictions::check_one_breath;
use super::denials::{check_denied, takes_away};
use super::fronts::{frames, heads_a_year, is_loose, is_outdone, is_stretch};
use super::lexer::{Kind, Token};
use super::lexicon::Key;
use super::neighbours::{distribute, leave_out_occasions, lend_month, unite};
use super::outcome::NotUnderstood;
use super::pairs::{Gap, is_name, joins};
use super::scan::Item;
use super::segments::{
    is_authority, is_cutoff, is_figure, is_heading, is_product, is_qualifier, softened,
};
use super::term::{Term, text_of};
use super::text::one_line;

/// Some words and the expressions of time that say when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Clause {
    /// Tokens before the first expression.
    pub before: Range<usize>,
    /// Tokens after the last one.
    pub after: Range<usize>,
    /// The expressions, in order; never empty.
    pub terms: Vec<Term>,
    /// Clauses of one segment have the same number.
    pub segment: usize,
}

/// What stands between two commas.
struct Piece {
    tokens: Range<usize>,
    terms: Vec<Term>,
}

/// The clauses of a cell.
pub(super) fn clauses(
    text: &str,
    tokens: &[Token],
    items: &[Item],
    plan_year: i32,
) -> Result<Vec<Clause>, NotUnderstood> {
    let mut found: Vec<Clause> = Vec::new();
    let items = softened(tokens, items);
    let segments = items.split(|item| matches!(item, Item::Hard(_)));
    for (number, segment) in segments.enumerate() {
        let pieces = pieces(tokens, segment);
        let Some(whole) = span(&pieces) else {
            continue;
        };
        if pieces.iter().all(|piece| piece.terms.is_empty()) {
            if let Some(last) = found.last_mut()
                && is_product(tokens, &whole)
                && !(has_words(tokens, &last.before) || has_words(tokens, &last.after))
            {
                last.after = whole;
                continue;
            }
            let explains = if found.is_empty() {
                is_authority(tokens, &whole)
                    || is_heading(tokens, &whole)
                    || is_cutoff(tokens, &whole)
                    || is_figure(text, tokens, &whole)
            } else {
                is_qualifier(tokens, &whole)
                    || is_cutoff(tokens, &whole)
                    || is_figure(text, tokens, &whole)
            };
            let explains = explains && !takes_away(text, tokens, &whole);
            if !explains && has_words(tokens, &whole) {
                return Err(NotUnderstood::without_date(text_of(
                    text,
                    tokens,
                    whole.start,
                    whole.end,
                )));
            }
            continue;
        }
        let pieces = attach(tokens, pieces);
        group((text, tokens, plan_year), &pieces, number, &mut found)?;
    }
    if found.is_empty() {
        return Err(NotUnderstood::without_date(text));
    }
    for clause in &found {
        check_denied(text, tokens, clause)?;
    }
    if let Some(pair) = found.windows(2).find(|pair| is_loose(tokens, pair)) {
        let (from, to) = (pair[0].first_term(), pair[1].before.end);
        let words = text_of(text, tokens, from, to);
        return Err(NotUnderstood::new(
            words,
            "whether it comes round is not clear",
        ));
    }
    if let Some(pair) = found.windows(2).find(|pair| is_outdone(tokens, pair)) {
        let (from, to) = (pair[0].first_term(), pair[1].after.end);
        let words = text_of(text, tokens, from, to);
        return Err(NotUnderstood::new(words, "two limits for one thing"));
    }
    leave_out_occasions(text, tokens, &mut found);
    unite(tokens, &mut found);
    distribute(tokens, &mut found);
    lend_month(&mut found);
    Ok(found)
}

fn pieces(tokens: &[Token], segment: &[Item]) -> Vec<Piece> {
    segment
        .split(|item| matches!(item, Item::Soft(_)))
        .filter_map(|items| {
            let range = |item: &Item| match item {
                Item::Term(term) => term.from..term.to,
                Item::Words(at) | Item::Soft(at) | Item::Hard(at) => *at..*at + 1,
            };
            let start = range(items.first()?).start;
            let end = range(items.last()?).end.min(tokens.len());
            let terms = items.iter().filter_map(|item| match item {
                Item::Term(term) => Some(term.clone()),
                _ => None,
            });
            Some(Piece {
                tokens: start..end,
                terms: terms.collect(),
            })
        })
        .collect()
}

fn span(pieces: &[Piece]) -> Option<Range<usize>> {
    Some(pieces.first()?.tokens.start..pieces.last()?.tokens.end)
}

/// Whether there is more than punctuation and words that only lead up to a date.
pub(super) fn has_words(tokens: &[Token], range: &Range<usize>) -> bool {
    tokens[range.clone()].iter().any(is_word)
}

/// "(riêng cấp xã": words that go with the date after them.
fn opens_parenthesis(tokens: &[Token], range: &Range<usize>) -> bool {
    let count = |mark| {
        let marks = tokens[range.clone()].iter();
        marks.filter(|token| token.kind == Kind::Mark(mark)).count()
    };
    count('(') > count(')')
}

/// "hoàn thành", "phấn đấu": words that only lead up to a limit of the period before them.
fn only_finishes(tokens: &[Token], range: &Range<usize>) -> bool {
    tokens[range.clone()]
        .iter()
        .all(|token| !is_word(token) || token.kind == Kind::Key(Key::Finish))
}

fn is_word(token: &Token) -> bool {
    !matches!(
        token.kind,
        Kind::Mark(_)
            | Kind::Key(
                Key::Is | Key::Of | Key::Filler | Key::Apart | Key::And | Key::Or | Key::Manner
            )
    )
}

/// Joins the pieces without a date to a neighbour: forward, or backward where the dates stand first.
fn attach(tokens: &[Token], pieces: Vec<Piece>) -> Vec<Piece> {
    let mut joined: Vec<Piece> = Vec::new();
    let mut pending: Option<Range<usize>> = None;
    let starts_with_term = |piece: &Piece| {
        piece
            .terms
            .first()
            .is_some_and(|term| !has_words(tokens, &(piece.tokens.start..term.from)))
    };
    for piece in pieces {
        if piece.terms.is_empty() {
            let start = pending.map_or(piece.tokens.start, |range| range.start);
            pending = Some(start..piece.tokens.end);
            continue;
        }
        let mut tokens = piece.tokens.clone();
        if let Some(words) = pending.take() {
            match joined.last_mut() {
                Some(last) if starts_with_term(&piece) && starts_with_term(last) => {
                    last.tokens.end = words.end;
                }
                _ => tokens.start = words.start,
            }
        }
        joined.push(Piece { tokens, ..piece });
    }
    if let (Some(words), Some(last)) = (pending, joined.last_mut()) {
        last.tokens.end = words.end;
    }
    joined
}

/// Makes clauses of the pieces of one segment.
fn group(
    (text, tokens, plan_year): (&str, &[Token], i32),
    pieces: &[Piece],
    segment: usize,
    found: &mut Vec<Clause>,
) -> Result<(), NotUnderstood> {
    let first_of_segment = found.len();
    for piece in pieces {
        let mut from = piece.tokens.start;
        for (index, term) in piece.terms.iter().enumerate() {
            let between = from..term.from;
            let silent = found.len() > first_of_segment
                && found.last().is_some_and(|clause| {
                    !has_words(tokens, &clause.before) && !has_words(tokens, &clause.after)
                });
            let finishes = silent && only_finishes(tokens, &between);
            let gap = match (index, has_words(tokens, &between) && !finishes) {
                (0, true) => Gap::Separate,
                (0, false) => Gap::Comma,
                (_, true) => Gap::Words,
                (_, false) => Gap::None,
            };
            from = term.to;
            let open = found.len() > first_of_segment;
            if let Some(clause) = found.last_mut().filter(|_| open) {
                let named = gap == Gap::None
                    && has_words(tokens, &clause.before)
                    && is_name(tokens, &clause.terms, term);
                if named {
                    clause.before.end = term.from;
                    clause.terms = vec![term.clone()];
                    continue;
                }
                if matches!(gap, Gap::Separate | Gap::Words) && heads_a_year(tokens, clause, term) {
                    clause.before = between;
                    clause.terms = vec![term.clone()];
                    continue;
                }
                let framed = match gap {
                    Gap::Separate | Gap::Comma => frames(tokens, clause, term),
                    Gap::Words => is_stretch(tokens, clause, term),
                    Gap::None => false,
                };
                if framed {
                    clause.before = between;
                    clause.terms.push(term.clone());
                    continue;
                }
                if gap != Gap::Separate && joins(tokens, clause, term, gap) {
                    clause.terms.push(term.clone());
                    continue;
                }
                if let Some(first) = clause.terms.last() {
                    check_one_breath((text, tokens, plan_year), first, term, gap)?;
                }
            }
            let dates_first = index > 0
                && !opens_parenthesis(tokens, &between)
                && found
                    .last()
                    .is_some_and(|clause| !has_words(tokens, &clause.before));
            if let (true, Some(clause)) = (dates_first, found.last_mut()) {
                clause.after = between.clone();
            }
            found.push(Clause {
                before: if dates_first {
                    term.from..term.from
                } else {
                    between
                },
                after: term.to..term.to,
                terms: vec![term.clone()],
                segment,
            });
        }
        if let Some(clause) = found.last_mut() {
            clause.after = from..piece.tokens.end;
        }
    }
    Ok(())
}

impl Clause {
    /// The clause's own words up to token `to`, or those after its dates; empty if it names nothing.
    pub fn label(&self, text: &str, tokens: &[Token], to: usize) -> String {
        let to = if to < self.before.start {
            self.before.end
        } else {
            to
        };
        let before = trimmed(tokens, self.before.start..to);
        let range = if before.is_empty() {
            let after = self.after.clone();
            let named = after
                .clone()
                .find(|at| !matches!(tokens[*at].kind, Kind::Mark(_)));
            if named.is_some_and(|at| tokens[at].kind == Kind::Key(Key::By)) {
                after.end..after.end
            } else {
                trimmed(tokens, after)
            }
        } else {
            before
        };
        let label = one_line(text_of(text, tokens, range.start, range.end));
        // "Quý III (trước ngày 15/9)": the bracket opens what comes after.
        label.trim_end_matches([' ', '(']).to_owned()
    }

    /// Whether no word stands before the first expression.
    pub fn opens_with_time(&self, tokens: &[Token]) -> bool {
        let mut before = self.before.clone();
        before.all(|at| matches!(tokens[at].kind, Kind::Mark(_)))
    }

    /// The words before the first expression, without the small ones at the ends.
    pub fn label_words(&self, tokens: &[Token]) -> Range<usize> {
        trimmed(tokens, self.before.clone())
    }

    /// The first expression's first token.
    pub fn first_term(&self) -> usize {
        self.terms.first().map_or(self.before.end, |term| term.from)
    }

    /// Whether one of these keywords stands among the words before the first expression.
    pub fn mentions(&self, tokens: &[Token], keys: &[Key]) -> bool {
        tokens[self.before.clone()]
            .iter()
            .any(|token| matches!(token.kind, Kind::Key(key) if keys.contains(&key)))
    }
}

/// Without the punctuation and small words at both ends.
fn trimmed(tokens: &[Token], range: Range<usize>) -> Range<usize> {
    let glue = |at: usize| match tokens[at].kind {
        Kind::Mark(mark) => !matches!(mark, '"' | '“' | '”' | '%'),
        Kind::Key(key) => matches!(
            key,
            Key::And
                | Key::Is
                | Key::By
                | Key::In
                | Key::Within
                | Key::Deadline
                | Key::Periodic
                | Key::Until
                | Key::From
                | Key::Every
                | Key::Filler
                | Key::Apart
                | Key::Of
        ),
        _ => false,
    };
    let (mut start, mut end) = (range.start, range.end.max(range.start));
    while start < end && glue(start) {
        start += 1;
    }
    while end > start && glue(end - 1) {
        end -= 1;
    }
    let closes = |at: usize| tokens[at].kind == Kind::Mark(')');
    if end < range.end
        && closes(end)
        && tokens[start..end]
            .iter()
            .any(|token| token.kind == Kind::Mark('('))
    {
        end += 1;
    }
    start..end
}
