//! What comes of a Telegram message when the Bot API, or something before it, fails.

use std::time::{Duration, Instant};

use dondoc::channels::SendReport;
use dondoc::channels::telegram::TelegramSender;
use dondoc::domain::delivery::Outcome;

use super::brief;
use super::telegram::{CHAT, config, sender};
use crate::support::telegram::{FakeTelegram, Fault};

fn reason(report: &SendReport) -> &str {
    match &report.outcome {
        Outcome::Sent { .. } => "",
        Outcome::Retry { reason, .. }
        | Outcome::Rejected { reason }
        | Outcome::Closed { reason }
        | Outcome::Silent { reason }
        | Outcome::Unknown { reason } => reason,
    }
}

fn assert_no_secret(report: &SendReport) {
    let shown = format!("{report:?}");
    assert!(
        !shown.contains("fake-Token") && !shown.contains("http://") && !shown.contains("127.0.0.1"),
        "{shown}"
    );
}

/// The report of one message to [`CHAT`] that meets `fault`.
async fn report_of(fault: Fault) -> SendReport {
    let api = FakeTelegram::start(&[CHAT]).await;
    api.fault(CHAT, fault);
    let report = sender(&api).send(&brief(&CHAT.to_string())).await;
    assert_no_secret(&report);
    report
}

/// Whatever says that it is the provider could take all memory otherwise. That it may have arrived is all that is known.
#[tokio::test]
async fn an_answer_without_an_end_is_not_read_to_its_end() {
    let megabytes = |many: usize| -> &'static str { " ".repeat(many * 1024 * 1024).leak() };
    let report = report_of(Fault::Foreign(200, megabytes(17))).await;
    assert!(
        matches!(report.outcome, Outcome::Unknown { .. }),
        "{report:?}"
    );
    assert!(
        reason(&report).contains("the answer has no end"),
        "{report:?}"
    );
    let refused = report_of(Fault::Foreign(502, megabytes(17))).await;
    assert!(
        matches!(refused.outcome, Outcome::Retry { .. }),
        "{refused:?}"
    );
    let long = report_of(Fault::Foreign(200, megabytes(1))).await;
    assert!(!reason(&long).contains("no end"), "{long:?}");
}

#[tokio::test]
async fn a_chat_that_is_gone_is_rejected() {
    for fault in [
        Fault::Error(403, "Forbidden: bot was blocked by the user"),
        Fault::Error(403, "Forbidden: user is deactivated"),
        Fault::Error(403, "Forbidden: bot was kicked from the supergroup chat"),
        Fault::Error(
            403,
            "Forbidden: bot can't initiate conversation with a user",
        ),
        Fault::Error(403, "Forbidden: bot is not a member of the group chat"),
        Fault::Error(400, "Bad Request: chat not found"),
        Fault::Error(
            400,
            "Bad Request: can't parse entities: Can't find end of Bold entity at byte offset 9",
        ),
    ] {
        let report = report_of(fault.clone()).await;
        assert!(
            matches!(report.outcome, Outcome::Rejected { .. }),
            "{fault:?}: {report:?}"
        );
    }
}

#[tokio::test]
async fn a_fault_of_the_server_condemns_no_chat_and_keeps_nobody_waiting() {
    let before = Instant::now();
    for fault in [
        Fault::Error(500, "Internal Server Error: restart"),
        Fault::Foreign(502, "<html><h1>502 Bad Gateway</h1></html>"),
        Fault::Foreign(403, "<html>This page is blocked</html>"),
        Fault::Foreign(200, "<html>Welcome to the hotel</html>"),
        Fault::Foreign(302, ""),
    ] {
        let report = report_of(fault.clone()).await;
        assert!(
            matches!(report.outcome, Outcome::Retry { after: None, .. }),
            "{fault:?}: {report:?}"
        );
    }
    // teloxide's own client would have slept ten seconds on each 5xx.
    assert!(
        before.elapsed() < Duration::from_secs(10),
        "{:?}",
        before.elapsed()
    );
}

#[tokio::test]
async fn a_connection_cut_after_the_message_was_taken_leaves_its_fate_open() {
    let api = FakeTelegram::start(&[CHAT]).await;
    api.fault(CHAT, Fault::CutAfterAccept);
    let report = sender(&api).send(&brief(&CHAT.to_string())).await;
    assert!(
        matches!(report.outcome, Outcome::Unknown { .. }),
        "{report:?}"
    );
    assert_no_secret(&report);
    assert_eq!(
        api.take().len(),
        1,
        "the client must not repeat the request by itself"
    );
}

#[tokio::test]
async fn a_silence_after_the_message_was_taken_leaves_its_fate_open() {
    let api = FakeTelegram::start(&[CHAT]).await;
    api.fault(CHAT, Fault::SilenceAfterAccept);
    let mut config = config(&api);
    config.timeouts.total = Duration::from_secs(1);
    let report = TelegramSender::new(&config)
        .unwrap()
        .send(&brief(&CHAT.to_string()))
        .await;
    assert!(
        matches!(report.outcome, Outcome::Unknown { .. }),
        "{report:?}"
    );
    assert_no_secret(&report);
    assert_eq!(api.take().len(), 1);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_tried_again() {
    let api = FakeTelegram::start(&[]).await;
    let free = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let mut config = config(&api);
    config.api_url = format!("http://{free}").parse().unwrap();
    let report = TelegramSender::new(&config)
        .unwrap()
        .send(&brief(&CHAT.to_string()))
        .await;
    assert!(
        matches!(report.outcome, Outcome::Retry { after: None, .. }),
        "{report:?}"
    );
    assert!(reason(&report).contains("refused"), "{report:?}");
    assert_no_secret(&report);
}

#[tokio::test]
async fn a_wrong_token_is_our_fault_and_not_the_chats() {
    let api = FakeTelegram::start(&[CHAT]).await;
    let mut config = config(&api);
    config.token = "4353:another-Token".to_owned().into();
    let report = TelegramSender::new(&config)
        .unwrap()
        .send(&brief(&CHAT.to_string()))
        .await;
    assert!(
        matches!(report.outcome, Outcome::Retry { after: None, .. }),
        "{report:?}"
    );
    assert!(reason(&report).contains("bot token"));
    assert!(!format!("{report:?} {config:?}").contains("another-Token"));
}
