//! One day, and the days after an outage.

use std::collections::BTreeSet;
use std::sync::Arc;

use dondoc::store::deliveries::{self, DeliveryState, Filter};

use dondoc::app::audit::Look;
use dondoc::app::deliver::Halt;
use dondoc::app::inspect::list_contacts;
use dondoc::channels::email::{EmailConfig, EmailSender};
use dondoc::channels::{Message, Sender};
use dondoc::domain::delivery::Channel;
use dondoc::domain::directory::Contact;
use dondoc::domain::obligation::State;

use super::stage::{Stage, loaded, to};
use crate::channels::email::{config, sender};
use crate::support::db::on_both_databases;
use crate::support::smtp::{FakeSmtp, Fault, Verb};

const STP_HEAD: &str = "giamdoc.stp@quangnam.example";
const STP: &str = "cchc.stp@quangnam.example";

async fn in_state(stage: &Stage, state: DeliveryState) -> usize {
    let mut tx = stage.daemon.deliverer.db.snapshot().await.unwrap();
    let filter = Filter {
        state: Some(state),
        ..Filter::default()
    };
    deliveries::list(&mut tx, &filter, 10_000)
        .await
        .unwrap()
        .len()
}

/// Somebody who is told on 31/3/2020.
fn officer() -> Contact {
    let contacts = loaded().contacts;
    let officer = contacts
        .into_iter()
        .find(|one| one.id.as_str() == "stp.officer");
    officer.unwrap()
}

