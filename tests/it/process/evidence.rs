//! The files that people sent, listed and fetched.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use chrono::{DateTime, Utc};
use dondoc::domain::chain::Hash;
use dondoc::domain::delivery::Channel;
use dondoc::domain::inbound::{Content, File, Identity, Inbound, Place};
use dondoc::store::events::{self, Actor, NewEvent};
use dondoc::store::obligations::{self, Filter};
use dondoc::store::{Db, inbox};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::daemon::{printed, said};
use super::province::Province;
use crate::support::db::{on_both_databases, tamper};
use crate::support::telegram::{FakeTelegram, TOKEN};

fn file(id: &str, name: Option<&str>, size: u64) -> File {
    File {
        id: id.to_owned(),
        name: name.map(str::to_owned),
        media_type: Some("application/pdf".to_owned()),
        size: Some(size),
        sha256: None,
        album: None,
    }
}

/// Something was reported with files that came by this channel.
async fn reported(db: &Db, channel: Channel, files: &[File]) {
    let mut tx = db.begin().await.unwrap();
    let content = Content::Text {
        text: "I.1 xong".to_owned(),
        answers: None,
        edited: false,
        files: files.to_vec(),
    };
    let inbound = Inbound {
        channel,
        external_id: format!("{channel:?}"),
        from: "4242".to_owned(),
        place: Place::Private,
        sent_at: None,
        identity: Identity::Proven,
        content,
    };
    inbox::receive(&mut tx, &[inbound], DateTime::<Utc>::UNIX_EPOCH)
        .await
        .unwrap();
    let received = *inbox::list_new(&mut tx, 10).await.unwrap().last().unwrap();
    let owed = obligations::list(&mut tx, &Filter::default())
        .await
        .unwrap()
        .remove(0);
    let event = NewEvent {
        plan: owed.plan.clone(),
        obligation: Some(owed.id),
        at: DateTime::<Utc>::UNIX_EPOCH,
        actor: Actor::Contact("a1.officer".into()),
        kind: "done".to_owned(),
        payload: json!({ "quote": "\"files\": xong", "files": files }),
        source: Some(format!("inbox:{received}")),
    };
    let without = NewEvent {
        payload: json!({ "quote": "no \"files\": here" }),
        source: Some("by hand".to_owned()),
        ..event.clone()
    };
    events::append(&mut tx, &[without, event]).await.unwrap();
    tx.commit().await.unwrap();
}

