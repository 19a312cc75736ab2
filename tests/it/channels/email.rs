//! What a mail looks like when it arrives, and how connections are used.

use std::num::NonZeroU16;
use std::time::Duration;

use dondoc::channels::email::{
    Credentials, EmailConfig, EmailConfigError, EmailSender, EmailTimeouts, Purpose, Replies,
    ReturnPath, Security, Verified,
};
use dondoc::channels::{Message, Now};
use dondoc::domain::delivery::{Outcome, RetrySchedule};
use mail_parser::{MessageParser, MimeHeaders};

use super::brief;
use crate::support::smtp::{FakeSmtp, Fault, Options, Verb};

/// Long enough for a loaded machine where an answer comes, short where a test waits for it to run out.
pub(crate) fn config(relay: &FakeSmtp) -> EmailConfig {
    EmailConfig {
        host: "127.0.0.1".into(),
        port: relay.address.port(),
        security: Security::Plaintext,
        root_ca_pem: None,
        credentials: None,
        from: "Đôn đốc <nhacviec@noivu.example>".into(),
        reply_to: Some("traloi@noivu.example".into()),
        replies: None,
        list_id: "dondoc.noivu.example".into(),
        pool_size: NonZeroU16::new(2).unwrap(),
        timeouts: EmailTimeouts {
            connect: Duration::from_secs(20),
            command: Duration::from_secs(20),
            accept: Duration::from_secs(20),
            idle: Duration::from_secs(20),
            ..EmailTimeouts::default()
        },
        waits: RetrySchedule(vec![std::time::Duration::from_secs(1)]),
    }
}

pub(crate) fn sender(relay: &FakeSmtp) -> EmailSender {
    EmailSender::new(config(relay)).unwrap()
}

pub(super) fn is_sent(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Sent { .. })
}

/// Sends and returns what arrived, as bytes.
pub(super) async fn arrived(message: &Message) -> Vec<u8> {
    let relay = FakeSmtp::start().await;
    let outcome = sender(&relay).send(message).await;
    assert_eq!(
        outcome,
        Outcome::Sent {
            provider_id: "4F2A9".into()
        }
    );
    let [mail] = &relay.take()[..] else {
        panic!("not one mail")
    };
    assert_eq!(
        (mail.from.as_str(), mail.to.as_slice()),
        (
            "nhacviec@noivu.example",
            &["snv@quangnam.example".into()][..]
        )
    );
    mail.raw.clone()
}

#[tokio::test]
async fn a_brief_arrives_with_its_vietnamese_text_html_and_subject() {
    let raw = arrived(&brief("snv@quangnam.example")).await;
    let mail = MessageParser::default().parse(&raw).unwrap();
    assert_eq!(
        mail.subject(),
        Some("Nhắc việc thứ Hai 16/3/2020: Sở Nội vụ còn 3 việc")
    );
    let text = mail.body_text(0).unwrap().replace("\r\n", "\n");
    assert_eq!(text.trim_end(), brief("").text);
    assert!(
        mail.body_html(0)
            .unwrap()
            .contains("Kính gửi <b>Sở Nội vụ</b>")
    );
    assert_eq!(mail.content_type().unwrap().subtype(), Some("alternative"));
    assert_eq!(
        mail.from().unwrap().first().unwrap().name(),
        Some("Đôn đốc")
    );
    assert_eq!(
        mail.reply_to().unwrap().first().unwrap().address(),
        Some("traloi@noivu.example")
    );
    assert!(mail.date().is_some());
}

#[tokio::test]
async fn a_brief_carries_its_own_id_its_thread_and_the_marks_of_an_automatic_mail() {
    let raw = arrived(&brief("snv@quangnam.example")).await;
    let mail = MessageParser::default().parse(&raw).unwrap();
    for (name, value) in [
        ("Message-ID", "<brief-7@dondoc.example>"),
        ("In-Reply-To", "<thread-snv@dondoc.example>"),
        ("References", "<thread-snv@dondoc.example>"),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
        ("List-Id", "<dondoc.noivu.example>"),
    ] {
        assert_eq!(mail.header_raw(name).map(str::trim), Some(value), "{name}");
    }
}

#[tokio::test]
async fn the_root_of_a_thread_answers_nothing() {
    let root = Message {
        thread: Some("<brief-7@dondoc.example>".into()),
        ..brief("snv@quangnam.example")
    };
    let raw = arrived(&root).await;
    let mail = MessageParser::default().parse(&raw).unwrap();
    assert_eq!(mail.header_raw("In-Reply-To"), None);
    assert_eq!(mail.header_raw("References"), None);
}

