//! Codes and the key of the installation: what a copy of the database alone is worth.

use std::fs;

use chrono::TimeDelta;
use dondoc::app::inspect::{issue_code, list_contacts, remove_contact};
use dondoc::domain::delivery::Channel;
use dondoc::domain::ids::ContactId;
use dondoc::domain::inbound::Place;
use dondoc::store::addresses;
use dondoc::store::links::{self, LinkCode};
use sha2::{Digest, Sha256};

use super::conversation::{inbound, words};
use super::stage::Stage;
use crate::support::db::{on_both_databases, rows};

const REFUSED: &str = "Mã không dùng được";
const ASKED: &str = "Đúng không?";

/// The hash of a code as it was before it had a key.
fn hash_without_a_key(code: &str) -> String {
    let first = Sha256::digest(format!("dondoc link code {}", code.replace('-', "")));
    let digest = (1..1 << 13).fold(first, |digest, _| Sha256::digest(digest));
    data_encoding::HEXLOWER.encode(&digest)
}

impl Stage {
    async fn issues(&self) -> String {
        let deliverer = &self.daemon.deliverer;
        let id: ContactId = "stp.officer".into();
        let now = deliverer.clock.now();
        issue_code(
            &deliverer.db,
            &deliverer.setup.key,
            &id,
            None,
            0x0123_4567_89ab_cdef,
            now,
        )
        .await
        .unwrap()
        .unwrap()
        .code
    }

    /// The chats of the officer by Telegram.
    async fn telegram(&self) -> Vec<String> {
        let contacts = list_contacts(&self.daemon.deliverer.db).await.unwrap();
        let officer = contacts
            .iter()
            .find(|one| one.contact.id == "stp.officer".into());
        let channels = officer.map(|one| one.contact.channels.clone());
        let mut telegram = channels.unwrap_or_default();
        telegram.retain(|(channel, _)| *channel == Channel::Telegram);
        telegram.into_iter().map(|(_, address)| address).collect()
    }
}

