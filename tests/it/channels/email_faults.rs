//! What comes of a mail when the relay refuses, breaks off or falls silent.

use std::time::{Duration, Instant};

use dondoc::channels::Message;
use dondoc::channels::email::EmailSender;
use dondoc::domain::delivery::Outcome;

use super::brief;
use super::email::{config, is_sent, sender};
use crate::support::smtp::{FakeSmtp, Fault, Verb};

const ADDRESS: &str = "snv@quangnam.example";

fn name(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Sent { .. } => "sent",
        Outcome::Retry { .. } => "retry",
        Outcome::Rejected { .. } => "rejected",
        Outcome::Closed { .. } => "closed",
        Outcome::Silent { .. } => "silent",
        Outcome::Unknown { .. } => "unknown",
    }
}

fn reason(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Sent { .. } => "",
        Outcome::Retry { reason, .. }
        | Outcome::Rejected { reason }
        | Outcome::Closed { reason }
        | Outcome::Silent { reason }
        | Outcome::Unknown { reason } => reason,
    }
}

/// The outcome of one mail whose session meets `fault`, once it has been seen to name no address; and the number of
/// mails the relay took.
async fn outcome_of(verb: Verb, fault: Fault) -> (&'static str, usize) {
    let relay = FakeSmtp::start().await;
    let mut config = config(&relay);
    if matches!(fault, Fault::Silence) {
        let deadline = match verb {
            Verb::Greeting | Verb::Ehlo => &mut config.timeouts.connect,
            Verb::Body => &mut config.timeouts.accept,
            _ => &mut config.timeouts.command,
        };
        *deadline = Duration::from_millis(500);
    }
    relay.fault(verb, fault);
    let outcome = EmailSender::new(config)
        .unwrap()
        .send(&brief(ADDRESS))
        .await;
    assert!(!reason(&outcome).contains("quangnam"), "{outcome:?}");
    (name(&outcome), relay.take().len())
}

#[tokio::test]
async fn a_refusal_is_judged_by_the_step_it_comes_at() {
    for (verb, reply, expected) in [
        (
            Verb::Greeting,
            "554 5.7.1 snv@quangnam.example: no service for your address",
            "retry",
        ),
        (Verb::Greeting, "421 4.3.2 too busy", "retry"),
        (Verb::Ehlo, "550 5.7.1 bad name", "retry"),
        (Verb::Mail, "530 5.7.0 log in first", "retry"),
        (
            Verb::Mail,
            "550 5.7.60 not allowed to send as nhacviec@quangnam.example",
            "retry",
        ),
        (Verb::Mail, "451 4.3.0 try later", "retry"),
        (
            Verb::Rcpt,
            "550 5.1.1 <snv@quangnam.example>: no such user",
            "rejected",
        ),
        (
            Verb::Rcpt,
            "550-5.1.1 no\r\n550 5.1.1 such user",
            "rejected",
        ),
        (Verb::Rcpt, "550 snv@quangnam.example unknown", "rejected"),
        (Verb::Rcpt, "550 Administrative prohibition", "retry"),
        (
            Verb::Rcpt,
            "554 5.7.1 <snv@quangnam.example>: Relay access denied",
            "retry",
        ),
        (
            Verb::Rcpt,
            "450 4.2.0 <snv@quangnam.example>: Greylisted",
            "retry",
        ),
        (Verb::Rcpt, "452 4.2.2 mailbox full", "retry"),
        (Verb::Rcpt, "421 4.3.2 closing", "retry"),
        (Verb::Data, "451 4.3.0 try later", "retry"),
        (Verb::Data, "554 5.5.1 no valid recipients", "retry"),
        (Verb::Data, "250 2.0.0 out of step", "retry"),
        (Verb::Body, "451 4.3.0 queue full", "retry"),
        (Verb::Body, "552 5.3.4 message too big", "retry"),
        (Verb::Body, "554 5.7.1 spam", "retry"),
        (
            Verb::Body,
            "550 5.1.1 <snv@quangnam.example>: no such user",
            "rejected",
        ),
    ] {
        // A recipient that is refused by name is asked for once more.
        let at_first = if expected == "rejected" {
            "retry"
        } else {
            expected
        };
        assert_eq!(
            outcome_of(verb, Fault::Reply(reply)).await,
            (at_first, 0),
            "{verb:?} {reply}"
        );
        let relay = FakeSmtp::start().await;
        let sender = sender(&relay);
        for _ in 0..2 {
            relay.fault(verb, Fault::Reply(reply));
        }
        sender.send(&brief(ADDRESS)).await;
        let outcome = sender.send(&brief(ADDRESS)).await;
        assert_eq!(name(&outcome), expected, "{verb:?} {reply}");
    }
}

