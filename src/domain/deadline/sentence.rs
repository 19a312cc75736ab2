//! One clause -> milestones.

use chrono::NaiveDate;

use super::clauses::Clause;
use super::counts::is_length;
use super::deciding::is_dated;
use super::fixed::Reader;
use super::lexer::{Kind, Token};
use super::lexicon::Key;
use super::outcome::{Context, Draft, NotUnderstood};
use super::pairs::{is_daily, is_enclosed, is_years};
use super::periods::cycles_of_list;
use super::recurring::{LoneHalf, Occurrence, occurrences, recurs};
use super::term::{Anchor, Body, Bound, Cycle, Term, Year, text_of};
use super::text::one_line;
use crate::domain::plan::MilestoneKind;

/// What one clause gives.
pub(super) enum Entry {
    /// One milestone.
    One {
        draft: Draft,
        /// Its words speak of issuing something that later reports may be about.
        issues: bool,
    },
    /// One milestone per occurrence, the words of the clause in front of each.
    Series {
        label: String,
        /// The words that say when.
        written: String,
        occurrences: Vec<Occurrence>,
    },
}

/// A clause in its cell.
pub(super) struct Sentence<'a> {
    pub clause: &'a Clause,
    pub text: &'a str,
    pub tokens: &'a [Token],
    pub context: &'a Context<'a>,
    /// Other clauses of the cell name periods too.
    pub beside: bool,
    /// The words of the clause before in the same segment, which hold for this one if it has none.
    pub inherited: &'a str,
}

