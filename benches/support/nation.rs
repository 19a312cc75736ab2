//! A plan half a year on: agencies that have answered, asked for time, reported difficulties or kept silent, with the
//! ledger of it, on a database of its own.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, Utc};
use dondoc::app::digest::send_digests;
use dondoc::app::open;
use dondoc::app::plan_day::Origin;
use dondoc::app::setup::{Charge, Setup};
use dondoc::clock::instant;
use dondoc::domain::decide::{Stand, What};
use dondoc::domain::delivery::Channel;
use dondoc::domain::directory::{Agency, Contact, Directory, Level, Role};
use dondoc::domain::ids::{AgencyCode, MilestoneId, ObligationId, TaskId};
use dondoc::domain::obligation::{Obligation, Pending, State};
use dondoc::domain::plan::{Milestone, MilestoneKind, Plan, Task};
use dondoc::store::deliveries::{self, DeliveryKind, Message, NewDelivery};
use dondoc::store::events::{self, Actor, NewEvent};
use dondoc::store::obligations::{self, Filter, NewObligation};
use dondoc::store::{Db, contacts, plans};
use serde_json::json;
use sqlx::{Connection, SqliteConnection};
use tempfile::TempDir;

/// How large it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    /// Agencies that owe something, the monitor and the issuer among them.
    pub(crate) agencies: usize,
    /// Things that each of them owes.
    pub(crate) tasks: usize,
}

pub(crate) struct Nation {
    pub(crate) db: Db,
    pub(crate) setup: Arc<Setup>,
    /// Lines of its ledger.
    pub(crate) lines: usize,
    folder: TempDir,
}

/// A day in the year of the plan.
fn day(month: u32, date: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2020, month, date).unwrap()
}

/// The Monday on whose morning the digest is made.
pub(crate) fn monday() -> NaiveDate {
    day(7, 6)
}

impl Nation {
    /// Makes it; takes a while.
    pub(crate) async fn of(size: Size) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("dondoc.db");
        let db = Db::open(file.to_str().unwrap()).await.unwrap();
        db.migrate().await.unwrap();
        let setup = setup(size);
        let lines = fill(&db, &setup.charges[0]).await;
        settle(file.to_str().unwrap()).await;
        Self {
            db,
            setup,
            lines,
            folder,
        }
    }

    /// Where its database is.
    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("dondoc.db")
    }
}

/// Makes the digests of that Monday and puts them into the outbox.
pub(crate) async fn send(db: &Db, setup: &Setup, monday: NaiveDate) -> bool {
    let origin = Origin {
        domain: "bench.example".to_owned(),
        channels: [Channel::Email, Channel::Telegram].into(),
    };
    let now = instant(monday.and_hms_opt(7, 30, 0).unwrap());
    let sent = send_digests(db, setup, &origin, monday, monday, now);
    sent.await.unwrap()
}

/// What is loaded of such a plan.
pub(crate) fn setup(size: Size) -> Arc<Setup> {
    let mut setup = open::load(None).unwrap().setup;
    let charge = charge(&setup.charges[0], size);
    Arc::get_mut(&mut setup).unwrap().charges = vec![charge];
    setup
}

/// The shipped plan with other agencies and other tasks.
fn charge(shipped: &Charge, size: Size) -> Charge {
    let pattern = &shipped.plan.tasks[0];
    let mut plan = shipped.plan.clone();
    let known = shipped.directory.agencies().cloned();
    // The monitor and the issuer stay: they read the digest.
    let (readers, others): (Vec<Agency>, Vec<Agency>) =
        known.partition(|one| one.code == plan.monitor || one.code == plan.issuer);
    let more = (0..size.agencies).map(commune);
    let agencies: Vec<Agency> = readers
        .into_iter()
        .chain(others)
        .chain(more)
        .take(size.agencies)
        .collect();
    let codes: Vec<AgencyCode> = agencies.iter().map(|one| one.code.clone()).collect();
    plan.tasks = (0..size.tasks)
        .map(|number| task(pattern, number, size.tasks, &codes))
        .collect();
    let directory = Directory::new(agencies, shipped.directory.groups().to_vec());
    Charge::new(plan, directory, "bench".to_owned())
}

fn commune(number: usize) -> Agency {
    Agency {
        code: AgencyCode::new(format!("XA{number:05}")),
        name: format!("UBND xã số {number}"),
        aliases: Vec::new(),
        level: Level::Commune,
        groups: Vec::new(),
    }
}

