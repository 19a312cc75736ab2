//! Any reply: what is understood is in the text, means the same in every spelling of Unicode, and a quotation adds nothing.
//!
//! Input: a byte that chooses the day on which it was sent, and the reply.
#![no_main]

use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate, TimeDelta};
use dondoc::domain::reply::{Intent, Reader, Writer};
use dondoc::files::{Folder, load_reader};
use dondoc_fuzz::{choice_and_text, is_made_of, is_near, is_written};
use libfuzzer_sys::fuzz_target;
use unicode_normalization::UnicodeNormalization;

static READER: LazyLock<Reader> =
    LazyLock::new(|| load_reader(&Folder::lexicon()).expect("the lexicon that is built in"));

fuzz_target!(|data: &[u8]| {
    let Some((choice, text)) = choice_and_text(data) else {
        return;
    };
    let sent = NaiveDate::from_ymd_opt(2020, 1, 1).expect("a date")
        + TimeDelta::days(i64::from(choice) * 3);
    let understood = READER.understand(text, sent);
    assert_eq!(
        understood,
        READER.understand(&text.nfd().collect::<String>(), sent),
        "decomposed: {text:?}"
    );
    assert_eq!(
        understood,
        READER.understand(&format!("{text}\n> II.9 xong"), sent),
        "a quotation: {text:?}"
    );
    assert!(
        understood.percent.is_none_or(|percent| percent <= 100),
        "{text:?} {understood:?}"
    );
    if let Some(day) = understood.date {
        assert!(
            is_near(day.year(), sent.year()) || is_written(day.year(), text),
            "{text:?} {understood:?}"
        );
    }
    if let Some(number) = &understood.doc {
        assert!(has_digits_of(number, text), "{text:?} {understood:?}");
    }
    for (at, task) in understood.refs.iter().enumerate() {
        assert!(
            !understood.refs[..at].contains(task),
            "named once: {text:?} {understood:?}"
        );
    }
    for part in &understood.parts {
        let named = part
            .task
            .as_ref()
            .is_none_or(|task| understood.refs.contains(task));
        assert!(
            named,
            "a part is of a task that is named: {text:?} {understood:?}"
        );
    }
    assert!(
        !(understood.intent == Intent::Unknown && understood.sure),
        "{text:?} {understood:?}"
    );
    let ruled = READER.ruled(text, sent);
    let sure_done =
        understood.intent == Intent::Done && understood.sure && understood.parts.is_empty();
    assert!(
        !sure_done || ruled.plainness.least_probability().is_some(),
        "nothing is surely done that the structure stands against: {text:?} {ruled:?}"
    );
    for reason in READER.reasons(text, sent, &Writer::default()) {
        assert!(is_made_of(&reason.words, text), "{text:?} {reason:?}");
    }
    let _ = READER.doubts(text, sent, &Writer::default());
});

/// Whether each number of a document's number stands in the text. Its signs need not: "tờ trình 37" is called 37/TTr, and
/// what groups digits ("1.234") is left out.
fn has_digits_of(document: &str, text: &str) -> bool {
    let digits: String = text.nfkd().filter(char::is_ascii_digit).collect();
    document
        .split(|c: char| !c.is_ascii_digit())
        .all(|number| digits.contains(number.trim_start_matches('0')))
}