on_both_databases! {
    async fn a_copy_of_the_database_does_not_tell_which_code_is_open(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        let code = stage.issues().await;
        let stored: Vec<(String,)> = rows(&stage.daemon.deliverer.db, "SELECT hash FROM link_codes").await;
        assert_eq!(stored.len(), 1);
        assert_ne!(stored[0].0, hash_without_a_key(&code));
        assert!(!stored[0].0.contains(&code.replace('-', "")));
    }

    async fn a_code_counts_only_under_the_key_it_was_made_with(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        let code = stage.issues().await;
        let key = stage.keys.path().join("dondoc-reply.key");
        let ours = fs::read(&key).unwrap();
        fs::remove_file(&key).unwrap();
        let without = stage.answers("2020-03-16T09:01:00", &code).await;
        assert!(without.contains(REFUSED), "{without}");
        assert!(!key.exists(), "whoever only listens makes no key");
        fs::write(&key, "another key of the province\n").unwrap();
        let another = stage.answers("2020-03-16T09:02:00", &code).await;
        assert!(another.contains(REFUSED), "{another}");
        fs::write(&key, ours).unwrap();
        let asked = stage.answers("2020-03-16T09:03:00", &code).await;
        assert!(asked.contains(ASKED), "{asked}");
    }

    async fn a_code_from_before_codes_had_a_key_is_an_unknown_one(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        let now = stage.daemon.deliverer.clock.now();
        let code = LinkCode {
            hash: hash_without_a_key("K7M2-9QXD-4ABC"),
            contact: "stp.officer".into(),
            channel: None,
            expires_at: now + TimeDelta::days(7),
            claimed_by: None,
        };
        let mut tx = stage.daemon.deliverer.db.begin().await.unwrap();
        links::issue(&mut tx, &code, now).await.unwrap();
        tx.commit().await.unwrap();
        let before = stage.answers("2020-03-16T09:01:00", "K7M2-9QXD-4ABC").await;
        assert!(before.contains(REFUSED), "{before}");
        let code = stage.issues().await;
        let asked = stage.answers("2020-03-16T09:02:00", &code).await;
        assert!(asked.contains(ASKED), "{asked}");
    }

    async fn a_code_binds_nobody_in_the_place_of_a_chat_that_is_bound(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        let bound = stage.telegram().await;
        let code = stage.issues().await;
        let other = stage.hears("2020-03-16T09:01:00", "777", &code).await;
        let wrong = stage.hears("2020-03-16T09:02:00", "777", "A1A1-A1A1-A1A1").await;
        assert!(other[0].text.contains(REFUSED), "{other:#?}");
        assert_eq!(other[0].text, wrong[0].text, "it reads like a wrong one");
        let yes = stage.hears("2020-03-16T09:03:00", "777", "1").await;
        assert!(yes[0].text.contains("chưa nhận ra người gửi"), "{yes:#?}");
        assert_eq!(stage.telegram().await, bound);
        let outcomes: Vec<(String,)> = rows(
            &stage.daemon.deliverer.db,
            "SELECT outcome FROM inbox WHERE outcome LIKE '%bound on%' ORDER BY id",
        )
        .await;
        assert_eq!(outcomes, [("a code of stp.officer, who is bound on telegram already".to_owned(),)]);
        // Nothing arrives at a chat that is dead, and whoever was there has to come back by a code.
        let mut tx = stage.daemon.deliverer.db.begin().await.unwrap();
        let now = stage.daemon.deliverer.clock.now();
        addresses::mark_dead(&mut tx, Channel::Telegram, &bound[0], "blocked", now).await.unwrap();
        tx.commit().await.unwrap();
        let asked = stage.hears("2020-03-16T09:04:00", "777", &code).await;
        assert!(asked[0].text.contains(ASKED), "{asked:#?}");
        stage.hears("2020-03-16T09:05:00", "777", "1").await;
        assert_eq!(stage.telegram().await, ["777"]);
    }

    async fn whoever_is_bound_after_the_code_was_sent_keeps_the_place(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        let code = stage.issues().await;
        let asked = stage.hears("2020-03-16T09:01:00", "777", &code).await;
        assert!(asked[0].text.contains(ASKED), "{asked:#?}");
        let mut tx = stage.daemon.deliverer.db.begin().await.unwrap();
        let now = stage.daemon.deliverer.clock.now();
        let of_files = ("stp.officer".into(), Channel::Telegram, "555".to_owned());
        addresses::upsert(&mut tx, &[of_files], now).await.unwrap();
        tx.commit().await.unwrap();
        let yes = stage.hears("2020-03-16T09:02:00", "777", "1").await;
        assert!(yes[0].text.contains(REFUSED), "{yes:#?}");
        assert_eq!(stage.telegram().await, ["555"]);
    }

    async fn whoever_is_removed_after_the_code_was_sent_is_bound_no_more(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        let code = stage.issues().await;
        stage.hears("2020-03-16T09:01:00", "777", &code).await;
        let deliverer = &stage.daemon.deliverer;
        let now = deliverer.clock.now();
        remove_contact(&deliverer.db, &deliverer.setup, &"stp.officer".into(), now).await.unwrap();
        let yes = stage.hears("2020-03-16T09:02:00", "777", "1").await;
        assert!(yes[0].text.contains(REFUSED), "{yes:#?}");
        assert_eq!(stage.telegram().await, Vec::<String>::new());
    }

    async fn a_chat_that_is_bound_is_told_whose_it_is_and_a_group_is_not(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        let bound = stage.telegram().await;
        let code = stage.issues().await;
        let told = stage.hears("2020-03-16T09:01:00", &bound[0], &code).await;
        assert!(told[0].text.contains("đã liên kết với tư cách") && told[0].text.contains("Sở Tư pháp"), "{told:#?}");
        let in_group = |text: &str| {
            let mut said = inbound(Channel::Telegram, &bound[0], words(text));
            said.place = Place::Group { chat: "-5".to_owned() };
            said
        };
        stage.takes("2020-03-16T09:02:00", in_group("/nhom")).await;
        let told = stage.takes("2020-03-16T09:03:00", in_group(&code)).await;
        assert!(told[0].text.contains(REFUSED) && !told[0].text.contains("Sở Tư pháp"), "{told:#?}");
    }
}
