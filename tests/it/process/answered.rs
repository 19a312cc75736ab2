//! What people wrote while nothing ran is dealt with before the morning is planned; and nobody is asked to answer where
//! nobody reads it.

use std::time::Duration;

use dondoc::clock::Clock;

use super::daemon::{Running, printed};
use super::machines::{chat_by, write_chats};
use super::province::{Province, mail_by};
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

#[tokio::test]
async fn nobody_is_asked_to_answer_where_nobody_reads_it() {
    let test = db::sqlite().await;
    let mail = mail_by("127.0.0.1:9".parse().unwrap());
    let bot = "[telegram]\ntoken_file = \"token\"\nreceive = \"off\"\n";
    let province = Province::new(1, &test.url, &format!("{mail}\n{bot}")).await;
    province.write("token", "4353:fake-Token");
    let brief = || printed(&province, &["brief", "--fresh"]);
    let told = brief();
    assert!(
        told.contains("Không nhận trả lời tại đây: đề nghị báo Sở Nội vụ kết quả"),
        "{told}"
    );
    assert!(!told.contains("Trả lời ngay"), "{told}");

    // Who has a chat too is asked to answer there, once it is read.
    province.edit(
        "plan/contacts.toml",
        "channels = [\"email\"]",
        "channels = [\"email\", \"telegram\"]\ntelegram = 1",
    );
    let told = brief();
    assert!(told.contains("Không nhận trả lời tại đây: "), "{told}");
    province.edit("dondoc.toml", "receive = \"off\"", "receive = \"poll\"");
    let told = brief();
    assert!(
        told.contains("Trả lời trong Telegram (không nhận trả lời tại đây), ví dụ:\n“I.1 xong"),
        "{told}"
    );

    province.edit(
        "dondoc.toml",
        "[email]",
        "[imap]\nhost = \"127.0.0.1\"\nuser = \"bot\"\npassword_file = \"token\"\n\n[email]",
    );
    let told = brief();
    assert!(
        told.contains("Trả lời ngay thư này, ví dụ:\n“I.1 xong"),
        "{told}"
    );
}