/// One of many, due in its turn between January and December.
fn task(pattern: &Task, number: usize, of: usize, agencies: &[AgencyCode]) -> Task {
    let id = TaskId::new(format!("X.{}", number + 1));
    let due_on = day(1, 15) + Days::new(u64::try_from(number * 340 / of).unwrap());
    let milestone = Milestone {
        id: MilestoneId {
            task: id.clone(),
            number: 1,
        },
        kind: MilestoneKind::Due,
        owners: Vec::new(),
        opens_on: Some(day(1, 1)),
        due_on: Some(due_on),
        act_by: Some(due_on),
        ..pattern.milestones[0].clone()
    };
    Task {
        id,
        agencies: agencies.to_vec(),
        milestones: vec![milestone],
        ..pattern.clone()
    }
}

async fn fill(db: &Db, charge: &Charge) -> usize {
    let plan = &charge.plan;
    let began = at(plan.issued_on);
    let mut tx = db.begin().await.unwrap();
    let row = plans::LoadedPlan {
        id: plan.id.clone(),
        number: plan.number.clone(),
        title: plan.title.clone(),
        issued_on: plan.issued_on,
        year: plan.year,
        fingerprint: charge.fingerprint.clone(),
        loaded_at: began,
    };
    plans::upsert(&mut tx, &row).await.unwrap();
    let people = people(charge);
    contacts::upsert(&mut tx, &people, began).await.unwrap();
    obligations::sync(&mut tx, &owed(plan)).await.unwrap();
    tx.commit().await.unwrap();
    let mut lines = 0;
    let mut tx = db.snapshot().await.unwrap();
    let all = obligations::list(&mut tx, &Filter::default())
        .await
        .unwrap();
    drop(tx);
    for chunk in all.chunks(10_000) {
        let said: Vec<NewEvent> = chunk.iter().flat_map(said_of).collect();
        lines += said.len();
        let mut tx = db.begin().await.unwrap();
        events::append(&mut tx, &said).await.unwrap();
        tx.commit().await.unwrap();
    }
    fill_outbox(db, &people).await;
    lines
}

fn at(day: NaiveDate) -> DateTime<Utc> {
    instant(day.and_hms_opt(9, 0, 0).unwrap())
}

/// A head and an officer of each agency, with a mailbox and a chat.
fn people(charge: &Charge) -> Vec<Contact> {
    let agencies = charge.directory.agencies();
    let of_one = agencies.flat_map(|agency| {
        [Role::Head, Role::Officer].map(|role| {
            let id = format!("{}.{}", agency.code, role.as_str()).to_lowercase();
            Contact {
                agency: agency.code.clone(),
                role,
                title: format!("{} {}", role.as_str(), agency.name),
                channels: vec![
                    (Channel::Email, format!("{id}@bench.example")),
                    (Channel::Telegram, format!("chat of {id}")),
                ],
                id: id.as_str().into(),
            }
        })
    });
    of_one.collect()
}

fn owed(plan: &Plan) -> Vec<NewObligation> {
    let each = plan.tasks.iter().flat_map(|task| {
        let milestone = &task.milestones[0];
        task.agencies.iter().map(|agency| NewObligation {
            plan: plan.id.clone(),
            milestone: milestone.id.clone(),
            agency: agency.clone(),
            kind: milestone.kind,
            opens_on: milestone.opens_on,
            due_on: milestone.due_on,
            act_by: milestone.act_by,
            state: State::Open,
            next_rung_on: milestone.due_on,
        })
    });
    each.collect()
}

/// What became of an obligation.
enum Fate {
    Done,
    DoneLate,
    Asking,
    Blocked,
    Silent,
}

/// Of ten things that fell due seven were done, two of these late; one waits for a decision, one is blocked, of one
/// nothing was heard.
fn fate(id: ObligationId) -> Fate {
    match id.0 % 10 {
        0..=4 => Fate::Done,
        5 | 6 => Fate::DoneLate,
        7 => Fate::Asking,
        8 => Fate::Blocked,
        _ => Fate::Silent,
    }
}

/// Whether it fell due before the week of the digest ended.
fn has_fallen(due_on: NaiveDate) -> bool {
    due_on + Days::new(5) < monday()
}

