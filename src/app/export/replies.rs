//! What came in: every reply, without what opens something: codes, tokens of buttons, names of files at a provider.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::error::ExportError;
use super::folder::Written;
use super::{PAGE, Scope, Writing, written};
use crate::app::reply::is_code;
use crate::domain::inbound::{Answered, Content, File, Identity, Place};
use crate::store::inbox::{self, Dealt, InboxId};
use crate::store::persons;
use crate::store::shares::{self, Share};

/// Why the words of a reply are left out.
const OTHERS: &str = "it is also about what is not exported";
pub(super) const CODE: &str = "it is a code that binds a chat";

impl Writing<'_> {
    /// Writes the replies that led to something within the scope; those of an agency also where they led to nothing.
    pub(super) async fn replies(&mut self) -> Result<Written, ExportError> {
        let mut file = self.folder.lines("replies.jsonl")?;
        let mut after = InboxId(0);
        loop {
            let page = inbox::list_after(&mut self.tx, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.received.id;
            let ids: Vec<InboxId> = page.iter().map(|one| one.received.id).collect();
            let shares = self.shares_of_received(&ids).await?;
            let codes = self.codes(&page).await?;
            let senders = persons::list_senders(&mut self.tx, &ids).await?;
            for one in &page {
                let Some(share) = shares.get(&one.received.id) else {
                    continue;
                };
                let withheld = match share {
                    Share::Part => Some(OTHERS),
                    Share::Whole if codes.contains(&one.received.id) => Some(CODE),
                    Share::Whole => None,
                };
                let sender = senders.get(&one.received.id);
                self.sheets.reply(one, sender, withheld.is_none());
                file.line(&as_json(one, withheld))?;
            }
        }
        file.end()
    }

    /// Those that look like a code and of which no line of the ledger came.
    async fn codes(&mut self, page: &[Dealt]) -> Result<Vec<InboxId>, ExportError> {
        let looks = page
            .iter()
            .filter(|one| match &one.received.inbound.content {
                Content::Text { text, .. } => is_code(text),
                _ => false,
            });
        let mut codes: Vec<InboxId> = looks.map(|one| one.received.id).collect();
        let recorded = shares::of_received(&mut self.tx, &Scope::default(), &codes).await?;
        codes.retain(|id| !recorded.contains_key(id));
        Ok(codes)
    }

    /// How much of each received message lies within the scope.
    pub(super) async fn shares_of_received(
        &mut self,
        received: &[InboxId],
    ) -> Result<HashMap<InboxId, Share>, ExportError> {
        if self.scope.is_all() {
            return Ok(received.iter().map(|id| (*id, Share::Whole)).collect());
        }
        let (tx, scope) = (&mut self.tx, self.scope);
        let mut shares = shares::of_received(tx, scope, received).await?;
        if let (Some(agency), None) = (&scope.agency, &scope.task) {
            let unrecorded = shares::unrecorded_of(tx, agency, received).await?;
            shares.extend(unrecorded.into_iter().map(|id| (id, Share::Whole)));
        }
        Ok(shares)
    }
}

pub(super) fn as_json(one: &Dealt, withheld: Option<&str>) -> Value {
    let inbound = &one.received.inbound;
    let group = match &inbound.place {
        Place::Private => None,
        Place::Group { chat } => Some(chat),
    };
    let doubt = match &inbound.identity {
        Identity::Proven => None,
        Identity::Doubtful { reason } => Some(reason),
    };
    json!({
        "reply": one.received.id.0,
        "channel": inbound.channel,
        "from": inbound.from,
        "group": group,
        "sent_at": inbound.sent_at.map(written),
        "received_at": written(one.received.received_at),
        "doubt": doubt,
        "content": content(&inbound.content, withheld.is_none()),
        "withheld": withheld,
        "state": one.state,
        "outcome": one.outcome,
    })
}

fn content(content: &Content, is_open: bool) -> Value {
    match content {
        Content::Text {
            text,
            answers,
            edited,
            files,
        } => json!({
            "is": "text",
            "text": is_open.then_some(text),
            "edited": edited,
            "answers": answers.as_ref().map(answered),
            "files": if is_open { files.iter().map(file).collect() } else { Value::Null },
        }),
        Content::Button { answers, .. } => {
            json!({ "is": "button", "answers": answers.as_ref().map(answered) })
        }
        Content::Opened => json!({ "is": "opened" }),
        Content::Closed { reason } => json!({ "is": "closed", "reason": reason }),
        Content::Moved { .. } => json!({ "is": "moved" }),
        Content::Bounced {
            answers,
            recipient,
            forever,
            reason,
        } => json!({
            "is": "bounced",
            "answers": answers.as_ref().map(answered),
            "recipient": recipient,
            "forever": forever,
            "reason": reason,
        }),
        Content::Automatic { reason } => json!({ "is": "automatic", "reason": reason }),
        Content::Unreadable { reason } => json!({ "is": "unreadable", "reason": reason }),
    }
}

fn answered(answered: &Answered) -> Value {
    match answered {
        Answered::Delivery(number) => json!({ "delivery": number }),
        Answered::Provider(id) => json!({ "provider_id": id }),
        Answered::MessageId(id) => json!({ "message_id": id }),
    }
}

fn file(file: &File) -> Value {
    json!({
        "name": file.name,
        "media_type": file.media_type,
        "bytes": file.size,
        "sha256": file.sha256,
    })
}
