//! Taking back what the sender has changed: of what is named, or else all of the last message.

use std::collections::BTreeMap;

use super::act::{Change, Stand, What};
use super::answer::{Note, Recorded, Why};
use super::choose::{Chosen, Hints, by_name, may_mean};
use super::conversation::Talk;
use super::situation::{Owed, OwnChange, is_recent};
use super::spoken::speak_of;
use super::verdict::verdict;
use crate::domain::ids::ObligationId;
use crate::domain::obligation::Pending;
use crate::domain::reply::{Intent, Understanding};

impl<'a> Talk<'a, '_> {
    /// Takes back what the sender has changed; what the same message says anew of other tasks is recorded after it.
    pub(super) fn undo(&mut self, understood: &Understanding) {
        if self.may_correct(understood) {
            return;
        }
        let refs = mistaken(understood);
        if understood.details.of_another && self.ask_of_claims(&refs) {
            return;
        }
        // "Nhầm, số 43": of which task nobody knows, and a number that was shown with none means none.
        if refs.iter().any(|named| self.is_shown_to_nobody(named)) {
            self.ask_of_the_last();
            return;
        }
        if refs.is_empty() && understood.parts.is_empty() && self.take_back_of_works(understood) {
            return;
        }
        self.take_back(&refs);
        self.put_right(understood);
        // Each task with its own day and number, and with those of no other one.
        let mut others = self.reported(understood);
        others.retain(|one| one.intent != Intent::Undo);
        if !others.is_empty() {
            self.tell(others, understood);
        }
    }

    /// "Không phải 14/4 đâu, 13/4 cơ": what may as well give another value takes back no completion unasked.
    fn may_correct(&mut self, understood: &Understanding) -> bool {
        let is_plain = understood.sure || !understood.refs.is_empty();
        !is_plain && self.ask_of_last_claim()
    }

    /// Asks whether the completion that the sender's last change claimed is to be taken back. Whether it claimed one.
    fn ask_of_last_claim(&mut self) -> bool {
        let last = self.situation.own_changes.first();
        let last = last.and_then(|one| self.situation.find(one.obligation));
        let claimed = last.filter(|owed| owed.claim.is_some());
        if let Some(owed) = claimed {
            self.ask_to_take_back([(owed, None)], Vec::new());
        }
        claimed.is_some()
    }

    /// Asks whether what the agency claims of these tasks is to be taken back. Whether it claims anything of them.
    fn ask_of_claims(&mut self, refs: &[String]) -> bool {
        let called: Vec<&Owed> = refs.iter().flat_map(|named| self.called(named)).collect();
        self.ask_of_own(called)
    }

    /// Asks whether what the sender claims of these is to be taken back. Whether anything of them is claimed.
    fn ask_of_own(&mut self, called: Vec<&'a Owed>) -> bool {
        let called = called.into_iter();
        let claimed = called.filter(|owed| self.own_claim(owed).is_some());
        let claimed: Vec<(&Owed, Option<What>)> = claimed.map(|owed| (owed, None)).collect();
        let is_asked = !claimed.is_empty();
        if is_asked {
            self.ask_to_take_back(claimed, Vec::new());
        }
        is_asked
    }

    /// "Nhầm cái kế hoạch": what was reported of the only task of which the words speak, or which of several was a mistake is asked.
    /// Whether they speak of any that was reported, and not of all that the last message reported.
    fn take_back_of_works(&mut self, understood: &Understanding) -> bool {
        let situation = self.situation;
        let hints = Hints {
            works: &understood.details.works,
            ..Hints::of(Intent::Undo)
        };
        let recent = situation.own_changes.iter();
        let recent = recent.filter(|one| one.is_recent(situation.today));
        let own = OwnChange::obligations(recent);
        let own: Vec<&Owed> = own
            .into_iter()
            .filter_map(|id| situation.find(id))
            .collect();
        let meant = speak_of(&own, hints, self.situation);
        let last = situation.own_changes.first();
        let is_last = |owed: &&Owed| last.is_some_and(|last| last.obligation == owed.id());
        match meant.as_slice() {
            [only] if situation.replies_to.is_none() && !is_last(only) => {
                let of_it = self.newest_of(|one| one.obligation == only.id());
                self.restore(&of_it);
                true
            }
            [_, _, ..] if !meant.iter().any(is_last) => self.ask_of_own(meant),
            _ => false,
        }
    }

    fn ask_of_the_last(&mut self) {
        if !self.ask_of_last_claim() {
            self.note(Note::NotUnderstood);
        }
    }

    fn is_shown_to_nobody(&self, named: &str) -> bool {
        let number = named
            .strip_prefix('#')
            .and_then(|number| number.parse().ok());
        let listed = 1..=self.situation.numbered.len();
        named.starts_with('#') && number.is_none_or(|number: usize| !listed.contains(&number))
    }

    /// "Lộn, 40%": the share that is right instead of the one that was taken back.
    fn put_right(&mut self, understood: &Understanding) {
        let percent = understood.percent.filter(|percent| *percent < 100);
        let [undone] = self.decision.changes.as_slice() else {
            return;
        };
        let id = undone.obligation;
        if !understood.sure || !understood.parts.is_empty() || percent.is_none() {
            return;
        }
        if let Some(owed) = self.changed(id) {
            let progress = What::Progress {
                percent,
                expected_on: None,
                document: None,
            };
            self.record(&owed, verdict(&owed, progress, self.situation.today));
        }
    }

    /// Takes back the sender's last change of each task that is named; without a name, all that the last message changed.
    pub(super) fn take_back(&mut self, refs: &[String]) {
        let situation = self.situation;
        let undone = situation.just_undone.and_then(|id| situation.find(id));
        if undone.is_some_and(|owed| refs.iter().all(|named| may_mean(owed, named))) {
            self.decision.forgets = true;
            self.note(Note::JustUndone);
            return;
        }
        if refs.is_empty() {
            let of_last = match situation.replies_to {
                Some(message) => self.newest_of(|one| one.message.as_deref() == Some(message)),
                None => self.newest_of(|_| true),
            };
            if of_last.is_empty() {
                self.note(Note::NothingToUndo);
                return;
            }
            self.decision.forgets = true;
            self.restore(&of_last);
        }
        for named in refs {
            self.take_back_of(named);
        }
    }

    /// Takes back the wish for more time that waits: of the task that is named, or else the sender's last. Whether one was found.
    pub(super) fn take_wish_back(&mut self, refs: &[String]) -> bool {
        let situation = self.situation;
        let waits = |owed: &Owed| owed.obligation.pending == Some(Pending::Extension);
        let is_meant = |one: &&OwnChange| {
            let owed = situation.find(one.obligation);
            let is_wish = one.after.pending == Some(Pending::Extension)
                && one.before.pending != Some(Pending::Extension);
            let is_named = |owed: &Owed| refs.iter().all(|named| may_mean(owed, named));
            is_wish && owed.is_some_and(|owed| waits(owed) && is_named(owed))
        };
        let mut own = situation.own_changes.iter();
        let Some(wish) = own
            .find(is_meant)
            .filter(|one| one.is_recent(situation.today))
        else {
            return false;
        };
        self.restore(&[wish]);
        let asked = situation.asked;
        self.decision.forgets = asked.is_some_and(|asked| asked.about.contains(&wish.obligation));
        true
    }

    fn take_back_of(&mut self, named: &str) {
        let called = self.called(named);
        if called.is_empty() {
            self.refuse(None, named.to_owned(), Why::NotOwed);
            return;
        }
        let is_called = |id| called.iter().any(|owed| owed.id() == id);
        if let Some(asked) = self.situation.asked {
            self.decision.forgets |= asked.about.iter().any(|id| is_called(*id));
        }
        let of_it = self.newest_of(|one| is_called(one.obligation));
        let may_be_undone = |owed: &&Owed| {
            let claim = owed.claim;
            claim.is_some_and(|claim| is_recent(claim.said_on, self.situation.today))
        };
        let claimed: Vec<&Owed> = called.iter().copied().filter(may_be_undone).collect();
        if of_it.is_empty() && !claimed.is_empty() {
            // A colleague's: whoever wrote it may know better. What is older is the monitor's to give back.
            self.ask_to_take_back(claimed.into_iter().map(|owed| (owed, None)), Vec::new());
        } else if of_it.is_empty() {
            let only = match called.as_slice() {
                [only] => Some(only.id()),
                _ => None,
            };
            self.refuse(only, named.to_owned(), Why::NothingToUndo);
        }
        self.restore(&of_it);
    }

    /// What the name may mean among all that the agency owes: `II.2` is every milestone of the task.
    fn called(&self, named: &str) -> Vec<&'a Owed> {
        let hints = Hints::of(Intent::Undo);
        let all = self.situation.owed.iter();
        let called: Vec<&Owed> = all.filter(|owed| may_mean(owed, named)).collect();
        if !called.is_empty() {
            return called;
        }
        match by_name(named, hints, self.situation) {
            Chosen::One(owed) | Chosen::Perhaps(owed) => vec![owed],
            Chosen::OneOf(several) => several,
            Chosen::Nothing => Vec::new(),
        }
    }

    /// Of what the sender changed and may still take back, that which the newest message changed; the newest first.
    fn newest_of(&self, is_meant: impl Fn(&OwnChange) -> bool) -> Vec<&'a OwnChange> {
        let today = self.situation.today;
        let mut meant = self
            .situation
            .own_changes
            .iter()
            .filter(|one| one.is_recent(today) && is_meant(one));
        let Some(newest) = meant.next() else {
            return Vec::new();
        };
        let of_message =
            meant.filter(|one| newest.message.is_some() && one.message == newest.message);
        std::iter::once(newest).chain(of_message).collect()
    }

    /// Takes these back, the newest first. What somebody has changed since is left, and said to be.
    fn restore(&mut self, changes: &[&OwnChange]) {
        let mut stands: BTreeMap<ObligationId, Stand> = BTreeMap::new();
        let mut told: Vec<Recorded> = Vec::new();
        for one in changes {
            let Some(owed) = self.situation.find(one.obligation) else {
                continue;
            };
            let is_first = !stands.contains_key(&owed.id());
            let now = *stands
                .entry(owed.id())
                .or_insert_with(|| Stand::of(&owed.obligation));
            if now != one.after {
                if is_first {
                    self.refuse(Some(owed.id()), String::new(), Why::ChangedSince);
                }
                continue;
            }
            stands.insert(owed.id(), one.before);
            let what = What::Undo { event: one.event };
            self.decision.changes.push(Change {
                obligation: owed.id(),
                what: what.clone(),
                before: now,
                after: one.before,
                files: Vec::new(),
            });
            told.retain(|earlier| earlier.obligation != owed.id());
            told.push(Recorded {
                obligation: owed.id(),
                what,
                capped: false,
                replaces: None,
                files: 0,
                was: None,
                moved_from: None,
            });
        }
        // In the order in which it was said.
        told.reverse();
        self.decision.answer.recorded.extend(told);
    }
}

/// The tasks of which something was a mistake: where several things are said, not those of which it is not.
fn mistaken(understood: &Understanding) -> Vec<String> {
    if understood.parts.is_empty() {
        return understood.refs.clone();
    }
    let undone = understood
        .parts
        .iter()
        .filter(|part| part.intent == Intent::Undo);
    undone.filter_map(|part| part.task.clone()).collect()
}
