//! What a provider is answered.

use std::time::Duration;

use super::{BOT, OA, SECRET, Served, limits, push, request, status};
use crate::support::zalo_oa::{APP_ID, OA_SECRET};
use crate::support::zalo_push::{signed, text_event};
use dondoc::web::Limits;

#[tokio::test]
async fn a_push_is_answered_when_it_is_stored() {
    let served = Served::start(limits()).await;
    let answer = served.ask(&push("m1")).await;
    assert_eq!(
        (status(&answer), served.kept.ids()),
        (200, vec!["m1".to_owned()])
    );

    let body = text_event("186729651760683225", "o1", "II.2 xong");
    let headers = signed(&body, APP_ID, "1584318600123", OA_SECRET);
    let mac = headers["x-zevent-signature"].to_str().unwrap();
    let oa = request(OA, &[("X-ZEvent-Signature", mac)], body.as_bytes());
    assert_eq!(status(&served.ask(&oa).await), 200);
    assert_eq!(served.kept.ids(), ["m1", "o1"]);
}

#[tokio::test]
async fn what_cannot_be_stored_is_asked_for_again() {
    let served = Served::start(limits()).await;
    *served.kept.fails.lock().unwrap() = true;
    assert_eq!(status(&served.ask(&push("m1")).await), 503);
    *served.kept.fails.lock().unwrap() = false;
    assert_eq!(status(&served.ask(&push("m1")).await), 200);
    assert_eq!(served.kept.ids(), ["m1"]);
}

#[tokio::test]
async fn storing_that_takes_too_long_is_given_up_before_the_provider_does() {
    let usual = Limits::default();
    assert!(
        usual.store_time < Duration::from_secs(2),
        "Zalo waits two seconds"
    );
    let served = Served::start(Limits {
        store_time: Duration::from_millis(50),
        ..limits()
    })
    .await;
    served.kept.close().await;
    assert_eq!(status(&served.ask(&push("m1")).await), 503);
    assert_eq!(served.kept.ids(), [""; 0]);
}

#[tokio::test]
async fn what_is_not_authentic_is_refused_and_told_nothing() {
    let served = Served::start(limits()).await;
    for request in [
        request(
            BOT,
            &[("X-Bot-Api-Secret-Token", "another-secret")],
            b"{\"a\":1}",
        ),
        request(BOT, &[], b"{\"a\":1}"),
        request(OA, &[("X-ZEvent-Signature", "mac=00")], b"{\"a\":1}"),
    ] {
        let answer = served.ask(&request).await;
        assert_eq!(status(&answer), 401);
        assert!(answer.ends_with("\r\n\r\n"), "{answer}");
    }
    assert_eq!(served.kept.ids(), [""; 0]);
}

#[tokio::test]
async fn what_makes_no_sense_and_a_probe_are_accepted_and_not_stored() {
    let served = Served::start(limits()).await;
    for request in [
        request(BOT, &[("X-Bot-Api-Secret-Token", SECRET)], b"not json"),
        request(BOT, &[], b""),
        request(OA, &[], b"{}"),
    ] {
        assert_eq!(status(&served.ask(&request).await), 200);
    }
    assert_eq!(served.kept.ids(), [""; 0]);
}

#[tokio::test]
async fn only_the_paths_that_are_configured_and_only_posts_are_answered() {
    let served = Served::start(limits()).await;
    for path in [
        "/",
        "/webhook/telegram",
        "/webhook/zalo-bot/",
        "/webhook",
        "/metrics",
        "/webhook/../etc",
    ] {
        let answer = served.ask(&request(path, &[], b"{}")).await;
        assert_eq!(status(&answer), 404, "{path}");
    }
    for method in ["GET", "PUT", "DELETE", "HEAD", "OPTIONS", "BREW"] {
        let text = format!("{method} {BOT} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        let answer = served.ask(text.as_bytes()).await;
        assert_eq!(status(&answer), 405, "{method}");
    }
    assert_eq!(
        status(&served.ask(b"\x16\x03\x01 no http\r\n\r\n").await),
        400
    );
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_announced_or_not() {
    let served = Served::start(Limits {
        body: 1000,
        ..limits()
    })
    .await;
    let secret = [("X-Bot-Api-Secret-Token", SECRET)];
    let answer = served.ask(&request(BOT, &secret, &[b' '; 1001])).await;
    assert_eq!(status(&answer), 413);
    let answer = served.ask(&request(BOT, &secret, &[b' '; 1000])).await;
    assert_eq!(status(&answer), 200);
    let head = format!(
        "POST {BOT} HTTP/1.1\r\nHost: x\r\nX-Bot-Api-Secret-Token: {SECRET}\r\nTransfer-Encoding: chunked\r\n\r\n"
    );
    let chunk = format!("64\r\n{}\r\n", " ".repeat(100));
    let chunked = head + &chunk.repeat(11);
    assert_eq!(status(&served.ask(chunked.as_bytes()).await), 413);
}

/// Whoever has no secret costs 64 bytes of memory, and no hash, and is told that before how long the body is.
#[tokio::test]
async fn what_carries_no_secret_is_not_read_to_its_end() {
    let served = Served::start(limits()).await;
    let wrong = [("X-Bot-Api-Secret-Token", "another-secret")];
    for (request, expected) in [
        (request(BOT, &[], &[b' '; 65]), 401),
        (request(BOT, &wrong, &[b'x'; 65]), 401),
        (request(OA, &[], &[b'x'; 65]), 401),
        (request(OA, &[], &[b'x'; 64]), 401),
        (
            request(OA, &[("X-ZEvent-Signature", "mac=00")], &[b'x'; 65]),
            401,
        ),
    ] {
        assert_eq!(status(&served.ask(&request).await), expected);
    }
    assert_eq!(served.kept.ids(), [""; 0]);
}
