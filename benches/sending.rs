//! 10,000 briefs from due rungs to accepted: by a mail relay on loopback, beside what lettre's own pool reaches with ready
//! mails and no database; by a Bot API without limits; and, with `-- memory`, a million of them.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    dead_code,
    reason = "a benchmark fails loudly, prints, and uses a part of what all share"
)]

#[path = "support/bot.rs"]
mod bot;
#[path = "support/crowd.rs"]
mod crowd;
#[path = "support/measure.rs"]
mod measure;
#[path = "../tests/it/support/postgres.rs"]
#[expect(dead_code, reason = "the tests also ask for databases without tables")]
mod postgres;
#[path = "support/sink.rs"]
mod sink;

use std::num::NonZeroU16;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use chrono::{NaiveDate, TimeDelta};
use dondoc::app::caution::Caution;
use dondoc::app::deliver::{Aloft, Deliverer, Halt, Pace};
use dondoc::app::pulse::Beat;
use dondoc::channels::email::{EmailConfig, EmailSender, EmailTimeouts, Security};
use dondoc::channels::telegram::TelegramSender;
use dondoc::channels::{MemorySender, Message, Sender};
use dondoc::clock::{Clock, instant};
use dondoc::domain::delivery::{Channel, RetrySchedule};
use dondoc::store::deliveries::{self, Delivery, DeliveryId};
use lettre::address::Envelope;
use lettre::message::MultiPart;
use lettre::transport::smtp::PoolConfig;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

use bot::Bot;
use crowd::{Crowd, FEW, Size};
use sink::Sink;

/// Connections to the relay, here and there.
const CONNECTIONS: u16 = 8;
/// Messages under way at once, the most that `workers` may be.
const AT_ONCE: usize = 64;
/// How often each is measured, taking turns.
const TURNS: usize = 3;
/// How many agencies get a brief.
const COMMUNES: usize = 10_000;
/// How many things each commune owes: enough mornings for all turns.
const TASKS: usize = 10;
const OF_TASKS: Size = Size {
    communes: COMMUNES,
    tasks: TASKS,
};
/// How many deliveries memory is watched for.
const MANY: u64 = 1_000_000;
const FROM: &str = "Đôn đốc <dondoc@bench.example>";

fn main() {
    if std::env::args().any(|argument| argument == "memory") {
        watch_memory();
        return;
    }
    let mut sqlite = Crowd::on_sqlite(OF_TASKS);
    let mut server = postgres::find_programs()
        .map(|_| Crowd::on_postgres(postgres::migrated_database(), OF_TASKS));
    if server.is_none() {
        println!("no PostgreSQL server is installed: nothing is measured on it");
    }
    match Sink::start() {
        Some(sink) => by_mail(&mut sqlite, server.as_mut(), &sink),
        None => println!("smtp-sink is not installed (package postfix): mail is not measured"),
    }
    by_telegram(&mut sqlite);
    sqlite.remove();
}

/// What one turn took.
#[derive(Clone, Copy)]
struct Took {
    /// Messages in a second of the clock on the wall.
    rate: f64,
    /// Microseconds of processor time of this program for each message.
    each: f64,
}

/// Does something for that many messages.
fn took(messages: usize, work: impl FnOnce()) -> Took {
    let (since, before) = (Instant::now(), measure::processor_time("self"));
    work();
    let (wall, used) = (
        since.elapsed().as_secs_f64(),
        measure::processor_time("self") - before,
    );
    #[expect(clippy::cast_precision_loss, reason = "a count of thousands")]
    let messages = messages as f64;
    Took {
        rate: messages / wall,
        each: used / messages * 1e6,
    }
}

fn tell(what: &str, took: Took) {
    println!(
        "{what}: {:.0} messages a second, {:.0} µs of processor time each",
        took.rate, took.each
    );
}

