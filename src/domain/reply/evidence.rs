//! What the clauses of a text say for each intent.

use chrono::NaiveDate;

use super::classes::Classes;
use super::clauses::{Clause, clause_at};
use super::completion::{Completion, completion, goes_on};
use super::dates::Mention;
use super::grammar::{Match, Sense};
use super::intent::Intent;
use super::roles::Role;
use super::shares::is_share;
use super::view::View;

/// How much speaks for an intent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strength {
    /// Nothing.
    #[default]
    None,
    /// It may be so when nothing else is found.
    Hint,
    /// It is said.
    Said,
}

/// What some clauses say, added up.
#[derive(Clone, Debug, Default)]
pub(super) struct Evidence {
    strengths: [Strength; 10],
    /// Where each intent was said last.
    places: [usize; 10],
    /// What each clause says about completion, with its place.
    pub completions: Vec<(Completion, usize)>,
    /// The last clause that tells how it turned out in the end.
    turn: Option<usize>,
    /// A pattern says that nothing here is to be taken as sure.
    pub doubt: bool,
}

/// Everything that was found in a text.
#[derive(Clone, Copy)]
pub(super) struct Findings<'a> {
    pub view: &'a View,
    pub clauses: &'a [Clause],
    pub matches: &'a [Match],
    pub dates: &'a [Mention],
    /// Progress in percent, with its places.
    pub percents: &'a [(u8, usize)],
    pub sent: NaiveDate,
}

