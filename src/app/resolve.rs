//! What the monitor resolves -> the obligation, the ledger, and a word to those who wait.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

use super::AppError;
use super::compose::{capacity, milestone_name, reader};
use super::ledger::past;
use super::plan_day::Origin;
use super::record::find_one;
use super::setup::{Charge, People, Setup};
use super::windows::Windows;
use crate::domain::brief::dates_of;
use crate::domain::decide::Stand;
use crate::domain::directory::Contact;
use crate::domain::ids::{AgencyCode, ContactId, TaskId};
use crate::domain::ladder::Audience;
use crate::domain::obligation::{Obligation, Pending, State};
use crate::domain::reach::Reach;
use crate::domain::resolution::{Resolution, Resolved, resolve};
use crate::messages::{DecisionContext, ReceiptItem};
use crate::store::deliveries::{self, DeliveryKind, Message, NewDelivery};
use crate::store::events::{self, Actor, NewEvent};
use crate::store::obligations::{self, Dates, StateChange, Waiting};
use crate::store::{Db, Tx, contacts, statements};

/// What the monitor says of what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Which task.
    pub task: TaskId,
    /// Which of its milestones, where it has several.
    pub milestone: Option<u16>,
    /// Whose.
    pub agency: AgencyCode,
    /// What.
    pub resolution: Resolution,
    /// Why, in the monitor's words; it is told to those who wait.
    pub reason: Option<String>,
    /// Number of the document by which it was decided: `45/SNV-CCHC`.
    pub document: Option<String>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The obligation before.
    pub before: Obligation,
    /// The obligation as it is now.
    pub after: Obligation,
    /// Who is told at once.
    pub told: Vec<ContactId>,
}

/// Resolves what waits for the monitor, writes it into the ledger and tells the officers of the agency at once, in one
/// transaction. With `dry_run` nothing is changed: the answer says what would be.
///
/// # Errors
/// When there is no such obligation, it is not clear which, or nothing of it can be resolved so; nothing is changed then.
#[expect(clippy::too_many_arguments, reason = "one fact each")]
pub async fn settle(
    db: &Db,
    setup: &Setup,
    origin: &Origin,
    charge: &Charge,
    order: &Order,
    today: NaiveDate,
    now: DateTime<Utc>,
    dry_run: bool,
) -> Result<Settled, AppError> {
    let mut tx = db.begin().await?;
    let fits = |one: &Obligation| order.resolution.fits(one);
    let (task, milestone, agency) = (&order.task, order.milestone, &order.agency);
    let before = find_one(&mut tx, charge, task, milestone, agency, fits).await?;
    let ledger = events::list_of_obligation(&mut tx, before.id).await?;
    let resolved = resolve(
        &before,
        order.resolution,
        past(&ledger),
        charge.plan.extensions,
        charge.plan.issued_on,
        today,
        &setup.calendar,
    )
    .map_err(|why| AppError::Unfit {
        what: name_of(&before),
        why,
    })?;
    let said = statements::find(&mut tx, &[before.id]).await?;
    let speaker = said.get(&before.id).map(|said| &said.contact);
    write(&mut tx, setup, &before, order, resolved, today, now).await?;
    let after = obligations::find(&mut tx, &[before.id])
        .await?
        .pop()
        .unwrap_or_else(|| before.clone());
    let hearers = hearers(&mut tx, charge, &after.agency, speaker).await?;
    let windows = Windows::of(&mut tx, setup, origin, &hearers, today, now).await?;
    let facts = Facts {
        setup,
        origin,
        windows: &windows,
        charge,
        order,
        before: &before,
        after: &after,
        today,
        now,
    };
    let messages = hearers
        .iter()
        .filter_map(|contact| facts.message(contact).transpose())
        .collect::<Result<Vec<_>, _>>()?;
    let told = messages
        .iter()
        .filter_map(|one| one.message.contact.clone())
        .collect();
    deliveries::insert(&mut tx, &messages, now).await?;
    if !dry_run {
        tx.commit().await?;
    }
    Ok(Settled {
        before,
        after,
        told,
    })
}

fn name_of(one: &Obligation) -> String {
    format!("{} of {}", one.milestone, one.agency)
}

