//! What a daemon writes into its log: numbers to follow a message by, and nothing of a person or of what was written.

use std::time::Duration;

use chrono::Utc;
use dondoc::clock::Clock;
use dondoc::store::deliveries::DeliveryState;
use serde_json::Value;

use super::daemon::Running;
use super::province::{Province, mail_by};
use crate::support::db::{TestDb, sqlite};
use crate::support::imap::{self, FakeImap};
use crate::support::smtp::{FakeSmtp, Fault, Verb};
use crate::support::telegram::{self, FakeTelegram, TOKEN};

const CHAT: i64 = 7_340_118_559;
const STRANGER: i64 = 8_651_902_337;
/// What must not stand in any line: addresses, secrets, names, and words that were written or read.
const HIDDEN: [&str; 16] = [
    "a1@province.example",
    "a2@province.example",
    "7340118559",
    "8651902337",
    "an.nguoi.la@xa.example",
    imap::LOGIN.0,
    imap::LOGIN.1,
    TOKEN,
    "Lê Thị Hoa",
    "Chuyên viên",
    "Rà soát",
    "Đôn đốc CCHC",
    "Từ ngữ của người báo cáo",
    "Lời của người lạ",
    "Chủ đề của thư",
    "Trang lỗi của cổng",
];

/// A day with whatever can go into a log: mails that leave and are refused by name, chats, replies of people and
/// strangers, a mail of nobody, a web page instead of an answer. What was logged at the level `trace`.
async fn log_of_a_day(format: &str) -> (String, TestDb) {
    let relay = FakeSmtp::start().await;
    relay.fault(
        Verb::Rcpt,
        Fault::Reply(
            "550 5.1.1 <a1@province.example> <a2@province.example>: Chuyên viên is unknown",
        ),
    );
    let bots = FakeTelegram::start(&[CHAT, STRANGER]).await;
    bots.fault(
        CHAT,
        telegram::Fault::Foreign(
            502,
            "<html><body>Trang lỗi của cổng 7340118559</body></html>",
        ),
    );
    let mailbox = FakeImap::start().await;
    let channels = format!(
        "{}\n[imap]\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"plain\"\nuser = \"{}\"\npassword_file = \"imap\"\n\n\
         [telegram]\ntoken_file = \"token\"\napi_url = \"http://{}\"\n\n[log]\nlevel = \"trace\"\nformat = \"{format}\"\n",
        mail_by(relay.address).replace("Đôn đốc <", "Đôn đốc CCHC <"),
        mailbox.address.port(),
        imap::LOGIN.0,
        bots.address,
    );
    let test = sqlite().await;
    let province = Province::new(3, &test.url, &channels).await;
    province.write("token", TOKEN);
    province.write("imap", imap::LOGIN.1);
    province.edit(
        "plan/contacts.toml",
        "channels = [\"email\"]\nemail = \"a3@province.example\"",
        &format!("channels = [\"telegram\"]\ntelegram = {CHAT}"),
    );
    let mut daemon = Running::start(&province);
    // Who is refused once is asked for again before it is believed.
    daemon.counted(&test.db, DeliveryState::Sent, 3).await;
    // What is written is dated by the server, whose clock stands in 2020.
    let now = u64::try_from(Clock::System.now().timestamp() - telegram::START).unwrap();
    bots.pass(Duration::from_secs(now));
    bots.says(
        CHAT,
        "I.1 xong, KH 12/KH-S ngày hôm nay. Từ ngữ của người báo cáo",
    );
    bots.says(STRANGER, "Lời của người lạ");
    mailbox.deliver(
        "From: =?utf-8?q?L=C3=AA?= <an.nguoi.la@xa.example>\r\nTo: bot@noivu.example\r\n\
         Subject: Chủ đề của thư\r\nMessage-ID: <x@xa.example>\r\n\r\nLời của người lạ\r\n",
        Clock::System.now(),
    );
    daemon.counted(&test.db, DeliveryState::Sent, 5).await;
    let dealt_with = || daemon.log().matches("dealt with").count() >= 3;
    daemon
        .until("three messages are dealt with", dealt_with)
        .await;
    daemon.signal("TERM");
    assert_eq!(daemon.ended().await.code(), Some(0), "{}", daemon.log());
    relay.take();
    bots.take();
    (daemon.log(), test)
}

#[track_caller]
fn assert_hidden(log: &str) {
    for hidden in HIDDEN {
        let found: Vec<&str> = log.lines().filter(|line| line.contains(hidden)).collect();
        assert!(found.is_empty(), "{hidden}: {found:#?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_line_of_text_holds_an_address_a_secret_or_what_was_written() {
    let (log, _test) = log_of_a_day("text").await;
    assert_hidden(&log);
    for told in ["not sent yet", "sending", "a brief is planned"] {
        assert!(log.contains(told), "{told}: {log}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_and_a_reply_can_be_followed_by_the_numbers_of_the_json_log() {
    let (log, _test) = log_of_a_day("json").await;
    assert_hidden(&log);
    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect();
    for line in &lines {
        let at = line["timestamp"].as_str().unwrap();
        assert!(at.parse::<chrono::DateTime<Utc>>().is_ok(), "{line}");
        assert!(
            line["level"].is_string() && line["target"].is_string(),
            "{line}"
        );
    }
    let said = |message: &str| -> Vec<&Value> {
        let has = |line: &&Value| line["fields"]["message"] == message;
        lines
            .iter()
            .filter(has)
            .map(|line| &line["fields"])
            .collect()
    };
    // An obligation, in the brief of a contact and day …
    let planned = said("a brief is planned");
    let planned = planned
        .iter()
        .find(|line| line["contact"] == "a3.officer")
        .unwrap();
    assert!(
        planned["obligations"]
            .as_str()
            .unwrap()
            .parse::<u64>()
            .is_ok(),
        "{planned}"
    );
    // … goes out as a delivery, first in vain …
    let sending = said("sending");
    let mut tries = sending
        .iter()
        .filter(|line| line["kind"] == "brief" && line["contact"] == "a3.officer");
    let (first, second) = (tries.next().unwrap(), tries.next().unwrap());
    assert_eq!(
        (&first["day"], &first["delivery"]),
        (&planned["day"], &second["delivery"])
    );
    assert_eq!(
        (&first["attempt"], &second["attempt"]),
        (&Value::from(1), &Value::from(2))
    );
    let later = said("not sent yet, will be tried again");
    assert!(
        later
            .iter()
            .any(|line| line["delivery"] == first["delivery"] && line["attempt"] == 1),
        "{later:?}"
    );
    // … and then for good.
    let sent = said("sent");
    assert!(
        sent.iter()
            .any(|line| line["delivery"] == first["delivery"] && line["attempt"] == 2),
        "{sent:?}"
    );
    // A reply: who wrote, and about which obligation.
    let reply = lines.iter().find(|line| {
        line["fields"]["message"] == "dealt with" && line["span"]["contact"] == "a3.officer"
    });
    let reply = &reply.unwrap()["fields"];
    assert!(
        reply["inbox"].is_string() && reply["channel"] == "telegram",
        "{reply}"
    );
    let obligation = format!("obligation {}", planned["obligations"].as_str().unwrap());
    assert!(
        reply["outcome"].as_str().unwrap().contains(&obligation),
        "{reply}"
    );
}
