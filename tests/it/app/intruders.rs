//! What comes in from whoever does not wish us well, and what the program itself stumbles over.

use chrono::{DateTime, Utc};
use dondoc::app::deliver::{Deliverer, Halt};
use dondoc::app::inspect::{Waiting, drop_received, list_contacts, list_waiting, unlink};
use dondoc::app::reply::Desk;
use dondoc::channels::Message;
use dondoc::domain::delivery::Channel;
use dondoc::domain::ids::ContactId;
use dondoc::domain::inbound::{Answered, Content, Identity, Place};
use dondoc::domain::obligation::State;
use dondoc::store::events::{Actor, NewEvent};
use dondoc::store::inbox::{self, InboxId};
use dondoc::store::obligations::{self, StateChange};
use dondoc::store::{Db, Tx};
use serde_json::json;

use super::conversation::{inbound, words};
use super::stage::{Stage, day, loaded};
use crate::support::db::on_both_databases;

const PHONE: &str = "4242";

/// A report that a mail did not arrive, from somebody who proves nothing or who has a token of ours.
fn bounce(
    identity: Identity,
    answers: Answered,
    recipient: Option<&str>,
) -> dondoc::domain::inbound::Inbound {
    let content = Content::Bounced {
        answers: Some(answers),
        recipient: recipient.map(str::to_owned),
        forever: true,
        reason: "failed 5.1.1 (550)".to_owned(),
    };
    let mut report = inbound(Channel::Email, "mailer-daemon@evil.example", content);
    report.identity = identity;
    report
}

fn doubtful() -> Identity {
    Identity::Doubtful {
        reason: "the report does not show a mail of ours".to_owned(),
    }
}

impl Stage {
    /// How many addresses are alive.
    async fn alive(&self) -> usize {
        let contacts = list_contacts(&self.daemon.deliverer.db).await.unwrap();
        contacts.iter().map(|one| one.contact.channels.len()).sum()
    }

    async fn waiting(&self) -> Vec<Waiting> {
        list_waiting(&self.daemon.deliverer.db, 10).await.unwrap()
    }
}

