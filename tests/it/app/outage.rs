//! What people wrote while no daemon ran: it counts from when they wrote it, and the ledger keeps when it was recorded.

use chrono::NaiveDateTime;
use dondoc::app::explain::{Which, explain, happened_at};
use dondoc::app::ranking::count;
use dondoc::channels::Message;
use dondoc::clock::{instant, local};
use dondoc::domain::delivery::Channel;
use dondoc::domain::inbound::Inbound;
use dondoc::domain::period::Period;
use dondoc::messages::RankingContext;
use dondoc::store::events::Event;

use super::conversation::{inbound, words};
use super::stage::{Stage, day};
use super::{export, golden};
use crate::support::db::on_both_databases;

const PHONE: &str = "4242";

/// Words that were written at this time.
fn written(at: &str, text: &str) -> Inbound {
    Inbound {
        sent_at: Some(instant(at.parse::<NaiveDateTime>().unwrap())),
        ..inbound(Channel::Telegram, PHONE, words(text))
    }
}

/// A province whose officer of STP wrote on the last day of March, and whose daemon ran again on 6 April.
async fn after_an_outage(test: crate::support::db::TestDb) -> (Stage, Vec<Message>) {
    let stage = Stage::at(test, "2020-03-16T09:00:00").await;
    stage.link("2020-03-16T09:00:00", "stp.officer").await;
    let waited = written("2020-03-31T16:00:00", "II.2/1 xong rồi ạ");
    let answers = stage.takes("2020-04-06T07:30:00", waited).await;
    (stage, answers)
}

impl Stage {
    async fn events(&self, task: &str) -> Vec<Event> {
        let deliverer = &self.daemon.deliverer;
        let which = Which::Owed {
            plan: "quang-nam-2020".into(),
            task: task.into(),
            milestone: Some(1),
            agency: "STP".into(),
        };
        let found = explain(&deliverer.db, &deliverer.setup, &which, day("2020-04-06")).await;
        found.unwrap().unwrap().events
    }

    async fn ranked(&self, on: &str) -> RankingContext {
        let deliverer = &self.daemon.deliverer;
        let charge = &deliverer.setup.charges[0];
        let quarter = Period::of_quarter(2020, 1).unwrap();
        let counted = count(&deliverer.db, &deliverer.setup, charge, quarter, day(on)).await;
        counted.unwrap().context(&deliverer.setup, charge)
    }
}

on_both_databases! {
    async fn it_counts_from_when_it_was_written(test: TestDb) {
        let (stage, answers) = after_an_outage(test).await;
        assert!(answers[0].text.contains("hoàn thành đúng hạn, ngày 31/3/2020"), "{}", answers[0].text);
        let events = stage.events("II.2").await;
        let done = events.last().unwrap();
        assert_eq!(done.entry.kind, "done");
        assert_eq!(local(happened_at(done)).to_string(), "2020-03-31 16:00:00");
        assert_eq!(local(done.entry.at).to_string(), "2020-04-06 07:30:00", "the line keeps when it was recorded");

        // As of the end of the quarter, and of the day on which it was recorded: the same.
        for on in ["2020-03-31", "2020-04-05", "2020-04-06"] {
            let context = stage.ranked(on).await;
            let all = context.tables.iter().flat_map(|table| &table.agencies);
            let stp = all.chain(&context.too_few).find(|one| one.code == "STP").unwrap();
            let row = stp.lines.iter().find(|row| row.id.starts_with("II.2")).unwrap();
            assert_eq!((row.done_on, row.said_on), (Some(day("2020-03-31")), Some(day("2020-03-31"))), "{on}");
        }
        let digest = stage.previews("2020-04-06").await;
        let late = digest.newly_late.iter().find(|task| task.id.starts_with("II.2")).unwrap();
        let name = stage.daemon.deliverer.setup.charges[0].agency_name(&"STP".into());
        assert!(late.agencies.iter().all(|one| one.name != name), "{late:#?}");
    }

    async fn its_sheets_say_when_it_was_written(test: TestDb) {
        let (stage, _) = after_an_outage(test).await;
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("stp");
        export::run(&stage, &export::of("STP"), &out).await.unwrap();
        let ledger = export::lines(&out, "ledger.jsonl");
        let done = ledger.iter().find(|line| line["kind"] == "done").unwrap();
        assert_eq!(done["at"], "2020-04-06T07:30:00+07:00");
        assert_eq!(done["payload"]["written_at"], "2020-03-31T09:00:00Z");
        let sheets = golden::sheets_of(&std::fs::read(out.join("export.xlsx")).unwrap());
        let rows = sheets.iter().flat_map(|(_, rows)| rows);
        let shown: Vec<_> = rows.filter(|row| row.iter().any(|cell| cell == "II.2/1 xong rồi ạ")).collect();
        assert_eq!(shown.len(), 2, "the ledger and the replies: {sheets:#?}");
        assert!(shown.iter().all(|row| row.contains(&"16:00 31/03/2020".to_owned())), "{shown:#?}");
    }
}
