//! A question of the domain -> what its templates say.

use super::{Facts, parts};
use crate::app::reply::desk::Desk;
use crate::domain::decide::{Act, Question, QuestionKind};
use crate::messages::{ReceiptKind, ReceiptOption, ReceiptQuestion};

impl Desk {
    pub(super) fn question(
        &self,
        question: &Question,
        again: bool,
        facts: &Facts<'_>,
    ) -> ReceiptQuestion {
        let kind = match question.kind {
            QuestionKind::Which => "which",
            QuestionKind::Sure => "sure",
            QuestionKind::InTime => "in-time",
            QuestionKind::TakeBack => "take-back",
            QuestionKind::Replace => "replace",
            QuestionKind::Document => "document",
            QuestionKind::Until => "until",
            QuestionKind::RemindOn => "remind-on",
            QuestionKind::Listed => "listed",
        };
        let owed = question.about.first().filter(|_| kind == "replace");
        let owed = owed.and_then(|id| facts.background.owed.iter().find(|one| one.id() == *id));
        ReceiptQuestion {
            was_document: owed
                .and_then(|one| one.document.clone())
                .unwrap_or_default(),
            was_on: owed.and_then(|one| one.obligation.done_on),
            kind: kind.to_owned(),
            quote: question.quote.clone(),
            of_part: question.of_part,
            again,
            more: question.then.len(),
            items: question
                .about
                .iter()
                .filter_map(|id| self.item(*id, facts))
                .collect(),
            options: question
                .options
                .iter()
                .enumerate()
                .map(|(at, acts)| ReceiptOption {
                    rest: question.rest.len(),
                    ..self.option(acts, at, facts)
                })
                .collect(),
        }
    }

    fn option(&self, acts: &[Act], at: usize, facts: &Facts<'_>) -> ReceiptOption {
        let first = acts.first();
        let (only, each) = match first {
            Some(first) if acts.iter().all(|act| act.obligation == first.obligation) => {
                (Some(first.obligation), &[][..])
            }
            _ => (None, acts),
        };
        // What is taken back to be said anew is told as it is said.
        let anew = acts.iter().find(|act| act.what.completes());
        let told = anew.or(first).map(|act| parts(&act.what));
        let (kind, on, document, _) = told.unwrap_or((ReceiptKind::Drop, None, None, None));
        ReceiptOption {
            each: each
                .iter()
                .map(|act| self.option(std::slice::from_ref(act), at, facts))
                .collect(),
            item: only.and_then(|id| self.item(id, facts)),
            kind,
            on,
            document,
            first: at == 0,
            after: at,
            rest: 0,
        }
    }
}
