//! The number and the day of a document that proves a completion: given later, or told wrong before.
//!
//! A day given later counts as if it had stood in the first words (DESIGN rule 15): the claim is taken back and said anew
//! with its day, each with its line in the ledger. No day counts that lies after the one on which it was written.

use chrono::NaiveDate;

use super::act::{Evidence, What};
use super::answer::{Decision, Was, Why};
use super::choose::may_mean;
use super::conversation::Talk;
use super::question::QuestionKind;
use super::situation::{Claim, Owed, OwnChange, Situation};
use super::verdict::verdict;
use crate::domain::reply::Understanding;
use crate::domain::terse::Corrected;

impl Talk<'_, '_> {
    /// Records the document of a completion, and its day as the day of the completion: earlier or later than was claimed. One that
    /// comes later, beside a document which is known already, proves the more and dates nothing.
    pub(super) fn prove(&mut self, owed: &Owed, document: Option<String>, on: Option<NaiveDate>) {
        let on = on.filter(|day| *day <= self.situation.today);
        let is_another = document.is_some() && owed.document.is_some() && document != owed.document;
        let moved = owed.claim.zip(on);
        let moved = moved.filter(|(claim, on)| *on < claim.on || *on > claim.on && !is_another);
        match (moved, document) {
            (Some((claim, on)), document) => self.say_anew(owed, claim, on, document),
            (None, Some(document)) => self.add(owed, Some(document), on),
            (None, None) => {}
        }
    }

    fn add(&mut self, owed: &Owed, document: Option<String>, on: Option<NaiveDate>) {
        let proof = What::Evidence(Evidence { document, on });
        self.record(owed, verdict(owed, proof, self.situation.today));
    }

    /// Takes a claim back and says it anew, with the day on which it was completed and its document.
    fn say_anew(&mut self, owed: &Owed, claim: Claim, on: NaiveDate, document: Option<String>) {
        let today = self.situation.today;
        // What can no longer be taken back is not made earlier either.
        let mut own = self.situation.own_changes.iter();
        let is_own = |change: &OwnChange| change.event == claim.event && change.is_recent(today);
        if on < claim.on && !own.any(is_own) {
            match document {
                Some(_) => self.add(owed, document, None),
                None => self.refuse(Some(owed.id()), String::new(), Why::NothingToUndo),
            }
            return;
        }
        let taken_back = verdict(owed, What::Undo { event: claim.event }, today);
        let done = What::Done {
            on,
            document: document.clone().or_else(|| owed.document.clone()),
        };
        let anew = verdict(&owed.standing(claim.before), done, today);
        match (taken_back, anew) {
            (Ok(taken_back), Ok(anew)) => {
                self.decision.changes.push(taken_back.change);
                let was = Was {
                    on: claim.on,
                    document: owed.document.clone(),
                };
                self.keep(anew.change, false, Some(was));
            }
            (Err(why), _) | (_, Err(why)) => {
                self.refuse(Some(owed.id()), String::new(), why);
                // The number is as good without the day.
                if document.is_some() {
                    self.add(owed, document, None);
                }
            }
        }
    }
}

/// What follows where the number or the day of a document is told to be another one; `None` where no completion is meant.
/// `of_its_kind` makes a bare number one of the kind of document that is to come of it.
pub(super) fn corrected(
    corrected: &Corrected,
    understood: &Understanding,
    of_its_kind: impl Fn(&str, &Owed) -> Option<String>,
    situation: &Situation<'_>,
) -> Option<Decision> {
    let (owed, claim) = meant(understood, situation)?;
    let document = corrected.document.as_deref();
    let document = document.map(|number| match owed.document.as_deref() {
        None if !number.contains('/') => {
            of_its_kind(number, owed).unwrap_or_else(|| number.to_owned())
        }
        before => whole(number, before),
    });
    let mut talk = Talk::new("", situation);
    let waits = situation
        .asked
        .filter(|asked| asked.kind == QuestionKind::Document && asked.about.contains(&owed.id()));
    talk.decision.forgets = waits.is_some() && document.is_some();
    let on = corrected.on.unwrap_or(claim.on);
    if on < owed.issued_on {
        talk.refuse(Some(owed.id()), String::new(), Why::BeforePlan);
        return Some(talk.decision);
    }
    talk.say_anew(owed, claim, on, document);
    Some(talk.decision)
}

/// The completion that is named, or else asked about, answered, or claimed last.
fn meant<'a>(understood: &Understanding, situation: &Situation<'a>) -> Option<(&'a Owed, Claim)> {
    let claimed = |owed: &'a Owed| owed.claim.map(|claim| (owed, claim));
    // "Số 21" is that of the document.
    let refs = understood
        .refs
        .iter()
        .filter(|named| !named.starts_with('#'));
    match refs.collect::<Vec<_>>().as_slice() {
        [] => {}
        [named] => {
            let called = situation.owed.iter().filter(|owed| may_mean(owed, named));
            let mut called = called.filter_map(claimed);
            return called.next().filter(|_| called.next().is_none());
        }
        _ => return None,
    }
    let asked = situation
        .asked
        .filter(|asked| asked.kind == QuestionKind::Document);
    let asked = asked.and_then(|asked| asked.about.first().copied());
    let replied = situation.replies_to.and(situation.told.first().copied());
    let own = situation.own_changes.first().map(|one| one.obligation);
    let first = replied.or(asked).or(own)?;
    situation.find(first).and_then(claimed)
}

/// A number alone takes the place of the number that was told before, and keeps its sign.
fn whole(number: &str, before: Option<&str>) -> String {
    let sign = before.and_then(|before| before.split_once('/'));
    match sign.filter(|_| !number.contains('/')) {
        Some((_, sign)) => format!("{number}/{sign}"),
        None => number.to_owned(),
    }
}
