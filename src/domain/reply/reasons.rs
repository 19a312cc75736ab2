//! Why a text was understood as it was, for whoever asks.

use chrono::NaiveDate;

use super::clean::clean;
use super::completion::Completion;
use super::evidence::Strength;
use super::grammar::Sense;
use super::intent::Intent;
use super::plainness::RISKS;
use super::reader::Reader;
use super::view::View;
use super::writer::Writer;

/// One clause and what was found in it, for whoever wants to know why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The words.
    pub words: String,
    /// What was found in them.
    pub found: Vec<String>,
}

impl Reader {
    /// Clause by clause, what was found in a text.
    pub fn reasons(&self, text: &str, sent: NaiveDate, writer: &Writer) -> Vec<Reason> {
        let cleaned = clean(text, |line| self.lexicon.ends_own_words(line));
        let read = self.read(text, sent, writer);
        let findings = read.findings(sent);
        let each = read.clauses.iter().map(|clause| {
            let evidence = findings.evidence(std::slice::from_ref(clause));
            let mut found: Vec<String> = Intent::ALL
                .into_iter()
                .filter(|intent| evidence.strength(*intent) > Strength::None)
                .map(|intent| match evidence.strength(intent) {
                    Strength::Said => intent.as_str().to_owned(),
                    _ => format!("perhaps {}", intent.as_str()),
                })
                .collect();
            found.extend(
                evidence
                    .completions
                    .iter()
                    .map(|(state, _)| format!("{state:?}")),
            );
            found.extend(
                read.matches
                    .iter()
                    .filter(|found| (clause.start..clause.end).contains(&found.start))
                    .map(|found| format!("{:?} by pattern {}", found.sense, found.pattern)),
            );
            let hits = read.view.hits_in(clause.start..clause.end);
            let hits: Vec<String> = hits
                .map(|hit| {
                    format!(
                        "{}[{}]",
                        self.names[usize::from(hit.class.0)],
                        words(&cleaned.text, &read.view, hit.start, hit.end)
                    )
                })
                .collect();
            found.push(hits.join(" "));
            let (from, to) = (
                read.view.tokens[clause.start].start,
                read.view.tokens[clause.end - 1].end,
            );
            Reason {
                words: cleaned.text[from..to].to_owned(),
                found,
            }
        });
        each.collect()
    }

    /// What stands against taking a "done" of this text as sure.
    pub fn doubts(&self, text: &str, sent: NaiveDate, writer: &Writer) -> Vec<String> {
        let cleaned = clean(text, |line| self.lexicon.ends_own_words(line));
        let read = self.read(text, sent, writer);
        let findings = read.findings(sent);
        let evidence = findings.evidence(&read.clauses);
        let mut doubts: Vec<String> = Vec::new();
        if !matches!(
            evidence.completions.last(),
            Some((Completion::Finished(_), _))
        ) {
            doubts.push(format!("completion {:?}", evidence.completions));
        }
        for intent in Intent::ALL {
            if evidence.strength(intent) == Strength::Said
                && !evidence.is_overcome(intent)
                && !matches!(intent, Intent::Done | Intent::Ack | Intent::Unknown)
            {
                doubts.push(format!("said {}", intent.as_str()));
            }
        }
        for found in read
            .matches
            .iter()
            .filter(|found| found.sense == Sense::NotDone)
        {
            doubts.push(format!("not done by pattern {}", found.pattern));
        }
        for clause in &read.clauses {
            for hit in read.view.hits_in(clause.start..clause.end) {
                if RISKS.holds(hit.class) {
                    doubts.push(format!(
                        "{}[{}]",
                        self.names[usize::from(hit.class.0)],
                        words(&cleaned.text, &read.view, hit.start, hit.end)
                    ));
                }
            }
        }
        doubts
    }
}

/// The words as they were written.
fn words<'t>(text: &'t str, view: &View, start: usize, end: usize) -> &'t str {
    let from = view.tokens[start].start;
    let to = view.tokens[end - 1].end;
    text.get(from..to).unwrap_or_default()
}
