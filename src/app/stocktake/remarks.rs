//! What stands in a table beside what it records no completion of: a note, or the number of a document. It is kept in the ledger
//! as the monitor's, once; its agency has said nothing by it.

use chrono::{DateTime, Utc};
use serde_json::json;

use crate::app::AppError;
use crate::app::ledger::Facts;
use crate::app::resolve::actor;
use crate::app::setup::Charge;
use crate::domain::ids::ContactId;
use crate::domain::obligation::{Obligation, Pending};
use crate::files::StocktakeLine;
use crate::store::Tx;
use crate::store::events::{self, Event, NewEvent};

/// The kind of such a line of the ledger.
const NOTED: &str = "noted";

/// A line with such a thing, and what it is about.
pub(super) struct Remark<'a> {
    pub(super) charge: &'a Charge,
    pub(super) obligation: Obligation,
    pub(super) line: &'a StocktakeLine,
}

impl Remark<'_> {
    /// The note and the document that these lines of the ledger have not.
    fn news(&self, known: &[Event]) -> Option<(Option<&str>, Option<&str>)> {
        let note = Some(self.line.note.as_str()).filter(|note| {
            let is_known = |one: &Event| one.entry.payload["note"] == **note;
            !note.is_empty() && !known.iter().any(is_known)
        });
        let document = self.line.said.document().filter(|document| {
            let is_known = |one: &Event| Facts::of(one).proof().is_some_and(|is| is == document);
            !known.iter().any(is_known)
        });
        (note.is_some() || document.is_some()).then_some((note, document))
    }
}

/// Keeps what the ledger has not yet. Returns of how many obligations that is something.
///
/// # Errors
/// Whoever is named does not decide for the monitor; the database fails.
pub(super) async fn keep(
    tx: &mut Tx,
    remarks: &[Remark<'_>],
    by: Option<&ContactId>,
    now: DateTime<Utc>,
) -> Result<usize, AppError> {
    let ids: Vec<_> = remarks.iter().map(|one| one.obligation.id).collect();
    let known = events::list_of_obligations(tx, &ids).await?;
    let mut lines = Vec::new();
    for one in remarks {
        let Remark {
            charge, obligation, ..
        } = one;
        let known = known.get(&obligation.id).map_or(&[][..], Vec::as_slice);
        let Some((note, document)) = one.news(known) else {
            continue;
        };
        lines.push(NewEvent {
            plan: charge.plan.id.clone(),
            obligation: Some(obligation.id),
            at: now,
            actor: actor(tx, charge, Pending::Acceptance, &obligation.agency, by).await?,
            kind: NOTED.to_owned(),
            payload: json!({ "note": note, "document": document }),
            source: None,
        });
    }
    events::append(tx, &lines).await?;
    Ok(lines.len())
}
