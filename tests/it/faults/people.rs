//! People who write to the bot and to the mailbox while all goes wrong, and what the daemon fetches of it.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use dondoc::app::abreast::Fetching;
use dondoc::app::daemon::{Daemon, Wish};
use dondoc::app::node::Node;
use dondoc::app::pulse::Beat;
use dondoc::app::receive::read;
use dondoc::channels::{Now, Receiver};
use dondoc::domain::delivery::Channel;
use dondoc::store::{Db, cursors};
use tokio::sync::watch;

use super::providers::Providers;
use super::record::Heard;
use super::town::{Officer, address_of};
use crate::channels::{mailbox, telegram_poll};
use crate::support::db::rows;

/// The name by which the province's mail server vouches for authors.
const VOUCHES: &str = "mx.noivu.example";
/// How often is looked whether everything has been fetched.
const LOOK: Duration = Duration::from_millis(20);

/// Something that somebody wrote, and a provider has taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    channel: Channel,
    /// What its place in the inbox is called.
    name: String,
}

impl Word {
    /// Whether that is what came in here.
    pub(crate) fn is(&self, row: &Heard) -> bool {
        row.channel == self.channel.as_str()
            && match self.channel {
                Channel::Telegram => row.external_id.split(':').nth(1) == Some(&self.name),
                _ => row.external_id.split(' ').next() == Some(&self.name),
            }
    }
}

/// By which channel this officer writes, if by any of these.
pub(super) fn writes_by(officer: &Officer) -> Option<Channel> {
    let heard = |channel: &&Channel| matches!(channel, Channel::Telegram | Channel::Email);
    officer.channels.iter().find(heard).copied()
}

impl Providers {
    /// From now on the weather strikes also who asks the bot for what people have written.
    pub(super) fn cloud_polls(&self) {
        let sky = Arc::clone(&self.sky);
        self.telegram.poll_weather(move || sky.over_polls());
    }

    /// An officer reports on the task that nobody is told of yet, in words that nobody has used before.
    pub(super) fn says(&self, officer: &Officer, said: usize, at: DateTime<Utc>) -> Option<Word> {
        let (channel, number) = (writes_by(officer)?, officer.number);
        let text = format!("II.{number} đang làm, được {}%", said + 1);
        let name = if channel == Channel::Telegram {
            let chat = address_of(number, channel).parse().unwrap();
            let update = self.telegram.says_at(chat, &text, at.timestamp());
            update.to_string()
        } else {
            let (address, name) = (
                address_of(number, channel),
                format!("<r{said}@province.example>"),
            );
            let mail = format!(
                "Return-Path: <{address}>\r\n\
                 Authentication-Results: {VOUCHES}; dmarc=pass header.from=province.example\r\n\
                 Message-ID: {name}\r\nFrom: <{address}>\r\nTo: <bot@noivu.example>\r\nDate: {}\r\n\
                 Subject: Re: nhac viec\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\
                 Content-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n",
                at.to_rfc2822()
            );
            self.mailbox.deliver(mail, at);
            name
        };
        Some(Word { channel, name })
    }

    fn receiver(&self, channel: Channel, daemon: &Daemon) -> Receiver {
        if channel == Channel::Telegram {
            return telegram_poll::receiver(&self.telegram);
        }
        let clock = daemon.deliverer.clock.clone();
        mailbox::receiver(mailbox::config_at(
            &self.mailbox,
            Now::new(move || clock.now()),
        ))
    }

    /// `daemon` has looked into the mailbox before: from then on no mail is too old, however late it is fetched.
    pub(super) async fn settle_in(&self, daemon: &Daemon) {
        let mut receiver = self.receiver(Channel::Email, daemon);
        let batch = receiver.fetch(None).await.unwrap();
        let mut tx = daemon.deliverer.db.begin().await.unwrap();
        let cursor = batch.cursor.unwrap();
        cursors::set(&mut tx, &receiver.name(), &cursor)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    /// Has `daemon` fetch what was said, as it does beside its rounds, and cuts it off in the middle of it after so long.
    pub(super) async fn fetch(&self, said: &[Word], daemon: &Daemon, db: &Db, patience: Duration) {
        for channel in [Channel::Telegram, Channel::Email] {
            let said = said.iter().filter(|word| word.channel == channel).count();
            if fetched(db, channel).await >= said {
                continue;
            }
            let over = async {
                while fetched(db, channel).await < said {
                    tokio::time::sleep(LOOK).await;
                }
            };
            let over = async { drop(tokio::time::timeout(patience, over).await) };
            Box::pin(self.read_until(channel, daemon, over)).await;
        }
    }

    async fn read_until(&self, channel: Channel, daemon: &Daemon, over: impl Future<Output = ()>) {
        let (_running, wishes) = watch::channel(Wish::Run);
        let deliverer = &daemon.deliverer;
        let (own, clock) = (deliverer.db.clone(), deliverer.clock.clone());
        let node = Node::new(own, clock, deliverer.pace.owner.clone());
        let reading = read(
            daemon.intake(),
            self.receiver(channel, daemon),
            node,
            wishes,
            Beat::default(),
            Fetching::default(),
        );
        tokio::select! {
            () = reading => {}
            () = over => {}
        }
    }
}

/// How much that came by this channel is in the inbox.
async fn fetched(db: &Db, channel: Channel) -> usize {
    let counted: Vec<(i64,)> = match channel {
        Channel::Telegram => {
            rows(db, "SELECT count(*) FROM inbox WHERE channel = 'telegram'").await
        }
        _ => rows(db, "SELECT count(*) FROM inbox WHERE channel = 'email'").await,
    };
    usize::try_from(counted[0].0).unwrap()
}
