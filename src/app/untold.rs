//! Whose silence is none: no message ever told an agency of what it has not answered, or none can reach it now.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;

use super::AppError;
use super::people::People;
use super::register::Accounts;
use super::setup::Setup;
use super::windows::Windows;
use crate::domain::absence::{Gap, Missing};
use crate::domain::brief::Item;
use crate::domain::directory::Contact;
use crate::domain::ids::{AgencyCode, ObligationId, PlanId};
use crate::domain::ladder::Audience;
use crate::domain::obligation::Obligation;
use crate::domain::register::Cutoff;
use crate::store::statements::Said;
use crate::store::{Known, StoreError, Tx, first_told};

/// What nobody has answered and its agency was never told of.
#[derive(Clone, Debug, Default)]
pub(super) struct Untold(HashSet<ObligationId>);

impl Untold {
    /// Of what is late without an answer, with what was told up to the day of the count.
    pub async fn of(
        tx: &mut Tx,
        accounts: &Accounts,
        cutoff: Cutoff,
        known: Known,
    ) -> Result<Self, StoreError> {
        Self::among(tx, &accounts.silent(cutoff), cutoff.day, known).await
    }

    /// Of these, with what was told up to `day`, as far as is known.
    pub async fn among(
        tx: &mut Tx,
        silent: &[ObligationId],
        day: NaiveDate,
        known: Known,
    ) -> Result<Self, StoreError> {
        let told = first_told::list(tx, silent, known).await?;
        let is_untold = |id: &&ObligationId| told.get(id).is_none_or(|on| *on > day);
        Ok(Self(silent.iter().filter(is_untold).copied().collect()))
    }

    /// Whether it is among them.
    pub fn has(&self, obligation: ObligationId) -> bool {
        self.0.contains(&obligation)
    }
}

/// Of these items, what nobody has answered and either no message told its agency of, or is owed by an agency of which nobody
/// can be reached on `day`: in its place nobody hears, and not because they are away.
pub(super) async fn unreached(
    tx: &mut Tx,
    setup: &Setup,
    windows: &Windows<'_>,
    items: impl Iterator<Item = &Item>,
    obligations: &HashMap<ObligationId, Obligation>,
    said: &HashMap<ObligationId, Said>,
    day: NaiveDate,
) -> Result<HashSet<ObligationId>, AppError> {
    let ids = items.map(|item| item.obligation);
    let ids: BTreeSet<ObligationId> = ids.filter(|id| !said.contains_key(id)).collect();
    let silent: Vec<&Obligation> = ids.iter().filter_map(|id| obligations.get(id)).collect();
    if silent.is_empty() {
        return Ok(HashSet::new());
    }
    let ids: Vec<ObligationId> = silent.iter().map(|one| one.id).collect();
    let Untold(mut found) = Untold::among(tx, &ids, day, Known::NOW).await?;
    let owing: BTreeSet<(&PlanId, &AgencyCode)> =
        silent.iter().map(|one| (&one.plan, &one.agency)).collect();
    let agencies: BTreeSet<&AgencyCode> = owing.iter().map(|(_, agency)| *agency).collect();
    let agencies: Vec<AgencyCode> = agencies.into_iter().cloned().collect();
    let people = People::of(tx, &agencies, day).await?;
    let windows = windows.of_others(tx, people.all()).await?;
    let reaches = |contact: &Contact| windows.hears(contact);
    let cannot_hear = |(plan, agency): &(&PlanId, &AgencyCode)| {
        setup.find(plan).is_some_and(|charge| {
            let hearing = people.heard_by(charge, agency, Audience::Officer, reaches);
            let is_away = |one: &Missing<'_>| one.why == Gap::Away;
            !hearing.unfilled.is_empty() && !hearing.unfilled.iter().any(is_away)
        })
    };
    let deaf: BTreeSet<_> = owing.into_iter().filter(cannot_hear).collect();
    let of_those = silent
        .iter()
        .filter(|one| deaf.contains(&(&one.plan, &one.agency)));
    found.extend(of_those.map(|one| one.id));
    Ok(found)
}
