//! A sender that is faster than the planner, after an outage: what is left of earlier days waits, and is told anew.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::TimeDelta;
use dondoc::app::deliver::Halt;
use dondoc::channels::{Message, Sender};
use dondoc::domain::delivery::Channel;
use dondoc::store::attempts;
use dondoc::store::deliveries::{self, Delivery, DeliveryKind, DeliveryState, Filter, NewDelivery};
use dondoc::store::outbox::{self, Claim, Overtaken, Wanted};

use super::stage::{Stage, day, loaded, to};
use crate::channels::email::sender;
use crate::support::db::{TestDb, on_both_databases};
use crate::support::smtp::{FakeSmtp, Fault, Verb};

const STP: &str = "cchc.stp@quangnam.example";

impl Stage {
    /// From now on mail leaves by no daemon; the sender that did.
    fn without_mail(&mut self) -> Sender {
        let senders = Arc::get_mut(&mut self.daemon.deliverer.senders).unwrap();
        senders.remove(&Channel::Email).unwrap()
    }

    async fn unsettled(&self, kind: DeliveryKind) -> Vec<Delivery> {
        let mut tx = self.daemon.deliverer.db.snapshot().await.unwrap();
        let mut all = deliveries::list(&mut tx, &Filter::default(), 10_000)
            .await
            .unwrap();
        let waits = [DeliveryState::Queued, DeliveryState::Leased];
        all.retain(|one| one.message.kind == kind && waits.contains(&one.state));
        all
    }

