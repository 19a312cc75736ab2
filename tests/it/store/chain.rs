//! The chain of the ledger: whole however it was written, and broken at the place where somebody changed something.

use dondoc::app::verify::{Verified, verify};
use dondoc::domain::chain::walk::{Break, Noted};
use dondoc::domain::chain::{About, Hash};
use dondoc::domain::ids::PlanId;
use dondoc::store::Db;
use dondoc::store::events::{self, NewEvent};
use dondoc::store::plans;
use sqlx::{AssertSqlSafe, Connection};

use super::given::{event, loaded_plan, morning, plan_id, province, reading};
use crate::support::db::{TestDb, on_both_databases, tamper};

on_both_databases! {
    async fn a_ledger_holds_whatever_was_added_and_a_noted_head_stays_in_it(test: TestDb) {
        let ids = province(&test.db, 2).await;
        assert_eq!(only(&test.db).await, Verified { plan: plan_id(), head: dondoc::domain::chain::walk::Head::EMPTY, broken: None, noted_at: None, is_noted_met: false, erased: 0, astray: Vec::new(), missing: Vec::new(), misfiled: Vec::new() });
        append(&test.db, &[event("done", Some(ids[0])), event("reloaded", None)]).await;
        let noted = only(&test.db).await.head;
        assert_eq!(noted.count, 2);
        // More than one statement, more than one page, several obligations, sizes of payloads, odd instants.
        let many: Vec<NewEvent> = (0..1_300).map(|n| {
            let mut one = event("progress", Some(ids[n % 2]));
            one.at = morning(3, 2) + chrono::TimeDelta::nanoseconds(1_234_567_891 * i64::try_from(n).unwrap());
            one.payload = serde_json::json!({ "quote": "đã xong \u{1}\"\\ 😀".repeat(n % 7), "n": n });
            one.source = (n % 3 == 0).then(|| format!("inbox:{n}"));
            one
        }).collect();
        append(&test.db, &many).await;
        let found = only(&test.db).await;
        assert_eq!((found.broken, found.head.count), (None, 1_302));
        for (hash, count, is_met) in [
            (noted.hash, Some(2), true),
            (noted.hash, None, true),
            (noted.hash, Some(3), false),
            (Hash([7; 32]), None, false),
        ] {
            let found = verify(&test.db, None, Some(Noted { hash, count })).await.unwrap();
            assert_eq!(found[0].is_noted_met, is_met);
            // A wrong count is a slip of the pen: the line is there.
            let at = (count == Some(3)).then_some(2);
            let expected = (!is_met && at.is_none()).then_some(Break::NotNoted { place: count });
            assert_eq!((&found[0].broken, found[0].noted_at), (&expected, at));
        }
    }

    async fn what_is_rolled_back_leaves_the_chain_as_it_was(test: TestDb) {
        four_lines(&test.db).await;
        let before = only(&test.db).await;
        let mut tx = test.db.begin().await.unwrap();
        events::append(&mut tx, &[event("done", None)]).await.unwrap();
        drop(tx);
        assert_eq!(only(&test.db).await, before);
        append(&test.db, &[event("done", None)]).await;
        let after = only(&test.db).await;
        assert_eq!((after.broken, after.head.count), (None, 5));
    }

    async fn each_plan_has_a_chain_of_its_own(test: TestDb) {
        four_lines(&test.db).await;
        other_plan(&test.db).await;
        let mut of_other = event("reloaded", None);
        of_other.plan = other();
        append(&test.db, &[event("reloaded", None), of_other.clone(), event("reloaded", None), of_other]).await;
        let found = verify(&test.db, None, None).await.unwrap();
        let counts: Vec<_> = found.iter().map(|one| (one.plan.as_str(), one.head.count, one.broken.clone())).collect();
        assert_eq!(counts, [("hue-2020", 2, None), ("quang-nam-2020", 6, None)]);
        let found = verify(&test.db, Some(&other()), None).await.unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(verify(&test.db, Some(&"none".into()), None).await.unwrap(), []);
    }

    async fn a_line_that_was_changed_is_named(test: TestDb) {
        let [_, second, ..] = four_lines(&test.db).await;
        let altered = Break::Altered { event: second };
        for column in [
            r#"payload = '{"document":"13/KH-SNV"}'"#,
            "at = (SELECT at FROM events ORDER BY id DESC LIMIT 1)",
            "actor = 'system'",
            "kind = 'reopened'",
            "source = 'inbox:9'",
            "obligation = (SELECT max(id) FROM obligations)",
            "obligation = NULL",
        ] {
            let test = fresh(&test).await;
            let [_, second, ..] = four_lines(&test.db).await;
            run(&test.db, &format!("UPDATE events SET {column} WHERE id = {second}")).await;
            assert_eq!(only(&test.db).await.broken, Some(Break::Altered { event: second }), "{column}");
        }
        run(&test.db, &format!("UPDATE seals SET agency = 'STP' WHERE event = {second}")).await;
        assert_eq!(only(&test.db).await.broken, Some(altered));
    }

    async fn a_line_that_was_moved_to_another_plan_is_named_there_where_it_is_missed(test: TestDb) {
        let [_, second, ..] = four_lines(&test.db).await;
        other_plan(&test.db).await;
        run(&test.db, &format!("UPDATE events SET plan = 'hue-2020' WHERE id = {second}")).await;
        let found = verify(&test.db, Some(&plan_id()), None).await.unwrap();
        assert_eq!(found[0].broken, Some(Break::Moved { event: second, to: "hue-2020".to_owned() }));
        // With its seal, too.
        run(&test.db, &format!("UPDATE seals SET plan = 'hue-2020', place = 1 WHERE event = {second}")).await;
        let found = verify(&test.db, None, None).await.unwrap();
        let broken: Vec<_> = found.into_iter().map(|one| one.broken).collect();
        assert_eq!(broken, [
            Some(Break::Altered { event: second }),
            Some(Break::Missing { place: 2, before: Some(second + 1) }),
        ]);
    }

    async fn a_line_that_is_gone_is_named(test: TestDb) {
        let [_, second, third, _] = four_lines(&test.db).await;
        run_unguarded(&test, &format!("DELETE FROM events WHERE id = {second}")).await;
        assert_eq!(only(&test.db).await.broken, Some(Break::Removed { event: second }));
        run(&test.db, &format!("DELETE FROM seals WHERE event = {second}")).await;
        let missing = Break::Missing { place: 2, before: Some(third) };
        assert_eq!(only(&test.db).await.broken, Some(missing));
    }

    async fn a_tail_that_was_cut_off_is_missed(test: TestDb) {
        let [_, _, third, _] = four_lines(&test.db).await;
        run(&test.db, &format!("DELETE FROM seals WHERE event >= {third}")).await;
        run(&test.db, &format!("DELETE FROM events WHERE id >= {third}")).await;
        let missing = Break::Missing { place: 3, before: None };
        assert_eq!(only(&test.db).await.broken, Some(missing));
        // The head was shortened with it, its hash was not.
        run(&test.db, "UPDATE heads SET count = 2").await;
        let broken = only(&test.db).await.broken;
        assert!(matches!(broken, Some(Break::HeadDiffers { .. })), "{broken:?}");
    }

    async fn lines_that_changed_places_are_named(test: TestDb) {
        let [_, second, third, _] = four_lines(&test.db).await;
        for (from, to) in [("2", "-1"), ("3", "2"), ("-1", "3")] {
            run(&test.db, &format!("UPDATE seals SET place = {to} WHERE place = {from}")).await;
        }
        assert_eq!(only(&test.db).await.broken, Some(Break::Altered { event: third }));
        for (from, to) in [("2", "-1"), ("3", "2"), ("-1", "3")] {
            run(&test.db, &format!("UPDATE seals SET place = {to} WHERE place = {from}")).await;
        }
        assert_eq!(only(&test.db).await.broken, None);
        // Their words alone.
        run(&test.db, &format!(
            "UPDATE events SET kind = (SELECT kind FROM events e WHERE e.id = {second} + {third} - events.id) WHERE id IN ({second}, {third})"
        )).await;
        assert_eq!(only(&test.db).await.broken, Some(Break::Altered { event: second }));
    }

    async fn a_line_that_was_put_in_is_named(test: TestDb) {
        let [_, second, ..] = four_lines(&test.db).await;
        run(&test.db, &format!(
            "INSERT INTO events (plan, obligation, at, actor, kind, payload) \
             SELECT plan, obligation, at, actor, 'accepted', payload FROM events WHERE id = {second}"
        )).await;
        let broken = only(&test.db).await.broken;
        assert!(matches!(broken, Some(Break::Unsealed { event }) if event > second + 2), "{broken:?}");
        // Nor does the next start take it in.
        test.db.migrate().await.unwrap();
        assert_eq!(only(&test.db).await.broken, broken);
    }

    async fn an_obligation_that_was_made_anothers_is_named(test: TestDb) {
        let [first, ..] = four_lines(&test.db).await;
        run(&test.db, "UPDATE obligations SET agency = 'STP' WHERE task = 'I.1'").await;
        let about = |agency: &str| Box::new(About {
            obligation: 1, task: "I.1".to_owned(), milestone: 1, agency: agency.to_owned(),
        });
        let Some(Break::Reassigned { event, was, now }) = only(&test.db).await.broken else {
            panic!("it holds");
        };
        assert_eq!((event, was, now), (first, about("SNV"), Some(about("STP"))));
    }

    async fn a_ledger_from_before_there_were_seals_is_sealed_once_at_the_next_start(test: TestDb) {
        let [first, ..] = four_lines(&test.db).await;
        let sealed = only(&test.db).await;
        as_the_migration_leaves_it(&test.db).await;
        let programs = (0..3).map(|_| {
            let url = test.url.clone();
            tokio::spawn(async move { Db::open(&url).await.unwrap().migrate().await.unwrap(); })
        });
        for program in programs.collect::<Vec<_>>() {
            program.await.unwrap();
        }
        assert_eq!(only(&test.db).await, sealed);
        // Whoever appends before that begins the chain.
        as_the_migration_leaves_it(&test.db).await;
        append(&test.db, &[event("done", None)]).await;
        let found = only(&test.db).await;
        assert_eq!((found.broken, found.head.count), (None, 5));
        run(&test.db, &format!("UPDATE events SET kind = 'reopened' WHERE id = {first}")).await;
        assert_eq!(only(&test.db).await.broken, Some(Break::Altered { event: first }));
    }

    async fn programs_that_append_at_once_make_one_chain(test: TestDb) {
        let ids = province(&test.db, 4).await;
        other_plan(&test.db).await;
        let mut programs = tokio::task::JoinSet::new();
        for program in 0..4_usize {
            let (url, ids) = (test.url.clone(), ids.clone());
            programs.spawn(async move {
                let db = Db::open(&url).await.unwrap();
                for round in 0..25_usize {
                    // Each in another order: of obligations and of plans.
                    let mut of_other = event("reloaded", None);
                    of_other.plan = other();
                    let mut lines: Vec<_> = ids.iter().map(|id| event("progress", Some(*id))).collect();
                    lines.insert(program, of_other);
                    lines.rotate_left((program + round) % 5);
                    let mut tx = db.begin().await.unwrap();
                    for line in &lines {
                        events::append(&mut tx, std::slice::from_ref(line)).await.unwrap();
                        tokio::task::yield_now().await;
                    }
                    tx.commit().await.unwrap();
                }
            });
        }
        programs.join_all().await;
        let found = verify(&test.db, None, None).await.unwrap();
        let counts: Vec<_> = found.iter().map(|one| (one.head.count, one.broken.clone())).collect();
        assert_eq!(counts, [(100, None), (400, None)]);
    }
}

