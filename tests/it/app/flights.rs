//! Sending while the database fails over some of it: what went well is counted, once.

use std::time::Duration;

use dondoc::app::deliver::{Delivered, Halt, Round};
use dondoc::channels::Sender;
use dondoc::domain::delivery::Channel;
use dondoc::store::Tx;
use dondoc::store::deliveries::{self, DeliveryKind, Message, NewDelivery};
use dondoc::store::outbox::Wanted;

use super::stage::Stage;
use crate::channels::email::sender;
use crate::support::db::{execute, on_both_databases};
use crate::support::smtp::{FakeSmtp, Fault, Verb};

impl Stage {
    /// Queues a message to each of these addresses, of a sort that leaves at any hour, in this order.
    async fn queue(&self, channel: Channel, addresses: &[&str]) {
        let deliverer = &self.daemon.deliverer;
        let now = deliverer.clock.now();
        let message = |(at, address): (usize, &&str)| NewDelivery {
            message: Message {
                contact: None,
                kind: DeliveryKind::Notice,
                brief_day: None,
                channel,
                address: (*address).to_owned(),
                subject: "Thông báo".to_owned(),
                body: "Nội dung".to_owned(),
                body_html: None,
                message_id: format!("<{at}.{address}@test>"),
                thread_key: None,
                choices: Vec::new(),
            },
            not_before: now,
        };
        let messages: Vec<NewDelivery> = addresses.iter().enumerate().map(message).collect();
        let mut tx = deliverer.db.begin().await.unwrap();
        deliveries::insert(&mut tx, &messages, now).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// From now on the database fails whenever a message to this address is taken out of the outbox.
    async fn fails_over(&self, address: &str) {
        let mut tx = self.daemon.deliverer.db.begin().await.unwrap();
        let is_taken = format!("NEW.state = 'leased' AND NEW.address = '{address}'");
        let sql = match &tx {
            Tx::Sqlite(_) => format!(
                "CREATE TRIGGER fails BEFORE UPDATE ON deliveries WHEN {is_taken}
                 BEGIN SELECT RAISE(ABORT, 'told to fail'); END"
            ),
            Tx::Postgres(_) => format!(
                "CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS
                 $$ BEGIN RAISE EXCEPTION 'told to fail'; END $$;
                 CREATE TRIGGER fails BEFORE UPDATE ON deliveries FOR EACH ROW WHEN ({is_taken})
                 EXECUTE FUNCTION fails()"
            ),
        };
        execute(&mut tx, &sql).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// One round of sending, which fails; gives what it did all the same.
    async fn fails_to_deliver(&self) -> Delivered {
        let deliverer = &self.daemon.deliverer;
        let Round { delivered, failure } = deliverer.deliver(Wanted::All, &Halt::never()).await;
        let failure = failure.expect("the database was told to fail");
        let told = format!("{:?}", &failure);
        assert!(told.contains("told to fail"), "{told}");
        delivered
    }
}

on_both_databases! {
    async fn what_was_noted_of_a_turn_whose_second_half_failed_is_not_noted_again(test: TestDb) {
        let mut stage = Stage::at(test, "2020-03-17T10:00:00").await;
        let relay = FakeSmtp::start().await;
        // One of the first four is under way while the others have landed, and the fifth would be begun.
        relay.fault(Verb::Body, Fault::Late(Duration::from_millis(400)));
        stage.mail_by(Sender::Email(sender(&relay)));
        let people = ["a@province.example", "b@province.example", "c@province.example", "d@province.example"];
        stage.queue(Channel::Email, &people).await;
        stage.queue(Channel::Email, &["e@province.example"]).await;
        stage.fails_over("e@province.example").await;
        let delivered = stage.fails_to_deliver().await;
        assert_eq!(delivered, Delivered { sent: 4, ..Delivered::default() });
        assert_eq!(relay.take().len(), 4);
    }

    async fn messages_to_one_address_arrive_in_their_order(test: TestDb) {
        let mut stage = Stage::at(test, "2020-03-17T10:00:00").await;
        let relay = FakeSmtp::start().await;
        relay.fault(Verb::Body, Fault::Late(Duration::from_millis(400)));
        stage.mail_by(Sender::Email(sender(&relay)));
        stage.queue(Channel::Email, &["a@province.example"; 3]).await;
        let deliverer = &stage.daemon.deliverer;
        let round = deliverer.deliver(Wanted::All, &Halt::never()).await;
        assert_eq!(round.delivered.sent, 3);
        let places: Vec<Option<usize>> = relay
            .take()
            .iter()
            .map(|mail| {
                let raw = String::from_utf8_lossy(&mail.raw);
                (0..3).find(|at| raw.contains(&format!("<{at}.a@")))
            })
            .collect();
        assert_eq!(places, [Some(0), Some(1), Some(2)]);
    }

    async fn what_is_under_way_is_not_sent_again_when_the_clock_jumps(test: TestDb) {
        let mut stage = Stage::at(test, "2020-03-17T10:00:00").await;
        let relay = FakeSmtp::start().await;
        relay.fault(Verb::Body, Fault::Late(Duration::from_millis(600)));
        stage.mail_by(Sender::Email(sender(&relay)));
        stage.queue(Channel::Email, &["a@province.example"]).await;
        let deliverer = &stage.daemon.deliverer;
        let halt = Halt::never();
        let (first, second) = tokio::join!(deliverer.deliver(Wanted::All, &halt), async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            stage.set_time("2020-03-17T11:00:00");
            deliverer.deliver(Wanted::All, &halt).await
        });
        assert_eq!((first.delivered.sent, second.delivered.sent), (1, 0));
        assert_eq!(relay.take().len(), 1);
    }

    async fn a_channel_that_fails_hides_nothing_of_what_the_others_did(test: TestDb) {
        let stage = Stage::at(test, "2020-03-17T10:00:00").await;
        stage.queue(Channel::Email, &["a@province.example", "b@province.example"]).await;
        stage.queue(Channel::Telegram, &["71"]).await;
        stage.fails_over("71").await;
        let delivered = stage.fails_to_deliver().await;
        assert_eq!(delivered, Delivered { sent: 2, ..Delivered::default() });
        assert_eq!(stage.mail.take().len(), 2);
        assert_eq!(stage.chat.take().len(), 0);
    }
}
