//! What becomes of what an agency owed that was merged into another, and which of its people can still be told.

use dondoc::app::AppError;
use dondoc::app::amend::{Order, Outcome, Scope, Told, Unowed};
use dondoc::app::audit::Look;
use dondoc::app::register::{Wanted, draft};
use dondoc::app::verify::verify;
use dondoc::domain::amendment::{Change, EarlyDay, Fate, PastDay};
use dondoc::domain::delivery::Channel;
use dondoc::domain::digest::Amended;
use dondoc::domain::finding::FindingKind;
use dondoc::domain::obligation::{Standing, State};
use dondoc::domain::reach::Unreachable;
use dondoc::store::{addresses, events};
use serde_json::json;

use super::amending::{given_to, order, until};
use super::golden::words_of;
use super::stage::{Stage, day, loaded, to};
use super::taken_back::brief;
use crate::support::db::on_both_databases;

/// What of an outcome concerns this milestone.
fn fate_of(outcome: &Outcome, task: &str) -> Fate {
    let effects = outcome.effects.iter();
    let mut found = effects.filter(|one| one.before.milestone.task == task.into());
    let given = &found.next().unwrap().given;
    assert_eq!(given.len(), 1, "it was given to somebody");
    given[0].1
}

fn to_monitor(task: &str) -> Order {
    order(task, &["STP"], given_to(&["SNV"]))
}

impl Stage {
    /// The kinds of the lines that are about no obligation.
    async fn plan_lines(&self) -> Vec<String> {
        let plan = &self.daemon.deliverer.setup.charges[0].plan.id;
        let mut tx = self.daemon.deliverer.db.snapshot().await.unwrap();
        let mut kinds = Vec::new();
        let keep = |line: events::Told| {
            if line.obligation.is_none() {
                kinds.push(line.kind);
            }
        };
        events::each_of_plan(&mut tx, plan, keep).await.unwrap();
        kinds
    }
}