    /// An answer is queued beside the briefs of its reader.
    async fn answers_by_mail(&self) {
        let brief = self.unsettled(DeliveryKind::Brief).await.remove(0).message;
        let now = self.daemon.deliverer.clock.now();
        let answer = NewDelivery {
            message: deliveries::Message {
                kind: DeliveryKind::Receipt,
                brief_day: None,
                message_id: "<answer@test>".to_owned(),
                ..brief
            },
            not_before: now,
        };
        let mut tx = self.daemon.deliverer.db.begin().await.unwrap();
        deliveries::insert(&mut tx, &[answer], now).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// A process takes up to so many mails and dies while it sends them.
    async fn dies_while_sending(&self, most: u32, lease: TimeDelta) {
        let deliverer = &self.daemon.deliverer;
        let now = deliverer.clock.now();
        let claim = Claim {
            owner: "dead",
            channel: Channel::Email,
            wanted: Wanted::All,
            overtaken: Overtaken::default(),
            now,
            until: now + lease,
            limit: most,
            except: &[],
        };
        let mut tx = deliverer.db.begin().await.unwrap();
        let claimed = outbox::claim(&mut tx, &claim).await.unwrap();
        let ids: Vec<_> = claimed.iter().map(|one| one.delivery.id).collect();
        assert_eq!(ids.len(), most as usize);
        attempts::start(&mut tx, &ids, "dead", now).await.unwrap();
        tx.commit().await.unwrap();
    }
}

/// The province of 30 January, whose briefs of that day wait for the relay.
async fn relay_was_down(test: TestDb) -> (Stage, Sender) {
    let mut stage = Stage::at(test, "2020-01-30T07:30:00").await;
    let mail = stage.without_mail();
    let planned = stage.plan("2020-01-30").await;
    stage.deliver().await;
    assert!(planned.briefs > 50 && stage.mail.take().is_empty());
    (stage, mail)
}

fn is_one_each_of(mails: &[Message], day: &str) {
    let mut people: BTreeMap<&str, usize> = BTreeMap::new();
    for mail in mails {
        *people.entry(&mail.to).or_default() += 1;
        let subject = mail.subject.as_deref().unwrap();
        assert!(subject.contains(day), "{}: {subject}", mail.to);
    }
    people.retain(|_, count| *count > 1);
    assert_eq!(people, BTreeMap::new(), "nobody gets two");
}

on_both_databases! {
    async fn a_brief_of_yesterday_waits_for_the_planner_of_today_and_answers_do_not(test: TestDb) {
        let (mut stage, mail) = relay_was_down(test).await;
        stage.mail_by(mail);
        let waits = stage.unsettled(DeliveryKind::Brief).await.len();
        stage.set_time("2020-01-31T08:00:00");
        // Another node plans, and has not done it yet.
        stage.answers_by_mail().await;
        let unasked = stage.daemon.deliverer.deliver(Wanted::Unasked, &Halt::never()).await;
        assert_eq!(unasked.whole().unwrap().sent, 0);
        assert_eq!(stage.deliver().await.sent, 1, "the answer");
        assert_eq!(stage.mail.take()[0].message_id, "<answer@test>");
        assert_eq!(stage.unsettled(DeliveryKind::Brief).await.len(), waits, "they wait for the planner");
        let mails = stage.round_at("2020-01-31T08:00:05").await;
        assert_eq!(to(&mails, STP).len(), 1);
        assert!(mails.len() > 50);
        is_one_each_of(&mails, "31/01");
        assert_eq!(stage.unsettled(DeliveryKind::Brief).await, []);
    }

    async fn before_the_hour_of_today_what_is_left_of_yesterday_leaves(test: TestDb) {
        let mut loaded = loaded();
        Arc::get_mut(&mut loaded.setup).unwrap().jobs.brief = "0 0 9 * * *".parse().unwrap();
        let contacts = loaded.contacts.clone();
        let mut stage = Stage::with(test, "2020-01-30T09:00:00", contacts, loaded).await;
        let mail = stage.without_mail();
        let planned = stage.plan("2020-01-30").await;
        stage.mail_by(mail);
        stage.dies_while_sending(2, TimeDelta::minutes(5)).await;
        stage.set_time("2020-01-31T09:00:00");
        assert_eq!(stage.deliver().await.sent, 0);
        stage.set_time("2020-01-31T08:59:59");
        let sent = stage.deliver().await.sent;
        assert_eq!(usize::try_from(sent).unwrap(), planned.briefs);
        is_one_each_of(&stage.mail.take(), "30/01");
    }

    async fn what_may_have_arrived_yesterday_is_told_anew_and_not_beside_it(test: TestDb) {
        let (mut stage, mail) = relay_was_down(test).await;
        stage.dies_while_sending(3, TimeDelta::minutes(5)).await;
        stage.mail_by(mail);
        let mails = stage.round_at("2020-01-31T08:00:00").await;
        assert_eq!(to(&mails, STP).len(), 1);
        is_one_each_of(&mails, "31/01");
        assert_eq!(stage.round_at("2020-01-31T08:10:00").await, []);
        assert_eq!(stage.unsettled(DeliveryKind::Brief).await, []);
    }

    async fn what_a_process_held_that_died_while_the_day_was_planned_does_not_leave_after(test: TestDb) {
        let (mut stage, mail) = relay_was_down(test).await;
        stage.set_time("2020-01-31T07:29:00");
        stage.dies_while_sending(3, TimeDelta::minutes(50)).await;
        stage.plan("2020-01-31").await;
        stage.mail_by(mail);
        let deliverer = &stage.daemon.deliverer;
        let mut tx = deliverer.db.begin().await.unwrap();
        assert_eq!(outbox::inherit(&mut tx, Channel::Email, deliverer.clock.now()).await.unwrap(), 3);
        tx.commit().await.unwrap();
        is_one_each_of(&stage.round_at("2020-01-31T07:31:00").await, "31/01");
        assert_eq!(stage.unsettled(DeliveryKind::Brief).await, []);
    }

    async fn a_brief_of_yesterday_that_fails_today_is_not_tried_again(test: TestDb) {
        let (mut stage, mail) = relay_was_down(test).await;
        stage.mail_by(mail);
        is_one_each_of(&stage.round_at("2020-01-31T08:00:00").await, "31/01");
        // By hand it goes all the same.
        let mut tx = stage.daemon.deliverer.db.begin().await.unwrap();
        let of_stp = Filter { contact: Some("stp.officer".into()), state: Some(DeliveryState::Cancelled), ..Filter::default() };
        let stale = deliveries::list(&mut tx, &of_stp, 1).await.unwrap().remove(0);
        assert_eq!(stale.message.brief_day, Some(day("2020-01-30")));
        assert!(outbox::retry(&mut tx, stale.id, stage.daemon.deliverer.clock.now()).await.unwrap());
        tx.commit().await.unwrap();
        let relay = FakeSmtp::start().await;
        relay.fault(Verb::Rcpt, Fault::Reply("451 4.3.0 try again"));
        stage.mail_by(Sender::Email(sender(&relay)));
        stage.deliver().await;
        assert_eq!(relay.sessions(), 1);
        let mut tx = stage.daemon.deliverer.db.snapshot().await.unwrap();
        let after = deliveries::find(&mut tx, stale.id).await.unwrap().unwrap();
        assert_eq!((after.state, after.attempts), (DeliveryState::Cancelled, 1));
    }

    async fn digests_that_never_left_are_told_by_the_next_and_with_their_days(test: TestDb) {
        let mut stage = Stage::at(test, "2020-03-13T10:00:00").await;
        assert_eq!(stage.digests("2020-03-16T07:30:00").await.len(), 3);
        let mail = stage.without_mail();
        assert_eq!(stage.digests("2020-03-23T07:30:00").await, []);
        assert_eq!(stage.unsettled(DeliveryKind::Digest).await.len(), 3);
        stage.mail_by(mail);
        stage.set_time("2020-03-30T08:00:00");
        stage.deliver().await;
        assert_eq!(stage.mail.take(), [], "they wait for those of today");
        let left = stage.digests("2020-03-30T08:00:05").await;
        assert_eq!(left.len(), 3);
        for one in &left {
            assert!(one.subject.as_ref().unwrap().contains("30/3/2020"), "{:?}", one.subject);
        }
        assert_eq!(stage.unsettled(DeliveryKind::Digest).await, []);
        let again = stage.previews("2020-03-30").await;
        assert_eq!((again.from, again.until), (day("2020-03-16"), day("2020-03-29")));
        let told = left.iter().find(|one| one.to == "cchc.snv@quangnam.example").unwrap();
        let text = stage.daemon.deliverer.setup.messages.render_digest(again, Channel::Email).unwrap().text;
        assert_eq!(text, told.text);
        assert_eq!(stage.previews("2020-04-06").await.from, day("2020-03-30"));
    }
}