fn by_mail(sqlite: &mut Crowd, mut server: Option<&mut Crowd>, sink: &Sink) {
    let mail = [Channel::Email];
    let mut ratios: [Vec<f64>; 3] = Default::default();
    for turn in 1..=TURNS {
        let day = sqlite.prepare(&mail);
        let sender = || Sender::Email(email_sender(sink.port));
        let on_sqlite = took(COMMUNES, || {
            send_morning(sqlite, day, Channel::Email, sender());
        });
        let ready = ready(sqlite);
        let pool = took(COMMUNES, || send_by_lettre(sqlite, &ready, sink.port));
        let own = took(COMMUNES, || send_ready(sqlite, &ready, sink.port));
        println!("turn {turn}");
        tell("  ready mails by lettre's pool", pool);
        tell("  ready messages by our sender, no database", own);
        tell("  from due rungs, SQLite", on_sqlite);
        ratios[0].push(on_sqlite.rate / pool.rate);
        ratios[2].push(on_sqlite.rate / own.rate);
        if let Some(server) = server.as_deref_mut() {
            let day = server.prepare(&mail);
            let on_server = took(COMMUNES, || {
                send_morning(server, day, Channel::Email, sender());
            });
            tell("  from due rungs, PostgreSQL", on_server);
            ratios[1].push(on_server.rate / pool.rate);
        }
    }
    let goals = [("SQLite", 0.7), ("PostgreSQL", 0.6)];
    for ((on, goal), ratios) in goals.into_iter().zip(&ratios) {
        let what = format!("10,000 briefs from due rungs to accepted, {on}");
        let times = "times lettre's pool with ready mails (median)";
        measure::at_least(&what, median(ratios), goal, times);
    }
    if let Some(ratio) = median(&ratios[2]) {
        println!(
            "the same on SQLite: {ratio:.2} times our own sender with ready messages (median)"
        );
    }
}

fn by_telegram(crowd: &mut Crowd) {
    let bot = Bot::start();
    let mut rates = Vec::new();
    for _ in 1..=TURNS {
        let day = crowd.prepare(&[Channel::Telegram]);
        let before = bot.sent();
        let sender = Sender::Telegram(TelegramSender::new(&bot.config()).unwrap());
        let took = took(COMMUNES, || {
            send_morning(crowd, day, Channel::Telegram, sender);
        });
        assert_eq!(bot.sent() - before, COMMUNES as u64);
        tell("by Telegram, from due rungs, SQLite", took);
        rates.push(took.rate);
    }
    let what = "10,000 briefs by Telegram without limits, SQLite";
    measure::at_least(what, median(&rates), 2000.0, "messages a second (median)");
}

/// The middle one.
fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied()
}

/// Plans the morning of `day` and sends all of it.
fn send_morning(crowd: &Crowd, day: NaiveDate, channel: Channel, sender: Sender) {
    assert_eq!(crowd.plan(day).briefs, COMMUNES);
    assert_eq!(deliver(crowd, day, channel, sender), COMMUNES as u64);
}

fn deliver(crowd: &Crowd, day: NaiveDate, channel: Channel, sender: Sender) -> u64 {
    let deliverer = Deliverer {
        db: crowd.db.clone(),
        setup: Arc::clone(&crowd.setup),
        senders: Arc::new([(channel, sender)].into()),
        origin: crowd.origin.clone(),
        pace: Pace {
            owner: "bench".to_owned(),
            lease: TimeDelta::minutes(10),
            retry: RetrySchedule(Vec::new()),
            at_once: AT_ONCE,
        },
        signs: Arc::default(),
        clock: Clock::manual(instant(day.and_hms_opt(8, 0, 0).unwrap())),
        beat: Beat::default(),
        aloft: Aloft::default(),
        caution: Caution::default(),
    };
    let sending = async { deliverer.deliver_due(&Halt::never()).await.unwrap() };
    crowd.runtime.block_on(sending).sent
}

fn email_sender(port: u16) -> EmailSender {
    EmailSender::new(EmailConfig {
        host: "127.0.0.1".to_owned(),
        port,
        security: Security::Plaintext,
        root_ca_pem: None,
        credentials: None,
        from: FROM.to_owned(),
        reply_to: None,
        replies: None,
        list_id: "dondoc.bench.example".to_owned(),
        pool_size: NonZeroU16::new(CONNECTIONS).unwrap(),
        timeouts: EmailTimeouts::default(),
        waits: RetrySchedule(Vec::new()),
    })
    .unwrap()
}