on_both_databases! {
    async fn what_the_heir_has_done_already_is_said_and_kept_and_told(test: TestDb) {
        let stage = Stage::at(test, "2020-04-01T07:30:00").await;
        stage.round_at("2020-04-01T07:30:00").await;
        stage.done("II.2", 1, "SNV", "2020-03-30").await;
        stage.set_time("2020-04-01T10:00:00");
        let late = stage.of("II.2", "STP").await.unwrap();
        assert_eq!(late.standing(day("2020-04-01"), None), Some(Standing::OpenLate));

        let would = stage.amends(&to_monitor("II.2"), true).await.unwrap();
        let already = Fate::AlreadyDone { on: Some(day("2020-03-30")) };
        assert_eq!(fate_of(&would, "II.2"), already);
        let did = stage.amends(&to_monitor("II.2"), false).await.unwrap();
        assert_eq!((&did.effects, &did.told), (&would.effects, &would.told));

        let given = stage.explained(("II.2", 1), "STP").await;
        let line = &given.events.last().unwrap().entry;
        assert_eq!(line.kind, "transferred");
        assert_eq!(line.payload["fate"], json!({ "is": "already-done", "on": "2020-03-30" }));
        let heir = stage.of("II.2", "SNV").await.unwrap();
        assert_eq!((heir.state, heir.done_on), (State::Done, Some(day("2020-03-30"))));
        assert_eq!(stage.ledger(&heir).await, ["done", "joined"]);
        let found = &verify(&stage.daemon.deliverer.db, None, None).await.unwrap()[0];
        assert_eq!((&found.broken, found.astray.as_slice()), (&None, &[][..]));

        let mails = stage.round_at("2020-04-03T07:30:00").await;
        let monitor = loaded().contacts.into_iter().find(|one| one.id == "snv.officer".into()).unwrap();
        let text = &to(&mails, &monitor.channels[0].1).last().unwrap().text;
        assert!(text.contains("Đã báo hoàn thành, nay tính cả phần của Sở Tư pháp: II.2/1"), "{text}");

        stage.revokes(did.amendment).await.unwrap();
        assert_eq!(stage.of("II.2", "STP").await.unwrap().state, State::Open);
        // What it has done itself it did on that day, whatever is taken back beside it.
        let heir = stage.of("II.2", "SNV").await.unwrap();
        assert_eq!((heir.state, heir.done_on), (State::Done, Some(day("2020-03-30"))));
        assert_eq!(stage.ledger(&heir).await, ["done", "joined", "amendment-revoked"]);
        let found = &verify(&stage.daemon.deliverer.db, None, None).await.unwrap()[0];
        assert_eq!((&found.broken, found.astray.as_slice()), (&None, &[][..]));
    }

    async fn what_the_heir_owes_or_was_spared_is_said_too(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T10:00:00").await;
        assert_eq!(fate_of(&stage.amends(&to_monitor("II.2"), true).await.unwrap(), "II.2"), Fate::Joined);
        assert_eq!(fate_of(&stage.amends(&to_monitor("I.2"), true).await.unwrap(), "I.2"), Fate::TakenOver);
        stage.amends(&order("II.2", &["SNV"], Change::Suspend), false).await.unwrap();
        let at_rest = Fate::AtRest { state: State::Suspended };
        let did = stage.amends(&to_monitor("II.2"), false).await.unwrap();
        assert_eq!(fate_of(&did, "II.2"), at_rest);
        // And what is owed again is owed by the heir, for both.
        let resume = order("II.2", &["SNV"], Change::Resume { due_on: None });
        stage.amends(&resume, false).await.unwrap();
        assert_eq!(stage.of("II.2", "SNV").await.unwrap().state, State::Open);
    }

    async fn a_merger_is_told_as_one_and_what_the_heir_takes_over_in_a_count(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        let whole = Order {
            scope: Scope { tasks: Vec::new(), agencies: vec!["STP".into()] },
            ends: Some("STP".into()),
            ..to_monitor("II.2")
        };
        let outcome = stage.amends(&whole, false).await.unwrap();
        let mails = stage.round_at("2020-03-17T07:30:00").await;
        let address = |id: &str| loaded().contacts.into_iter().find(|one| one.id == id.into()).unwrap().channels[0].1.clone();
        let ended = "- Sở Tư pháp kết thúc hoạt động (ghi nhận ngày 16/3/2020), sáp nhập vào Sở Nội vụ.";
        for (id, way) in [("snv.head", "- Tiếp nhận từ Sở Tư pháp "), ("stp.head", "- Chuyển cho Sở Nội vụ ")] {
            let text = brief(&mails, &address(id));
            let note = text.split("Thay đổi theo 905/QĐ-UBND").nth(1).unwrap_or_else(|| panic!("{text}"));
            let told: Vec<&str> = note.lines().filter(|line| line.starts_with("- ")).collect();
            assert_eq!(told[0], ended, "{id}: {text}");
            assert!(told[1].starts_with(way) && told[1].contains("Gấp nhất: ") && told[1].contains("(hạn 31/3)"), "{id}: {text}");
            assert!(told.len() < 6, "one line for all of it, {id}: {text}");
        }
        let (digest, files) = stage.preview_with_files("2020-03-23").await;
        let [transfer] = digest.transfers.as_slice() else { panic!("{:#?}", digest.transfers) };
        assert_eq!((transfer.count, transfer.is_merged), (outcome.changed, true));
        let deliverer = &stage.daemon.deliverer;
        let text = deliverer.setup.messages.render_digest(digest, Channel::Email).unwrap().text;
        let line = format!("Sở Tư pháp kết thúc hoạt động (ghi nhận ngày 16/3), sáp nhập vào Sở Nội vụ (905/QĐ-UBND ngày 15/01/2020): {} việc (I.1, I.2/1, ", outcome.changed);
        assert!(text.contains(&line), "{text}");
        let words = words_of(&files[1].bytes, "word/document.xml");
        let line = line.replace("(ghi nhận ngày 16/3)", "(ghi nhận ngày 16/3/2020)");
        assert!(words.contains(&line), "the draft of the report names it too: {words}");
        // What was owed before it ended is drafted as of then, and nothing as of later.
        let (db, setup) = (&deliverer.db, &deliverer.setup);
        let reminder = Wanted::Reminders(vec!["STP".into()]);
        assert_eq!(draft(db, setup, &reminder, day("2020-03-10")).await.unwrap().len(), 1);
        let own = |agency: &str| Wanted::Report { agency: Some(agency.into()), quarter: "1".parse().unwrap(), on: Some(day("2020-03-10")) };
        assert_eq!(draft(db, setup, &own("STP"), day("2020-03-23")).await.unwrap().len(), 1);
        let refused = draft(db, setup, &reminder, day("2020-03-23")).await.unwrap_err();
        assert!(matches!(refused, AppError::Ended { .. }), "{refused}");
        let empty = draft(db, setup, &own("UBND"), day("2020-03-23")).await.unwrap_err().to_string();
        assert!(empty.contains("UBND owes nothing under any plan"), "{empty}");
    }

    async fn a_merger_that_is_taken_back_is_told_as_one_with_its_document_and_whose_all_is_again(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        let whole = Order {
            scope: Scope { tasks: Vec::new(), agencies: vec!["STP".into()] },
            ends: Some("STP".into()),
            ..to_monitor("II.2")
        };
        let merged = stage.amends(&whole, false).await.unwrap();
        stage.round_at("2020-03-17T07:30:00").await;
        stage.digests("2020-03-23T07:30:00").await;
        stage.set_time("2020-03-24T10:00:00");
        stage.revokes(merged.amendment).await.unwrap();
        let mails = stage.round_at("2020-03-25T07:30:00").await;
        let address = |id: &str| loaded().contacts.into_iter().find(|one| one.id == id.into()).unwrap().channels[0].1.clone();
        for (id, way) in [("snv.head", "- Trả lại Sở Tư pháp "), ("stp.head", "- Nhận lại từ Sở Nội vụ ")] {
            let text = brief(&mails, &address(id));
            let note = text.split("Thôi áp dụng 905/QĐ-UBND:").nth(1).unwrap_or_else(|| panic!("{text}"));
            let told: Vec<&str> = note.lines().filter(|line| line.starts_with("- ")).collect();
            assert!(told[0].starts_with(way) && told[0].contains(" việc") && !told[0].contains("Trở lại"), "{id}: {text}");
            assert!(told.len() < 6, "one line for all of it, {id}: {text}");
        }
        let count = merged.changed;
        let says = format!("Sở Tư pháp tiếp tục hoạt động, không sáp nhập vào Sở Nội vụ nữa (thôi áp dụng 905/QĐ-UBND ngày 15/01/2020): trở lại {count} việc (I.1, I.2/1, ");
        let left = stage.digests("2020-03-30T07:30:00").await;
        assert_eq!(left.len(), 3, "the leader's page as well");
        for one in &left {
            assert!(one.text.contains(&says) && !one.text.contains("chuyển cơ quan khác"), "{}", one.text);
        }
        let (digest, files) = stage.preview_with_files("2020-03-30").await;
        assert_eq!(digest.amended.transferred, 0);
        assert!(words_of(&files[1].bytes, "word/document.xml").contains(&says));
        let chat = stage.daemon.deliverer.setup.messages.render_digest(digest, Channel::Telegram).unwrap().text;
        assert!(chat.contains("Sở Tư pháp tiếp tục hoạt động"), "{chat}");
        assert_eq!(stage.previews("2020-04-06").await.transfers, [], "told once");
    }

    async fn who_has_lost_the_only_chat_is_not_among_those_who_are_told(test: TestDb) {
        let mut contacts = loaded().contacts;
        let officer = contacts.iter_mut().find(|one| one.id == "stp.officer".into()).unwrap();
        officer.channels.clear();
        let stage = Stage::with(test, "2020-03-16T09:00:00", contacts, loaded()).await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        let by = |outcome: &Outcome, contact: &str| {
            let mut told = outcome.told.iter();
            told.find(|one| one.contact == contact.into()).map(|Told { by, .. }| *by)
        };
        let part = stage.amends(&to_monitor("II.2"), true).await.unwrap();
        assert_eq!(by(&part, "stp.officer"), Some(Ok(Channel::Telegram)));
        let whole = Order {
            scope: Scope { tasks: Vec::new(), agencies: vec!["STP".into()] },
            ends: Some("STP".into()),
            ..to_monitor("II.2")
        };
        let outcome = stage.amends(&whole, false).await.unwrap();
        assert_eq!(outcome.unbound, ["stp.officer".into()]);
        assert_eq!(by(&outcome, "stp.officer"), Some(Err(Unreachable::NoAddress)));
        assert_eq!(by(&outcome, "stp.head"), Some(Ok(Channel::Email)));
        let mails = stage.round_at("2020-03-17T07:30:00").await;
        assert_eq!(stage.chat.take().len(), 0, "nothing leaves by a chat that is unbound");
        let head = to(&mails, "giamdoc.stp@quangnam.example");
        assert!(head.iter().any(|mail| mail.text.contains("Chuyển cho Sở Nội vụ")), "{mails:#?}");
    }

    async fn a_merger_that_is_taken_back_binds_the_chats_again_where_nobody_else_has_since(test: TestDb) {
        let mut contacts = loaded().contacts;
        for one in contacts.iter_mut().filter(|one| one.agency == "STP".into()) {
            one.channels.clear();
        }
        let stage = Stage::with(test, "2020-03-16T09:00:00", contacts, loaded()).await;
        stage.linked("2020-03-16T09:00:00", "stp.officer", "77").await;
        stage.linked("2020-03-16T09:00:00", "stp.head", "78").await;
        let whole = Order {
            scope: Scope { tasks: Vec::new(), agencies: vec!["STP".into()] },
            ends: Some("STP".into()),
            ..to_monitor("II.2")
        };
        stage.set_time("2020-03-16T10:00:00");
        let merged = stage.amends(&whole, false).await.unwrap();
        assert_eq!(merged.unbound, ["stp.head".into(), "stp.officer".into()]);
        // The chat of the head belongs to somebody else by now.
        stage.set_time("2020-03-17T10:00:00");
        let now = stage.daemon.deliverer.clock.now();
        let mut tx = stage.daemon.deliverer.db.begin().await.unwrap();
        assert!(addresses::bind(&mut tx, &"stc.head".into(), Channel::Telegram, "78", now).await.unwrap());
        tx.commit().await.unwrap();
        let back = stage.revokes(merged.amendment).await.unwrap();
        assert_eq!((&back.rebound, &back.unbound), (&vec!["stp.officer".into()], &vec!["stp.head".into()]));
        let by = |contact: &str| back.told.iter().chain(&merged.told).find(|one| one.contact == contact.into());
        assert!(by("stp.officer").is_some() || !back.spared.is_empty());
        let answers = stage.hears("2020-03-17T11:00:00", "77", "/viec").await;
        assert!(answers[0].text.contains("Sở Tư pháp còn"), "{answers:#?}");
        // Another load of the files leaves it bound, and so does the end of all that is owed.
        stage.breaks("UPDATE obligations SET state = 'done', done_on = '2020-03-17', next_rung_on = NULL WHERE agency = 'STP'").await;
        stage.daemon.import(&loaded().contacts).await.unwrap();
        let answers = stage.hears("2020-03-17T11:05:00", "77", "/viec").await;
        assert!(answers[0].text.contains("Sở Tư pháp"), "{answers:#?}");
        let kinds: Vec<String> = stage.plan_lines().await.into_iter().filter(|kind| kind == "rebound").collect();
        assert_eq!(kinds.len(), 2, "the agency and its officer");
    }

    async fn what_a_day_in_the_past_makes_late_is_counted_before_it_is(test: TestDb) {
        let stage = Stage::at(test, "2020-03-17T10:00:00").await;
        let slip = order("II.2", &["STP", "STC"], until("2020-03-16"));
        let refused = stage.amends(&slip, true).await.unwrap_err().to_string();
        assert!(refused.contains("--to 2020-03-16 has passed") && refused.contains("--past"), "{refused}");
        let meant = Order { past: PastDay::Meant, early: EarlyDay::Meant, ..slip };
        let would = stage.amends(&meant, true).await.unwrap();
        let today = day("2020-03-17");
        assert_eq!(would.effects.iter().filter(|one| one.becomes_late(today)).count(), 2);
        // What was late already does not become so.
        stage.amends(&meant, false).await.unwrap();
        let earlier = Order { change: until("2020-03-13"), ..meant };
        let would = stage.amends(&earlier, true).await.unwrap();
        assert!(would.effects.iter().all(|one| !one.becomes_late(today)));
    }

    async fn what_was_given_and_taken_back_was_never_there_and_is_owed_when_it_is_given_again(test: TestDb) {
        let stage = Stage::at(test, "2020-03-09T07:30:00").await;
        stage.round_at("2020-03-09T07:30:00").await;
        stage.set_time("2020-03-10T10:00:00");
        let give = order("VI.5", &["STTTT"], given_to(&["VPUBND"]));
        let by_mistake = stage.amends(&give, false).await.unwrap();
        let listed = |text: &str| text.matches("VI.5").count();
        let numbers = |stage: &Stage| stage.prints(&["rank", "--year", "--on", "2020-03-16"]);
        let register = stage.prints(&["status", "--task", "VI.5"]);
        assert_eq!(listed(&register), 2, "{register}");
        stage.revokes(by_mistake.amendment).await.unwrap();
        assert_eq!(stage.of("VI.5", "VPUBND").await.unwrap().state, State::Cancelled);

        // As if it had never been given: no document ended anything.
        let digest = stage.previews("2020-03-16").await;
        assert_eq!(digest.amended, Amended::default());
        let left_out = numbers(&stage);
        assert!(!left_out.contains("thôi thực hiện") && !left_out.contains("chuyển cơ quan khác"), "{left_out}");
        let whole = Order { scope: Scope { tasks: vec![("VI.5".into(), None)], agencies: vec![] }, ..order("VI.5", &[], Change::Suspend) };
        let would = stage.amends(&whole, true).await.unwrap();
        let owing: Vec<&str> = would.effects.iter().map(|one| one.before.agency.as_str()).collect();
        assert_eq!(owing, ["STTTT"], "nobody else ever owed it");

        stage.amends(&Order { early: EarlyDay::Meant, ..order("VI.5", &["STTTT"], until("2020-11-30")) }, false).await.unwrap();
        let again = order("VI.5", &["STTTT"], given_to(&["VPUBND"]));
        let would = stage.amends(&again, true).await.unwrap();
        assert_eq!(fate_of(&would, "VI.5"), Fate::TakenOver);
        assert_eq!(stage.of("VI.5", "VPUBND").await.unwrap().state, State::Cancelled, "a dry run changes nothing");
        let did = stage.amends(&again, false).await.unwrap();
        assert_eq!((&did.effects, &did.told), (&would.effects, &would.told));
        let heir = stage.of("VI.5", "VPUBND").await.unwrap();
        assert_eq!((heir.state, heir.due_on), (State::Open, Some(day("2020-11-30"))));
        assert_eq!(heir.taken_from, Some("STTTT".into()));
        assert_eq!(stage.ledger(&heir).await, ["received", "amendment-revoked", "received"]);
        assert_eq!(stage.strays().await, []);
        let digest = stage.previews("2020-03-16").await;
        assert_eq!((digest.amended.transferred, digest.amended.taken, digest.amended.cancelled), (1, 1, 0));
        let mails = stage.round_at("2020-03-11T07:30:00").await;
        assert!(mails.iter().any(|mail| mail.text.contains("Tiếp nhận từ Sở Thông tin và Truyền thông: VI.5")), "{mails:#?}");

        // It goes back as it came, and whoever has it by a document that nothing holds is found.
        stage.breaks("UPDATE obligations SET state = 'cancelled' WHERE task = 'VI.5' AND agency = 'VPUBND'").await;
        let found = stage.audits(Look::Hourly, "2020-03-11T08:30:00").await.fresh;
        let kinds: Vec<_> = found.iter().map(|one| (one.kind, one.obligation)).collect();
        let gone = stage.of("VI.5", "STTTT").await.unwrap();
        assert_eq!(kinds, [(FindingKind::NobodyOwes, Some(gone.id))], "{found:#?}");
        stage.breaks("UPDATE obligations SET state = 'open' WHERE task = 'VI.5' AND agency = 'VPUBND'").await;
        assert_eq!(stage.audits(Look::Hourly, "2020-03-11T09:30:00").await.mended, 1);
        stage.revokes(did.amendment).await.unwrap();
        assert_eq!(stage.of("VI.5", "STTTT").await.unwrap().state, State::Open);
        assert_eq!(stage.of("VI.5", "VPUBND").await.unwrap().state, State::Cancelled);
        assert_eq!(stage.audits(Look::Hourly, "2020-03-11T10:30:00").await.fresh, []);
    }

    async fn what_is_named_and_nobody_named_owes_is_said_before_and_after(test: TestDb) {
        let stage = Stage::at(test, "2020-03-10T10:00:00").await;
        let scope = Scope {
            tasks: vec![("VI.6".into(), None), ("VII.12".into(), None), ("VI.5".into(), Some(1))],
            agencies: vec!["STTTT".into()],
        };
        let give = Order { scope, ..order("VI.6", &["STTTT"], given_to(&["VPUBND"])) };
        let would = stage.amends(&give, true).await.unwrap();
        let of = |task: &str| Unowed { task: Some((task.into(), None)), agencies: vec!["STTTT".into()] };
        assert_eq!(would.unowed, [of("VII.12")]);
        assert_eq!(stage.amends(&give, false).await.unwrap().unowed, would.unowed);
        let both = Order {
            scope: Scope { tasks: vec![("VI.5".into(), None)], agencies: vec!["STP".into(), "VPUBND".into(), "STTTT".into()] },
            ..order("VI.5", &[], Change::Suspend)
        };
        let would = stage.amends(&both, true).await.unwrap();
        assert_eq!(would.unowed[0].agencies, ["STP".into()]);
    }

    async fn what_comes_back_by_a_later_document_is_owed_by_whoever_had_it_first(test: TestDb) {
        let stage = Stage::at(test, "2020-03-09T07:30:00").await;
        stage.round_at("2020-03-09T07:30:00").await;
        stage.set_time("2020-03-10T10:00:00");
        stage.amends(&order("VI.5", &["STTTT"], given_to(&["VPUBND"])), false).await.unwrap();
        let back = order("VI.5", &["VPUBND"], given_to(&["STTTT"]));
        let would = stage.amends(&back, true).await.unwrap();
        assert_eq!(fate_of(&would, "VI.5"), Fate::TakenOver);
        let did = stage.amends(&back, false).await.unwrap();
        assert_eq!(stage.of("VI.5", "STTTT").await.unwrap().state, State::Open);
        assert_eq!(stage.of("VI.5", "VPUBND").await.unwrap().state, State::Cancelled);
        stage.round_at("2020-03-11T07:30:00").await;
        assert_eq!(stage.audits(Look::Hourly, "2020-03-11T08:30:00").await.fresh, []);
        // Taken back it is where the first document put it, and may go on from there.
        stage.revokes(did.amendment).await.unwrap();
        assert_eq!(stage.of("VI.5", "STTTT").await.unwrap().state, State::Cancelled);
        assert_eq!(stage.of("VI.5", "VPUBND").await.unwrap().state, State::Open);
        assert_eq!(stage.audits(Look::Hourly, "2020-03-11T09:30:00").await.fresh, []);
        stage.amends(&back, false).await.unwrap();
        assert_eq!(stage.of("VI.5", "STTTT").await.unwrap().state, State::Open);
        assert_eq!(stage.audits(Look::Hourly, "2020-03-11T10:30:00").await.fresh, []);
    }
}
