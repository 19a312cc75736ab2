//! A fake of each provider under one sky, and what people got by them.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dondoc::app::zalo_tokens::StoredTokens;
use dondoc::channels::email::{EmailSender, EmailTimeouts};
use dondoc::channels::telegram::{TelegramSender, TelegramTimeouts};
use dondoc::channels::zalo_bot::{ZaloBot, ZaloBotSender};
use dondoc::channels::zalo_oa::{ZaloOaConfig, ZaloOaSender, ZaloOaTimeouts};
use dondoc::channels::{RESENT_MARK, Sender};
use dondoc::clock::Clock;
use dondoc::domain::delivery::{Channel, RetrySchedule};
use dondoc::store::{Db, tokens};
use secrecy::{ExposeSecret, SecretString};

use super::sky::{Mood, Sky, Strike};
use super::town::address_of;
use crate::channels;
use crate::support::imap::FakeImap;
use crate::support::smtp::FakeSmtp;
use crate::support::telegram::FakeTelegram;
use crate::support::zalo_bot::{FakeZaloBot, Mode};
use crate::support::zalo_oa::{APP_ID, APP_SECRET, FIRST_REFRESH, FakeZaloOa, OA_ID};

/// The four of them.
pub(crate) struct Providers {
    pub(crate) telegram: FakeTelegram,
    pub(crate) zalo: FakeZaloBot,
    pub(crate) zalo_oa: FakeZaloOa,
    /// The refresh token that the latest consent gave.
    consent: Mutex<String>,
    pub(crate) relay: FakeSmtp,
    pub(crate) mailbox: FakeImap,
    pub(crate) sky: Arc<Sky>,
}

/// A message that a person got: the truth of the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Arrival {
    pub(crate) channel: Channel,
    pub(crate) to: String,
    /// Of a chat, without the mark; of a mail nothing.
    pub(crate) text: String,
    /// Whether it says that it may have come before.
    pub(crate) is_marked: bool,
    /// The provider's id; the Message-ID of a mail.
    pub(crate) id: String,
}

impl Providers {
    /// They know the people of these numbers.
    pub(crate) async fn start(people: RangeInclusive<usize>, seed: u64, clock: Clock) -> Self {
        let addresses = |channel| {
            let people = people.clone();
            people
                .map(move |number| address_of(number, channel))
                .collect::<Vec<_>>()
        };
        let chats: Vec<i64> = addresses(Channel::Telegram)
            .iter()
            .map(|chat| chat.parse().unwrap())
            .collect();
        let zalo_chats = addresses(Channel::ZaloBot);
        let zalo_chats: Vec<&str> = zalo_chats.iter().map(String::as_str).collect();
        let followers = addresses(Channel::ZaloOa);
        let followers: Vec<&str> = followers.iter().map(String::as_str).collect();
        let providers = Self {
            telegram: FakeTelegram::start(&chats).await,
            zalo: FakeZaloBot::start(Mode::Loss, &zalo_chats).await,
            zalo_oa: FakeZaloOa::start(clock, &followers).await,
            consent: Mutex::new(FIRST_REFRESH.to_owned()),
            relay: FakeSmtp::start().await,
            mailbox: FakeImap::start().await,
            sky: Arc::new(Sky::new(seed)),
        };
        let sky = Arc::clone(&providers.sky);
        providers.telegram.weather(move |_| sky.over_telegram());
        let sky = Arc::clone(&providers.sky);
        providers.zalo.weather(move || sky.over_zalo());
        let sky = Arc::clone(&providers.sky);
        providers
            .zalo_oa
            .weather(move |call| sky.over_zalo_oa(call));
        let sky = Arc::clone(&providers.sky);
        providers.relay.weather(move |verb| sky.over_mail(verb));
        providers
    }

    /// Changes what a channel is like.
    pub(crate) fn turn(&self, channel: Channel, mood: Mood) {
        self.sky.turn(channel, mood);
        let door = match channel {
            Channel::Telegram => &self.telegram.door,
            Channel::ZaloBot => &self.zalo.door,
            Channel::ZaloOa => &self.zalo_oa.door,
            _ => &self.relay.door,
        };
        if matches!(mood, Mood::Always(Strike::Refused, _)) {
            self.sky.note(channel, Strike::Refused);
            door.shut();
        } else {
            door.open();
        }
    }

