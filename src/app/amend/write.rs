//! What a document changes, as it is written: obligations, amendment, ledger, announcements.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};

use super::raised::{Matter, Raised};
use super::{Authority, Changes, Effect, nothing};
use crate::app::AppError;
use crate::app::announce::announce;
use crate::app::ended::given_of;
use crate::app::setup::{Charge, Setup};
use crate::domain::amendment::{Amended, Fate, Kind, Terms};
use crate::domain::brief::dates_of;
use crate::domain::ids::{AgencyCode, ContactId, ObligationId};
use crate::domain::obligation::{Obligation, State};
use crate::store::amendments::{self, AmendmentItem, NewAmendment};
use crate::store::events::{self, Actor, NewEvent};
use crate::store::obligations::{self, NewTerms};
use crate::store::{Tx, announcements};

/// What one document does.
pub(super) struct Work<'a> {
    pub(super) setup: &'a Setup,
    pub(super) charge: &'a Charge,
    pub(super) authority: &'a Authority,
    /// Whose it is.
    pub(super) actor: Actor,
    pub(super) kind: Kind,
    /// To whom everything is given.
    pub(super) to: &'a [AgencyCode],
    /// What was raised of what changes.
    pub(super) matters: HashMap<ObligationId, Matter>,
    /// The amendment that is taken back.
    pub(super) revokes: Option<i64>,
    /// What answered for another agency as well, with that one.
    pub(super) parted: Vec<(Obligation, AgencyCode)>,
    pub(super) today: NaiveDate,
    pub(super) now: DateTime<Utc>,
}

/// What was written.
pub(super) struct Written {
    /// Number of the amendment.
    pub(super) amendment: i64,
    /// Every obligation in its scope.
    pub(super) effects: Vec<Effect>,
    /// Who is to be told.
    pub(super) told: BTreeSet<ContactId>,
    /// Who was not told of what this takes back, and hears of neither.
    pub(super) spared: BTreeSet<ContactId>,
}

/// What is to be stored beside the new terms.
#[derive(Default)]
pub(super) struct Draft {
    items: Vec<AmendmentItem>,
    /// What their agencies are told of.
    touched: Vec<Obligation>,
    /// Who asked for what is decided, moves or rests by it.
    askers: Vec<(ContactId, ObligationId)>,
    /// Lines that another agency's ledger has from now on.
    pub(super) carried: Vec<NewEvent>,
}

impl Draft {
    pub(super) fn touch(&mut self, item: AmendmentItem, one: &Obligation) {
        self.items.push(item);
        self.touched.push(one.clone());
    }

    fn asked(&mut self, matter: Option<&Matter>, id: ObligationId, raised: &[Raised]) {
        let by = matter.filter(|_| !raised.is_empty()).and_then(Matter::by);
        self.askers.extend(by.map(|by| (by.clone(), id)));
    }
}

