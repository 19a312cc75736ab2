//! Which of the days of a text goes with its intent.

use chrono::{Days, NaiveDate};

use super::classes::Classes;
use super::clauses::{Clause, clause_at};
use super::dates::Mention;
use super::intent::Intent;
use super::roles::Role;
use super::token::Kind;
use super::view::View;

/// The day that goes with the intent, of the mentions in these clauses.
pub(super) fn date(
    intent: Intent,
    view: &View,
    clauses: &[Clause],
    mentions: &[Mention],
    sent: NaiveDate,
) -> Option<NaiveDate> {
    let within: Vec<&Mention> = mentions
        .iter()
        .filter(|mention| clause_at(clauses, mention.start).is_some())
        .collect();
    let context = Context {
        view,
        clauses,
        sent,
    };
    match intent {
        Intent::Done => context.completed(&within),
        Intent::Progress => context.expected(&within),
        // "Tin sáng nay là nhầm": today is when the message was sent that is taken back.
        Intent::Undo => context.expected(&within).filter(|day| *day > sent),
        Intent::Extension => context.wanted(&within),
        Intent::Snooze => context.remind(&within),
        Intent::Blocked | Intent::Reassign | Intent::Ask | Intent::Ack | Intent::Unknown => None,
    }
}

struct Context<'a> {
    view: &'a View,
    clauses: &'a [Clause],
    sent: NaiveDate,
}

