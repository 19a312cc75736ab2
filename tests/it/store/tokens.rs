//! A refresh token is spent once, and the pair that follows it is never lost for another.

use chrono::TimeDelta;
use dondoc::store::tokens::{self, NewTokens, Seeded};
use secrecy::{ExposeSecret, SecretString};

use super::given::{minutes, morning, reading};
use crate::support::db::on_both_databases;

const OA: &str = "zalo_oa:4353";

fn secret(text: &str) -> SecretString {
    SecretString::from(text.to_owned())
}

fn pair<'a>(access: &'a SecretString, refresh: &'a SecretString) -> NewTokens<'a> {
    NewTokens {
        access: Some(access),
        refresh,
        expires_at: morning(3, 2) + TimeDelta::hours(25),
    }
}

/// Keeps the refresh token `r0`, given by hand as `seed`, without an access token.
async fn seeded(test: &crate::support::db::TestDb) {
    let refresh = secret("r0");
    let first = NewTokens {
        access: None,
        refresh: &refresh,
        expires_at: morning(3, 2),
    };
    let mut tx = test.db.begin().await.unwrap();
    let kept = tokens::seed(&mut tx, OA, "hash of r0", first, morning(3, 2))
        .await
        .unwrap();
    assert_eq!(kept, Seeded::Kept);
    tx.commit().await.unwrap();
}

