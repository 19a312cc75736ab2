//! Is something finished in this clause, and is it the sender's task?
//!
//! This is where a false "done" is prevented: a word for "finished" counts only when nothing in its clause denies it,
//! puts it off, asks for it, supposes it, gives it to somebody else, or narrows it to a part of the work.

use super::classes::Classes;
use super::clauses::Clause;
use super::dates::Mention;
use super::roles::Role;
use super::speaker::introduces_itself;
use super::token::{Kind, Token};
use super::view::View;

/// What a clause says about completion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Completion {
    /// Nothing.
    None,
    /// It is finished; the token says where.
    Finished(usize),
    /// Something is finished that is only a step, a draft or a part.
    Partly(usize),
    /// Somebody else has finished.
    ByOthers,
    /// It is denied, or nearly so.
    NotYet(usize),
    /// It will be.
    Forecast(usize),
    /// It is asked.
    Asked,
    /// It is supposed, or promised to be told.
    Supposed,
}

/// Whether a word for "finished" stands in a clause without any sign that it has happened, and more is said after it:
/// "xong việc nhớ gọi" may be a condition.
pub(super) fn is_bare(view: &View, clause: &Clause) -> bool {
    let mut range = clause.start..clause.end;
    let signs = Classes::of(&[
        Role::Perfect,
        Role::Already,
        Role::Check,
        Role::Document,
        Role::Date,
        Role::Percent,
    ]);
    if view.classes_in(range.clone()).any(signs) {
        return false;
    }
    let harmless = Classes::of(&[
        Role::Polite,
        Role::Item,
        Role::Task,
        Role::Done,
        Role::NumberSign,
        Role::This,
        Role::End,
        Role::Group,
    ]);
    let Some((end, _)) =
        range.find_map(|at| predicate(view, at, clause.end).filter(|(_, strong)| *strong))
    else {
        return false;
    };
    // "xong việc này em làm": what comes after is done by whoever is named.
    let acts_after = (end..clause.end.saturating_sub(1)).any(|at| {
        view.is(at, Role::Own)
            && view.tokens[at + 1].kind == Kind::Word
            && !view.begins(at + 1).any(harmless)
    });
    if acts_after {
        return true;
    }
    let more = (end..clause.end).filter(|at| {
        view.tokens[*at].kind == Kind::Word
            && !view.begins(*at).any(harmless)
            && !view.ends_before(at + 1, Role::Item)
            && !view.ends_before(at + 1, Role::Done)
    });
    more.count() > 1
}

/// Reads a clause; `cancelled` tells that a pattern found that whatever is finished there is not the task.
pub(super) fn completion(
    view: &View,
    clause: &Clause,
    sentence_end: usize,
    dates: &[Mention],
    sent: chrono::NaiveDate,
    cancelled: bool,
) -> Completion {
    let mut found = Completion::None;
    let range = clause.start..clause.end;
    let mut at = range.start;
    while at < range.end {
        let Some((end, strong)) = predicate(view, at, range.end) else {
            at += 1;
            continue;
        };
        let reader = Predicate {
            view,
            clause,
            sentence_end,
            start: at,
            end,
            strong,
            dates,
            sent,
        };
        let reading = reader.read();
        let reading = match reading {
            Completion::Finished(at) if cancelled => Completion::Partly(at),
            other => other,
        };
        found = stronger(found, reading);
        // "đã ban hành báo cáo …": what is issued is named, not done.
        at = view.role(end, Role::Paper).unwrap_or(end);
    }
    found
}

/// The longest word for "finished" that begins here, and whether it needs no sign of the past.
fn predicate(view: &View, at: usize, limit: usize) -> Option<(usize, bool)> {
    let done = view.role(at, Role::Done).filter(|end| *end <= limit);
    let act = view.role(at, Role::Act).filter(|end| *end <= limit);
    match (done, act) {
        (Some(done), Some(act)) => Some((done.max(act), done >= act)),
        (Some(done), None) => Some((done, true)),
        (None, Some(act)) => Some((act, false)),
        (None, None) => None,
    }
}

/// Of two readings of one clause, the one that is safer to believe; a later "finished" completes an earlier one.
fn stronger(one: Completion, other: Completion) -> Completion {
    let rank = |completion: &Completion| match completion {
        Completion::None => 0,
        Completion::Finished(_) => 1,
        Completion::Partly(_) => 2,
        Completion::ByOthers => 3,
        Completion::Forecast(_) => 4,
        Completion::Supposed => 5,
        Completion::Asked => 6,
        Completion::NotYet(_) => 7,
    };
    if rank(&other) >= rank(&one) {
        other
    } else {
        one
    }
}

