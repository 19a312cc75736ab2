//! An answer of the domain -> what its templates say.

mod question;

use std::collections::HashMap;

use chrono::{NaiveDate, TimeDelta};

use super::desk::{AnswerText, Desk};
use super::situation::Background;
use crate::app::AppError;
use crate::app::compose::{capacity, decider, reader};
use crate::clock::local;
use crate::domain::decide::{Answer, Note, Owed, Recorded, Refused, TWICE_SECONDS, What, Why};
use crate::domain::delivery::{Channel, Choice};
use crate::domain::directory::Contact;
use crate::domain::ids::ObligationId;
use crate::domain::obligation::{Obligation, State};
use crate::domain::plan::Acceptance;
use crate::messages::{
    ReceiptContext, ReceiptHold, ReceiptItem, ReceiptKind, ReceiptNote, ReceiptRecord,
    ReceiptRefusal, ReceiptUndone,
};
use crate::store::amendments::Hold;
use crate::store::deliveries::DeliveryKind;
use crate::store::questions::Asked;

/// What an answer is made of, beside the answer itself.
pub(super) struct Facts<'a> {
    pub(super) contact: &'a Contact,
    pub(super) background: &'a Background,
    /// The obligations that changed, as they are now.
    pub(super) now: &'a [Obligation],
    /// The days of what waits of them.
    pub(super) asked: HashMap<ObligationId, NaiveDate>,
    /// What buttons carry in front of the number of their option.
    pub(super) token: &'a str,
    /// Whether others read the answer too.
    pub(super) in_group: bool,
}

impl Desk {
    pub(super) fn render_answer(
        &self,
        answer: &Answer,
        facts: &Facts<'_>,
        channel: Channel,
    ) -> Result<AnswerText, AppError> {
        let context = self.context(answer, facts);
        let (rendered, labels) = self
            .setup
            .messages
            .render_receipt(&context, channel)
            .map_err(|source| AppError::Answer {
                source: Box::new(source),
            })?;
        let choices = labels.into_iter().zip(1..).map(|(label, number)| Choice {
            label,
            token: format!("{}.{number}", facts.token),
        });
        Ok(AnswerText {
            subject: rendered.subject.unwrap_or_default(),
            text: rendered.text,
            choices: choices.collect(),
            kind: DeliveryKind::Receipt,
        })
    }

    fn context(&self, answer: &Answer, facts: &Facts<'_>) -> ReceiptContext {
        let charge = self.setup.of_agency(&facts.contact.agency);
        let audience = capacity(facts.contact);
        let items = |ids: &[ObligationId]| {
            ids.iter()
                .filter_map(|id| self.item(*id, facts))
                .collect::<Vec<_>>()
        };
        let mut owed = facts.background.owed.iter();
        let open = owed.find(|owed| owed.is_open()).map(Owed::id);
        let asked = facts.background.asked.as_ref().and_then(Asked::report);
        let asked = asked.and_then(|question| question.about.first());
        let first = asked.or(facts.background.told.first()).copied().or(open);
        let example = first.and_then(|id| self.item(id, facts));
        ReceiptContext {
            today: facts.background.today,
            reader: reader(facts.contact, audience, charge),
            monitor: charge
                .map(|charge| charge.agency_name(&charge.plan.monitor))
                .unwrap_or_default(),
            example: example.map_or_else(|| "II.2".to_owned(), |item| item.id),
            in_group: facts.in_group,
            corrects: answer.corrects,
            undoable: answer
                .recorded
                .iter()
                .any(|one| !matches!(one.what, What::Undo { .. }) && !one.what.is_slight()),
            recorded: answer
                .recorded
                .iter()
                .filter_map(|one| self.record(one, facts))
                .collect(),
            refused: answer
                .refused
                .iter()
                .map(|one| self.refusal(one, facts))
                .collect(),
            question: answer
                .question
                .as_ref()
                .map(|question| self.question(question, answer.again, facts)),
            shown: items(&answer.shown),
            listed: items(&answer.listed),
            homeless: if answer.listed.is_empty() {
                0
            } else {
                facts.background.homeless()
            },
            note: answer.note.map(note),
            rest: match answer.note {
                Some(Note::SummedUp { rest }) => rest,
                _ => 0,
            },
            undone: self.undone(answer, facts),
        }
    }