on_both_databases! {
    async fn a_report_that_nobody_can_prove_kills_no_address(test: TestDb) {
        let stage = Stage::at(test, "2020-01-14T07:00:00").await;
        stage.link("2020-01-14T07:00:00", "stp.officer").await;
        drop(stage.mail.take());
        let mails: Vec<Message> = stage.round_at("2020-01-14T07:30:00").await;
        let chats = stage.chat.take();
        assert!(!mails.is_empty() && !chats.is_empty());
        let alive = stage.alive().await;
        for sent in [&mails[0], &chats[0]] {
            let by_id = Answered::MessageId(sent.message_id.clone());
            let by_number = Answered::Delivery(sent.delivery_id);
            for recipient in [None, Some(sent.to.as_str())] {
                for answers in [&by_id, &by_number] {
                    stage.takes("2020-01-14T08:00:00", bounce(doubtful(), answers.clone(), recipient)).await;
                    assert_eq!(stage.alive().await, alive, "{answers:?} {recipient:?}");
                }
            }
        }
        // A mail never says anything about a chat, whoever proves what.
        for answers in [Answered::MessageId(chats[0].message_id.clone()), Answered::Delivery(chats[0].delivery_id)] {
            stage.takes("2020-01-14T08:01:00", bounce(Identity::Proven, answers, None)).await;
            assert_eq!(stage.alive().await, alive);
        }
        // Neither does a list that passes on the refusal of somebody else.
        let own = Answered::Delivery(mails[0].delivery_id);
        stage.takes("2020-01-14T08:02:00", bounce(Identity::Proven, own.clone(), Some("else@where.example"))).await;
        assert_eq!(stage.alive().await, alive);
        assert_eq!(stage.waiting().await, [], "nobody has to look at them");
        // What our own token proves is believed.
        stage.takes("2020-01-14T08:03:00", bounce(Identity::Proven, own, Some(&mails[0].to))).await;
        assert_eq!(stage.alive().await, alive - 1);
    }

    async fn a_message_that_the_program_stumbles_over_is_parked_and_the_next_is_answered(test: TestDb) {
        let stage = Stage::at(test, "2020-03-25T09:00:00").await;
        stage.link("2020-03-25T09:00:00", "stp.officer").await;
        // The week before the first day of the calendar: counting it ends in a panic.
        let mut poison = inbound(Channel::Telegram, PHONE, words("II.2/1 xong"));
        poison.sent_at = Some(DateTime::<Utc>::MIN_UTC);
        let undecoded = Content::Unreadable { reason: "mail 1:7 of the folder cannot be decoded".to_owned() };
        let mut undecoded = inbound(Channel::Email, "", undecoded);
        undecoded.identity = doubtful();
        stage.daemon.intake().store(&[poison, undecoded]).await.unwrap();
        let answers = stage.takes("2020-03-25T10:00:00", inbound(Channel::Telegram, PHONE, words("/viec"))).await;
        assert_eq!(answers.len(), 1, "{answers:#?}");
        let waiting = stage.waiting().await;
        assert_eq!(waiting.len(), 2);
        assert!(waiting.iter().all(|one| !one.held));
        // PostgreSQL has no such day, and refuses it before the program counts.
        if matches!(stage.daemon.deliverer.db, Db::Sqlite(_)) {
            assert!(waiting[1].reason.contains("a fault of the program"), "{}", waiting[1].reason);
        }
        assert_eq!(waiting[0].reason, "mail 1:7 of the folder cannot be decoded");
        assert_eq!(stage.owed("II.2", 1).await.state, State::Open);
    }

    /// The answer is decided on what the other has made of it, not on what it was a moment before.
    async fn what_somebody_else_changes_at_the_same_moment_is_not_claimed(test: TestDb) {
        let stage = Stage::at(test, "2020-03-25T09:00:00").await;
        stage.link("2020-03-25T09:00:00", "stp.officer").await;
        stage.set_time("2020-03-25T10:00:00");
        let deliverer = &stage.daemon.deliverer;
        let message = inbound(Channel::Telegram, PHONE, words("II.2/1 xong, KH 12/KH-STP"));
        stage.daemon.intake().store(&[message]).await.unwrap();
        let owed = stage.owed("II.2", 1).await;
        let mut other = deliverer.db.begin().await.unwrap();
        let to = StateChange {
            id: owed.id,
            from: State::Open,
            to: State::Done,
            done_on: Some(day("2020-03-24")),
            pending: None,
            snoozed_until: None,
            next_rung_on: None,
        };
        let event = NewEvent {
            plan: owed.plan.clone(),
            obligation: Some(owed.id),
            at: deliverer.clock.now(),
            actor: Actor::Operator,
            kind: "done".to_owned(),
            payload: json!({}),
            source: None,
        };
        assert!(obligations::set_state(&mut other, &to, &event).await.unwrap());
        let desk = Desk::of(deliverer);
        let (handled, ()) = tokio::join!(desk.work_off(), async {
            waits_for_a_lock(&stage).await;
            other.commit().await.unwrap();
        });
        assert_eq!(handled.unwrap().done, 1);
        assert_eq!(stage.ledger(&owed).await, ["done", "evidence"], "claimed once, by the other, who gave no number");
        assert_eq!(stage.owed("II.2", 1).await.done_on, Some(day("2020-03-24")));
        stage.deliver().await;
        let answers = stage.chat.take();
        let answer = &answers.last().unwrap().text;
        assert!(!answer.contains("hoàn thành đúng hạn ngày 25/3"), "{answer}");
    }

    async fn of_a_message_marked_as_a_state_secret_nothing_is_kept(test: TestDb) {
        let stage = Stage::at(test, "2020-03-25T09:00:00").await;
        stage.link("2020-03-25T09:00:00", "stp.officer").await;
        let answer = stage.answers("2020-03-25T09:10:00", "II.2/1 xong, số 517/KH-STP (Mật)").await;
        assert!(answer.contains("độ mật") && !answer.contains("517"), "{answer}");
        assert_eq!(stage.owed("II.2", 1).await.state, State::Open, "nothing is recorded");
        let db = &stage.daemon.deliverer.db;
        let mut tx = db.snapshot().await.unwrap();
        let received = inbox::list_after(&mut tx, InboxId(0), 100).await.unwrap();
        let kept = serde_json::to_string(&received.iter().map(|one| &one.received.inbound).collect::<Vec<_>>()).unwrap();
        assert!(!kept.contains("517"), "{kept}");
        assert!(kept.contains("marked as a state secret"), "{kept}");
        drop(tx);
        let answer = stage.answers("2020-03-25T09:20:00", "II.2/1 xong").await;
        assert!(answer.contains("hoàn thành"), "the status alone is welcome: {answer}");
    }

    async fn many_strangers_do_not_use_up_the_quota_and_a_code_still_binds(test: TestDb) {
        let stage = Stage::at(test, "2020-03-25T09:00:00").await;
        let strangers: Vec<_> = (0..250)
            .map(|number| inbound(Channel::Telegram, &format!("9{number}"), words("alo?")))
            .collect();
        stage.daemon.intake().store(&strangers).await.unwrap();
        let told = stage.takes("2020-03-25T09:30:00", inbound(Channel::Telegram, "8", words("A1A1-A1A1-A1A1"))).await;
        assert_eq!(told.len(), 200);
        stage.link("2020-03-25T10:00:00", "stp.officer").await;
        let tomorrow = inbound(Channel::Telegram, "9249", words("alo?"));
        assert_eq!(stage.takes("2020-03-26T09:00:00", tomorrow).await.len(), 1, "a new day");
    }

    async fn many_messages_are_recorded_and_answered_in_one(test: TestDb) {
        let stage = Stage::at(test, "2020-03-25T09:00:00").await;
        stage.link("2020-03-25T09:00:00", "stp.officer").await;
        let mut last = Vec::new();
        for minute in 1..40 {
            let at = format!("2020-03-25T09:{minute:02}:30");
            let told = stage.hears(&at, PHONE, "II.2/1 đang làm").await;
            last.extend(told.into_iter().map(|message| message.text));
        }
        let said = last.iter().filter(|text| text.contains("sẽ trả lời gộp")).count();
        assert_eq!((said, last.last().unwrap().contains("sẽ trả lời gộp")), (1, true), "said once: {last:?}");
        for (minute, text) in [(50, "II.2/1 xong, KH số 12/KH-STP"), (51, "I.2 vướng kinh phí"), (52, "ờ thì")] {
            let told = stage.hears(&format!("2020-03-25T09:{minute}:00"), PHONE, text).await;
            assert!(told.is_empty(), "one answer too many: {told:#?}");
        }
        assert_eq!(stage.owed("II.2", 1).await.state, State::Done, "what is said counts");
        stage.set_time("2020-03-25T11:00:00");
        stage.daemon.round(&Halt::never()).await.unwrap();
        let left = stage.chat.take();
        let summaries: Vec<_> = left.iter().filter(|one| one.message_id.starts_with("<summary.")).collect();
        assert_eq!(summaries.len(), 1, "{left:#?}");
        let text = &summaries[0].text;
        assert!(text.contains("Tổng hợp") && text.contains("12/KH-STP") && text.contains("Đã ghi: I.2"), "{text}");
        let answer = stage.answers("2020-03-25T11:01:00", "II.2/2 đang làm").await;
        assert!(answer.contains("II.2/2"), "{answer}");
    }

    async fn what_whoever_decides_changes_is_answered_however_much_it_is(test: TestDb) {
        let stage = Stage::at(test, "2020-03-25T09:00:00").await;
        stage.link("2020-03-25T09:00:00", "snv.officer").await;
        let mut own = stage.daemon.deliverer.setup.charges[0].plan.tasks.iter();
        let own = own.find(|task| task.agencies == ["SNV".into()] && !task.milestones.is_empty()).unwrap().id.to_string();
        for minute in 1..40 {
            let at = format!("2020-03-25T09:{minute:02}:30");
            let told = stage.hears(&at, PHONE, &format!("{own} đang làm {minute}%")).await;
            assert_eq!(told.len(), 1, "{minute}: what is recorded is answered");
        }
        let told = stage.hears("2020-03-25T09:50:00", PHONE, "chào em").await;
        assert!(told.is_empty(), "what changes nothing is braked: {told:#?}");
    }

    async fn unproven_mail_waits_only_where_it_may_be_from_somebody_we_know_and_can_be_put_aside(test: TestDb) {
        let stage = Stage::at(test, "2020-03-25T09:00:00").await;
        for from in ["spam@evil.example", "cchc.stp@quangnam.example"] {
            let mut forged = inbound(Channel::Email, from, words("II.2/1 xong"));
            forged.identity = doubtful();
            stage.takes("2020-03-25T09:01:00", forged).await;
        }
        let waiting = stage.waiting().await;
        assert_eq!(waiting.len(), 1);
        assert_eq!(waiting[0].received.inbound.from, "cchc.stp@quangnam.example");
        let (db, now) = (&stage.daemon.deliverer.db, stage.daemon.deliverer.clock.now());
        let id = waiting[0].received.id.0;
        assert!(drop_received(db, id, now).await.unwrap());
        assert!(!drop_received(db, id, now).await.unwrap());
        assert_eq!(stage.waiting().await, []);
    }

    async fn what_answers_a_mail_of_ours_waits_for_a_person_from_whatever_address(test: TestDb) {
        let stage = Stage::at(test, "2020-01-14T07:00:00").await;
        let mails: Vec<Message> = stage.round_at("2020-01-14T07:30:00").await;
        for (from, answers) in [
            ("sct.private@mail.example", Some(Answered::MessageId(mails[0].message_id.clone()))),
            ("spam@evil.example", Some(Answered::MessageId("<made-up@evil.example>".to_owned()))),
            ("spam@evil.example", None),
        ] {
            let content = Content::Text { text: "II.2/1 xong".to_owned(), answers, edited: false, files: Vec::new() };
            let mut mail = inbound(Channel::Email, from, content);
            mail.identity = doubtful();
            assert!(stage.takes("2020-01-14T08:00:00", mail).await.is_empty(), "nobody is answered");
        }
        let waiting = stage.waiting().await;
        assert_eq!(waiting.len(), 1);
        assert_eq!(waiting[0].received.inbound.from, "sct.private@mail.example");
        assert_eq!(stage.owed("II.2", 1).await.state, State::Open);
    }

    async fn a_chat_that_is_bound_is_told_to_the_other_addresses_and_can_be_unbound(test: TestDb) {
        let stage = Stage::at(test, "2020-03-25T05:00:00").await;
        stage.link("2020-03-25T05:00:00", "stp.officer").await;
        let told = stage.mail.take();
        assert_eq!(told.len(), 1, "{told:#?}");
        assert_eq!(told[0].to, "cchc.stp@quangnam.example");
        assert!(told[0].text.contains("vừa được liên kết"), "{}", told[0].text);
        let Deliverer { db, setup, clock, .. } = &stage.daemon.deliverer;
        let id: ContactId = "stp.officer".into();
        let lost = unlink(db, setup, &id, &[Channel::Telegram, Channel::ZaloOa], clock.now()).await.unwrap();
        assert_eq!(lost, Some(vec![Channel::Telegram]));
        assert_eq!(unlink(db, setup, &"nobody".into(), &[Channel::Telegram], clock.now()).await.unwrap(), None);
        let answers = stage.takes("2020-03-25T05:10:00", inbound(Channel::Telegram, PHONE, words("II.2/1 xong"))).await;
        assert!(answers[0].text.contains("chưa nhận ra người gửi"), "{}", answers[0].text);
        assert_eq!(stage.owed("II.2", 1).await.state, State::Open);
    }

    async fn who_is_taken_out_of_the_files_is_named_at_the_next_load(test: TestDb) {
        let stage = Stage::at(test, "2020-03-25T05:00:00").await;
        let mut contacts = loaded().contacts;
        contacts.retain(|one| one.id != "stp.officer".into());
        let imported = stage.daemon.import(&contacts).await.unwrap();
        assert_eq!(imported.strays, ["stp.officer".into()]);
        assert_eq!(stage.daemon.import(&loaded().contacts).await.unwrap().strays, []);
    }

    async fn a_group_that_moves_stays_bound(test: TestDb) {
        let stage = Stage::at(test, "2020-03-25T09:00:00").await;
        stage.link("2020-03-25T09:00:00", "stp.officer").await;
        let in_group = |chat: &str, content| {
            let mut said = inbound(Channel::Telegram, PHONE, content);
            said.place = Place::Group { chat: chat.to_owned() };
            said
        };
        stage.takes("2020-03-25T09:05:00", in_group("-5", words("/nhom"))).await;
        let to = "-1005".to_owned();
        stage.takes("2020-03-25T09:06:00", in_group("-5", Content::Moved { to })).await;
        let answers = stage.takes("2020-03-25T09:07:00", in_group("-1005", words("/viec"))).await;
        assert_eq!(answers.len(), 1);
        assert_eq!(answers[0].to, "-1005");
        assert_eq!(stage.takes("2020-03-25T09:08:00", in_group("-5", words("/viec"))).await, []);
    }

    async fn in_a_bound_group_strangers_and_other_agencies_are_not_heard_and_cannot_take_it_over(test: TestDb) {
        let stage = Stage::at(test, "2020-03-25T09:00:00").await;
        stage.link("2020-03-25T09:00:00", "stp.officer").await;
        let code = stage.issue("2020-03-25T09:01:00", "stc.officer").await;
        stage.hears("2020-03-25T09:01:00", "777", &code).await;
        stage.hears("2020-03-25T09:02:00", "777", "1").await;
        let says = |from: &str, text: &str| {
            let mut said = inbound(Channel::Telegram, from, words(text));
            said.place = Place::Group { chat: "-5".to_owned() };
            said
        };
        assert_eq!(stage.takes("2020-03-25T09:04:00", says("999", "/nhom")).await, [], "a stranger binds nothing");
        assert_eq!(stage.takes("2020-03-25T09:05:00", says(PHONE, "/nhom")).await.len(), 1);
        for (minute, from, text) in [(6, "999", "/viec"), (7, "999", "II.2/1 xong"), (8, "777", "/nhom"), (9, "777", "II.2/1 xong")] {
            let at = format!("2020-03-25T09:{minute:02}:00");
            assert_eq!(stage.takes(&at, says(from, text)).await, [], "{from}: {text}");
        }
        assert_eq!(stage.owed("II.2", 1).await.state, State::Open);
        let answers = stage.takes("2020-03-25T09:10:00", says(PHONE, "/viec")).await;
        assert_eq!((answers.len(), answers[0].to.as_str()), (1, "-5"), "it is still the group of Sở Tư pháp");
    }

    async fn whoever_writes_without_end_gets_thirty_answers_an_hour_and_is_told_so_once(test: TestDb) {
        let stage = Stage::at(test, "2020-03-25T08:00:00").await;
        stage.link("2020-03-25T08:00:00", "stp.officer").await;
        let mut answers = Vec::new();
        for minute in 0..40 {
            answers.extend(stage.hears(&format!("2020-03-25T10:{minute:02}:00"), PHONE, "/viec").await);
        }
        assert_eq!(answers.len(), 31);
        assert_ne!(answers[30].text, answers[29].text, "the last one says that there will be no more");
        assert_eq!(stage.hears("2020-03-25T11:50:00", PHONE, "/viec").await.len(), 1, "an hour later");
    }
}

/// Until the desk stands in its transaction and waits for the other one. SQLite lets nobody else begin.
async fn waits_for_a_lock(stage: &Stage) {
    loop {
        let mut tx = stage.daemon.deliverer.db.snapshot().await.unwrap();
        let Tx::Postgres(tx) = &mut tx else { return };
        let sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        let waiting: i64 = sqlx::query_scalar(sql).fetch_one(&mut **tx).await.unwrap();
        if waiting > 0 {
            return;
        }
    }
}
