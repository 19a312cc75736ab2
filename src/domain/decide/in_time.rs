//! "Ban hành từ tháng 1": where the day decides whether it was in time, the month alone does not tell, and it is asked.

use chrono::{Datelike, NaiveDate};

use super::act::{Act, What};
use super::answer::Decision;
use super::confirmed::given;
use super::conversation::{Talk, choice, said_by_choice};
use super::question::{Question, QuestionKind};
use super::reading::Reading;
use super::situation::{Owed, Situation};
use crate::domain::reply::{Beside, Understanding};
use crate::domain::spelling::{Piece, pieces};

impl<'a> Talk<'a, '_> {
    /// Asks whether a completion of which only the month is told was in time, where it was due within that month. Whether it was asked.
    pub(super) fn asks_whether_in_time(
        &mut self,
        owed: &'a Owed,
        what: &What,
        beside: &Beside,
    ) -> bool {
        let What::Done { on, document } = what else {
            return false;
        };
        let due = owed.obligation.due_on.filter(|_| owed.is_open());
        let Some(due) = due.filter(|due| is_undecided(*due, *on, beside)) else {
            return false;
        };
        let done = |on| {
            let document = document.clone();
            vec![self.act(owed, What::Done { on, document })]
        };
        let options = vec![done(due), done(*on), Vec::new()];
        self.ask(Question {
            options,
            ..Question::new(QuestionKind::InTime, vec![owed.id()], self.text)
        });
        true
    }
}

/// Whether it is due within the month that is named, and the day is only the last one of that.
fn is_undecided(due: NaiveDate, on: NaiveDate, beside: &Beside) -> bool {
    let mut periods = beside.periods.iter();
    periods.any(|period| period.last == on && period.first <= due && due < period.last)
}

/// "15/1", "số 5/KH ngày 15/1", "đúng hạn" to that question: the day, and the number with it, or which of both it was.
pub(super) fn day_told(
    text: &str,
    understood: &Understanding,
    reading: &Reading<'_>,
    situation: &Situation<'_>,
) -> Option<Decision> {
    let asked = situation.asked?;
    let question = Some(asked).filter(|asked| asked.kind == QuestionKind::InTime)?;
    let [act] = question.options.first()?.as_slice() else {
        return None;
    };
    let owed = situation.find(act.obligation)?;
    let What::Done { document, .. } = &act.what else {
        return None;
    };
    if let Some(in_time) = reading.terse.says_in_time(text) {
        return Some(choice(if in_time { 1 } else { 2 }, situation));
    }
    let given = given(text, understood, reading, owed, situation)?;
    let done = What::Done {
        on: within_month(given.on?, text, question)?,
        document: given.document.or_else(|| document.clone()),
    };
    let act = Act {
        what: done,
        ..act.clone()
    };
    Some(said_by_choice(question, &[act], situation))
}

/// "Ngày 20" is one of the month that is spoken of, unless a month is told.
fn within_month(day: NaiveDate, text: &str, question: &Question) -> Option<NaiveDate> {
    let told = question.options.get(1)?.first()?;
    let What::Done { on: last, .. } = &told.what else {
        return None;
    };
    let is_of_month = |piece: &Piece<'_>| {
        let mut parts = piece.text.split(['/', '-', '.']);
        parts.clone().count() > 1 && parts.all(|part| part.parse::<u32>().is_ok())
    };
    if pieces(text).iter().any(is_of_month) {
        return Some(day);
    }
    last.with_day(day.day())
}