impl Findings<'_> {
    /// What these clauses say.
    pub(super) fn evidence(&self, clauses: &[Clause]) -> Evidence {
        let mut evidence = Evidence::default();
        for clause in clauses {
            self.read(clause, &mut evidence);
        }
        for found in self.matches {
            if let Some(clause) = clause_at(clauses, found.start) {
                self.weigh(found, clause, &mut evidence);
            }
        }
        evidence
    }

    fn read(&self, clause: &Clause, evidence: &mut Evidence) {
        let (sentence_start, sentence_end) = self.sentence(clause);
        let from = self
            .matches
            .partition_point(|found| found.start < sentence_start);
        let to = self
            .matches
            .partition_point(|found| found.start < clause.end);
        let cancelled = self.matches[from..to]
            .iter()
            .any(|found| found.sense == Sense::NotDone && found.end > clause.start);
        let state = completion(
            self.view,
            clause,
            sentence_end,
            self.dates,
            self.sent,
            cancelled,
        );
        let from = self.percents.partition_point(|(_, at)| *at < clause.start);
        let own = self.percents[from..]
            .iter()
            .take_while(|(_, at)| *at < clause.end);
        // "đã hoàn thành 60 %"
        let falls_short = own.clone().any(|(value, _)| *value < 100);
        let state = match state {
            Completion::Finished(at) if falls_short => Completion::Partly(at),
            // "nộp gì": what, and not "nộp gì đâu".
            Completion::NotYet(_) if self.asks_of_plan_in(clause) => Completion::Asked,
            other => other,
        };
        match state {
            Completion::None => {}
            Completion::Finished(_) => evidence.say(Intent::Done, clause),
            Completion::Partly(_) | Completion::ByOthers | Completion::NotYet(_) => {
                evidence.say(Intent::Progress, clause);
            }
            Completion::Forecast(_) if self.is_dated(clause) => {
                evidence.say(Intent::Progress, clause);
            }
            Completion::Forecast(_) => evidence.add(Intent::Ack, Strength::Hint),
            Completion::Asked => evidence.add(Intent::Ask, Strength::Said),
            Completion::Supposed => evidence.add(Intent::Ack, Strength::Hint),
        }
        if state != Completion::None {
            evidence.completions.push((state, clause.start));
        }
        for (value, _) in own.filter(|_| !clause.asked) {
            let intent = if *value == 100 {
                Intent::Done
            } else {
                Intent::Progress
            };
            evidence.say(intent, clause);
        }
        let mut places = clause.start..clause.end;
        if !clause.asked && places.any(|at| is_share(self.view, at, self.sent)) {
            evidence.say(Intent::Progress, clause);
        }
        let classes = self.view.classes_in(clause.start..clause.end);
        if classes.has(Role::Turn) {
            evidence.turn = Some(clause.start);
        }
        if clause.asked {
            evidence.add(Intent::Ask, Strength::Said);
        }
        if self.ends_as_question(clause) {
            evidence.add(Intent::Ask, Strength::Hint);
        }
        if cancelled && !classes.has(Role::Done) {
            evidence.add(Intent::Progress, Strength::Hint);
        }
    }

    /// "Vướng mắc: không", "Đề nghị gia hạn: không": neither the name of such a field nor its value says anything.
    pub(super) fn is_blank_field(&self, clause: &Clause) -> bool {
        let after = self
            .clauses
            .partition_point(|other| other.start <= clause.start);
        let is_value = |value: &Clause| {
            self.view
                .role(value.start, Role::Not)
                .is_some_and(|end| (end..value.end).all(|at| self.view.is(at, Role::Perfect)))
                && !self.view.is(value.start, Role::NotYet)
        };
        let is_field = |name: &Clause, value: &Clause| {
            let finishes = Classes::of(&[Role::Done, Role::Act]);
            self.view.tokens[name.end..value.start]
                .iter()
                .any(|token| token.is_mark(':'))
                && !self.view.classes_in(name.start..name.end).any(finishes)
                && is_value(value)
        };
        let next = self.clauses.get(after);
        let previous = after.checked_sub(2).and_then(|at| self.clauses.get(at));
        next.is_some_and(|value| is_field(clause, value))
            || previous.is_some_and(|name| is_field(name, clause))
    }

    /// "trình rồi và được duyệt": a step that is followed, in the same breath, by the end, or the end itself.
    fn leads_on(&self, found: &Match, clause: &Clause, evidence: &Evidence) -> bool {
        let mut ends = evidence
            .completions_of(clause)
            .filter_map(|state| match state {
                Completion::Finished(end) => Some(*end),
                _ => None,
            });
        match found.sense {
            Sense::Means(Intent::Progress) | Sense::Hints(Intent::Progress) => ends.any(|end| {
                let then = end >= found.end && goes_on(self.view, found.start..end);
                // "vẫn nộp kịp"
                let all_the_same = self.view.role(found.start, Role::InSpite) == Some(end);
                // "đã gửi báo cáo đã chỉnh sửa": which report it is.
                let describes =
                    end < found.start && self.view.ends_before(found.start, Role::Paper);
                // "còn báo cáo thì nộp hôm mùng 6 rồi"
                let leads_over = found.start == clause.start
                    && self.view.is(found.start, Role::But)
                    && end > found.start;
                then || all_the_same || describes || leads_over
            }),
            // "gửi qua Zalo cho anh Vũ rồi", "rà soát xong danh sách gửi về phòng Nội vụ": what is sent is the product.
            Sense::Means(Intent::Reassign) | Sense::Hints(Intent::Reassign) => {
                let leads = |at| self.view.is(at, Role::Toward);
                let product = Classes::of(&[Role::Paper, Role::Product, Role::Document]);
                let is_product =
                    |end| self.view.classes_in(end..found.start).any(product) && leads(found.start);
                ends.any(|end| {
                    end <= found.start && (leads(end) && leads(found.start) || is_product(end))
                })
            }
            _ => false,
        }
    }

    fn is_dated(&self, clause: &Clause) -> bool {
        let from = self.dates.partition_point(|date| date.start < clause.start);
        self.dates
            .get(from)
            .is_some_and(|date| date.start < clause.end)
    }

    /// Where the sentence of a clause begins and ends.
    pub(super) fn sentence(&self, clause: &Clause) -> (usize, usize) {
        let first = self
            .clauses
            .partition_point(|other| other.sentence < clause.sentence);
        let after = self
            .clauses
            .partition_point(|other| other.sentence <= clause.sentence);
        let start = self
            .clauses
            .get(first)
            .map_or(clause.start, |first| first.start);
        let end = after
            .checked_sub(1)
            .map_or(clause.end, |last| self.clauses[last].end);
        (start, end)
    }

    fn ends_as_question(&self, clause: &Clause) -> bool {
        (clause.start + 1..clause.end).any(|at| {
            self.view.role(at, Role::YesNo).is_some_and(|end| {
                end <= clause.end
                    && (end..clause.end).all(|after| self.view.is(after, Role::Polite))
            })
        })
    }

    fn weigh(&self, found: &Match, clause: &Clause, evidence: &mut Evidence) {
        let (intent, strength) = match found.sense {
            Sense::Means(intent) => (intent, Strength::Said),
            Sense::Hints(intent) => (intent, Strength::Hint),
            Sense::Doubt => {
                evidence.doubt = true;
                return;
            }
            Sense::Asks | Sense::AsksOfAll | Sense::AsksOfLate => (Intent::Ask, Strength::Said),
            Sense::NotDone | Sense::Aside => return,
        };
        if self.is_blank_field(clause) || self.leads_on(found, clause, evidence) {
            return;
        }
        let before = clause.start..found.start;
        if self.is_denied(before.clone())
            || self.is_supposed(found, clause)
            || self.is_listed_as_absent(found, clause)
        {
            return;
        }
        let classes = self.view.classes_in(clause.start..clause.end);
        let wh = classes.has(Role::Wh);
        let over = classes.has(Role::Formerly);
        let strength = match intent {
            Intent::Extension | Intent::Snooze | Intent::Undo if clause.asked && wh => {
                Strength::None
            }
            Intent::Blocked | Intent::Reassign | Intent::Progress | Intent::Done
                if clause.asked =>
            {
                Strength::None
            }
            Intent::Progress if self.asks_whether(found, clause, evidence) => Strength::None,
            // "lần đầu thiếu phụ lục"
            Intent::Blocked | Intent::Progress if over => Strength::Hint,
            _ => strength,
        };
        evidence.add(intent, strength);
        if strength == Strength::Said {
            evidence.say(intent, clause);
        }
    }

    /// "không xin dời", "khỏi gia hạn".
    fn is_denied(&self, before: std::ops::Range<usize>) -> bool {
        let end = before.end;
        before.rev().take(6).any(|at| {
            [Role::Not, Role::NoNeed]
                .iter()
                .filter_map(|role| self.view.role(at, *role))
                .any(|not_end| not_end <= end && (end - at <= 3 || end - not_end <= 1))
        })
    }

    /// "không có khó khăn, vướng mắc": what one denial lists is denied to its end.
    fn is_listed_as_absent(&self, found: &Match, clause: &Clause) -> bool {
        let view = self.view;
        let rest = found.end.max(clause.start)..clause.end;
        let bare = found.sense == Sense::Means(Intent::Blocked)
            && found.start == clause.start
            && rest.clone().all(|at| {
                view.is(at, Role::Polite) || view.is(at, Role::NotAfter) || view.is_covered(at)
            });
        let before = self
            .clauses
            .partition_point(|other| other.start < clause.start)
            .checked_sub(1)
            .map(|at| self.clauses[at]);
        bare && before.is_some_and(|before| {
            before.sentence == clause.sentence
                && view.tokens[before.end].is_mark(',')
                && (before.start..before.end)
                    .any(|at| view.role(at, Role::Absent) == Some(before.end))
        })
    }

    /// "nếu không kịp em mới xin dời".
    fn is_supposed(&self, found: &Match, clause: &Clause) -> bool {
        let (sentence, _) = self.sentence(clause);
        !matches!(
            found.sense,
            Sense::Means(
                Intent::Ask | Intent::Ack | Intent::Unknown | Intent::Snooze | Intent::Progress
            )
        ) && self.view.classes_in(sentence..found.start).has(Role::If)
    }
}

