//! What fell due within some days: the obligations on which a rung of their ladder falls, for each who hears of it.

use std::collections::{BTreeMap, HashMap};

use chrono::{Datelike, NaiveDate};

use super::Window;
use crate::app::AppError;
use crate::app::requests::wished_until;
use crate::app::setup::Setup;
use crate::domain::audit::{Falling, Span, falling};
use crate::domain::docket::who_decides;
use crate::domain::ids::{ObligationId, RungId};
use crate::domain::ladder::Audience;
use crate::domain::obligation::{Obligation, Pending};
use crate::domain::plan::MilestoneKind;
use crate::store::obligations::{self, Dated};
use crate::store::{Tx, ladders};

/// What stands for a rung where a reminder was put off to a day.
const PUT_OFF: &str = "snoozed";

/// The latest rung that fell for an audience.
#[derive(Clone, Debug)]
pub(super) struct Fallen {
    pub rung: RungId,
    pub on: NaiveDate,
}

/// What fell due.
#[derive(Debug, Default)]
pub(super) struct Due {
    pub obligations: HashMap<ObligationId, Obligation>,
    pub fallen: BTreeMap<(ObligationId, Audience), Fallen>,
}

impl Due {
    fn add(&mut self, one: &Obligation, audience: Audience, rung: &RungId, on: NaiveDate) {
        self.obligations
            .entry(one.id)
            .or_insert_with(|| one.clone());
        let fallen = Fallen {
            rung: rung.clone(),
            on,
        };
        let latest = self.fallen.entry((one.id, audience));
        latest
            .and_modify(|known| {
                if on >= known.on {
                    *known = fallen.clone();
                }
            })
            .or_insert(fallen);
    }
}

pub(super) async fn read(tx: &mut Tx, setup: &Setup, window: Window) -> Result<Due, AppError> {
    let calendar = &setup.calendar;
    let earliest = obligations::earliest_due(tx).await?;
    let earliest = earliest.unwrap_or(window.from);
    let (_, earlier) = ladders::earlier(tx, &[]).await?;
    let due_before = obligations::list_watched(tx).await?;
    let mut due = Due::default();
    let days = window
        .from
        .iter_days()
        .take_while(|day| *day <= window.to)
        .filter(|day| calendar.is_working_day(*day));
    for day in days {
        let current = falling(&setup.ladder, day, earliest, calendar);
        let others: HashMap<i64, Vec<Falling<'_>>> = earlier
            .iter()
            .map(|(id, ladder)| (*id, falling(ladder, day, earliest, calendar)))
            .collect();
        let rungs = || current.iter().chain(others.values().flatten());
        let opening: Vec<Span> = rungs().filter_map(Falling::opening).collect();
        let dues: Vec<Span> = rungs().flat_map(|rung| rung.due(calendar)).collect();
        let mut found = obligations::list_within(tx, Dated::Opening, &merged(opening)).await?;
        found.extend(obligations::list_within(tx, Dated::Due, &merged(dues)).await?);
        found.extend(due_before.iter().cloned());
        let ids: Vec<ObligationId> = found.iter().map(|one| one.id).collect();
        let climbing = if earlier.is_empty() {
            HashMap::new()
        } else {
            ladders::earlier(tx, &ids).await?.0
        };
        for one in &found {
            let earlier = climbing.get(&one.id).and_then(|id| others.get(id));
            let own = earlier.unwrap_or(&current).iter();
            for rung in own.filter(|rung| rung.falls_on(one, calendar)) {
                for audience in rung.tell {
                    due.add(one, *audience, rung.rung, day);
                }
            }
        }
    }
    let put_off = Span {
        first: window.from,
        last: window.to,
    };
    for one in obligations::list_within(tx, Dated::Snoozed, &[put_off]).await? {
        if let Some(until) = one.snoozed_until {
            due.add(&one, Audience::Officer, &PUT_OFF.into(), until);
        }
    }
    let wished = wished_until(tx, due.obligations.values()).await?;
    let Due {
        obligations,
        fallen,
    } = &mut due;
    fallen.retain(|(id, audience), fallen| {
        obligations.get(id).is_some_and(|one| {
            // Beyond the day that it asks for a wish for more time withholds nothing.
            let is_beyond = wished.get(&one.id).is_some_and(|until| *until < fallen.on);
            is_wanted(one, *audience, fallen, is_beyond, setup, window.to)
        })
    });
    Ok(due)
}

/// Whether it had to be told by the brief of `to`: it stands in the files and was in force, its officers did not ask to be
/// left alone, nobody but the monitor and whoever decides is to act on it, and a status is of the quarter that runs.
fn is_wanted(
    one: &Obligation,
    audience: Audience,
    fallen: &Fallen,
    is_beyond_wish: bool,
    setup: &Setup,
    to: NaiveDate,
) -> bool {
    let charge = setup.find(&one.plan).filter(|charge| charge.owes(one));
    let in_force = charge.and_then(|charge| {
        let (task, _) = charge.find(&one.milestone)?;
        Some(task.in_force_from(&charge.plan))
    });
    let is_put_off = audience == Audience::Officer
        && one.snoozed_until.is_some_and(|until| to < until)
        && one.late_after().is_none_or(|last| to <= last);
    let is_overdue = one.due_on.is_some_and(|due| due < to);
    let asked = charge.zip(one.pending);
    let asked = asked.map(|(charge, on)| who_decides(&charge.plan, on, &one.agency).audience);
    let is_withheld = match (one.pending, audience) {
        (_, Audience::Monitor) | (None | Some(Pending::Reassignment), _) => false,
        (Some(Pending::Extension), _) if is_beyond_wish => false,
        _ if asked == Some(audience) => false,
        (Some(Pending::Acceptance), _) | (Some(Pending::Extension), Audience::Leader) => true,
        (Some(Pending::Extension), Audience::Officer | Audience::Head) => is_overdue,
    };
    let quarter = |day: NaiveDate| (day.year(), day.month0() / 3);
    let is_past = one.kind == MilestoneKind::Continuous && quarter(fallen.on) != quarter(to);
    in_force.is_some_and(|from| fallen.on >= from) && !is_put_off && !is_withheld && !is_past
}

/// Spans that overlap or touch as one.
fn merged(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut merged: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match merged.last_mut() {
            Some(last) if last.last.succ_opt().is_none_or(|next| span.first <= next) => {
                last.last = last.last.max(span.last);
            }
            _ => merged.push(span),
        }
    }
    merged
}
