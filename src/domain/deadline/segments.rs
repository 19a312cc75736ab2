//! Stretches between semicolons, full stops and bullets that have no date: which of them only go with a neighbour.

use std::ops::Range;

use super::lexer::{Kind, Token};
use super::lexicon::Key;
use super::scan::Item;
use super::term::{Bound, text_of};
use super::text::canonical;

/// The items, where a task in front of "; hoàn thành trước ngày 30/7" is no stretch of its own: the semicolon stands for a
/// comma.
pub(super) fn softened(tokens: &[Token], items: &[Item]) -> Vec<Item> {
    let mut softened = items.to_vec();
    let limited = items.iter().position(|item| matches!(item, Item::Term(_)));
    let Some((first, Item::Term(term))) = limited.map(|first| (first, &items[first])) else {
        return softened;
    };
    let hard = items[..first]
        .iter()
        .rposition(|item| matches!(item, Item::Hard(_)));
    let Some((hard, Item::Hard(mark))) = hard.map(|hard| (hard, &items[hard])) else {
        return softened;
    };
    let opens = items[..hard].iter().rev().map_while(|item| match item {
        Item::Words(at) | Item::Soft(at) => Some(*at),
        _ => None,
    });
    let rests = opens
        .last()
        .is_some_and(|at| tokens[at].kind == Kind::Key(Key::By));
    let finishes =
        |item: &Item| matches!(item, Item::Words(at) if tokens[*at].kind == Kind::Key(Key::Finish));
    let lead = &items[hard + 1..first];
    let limit = matches!(term.bound, Bound::In | Bound::By | Bound::Before);
    let closes = matches!(tokens[*mark].kind, Kind::Mark(';' | '.'));
    if limit && closes && !rests && !lead.is_empty() && lead.iter().all(finishes) {
        softened[hard] = Item::Soft(*mark);
    }
    softened
}

/// Whether the words only qualify the clause before them: "theo quy định", "(đối với cấp tỉnh)".
pub(super) fn is_qualifier(tokens: &[Token], range: &Range<usize>) -> bool {
    matches!(
        tokens[range.start].kind,
        Kind::Key(Key::By | Key::Manner | Key::Finish | Key::Not | Key::Remark) | Kind::Mark('(')
    )
}

/// "Kế hoạch của UBND tỉnh" on the line after a date, or behind it and a dash: what is due by then.
pub(super) fn is_product(tokens: &[Token], range: &Range<usize>) -> bool {
    let first = &tokens[range.start];
    let dashed = range.start.checked_sub(1).map(|at| tokens[at].kind) == Some(Kind::Mark('-'));
    let made = matches!(
        first.kind,
        Kind::Key(Key::Document | Key::Report | Key::Review | Key::Issue)
    );
    made && first.capital && (first.new_line || dashed)
}

/// "Báo cáo định kỳ:" on a line of its own.
pub(super) fn is_heading(tokens: &[Token], range: &Range<usize>) -> bool {
    let goes_on = tokens.get(range.end).is_some_and(|token| token.new_line);
    let denies = tokens[range.clone()]
        .iter()
        .any(|token| token.kind == Kind::Key(Key::Not));
    goes_on && !denies && tokens[range.end - 1].kind == Kind::Mark(':')
}

/// "Theo Công văn số 125/SNV-CCHC ngày 10/02/2014;", "Theo ý kiến tại cuộc họp ngày 10/5;": what the clause after it rests
/// on.
pub(super) fn is_authority(tokens: &[Token], range: &Range<usize>) -> bool {
    let kind = |ahead: usize| tokens[range.clone()].get(ahead).map(|token| token.kind);
    let written = matches!(
        kind(1),
        Some(Kind::Key(Key::Document | Key::Number) | Kind::Code)
    );
    let cited = |at: usize| {
        let dated = tokens[at].kind == Kind::Key(Key::Day)
            && matches!(
                tokens.get(at + 1).map(|token| token.kind),
                Some(Kind::Number { .. })
            );
        tokens[at].kind == Kind::Code || dated
    };
    match kind(0) {
        Some(Kind::Key(Key::By)) => written || range.clone().any(cited),
        Some(Kind::Key(Key::OnDemand)) => range.clone().any(cited),
        _ => false,
    }
}

/// "Kinh phí 30,6 tỷ đồng; …", "Tỷ lệ 7/10 hồ sơ; …": what the clause beside it costs or comes to.
pub(super) fn is_figure(text: &str, tokens: &[Token], range: &Range<usize>) -> bool {
    const NOUNS: [&str; 4] = ["kinh phí", "tỷ lệ", "liên hệ", "điện thoại"];
    let end = range.end.min(range.start + 2);
    let opening = canonical(text_of(text, tokens, range.start, end));
    NOUNS.iter().any(|noun| canonical(noun) == opening)
}

/// "Số liệu tính đến 30/11; …": up to which day the figures go, of what is due in the clause beside it.
pub(super) fn is_cutoff(tokens: &[Token], range: &Range<usize>) -> bool {
    tokens[range.start].kind == Kind::Key(Key::Aside)
}
