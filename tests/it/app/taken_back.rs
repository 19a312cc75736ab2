//! Taking back, contradicting and naming: what a person says of an earlier report, and of which task.

use dondoc::app::register::{Wanted, draft};
use dondoc::channels::Message;
use dondoc::domain::obligation::{Obligation, Pending, State};
use dondoc::store::statements;

use super::golden::words_of;
use super::stage::{Stage, day, loaded, to};
use crate::support::db::on_both_databases;

const COLLEAGUE: &str = "4343";

async fn of_stp(test: crate::support::db::TestDb) -> Stage {
    let stage = Stage::at(test, "2020-03-16T09:00:00").await;
    stage.link("2020-03-16T09:00:00", "stp.officer").await;
    stage
}

impl Stage {
    /// What was said of it last, in one word.
    async fn said(&self, obligation: &Obligation) -> Option<String> {
        let mut tx = self.daemon.deliverer.db.begin().await.unwrap();
        let said = statements::find(&mut tx, &[obligation.id]).await.unwrap();
        said.get(&obligation.id).map(|said| said.intent.clone())
    }
}

/// The last brief to an address.
pub(super) fn brief<'m>(left: &'m [Message], address: &str) -> &'m str {
    let mut own = to(left, address).into_iter().rev();
    let found = own.find(|one| one.text.contains("(Nhắc việc"));
    &found
        .unwrap_or_else(|| panic!("no brief to {address}"))
        .text
}

