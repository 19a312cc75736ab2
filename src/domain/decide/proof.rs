//! The number and the day of a document that proves a completion: given later, or told wrong before.
//!
//! A day given later counts as if it had stood in the first words (DESIGN rule 15): the claim is taken back and said anew
//! with its day, each with its line in the ledger. No day counts that lies after the one on which it was written.

use chrono::NaiveDate;

use super::act::{Act, Evidence, Stand, What};
use super::answer::{Decision, Was, Why};
use super::choose::may_mean;
use super::conversation::Talk;
use super::question::{Question, QuestionKind};
use super::situation::{Claim, Owed, OwnChange, Situation};
use super::verdict::verdict;
use crate::domain::ids::ObligationId;
use crate::domain::reply::Understanding;
use crate::domain::terse::Corrected;

impl Talk<'_, '_> {
    /// Records the document of a completion, and its day as the day of the completion: earlier or later than was claimed. One that
    /// comes later, beside a document which is known already, proves the more and dates nothing.
    pub(super) fn prove(&mut self, owed: &Owed, document: Option<String>, on: Option<NaiveDate>) {
        let on = on.filter(|day| *day <= self.situation.today);
        let is_another = document.is_some() && owed.document.is_some() && document != owed.document;
        // The number is asked for once more only where the one that stands was called wrong.
        let asked = self.situation.asked;
        let asked = asked.filter(|asked| asked.kind == QuestionKind::Document);
        if is_another
            && asked.is_some_and(|asked| asked.about.contains(&owed.id()))
            && let Some(claim) = owed.claim
        {
            self.say_anew(owed, claim, on.unwrap_or(claim.on), document);
            return;
        }
        let moved = owed.claim.zip(on);
        let moved = moved.filter(|(claim, on)| *on < claim.on || *on > claim.on && !is_another);
        match (moved, document) {
            (Some((claim, on)), document) => self.say_anew(owed, claim, on, document),
            (None, Some(document)) => self.add(owed, Some(document), on),
            (None, None) => {}
        }
    }

    /// Asks whether the number of another document takes the place of the one that is recorded, or belongs to it as well.
    pub(super) fn ask_to_replace(&mut self, owed: &Owed, document: String, on: Option<NaiveDate>) {
        let on = on.filter(|day| *day <= self.situation.today);
        if on.is_some_and(|day| day < owed.issued_on) {
            self.refuse(Some(owed.id()), String::new(), Why::BeforePlan);
            return;
        }
        // What nobody claims any more, as it is confirmed, takes no other number in its place.
        let instead = owed.claim.map(|claim| What::Done {
            on: on.unwrap_or(claim.on),
            document: Some(document.clone()),
        });
        let beside = What::Evidence(Evidence {
            document: Some(document),
            on,
        });
        let offered = instead.into_iter().chain([beside]);
        let mut options: Vec<Vec<Act>> = offered.map(|what| vec![self.act(owed, what)]).collect();
        options.push(Vec::new());
        self.ask(Question {
            options,
            ..Question::new(QuestionKind::Replace, vec![owed.id()], self.text)
        });
    }

