//! "Nộp chậm 2 ngày, KH số 12 ngày 25/3", "trễ 3 ngày nhưng đã gửi hôm qua": late, but there. It is no wish for more time.

use chrono::NaiveDate;

use super::completion::Completion;
use super::evidence::Evidence;
use super::intent::{Intent, Understanding};
use super::papers::own_document;
use super::reader::Read;
use super::roles::Role;
use super::select;

/// Words by which more time is asked for, without diacritics.
const ASKS: [&str; 6] = ["xin", "doi", "lui", "gian", "hoan", "cho"];

/// What was taken for a wish, as the report in doubt that it is.
pub(super) fn late_but_there(
    mut whole: Understanding,
    read: &Read,
    evidence: &Evidence,
    sent: NaiveDate,
) -> Understanding {
    if whole.intent != Intent::Extension {
        return whole;
    }
    let view = &read.view;
    let asks = view.tokens.iter().zip(view.tokens.iter().skip(1));
    // "Xin lỗi" asks for nothing.
    let mut asks =
        asks.filter(|(word, next)| ASKS.contains(&word.plain.as_str()) && next.plain != "loi");
    let asks = asks.next().is_some() || view.classes_in(0..view.len()).has(Role::Until);
    // "2 ngày" is how late it is, and no day.
    let mut days = read
        .dates
        .iter()
        .filter(|date| date.shift.is_none())
        .peekable();
    let is_over = days.peek().is_some() && days.all(|date| date.last <= sent);
    let finished = evidence
        .completions
        .iter()
        .any(|(state, _)| matches!(state, Completion::Finished(_)));
    let wished = select::date(whole.intent, view, &read.clauses, &read.dates, sent);
    let is_there = own_document(view).is_some() || finished && wished.is_some();
    if !asks && is_over && is_there {
        (whole.intent, whole.sure) = (Intent::Done, false);
    }
    whole
}
