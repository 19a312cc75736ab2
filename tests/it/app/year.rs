//! The whole year, replayed.

use dondoc::app::simulate::answers::Manner;
use dondoc::app::simulate::{Answers, Options, Replay, promises, simulate, simulate_on};
use dondoc::clock::local;
use dondoc::domain::directory::Role;

use super::schedules::{setup_under, shipped};
use super::stage::{day, loaded};

fn options(manner: Manner, seed: u64, from: &str, to: &str) -> Options {
    Options {
        from: day(from),
        to: day(to),
        answers: Answers::Manner(manner),
        seed,
    }
}

async fn replay(manner: Manner, seed: u64, from: &str, to: &str) -> Replay {
    let loaded = loaded();
    let options = options(manner, seed, from, to);
    simulate(loaded.setup, &loaded.contacts, options, |_| ())
        .await
        .unwrap()
}

#[tokio::test]
async fn the_year_2020_keeps_its_promises_however_people_answer() {
    let setup = loaded().setup;
    for manner in [Manner::Silent, Manner::Mixed] {
        let replay = replay(manner, 7, "2019-12-31", "2020-12-31").await;
        let found = promises::check(&replay, &setup.ladder, &setup.calendar);
        assert_eq!((found.untimely, found.doubled), (0, 0), "{manner:?}");
        assert_eq!(found.neglected, [], "{manner:?}");
        assert_eq!(
            found.findings,
            [],
            "{manner:?}: the auditor has nothing to say"
        );
        assert!(
            replay.arrived.len() > 1000,
            "{manner:?}: {} messages",
            replay.arrived.len()
        );
    }
}

/// Tết, the plan of 30 days and its escalation. The year itself is replayed in memory only.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stretch_of_the_year_is_told_alike_on_postgresql() {
    let texts = |replay: Replay| {
        let mut told: Vec<_> = replay
            .arrived
            .into_iter()
            .map(|one| (one.at, one.contact, one.text))
            .collect();
        told.sort();
        told
    };
    let loaded = loaded();
    let options = options(Manner::Mixed, 5, "2020-01-13", "2020-02-07");
    let test = crate::support::db::postgres().await;
    let there = simulate_on(
        test.db,
        loaded.setup.clone(),
        &loaded.contacts,
        options.clone(),
        |_| (),
    );
    let there = there.await.unwrap();
    let here = simulate(loaded.setup, &loaded.contacts, options, |_| ());
    let here = here.await.unwrap();
    assert!(there.arrived.len() > 100, "{}", there.arrived.len());
    assert_eq!(texts(there), texts(here));
}

#[tokio::test]
async fn the_same_seed_gives_the_same_year_and_another_seed_another() {
    let texts = |replay: Replay| {
        replay
            .arrived
            .into_iter()
            .map(|one| (one.at, one.contact, one.text))
            .collect::<Vec<_>>()
    };
    let first = texts(replay(Manner::Mixed, 3, "2020-01-01", "2020-04-30").await);
    let again = texts(replay(Manner::Mixed, 3, "2020-01-01", "2020-04-30").await);
    let other = texts(replay(Manner::Mixed, 4, "2020-01-01", "2020-04-30").await);
    assert_eq!(first, again);
    assert_ne!(first, other);
}

#[tokio::test]
async fn the_last_week_of_the_30_day_plan_is_told_before_tet() {
    let replay = replay(Manner::Silent, 1, "2019-12-31", "2020-01-31").await;
    for agency in ["STP", "TAMKY"] {
        let days: Vec<String> = replay
            .arrived
            .iter()
            .filter(|message| message.agency.as_str() == agency && message.role == Role::Officer)
            .filter(|message| {
                message
                    .items
                    .iter()
                    .any(|item| item.task.as_str() == "IV.1.b")
            })
            .map(|message| local(message.at).date().to_string())
            .collect();
        let expected = [
            "2020-01-02",
            "2020-01-14",
            "2020-01-16",
            "2020-01-20",
            "2020-01-22",
            "2020-01-30",
            "2020-01-31",
        ];
        assert_eq!(days, expected, "{agency}");
    }
}

#[tokio::test]
async fn the_monitor_hears_from_the_third_day_late_and_the_leader_from_the_tenth() {
    let replay = replay(Manner::Silent, 1, "2020-01-01", "2020-02-20").await;
    let first = |contact: &str| {
        let told = replay.arrived.iter().find(|message| {
            message.contact.as_str() == contact
                && message
                    .items
                    .iter()
                    .any(|item| item.agency.as_str() == "STP")
        });
        told.map(|message| local(message.at).date().to_string())
    };
    assert_eq!(first("snv.officer").as_deref(), Some("2020-02-04"));
    assert_eq!(first("ubnd.head").as_deref(), Some("2020-02-13"));
}

/// The day on which a province may well begin: a Monday in mid-year.
#[tokio::test]
async fn a_replay_that_begins_in_mid_year_is_a_first_start() {
    let setup = loaded().setup;
    let replay = replay(Manner::Silent, 1, "2020-06-29", "2020-07-28").await;
    let found = promises::check(&replay, &setup.ladder, &setup.calendar);
    assert!(found.are_kept(), "{found:#?}");
    let first = |contact: &str| {
        let told = replay.arrived.iter().find(|message| {
            let due_before = |one: &dondoc::app::simulate::ArrivedItem| {
                one.agency.as_str() == "STP" && one.due_on < Some(day("2020-06-29"))
            };
            message.contact.as_str() == contact && message.items.iter().any(due_before)
        });
        told.map(|message| local(message.at).date().to_string())
    };
    assert_eq!(first("stp.officer").as_deref(), Some("2020-06-29"));
    assert_eq!(first("stp.head").as_deref(), Some("2020-07-14"));
    assert_eq!(first("snv.officer").as_deref(), Some("2020-07-16"));
    assert_eq!(first("ubnd.head").as_deref(), Some("2020-07-27"));
}

#[tokio::test]
async fn a_digest_is_replayed_at_its_own_hour() {
    let mut setup = setup_under(shipped());
    setup.jobs.digest = "0 0 14 * * Mon".parse().unwrap();
    let options = options(Manner::Mixed, 7, "2020-03-02", "2020-03-20");
    let replay = simulate(setup.into(), &loaded().contacts, options, |_| ())
        .await
        .unwrap();
    let at = |kind| {
        let found = replay.arrived.iter().filter(move |one| one.kind == kind);
        let times = found.map(|one| local(one.at).format("%a %H:%M").to_string());
        times.collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!(at("digest"), ["Mon 14:00".to_owned()].into());
    assert!(
        at("brief").iter().all(|one| one.ends_with("07:30")),
        "{:?}",
        at("brief")
    );
}
