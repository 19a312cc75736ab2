//! Patterns of classes: the part of the grammar that is data.
//!
//! A pattern is a line of steps: `want ~3 extend`. A step is a class, or several (`a|b`); `?a` may be left out; `~3`
//! lets up to three words stand between, within one clause, `~~3` also across a comma; `^` and `$` are the beginning and
//! the end of a clause; `+a` and `-a` ask that a class stands, or does not stand, anywhere in the sentence.

use super::classes::{Class, Classes};
use super::clauses::Clause;
use super::intent::Intent;
use super::lexicon::Lexicon;
use super::roles::Role;
use super::view::View;

/// What a pattern says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sense {
    /// The clause has this intent.
    Means(Intent),
    /// The clause may have this intent, if nothing else is found.
    Hints(Intent),
    /// Whatever is finished in this clause, it is not the task.
    NotDone,
    /// Nothing in this message may be taken as sure.
    Doubt,
    /// The clause says nothing of the work, if another says that it is finished.
    Aside,
    /// The clause asks what the plan says of a task, though no mark says so: "sản phẩm là gì", "nộp cho ai".
    Asks,
    /// The same of all tasks: "còn bao nhiêu việc", "hôm nay có gì mới không".
    AsksOfAll,
    /// The same of those that are late: "có mấy việc trễ".
    AsksOfLate,
}

/// What can be wrong with a pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// It names a class that no word belongs to.
    #[error("no class is called “{0}”")]
    UnknownClass(String),
    /// It is empty, or a gap or an edge stands where it cannot.
    #[error("“{0}” cannot stand here")]
    Misplaced(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Step {
    classes: Classes,
    gap: usize,
    across: bool,
    optional: bool,
    ends_clause: bool,
}

/// One pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    sense: Sense,
    steps: Vec<Step>,
    wants: Vec<Classes>,
    forbids: Classes,
    begins_clause: bool,
}

/// Where a pattern fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Match {
    pub sense: Sense,
    pub start: usize,
    pub end: usize,
    /// Which pattern it was.
    pub pattern: usize,
}

impl Pattern {
    /// Reads a pattern.
    pub fn parse(sense: Sense, text: &str, lexicon: &Lexicon) -> Result<Self, PatternError> {
        let mut pattern = Self {
            sense,
            steps: Vec::new(),
            wants: Vec::new(),
            forbids: Classes::NONE,
            begins_clause: false,
        };
        let (mut gap, mut across) = (0, false);
        for part in text.split_whitespace() {
            let misplaced = || PatternError::Misplaced(part.to_owned());
            if part == "^" && pattern.steps.is_empty() {
                pattern.begins_clause = true;
            } else if part == "$" {
                pattern.steps.last_mut().ok_or_else(misplaced)?.ends_clause = true;
            } else if let Some(words) = part.strip_prefix("~~") {
                (gap, across) = (words.parse().map_err(|_| misplaced())?, true);
            } else if let Some(words) = part.strip_prefix('~') {
                gap = words.parse().map_err(|_| misplaced())?;
            } else if let Some(name) = part.strip_prefix('+') {
                pattern.wants.push(classes(name, lexicon)?);
            } else if let Some(name) = part.strip_prefix('-') {
                pattern.forbids |= classes(name, lexicon)?;
            } else {
                let name = part.strip_prefix('?');
                pattern.steps.push(Step {
                    classes: classes(name.unwrap_or(part), lexicon)?,
                    gap: std::mem::take(&mut gap),
                    across: std::mem::take(&mut across),
                    optional: name.is_some(),
                    ends_clause: false,
                });
            }
        }
        if pattern.steps.iter().all(|step| step.optional) || gap > 0 {
            return Err(PatternError::Misplaced(text.to_owned()));
        }
        Ok(pattern)
    }

    /// The first place in a sentence where the pattern fits.
    fn find(&self, view: &View, sentence: &Sentence<'_>) -> Option<(usize, usize)> {
        let all = sentence.classes;
        if all.any(self.forbids)
            || self.wants.iter().any(|wanted| !all.any(*wanted))
            || self
                .steps
                .iter()
                .any(|step| !step.optional && !all.any(step.classes))
        {
            return None;
        }
        (sentence.start..sentence.end).find_map(|start| {
            if !view.begins(start).any(self.first_classes())
                || (self.begins_clause && !sentence.begins_clause(view, start))
            {
                return None;
            }
            self.fits(view, sentence, 0, start, true)
                .map(|end| (start, end))
        })
    }

