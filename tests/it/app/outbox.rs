//! The outbox in the hands of an operator, and items that nobody but they can mend.

use std::sync::Arc;

use dondoc::app::deliver::Halt;
use dondoc::app::outbox::{self, Again, Entry, Listed, Only, Retried, Why, in_trouble};
use dondoc::channels::Sender;
use dondoc::domain::delivery::Channel;
use dondoc::store::deliveries::{DeliveryId, DeliveryState};
use dondoc::store::events;

use super::stage::{Stage, day, loaded, to};
use crate::channels::email::sender;
use crate::support::db::{TestDb, on_both_databases};
use crate::support::smtp::{FakeSmtp, Fault, Verb};

const STP: &str = "cchc.stp@quangnam.example";
const MORNING: &str = "2020-03-31T07:30:00";

impl Stage {
    /// What needs a person now.
    async fn troubles(&self) -> Vec<Listed> {
        let deliverer = &self.daemon.deliverer;
        let only = in_trouble(Only::default(), deliverer.clock.now());
        outbox::list(&deliverer.db, &only, 100).await.unwrap()
    }

    async fn again(&self, entry: &Entry, again: Again) -> Retried {
        let deliverer = &self.daemon.deliverer;
        let (db, setup, origin) = (&deliverer.db, &deliverer.setup, &deliverer.origin);
        let now = deliverer.clock.now();
        outbox::retry(
            db,
            setup,
            origin,
            entry,
            again,
            Some("the relay is mended"),
            now,
        )
        .await
        .unwrap()
    }

    async fn ends(&self, entry: &Entry, reason: &str) -> Option<Why> {
        let deliverer = &self.daemon.deliverer;
        let now = deliverer.clock.now();
        outbox::cancel(&deliverer.db, &deliverer.setup, entry, reason, now)
            .await
            .unwrap()
    }

    /// The delivery of the brief of Sở Tư pháp's officer for that day.
    async fn own(&self, on: &str) -> DeliveryId {
        let only = Only {
            contact: Some("stp.officer".into()),
            day: Some(day(on)),
            ..Only::default()
        };
        let found = outbox::list(&self.daemon.deliverer.db, &only, 9)
            .await
            .unwrap();
        DeliveryId(found[0].id.unwrap())
    }

    /// What the ledger has of what was done by hand: the kind, the entry and why.
    async fn by_hand(&self) -> Vec<(String, String, String)> {
        let mut tx = self.daemon.deliverer.db.snapshot().await.unwrap();
        let plan = &self.daemon.deliverer.setup.charges[0].plan.id;
        let mut lines = Vec::new();
        events::each_of_plan(&mut tx, plan, |line| lines.push(line))
            .await
            .unwrap();
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let own = lines
            .into_iter()
            .filter(|one| one.kind.starts_with("outbox-"));
        own.map(|one| {
            let payload: serde_json::Value = serde_json::from_str(&one.payload).unwrap();
            (one.kind, text(&payload["entry"]), text(&payload["reason"]))
        })
        .collect()
    }
}

/// The province with one officer, whose mail is refused for good.
async fn refused(test: TestDb) -> (Stage, FakeSmtp, Entry) {
    let loaded = loaded();
    let mut contacts = loaded.contacts.clone();
    contacts.retain(|one| one.id.as_str() == "stp.officer");
    let mut stage = Stage::with(test, MORNING, contacts, loaded).await;
    let relay = FakeSmtp::start().await;
    for _ in 0..2 {
        relay.fault(Verb::Rcpt, Fault::Reply("550 5.1.1 no such user"));
    }
    stage.mail_by(Sender::Email(sender(&relay)));
    stage.daemon.round(&Halt::never()).await.unwrap();
    stage.set_time("2020-03-31T07:31:00");
    stage.daemon.round(&Halt::never()).await.unwrap();
    let id = stage.own("2020-03-31").await;
    (stage, relay, Entry::Delivery(id))
}

