//! Once against the real thing: what our fakes say of Postfix and Dovecot, these say themselves.
//!
//! `./test` runs this where it finds or may install them, and says so where not.

use std::time::Duration;

use chrono::TimeDelta;
use dondoc::channels::email::{
    EmailConfig, EmailSender, Replies, ReplyTokens, ReturnPath, Security,
};
use dondoc::channels::mailbox::{MailboxConfig, MailboxTimeouts};
use dondoc::channels::{Message, Now, Receiver};
use dondoc::clock::Clock;
use dondoc::domain::delivery::Channel;
use dondoc::domain::inbound::{Answered, Content, File, Identity, Inbound, Place};
use mail_parser::MessageParser;

use super::brief;
use super::email::is_sent;
use crate::support::imap::FakeImap;
use crate::support::mail_servers::{MailServers, PASSWORD};
use crate::support::smtp::FakeSmtp;

const MARKER: &str = "— Trả lời phía trên dòng này —";

fn tokens() -> ReplyTokens {
    let key = "a key of the province".to_owned().into();
    ReplyTokens::new("bot@loop.test", key, TimeDelta::days(60)).unwrap()
}

fn now() -> Now {
    Now::new(|| Clock::System.now())
}

async fn sender(servers: &MailServers) -> EmailSender {
    let usual = super::email::config(&FakeSmtp::start().await);
    EmailSender::new(EmailConfig {
        host: "localhost".into(),
        port: servers.smtp,
        security: Security::Starttls,
        root_ca_pem: Some(servers.ca_pem.clone()),
        from: "Đôn đốc <bot@loop.test>".into(),
        replies: Some(Replies {
            tokens: tokens(),
            return_path: ReturnPath::Token,
            now: now(),
        }),
        ..usual
    })
    .unwrap()
}

async fn mailbox_by(servers: &MailServers, security: Security) -> Receiver {
    let usual = super::mailbox::config(&FakeImap::start().await);
    let mut config = MailboxConfig {
        host: "localhost".into(),
        port: if security == Security::Tls {
            servers.imaps
        } else {
            servers.imap
        },
        security,
        root_ca_pem: Some(servers.ca_pem.clone()),
        own_addresses: vec!["bot@loop.test".into()],
        message_id_domain: Some("dondoc.example".into()),
        tokens: Some(tokens()),
        timeouts: MailboxTimeouts::default(),
        now: now(),
        ..usual
    };
    config.credentials.username = "bot@loop.test".into();
    config.credentials.password = PASSWORD.to_owned().into();
    super::mailbox::receiver(config)
}

/// The one thing that came in next.
async fn next(
    servers: &MailServers,
    mailbox: &mut Receiver,
    cursor: &mut Option<String>,
) -> Inbound {
    for _ in 0..3 {
        let batch = mailbox.receive(cursor.as_deref()).await;
        let mut batch = batch.unwrap_or_else(|error| panic!("{error}\n{}", servers.logs()));
        *cursor = batch.cursor.or(cursor.take());
        assert!(batch.inbound.len() <= 1, "{batch:?}", batch = batch.inbound);
        if let Some(inbound) = batch.inbound.pop() {
            return inbound;
        }
    }
    panic!("nothing came in\n{}", servers.logs())
}

/// What An's mail program makes of "II.2 chưa xong" and a scan, below which it quotes our brief.
fn reply(to: &str, brief: &str) -> String {
    let quoted: Vec<String> = brief.lines().map(|line| format!("> {line}")).collect();
    let quoted = quoted.join("\r\n");
    format!(
        "From: An <an@snv.test>\r\nTo: {to}\r\nMessage-ID: <r1@snv.test>\r\nIn-Reply-To: <brief-7@dondoc.example>\r\n\
         Subject: Re: viec\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nII.2 chưa xong\r\n\r\n\
         Vào Th 2, 16 thg 3, 2020 vào lúc 07:30 Đôn đốc <{to}>\r\nđã viết:\r\n\r\n{quoted}\r\n--x\r\n\
         Content-Type: application/pdf; name=\"KH.pdf\"\r\nContent-Disposition: attachment; filename=\"KH.pdf\"\r\n\
         Content-Transfer-Encoding: base64\r\n\r\nAAECAw==\r\n--x--\r\n"
    )
}

