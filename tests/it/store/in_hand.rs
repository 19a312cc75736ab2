//! What processes had in hand when they died.

use chrono::{DateTime, TimeDelta, Utc};
use dondoc::store::Db;
use dondoc::store::in_hand::{self, Deaths, MOST_DEATHS};

use super::given::{morning, reading};
use crate::support::db::on_both_databases;

/// The processes follow one another at a minute's distance, in the order of the alphabet.
async fn take(db: &Db, things: &[&str], owner: &str) -> Deaths {
    let minute = i64::from(owner.as_bytes()[0]);
    take_at(
        db,
        things,
        owner,
        morning(3, 2) + TimeDelta::minutes(minute),
    )
    .await
}

async fn take_at(db: &Db, things: &[&str], owner: &str, now: DateTime<Utc>) -> Deaths {
    let things: Vec<String> = things.iter().map(|&what| what.to_owned()).collect();
    let mut tx = db.begin().await.unwrap();
    let died = in_hand::take(&mut tx, &things, owner, now).await.unwrap();
    tx.commit().await.unwrap();
    died
}

fn died(of: &str, deaths: i64) -> Deaths {
    [(of.to_owned(), deaths)].into()
}

on_both_databases! {
    async fn what_a_dead_process_had_in_hand_counts_once_for_each_until_it_is_given_up(test: TestDb) {
        let db = &test.db;
        assert_eq!(take(db, &["inbox:1", "inbox:2"], "a").await, Deaths::new());
        assert_eq!(take(db, &["inbox:1"], "a").await, Deaths::new(), "it lives");
        for (owner, deaths) in [("b", 1), ("c", 2), ("d", MOST_DEATHS), ("e", MOST_DEATHS)] {
            assert_eq!(take(db, &["inbox:1"], owner).await, died("inbox:1", deaths), "{owner}");
        }
        let mut tx = reading(db).await;
        let given_up = in_hand::list_given_up(&mut tx, "inbox:").await.unwrap();
        let last_taken = morning(3, 2) + TimeDelta::minutes(i64::from(b'd'));
        assert_eq!(given_up, [("inbox:1".to_owned(), last_taken)]);
        assert_eq!(in_hand::list_given_up(&mut tx, "brief:").await.unwrap(), []);
        assert_eq!(in_hand::list(&mut tx, "inbox:").await.unwrap(), ["inbox:1", "inbox:2"]);
    }

    async fn what_is_through_or_let_go_of_counts_no_more(test: TestDb) {
        let db = &test.db;
        take(db, &["inbox:1", "inbox:2", "brief:a_b"], "a").await;
        let mut tx = db.begin().await.unwrap();
        in_hand::strike_out(&mut tx, &["inbox:1".to_owned()]).await.unwrap();
        tx.commit().await.unwrap();
        let died_of = take(db, &["inbox:1", "inbox:2", "brief:a_b"], "b").await;
        assert_eq!(died_of.into_iter().collect::<Vec<_>>(), [("brief:a_b".to_owned(), 1), ("inbox:2".to_owned(), 1)]);
        for owner in ["c", "d"] {
            take(db, &["inbox:2"], owner).await;
        }
        let mut tx = db.begin().await.unwrap();
        in_hand::let_go(&mut tx, "b").await.unwrap();
        in_hand::let_go(&mut tx, "d").await.unwrap();
        assert_eq!(in_hand::list(&mut tx, "").await.unwrap(), ["inbox:2"], "what was given up stays so");
        assert_eq!(in_hand::forget(&mut tx, "inbox:").await.unwrap(), 1);
        assert_eq!(in_hand::list(&mut tx, "").await.unwrap(), Vec::<String>::new());
    }

    /// Whoever kills them does not mean what they had in hand, unless it goes on.
    async fn processes_that_are_killed_in_a_row_count_as_one(test: TestDb) {
        let db = &test.db;
        let at = |seconds| morning(3, 2) + TimeDelta::seconds(seconds);
        for (owner, second, deaths) in [("a", 0, 0), ("b", 3, 0), ("c", 9, 0), ("d", 10, 1), ("e", 19, 1), ("f", 20, 2)] {
            let counted = if deaths == 0 { Deaths::new() } else { died("inbox:1", deaths) };
            assert_eq!(take_at(db, &["inbox:1"], owner, at(second)).await, counted, "{owner}");
        }
    }
}