/// The 10,000 newest messages of the outbox.
fn ready(crowd: &Crowd) -> Vec<Delivery> {
    let reading = async {
        let mut tx = crowd.db.snapshot().await.unwrap();
        let filter = deliveries::Filter::default();
        let newest = deliveries::list(&mut tx, &filter, 1).await.unwrap();
        let last = newest[0].id.0;
        let count = u32::try_from(COMMUNES).unwrap();
        let after = DeliveryId(last - i64::from(count));
        deliveries::list_after(&mut tx, after, count).await.unwrap()
    };
    crowd.runtime.block_on(reading)
}

/// Hands the mails of these messages, made beforehand, to lettre's own pool.
fn send_by_lettre(crowd: &Crowd, ready: &[Delivery], port: u16) {
    let mails: Vec<(Envelope, Vec<u8>)> = ready
        .iter()
        .map(|Delivery { message, .. }| {
            let html = message.body_html.clone().unwrap_or_default();
            let mail = lettre::Message::builder()
                .from(FROM.parse().unwrap())
                .to(message.address.parse().unwrap())
                .subject(message.subject.clone())
                .message_id(Some(message.message_id.clone()))
                .multipart(MultiPart::alternative_plain_html(
                    message.body.clone(),
                    html,
                ))
                .unwrap();
            (mail.envelope().clone(), mail.formatted())
        })
        .collect();
    let (mails, next) = (Arc::new(mails), Arc::new(AtomicUsize::new(0)));
    // The pool begins a task of its own.
    let _entered = crowd.runtime.enter();
    let pool = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous("127.0.0.1")
        .port(port)
        .pool_config(PoolConfig::new().max_size(u32::from(CONNECTIONS)))
        .build();
    crowd.runtime.block_on(async {
        let workers = (0..CONNECTIONS).map(|_| {
            let (pool, mails, next) = (pool.clone(), Arc::clone(&mails), Arc::clone(&next));
            tokio::spawn(async move {
                while let Some((envelope, mail)) = mails.get(next.fetch_add(1, Ordering::Relaxed)) {
                    pool.send_raw(envelope, mail).await.unwrap();
                }
            })
        });
        for worker in workers.collect::<Vec<_>>() {
            worker.await.unwrap();
        }
    });
}

/// Hands these messages to our own sender.
fn send_ready(crowd: &Crowd, ready: &[Delivery], port: u16) {
    let messages: Vec<Message> = ready
        .iter()
        .map(|Delivery { id, message, .. }| Message {
            delivery_id: id.0,
            to: message.address.clone(),
            subject: Some(message.subject.clone()),
            text: message.body.clone(),
            html: message.body_html.clone(),
            message_id: message.message_id.clone(),
            thread: message.thread_key.clone(),
            choices: Vec::new(),
            attachments: Vec::new(),
            resent: false,
        })
        .collect();
    let (messages, next) = (Arc::new(messages), Arc::new(AtomicUsize::new(0)));
    let sender = email_sender(port);
    crowd.runtime.block_on(async {
        let workers = (0..CONNECTIONS).map(|_| {
            let (sender, messages, next) =
                (sender.clone(), Arc::clone(&messages), Arc::clone(&next));
            tokio::spawn(async move {
                while let Some(message) = messages.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let outcome = sender.send(message).await;
                    assert!(
                        matches!(outcome, dondoc::domain::delivery::Outcome::Sent { .. }),
                        "{outcome:?}"
                    );
                }
            })
        });
        for worker in workers.collect::<Vec<_>>() {
            worker.await.unwrap();
        }
    });
}

/// A million deliveries, morning by morning, in one process: how much memory it holds along the way. Each morning is like the
/// one before: a brief of one item for each agency.
fn watch_memory() {
    let mut crowd = Crowd::on_sqlite(FEW);
    let held = || measure::megabytes("self", "VmRSS:").unwrap();
    let (mut total, mut told, mut first) = (0, 0, None);
    while total < MANY {
        let day = crowd.prepare(&[Channel::Telegram]);
        crowd.plan(day);
        crowd.forget_told();
        let memory = MemorySender::new(Channel::Telegram);
        let sender = Sender::Memory(memory.clone());
        total += deliver(&crowd, day, Channel::Telegram, sender);
        drop(memory.take());
        if total >= told + MANY / 20 {
            told = total;
            println!("{total:>9} deliveries, {day}: {:.0} MB", held());
            first.get_or_insert_with(held);
        }
    }
    let growth = first.map(|first| held() - first);
    measure::goal("growth over a million deliveries", growth, 20.0, "MB");
    crowd.remove();
}
