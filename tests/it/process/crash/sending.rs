//! A daemon killed while it sends.

use std::collections::{BTreeMap, BTreeSet};

use dondoc::store::deliveries::DeliveryState;

use super::leases::end_leases;
use crate::process::daemon::{Running, deliveries_of};
use crate::process::province::{Province, mail_by};
use crate::process::signals::id_of;
use crate::support::db::on_both_databases;
use crate::support::smtp::{FakeSmtp, Fault, Mail, Verb};

on_both_databases! {
    async fn a_daemon_killed_while_it_sends_loses_nothing_and_doubles_nothing_unmarked(test: TestDb) {
        let relay = FakeSmtp::start().await;
        for _ in 0..2 {
            relay.fault(Verb::Body, Fault::Silence); // the mail is taken, and no answer comes
        }
        let province = Province::new(9, &test.url, &mail_by(relay.address)).await;
        province.edit("dondoc.toml", "[send]\n", "[send]\nworkers = 2\n");
        let mut daemon = Running::start(&province);
        let mut mails: Vec<Mail> = Vec::new();
        daemon.until("two mails have arrived", || { mails.extend(relay.take()); mails.len() == 2 }).await;
        daemon.signal("KILL");
        assert_eq!(daemon.ended().await.code(), None);
        let left = deliveries_of(&test.db).await;
        let held = left.iter().filter(|one| one.state == DeliveryState::Leased);
        assert_eq!(held.count(), 2, "the dead holds what it had begun, and nothing else");

        end_leases(&test.db).await;
        let mut daemon = Running::start(&province);
        daemon.counted(&test.db, DeliveryState::Sent, 9).await;
        daemon.signal("TERM");
        assert_eq!(daemon.ended().await.code(), Some(0), "{}", daemon.log());
        mails.extend(relay.take());
        let mut copies: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for mail in &mails {
            copies.entry(mail.to[0].clone()).or_default().insert(id_of(mail));
        }
        assert_eq!(copies.len(), 9, "everybody is told");
        assert!(copies.values().all(|ids| ids.len() == 1), "a second copy has the id of the first: {copies:?}");
        assert_eq!(mails.len(), 9 + 2, "only what may have arrived is sent twice");
        assert_eq!(deliveries_of(&test.db).await.len(), 9);
    }
}