#[tokio::test]
async fn decomposed_letters_are_composed_before_they_are_sent() {
    let message = Message {
        subject: Some("Nhắc: nộp báo cáo".chars().flat_map(decompose).collect()),
        text: "nộp báo cáo".chars().flat_map(decompose).collect(),
        html: None,
        ..brief("snv@quangnam.example")
    };
    assert!(message.text.chars().count() > "nộp báo cáo".chars().count());
    let raw = arrived(&message).await;
    let mail = MessageParser::default().parse(&raw).unwrap();
    assert_eq!(mail.subject(), Some("Nhắc: nộp báo cáo"));
    assert_eq!(mail.body_text(0).unwrap().trim_end(), "nộp báo cáo");
}

fn decompose(letter: char) -> Vec<char> {
    let mut parts = Vec::new();
    unicode_normalization::char::decompose_canonical(letter, |part| parts.push(part));
    parts
}

#[tokio::test]
async fn a_line_break_in_a_subject_starts_no_header() {
    let subject = "Nhắc việc\r\nBcc: moi.nguoi@quangnam.example\n\nX: y";
    let raw = arrived(&Message {
        subject: Some(subject.into()),
        ..brief("snv@quangnam.example")
    })
    .await;
    let mail = MessageParser::default().parse(&raw).unwrap();
    assert_eq!(
        mail.subject(),
        Some("Nhắc việc Bcc: moi.nguoi@quangnam.example X: y")
    );
    assert!(mail.bcc().is_none());
    assert_eq!(mail.header_raw("X"), None);
}

#[tokio::test]
async fn an_address_that_is_none_is_rejected_without_being_named_and_without_a_connection() {
    let relay = FakeSmtp::start().await;
    let sender = sender(&relay);
    for address in [
        "",
        "nguyen.van.an",
        "an@",
        "an@b.example\r\nRCPT TO:<x@b.example>",
        "an@b.example, binh@b.example",
        "An <an@b.example>",
        "an @b.example",
        "\"an\r\nBcc: x@b.example\"@b.example",
    ] {
        let outcome = sender.send(&brief(address)).await;
        assert_eq!(
            outcome,
            Outcome::Rejected {
                reason: "not a mail address".into()
            },
            "{address:?}"
        );
    }
    assert_eq!(relay.sessions(), 0);
}

#[tokio::test]
async fn a_message_id_that_would_break_the_header_is_refused() {
    let relay = FakeSmtp::start().await;
    for id in [
        "",
        "brief-7@dondoc.example",
        "<brief-7>",
        "<a@b>\r\nBcc: <c@d>",
        "<a b@c>",
    ] {
        let message = Message {
            message_id: id.into(),
            ..brief("snv@quangnam.example")
        };
        assert!(
            matches!(
                sender(&relay).send(&message).await,
                Outcome::Rejected { .. }
            ),
            "{id:?}"
        );
    }
    assert_eq!(relay.sessions(), 0);
}

#[tokio::test]
async fn mails_in_a_row_share_one_connection() {
    let relay = FakeSmtp::start().await;
    let sender = sender(&relay);
    for _ in 0..5 {
        assert!(is_sent(&sender.send(&brief("snv@quangnam.example")).await));
    }
    assert_eq!(relay.take().len(), 5);
    assert_eq!(relay.sessions(), 1);
}

#[tokio::test]
async fn no_more_connections_are_open_at_once_than_the_pool_allows() {
    let relay = FakeSmtp::start().await;
    let sender = sender(&relay);
    let message = brief("snv@quangnam.example");
    let outcomes = futures_util::future::join_all((0..20).map(|_| sender.send(&message))).await;
    assert!(outcomes.iter().all(is_sent));
    assert_eq!(relay.take().len(), 20);
    assert!(relay.most_at_once() <= 2, "{}", relay.most_at_once());
}

#[tokio::test]
async fn an_unused_connection_is_closed() {
    let relay = FakeSmtp::start().await;
    let mut config = config(&relay);
    config.timeouts.idle = Duration::from_millis(20);
    let sender = EmailSender::new(config).unwrap();
    assert!(is_sent(&sender.send(&brief("snv@quangnam.example")).await));
    relay.all_closed().await;
    assert_eq!(relay.take().len(), 1);
}

#[tokio::test]
async fn a_relay_that_ends_a_kept_session_is_asked_again_on_a_fresh_connection() {
    for farewell in [
        Fault::Goodbye("421 4.7.0 too many messages in this connection"),
        Fault::Cut,
    ] {
        let relay = FakeSmtp::start().await;
        let sender = sender(&relay);
        assert!(is_sent(&sender.send(&brief("snv@quangnam.example")).await));
        relay.fault(Verb::Mail, farewell);
        assert!(is_sent(&sender.send(&brief("snv@quangnam.example")).await));
        assert_eq!(relay.take().len(), 2);
        assert_eq!(relay.sessions(), 2);
    }
}

#[tokio::test]
async fn a_kept_connection_that_died_is_replaced() {
    let relay = FakeSmtp::start().await;
    let mut config = config(&relay);
    config.timeouts.unasked = Duration::ZERO;
    let sender = EmailSender::new(config).unwrap();
    assert!(is_sent(&sender.send(&brief("snv@quangnam.example")).await));
    relay.fault(Verb::Noop, Fault::Cut);
    assert!(is_sent(&sender.send(&brief("snv@quangnam.example")).await));
    assert_eq!((relay.take().len(), relay.sessions()), (2, 2));
}

