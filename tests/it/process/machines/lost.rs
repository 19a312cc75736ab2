//! A node that is killed, one that is stopped past its leases and goes on, one that is cut off from the database: another
//! takes over within 30 seconds, nothing is lost, and nothing is sent twice but what may have arrived, and that is marked.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use super::nodes::{Nodes, chat_by, queue, write_chats};
use crate::process::province::mail_by;
use crate::process::signals::id_of;
use crate::support::smtp::{FakeSmtp, Fault, Mail, Verb};
use crate::support::telegram::{Delivered, FakeTelegram};

/// What a chat message starts with whose first copy may have arrived.
const MARK: &str = "↻ ";
/// How many messages are under way at once where the relay is slow.
const WORKERS: usize = 2;

/// Three towns at once, for each waits half a minute.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_is_killed_stopped_or_cut_off_is_replaced_within_thirty_seconds_and_doubles_nothing()
 {
    let (killed, stopped, cut_off) = tokio::join!(killed(), stopped(0.4), cut_off());
    println!("taken over after: killed {killed:?}, stopped {stopped:?}, cut off {cut_off:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes: ./test long"]
async fn a_node_stopped_at_any_moment_of_its_sending_writes_nothing_when_it_goes_on() {
    for part in [0.0, 0.1, 0.25, 0.5, 0.75, 0.9] {
        let stopped = stopped(part).await;
        println!("stopped after {part} of all was sent: taken over after {stopped:?}");
    }
}

/// Mails of which the first two are taken by the relay without an answer, so that they are under way when the node is lost
/// and the others wait behind them.
async fn slow_relay(officers: usize) -> (FakeSmtp, Nodes, Vec<Mail>) {
    let relay = FakeSmtp::start().await;
    for _ in 0..WORKERS {
        relay.fault(Verb::Body, Fault::Silence);
    }
    let mut nodes = Nodes::prepare(officers, &mail_by(relay.address)).await;
    for config in ["dondoc.toml", "first.toml"] {
        let workers = format!("[send]\nworkers = {WORKERS}\n");
        nodes.province.edit(config, "[send]\n", &workers);
    }
    nodes.start().await;
    let mut mails: Vec<Mail> = Vec::new();
    nodes.all[0]
        .until("two mails are under way", || {
            mails.extend(relay.take());
            mails.len() == WORKERS
        })
        .await;
    (relay, nodes, mails)
}

/// Everybody has one mail, or two with one id where the first was under way.
fn assert_told_once(mails: &[Mail], officers: usize) {
    let mut copies: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for mail in mails {
        let ids = copies.entry(mail.to[0].as_str()).or_default();
        ids.insert(id_of(mail));
    }
    assert_eq!(copies.len(), officers, "everybody is told");
    assert!(copies.values().all(|ids| ids.len() == 1), "{copies:?}");
    assert_eq!(mails.len(), officers + WORKERS);
}

/// The relay never had more connections than one node may open.
fn assert_of_one_node(relay: &FakeSmtp) {
    assert_eq!(relay.most_at_once(), WORKERS, "connections at once");
}

async fn killed() -> Duration {
    let officers = 12;
    let (relay, mut nodes, mut mails) = slow_relay(officers).await;
    nodes.all[0].signal("KILL");
    let since = Instant::now();
    assert_eq!(nodes.all[0].ended().await.code(), None);
    let took = nodes.all_sent(since).await;
    nodes
        .taken_over(&["day", "desk", "send:email"], since)
        .await;
    nodes.stop(&[]).await;
    mails.extend(relay.take());
    assert_told_once(&mails, officers);
    assert_of_one_node(&relay);
    took
}

async fn cut_off() -> Duration {
    let officers = 12;
    let (relay, mut nodes, mut mails) = slow_relay(officers).await;
    nodes.line.cut();
    let since = Instant::now();
    let took = nodes.all_sent(since).await;
    mails.extend(relay.take());
    assert_told_once(&mails, officers);
    // It hung up before the others began: the relay never has more connections than one node may open.
    assert_of_one_node(&relay);

    nodes.line.mend();
    nodes.all[0].logged("the leases are renewed again").await;
    for node in &mut nodes.all[1..] {
        node.signal("TERM");
        assert_eq!(node.ended().await.code(), Some(0), "{}", node.log());
    }
    let again = |log: String| log.matches("duty=send:email").count() >= 2;
    nodes.all[0]
        .until("it sends again", || again(nodes.all[0].log()))
        .await;
    assert!(relay.take().is_empty(), "nobody is told anything again");
    let outage = [
        "the database does not answer",
        "the leases are not renewed",
        "the database cannot be reached",
    ];
    nodes.stop(&outage).await;
    took
}

/// Stops the node that sends to chats when this part of them was told, until the others have told all.
async fn stopped(part: f64) -> Duration {
    let officers = 60;
    let chats: Vec<i64> = (1..=officers).collect();
    let bots = FakeTelegram::start(&chats).await;
    let mut nodes = Nodes::prepare(1, &chat_by(&bots)).await;
    write_chats(&nodes.province);
    nodes.start().await;
    nodes.all[0]
        .until("the brief is sent", || bots.take().len() == 1)
        .await;
    queue(&nodes.test.db, &chats).await;
    #[expect(clippy::cast_precision_loss, reason = "some dozens")]
    let enough = |told: &[Delivered]| told.len() as f64 >= part * officers as f64;
    let mut told = bots.take();
    let sending = &nodes.all[0];
    sending
        .until("some are told", || {
            told.extend(bots.take());
            enough(&told)
        })
        .await;
    sending.signal("STOP");
    let since = Instant::now();
    let took = nodes.all_sent(since).await;
    let duties = ["day", "desk", "send:telegram", "receive:telegram"];
    nodes.taken_over(&duties, since).await;
    told.extend(bots.take());
    let before = told.len();
    let sent = bots.calls_of("sendMessage");

    nodes.all[0].signal("CONT");
    nodes.all[0].logged("the lease was lost").await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    told.extend(bots.take());
    assert_eq!(bots.calls_of("sendMessage"), sent, "it writes nothing more");
    assert_eq!(told.len(), before);
    let mut by_chat: BTreeMap<i64, Vec<bool>> = BTreeMap::new();
    for message in &told {
        let is_marked = message.text.starts_with(MARK);
        by_chat.entry(message.chat).or_default().push(is_marked);
    }
    assert_eq!(by_chat.len(), chats.len(), "everybody is told");
    let fine = [&[false][..], &[true], &[false, true]];
    assert!(
        by_chat.values().all(|copies| fine.contains(&&copies[..])),
        "a second copy is marked: {by_chat:?}"
    );
    // Where it was stopped within a transaction, the server has ended that; where it waited for a connection, or for the
    // renewal of its leases, its patience.
    let stopped = [
        "idle-in-transaction timeout",
        "pool timed out",
        "the database does not answer",
    ];
    nodes.stop(&stopped).await;
    took
}
