//! A few words of a tired officer: numbers and days of documents told late, more time, numbers of a list.

use dondoc::domain::obligation::{Pending, State};

use super::conversation::{inbound, words};
use super::stage::Stage;
use crate::support::db::on_both_databases;
use dondoc::domain::delivery::Channel;
use dondoc::domain::inbound::{Content, Inbound};

const PHONE: &str = "4242";

fn numbered(number: &str, text: &str, edited: bool) -> Inbound {
    let content = match words(text) {
        Content::Text {
            text,
            answers,
            files,
            ..
        } => Content::Text {
            text,
            answers,
            edited,
            files,
        },
        other => other,
    };
    Inbound {
        external_id: format!("bot:{}:{number}", if edited { 2 } else { 1 }),
        ..inbound(Channel::Telegram, PHONE, content)
    }
}

on_both_databases! {
    async fn a_day_told_with_the_number_moves_the_completion(test: TestDb) {
        let stage = Stage::at(test, "2020-04-15T09:00:00").await;
        stage.link("2020-04-15T09:00:00", "stp.officer").await;
        let asked = stage.answers("2020-04-15T09:10:00", "II.2/1 xong rồi").await;
        assert!(asked.contains("quá hạn") && asked.contains("số và ngày văn bản"), "{asked}");
        let told = stage.answers("2020-04-15T09:11:00", "20/KH-STP ngày 30/3").await;
        assert!(told.contains("ngày 30/3/2020, văn bản 20/KH-STP (trước ghi ngày 15/4/2020)"), "{told}");
        assert!(told.contains("đúng hạn") && !told.contains("số và ngày"), "{told}");
        let one = stage.owed("II.2", 1).await;
        assert_eq!(one.done_on.map(|day| day.to_string()).as_deref(), Some("2020-03-30"));
        assert_eq!(stage.ledger(&one).await, ["done", "undone", "done"]);
        let told = stage.answers("2020-04-15T09:12:00", "nhầm, ngày 29/3").await;
        assert!(told.contains("29/3/2020") && told.contains("trước ghi ngày 30/3/2020, văn bản 20/KH-STP"), "{told}");
        let told = stage.answers("2020-04-15T09:13:00", "số đúng là 21/KH-STP").await;
        assert!(told.contains("văn bản 21/KH-STP (trước ghi"), "{told}");
        let one = stage.owed("II.2", 1).await;
        assert_eq!((one.state, one.done_on.map(|day| day.to_string()).as_deref()), (State::Done, Some("2020-03-29")));
        let told = stage.answers("2020-04-15T09:20:00", "nhầm II.2/1").await;
        assert!(told.contains("Đã rút lại"), "{told}");
        assert_eq!(stage.owed("II.2", 1).await.state, State::Open);
    }

    async fn an_answer_that_is_edited_corrects_what_it_said(test: TestDb) {
        let stage = Stage::at(test, "2020-04-15T09:00:00").await;
        stage.link("2020-04-15T09:00:00", "stp.officer").await;
        stage.answers("2020-04-15T09:10:00", "II.2/1 xong rồi").await;
        stage.takes("2020-04-15T09:11:00", numbered("77", "20/KH-STP ngày 30/3", false)).await;
        let told = stage.takes("2020-04-15T09:12:00", numbered("77", "21/KH-STP ngày 29/3", true)).await;
        assert!(told[0].text.contains("văn bản 21/KH-STP (trước ghi ngày 30/3/2020, văn bản 20/KH-STP)"), "{}", told[0].text);
        let one = stage.owed("II.2", 1).await;
        assert_eq!((one.state, one.done_on.map(|day| day.to_string()).as_deref()), (State::Done, Some("2020-03-29")));
    }

    async fn a_reason_and_then_as_much_time_ask_for_one_extension(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        let asked = stage.answers("2020-03-16T09:10:00", "II.2/1 xin gia hạn").await;
        assert!(asked.contains("đến ngày nào"), "{asked}");
        let asked = stage.answers("2020-03-16T09:11:00", "vì chờ hướng dẫn của Bộ").await;
        assert!(asked.contains("Đã ghi lý do. II.2/1 xin gia hạn đến ngày nào?"), "{asked}");
        let put_off = stage.answers("2020-03-16T09:12:00", "để mai nhắc lại").await;
        assert!(put_off.contains("II.2/1") && put_off.contains("nhắc lại thứ Ba 17/3"), "{put_off}");
        let told = stage.answers("2020-03-16T09:13:00", "thêm 1 tuần").await;
        assert!(told.contains("xin gia hạn đến 07/4/2020"), "{told}");
        let one = stage.owed("II.2", 1).await;
        assert_eq!(one.pending, Some(Pending::Extension));
        assert_eq!(stage.ledger(&one).await, ["extension-asked", "extension-asked", "snoozed", "extension-asked"]);
    }

    async fn numbers_of_a_list_that_was_shown_are_tasks(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        let list = stage.answers("2020-03-16T09:10:00", "/viec").await;
        let named = |number: usize| {
            let prefix = format!("{number}. ");
            let line = list.lines().find_map(|line| line.strip_prefix(&prefix)).unwrap();
            line.split(' ').next().unwrap().to_owned()
        };
        let told = stage.answers("2020-03-16T09:11:00", "2 đang làm, 3 vướng kinh phí").await;
        assert!(told.contains(&format!("Đã ghi: {}", named(2))) && told.contains(&format!("Đã ghi: {}", named(3))), "{told}");
        let told = stage.answers("2020-03-16T09:12:00", "/xong 1").await;
        assert!(told.contains(&format!("Đã ghi: {}", named(1))), "{told}");
    }
}
