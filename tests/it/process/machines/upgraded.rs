//! The machines are upgraded one by one: the first new program migrates the database, and the old ones stop.

use dondoc::clock::Clock;
use dondoc::store::db::known_version;
use dondoc::store::deliveries::{self, DeliveryState, NewDelivery};
use dondoc::store::{Db, Tx};

use super::nodes::Nodes;
use crate::process::daemon::{deliveries_of, said};
use crate::process::province::mail_by;
use crate::support::smtp::FakeSmtp;

/// Does to the database what the next version of the program does first.
async fn migrate_on(db: &Db) {
    let mut tx = db.begin().await.unwrap();
    let Tx::Postgres(begun) = &mut tx else {
        unreachable!("several machines share a PostgreSQL")
    };
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES ($1, 'of a later version', true, '', 0)",
    )
    .bind(known_version() + 1)
    .execute(&mut **begun)
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_of_an_older_version_stop_writing_when_a_newer_one_has_migrated_and_say_so() {
    let relay = FakeSmtp::start().await;
    let mut nodes = Nodes::prepare(3, &mail_by(relay.address)).await;
    nodes.start().await;
    nodes.all[0]
        .counted(&nodes.test.db, DeliveryState::Sent, 3)
        .await;
    relay.take();

    migrate_on(&nodes.test.db).await;
    let wanted = format!(
        "has schema version {}, this program knows versions up to {}: install the newer dondoc",
        known_version() + 1,
        known_version()
    );
    for node in &mut nodes.all {
        assert_eq!(node.ended().await.code(), Some(1), "{}", node.log());
        assert!(node.log().contains(&wanted), "{}", node.log());
        assert!(node.log().contains("this one writes nothing more"));
    }

    // What waits now is for the new program, and an old one does not even start.
    let mut waiting = deliveries_of(&nodes.test.db).await.remove(0).message;
    waiting.message_id = "<one.more@province.example>".to_owned();
    waiting.brief_day = None;
    waiting.kind = deliveries::DeliveryKind::Notice;
    let waiting = NewDelivery {
        message: waiting,
        not_before: Clock::System.now(),
    };
    let mut tx = nodes.test.db.begin().await.unwrap();
    deliveries::insert(&mut tx, &[waiting], Clock::System.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let refused = said(&nodes.province, &["run"]);
    assert_eq!(refused.status.code(), Some(1));
    let words = String::from_utf8(refused.stderr).unwrap();
    assert!(words.contains(&wanted), "{words}");
    let left = deliveries_of(&nodes.test.db).await;
    assert_eq!(left[3].state, DeliveryState::Queued);
    assert!(relay.take().is_empty());
}
