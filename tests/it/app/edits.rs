//! A message that is edited in Telegram takes the place of what it said before.

use dondoc::app::deliver::Halt;
use dondoc::domain::obligation::State;
use serde_json::json;

use super::stage::{Stage, day};
use crate::channels::telegram_poll::receiver;
use crate::support::db::on_both_databases;
use crate::support::telegram::FakeTelegram;

/// The chat that `Stage::link` binds.
const PHONE: i64 = 4242;

/// Monday 16/3/2020, 10:00 in Quảng Nam.
const WRITTEN: i64 = 1_584_327_600;
const DAY: i64 = 86_400;

/// What leaves after the message of that number is written, or edited, with these words.
async fn says(
    stage: &Stage,
    api: &FakeTelegram,
    number: i64,
    edited_at: Option<i64>,
    text: &str,
) -> Vec<String> {
    let mut message = json!({
        "message_id": number,
        "from": { "id": PHONE, "is_bot": false, "first_name": "Lê Thị Hoa", "language_code": "vi" },
        "chat": { "id": PHONE, "type": "private", "first_name": "Lê Thị Hoa" },
        "date": WRITTEN,
        "text": text,
    });
    let kind = match edited_at {
        Some(at) => {
            message["edit_date"] = at.into();
            "edited_message"
        }
        None => "message",
    };
    api.happens(kind, message).unwrap();
    let batch = receiver(api).receive(None).await.unwrap();
    // The server hands over again what was not acknowledged; it is stored once.
    stage.daemon.intake().store(&batch.inbound).await.unwrap();
    stage.daemon.round(&Halt::never()).await.unwrap();
    let mut left = stage.chat.take();
    left.retain(|message| message.message_id.starts_with("<answer."));
    left.into_iter().map(|message| message.text).collect()
}

on_both_databases! {
    async fn an_edited_message_takes_the_place_of_what_it_said(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        let api = FakeTelegram::start(&[]).await;
        stage.set_time("2020-03-16T10:00:00");
        let first = says(&stage, &api, 77, None, "II.2/1 xong, KH 12/KH-STP").await;
        assert!(first.len() == 1 && first[0].contains("hoàn thành"), "{first:?}");
        assert_eq!(stage.owed("II.2", 1).await.done_on, Some(day("2020-03-16")));

        // A full stop, a day later: nothing is said twice, and the day stays.
        stage.set_time("2020-03-17T10:00:00");
        let same = says(&stage, &api, 77, Some(WRITTEN + DAY), "II.2/1 xong, KH 12/KH-STP.").await;
        assert_eq!(same, [""; 0]);
        let done = stage.owed("II.2", 1).await;
        assert_eq!((done.done_on, stage.ledger(&done).await), (Some(day("2020-03-16")), vec!["done".to_owned()]));

        let other = says(&stage, &api, 77, Some(WRITTEN + DAY + 60), "II.2/1 đang làm, được 60%").await;
        assert_eq!(other.len(), 1, "{other:?}");
        assert!(other[0].starts_with("Đã ghi theo tin đã sửa: II.2/1 ") && other[0].contains("đạt 60%"), "{other:?}");
        let open = stage.owed("II.2", 1).await;
        assert_eq!((open.state, stage.ledger(&open).await), (State::Open, ["done", "undone", "progress"].map(str::to_owned).to_vec()));

        // "nhầm" takes back the last words, and not the first.
        let undone = says(&stage, &api, 78, None, "nhầm").await;
        assert!(undone[0].contains("Đã rút lại: II.2/1"), "{undone:?}");
        assert_eq!(stage.owed("II.2", 1).await.state, State::Open);
    }

    async fn an_edit_that_says_nothing_takes_back_what_an_earlier_edit_said(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        let api = FakeTelegram::start(&[]).await;
        stage.set_time("2020-03-16T10:00:00");
        says(&stage, &api, 77, None, "II.2/1 đang làm").await;
        says(&stage, &api, 77, Some(WRITTEN + 60), "II.2/1 xong rồi, KH 5/KH-STP").await;
        assert_eq!(stage.owed("II.2", 1).await.state, State::Done);
        let told = says(&stage, &api, 77, Some(WRITTEN + 120), "chào cả nhà").await;
        assert!(told[0].contains("II.2/1"), "{told:?}");
        assert_eq!(stage.owed("II.2", 1).await.state, State::Open);
    }

    async fn an_edit_leaves_what_was_said_since_and_one_of_an_unknown_message_is_a_statement(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        let api = FakeTelegram::start(&[]).await;
        stage.set_time("2020-03-16T10:00:00");
        says(&stage, &api, 77, None, "II.2/1 đang làm, được 50%").await;
        says(&stage, &api, 78, None, "II.2/1 xong, KH 12/KH-STP").await;
        let late = says(&stage, &api, 77, Some(WRITTEN + 60), "II.2/1 đang làm, được 40%").await;
        assert_eq!(late.len(), 1);
        let done = stage.owed("II.2", 1).await;
        assert_eq!((done.state, stage.ledger(&done).await), (State::Done, ["progress", "done"].map(str::to_owned).to_vec()));

        let unknown = says(&stage, &api, 70, Some(WRITTEN + 120), "I.2/1 đang làm, được 30%").await;
        assert!(unknown[0].starts_with("Đã ghi: I.2/1 "), "{unknown:?}");
    }
}
