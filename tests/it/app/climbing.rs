//! How what an agency says changes who hears of its work: what waits for the monitor, and what something prevents.

use dondoc::app::register::{Wanted, draft};
use dondoc::domain::ids::ObligationId;
use dondoc::domain::ladder::Audience;
use dondoc::domain::obligation::Obligation;
use dondoc::domain::plan::Acceptance;
use dondoc::domain::resolution::{Policy, Resolution};
use dondoc::store::audit;

use super::conversation::words;
use super::deciding::{order, plan};
use super::golden::words_of;
use super::stage::{Stage, day, loaded, to};
use super::taken_back::brief;
use crate::support::db::on_both_databases;

/// The working days from the last week to three weeks late, on which the ladder speaks of what is due on 31/3/2020.
const SPEAKING: [&str; 10] = [
    "2020-03-20",
    "2020-03-26",
    "2020-03-30",
    "2020-03-31",
    "2020-04-01",
    "2020-04-06",
    "2020-04-08",
    "2020-04-15",
    "2020-04-16",
    "2020-04-22",
];

impl Stage {
    /// On which days each capacity was told of it.
    async fn told(&self, one: ObligationId) -> impl Fn(Audience) -> Vec<String> + use<> {
        let mut tx = self.daemon.deliverer.db.snapshot().await.unwrap();
        let span = (day("2020-03-17"), day("2020-05-31"));
        let told = audit::list_told(&mut tx, &[one], span.0, span.1)
            .await
            .unwrap();
        move |audience| {
            let heard = told.iter().filter(|one| one.audience == audience);
            let mut days: Vec<String> = heard.map(|one| one.day.to_string()).collect();
            days.sort();
            days.dedup();
            days
        }
    }

    /// II.2/1 of Sở Tư pháp after its officer has written this on 16/3/2020.
    async fn after_saying(&self, words: &str) -> Obligation {
        self.round_at("2020-03-16T08:00:00").await;
        self.link("2020-03-16T09:00:00", "stp.officer").await;
        self.answers("2020-03-16T09:30:00", words).await;
        self.owed("II.2", 1).await
    }
}

