//! Who decides, as plans name them.

use super::*;
use crate::domain::amendment::Kind;
use crate::domain::ladder::Audience;
use crate::domain::plan::{Acceptance, Before, Plan};
use crate::domain::resolution::Decides;

fn plan(decides: Decides) -> Plan {
    Plan {
        id: "quang-nam-2020".into(),
        number: "4353/QĐ-UBND".to_owned(),
        title: String::new(),
        issued_on: NaiveDate::from_ymd_opt(2019, 12, 31).unwrap(),
        year: 2020,
        issuer: "UBND".into(),
        monitor: "SNV".into(),
        before: Before::default(),
        acceptance: Acceptance::default(),
        extensions: Policy {
            decides,
            ..Policy::default()
        },
        groups: Vec::new(),
        tasks: Vec::new(),
    }
}

fn contact(agency: &str, role: Role) -> Contact {
    Contact {
        id: "one".into(),
        agency: agency.into(),
        role,
        title: String::new(),
        channels: Vec::new(),
    }
}

/// Everybody who could be thought to decide.
const PEOPLE: [(&str, Role); 8] = [
    ("SNV", Role::Officer),
    ("SNV", Role::Head),
    ("SNV", Role::Deputy),
    ("UBND", Role::Officer),
    ("UBND", Role::Head),
    ("UBND", Role::Deputy),
    ("STP", Role::Head),
    ("STP", Role::Officer),
];

/// Who of them decides, in the order of the list.
fn deciding(decides: Decides, on: Pending, owing: &str) -> Vec<(&'static str, Role)> {
    let plan = plan(decides);
    let may = |(agency, role): &(&str, Role)| {
        may_decide(&contact(agency, *role), &plan, on, &owing.into())
    };
    PEOPLE.into_iter().filter(may).collect()
}

#[test]
fn a_plan_names_who_decides_and_nobody_grants_what_they_asked_for() {
    let heads = |agency| vec![(agency, Role::Head), (agency, Role::Deputy)];
    let monitor = [vec![("SNV", Role::Officer)], heads("SNV")].concat();
    let extension = |decides, owing| deciding(decides, Pending::Extension, owing);
    assert_eq!(extension(Decides::Monitor, "STP"), monitor);
    assert_eq!(extension(Decides::Monitor, "SNV"), heads("SNV"));
    for owing in ["STP", "SNV", "UBND"] {
        assert_eq!(extension(Decides::MonitorHead, owing), heads("SNV"));
        assert_eq!(extension(Decides::Leader, owing), heads("UBND"));
    }
    // Completions are the monitor's matter, whoever decides on more time.
    for decides in [Decides::Monitor, Decides::MonitorHead, Decides::Leader] {
        assert_eq!(deciding(decides, Pending::Acceptance, "STP"), monitor);
        assert_eq!(deciding(decides, Pending::Acceptance, "SNV"), heads("SNV"));
    }
}

#[test]
fn who_decides_hears_of_it_in_their_capacity_and_is_named() {
    for (decides, audience, named) in [
        (Decides::Monitor, Audience::Monitor, "SNV"),
        (
            Decides::MonitorHead,
            Audience::Monitor,
            "the head or a deputy of SNV",
        ),
        (
            Decides::Leader,
            Audience::Leader,
            "the head or a deputy of UBND",
        ),
    ] {
        let plan = plan(decides);
        let deciders = who_decides(&plan, Pending::Extension, &"STP".into());
        assert_eq!(
            (deciders.audience, deciders.to_string().as_str()),
            (audience, named)
        );
    }
}

#[test]
fn whoever_decides_on_anything_has_a_say() {
    let with_a_say = |decides| {
        let plan = plan(decides);
        let has = |(agency, role): &(&str, Role)| has_a_say(&contact(agency, *role), &plan);
        PEOPLE.into_iter().filter(has).collect::<Vec<_>>()
    };
    let monitor = &PEOPLE[..3];
    assert_eq!(with_a_say(Decides::Monitor), monitor);
    assert_eq!(with_a_say(Decides::MonitorHead), monitor);
    let leaders = &[("UBND", Role::Head), ("UBND", Role::Deputy)];
    assert_eq!(
        with_a_say(Decides::Leader),
        [monitor, leaders.as_slice()].concat()
    );
}

#[test]
fn a_document_is_of_whoever_decides_on_the_like_or_of_the_leader_who_signs_it() {
    let amending = |decides, kind| {
        let plan = plan(decides);
        let may = |(agency, role): &(&str, Role)| {
            let contact = contact(agency, *role);
            let amend = who_amends(&plan, kind, &"STP".into());
            amend.iter().any(|one| one.include(&contact))
        };
        PEOPLE.into_iter().filter(may).collect::<Vec<_>>()
    };
    let leaders = [("UBND", Role::Head), ("UBND", Role::Deputy)];
    let monitor = [&PEOPLE[..3], &leaders].concat();
    assert_eq!(amending(Decides::Monitor, Kind::Due), monitor);
    assert_eq!(amending(Decides::Leader, Kind::Due), leaders);
    assert_eq!(amending(Decides::Leader, Kind::Suspended), monitor);
}