    fn first_classes(&self) -> Classes {
        let mut classes = Classes::NONE;
        for step in &self.steps {
            classes |= step.classes;
            if !step.optional {
                break;
            }
        }
        classes
    }

    fn fits(
        &self,
        view: &View,
        sentence: &Sentence<'_>,
        index: usize,
        at: usize,
        first: bool,
    ) -> Option<usize> {
        let Some(step) = self.steps.get(index) else {
            return Some(at);
        };
        let gap = if first { 0 } else { step.gap };
        for skipped in 0..=gap {
            let here = at + skipped;
            if here >= sentence.end
                || (skipped > 0 && !Sentence::may_skip(view, here - 1))
                || (!step.across && sentence.crosses(at, here, first))
            {
                break;
            }
            let hits = view.hits_at(here).iter();
            let fitting = hits.filter(|hit| step.classes.holds(hit.class));
            let end = fitting
                .filter(|hit| hit.end <= sentence.end)
                .filter(|hit| !step.ends_clause || sentence.ends_clause(view, hit.end))
                .find_map(|hit| self.fits(view, sentence, index + 1, hit.end, false));
            if end.is_some() {
                return end;
            }
        }
        if step.optional {
            return self.fits(view, sentence, index + 1, at, first);
        }
        None
    }
}

fn classes(names: &str, lexicon: &Lexicon) -> Result<Classes, PatternError> {
    names.split('|').try_fold(Classes::NONE, |all, name| {
        let class: Option<Class> = lexicon.find_class(name);
        class
            .map(|class| all.and(class))
            .ok_or_else(|| PatternError::UnknownClass(name.to_owned()))
    })
}

/// The clauses of one sentence, and the classes that occur in it.
struct Sentence<'a> {
    clauses: &'a [Clause],
    start: usize,
    end: usize,
    classes: Classes,
}

impl Sentence<'_> {
    /// Negators and marks are never skipped silently.
    fn may_skip(view: &View, at: usize) -> bool {
        !view.is(at, Role::Not) && !view.is(at, Role::NoNeed)
    }

    /// Whether a clause ends between two places.
    fn crosses(&self, from: usize, to: usize, first: bool) -> bool {
        !first
            && self.clauses.iter().any(|clause| {
                clause.start > from.saturating_sub(1)
                    && clause.start <= to
                    && clause.start > self.start
                    && from > self.start
                    && clause.start >= from
            })
    }

    fn begins_clause(&self, view: &View, at: usize) -> bool {
        self.clauses.iter().any(|clause| {
            clause.start <= at
                && at < clause.end
                && (clause.start..at).all(|before| {
                    view.is(before, Role::Polite)
                        || view.is(before, Role::Own)
                        || view.is(before, Role::But)
                })
        })
    }

    fn ends_clause(&self, view: &View, at: usize) -> bool {
        self.clauses.iter().any(|clause| {
            clause.start < at
                && at <= clause.end
                && (at..clause.end).all(|after| {
                    view.is(after, Role::Polite)
                        || matches!(
                            view.tokens[after].kind,
                            super::token::Kind::Mark(_)
                                | super::token::Kind::Picture
                                | super::token::Kind::Thumb
                                | super::token::Kind::Open
                        )
                })
        })
    }
}

/// All places where patterns fit, sentence by sentence.
pub(super) fn matches(patterns: &[Pattern], view: &View, clauses: &[Clause]) -> Vec<Match> {
    let mut found = Vec::new();
    for sentence in clauses.chunk_by(|one, next| one.sentence == next.sentence) {
        let (Some(first), Some(last)) = (sentence.first(), sentence.last()) else {
            continue;
        };
        let sentence = Sentence {
            clauses: sentence,
            start: first.start,
            end: last.end,
            classes: view.classes_in(first.start..last.end),
        };
        for (index, pattern) in patterns.iter().enumerate() {
            found.extend(pattern.find(view, &sentence).map(|(start, end)| Match {
                sense: pattern.sense,
                start,
                end,
                pattern: index,
            }));
        }
    }
    found.sort_by_key(|found: &Match| found.start);
    found
}