    /// What was taken back a moment ago, of an answer that says so.
    fn undone(&self, answer: &Answer, facts: &Facts<'_>) -> Option<ReceiptUndone> {
        let (id, at) = facts.background.just_undone?;
        answer.note.filter(|note| *note == Note::JustUndone)?;
        // The first whole minute in which the word counts again.
        let again = at + TimeDelta::seconds(TWICE_SECONDS + 59);
        let hour = |at| local(at).format("%H:%M").to_string();
        Some(ReceiptUndone {
            item: self.item(id, facts)?,
            at: hour(at),
            again: if facts.background.own_changes.is_empty() {
                String::new()
            } else {
                hour(again)
            },
        })
    }

    fn item(&self, id: ObligationId, facts: &Facts<'_>) -> Option<ReceiptItem> {
        let owed = facts.background.owed.iter().find(|owed| owed.id() == id)?;
        let changed = facts.now.iter().find(|one| one.id == id);
        let obligation = changed.unwrap_or(&owed.obligation);
        let asked = match changed {
            Some(_) => facts.asked.get(&id).copied(),
            None => owed.asked,
        };
        let charge = self.setup.find(&obligation.plan)?;
        let (task, milestone) = charge.find(&obligation.milestone)?;
        let called = if task.milestones.len() > 1 {
            milestone.id.to_string()
        } else {
            task.id.to_string()
        };
        let mut others = facts.background.owed.iter().map(|owed| &owed.obligation);
        let is_numbered_alike =
            others.any(|other| other.milestone.task == task.id && other.plan != obligation.plan);
        Some(ReceiptItem {
            id: if is_numbered_alike {
                format!("{called} ({})", charge.plan.number)
            } else {
                called
            },
            title: title(&milestone.label, &task.content),
            written: milestone.written.clone(),
            due_on: obligation.due_on,
            extended_from: obligation
                .original_due_on
                .filter(|original| obligation.due_on.is_some_and(|due| due != *original)),
            amended: facts.background.amended.get(&id).cloned(),
            latest: charge.plan.extensions.latest,
            standing: obligation.standing(facts.background.today, asked),
            awaits: obligation.pending,
            held: self.held(obligation, facts),
            product: task.product.clone(),
            lead: task.lead.clone(),
            coordinators: task.coordinate.clone(),
            said: facts
                .background
                .said
                .get(&id)
                .map(|said| said.quote.clone())
                .unwrap_or_default(),
        })
    }

    /// By what it is not owed now.
    fn held(&self, one: &Obligation, facts: &Facts<'_>) -> Option<ReceiptHold> {
        if !matches!(one.state, State::Suspended | State::Cancelled) {
            return None;
        }
        let hold = facts.background.holds.get(&one.id);
        Some(ReceiptHold {
            rests: one.state == State::Suspended,
            to: hold.map_or_else(String::new, |hold| self.heirs(hold)),
            document: hold.map_or_else(String::new, |hold| hold.document.clone()),
        })
    }

    /// The names of those to whom it was given.
    fn heirs(&self, hold: &Hold) -> String {
        let name = |agency| {
            let charge = self.setup.of_agency(agency);
            charge.map_or_else(|| agency.to_string(), |charge| charge.agency_name(agency))
        };
        let names: Vec<String> = hold.given_to.iter().map(name).collect();
        names.join(", ")
    }

    fn record(&self, one: &Recorded, facts: &Facts<'_>) -> Option<ReceiptRecord> {
        let owed = facts
            .background
            .owed
            .iter()
            .find(|owed| owed.id() == one.obligation)?;
        let (kind, on, document, percent) = parts(&one.what);
        Some(ReceiptRecord {
            item: self.item(one.obligation, facts)?,
            kind,
            on,
            percent,
            document,
            waits: owed.acceptance == Acceptance::Confirm && kind == ReceiptKind::Done,
            decides: self
                .setup
                .find(&owed.obligation.plan)
                .filter(|_| kind == ReceiptKind::Extension)
                .and_then(|charge| decider(charge, &owed.obligation.agency)),
            awaits: facts
                .now
                .iter()
                .find(|now| now.id == one.obligation && kind == ReceiptKind::Undo)
                .and_then(|now| now.pending),
            capped: one.capped,
            replaces: one.replaces,
            files: one.files,
            moved_from: one
                .moved_from
                .and_then(|id| self.item(id, facts))
                .map(|item| item.id)
                .unwrap_or_default(),
            was_on: one.was.as_ref().map(|was| was.on),
            was_document: one.was.as_ref().and_then(|was| was.document.clone()),
        })
    }

