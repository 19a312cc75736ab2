//! What holds for every ledger.

use proptest::prelude::*;

use super::*;

const CODES: [&str; 4] = ["STP", "STC", "SXD", "TAMKY"];

/// Days from the first of January.
fn at(offset: u64) -> NaiveDate {
    day(1, 1) + chrono::Days::new(offset)
}

prop_compose! {
    fn one()(
        agency in 0..CODES.len(),
        due in 0_u64..120,
        done in proptest::option::of(0_u64..150),
        said in proptest::option::of(0_u64..150),
        extended in proptest::option::of((0_u64..120, 1_u64..40)),
        is_report in any::<bool>(),
        task in prop_oneof![Just("II.2"), Just("IV.1.b")],
    ) -> (Written, Option<u64>) {
        let mut one = owed(1, CODES[agency], at(due)).task(task);
        if is_report {
            one = one.report();
        }
        if let Some(said) = said {
            one = one.said(at(said));
        }
        if let Some((on, more)) = extended {
            one = one.extended(at(on), at(due + more));
        }
        (one, done)
    }
}

prop_compose! {
    fn province()(found in proptest::collection::vec(one(), 0..24)) -> Vec<(Written, Option<u64>)> {
        let numbered = found.into_iter().enumerate();
        numbered
            .map(|(at, (mut one, done))| {
                let number = at + 1;
                one.obligation.id = ObligationId(i64::try_from(number).unwrap());
                one.obligation.milestone.number = u16::try_from(number).unwrap();
                (one, done)
            })
            .collect()
    }
}

fn finished(province: &[(Written, Option<u64>)]) -> Vec<Written> {
    let each = province.iter().cloned();
    each.map(|(one, done)| match done {
        Some(done) => one.done(at(done)),
        None => one,
    })
    .collect()
}

fn counted(written: &[Written], on: u64) -> Ranking {
    ranked(written, &rules(), quarter(1), at(on))
}

const WORDS: [Standing; 4] = [
    Standing::DoneOnTime,
    Standing::DoneLate,
    Standing::OpenOnTime,
    Standing::OpenLate,
];

proptest! {
    #[test]
    fn the_four_shares_are_the_whole(province in province(), on in 0_u64..150) {
        let ranking = counted(&finished(&province), on);
        for score in ranking.scores() {
            let shares = WORDS.map(|word| score.share(word));
            prop_assert_eq!(shares.iter().map(|one| one.part).sum::<u64>(), shares[0].whole);
            prop_assert_eq!(WORDS.map(|word| score.count(word)).iter().sum::<usize>(), score.marks.len());
        }
        let marks: usize = ranking.scores().map(|score| score.marks.len()).sum();
        prop_assert!(marks + ranking.left_out.len() <= province.len());
    }

    #[test]
    fn nothing_scored_has_no_points_and_anything_has_some_of_a_hundred(province in province(), on in 0_u64..150) {
        for score in counted(&finished(&province), on).scores() {
            prop_assert_eq!(score.points().is_some(), score.due() > 0);
            prop_assert!(score.points().is_none_or(|points| points <= Points::whole(100)));
        }
    }

    #[test]
    fn a_later_completion_never_raises_a_score(
        province in province(),
        which in any::<prop::sample::Index>(),
        later in 1_u64..60,
        on in 0_u64..150,
    ) {
        if province.is_empty() {
            return Ok(());
        }
        let which = which.index(province.len());
        let mut delayed = province.clone();
        let Some(done) = province[which].1 else { return Ok(()) };
        delayed[which].1 = Some(done + later);
        let agency = &province[which].0.obligation.agency;
        let points = |province: &[(Written, Option<u64>)]| {
            let ranking = counted(&finished(province), on);
            ranking.find(agency).and_then(|(score, _)| score.points())
        };
        if let (Some(before), Some(after)) = (points(&province), points(&delayed)) {
            prop_assert!(after <= before, "{} became {}", before, after);
        }
    }

    #[test]
    fn the_order_of_the_obligations_changes_nothing(
        (province, shuffled) in province().prop_flat_map(|one| (Just(one.clone()), Just(one).prop_shuffle())),
        on in 0_u64..150,
    ) {
        prop_assert_eq!(counted(&finished(&province), on), counted(&finished(&shuffled), on));
    }

    #[test]
    fn the_rank_follows_the_points(province in province(), on in 0_u64..150) {
        for table in counted(&finished(&province), on).tables {
            for (one, other) in table.places.iter().zip(&table.places[1..]) {
                prop_assert!(one.points >= other.points);
                prop_assert_eq!(one.points == other.points, one.rank == other.rank);
                prop_assert!(one.rank <= other.rank);
            }
            for one in &table.places {
                let better = table.places.iter().filter(|other| other.points > one.points);
                prop_assert_eq!(one.rank, better.count() + 1);
                let same = table.places.iter().filter(|other| other.rank == one.rank).count();
                prop_assert_eq!(one.is_shared, same > 1);
            }
        }
    }
}
