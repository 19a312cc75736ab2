//! What the files of a plan that was running have more than the database: in the ledger, and announced.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};

use crate::app::AppError;
use crate::app::amend::payload;
use crate::app::announce::announce;
use crate::app::setup::Charge;
use crate::clock::local;
use crate::domain::amendment::{Amended, Kind, Terms};
use crate::domain::ids::ContactId;
use crate::domain::obligation::{Obligation, State};
use crate::store::Tx;
use crate::store::amendments::{self, AmendmentItem, NewAmendment};
use crate::store::events::{self, Actor, NewEvent};

/// Obligations that came into a plan that was running.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Added {
    /// The document that added them, and the day on which it was signed, where the files name one.
    pub document: Option<(String, NaiveDate)>,
    /// They.
    pub obligations: Vec<Obligation>,
    /// Who is to be told of it; nobody, where no document is named: it is told by its rungs.
    pub told: BTreeSet<ContactId>,
}

/// What came into a plan that was running stands in the ledger from that moment on. A row that names the document by which
/// it was added is announced; any other is told by its rungs alone.
pub(super) async fn note_added(
    tx: &mut Tx,
    charge: &Charge,
    added: Vec<Obligation>,
    now: DateTime<Utc>,
) -> Result<Vec<Added>, AppError> {
    let mut by_document: BTreeMap<Option<(&str, NaiveDate)>, Vec<Obligation>> = BTreeMap::new();
    for one in added {
        let task = charge.find(&one.milestone).map(|(task, _)| task);
        let addition = task.and_then(|task| task.addition.as_ref());
        let document = addition.map(|addition| (addition.document.as_str(), addition.on));
        by_document.entry(document).or_default().push(one);
    }
    let mut all = Vec::new();
    for (document, obligations) in by_document {
        let items: Vec<AmendmentItem> = obligations.iter().map(as_added).collect();
        let entry = NewAmendment {
            plan: charge.plan.id.clone(),
            kind: Kind::Added,
            document: document
                .map(|(number, _)| number.to_owned())
                .unwrap_or_default(),
            signed_on: document.map(|(_, on)| on),
            reason: None,
            revokes: None,
        };
        let amendment = match document {
            Some(_) => Some(amendments::insert(tx, &entry, &items, now).await?),
            None => None,
        };
        let lines: Vec<NewEvent> = items
            .iter()
            .map(|item| NewEvent {
                plan: charge.plan.id.clone(),
                obligation: Some(item.obligation),
                at: now,
                actor: Actor::System,
                kind: Kind::Added.as_str().to_owned(),
                payload: payload(amendment, &entry, item, None),
                source: None,
            })
            .collect();
        events::append(tx, &lines).await?;
        let mut told = BTreeSet::new();
        if let Some(amendment) = amendment {
            let (today, touched) = (local(now).date(), obligations.iter());
            let unheard = BTreeSet::new();
            told = announce(tx, charge, amendment, today, touched, Vec::new(), &unheard).await?;
        }
        all.push(Added {
            document: document.map(|(number, on)| (number.to_owned(), on)),
            obligations,
            told,
        });
    }
    Ok(all)
}

fn as_added(one: &Obligation) -> AmendmentItem {
    let now = Terms::of(one);
    AmendmentItem {
        obligation: one.id,
        kind: Kind::Added,
        counterparts: Vec::new(),
        amended: Amended {
            was: Terms {
                state: State::Cancelled,
                ..now
            },
            now,
        },
    }
}
