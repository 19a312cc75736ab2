//! A period replayed with a manual clock through the code of the daemon: import, planning, store, rendering, outbox.
//! Only the last step differs: the channels record instead of sending.

mod alone;
pub mod answers;
mod processor;
pub mod promises;
mod replay;
pub mod summary;

use std::collections::{BTreeSet, HashMap};
use std::ops::Bound;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::AppError;
use super::audit::{Auditor, Look};
use super::caution::Caution;
use super::deliver::{Aloft, Deliverer, Halt, Pace};
use super::digest::send_digests;
use super::import::import;
use super::plan_day::{Origin, plan_day};
use super::pulse::Beat;
use super::ranking::count_in;
use super::record::{Record, Recorded, apply};
use super::setup::Setup;
use crate::channels::{MemorySender, Sender};
use crate::clock::{Clock, instant};
use crate::domain::delivery::{Channel, RetrySchedule};
use crate::domain::directory::Contact;
use crate::domain::finding::Finding;
use crate::domain::ids::{ContactId, ObligationId};
use crate::domain::obligation::{Obligation, State};
use crate::domain::period::Period;
use crate::store::deliveries::{DeliveryId, DeliveryKind};
use crate::store::events::Actor;
use crate::store::obligations::{self, Filter};
use crate::store::{Db, outbox};
pub use alone::alone;
use alone::stay_awake;
use answers::Manner;
pub use replay::{Answers, Arrived, ArrivedItem, Listed, Options, Replay};

/// Replays a period in memory. `progress` is called with each day done.
///
/// # Errors
/// When the temporary database fails, or a listed answer cannot be recorded.
pub async fn simulate(
    setup: Arc<Setup>,
    contacts: &[Contact],
    options: Options,
    progress: impl FnMut(NaiveDate),
) -> Result<Replay, AppError> {
    let db = Db::open("sqlite:").await?;
    db.migrate().await?;
    simulate_on(db, setup, contacts, options, progress).await
}

/// Replays a period as [`simulate`] does, on a migrated database without any plan.
///
/// # Errors
/// When the database fails, or a listed answer cannot be recorded.
pub async fn simulate_on(
    db: Db,
    setup: Arc<Setup>,
    contacts: &[Contact],
    options: Options,
    progress: impl FnMut(NaiveDate),
) -> Result<Replay, AppError> {
    tokio::select! {
        biased;
        played = play(db, setup, contacts, options, progress) => played,
        never = stay_awake() => match never {},
    }
}

async fn play(
    db: Db,
    setup: Arc<Setup>,
    contacts: &[Contact],
    options: Options,
    mut progress: impl FnMut(NaiveDate),
) -> Result<Replay, AppError> {
    let start = instant(options.from.and_time(NaiveTime::MIN));
    let clock = Clock::manual(start);
    import(&db, &setup, contacts, start).await?;
    let mut stage = Stage::new(db, setup, contacts, clock).await?;
    for day in options
        .from
        .iter_days()
        .take_while(|day| *day <= options.to)
    {
        stage.play(day, &options).await?;
        progress(day);
    }
    let mut tx = stage.deliverer.db.snapshot().await?;
    let obligations = obligations::list(&mut tx, &Filter::default()).await?;
    let day = options.to.succ_opt().unwrap_or(options.to);
    let setup = &stage.deliverer.setup;
    let mut rankings = Vec::new();
    for charge in &setup.charges {
        if let Some(year) = Period::of_year(charge.plan.year) {
            let counted = count_in(&mut tx, setup, charge, year, day).await?;
            rankings.push((charge.plan.id.clone(), counted.ranking));
        }
    }
    drop(tx);
    Ok(Replay {
        options,
        arrived: stage.arrived,
        obligations,
        findings: stage.findings,
        rankings,
    })
}

struct Stage {
    deliverer: Deliverer,
    contacts: HashMap<ContactId, Contact>,
    by_address: HashMap<(Channel, String), ContactId>,
    obligations: HashMap<ObligationId, Obligation>,
    /// The obligations that are finished on each day, chosen beforehand.
    finished: Option<HashMap<NaiveDate, Vec<ObligationId>>>,
    arrived: Vec<Arrived>,
    findings: Vec<Finding>,
    since: DateTime<Utc>,
}