    /// The number that was chosen in the place of another one.
    pub(super) fn replace(&mut self, act: &Act) {
        let owed = self.situation.find(act.obligation);
        let still = owed.filter(|owed| act.stand == Stand::of(&owed.obligation));
        let claimed = still.and_then(|owed| Some((owed, owed.claim?)));
        match (claimed, &act.what) {
            (Some((owed, claim)), What::Done { on, document }) => {
                self.say_anew(owed, claim, *on, document.clone());
            }
            _ => self.refuse(Some(act.obligation), String::new(), Why::ChangedSince),
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
                let again = owed.standing(anew.change.after);
                self.keep(anew.change, false, Some(was));
                self.prove_further(&again, document.as_deref());
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

    /// Asks to which of several claimed completions a number or a day belongs.
    pub(super) fn ask_of_which(
        &mut self,
        claimed: &[(&Owed, Claim)],
        on: Option<NaiveDate>,
        document_of: impl Fn(&Owed) -> Option<String>,
    ) {
        let options = claimed.iter().map(|(owed, claim)| {
            let done = What::Done {
                on: on.unwrap_or(claim.on),
                document: document_of(owed).or_else(|| owed.document.clone()),
            };
            let taken_back = self.act(owed, What::Undo { event: claim.event });
            vec![taken_back, self.act(&owed.standing(claim.before), done)]
        });
        let about = claimed.iter().map(|(owed, _)| owed.id()).collect();
        self.ask(Question {
            options: options.collect(),
            ..Question::new(QuestionKind::Which, about, self.text)
        });
    }

    /// Further documents were named for the claim that was taken back, and prove the new one.
    fn prove_further(&mut self, owed: &Owed, document: Option<&str>) {
        for named in &owed.further {
            if document == Some(named) {
                continue;
            }
            let proof = What::Evidence(Evidence {
                document: Some(named.clone()),
                on: None,
            });
            let proved = verdict(owed, proof, self.situation.today);
            let proved = proved.map(|verdict| verdict.change);
            self.decision.changes.extend(proved);
        }
    }
}

/// What follows where the number or the day of a document is told to be another one; `None` where no completion is meant.
/// `of_its_kind` makes a bare number one of the kind of document that is to come of it.
pub(super) fn corrected(
    text: &str,
    corrected: &Corrected,
    understood: &Understanding,
    of_its_kind: impl Fn(&str, &Owed) -> Option<String>,
    situation: &Situation<'_>,
) -> Option<Decision> {
    let document_of = |owed: &Owed| {
        let document = corrected.document.as_deref();
        document.map(|number| match owed.document.as_deref() {
            None if !number.contains('/') => {
                of_its_kind(number, owed).unwrap_or_else(|| number.to_owned())
            }
            before => whole(number, before),
        })
    };
    let mut talk = Talk::new(text, situation);
    let claimed = meant(understood, situation)?;
    let (owed, claim) = match claimed.as_slice() {
        [] => return None,
        [one] => *one,
        several => {
            talk.ask_of_which(several, corrected.on, document_of);
            return Some(talk.decision);
        }
    };
    let document = document_of(owed);
    let waits = situation
        .asked
        .filter(|asked| asked.kind == QuestionKind::Document && asked.about.contains(&owed.id()));
    talk.decision.forgets = waits.is_some() && document.is_some();
    // "Ghi nhầm số 12/BC", where it is number 12 that stands: which it should be is still to be said.
    if corrected.on.is_none() && document.is_some() && document == owed.document {
        talk.ask_in_words(QuestionKind::Document, owed);
        return Some(talk.decision);
    }
    let on = corrected.on.unwrap_or(claim.on);
    if on < owed.issued_on {
        talk.refuse(Some(owed.id()), String::new(), Why::BeforePlan);
        return Some(talk.decision);
    }
    talk.say_anew(owed, claim, on, document);
    Some(talk.decision)
}

/// The completion that is named, or else asked about, answered, or claimed last: of several that one message claimed, all.
fn meant<'a>(
    understood: &Understanding,
    situation: &Situation<'a>,
) -> Option<Vec<(&'a Owed, Claim)>> {
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
            let only = called.next().filter(|_| called.next().is_none())?;
            return Some(vec![only]);
        }
        _ => return None,
    }
    let asked = situation
        .asked
        .filter(|asked| asked.kind == QuestionKind::Document);
    let asked = asked.and_then(|asked| asked.about.first().copied());
    let replied = situation.replies_to.and(situation.told.first().copied());
    let ids = match replied.or(asked) {
        Some(one) => vec![one],
        None => changed_last(situation),
    };
    let owed = ids.into_iter().filter_map(|id| situation.find(id));
    Some(owed.filter_map(claimed).collect())
}

/// What its sender changed last: of several in one message none is meant more than another.
fn changed_last(situation: &Situation<'_>) -> Vec<ObligationId> {
    let Some(last) = situation.own_changes.first() else {
        return Vec::new();
    };
    let with_it = situation.own_changes.iter().filter(|one| {
        one.event == last.event || one.message.is_some() && one.message == last.message
    });
    OwnChange::obligations(with_it)
}

/// A number alone takes the place of the number that was told before, and keeps its sign.
fn whole(number: &str, before: Option<&str>) -> String {
    let sign = before.and_then(|before| before.split_once('/'));
    match sign.filter(|_| !number.contains('/')) {
        Some((_, sign)) => format!("{number}/{sign}"),
        None => number.to_owned(),
    }
}
