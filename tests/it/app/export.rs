//! What is exported of an agency: all that is its own, nothing of another, and nothing that opens something.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use dondoc::app::export::{ExportError, Exported, Scope, export};
use dondoc::app::verify::verify;
use dondoc::domain::chain::{About, Hash, Line};
use dondoc::domain::delivery::Channel;
use dondoc::domain::inbound::{Content, File};
use dondoc::store::events::{self, Actor, NewEvent};
use dondoc::store::obligations::{self, Filter};
use dondoc::store::{Db, inbox};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::conversation::{inbound, words};
use super::golden::sheets_of;
use super::stage::Stage;
use crate::support::db::on_both_databases;

const CODE: &str = "0X4DR034";
const FILES: [&str; 8] = [
    "attachments.jsonl",
    "decisions.jsonl",
    "export.xlsx",
    "ledger.jsonl",
    "manifest.json",
    "messages.jsonl",
    "obligations.jsonl",
    "replies.jsonl",
];

on_both_databases! {
    async fn an_agency_gets_all_that_is_its_own_and_nothing_of_another(test: TestDb) {
        let stage = spring(test).await;
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("stp");
        let exported = run(&stage, &of("STP"), &out).await.unwrap();
        assert!(exported.holds());
        assert_whole(&out, &exported);

        let all = FILES.map(|name| String::from_utf8_lossy(&fs::read(out.join(name)).unwrap()).into_owned()).join("\n");
        for secret in ["riêng của STC", &CODE[..4], "file-id", "link.yes"] {
            assert!(!all.contains(secret), "{secret}");
        }
        for name in ["obligations.jsonl", "ledger.jsonl", "decisions.jsonl", "attachments.jsonl"] {
            for line in lines(&out, name) {
                assert_eq!(line["agency"], "STP", "{name}: {line}");
            }
        }
        let ledger = lines(&out, "ledger.jsonl");
        let kinds: Vec<&str> = ledger.iter().map(|line| line["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["done", "extended"]);
        ledger.iter().for_each(assert_hashed);
        assert_eq!(lines(&out, "decisions.jsonl").len(), 1);
        let attachments = lines(&out, "attachments.jsonl");
        let hashes: Vec<&Value> = attachments.iter().map(|line| &line["sha256"]).collect();
        assert_eq!(hashes, [&json!("ab"), &Value::Null], "what only the provider has, has no hash");
        let unfetched: Vec<&Value> = attachments.iter().map(|line| &line["never_fetched"]).collect();
        assert_eq!((unfetched, exported.unfetched), (vec![&json!(false), &json!(true)], 1));

        // Every brief to the agency, with its words; of one that is about others too, that it was sent.
        let messages = lines(&out, "messages.jsonl");
        let to = |contact: &str| messages.iter().filter(|line| line["contact"] == contact).collect::<Vec<_>>();
        assert!(to("stp.officer").iter().any(|line| line["body"].as_str().is_some_and(|body| body.contains("IV.1.b"))));
        assert!(to("stc.officer").is_empty());
        let (open, withheld): (Vec<_>, Vec<_>) = messages.iter().partition(|line| line["withheld"].is_null());
        assert!(!withheld.is_empty(), "the monitor is told of several agencies in one message");
        assert!(withheld.iter().all(|line| line["body"].is_null() && line["subject"].is_null()));
        assert!(open.iter().all(|line| line["kind"] != "digest"), "{open:#?}");
        assert!(messages.iter().any(|line| line["attempts"].as_array().is_some_and(|tries| !tries.is_empty())));

        let replies = lines(&out, "replies.jsonl");
        let texts: Vec<&Value> = replies.iter().map(|line| &line["content"]["text"]).collect();
        // What nobody understood is there, too; the code was sent before the chat was anybody's, and is not shown.
        assert!(texts.contains(&&json!("=1+1")), "{texts:?}");
        assert!(texts.contains(&&json!("IV.1.b xong, KH 12/KH-STP")), "{texts:?}");
        assert!(!texts.contains(&&json!("IV.1.b vướng, riêng của STC")), "{texts:?}");
    }

    async fn the_workbook_names_people_by_title_and_tasks_in_the_words_of_the_plan(test: TestDb) {
        let stage = spring(test).await;
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("stp");
        run(&stage, &of("STP"), &out).await.unwrap();
        let book = sheets_of(&fs::read(out.join("export.xlsx")).unwrap());
        let rows = |name: &str| &book.iter().find(|(sheet, _)| sheet == name).unwrap().1;
        let row = |sheet: &str, cell: &str| {
            let mut found = rows(sheet).iter().filter(|row| row.iter().any(|one| one == cell));
            found.next().unwrap_or_else(|| panic!("{sheet} {cell}: {:#?}", rows(sheet)))
        };
        let officer = "Chuyên viên đầu mối CCHC Sở Tư pháp (stp.officer)";
        assert_eq!(row("Trả lời", "IV.1.b xong, KH 12/KH-STP")[3], officer);
        assert_eq!(row("Sổ theo dõi", "IV.1.b xong, KH 12/KH-STP")[5], officer);
        assert_eq!(row("Tin đã gửi", officer)[1], "nhắc việc");
        assert_eq!(row("Quyết định", "đồng ý gia hạn")[4], "Cơ quan theo dõi");
        let done = row("Việc phải làm", "IV.1.b/1");
        assert!(done[2].contains("Ban hành kế hoạch cải cách hành chính"), "{done:?}");
        assert!(done[3].starts_with("chậm nhất 30 ngày"), "{done:?}");
        assert_eq!(done[8], "hoàn thành đúng hạn");
        assert_eq!(row("Việc phải làm", "IV.1.a/1")[8], "đang thực hiện quá hạn");
        assert_eq!(row("Việc phải làm", "I.3/1")[8], "thường xuyên");
        // Where they are reached, and what of, stands in the JSON lines alone.
        let replies = lines(&out, "replies.jsonl");
        let messages = lines(&out, "messages.jsonl");
        let places = replies.iter().map(|line| &line["from"]).chain(messages.iter().map(|line| &line["address"]));
        let places: BTreeSet<&str> = places.map(|place| place.as_str().unwrap()).collect();
        assert!(places.len() > 2, "{places:?}");
        for cell in book.iter().flat_map(|(_, rows)| rows).flatten() {
            assert!(!places.contains(cell.as_str()), "{cell}");
        }
    }

    async fn everything_is_there_with_the_chain_from_its_first_line(test: TestDb) {
        let stage = spring(test).await;
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("deep").join("all");
        let exported = run(&stage, &Scope::default(), &out).await.unwrap();
        assert_whole(&out, &exported);
        let db = &stage.daemon.deliverer.db;
        let head = verify(db, None, None).await.unwrap()[0].head;
        let manifest: Value = serde_json::from_slice(&fs::read(out.join("manifest.json")).unwrap()).unwrap();
        assert_eq!(manifest["plans"][0]["head"], head.hash.to_string());
        let ledger = lines(&out, "ledger.jsonl");
        assert_eq!(i64::try_from(ledger.len()).unwrap(), head.count);
        let mut previous = json!(Hash::NOTHING.to_string());
        for (line, place) in ledger.iter().zip(1..) {
            assert_hashed(line);
            assert_eq!((&line["previous"], &line["place"]), (&previous, &json!(place)));
            previous = line["hash"].clone();
        }
        let replies = lines(&out, "replies.jsonl");
        let mut tx = db.snapshot().await.unwrap();
        let received = inbox::list_after(&mut tx, inbox::InboxId(0), 1_000).await.unwrap();
        assert_eq!(replies.len(), received.len());
        let code = replies.iter().find(|line| line["withheld"].as_str().is_some_and(|why| why.contains("code"))).unwrap();
        assert!(code["content"]["text"].is_null());
        let kinds: BTreeSet<String> = lines(&out, "messages.jsonl").iter().map(|line| line["kind"].as_str().unwrap().to_owned()).collect();
        assert!(kinds.contains("digest") && kinds.contains("brief") && kinds.contains("receipt"), "{kinds:?}");
    }

    async fn what_cannot_be_exported_leaves_nothing_behind(test: TestDb) {
        let stage = spring(test).await;
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        for scope in [of("../../etc"), of("NONE"), Scope { plan: Some("hue-2020".into()), ..of("STP") }] {
            let error = run(&stage, &scope, &out).await.unwrap_err();
            assert!(matches!(error, ExportError::Nothing), "{error}");
        }
        fs::write(&out, "mine").unwrap();
        let error = run(&stage, &of("STP"), &out).await.unwrap_err();
        assert!(matches!(error, ExportError::Exists(_)), "{error}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        let plan = "quang-nam-2020".into();
        let exported = run(&stage, &Scope { plan: Some(plan), ..Scope::default() }, &folder.path().join("plan")).await.unwrap();
        assert!(exported.scope.is_all(), "the only plan is everything");
    }
}

/// A spring in which two agencies report, one is extended, and the monitor hears of both.
pub(super) async fn spring(test: crate::support::db::TestDb) -> Stage {
    let stage = Stage::at(test, "2020-01-14T07:00:00").await;
    stage.link("2020-01-14T07:00:00", "stp.officer").await;
    stage.round_at("2020-01-14T07:30:00").await;
    stage
        .answers("2020-01-15T09:00:00", "IV.1.b xong, KH 12/KH-STP")
        .await;
    stage.answers("2020-01-15T09:05:00", "=1+1").await;
    let db = &stage.daemon.deliverer.db;
    report(
        db,
        "STC",
        "blocked",
        json!({ "quote": "IV.1.b vướng, riêng của STC" }),
    )
    .await;
    let file = |id: &str, sha256: Option<&str>| File {
        id: id.to_owned(),
        name: Some("../KH 12.pdf".to_owned()),
        media_type: None,
        size: Some(4),
        sha256: sha256.map(str::to_owned),
        album: None,
    };
    let files = [file("a", Some("ab")), file("b", None)];
    let resolved = json!({ "extended": { "due_on": "2020-04-15", "act_by": "2020-04-15" } });
    report(
        db,
        "STP",
        "extended",
        json!({ "resolved": resolved, "files": files }),
    )
    .await;
    // The tap of a button, with a token that answers.
    let tap = Content::Button {
        token: "link.yes".to_owned(),
        tap: "1".to_owned(),
        answers: None,
    };
    let intake = stage.daemon.intake();
    intake
        .store(&[inbound(Channel::Telegram, "4242", tap)])
        .await
        .unwrap();
    // Late everywhere: heads and the monitor hear of it, and of the week.
    for day in ["2020-02-10", "2020-04-10", "2020-04-20"] {
        stage.round_at(&format!("{day}T07:30:00")).await;
        stage.round_at(&format!("{day}T08:30:00")).await;
    }
    stage
}

/// Something came in from an agency and was recorded.
async fn report(db: &Db, agency: &str, kind: &str, payload: Value) {
    let mut tx = db.begin().await.unwrap();
    let text = payload["quote"].as_str().unwrap_or("II.2 xin gia hạn");
    let from = format!("chat of {agency}");
    let came = inbound(Channel::Telegram, &from, words(text));
    let now = chrono::DateTime::from_timestamp(1_579_053_600, 0).unwrap();
    inbox::receive(&mut tx, &[came], now).await.unwrap();
    let received = *inbox::list_new(&mut tx, 10).await.unwrap().last().unwrap();
    inbox::settle(&mut tx, received, inbox::Settled::Done, "recorded", now)
        .await
        .unwrap();
    let filter = Filter {
        agency: Some(agency.into()),
        ..Filter::default()
    };
    let owed = obligations::list(&mut tx, &filter).await.unwrap().remove(0);
    let event = NewEvent {
        plan: owed.plan.clone(),
        obligation: Some(owed.id),
        at: now,
        actor: Actor::Operator,
        kind: kind.to_owned(),
        payload,
        source: Some(format!("inbox:{received}")),
    };
    events::append(&mut tx, &[event]).await.unwrap();
    tx.commit().await.unwrap();
}

pub(super) fn of(agency: &str) -> Scope {
    Scope {
        agency: Some(agency.into()),
        ..Scope::default()
    }
}

pub(super) async fn run(stage: &Stage, scope: &Scope, out: &Path) -> Result<Exported, ExportError> {
    let deliverer = &stage.daemon.deliverer;
    let now = deliverer.clock.now();
    export(&deliverer.db, &deliverer.setup, scope, out, now).await
}

pub(super) fn lines(out: &Path, name: &str) -> Vec<Value> {
    let text = fs::read_to_string(out.join(name)).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// These files and no other, each as the manifest says.
fn assert_whole(out: &Path, exported: &Exported) {
    let mut names: Vec<_> = fs::read_dir(out)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, FILES);
    let manifest: Value =
        serde_json::from_slice(&fs::read(out.join("manifest.json")).unwrap()).unwrap();
    assert_eq!(manifest, exported.as_json());
    let files = manifest["files"].as_array().unwrap();
    assert_eq!(files.len() + 1, FILES.len());
    for file in files {
        let bytes = fs::read(out.join(file["name"].as_str().unwrap())).unwrap();
        let hash = Hash(Sha256::digest(&bytes).into());
        assert_eq!(file["sha256"], hash.to_string());
    }
}

/// The hash of a line can be computed anew from the line alone.
fn assert_hashed(line: &Value) {
    let text = |key: &str| line[key].as_str().map(str::to_owned);
    let number = |key: &str| line[key].as_i64();
    let about = number("obligation").map(|obligation| About {
        obligation,
        task: text("task").unwrap(),
        milestone: number("milestone").unwrap(),
        agency: text("agency").unwrap(),
    });
    let written = Line {
        event: number("event").unwrap(),
        plan: text("plan").unwrap(),
        about,
        at: number("at_micros").unwrap(),
        actor: text("actor").unwrap(),
        kind: text("kind").unwrap(),
        payload: line["payload"].to_string(),
        source: text("source"),
    };
    let previous = Hash::parse(&text("previous").unwrap()).unwrap();
    let hash = written.hash(&previous, number("place").unwrap());
    assert_eq!(line["hash"], hash.to_string(), "{line}");
}
