//! The weekly digest of each plan: counted from the ledger, worded, and put into the outbox once a week.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use serde::Deserialize;

use super::AppError;
use super::compose::{plan_ref, reader};
use super::plan_day::Origin;
use super::reply::title;
use super::setup::{Charge, People, Setup};
use crate::clock::{instant, local};
use crate::domain::decide::{Stand, What};
use crate::domain::delivery::Channel;
use crate::domain::digest::{Account, Digest, LateAgency, Line, WEEK, digest};
use crate::domain::directory::{Contact, Role};
use crate::domain::history::{Entry, Saying, Stood};
use crate::domain::ids::{AgencyCode, ContactId, MilestoneId, ObligationId};
use crate::domain::ladder::Audience;
use crate::domain::obligation::State;
use crate::domain::resolution::Resolved;
use crate::messages::{
    DigestAgency, DigestContext, DigestCount, DigestDue, DigestLine, DigestPerson, Rendered,
};
use crate::store::deliveries::{self, DeliveryKind, Message, NewDelivery};
use crate::store::events::{self, Event};
use crate::store::obligations::{self, Filter};
use crate::store::{Db, Tx, briefs, contacts, outbox, watermarks};

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
        let digest = read(&mut tx, setup, charge, today).await?;
        let mut messages = Vec::new();
        for (contact, audience) in readers(&mut tx, charge).await? {
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
    charge: &Charge,
    day: NaiveDate,
) -> Result<DigestContext, AppError> {
    let mut tx = db.snapshot().await?;
    let digest = read(&mut tx, setup, charge, day).await?;
    let readers = readers(&mut tx, charge).await?;
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

/// A digest with what only the database knows.
struct Week {
    digest: Digest,
    from: NaiveDate,
    unreachable: Vec<DigestPerson>,
    sent: u64,
    failed: u64,
}

async fn read(
    tx: &mut Tx,
    setup: &Setup,
    charge: &Charge,
    day: NaiveDate,
) -> Result<Week, AppError> {
    let plan = &charge.plan;
    let filter = Filter {
        plan: Some(plan.id.clone()),
        ..Filter::default()
    };
    let mut owed = obligations::list(tx, &filter).await?;
    owed.retain(|one| setup.owes(one));
    let midnight = instant(day.and_time(NaiveTime::MIN));
    let ledger = events::list_of_plan(tx, &plan.id, DateTime::<Utc>::UNIX_EPOCH, midnight).await?;
    let entries = entries(&ledger);
    let none = Vec::new();
    let accounts: Vec<Account<'_>> = owed
        .iter()
        .map(|obligation| Account {
            obligation,
            entries: entries.get(&obligation.id).unwrap_or(&none),
        })
        .collect();
    let from = day.checked_sub_days(Days::new(WEEK)).unwrap_or(day);
    let since = instant(from.and_time(NaiveTime::MIN));
    let (sent, failed) = outbox::tally_between(tx, since, midnight).await?;
    let last = day.pred_opt().unwrap_or(day);
    Ok(Week {
        digest: digest(&accounts, plan.issued_on, day, &setup.calendar),
        from,
        unreachable: unreachable(tx, charge, from, last).await?,
        sent,
        failed,
    })
}

async fn unreachable(
    tx: &mut Tx,
    charge: &Charge,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<DigestPerson>, AppError> {
    let silent = briefs::list_unreachable(tx, from, to).await?;
    let ids: BTreeSet<ContactId> = silent.into_iter().map(|((id, _), _)| id).collect();
    let mut people = BTreeSet::new();
    for id in ids {
        let Some(stored) = contacts::find(tx, &id).await?.filter(|one| one.active) else {
            continue;
        };
        // Whoever has an address again by now needs nobody's help.
        if stored.contact.channels.is_empty() {
            people.insert(DigestPerson {
                agency: charge.agency_name(&stored.contact.agency),
                title: stored.contact.title,
            });
        }
    }
    Ok(people.into_iter().collect())
}

/// Who reads it: officers and heads of the monitor, and the head of the issuer.
async fn readers(tx: &mut Tx, charge: &Charge) -> Result<Vec<(Contact, Audience)>, AppError> {
    let (monitor, issuer) = (&charge.plan.monitor, &charge.plan.issuer);
    let stored = contacts::list_of_agencies(tx, &[monitor.clone(), issuer.clone()]).await?;
    let people = People::new(stored.into_iter().map(|one| one.contact));
    let mut readers: Vec<(Contact, Audience)> = Vec::new();
    let offices = [
        (monitor, Audience::Officer, Audience::Monitor),
        (monitor, Audience::Head, Audience::Head),
        (issuer, Audience::Leader, Audience::Leader),
    ];
    for (agency, heard_as, reads_as) in offices {
        for contact in people.heard_by(charge, agency, heard_as) {
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

impl Week {
    fn context(&self, charge: &Charge, contact: &Contact, audience: Audience) -> DigestContext {
        let Digest {
            day,
            now,
            before,
            newly_late,
            long_late,
            unchanged,
            difficulties,
            decisions,
            due_soon,
        } = &self.digest;
        let lines = |lines: &[Line]| lines.iter().map(|one| line(charge, one)).collect();
        let late = |agencies: &[LateAgency]| -> Vec<DigestAgency> {
            let agencies = agencies.iter();
            agencies
                .map(|one| DigestAgency {
                    name: charge.agency_name(&one.agency),
                    lines: lines(&one.lines),
                })
                .collect()
        };
        DigestContext {
            today: *day,
            from: self.from,
            reader: reader(contact, audience, Some(charge)),
            monitor: charge.agency_name(&charge.plan.monitor),
            plan: plan_ref(charge),
            now: (*now).into(),
            before: before.map(Into::into),
            newly_late: late(newly_late),
            long_late: late(long_late),
            unchanged: unchanged
                .iter()
                .map(|(agency, count)| DigestCount {
                    name: charge.agency_name(agency),
                    count: *count,
                })
                .collect(),
            difficulties: lines(difficulties),
            decisions: lines(decisions),
            due_soon: due_soon
                .iter()
                .map(|one| {
                    let (id, title) = named(charge, &one.milestone);
                    DigestDue {
                        id,
                        title,
                        due_on: one.due_on,
                        agencies: one
                            .agencies
                            .iter()
                            .map(|code| charge.agency_name(code))
                            .collect(),
                    }
                })
                .collect(),
            unreachable: self.unreachable.clone(),
            sent: self.sent,
            failed: self.failed,
        }
    }
}

fn line(charge: &Charge, line: &Line) -> DigestLine {
    let (id, title) = named(charge, &line.milestone);
    let said = line.said.as_ref();
    DigestLine {
        id,
        title,
        agency: charge.agency_name(&line.agency),
        due_on: line.due_on,
        days_late: line.days_late,
        quote: said.map(|said| said.quote.clone()).unwrap_or_default(),
        said_on: said.map(|said| said.on),
        pending: line
            .pending
            .map(|pending| pending.as_str().to_owned())
            .unwrap_or_default(),
        until: said.and_then(|said| said.until),
    }
}

/// What people call a milestone, and what it is about.
fn named(charge: &Charge, id: &MilestoneId) -> (String, String) {
    match charge.find(id) {
        Some((task, milestone)) if task.milestones.len() > 1 => {
            (id.to_string(), title(&milestone.label, &task.content))
        }
        Some((task, milestone)) => (task.id.to_string(), title(&milestone.label, &task.content)),
        None => (id.to_string(), String::new()),
    }
}

/// What an event's payload may hold of how the obligation stands after it.
#[derive(Deserialize)]
struct Payload {
    said: Option<What>,
    quote: Option<String>,
    before: Option<Stand>,
    after: Option<Stand>,
    undoes: Option<i64>,
    done_on: Option<NaiveDate>,
    resolved: Option<Resolved>,
}

/// The ledger by obligation, as far as it bears on how each stood.
fn entries(ledger: &[Event]) -> HashMap<ObligationId, Vec<Entry>> {
    let mut before: HashMap<i64, Option<Stand>> = HashMap::new();
    let mut entries: HashMap<ObligationId, Vec<Entry>> = HashMap::new();
    for event in ledger {
        let Some(obligation) = event.entry.obligation else {
            continue;
        };
        let Ok(payload) = serde_json::from_value::<Payload>(event.entry.payload.clone()) else {
            continue;
        };
        before.insert(event.id, payload.before);
        let on = local(event.entry.at).date();
        let stood = |state, done_on, pending| {
            Some(Stood {
                state,
                done_on,
                pending,
            })
        };
        let (stand, due_on) = match (&payload.resolved, event.entry.kind.as_str()) {
            (Some(Resolved::Extended { due_on, .. }), _) => {
                (stood(State::Open, None, None), Some(*due_on))
            }
            (Some(Resolved::Refused | Resolved::Returned), _) | (None, "reopened") => {
                (stood(State::Open, None, None), None)
            }
            (Some(Resolved::Accepted { done_on }), _) => {
                (stood(State::Done, Some(*done_on), None), None)
            }
            (None, "done") if payload.after.is_none() => {
                (stood(State::Done, payload.done_on, None), None)
            }
            (None, _) => {
                let undone = payload
                    .undoes
                    .and_then(|id| before.get(&id).copied().flatten());
                let stand = payload.after.or(undone);
                (
                    stand.and_then(|one| stood(one.state, one.done_on, one.pending)),
                    None,
                )
            }
        };
        let said = payload.said.as_ref().zip(payload.quote);
        let said = said.filter(|(what, _)| !matches!(what, What::Undo { .. }));
        entries.entry(obligation).or_default().push(Entry {
            on,
            stand,
            due_on,
            said: said.map(|(what, quote)| Saying {
                on,
                blocked: *what == What::Blocked,
                until: match what {
                    What::Extension { until } => *until,
                    _ => None,
                },
                quote,
            }),
        });
    }
    entries
}
