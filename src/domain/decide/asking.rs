//! What is asked back, and when: which task, whether it was understood right, what a record lacks.

use chrono::NaiveDate;

use super::act::{Act, Stand, What};
use super::conversation::Talk;
use super::question::{Question, QuestionKind};
use super::situation::Owed;
use crate::domain::reply::Intent;

impl<'a> Talk<'a, '_> {
    fn ask(&mut self, question: Question) {
        // One question at a time: the first that arose.
        self.decision.answer.question.get_or_insert(question);
    }

    pub(super) fn ask_in_words(&mut self, kind: QuestionKind, owed: &Owed) {
        self.ask(Question {
            kind,
            about: vec![owed.id()],
            quote: self.text.to_owned(),
            options: Vec::new(),
            listed: Vec::new(),
        });
    }

    pub(super) fn ask_which(
        &mut self,
        intent: Intent,
        date: Option<NaiveDate>,
        document: Option<&String>,
        percent: Option<u8>,
        candidates: &[&'a Owed],
    ) {
        let mut options = Vec::new();
        for owed in candidates {
            let what = self.what(intent, date, document.cloned(), percent, owed);
            options.extend(what.map(|what| vec![act(owed, what)]));
        }
        // Without a day to remind on, which task is asked first, the day after that.
        if options.is_empty() {
            self.decision.answer.question = None;
            options = candidates
                .iter()
                .map(|owed| {
                    let until = self
                        .situation
                        .today
                        .succ_opt()
                        .unwrap_or(self.situation.today);
                    vec![act(owed, What::Snooze { until })]
                })
                .collect();
        }
        self.ask(Question {
            kind: QuestionKind::Which,
            about: candidates.iter().map(|owed| owed.id()).collect(),
            quote: self.text.to_owned(),
            options,
            listed: Vec::new(),
        });
    }

    /// Asks whether it was understood right: what was understood, its opposite where a wrong record would hurt, or
    /// neither.
    pub(super) fn ask_whether(&mut self, meant: &[(&'a Owed, What)]) {
        let understood: Vec<Act> = meant
            .iter()
            .map(|(owed, what)| act(owed, what.clone()))
            .collect();
        let mut options = vec![understood];
        if let [(owed, what)] = meant {
            let other = match what {
                What::Done { document, .. } => Some(What::Progress {
                    percent: None,
                    expected_on: None,
                    document: document.clone(),
                }),
                What::Progress { document, .. } => Some(What::Done {
                    on: self.situation.today,
                    document: document.clone(),
                }),
                _ => None,
            };
            options.extend(other.map(|what| vec![act(owed, what)]));
        }
        options.push(Vec::new());
        self.ask(Question {
            kind: QuestionKind::Sure,
            about: meant.iter().map(|(owed, _)| owed.id()).collect(),
            quote: self.text.to_owned(),
            options,
            listed: Vec::new(),
        });
    }

    /// Asks whether recorded completions are to be taken back, and what else was said of them recorded instead.
    pub(super) fn ask_to_take_back(
        &mut self,
        denied: impl IntoIterator<Item = (&'a Owed, Option<What>)>,
    ) {
        let (mut about, mut acts) = (Vec::new(), Vec::new());
        for (owed, what) in denied {
            let Some(claim) = owed.claim else { continue };
            about.push(owed.id());
            acts.push(act(owed, What::Undo { event: claim.event }));
            acts.extend(what.map(|what| act(&owed.standing(claim.before), what)));
        }
        self.ask(Question {
            kind: QuestionKind::TakeBack,
            about,
            quote: self.text.to_owned(),
            options: vec![acts, Vec::new()],
            listed: Vec::new(),
        });
    }

    /// Asks once for what a record lacks: the number of the document, the day that is wished for.
    pub(super) fn ask_for_what_is_missing(&mut self) {
        let missing = self.decision.changes.iter().find_map(|change| {
            let owed = self.situation.find(change.obligation)?;
            match &change.what {
                What::Done { document: None, .. } if owed.is_document && !owed.has_document => {
                    Some((QuestionKind::Document, owed))
                }
                What::Extension { until: None } => Some((QuestionKind::Until, owed)),
                _ => None,
            }
        });
        if let Some((kind, owed)) = missing {
            self.ask_in_words(kind, owed);
        }
    }
}

fn act(owed: &Owed, what: What) -> Act {
    Act {
        obligation: owed.id(),
        stand: Stand::of(&owed.obligation),
        what,
    }
}