impl Context<'_> {
    fn clause_of(&self, mention: &Mention) -> Option<&Clause> {
        clause_at(self.clauses, mention.start)
    }

    /// Whether a role stands in the clause of a mention, before it.
    fn led_by(&self, mention: &Mention, role: Role) -> bool {
        self.clause_of(mention)
            .is_some_and(|clause| self.view.classes_in(clause.start..mention.start).has(role))
    }

    fn near(&self, mention: &Mention, role: Role, back: usize) -> bool {
        (mention.start.saturating_sub(back)..mention.start).any(|at| self.view.is(at, role))
    }

    fn near_after(&self, mention: &Mention, role: Role, ahead: usize) -> bool {
        let end = (mention.end + ahead).min(self.view.len());
        let stop = self
            .clause_of(mention)
            .map_or(end, |clause| clause.end.min(end));
        (mention.end..stop.max(mention.end)).any(|at| self.view.is(at, role))
    }

    fn old(&self, mention: &Mention) -> bool {
        self.near(mention, Role::OldDate, 4) || self.view.ends_before(mention.start, Role::Deadline)
    }

    /// "đã kết thúc từ ngày 26/2", "đúng hạn hôm mùng 3": no day that is given up; but not "có hiệu lực từ ngày 1/3".
    fn since(&self, mention: &Mention) -> bool {
        let from = self.view.ends_before(mention.start, Role::Since)
            && !self.view.ends_before(mention.start, Role::Deadline);
        from && !self.is_in_force(mention) || self.view.ends_before(mention.start, Role::Already)
    }

    /// "có hiệu lực từ ngày 1/3"
    fn is_in_force(&self, mention: &Mention) -> bool {
        (mention.start.saturating_sub(3)..mention.start)
            .any(|at| self.view.tokens[at].plain == "luc")
    }

    /// "ký hôm thứ sáu, phát hành luôn trong ngày": the day that was named before.
    fn points_back(&self, mention: &Mention, mentions: &[&Mention]) -> bool {
        let plain = |at: usize| self.view.tokens[at].plain.as_str();
        mention.end == mention.start + 2
            && (plain(mention.start), plain(mention.start + 1)) == ("trong", "ngay")
            && mentions.iter().any(|other| other.end <= mention.start)
    }

    /// The last day that is over and is not that of something before the end.
    fn completed(&self, mentions: &[&Mention]) -> Option<NaiveDate> {
        let over = mentions
            .iter()
            .filter(|mention| !self.old(mention) || self.since(mention))
            .filter(|mention| !self.starts(mention) && !self.points_back(mention, mentions));
        let told_elsewhere = self.clauses.iter().any(|clause| {
            self.view
                .classes_in(clause.start..clause.end)
                .any(Classes::of(&[Role::Done, Role::Act]))
        });
        let mut best: Option<(bool, NaiveDate)> = None;
        let mut aside: Vec<NaiveDate> = Vec::new();
        for mention in over {
            let Some(day) = mention.past.filter(|day| *day <= self.sent) else {
                continue;
            };
            let clause = self.clause_of(mention);
            let with_predicate = clause.is_some_and(|clause| {
                self.view
                    .classes_in(clause.start..clause.end)
                    .any(Classes::of(&[Role::Done, Role::Act, Role::Document]))
            });
            let short = clause
                .is_some_and(|clause| clause.end - clause.start <= mention.end - mention.start + 4);
            if !with_predicate && !short && told_elsewhere {
                if clause.is_some_and(|clause| self.leads_to_end(mention, clause)) {
                    aside.push(day);
                }
                continue;
            }
            if best.is_none_or(|(had, _)| with_predicate || !had) {
                best = Some((with_predicate, day));
            }
        }
        // "chủ nhật em ngồi làm tới khuya, xong rồi": the only day that is told.
        let only = aside
            .first()
            .filter(|day| aside.iter().all(|other| other == *day));
        best.map(|(_, day)| day).or(only.copied())
    }

    /// Whether something is finished in the next clause of the sentence, or in the last one where the day is written out,
    /// and no paper is named that the day may be of.
    fn leads_to_end(&self, mention: &Mention, clause: &Clause) -> bool {
        let written = self.view.tokens[mention.start..mention.end]
            .iter()
            .any(|token| matches!(token.kind, Kind::Day(_)));
        let ends = Classes::of(&[Role::Done, Role::Act]);
        let others = Classes::of(&[
            Role::Document,
            Role::Cited,
            Role::Step,
            Role::StartDate,
            Role::ReportVerb,
            Role::Not,
        ]);
        let mut beside = self.clauses.iter().filter(|other| {
            other.sentence == clause.sentence
                && (written && other.end + 1 == clause.start || clause.end + 1 == other.start)
        });
        !self.is_in_force(mention)
            && !self.view.classes_in(clause.start..clause.end).any(others)
            && beside.any(|other| self.view.classes_in(other.start..other.end).any(ends))
    }

    /// The last day ahead on which it is to be finished.
    fn expected(&self, mentions: &[&Mention]) -> Option<NaiveDate> {
        let ahead = mentions.iter().filter(|mention| {
            mention.last >= self.sent && mention.shift.is_none() && !self.old(mention)
        });
        let mut best: Option<(u8, NaiveDate)> = None;
        for mention in ahead {
            let told = self.view.ends_before(mention.start, Role::Since)
                || self.view.is(mention.start, Role::Since)
                || self.led_by(mention, Role::Perfect);
            // "ký nháy xong hôm thứ sáu" is told of the day that is over.
            let was = mention.past.is_some() && self.follows_bygone(mention);
            // "đến sáng nay chưa được ký": until now, and no end of it is told.
            let until_now = mention.last == self.sent
                && self.view.ends_before(mention.start, Role::Until)
                && self.clause_of(mention).is_some_and(|clause| {
                    let rest = mention.end.min(clause.end)..clause.end;
                    self.view.classes_in(rest).has(Role::NotYet)
                });
            // "ngày mai họp chốt": what is decided there comes before the end.
            let meets = self.view.is(mention.end, Role::StartDate)
                && !self.near_after(mention, Role::Done, 6);
            if until_now || meets {
                continue;
            }
            if told && mention.last == self.sent || was {
                continue;
            }
            let past_only = mention.past.is_some_and(|past| past <= self.sent)
                && (self.near(mention, Role::Perfect, 5) || self.near(mention, Role::Already, 3));
            if past_only
                || mention.last == self.sent
                    && mention.past.is_some()
                    && !self.led_by(mention, Role::Will)
                    && !self.finishes(mention)
            {
                continue;
            }
            let step = self.near(mention, Role::StartDate, 5)
                || self.near_after(mention, Role::StartDate, 4)
                || self.near_after(mention, Role::Step, 4);
            let weight = if self.finishes(mention) {
                3
            } else if step {
                continue;
            } else {
                1
            };
            if best.is_none_or(|(had, _)| weight >= had) {
                best = Some((weight, mention.last));
            }
        }
        // "hôm nay hay mai" is no date.
        let either = mentions.windows(2).any(|pair| {
            pair[0].end < pair[1].start
                && pair[1].start - pair[0].end <= 2
                && matches!(self.view.tokens[pair[0].end].plain.as_str(), "hay" | "hoac")
        });
        best.map(|(_, day)| day).filter(|_| !either)
    }

    /// "hôm thứ sáu", but not "hôm nay".
    fn follows_bygone(&self, mention: &Mention) -> bool {
        let before = mention.start.checked_sub(1);
        let weekday = self.view.is(mention.start, Role::Weekday);
        before.is_some_and(|before| match self.view.tokens[before].plain.as_str() {
            "hom" => weekday,
            // "đã nằm ở Văn phòng từ thứ năm"
            "tu" => weekday && self.led_by(mention, Role::Perfect),
            _ => false,
        })
    }

    /// A day of something before the end stands near, and nothing that finishes between.
    fn starts(&self, mention: &Mention) -> bool {
        let from = mention.start.saturating_sub(6);
        (from..mention.start)
            .rev()
            .take_while(|at| !self.view.is(*at, Role::Act) && !self.view.is(*at, Role::Done))
            .any(|at| self.view.is(at, Role::StartDate))
    }

    fn finishes(&self, mention: &Mention) -> bool {
        [Role::Done, Role::Act]
            .iter()
            .any(|role| self.near_after(mention, *role, 6) || self.near(mention, *role, 5))
    }

    /// The deadline that is asked for.
    fn wanted(&self, mentions: &[&Mention]) -> Option<NaiveDate> {
        let fresh = |mention: &&&Mention| !self.old(mention);
        let shift = mentions.iter().find_map(|mention| mention.shift);
        let base = mentions
            .iter()
            .find(|mention| self.old(mention) && mention.shift.is_none());
        if let (Some(shift), Some(base)) = (shift, base) {
            return base.last.checked_add_days(Days::new(shift));
        }
        // "muộn hai hôm, thứ năm em mới nộp được": the day itself is told as well.
        let mentions: Vec<&Mention> = mentions
            .iter()
            .copied()
            .filter(|mention| mention.shift.is_none())
            .collect();
        let candidates: Vec<&&Mention> = mentions
            .iter()
            .filter(fresh)
            .filter(|mention| mention.last >= self.sent)
            .filter(|mention| mention.last > self.sent || self.near(mention, Role::Until, 3))
            .collect();
        let candidates = if candidates.is_empty() {
            mentions
                .iter()
                .filter(|mention| mention.last >= self.sent)
                .collect()
        } else {
            candidates
        };
        let until = candidates.iter().rev().find(|mention| {
            self.near(mention, Role::Until, 3) || self.view.is(mention.start, Role::Until)
        });
        until.or(candidates.last()).map(|mention| mention.last)
    }

    /// The day of the next reminder.
    fn remind(&self, mentions: &[&Mention]) -> Option<NaiveDate> {
        let ahead = mentions
            .iter()
            .filter(|mention| mention.last >= self.sent && mention.shift.is_none());
        let best = ahead.max_by_key(|mention| {
            let told =
                self.near(mention, Role::Until, 2) || self.view.is(mention.start, Role::Until);
            // "Tuần này bận, thứ hai hẵng nhắc": a day ahead before the time that has begun.
            (
                told,
                mention.first > self.sent,
                std::cmp::Reverse(mention.start),
            )
        });
        best.map(|mention| mention.first.max(self.sent))
    }
}
