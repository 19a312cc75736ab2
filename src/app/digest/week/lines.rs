//! The lines of a digest as its templates are told them.

use std::collections::HashMap;

use crate::app::compose::{decider, named};
use crate::app::setup::Charge;
use crate::domain::digest::{DueMilestone, Line};
use crate::domain::ids::MilestoneId;
use crate::domain::obligation::Pending;
use crate::messages::DigestLine;

/// Lines of one milestone next to one another, at the place of the first, agency by agency in the official order.
pub(super) fn together<'l>(charge: &Charge, lines: &'l [Line]) -> impl Iterator<Item = &'l Line> {
    let mut places: HashMap<&MilestoneId, usize> = HashMap::new();
    for line in lines {
        let next = places.len();
        places.entry(&line.milestone).or_insert(next);
    }
    let agencies = charge.agency_places();
    let mut found: Vec<&Line> = lines.iter().collect();
    found.sort_by_key(|line| {
        let agency = agencies.get(&line.agency).copied();
        (places.get(&line.milestone).copied(), agency)
    });
    found.into_iter()
}

/// What is due, day by day, and of one day in the order of the plan.
pub(super) fn in_plan_order<'d>(
    charge: &Charge,
    due: &'d [DueMilestone],
) -> impl Iterator<Item = &'d DueMilestone> {
    let mut found: Vec<&DueMilestone> = due.iter().collect();
    found.sort_by_key(|one| (one.due_on, charge.place_of(&one.milestone)));
    found.into_iter()
}

/// The document by which a wish was not granted, where there is one.
pub(super) fn refused_by(line: &Line) -> String {
    let refusal = line.refused.as_ref();
    refusal
        .and_then(|one| one.document.clone())
        .unwrap_or_default()
}

pub(super) fn line(charge: &Charge, line: &Line) -> DigestLine {
    let (id, title) = named(charge, &line.milestone);
    let said = line.said.as_ref();
    DigestLine {
        id,
        title,
        agency: charge.agency_name(&line.agency),
        due_on: line.due_on,
        days_late: line.days_late,
        asked_by: line.asked_by,
        quote: said.map(|said| said.quote.clone()).unwrap_or_default(),
        said_on: said.map(|said| said.on),
        takes_back: said.and_then(|said| said.takes_back),
        returned: said.and_then(|said| said.returned.clone()),
        refused_on: line.refused.as_ref().map(|refusal| refusal.on),
        refused_by: refused_by(line),
        later: String::new(),
        later_on: None,
        same: line.is_same,
        unheard: String::new(),
        pending: line
            .pending
            .map(|pending| pending.as_str().to_owned())
            .unwrap_or_default(),
        until: None,
        decides: None,
    }
}

/// A difficulty, or what is said to be another's, with what was said after it.
pub(super) fn difficulty(charge: &Charge, told: &Line) -> DigestLine {
    let later = told.later.as_ref();
    DigestLine {
        later: later.map(|said| said.quote.clone()).unwrap_or_default(),
        later_on: later.map(|said| said.on),
        ..line(charge, told)
    }
}

/// What waits for a decision: in the words, and with the day, in which it was asked for.
pub(super) fn decision(charge: &Charge, waiting: &Line) -> DigestLine {
    let told = line(charge, waiting);
    let Some(asked) = &waiting.asked else {
        return told;
    };
    let is_extension = waiting.pending == Some(Pending::Extension);
    DigestLine {
        // Of several wishes the last, whose day is told beside it; a claim and its document are one.
        quote: if is_extension {
            &asked.last
        } else {
            &asked.quote
        }
        .clone(),
        said_on: Some(asked.on),
        takes_back: None,
        returned: None,
        until: asked.day.filter(|_| is_extension),
        decides: decider(charge, &waiting.agency).filter(|_| is_extension),
        ..told
    }
}