/// One of two transactions that append to one plan waits for the other to commit, and goes on behind it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_place_in_the_chain_is_taken_when_its_transaction_commits() {
    let test = crate::support::db::postgres().await;
    let ids = province(&test.db, 1).await;
    let other = Db::open(&test.url).await.unwrap();
    let mut early = test.db.begin().await.unwrap();
    events::append(&mut early, &[event("done", Some(ids[0]))])
        .await
        .unwrap();
    // It does not wait for the one that has not committed.
    append(&other, &[event("reopened", Some(ids[0]))]).await;
    early.commit().await.unwrap();
    let mut tx = reading(&test.db).await;
    let places = dondoc::store::chain::list(&mut tx, &plan_id(), 0)
        .await
        .unwrap();
    let events: Vec<i64> = places.iter().map(|sealed| sealed.event).collect();
    assert_eq!(events, [2, 1], "in the order of commits");
    assert_eq!(only(&test.db).await.broken, None);
}

/// A file takes any value in any column.
#[tokio::test]
async fn a_line_that_cannot_be_read_is_named() {
    for change in ["at = 'yesterday'", "payload = x'ff'"] {
        let test = crate::support::db::sqlite().await;
        let [_, second, ..] = four_lines(&test.db).await;
        run(
            &test.db,
            &format!("UPDATE events SET {change} WHERE id = {second}"),
        )
        .await;
        let unreadable = Break::Unreadable { event: second };
        assert_eq!(only(&test.db).await.broken, Some(unreadable), "{change}");
    }
}

