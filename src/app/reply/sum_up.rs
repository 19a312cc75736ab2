//! More messages than are answered one by one: what they say is recorded, and told in one message later.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::desk::{AnswerText, Desk, Outcome, done};
use super::receipt::Facts;
use super::situation::Background;
use crate::app::AppError;
use crate::app::ledger::Facts as Line;
use crate::app::requests::days_asked;
use crate::domain::decide::{Answer, Note, Recorded, What};
use crate::domain::directory::Contact;
use crate::domain::ids::ObligationId;
use crate::domain::inbound::{Content, Place};
use crate::store::Tx;
use crate::store::deliveries::{self, Message, NewDelivery};
use crate::store::events::{self, Actor};
use crate::store::inbox::{Received, Settled};
use crate::store::{correspondence, obligations, questions};

/// How long after the first of them they are summed up: by then answers are given one by one again.
const LATER: TimeDelta = TimeDelta::hours(1);

/// How the ids of summaries begin.
const SUMMARY: &str = "<summary.";

/// How many lines of the ledger are looked through.
const MOST_LINES: u32 = 300;

/// How many tasks are told of.
const MOST_TOLD: usize = 12;

impl Desk {
    /// Records what a message says, and adds it to the summary. Nothing is asked back, so what is in doubt is not recorded.
    pub(super) async fn take_without_an_answer(
        &self,
        tx: &mut Tx,
        received: &Received,
        contact: &Contact,
        now: DateTime<Utc>,
    ) -> Result<Outcome, AppError> {
        let Content::Text {
            text,
            answers,
            edited: false,
            ..
        } = &received.inbound.content
        else {
            // A button or a correction is dealt with by a person: what it would change stands wrong until then.
            return Ok((
                Settled::Held,
                "one message too many, and no new words".to_owned(),
            ));
        };
        if received.inbound.place != Place::Private {
            return Ok((Settled::Held, "one message too many, in a group".to_owned()));
        }
        let background = self
            .background(tx, received, contact, answers.as_ref(), now)
            .await?;
        let decision = self.decide(received, &background);
        self.apply(
            tx,
            received,
            contact,
            &background,
            &decision.changes,
            decision.quote.as_ref().unwrap_or(text),
            now,
        )
        .await?;
        self.keep_files(tx, received, contact, &background, &decision, now)
            .await?;
        if decision.forgets {
            questions::forget(tx, &contact.id, received.inbound.channel).await?;
        }
        self.sum_up(tx, received, contact, &background, now).await?;
        Ok(done(format!(
            "recorded without an answer of its own: {} changes; they are summed up later",
            decision.changes.len()
        )))
    }

    /// Writes the summary that leaves later, or writes it anew with what is recorded by now.
    async fn sum_up(
        &self,
        tx: &mut Tx,
        received: &Received,
        contact: &Contact,
        background: &Background,
        now: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let waiting = correspondence::find_waiting(tx, &contact.id, SUMMARY).await?;
        let since = waiting.as_ref().map_or(now, |one| one.created_at);
        let answer = self.summary(tx, contact, since).await?;
        let changed: Vec<ObligationId> = answer.recorded.iter().map(|one| one.obligation).collect();
        let now_owed = obligations::find(tx, &changed).await?;
        let facts = Facts {
            contact,
            background,
            asked: days_asked(tx, now_owed.iter()).await?,
            now: &now_owed,
            token: "",
            in_group: false,
        };
        let own = received.inbound.channel;
        let channel = waiting.as_ref().map_or(own, |one| one.message.channel);
        let AnswerText {
            subject,
            text,
            kind,
            ..
        } = self.render_answer(&answer, &facts, channel)?;
        // One that is leaving just now has told what it tells: what is recorded since goes into the next.
        if let Some(waiting) = waiting
            && correspondence::rewrite(tx, waiting.id, &text).await?
        {
            return Ok(());
        }
        let domain = &self.origin.domain;
        let summary = NewDelivery {
            message: Message {
                contact: Some(contact.id.clone()),
                kind,
                brief_day: None,
                channel: own,
                address: received.inbound.answer_to().to_owned(),
                subject,
                body: text,
                body_html: None,
                message_id: format!("{SUMMARY}{}@{domain}>", received.id),
                thread_key: Some(format!("<briefs.{}@{domain}>", contact.id)),
                choices: Vec::new(),
            },
            not_before: now + LATER,
        };
        Ok(deliveries::insert(tx, &[summary], now).await?)
    }

    /// What was recorded of each task since, the last word of each.
    async fn summary(
        &self,
        tx: &mut Tx,
        contact: &Contact,
        since: DateTime<Utc>,
    ) -> Result<Answer, AppError> {
        let actor = Actor::Contact(contact.id.clone());
        let mut lines = events::list_of_actor(tx, &actor, since, MOST_LINES).await?;
        lines.reverse();
        let mut last: BTreeMap<ObligationId, Recorded> = BTreeMap::new();
        for line in &lines {
            let facts = Line::of(line);
            let Some((obligation, what)) = line.entry.obligation.zip(facts.said) else {
                continue;
            };
            if what == What::Ack {
                continue;
            }
            let said = Recorded {
                obligation,
                what,
                capped: false,
                replaces: None,
                files: facts.files.len(),
                was: None,
                moved_from: None,
            };
            last.insert(obligation, said);
        }
        let rest = last.len().saturating_sub(MOST_TOLD);
        Ok(Answer {
            recorded: last.into_values().take(MOST_TOLD).collect(),
            note: Some(Note::SummedUp { rest }),
            ..Answer::default()
        })
    }
}
