//! Is something finished in this clause, and is it the sender's task?
//!
//! This is where a false "done" is prevented: a word for "finished" counts only when nothing in its clause denies it,
//! puts it off, asks for it, supposes it, gives it to somebody else, or narrows it to a part of the work.

use super::classes::Classes;
use super::clauses::Clause;
use super::dates::Mention;
use super::roles::Role;
use super::speaker::{introduces_itself, signs};
use super::token::{Kind, Slack};
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
            && (at + 1..clause.end).any(|after| {
                view.tokens[after].kind == Kind::Word && !view.begins(after).any(harmless)
            })
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
        let said = predicate(view, at, range.end).filter(|_| !is_quoted(view, clause, at));
        let Some((end, strong)) = said else {
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
        // "thẩm định xong và gửi kết quả": the step is over, and what it was for has happened.
        let step = matches!(found, Completion::Partly(before)
            if goes_on(view, before..at) && !reader.is_narrowed());
        found = match reading {
            Completion::Finished(_) if step => reading,
            _ => stronger(found, reading),
        };
        // "đã ban hành báo cáo …": what is issued is named, not done.
        at = view.role(end, Role::Paper).unwrap_or(end);
    }
    found
}

/// Đã nhận nhiệm vụ "hoàn thành công bố danh mục": what stands in quotation marks is named.
fn is_quoted(view: &View, clause: &Clause, at: usize) -> bool {
    let marks =
        |range: std::ops::Range<usize>| range.filter(|at| view.tokens[*at].is_mark('"')).count();
    !view.tokens[clause.start].is_mark('"')
        && marks(clause.start..at) % 2 == 1
        && marks(at..clause.end) > 0
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

/// "đã", "rồi": but "rồi em nộp" is to come, and "da em" without diacritics is "dạ em".
pub(super) fn is_sign(view: &View, at: usize) -> bool {
    let signs = Classes::of(&[Role::Perfect, Role::Already]);
    let plain = |at: usize| view.tokens.get(at).map_or("", |token| token.plain.as_str());
    let next = at + 1 + usize::from(plain(at + 1) == "vang");
    let leads = matches!(plain(at), "da" | "roi") && view.is(next, Role::Own);
    view.begins(at).any(signs) && !leads
}

/// Whether "và" or "rồi" leads over from one to the next.
pub(super) fn goes_on(view: &View, between: std::ops::Range<usize>) -> bool {
    let stops = Classes::of(&[Role::Not, Role::Still, Role::Wait, Role::Will, Role::If]);
    view.classes_in(between.clone()).has(Role::AndThen) && !view.classes_in(between).any(stops)
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

/// A word for "finished", where it stands.
pub(super) struct Predicate<'a> {
    pub(super) view: &'a View,
    pub(super) clause: &'a Clause,
    pub(super) sentence_end: usize,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) strong: bool,
    pub(super) dates: &'a [Mention],
    pub(super) sent: chrono::NaiveDate,
}