/// The tables as the last program without seals left them, with what it wrote.
const OLD_LINES: &str = "
    INSERT INTO plans (id, number, title, issued_on, year, fingerprint, loaded_at)
        VALUES ('quang-nam-2020', '4353', 'KH', '2019-12-31', 2020, 'a', '2020-01-02 00:00:00+00:00');
    INSERT INTO obligations (plan, task, milestone, agency, kind, state)
        VALUES ('quang-nam-2020', 'I.1', 1, 'SNV', 'due', 'open');
    INSERT INTO events (plan, obligation, at, actor, kind, payload)
        SELECT 'quang-nam-2020', id, '2020-03-02 00:30:00.123456789+00:00', 'operator', 'done', '{}' FROM obligations;
    INSERT INTO events (plan, obligation, at, actor, kind, payload)
        VALUES ('quang-nam-2020', NULL, '2020-03-02 00:31:00+00:00', 'system', 'reloaded', '{}');";

async fn assert_sealed(url: &str) {
    let db = Db::open(url).await.unwrap();
    db.migrate().await.unwrap();
    append(&db, &[event("done", None)]).await;
    let found = only(&db).await;
    assert_eq!((found.broken, found.head.count), (None, 3));
}

#[tokio::test]
async fn a_file_from_before_there_were_seals_is_sealed_when_it_is_migrated() {
    let folder = tempfile::tempdir().unwrap();
    let url = folder.path().join("dondoc.db").to_str().unwrap().to_owned();
    drop(Db::open(&url).await.unwrap());
    let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
    let migrations = sqlx::migrate!("src/store/migrations/sqlite");
    migrations
        .run_direct(Some(5), &mut connection, false)
        .await
        .unwrap();
    sqlx::raw_sql(OLD_LINES)
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    assert_sealed(&url).await;
}

