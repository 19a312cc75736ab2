//! Small things that the tests of the store begin with.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use dondoc::domain::delivery::Channel;
use dondoc::domain::directory::{Contact, Role};
use dondoc::domain::ids::{MilestoneId, ObligationId, PlanId};
use dondoc::domain::ladder::Audience;
use dondoc::domain::obligation::State;
use dondoc::domain::plan::MilestoneKind;
use dondoc::store::briefs::{BriefItem, NewBrief, Route};
use dondoc::store::deliveries::{DeliveryId, DeliveryKind, Message, NewDelivery};
use dondoc::store::events::{Actor, NewEvent};
use dondoc::store::obligations::NewObligation;
use dondoc::store::plans::LoadedPlan;
use dondoc::store::{Db, Tx, attempts, contacts, obligations, plans};

/// A day of 2020.
pub(crate) fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2020, month, day).unwrap()
}

/// 07:30 in Quảng Nam on a day of 2020.
pub(crate) fn morning(month: u32, date: u32) -> DateTime<Utc> {
    day(month, date).and_hms_opt(0, 30, 0).unwrap().and_utc()
}

/// So many minutes.
pub(crate) fn minutes(count: i64) -> TimeDelta {
    TimeDelta::minutes(count)
}

pub(crate) fn plan_id() -> PlanId {
    "quang-nam-2020".into()
}

pub(crate) fn loaded_plan(fingerprint: &str) -> LoadedPlan {
    LoadedPlan {
        id: plan_id(),
        number: "4353/QĐ-UBND".to_owned(),
        title: "Kế hoạch cải cách hành chính năm 2020".to_owned(),
        issued_on: NaiveDate::from_ymd_opt(2019, 12, 31).unwrap(),
        year: 2020,
        fingerprint: fingerprint.to_owned(),
        loaded_at: morning(1, 2),
    }
}

/// `II.2/1`, due on the day, looked at first on 2/3.
pub(crate) fn obligation(task: &str, agency: &str, due_on: NaiveDate) -> NewObligation {
    NewObligation {
        plan: plan_id(),
        milestone: MilestoneId {
            task: task.into(),
            number: 1,
        },
        agency: agency.into(),
        kind: MilestoneKind::Due,
        opens_on: Some(day(1, 1)),
        due_on: Some(due_on),
        act_by: Some(due_on),
        state: State::Open,
        next_rung_on: Some(day(3, 2)),
    }
}

/// An officer with mail and a Telegram chat, Telegram first.
pub(crate) fn contact(id: &str, agency: &str) -> Contact {
    Contact {
        id: id.into(),
        agency: agency.into(),
        role: Role::Officer,
        title: "Chuyên viên".to_owned(),
        channels: vec![
            (Channel::Telegram, format!("chat of {id}")),
            (Channel::Email, format!("{id}@qnam.example")),
        ],
    }
}

pub(crate) fn message(to: &str, day: Option<NaiveDate>, message_id: &str) -> NewDelivery {
    NewDelivery {
        message: Message {
            contact: Some(to.into()),
            kind: if day.is_some() {
                DeliveryKind::Brief
            } else {
                DeliveryKind::Receipt
            },
            brief_day: day,
            channel: Channel::Email,
            address: format!("{to}@qnam.example"),
            subject: "Việc đến hạn".to_owned(),
            body: "Kính gửi …".to_owned(),
            body_html: Some("<p>Kính gửi …</p>".to_owned()),
            message_id: message_id.to_owned(),
            thread_key: None,
            choices: Vec::new(),
        },
        not_before: morning(3, 2),
    }
}

pub(crate) fn brief(to: &str, on: NaiveDate, items: &[ObligationId]) -> NewBrief {
    let item = |id: &ObligationId| BriefItem {
        obligation: *id,
        rung: "before14".into(),
        audience: Audience::Officer,
    };
    NewBrief {
        contact: to.into(),
        day: on,
        items: items.iter().map(item).collect(),
        route: Route::Delivery(message(to, Some(on), &format!("{to}.{on}"))),
    }
}

pub(crate) fn event(kind: &str, obligation: Option<ObligationId>) -> NewEvent {
    NewEvent {
        plan: plan_id(),
        obligation,
        at: morning(3, 2),
        actor: Actor::Operator,
        kind: kind.to_owned(),
        payload: serde_json::json!({ "document": "12/KH-SNV" }),
        source: None,
    }
}

/// A plan, two contacts (`snv.officer`, `stp.officer`) and `count` obligations of SNV; returns their numbers.
pub(crate) async fn province(db: &Db, count: u16) -> Vec<ObligationId> {
    let mut tx = db.begin().await.unwrap();
    plans::upsert(&mut tx, &loaded_plan("a")).await.unwrap();
    let people = [contact("snv.officer", "SNV"), contact("stp.officer", "STP")];
    contacts::upsert(&mut tx, &people, morning(1, 2))
        .await
        .unwrap();
    let wanted: Vec<_> = (1..=count)
        .map(|n| obligation(&format!("I.{n}"), "SNV", day(3, 31)))
        .collect();
    obligations::sync(&mut tx, &wanted).await.unwrap();
    let stored = obligations::list(&mut tx, &obligations::Filter::default())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    stored.into_iter().map(|one| one.id).collect()
}

/// A transaction to read in.
pub(crate) async fn reading(db: &Db) -> Tx {
    db.snapshot().await.unwrap()
}

/// Begins an attempt of one delivery; `None` when it may not be sent.
pub(crate) async fn start(
    tx: &mut Tx,
    id: DeliveryId,
    owner: &str,
    now: DateTime<Utc>,
) -> Option<u32> {
    let numbers = attempts::start(tx, &[id], owner, now).await.unwrap();
    numbers.get(&id).copied()
}