on_both_databases! {
    async fn what_failed_is_listed_told_and_sent_again_by_hand(test: TestDb) {
        let (stage, relay, entry) = refused(test).await;
        let troubles = stage.troubles().await;
        assert_eq!(troubles.len(), 1, "{troubles:#?}");
        assert_eq!((troubles[0].state.as_str(), outbox::name_of(&troubles[0])), ("failed", entry.to_string()));
        let story = outbox::show(&stage.daemon.deliverer.db, &entry).await.unwrap().unwrap();
        assert!(story.items.iter().any(|item| item.milestone.to_string() == "II.2/1"), "{:#?}", story.items);
        assert_eq!(story.attempts.len(), 2);
        assert!(story.attempts[0].reason.as_ref().unwrap().contains("550"), "{:?}", story.attempts);

        assert_eq!(stage.again(&entry, Again::default()).await, Retried::Queued);
        stage.daemon.round(&Halt::never()).await.unwrap();
        assert_eq!(relay.take().len(), 1, "the daemon takes it up");
        stage.set_time("2020-04-01T07:30:00");
        stage.daemon.round(&Halt::never()).await.unwrap();
        assert_eq!(relay.take().len(), 1, "and the address is used again");
        assert_eq!(stage.troubles().await, []);
        let why = Why::State("sent".to_owned());
        assert_eq!(stage.again(&entry, Again::default()).await, Retried::Not(why.clone()));
        assert_eq!(stage.ends(&entry, "no").await, Some(why));
        let line = ("outbox-retried".to_owned(), entry.to_string(), "the relay is mended".to_owned());
        assert_eq!(stage.by_hand().await, [line], "and the ledger has what was done, and nothing of what was not");
    }

    async fn what_may_have_arrived_goes_out_again_only_when_somebody_insists(test: TestDb) {
        let stage = Stage::at(test, MORNING).await;
        stage.rounds(MORNING).await;
        let id = stage.own("2020-03-31").await;
        stage.breaks(&format!("UPDATE deliveries SET state = 'unknown', sent_at = NULL, reason = 'cut' WHERE id = {id}")).await;
        let entry = Entry::Delivery(id);
        assert_eq!(stage.again(&entry, Again::default()).await, Retried::Not(Why::MayArriveTwice));
        let insisting = Again { may_arrive_twice: true, ..Again::default() };
        assert_eq!(stage.again(&entry, insisting).await, Retried::Queued);
        stage.daemon.round(&Halt::never()).await.unwrap();
        assert_eq!(to(&stage.mail.take(), STP).len(), 1);
    }

    async fn a_newer_brief_that_reached_nobody_replaces_nothing(test: TestDb) {
        let (stage, relay, entry) = refused(test).await;
        stage.set_time("2020-04-01T07:30:00");
        stage.daemon.round(&Halt::never()).await.unwrap();
        assert!(relay.take().is_empty(), "the address is dead");
        assert_eq!(stage.again(&entry, Again::default()).await, Retried::Queued);
        stage.daemon.round(&Halt::never()).await.unwrap();
        assert_eq!(relay.take().len(), 1);
    }

    async fn a_brief_that_a_newer_one_has_replaced_goes_out_only_when_forced(test: TestDb) {
        let (stage, relay, entry) = refused(test).await;
        stage.breaks("UPDATE addresses SET state = 'alive', reason = NULL").await;
        stage.set_time("2020-04-01T07:30:00");
        stage.daemon.round(&Halt::never()).await.unwrap();
        assert_eq!(relay.take().len(), 1, "the next day's brief");
        assert_eq!(stage.troubles().await, [], "it tells what was left");
        let replaced = Why::Replaced(day("2020-04-01"));
        assert_eq!(stage.again(&entry, Again::default()).await, Retried::Not(replaced));
        let forced = Again { forced: true, ..Again::default() };
        assert_eq!(stage.again(&entry, forced).await, Retried::Queued);
    }

    async fn what_is_cancelled_by_hand_is_not_tried_any_more(test: TestDb) {
        let (stage, relay, entry) = refused(test).await;
        assert_eq!(stage.ends(&entry, "told by telephone").await, None);
        assert_eq!(stage.troubles().await, []);
        stage.daemon.round(&Halt::never()).await.unwrap();
        assert_eq!(relay.take().len(), 0);
        let story = outbox::show(&stage.daemon.deliverer.db, &entry).await.unwrap().unwrap();
        let delivery = story.delivery.unwrap();
        assert_eq!(delivery.state, DeliveryState::Cancelled);
        assert_eq!(delivery.reason.as_deref(), Some("cancelled by hand: told by telephone"));
        assert_eq!(stage.by_hand().await.len(), 1);
        for entry in [Entry::Delivery(DeliveryId(999_999)), Entry::Brief("nobody".into(), day("2020-03-31"))] {
            assert_eq!(stage.ends(&entry, "x").await, Some(Why::Unknown));
            assert_eq!(stage.again(&entry, Again::default()).await, Retried::Not(Why::Unknown));
            assert_eq!(outbox::show(&stage.daemon.deliverer.db, &entry).await.unwrap(), None);
        }
    }

    async fn a_brief_that_reached_nobody_goes_out_once_its_reader_has_an_address(test: TestDb) {
        let loaded = loaded();
        let mut contacts = loaded.contacts.clone();
        contacts.retain(|one| one.id.as_str() == "stp.officer");
        contacts[0].channels = vec![(Channel::ZaloBot, "1".to_owned())];
        let stage = Stage::with(test, MORNING, contacts.clone(), loaded).await;
        stage.rounds(MORNING).await;
        let entry: Entry = "stp.officer/2020-03-31".parse().unwrap();
        let troubles = stage.troubles().await;
        assert_eq!((troubles[0].state.as_str(), outbox::name_of(&troubles[0])), ("unreachable", entry.to_string()));
        assert!(matches!(stage.again(&entry, Again::default()).await, Retried::StillUnreachable(_)));
        contacts[0].channels = vec![(Channel::Email, STP.to_owned())];
        stage.daemon.import(&contacts).await.unwrap();
        assert_eq!(stage.again(&entry, Again::default()).await, Retried::Queued);
        stage.daemon.round(&Halt::never()).await.unwrap();
        assert_eq!(to(&stage.mail.take(), STP).len(), 1);
        assert_eq!(stage.troubles().await, []);
    }

    /// A row that a newer program, or a hand, has written.
    async fn a_row_that_makes_no_sense_is_given_up_alone_and_named(test: TestDb) {
        let stage = Stage::at(test, MORNING).await;
        let planned = stage.plan("2020-03-31").await;
        let own = "contact = 'stp.officer' AND brief_day = '2020-03-31'";
        stage.breaks(&format!("UPDATE deliveries SET choices = 'no list' WHERE {own}")).await;
        stage.breaks("DELETE FROM bodies WHERE delivery IN (SELECT id FROM deliveries WHERE contact = 'snv.officer')").await;
        stage.daemon.round(&Halt::never()).await.unwrap();
        let mails = stage.mail.take();
        let briefs = mails.iter().filter(|mail| mail.message_id.starts_with("<brief."));
        assert_eq!(briefs.count(), planned.briefs - 2, "the others go out");
        let troubles = stage.troubles().await;
        let mut named: Vec<_> = troubles.iter().map(|row| (row.contact.clone().unwrap(), row.reason.clone().unwrap())).collect();
        named.sort();
        assert_eq!(named.len(), 2, "{troubles:#?}");
        assert!(named[0].1.contains("words are gone"), "{named:?}");
        assert!(named[1].1.contains("column `choices`"), "{named:?}");
        stage.breaks(&format!("UPDATE deliveries SET choices = NULL WHERE {own}")).await;
        let entry = Entry::Delivery(stage.own("2020-03-31").await);
        assert_eq!(stage.again(&entry, Again::default()).await, Retried::Queued);
        stage.daemon.round(&Halt::never()).await.unwrap();
        assert_eq!(to(&stage.mail.take(), STP).len(), 1);
    }
}

/// A channel that panics over one message: what it may have sent is sent once more, and the others leave.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fault_over_one_message_stops_that_message_alone() {
    let mut stage = Stage::at(crate::support::db::sqlite().await, MORNING).await;
    let planned = stage.plan("2020-03-31").await;
    let senders = Arc::get_mut(&mut stage.daemon.deliverer.senders).unwrap();
    let Some(Sender::Memory(mail)) = senders.get(&Channel::Email) else {
        panic!("mail is kept in memory");
    };
    mail.stumble_over(STP);
    stage.deliver().await;
    let left = stage.mail.take();
    assert_eq!(left.len(), planned.briefs - 1);
    assert!(to(&left, STP).is_empty());
    stage.set_time("2020-03-31T07:40:00");
    stage.deliver().await;
    let troubles = stage.troubles().await;
    assert_eq!(troubles.len(), 1, "{troubles:#?}");
    assert_eq!(troubles[0].state, "unknown");
    let why = troubles[0].reason.as_ref().unwrap();
    assert!(why.contains("a fault of the program"), "{why}");
}
