//! What a document changes, as it is written: obligations, amendment, ledger, announcements.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};

use super::{Authority, Changes, Effect, nothing};
use crate::app::AppError;
use crate::app::announce::announce;
use crate::app::setup::{Charge, Setup};
use crate::domain::amendment::{Amended, Fate, Kind, Terms};
use crate::domain::brief::dates_of;
use crate::domain::ids::{AgencyCode, ContactId, MilestoneId, ObligationId};
use crate::domain::obligation::{Obligation, State};
use crate::store::Tx;
use crate::store::amendments::{self, AmendmentItem, NewAmendment};
use crate::store::events::{self, Actor, NewEvent};
use crate::store::obligations::{self, Filter, NewTerms};

/// What one document does.
pub(super) struct Work<'a> {
    pub(super) setup: &'a Setup,
    pub(super) charge: &'a Charge,
    pub(super) authority: &'a Authority,
    /// Whose it is.
    pub(super) actor: Actor,
    pub(super) kind: Kind,
    /// To whom everything is given.
    pub(super) to: Option<&'a AgencyCode>,
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
}

impl Work<'_> {
    pub(super) async fn write(&self, tx: &mut Tx, changes: Changes) -> Result<Written, AppError> {
        if changes.iter().all(|(_, terms)| terms.is_err()) {
            return Err(nothing(&changes));
        }
        let mut effects = Vec::with_capacity(changes.len());
        let mut items = Vec::new();
        let mut new_terms = Vec::new();
        let mut touched = Vec::new();
        let owed = self.owed_by_heir(tx).await?;
        for (before, terms) in changes {
            let after = terms.map(|terms| terms.applied_to(&before));
            let mut effect = Effect {
                given: None,
                after,
                before,
            };
            if let Ok(after) = &effect.after {
                let before = &effect.before;
                new_terms.push(NewTerms {
                    id: before.id,
                    was: Terms::of(before),
                    now: Terms::of(after),
                    next_rung_on: self.next_rung(after),
                });
                items.push(item(before.id, self.kind, self.to, before, after));
                touched.push(after.clone());
                if let Some(to) = self.to {
                    let from = Some(&before.agency);
                    let fate = if let Some(own) = owed.get(&before.milestone) {
                        items.push(item(own.id, Kind::Joined, from, own, own));
                        touched.push(own.clone());
                        Fate::beside(own)
                    } else {
                        let heir = self.hand_over(tx, before, to).await?;
                        let nothing = Obligation {
                            state: State::Cancelled,
                            ..heir.clone()
                        };
                        items.push(item(heir.id, Kind::Received, from, &nothing, &heir));
                        touched.push(heir);
                        Fate::TakenOver
                    };
                    effect.given = Some((to.clone(), fate));
                }
            }
            effects.push(effect);
        }
        for (own, other) in &self.parted {
            let is_back = |one: &Effect| {
                let before = &one.before;
                one.after.is_ok() && (&before.agency, &before.milestone) == (other, &own.milestone)
            };
            if effects.iter().any(is_back) {
                items.push(item(own.id, self.kind, Some(other), own, own));
                touched.push(own.clone());
            }
        }
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
        let amendment = amendments::insert(tx, &entry, &items, self.now).await?;
        let fates = effects
            .iter()
            .filter_map(|one| Some((one.before.id, one.given.as_ref()?.1)));
        let lines = self.lines(amendment, &entry, &items, &fates.collect());
        events::append(tx, &lines).await?;
        let told = announce(tx, self.charge, amendment, self.today, touched.iter()).await?;
        Ok(Written {
            amendment,
            effects,
            told,
        })
    }

    /// From the day before, so that a rung of today counts for what is owed again or due on another day.
    fn next_rung(&self, one: &Obligation) -> Option<NaiveDate> {
        let yesterday = self.today.pred_opt().unwrap_or(self.today);
        let (ladder, calendar) = (&self.setup.ladder, &self.setup.calendar);
        (one.state == State::Open)
            .then(|| ladder.next_day(&dates_of(one), yesterday, calendar))
            .flatten()
    }

    /// What the agency to which everything is given owes itself.
    async fn owed_by_heir(
        &self,
        tx: &mut Tx,
    ) -> Result<HashMap<MilestoneId, Obligation>, AppError> {
        let Some(to) = self.to else {
            return Ok(HashMap::new());
        };
        let filter = Filter {
            plan: Some(self.charge.plan.id.clone()),
            agency: Some(to.clone()),
            ..Filter::default()
        };
        let owed = obligations::list(tx, &filter).await?.into_iter();
        Ok(owed.map(|one| (one.milestone.clone(), one)).collect())
    }

    async fn hand_over(
        &self,
        tx: &mut Tx,
        from: &Obligation,
        to: &AgencyCode,
    ) -> Result<Obligation, AppError> {
        let id = obligations::take_over(tx, from, to, self.next_rung(from)).await?;
        let ids: Vec<ObligationId> = id.into_iter().collect();
        let heir = obligations::find(tx, &ids).await?.pop();
        // Somebody gave it to the same agency a moment ago.
        heir.ok_or_else(|| AppError::WrongState {
            what: format!("{} of {to}", from.milestone),
            state: "not as it was a moment ago".to_owned(),
        })
    }

    fn lines(
        &self,
        amendment: i64,
        entry: &NewAmendment,
        items: &[AmendmentItem],
        fates: &HashMap<ObligationId, Fate>,
    ) -> Vec<NewEvent> {
        let line = |item: &AmendmentItem| NewEvent {
            plan: entry.plan.clone(),
            obligation: Some(item.obligation),
            at: self.now,
            actor: self.actor.clone(),
            kind: item.kind.as_str().to_owned(),
            payload: payload(Some(amendment), entry, item, fates.get(&item.obligation)),
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
    fate: Option<&Fate>,
) -> Value {
    json!({
        "amendment": amendment,
        "amended": item.amended,
        "document": entry.document,
        "signed_on": entry.signed_on,
        "reason": entry.reason,
        "counterpart": item.counterpart,
        "fate": fate,
        "takes_back": entry.revokes,
    })
}

fn item(
    obligation: ObligationId,
    kind: Kind,
    counterpart: Option<&AgencyCode>,
    before: &Obligation,
    after: &Obligation,
) -> AmendmentItem {
    AmendmentItem {
        obligation,
        kind,
        counterpart: counterpart.cloned(),
        amended: Amended {
            was: Terms::of(before),
            now: Terms::of(after),
        },
    }
}
