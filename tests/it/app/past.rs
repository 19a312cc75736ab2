//! What was told of a day in the past is told the same again, whatever has happened since.

use dondoc::app::absence::{end_absence, note_absence};
use dondoc::app::amend::{Order, Scope};
use dondoc::app::inspect::{add_contact, remove_contact, revive, unlink};
use dondoc::domain::absence::Absence;
use dondoc::domain::delivery::Channel;
use dondoc::domain::directory::{Contact, Role};
use dondoc::domain::finding::{Finding, FindingKind};
use dondoc::domain::ids::ContactId;
use dondoc::domain::inbound::Content;
use dondoc::messages::DigestContext;
use dondoc::store::{addresses, events, findings};
use serde_json::json;

use super::amending::{given_to, order};
use super::conversation::{inbound, words};
use super::golden::sheets_of;
use super::stage::{Stage, day, loaded};
use crate::support::db::on_both_databases;

impl Stage {
    async fn is_away(&self, contact: &str, from: &str, to: &str) {
        let deliverer = &self.daemon.deliverer;
        let (today, now) = (deliverer.clock.today(), deliverer.clock.now());
        let absence = Absence {
            contact: contact.into(),
            from: day(from),
            to: day(to),
            deputy: None,
        };
        let (db, setup, origin) = (&deliverer.db, &deliverer.setup, &deliverer.origin);
        note_absence(db, setup, origin, &absence, today, now)
            .await
            .unwrap();
    }

    /// All that has changed by the 24th for those whom the digest of the 23rd named, and for others.
    async fn all_is_changed(&self) {
        let deliverer = &self.daemon.deliverer;
        let (db, setup, clock) = (&deliverer.db, &deliverer.setup, &deliverer.clock);
        let (today, now) = (clock.today(), clock.now());
        for one in ["stc.officer", "stc.head"] {
            end_absence(db, setup, &one.into(), today, now)
                .await
                .unwrap();
        }
        for one in ["sgddt.officer", "sgddt.head"] {
            self.is_away(one, "2020-03-23", "2020-04-10").await;
        }
        for one in ["sxd.officer", "sxd.head"] {
            let id: ContactId = one.into();
            assert!(remove_contact(db, setup, &id, now).await.unwrap());
        }
        let named = Contact {
            id: "sngv.officer".into(),
            agency: "SNgV".into(),
            role: Role::Officer,
            title: "Chuyên viên Sở Ngoại vụ".to_owned(),
            channels: vec![(Channel::Email, "cchc.sngv@quangnam.example".to_owned())],
        };
        assert!(add_contact(db, setup, &named, now).await.unwrap());
        let chats = [Channel::Telegram];
        let lost = unlink(db, setup, &"skhdt.officer".into(), &chats, now).await;
        assert_eq!(lost.unwrap().unwrap(), chats);
        let mails = [Channel::Email];
        let mended = revive(db, setup, &"stttt.officer".into(), &mails, now).await;
        assert_eq!(mended.unwrap().unwrap(), mails);
        let mut tx = db.begin().await.unwrap();
        addresses::mark_dead(
            &mut tx,
            Channel::Email,
            "cchc.syt@quangnam.example",
            "550",
            now,
        )
        .await
        .unwrap();
        let finding = Finding {
            kind: FindingKind::DayNotPlanned,
            subject: "2020-03-24".to_owned(),
            plan: None,
            obligation: None,
            contact: None,
            day: None,
            detail: "not planned".to_owned(),
        };
        findings::note(&mut tx, &[finding], now).await.unwrap();
        tx.commit().await.unwrap();
    }
}

/// Why nobody of this agency hears, as the digest says it.
fn why(digest: &DigestContext, agency: &str) -> Vec<String> {
    let found = digest.unreachable.iter().filter(|one| one.agency == agency);
    found.map(|one| one.why.clone()).collect()
}