on_both_databases! {
    async fn a_pair_reads_back_and_is_shown_nowhere(test: TestDb) {
        assert!(tokens::find(&mut reading(&test.db).await, OA).await.unwrap().is_none());
        seeded(&test).await;
        let mut tx = test.db.begin().await.unwrap();
        let version = tokens::claim(&mut tx, OA, 1, morning(3, 2), morning(3, 2) + minutes(3)).await.unwrap().unwrap();
        assert!(tokens::replace(&mut tx, OA, version, pair(&secret("a1"), &secret("r1")), morning(3, 2)).await.unwrap());
        let found = tokens::find(&mut tx, OA).await.unwrap().unwrap();
        assert_eq!(found.access.as_ref().unwrap().expose_secret(), "a1");
        assert_eq!(found.refresh.expose_secret(), "r1");
        assert_eq!((found.obtained_at, found.expires_at), (morning(3, 2), morning(3, 3) + minutes(60)));
        assert_eq!((found.claimed_until, &found.failure), (None, &None));
        let shown = format!("{found:?} {:?}", pair(&secret("a1"), &secret("r1")));
        assert!(!shown.contains("a1") && !shown.contains("r1"), "{shown}");
    }

    async fn of_two_who_read_the_same_pair_one_may_spend_it(test: TestDb) {
        seeded(&test).await;
        let now = morning(3, 2);
        let read = tokens::find(&mut reading(&test.db).await, OA).await.unwrap().unwrap().version;
        let mut one = test.db.begin().await.unwrap();
        assert_eq!(tokens::claim(&mut one, OA, read, now, now + minutes(3)).await.unwrap(), Some(read + 1));
        one.commit().await.unwrap();
        let mut other = test.db.begin().await.unwrap();
        assert_eq!(tokens::claim(&mut other, OA, read, now, now + minutes(3)).await.unwrap(), None);
        assert_eq!(tokens::claim(&mut other, OA, read + 1, now, now + minutes(3)).await.unwrap(), None, "it is claimed");
        assert!(!tokens::release(&mut other, OA, read).await.unwrap());
        assert!(!tokens::fail(&mut other, OA, read, "refused", now).await.unwrap());
        assert!(!tokens::replace(&mut other, OA, read, pair(&secret("a"), &secret("r")), now).await.unwrap());
    }

    async fn a_claim_of_a_dead_process_ends_and_one_given_back_is_free_at_once(test: TestDb) {
        seeded(&test).await;
        let now = morning(3, 2);
        let mut tx = test.db.begin().await.unwrap();
        assert_eq!(tokens::claim(&mut tx, OA, 1, now, now + minutes(3)).await.unwrap(), Some(2));
        assert_eq!(tokens::claim(&mut tx, OA, 2, now + minutes(2), now + minutes(5)).await.unwrap(), None);
        assert_eq!(tokens::claim(&mut tx, OA, 2, now + minutes(3), now + minutes(6)).await.unwrap(), Some(3));
        assert!(tokens::release(&mut tx, OA, 3).await.unwrap());
        assert_eq!(tokens::claim(&mut tx, OA, 4, now + minutes(3), now + minutes(6)).await.unwrap(), Some(5));
    }

    async fn a_pair_that_failed_is_not_claimed_and_says_why(test: TestDb) {
        seeded(&test).await;
        let now = morning(3, 2);
        let mut tx = test.db.begin().await.unwrap();
        let version = tokens::claim(&mut tx, OA, 1, now, now + minutes(3)).await.unwrap().unwrap();
        assert!(tokens::fail(&mut tx, OA, version, "-14020 reused", now).await.unwrap());
        assert_eq!(tokens::claim(&mut tx, OA, version + 1, now + minutes(9), now + minutes(12)).await.unwrap(), None);
        let health = tokens::list_health(&mut tx).await.unwrap();
        assert_eq!(health.len(), 1);
        assert_eq!((health[0].account.as_str(), &health[0].failure), (OA, &Some((now, "-14020 reused".to_owned()))));
        assert!(tokens::forgive(&mut tx, OA).await.unwrap(), "a restart tries it once more");
        assert!(!tokens::forgive(&mut tx, OA).await.unwrap());
        assert!(tokens::claim(&mut tx, OA, version + 2, now, now + minutes(3)).await.unwrap().is_some());
    }

    async fn a_pair_that_came_in_time_goes_before_a_failure_noted_after_it(test: TestDb) {
        seeded(&test).await;
        let now = morning(3, 2);
        let mut tx = test.db.begin().await.unwrap();
        let ours = tokens::claim(&mut tx, OA, 1, now, now + minutes(3)).await.unwrap().unwrap();
        // We spent the token and could not store the answer; the claim ended, and another found the token spent.
        let theirs = tokens::claim(&mut tx, OA, ours, now + minutes(4), now + minutes(7)).await.unwrap().unwrap();
        assert!(tokens::fail(&mut tx, OA, theirs, "-14020 reused", now).await.unwrap());
        assert!(tokens::replace(&mut tx, OA, ours, pair(&secret("a1"), &secret("r1")), now).await.unwrap());
        let found = tokens::find(&mut tx, OA).await.unwrap().unwrap();
        assert_eq!((found.refresh.expose_secret(), found.failure), ("r1", None));
    }

    async fn a_seed_takes_the_place_of_nothing_but_a_failed_pair_from_another_seed(test: TestDb) {
        seeded(&test).await;
        let now = morning(3, 2);
        let mut tx = test.db.begin().await.unwrap();
        let (a, r) = (secret("a9"), secret("r9"));
        for known in ["hash of r0", "hash of r9"] {
            assert_eq!(tokens::seed(&mut tx, OA, known, pair(&a, &r), now).await.unwrap(), Seeded::Known);
        }
        let version = tokens::claim(&mut tx, OA, 1, now, now + minutes(3)).await.unwrap().unwrap();
        tokens::fail(&mut tx, OA, version, "-14020 reused", now).await.unwrap();
        assert_eq!(tokens::seed(&mut tx, OA, "hash of r0", pair(&a, &r), now).await.unwrap(), Seeded::Known);
        assert_eq!(tokens::seed(&mut tx, OA, "hash of r9", pair(&a, &r), now).await.unwrap(), Seeded::Kept);
        let found = tokens::find(&mut tx, OA).await.unwrap().unwrap();
        assert_eq!((found.refresh.expose_secret(), found.failure), ("r9", None));
        assert_eq!(tokens::list_health(&mut tx).await.unwrap()[0].failure, None);
    }
}