impl Stage {
    async fn new(
        db: Db,
        setup: Arc<Setup>,
        contacts: &[Contact],
        clock: Clock,
    ) -> Result<Self, AppError> {
        let since = clock.now();
        let mut tx = db.snapshot().await?;
        let obligations = obligations::list(&mut tx, &Filter::default()).await?;
        drop(tx);
        let channels = [
            Channel::Email,
            Channel::Telegram,
            Channel::ZaloBot,
            Channel::ZaloOa,
        ];
        let senders = channels.map(|channel| (channel, Sender::Memory(MemorySender::new(channel))));
        let deliverer = Deliverer {
            db,
            setup,
            senders: Arc::new(senders.into_iter().collect()),
            origin: Origin {
                domain: "replay.example".to_owned(),
                channels: channels.into_iter().collect(),
            },
            pace: Pace {
                owner: "replay".to_owned(),
                lease: TimeDelta::minutes(5),
                retry: RetrySchedule(Vec::new()),
                at_once: 250,
            },
            clock,
            signs: Arc::default(),
            beat: Beat::default(),
            aloft: Aloft::default(),
            caution: Caution::default(),
        };
        Ok(Self {
            deliverer,
            contacts: contacts
                .iter()
                .map(|contact| (contact.id.clone(), contact.clone()))
                .collect(),
            by_address: contacts
                .iter()
                .flat_map(|contact| {
                    let routes = contact.channels.iter().cloned();
                    routes.map(|route| (route, contact.id.clone()))
                })
                .collect(),
            obligations: obligations.into_iter().map(|one| (one.id, one)).collect(),
            finished: None,
            arrived: Vec::new(),
            findings: Vec::new(),
            since,
        })
    }

    async fn play(&mut self, day: NaiveDate, options: &Options) -> Result<(), AppError> {
        let setup = Arc::clone(&self.deliverer.setup);
        let due = setup.digest_of(day).filter(|(_, leaves)| *leaves == day);
        let digest_at = due.map(|(nominal, _)| instant(day.and_time(nominal.time())));
        let hours: BTreeSet<_> = setup.brief_time(day).into_iter().chain(digest_at).collect();
        // People answer in the afternoon of a working day.
        let afternoon = instant(day.and_hms_opt(15, 0, 0).expect("15:00 is a time"));
        for at in hours.range(..=afternoon) {
            self.send(day, *at).await?;
        }
        self.deliverer.clock.set(afternoon);
        match &options.answers {
            Answers::Manner(manner) => {
                self.answer_by_manner(day, *manner, options.seed, afternoon)
                    .await?;
            }
            Answers::Listed(listed) => self.answer_by_list(day, listed, afternoon).await?,
        }
        for at in hours.range((Bound::Excluded(afternoon), Bound::Unbounded)) {
            self.send(day, *at).await?;
        }
        self.audit(day).await
    }

    /// What leaves at this hour: the briefs of the day, the digests of the week, or both.
    async fn send(&mut self, day: NaiveDate, at: DateTime<Utc>) -> Result<(), AppError> {
        let setup = Arc::clone(&self.deliverer.setup);
        self.deliverer.clock.set(at);
        let (db, origin) = (&self.deliverer.db, &self.deliverer.origin);
        if setup.brief_time(day) == Some(at) {
            plan_day(db, &setup, origin, day, at).await?;
        }
        if let Some((nominal, leaves)) = setup.digest_of(day)
            && leaves == day
            && instant(day.and_time(nominal.time())) == at
        {
            send_digests(db, &setup, origin, nominal.date(), day, at).await?;
        }
        self.deliverer.deliver_due(&Halt::never()).await?;
        self.collect().await
    }

    /// The auditor looks when the day is over. On a day off nothing was planned or sent since it looked last.
    async fn audit(&mut self, day: NaiveDate) -> Result<(), AppError> {
        if !self.deliverer.setup.calendar.is_working_day(day) {
            return Ok(());
        }
        let evening = instant(day.and_hms_opt(18, 0, 0).expect("18:00 is a time"));
        self.deliverer.clock.set(evening);
        let auditor = Auditor {
            db: &self.deliverer.db,
            setup: &self.deliverer.setup,
            origin: &self.deliverer.origin,
            retry: &self.deliverer.pace.retry,
            since: self.since,
        };
        let audited = auditor.look(Look::EndOfDay, evening).await?;
        self.findings.extend(audited.fresh);
        Ok(())
    }