/// The lines of the ledger: that it is under way, a month before it is due, and what became of it.
fn said_of(one: &Obligation) -> Vec<NewEvent> {
    let due_on = one.due_on.unwrap();
    let open = Stand::of(one);
    let mut lines = Vec::new();
    let month_before = due_on - Days::new(30);
    let progress = What::Progress {
        percent: Some(40),
        expected_on: None,
        document: None,
    };
    if month_before < monday() {
        let quote = "dạ em đang làm, đã xong phần rà soát, tuần sau trình lãnh đạo";
        lines.push(line(one, month_before, &progress, quote, open));
    }
    if !has_fallen(due_on) {
        return lines;
    }
    let done = |on| What::Done {
        on,
        document: Some(format!("{}/KH-{}", one.id.0 % 90 + 1, one.agency)),
    };
    let (on, what, quote) = match fate(one.id) {
        Fate::Done => (due_on, done(due_on), "xong rồi anh, kế hoạch đã ban hành"),
        Fate::DoneLate => {
            let on = due_on + Days::new(3);
            (on, done(on), "báo cáo anh em đã nộp, trễ mất mấy ngày")
        }
        Fate::Asking => {
            let until = Some(monday() + Days::new(20));
            let what = What::Extension { until };
            (due_on, what, "xin gia hạn vì chờ hướng dẫn của Bộ")
        }
        Fate::Blocked => {
            let quote = "vướng kinh phí, Sở Tài chính chưa bố trí";
            (due_on + Days::new(1), What::Blocked, quote)
        }
        Fate::Silent => return lines,
    };
    let after = match what {
        What::Done { on, .. } => Stand {
            state: State::Done,
            done_on: Some(on),
            ..open
        },
        What::Extension { .. } => Stand {
            pending: Some(Pending::Extension),
            ..open
        },
        _ => open,
    };
    lines.push(line(one, on, &what, quote, after));
    lines
}

fn line(one: &Obligation, on: NaiveDate, what: &What, quote: &str, after: Stand) -> NewEvent {
    let officer = format!("{}.officer", one.agency).to_lowercase();
    NewEvent {
        plan: one.plan.clone(),
        obligation: Some(one.id),
        at: at(on),
        actor: Actor::Contact(officer.as_str().into()),
        kind: match what {
            What::Done { .. } => "done",
            What::Extension { .. } => "extension",
            What::Blocked => "blocked",
            _ => "progress",
        }
        .to_owned(),
        payload: json!({ "said": what, "quote": quote, "before": Stand::of(one), "after": after }),
        source: None,
    }
}

/// Puts the obligations into the states that the ledger gives them, and says that all messages left.
async fn settle(file: &str) {
    let mut conn = SqliteConnection::connect(file).await.unwrap();
    let fallen = "date(due_on, '+5 days') < '2020-07-06'";
    sqlx::query("UPDATE deliveries SET state = 'sent', sent_at = created_at")
        .execute(&mut conn)
        .await
        .unwrap();
    for change in [
        "state = 'done', next_rung_on = NULL, done_on = due_on WHERE id % 10 < 5",
        "state = 'done', next_rung_on = NULL, done_on = date(due_on, '+3 days') WHERE id % 10 IN (5, 6)",
        "pending = 'extension' WHERE id % 10 = 7",
    ] {
        let statement = format!("UPDATE obligations SET {change} AND {fallen}");
        sqlx::query(sqlx::AssertSqlSafe(statement))
            .execute(&mut conn)
            .await
            .unwrap();
    }
}

/// Eight weeks of messages that were sent: one for each person and week.
async fn fill_outbox(db: &Db, people: &[Contact]) {
    let messages = (1..=8_u64).flat_map(|week| {
        people.iter().map(move |contact| {
            let on = monday() - Days::new(week * 7 - 3);
            let (channel, address) = contact.channels[0].clone();
            let message = Message {
                contact: Some(contact.id.clone()),
                kind: DeliveryKind::Receipt,
                brief_day: None,
                channel,
                address,
                subject: "Việc cần làm".to_owned(),
                body: "…".to_owned(),
                body_html: None,
                message_id: format!("<{on}.{}@bench.example>", contact.id),
                thread_key: None,
                choices: Vec::new(),
            };
            (on, message)
        })
    });
    let messages: Vec<_> = messages.collect();
    for week in messages.chunk_by(|(one, _), (next, _)| one == next) {
        let now = at(week[0].0);
        let each = week.iter().map(|(_, message)| NewDelivery {
            message: message.clone(),
            not_before: now,
        });
        let each: Vec<_> = each.collect();
        let mut tx = db.begin().await.unwrap();
        deliveries::insert(&mut tx, &each, now).await.unwrap();
        tx.commit().await.unwrap();
    }
}