#[tokio::test]
async fn a_break_or_a_silence_before_the_message_was_written_is_tried_again() {
    for verb in [
        Verb::Greeting,
        Verb::Ehlo,
        Verb::Mail,
        Verb::Rcpt,
        Verb::Data,
    ] {
        for fault in [
            Fault::Cut,
            Fault::Goodbye("421 4.3.2 closing"),
            Fault::Silence,
        ] {
            assert_eq!(
                outcome_of(verb, fault.clone()).await,
                ("retry", 0),
                "{verb:?} {fault:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_break_or_a_silence_after_the_message_was_written_leaves_its_fate_open() {
    let before = Instant::now();
    for fault in [Fault::Cut, Fault::Silence] {
        assert_eq!(
            outcome_of(Verb::Body, fault.clone()).await,
            ("unknown", 1),
            "{fault:?}"
        );
    }
    // One deadline passes, not also that of a farewell to somebody who does not listen.
    assert!(
        before.elapsed() < Duration::from_secs(10),
        "{:?}",
        before.elapsed()
    );
}

#[tokio::test]
async fn a_definite_no_after_the_message_is_not_mistaken_for_an_open_fate() {
    assert_eq!(
        outcome_of(Verb::Body, Fault::Goodbye("421 4.3.2 closing")).await,
        ("retry", 0)
    );
}

#[tokio::test]
async fn a_break_while_the_message_is_being_written_is_tried_again() {
    let relay = FakeSmtp::start().await;
    relay.fault(Verb::Data, Fault::Goodbye("354 go on"));
    let long = Message {
        text: "II.2 xong chua?\r\n".repeat(500_000),
        html: None,
        ..brief(ADDRESS)
    };
    assert_eq!(name(&sender(&relay).send(&long).await), "retry");
}

#[tokio::test]
async fn a_relay_that_is_not_there_is_tried_again() {
    let relay = FakeSmtp::start().await;
    let mut config = config(&relay);
    // A port that was free a moment ago.
    config.port = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let outcome = EmailSender::new(config)
        .unwrap()
        .send(&brief(ADDRESS))
        .await;
    assert!(
        matches!(&outcome, Outcome::Retry { after: None, reason } if reason.contains("refused")),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn something_that_is_not_smtp_is_tried_again_and_not_quoted() {
    let relay = FakeSmtp::start().await;
    relay.fault(
        Verb::Greeting,
        Fault::Reply("HTTP/1.1 400 Bad Request snv@quangnam.example"),
    );
    let outcome = sender(&relay).send(&brief(ADDRESS)).await;
    assert_eq!(name(&outcome), "retry");
    assert!(!reason(&outcome).contains("quangnam"), "{outcome:?}");
}

#[tokio::test]
async fn a_session_goes_on_after_a_recipient_was_refused() {
    let relay = FakeSmtp::start().await;
    let sender = sender(&relay);
    relay.fault(Verb::Rcpt, Fault::Reply("550 5.1.1 no such user"));
    assert_eq!(
        name(&sender.send(&brief("gone@quangnam.example")).await),
        "retry"
    );
    assert!(is_sent(&sender.send(&brief(ADDRESS)).await));
    let mails = relay.take();
    assert_eq!(
        (mails.len(), mails[0].to.as_slice(), relay.sessions()),
        (1, &[ADDRESS.to_owned()][..], 1)
    );
}

#[tokio::test]
async fn a_mail_sent_again_has_the_same_message_id() {
    let relay = FakeSmtp::start().await;
    relay.fault(Verb::Body, Fault::Cut);
    let sender = sender(&relay);
    let message = brief(ADDRESS);
    assert_eq!(name(&sender.send(&message).await), "unknown");
    assert!(is_sent(
        &sender
            .send(&Message {
                resent: true,
                ..message
            })
            .await
    ));
    let id = b"Message-ID: <brief-7@dondoc.example>\r\n";
    let mails = relay.take();
    assert_eq!(mails.len(), 2);
    assert!(
        mails
            .iter()
            .all(|mail| mail.raw.windows(id.len()).any(|window| window == id))
    );
}
