//! Three daemons on one PostgreSQL.

use std::time::{Duration, Instant};

use dondoc::clock::Clock;
use dondoc::domain::delivery::Channel;
use dondoc::store::Db;
use dondoc::store::deliveries::{self, DeliveryKind, DeliveryState, Message, NewDelivery};

use super::line::Line;
use crate::process::daemon::{Running, deliveries_of};
use crate::process::province::Province;
use crate::support::db::{self, TestDb};
use crate::support::telegram::{FakeTelegram, TOKEN};

/// Within this time another node has taken over.
const TAKE_OVER: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(10);

/// The nodes; the first was started first, and has every duty.
pub(super) struct Nodes {
    pub(super) test: TestDb,
    pub(super) province: Province,
    /// The way of the first node to the database.
    pub(super) line: Line,
    pub(super) all: Vec<Running>,
}

impl Nodes {
    /// A province of so many officers; what there is to be sent waits until the first node is up.
    pub(super) async fn prepare(officers: usize, channel: &str) -> Self {
        let test = db::postgres().await;
        let line = Line::to(&test.url).await;
        let province = Province::new(officers, &test.url, channel).await;
        let config = std::fs::read_to_string(province.path("dondoc.toml")).unwrap();
        province.write("first.toml", &config.replace(&test.url, &line.url()));
        Self {
            test,
            province,
            line,
            all: Vec::new(),
        }
    }

    /// Starts one node, which takes every duty, and then two more.
    pub(super) async fn start(&mut self) {
        let first = Running::start_with(&self.province, &["--config", "first.toml"]);
        first.logged("duty=day").await;
        self.all.push(first);
        for _ in 0..2 {
            let next = Running::start(&self.province);
            next.logged("started").await;
            self.all.push(next);
        }
    }

    /// Waits until everything is sent, and tells how long after `since` that was.
    pub(super) async fn all_sent(&self, since: Instant) -> Duration {
        loop {
            let found = deliveries_of(&self.test.db).await;
            let is_sent = |state: DeliveryState| state == DeliveryState::Sent;
            if !found.is_empty() && found.iter().all(|one| is_sent(one.state)) {
                return since.elapsed();
            }
            let logs: Vec<String> = self.all.iter().map(Running::log).collect();
            assert!(
                since.elapsed() < TAKE_OVER,
                "not sent in time: {found:?}\n{}",
                logs.join("\n--- the next node\n")
            );
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Waits until the nodes but the first have these duties among them.
    pub(super) async fn taken_over(&self, duties: &[&str], since: Instant) {
        loop {
            let logs: Vec<String> = self.all[1..].iter().map(Running::log).collect();
            let logs = logs.concat();
            if duties
                .iter()
                .all(|duty| logs.contains(&format!("duty={duty}")))
            {
                return;
            }
            assert!(since.elapsed() < TAKE_OVER, "not taken over: {logs}");
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Ends those that live, and none of them complains of anything but what `expected` says.
    pub(super) async fn stop(mut self, expected: &[&str]) {
        for node in &mut self.all {
            if node.is_alive() {
                node.signal("TERM");
                assert_eq!(node.ended().await.code(), Some(0), "{}", node.log());
            }
            let log = node.log();
            let complaints = log.lines().filter(|line| line.contains("ERROR"));
            let odd: Vec<&str> = complaints
                .filter(|line| !expected.iter().any(|words| line.contains(words)))
                .collect();
            assert!(odd.is_empty(), "{odd:#?}\n{log}");
        }
    }
}

/// `[telegram]` by this fake, and people who are reached by it: the officer of each agency in the chat of its number.
pub(in crate::process) fn chat_by(bots: &FakeTelegram) -> String {
    format!(
        "[telegram]\ntoken_file = \"token\"\napi_url = \"http://{}\"\n",
        bots.address
    )
}

/// Writes what [`chat_by`] needs.
pub(in crate::process) fn write_chats(province: &Province) {
    province.write("token", TOKEN);
    province.write_people("telegram", "");
}

/// Queues a message to each of these chats, of a sort that leaves at any hour.
pub(super) async fn queue(db: &Db, chats: &[i64]) {
    let now = Clock::System.now();
    let message = |(number, chat): (usize, &i64)| NewDelivery {
        message: Message {
            contact: None,
            kind: DeliveryKind::Notice,
            brief_day: None,
            channel: Channel::Telegram,
            address: chat.to_string(),
            subject: String::new(),
            body: format!("số {number}"),
            body_html: None,
            message_id: format!("<{number}@province.example>"),
            thread_key: None,
            choices: Vec::new(),
        },
        not_before: now,
    };
    let messages: Vec<NewDelivery> = chats.iter().enumerate().map(message).collect();
    let mut tx = db.begin().await.unwrap();
    deliveries::insert(&mut tx, &messages, now).await.unwrap();
    tx.commit().await.unwrap();
}
