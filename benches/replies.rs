//! 200 replies a second by Telegram, to the daemon on SQLite: how long from the moment when somebody writes until the receipt
//! is there. Nothing is left out: the poll, the inbox, understanding, deciding, the ledger, the outbox, the call.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    dead_code,
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    reason = "a benchmark fails loudly, prints, sleeps, and uses a part of what all share"
)]

#[path = "support/bot.rs"]
mod bot;
#[path = "support/crowd.rs"]
mod crowd;
#[path = "support/measure.rs"]
mod measure;

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use dondoc::app::caution::Caution;
use dondoc::app::daemon::{Daemon, Wish};
use dondoc::app::deliver::{Aloft, Deliverer, Pace};
use dondoc::app::pulse::Beat;
use dondoc::channels::telegram::{TelegramReceiver, TelegramSender};
use dondoc::channels::{Receiver, Sender};
use dondoc::clock::{Clock, instant};
use dondoc::domain::delivery::{Channel, RetrySchedule};
use tokio::sync::watch;

use bot::Bot;
use crowd::{Crowd, FIRST_CHAT, Size};

/// How many officers there are.
const COMMUNES: usize = 10_000;

const A_SECOND: usize = 200;
const SECONDS: usize = 15;
/// What people write, in turns.
const WORDS: [&str; 4] = [
    "X.1 đang thực hiện",
    "X.2 đang trình ký, mai nộp",
    "X.1 vướng kinh phí",
    "X.2 xin gia hạn đến 30/6 vì chưa có kinh phí",
];

fn main() {
    let crowd = Crowd::on_sqlite(Size {
        communes: COMMUNES,
        tasks: 2,
    });
    let bot = Bot::start();
    let (wishes, wished) = watch::channel(Wish::Run);
    let daemon = daemon(&crowd, &bot);
    let running = crowd.runtime.spawn(daemon.run(wished, || None));
    // Its first poll is under way.
    std::thread::park_timeout(Duration::from_secs(2));
    let before = measure::processor_time("self");
    let mut took = write_and_wait(&bot);
    let used = measure::processor_time("self") - before;
    wishes.send(Wish::Stop).unwrap();
    crowd.runtime.block_on(running).unwrap().unwrap();
    took.sort_unstable();
    let milliseconds = |of_a_hundred: usize| {
        let at = (took.len() * of_a_hundred / 100).min(took.len() - 1);
        took[at].as_secs_f64() * 1000.0
    };
    println!(
        "{} replies, {A_SECOND} a second: half within {:.1} ms, 90 of 100 within {:.1} ms, the slowest {:.1} ms; {:.0} % of a processor, \
         the Bot API included",
        took.len(),
        milliseconds(50),
        milliseconds(90),
        milliseconds(100),
        used * 100.0 / SECONDS as f64,
    );
    let what = "a reply to its receipt, 99 of 100, SQLite";
    measure::goal(what, Some(milliseconds(99)), 50.0, "ms");
    crowd.remove();
}

fn daemon(crowd: &Crowd, bot: &Bot) -> Daemon {
    let config = bot.config();
    let sender = Sender::Telegram(TelegramSender::new(&config).unwrap());
    let mut origin = crowd.origin.clone();
    origin.channels = [Channel::Telegram].into();
    // In the evening: nothing is planned meanwhile.
    let evening = crowd.quiet.and_hms_opt(20, 0, 0).unwrap();
    let mut daemon = Daemon::new(Deliverer {
        db: crowd.db.clone(),
        setup: Arc::clone(&crowd.setup),
        senders: Arc::new([(Channel::Telegram, sender)].into()),
        origin,
        pace: Pace {
            owner: "bench".to_owned(),
            lease: TimeDelta::minutes(10),
            retry: RetrySchedule(Vec::new()),
            at_once: 16,
        },
        signs: Arc::default(),
        clock: Clock::manual(instant(evening)),
        beat: Beat::default(),
        aloft: Aloft::default(),
        caution: Caution::default(),
    });
    let receiver = TelegramReceiver::new(&config, Vec::new()).unwrap();
    daemon.receivers.push(Receiver::Telegram(receiver));
    daemon
}

/// Writes at an even pace, each time somebody else, and waits for all receipts; how long each took.
fn write_and_wait(bot: &Bot) -> Vec<Duration> {
    let gap = Duration::from_secs(1) / u32::try_from(A_SECOND).unwrap();
    let started = Instant::now();
    let mut written = Vec::with_capacity(A_SECOND * SECONDS);
    for (number, words) in (0..A_SECOND * SECONDS).zip(WORDS.iter().cycle()) {
        let at = started + gap * u32::try_from(number).unwrap();
        std::thread::sleep(at.saturating_duration_since(Instant::now()));
        let chat = i64::try_from(FIRST_CHAT + number % COMMUNES).unwrap();
        written.push((chat, Instant::now()));
        bot.says(chat, words);
    }
    let until = Instant::now() + Duration::from_mins(1);
    let mut took = Vec::with_capacity(written.len());
    for (chat, at) in written {
        let told = loop {
            if let Some(told) = bot.take_told(chat) {
                break told;
            }
            assert!(Instant::now() < until, "a reply had no receipt");
            std::thread::sleep(Duration::from_millis(10));
        };
        took.push(told.duration_since(at));
    }
    took
}