struct Predicate<'a> {
    view: &'a View,
    clause: &'a Clause,
    sentence_end: usize,
    start: usize,
    end: usize,
    strong: bool,
    dates: &'a [Mention],
    sent: chrono::NaiveDate,
}

impl Predicate<'_> {
    fn read(&self) -> Completion {
        let before = self.view.classes_in(self.clause.start..self.start);
        let after = self.view.classes_in(self.end..self.clause.end);
        let has = |classes: Classes, role: Role| classes.has(role);
        if self.is_denied() {
            return Completion::NotYet(self.start);
        }
        if self.clause.asked || self.ends_as_question() {
            return Completion::Asked;
        }
        let past = self.is_past(before, after);
        if !self.strong && !past && self.is_in_name() {
            return Completion::None;
        }
        if has(before, Role::If) || has(before, Role::Wh) {
            return Completion::Supposed;
        }
        // "khó mà hoàn thành"
        if self.strong && !past && self.view.ends_before(self.start, Role::But) {
            return Completion::Supposed;
        }
        let rest = self.view.classes_in(self.end..self.sentence_end);
        if has(rest, Role::Will) && !past {
            return Completion::Supposed;
        }
        if has(before, Role::Hedge) {
            return Completion::NotYet(self.start);
        }
        if has(before, Role::Will) || has(before, Role::Wait) || self.is_dated_ahead(past) {
            return Completion::Forecast(self.start);
        }
        // "ít bữa nữa xong", "xong trong vài hôm nữa".
        if !past && (has(before, Role::Ahead) || has(after, Role::Ahead)) {
            return Completion::Forecast(self.start);
        }
        if has(after, Role::Hedge) && !past {
            return Completion::Forecast(self.start);
        }
        if !self.strong && !past {
            return Completion::None;
        }
        if self.is_by_others() {
            return Completion::ByOthers;
        }
        let part = Classes::of(&[Role::Draft, Role::Piece]);
        if (before | after).any(part) || self.is_of_step() || self.is_fraction() {
            return Completion::Partly(self.start);
        }
        Completion::Finished(self.start)
    }

    /// "chưa … xong", "xong đâu".
    fn is_denied(&self) -> bool {
        let from = self.clause.start;
        let near = (from..self.start).rev().take(5).any(|at| {
            self.view.role(at, Role::Not).is_some_and(|end| {
                end <= self.start
                    && !(end..self.start).any(|between| {
                        self.view.is(between, Role::Done) || self.view.is(between, Role::Already)
                    })
            })
        });
        let mut after = self.end;
        while self.view.is(after, Role::Already) && after < self.clause.end {
            after += 1;
        }
        near || (after < self.clause.end
            && self
                .view
                .role(after, Role::NotAfter)
                .is_some_and(|end| self.only_particles(end)))
    }

    /// "xong chưa", "nộp được không", "xong rồi hả".
    fn ends_as_question(&self) -> bool {
        (self.end..self.clause.end).any(|at| {
            self.view
                .role(at, Role::YesNo)
                .is_some_and(|end| end <= self.clause.end && self.only_particles(end))
        })
    }

    fn only_particles(&self, from: usize) -> bool {
        (from..self.clause.end).all(|at| {
            self.view.is(at, Role::Polite)
                || matches!(
                    self.view.tokens[at].kind,
                    Kind::Mark(_) | Kind::Picture | Kind::Thumb
                )
        })
    }

    /// Whether something says that it has happened: "đã", "rồi", a day that is over, a document number.
    fn is_past(&self, before: Classes, after: Classes) -> bool {
        let marked = before.has(Role::Perfect)
            || self.view.is(self.start, Role::Perfect)
            || after.any(Classes::of(&[Role::Already, Role::Check]))
            || before.has(Role::Already)
            || after.has(Role::Document)
            || before.has(Role::Document);
        let mut dates = self.own_dates();
        marked || dates.any(|date| self.is_over(date) && !self.is_later_today(date))
    }

    /// "quyết định công bố danh mục đã phát hành": the act that has happened comes later.
    fn is_in_name(&self) -> bool {
        (self.end..self.clause.end).any(|at| {
            self.view.is(at, Role::Perfect)
                && (at..(at + 3).min(self.clause.end))
                    .any(|next| predicate(self.view, next, self.clause.end).is_some())
        })
    }

    fn own_dates(&self) -> impl Iterator<Item = &Mention> {
        let from = self
            .dates
            .partition_point(|date| date.start < self.clause.start);
        self.dates[from..]
            .iter()
            .take_while(|date| date.start < self.clause.end)
    }

    fn is_over(&self, date: &Mention) -> bool {
        date.past.is_some() && (date.last <= self.sent || self.is_since(date))
    }

    /// "15/4 xong", "mai hoàn thành", "trưa nay phát hành": a part of today that is named first is still to come, as in
    /// "hôm nào đi" against "đi hôm nào".
    fn is_dated_ahead(&self, past: bool) -> bool {
        if !past
            && self
                .own_dates()
                .any(|date| date.end <= self.start && self.is_later_today(date))
        {
            return true;
        }
        if !past && self.own_dates().any(|date| self.is_within_today(date)) {
            return true;
        }
        let mut ahead = self.own_dates().filter(|date| {
            date.first > self.sent || (date.past.is_none() && date.last >= self.sent)
        });
        ahead.any(|date| (!past && !self.is_since(date)) || date.past.is_none())
    }

    /// "trưa nay", "tối nay", but not "sáng nay": it may be over, and it may not.
    fn is_later_today(&self, date: &Mention) -> bool {
        let part_of_day = date.first == self.sent
            && self.view.is(date.start, Role::DayPart)
            && self.view.tokens[date.start].plain != "sang"
            && !self.is_since(date);
        part_of_day || self.is_within_today(date)
    }

    /// "hoàn thành trong hôm nay": the day is not over.
    fn is_within_today(&self, date: &Mention) -> bool {
        date.first == self.sent
            && date.last == self.sent
            && (self.view.is(date.start, Role::After)
                || self.view.ends_before(date.start, Role::After))
    }

    /// "từ mùng 2", "hôm thứ sáu": a day that is over, though its name alone may mean one ahead.
    fn is_since(&self, date: &Mention) -> bool {
        date.past.is_some()
            && (self.view.ends_before(date.start, Role::Since)
                || self.view.is(date.start, Role::Since))
    }

    /// "soạn xong", "xong khâu in", "gửi thẩm định": but not "tổng hợp và gửi", where the step is over, nor "báo cáo rà
    /// soát đã nộp", where it is a name.
    fn is_of_step(&self) -> bool {
        let addressee = self.view.role(self.end, Role::Other).unwrap_or(self.end);
        let ahead = (addressee.max(self.end) + 3).min(self.clause.end);
        (self.view.ends_before(self.start, Role::Step)
            && (self.strong || !self.view.is(self.start, Role::Perfect)))
            || (self.end..ahead)
                .take_while(|at| self.strong || !self.view.is(*at, Role::Paper))
                .any(|at| self.view.is(at, Role::Step))
            || self.view.is(self.start, Role::Step)
    }

    /// "200/350 phiếu", "2 mục trong 5 mục", "40 trên 112": a count that falls short.
    fn is_fraction(&self) -> bool {
        let range = self.clause.start..self.clause.end;
        range.clone().any(|at| {
            let Some((part, end)) = self.view.number(at) else {
                return false;
            };
            let whole = if self
                .view
                .tokens
                .get(end)
                .is_some_and(|next| next.is_mark('/'))
            {
                self.view.tokens.get(end + 1).and_then(Token::number)
            } else {
                // "2 mục trong 5 mục": one word may stand after the part.
                (end..(end + 2).min(range.end))
                    .find_map(|at| self.view.role(at, Role::OutOf))
                    .and_then(|of| self.view.number(of))
                    .map(|(whole, _)| whole)
            };
            whole.is_some_and(|whole| part < whole)
        })
    }

    /// "bên Sở Tài chính xong rồi".
    fn is_by_others(&self) -> bool {
        let mut subjects = (self.clause.start..self.start)
            .filter(|at| self.view.is(*at, Role::Other) || self.view.is(*at, Role::Own));
        subjects.next_back().is_some_and(|at| {
            self.view.is(at, Role::Other)
                && !self.view.is(at, Role::Own)
                && !introduces_itself(self.view, at)
        })
    }
}