#[tokio::test]
async fn a_server_from_before_there_were_seals_is_sealed_when_it_is_migrated() {
    let url = crate::support::db::empty_postgres().await;
    let mut connection = sqlx::PgConnection::connect(&url).await.unwrap();
    let migrations = sqlx::migrate!("src/store/migrations/postgres");
    migrations
        .run_direct(Some(5), &mut connection, false)
        .await
        .unwrap();
    sqlx::raw_sql(OLD_LINES)
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    assert_sealed(&url).await;
}

/// The one plan of the database.
async fn only(db: &Db) -> Verified {
    let found = verify(db, Some(&plan_id()), None).await.unwrap();
    let [one] = found.try_into().unwrap();
    one
}

async fn append(db: &Db, lines: &[NewEvent]) {
    let mut tx = db.begin().await.unwrap();
    events::append(&mut tx, lines).await.unwrap();
    tx.commit().await.unwrap();
}

/// Four lines about two obligations, in two transactions; their numbers.
async fn four_lines(db: &Db) -> [i64; 4] {
    let ids = province(db, 2).await;
    let line = |kind: &str, id, day| NewEvent {
        at: morning(3, day),
        ..event(kind, Some(id))
    };
    append(
        db,
        &[line("progress", ids[0], 2), line("blocked", ids[0], 3)],
    )
    .await;
    append(db, &[line("extension", ids[0], 4), line("done", ids[0], 5)]).await;
    let mut tx = reading(db).await;
    let all = events::list_of_obligation(&mut tx, ids[0]).await.unwrap();
    let numbers: Vec<i64> = all.iter().map(|event| event.id).collect();
    numbers.try_into().unwrap()
}

fn other() -> PlanId {
    "hue-2020".into()
}

async fn other_plan(db: &Db) {
    let mut plan = loaded_plan("a");
    plan.id = other();
    let mut tx = db.begin().await.unwrap();
    plans::upsert(&mut tx, &plan).await.unwrap();
    tx.commit().await.unwrap();
}

/// Another database of the same kind.
async fn fresh(test: &TestDb) -> TestDb {
    match test.db {
        Db::Sqlite(_) => crate::support::db::sqlite().await,
        Db::Postgres(_) => crate::support::db::postgres().await,
    }
}

async fn as_the_migration_leaves_it(db: &Db) {
    run(db, "DELETE FROM seals").await;
    run(db, "UPDATE heads SET count = 0, hash = NULL").await;
}

async fn run(db: &Db, sql: &str) {
    tamper(db, sql).await;
}

/// As somebody would who does not care for foreign keys.
async fn run_unguarded(test: &TestDb, sql: &str) {
    let guard_off = match test.db {
        Db::Sqlite(_) => {
            tamper(&test.db, "SELECT 1").await;
            "PRAGMA foreign_keys = OFF"
        }
        Db::Postgres(_) => "SET session_replication_role = replica",
    };
    let sql = AssertSqlSafe(format!("{guard_off}; {sql}"));
    let url = &test.url;
    if let Db::Sqlite(_) = test.db {
        let mut connection = sqlx::SqliteConnection::connect(url).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    } else {
        let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    }
}
