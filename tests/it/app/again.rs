//! What is looked at again: a reopened obligation, and every one under a new calendar.

use std::sync::Arc;

use dondoc::app::record::{Record, Recorded, record};
use dondoc::channels::Message;
use dondoc::domain::calendar::DayKind;

use super::schedules::{changed, setup_under, shipped};
use super::stage::{Stage, day, loaded, to};
use crate::support::db::sqlite;

/// Whether the officer of Sở Tư pháp is told of II.2/1. It is due on 31/3; a rung falls seven working days before, on
/// 20/3, and the next on 26/3.
fn told(mails: &[Message]) -> bool {
    let own = to(mails, "cchc.stp@quangnam.example");
    let mut lines = own.iter().flat_map(|mail| mail.text.lines());
    lines.any(|line| line.trim_start_matches("- ").starts_with("II.2/1 "))
}

async fn reopen(stage: &Stage) {
    let deliverer = &stage.daemon.deliverer;
    let wanted = Record {
        task: "II.2".into(),
        milestone: Some(1),
        agency: "STP".into(),
        what: Recorded::Open,
        document: None,
        note: None,
        by: None,
    };
    let (charge, clock) = (&deliverer.setup.charges[0], &deliverer.clock);
    record(&deliverer.db, charge, &wanted, clock.today(), clock.now())
        .await
        .unwrap();
}

#[tokio::test]
async fn what_fell_while_an_obligation_counted_as_done_is_told_when_it_is_open_again() {
    let stage = Stage::at(sqlite().await, "2020-03-18T07:30:00").await;
    stage.round_at("2020-03-18T07:30:00").await;
    stage.done("II.2", 1, "STP", "2020-03-18").await;
    assert!(!told(&stage.round_at("2020-03-20T07:30:00").await));
    stage.set_time("2020-03-20T15:00:00");
    reopen(&stage).await;
    assert!(told(&stage.round_at("2020-03-23T07:30:00").await));
}

/// When 27/3 becomes a day off, the seventh working day before 31/3 is 19/3, and no deadline has moved.
#[tokio::test]
async fn a_rung_that_a_new_calendar_moves_to_an_earlier_day_is_told_on_that_day() {
    let mut stage = Stage::at(sqlite().await, "2020-03-18T07:30:00").await;
    stage.round_at("2020-03-18T07:30:00").await;
    stage.set_time("2020-03-18T17:30:00");
    let calendar = changed(&shipped(), &[(day("2020-03-27"), DayKind::Off)]);
    stage.daemon.deliverer.setup = Arc::new(setup_under(calendar));
    let imported = stage.daemon.import(&loaded().contacts).await.unwrap();
    assert_eq!(imported.moved, []);
    assert!(told(&stage.round_at("2020-03-19T07:30:00").await));
    assert!(!told(&stage.round_at("2020-03-20T07:30:00").await));
}
