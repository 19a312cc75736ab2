//! A message that its sender has edited: what was recorded from it before.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::desk::Desk;
use super::situation::Background;
use crate::app::AppError;
use crate::app::ledger::Facts;
use crate::clock::local;
use crate::domain::decide::{Earlier, UNDO_DAYS, What};
use crate::domain::directory::Contact;
use crate::domain::inbound::{Content, File};
use crate::store::Tx;
use crate::store::events::{self, Actor, Event};
use crate::store::inbox::{self, Received};

/// How many messages of somebody are looked through for the one that was edited.
const MOST: u32 = 500;

/// What a message said before it was edited.
#[derive(Debug)]
pub(super) struct Edited {
    /// What was recorded from it, oldest first.
    pub(super) earlier: Vec<Earlier>,
    /// The day on which it was written.
    pub(super) written_on: NaiveDate,
    /// Whether its words and files are the same: something else about it was edited.
    pub(super) is_same: bool,
    /// Whether the question that waits was asked about it.
    pub(super) raised_question: bool,
}

impl Desk {
    /// What the message said before; `None` when this is no edit, or of a message that we never got.
    pub(super) async fn edited(
        &self,
        tx: &mut Tx,
        received: &Received,
        contact: &Contact,
        background: &Background,
        now: DateTime<Utc>,
    ) -> Result<Option<Edited>, AppError> {
        let Content::Text {
            edited: true,
            text,
            files,
            ..
        } = &received.inbound.content
        else {
            return Ok(None);
        };
        let since = now - TimeDelta::days(UNDO_DAYS + 1);
        let mut before = inbox::list_of_sender(tx, received, since, MOST).await?;
        before.retain(|one| received.inbound.is_version_of(&one.inbound));
        let (Some(newest), Some(oldest)) = (before.first(), before.last()) else {
            return Ok(None);
        };
        let is_same = matches!(&newest.inbound.content, Content::Text { text: was, files: had, .. }
            if was.trim() == text.trim() && same_files(had, files));
        let sources: Vec<String> = before.iter().map(|one| one.id.source()).collect();
        let question = background.asked.as_ref();
        let raised_question = question.is_some_and(|asked| {
            before
                .iter()
                .any(|one| asked.token == format!("q{}", one.id))
        });
        Ok(Some(Edited {
            earlier: recorded_from(tx, contact, &sources, background.today, since).await?,
            written_on: local(oldest.written_at()).date(),
            is_same,
            raised_question,
        }))
    }
}

/// What was recorded from these messages and not taken back, within the days in which it can be.
async fn recorded_from(
    tx: &mut Tx,
    contact: &Contact,
    sources: &[String],
    today: NaiveDate,
    since: DateTime<Utc>,
) -> Result<Vec<Earlier>, AppError> {
    let actor = Actor::Contact(contact.id.clone());
    let mut own = events::list_of_actor(tx, &actor, since, MOST).await?;
    let undone: Vec<i64> = own
        .iter()
        .filter_map(|event| Facts::of(event).undoes)
        .collect();
    let is_of_these = |event: &Event| {
        let source = event.entry.source.as_ref();
        source.is_some_and(|source| sources.contains(source))
    };
    let of_these: Vec<i64> = own
        .iter()
        .filter(|event| is_of_these(event))
        .map(|event| event.id)
        .collect();
    own.retain(|event| {
        is_of_these(event)
            && !undone.contains(&event.id)
            && (today - local(event.entry.at).date()).num_days() <= UNDO_DAYS
    });
    // What an earlier version of the message said, and a later one took back, gave nothing its day.
    let takes_back = |event: &&Event| {
        let undone = Facts::of(event).undoes;
        undone.is_some_and(|undone| !of_these.contains(&undone))
    };
    let taken_back = own.iter().filter(takes_back);
    let undone_here: Vec<_> = taken_back
        .filter_map(|event| event.entry.obligation)
        .collect();
    let mut earlier = Vec::new();
    for event in own.iter().rev() {
        let Some(mut one) = earlier_of(event) else {
            continue;
        };
        let of_it: Vec<(Event, Facts)> = events::list_of_obligation(tx, one.obligation)
            .await?
            .into_iter()
            .map(|event| {
                let facts = Facts::of(&event);
                (event, facts)
            })
            .collect();
        let undone: Vec<i64> = of_it.iter().filter_map(|(_, facts)| facts.undoes).collect();
        // A document that was added later belongs to its completion, and an undone word was never said.
        one.is_last = !of_it.iter().any(|(later, facts)| {
            let source = later.entry.source.as_ref();
            later.id > event.id
                && facts.undoes.is_none()
                && !undone.contains(&later.id)
                && !matches!(facts.said, Some(What::Evidence(_)))
                && facts.moved.is_none()
                && !source.is_some_and(|source| sources.contains(source))
        });
        one.proves = undone_here.contains(&one.obligation);
        earlier.push(one);
    }
    Ok(earlier)
}

fn earlier_of(event: &Event) -> Option<Earlier> {
    let facts = Facts::of(event);
    Some(Earlier {
        event: event.id,
        obligation: event.entry.obligation?,
        what: facts.said?,
        before: facts.before?,
        after: facts.after?,
        is_last: false,
        proves: false,
    })
}

/// The id of a file may be another each time that it is told.
fn same_files(a: &[File], b: &[File]) -> bool {
    let known = |file: &File| (file.name.clone(), file.size);
    a.iter().map(known).eq(b.iter().map(known))
}
