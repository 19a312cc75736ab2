//! The same replies in the same order, dealt with by a process that nobody kills, on a database of its own.

use std::collections::HashMap;
use std::sync::Arc;

use dondoc::app::caution::Caution;
use dondoc::app::daemon::Daemon;
use dondoc::app::deliver::{Aloft, Deliverer};
use dondoc::app::open;
use dondoc::app::pulse::Beat;
use dondoc::app::reply::Desk;
use dondoc::clock::Clock;
use dondoc::store::Db;

use super::record::{Record, Row};
use crate::process::province::Province;

/// What an undisturbed daemon makes of these rows of the inbox.
pub(super) async fn undisturbed(province: &Province, inbox: &[Row]) -> Record {
    let loaded = open::load(Some(&province.path("dondoc.toml"))).unwrap();
    let db = Db::open("sqlite:").await.unwrap();
    db.migrate().await.unwrap();
    let clock = Clock::manual(Clock::System.now());
    let daemon = Daemon::new(Deliverer {
        db: db.clone(),
        setup: loaded.setup.clone(),
        senders: HashMap::new().into(),
        origin: loaded.origin(),
        pace: loaded.pace("undisturbed".to_owned()),
        clock: clock.clone(),
        signs: Arc::default(),
        beat: Beat::default(),
        aloft: Aloft::default(),
        caution: Caution::default(),
    });
    daemon.import(&loaded.contacts).await.unwrap();
    for row in inbox {
        clock.set(row.received_at);
        daemon.intake().store(&[row.inbound()]).await.unwrap();
        clock.set(row.settled_at.unwrap_or(row.received_at));
        Desk::of(&daemon.deliverer).work_off().await.unwrap();
    }
    Record::of(&db).await
}