on_both_databases! {
    async fn while_a_wish_for_time_waits_nobody_but_the_monitor_hears_that_it_is_late(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T07:00:00").await;
        let one = stage.after_saying("II.2 xin gia hạn đến 30/4 vì chờ hướng dẫn của Bộ").await;
        stage.round_at("2020-03-17T07:30:00").await;
        for on in SPEAKING {
            stage.round_at(&format!("{on}T07:30:00")).await;
        }
        let told = stage.told(one.id).await;
        // The date stands while nobody has decided, so the reminders go on up to it.
        assert_eq!(told(Audience::Head), ["2020-03-20", "2020-03-26", "2020-03-30", "2020-03-31"]);
        assert_eq!(told(Audience::Officer).last().unwrap(), "2020-03-31");
        assert_eq!(told(Audience::Leader), [""; 0]);
        assert_eq!(told(Audience::Monitor)[0], "2020-03-17", "the wish is told at once");
        assert!(told(Audience::Monitor).contains(&"2020-04-06".to_owned()));

        // What fell meanwhile is told when it is refused.
        let refused = order(Resolution::Refuse, "Đã quá nửa thời gian");
        stage.settles("2020-04-22T14:00:00", &refused, false).await.unwrap();
        stage.round_at("2020-04-23T07:30:00").await;
        let told = stage.told(one.id).await;
        for audience in [Audience::Officer, Audience::Head, Audience::Leader] {
            assert_eq!(told(audience).last().unwrap(), "2020-04-23", "{audience:?}");
        }
    }

    async fn beyond_the_day_that_it_asks_for_a_wish_withholds_nothing(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T07:00:00").await;
        let one = stage.after_saying("II.2 xin gia hạn đến 7/4 vì chờ hướng dẫn của Bộ").await;
        let mut left = Vec::new();
        for on in SPEAKING {
            left.push(stage.round_at(&format!("{on}T07:30:00")).await);
        }
        let told = stage.told(one.id).await;
        for (audience, first) in [(Audience::Officer, "2020-04-08"), (Audience::Head, "2020-04-08"), (Audience::Leader, "2020-04-15")] {
            let late = told(audience).into_iter().find(|on| on.as_str() > "2020-03-31");
            assert_eq!(late.as_deref(), Some(first), "{audience:?}");
        }
        let listed = stage.prints(&["status", "--task", "II.2", "--agency", "STP"]);
        let first = listed.lines().find(|line| line.contains("II.2/1")).unwrap();
        assert!(first.contains("open late") && first.contains("decision"), "{listed}");

        // It is late for everybody, and who reads of it reads that a decision is wanting.
        let contacts = loaded().contacts;
        let address = |id: &str| contacts.iter().find(|one| one.id.as_str() == id).unwrap().channels[0].1.clone();
        let wish = "“II.2 xin gia hạn đến 7/4 vì chờ hướng dẫn của Bộ”; đề nghị gia hạn đến 07/4 chưa được quyết định";
        for (on, id) in [(6, "stp.head"), (7, "ubnd.head"), (9, "snv.officer")] {
            let brief = &to(&left[on], &address(id))[0].text;
            assert!(brief.contains(wish), "{id}: {brief}");
        }
        let deliverer = &stage.daemon.deliverer;
        let wanted = Wanted::Reminders(vec!["STP".into()]);
        let letter = draft(&deliverer.db, &deliverer.setup, &wanted, day("2020-04-22")).await.unwrap();
        let letter = words_of(&letter[0].bytes, "word/document.xml");
        assert!(letter.contains("; đề nghị gia hạn đến 07/4/2020 đang chờ quyết định"), "{letter}");
        assert!(letter.contains("(II.2/1 đến 07/4/2020): đề nghị đang chờ quyết định"), "{letter}");
        stage.linked("2020-04-22T09:00:00", "snv.officer", "71").await;
        let (card, _) = stage.decides("2020-04-22T09:10:00", "71", words("quyết định")).await;
        assert!(card.text.contains("(31/3), đã quá hạn; ngày xin gia hạn 07/4 cũng đã qua mà chưa có quyết định"), "{}", card.text);
        let one = stage.answers("2020-04-22T10:00:00", "/viec II.2").await;
        assert!(one.contains("đang thực hiện quá hạn · chờ quyết định gia hạn"), "{one}");
        let all = stage.answers("2020-04-22T10:00:00", "/viec").await;
        assert!(all.contains("– 31/3, quá hạn, chờ quyết định gia hạn"), "{all}");
        let granted = order(Resolution::Extend { until: Some(day("2020-04-30")) }, "Được gia hạn");
        let settled = stage.settles("2020-04-22T14:00:00", &granted, true).await.unwrap();
        assert_eq!((settled.was_asked, settled.asked), (Some(day("2020-04-07")), None));
        // Nor may a criticism be signed by who does not know.
        let ranked = stage.prints(&["rank", "--quarter", "1", "--on", "2020-04-22"]);
        let undecided = "“II.2 xin gia hạn đến 7/4 vì chờ hướng dẫn của Bộ”; đề nghị gia hạn đến 07/4/2020 chưa được quyết định";
        assert!(ranked.contains(undecided), "{ranked}");
    }

    async fn of_two_wishes_the_day_that_is_wished_is_told_whatever_is_cut(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T07:00:00").await;
        let long = "vì còn chờ ý kiến của các phòng chuyên môn và hướng dẫn của Bộ, đến nay chưa có";
        let first = format!("II.2 xin gia hạn đến 3/4 {long}");
        stage.after_saying(&first).await;
        stage.answers("2020-03-30T10:00:00", &format!("II.2 {long}, nên xin gia hạn đến 7/4")).await;
        let contacts = loaded().contacts;
        let address = |id: &str| contacts.iter().find(|one| one.id.as_str() == id).unwrap().channels[0].1.clone();
        for (on, ids) in [("2020-04-06", vec!["snv.officer"]), ("2020-04-15", vec!["stp.head", "ubnd.head", "snv.officer"])] {
            let left = stage.round_at(&format!("{on}T07:30:00")).await;
            for id in ids {
                let brief = brief(&left, &address(id));
                assert!(brief.contains("gia hạn đến 07/4"), "{on} {id}: {brief}");
                assert!(!brief.contains("xin gia hạn đến 3/4"), "only the last wish, {id}: {brief}");
            }
        }
    }

    async fn whoever_has_claimed_completion_is_not_reminded_of_it(test: TestDb) {
        let loaded = plan(Acceptance::Confirm, Policy::default());
        let stage = Stage::with(test, "2020-03-16T07:00:00", loaded.contacts.clone(), loaded).await;
        let one = stage.after_saying("II.2 xong hôm 13/3, KH số 12/KH-STP").await;
        for on in SPEAKING {
            stage.round_at(&format!("{on}T07:30:00")).await;
        }
        let told = stage.told(one.id).await;
        for audience in [Audience::Officer, Audience::Head, Audience::Leader] {
            assert_eq!(told(audience), [""; 0], "{audience:?}");
        }
        assert_eq!(told(Audience::Monitor)[0], "2020-03-20");
        let returned = order(Resolution::Return, "Văn bản gửi kèm là dự thảo");
        stage.settles("2020-04-22T14:00:00", &returned, false).await.unwrap();
        stage.round_at("2020-04-23T07:30:00").await;
        let told = stage.told(one.id).await;
        assert_eq!(told(Audience::Head), ["2020-04-23"]);
    }

    async fn a_difficulty_climbs_as_a_difficulty(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T07:00:00").await;
        let contacts = loaded().contacts;
        let address = |id: &str| {
            let found = contacts.iter().find(|one| one.id.as_str() == id);
            found.unwrap().channels[0].1.clone()
        };
        let one = stage.after_saying("II.2 đang vướng kinh phí, Sở Tài chính chưa bố trí").await;
        let left = stage.round_at("2020-03-17T07:30:00").await;
        let text = &to(&left, &address("snv.officer"))[0].text;
        assert!(text.contains("1 việc của 1 cơ quan có khó khăn, vướng mắc"), "{text}");
        assert!(text.contains("“II.2 đang vướng kinh phí") && text.contains("Đơn vị đã báo khó khăn"), "{text}");
        for on in &SPEAKING[..7] {
            let left = stage.round_at(&format!("{on}T07:30:00")).await;
            let head = to(&left, &address("stp.head"));
            let of_it = head.iter().filter(|mail| mail.text.contains("II.2/1"));
            for mail in of_it {
                assert!(mail.text.contains("khó khăn, vướng mắc"), "{}", mail.text);
            }
        }
        let left = stage.round_at("2020-04-15T07:30:00").await;
        let text = &to(&left, &address("ubnd.head"))[0].text;
        assert!(text.contains("\nCÓ KHÓ KHĂN, VƯỚNG MẮC (1 việc)\n\nSở Tư pháp: 1 việc\n"), "{text}");
        let told = stage.told(one.id).await;
        assert!(told(Audience::Leader).contains(&"2020-04-15".to_owned()));
    }
}
