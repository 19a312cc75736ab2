//! The weekly digest of each plan: counted from the ledger, worded, and put into the outbox once a week.

mod alarm;
mod readers;
mod sent;
mod week;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::AppError;
use super::caught::worded;
use super::caution::{Hands, Thing, fallen};
use super::plan_day::Origin;
pub use super::register::File;
use super::register::{Accounts, Grounds, files_of};
use super::setup::{Charge, Setup};
use crate::clock::{instant, local};
use crate::domain::delivery::Channel;
use crate::domain::digest::Span;
use crate::domain::directory::Contact;
use crate::domain::ids::ContactId;
use crate::domain::ladder::Audience;
use crate::messages::{DigestContext, DigestFiles, Messages, Rendered};
use crate::store::attachments::{self, Attachment};
use crate::store::deliveries::{self, DeliveryKind, Message, NewDelivery};
use crate::store::{Db, Known, Tx, in_hand, outbox, watermarks};
use readers::{Reading, nobody, readers};
use sent::{known_on, span_on};
use week::read;

/// For how long the files of a digest that was not sent are kept.
const FILES_KEPT: TimeDelta = TimeDelta::days(30);

/// Puts the digests of `today` into the outbox, for the schedule's day `nominal`. False when another process, or an
/// earlier round, has done so. The first time there is no week to look back on: it is sent on its own day only.
///
/// # Errors
/// When the database, a template or a document fails; nothing is queued then.
pub async fn send_digests(
    db: &Db,
    setup: &Setup,
    origin: &Origin,
    nominal: NaiveDate,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> Result<bool, AppError> {
    if !cancel_earlier(db, setup, nominal, now).await? {
        return Ok(false);
    }
    // Counting and writing documents takes a while: nobody's transaction waits for it.
    let mut tx = db.snapshot().await?;
    let span = since_the_last(&mut tx, setup, today).await?;
    let mut worded = Vec::new();
    let given_up = in_hand::list_given_up(&mut tx, Thing::DIGESTS).await?;
    for charge in &setup.charges {
        let plan = &charge.plan.id;
        let thing = Thing::Digest(plan.clone()).to_string();
        if given_up.iter().any(|(what, _)| *what == thing) {
            let why = fallen();
            tracing::error!(%plan, why, "the digest of this plan is left out: `dondoc outbox retry digest/PLAN`");
        } else if charge.plan.issued_on < today {
            worded.push(of_plan(&mut tx, setup, origin, charge, span, now).await?);
        }
    }
    drop(tx);
    let mut tx = db.begin().await?;
    if !watermarks::mark_digest(&mut tx, nominal, Some(now)).await? {
        return Ok(false);
    }
    for Worded { messages, files } in worded {
        deliveries::insert(&mut tx, &messages, now).await?;
        for NewDelivery { message, .. } in &messages {
            if message.may_have_files() && files.readers.contains(&message.message_id) {
                attachments::insert(&mut tx, &message.message_id, &files.attached).await?;
            }
        }
    }
    attachments::drop_bytes_before(&mut tx, now - FILES_KEPT).await?;
    tx.commit().await?;
    Ok(true)
}

/// Makes the digests of `today` for trial, after a process has died, and keeps nothing: each is noted before it is touched, so that
/// one that ends the program again and again is left out and the others leave.
///
/// # Errors
/// When the database fails. A digest that cannot be made is told by whoever sends it.
pub(super) async fn rehearse_digests(
    db: &Db,
    setup: &Setup,
    origin: &Origin,
    today: NaiveDate,
    now: DateTime<Utc>,
    hands: &Hands,
) -> Result<(), AppError> {
    for charge in setup
        .charges
        .iter()
        .filter(|one| one.plan.issued_on < today)
    {
        let thing = Thing::Digest(charge.plan.id.clone());
        if hands.take(&thing).await? {
            let mut tx = db.snapshot().await?;
            let span = since_the_last(&mut tx, setup, today).await?;
            let made = of_plan(&mut tx, setup, origin, charge, span, now).await;
            drop(tx);
            hands.strike_out(&[thing]).await?;
            made?;
        }
    }
    Ok(())
}

/// Cancels digests that should have left before the day of these: nobody gets two at once. False, with nothing done, when
/// these were made already.
async fn cancel_earlier(
    db: &Db,
    setup: &Setup,
    nominal: NaiveDate,
    now: DateTime<Utc>,
) -> Result<bool, AppError> {
    let mut tx = db.begin().await?;
    let last = watermarks::last_digest_day(&mut tx).await?;
    if last.is_some_and(|last| last >= nominal) {
        return Ok(false);
    }
    outbox::expire(&mut tx, now).await?;
    let leaves_on = setup.calendar.working_day_not_before(nominal);
    let before = instant(leaves_on.and_time(NaiveTime::MIN));
    let superseded = outbox::supersede_digests(&mut tx, before).await?;
    tx.commit().await?;
    if superseded > 0 {
        tracing::info!(superseded, "digests that never left are told anew");
    }
    Ok(true)
}

/// The days since the digests that were made last; before the first, those since the schedule's day before. Of those of
/// which one never left, these speak as well.
async fn since_the_last(tx: &mut Tx, setup: &Setup, today: NaiveDate) -> Result<Span, AppError> {
    let made_on = |(nominal, at): (NaiveDate, Option<DateTime<Utc>>)| match at {
        Some(at) => local(at).date(),
        None => setup.calendar.working_day_not_before(nominal),
    };
    let last = watermarks::last_digest(tx).await?;
    if let Some((_, Some(at))) = last {
        let made = outbox::list_digests_between(tx, at, at + TimeDelta::seconds(1)).await?;
        if made.iter().any(|one| one.at == at && one.is_told_anew) {
            return span_on(tx, setup, today).await;
        }
    }
    let last = last.map(made_on);
    let before = last.unwrap_or_else(|| setup.digest_before(today));
    Ok(Span::between(before, today))
}

/// The digests of one plan, and the files of those who get them.
struct Worded {
    messages: Vec<NewDelivery>,
    files: Files,
}

/// What is attached to which messages.
#[derive(Default)]
struct Files {
    readers: Vec<String>,
    attached: Vec<Attachment>,
}

async fn of_plan(
    tx: &mut Tx,
    setup: &Setup,
    origin: &Origin,
    charge: &Charge,
    span: Span,
    now: DateTime<Utc>,
) -> Result<Worded, AppError> {
    let (today, known) = (local(now).date(), Known::NOW);
    let accounts = Accounts::read(tx, setup, charge).await?;
    let week = read(tx, setup, origin, charge, span, known, &accounts).await?;
    let (mut messages, mut files) = (Vec::new(), Files::default());
    for reading in readers(tx, setup, origin, charge, known, (today, now)).await? {
        let Reading {
            contact,
            audience,
            held_until,
        } = reading;
        let routes = routes(&contact, origin);
        let has_mail = routes.iter().any(|(channel, _)| *channel == Channel::Email);
        for (channel, address) in routes {
            let state = match files_for(setup, audience, channel, has_mail) {
                DigestFiles::Attached | DigestFiles::Mailed if !accounts.fit_a_mail() => {
                    DigestFiles::TooLarge
                }
                state => state,
            };
            let context = || DigestContext {
                is_held: held_until.is_some(),
                ..week.context(charge, &contact, audience, state)
            };
            let Some(rendered) = words_of(setup, charge, &contact.id, channel, context) else {
                continue;
            };
            let message = message(
                &contact.id,
                charge,
                today,
                channel,
                address,
                rendered,
                origin,
            );
            if state == DigestFiles::Attached {
                files.readers.push(message.message_id.clone());
            }
            messages.push(NewDelivery {
                message,
                not_before: held_until.unwrap_or(now),
            });
        }
    }
    if !files.readers.is_empty() {
        let grounds = Grounds::read(tx, &charge.plan.id, span.until).await?;
        let made = files_of(
            setup,
            charge,
            &accounts,
            &grounds,
            week.silence(),
            week.transfers(),
            span,
        )?;
        files.attached = made
            .into_iter()
            .map(|file| Attachment {
                name: file.name,
                media_type: file.media_type.to_owned(),
                bytes: file.bytes,
            })
            .collect();
    }
    Ok(Worded { messages, files })
}

/// The words for one reader: those of the shipped templates where the operator's fail for them, so that nobody goes without. Nothing,
/// with a line in the log, where these fail too.
fn words_of(
    setup: &Setup,
    charge: &Charge,
    contact: &ContactId,
    channel: Channel,
    context: impl Fn() -> DigestContext,
) -> Option<Rendered> {
    let plan = &charge.plan.id;
    let failed = match worded(|| setup.messages.render_digest(context(), channel)) {
        Ok(rendered) => return Some(rendered),
        Err(error) => error,
    };
    let error = &failed as &dyn std::error::Error;
    tracing::error!(%plan, %contact, channel = channel.as_str(), error, "a template of the digest fails for this reader, who gets the one that is shipped: mend it, then SIGHUP");
    let shipped = Messages::shipped().ok()?;
    let again = worded(|| shipped.render_digest(context(), channel));
    again
        .inspect_err(|error| {
            let error = error as &dyn std::error::Error;
            tracing::error!(%plan, %contact, channel = channel.as_str(), error, "the shipped one fails too: this reader goes without, and `dondoc digest` writes it");
        })
        .ok()
}

/// Whether a reader gets the files: the monitor's people do, by mail. The leader reads one page.
fn files_for(setup: &Setup, audience: Audience, channel: Channel, has_mail: bool) -> DigestFiles {
    match (audience, channel) {
        _ if setup.messages.is_plain_only() => DigestFiles::None,
        (Audience::Leader, _) => DigestFiles::None,
        (_, Channel::Email) => DigestFiles::Attached,
        _ if has_mail => DigestFiles::Mailed,
        _ => DigestFiles::OnRequest,
    }
}

/// The digest of a plan on the morning of `day`, as its monitor or its leader reads it, with the files that this reader gets;
/// nothing is stored or sent. Where digests left on that day, or late for it, it speaks of the days of which those did. It tells what
/// was known then, and nothing of what came after.
///
/// # Errors
/// When the database or a document fails.
pub async fn preview(
    db: &Db,
    setup: &Setup,
    origin: &Origin,
    charge: &Charge,
    day: NaiveDate,
    audience: Audience,
) -> Result<(DigestContext, Vec<File>), AppError> {
    let mut tx = db.snapshot().await?;
    let accounts = Accounts::read(&mut tx, setup, charge).await?;
    let span = span_on(&mut tx, setup, day).await?;
    let day = span.morning();
    let known = known_on(&mut tx, day).await?;
    let digest = read(&mut tx, setup, origin, charge, span, known, &accounts).await?;
    let at = instant(day.and_time(setup.ladder.from));
    let readers = readers(&mut tx, setup, origin, charge, known, (day, at)).await?;
    let reader = readers.into_iter().find(|one| one.audience == audience);
    let is_held = reader.as_ref().is_some_and(|one| one.held_until.is_some());
    let is_leader = audience == Audience::Leader;
    let office = if is_leader {
        &charge.plan.issuer
    } else {
        &charge.plan.monitor
    };
    let contact = reader.map_or_else(|| nobody(office), |one| one.contact);
    if is_leader {
        let context = digest.context(charge, &contact, audience, DigestFiles::None);
        return Ok((context, Vec::new()));
    }
    let context = DigestContext {
        is_held,
        ..digest.context(charge, &contact, audience, DigestFiles::Attached)
    };
    let grounds = Grounds::read(&mut tx, &charge.plan.id, span.until).await?;
    let files = files_of(
        setup,
        charge,
        &accounts,
        &grounds,
        digest.silence(),
        digest.transfers(),
        span,
    )?;
    Ok((context, files))
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