on_both_databases! {
    async fn files_are_listed_and_fetched_and_no_name_leads_elsewhere(test: TestDb) {
        let bots = FakeTelegram::start(&[]).await;
        bots.keep("BQAC", "documents/file_12.pdf", "whole");
        let channel = format!("[telegram]\ntoken_file = \"token\"\napi_url = \"http://{}\"\n", bots.address);
        let province = Province::new(1, &test.url, &channel).await;
        province.write("token", TOKEN);
        assert_eq!(printed(&province, &["evidence", "list"]).lines().last(), Some("0 files"));
        let files = [file("BQAC", Some("../../KH 12.pdf"), 5), file("BIG", None, 20 * 1024 * 1024 + 1), file("GONE", None, 5)];
        reported(&test.db, Channel::Telegram, &files).await;
        reported(&test.db, Channel::Email, &[file("INBOX:1:2:3", Some("KH.pdf"), 5)]).await;

        let listed = printed(&province, &["evidence", "list", "--task", "I.1", "--agency", "A1", "--json"]);
        let listed: Vec<Value> = listed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let ids: Vec<&str> = listed.iter().map(|one| one["id"].as_str().unwrap()).collect();
        let [first, big, gone, of_mail] = ids[..] else { panic!("{ids:?}") };
        assert_eq!((&listed[0]["milestone"], &listed[0]["size"], &listed[0]["channel"]), (&json!("I.1/1"), &json!(5), &json!("telegram")));
        assert!(printed(&province, &["evidence", "list", "--agency", "SNV"]).ends_with("0 files\n"));

        let fetched = printed(&province, &["evidence", "fetch", first, "--out", "got"]);
        let path = province.path("got").join(format!("{first} KH 12.pdf"));
        assert_eq!(fs::read(&path).unwrap(), b"whole");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fetched, format!("got/{first} KH 12.pdf: 5 bytes, SHA-256 {}\n", Hash(Sha256::digest(b"whole").into())));
        for (id, code, words) in [
            (first, 2, "is there already"),
            (big, 1, "20 MB"),
            (gone, 1, "fetching file"),
            (of_mail, 2, "look into the mailbox"),
            ("99999.1", 2, "there is no file 99999.1"),
            ("x", 2, "no number of a file"),
        ] {
            let output = said(&province, &["evidence", "fetch", id, "--out", "got"]);
            let errors = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(code), "{id}: {errors}");
            assert!(errors.contains(words) && !errors.contains(TOKEN), "{id}: {errors}");
        }
        assert_eq!(fs::read_dir(province.path("got")).unwrap().count(), 1, "nothing half is left");

        // What was fetched is known from then on.
        let hash = |bytes: &[u8]| json!(Hash(Sha256::digest(bytes).into()).to_string());
        let hashes = |folder: &str| -> Vec<Value> {
            let text = fs::read_to_string(province.path(folder).join("attachments.jsonl")).unwrap();
            let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
            lines.map(|line| line["sha256"].clone()).collect()
        };
        let told = printed(&province, &["export", "--agency", "A1", "--out", "first"]);
        assert!(told.contains("3 attachments were never fetched"), "{told}");
        assert_eq!(hashes("first"), [hash(b"whole"), Value::Null, Value::Null, Value::Null]);
        // What Telegram should have and does not hand over is named, and is a failure; what lies elsewhere is only named.
        let output = said(&province, &["export", "--agency", "A1", "--fetch", "--out", "missing"]);
        let told = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(1), "{told}");
        let not_fetched: Vec<&str> = told.lines().filter(|line| line.starts_with("not fetched: ")).collect();
        let [of_big, of_gone, of_the_mail] = not_fetched[..] else { panic!("{told}") };
        assert!(of_gone.contains(&format!("fetching file {gone}")) && !told.contains(TOKEN), "{told}");
        assert!(of_big.contains("20 MB") && of_the_mail.contains("look into the mailbox"), "{told}");
        assert_eq!(hashes("missing"), [hash(b"whole"), Value::Null, Value::Null, Value::Null]);
        bots.keep("GONE", "documents/file_13.pdf", "found");
        let told = printed(&province, &["export", "--agency", "A1", "--fetch", "--out", "second"]);
        assert!(told.contains("2 attachments were never fetched"), "{told}");
        assert_eq!(hashes("second"), [hash(b"whole"), Value::Null, hash(b"found"), Value::Null]);
        let listed = || -> Value {
            let listed = printed(&province, &["evidence", "list", "--json"]);
            serde_json::from_str(listed.lines().next().unwrap()).unwrap()
        };
        assert_eq!((&listed()["sha256"], &listed()["sha256_later"]), (&hash(b"whole"), &json!([])));

        // Fetched again it is another: that is said, and both are kept.
        bots.keep("BQAC", "documents/file_12.pdf", "other");
        for folder in ["again", "and again"] {
            let output = said(&province, &["evidence", "fetch", first, "--out", folder]);
            let told = String::from_utf8(output.stdout).unwrap();
            assert_eq!(output.status.code(), Some(1), "{told}");
            let warned = format!("whose SHA-256 is {}: the ledger keeps both", Hash(Sha256::digest(b"whole").into()));
            assert!(told.contains("WARNING") && told.contains(&warned), "{told}");
        }
        assert_eq!((&listed()["sha256"], &listed()["sha256_later"]), (&hash(b"whole"), &json!([hash(b"other")])));
        printed(&province, &["export", "--agency", "A1", "--out", "third"]);
        let lines = |file: &str| fs::read_to_string(province.path("third").join(file)).unwrap();
        let one: Value = serde_json::from_str(lines("attachments.jsonl").lines().next().unwrap()).unwrap();
        assert_eq!((&one["sha256"], &one["sha256_later"]), (&hash(b"whole"), &json!([hash(b"other")])));
        let kept = lines("ledger.jsonl").lines().filter(|line| line.contains("file-differs")).count();
        assert_eq!(kept, 1, "once");
        let firsts = lines("ledger.jsonl").lines().filter(|line| line.contains("file-fetched")).count();
        assert_eq!(firsts, 2, "what each was first stands in the chain");
        tamper(&test.db, "UPDATE fetched_files SET sha256 = 'forged'").await;
        assert_eq!(listed()["sha256"], hash(b"whole"), "the ledger says what it was");
        let output = said(&province, &["export", "--agency", "A1", "--fetch", "--out", "fourth"]);
        let told = String::from_utf8(output.stdout).unwrap();
        let warned = format!("WARNING: file {first} is not the one that was fetched on ");
        assert!(output.status.code() == Some(1) && told.contains(&warned) && !told.contains(&format!("file {gone} is")), "{told}");

        province.edit("dondoc.toml", "[telegram]", "[console]\nenabled = true\n\n[telegram_of_another_day]");
        let output = said(&province, &["evidence", "list"]);
        assert_eq!(output.status.code(), Some(2), "a configuration with mistakes");
    }
}
