//! The weekly digest of each plan: counted from the ledger, worded, and put into the outbox once a week.

mod week;

use chrono::{DateTime, NaiveDate, Utc};

use super::AppError;
use super::people::People;
use super::plan_day::Origin;
use super::setup::{Charge, Setup};
use super::windows::Windows;
use crate::clock::instant;
use crate::domain::delivery::Channel;
use crate::domain::directory::{Contact, Role};
use crate::domain::ids::{AgencyCode, ContactId};
use crate::domain::ladder::Audience;
use crate::messages::{DigestContext, Rendered};
use crate::store::deliveries::{self, DeliveryKind, Message, NewDelivery};
use crate::store::{Db, Tx, watermarks};
use week::read;

/// Puts the digests of `today` into the outbox, for the schedule's day `nominal`. False when another process, or an
/// earlier round, has done so. The first time there is no week to look back on: it is sent on its own day only.
///
/// # Errors
/// When the database or a template fails; nothing is queued then.
pub async fn send_digests(
    db: &Db,
    setup: &Setup,
    origin: &Origin,
    nominal: NaiveDate,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> Result<bool, AppError> {
    let mut tx = db.begin().await?;
    if !watermarks::mark_digest(&mut tx, nominal).await? {
        return Ok(false);
    }
    for charge in &setup.charges {
        if charge.plan.issued_on >= today {
            continue;
        }
        let digest = read(&mut tx, setup, origin, charge, today).await?;
        let mut messages = Vec::new();
        for (contact, audience) in readers(&mut tx, setup, origin, charge, today, now).await? {
            let context = digest.context(charge, &contact, audience);
            for (channel, address) in routes(&contact, origin) {
                let rendered = setup.messages.render_digest(&context, channel);
                let rendered = rendered.map_err(|source| AppError::Answer {
                    source: Box::new(source),
                })?;
                let message = message(
                    &contact.id,
                    charge,
                    today,
                    channel,
                    address,
                    rendered,
                    origin,
                );
                messages.push(NewDelivery {
                    message,
                    not_before: now,
                });
            }
        }
        deliveries::insert(&mut tx, &messages, now).await?;
    }
    tx.commit().await?;
    Ok(true)
}

/// The digest of a plan on the morning of `day`, as its monitor reads it; nothing is stored or sent.
///
/// # Errors
/// When the database fails.
pub async fn preview(
    db: &Db,
    setup: &Setup,
    origin: &Origin,
    charge: &Charge,
    day: NaiveDate,
) -> Result<DigestContext, AppError> {
    let mut tx = db.snapshot().await?;
    let digest = read(&mut tx, setup, origin, charge, day).await?;
    let at = instant(day.and_time(setup.ladder.from));
    let readers = readers(&mut tx, setup, origin, charge, day, at).await?;
    let reader = readers
        .into_iter()
        .find(|(_, audience)| *audience == Audience::Monitor);
    let contact = reader.map_or_else(|| nobody(&charge.plan.monitor), |(contact, _)| contact);
    Ok(digest.context(charge, &contact, Audience::Monitor))
}

/// A monitor of whom no contact is known yet.
fn nobody(agency: &AgencyCode) -> Contact {
    Contact {
        id: ContactId::new(String::new()),
        agency: agency.clone(),
        role: Role::Officer,
        title: String::new(),
        channels: Vec::new(),
    }
}

/// Who reads it: officers and heads of the monitor, and the head of the issuer, or who stands in for them.
async fn readers(
    tx: &mut Tx,
    setup: &Setup,
    origin: &Origin,
    charge: &Charge,
    day: NaiveDate,
    at: DateTime<Utc>,
) -> Result<Vec<(Contact, Audience)>, AppError> {
    let (monitor, issuer) = (&charge.plan.monitor, &charge.plan.issuer);
    let people = People::of(tx, &[monitor.clone(), issuer.clone()], day).await?;
    let windows = Windows::of(tx, setup, origin, people.all(), day, at).await?;
    let reaches = |contact: &Contact| windows.reach(contact).is_ok();
    let mut readers: Vec<(Contact, Audience)> = Vec::new();
    let offices = [
        (monitor, Audience::Officer, Audience::Monitor),
        (monitor, Audience::Head, Audience::Head),
        (issuer, Audience::Leader, Audience::Leader),
    ];
    for (agency, heard_as, reads_as) in offices {
        let hearing = people.heard_by(charge, agency, heard_as, reaches);
        for contact in hearing.hearers.into_iter().map(|one| one.contact) {
            if readers.iter().all(|(known, _)| known.id != contact.id) {
                readers.push((contact.clone(), reads_as));
            }
        }
    }
    Ok(readers)
}

/// The whole by mail, and the short form by the first chat; whoever has one of them gets that one.
fn routes(contact: &Contact, origin: &Origin) -> Vec<(Channel, String)> {
    let usable: Vec<_> = contact
        .channels
        .iter()
        .filter(|(channel, _)| origin.channels.contains(channel))
        .cloned()
        .collect();
    let mail = usable
        .iter()
        .find(|(channel, _)| *channel == Channel::Email);
    let chat = usable
        .iter()
        .find(|(channel, _)| *channel != Channel::Email);
    mail.into_iter().chain(chat).cloned().collect()
}

fn message(
    contact: &ContactId,
    charge: &Charge,
    day: NaiveDate,
    channel: Channel,
    address: String,
    rendered: Rendered,
    origin: &Origin,
) -> Message {
    let (plan, domain) = (&charge.plan.id, &origin.domain);
    Message {
        contact: Some(contact.clone()),
        kind: DeliveryKind::Digest,
        brief_day: None,
        channel,
        address,
        subject: rendered.subject.unwrap_or_default(),
        body: rendered.text,
        body_html: rendered.html,
        message_id: format!(
            "<digest.{plan}.{}.{contact}.{}@{domain}>",
            day.format("%Y%m%d"),
            channel.as_str()
        ),
        thread_key: Some(format!("<digests.{plan}.{contact}@{domain}>")),
        choices: Vec::new(),
    }
}
