//! How many replies are understood in a second on one core, and that the time grows with the length, not faster.

use chrono::NaiveDate;
use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use dondoc::domain::reply::Reader;
use dondoc::files::{Folder, load_reader};

fn main() {
    divan::main();
}

fn reader() -> Reader {
    load_reader(&Folder::lexicon()).expect("the lexicon is whole")
}

fn sent() -> NaiveDate {
    NaiveDate::from_ymd_opt(2020, 3, 10).expect("it is a day")
}

/// The replies that the tests read.
fn replies() -> Vec<String> {
    include_str!("../tests/data/replies_learnt_02.jsonl")
        .lines()
        .map(|line| {
            let row: serde_json::Value = serde_json::from_str(line).expect("it is JSON");
            row["text"].as_str().expect("it has a text").to_owned()
        })
        .collect()
}

#[divan::bench]
fn six_hundred_replies(bencher: Bencher<'_, '_>) {
    let (reader, replies, sent) = (reader(), replies(), sent());
    bencher.counter(ItemsCount::new(replies.len())).bench(|| {
        for reply in &replies {
            divan::black_box(reader.understand(reply, sent));
        }
    });
}

#[divan::bench(args = [1, 4, 16, 64])]
fn one_long_reply(bencher: Bencher<'_, '_>, times: usize) {
    let (reader, sent) = (reader(), sent());
    let text = "II.2 đang làm, chưa xong đâu anh, mai em nộp. ".repeat(4 * times);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| reader.understand(divan::black_box(&text), sent));
}

#[divan::bench]
fn loading_the_lexicon() -> Reader {
    reader()
}