impl Predicate<'_> {
    fn read(&self) -> Completion {
        let before = self.view.classes_in(self.clause.start..self.start);
        let after = self.view.classes_in(self.end..self.clause.end);
        if self.is_denied() {
            return Completion::NotYet(self.start);
        }
        if self.clause.asked || self.ends_as_question() || self.is_asked_within() {
            return Completion::Asked;
        }
        let past = self.is_past(before, after);
        if self.is_counterfactual() {
            return if past {
                Completion::NotYet(self.start)
            } else {
                Completion::Supposed
            };
        }
        if !self.strong && !past && self.is_in_name() {
            return Completion::None;
        }
        if before.has(Role::If) || before.has(Role::Wh) || self.is_promised() {
            return Completion::Supposed;
        }
        // "khó mà hoàn thành"
        let all_the_same = self.view.is(self.start, Role::InSpite);
        if self.strong && !past && !all_the_same && self.view.ends_before(self.start, Role::But) {
            return Completion::Supposed;
        }
        let rest = self.view.classes_in(self.end..self.sentence_end);
        if rest.has(Role::Will) && !past {
            return Completion::Supposed;
        }
        if before.has(Role::Hedge) {
            return Completion::NotYet(self.start);
        }
        if before.has(Role::Will) && !(past && self.is_certain())
            || before.has(Role::Wait)
            || self.comes_first()
            || self.is_dated_ahead(past)
        {
            return Completion::Forecast(self.start);
        }
        // "ít bữa nữa xong", "xong trong vài hôm nữa".
        if !past && (before.has(Role::Ahead) || after.has(Role::Ahead)) {
            return Completion::Forecast(self.start);
        }
        if after.has(Role::Hedge) && !past {
            return Completion::Forecast(self.start);
        }
        if !self.strong && !past {
            return Completion::None;
        }
        if self.is_by_others() {
            return Completion::ByOthers;
        }
        if self.is_narrowed() || self.is_of_step() || self.is_handed_up() || self.is_of_means() {
            return Completion::Partly(self.start);
        }
        Completion::Finished(self.start)
    }

    /// "Chắc chắn xong rồi": whoever is certain of what is over promises nothing.
    fn is_certain(&self) -> bool {
        let plain = |at: usize| self.view.tokens[at].plain.as_str();
        let mut places = self.clause.start..self.start;
        places.all(|at| {
            !self.view.is(at, Role::Will) || plain(at) == "chac" && plain(at + 1) == "chan"
        })
    }

    /// "xong việc này đã": what is done first is still to do.
    fn comes_first(&self) -> bool {
        (self.end..self.clause.end).any(|at| {
            self.view.is(at, Role::Perfect)
                && self.view.tokens[at].plain == "da"
                && self.only_particles(at + 1)
        })
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
        let said_after = self.view.role(after, Role::NotAfter);
        let denied_after = after < self.clause.end
            && !self.is_addressed(after)
            && said_after.is_some_and(|end| self.only_particles(end));
        near || denied_after
    }

    /// "xong roi chi oi": without diacritics, who is called looks like "gì" of the Centre.
    fn is_addressed(&self, at: usize) -> bool {
        let token = &self.view.tokens[at];
        let next = self.view.tokens.get(at + 1);
        let called = next.is_some_and(|next| matches!(next.plain.as_str(), "oi" | "a"));
        token.plain == "chi"
            && token.slack == Slack::Anywhere
            && (called || self.view.is(at - 1, Role::Already))
    }

    /// "xong chưa", "nộp được không", "xong rồi hả"; but "báo cáo thì chưa" says that it is not.
    fn ends_as_question(&self) -> bool {
        let plain = |at: usize| self.view.tokens[at].plain.as_str();
        (self.end..self.clause.end).any(|at| {
            let led_to = plain(at - 1) == "thi" || self.view.tokens[at - 1].is_mark(':');
            let is_told = led_to && matches!(plain(at), "chua" | "khong");
            let asks = self.view.role(at, Role::YesNo).filter(|_| !is_told);
            asks.is_some_and(|end| end <= self.clause.end && self.only_particles(end))
        })
    }

    fn only_particles(&self, from: usize) -> bool {
        (from..self.clause.end).all(|at| {
            self.view.is(at, Role::Polite)
                || matches!(
                    self.view.tokens[at].kind,
                    Kind::Mark(_) | Kind::Picture | Kind::Thumb | Kind::Open
                )
        })
    }

    /// Whether something says that it has happened: "đã", "rồi", a day that is over, a document number.
    fn is_past(&self, before: Classes, after: Classes) -> bool {
        let marked = self.has_sign_before()
            || self.view.is(self.start, Role::Perfect)
            || after.any(Classes::of(&[Role::Already, Role::Check]))
            || after.has(Role::Document)
            || before.has(Role::Document)
            || self.is_numbered()
            || self.shares_sign();
        let mut dates = self.own_dates();
        marked || dates.any(|date| self.is_over(date) && !self.is_later_today(date))
    }

    fn has_sign_before(&self) -> bool {
        (self.clause.start..self.start).any(|at| is_sign(self.view, at) && !self.leads_to_act(at))
    }

    /// "rồi nộp" at the beginning: what is told comes then.
    fn leads_to_act(&self, at: usize) -> bool {
        at + 1 == self.start
            && self.view.tokens[at].plain == "roi"
            && (self.clause.start..at).all(|before| self.view.is(before, Role::Polite))
    }

    /// "phát hành luôn, số 121/SCT-VP": the number of what was issued is all that the next clause says.
    fn is_numbered(&self) -> bool {
        let next = self.clause.end + 1;
        let number = self.view.role(next, Role::NumberSign).unwrap_or(next);
        !self.strong && number < self.sentence_end && self.view.is(number, Role::Document)
    }

    /// "quyết định công bố danh mục đã phát hành": the act that has happened comes later.
    fn is_in_name(&self) -> bool {
        (self.end..self.clause.end).any(|at| {
            self.view.is(at, Role::Perfect)
                && (at..(at + 3).min(self.clause.end))
                    .any(|next| predicate(self.view, next, self.clause.end).is_some())
        })
    }

    /// "bên Sở Tài chính xong rồi".
    fn is_by_others(&self) -> bool {
        // "Bộ ban hành rồi", "nghị định ban hành rồi".
        let from = (self.clause.start..self.start).rev();
        let mut from = from.skip_while(|at| self.view.is(*at, Role::Perfect));
        let before = from.next().map_or(self.start, |at| at + 1);
        let mut others = [Role::OthersPaper, Role::CentralBody].into_iter();
        if others.any(|role| self.view.ends_before(before, role)) {
            return true;
        }
        let mut subjects = (self.clause.start..self.start).filter(|at| {
            self.view.is(*at, Role::Own)
                || (self.view.is(*at, Role::Other) && !self.view.ends_before(*at, Role::Toward))
        });
        subjects.next_back().is_some_and(|at| {
            self.view.is(at, Role::Other)
                && !self.view.is(at, Role::Own)
                && !introduces_itself(self.view, at)
                && !signs(self.view, at, self.end..self.sentence_end)
        })
    }
}
