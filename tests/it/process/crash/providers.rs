//! A fake of each provider, and people who write by them.

use std::collections::{HashMap, VecDeque};
use std::net::{SocketAddr, TcpListener};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use dondoc::clock::Clock;
use dondoc::domain::delivery::Channel;

use super::people::{Person, Reply};
use super::town::VOUCHES;
use super::webhook::Pusher;
use crate::support::imap::FakeImap;
use crate::support::smtp::FakeSmtp;
use crate::support::telegram::{FakeTelegram, START};
use crate::support::zalo_bot::{FakeZaloBot, Mode, text_update};
use crate::support::zalo_oa::FakeZaloOa;

/// The four of them.
pub(super) struct Providers {
    pub(super) telegram: FakeTelegram,
    pub(super) bot: FakeZaloBot,
    pub(super) oa: FakeZaloOa,
    pub(super) relay: FakeSmtp,
    pub(super) mailbox: FakeImap,
    pub(super) pusher: Pusher,
    held_back: Mutex<HeldBack>,
    /// The reply of each update of Telegram.
    updates: Mutex<HashMap<i64, usize>>,
}

/// What the platform of the Zalo bot does not show yet, as chat, id and text.
#[derive(Default)]
struct HeldBack {
    waiting: VecDeque<(String, String, String)>,
    shown: usize,
}

/// A message that a provider took from the daemon.
#[derive(Clone, Debug)]
pub(super) struct Taken {
    pub(super) channel: Channel,
    pub(super) to: String,
    /// Of a chat.
    pub(super) text: String,
    /// The provider's id of it; the Message-ID of a mail.
    pub(super) id: String,
}

impl Providers {
    /// Starts them; what is pushed goes to `daemon`.
    pub(super) async fn start(people: &[Person], daemon: SocketAddr) -> Self {
        let of = |channel| {
            let all = people.iter().filter(move |one| one.channel() == channel);
            all.map(|one| one.address()).collect::<Vec<_>>()
        };
        let chats = of(Channel::Telegram);
        let chats: Vec<i64> = chats.iter().map(|chat| chat.parse().unwrap()).collect();
        let (bot, oa) = (of(Channel::ZaloBot), of(Channel::ZaloOa));
        let telegram = FakeTelegram::start(&chats).await;
        let since = Clock::System.now().timestamp() - START;
        telegram.pass(Duration::from_secs(since.unsigned_abs()));
        Self {
            telegram,
            bot: FakeZaloBot::start(Mode::Replay, &names(&bot)).await,
            oa: FakeZaloOa::start(Clock::System, &names(&oa)).await,
            relay: FakeSmtp::start().await,
            mailbox: FakeImap::start().await,
            pusher: Pusher::start(daemon),
            held_back: Mutex::default(),
            updates: Mutex::default(),
        }
    }

    /// Somebody writes, whether or not the daemon runs.
    pub(super) fn says(&self, reply: &Reply) {
        let (address, text) = (reply.from.address(), &reply.text);
        match reply.from.channel() {
            Channel::Telegram => {
                let update = self.telegram.says(address.parse().unwrap(), text);
                self.updates.lock().unwrap().insert(update, reply.number);
            }
            Channel::ZaloOa => self.pusher.says(&address, &name_of(reply.number), text),
            Channel::ZaloBot => {
                let message = (address, name_of(reply.number), text.clone());
                self.held_back.lock().unwrap().waiting.push_back(message);
            }
            Channel::Email => drop(self.mailbox.deliver(mail(reply), Clock::System.now())),
            Channel::Console => unreachable!("nobody writes there"),
        }
    }

    /// The platform of the Zalo bot shows the last message again and again, and no other before `stored` of them are in
    /// the inbox: one that it stopped showing while nobody had stored it would be lost, whatever we do.
    pub(super) fn show_next(&self, stored: usize) {
        let mut held_back = self.held_back.lock().unwrap();
        if stored == held_back.shown
            && let Some((chat, id, text)) = held_back.waiting.pop_front()
        {
            let mut update = text_update(&chat, &id, &text);
            update["message"]["date"] = Clock::System.now().timestamp_millis().into();
            self.bot.comes(update);
            held_back.shown += 1;
        }
    }

    /// How many messages the platform of the Zalo bot has not shown.
    pub(super) fn held_back(&self) -> usize {
        self.held_back.lock().unwrap().waiting.len()
    }

    /// The number of the reply that came in under this name.
    pub(super) fn number_of(&self, channel: Channel, external_id: &str) -> Option<usize> {
        match channel {
            Channel::Telegram => {
                let update = external_id.split(':').nth(1)?.parse().ok()?;
                self.updates.lock().unwrap().get(&update).copied()
            }
            Channel::Email => {
                let id = external_id.strip_prefix("<r")?;
                id.split('@').next()?.parse().ok()
            }
            _ => usize::from_str_radix(external_id.strip_prefix('c')?, 16).ok(),
        }
    }

    /// Everything that they took from the daemon, in the order in which each took it.
    pub(super) fn take(&self) -> Vec<Taken> {
        let taken = |channel, to, text, id| Taken {
            channel,
            to,
            text,
            id,
        };
        let mut all = Vec::new();
        for one in self.telegram.take() {
            let (to, id) = (one.chat.to_string(), one.message_id.to_string());
            all.push(taken(Channel::Telegram, to, one.text, id));
        }
        for one in self.bot.take() {
            all.push(taken(Channel::ZaloBot, one.chat, one.text, one.message_id));
        }
        for one in self.oa.take() {
            all.push(taken(Channel::ZaloOa, one.to, one.text, one.message_id));
        }
        for mut one in self.relay.take() {
            assert_eq!(one.to.len(), 1);
            let raw = String::from_utf8(one.raw).unwrap();
            let id = raw
                .lines()
                .find_map(|line| line.strip_prefix("Message-ID: "));
            let id = id.unwrap().to_owned();
            all.push(taken(Channel::Email, one.to.remove(0), String::new(), id));
        }
        all
    }
}

fn names(addresses: &[String]) -> Vec<&str> {
    addresses.iter().map(String::as_str).collect()
}

/// An id as Zalo gives it.
fn name_of(reply: usize) -> String {
    format!("c{reply:019x}")
}

/// A mail for whose author the province's mail server vouches.
fn mail(reply: &Reply) -> String {
    let (number, text, address) = (reply.number, &reply.text, reply.from.address());
    let domain = address.split('@').nth(1).unwrap();
    let date = Clock::System.now().to_rfc2822();
    format!(
        "Return-Path: <{address}>\r\nAuthentication-Results: {VOUCHES}; dmarc=pass header.from={domain}\r\n\
         Message-ID: <r{number}@{domain}>\r\nFrom: <{address}>\r\nTo: <dondoc@province.example>\r\n\
         Date: {date}\r\nSubject: Re: nhac viec\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n"
    )
}

/// An address that nothing else of this machine takes while the daemon is down: below the ports that are given out.
pub(super) fn free_address() -> SocketAddr {
    // Two campaigns of one process that look at once would find the same address free.
    static STEP: AtomicU32 = AtomicU32::new(0);
    let first = std::process::id() % 12_000;
    (0..100)
        .map(|_| STEP.fetch_add(1, Ordering::Relaxed))
        .map(|step| 20_000 + (first + step * 7) % 12_000)
        .map(|port| SocketAddr::from(([127, 0, 0, 1], u16::try_from(port).unwrap())))
        .find(|address| TcpListener::bind(address).is_ok())
        .unwrap()
}
