use super::*;
use crate::app::amend::Unowed;
use crate::domain::ids::{MilestoneId, ObligationId};
use crate::domain::obligation::State;
use crate::domain::plan::MilestoneKind;

fn owed() -> Obligation {
    Obligation {
        id: ObligationId(1),
        plan: "qnam-2020".into(),
        milestone: MilestoneId {
            task: "II.2".into(),
            number: 1,
        },
        agency: "STTTT".into(),
        kind: MilestoneKind::Due,
        opens_on: None,
        due_on: None,
        original_due_on: None,
        act_by: None,
        state: State::Open,
        done_on: None,
        pending: None,
        snoozed_until: None,
        taken_from: None,
        watch: None,
    }
}

fn given(task: &str, due_on: Option<NaiveDate>, heirs: &[&str]) -> Effect {
    let mut before = owed();
    before.milestone.task = task.into();
    before.due_on = due_on;
    Effect {
        after: Ok(before.clone()),
        before,
        was_given_to: Vec::new(),
        given: heirs
            .iter()
            .map(|heir| ((*heir).into(), Fate::TakenOver))
            .collect(),
        raised: Vec::new(),
        asked: None,
    }
}

#[test]
fn who_ends_and_how_much_goes_to_whom_is_said_before_each_of_it() {
    let day = |month| NaiveDate::from_ymd_opt(2020, month, 15);
    let effects = [
        given("II.1", None, &["SNV"]),
        given("II.2", day(9), &["SNV"]),
        given("II.3", day(4), &["SNV"]),
    ];
    let agency = owed().agency;
    let number = owed().milestone.number;
    let due = format!("first due: II.3/{number} due 2020-04-15, II.2/{number} due 2020-09-15");
    assert_eq!(
        ways(effects.iter(), Some(&agency)),
        [format!(
            "{agency} ends, and is merged into SNV: 3 obligations go there; {due}"
        )]
    );
    assert_eq!(
        ways(effects.iter(), None),
        [format!("of {agency}, 3 obligations go to SNV; {due}")]
    );
    let split = [given("VI.5", None, &["STP", "SNV"])];
    assert_eq!(
        ways(split.iter(), Some(&agency)),
        [format!(
            "{agency} ends, and is split: 1 obligation goes to STP and SNV"
        )]
    );
}

#[test]
fn what_nobody_named_owes_is_named_in_a_line() {
    let of = |task: Option<(&str, Option<u16>)>, agencies: &[&str]| {
        left_out(&Unowed {
            task: task.map(|(task, number)| (task.into(), number)),
            agencies: agencies.iter().map(|one| (*one).into()).collect(),
        })
    };
    for (said, line) in [
        (
            of(Some(("VII.12", None)), &["STTTT"]),
            "STTTT owes nothing of VII.12",
        ),
        (
            of(Some(("II.2", Some(1))), &["STP", "STC"]),
            "STP, STC owe nothing of II.2/1",
        ),
        (of(None, &["STP"]), "STP owes nothing of the plan"),
        (
            of(Some(("VII.12", None)), &[]),
            "nobody owes anything of VII.12",
        ),
    ] {
        assert_eq!(said, format!("left out: {line}"));
    }
}