impl Evidence {
    /// What one of the clauses says about completion.
    pub(super) fn completions_of(&self, clause: &Clause) -> impl Iterator<Item = &Completion> {
        let from = self
            .completions
            .partition_point(|(_, place)| *place < clause.start);
        self.completions[from..]
            .iter()
            .take_while(|(_, place)| *place == clause.start)
            .map(|(state, _)| state)
    }

    /// Adds something that speaks for an intent.
    pub(super) fn add(&mut self, intent: Intent, strength: Strength) {
        let known = &mut self.strengths[intent.index()];
        *known = strength.max(*known);
    }

    fn say(&mut self, intent: Intent, clause: &Clause) {
        self.add(intent, Strength::Said);
        let place = &mut self.places[intent.index()];
        *place = clause.start.max(*place);
    }

    /// How much speaks for an intent.
    pub(super) fn strength(&self, intent: Intent) -> Strength {
        self.strengths[intent.index()]
    }

    /// The intent that wins, and how much speaks for it.
    pub(super) fn ruling(&self) -> (Intent, Strength) {
        for strength in [Strength::Said, Strength::Hint] {
            let first = Intent::ALL
                .into_iter()
                .filter(|intent| !self.is_overcome(*intent))
                .find(|intent| self.strength(*intent) == strength);
            if let Some(intent) = first {
                return (intent, strength);
            }
        }
        (Intent::Unknown, Strength::None)
    }

    /// A story is told in order: what stood in the way, was under way or was another's before the last word that the
    /// task is finished, is over. So is a wish for more time after which it turned out otherwise.
    pub(super) fn is_overcome(&self, intent: Intent) -> bool {
        let finished =
            self.completions.iter().rev().find_map(|(state, place)| {
                matches!(state, Completion::Finished(_)).then_some(*place)
            });
        let said = self.places[intent.index()];
        let is_story = match intent {
            Intent::Blocked | Intent::Reassign | Intent::Progress => true,
            Intent::Extension => self.turn.is_some_and(|turn| said < turn),
            _ => false,
        };
        is_story
            && self.strength(intent) == Strength::Said
            && finished.is_some_and(|finished| said < finished)
    }
}
