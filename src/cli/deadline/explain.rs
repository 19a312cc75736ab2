//! One phrase and what was made of it.

use std::io::{self, Write};

use chrono::NaiveDate;
use serde::Serialize;

use crate::domain::calendar::Calendar;
use crate::domain::deadline::{Context, parse_cell};
use crate::domain::plan::{Before, MilestoneKind};

/// What a phrase is read against.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'a> {
    pub year: i32,
    pub issued_on: Option<NaiveDate>,
    pub before: Before,
    pub calendar: &'a Calendar,
}

/// What was made of one phrase; the JSON of `dondoc deadline --json`.
#[derive(Debug, Serialize)]
pub(super) struct Explanation {
    phrase: String,
    understood: bool,
    milestones: Vec<Explained>,
    problem: Option<String>,
}

#[derive(Debug, Serialize)]
struct Explained {
    kind: MilestoneKind,
    label: String,
    opens_on: Option<NaiveDate>,
    due_on: Option<NaiveDate>,
    act_by: Option<NaiveDate>,
    rule: String,
}

impl Reader<'_> {
    /// Reads a phrase.
    pub(super) fn explain(&self, phrase: &str) -> Explanation {
        let context = Context {
            year: self.year,
            issued_on: self.issued_on,
            before: self.before,
            calendar: self.calendar,
        };
        match parse_cell(phrase, &context) {
            Ok(drafts) => {
                let explained = drafts.into_iter().map(|draft| Explained {
                    kind: draft.kind,
                    label: draft.label,
                    opens_on: draft.opens_on,
                    due_on: draft.due_on,
                    act_by: draft
                        .due_on
                        .map(|due| self.calendar.working_day_not_after(due)),
                    rule: draft.rule,
                });
                let milestones = explained.collect();
                Explanation {
                    phrase: phrase.to_owned(),
                    understood: true,
                    milestones,
                    problem: None,
                }
            }
            Err(stopped) if stopped.words.is_empty() => {
                Explanation::unreadable(phrase.to_owned(), stopped.reason)
            }
            Err(stopped) => {
                let problem = format!("at “{}”: {}", stopped.words, stopped.reason);
                Explanation::unreadable(phrase.to_owned(), problem)
            }
        }
    }
}

impl Explanation {
    /// A phrase that is not understood.
    pub(super) fn unreadable(phrase: String, problem: String) -> Self {
        Self {
            phrase,
            understood: false,
            milestones: Vec::new(),
            problem: Some(problem),
        }
    }

    /// Prints one JSON object on one line, or a few lines for people.
    pub(super) fn print(&self, json: bool, mut out: impl Write) -> io::Result<()> {
        if json {
            serde_json::to_writer(&mut out, self)?;
            return writeln!(out);
        }
        writeln!(out, "{}", self.phrase)?;
        if let Some(problem) = &self.problem {
            writeln!(out, "  not understood {problem}")?;
        }
        for milestone in &self.milestones {
            writeln!(out, "  {}", milestone.summary())?;
            writeln!(out, "      {}", milestone.rule)?;
        }
        Ok(())
    }
}

impl Explained {
    fn summary(&self) -> String {
        dated(
            self.kind,
            &self.label,
            self.opens_on,
            self.due_on,
            self.act_by,
        )
    }
}

/// `due 2020-03-31 Tue  act by 2020-03-31 Tue  opens 2020-01-01 Wed  Ban hành Kế hoạch`.
pub(in crate::cli) fn dated(
    kind: MilestoneKind,
    label: &str,
    opens_on: Option<NaiveDate>,
    due_on: Option<NaiveDate>,
    act_by: Option<NaiveDate>,
) -> String {
    let mut parts = Vec::new();
    match due_on {
        Some(due) => parts.push(format!("due {}", due.format("%Y-%m-%d %a"))),
        None => parts.push(kind.as_str().to_owned()),
    }
    parts.extend(act_by.map(|day| format!("act by {}", day.format("%Y-%m-%d %a"))));
    parts.extend(opens_on.map(|day| format!("opens {}", day.format("%Y-%m-%d %a"))));
    if !label.is_empty() {
        parts.push(label.to_owned());
    }
    parts.join("  ")
}
