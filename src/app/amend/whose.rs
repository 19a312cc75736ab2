//! In whose name a document is recorded.

use super::Changes;
use crate::app::AppError;
use crate::app::resolve::{acting, nobody_named};
use crate::app::setup::Charge;
use crate::domain::amendment::Kind;
use crate::domain::docket::{amends, names_who_decides, who_amends};
use crate::domain::ids::ContactId;
use crate::store::Tx;
use crate::store::events::Actor;

/// Whose a change is: of the person in whose name it is recorded, or else of the operator alone.
///
/// # Errors
/// When nobody has that id, or somebody else is to change what one of these agencies owes, or nobody is named where the plan says
/// who moves its days.
pub(super) async fn actor(
    tx: &mut Tx,
    charge: &Charge,
    by: Option<&ContactId>,
    kind: Kind,
    changes: &Changes,
) -> Result<Actor, AppError> {
    let Some(id) = by else {
        let first = changes.iter().find(|(_, terms)| terms.is_ok());
        return match first {
            Some((one, _)) if names_who_decides(&charge.plan, amends(kind)) => {
                let amend = who_amends(&charge.plan, kind, &one.agency);
                Err(nobody_named(tx, &one.agency, amends(kind), &amend).await?)
            }
            _ => Ok(Actor::Operator),
        };
    };
    let contact = acting(tx, id).await?;
    for (one, _) in changes.iter().filter(|(_, terms)| terms.is_ok()) {
        let amend = who_amends(&charge.plan, kind, &one.agency);
        if amend.iter().all(|one| !one.include(&contact)) {
            let [decide, sign] = amend;
            return Err(AppError::NotTheirsToAmend {
                contact: id.clone(),
                owing: one.agency.clone(),
                amend: if decide == sign {
                    sign.to_string()
                } else {
                    format!("{decide} or {sign}")
                },
            });
        }
    }
    Ok(Actor::Contact(id.clone()))
}
