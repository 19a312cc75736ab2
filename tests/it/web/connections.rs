//! Slow, many, and still there when we stop.

use std::time::{Duration, Instant};

use dondoc::app::daemon::Wish;
use dondoc::web::Limits;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::{BOT, SECRET, Served, limits, push, read_head, read_to_end, request, status};

/// Longer than any limit of these tests, shorter than a test may hang.
const PATIENCE: Duration = Duration::from_secs(10);

async fn in_time<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, future).await.unwrap()
}

#[tokio::test]
async fn a_head_that_does_not_end_ends_the_connection() {
    let served = Served::start(limits()).await;
    for beginning in [
        "",
        "POST /webhook",
        "POST /webhook/zalo-bot HTTP/1.1\r\nHost: x\r\nX-Slow: ",
    ] {
        let mut stream = served.connect().await;
        stream.write_all(beginning.as_bytes()).await.unwrap();
        let answer = in_time(read_to_end(&mut stream)).await;
        assert!(
            matches!(status(&answer), 0 | 408),
            "{beginning:?}: {answer}"
        );
    }
}

#[tokio::test]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let served = Served::start(limits()).await;
    let whole = push("m1");
    let mut stream = served.connect().await;
    stream.write_all(&whole[..whole.len() - 5]).await.unwrap();
    let answer = in_time(read_to_end(&mut stream)).await;
    assert_eq!((status(&answer), served.kept.ids()), (408, Vec::new()));
}

#[tokio::test]
async fn a_connection_is_used_again_and_closed_when_it_is_idle() {
    let served = Served::start(limits()).await;
    let mut stream = served.connect().await;
    let close = "Connection: close\r\n";
    for id in ["m1", "m2"] {
        let lasting = String::from_utf8(push(id)).unwrap().replace(close, "");
        stream.write_all(lasting.as_bytes()).await.unwrap();
        assert_eq!(status(&in_time(read_head(&mut stream)).await), 200);
    }
    assert_eq!(in_time(read_to_end(&mut stream)).await, "");
    assert_eq!(served.kept.ids(), ["m1", "m2"]);
}

#[tokio::test]
async fn whoever_comes_when_all_places_are_taken_waits_for_one() {
    let long = Duration::from_mins(1);
    let served = Served::start(Limits {
        connections: 2,
        head_time: long,
        ..limits()
    })
    .await;
    let mut taken = Vec::new();
    for _ in 0..2 {
        let mut stream = served.connect().await;
        let lasting = request(BOT, &[("X-Bot-Api-Secret-Token", SECRET)], b"{}");
        let lasting = String::from_utf8(lasting)
            .unwrap()
            .replace("Connection: close\r\n", "");
        stream.write_all(lasting.as_bytes()).await.unwrap();
        assert_eq!(status(&in_time(read_head(&mut stream)).await), 200);
        taken.push(stream);
    }
    let mut third = served.connect().await;
    third.write_all(&push("m1")).await.unwrap();
    let waiting = tokio::time::timeout(Duration::from_millis(100), read_head(&mut third)).await;
    assert!(waiting.is_err(), "there is no place");
    drop(taken.pop());
    assert_eq!(status(&in_time(read_head(&mut third)).await), 200);
}

#[tokio::test]
async fn many_pushes_at_once_are_all_stored() {
    let served = Served::start(Limits {
        connections: 16,
        ..limits()
    })
    .await;
    let pushes: Vec<Vec<u8>> = (0..200).map(|number| push(&format!("m{number}"))).collect();
    let asking = pushes.iter().map(|push| served.ask(push));
    let answers = in_time(futures_util::future::join_all(asking)).await;
    assert!(answers.iter().all(|answer| status(answer) == 200));
    let mut ids = served.kept.ids();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 200);
}

#[tokio::test]
async fn a_push_that_is_under_way_when_we_stop_is_stored_and_answered() {
    let served = Served::start(limits()).await;
    served.kept.close().await;
    let mut idle = served.connect().await;
    let mut stream = served.connect().await;
    stream.write_all(&push("m1")).await.unwrap();
    in_time(served.kept.entered()).await;
    served.wish.send_replace(Wish::Stop);
    assert_eq!(
        in_time(read_to_end(&mut idle)).await,
        "",
        "who asks nothing is let go"
    );
    served.kept.open();
    assert_eq!(status(&in_time(read_to_end(&mut stream)).await), 200);
    in_time(served.serving).await.unwrap();
    assert_eq!(served.kept.ids(), ["m1"]);
    assert!(
        TcpStream::connect(served.address).await.is_err(),
        "nobody listens any more"
    );
}

#[tokio::test]
async fn what_does_not_end_when_we_stop_is_cut_off() {
    let served = Served::start(Limits {
        drain_time: Duration::from_millis(100),
        ..limits()
    })
    .await;
    served.kept.close().await;
    let mut stream = served.connect().await;
    stream.write_all(&push("m1")).await.unwrap();
    in_time(served.kept.entered()).await;
    let before = Instant::now();
    served.wish.send_replace(Wish::Stop);
    in_time(served.serving).await.unwrap();
    assert!(
        before.elapsed() < Duration::from_secs(5),
        "{:?}",
        before.elapsed()
    );
    assert_eq!(
        status(&in_time(read_to_end(&mut stream)).await),
        0,
        "not answered: the provider pushes it again"
    );
    assert_eq!(served.kept.ids(), [""; 0]);
}

#[tokio::test]
async fn a_reload_stops_nothing_and_a_lost_daemon_stops_all() {
    let served = Served::start(limits()).await;
    served.wish.send_replace(Wish::Reload(1));
    assert_eq!(status(&in_time(served.ask(&push("m1"))).await), 200);
    drop(served.wish);
    in_time(served.serving).await.unwrap();
}
