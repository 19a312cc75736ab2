//! What Dondoc promises, checked on a replay.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;

use super::{Arrived, Replay};
use crate::clock::local;
use crate::domain::calendar::Calendar;
use crate::domain::directory::Role;
use crate::domain::finding::Finding;
use crate::domain::ids::ObligationId;
use crate::domain::ladder::Ladder;
use crate::domain::obligation::Obligation;
use crate::domain::plan::MilestoneKind;

/// How often each promise was broken; all zero when all were kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Promises {
    /// Messages that left on a day off or outside the hours.
    pub untimely: usize,
    /// Second briefs to one person on one day.
    pub doubled: usize,
    /// Due obligations, still open on `act_by`, of which the officer was told fewer than twice before it.
    pub neglected: Vec<Neglected>,
    /// The same, but the window has fewer than two working days before `act_by`.
    pub too_short: Vec<Neglected>,
    /// What the auditor found to be owed without a delivery and without a reason.
    pub findings: Vec<Finding>,
}

impl Promises {
    /// Whether all were kept; a window that is too short for two reminders breaks none.
    #[must_use]
    pub fn are_kept(&self) -> bool {
        self.untimely == 0
            && self.doubled == 0
            && self.neglected.is_empty()
            && self.findings.is_empty()
    }
}

/// An obligation of which the officer was hardly told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Neglected {
    /// Which.
    pub obligation: Obligation,
    /// On how many days before `act_by` the officer was told.
    pub reminders: usize,
    /// Working days in the window before `act_by`.
    pub working_days: i64,
}

/// Checks the promises on a replay.
#[must_use]
pub fn check(replay: &Replay, ladder: &Ladder, calendar: &Calendar) -> Promises {
    let mut promises = Promises {
        untimely: replay
            .arrived
            .iter()
            .filter(|message| !is_timely(message, ladder, calendar))
            .count(),
        doubled: doubled(&replay.arrived),
        findings: replay.findings.clone(),
        ..Promises::default()
    };
    let told = days_told(&replay.arrived);
    for obligation in &replay.obligations {
        let Some((working_days, reminders)) = reminders(obligation, replay, &told, calendar) else {
            continue;
        };
        if reminders < 2 {
            let neglected = Neglected {
                obligation: obligation.clone(),
                reminders,
                working_days,
            };
            if working_days < 2 {
                promises.too_short.push(neglected);
            } else {
                promises.neglected.push(neglected);
            }
        }
    }
    promises
}

fn is_timely(message: &Arrived, ladder: &Ladder, calendar: &Calendar) -> bool {
    let at = local(message.at);
    ladder.next_sending_time(at, calendar) == at
}

fn doubled(arrived: &[Arrived]) -> usize {
    let mut seen = HashSet::new();
    arrived
        .iter()
        .filter(|message| message.kind == "brief")
        .filter(|message| !seen.insert((&message.contact, local(message.at).date())))
        .count()
}

fn days_told(arrived: &[Arrived]) -> HashMap<ObligationId, BTreeSet<NaiveDate>> {
    let mut told: HashMap<_, BTreeSet<_>> = HashMap::new();
    for message in arrived
        .iter()
        .filter(|message| message.role == Role::Officer)
    {
        for item in message
            .items
            .iter()
            .filter(|item| item.agency == message.agency)
        {
            told.entry(item.obligation)
                .or_default()
                .insert(local(message.at).date());
        }
    }
    told
}

/// Working days before `act_by` within the window and the replay, and on how many of them the officer was told; `None`
/// for what was finished earlier or is not due within the replay.
fn reminders(
    obligation: &Obligation,
    replay: &Replay,
    told: &HashMap<ObligationId, BTreeSet<NaiveDate>>,
    calendar: &Calendar,
) -> Option<(i64, usize)> {
    let act_by = obligation
        .act_by
        .filter(|_| obligation.kind == MilestoneKind::Due)?;
    let within = act_by >= replay.options.from && act_by <= replay.options.to;
    let finished_before = obligation.done_on.is_some_and(|done_on| done_on < act_by);
    if !within || finished_before {
        return None;
    }
    let first = obligation
        .opens_on
        .map_or(replay.options.from, |opens| opens.max(replay.options.from));
    let working_days = first
        .iter_days()
        .take_while(|day| *day < act_by)
        .filter(|day| calendar.is_working_day(*day));
    let reminders = told
        .get(&obligation.id)
        .map_or(0, |days| days.range(..act_by).count());
    Some((
        i64::try_from(working_days.count()).unwrap_or(i64::MAX),
        reminders,
    ))
}
