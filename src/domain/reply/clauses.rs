//! Tokens -> sentences and clauses.

use super::dates::Mention;
use super::frame::without_frame;
use super::roles::Role;
use super::spell::exact;
use super::token::Kind;
use super::view::View;

/// A stretch of tokens that says one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clause {
    /// First token.
    pub start: usize,
    /// Token after the last.
    pub end: usize,
    /// The sentence it belongs to.
    pub sentence: usize,
    /// Its sentence ends with a question mark, and it is the last clause of it.
    pub asked: bool,
}

/// A sentence without a full stop ends after so many tokens: what is farther apart is not said together.
const LONGEST_SENTENCE: usize = 120;

/// The clause that holds a token.
pub(super) fn clause_at(clauses: &[Clause], token: usize) -> Option<&Clause> {
    let after = clauses.partition_point(|clause| clause.start <= token);
    clauses[..after].last().filter(|clause| token < clause.end)
}

/// "Sở Tài chính" typed without diacritics holds no "tại".
fn is_within_name(view: &View, at: usize) -> bool {
    let names = |start: usize| {
        view.role(start, Role::Other)
            .or_else(|| view.role(start, Role::Own))
    };
    (at.saturating_sub(4)..at).any(|start| names(start).is_some_and(|end| end > at))
}

/// "nhiệm vụ được giao tại mục VI.5": where it is written, and no reason.
fn is_place(view: &View, at: usize) -> bool {
    view.tokens[at].exact == exact("tại") && view.is(at + 1, Role::Item)
}

/// "giá mà", "không còn": a word of the condition or of the denial, that leads over to nothing.
fn is_within_condition(view: &View, at: usize) -> bool {
    (at.saturating_sub(2)..at).any(|start| {
        let reaches = |role| view.role(start, role).is_some_and(|end| end > at);
        reaches(Role::If) || reaches(Role::Not) && view.tokens[at].plain == "con"
    })
}

/// The clauses of a text, without greetings and without what follows the closing words.
pub(super) fn clauses(view: &View, text: &str, dates: &[Mention]) -> Vec<Clause> {
    let mut found: Vec<Clause> = Vec::new();
    let (mut start, mut sentence, mut sentence_start) = (0, 0, 0_usize);
    let mut push = |start: usize, end: usize, sentence: usize| {
        if start < end {
            found.push(Clause {
                start,
                end,
                sentence,
                asked: false,
            });
        }
    };
    let mut dates = dates.iter().peekable();
    for at in 0..view.len() {
        let token = &view.tokens[at];
        while dates.peek().is_some_and(|date| date.end <= at) {
            dates.next();
        }
        // "thứ hai, ngày 16/3": one day, whatever stands between.
        let within_date = dates.peek().is_some_and(|date| date.start < at);
        // The words of one abbreviation share their place.
        let new_line = at > 0
            && text
                .get(view.tokens[at - 1].end..token.start)
                .is_some_and(|between| between.contains('\n'));
        if new_line {
            push(start, at, sentence);
            (start, sentence) = (at, sentence + 1);
            sentence_start = at;
        }
        if at.saturating_sub(sentence_start) >= LONGEST_SENTENCE {
            push(start, at, sentence);
            (start, sentence) = (at, sentence + 1);
            sentence_start = at;
        }
        let hard = matches!(token.kind, Kind::Mark('.' | '!' | '?' | ';' | '…'));
        let spaced = token.gap && view.tokens.get(at + 1).is_some_and(|next| next.gap);
        let soft = match token.kind {
            Kind::Mark(',' | ':' | '(' | ')' | '+' | '|' | '•' | '=') => true,
            Kind::Mark('-') => spaced || at == start,
            _ => false,
        };
        if (hard || soft) && !within_date {
            push(start, at, sentence);
            start = at + 1;
            sentence += usize::from(hard);
            if hard {
                sentence_start = at + 1;
            }
        } else if at > start
            && view.is(at, Role::But)
            && !is_within_name(view, at)
            && !is_place(view, at)
            && !is_within_condition(view, at)
        {
            push(start, at, sentence);
            start = at;
        }
    }
    push(start, view.len(), sentence);
    for index in 0..found.len() {
        let last = found
            .get(index + 1)
            .is_none_or(|next| next.sentence != found[index].sentence);
        let end = found[index].end;
        found[index].asked = last && view.tokens.get(end).is_some_and(|token| token.is_mark('?'));
    }
    without_frame(view, text, found)
}
