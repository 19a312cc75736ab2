//! The works and documents that a text speaks of by their names.

use super::clauses::Clause;
use super::roles::Role;
use super::view::View;

/// "công văn", "văn bản": what carries any other work.
const CARRIES_ANY: u32 = 5;

/// "báo cáo".
const REPORT: u32 = 3;

/// A work, or a kind of document, that a text speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    /// Its words, in lower case and without diacritics: `tuyen dung`, `ke hoach`, `kh`.
    pub name: String,
    /// Whether it is a kind of document.
    pub is_document: bool,
}

/// The works that these clauses speak of. What is cited ("theo kế hoạch") is not spoken of.
pub(super) fn works(view: &View, clauses: &[Clause]) -> Vec<Work> {
    let mut found = Vec::new();
    for clause in clauses {
        for hit in view.hits_in(clause.start..clause.end) {
            let is_document = hit.class == Role::Paper.class();
            let names =
                is_document && hit.value != CARRIES_ANY || hit.class == Role::Product.class();
            let addresses =
                hit.value == REPORT && is_document && addresses(view, clause, hit.start, hit.end);
            if !names || is_cited(view, hit.start, is_document) || addresses {
                continue;
            }
            let words = view.tokens[hit.start..hit.end].iter();
            let words: Vec<&str> = words.map(|token| token.plain.as_str()).collect();
            found.push(Work {
                name: words.join(" "),
                is_document,
            });
        }
    }
    found
}

/// "Theo kế hoạch"; but "vướng báo cáo quý" is stuck with the document itself, and not "vướng kinh phí".
fn is_cited(view: &View, start: usize, is_document: bool) -> bool {
    let before = start.checked_sub(1).filter(|_| is_document);
    let before = before.map(|before| &view.tokens[before]);
    let is_stuck =
        before.is_some_and(|word| matches!(word.plain.as_str(), "vuong" | "ket" | "tac" | "mac"));
    view.ends_before(start, Role::Cited) && !is_stuck
}

/// "Báo cáo sếp", "em báo cáo 3 việc": whoever begins so speaks to somebody, and of no report.
fn addresses(view: &View, clause: &Clause, start: usize, end: usize) -> bool {
    let leads = (clause.start..start).all(|at| view.is(at, Role::Polite));
    let goes_on =
        view.is(end, Role::Polite) && !view.is(end, Role::Quarter) || view.is(end, Role::Digits);
    leads && end < clause.end && goes_on
}
