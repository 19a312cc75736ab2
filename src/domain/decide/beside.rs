//! What is no statement: that something was read, and files without a word.

use super::act::{Evidence, What};
use super::answer::{Moves, Note, Why};
use super::choose::{Chosen, Hints, by_name, may_mean, without_name};
use super::conversation::Talk;
use super::question::QuestionKind;
use super::situation::{Owed, OwnChange, Sent, Situation};
use super::verdict::{Verdict, verdict};
use crate::domain::inbound::File;
use crate::domain::reply::{Intent, Understanding};

/// Whether files came with nothing that could be reported: no words, or "em gửi ạ".
pub(super) fn brings_files(
    text: &str,
    understood: &Understanding,
    situation: &Situation<'_>,
) -> bool {
    let says_nothing = understood.parts.is_empty()
        && understood.doc.is_none()
        && matches!(understood.intent, Intent::Unknown | Intent::Ack);
    !situation.files.is_empty() && (says_nothing || names_only(text, understood))
}

/// Whether a text names a task and says nothing of it: "II.2", "của II.2 ạ". Least of all that it is done.
pub(super) fn names_only(text: &str, understood: &Understanding) -> bool {
    const MOST_WORDS: usize = 4;
    let says_nothing = match understood.intent {
        Intent::Unknown | Intent::Ack => true,
        Intent::Done | Intent::Progress => !understood.sure,
        _ => false,
    };
    says_nothing
        && understood.refs.len() == 1
        && understood.parts.is_empty()
        && understood.date.is_none()
        && understood.doc.is_none()
        && understood.percent.is_none()
        && text.split_whitespace().count() <= MOST_WORDS
}

impl<'a> Talk<'a, '_> {
    /// What was told is read: said of each task that nobody has said anything of.
    pub(super) fn acknowledge(&mut self, understood: &Understanding) {
        let situation = self.situation;
        // Thanks to a question are no answer to the brief before it.
        if situation
            .asked
            .is_some_and(|asked| !asked.options.is_empty())
        {
            return;
        }
        self.note(Note::Thanks);
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
            Some(named) => self.proved(named),
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

    /// What files prove of a task that is named: the only milestone of it that is reported as done, before one that is left.
    fn proved(&self, named: &str) -> Chosen<'a> {
        let called = self
            .situation
            .owed
            .iter()
            .filter(|owed| may_mean(owed, named));
        let mut claimed = called.filter(|owed| owed.claim.is_some());
        match (claimed.next(), claimed.next()) {
            (Some(only), None) => Chosen::One(only),
            _ => by_name(named, Hints::of(Intent::Progress), self.situation),
        }
    }

    /// Files that came with what is recorded already.
    pub(super) fn add_files(&mut self, owed: &Owed) {
        let proof = What::Evidence(Evidence {
            document: None,
            on: None,
        });
        match verdict(owed, proof, self.situation.today) {
            Ok(Verdict { change, .. }) => self.keep(change, false, None),
            Err(why) => self.refuse(Some(owed.id()), String::new(), why),
        }
    }

    /// "Ảnh vừa gửi là của II.3": the files that came last belong there.
    pub(super) fn put_files(&mut self, named: &str) {
        let owed = match self.proved(named) {
            Chosen::One(owed) | Chosen::Perhaps(owed) => owed,
            Chosen::OneOf(several) => several[0],
            Chosen::Nothing => return self.refuse(None, named.to_owned(), Why::NotOwed),
        };
        let sent = self.situation.sent;
        let from = sent.first().and_then(|one| one.obligation);
        let album = sent.first().and_then(Sent::album);
        // What came last: all of its album, or all that came since somebody last said where files belong.
        let last = sent.iter().enumerate().take_while(|(at, one)| {
            let goes_on = from.is_none() || *at == 0 || album.is_some() && one.album() == album;
            one.obligation == from && goes_on
        });
        let last: Vec<&Sent> = last.map(|(_, one)| one).collect();
        let files: Vec<File> = last.iter().flat_map(|one| one.files.clone()).collect();
        if from == Some(owed.id()) {
            return self.note(Note::FilesThere);
        }
        if files.is_empty() {
            return self.note(Note::NoFiles);
        }
        self.add_files(owed);
        let kept = self.decision.changes.last_mut();
        let told = self.decision.answer.recorded.last_mut();
        let Some((change, told)) = kept.zip(told) else {
            return;
        };
        told.files = files.len();
        change.files = files;
        if let Some(from) = from {
            told.moved_from = Some(from);
            let (to, events) = (owed.id(), last.iter().map(|one| one.event).collect());
            self.decision.moves = Some(Moves { events, from, to });
        }
        let asked = self
            .situation
            .asked
            .filter(|asked| asked.kind == QuestionKind::Which);
        let asks_whose = asked.is_some_and(|asked| asked.quote.is_empty());
        self.decision.forgets |= asks_whose;
    }

    /// The one task that the sender's last message was about, just now.
    pub(super) fn just_reported(&self) -> Option<&'a Owed> {
        let situation = self.situation;
        let newest = situation.own_changes.first()?;
        let same = |one: &OwnChange| one.message == newest.message;
        let mut others = situation.own_changes.iter().filter(|one| same(one));
        let is_only = others.all(|one| one.obligation == newest.obligation);
        (is_only && newest.is_fresh)
            .then(|| situation.find(newest.obligation))
            .flatten()
    }
}
