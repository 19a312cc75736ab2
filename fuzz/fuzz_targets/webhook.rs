//! Any body that is pushed to a webhook, with the right secret or signature and without.
//!
//! Input: a byte that chooses the provider, and the body.
#![no_main]

use std::sync::LazyLock;

use data_encoding::HEXLOWER;
use dondoc::channels::telegram::{
    TelegramConfig, TelegramLimits, TelegramTimeouts, TelegramWebhook,
};
use dondoc::channels::zalo_bot::{ZaloBot, ZaloBotConfig, ZaloBotTimeouts, ZaloBotWebhook};
use dondoc::channels::zalo_oa::{Candidate, ZaloOaSecrets, ZaloOaWebhook};
use dondoc::channels::{Refusal, Webhook};
use dondoc_fuzz::check_inbound;
use http::HeaderMap;
use libfuzzer_sys::fuzz_target;
use sha2::{Digest, Sha256};

const SECRET: &str = "Hush_4353-2019-2020";
const APP_ID: &str = "1234567890123456789";
const STAMP: &str = "1584318609999";

static WEBHOOKS: LazyLock<[Webhook; 3]> = LazyLock::new(|| {
    let here = || {
        "https://dondoc.province.example/push"
            .parse()
            .expect("an address")
    };
    let api = || "http://127.0.0.1:9".parse().expect("an address");
    let telegram = TelegramConfig {
        api_url: api(),
        token: "1:x".to_owned().into(),
        proxy: None,
        timeouts: TelegramTimeouts::default(),
        limits: TelegramLimits::default(),
    };
    let bot = ZaloBotConfig {
        api_url: api(),
        token: "1:x".to_owned().into(),
        timeouts: ZaloBotTimeouts::default(),
    };
    let account = ZaloOaSecrets {
        app_id: APP_ID.to_owned(),
        oa_id: "4318657068771012646".to_owned(),
        app_secret: SECRET.to_owned().into(),
        oa_secret: Some("another secret".to_owned().into()),
    };
    let bot = ZaloBot::new(&bot).expect("a bot");
    [
        Webhook::Telegram(
            TelegramWebhook::new(&telegram, here(), SECRET.to_owned().into(), Vec::new())
                .expect("a webhook"),
        ),
        Webhook::ZaloBot(
            ZaloBotWebhook::new(bot, here(), SECRET.to_owned().into()).expect("a webhook"),
        ),
        Webhook::ZaloOa(ZaloOaWebhook::new(account, Candidate::ALL.to_vec()).expect("a webhook")),
    ]
});

/// The headers of a push that is authentic for each of the three.
fn headers(body: &[u8]) -> HeaderMap {
    let signed = [APP_ID.as_bytes(), body, STAMP.as_bytes(), SECRET.as_bytes()].concat();
    let signature = format!("mac={}", HEXLOWER.encode(&Sha256::digest(&signed)));
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("x-telegram-bot-api-secret-token", SECRET),
        ("x-bot-api-secret-token", SECRET),
        ("x-zevent-timestamp", STAMP),
        ("x-zevent-signature", &signature),
    ] {
        headers.insert(name, value.parse().expect("a value"));
    }
    headers
}

fuzz_target!(|data: &[u8]| {
    let Some((choice, body)) = data.split_first() else {
        return;
    };
    let webhook = &WEBHOOKS[usize::from(choice % 3)];
    let accepted = webhook.accept(&headers(body), body);
    assert!(
        !matches!(accepted, Err(Refusal::NotAuthentic(_))),
        "it is signed"
    );
    assert_eq!(
        accepted,
        webhook.accept(&headers(body), body),
        "read twice, it is the same"
    );
    for inbound in accepted.iter().flatten() {
        check_inbound(inbound);
        assert_eq!(inbound.channel, webhook.channel());
        assert!(!inbound.from.is_empty(), "somebody sent it: {inbound:?}");
    }
    // What is not signed, or signed for other bytes, brings nothing.
    let other = [body, b" "].concat();
    let forged = match webhook {
        Webhook::ZaloOa(_) => webhook.accept(&headers(&other), body),
        _ => webhook.accept(&HeaderMap::new(), body),
    };
    match forged {
        Err(Refusal::NotAuthentic(_)) => {}
        Ok(inbound) if inbound.is_empty() => {}
        other => panic!("accepted without a proof: {other:?}"),
    }
});