async fn write(
    tx: &mut Tx,
    setup: &Setup,
    before: &Obligation,
    order: &Order,
    resolved: Resolved,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let event = NewEvent {
        plan: before.plan.clone(),
        obligation: Some(before.id),
        at: now,
        actor: Actor::Operator,
        kind: order.resolution.as_str().to_owned(),
        payload: json!({
            "resolved": resolved,
            "was_due_on": before.due_on,
            "was": Stand::of(before),
            "reason": order.reason,
            "document": order.document,
        }),
        source: None,
    };
    // From the day before, so that a rung of today counts for what is open again or due on another day.
    let yesterday = today.pred_opt().unwrap_or(today);
    let next = |one: &Obligation| {
        setup
            .ladder
            .next_day(&dates_of(one), yesterday, &setup.calendar)
    };
    let written = match resolved {
        Resolved::Extended { due_on, act_by } => {
            let moved = Obligation {
                due_on: Some(due_on),
                act_by: Some(act_by),
                ..before.clone()
            };
            let dates = Dates { due_on, act_by };
            let from = before.due_on.unwrap_or(due_on);
            obligations::extend(tx, before.id, from, &dates, next(&moved), &event).await?
        }
        Resolved::Refused => {
            let waiting = Waiting {
                id: before.id,
                pending: None,
                snoozed_until: before.snoozed_until,
                look_on: Some(today),
            };
            obligations::set_waiting(tx, &waiting, &event).await?
        }
        Resolved::Accepted { done_on } => {
            let change = StateChange {
                id: before.id,
                from: before.state,
                to: State::Done,
                done_on: Some(done_on),
                pending: None,
                snoozed_until: None,
                next_rung_on: None,
            };
            obligations::set_state(tx, &change, &event).await?
        }
        Resolved::Returned => {
            // What was said of it no longer holds: a head who is told of it must not read that it is done.
            statements::forget(tx, before.id).await?;
            let change = StateChange {
                id: before.id,
                from: before.state,
                to: State::Open,
                done_on: None,
                pending: before
                    .pending
                    .filter(|pending| *pending != Pending::Acceptance),
                snoozed_until: None,
                next_rung_on: next(before),
            };
            obligations::set_state(tx, &change, &event).await?
        }
    };
    if written {
        Ok(())
    } else {
        Err(AppError::WrongState {
            what: name_of(before),
            state: "not as it was a moment ago".to_owned(),
        })
    }
}

/// Those who wait: the officers of the agency, and whoever spoke of it last.
async fn hearers(
    tx: &mut Tx,
    charge: &Charge,
    agency: &AgencyCode,
    speaker: Option<&ContactId>,
) -> Result<Vec<Contact>, AppError> {
    let stored = contacts::list_of_agencies(tx, std::slice::from_ref(agency)).await?;
    let people = People::new(stored.into_iter().map(|one| one.contact));
    let mut hearers = people.heard_by(charge, agency, Audience::Officer).to_vec();
    if let Some(speaker) = speaker.filter(|id| hearers.iter().all(|one| one.id != **id)) {
        let found = contacts::find(tx, speaker).await?;
        hearers.extend(found.filter(|one| one.active).map(|one| one.contact));
    }
    Ok(hearers)
}

/// What a message about a resolution is made of.
struct Facts<'a> {
    setup: &'a Setup,
    origin: &'a Origin,
    windows: &'a Windows<'a>,
    charge: &'a Charge,
    order: &'a Order,
    before: &'a Obligation,
    after: &'a Obligation,
    today: NaiveDate,
    now: DateTime<Utc>,
}

impl Facts<'_> {
    /// The message to one of them; `None` when no address works: the next brief says it.
    fn message(&self, contact: &Contact) -> Result<Option<NewDelivery>, AppError> {
        let Ok(Reach {
            channel, address, ..
        }) = self.windows.reach(contact)
        else {
            return Ok(None);
        };
        let charge = self.charge;
        let context = DecisionContext {
            today: self.today,
            reader: reader(contact, capacity(contact), Some(charge)),
            monitor: charge.agency_name(&charge.plan.monitor),
            kind: self.order.resolution.as_str().to_owned(),
            item: item(charge, self.after, self.today),
            was_due_on: self.before.due_on,
            done_on: self.after.done_on,
            reason: self.order.reason.clone().unwrap_or_default(),
            document: self.order.document.clone().unwrap_or_default(),
        };
        let rendered = self.setup.messages.render_decision(&context, channel);
        let rendered = rendered.map_err(|source| AppError::Answer {
            source: Box::new(source),
        })?;
        let (id, domain) = (&contact.id, &self.origin.domain);
        let moment = self.now.timestamp_micros();
        Ok(Some(NewDelivery {
            message: Message {
                contact: Some(id.clone()),
                kind: DeliveryKind::Notice,
                brief_day: None,
                channel,
                address,
                subject: rendered.subject.unwrap_or_default(),
                body: rendered.text,
                body_html: None,
                message_id: format!("<decision.{}.{moment}.{id}@{domain}>", self.after.id),
                thread_key: Some(format!("<briefs.{id}@{domain}>")),
                choices: Vec::new(),
            },
            not_before: self.now,
        }))
    }
}

fn item(charge: &Charge, one: &Obligation, today: NaiveDate) -> ReceiptItem {
    let Some((task, milestone)) = charge.find(&one.milestone) else {
        return ReceiptItem {
            id: one.milestone.to_string(),
            ..ReceiptItem::default()
        };
    };
    ReceiptItem {
        id: milestone_name(task, &milestone.id),
        title: super::reply::title(&milestone.label, &task.content),
        written: milestone.written.clone(),
        due_on: one.due_on,
        standing: one.standing(today),
        ..ReceiptItem::default()
    }
}
