//! The mailbox against a server: cursors, waiting, breaks, encryption.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use dondoc::channels::email::{Credentials, ReplyTokens, Security};
use dondoc::channels::mailbox::{
    MailboxConfig, MailboxConfigError, MailboxReceiver, MailboxTimeouts,
};
use dondoc::channels::{Batch, Now, ReceiveError, Receiver};
use dondoc::domain::delivery::Channel;
use dondoc::domain::inbound::{Content, Inbound};

use crate::support::imap::{FakeImap, Fault, LOGIN, Options, Protection, Verb};
use crate::support::tls::Authority;

/// When the tests happen.
pub(crate) fn now() -> DateTime<Utc> {
    "2020-03-16T01:00:00Z".parse().unwrap()
}

pub(crate) fn tokens() -> ReplyTokens {
    let key = "a key of the province".to_owned().into();
    ReplyTokens::new("bot@noivu.example", key, TimeDelta::days(60)).unwrap()
}

/// Long enough for a loaded machine where an answer comes, short where a test waits for it to run out.
pub(crate) fn config(server: &FakeImap) -> MailboxConfig {
    config_at(server, Now::new(now))
}

/// The same at another time.
pub(crate) fn config_at(server: &FakeImap, now: Now) -> MailboxConfig {
    MailboxConfig {
        host: "127.0.0.1".into(),
        port: server.address.port(),
        security: Security::Plaintext,
        root_ca_pem: None,
        credentials: Credentials {
            username: LOGIN.0.into(),
            password: LOGIN.1.to_owned().into(),
        },
        folder: "INBOX".into(),
        authserv_id: Some("mx.noivu.example".into()),
        own_addresses: vec!["bot@noivu.example".into(), "cchc@noivu.example".into()],
        message_id_domain: Some("noivu.example".into()),
        tokens: Some(tokens()),
        timeouts: MailboxTimeouts {
            connect: Duration::from_secs(20),
            command: Duration::from_secs(20),
            wait: Duration::from_secs(20),
        },
        now,
    }
}

pub(crate) fn receiver(config: MailboxConfig) -> Receiver {
    Receiver::Email(Box::new(MailboxReceiver::new(config).unwrap()))
}