impl Work<'_> {
    pub(super) async fn write(&self, tx: &mut Tx, changes: Changes) -> Result<Written, AppError> {
        if changes.iter().all(|(_, terms)| terms.is_err()) {
            return Err(nothing(&changes));
        }
        let mut effects = Vec::with_capacity(changes.len());
        let mut new_terms = Vec::new();
        let mut draft = Draft::default();
        let owed = self.owed_by_heirs(tx).await?;
        let before: Vec<Obligation> = changes.iter().map(|(one, _)| one.clone()).collect();
        let mut given_away = given_of(tx, &before).await?;
        for (before, terms) in changes {
            let after = terms.map(|terms| terms.applied_to(&before));
            let mut effect = Effect {
                was_given_to: given_away.remove(&before.id).unwrap_or_default(),
                given: Vec::new(),
                raised: Vec::new(),
                asked: self.matters.get(&before.id).and_then(|matter| matter.day),
                after,
                before,
            };
            if let Ok(after) = effect.after.clone() {
                let before = &effect.before;
                new_terms.push(NewTerms {
                    id: before.id,
                    was: Terms::of(before),
                    now: Terms::of(&after),
                    next_rung_on: self.next_rung(&after),
                });
                draft.touch(item(before.id, self.kind, self.to, before, &after), &after);
                effect.given = self.give(tx, before, &owed, &mut draft).await?;
                effect.raised = self.raised(&effect, &after);
                draft.asked(self.matters.get(&before.id), before.id, &effect.raised);
            }
            effects.push(effect);
        }
        self.part(&effects, &mut draft);
        if !obligations::set_terms(tx, &new_terms).await? {
            return Err(AppError::WrongState {
                what: "something in this scope".to_owned(),
                state: "not as it was a moment ago".to_owned(),
            });
        }
        let Authority {
            document,
            signed_on,
            reason,
        } = self.authority.clone();
        let entry = NewAmendment {
            plan: self.charge.plan.id.clone(),
            kind: self.kind,
            document,
            signed_on,
            reason,
            revokes: self.revokes,
        };
        let amendment = amendments::insert(tx, &entry, &draft.items, self.now).await?;
        let mut lines = self.lines(amendment, &entry, &draft.items, &effects);
        lines.append(&mut draft.carried);
        events::append(tx, &lines).await?;
        let unheard = self.withdraw(tx, &draft.touched).await?;
        let (touched, askers) = (draft.touched.iter(), draft.askers);
        let told = announce(
            tx,
            self.charge,
            amendment,
            self.today,
            touched,
            askers,
            &unheard,
        )
        .await?;
        let spared = unheard.into_iter().map(|(contact, _)| contact);
        Ok(Written {
            spared: spared.filter(|contact| !told.contains(contact)).collect(),
            amendment,
            effects,
            told,
        })
    }

    /// Has nobody told any more of what this takes back, and gives who would have been.
    async fn withdraw(
        &self,
        tx: &mut Tx,
        touched: &[Obligation],
    ) -> Result<BTreeSet<(ContactId, ObligationId)>, AppError> {
        let Some(amendment) = self.revokes else {
            return Ok(BTreeSet::new());
        };
        let ids: Vec<ObligationId> = touched.iter().map(|one| one.id).collect();
        Ok(announcements::withdraw(tx, amendment, &ids).await?)
    }

    /// What answered for another agency as well, and does so no longer.
    fn part(&self, effects: &[Effect], draft: &mut Draft) {
        for (own, other) in &self.parted {
            let is_back = |one: &Effect| {
                let before = &one.before;
                one.after.is_ok() && (&before.agency, &before.milestone) == (other, &own.milestone)
            };
            if effects.iter().any(is_back) {
                let other = std::slice::from_ref(other);
                draft.touch(item(own.id, self.kind, other, own, own), own);
            }
        }
    }

    fn raised(&self, effect: &Effect, after: &Obligation) -> Vec<Raised> {
        let before = &effect.before;
        let is_taken_over = effect
            .given
            .iter()
            .any(|(_, fate)| *fate == Fate::TakenOver);
        let matter = self.matters.get(&before.id);
        let (was, now) = (Terms::of(before), Terms::of(after));
        matter.map_or_else(Vec::new, |matter| {
            matter.raised(self.kind, &was, &now, is_taken_over)
        })
    }

    /// From the day before, so that a rung of today counts for what is owed again or due on another day.
    pub(super) fn next_rung(&self, one: &Obligation) -> Option<NaiveDate> {
        let yesterday = self.today.pred_opt().unwrap_or(self.today);
        let (ladder, calendar) = (&self.setup.ladder, &self.setup.calendar);
        (one.state == State::Open)
            .then(|| ladder.next_day(&dates_of(one), yesterday, calendar))
            .flatten()
    }

    fn lines(
        &self,
        amendment: i64,
        entry: &NewAmendment,
        items: &[AmendmentItem],
        effects: &[Effect],
    ) -> Vec<NewEvent> {
        let effects: HashMap<ObligationId, &Effect> =
            effects.iter().map(|one| (one.before.id, one)).collect();
        let line = |item: &AmendmentItem| NewEvent {
            plan: entry.plan.clone(),
            obligation: Some(item.obligation),
            at: self.now,
            actor: self.actor.clone(),
            kind: item.kind.as_str().to_owned(),
            payload: payload(
                Some(amendment),
                entry,
                item,
                effects.get(&item.obligation).copied(),
            ),
            source: None,
        };
        items.iter().map(line).collect()
    }
}

/// The particulars of a line of the ledger about an amendment.
pub(in crate::app) fn payload(
    amendment: Option<i64>,
    entry: &NewAmendment,
    item: &AmendmentItem,
    effect: Option<&Effect>,
) -> Value {
    let fate = match effect.map_or(&[][..], |effect| &effect.given) {
        [] => Value::Null,
        [(_, fate)] => json!(fate),
        several => several.iter().map(fate_of).collect(),
    };
    let counterpart = match item.counterparts.as_slice() {
        [] => Value::Null,
        [one] => json!(one),
        several => json!(several),
    };
    let raised = effect.map(|effect| json!(effect.raised));
    json!({
        "amendment": amendment,
        "amended": item.amended,
        "document": entry.document,
        "signed_on": entry.signed_on,
        "reason": entry.reason,
        "counterpart": counterpart,
        "fate": fate,
        "raised": raised.filter(|raised| *raised != json!([])),
        "takes_back": entry.revokes,
    })
}

/// One of several fates, with whose it is.
fn fate_of((agency, fate): &(AgencyCode, Fate)) -> Value {
    let mut fate = json!(fate);
    fate["agency"] = json!(agency);
    fate
}

pub(super) fn item(
    obligation: ObligationId,
    kind: Kind,
    counterparts: &[AgencyCode],
    before: &Obligation,
    after: &Obligation,
) -> AmendmentItem {
    AmendmentItem {
        obligation,
        kind,
        counterparts: counterparts.to_vec(),
        amended: Amended {
            was: Terms::of(before),
            now: Terms::of(after),
        },
    }
}