on_both_databases! {
    async fn the_daemon_plans_at_the_hour_and_not_before(test: TestDb) {
        let stage = Stage::at(test, "2020-03-26T07:29:00").await;
        assert!(stage.round_at("2020-03-26T07:29:59").await.is_empty());
        let mails = stage.round_at("2020-03-26T07:30:00").await;
        assert!(!mails.is_empty());
        assert!(
            stage.round_at("2020-03-26T07:30:05").await.is_empty(),
            "the day is told once"
        );
    }

    async fn planning_a_day_twice_sends_nobody_two_briefs(test: TestDb) {
        let stage = Stage::at(test, "2020-03-26T07:30:00").await;
        let first = stage.plan("2020-03-26").await;
        let second = stage.plan("2020-03-26").await;
        assert!(first.briefs > 0);
        assert_eq!(second.briefs, 0);
        stage.deliver().await;
        let mails = stage.mail.take();
        let people: BTreeSet<&str> = mails.iter().map(|mail| mail.to.as_str()).collect();
        assert_eq!(people.len(), mails.len());
    }

    async fn nothing_is_planned_on_a_day_off(test: TestDb) {
        let stage = Stage::at(test, "2020-01-22T07:30:00").await;
        for time in [
            "2020-01-23T07:30:00",
            "2020-01-25T09:00:00",
            "2020-01-29T07:30:00",
        ] {
            assert!(stage.round_at(time).await.is_empty(), "{time}");
        }
        assert!(
            !stage.round_at("2020-01-30T07:30:00").await.is_empty(),
            "the plan of 30 days is due"
        );
    }

    async fn after_a_week_of_outage_people_get_one_brief(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T07:30:00").await;
        stage.round_at("2020-03-16T07:30:00").await;
        let mails = stage.round_at("2020-03-30T10:12:00").await;
        let own = to(&mails, STP);
        assert_eq!(own.len(), 1);
        let briefs = own[0].text.matches("\nII.2/1 ").count();
        assert_eq!(
            briefs, 1,
            "one line for an item, however many rungs have passed:\n{}",
            own[0].text
        );
        assert!(stage.round_at("2020-03-30T10:13:00").await.is_empty());
    }

    async fn a_brief_that_waited_past_its_day_is_told_anew_and_once(test: TestDb) {
        let mut stage = Stage::at(test, "2020-03-30T07:30:00").await;
        let senders = Arc::get_mut(&mut stage.daemon.deliverer.senders).unwrap();
        let mail = senders.remove(&Channel::Email).unwrap();
        let planned = stage.plan("2020-03-30").await;
        stage.deliver().await;
        assert!(planned.briefs > 0 && stage.mail.take().is_empty());
        stage.mail_by(mail);
        let mails = stage.round_at("2020-03-31T07:30:00").await;
        assert_eq!(
            to(&mails, STP).len(),
            1,
            "yesterday's brief does not leave beside today's"
        );
        assert_eq!(in_state(&stage, DeliveryState::Queued).await, 0);
        assert_eq!(
            in_state(&stage, DeliveryState::Cancelled).await,
            planned.briefs
        );
    }

    async fn what_is_done_before_sending_is_dropped_from_the_brief(test: TestDb) {
        let stage = Stage::at(test, "2020-03-31T07:30:00").await;
        stage.plan("2020-03-31").await;
        stage.done("II.2", 1, "STP", "2020-03-30").await;
        stage.deliver().await;
        let mails = stage.mail.take();
        let own = to(&mails, STP);
        assert_eq!(own.len(), 1);
        assert!(!own[0].text.contains("\nII.2/1 "), "{}", own[0].text);
        assert!(own[0].text.contains("I.2/1"), "{}", own[0].text);
    }

    async fn a_brief_with_nothing_left_is_cancelled(test: TestDb) {
        let stage = Stage::at(test, "2020-01-30T07:30:00").await;
        let planned = stage.plan("2020-01-30").await;
        stage.done("IV.1.b", 1, "STP", "2020-01-30").await;
        let delivered = stage.deliver().await;
        let mails = stage.mail.take();
        assert!(
            to(&mails, STP_HEAD).is_empty(),
            "the head had nothing else to hear"
        );
        assert!(
            mails
                .iter()
                .all(|mail| !(mail.text.contains("IV.1.b") && mail.to.contains(".stp@")))
        );
        let cancelled = in_state(&stage, DeliveryState::Cancelled).await;
        assert_eq!(cancelled, usize::try_from(delivered.held).unwrap());
        assert_eq!(
            cancelled + usize::try_from(delivered.sent).unwrap(),
            planned.briefs
        );
    }

    async fn what_was_answered_before_its_brief_left_is_explained_as_dropped(test: TestDb) {
        let stage = Stage::at(test, "2020-03-31T07:30:00").await;
        stage.plan("2020-03-31").await;
        stage.set_time("2020-03-31T07:31:00");
        stage.done("II.2", 1, "STP", "2020-03-31").await;
        stage.set_time("2020-03-31T07:32:00");
        stage.deliver().await;
        let mails = stage.mail.take();
        let own = to(&mails, STP);
        assert!(!own[0].text.contains("\nII.2/1 ") && own[0].text.contains("I.2/1"), "{}", own[0].text);
        let dropped = stage.explained(("II.2", 1), "STP").await;
        assert!(!dropped.told.is_empty());
        for one in dropped.told.iter().filter(|one| one.sent.as_ref().is_ok_and(|sent| sent.at.is_some())) {
            assert_eq!(dropped.dropped_as(one), Some(State::Done), "{one:?}");
        }
        // What is answered after it has left was told all the same.
        stage.set_time("2020-03-31T09:00:00");
        stage.done("I.2", 1, "STP", "2020-03-31").await;
        let told = stage.explained(("I.2", 1), "STP").await;
        assert!(told.told.iter().any(|one| one.contact.as_str() == "stp.officer"));
        for one in &told.told {
            assert_eq!(told.dropped_as(one), None, "{one:?}");
        }
    }

    async fn a_brief_does_not_leave_outside_the_hours(test: TestDb) {
        let stage = Stage::at(test, "2020-03-31T07:30:00").await;
        stage.plan("2020-03-31").await;
        stage.set_time("2020-03-31T17:30:00");
        let delivered = stage.deliver().await;
        assert_eq!((delivered.sent, stage.mail.take().len()), (0, 0));
        assert!(delivered.held > 0);
    }

    /// Mail to a dead address is refused for good; the person hears by the next channel in the same round.
    async fn a_refused_address_moves_the_brief_to_the_next_channel_the_same_day(test: TestDb) {
        let mut officer = officer();
        officer
            .channels
            .push((Channel::Telegram, "4242".to_owned()));
        let mut stage = Stage::with(test, "2020-03-31T07:30:00", vec![officer], loaded()).await;
        let relay = FakeSmtp::start().await;
        for _ in 0..2 {
            relay.fault(Verb::Rcpt, Fault::Reply("550 5.1.1 no such user"));
        }
        stage.mail_by(Sender::Email(sender(&relay)));
        for time in ["07:30:00", "07:31:00", "07:31:01"] {
            stage.round_at(&format!("2020-03-31T{time}")).await;
        }
        let chats = stage.chat.take();
        assert_eq!(chats.len(), 1);
        assert_eq!(chats[0].to, "4242");
        assert!(chats[0].text.contains("II.2/1"), "{}", chats[0].text);
        assert!(relay.take().is_empty());

        // The address is known to be dead: the next brief does not try it.
        stage.set_time("2020-04-01T07:30:00");
        stage.daemon.round(&Halt::never()).await.unwrap();
        assert_eq!(stage.chat.take().len(), 1);
        assert_eq!(relay.sessions(), 1);
    }

    async fn a_relay_that_refuses_everybody_loses_nothing_and_gives_up_nothing(test: TestDb) {
        let mut stage = Stage::at(test, "2020-03-31T07:30:00").await;
        let relay = FakeSmtp::start().await;
        stage.mail_by(Sender::Email(sender(&relay)));
        let planned = stage.plan("2020-03-31").await;
        for _ in 0..planned.briefs {
            relay.fault(Verb::Mail, Fault::Reply("554 5.7.1 relaying denied"));
        }
        let delivered = stage.deliver().await;
        assert_eq!((delivered.sent, delivered.failed), (0, 0));
        assert_eq!(
            in_state(&stage, DeliveryState::Queued).await,
            planned.briefs,
            "all wait for the next try"
        );
    }

    /// The address lives, and the relay does not take the mail all day: it is told by the chat that day, and by mail the next.
    async fn what_a_channel_does_not_take_all_day_is_told_by_the_next_one(test: TestDb) {
        let mut officer = officer();
        officer.channels.push((Channel::Telegram, "4242".to_owned()));
        let mut stage = Stage::with(test, "2020-03-31T07:30:00", vec![officer], loaded()).await;
        let relay = FakeSmtp::start().await;
        relay.weather(|verb| (verb == Verb::Rcpt).then_some(Fault::Reply("451 4.3.0 try again")));
        stage.mail_by(Sender::Email(sender(&relay)));
        for hour in 7..17 {
            for minute in ["30", "31", "36", "59"] {
                stage.round_at(&format!("2020-03-31T{hour:02}:{minute}:00")).await;
            }
        }
        let chats = stage.chat.take();
        assert_eq!(chats.len(), 1, "once, and on the same day");
        assert!(!chats[0].resent, "the relay has said that it took nothing");
        assert!(relay.take().is_empty());
        relay.weather(|_| None);
        stage.round_at("2020-04-01T07:30:00").await;
        assert_eq!((relay.take().len(), stage.chat.take().len()), (1, 0), "the address is not called dead");
    }

    async fn a_relay_that_knows_nobody_for_a_morning_makes_no_address_dead(test: TestDb) {
        let mut stage = Stage::at(test, "2020-03-31T07:30:00").await;
        let relay = FakeSmtp::start().await;
        relay.weather(|verb| (verb == Verb::Rcpt).then_some(Fault::Reply("550 5.1.1 no such user")));
        stage.mail_by(Sender::Email(sender(&relay)));
        let planned = stage.plan("2020-03-31").await;
        for minute in ["30", "31", "36", "40"] {
            stage.set_time(&format!("2020-03-31T07:{minute}:00"));
            stage.deliver().await;
        }
        assert_eq!(in_state(&stage, DeliveryState::Failed).await, 0);
        let refuses = |stage: &Stage| stage.daemon.deliverer.senders[&Channel::Email].refuses_all();
        assert!(refuses(&stage));
        let people = list_contacts(&stage.daemon.deliverer.db).await.unwrap();
        assert!(people.iter().all(|one| one.addresses.len() == one.contact.channels.len()), "every address lives");

        // The relay is mended: time passes by its schedule of a second.
        relay.weather(|_| None);
        stage.set_time("2020-03-31T09:30:00");
        while in_state(&stage, DeliveryState::Queued).await > 0 {
            stage.deliver().await;
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        assert_eq!(relay.take().len(), planned.briefs);
        assert!(!refuses(&stage));
    }

    async fn what_reached_nobody_is_told_on_the_next_day_to_whoever_stands_in(test: TestDb) {
        let loaded = loaded();
        let mut people = loaded.contacts.clone();
        people.retain(|one| ["stp.officer", "stp.head"].contains(&one.id.as_str()));
        let head = people.iter().find(|one| one.id.as_str() == "stp.head").unwrap().channels[0].1.clone();
        let mut stage = Stage::with(test, "2020-01-02T07:30:00", people, loaded).await;
        let relay = FakeSmtp::start().await;
        for _ in 0..2 {
            relay.fault(Verb::Rcpt, Fault::Reply("550 5.1.1 no such user"));
        }
        stage.mail_by(Sender::Email(sender(&relay)));
        for time in ["07:30:00", "07:31:00"] {
            stage.round_at(&format!("2020-01-02T{time}")).await;
        }
        assert_eq!(in_state(&stage, DeliveryState::Failed).await, 1);

        stage.mail_by(Sender::Memory(stage.mail.clone()));
        let mails = stage.round_at("2020-01-03T07:30:00").await;
        let told = to(&mails, &head);
        assert_eq!((mails.len(), told.len()), (1, 1), "{mails:#?}");
        assert!(told[0].text.contains("bắt đầu thực hiện"), "{}", told[0].text);
        assert!(stage.round_at("2020-01-06T07:30:00").await.is_empty(), "once");
    }

    async fn continuous_work_that_was_reported_by_hand_is_asked_about_in_the_next_quarter(test: TestDb) {
        let stage = Stage::at(test, "2020-02-10T09:00:00").await;
        let asked = |mails: &[Message]| mails.iter().any(|one| one.text.contains("thường xuyên") && one.text.contains("VII.14"));
        stage.done("VII.14", 1, "SNV", "2020-02-10").await;
        let mails = stage.round_at("2020-06-19T07:30:00").await;
        assert!(asked(&mails), "{mails:#?}");
        let verified = stage.prints(&["verify"]);
        assert!(!verified.contains("does not stand"), "{verified}");
    }

    async fn a_mail_that_was_refused_once_and_then_cut_off_is_sent_again(test: TestDb) {
        let mut stage = Stage::with(test, "2020-03-31T07:30:00", vec![officer()], loaded()).await;
        let relay = FakeSmtp::start().await;
        relay.fault(Verb::Rcpt, Fault::Reply("451 4.3.0 try again"));
        relay.fault(Verb::Body, Fault::CutUntaken);
        stage.mail_by(Sender::Email(sender(&relay)));
        for time in ["07:30", "07:31", "07:36"] {
            stage.round_at(&format!("2020-03-31T{time}:00")).await;
        }
        assert_eq!(in_state(&stage, DeliveryState::Sent).await, 1);
        assert_eq!(relay.take().len(), 1);
    }

    async fn what_may_have_arrived_by_one_channel_is_marked_on_the_next(test: TestDb) {
        let mut officer = officer();
        officer.channels.push((Channel::Telegram, "4242".to_owned()));
        let mut stage = Stage::with(test, "2020-03-31T07:30:00", vec![officer], loaded()).await;
        let relay = FakeSmtp::start().await;
        relay.fault(Verb::Body, Fault::Cut);
        relay.fault(Verb::Rcpt, Fault::Reply("250 2.1.5 OK"));
        for _ in 0..2 {
            relay.fault(Verb::Rcpt, Fault::Reply("550 5.1.1 no such user"));
        }
        stage.mail_by(Sender::Email(sender(&relay)));
        for time in ["07:30:00", "07:31:00", "07:36:00", "07:36:01"] {
            stage.round_at(&format!("2020-03-31T{time}")).await;
        }
        assert_eq!(relay.take().len(), 1);
        let chats = stage.chat.take();
        assert_eq!(chats.len(), 1);
        assert!(chats[0].resent, "the mail may have arrived");
    }

    async fn a_relay_that_hangs_holds_up_no_chat(test: TestDb) {
        let loaded = loaded();
        let find = |id: &str| loaded.contacts.iter().find(|one| one.id.as_str() == id).unwrap().clone();
        let (mut chatting, mailing) = (find("stp.officer"), find("snv.officer"));
        chatting.channels = vec![(Channel::Telegram, "42".to_owned())];
        let mut stage = Stage::with(test, "2020-03-31T07:30:00", vec![chatting, mailing], loaded).await;
        let relay = FakeSmtp::start().await;
        let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = silent.local_addr().unwrap().port();
        let config = EmailConfig { port, ..config(&relay) };
        stage.mail_by(Sender::Email(EmailSender::new(config).unwrap()));
        assert_eq!(stage.plan("2020-03-31").await.briefs, 2);
        let arrives = async {
            while stage.chat.take().is_empty() {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            delivered = stage.deliver() => panic!("the relay did not hang: {delivered:?}"),
            () = arrives => {}
        }
    }

    async fn a_preferred_channel_that_is_not_configured_holds_nothing_back(test: TestDb) {
        let mut officer = officer();
        officer
            .channels
            .insert(0, (Channel::ZaloOa, "2468".to_owned()));
        let stage = Stage::with(test, "2020-03-31T07:30:00", vec![officer], loaded()).await;
        let mails = stage.round_at("2020-03-31T07:30:00").await;
        assert_eq!(to(&mails, STP).len(), 1);
    }
}

/// SQLite alone: there it can be told to answer as on a full disk.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_delays_and_loses_and_doubles_nothing() {
    let stage = Stage::at(crate::support::db::sqlite().await, "2020-03-31T07:00:00").await;
    limit_pages(&stage, "PRAGMA max_page_count = 1").await;
    stage.set_time("2020-03-31T07:30:00");
    let error = stage.daemon.round(&Halt::never()).await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("the disk of the database is full"),
        "{error}"
    );
    assert!(stage.mail.take().is_empty());

    limit_pages(&stage, "PRAGMA max_page_count = 1073741823").await;
    let planned = stage.plan("2020-03-31").await;
    limit_pages(&stage, "PRAGMA max_page_count = 1").await;
    // Whatever still fits into the pages there are: the rest waits until its leases end.
    let _ = stage.daemon.deliverer.deliver_due(&Halt::never()).await;
    let mut mails = stage.mail.take();
    limit_pages(&stage, "PRAGMA max_page_count = 1073741823").await;
    mails.extend(stage.round_at("2020-03-31T07:45:00").await);
    let people: BTreeSet<&str> = mails.iter().map(|mail| mail.to.as_str()).collect();
    let ids: BTreeSet<&str> = mails.iter().map(|mail| mail.message_id.as_str()).collect();
    assert_eq!((people.len(), ids.len()), (planned.briefs, planned.briefs));
    assert_eq!(in_state(&stage, DeliveryState::Sent).await, planned.briefs);
    let audited = stage.audits(Look::EndOfDay, "2020-03-31T18:00:00").await;
    assert_eq!(audited.open, 0, "{audited:?}");
}

async fn limit_pages(stage: &Stage, sql: &'static str) {
    let mut tx = stage.daemon.deliverer.db.begin().await.unwrap();
    if let dondoc::store::Tx::Sqlite(tx) = &mut tx {
        sqlx::query(sql).execute(&mut **tx).await.unwrap();
    }
    tx.commit().await.unwrap();
}
