//! A person is exported and erased; what their office did stays, and the chain of the ledger holds.

use std::fs;

use dondoc::app::erase::{erase, preview};
use dondoc::app::export::export_person;
use dondoc::app::verify::verify;
use dondoc::domain::chain::walk::Noted;
use dondoc::domain::ids::ContactId;
use dondoc::store::events::{self, Actor};
use dondoc::store::{Db, StoreError, Tx, contacts};
use sqlx::AssertSqlSafe;

use super::export::{lines, spring};
use crate::support::db::{on_both_databases, tamper};

const OFFICER: &str = "stp.officer";
/// What stands nowhere any more: the chat, words that were written and understood or not, the address, the title.
const PERSONAL: [&str; 4] = [
    "4242",
    "IV.1.b xong, KH 12/KH-STP",
    "=1+1",
    "stp@quangnam.example",
];
/// Of that, what nobody else says: the examples of briefs to colleagues hold words like the others.
const OWN: [&str; 2] = ["nhờ chị Hoa xem giúp bản nháp", "cchc.stp@quangnam.example"];

on_both_databases! {
    async fn all_that_is_kept_of_a_person_is_handed_over(test: TestDb) {
        let stage = spring(test).await;
        let (db, now) = (&stage.daemon.deliverer.db, stage.daemon.deliverer.clock.now());
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("person");
        export_person(db, &ContactId::from(OFFICER), &out, now).await.unwrap();
        let contact: serde_json::Value = serde_json::from_slice(&fs::read(out.join("contact.json")).unwrap()).unwrap();
        assert_eq!(contact["agency"], "STP");
        let addresses = contact["addresses_of_now_and_before"].to_string();
        assert!(addresses.contains("4242") && addresses.contains("email"), "{addresses}");
        let ledger = lines(&out, "ledger.jsonl");
        assert!(ledger.iter().any(|line| line["payload"]["quote"] == "IV.1.b xong, KH 12/KH-STP"), "{ledger:?}");
        let texts: Vec<_> = lines(&out, "replies.jsonl").into_iter().map(|line| line["content"]["text"].clone()).collect();
        assert!(texts.contains(&"=1+1".into()), "{texts:?}");
        let messages = lines(&out, "messages.jsonl");
        assert!(messages.iter().all(|line| line["contact"] == OFFICER || line["contact"].is_null()));
        assert!(messages.iter().any(|line| line["body"].as_str().unwrap().contains("IV.1.b")));
        let summary = fs::read_to_string(out.join("summary.txt")).unwrap();
        assert!(summary.contains("telegram 4242"), "{summary}");
        let none = export_person(db, &ContactId::from("nobody"), &folder.path().join("x"), now).await;
        assert!(none.unwrap_err().to_string().contains("no contact nobody"));
    }

    async fn an_erased_person_leaves_no_word_and_no_address_and_what_the_office_did_stays(test: TestDb) {
        let stage = spring(test).await;
        // Long enough for pages of its own.
        let long = format!("{}{}", "Kính thưa anh chị, ".repeat(300), OWN[0]);
        stage.hears("2020-04-20T09:00:00", "4242", &long).await;
        let (db, now) = (&stage.daemon.deliverer.db, stage.daemon.deliverer.clock.now());
        let id = ContactId::from(OFFICER);
        let head = verify(db, None, None).await.unwrap()[0].head;
        let before = reported(db).await;
        let would = preview(db, &id).await.unwrap().unwrap();
        assert_eq!(verify(db, None, None).await.unwrap()[0].head, head, "a look changes nothing");
        let done = erase(db, &stage.daemon.deliverer.setup, &id, now).await.unwrap().unwrap();
        assert_eq!(would, done);
        assert!(done.redacted() > 0 && done.stay >= done.redacted(), "{done:?}");

        // The same lines, of the same kind and day and under the same short name, without the words.
        assert_eq!(reported(db).await, before);
        let mut tx = db.snapshot().await.unwrap();
        let own = events::list_of_actor(&mut tx, &Actor::Contact(id.clone()), chrono::DateTime::UNIX_EPOCH, 100).await.unwrap();
        let claim = own.iter().find(|one| one.entry.kind == "done").unwrap();
        assert_eq!(claim.entry.payload["quote"], "");
        assert!(claim.entry.payload["said"].is_object(), "{claim:?}");
        let stored = contacts::find(&mut tx, &id).await.unwrap().unwrap();
        assert!(!stored.active && stored.addresses.is_empty() && stored.contact.title == OFFICER);
        drop(tx);
        let everything = dump(db).await;
        for personal in PERSONAL {
            assert!(!everything.contains(personal), "{personal} in {everything}");
        }
        // Nor in the bytes of the files: not in a page that is free, not in the log.
        for own in OWN {
            assert_eq!(places_of(own, &stage.test.url), [""; 0], "{own}");
        }

        // The chain holds from its first line, the head that was noted before is still in it, and the erasure is told.
        let noted = Noted { hash: head.hash, count: Some(head.count) };
        let found = &verify(db, None, Some(noted)).await.unwrap()[0];
        assert_eq!((found.broken.clone(), found.is_noted_met, found.erased), (None, true, u64::try_from(done.redacted()).unwrap()));
        assert_eq!(found.head.count, head.count + 1);
        // Whoever asks why it is done is told that words stood there.
        let told = stage.prints(&["explain", "IV.1.b", "STP"]);
        let line = told.lines().find(|line| line.contains("done by stp.officer")).unwrap();
        assert!(line.ends_with(": (erased)"), "{told}");
        assert!(told.contains("extended by") && !told.contains("“”"), "{told}");
        let told: serde_json::Value = serde_json::from_str(&stage.prints(&["explain", "IV.1.b", "STP", "--json"])).unwrap();
        let erased = |kind: &str| told["events"].as_array().unwrap().iter().find(|one| one["kind"] == kind).unwrap()["erased"].clone();
        assert_eq!((erased("done"), erased("extended")), (true.into(), false.into()), "{told}");
        // A second time there is nothing left to erase.
        let again = erase(db, &stage.daemon.deliverer.setup, &id, now).await.unwrap().unwrap();
        assert_eq!((again.redacted(), again.places.len()), (0, 0));
        assert_eq!(erase(db, &stage.daemon.deliverer.setup, &ContactId::from("nobody"), now).await.unwrap(), None);

        // An erased line cannot be filled with other words.
        let event = claim.id;
        tamper(db, &format!("UPDATE events SET payload = '{{}}' WHERE id = {event}")).await;
        assert!(verify(db, None, None).await.unwrap()[0].broken.is_some());
    }

    async fn the_database_lets_nobody_change_the_ledger(test: TestDb) {
        let stage = spring(test).await;
        let db = &stage.daemon.deliverer.db;
        for sql in [
            "UPDATE events SET payload = '{}'",
            "UPDATE events SET actor = 'system'",
            "DELETE FROM events",
            "UPDATE seals SET place = place + 1000",
            "DELETE FROM seals",
            "DELETE FROM heads",
            // The one way goes through what is left of a line, and no further.
            "INSERT INTO erasures (event, contact, payload, at) SELECT min(id), 'stp.officer', '{}', '2020-01-01 00:00:00+00:00' FROM events;
             UPDATE events SET payload = '{}', actor = 'system' WHERE id = (SELECT min(id) FROM events)",
            "INSERT INTO erasures (event, contact, payload, at) SELECT min(id), 'stp.officer', '{}', '2020-01-01 00:00:00+00:00' FROM events;
             UPDATE events SET payload = '{\"a\":1}' WHERE id = (SELECT min(id) FROM events)",
        ] {
            let error = run(db, sql).await.unwrap_err().to_string();
            assert!(error.contains("the ledger is only added to"), "{sql}: {error}");
        }
        assert_eq!(verify(db, None, None).await.unwrap()[0].broken, None);
    }
}