    /// The refresh token of the configuration. An administrator who was told that the pair is lost consents anew.
    pub(crate) async fn consent(&self, db: &Db) -> String {
        let mut tx = db.snapshot().await.unwrap();
        let kept = tokens::find(&mut tx, &format!("zalo_oa:{OA_ID}"))
            .await
            .unwrap();
        let is_lost = kept.is_some_and(|kept| !self.zalo_oa.takes(kept.refresh.expose_secret()));
        let mut consent = self.consent.lock().unwrap();
        if is_lost {
            *consent = self.zalo_oa.consent();
        }
        consent.clone()
    }

    fn zalo_oa_sender(&self, patience: Duration, db: &Db) -> ZaloOaSender {
        let url: url::Url = format!("http://{}", self.zalo_oa.address).parse().unwrap();
        let config = ZaloOaConfig {
            api_url: url.clone(),
            oauth_url: url,
            app_id: APP_ID.into(),
            app_secret: SecretString::from(APP_SECRET.to_owned()),
            timeouts: ZaloOaTimeouts {
                connect: patience,
                total: patience,
            },
        };
        let seed = SecretString::from(self.consent.lock().unwrap().clone());
        let clock = self.zalo_oa.clock.clone();
        let keeper = StoredTokens::new(db.clone(), clock, OA_ID, Some(seed));
        ZaloOaSender::new(&config, Arc::new(keeper)).unwrap()
    }

    /// Senders to these providers that wait so long for an answer.
    pub(crate) fn senders(&self, patience: Duration, db: &Db) -> HashMap<Channel, Sender> {
        let mut telegram = channels::telegram::config(&self.telegram);
        telegram.timeouts = TelegramTimeouts {
            connect: patience,
            total: patience,
        };
        let mut zalo = channels::zalo_bot::config(&self.zalo);
        (zalo.timeouts.connect, zalo.timeouts.total) = (patience, patience);
        let mut mail = channels::email::config(&self.relay);
        mail.timeouts = EmailTimeouts {
            connect: patience,
            command: patience,
            accept: patience,
            ..mail.timeouts
        };
        mail.waits = RetrySchedule(vec![Duration::from_millis(1)]);
        HashMap::from([
            (
                Channel::Telegram,
                Sender::Telegram(TelegramSender::new(&telegram).unwrap()),
            ),
            (
                Channel::ZaloBot,
                Sender::ZaloBot(ZaloBotSender::new(ZaloBot::new(&zalo).unwrap())),
            ),
            (
                Channel::ZaloOa,
                Sender::ZaloOa(self.zalo_oa_sender(patience, db)),
            ),
            (
                Channel::Email,
                Sender::Email(EmailSender::new(mail).unwrap()),
            ),
        ])
    }

    /// Everything that people got, in the order in which each provider took it.
    pub(crate) fn copies(&self) -> Vec<Arrival> {
        let chat = |channel, to, text: String, id| {
            let bare = text.strip_prefix(RESENT_MARK).map(str::to_owned);
            Arrival {
                channel,
                to,
                is_marked: bare.is_some(),
                text: bare.unwrap_or(text),
                id,
            }
        };
        let by_telegram = self.telegram.take().into_iter().map(|one| {
            let (to, id) = (one.chat.to_string(), one.message_id.to_string());
            chat(Channel::Telegram, to, one.text, id)
        });
        let by_zalo = self.zalo.take().into_iter();
        let by_zalo = by_zalo.map(|one| chat(Channel::ZaloBot, one.chat, one.text, one.message_id));
        let by_account = self.zalo_oa.take().into_iter();
        let by_account =
            by_account.map(|one| chat(Channel::ZaloOa, one.to, one.text, one.message_id));
        let by_mail = self.relay.take().into_iter().map(|mut one| {
            let raw = String::from_utf8(one.raw).unwrap();
            let id = raw
                .lines()
                .find_map(|line| line.strip_prefix("Message-ID: "));
            Arrival {
                channel: Channel::Email,
                to: one.to.remove(0),
                text: String::new(),
                is_marked: false,
                id: id.unwrap().to_owned(),
            }
        });
        by_telegram
            .chain(by_zalo)
            .chain(by_account)
            .chain(by_mail)
            .collect()
    }
}
