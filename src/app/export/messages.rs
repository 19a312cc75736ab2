//! What was told: every message with its attempts.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::error::ExportError;
use super::folder::Written;
use super::{PAGE, Writing, written};
use crate::domain::ids::ObligationId;
use crate::store::attempts::{self, Attempt};
use crate::store::deliveries::{self, Delivery, DeliveryId, DeliveryKind};
use crate::store::inbox::InboxId;
use crate::store::shares::{self, Share};

impl Writing<'_> {
    /// Writes the messages that are about something within the scope.
    pub(super) async fn messages(&mut self) -> Result<Written, ExportError> {
        let mut file = self.folder.lines("messages.jsonl")?;
        let mut after = DeliveryId(0);
        loop {
            let page = deliveries::list_after(&mut self.tx, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.id;
            let shares = self.shares(&page).await?;
            let wanted: Vec<DeliveryId> = shares.keys().copied().collect();
            let mut tries = attempts::list_all(&mut self.tx, &wanted).await?;
            for one in &page {
                let Some(share) = shares.get(&one.id) else {
                    continue;
                };
                let tries = tries.remove(&one.id).unwrap_or_default();
                let words = (*share == Share::Whole).then_some(one);
                self.sheets.message(one, words.is_some(), tries.len());
                file.line(&as_json(one, words, &tries))?;
            }
        }
        file.end()
    }

    /// How much of each message lies within the scope.
    async fn shares(
        &mut self,
        page: &[Delivery],
    ) -> Result<HashMap<DeliveryId, Share>, ExportError> {
        if self.scope.is_all() {
            let ids = page.iter().map(|one| one.id);
            return Ok(ids.map(|id| (id, Share::Whole)).collect());
        }
        let (tx, scope) = (&mut self.tx, self.scope);
        let is_brief = |one: &&Delivery| one.message.kind == DeliveryKind::Brief;
        let briefs: Vec<_> = page.iter().filter(is_brief).map(|one| one.id).collect();
        let mut shares = shares::of_briefs(tx, scope, &briefs).await?;

        let answered =
            |one: &Delivery| Some((one.id, InboxId::answered_by(&one.message.message_id)?));
        let answers: Vec<_> = page.iter().filter_map(answered).collect();
        let received: Vec<_> = answers.iter().map(|(_, id)| *id).collect();
        let of_received = self.shares_of_received(&received).await?;
        let found = answers.iter().filter_map(|(id, received)| {
            let share = of_received.get(received)?;
            Some((*id, *share))
        });
        shares.extend(found);

        let decided = |one: &Delivery| Some((one.id, decided_in(&one.message.message_id)?));
        let decisions: Vec<_> = page.iter().filter_map(decided).collect();
        let about: Vec<_> = decisions.iter().map(|(_, id)| *id).collect();
        let within = shares::of_obligations(&mut self.tx, scope, &about).await?;
        let found = decisions.iter().filter(|(_, id)| within.contains(id));
        shares.extend(found.map(|(id, _)| (*id, Share::Whole)));
        Ok(shares)
    }
}

/// The obligation on which a message of ours tells a decision, by our id of it: `<decision.5.…@…>`.
fn decided_in(message_id: &str) -> Option<ObligationId> {
    let (number, _) = message_id.strip_prefix("<decision.")?.split_once('.')?;
    number.parse().ok().map(ObligationId)
}

pub(super) fn as_json(one: &Delivery, words: Option<&Delivery>, tries: &[Attempt]) -> Value {
    let message = &one.message;
    let tries = tries.iter().map(|one| {
        json!({
            "number": one.number,
            "started_at": written(one.started_at),
            "finished_at": one.finished_at.map(written),
            "outcome": one.outcome,
            "reason": one.reason,
            "provider_id": one.provider_id,
        })
    });
    json!({
        "delivery": one.id.0,
        "kind": message.kind.as_str(),
        "contact": message.contact,
        "brief_day": message.brief_day,
        "channel": message.channel,
        "address": message.address,
        "subject": words.map(|one| &one.message.subject),
        "body": words.map(|one| &one.message.body),
        "withheld": words.is_none().then_some("it is also about what is not exported"),
        "message_id": message.message_id,
        "state": one.state.as_str(),
        "reason": one.reason,
        "provider_id": one.provider_id,
        "reroutes": one.reroutes.map(|id| id.0),
        "created_at": written(one.created_at),
        "sent_at": one.sent_at.map(written),
        "attempts": tries.collect::<Value>(),
    })
}