fn mail(text: &str) -> String {
    format!(
        "Message-ID: <{text}@snv.example>\r\nFrom: an@snv.example\r\nTo: bot@noivu.example\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    )
}

/// The words of each.
fn texts(batch: &Batch) -> Vec<String> {
    batch.inbound.iter().map(text).collect()
}

fn text(inbound: &Inbound) -> String {
    match &inbound.content {
        Content::Text { text, .. } => text.clone(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn one_mail_at_a_time_is_looked_for_and_brought_or_left_unread() {
    let server = FakeImap::start().await;
    let mut receiver = receiver(config(&server));
    assert_eq!(
        receiver.peek(None).await.unwrap(),
        Some(None),
        "nothing yet"
    );
    for text in ["a", "b", "c"] {
        server.deliver(mail(text), now());
    }
    let next = receiver.peek(None).await.unwrap().unwrap();
    assert_eq!(next.as_deref(), Some("1584316800:7"));
    let first = receiver.bring_one(None, None).await.unwrap();
    assert_eq!(
        (texts(&first), first.cursor.clone()),
        (vec!["a".to_owned()], next)
    );
    let unread = receiver
        .bring_one(first.cursor.as_deref(), Some("it was poison"))
        .await
        .unwrap();
    let Content::Unreadable { reason } = &unread.inbound[0].content else {
        panic!("{unread:?}")
    };
    assert!(
        reason.ends_with("cannot be decoded: it was poison"),
        "{reason}"
    );
    let third = receiver
        .bring_one(unread.cursor.as_deref(), None)
        .await
        .unwrap();
    assert_eq!(texts(&third), ["c"]);
    assert_eq!(
        receiver.peek(third.cursor.as_deref()).await.unwrap(),
        Some(None)
    );
    let read = server
        .commands()
        .into_iter()
        .filter(|one| one.contains("UID FETCH 8 "));
    assert_eq!(read.count(), 0, "what is left unread is not read");
    assert_eq!(server.sessions(), 1);
}

#[tokio::test]
async fn what_is_new_is_brought_once_and_in_order() {
    let server = FakeImap::start().await;
    server.deliver(mail("a"), now());
    server.deliver(mail("b"), now());
    let mut receiver = receiver(config(&server));
    let first = receiver.receive(None).await.unwrap();
    assert_eq!(texts(&first), ["a", "b"]);
    assert_eq!(first.cursor.as_deref(), Some("1584316800:8"));
    server.deliver(mail("c"), now());
    let second = receiver.receive(first.cursor.as_deref()).await.unwrap();
    assert_eq!(texts(&second), ["c"]);
    assert_eq!(second.cursor.as_deref(), Some("1584316800:9"));
    assert_eq!(server.sessions(), 1);
}

#[tokio::test]
async fn a_batch_that_was_not_stored_is_brought_again_the_same() {
    let server = FakeImap::start().await;
    server.deliver(mail("a"), now());
    let mut receiver = receiver(config(&server));
    let first = receiver.receive(None).await.unwrap();
    let again = receiver.receive(None).await.unwrap();
    assert_eq!(again, first);
}

#[tokio::test]
async fn a_mail_that_arrives_during_idle_ends_the_wait() {
    let server = FakeImap::start().await;
    let mut receiver = receiver(config(&server));
    let (batch, ()) = tokio::join!(receiver.receive(None), async {
        server.heard("IDLE", 1).await;
        server.deliver(mail("a"), now());
    });
    assert_eq!(texts(&batch.unwrap()), ["a"]);
}

#[tokio::test]
async fn the_wait_ends_by_itself_and_the_next_call_looks_again_on_the_same_session() {
    for (idle, fault) in [(true, None), (true, Some(Fault::KeepAlive)), (false, None)] {
        let server = FakeImap::start_with(Options {
            idle,
            ..Options::default()
        })
        .await;
        if let Some(fault) = fault {
            server.fault(Verb::Idle, fault);
        }
        let mut config = config(&server);
        config.timeouts.wait = Duration::from_millis(60);
        let mut receiver = receiver(config);
        let empty = receiver.receive(None).await.unwrap();
        assert_eq!(
            empty,
            Batch {
                inbound: Vec::new(),
                cursor: Some("1584316800:6".into()),
            }
        );
        server.deliver(mail("a"), now());
        let batch = receiver.receive(empty.cursor.as_deref()).await.unwrap();
        assert_eq!(texts(&batch), ["a"]);
        assert_eq!(server.sessions(), 1);
    }
}

#[tokio::test]
async fn the_last_mail_which_a_server_always_names_is_not_brought_again() {
    let server = FakeImap::start().await;
    server.deliver(mail("a"), now());
    let mut config = config(&server);
    config.timeouts.wait = Duration::from_millis(40);
    let mut receiver = receiver(config);
    let batch = receiver.receive(Some("1584316800:7")).await.unwrap();
    assert_eq!(batch.inbound, []);
    assert!(
        server
            .commands()
            .contains(&"UID FETCH 8:* (UID RFC822.SIZE INTERNALDATE)".to_owned())
    );
}

#[tokio::test]
async fn a_call_that_is_dropped_loses_nothing_and_closes_its_connection() {
    let server = FakeImap::start().await;
    let mut receiver = receiver(config(&server));
    tokio::select! {
        batch = receiver.receive(None) => panic!("{batch:?}"),
        () = server.heard("IDLE", 1) => {}
    }
    server.all_closed().await;
    server.deliver(mail("a"), now());
    assert_eq!(texts(&receiver.receive(None).await.unwrap()), ["a"]);
}

#[tokio::test]
async fn a_break_during_idle_is_told_and_the_next_call_connects_again() {
    let server = FakeImap::start().await;
    server.fault(Verb::Idle, Fault::Cut);
    let mut receiver = receiver(config(&server));
    let error = receiver.receive(None).await.unwrap_err();
    assert!(
        matches!(&error, ReceiveError::Later { reason, .. } if reason.contains("waiting for mail")),
        "{error}"
    );
    server.deliver(mail("a"), now());
    assert_eq!(texts(&receiver.receive(None).await.unwrap()), ["a"]);
}

#[tokio::test]
async fn a_kept_session_that_died_is_replaced_without_a_word() {
    let server = FakeImap::start().await;
    server.deliver(mail("a"), now());
    let mut receiver = receiver(config(&server));
    let first = receiver.receive(None).await.unwrap();
    server.deliver(mail("b"), now());
    for (verb, fault) in [(Verb::List, Fault::Cut), (Verb::Fetch, Fault::Cut)] {
        server.fault(verb, fault);
        let batch = receiver.receive(first.cursor.as_deref()).await.unwrap();
        assert_eq!(texts(&batch), ["b"]);
    }
    assert_eq!(server.sessions(), 3);
}

#[tokio::test]
async fn a_server_that_falls_silent_is_given_up_at_every_step() {
    for verb in [
        Verb::Greeting,
        Verb::Login,
        Verb::Examine,
        Verb::Search,
        Verb::List,
        Verb::Fetch,
        Verb::Done,
    ] {
        let server = FakeImap::start().await;
        if verb == Verb::Fetch {
            server.deliver(mail("a"), now());
        }
        server.fault(verb, Fault::Silence);
        let mut config = config(&server);
        config.timeouts.connect = Duration::from_millis(300);
        config.timeouts.command = Duration::from_millis(300);
        config.timeouts.wait = Duration::from_millis(10);
        let error = receiver(config).receive(None).await.unwrap_err();
        assert!(
            matches!(&error, ReceiveError::Later { reason, .. } if reason.contains("in time")),
            "{verb:?}: {error}"
        );
        server.all_closed().await;
    }
}

#[tokio::test]
async fn a_silent_idle_ends_and_the_silence_shows_at_its_end() {
    let server = FakeImap::start().await;
    server.fault(Verb::Idle, Fault::Silence);
    let mut config = config(&server);
    config.timeouts.command = Duration::from_millis(100);
    config.timeouts.wait = Duration::from_millis(30);
    let error = receiver(config).receive(None).await.unwrap_err();
    assert!(
        matches!(&error, ReceiveError::Later { reason, .. } if reason.contains("in time")),
        "{error}"
    );
    server.all_closed().await;
}

#[tokio::test]
async fn a_folder_with_new_numbers_is_read_again_and_every_mail_is_recognised() {
    let server = FakeImap::start().await;
    let long_ago = now() - TimeDelta::days(40);
    server.deliver(mail("archive"), long_ago);
    server.deliver(mail("a"), now() - TimeDelta::days(20));
    server.deliver(mail("b"), now());
    let mut first = receiver(config(&server));
    let before = first.receive(Some("1584316800:7")).await.unwrap();
    assert_eq!(texts(&before), ["a", "b"]);
    server.renumber();
    let mut second = receiver(config(&server));
    let after = second.receive(before.cursor.as_deref()).await.unwrap();
    assert_eq!(after.cursor.as_deref(), Some("1584316801:3"));
    assert_eq!(ids(&after), ids(&before), "the archive is left alone");
}

fn ids(batch: &Batch) -> Vec<&str> {
    batch
        .inbound
        .iter()
        .map(|one| one.external_id.as_str())
        .collect()
}

#[tokio::test]
async fn the_first_look_goes_back_two_days_and_not_into_the_archive() {
    let server = FakeImap::start().await;
    server.deliver(mail("archive"), now() - TimeDelta::days(9));
    server.deliver(mail("a"), now() - TimeDelta::days(1));
    let batch = receiver(config(&server)).receive(None).await.unwrap();
    assert_eq!(texts(&batch), ["a"]);

    let only_archive = FakeImap::start().await;
    only_archive.deliver(mail("archive"), now() - TimeDelta::days(9));
    let mut config = config(&only_archive);
    config.timeouts.wait = Duration::from_millis(20);
    let batch = receiver(config).receive(None).await.unwrap();
    assert_eq!(
        (batch.inbound.len(), batch.cursor.as_deref()),
        (0, Some("1584316800:7"))
    );
}

#[tokio::test]
async fn the_copies_of_one_mail_are_recognised_and_two_mails_of_one_id_are_not_one() {
    let server = FakeImap::start().await;
    let copy = |hop: &str| {
        format!(
            "Received: from {hop}\r\nDelivered-To: bot@noivu.example\r\n{}",
            mail("a")
        )
    };
    server.deliver(copy("mx1.example"), now());
    server.deliver(copy("mx2.example"), now());
    server.deliver(copy("mx1.example").replace("\r\n\r\na", "\r\n\r\nb"), now());
    let batch = receiver(config(&server)).receive(None).await.unwrap();
    let ids = ids(&batch);
    assert_eq!(ids[0], ids[1]);
    assert_ne!(ids[0], ids[2]);
    assert!(ids[0].starts_with("<a@snv.example> "), "{}", ids[0]);
}

#[tokio::test]
async fn a_backlog_comes_in_batches() {
    let server = FakeImap::start().await;
    for index in 0..45 {
        server.deliver(mail(&format!("m{index}")), now());
    }
    let mut receiver = receiver(config(&server));
    let mut cursor = None;
    let mut sizes = Vec::new();
    for _ in 0..3 {
        let batch = receiver.receive(cursor.as_deref()).await.unwrap();
        sizes.push(batch.inbound.len());
        cursor = batch.cursor;
    }
    assert_eq!(sizes, [20, 20, 5]);
}

#[tokio::test]
async fn a_mail_that_was_removed_meanwhile_is_passed_over() {
    let server = FakeImap::start().await;
    let gone = server.deliver(mail("gone"), now());
    server.remove(gone);
    server.deliver(mail("a"), now());
    let batch = receiver(config(&server)).receive(None).await.unwrap();
    assert_eq!(texts(&batch), ["a"]);
}

#[tokio::test]
async fn a_wrong_password_and_a_missing_folder_are_refusals_for_somebody_to_mend() {
    let server = FakeImap::start().await;
    let mut wrong = config(&server);
    wrong.credentials.password = "wrong-4353".to_owned().into();
    let error = receiver(wrong).receive(None).await.unwrap_err();
    assert!(
        matches!(&error, ReceiveError::Refused(why) if why.contains("password")),
        "{error}"
    );
    assert!(!error.to_string().contains("wrong-4353"));

    let mut elsewhere = config(&server);
    elsewhere.folder = "Trả lời".into();
    let error = receiver(elsewhere).receive(None).await.unwrap_err();
    assert!(
        matches!(&error, ReceiveError::Refused(why) if why.contains("folder")),
        "{error}"
    );

    server.fault(
        Verb::Login,
        Fault::Reply("NO [UNAVAILABLE] Temporary authentication failure."),
    );
    let error = receiver(config(&server)).receive(None).await.unwrap_err();
    assert!(matches!(error, ReceiveError::Later { .. }), "{error}");
}

#[tokio::test]
async fn the_session_is_encrypted_to_the_server_that_was_meant() {
    let authority = Authority::vouching_for("localhost");
    let stranger = Authority::vouching_for("localhost");
    let elsewhere = Authority::vouching_for("mail.elsewhere.example");
    for (acceptor, fine) in [
        (&authority.acceptor, true),
        (&stranger.acceptor, false),
        (&elsewhere.acceptor, false),
    ] {
        for (protection, security) in [
            (Protection::StartTls(acceptor.clone()), Security::Starttls),
            (Protection::Wrapper(acceptor.clone()), Security::Tls),
        ] {
            let server = FakeImap::start_with(Options {
                protection,
                ..Options::default()
            })
            .await;
            server.deliver(mail("a"), now());
            let mut config = config(&server);
            config.host = "localhost".into();
            config.security = security;
            config.root_ca_pem = Some(authority.ca_pem.clone());
            let result = receiver(config).receive(None).await;
            assert_eq!(result.is_ok(), fine, "{security:?} {result:?}");
            let logged_in = server.commands().contains(&"LOGIN".to_owned());
            assert_eq!(logged_in, fine);
        }
    }
}

#[tokio::test]
async fn a_server_without_starttls_learns_no_password() {
    let authority = Authority::vouching_for("localhost");
    let server = FakeImap::start().await;
    let mut config = config(&server);
    config.host = "localhost".into();
    config.security = Security::Starttls;
    config.root_ca_pem = Some(authority.ca_pem);
    let error = receiver(config).receive(None).await.unwrap_err();
    assert!(error.to_string().contains("STARTTLS"), "{error}");
    assert!(!server.commands().contains(&"LOGIN".to_owned()));
}

#[tokio::test]
async fn a_configuration_that_cannot_work_is_refused_before_anything_is_asked() {
    let server = FakeImap::start().await;
    let with = |change: fn(&mut MailboxConfig)| {
        let mut config = config(&server);
        change(&mut config);
        MailboxReceiver::new(config).map(drop)
    };
    assert!(matches!(
        with(|c| c.host = "imap.quangnam.example".into()),
        Err(MailboxConfigError::PlaintextNotLocal { .. })
    ));
    assert!(matches!(
        with(|c| c.folder = "IN\r\nBOX".into()),
        Err(MailboxConfigError::Name { key: "folder" })
    ));
    assert!(matches!(
        with(|c| c.credentials.username = String::new()),
        Err(MailboxConfigError::Name { key: "user" })
    ));
    let root = with(|c| {
        c.security = Security::Tls;
        c.root_ca_pem = Some("not a certificate".into());
    });
    assert!(matches!(root, Err(MailboxConfigError::RootCa)));
    assert_eq!(server.sessions(), 0);
}

#[tokio::test]
async fn a_receiver_is_called_after_its_mailbox_and_shows_no_secret() {
    let server = FakeImap::start().await;
    let config = config(&server);
    assert!(!format!("{config:?}").contains("sesame"));
    let receiver = receiver(config);
    assert_eq!(receiver.channel(), Channel::Email);
    assert_eq!(receiver.name(), "email:bot@noivu.example@127.0.0.1/INBOX");
    let shown = format!("{receiver:?}");
    assert!(
        !shown.contains("sesame") && !shown.contains("province"),
        "{shown}"
    );
}
