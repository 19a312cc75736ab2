//! A relay that does not let us in.

use dondoc::app::deliver::Halt;
use dondoc::app::inspect::list_contacts;
use dondoc::channels::Sender;
use dondoc::channels::email::{Credentials, EmailConfig, EmailSender, Security};
use dondoc::store::deliveries::{self, DeliveryState, Filter};

use super::stage::Stage;
use crate::channels::email::config;
use crate::channels::email_tls::LOGIN;
use crate::support::db::on_both_databases;
use crate::support::smtp::{FakeSmtp, Fault, Options, Verb};

on_both_databases! {
    async fn a_refused_login_is_tried_by_one_mail_at_a_time_and_nothing_is_lost(test: TestDb) {
        let mut stage = Stage::at(test, "2020-03-31T07:30:00").await;
        let relay = FakeSmtp::start_with(Options { login: Some(LOGIN), ..Options::default() }).await;
        for _ in 0..2 {
            relay.fault(Verb::Auth, Fault::Reply("535 5.7.8 bad credentials"));
        }
        let credentials = Credentials { username: "bot".into(), password: "secret".to_owned().into() };
        let config = EmailConfig { security: Security::Plaintext, credentials: Some(credentials), ..config(&relay) };
        stage.mail_by(Sender::Email(EmailSender::new(config).unwrap()));
        let planned = stage.plan("2020-03-31").await;
        let first = stage.deliver().await;
        assert_eq!((first.sent, first.retried, first.failed), (0, 1, 0), "one mail finds out for all");
        assert_eq!(relay.sessions(), 1);
        let second = stage.deliver().await;
        assert_eq!((second.retried, second.held, relay.sessions()), (0, 0, 1), "nobody tries while it is shut");

        // A second try, refused as well, then one that is let in: time passes by the relay's schedule of a second.
        while relay.sessions() < 3 {
            stage.set_time("2020-03-31T08:30:00");
            stage.daemon.round(&Halt::never()).await.unwrap();
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        stage.set_time("2020-03-31T09:30:00");
        stage.deliver().await;
        assert_eq!(relay.take().len(), planned.briefs);
        let mut tx = stage.daemon.deliverer.db.snapshot().await.unwrap();
        let sent = Filter { state: Some(DeliveryState::Sent), ..Filter::default() };
        let sent = deliveries::list(&mut tx, &sent, 1000).await.unwrap();
        assert_eq!(sent.len(), planned.briefs);
        assert_eq!(sent.iter().map(|one| one.attempts).sum::<u32>() as usize, planned.briefs + 2);
        drop(tx);
        let people = list_contacts(&stage.daemon.deliverer.db).await.unwrap();
        assert!(people.iter().all(|one| one.addresses.len() == one.contact.channels.len()), "every address lives");
    }
}
