//! Who was removed from offices in which nobody is left: what they were told is not told again to whoever hears in their place.

use std::collections::{BTreeSet, HashMap};

use super::who::Heard;
use crate::domain::directory::Role;
use crate::domain::ids::{AgencyCode, ContactId};
use crate::domain::ladder::Audience;
use crate::store::{StoreError, Tx, contacts};

/// Those who were removed, by agency.
#[derive(Default)]
pub(super) struct Former(HashMap<AgencyCode, Vec<(Role, ContactId)>>);

impl Former {
    /// Those of the offices in whose place somebody hears.
    pub(super) async fn of(tx: &mut Tx, heard: &[Heard<'_>]) -> Result<Self, StoreError> {
        let empty = heard.iter().filter(|one| one.is_for_an_empty_role());
        let agencies: BTreeSet<AgencyCode> = empty.map(|one| one.office.clone()).collect();
        if agencies.is_empty() {
            return Ok(Self::default());
        }
        let agencies: Vec<AgencyCode> = agencies.into_iter().collect();
        Ok(Self(contacts::list_removed(tx, &agencies).await?))
    }

    /// Those whose tellings count as told to this one: an officer's may have gone to the head already.
    pub(super) fn before<'f>(
        &'f self,
        one: &Heard<'_>,
    ) -> impl Iterator<Item = &'f ContactId> + use<'f> {
        let roles: &[Role] = match one.audience {
            _ if !one.is_for_an_empty_role() => &[],
            Audience::Officer | Audience::Monitor => &[Role::Officer, Role::Head, Role::Deputy],
            Audience::Head | Audience::Leader => &[Role::Head, Role::Deputy],
        };
        let removed = self.0.get(one.office).into_iter().flatten();
        removed
            .filter(|(role, _)| roles.contains(role))
            .map(|(_, id)| id)
    }
}
