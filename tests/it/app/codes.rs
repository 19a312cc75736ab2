//! Codes and the key of the installation: what a copy of the database alone is worth.

use std::fs;

use chrono::TimeDelta;
use dondoc::app::inspect::issue_code;
use dondoc::domain::ids::ContactId;
use dondoc::store::links::{self, LinkCode};
use sha2::{Digest, Sha256};

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
}
