//! The works and documents that a text speaks of by their names.

use std::ops::Range;

use super::classes::Classes;
use super::clauses::Clause;
use super::clean::clean;
use super::lexer::tokens;
use super::reader::Reader;
use super::roles::Role;
use super::token::Kind;
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
    /// For which time it is, where nothing else tells which: "báo cáo quý I nộp rồi", and not "báo cáo tài chính quý I".
    pub time: Option<Time>,
    /// Whether it may say no more than that something is told: "xin báo cáo như sau".
    pub may_tell: bool,
}

impl Reader {
    /// The time of a document that these words of a plan name by its kind and its time alone: "Báo cáo kết quả thực hiện quý I".
    #[must_use]
    pub fn time_of(&self, outcome: &str) -> Option<Time> {
        let cleaned = clean(outcome, |_| false);
        let view = View::new(tokens(&cleaned.text, &self.lexicon), &self.lexicon);
        let works = works_within(&view, 0..view.len());
        let [only] = works.as_slice() else {
            return None;
        };
        let mut times = (0..view.len()).filter_map(|at| time_at(&view, at));
        times.next().filter(|_| only.is_document)
    }
}

/// How long the time is for which a document is: a quarter, a month, a year. "Định kỳ" is any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time(u32);

impl Time {
    /// The value of "định kỳ" in the lexicon.
    const ANY: Self = Self(9);

    /// Whether one may be the other.
    #[must_use]
    pub fn may_be(self, other: Self) -> bool {
        self == other || self == Self::ANY || other == Self::ANY
    }
}

/// The works that these clauses speak of. What is cited ("theo kế hoạch") is not spoken of.
pub(super) fn works(view: &View, clauses: &[Clause]) -> Vec<Work> {
    let ranges = clauses.iter().map(|clause| clause.start..clause.end);
    ranges.flat_map(|range| works_within(view, range)).collect()
}

fn works_within(view: &View, clause: Range<usize>) -> Vec<Work> {
    let mut found = Vec::new();
    for hit in view.hits_in(clause.clone()) {
        let is_document = hit.class == Role::Paper.class();
        let names = is_document && hit.value != CARRIES_ANY
            || hit.class == Role::Product.class()
            || hit.class == Role::Named.class();
        let addresses =
            hit.value == REPORT && is_document && addresses(view, &clause, hit.start, hit.end);
        if !names || is_cited(view, hit.start, is_document) || addresses {
            continue;
        }
        let time = time(view, &clause, hit.end).filter(|_| is_document);
        let words = view.tokens[hit.start..hit.end].iter();
        let words: Vec<&str> = words.map(|token| token.plain.as_str()).collect();
        found.push(Work {
            name: words.join(" "),
            is_document,
            may_tell: is_document && hit.value == REPORT && time.is_none(),
            time,
        });
    }
    found
}

/// The time that stands behind the name of a document, where nothing more tells what it is about: "quý I nộp rồi", "định kỳ quý này
/// về Sở".
fn time(view: &View, clause: &Range<usize>, end: usize) -> Option<Time> {
    let told = |at: usize| {
        let time = view.role(at, Role::Regular).or(view.role(at, Role::This));
        let numeral = matches!(view.tokens[at].exact.as_str(), "i" | "ii" | "iii" | "iv");
        let number = view.role(at, Role::Digits).or(view.role(at, Role::Year));
        time.or(number).or(numeral.then_some(at + 1))
    };
    let mut at = end;
    let mut found = None;
    while let Some(next) = Some(at).filter(|at| *at < clause.end).and_then(told) {
        found = found.or_else(|| time_at(view, at));
        at = next;
    }
    found.filter(|_| at >= clause.end || !narrows(view, at))
}

fn time_at(view: &View, at: usize) -> Option<Time> {
    let mut hits = view
        .hits_in(at..view.len())
        .take_while(|hit| hit.start == at);
    let time = hits.find(|hit| hit.class == Role::Regular.class())?;
    Some(Time(time.value))
}

/// What stands behind a time and tells of what the document is: "về phòng chống dịch", "tài chính"; but not "về Sở", nor what is said.
fn narrows(view: &View, at: usize) -> bool {
    const RECEIVERS: Classes =
        Classes::of(&[Role::Other, Role::Authority, Role::Superior, Role::Polite]);
    let begins = view.begins(at);
    if matches!(view.tokens[at].kind, Kind::Mark(_)) {
        return false;
    }
    if view.is(at, Role::Toward) {
        let is_verb = begins.any(Classes::of(&[Role::Act, Role::Step, Role::ReportVerb]));
        return !is_verb && !view.begins(at + 1).any(RECEIVERS);
    }
    let names = begins.any(Classes::of(&[Role::Product, Role::Named, Role::Paper]));
    names || begins.is_empty() && !view.is_covered(at)
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
fn addresses(view: &View, clause: &Range<usize>, start: usize, end: usize) -> bool {
    let leads = (clause.start..start).all(|at| view.is(at, Role::Polite));
    let goes_on =
        view.is(end, Role::Polite) && !view.is(end, Role::Quarter) || view.is(end, Role::Digits);
    leads && end < clause.end && goes_on
}
