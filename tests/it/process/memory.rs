//! A limit of memory, set by the system, and one brief whose words need more than that.

use chrono::TimeDelta;
use dondoc::clock::Clock;
use dondoc::store::deliveries::DeliveryState;
use dondoc::store::{Db, Tx, in_hand, leases};
use sqlx::query;

use super::crash::end_leases;
use super::daemon::{Running, printed};
use super::province::{Province, mail_by};
use crate::support::db::on_both_databases;
use crate::support::imap::{FakeImap, LOGIN};
use crate::support::smtp::FakeSmtp;

/// More than a daemon needs, with the stacks of its threads; far less than the words would take.
const KILOBYTES: u32 = 1536 * 1024;

/// Doubles some words until no memory is left, for the reader of one agency.
fn greedy() -> String {
    let mut lines =
        "{% if reader.agency == \"Sở số 2\" %}{% set words = \"xin chào \" * 1000 %}".to_owned();
    lines.push_str(&"{% set words = words ~ words %}".repeat(40));
    lines + "{{ words|length }}{% endif %}\n"
}

/// To whom mail has come since the last look.
fn told(relay: &FakeSmtp) -> Vec<String> {
    relay.take().into_iter().flat_map(|mail| mail.to).collect()
}

/// Time passes, as long as a lease and a supervisor take to start another process.
async fn time_passes(db: &Db) {
    end_leases(db).await;
    let mut tx = db.begin().await.unwrap();
    let sql = "UPDATE in_hand SET since = $1";
    let earlier = Clock::System.now() - TimeDelta::minutes(1);
    match &mut tx {
        Tx::Sqlite(tx) => drop(query(sql).bind(earlier).execute(&mut **tx).await.unwrap()),
        Tx::Postgres(tx) => drop(query(sql).bind(earlier).execute(&mut **tx).await.unwrap()),
    }
    tx.commit().await.unwrap();
}

/// Three processes died with this in hand, and the last of them over this duty.
async fn died_over(db: &Db, thing: &str, duty: &str) {
    let mut tx = db.begin().await.unwrap();
    let earlier = Clock::System.now() - TimeDelta::minutes(1);
    for (owner, minutes) in [("one", 3), ("two", 2), ("three", 1)] {
        let at = earlier - TimeDelta::minutes(minutes);
        let things = [thing.to_owned()];
        in_hand::take(&mut tx, &things, owner, at).await.unwrap();
    }
    let lasts = TimeDelta::seconds(25);
    leases::acquire(&mut tx, duty, "three", earlier, lasts, None)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

on_both_databases! {
    async fn a_brief_that_takes_all_memory_is_parked_after_some_falls_and_the_others_leave(test: TestDb) {
        let relay = FakeSmtp::start().await;
        let province = Province::new(2, &test.url, &mail_by(relay.address)).await;
        province.own_messages();
        let template = "messages/vi/brief/email.txt.j2";
        let sound = std::fs::read_to_string(province.path(template)).unwrap();
        province.write(template, &format!("{}{sound}", greedy()));

        // One that knows nothing, one that notes both briefs, two that try this one alone: the fifth leaves it.
        for fall in 1..=4 {
            let mut daemon = Running::start_within(&province, KILOBYTES);
            let status = daemon.ended().await;
            assert!(!status.success() && daemon.log().contains("memory allocation of"), "fall {fall}: {status}\n{}", daemon.log());
            assert!(!daemon.log().contains("the day is planned"), "fall {fall}");
            time_passes(&test.db).await;
        }
        let mut daemon = Running::start_within(&province, KILOBYTES);
        daemon.counted(&test.db, DeliveryState::Sent, 1).await;
        assert_eq!(told(&relay), ["a1@province.example"]);
        let name = format!("a2.officer/{}", Clock::System.today());
        let listed = printed(&province, &["outbox", "list"]);
        assert!(listed.contains(&name) && listed.contains("parked"), "{listed}");
        let shown = printed(&province, &["outbox", "show", &name]);
        assert!(shown.contains("the program was ended 3 times over it"), "{shown}");
        daemon.signal("TERM");
        assert_eq!(daemon.ended().await.code(), Some(0), "{}", daemon.log());

        // A start is no new try; loading a better template is.
        let mut daemon = Running::start_within(&province, KILOBYTES);
        daemon.logged("started").await;
        daemon.logged("this node does it now duty=day").await;
        province.write(template, &sound);
        daemon.signal("HUP");
        daemon.counted(&test.db, DeliveryState::Sent, 2).await;
        assert_eq!(told(&relay), ["a2@province.example"]);
        let listed = printed(&province, &["outbox", "list"]);
        assert!(listed.contains("0 entries need a person"), "{listed}");
        daemon.signal("TERM");
        assert_eq!(daemon.ended().await.code(), Some(0), "{}", daemon.log());
    }

    async fn a_mail_over_which_processes_died_is_left_unread_and_the_next_is_read(test: TestDb) {
        let (relay, mailbox) = (FakeSmtp::start().await, FakeImap::start().await);
        let imap = format!(
            "[imap]\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"plain\"\nuser = \"{}\"\npassword_file = \"imap\"\n\
             reply_address = \"bot@noivu.example\"\n",
            mailbox.address.port(),
            LOGIN.0,
        );
        let province = Province::new(1, &test.url, &format!("{}\n{imap}", mail_by(relay.address))).await;
        province.write("imap", LOGIN.1);
        for text in ["poison", "sound"] {
            mailbox.deliver(
                format!("Message-ID: <{text}@x>\r\nFrom: a1@province.example\r\nSubject: {text}\r\n\r\n{text}\r\n"),
                Clock::System.now(),
            );
        }
        let folder = format!("email:{}@127.0.0.1/INBOX", LOGIN.0);
        died_over(&test.db, &format!("mail:{folder}:1584316800:7"), &format!("receive:{folder}")).await;
        let mut daemon = Running::start(&province);
        daemon.logged("a mail is left unread").await;
        mailbox.heard("UID FETCH 8 (UID BODY.PEEK[])", 1).await;
        daemon.logged("inbox=2").await;
        let asked = mailbox.commands();
        assert!(!asked.iter().any(|command| command.contains("UID FETCH 7 (UID BODY")), "{asked:?}");
        let listed = printed(&province, &["inbox", "list"]);
        assert!(listed.contains("mail 1584316800:7 of the folder cannot be decoded: the program was ended 3 times"), "{listed}");
        daemon.signal("TERM");
        assert_eq!(daemon.ended().await.code(), Some(0), "{}", daemon.log());
        let mut tx = test.db.snapshot().await.unwrap();
        assert_eq!(in_hand::list(&mut tx, "mail:").await.unwrap(), Vec::<String>::new());
        drop(relay.take());
    }
}