/// In which files of a database these words stand, free pages and the log included, by the ends of their names; nothing of a
/// server.
pub(super) fn places_of(words: &str, url: &str) -> Vec<&'static str> {
    if url.starts_with("postgres") {
        return Vec::new();
    }
    let holds = |end: &&str| {
        let bytes = fs::read(format!("{url}{end}")).unwrap();
        let mut parts = bytes.windows(words.len());
        parts.any(|part| part == words.as_bytes())
    };
    ["", "-wal", "-shm"].into_iter().filter(holds).collect()
}

async fn run(db: &Db, sql: &str) -> Result<(), sqlx::Error> {
    let sql = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
    let mut tx = db
        .begin()
        .await
        .map_err(|error: StoreError| sqlx::Error::Protocol(error.to_string()))?;
    match &mut tx {
        Tx::Sqlite(tx) => sql.execute(&mut **tx).await.map(drop),
        Tx::Postgres(tx) => sql.execute(&mut **tx).await.map(drop),
    }
}

/// Who reported what of which obligation, and when.
pub(super) async fn reported(db: &Db) -> Vec<(i64, String, Option<i64>, String)> {
    let mut tx = db.snapshot().await.unwrap();
    let actor = Actor::Contact(ContactId::from(OFFICER));
    let own = events::list_of_actor(&mut tx, &actor, chrono::DateTime::UNIX_EPOCH, 100)
        .await
        .unwrap();
    own.into_iter()
        .map(|one| {
            let entry = one.entry;
            (
                one.id,
                entry.kind,
                entry.obligation.map(|id| id.0),
                entry.at.to_rfc3339(),
            )
        })
        .collect()
}

/// Every text in every table in which a person's words or addresses can stand.
pub(super) async fn dump(db: &Db) -> String {
    let mut all = String::new();
    for sql in [
        "SELECT address FROM addresses WHERE contact = 'stp.officer'",
        "SELECT title || channels FROM contacts WHERE id = 'stp.officer'",
        "SELECT address || subject || COALESCE(provider_id, '') || COALESCE(choices, '') FROM deliveries WHERE contact = 'stp.officer'",
        "SELECT body || COALESCE(body_html, '') FROM bodies JOIN deliveries ON id = delivery WHERE contact = 'stp.officer'",
        "SELECT sender || payload || COALESCE(outcome, '') FROM inbox",
        "SELECT payload FROM events WHERE actor = 'contact:stp.officer'",
        "SELECT quote FROM statements WHERE contact = 'stp.officer'",
        "SELECT address FROM strangers",
        "SELECT payload FROM questions WHERE contact = 'stp.officer'",
        "SELECT hash FROM link_codes WHERE contact = 'stp.officer'",
    ] {
        let mut tx = db.snapshot().await.unwrap();
        let found: Vec<String> = match &mut tx {
            Tx::Sqlite(tx) => sqlx::query_scalar(sql).fetch_all(&mut **tx).await.unwrap(),
            Tx::Postgres(tx) => sqlx::query_scalar(sql).fetch_all(&mut **tx).await.unwrap(),
        };
        all.push_str(&found.join("\n"));
        all.push('\n');
    }
    all
}
