//! Files beside words: kept in the ledger whatever is said of them, put elsewhere when somebody says so, and of an album
//! answered once.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::desk::Desk;
use super::situation::{Background, EVIDENCE};
use crate::app::AppError;
use crate::app::ledger::Facts;
use crate::domain::decide::{Decision, Evidence, Moves, Sent, Stand, What};
use crate::domain::directory::Contact;
use crate::domain::ids::PlanId;
use crate::domain::inbound::{Content, File};
use crate::store::Tx;
use crate::store::events::{self, Actor, Event, NewEvent};
use crate::store::evidence::{MOVED, RECEIVED};
use crate::store::inbox::{self, Received};
use crate::store::questions::{self, Asked, Matter};

/// How long after the first picture of an album the others may come.
const ALBUM_MINUTES: i64 = 10;

/// How many messages of somebody are looked through for the rest of an album.
const MOST: u32 = 30;

/// Among the lines of somebody, the newest first: the files that belong nowhere yet, and those that were put somewhere without a
/// report.
pub(super) fn sent(lines: &[Event]) -> Vec<Sent> {
    let mut placed: BTreeSet<String> = BTreeSet::new();
    let mut moved: BTreeSet<i64> = BTreeSet::new();
    let mut sent = Vec::new();
    for line in lines {
        let facts = Facts::of(line);
        moved.extend(facts.moved);
        let mut files = facts.files;
        if line.entry.kind == RECEIVED {
            files.retain(|file| !placed.contains(&file.id));
        }
        if files.is_empty() || moved.contains(&line.id) {
            continue;
        }
        if line.entry.obligation.is_some() {
            placed.extend(files.iter().map(|file| file.id.clone()));
        }
        if line.entry.kind == RECEIVED || line.entry.kind == EVIDENCE {
            sent.push(Sent {
                event: line.id,
                obligation: line.entry.obligation,
                files,
            });
        }
    }
    sent
}

impl Desk {
    /// Writes into the ledger which files came of which nothing was recorded, and which were put elsewhere.
    pub(super) async fn keep_files(
        &self,
        tx: &mut Tx,
        received: &Received,
        contact: &Contact,
        background: &Background,
        decision: &Decision,
        now: DateTime<Utc>,
    ) -> Result<(), AppError> {
        if let Some(Moves { events, from, to }) = &decision.moves {
            let owed = |id| background.owed.iter().find(|owed| owed.id() == id);
            if let (Some(from), Some(to)) = (owed(*from), owed(*to)) {
                let plan = &from.obligation.plan;
                let moved = events.iter().map(|event| NewEvent {
                    obligation: Some(from.id()),
                    payload: json!({ "moved": event, "to": to.obligation.milestone.to_string() }),
                    ..line(received, contact, plan, MOVED, now)
                });
                events::append(tx, &moved.collect::<Vec<_>>()).await?;
            }
        }
        let Content::Text { text, files, .. } = &received.inbound.content else {
            return Ok(());
        };
        let is_placed = decision
            .changes
            .iter()
            .any(|change| !change.files.is_empty());
        if files.is_empty() || is_placed {
            return Ok(());
        }
        let Some(charge) = self.setup.of_agency(&contact.agency) else {
            return Ok(());
        };
        let mut line = line(received, contact, &charge.plan.id, RECEIVED, now);
        line.payload = json!({ "files": files, "agency": contact.agency, "quote": text });
        Ok(events::append(tx, &[line]).await?)
    }

    /// Adds a picture to what the first ones of its album are of, without another answer; `false` where it is the first, or
    /// says something itself.
    pub(super) async fn goes_on_with_an_album(
        &self,
        tx: &mut Tx,
        received: &Received,
        contact: &Contact,
        background: &Background,
        now: DateTime<Utc>,
    ) -> Result<bool, AppError> {
        let Content::Text {
            text,
            files,
            edited: false,
            ..
        } = &received.inbound.content
        else {
            return Ok(false);
        };
        let Some(album) = files.iter().find_map(|file| file.album.as_ref()) else {
            return Ok(false);
        };
        if !text.trim().is_empty() {
            return Ok(false);
        }
        let since = now - TimeDelta::minutes(ALBUM_MINUTES);
        let mut before = inbox::list_of_sender(tx, received, since, MOST).await?;
        before.retain(|one| is_of_album(one, album) && one.inbound.place == received.inbound.place);
        if before.is_empty() {
            return Ok(false);
        }
        let sources: Vec<String> = before.iter().map(|one| one.id.source()).collect();
        let actor = Actor::Contact(contact.id.clone());
        let lines = events::list_of_actor(tx, &actor, since, MOST).await?;
        let of_album = lines.iter().filter(|line| {
            line.entry
                .source
                .as_ref()
                .is_some_and(|source| sources.contains(source))
        });
        let with: BTreeSet<_> = of_album.filter_map(|line| line.entry.obligation).collect();
        let mut new = Vec::new();
        for owed in background
            .owed
            .iter()
            .filter(|owed| with.contains(&owed.id()))
        {
            let mut line = line(received, contact, &owed.obligation.plan, EVIDENCE, now);
            line.obligation = Some(owed.id());
            let stand = Stand::of(&owed.obligation);
            let said = What::Evidence(Evidence {
                document: None,
                on: None,
            });
            line.payload = json!({
                "said": said, "quote": "", "before": stand, "after": stand, "files": files,
            });
            new.push(line);
        }
        events::append(tx, &new).await?;
        if new.is_empty() {
            let nothing = Decision::default();
            self.keep_files(tx, received, contact, background, &nothing, now)
                .await?;
            let asked_of = before.iter().map(|one| format!("q{}", one.id));
            let tokens: Vec<String> = asked_of.collect();
            self.add_to_question(tx, contact, received, background, &tokens, files)
                .await?;
        }
        Ok(true)
    }

    /// The question to which task the first pictures belong is one about this picture too.
    async fn add_to_question(
        &self,
        tx: &mut Tx,
        contact: &Contact,
        received: &Received,
        background: &Background,
        tokens: &[String],
        files: &[File],
    ) -> Result<(), AppError> {
        let asked = background.asked.as_ref();
        let Some((asked, question)) = asked.and_then(|one| Some((one, one.report()?))) else {
            return Ok(());
        };
        if !tokens.contains(&asked.token) {
            return Ok(());
        }
        let mut question = question.clone();
        for act in question.options.iter_mut().flatten() {
            act.files.extend(files.iter().cloned());
        }
        let until = asked.asked_at + TimeDelta::hours(super::talk::QUESTION_HOURS);
        let asked = Asked {
            matter: Matter::Report(question),
            ..asked.clone()
        };
        Ok(questions::ask(tx, &contact.id, received.inbound.channel, &asked, until).await?)
    }
}

/// A line that says nothing yet.
fn line(
    received: &Received,
    contact: &Contact,
    plan: &PlanId,
    kind: &str,
    at: DateTime<Utc>,
) -> NewEvent {
    NewEvent {
        plan: plan.clone(),
        obligation: None,
        at,
        actor: Actor::Contact(contact.id.clone()),
        kind: kind.to_owned(),
        payload: Value::Null,
        source: Some(received.id.source()),
    }
}

fn is_of_album(one: &Received, album: &str) -> bool {
    let Content::Text { files, .. } = &one.inbound.content else {
        return false;
    };
    files
        .iter()
        .any(|file| file.album.as_deref() == Some(album))
}
