//! What people wrote while nothing ran is dealt with before the morning is planned.

use std::time::Duration;

use dondoc::clock::Clock;

use super::daemon::Running;
use super::machines::{chat_by, write_chats};
use super::province::Province;
use crate::support::db;
use crate::support::telegram::{FakeTelegram, START};

#[tokio::test]
async fn nobody_is_reminded_of_what_was_answered_while_nothing_ran() {
    let test = db::sqlite().await;
    let bots = FakeTelegram::start(&[1, 2]).await;
    let province = Province::new(2, &test.url, &chat_by(&bots)).await;
    write_chats(&province);
    let now = Clock::System.now().timestamp();
    bots.pass(Duration::from_secs((now - START).unsigned_abs()));
    bots.says(1, "I.1 xong, báo cáo số 12/BC-A1");
    let mut daemon = Running::start(&province);
    daemon.logged("the day is planned").await;
    let mut told = Vec::new();
    daemon
        .until("both are told something", || {
            told.extend(bots.take());
            told.iter().any(|message| message.chat == 1)
                && told.iter().any(|message| message.chat == 2)
        })
        .await;
    daemon.signal("TERM");
    daemon.ended().await;
    told.extend(bots.take());
    let chats: Vec<i64> = told.iter().map(|message| message.chat).collect();
    assert_eq!(chats.len(), 2, "{told:#?}");
    let receipt = told.iter().find(|message| message.chat == 1).unwrap();
    assert!(receipt.text.contains("12/BC-A1"), "{}", receipt.text);
    assert!(daemon.log().contains("briefs=1"), "{}", daemon.log());
}
