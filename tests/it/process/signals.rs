//! Starting and stopping.

use std::collections::BTreeSet;

use dondoc::store::attempts;
use dondoc::store::deliveries::DeliveryState;

use super::daemon::{Running, deliveries_of};
use super::province::{Province, mail_by};
use crate::support::db::on_both_databases;
use crate::support::smtp::{FakeSmtp, Fault, Mail, Verb};
use crate::support::telegram::{self, FakeTelegram, TOKEN};

/// The Message-ID of a mail.
pub(super) fn id_of(mail: &Mail) -> String {
    let text = String::from_utf8(mail.raw.clone()).unwrap();
    let line = text.lines().find(|line| line.starts_with("Message-ID: "));
    line.unwrap().to_owned()
}

/// Each of so many people got one mail.
fn assert_one_each(mails: &[Mail], people: usize) {
    let told: BTreeSet<&str> = mails.iter().map(|mail| mail.to[0].as_str()).collect();
    assert_eq!((told.len(), mails.len()), (people, people));
}

on_both_databases! {
    async fn the_daemon_sends_the_briefs_of_the_day_and_ends_at_a_signal(test: TestDb) {
        let relay = FakeSmtp::start().await;
        let province = Province::new(5, &test.url, &mail_by(relay.address)).await;
        for signal in ["TERM", "INT"] {
            let mut daemon = Running::start(&province);
            daemon.counted(&test.db, DeliveryState::Sent, 5).await;
            daemon.logged("started").await;
            daemon.signal(signal);
            assert_eq!(daemon.ended().await.code(), Some(0), "SIG{signal}: {}", daemon.log());
            assert!(daemon.log().contains("stopped"), "{}", daemon.log());
        }
        assert_one_each(&relay.take(), 5); // the second start told nobody anything again
        assert_eq!(deliveries_of(&test.db).await.len(), 5);
    }

    async fn telegram_that_answers_with_a_web_page_is_asked_again_and_nobody_is_told_twice(test: TestDb) {
        let bots = FakeTelegram::start(&[1, 2]).await;
        bots.fault(1, telegram::Fault::Foreign(502, "<html><body>Bad Gateway</body></html>"));
        bots.fault(2, telegram::Fault::Foreign(200, "<html>Welcome to our hotel's network</html>"));
        let channel = format!("[telegram]\ntoken_file = \"token\"\napi_url = \"http://{}\"\n", bots.address);
        let province = Province::new(2, &test.url, &channel).await;
        province.write("token", TOKEN);
        province.write_people("telegram", "");
        let mut daemon = Running::start(&province);
        daemon.counted(&test.db, DeliveryState::Sent, 2).await;
        daemon.signal("TERM");
        assert_eq!(daemon.ended().await.code(), Some(0));
        let told: BTreeSet<i64> = bots.take().iter().map(|message| message.chat).collect();
        assert_eq!(told, BTreeSet::from([1, 2]));
        assert_eq!(bots.calls_of("sendMessage"), 4);
        assert!(!daemon.log().contains(TOKEN), "{}", daemon.log());
    }

    async fn a_signal_in_the_middle_of_sending_leaves_nothing_leased(test: TestDb) {
        let relay = FakeSmtp::start().await;
        relay.fault(Verb::Body, Fault::Silence); // the first mail is taken, and no answer comes
        let province = Province::new(5, &test.url, &mail_by(relay.address)).await;
        province.edit("dondoc.toml", "[send]\n", "[send]\nworkers = 1\n");
        let mut daemon = Running::start(&province);
        let mut mails = Vec::new();
        daemon.until("one mail has arrived", || { mails.extend(relay.take()); mails.len() == 1 }).await;
        daemon.signal("TERM");
        assert_eq!(daemon.ended().await.code(), Some(0), "{}", daemon.log());
        let left = deliveries_of(&test.db).await;
        assert!(left.iter().all(|one| one.state == DeliveryState::Queued), "{left:?}");
        let tried = left.iter().find(|one| one.attempts == 1).unwrap();
        let mut tx = test.db.snapshot().await.unwrap();
        let attempt = attempts::list(&mut tx, tried.id).await.unwrap().remove(0);
        drop(tx);
        assert_eq!(attempt.outcome.as_deref(), Some("unknown"));
        assert!(attempt.reason.unwrap().contains("was stopped"));

        let mut daemon = Running::start(&province);
        daemon.counted(&test.db, DeliveryState::Sent, 5).await;
        daemon.signal("TERM");
        assert_eq!(daemon.ended().await.code(), Some(0));
        mails.extend(relay.take());
        let ids: BTreeSet<String> = mails.iter().map(id_of).collect();
        assert_eq!((ids.len(), mails.len()), (5, 6), "the second copy has the id of the first");
    }

    async fn two_daemons_on_one_database_tell_everybody_once(test: TestDb) {
        let relay = FakeSmtp::start().await;
        let province = Province::new(12, &test.url, &mail_by(relay.address)).await;
        let mut daemons = [Running::start(&province), Running::start(&province)];
        for daemon in &daemons {
            daemon.logged("started").await;
            daemon.counted(&test.db, DeliveryState::Sent, 12).await;
        }
        for daemon in &mut daemons {
            daemon.signal("TERM");
            assert_eq!(daemon.ended().await.code(), Some(0), "{}", daemon.log());
            assert!(!daemon.log().contains("ERROR"), "{}", daemon.log());
        }
        assert_one_each(&relay.take(), 12);
    }
}