    /// Takes what the channels recorded, with the items that the database has for it.
    async fn collect(&mut self) -> Result<(), AppError> {
        let at = self.deliverer.clock.now();
        let taken = self
            .deliverer
            .senders
            .iter()
            .filter_map(|(channel, sender)| {
                let Sender::Memory(memory) = sender else {
                    return None;
                };
                Some((*channel, memory.take()))
            });
        let taken: Vec<_> = taken.filter(|(_, messages)| !messages.is_empty()).collect();
        if taken.is_empty() {
            return Ok(());
        }
        let mut tx = self.deliverer.db.snapshot().await?;
        for (channel, mut messages) in taken {
            // They leave side by side; they arrive in the order in which they were queued.
            messages.sort_by_key(|message| message.delivery_id);
            let ids: Vec<DeliveryId> = messages
                .iter()
                .map(|message| DeliveryId(message.delivery_id))
                .collect();
            let mut carried = outbox::carried(&mut tx, &ids).await?;
            for message in messages {
                let items = carried
                    .remove(&DeliveryId(message.delivery_id))
                    .unwrap_or_default();
                // A digest carries no items: it is known by where it went.
                let (told, kind) = match items.first() {
                    Some(item) => (Some(&item.contact), DeliveryKind::Brief),
                    None => (
                        self.by_address.get(&(channel, message.to.clone())),
                        DeliveryKind::Digest,
                    ),
                };
                let Some(contact) = told.and_then(|id| self.contacts.get(id)) else {
                    continue;
                };
                let items = items.into_iter().filter_map(|item| {
                    let obligation = self.obligations.get(&item.obligation)?;
                    Some(ArrivedItem {
                        obligation: obligation.id,
                        task: obligation.milestone.task.clone(),
                        milestone: obligation.milestone.clone(),
                        agency: obligation.agency.clone(),
                        rung: item.rung,
                        due_on: obligation.due_on,
                    })
                });
                self.arrived.push(Arrived {
                    at,
                    contact: contact.id.clone(),
                    role: contact.role,
                    agency: contact.agency.clone(),
                    channel,
                    kind: kind.as_str(),
                    items: items.collect(),
                    subject: message.subject,
                    text: message.text,
                });
            }
        }
        Ok(())
    }

    async fn answer_by_manner(
        &mut self,
        day: NaiveDate,
        manner: Manner,
        seed: u64,
        at: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let calendar = &self.deliverer.setup.calendar;
        let finished = self.finished.get_or_insert_with(|| {
            let mut by_day: HashMap<NaiveDate, Vec<ObligationId>> = HashMap::new();
            for obligation in self
                .obligations
                .values()
                .filter(|one| one.state == State::Open)
            {
                if let Some(on) = answers::finished_on(obligation, manner, seed, calendar) {
                    by_day.entry(on).or_default().push(obligation.id);
                }
            }
            for ids in by_day.values_mut() {
                ids.sort_unstable();
            }
            by_day
        });
        let Some(ids) = finished.remove(&day) else {
            return Ok(());
        };
        let mut tx = self.deliverer.db.begin().await?;
        for id in ids {
            let Some(obligation) = self.obligations.get(&id) else {
                continue;
            };
            let Some(charge) = self.deliverer.setup.find(&obligation.plan) else {
                continue;
            };
            let record = Record {
                task: obligation.milestone.task.clone(),
                milestone: Some(obligation.milestone.number),
                agency: obligation.agency.clone(),
                what: Recorded::Done(day),
                document: None,
                note: None,
                by: None,
            };
            apply(&mut tx, charge, obligation, &record, Actor::System, day, at).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    async fn answer_by_list(
        &mut self,
        day: NaiveDate,
        listed: &[Listed],
        at: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let setup = Arc::clone(&self.deliverer.setup);
        for answer in listed.iter().filter(|answer| answer.on == day) {
            let record = &answer.record;
            let charge = setup
                .with_task(&record.task)
                .ok_or_else(|| AppError::NothingOwed {
                    task: record.task.clone(),
                    agency: record.agency.clone(),
                })?;
            super::record::record(&self.deliverer.db, charge, record, day, at).await?;
        }
        Ok(())
    }
}
