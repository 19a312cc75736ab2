//! What the clauses of a text say for each intent.

use chrono::NaiveDate;

use super::clauses::Clause;
use super::completion::{Completion, completion};
use super::dates::Mention;
use super::grammar::{Match, Sense};
use super::intent::Intent;
use super::roles::Role;
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
    /// What each clause says about completion, with its place.
    pub completions: Vec<(Completion, usize)>,
    /// A pattern says that nothing here is to be taken as sure.
    pub doubt: bool,
}

/// Everything that was found in a text.
pub(super) struct Findings<'a> {
    pub view: &'a View,
    pub clauses: &'a [Clause],
    pub matches: &'a [Match],
    pub dates: &'a [Mention],
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
            if let Some(clause) = clauses
                .iter()
                .find(|clause| (clause.start..clause.end).contains(&found.start))
            {
                self.weigh(found, clause, &mut evidence);
            }
        }
        evidence
    }

    fn read(&self, clause: &Clause, evidence: &mut Evidence) {
        let cancelled = self.matches.iter().any(|found| {
            found.sense == Sense::NotDone && found.start < clause.end && found.end > clause.start
        });
        let sentence_end = self
            .clauses
            .iter()
            .rev()
            .find(|other| other.sentence == clause.sentence)
            .map_or(clause.end, |last| last.end);
        let state = completion(
            self.view,
            clause,
            sentence_end,
            self.dates,
            self.sent,
            cancelled,
        );
        match state {
            Completion::None => {}
            Completion::Finished(_) => evidence.add(Intent::Done, Strength::Said),
            Completion::Partly(_) | Completion::ByOthers | Completion::NotYet(_) => {
                evidence.add(Intent::Progress, Strength::Said);
            }
            Completion::Forecast(_) => evidence.add(Intent::Progress, Strength::Said),
            Completion::Asked => evidence.add(Intent::Ask, Strength::Said),
            Completion::Supposed => evidence.add(Intent::Ack, Strength::Hint),
        }
        if state != Completion::None {
            evidence.completions.push((state, clause.start));
        }
        let classes = self.view.classes_in(clause.start..clause.end);
        if clause.asked {
            evidence.add(Intent::Ask, Strength::Said);
        }
        if self.ends_as_question(clause) {
            evidence.add(Intent::Ask, Strength::Hint);
        }
        if cancelled && classes & Role::Done.bit() == 0 {
            evidence.add(Intent::Progress, Strength::Hint);
        }
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
            Sense::NotDone => return,
        };
        let before = clause.start..found.start;
        if self.is_denied(before.clone()) || self.is_supposed(found, clause) {
            return;
        }
        let wh = self.view.classes_in(clause.start..clause.end) & Role::Wh.bit() != 0;
        let strength = match intent {
            Intent::Extension | Intent::Snooze | Intent::Undo if clause.asked && wh => {
                Strength::None
            }
            Intent::Blocked | Intent::Reassign | Intent::Progress | Intent::Done
                if clause.asked =>
            {
                Strength::None
            }
            _ => strength,
        };
        evidence.add(intent, strength);
    }

    /// "không xin dời", "khỏi gia hạn".
    fn is_denied(&self, before: std::ops::Range<usize>) -> bool {
        let end = before.end;
        before.rev().take(3).any(|at| {
            self.view
                .role(at, Role::Not)
                .is_some_and(|not_end| not_end <= end)
        })
    }

    /// "nếu không kịp em mới xin dời".
    fn is_supposed(&self, found: &Match, clause: &Clause) -> bool {
        let sentence = self
            .clauses
            .iter()
            .find(|other| other.sentence == clause.sentence)
            .map_or(clause.start, |first| first.start);
        !matches!(
            found.sense,
            Sense::Means(
                Intent::Ask | Intent::Ack | Intent::Unknown | Intent::Snooze | Intent::Progress
            )
        ) && self.view.classes_in(sentence..found.start) & Role::If.bit() != 0
    }
}

impl Evidence {
    /// Adds something that speaks for an intent.
    pub(super) fn add(&mut self, intent: Intent, strength: Strength) {
        let known = &mut self.strengths[intent.index()];
        *known = strength.max(*known);
    }

    /// How much speaks for an intent.
    pub(super) fn strength(&self, intent: Intent) -> Strength {
        self.strengths[intent.index()]
    }

    /// The intent that wins, and how much speaks for it.
    pub(super) fn ruling(&self) -> (Intent, Strength) {
        if self.is_finished_in_the_end() && self.strength(Intent::Progress) == Strength::Said {
            let higher = [
                Intent::Undo,
                Intent::Extension,
                Intent::Blocked,
                Intent::Reassign,
                Intent::Snooze,
            ];
            if higher
                .iter()
                .all(|intent| self.strength(*intent) < Strength::Said)
            {
                return (Intent::Done, Strength::Hint);
            }
        }
        for strength in [Strength::Said, Strength::Hint] {
            let first = Intent::ALL
                .into_iter()
                .find(|intent| self.strength(*intent) == strength);
            if let Some(intent) = first {
                return (intent, strength);
            }
        }
        (Intent::Unknown, Strength::None)
    }

    /// Steps or parts were finished first, and then the whole: the last word about completion is "finished".
    fn is_finished_in_the_end(&self) -> bool {
        let mut completions = self.completions.iter().rev().map(|(state, _)| state);
        matches!(completions.next(), Some(Completion::Finished(_)))
            && completions
                .all(|state| matches!(state, Completion::Partly(_) | Completion::Finished(_)))
    }
}