on_both_databases! {
    async fn who_takes_a_report_back_has_answered_in_every_output(test: TestDb) {
        let stage = Stage::at(test, "2020-03-30T09:00:00").await;
        stage.link("2020-03-30T09:00:00", "stp.officer").await;
        stage.answers("2020-03-30T09:10:00", "II.2/1 xong, KH số 12/KH-STP ngày 30/3").await;
        let undone = stage.answers("2020-03-31T09:10:00", "hôm qua em báo nhầm, II.2/1 chưa trình").await;
        assert!(undone.contains("Đã rút lại: II.2/1"), "{undone}");
        let left = stage.round_at("2020-04-03T07:30:00").await;
        let contacts = loaded().contacts;
        let address = |id: &str| contacts.iter().find(|one| one.id == id.into()).unwrap().channels[0].1.clone();
        let said = "đã rút lại báo cáo ngày 30/3: “hôm qua em báo nhầm, II.2/1 chưa trình”";
        let head = brief(&left, &address("stp.head"));
        assert!(head.contains(&format!("; 31/3 {said}")), "{head}");
        let left = stage.round_at("2020-04-06T07:30:00").await;
        let monitor = brief(&left, &address("snv.officer"));
        assert!(monitor.contains(&format!("+ Sở Tư pháp 31/3 {said}")), "{monitor}");

        let deliverer = &stage.daemon.deliverer;
        let (db, setup) = (&deliverer.db, &deliverer.setup);
        let digest = stage.previews("2020-04-06").await;
        let text = setup.messages.render_digest(digest, dondoc::domain::delivery::Channel::Email).unwrap().text;
        assert!(text.contains(&format!("+ Sở Tư pháp: 31/3 {said}")), "{text}");
        let reminder = draft(db, setup, &Wanted::Reminders(vec!["STP".into()]), day("2020-04-06")).await.unwrap();
        let words = words_of(&reminder[0].bytes, "word/document.xml");
        assert!(words.contains("Đã rút lại báo cáo ngày 30/3/2020: “hôm qua em báo nhầm, II.2/1 chưa trình”"), "{words}");
        let explained = stage.prints(&["rank", "--quarter", "1", "--explain", "STP", "--on", "2020-04-06"]);
        let line = explained.lines().find(|line| line.contains("II.2/1")).unwrap();
        assert!(line.contains("31/3/2020 đã rút lại báo cáo ngày 30/3/2020"), "{line}");
        // Nobody says of himself in his own report that he erred: what he has to report is left to him.
        let wanted = Wanted::Report { agency: Some("STP".into()), quarter: "1".parse().unwrap(), on: Some(day("2020-04-06")) };
        let own = draft(db, setup, &wanted, day("2020-04-06")).await.unwrap();
        let words = words_of(&own[0].bytes, "word/document.xml");
        assert!(words.contains("II.2/1") && !words.contains("báo nhầm"), "{words}");
    }

    async fn the_report_that_is_named_is_taken_back_and_no_other(test: TestDb) {
        let stage = of_stp(test).await;
        stage.answers("2020-03-16T09:10:00", "I.2 xong, KH số 11/KH-STP").await;
        stage.answers("2020-03-16T09:20:00", "II.2/1 xong, KH số 12/KH-STP").await;
        let nothing = stage.answers("2020-03-16T09:30:00", "II.2/2 chưa xong, em báo nhầm").await;
        assert!(nothing.contains("II.2/2") && nothing.contains("không có báo cáo nào của đồng chí"), "{nothing}");
        assert_eq!(stage.owed("II.2", 1).await.state, State::Done);
        let named = stage.answers("2020-03-16T09:40:00", "nhầm I.2, chưa xong").await;
        assert!(named.contains("Đã rút lại: I.2"), "{named}");
        assert_eq!(stage.owed("I.2", 1).await.state, State::Open);
        assert_eq!(stage.owed("II.2", 1).await.state, State::Done);
    }

    async fn without_a_name_all_of_the_last_message_is_taken_back(test: TestDb) {
        let stage = of_stp(test).await;
        stage.answers("2020-03-16T09:05:00", "II.2/2 đang làm, được 20%").await;
        stage.answers("2020-03-16T09:10:00", "I.2 xong, II.2/1 xong, IV.1.b đang làm").await;
        assert_eq!(stage.owed("I.2", 1).await.state, State::Done);
        let answer = stage.answers("2020-03-16T09:20:00", "nhầm").await;
        for task in ["I.2", "II.2/1", "IV.1.b"] {
            assert!(answer.contains(&format!("Đã rút lại: {task}")), "{task}: {answer}");
        }
        assert!(!answer.contains("II.2/2"), "{answer}");
        assert_eq!(stage.owed("I.2", 1).await.state, State::Open);
        assert_eq!(stage.owed("II.2", 1).await.state, State::Open);
    }

    async fn who_says_that_it_is_not_done_after_all_is_asked_and_can_take_the_completion_back(test: TestDb) {
        let stage = of_stp(test).await;
        stage.answers("2020-03-16T09:10:00", "I.2 xong, KH số 11/KH-STP").await;
        let asked = stage.answers("2020-03-17T09:10:00", "I.2 chưa xong, tuần sau trình").await;
        assert!(asked.contains("đang ghi hoàn thành") && asked.contains("“nhầm I.2/1”"), "{asked}");
        assert!(asked.contains("2. Giữ nguyên, tin này nói về I.2/2"), "{asked}");
        assert_eq!(stage.owed("I.2", 1).await.state, State::Done);
        let answer = stage.answers("2020-03-17T09:11:00", "1").await;
        assert!(answer.contains("Đã rút lại: I.2") && answer.contains("Đã ghi: I.2"), "{answer}");
        let now = stage.owed("I.2", 1).await;
        assert_eq!((now.state, now.done_on), (State::Open, None));
        assert_eq!(stage.ledger(&now).await, ["done", "undone", "progress"]);
    }

    async fn a_completion_that_a_colleague_claimed_can_be_contradicted_and_left(test: TestDb) {
        let stage = of_stp(test).await;
        stage.linked("2020-03-16T09:01:00", "stp.head", COLLEAGUE).await;
        stage.answers("2020-03-16T09:10:00", "I.2 xong, KH số 11/KH-STP").await;
        let hears = async |time: &str, text: &str| {
            let told = stage.hears(time, COLLEAGUE, text).await;
            told[0].text.clone()
        };
        let asked = hears("2020-03-30T09:10:00", "I.2/1 vướng, chưa xong").await;
        assert!(asked.contains("đang ghi hoàn thành"), "{asked}");
        let left = hears("2020-03-30T09:11:00", "2").await;
        assert!(left.contains("giữ nguyên"), "{left}");
        assert_eq!(stage.owed("I.2", 1).await.state, State::Done);
        // After a week it is the monitor's to give back, however often it is called wrong.
        for (time, text) in [("2020-03-30T09:12:00", "nhầm I.2"), ("2020-03-30T09:13:00", "nhầm")] {
            let answer = hears(time, text).await;
            assert!(answer.contains("trong 7 ngày qua"), "{answer}");
        }
        assert_eq!(stage.owed("I.2", 1).await.state, State::Done);
        stage.answers("2020-03-30T09:14:00", "II.2/1 xong, KH số 12/KH-STP").await;
        let asked = hears("2020-03-31T09:10:00", "nhầm II.2/1").await;
        assert!(asked.contains("đang ghi hoàn thành"), "{asked}");
        let answer = hears("2020-03-31T09:11:00", "nhầm").await;
        assert!(answer.contains("Đã rút lại: II.2/1"), "{answer}");
        assert_eq!(stage.owed("II.2", 1).await.state, State::Open);
    }

    async fn another_milestone_of_the_task_that_is_named_is_no_answer_about_the_one_that_was_asked_about(test: TestDb) {
        let stage = of_stp(test).await;
        let asked = stage.answers("2020-03-16T09:10:00", "II.2/1 xong rồi").await;
        assert!(asked.contains("số và ngày văn bản của II.2/1"), "{asked}");
        let answer = stage.answers("2020-03-16T09:11:00", "II.2/2 xong, PA số 9/PA-STP").await;
        assert!(answer.contains("Đã ghi: II.2/2"), "{answer}");
        assert_eq!(stage.owed("II.2", 2).await.state, State::Done);
        assert_eq!(stage.ledger(&stage.owed("II.2", 1).await).await, ["done"]);
        stage.answers("2020-03-16T09:12:00", "IV.1.b xin gia hạn").await;
        let answer = stage.answers("2020-03-16T09:13:00", "II.2/3 xin gia hạn đến 20/1/2021").await;
        assert!(answer.contains("Đã ghi: II.2/3"), "{answer}");
        assert_eq!(stage.owed("II.2", 3).await.pending, Some(Pending::Extension));
    }

    async fn what_was_said_before_holds_again_once_the_last_report_is_taken_back(test: TestDb) {
        let stage = of_stp(test).await;
        stage.answers("2020-03-16T09:10:00", "II.2/1 xin gia hạn đến 15/4 vì chờ hướng dẫn của Bộ").await;
        stage.answers("2020-03-16T09:20:00", "II.2/1 đang làm, được 60%").await;
        let one = stage.owed("II.2", 1).await;
        assert_eq!(stage.said(&one).await.as_deref(), Some("progress"));
        let answer = stage.answers("2020-03-16T09:30:00", "nhầm").await;
        assert!(answer.contains("Đã rút lại: II.2/1") && answer.contains("chờ quyết định"), "{answer}");
        assert_eq!(stage.said(&one).await.as_deref(), Some("extension-asked"));
        let answer = stage.answers("2020-03-16T09:40:00", "nhầm").await;
        assert!(!answer.contains("chờ quyết định"), "{answer}");
        assert_eq!(stage.said(&one).await.as_deref(), Some("undone"), "who takes it back has answered");
    }

    async fn the_number_of_a_document_that_comes_late_is_recorded(test: TestDb) {
        let stage = of_stp(test).await;
        stage.answers("2020-03-16T09:10:00", "II.2/2 xong").await;
        stage.answers("2020-03-16T09:11:00", "II.2/1 xong").await;
        let answer = stage.answers("2020-03-16T09:12:00", "II.2/2: PA số 6/PA-STP").await;
        assert!(answer.contains("Đã ghi: II.2/2") && answer.contains("bổ sung văn bản 6/PA-STP"), "{answer}");
        let answer = stage.answers("2020-03-18T09:12:00", "II.2/1 xong, KH số 7/KH-STP ngày 16/3").await;
        assert!(answer.contains("bổ sung văn bản 7/KH-STP"), "{answer}");
        assert_eq!(stage.ledger(&stage.owed("II.2", 1).await).await, ["done", "evidence"]);
        let again = stage.answers("2020-03-18T09:13:00", "II.2/1 xong, KH số 7/KH-STP ngày 16/3").await;
        assert!(again.contains("đã ghi hoàn thành từ trước"), "{again}");
    }

    async fn a_number_means_the_list_that_was_shown_and_never_a_row(test: TestDb) {
        let stage = of_stp(test).await;
        let row = stage.owed("II.2", 1).await.id;
        let asked = stage.answers("2020-03-16T09:09:00", &format!("việc {row} xong rồi, BC 3/BC-STP")).await;
        assert!(!asked.contains("Đã ghi") && asked.contains("là việc nào?"), "{asked}");
        assert_eq!(stage.owed("II.2", 1).await.state, State::Open);
        let list = stage.answers("2020-03-16T09:10:00", "/viec").await;
        let third = list.lines().nth(3).and_then(|line| line.split(' ').nth(1)).unwrap();
        let answer = stage.answers("2020-03-16T09:11:00", "việc 3 xong rồi, BC 3/BC-STP").await;
        assert!(answer.contains(&format!("Đã ghi: {third} ")), "{list}\n{answer}");
    }

    async fn the_number_of_a_choice_may_stand_in_words(test: TestDb) {
        let stage = of_stp(test).await;
        for (minute, words) in [(10, "việc 2"), (20, "số 2 nhé"), (30, "2 ạ")] {
            let asked = stage.answers(&format!("2020-03-16T09:{minute}:00"), "xong rồi").await;
            let second = asked.lines().find_map(|line| line.strip_prefix("2. ")).unwrap();
            let second = second.split(' ').next().unwrap();
            let answer = stage.answers(&format!("2020-03-16T09:{minute}:30"), words).await;
            assert!(answer.contains(&format!("Đã ghi: {second} ")), "{words}: {asked}\n{answer}");
        }
    }
}
