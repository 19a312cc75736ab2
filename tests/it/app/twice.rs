//! The same word twice within a minute, as a phone without signal sends it, takes back one thing.

use dondoc::domain::obligation::{Pending, State};

use super::conversation::words;
use super::stage::{Stage, day, loaded};
use crate::support::db::on_both_databases;

on_both_databases! {
    async fn the_second_of_two_takes_no_older_report_back(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        stage.answers("2020-03-16T09:10:00", "II.2/1 xin gia hạn đến 15/4 vì chờ hướng dẫn của Bộ").await;
        stage.answers("2020-03-16T09:20:00", "II.2/1 xong, KH số 12/KH-STP ngày 16/3").await;
        let first = stage.answers("2020-03-16T09:30:10", "nhầm").await;
        assert!(first.contains("Đã rút lại: II.2/1"), "{first}");
        for second in ["nhầm", "II.2/1 nhầm"] {
            let answer = stage.answers("2020-03-16T09:30:40", second).await;
            assert!(answer.contains("đã rút lại lúc 09:30, không rút lại thêm"), "{second}: {answer}");
            assert!(answer.contains("“nhầm” một lần nữa từ 09:32"), "{second}: {answer}");
        }
        let dropped = stage.answers("2020-03-16T09:30:50", "/huy").await;
        assert!(dropped.contains("Không có câu nào đang hỏi"), "{dropped}");
        let now = stage.owed("II.2", 1).await;
        assert_eq!((now.state, now.pending), (State::Open, Some(Pending::Extension)));
        // Later, the word is meant.
        let third = stage.answers("2020-03-16T09:32:00", "nhầm").await;
        assert!(third.contains("Đã rút lại: II.2/1"), "{third}");
        assert_eq!(stage.owed("II.2", 1).await.pending, None);
        let last = stage.answers("2020-03-16T09:32:30", "nhầm").await;
        assert!(last.contains("không rút lại thêm") && !last.contains("một lần nữa"), "nothing is left: {last}");
    }

    async fn another_task_that_is_named_is_taken_back_at_once(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        stage.answers("2020-03-16T09:10:00", "I.2 xong, KH số 11/KH-STP ngày 16/3").await;
        stage.answers("2020-03-16T09:20:00", "II.2/1 xong, KH số 12/KH-STP ngày 16/3").await;
        stage.answers("2020-03-16T09:30:10", "nhầm").await;
        let other = stage.answers("2020-03-16T09:30:40", "I.2 nhầm").await;
        assert!(other.contains("Đã rút lại: I.2"), "{other}");
        assert_eq!(stage.owed("I.2", 1).await.state, State::Open);
    }

    async fn the_second_of_two_takes_no_older_decision_back(test: TestDb) {
        let stage = Stage::with(test, "2020-03-16T09:00:00", loaded().contacts, loaded()).await;
        stage.linked("2020-03-16T09:05:00", "snv.officer", "71").await;
        stage.decides("2020-03-17T08:01:00", "71", words("đồng ý gia hạn I.2 của STP đến 20/4")).await;
        stage.decides("2020-03-17T08:02:00", "71", words("đồng ý gia hạn II.2/1 của STP đến 20/4")).await;
        stage.decides("2020-03-17T08:03:00", "71", words("nhầm")).await;
        let (dropped, _) = stage.decides("2020-03-17T08:03:20", "71", words("/huy")).await;
        assert!(dropped.text.contains("Không có câu nào đang hỏi"), "{}", dropped.text);
        let (second, told) = stage.decides("2020-03-17T08:03:30", "71", words("nhầm")).await;
        assert!(second.text.contains("đã rút lại lúc 08:03, không rút lại thêm"), "{}", second.text);
        assert!(told.is_empty(), "{told:#?}");
        let due = async |task: &str| stage.owed(task, 1).await.due_on;
        assert_eq!((due("I.2").await, due("II.2").await), (Some(day("2020-04-20")), Some(day("2020-03-31"))));
        stage.decides("2020-03-17T08:04:30", "71", words("nhầm")).await;
        assert_eq!(due("I.2").await, Some(day("2020-03-31")));
    }
}
