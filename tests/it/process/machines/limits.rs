//! The limits of a bot, and of a mail relay, hold for all nodes together, also while one hands over to another.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::nodes::{Nodes, chat_by, queue, write_chats};
use crate::process::province::mail_by;
use crate::support::smtp::{FakeSmtp, Fault, Verb};
use crate::support::telegram::FakeTelegram;

const GROUP: i64 = -1001;
const ONE: i64 = 1;
/// To so many chats one message each, and more to the group and to one chat.
const CHATS: i64 = 60;
const TO_GROUP: usize = 3;
const TO_ONE: usize = 6;

/// The chats in the order in which they are written to.
fn chats() -> Vec<i64> {
    let often = [(GROUP, TO_GROUP), (ONE, TO_ONE)];
    let often = often.map(|(chat, times)| std::iter::repeat_n(chat, times));
    often.into_iter().flatten().chain(2..=CHATS).collect()
}

/// The shortest time between the first and the last of `count` moments that follow one another.
fn shortest(moments: &[Instant], count: usize) -> Option<Duration> {
    let windows = moments.windows(count);
    windows.map(|window| window[count - 1] - window[0]).min()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_nodes_keep_the_limits_of_one_bot_also_while_one_hands_over() {
    let known: Vec<i64> = (1..=CHATS).chain([GROUP]).collect();
    let bots = FakeTelegram::start(&known).await;
    let mut nodes = Nodes::prepare(1, &chat_by(&bots)).await;
    write_chats(&nodes.province);
    for config in ["dondoc.toml", "first.toml"] {
        nodes
            .province
            .edit(config, "[send]\n", "[send]\nworkers = 32\n");
    }
    nodes.start().await;
    nodes.all[0]
        .until("the brief is sent", || bots.take().len() == 1)
        .await;

    let chats = chats();
    queue(&nodes.test.db, &chats).await;
    let expected = chats.len();
    let since = Instant::now();
    let mut moments = Vec::new();
    let mut by_chat: BTreeMap<i64, Vec<Instant>> = BTreeMap::new();
    let mut handed_over = false;
    while moments.len() < expected {
        for message in bots.take() {
            let now = Instant::now();
            moments.push(now);
            by_chat.entry(message.chat).or_default().push(now);
        }
        if moments.len() > 20 && !handed_over {
            handed_over = true;
            nodes.all[0].signal("TERM");
        }
        assert!(
            since.elapsed() < Duration::from_mins(1),
            "{} of {expected} were sent",
            moments.len()
        );
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let thirty_one = shortest(&moments, 31).unwrap();
    let (one, group) = (shortest(&by_chat[&ONE], 2), shortest(&by_chat[&GROUP], 2));
    println!(
        "31 messages took at least {thirty_one:?}; two to one chat were {one:?} apart, two to a group {group:?}"
    );
    // What is measured is when they arrive, on a machine that is busy: a fifth is for that.
    assert!(thirty_one >= Duration::from_millis(800), "{thirty_one:?}");
    assert!(one.unwrap() >= Duration::from_millis(800), "{one:?}");
    assert!(group.unwrap() >= Duration::from_millis(2400), "{group:?}");
    nodes.taken_over(&["send:telegram"], since).await;
    nodes.stop(&[]).await;
}

/// How many connections to the relay one installation may have.
const CONNECTIONS: usize = 2;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_nodes_have_no_more_connections_to_the_relay_than_one_may_also_while_one_hands_over()
{
    let officers = 30;
    let relay = FakeSmtp::start().await;
    // Slow enough that much is left when the first node goes.
    let slow = Fault::Late(Duration::from_millis(500));
    relay.weather(move |verb| (verb == Verb::Body).then(|| slow.clone()));
    let mut nodes = Nodes::prepare(officers, &mail_by(relay.address)).await;
    for config in ["dondoc.toml", "first.toml"] {
        let workers = format!("[send]\nworkers = {CONNECTIONS}\n");
        nodes.province.edit(config, "[send]\n", &workers);
    }
    nodes.start().await;
    let since = Instant::now();
    let mut mails = Vec::new();
    nodes.all[0]
        .until("some are sent", || {
            mails.extend(relay.take());
            mails.len() >= officers / 3
        })
        .await;
    nodes.all[0].signal("TERM");
    nodes.all_sent(since).await;
    nodes.taken_over(&["send:email"], since).await;
    nodes.stop(&[]).await;
    mails.extend(relay.take());
    assert_eq!(mails.len(), officers, "each once");
    assert_eq!(relay.most_at_once(), CONNECTIONS, "connections at once");
    assert!(relay.sessions() > CONNECTIONS, "two nodes have sent");
}
