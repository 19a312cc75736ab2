//! What nobody answered, told apart from what nobody could have answered.

use super::*;
use crate::app::open;
use crate::domain::delivery::Channel;
use crate::domain::digest::{Amended, Completed, Numbers};
use crate::domain::directory::Role;
use crate::domain::history::Saying;
use crate::domain::ids::{MilestoneId, ObligationId};

fn day(date: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2020, 4, date).unwrap()
}

fn line(agency: &str, is_answered: bool) -> Line {
    let said = is_answered.then(|| Saying {
        on: day(8),
        blocked: false,
        takes_back: None,
        returned: None,
        quote: "đang trình".to_owned(),
    });
    Line {
        obligation: ObligationId(1),
        milestone: MilestoneId {
            task: "II.2".into(),
            number: 1,
        },
        agency: agency.into(),
        due_on: Some(day(1)),
        days_late: 5,
        said,
        later: None,
        is_same: false,
        refused: None,
        pending: None,
        asked: None,
        asked_by: None,
    }
}

fn late(agency: &str, answered: &[bool]) -> LateAgency {
    LateAgency {
        agency: agency.into(),
        lines: answered.iter().map(|is| line(agency, *is)).collect(),
    }
}

/// Three agencies of which nobody could have answered, and one that kept silent.
fn week() -> Week {
    Week {
        digest: Digest {
            span: Span::between(day(6), day(13)),
            now: Numbers::default(),
            before: None,
            completed: Completed::default(),
            amended: Amended::default(),
            newly_late: vec![late("STP", &[false, true]), late("STC", &[false])],
            long_late: vec![late("SXD", &[false])],
            unchanged: vec![
                late("SYT", &[false, false, true]),
                late("SGDĐT", &[true]),
                late("SCT", &[false]),
            ],
            difficulties: Vec::new(),
            disowned: Vec::new(),
            decisions: Vec::new(),
            due_soon: Vec::new(),
        },
        today: day(13),
        findings: Vec::new(),
        unreachable: Vec::new(),
        transfers: Vec::new(),
        unheard: BTreeMap::from([
            ("STP".into(), Gap::Nobody),
            ("SYT".into(), Gap::Away),
            ("SXD".into(), Gap::Unreachable),
        ]),
        untold: Untold::default(),
        sent: 0,
        failed: 0,
        is_one_of_several: false,
    }
}

#[test]
fn who_has_nobody_is_away_or_out_of_reach_could_not_answer_and_the_others_could() {
    let week = week();
    for (agency, why) in [
        ("STP", "nobody"),
        ("SYT", "away"),
        ("SXD", "unreachable"),
        ("STC", ""),
    ] {
        assert_eq!(week.unheard(&line(agency, false)), why, "{agency}");
    }
}

#[test]
fn of_what_could_not_be_answered_only_what_was_not_is_counted() {
    let loaded = open::load(None).unwrap();
    let charge = &loaded.setup.charges[0];
    let reader = Contact {
        id: "snv.officer".into(),
        agency: "SNV".into(),
        role: Role::Officer,
        title: "Chuyên viên".to_owned(),
        channels: Vec::new(),
    };
    let context = week().context(charge, &reader, Audience::Monitor, DigestFiles::None);
    assert_eq!(
        context.unheard,
        1 + 2,
        "one of STP's two, two of SYT's three"
    );
    assert_eq!(context.unreached, 1, "SXD");
    assert_eq!(context.long_late[0].unheard, "unreachable");
    let owing = &context.newly_late[0].agencies;
    let why: Vec<&str> = owing.iter().map(|one| one.unheard.as_str()).collect();
    assert_eq!(why, ["nobody", "nobody", ""]);
    let [unchanged] = &context.unchanged[..] else {
        panic!("{:#?}", context.unchanged)
    };
    assert_eq!(
        (unchanged.count, unchanged.mute, unchanged.days_late),
        (5, 2, 5)
    );
    assert!(unchanged.names.is_empty(), "too many for one line");
    // What is late for long, with news or without: the chat names who owes most of it.
    let (long, worst) = (&context.long, &context.long.worst);
    assert_eq!((long.count, long.agencies, worst.len()), (6, 4, 3));
    assert_eq!((worst[0].name.as_str(), worst[0].count), ("Sở Y tế", 3));
    let told = loaded
        .setup
        .messages
        .render_digest(context, Channel::Telegram);
    let told = told.unwrap().text;
    let line =
        "Quá hạn kéo dài: 6 việc của 4 cơ quan; lâu nhất: Sở Y tế (3 việc, 5 ngày làm việc); ";
    assert!(told.contains(line), "{told}");
}