impl Sentence<'_> {
    /// Adds what the clause gives to what the clauses before it gave.
    #[expect(
        clippy::too_many_lines,
        reason = "one arm for each form of a clause, read as a table"
    )]
    pub fn entries(&self, entries: &mut Vec<Entry>) -> Result<(), NotUnderstood> {
        let terms = &self.clause.terms;
        let reader = self.reader();
        let has = |wanted: fn(&Body) -> bool| terms.iter().any(|term| wanted(&term.body));
        let issues = self.clause.mentions(self.tokens, &[Key::Issue]);
        let one = |draft| Entry::One { draft, issues };
        if let Some(term) = terms
            .iter()
            .find(|term| matches!(term.body, Body::Count { .. }))
            .filter(|_| !self.is_explained())
        {
            let dated = |other: &Term| {
                matches!(
                    other.body,
                    Body::Days(_)
                        | Body::DaySpan(..)
                        | Body::Spans { .. }
                        | Body::FromTo(..)
                        | Body::EdgeOf(..)
                )
            };
            if terms.iter().any(dated) {
                return reader.refuse("a date and a counted term for one thing");
            }
            let follows_issue = entries
                .iter()
                .any(|entry| matches!(entry, Entry::One { issues: true, .. }));
            entries.push(one(self.counted(term, follows_issue)?));
        } else if let Some(span) = self.daily_window() {
            for draft in self.every_day(&reader, span)? {
                entries.push(one(draft));
            }
        } else if has(|body| *body == Body::Continuous) {
            if terms.iter().any(|term| term.clock) {
                return reader.refuse("an hour of every day, and no window");
            }
            let limit = |term: &Term| term.bound != Bound::From && !is_years(&term.body);
            let dated = |term: &Term| {
                matches!(
                    term.body,
                    Body::Days(_) | Body::DaySpan(..) | Body::Spans { .. } | Body::FromTo(..)
                )
            };
            if terms.iter().any(|term| limit(term) && dated(term)) {
                return reader.refuse("a date for what is always going on");
            }
            let start = terms.iter().find(|term| {
                term.bound <= Bound::From
                    && !matches!(
                        term.body,
                        Body::Continuous | Body::Periodic | Body::Cycles { .. }
                    )
            });
            let opens_on = start
                .map(|term| reader.bounds(&term.body).map(|bounds| bounds.0))
                .transpose()?;
            entries.push(one(self.dateless(
                MilestoneKind::Continuous,
                opens_on,
                "always going on, so no due date (rule 8)",
            )));
        } else if let Some(opening) = yearly_opening(terms) {
            let (opens_on, _) = reader.bounds(&opening.body)?;
            entries.push(one(self.dateless(
                MilestoneKind::Continuous,
                Some(opens_on),
                "begins on that day of each year and has no written end, so no due date (rules 2 and 8)",
            )));
        } else if terms.iter().any(is_after_report)
            && !has(|body| matches!(body, Body::Cycles { .. }) || !cycles_of_list(body).is_empty())
        {
            entries.push(one(self.dateless(
                MilestoneKind::Event,
                None,
                "counts from the end of a period that is not named (rules 4 and 9)",
            )));
        } else if recurs(terms) {
            let label = self
                .clause
                .label(self.text, self.tokens, self.clause.first_term());
            let label = if label.is_empty() {
                self.inherited.to_owned()
            } else {
                label
            };
            entries.push(Entry::Series {
                written: self.written(),
                label,
                occurrences: occurrences(&reader, terms, self.lone_half(), !self.reports())?,
            });
            if terms.iter().any(|term| matches!(&term.body, Body::Cycles { cycles, .. } if cycles.contains(&Cycle::Stage))) {
                entries.push(one(self.dateless(MilestoneKind::Event, None, "a stage that nobody defines, so it waits for its date (rule 9)")));
            }
        } else if let Some(term) = self.deciding(&reader)? {
            let named = !self.clause.label_words(self.tokens).is_empty();
            let label = if named {
                self.clause.label(self.text, self.tokens, term.from)
            } else {
                self.clause
                    .label(self.text, self.tokens, self.clause.first_term())
            };
            let period = text_of(self.text, self.tokens, self.clause.first_term(), term.from);
            let label = if label.is_empty() && !self.inherited.is_empty() {
                one_line(&format!("{} {period}", self.inherited))
            } else {
                label
            };

            for window in self.windows(&reader, term)? {
                entries.push(one(Draft {
                    kind: MilestoneKind::Due,
                    label: label.clone(),
                    written: self.written(),
                    opens_on: Some(window.opens_on),
                    due_on: Some(window.due_on),
                    rule: window.rule,
                }));
            }
        } else if let Some(term) = terms
            .iter()
            .find(|term| matches!(term.bound, Bound::From | Bound::After))
        {
            let (first, last) = reader.bounds(&term.body)?;
            let opens_on = if term.bound == Bound::After {
                last.succ_opt()
            } else {
                Some(first)
            };
            entries.push(one(self.dateless(
                MilestoneKind::Continuous,
                opens_on,
                "a start without an end, so no due date (rule 8)",
            )));
        } else if has(|body| matches!(body, Body::Event | Body::Conditional | Body::FollowPlan)) {
            entries.push(one(self.dateless(
                MilestoneKind::Event,
                None,
                "waits for an event that has no date yet (rule 9)",
            )));
        } else if has(|body| *body == Body::Following) {
            let opens_on = NaiveDate::from_ymd_opt(self.context.year.saturating_add(1), 1, 1);
            entries.push(one(self.dateless(
                MilestoneKind::Continuous,
                opens_on,
                "the years that follow, without an end (rule 8)",
            )));
        } else {
            return reader.refuse("it is not said of which period");
        }
        Ok(())
    }

    /// "Hằng ngày, từ ngày 01/9 đến ngày 10/9": the window that bounds what is done every day.
    fn daily_window(&self) -> Option<&Term> {
        let [first, second] = &self.clause.terms[..] else {
            return None;
        };
        let bounded = is_daily(self.tokens, first) && matches!(second.body, Body::DaySpan(..));
        bounded.then_some(second)
    }

    /// One milestone for each day of a window, if it is short enough for that.
    fn every_day(&self, reader: &Reader, window: &Term) -> Result<Vec<Draft>, NotUnderstood> {
        const LONGEST: usize = 31;
        let (first, last) = reader.bounds(&window.body)?;
        let days: Vec<NaiveDate> = first
            .iter_days()
            .take_while(|day| *day <= last)
            .take(LONGEST + 1)
            .collect();
        if days.is_empty() || days.len() > LONGEST {
            return reader.refuse("a day's work for more days than a month has, or for none");
        }
        let label = self
            .clause
            .label(self.text, self.tokens, self.clause.first_term());
        let drafts = days.into_iter().map(|day| Draft {
            kind: MilestoneKind::Due,
            label: label.clone(),
            written: self.written(),
            opens_on: Some(day),
            due_on: Some(day),
            rule: format!("each day of the window from {first} to {last} (rule 7)"),
        });
        Ok(drafts.collect())
    }

    /// "ngày 14/4/2021 (39 ngày trước ngày bầu cử)": the date, and in a parenthesis how it was counted; or the reverse.
    fn is_explained(&self) -> bool {
        let terms = &self.clause.terms;
        let dates = |term: &&Term| is_dated(term) && !matches!(term.body, Body::LoneDay(_));
        if terms.iter().any(|term| is_length(self.tokens, term))
            && terms.iter().any(|term| dates(&term))
        {
            return true;
        }
        let [first, second] = &terms[..] else {
            return false;
        };
        let counts = |term: &Term| {
            matches!(
                term.body,
                Body::Count {
                    anchor: Anchor::Elsewhere,
                    ..
                }
            )
        };
        let dated = |term: &Term| matches!(term.body, Body::Days(_));
        let both = (counts(first) && dated(second)) || (dated(first) && counts(second));
        both && is_enclosed(self.tokens, second)
    }

    fn lone_half(&self) -> LoneHalf {
        let last = self.clause.before.clone().next_back();
        let nine = self.clause.terms.iter().any(
            |term| matches!(&term.body, Body::Cycles { cycles, .. } if cycles[..] == [Cycle::Nine]),
        );
        let reviewed = last.is_some_and(|last| match self.tokens[last].kind {
            Kind::Key(Key::Review) => true,
            Kind::Key(Key::Report) => nine,
            _ => false,
        });
        match (reviewed, self.beside) {
            (true, _) => LoneHalf::Reviewed,
            (false, true) => LoneHalf::Beside,
            (false, false) => LoneHalf::Unclear,
        }
    }

    /// Reads the dates of this clause.
    pub fn reader(&self) -> Reader<'_> {
        let to = self
            .clause
            .terms
            .last()
            .map_or(self.clause.before.end, |term| term.to);
        Reader {
            context: self.context,
            words: text_of(self.text, self.tokens, self.clause.first_term(), to),
        }
    }

    /// The words of the clause that say when.
    pub fn written(&self) -> String {
        let from = self.clause.first_term();
        let to = self
            .clause
            .terms
            .iter()
            .map(|term| term.to)
            .max()
            .unwrap_or(from);
        one_line(text_of(self.text, self.tokens, from, to))
    }

    /// A draft that has no due day.
    pub fn dateless(&self, kind: MilestoneKind, opens_on: Option<NaiveDate>, rule: &str) -> Draft {
        let words = self.clause.label_words(self.tokens);
        let label = match kind {
            MilestoneKind::Event => {
                one_line(text_of(self.text, self.tokens, words.start, words.end))
            }
            _ => self
                .clause
                .label(self.text, self.tokens, self.clause.first_term()),
        };
        Draft {
            kind,
            label,
            written: self.written(),
            opens_on,
            due_on: None,
            rule: rule.to_owned(),
        }
    }
}

