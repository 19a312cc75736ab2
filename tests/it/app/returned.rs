//! Who reported a completion that was returned has answered, and what became of it is told.

use dondoc::app::register::{Wanted, draft};
use dondoc::app::resolve::{Order, Revocation, take_back};
use dondoc::channels::Message;
use dondoc::domain::delivery::Channel;
use dondoc::domain::plan::Acceptance;
use dondoc::domain::resolution::{Policy, Resolution};
use dondoc::store::statements;

use super::deciding::{order, plan};
use super::golden::words_of;
use super::stage::{Stage, day, loaded, to};
use crate::support::db::on_both_databases;

const SAID: &str = "“II.2/1 xong, KH 9/KH-STP ngày 16/3”";

async fn returned(test: crate::support::db::TestDb) -> Stage {
    let loaded = plan(Acceptance::Confirm, Policy::default());
    let stage = Stage::with(test, "2020-03-16T09:00:00", loaded.contacts.clone(), loaded).await;
    stage.link("2020-03-16T09:00:00", "stp.officer").await;
    stage
        .answers("2020-03-16T09:30:00", "II.2/1 xong, KH 9/KH-STP ngày 16/3")
        .await;
    let order = Order {
        by: Some("snv.officer".into()),
        ..order(Resolution::Return, "Văn bản chưa ký")
    };
    stage
        .settles("2020-03-17T09:00:00", &order, false)
        .await
        .unwrap();
    stage
}

on_both_databases! {
    async fn whose_report_was_returned_has_answered_in_every_output(test: TestDb) {
        let stage = returned(test).await;
        let left = stage.round_at("2020-04-03T07:30:00").await;
        let contacts = loaded().contacts;
        let address = |id: &str| contacts.iter().find(|one| one.id == id.into()).unwrap().channels[0].1.clone();
        let last = |left: &[Message], id: &str, what: &str| {
            let own = to(left, &address(id)).into_iter().rev();
            own.map(|one| one.text.clone()).find(|text| text.contains(what)).unwrap()
        };
        let text = last(&left, "snv.officer", "(Tổng hợp");
        let head = last(&left, "stp.head", "(Nhắc việc");
        assert!(head.contains(&format!("trả lời gần nhất 16/3: {SAID} (trả lại 17/3: “Văn bản chưa ký”)")), "{head}");
        let left = stage.round_at("2020-04-06T07:30:00").await;
        let monitor = last(&left, "snv.officer", "(Nhắc việc");
        assert!(monitor.contains(&format!("+ Sở Tư pháp 16/3: {SAID} (trả lại 17/3: “Văn bản chưa ký”)")), "{monitor}");

        let deliverer = &stage.daemon.deliverer;
        let (db, setup) = (&deliverer.db, &deliverer.setup);
        let (_, files) = stage.preview_with_files("2020-04-06").await;
        let said = format!("{SAID} (trả lại ngày 17/3/2020: “Văn bản chưa ký”)");
        assert!(text.contains(&format!("+ Sở Tư pháp: trả lời gần nhất 16/3: {said}")), "{text}");
        let register = files.iter().find(|one| one.name.ends_with(".xlsx")).unwrap();
        let words = words_of(&register.bytes, "xl/sharedStrings.xml");
        assert!(words.contains("áo cáo hoàn thành đã trả lại ngày 17/3/2020: “Văn bản chưa ký”") && words.contains(SAID), "{words}");
        let reminder = draft(db, setup, &Wanted::Reminders(vec!["STP".into()]), day("2020-04-06")).await.unwrap();
        let words = words_of(&reminder[0].bytes, "word/document.xml");
        assert!(words.contains(&format!("{SAID} (16/3/2020) (trả lại ngày 17/3/2020: “Văn bản chưa ký”)")), "{words}");
        let explained = stage.prints(&["rank", "--quarter", "1", "--explain", "STP", "--on", "2020-04-06"]);
        let line = explained.lines().find(|line| line.contains("II.2/1")).unwrap();
        assert!(line.contains(&format!("trả lời gần nhất 16/3/2020: {said}")), "{line}");
        assert!(explained.contains("có trả lời 1/"), "{explained}");
        // What it has to report itself is left to it.
        let wanted = Wanted::Report { agency: Some("STP".into()), quarter: "1".parse().unwrap(), on: Some(day("2020-04-06")) };
        let own = draft(db, setup, &wanted, day("2020-04-06")).await.unwrap();
        let words = words_of(&own[0].bytes, "word/document.xml");
        assert!(words.contains("II.2/1") && !words.contains("KH 9/KH-STP"), "{words}");
    }

    async fn a_newer_word_stands_before_a_return_and_a_return_that_was_taken_back_is_none(test: TestDb) {
        let stage = returned(test).await;
        let last = async || {
            let id = stage.owed("II.2", 1).await.id;
            let mut tx = stage.daemon.deliverer.db.snapshot().await.unwrap();
            statements::find(&mut tx, &[id]).await.unwrap().remove(&id).unwrap()
        };
        assert_eq!(last().await.returned.unwrap().reason, "Văn bản chưa ký");
        // Thanks say nothing of how the work stands.
        stage.answers("2020-03-17T10:30:00", "Vâng, em đã nhận").await;
        assert!(last().await.returned.is_some());
        let deliverer = &stage.daemon.deliverer;
        let (db, setup, origin, clock) = (&deliverer.db, &deliverer.setup, &deliverer.origin, &deliverer.clock);
        let what = Revocation { task: "II.2".into(), milestone: Some(1), agency: "STP".into(), reason: None, by: None };
        take_back(db, setup, origin, &setup.charges[0], &what, clock.today(), clock.now(), false).await.unwrap();
        let claimed = last().await;
        assert_eq!((claimed.intent.as_str(), claimed.returned), ("done", None));
        let text = setup.messages.render_digest(stage.previews("2020-04-06").await, Channel::Email).unwrap().text;
        assert!(!text.contains("trả lại"), "{text}");

        stage.settles("2020-03-18T09:00:00", &order(Resolution::Return, "Thiếu phụ lục"), false).await.unwrap();
        stage.answers("2020-03-19T09:30:00", "II.2/1 đang trình ký lại").await;
        assert_eq!((last().await.intent.as_str(), last().await.returned), ("progress", None));
        let text = setup.messages.render_digest(stage.previews("2020-04-06").await, Channel::Email).unwrap().text;
        assert!(text.contains("Sở Tư pháp: trả lời gần nhất 19/3: “II.2/1 đang trình ký lại”") && !text.contains("trả lại"), "{text}");
    }
}