#[tokio::test]
async fn an_address_with_vietnamese_letters_needs_a_relay_that_takes_them() {
    let willing = FakeSmtp::start_with(Options {
        smtputf8: true,
        ..Options::default()
    })
    .await;
    assert!(is_sent(
        &sender(&willing)
            .send(&brief("nội.vụ@quangnam.example"))
            .await
    ));
    assert_eq!(willing.take()[0].to, ["nội.vụ@quangnam.example"]);

    let unwilling = FakeSmtp::start().await;
    let outcome = sender(&unwilling)
        .send(&brief("nội.vụ@quangnam.example"))
        .await;
    assert!(matches!(outcome, Outcome::Rejected { reason } if reason.contains("SMTPUTF8")));
}

#[tokio::test]
async fn a_configuration_that_cannot_work_is_refused_before_anything_is_sent() {
    let relay = FakeSmtp::start().await;
    let with = |change: fn(&mut EmailConfig)| {
        let mut config = config(&relay);
        change(&mut config);
        EmailSender::new(config).map(|_| ())
    };
    let plaintext = with(|c| c.host = "mail.quangnam.example".into());
    assert!(
        matches!(plaintext, Err(EmailConfigError::PlaintextNotLocal { host }) if host == "mail.quangnam.example")
    );
    for host in ["localhost", "127.9.9.9", "::1"] {
        let mut config = config(&relay);
        config.host = host.into();
        assert!(EmailSender::new(config).is_ok(), "{host}");
    }
    assert!(matches!(
        with(|c| c.from = "Đôn đốc".into()),
        Err(EmailConfigError::Address { key: "from", .. })
    ));
    let reply_to = with(|c| c.reply_to = Some("a@b.example\r\nBcc: c@d.example".into()));
    assert!(matches!(
        reply_to,
        Err(EmailConfigError::Address {
            key: "reply_to",
            ..
        })
    ));
    assert!(matches!(
        with(|c| c.list_id = "<a>\r\nX: y".into()),
        Err(EmailConfigError::ListId { .. })
    ));
    let root = with(|c| {
        c.security = Security::Starttls;
        c.root_ca_pem = Some("not a certificate".into());
    });
    assert!(matches!(root, Err(EmailConfigError::RootCa(_))));
}

#[tokio::test]
async fn the_password_is_in_no_debug_output() {
    let relay = FakeSmtp::start().await;
    let mut config = config(&relay);
    config.credentials = Some(Credentials {
        username: "bot".into(),
        password: "sesame-4353".to_owned().into(),
    });
    assert!(!format!("{config:?}").contains("sesame"));
    assert!(!format!("{:?}", EmailSender::new(config).unwrap()).contains("sesame"));
}

fn answerable(relay: &FakeSmtp, return_path: ReturnPath) -> EmailSender {
    EmailSender::new(EmailConfig {
        replies: Some(Replies {
            tokens: super::mailbox::tokens(),
            return_path,
            now: Now::new(super::mailbox::now),
        }),
        ..config(relay)
    })
    .unwrap()
}

#[tokio::test]
async fn a_mail_can_be_answered_at_an_address_of_its_own_and_comes_back_to_another() {
    let relay = FakeSmtp::start().await;
    let sender = answerable(&relay, ReturnPath::Token);
    assert!(is_sent(&sender.send(&brief("snv@quangnam.example")).await));
    let mail = relay.take().remove(0);
    let parsed = MessageParser::default().parse(&mail.raw).unwrap();
    let reply_to = parsed.reply_to().unwrap().first().unwrap();
    assert_eq!(reply_to.name(), Some("Đôn đốc"));
    let verified = |purpose, address: &str, sender: &str| {
        super::mailbox::tokens().verify(purpose, address, sender, super::mailbox::now())
    };
    let address = reply_to.address().unwrap();
    let expected = Some(Verified {
        delivery: 7,
        expired: false,
    });
    assert_eq!(
        verified(Purpose::Reply, address, "snv@quangnam.example"),
        expected
    );
    assert_eq!(verified(Purpose::Return, &mail.from, ""), expected);
    assert_eq!(
        verified(Purpose::Reply, &mail.from, "snv@quangnam.example"),
        None
    );
}

#[tokio::test]
async fn the_return_path_is_what_the_relay_allows() {
    for (return_path, from) in [
        (ReturnPath::Reply, "bot@noivu.example"),
        (ReturnPath::From, "nhacviec@noivu.example"),
    ] {
        let relay = FakeSmtp::start().await;
        let sender = answerable(&relay, return_path);
        assert!(is_sent(&sender.send(&brief("snv@quangnam.example")).await));
        assert_eq!(relay.take()[0].from, from);
    }
}
