//! Any bytes as a mail: nothing is proven without a proof, and what is read of it is safe to keep and to show.
//!
//! Input: the mail. Where it says `<reply>` or `<return>` stands the address that we gave An, so that those who mutate can
//! place a true token.
#![no_main]

use std::sync::LazyLock;

use chrono::{DateTime, TimeDelta, Utc};
use dondoc::channels::email::{Purpose, ReplyTokens};
use dondoc::channels::mailbox::{Decoder, Stored};
use dondoc::domain::inbound::{Content, Identity};
use dondoc_fuzz::check_inbound;
use libfuzzer_sys::fuzz_target;

/// One that believes whom it should; the mails of the corpus are written for it.
static BELIEVING: LazyLock<Decoder> = LazyLock::new(|| Decoder {
    authserv_id: Some("mx.noivu.example".to_owned()),
    ..decoder("a key of the province")
});
/// One whose key nobody has, and that believes no server: for it every mail is forged.
static DOUBTING: LazyLock<Decoder> = LazyLock::new(|| decoder("another key of the province"));

/// What is written for a true token, and the address with it.
static ADDRESSES: LazyLock<[(&[u8], String); 2]> = LazyLock::new(|| {
    let sign =
        |purpose, recipient| tokens("a key of the province").sign(purpose, 4353, recipient, now());
    [
        (
            b"<reply>",
            sign(Purpose::Reply, "an@snv.example").expect("a delivery has a number"),
        ),
        (
            b"<return>",
            sign(Purpose::Return, "").expect("a delivery has a number"),
        ),
    ]
});

fn now() -> DateTime<Utc> {
    "2020-03-16T01:00:00Z".parse().expect("a time")
}

fn tokens(key: &str) -> ReplyTokens {
    ReplyTokens::new(
        "bot@noivu.example",
        key.to_owned().into(),
        TimeDelta::days(60),
    )
    .expect("address and key are fine")
}

/// The mail with true tokens in it.
fn with_tokens(data: &[u8]) -> Vec<u8> {
    let mut raw = Vec::with_capacity(data.len());
    let mut rest = data;
    while let Some((first, behind)) = rest.split_first() {
        if let Some((mark, address)) = ADDRESSES.iter().find(|(mark, _)| rest.starts_with(mark)) {
            raw.extend_from_slice(address.as_bytes());
            rest = &rest[mark.len()..];
        } else {
            raw.push(*first);
            rest = behind;
        }
    }
    raw
}

fn decoder(key: &str) -> Decoder {
    Decoder {
        own: vec![
            "bot@noivu.example".to_owned(),
            "cchc@noivu.example".to_owned(),
        ],
        domain: Some("noivu.example".to_owned()),
        authserv_id: None,
        tokens: Some(tokens(key)),
    }
}

fuzz_target!(|data: &[u8]| {
    let now = now();
    let mut stored = Stored {
        raw: with_tokens(data),
        is_cut: false,
        name: "7:1".to_owned(),
        arrived_at: Some(now),
    };
    let inbound = BELIEVING.decode(&stored, now);
    check_inbound(&inbound);
    assert_eq!(inbound, BELIEVING.decode(&stored, now));
    assert_eq!(
        inbound.from,
        inbound.from.to_lowercase(),
        "addresses are compared in lower case"
    );
    assert!(
        !inbound.from.chars().any(char::is_control),
        "{:?}",
        inbound.from
    );
    if let Content::Text { text, files, .. } = &inbound.content {
        assert!(
            text.len() <= 8 * stored.raw.len() + 64,
            "a text grows out of nothing"
        );
        for file in files {
            assert!(
                file.sha256.as_ref().is_none_or(|hash| hash.len() == 64),
                "{file:?}"
            );
        }
    }
    let forged = DOUBTING.decode(&stored, now);
    if !matches!(forged.content, Content::Automatic { .. }) {
        assert_ne!(forged.identity, Identity::Proven, "proven by nothing");
    }
    stored.is_cut = true;
    check_inbound(&BELIEVING.decode(&stored, now));
});