/// What her out-of-office program writes to the return path.
fn absence(to: &str) -> String {
    format!(
        "From: An <an@snv.test>\r\nTo: {to}\r\nMessage-ID: <v1@snv.test>\r\nSubject: Automatic reply\r\n\
         Auto-Submitted: auto-replied (vacation)\r\n\r\nII.2 xong\r\n"
    )
}

#[tokio::test]
#[ignore = "needs root, Postfix and Dovecot: ./test runs it where they are"]
async fn a_brief_goes_out_and_its_reply_its_bounce_and_an_absence_come_in() {
    let servers = MailServers::start().await;
    let sender = sender(&servers).await;
    let mut mailbox = mailbox_by(&servers, Security::Tls).await;
    let mut cursor = None;

    // Out: the brief arrives in the person's mailbox.
    let message = Message {
        text: format!("{MARKER}\n\n{}", brief("").text),
        html: None,
        ..brief("an@snv.test")
    };
    assert!(is_sent(&sender.send(&message).await), "{}", servers.logs());
    let raw = servers.next_mail("an@snv.test").await;
    let arrived = MessageParser::default().parse(&raw).unwrap();
    let reply_to = arrived
        .reply_to()
        .unwrap()
        .first()
        .unwrap()
        .address()
        .unwrap();
    let return_path = arrived.return_address().unwrap().to_owned();
    assert_eq!(arrived.message_id(), Some("brief-7@dondoc.example"));

    // In: the person answers while we wait in IDLE.
    let reply = reply(reply_to, &arrived.body_text(0).unwrap());
    let (inbound, ()) = tokio::join!(next(&servers, &mut mailbox, &mut cursor), async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        servers.submit("an@snv.test", reply_to, &reply).await;
    });
    let validity = cursor
        .as_deref()
        .unwrap()
        .split(':')
        .next()
        .unwrap()
        .to_owned();
    assert!(inbound.external_id.starts_with("<r1@snv.test> "));
    let expected = Inbound {
        channel: Channel::Email,
        external_id: inbound.external_id.clone(),
        from: "an@snv.test".into(),
        place: Place::Private,
        sent_at: inbound.sent_at,
        identity: Identity::Proven,
        content: Content::Text {
            text: "II.2 chưa xong".into(),
            answers: Some(Answered::Delivery(7)),
            edited: false,
            files: vec![File {
                id: format!("{validity}:1:2"),
                name: Some("KH.pdf".into()),
                media_type: Some("application/pdf".into()),
                size: Some(4),
                sha256: Some(
                    "054edec1d0211f624fed0cbca9d4f9400b0e491c43742af2c5b0abebf0c990d8".into(),
                ),
                album: None,
            }],
        },
    };
    assert_eq!(inbound, expected);

    // A mail to somebody who is not there comes back from Postfix itself.
    let lost = Message {
        delivery_id: 8,
        message_id: "<brief-8@dondoc.example>".into(),
        ..brief("nobody@gone.test")
    };
    assert!(is_sent(&sender.send(&lost).await), "{}", servers.logs());
    let inbound = next(&servers, &mut mailbox, &mut cursor).await;
    assert_eq!(inbound.identity, Identity::Proven, "{inbound:?}");
    assert_eq!(
        inbound.content,
        Content::Bounced {
            answers: Some(Answered::Delivery(8)),
            recipient: Some("nobody@gone.test".into()),
            forever: true,
            reason: "failed 5.1.1 (550)".into(),
        }
    );

    // An out-of-office program answers the return path.
    servers
        .submit("", &return_path, &absence(&return_path))
        .await;
    let inbound = next(&servers, &mut mailbox, &mut cursor).await;
    assert_eq!(
        inbound.content,
        Content::Automatic {
            reason: "Auto-Submitted: auto-replied".into(),
        }
    );

    // Somebody who knows only our plain address proves nothing; read by STARTTLS, by another session.
    let stranger = "From: An <an@snv.test>\r\nTo: bot@loop.test\r\nMessage-ID: <s1@snv.test>\r\n\r\nII.2 xong\r\n";
    servers
        .submit("evil@snv.test", "bot@loop.test", stranger)
        .await;
    let mut again = mailbox_by(&servers, Security::Starttls).await;
    let inbound = next(&servers, &mut again, &mut cursor).await;
    assert!(
        matches!(inbound.identity, Identity::Doubtful { .. }),
        "{inbound:?}"
    );
    // From the beginning, everything is there again under the same names.
    let all = again.receive(None).await.unwrap();
    assert_eq!(all.inbound.len(), 4);
    assert_eq!(all.inbound[0], expected);
}
