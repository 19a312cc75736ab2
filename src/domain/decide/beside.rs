//! What is no statement: that something was read, and files without a word.

use super::act::{Evidence, What};
use super::answer::{Note, Why};
use super::choose::{Chosen, Hints, by_name, may_mean, without_name};
use super::conversation::Talk;
use super::question::QuestionKind;
use super::situation::{Owed, OwnChange, Situation};
use super::verdict::{Verdict, verdict};
use crate::domain::reply::{Intent, Understanding};

/// Whether files came with nothing that could be reported: no words, or "em gửi ạ".
pub(super) fn brings_files(understood: &Understanding, situation: &Situation<'_>) -> bool {
    !situation.files.is_empty()
        && understood.parts.is_empty()
        && understood.doc.is_none()
        && matches!(understood.intent, Intent::Unknown | Intent::Ack)
}

impl<'a> Talk<'a, '_> {
    /// What was told is read: said of each task that nobody has said anything of.
    pub(super) fn acknowledge(&mut self, understood: &Understanding) {
        self.note(Note::Thanks);
        let situation = self.situation;
        let is_meant = |owed: &&Owed| match understood.refs.as_slice() {
            [] => situation.told.contains(&owed.id()),
            named => named.iter().any(|named| may_mean(owed, named)),
        };
        let met = situation.owed.iter().filter(is_meant);
        for owed in met.filter(|owed| owed.is_open() && !owed.is_answered) {
            if let Ok(Verdict { change, .. }) = verdict(owed, What::Ack, situation.today) {
                self.decision.changes.push(change);
            }
        }
    }

    /// Files without a report: they belong to what is named, to what the number of the document was asked for, to what the
    /// sender has just reported, or to the only task that was told; or else it is asked. They prove, and complete nothing.
    pub(super) fn file(&mut self, understood: &Understanding) {
        let situation = self.situation;
        let waits = situation
            .asked
            .filter(|question| question.kind == QuestionKind::Document);
        let replied_to = match (situation.replies_to, situation.told) {
            (Some(_), [only]) => situation.find(*only),
            _ => None,
        };
        let about = waits.and_then(|question| situation.find(*question.about.first()?));
        let about = replied_to.or(about);
        let chosen = match understood.refs.first() {
            Some(named) => by_name(named, Hints::of(Intent::Progress), situation),
            None => match about.or_else(|| self.just_reported()) {
                Some(owed) => Chosen::One(owed),
                None => without_name(self.text, Hints::of(Intent::Done), situation),
            },
        };
        let what = What::Evidence(Evidence {
            document: None,
            on: None,
        });
        match chosen {
            Chosen::One(owed) | Chosen::Perhaps(owed) => {
                self.record(owed, verdict(owed, what, situation.today));
            }
            Chosen::OneOf(candidates) => self.ask_whose(&what, &candidates),
            Chosen::Nothing => match understood.refs.first() {
                Some(named) => self.refuse(None, named.clone(), Why::NotOwed),
                None => self.note(Note::NothingOpen),
            },
        }
    }

    /// The one task that the sender's last message of today was about.
    fn just_reported(&self) -> Option<&'a Owed> {
        let situation = self.situation;
        let newest = situation.own_changes.first()?;
        let same = |one: &OwnChange| one.message == newest.message;
        let mut others = situation.own_changes.iter().filter(|one| same(one));
        let is_only = others.all(|one| one.obligation == newest.obligation);
        (is_only && newest.on == situation.today)
            .then(|| situation.find(newest.obligation))
            .flatten()
    }
}
