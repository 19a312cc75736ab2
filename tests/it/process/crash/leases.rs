//! The leases of the dead end now, and not when their time is over.

use dondoc::clock::Clock;
use dondoc::store::{Db, Tx};

/// Whatever a process held that was killed can be taken by the next one: messages to be sent, bots and mailboxes.
pub(in crate::process) async fn end_leases(db: &Db) {
    let now = Clock::System.now();
    let mut tx = db.begin().await.unwrap();
    for sql in [
        "UPDATE deliveries SET claimable_at = $1 WHERE state = 'leased'",
        "UPDATE leases SET held_until = $1",
        "UPDATE tokens SET claimed_until = $1 WHERE claimed_until IS NOT NULL",
    ] {
        match &mut tx {
            Tx::Sqlite(tx) => drop(sqlx::query(sql).bind(now).execute(&mut **tx).await.unwrap()),
            Tx::Postgres(tx) => drop(sqlx::query(sql).bind(now).execute(&mut **tx).await.unwrap()),
        }
    }
    tx.commit().await.unwrap();
}