/// "Hằng năm, từ ngày 20/10", "từ tháng 10 hằng năm": when it begins each year, and no word of when it ends.
fn yearly_opening(terms: &[Term]) -> Option<&Term> {
    let opening = terms.iter().find(|term| term.bound == Bound::From)?;
    let each = |year: Year| matches!(year, Year::Absent | Year::Every);
    let (undated, every) = match &opening.body {
        Body::Days(days) => (
            days.iter().all(|day| each(day.year)),
            days.iter().any(|day| day.year == Year::Every),
        ),
        Body::Spans { windows, .. } if !is_years(&opening.body) => (
            windows.iter().all(|span| each(span.first_year)),
            windows.iter().any(|span| span.first_year == Year::Every),
        ),
        _ => return None,
    };
    let yearly = |term: &Term| matches!(&term.body, Body::Cycles { cycles, marked: true } if cycles[..] == [Cycle::Year]);
    let recurs = every || terms.iter().any(yearly);
    let alone = terms.iter().all(|term| term == opening || yearly(term));
    (undated && recurs && alone).then_some(opening)
}

/// "15 ngày sau khi kết thúc kỳ báo cáo": of which period is not said.
fn is_after_report(term: &Term) -> bool {
    matches!(&term.body, Body::AfterEach { cycles, .. } if cycles.is_empty())
}
