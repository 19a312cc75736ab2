use super::*;

const PLAN: &str = "quang-nam-2020";

fn about(agency: &str) -> About {
    About {
        obligation: 5,
        task: "II.2".to_owned(),
        milestone: 1,
        agency: agency.to_owned(),
    }
}

fn line(event: i64) -> Line {
    Line {
        event,
        plan: PLAN.to_owned(),
        about: Some(about("STP")),
        at: event * 1_000_000,
        actor: "contact:stp.officer".to_owned(),
        kind: "done".to_owned(),
        payload: "{}".to_owned(),
        source: None,
    }
}

/// A chain of so many lines, numbered 10, 11, …
fn chain(count: i64) -> (Vec<Sealed>, Head) {
    let mut head = Head::EMPTY;
    let sealed = (1..=count).map(|place| {
        let line = line(9 + place);
        let hash = line.hash(&head.hash, place);
        head = Head { count: place, hash };
        Sealed {
            place,
            event: line.event,
            hash: Some(hash),
            now: line.about.clone(),
            line: Found::Line(line),
        }
    });
    (sealed.collect(), head)
}

fn walked(sealed: &[Sealed], said: Head) -> Result<Head, Break> {
    let mut walk = Walk::new(PLAN.to_owned(), None);
    for one in sealed {
        walk.step(one)?;
    }
    walk.end(said)?;
    Ok(walk.head())
}

#[track_caller]
fn assert_breaks(change: impl FnOnce(&mut Vec<Sealed>, &mut Head), expected: Break) {
    let (mut sealed, mut head) = chain(4);
    change(&mut sealed, &mut head);
    assert_eq!(walked(&sealed, head), Err(expected));
}

fn change_line(sealed: &mut [Sealed], at: usize, change: impl FnOnce(&mut Line)) {
    match &mut sealed[at].line {
        Found::Line(line) => change(line),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_whole_chain_holds_to_its_head() {
    let (sealed, head) = chain(4);
    assert_eq!(walked(&sealed, head), Ok(head));
    assert_eq!(walked(&[], Head::EMPTY), Ok(Head::EMPTY));
}

#[test]
fn a_line_that_was_changed_is_named() {
    let altered = Break::Altered { event: 11 };
    assert_breaks(
        |all, _| change_line(all, 1, |line| line.payload.push(' ')),
        altered.clone(),
    );
    assert_breaks(
        |all, _| change_line(all, 1, |line| line.at += 1),
        altered.clone(),
    );
    assert_breaks(
        |all, _| {
            change_line(all, 1, |line| {
                line.about.as_mut().unwrap().obligation = 6;
            });
        },
        altered.clone(),
    );
    assert_breaks(|all, _| all[1].hash = None, altered);
    let moved = Break::Moved {
        event: 11,
        to: "hue-2020".to_owned(),
    };
    assert_breaks(
        |all, _| change_line(all, 1, |line| line.plan = "hue-2020".to_owned()),
        moved,
    );
    assert_breaks(
        |all, _| all[1].line = Found::Unreadable,
        Break::Unreadable { event: 11 },
    );
}

#[test]
fn a_hash_made_anew_breaks_the_next_line() {
    let made_anew = |all: &mut Vec<Sealed>, _: &mut Head| {
        let before = all[0].hash.unwrap();
        let mut changed = line(11);
        changed.kind = "reopened".to_owned();
        all[1].hash = Some(changed.hash(&before, 2));
        all[1].line = Found::Line(changed);
    };
    assert_breaks(made_anew, Break::Altered { event: 12 });
}

#[test]
fn a_line_that_is_gone_is_named() {
    assert_breaks(
        |all, _| all[1].line = Found::Gone,
        Break::Removed { event: 11 },
    );
    let missing = |place, before| Break::Missing { place, before };
    assert_breaks(|all, _| drop(all.remove(1)), missing(2, Some(12)));
    assert_breaks(|all, _| drop(all.remove(0)), missing(1, Some(11)));
    assert_breaks(|all, _| drop(all.pop()), missing(4, None));
}

#[test]
fn lines_that_changed_places_are_named() {
    let swapped = |all: &mut Vec<Sealed>, _: &mut Head| {
        all.swap(1, 2);
        (all[1].place, all[2].place) = (2, 3);
    };
    assert_breaks(swapped, Break::Altered { event: 12 });
}

#[test]
fn an_obligation_that_became_anothers_is_named() {
    let reassigned = Break::Reassigned {
        event: 11,
        was: Box::new(about("STP")),
        now: Some(Box::new(about("SNV"))),
    };
    assert_breaks(|all, _| all[1].now = Some(about("SNV")), reassigned);
}

#[test]
fn a_head_that_does_not_fit_is_named() {
    let (_, found) = chain(4);
    let shorter = Head { count: 3, ..found };
    let said = shorter;
    assert_breaks(|_, head| *head = said, Break::HeadDiffers { said, found });
    let said = Head {
        count: 4,
        hash: Hash([1; 32]),
    };
    assert_breaks(|_, head| *head = said, Break::HeadDiffers { said, found });
}

#[test]
fn a_noted_head_is_met_where_it_was() {
    let (sealed, _) = chain(4);
    let third = sealed[2].hash.unwrap();
    for (hash, count, is_met) in [
        (third, None, true),
        (third, Some(3), true),
        (third, Some(2), false),
        (Hash([1; 32]), None, false),
    ] {
        let mut walk = Walk::new(PLAN.to_owned(), Some(Noted { hash, count }));
        for one in &sealed {
            walk.step(one).unwrap();
        }
        assert_eq!(walk.is_noted_met(), is_met, "{count:?}");
    }
}
