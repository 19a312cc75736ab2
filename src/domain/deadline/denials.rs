//! What a cell says is not to be done: "Không báo cáo quý IV", "Tạm dừng đến 30/6", "Miễn báo cáo tháng 6"; and lengths of
//! time that something is to be shortened by. Their dates are no deadlines.

use std::ops::Range;

use super::clauses::Clause;
use super::counts::is_length;
use super::lexer::{Kind, Token};
use super::lexicon::Key;
use super::outcome::NotUnderstood;
use super::term::{Body, text_of};
use super::text::canonical;

/// First words of a duty: what "không" or "chưa" in front of them takes away.
const DUTIES: &[&str] = &[
    "báo cáo",
    "thống kê",
    "sơ kết",
    "tổng kết",
    "thực hiện",
    "triển khai",
    "tổ chức",
    "tiến hành",
    "ban hành",
    "xây dựng",
    "áp dụng",
    "gửi",
    "nộp",
    "trình",
    "họp",
    "phải",
];

/// Verbs that stop a thing, wherever they stand.
const SUSPENSIONS: &[&str] = &["tạm dừng", "tạm ngừng", "tạm hoãn", "tạm đình chỉ"];

/// The same where they open what is said; of something else they are a task: "dừng tiếp nhận", "bãi bỏ văn bản".
const STOPS: &[&str] = &["dừng", "ngừng", "hoãn", "đình chỉ"];

/// What ends a task, if the next word is one for it: "bãi bỏ nhiệm vụ này", "miễn báo cáo".
const RELEASES: &[&str] = &["bãi bỏ", "hủy bỏ", "hủy", "bỏ", "miễn"];

const TASKS: &[&str] = &["nhiệm vụ", "nội dung", "mục", "việc", "chỉ tiêu"];

/// Verbs behind which a length of time is what changes.
const CHANGES: &[&str] = &[
    "giảm",
    "cắt giảm",
    "rút ngắn",
    "tiết kiệm",
    "tăng",
    "kéo dài",
    "gia hạn",
];

/// Refuses a clause whose date is that of something not done, or not done any more.
pub(super) fn check_denied(
    text: &str,
    tokens: &[Token],
    clause: &Clause,
) -> Result<(), NotUnderstood> {
    let undated = |body: &Body| {
        matches!(
            body,
            Body::Continuous
                | Body::Event
                | Body::Conditional
                | Body::FollowPlan
                | Body::Periodic
                | Body::Following
        )
    };
    if clause.terms.iter().all(|term| undated(&term.body)) {
        return Ok(());
    }
    let words = Words { text, tokens };
    let to = clause
        .terms
        .last()
        .map_or(clause.before.end, |term| term.to);
    let refuse = |reason| {
        Err(NotUnderstood::new(
            text_of(text, tokens, clause.before.start, to),
            reason,
        ))
    };
    let own = clause.before.start..to.max(clause.before.start);
    let part = words.behind_the_last_comma(clause);
    let behind = words.up_to_a_comma(clause.after.clone());
    let finished = clause.mentions(tokens, &[Key::Finish]);
    if words.opens_with_a_denial(&part)
        || (words.opens_with_a_denial(&own) && !finished)
        || words.denies_a_duty(&(part.start..behind.end.max(part.start)))
    {
        return refuse("the words deny what the date is of");
    }
    let length = |at: usize| CHANGES.iter().any(|verb| words.begin(at, own.end, verb));
    let changed = clause.before.clone().any(length);
    if changed && clause.terms.iter().all(|term| is_length(tokens, term)) {
        return refuse("a length of time, not when it is due");
    }
    Ok(())
}

/// "Quý II; không thực hiện": whether words without a date of their own take away what stands in front of them.
pub(super) fn takes_away(text: &str, tokens: &[Token], range: &Range<usize>) -> bool {
    let words = Words { text, tokens };
    let first = range.clone().find(|at| !words.is_mark(*at));
    let denied =
        first.is_some_and(|first| words.is_not(first) && words.any(first + 1, range.end, DUTIES));
    denied
        || range
            .clone()
            .any(|at| words.any(at, range.end, SUSPENSIONS))
}

struct Words<'a> {
    text: &'a str,
    tokens: &'a [Token],
}

impl Words<'_> {
    /// Whether these words stand from token `at` on.
    fn begin(&self, at: usize, end: usize, phrase: &str) -> bool {
        let count = phrase.split(' ').count();
        let to = (at + count).min(end);
        let mut written = text_of(self.text, self.tokens, at, to).split_whitespace();
        phrase.split(' ').all(|word| {
            written
                .next()
                .is_some_and(|own| canonical(own) == canonical(word))
        })
    }

    fn any(&self, at: usize, end: usize, phrases: &[&str]) -> bool {
        phrases.iter().any(|phrase| self.begin(at, end, phrase))
    }

    fn is_mark(&self, at: usize) -> bool {
        matches!(self.tokens[at].kind, Kind::Mark(_))
    }

    fn is_not(&self, at: usize) -> bool {
        self.tokens[at].kind == Kind::Key(Key::Not)
    }

    /// The clause from the last comma, colon or bracket in front of its first expression of time.
    fn behind_the_last_comma(&self, clause: &Clause) -> Range<usize> {
        let last = clause.before.clone().rev().find(|at| self.is_mark(*at));
        let start = last.map_or(clause.before.start, |at| at + 1);
        let to = clause.terms.last().map_or(start, |term| term.to);
        start..to.max(start)
    }

    /// The words directly behind the dates.
    fn up_to_a_comma(&self, after: Range<usize>) -> Range<usize> {
        let start = after.start;
        let opens = |at: usize| matches!(self.tokens[at].kind, Kind::Mark('(' | ':' | '-'));
        let first = after.clone().find(|at| !opens(*at)).unwrap_or(after.end);
        let end = (first..after.end).find(|at| self.is_mark(*at));
        start..end.unwrap_or(after.end)
    }

    /// "Không thực hiện", "Hoãn", "Miễn báo cáo".
    fn opens_with_a_denial(&self, range: &Range<usize>) -> bool {
        let Some(first) = range.clone().find(|at| !self.is_mark(*at)) else {
            return false;
        };
        let released = RELEASES
            .iter()
            .filter(|verb| self.begin(first, range.end, verb))
            .any(|verb| {
                let object = first + verb.split(' ').count();
                self.any(object, range.end, DUTIES) || self.any(object, range.end, TASKS)
            });
        self.is_not(first) || self.any(first, range.end, STOPS) || released
    }

    /// "Cấp xã không báo cáo quý IV", "Quý IV: không thực hiện".
    fn denies_a_duty(&self, range: &Range<usize>) -> bool {
        let finished = |at: usize| {
            let mut rest = self.tokens[at..range.end].iter();
            rest.any(|token| token.kind == Kind::Key(Key::Finish))
        };
        range.clone().any(|at| {
            let denied = self.is_not(at) && self.any(at + 1, range.end, DUTIES);
            (denied && !finished(at + 1)) || self.any(at, range.end, SUSPENSIONS)
        })
    }
}
