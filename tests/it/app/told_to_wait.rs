//! Telegram says 429 and for how long: so long the brief waits, and it comes once.

use std::sync::Arc;

use chrono::TimeDelta;
use dondoc::channels::Sender;
use dondoc::domain::delivery::Channel;
use dondoc::store::deliveries::{self, DeliveryState, Filter};

use super::stage::Stage;
use crate::channels::telegram::sender;
use crate::support::db::on_both_databases;
use crate::support::telegram::{FakeTelegram, Fault};

/// The chat of the one who is linked.
const CHAT: i64 = 4242;

impl Stage {
    /// Telegram is this one from now on, by a sender that was told nothing yet.
    fn writes_by(&mut self, api: &FakeTelegram) {
        let senders = Arc::get_mut(&mut self.daemon.deliverer.senders).unwrap();
        senders.insert(Channel::Telegram, Sender::Telegram(sender(api)));
    }
}

on_both_databases! {
    async fn a_brief_waits_as_long_as_telegram_asks_and_comes_once(test: TestDb) {
        let mut stage = Stage::at(test, "2020-01-14T07:00:00").await;
        stage.link("2020-01-14T07:00:00", "stp.officer").await;
        let api = FakeTelegram::start(&[CHAT]).await;
        stage.writes_by(&api);
        api.fault(CHAT, Fault::TooMany { retry_after: 3 });
        stage.round_at("2020-01-14T07:30:00").await;
        assert_eq!(api.take().len(), 0);
        let mut tx = stage.daemon.deliverer.db.snapshot().await.unwrap();
        let all = deliveries::list(&mut tx, &Filter::default(), 10_000).await.unwrap();
        drop(tx);
        let to_chat = all.iter().filter(|one| one.message.channel == Channel::Telegram);
        let queued: Vec<_> = to_chat.filter(|one| one.state == DeliveryState::Queued).collect();
        assert_eq!(queued.len(), 1, "{queued:#?}");
        let now = stage.daemon.deliverer.clock.now();
        assert_eq!(queued[0].claimable_at, now + TimeDelta::seconds(3), "not the minute of the schedule");
        // A sender that has been started since is told nothing of the wait; the row is.
        stage.writes_by(&api);
        let mut come = Vec::new();
        for time in ["07:30:02", "07:30:03", "07:31:00", "07:36:00", "08:30:00"] {
            stage.round_at(&format!("2020-01-14T{time}")).await;
            come.push(api.take().len());
        }
        assert_eq!(come, [0, 1, 0, 0, 0]);
    }
}
