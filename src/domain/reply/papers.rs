//! The numbers of documents that a text gives as the sender's own.

use super::fields::is_bare;
use super::roles::Role;
use super::token::Kind;
use super::view::View;

/// The document number of the sender's own side.
pub(super) fn own_document(view: &View) -> Option<String> {
    own_documents(view, |_| true).next()
}

/// All document numbers of the sender's own side at some places, in order.
pub(super) fn own_documents(
    view: &View,
    is_meant: impl Fn(usize) -> bool,
) -> impl Iterator<Item = String> {
    (0..view.len())
        .filter(move |at| is_meant(*at))
        .filter_map(|at| {
            let written = match &view.tokens[at].kind {
                Kind::Document(number) => Some(number.clone()),
                _ => spoken_document(view, at),
            };
            written.filter(|number| !is_cited(view, at, number))
        })
}

/// "QĐ 71", "kế hoạch số 12".
fn spoken_document(view: &View, at: usize) -> Option<String> {
    let hit = view.find(at, Role::Paper.class())?;
    let sign = PAPER_SIGNS.get(usize::try_from(hit.value).ok()?)?;
    let number_at = view.role(hit.end, Role::NumberSign).unwrap_or(hit.end);
    let number = view.tokens.get(number_at)?.number()?;
    let next = view.tokens.get(number_at + 1);
    // "Báo cáo 3 việc" counts.
    let counts = number_at == hit.end && view.is(number_at + 1, Role::Counted);
    let whole = !counts
        && next.is_none_or(|next| !next.is_mark('/') && !view.is(number_at + 1, Role::PercentWord));
    (whole && number < 2000 && is_bare(view, number_at)).then(|| format!("{number}/{sign}"))
}

/// Signs by the value that kinds of documents have in the lexicon.
const PAPER_SIGNS: [&str; 14] = [
    "", "KH", "QĐ", "BC", "TTr", "CV", "TB", "CT", "NQ", "CTr", "HD", "BB", "ĐA", "PA",
];

fn is_cited(view: &View, at: usize, number: &str) -> bool {
    let foreign = number.ends_with("-CP")
        || number.ends_with("-TTg")
        || number.ends_with("-BNV")
        || number.ends_with("-BTC")
        || number.ends_with("-BTP")
        || number.ends_with("/CP")
        || number.contains("QH1")
        || number.contains("/TW");
    // "theo số 91/KH-SNV" names the own number; "theo Quyết định 4353/QĐ-UBND" cites.
    let from = at.saturating_sub(6);
    let cites = (from..at).any(|before| {
        let paper_between = (before + 1..at).any(|between| view.is(between, Role::Paper));
        let adjacent = before + 1 == at;
        let signed = view.is(at.saturating_sub(1), Role::NumberSign);
        (view.is(before, Role::Cited) && (paper_between || (adjacent && !signed)))
            || view.is(before, Role::OthersPaper)
    });
    foreign || cites
}
