//! An agency that has ended: it owes nothing any more, and nobody speaks for it.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::AppError;
use super::setup::Charge;
use crate::domain::delivery::Channel;
use crate::domain::ids::{AgencyCode, ContactId};
use crate::domain::obligation::{Obligation, State};
use crate::store::events::{self, Actor, NewEvent};
use crate::store::obligations::{self, Filter};
use crate::store::{Tx, addresses, contacts};

/// Unbinds the chats of everybody of an agency: each is bound again by a new code, to whatever agency the person then
/// belongs to (DESIGN rule 10). Mail goes on, for its addresses stand in the files.
///
/// # Errors
/// When the agency still owes something: a person decides for each.
pub(super) async fn end_agency(
    tx: &mut Tx,
    charge: &Charge,
    agency: &AgencyCode,
    now: DateTime<Utc>,
) -> Result<Vec<ContactId>, AppError> {
    let filter = Filter {
        agency: Some(agency.clone()),
        ..Filter::default()
    };
    let owed: Vec<Obligation> = obligations::list(tx, &filter)
        .await?
        .into_iter()
        .filter(|one| matches!(one.state, State::Open | State::Asleep | State::Suspended))
        .collect();
    if !owed.is_empty() {
        let names: Vec<String> = owed
            .iter()
            .take(8)
            .map(|one| one.milestone.to_string())
            .collect();
        let more = owed.len() - names.len();
        return Err(AppError::StillOwes {
            agency: agency.clone(),
            owed: match more {
                0 => names.join(", "),
                more => format!("{} and {more} others", names.join(", ")),
            },
        });
    }
    let chats: Vec<Channel> = Channel::ALL
        .into_iter()
        .filter(|channel| channel.is_chat())
        .collect();
    let mut unbound = Vec::new();
    for stored in contacts::list_of_agencies(tx, std::slice::from_ref(agency)).await? {
        let id = stored.contact.id;
        let channels = addresses::unbind(tx, &id, &chats).await?;
        if channels.is_empty() {
            continue;
        }
        let line = NewEvent {
            plan: charge.plan.id.clone(),
            obligation: None,
            at: now,
            actor: Actor::Operator,
            kind: "unbound".to_owned(),
            payload: json!({ "contact": id, "channels": channels, "agency": agency }),
            source: None,
        };
        events::append(tx, &[line]).await?;
        unbound.push(id);
    }
    Ok(unbound)
}