    fn refusal(&self, one: &Refused, facts: &Facts<'_>) -> ReceiptRefusal {
        let held = one.obligation.filter(|_| one.why == Why::Held);
        let hold = held.and_then(|id| facts.background.holds.get(&id));
        let to = hold.map_or_else(String::new, |hold| self.heirs(hold));
        let why = match one.why {
            Why::Held if !to.is_empty() => "given",
            Why::NotOwed => "not-owed",
            Why::AlreadyDone => "already-done",
            Why::Held => "held",
            Why::Asleep => "asleep",
            Why::BeforePlan => "before-plan",
            Why::NotLater => "not-later",
            Why::TooLateToSnooze => "too-late-to-snooze",
            Why::NoDeadline => "no-deadline",
            Why::ChangedSince => "changed-since",
            Why::NothingToUndo => "nothing-to-undo",
            Why::NotForHeads => "not-for-heads",
        };
        ReceiptRefusal {
            item: one.obligation.and_then(|id| self.item(id, facts)),
            named: one.named.clone(),
            why: why.to_owned(),
            to,
            document: hold.map_or_else(String::new, |hold| hold.document.clone()),
        }
    }
}

/// A label that speaks for itself, or the label and the task.
pub(in crate::app) fn title(label: &str, content: &str) -> String {
    const SPEAKS_FOR_ITSELF: usize = 30;
    if content.starts_with(label) {
        content.to_owned()
    } else if label.chars().count() > SPEAKS_FOR_ITSELF {
        label.to_owned()
    } else {
        format!("{label}: {content}")
    }
}

fn parts(what: &What) -> (ReceiptKind, Option<NaiveDate>, Option<String>, Option<u8>) {
    match what {
        What::Done { on, document } => (ReceiptKind::Done, Some(*on), document.clone(), None),
        What::Progress {
            percent,
            expected_on,
            document,
        } => (
            ReceiptKind::Progress,
            *expected_on,
            document.clone(),
            *percent,
        ),
        What::Blocked => (ReceiptKind::Blocked, None, None, None),
        What::Extension { until } => (ReceiptKind::Extension, *until, None, None),
        What::Reassign => (ReceiptKind::Reassign, None, None, None),
        What::Handed => (ReceiptKind::Handed, None, None, None),
        What::Snooze { until } => (ReceiptKind::Snooze, Some(*until), None, None),
        What::Evidence(evidence) => (
            ReceiptKind::Evidence,
            evidence.on,
            evidence.document.clone(),
            None,
        ),
        What::Undo { .. } => (ReceiptKind::Undo, None, None, None),
        // It is neither told nor offered.
        What::Ack => (ReceiptKind::Drop, None, None, None),
    }
}

fn note(note: Note) -> ReceiptNote {
    match note {
        Note::Linked => ReceiptNote::Linked,
        Note::Thanks => ReceiptNote::Thanks,
        Note::NotUnderstood => ReceiptNote::NotUnderstood,
        Note::Help => ReceiptNote::Help,
        Note::AskByNumber => ReceiptNote::AskByNumber,
        Note::NothingOpen => ReceiptNote::NothingOpen,
        Note::OnlyLate => ReceiptNote::OnlyLate,
        Note::NothingLate => ReceiptNote::NothingLate,
        Note::NothingToUndo => ReceiptNote::NothingToUndo,
        Note::JustUndone => ReceiptNote::JustUndone,
        Note::Dropped => ReceiptNote::Dropped,
        Note::Kept => ReceiptNote::Kept,
        Note::BareNumber => ReceiptNote::BareNumber,
        Note::NumberLater => ReceiptNote::NumberLater,
        Note::NothingAsked => ReceiptNote::NothingAsked,
        Note::OldButton => ReceiptNote::OldButton,
        Note::NoSuchDay => ReceiptNote::NoSuchDay,
        Note::ReasonKept => ReceiptNote::ReasonKept,
        Note::NoFiles => ReceiptNote::NoFiles,
        Note::FilesThere => ReceiptNote::FilesThere,
        Note::SummedUp { .. } => ReceiptNote::SummedUp,
    }
}