on_both_databases! {
    async fn a_digest_of_the_past_knows_nothing_of_the_people_and_addresses_of_later_days(test: TestDb) {
        let mut contacts = loaded().contacts;
        contacts.retain(|one| one.id != "sngv.officer".into());
        for one in &mut contacts {
            if ["stp.officer", "sct.officer", "skhdt.officer"].contains(&one.id.as_str()) {
                one.channels.clear();
            }
        }
        let stage = Stage::with(test, "2020-03-09T09:00:00", contacts, loaded()).await;
        stage.linked("2020-03-09T09:00:00", "stp.officer", "77").await;
        stage.linked("2020-03-09T09:00:00", "skhdt.officer", "79").await;
        for one in ["stc.officer", "stc.head"] {
            stage.is_away(one, "2020-03-16", "2020-04-10").await;
        }
        for on in ["2020-03-16", "2020-03-17"] {
            stage.round_at(&format!("{on}T07:30:00")).await;
        }
        // A mail that came back.
        let bounced = "state = 'failed', sent_at = NULL, reason = '550'";
        let of = "contact = 'stttt.officer' AND channel = 'email'";
        stage.breaks(&format!("UPDATE deliveries SET {bounced} WHERE {of}")).await;
        let mut tx = stage.daemon.deliverer.db.begin().await.unwrap();
        let now = stage.daemon.deliverer.clock.now();
        addresses::mark_dead(&mut tx, Channel::Email, "cchc.stttt@quangnam.example", "550", now).await.unwrap();
        tx.commit().await.unwrap();
        let shut = Content::Closed { reason: "blocked".to_owned() };
        stage.takes("2020-03-18T09:00:00", inbound(Channel::Telegram, "77", shut)).await;
        stage.mail.fill(Some("cchc.snnptnt@quangnam.example"));
        stage.round_at("2020-03-20T07:30:00").await;
        let left = stage.digests("2020-03-23T07:30:00").await;
        let then = stage.previews("2020-03-23").await;
        let messages = &stage.daemon.deliverer.setup.messages;
        let text = messages.render_digest(then.clone(), Channel::Email).unwrap().text;
        assert!(left.iter().any(|one| one.text == text), "it is the one that left: {text}");
        for (agency, expected) in [
            ("Sở Tư pháp", "telegram-blocked"),
            ("Sở Công Thương", "no-address"),
            ("Sở Tài chính", "away"),
            ("Sở Ngoại vụ", "nobody"),
            ("Sở Thông tin và Truyền thông", "bounced"),
        ] {
            assert_eq!(why(&then, agency), [expected], "{agency}");
        }
        for agency in ["Sở Giáo dục và Đào tạo", "Sở Xây dựng", "Sở Kế hoạch và Đầu tư", "Sở Y tế"] {
            assert_eq!(why(&then, agency), [""; 0], "{agency}");
        }

        stage.takes("2020-03-24T09:00:00", inbound(Channel::Telegram, "77", words("em đây"))).await;
        stage.linked("2020-03-24T09:00:00", "sct.officer", "78").await;
        stage.all_is_changed().await;
        for on in ["2020-03-24", "2020-03-25", "2020-03-26", "2020-03-27", "2020-03-30"] {
            for time in ["07:30:00", "07:32:00", "07:40:00"] {
                stage.digests(&format!("{on}T{time}")).await;
            }
        }
        let now = stage.previews("2020-03-30").await;
        for (agency, expected) in [
            ("Sở Tư pháp", &[][..]),
            ("Sở Công Thương", &[]),
            ("Sở Tài chính", &[]),
            ("Sở Ngoại vụ", &[]),
            ("Sở Thông tin và Truyền thông", &[]),
            ("Sở Giáo dục và Đào tạo", &["away"]),
            ("Sở Xây dựng", &["empty"]),
            ("Sở Kế hoạch và Đầu tư", &["no-address"]),
            ("Sở Y tế", &["bounced"]),
            ("Sở Nông nghiệp và Phát triển nông thôn", &["mail-failing"]),
        ] {
            assert_eq!(why(&now, agency), expected, "{agency}");
        }
        assert_eq!(now.findings.len(), 1);
        let again = stage.previews("2020-03-23").await;
        assert_eq!(again, then);
    }

    async fn a_digest_after_months_without_any_looks_back_on_the_last_that_left(test: TestDb) {
        let stage = Stage::at(test, "2020-06-05T09:00:00").await;
        stage.digests("2020-06-08T08:00:00").await;
        for on in ["2020-07-10", "2020-08-10", "2020-09-21"] {
            stage.set_time(&format!("{on}T07:00:00"));
            assert_eq!(stage.previews(on).await.from, day("2020-06-08"), "{on}");
        }
    }

    async fn an_address_that_the_files_replace_later_was_one_before(test: TestDb) {
        let stage = Stage::at(test, "2020-01-10T09:00:00").await;
        stage.digests("2020-01-13T08:00:00").await;
        let then = stage.previews("2020-01-13").await;
        assert_eq!(why(&then, "Sở Công Thương"), [""; 0], "nobody has written to its head yet");
        stage.set_time("2020-01-15T09:00:00");
        let mut contacts = loaded().contacts;
        let head = contacts.iter_mut().find(|one| one.id == "sct.head".into()).unwrap();
        "giamdoc.moi@quangnam.example".clone_into(&mut head.channels[0].1);
        stage.daemon.import(&contacts).await.unwrap();
        assert_eq!(stage.previews("2020-01-13").await, then);
        stage.daemon.import(&contacts).await.unwrap();
        let mut tx = stage.daemon.deliverer.db.snapshot().await.unwrap();
        let lines = events::list_of_kinds(&mut tx, &["readdressed"]).await.unwrap();
        let told: Vec<_> = lines.into_iter().map(|line| line.entry.payload).collect();
        assert_eq!(told, [json!({ "contact": "sct.head", "channel": "email" })], "once, and no address");
    }

    async fn a_transfer_that_is_taken_back_later_stands_in_the_digest_of_its_week(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        let whole = Order {
            scope: Scope { tasks: Vec::new(), agencies: vec!["STP".into()] },
            ends: Some("STP".into()),
            ..order("II.2", &["STP"], given_to(&["SNV"]))
        };
        let merged = stage.amends(&whole, false).await.unwrap();
        stage.digests("2020-03-23T07:30:00").await;
        let then = stage.preview_with_files("2020-03-23").await;
        assert!(then.0.transfers.iter().any(|one| one.is_merged), "{:#?}", then.0.transfers);
        stage.set_time("2020-03-25T09:00:00");
        stage.revokes(merged.amendment).await.unwrap();
        stage.digests("2020-03-30T07:30:00").await;
        let taken_back = stage.previews("2020-03-30").await.transfers;
        assert!(taken_back.iter().all(|one| one.taken_back.is_some()), "{taken_back:#?}");
        let again = stage.preview_with_files("2020-03-23").await;
        assert_eq!(again.0, then.0);
        assert_eq!(sheets_of(&again.1[0].bytes), sheets_of(&then.1[0].bytes));
    }

    async fn what_is_given_away_later_changes_nothing_of_the_quarter_before(test: TestDb) {
        let stage = Stage::at(test, "2020-03-27T09:00:00").await;
        stage.digests("2020-03-30T07:30:00").await;
        let told = async || {
            let (digest, files) = stage.preview_with_files("2020-03-30").await;
            let ranked = stage.prints(&["rank", "--quarter", "1", "--on", "2020-04-01", "--json"]);
            let listed = stage.prints(&["status", "--task", "II.2", "--on", "2020-04-01"]);
            let year = stage.prints(&["rank", "--year", "--on", "2020-04-01"]);
            (digest, sheets_of(&files[0].bytes), ranked, listed, year)
        };
        let then = told().await;
        stage.set_time("2020-04-10T10:00:00");
        let task = |task: &str, from: &str, to: &str| order(task, &[from], given_to(&[to]));
        stage.amends(&task("VI.5", "STTTT", "VPUBND"), false).await.unwrap();
        assert_eq!(told().await, then, "given");
        stage.set_time("2020-04-14T10:00:00");
        stage.amends(&task("VI.5", "VPUBND", "STTTT"), false).await.unwrap();
        assert_eq!(told().await, then, "given back");
    }
}
