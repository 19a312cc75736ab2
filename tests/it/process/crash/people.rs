//! Who writes, by which channel, and what: a seeded mixture.

use chrono::{Datelike, NaiveDate};
use dondoc::domain::delivery::Channel;
use rand::RngExt;
use rand::rngs::ChaCha8Rng;

/// How many tasks each agency owes.
pub(super) const TASKS: usize = 12;

/// The channels of ten people. The platform of the Zalo bot hands over one update each second: there they write half as
/// often.
const CHANNELS: [Channel; 10] = [
    Channel::Telegram,
    Channel::ZaloOa,
    Channel::Email,
    Channel::ZaloBot,
    Channel::Telegram,
    Channel::ZaloOa,
    Channel::Telegram,
    Channel::Email,
    Channel::ZaloOa,
    Channel::Telegram,
];

/// Beyond 30 answers in an hour a person gets none: nobody here writes that often.
const MOST_OF_ONE: usize = 28;

/// The officer of agency `A<n>`, who is reached by one channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Person(pub(super) usize);

impl Person {
    pub(super) fn channel(self) -> Channel {
        CHANNELS[(self.0 - 1) % CHANNELS.len()]
    }

    /// As the channel writes it.
    pub(super) fn address(self) -> String {
        let number = self.0;
        match self.channel() {
            Channel::Email => format!("a{number}@s{number}.example"),
            Channel::ZaloBot => format!("b{number:019x}"),
            Channel::ZaloOa => (8_000_000_000_000_000_000 + number).to_string(),
            Channel::Telegram | Channel::Console => number.to_string(),
        }
    }
}

/// So many people write so much that nobody writes too often, and few that they must wait: a chat takes one answer a second.
pub(super) fn people_for(replies: usize) -> Vec<Person> {
    (1..=(replies / 20).max(20)).map(Person).collect()
}

/// Something that somebody writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reply {
    /// From 1; another for each.
    pub(super) number: usize,
    pub(super) from: Person,
    pub(super) text: String,
}

/// So many replies in the order in which they are written, all on `today`.
pub(super) fn draw(
    rng: &mut ChaCha8Rng,
    people: &[Person],
    replies: usize,
    today: NaiveDate,
) -> Vec<Reply> {
    let mut written = vec![0; people.len()];
    let reply = |number| {
        let at = loop {
            let at = rng.random_range(0..people.len());
            let is_slow = people[at].channel() == Channel::ZaloBot && rng.random_bool(0.5);
            if written[at] < MOST_OF_ONE && !is_slow {
                break at;
            }
        };
        written[at] += 1;
        let text = words(rng, number, people[at], today);
        Reply {
            number,
            from: people[at],
            text,
        }
    };
    (1..=replies).map(reply).collect()
}

fn words(rng: &mut ChaCha8Rng, number: usize, from: Person, today: NaiveDate) -> String {
    let document = format!("{number}/KH-A{}", from.0);
    let (day, next_year) = (today.format("%-d/%-m/%Y"), today.year() + 1);
    let mut task = || format!("I.{}", rng.random_range(1..=TASKS));
    let (one, other) = (task(), task());
    match rng.random_range(0..100) {
        0..20 => format!("{one} đã ban hành, KH số {document} ngày {day}"),
        20..34 => format!("{one} xong rồi nhé"),
        34..42 => format!("{document} ngày {day}"),
        42..57 => format!("{one} đang làm, được {}%", rng.random_range(1..10) * 10),
        57..67 => format!("{one} xin gia hạn đến 15/1/{next_year} vì chờ hướng dẫn của Bộ"),
        67..77 => "nhầm".to_owned(),
        77..80 => format!("/viec {one}"),
        80..84 => format!("{one} hạn đến ngày nào?"),
        84..92 => format!("{one} xong, KH số {document} ngày {day}; {other} đang làm, được 40%"),
        92..96 => format!("{one} vướng vì chưa được cấp kinh phí"),
        96..98 => "1".to_owned(),
        _ => "Dạ vâng, em nhận được rồi ạ".to_owned(),
    }
}
