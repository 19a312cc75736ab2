//! A brief of the domain -> what its templates say.

mod changes;
mod days;
mod who;

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;

use super::days_off::{closed_on, days_off_before, latest};
use super::ended::Ended;
use super::ladders::Ladders;
use super::reply::title;
use super::requests::is_above_its_agency;
use super::setup::{Charge, Setup};
use crate::clock::local;
use crate::domain::brief::{Brief, Item, Urgency, dates_of};
use crate::domain::decide::What;
use crate::domain::directory::{Contact, Level, Role};
use crate::domain::docket::{Deciders, Rank, may_decide, who_decides};
use crate::domain::history::Asked;
use crate::domain::ids::{AgencyCode, MilestoneId, ObligationId, PlanId};
use crate::domain::ladder::{Audience, Dates, Ladder};
use crate::domain::obligation::{Obligation, Pending};
use crate::domain::plan::Task;
use crate::domain::resolution::Decides;
use crate::messages::{
    AmendedDay, Answer, Answers, BriefContext, BriefItem, Decider, DueBefore, Held, History,
    NextStep, PlanRef, Reader, StatusRequest,
};
use crate::store::statements::Said;
use changes::changes;
use days::status_request;
use who::greeted_as;
pub(super) use who::{hears_of_reminders, standing_in};

/// What the database knows beside the brief itself.
#[derive(Debug)]
pub struct Background {
    /// The obligations of the brief.
    pub obligations: HashMap<ObligationId, Obligation>,
    /// On which days the officers were told of each.
    pub reminded_on: HashMap<ObligationId, Vec<NaiveDate>>,
    /// What was said of each last.
    pub said: HashMap<ObligationId, Said>,
    /// What nobody answered and no message told its agency of, or none can now.
    pub unreached: HashSet<ObligationId>,
    /// Until when more time is asked for of each, where that waits and a day was named.
    pub wished: HashMap<ObligationId, NaiveDate>,
    /// The day that a document gave each, where one did.
    pub amended: HashMap<ObligationId, AmendedDay>,
    /// What waits of each, for those who watch or decide.
    pub requests: HashMap<ObligationId, Asked>,
    /// The agencies that have ended, where what is told gives something away.
    pub ended: HashMap<AgencyCode, Ended>,
    /// What waits for decisions of monitors.
    pub waiting: Vec<Obligation>,
    /// The ladder that each climbs.
    pub ladders: Ladders,
}

/// The context of a brief. What has left the files has no text: whoever plans leaves it out ([`Charge::owes`]), and every
/// load names it.
#[must_use]
pub fn compose(
    brief: &Brief,
    contact: &Contact,
    background: &Background,
    setup: &Setup,
) -> BriefContext {
    let audience = greeted_as(brief, contact, setup);
    let mut items = Vec::new();
    let mut status: BTreeMap<PlanId, StatusRequest> = BTreeMap::new();
    for item in &brief.items {
        let Some(obligation) = background.obligations.get(&item.obligation) else {
            continue;
        };
        let Some(charge) = setup.find(&obligation.plan) else {
            continue;
        };
        if item.urgency == Urgency::Status {
            let request = status
                .entry(obligation.plan.clone())
                .or_insert_with(|| status_request(charge, brief.day, setup));
            if !request.tasks.contains(&item.milestone.task) {
                request.tasks.push(item.milestone.task.clone());
            }
        } else {
            items.extend(brief_item(
                item, obligation, charge, contact, brief.day, background, setup,
            ));
        }
    }
    let first = brief
        .items
        .first()
        .and_then(|item| background.obligations.get(&item.obligation));
    let charge = first
        .map(|obligation| &obligation.plan)
        .or_else(|| brief.changes.first().map(|change| &change.plan))
        .and_then(|plan| setup.find(plan))
        .or(setup.charges.first());
    let last_day = items.iter().map(|item: &BriefItem| item.act_by).min();
    BriefContext {
        today: brief.day,
        reader: reader(contact, audience, charge),
        monitor: charge
            .map(|charge| charge.agency_name(&charge.plan.monitor))
            .unwrap_or_default(),
        closed_on: closed_on(brief.day, setup),
        latest: latest(&items, setup),
        days_off: last_day.and_then(|last| days_off_before(brief.day, last, setup)),
        items,
        changes: changes(&brief.changes, &background.ended, setup),
        status: status.into_values().collect(),
        zalo: None,
        answers: Answers::Here,
        stands_in: Vec::new(),
        waiting: count_waiting(contact, background, setup),
        decides: charge.and_then(other_decider),
    }
}

/// How much waits for a decision of `contact`.
fn count_waiting(contact: &Contact, background: &Background, setup: &Setup) -> usize {
    let decides = |one: &&Obligation| {
        let charge = setup.find(&one.plan).filter(|_| setup.owes(one));
        let pending = one.pending;
        charge.zip(pending).is_some_and(|(charge, pending)| {
            may_decide(contact, &charge.plan, pending, &one.agency)
        })
    };
    background.waiting.iter().filter(decides).count()
}

/// What people call a milestone: by its task, where that has no other.
pub(super) fn milestone_name(task: &Task, id: &MilestoneId) -> String {
    if task.milestones.len() > 1 {
        id.to_string()
    } else {
        task.id.to_string()
    }
}

/// Who decides on a wish of `owing` for more time, where that is not the monitor as a whole.
pub(super) fn decider(charge: &Charge, owing: &AgencyCode) -> Option<Decider> {
    let deciders = who_decides(&charge.plan, Pending::Extension, owing);
    (deciders.rank == Rank::Heads).then(|| decider_of(charge, &deciders))
}

/// Who decides on wishes for more time under a plan that names others than its monitor as a whole.
pub(super) fn other_decider(charge: &Charge) -> Option<Decider> {
    let plan = &charge.plan;
    let names_others = plan.extensions.decides != Decides::Monitor;
    names_others
        .then(|| decider(charge, &plan.monitor))
        .flatten()
}

/// Those who decide, as messages name them.
pub(super) fn decider_of(charge: &Charge, deciders: &Deciders<'_>) -> Decider {
    Decider {
        agency: charge.agency_name(deciders.agency),
        heads: deciders.rank == Rank::Heads,
    }
}

/// In what capacity somebody hears of what their own agency owes.
pub(super) fn capacity(contact: &Contact) -> Audience {
    match contact.role {
        Role::Head | Role::Deputy => Audience::Head,
        Role::Officer => Audience::Officer,
    }
}

pub(super) fn reader(contact: &Contact, audience: Audience, charge: Option<&Charge>) -> Reader {
    let agency = charge.and_then(|charge| charge.directory.find(&contact.agency));
    let sign = match agency.map(|agency| agency.level) {
        Some(Level::District | Level::Commune) => "UBND".to_owned(),
        _ => contact.agency.to_string(),
    };
    Reader {
        audience,
        title: contact.title.clone(),
        agency: contact.agency.clone(),
        agency_name: agency
            .map_or_else(|| contact.agency.to_string(), |agency| agency.name.clone()),
        sign,
    }
}

pub(super) fn plan_ref(charge: &Charge) -> PlanRef {
    PlanRef {
        number: charge.plan.number.clone(),
        title: charge.plan.title.clone(),
    }
}

/// What people call a milestone, and what it is about.
pub(super) fn named(charge: &Charge, id: &MilestoneId) -> (String, String) {
    match charge.find(id) {
        Some((task, milestone)) => (
            milestone_name(task, id),
            title(&milestone.label, &task.content),
        ),
        None => (id.to_string(), String::new()),
    }
}

fn brief_item(
    item: &Item,
    obligation: &Obligation,
    charge: &Charge,
    contact: &Contact,
    today: NaiveDate,
    background: &Background,
    setup: &Setup,
) -> Option<BriefItem> {
    let (task, milestone) = charge.find(&item.milestone)?;
    let due_on = obligation.due_on?;
    let dates = dates_of(obligation);
    let last_answer = background.said.get(&obligation.id).map(|said| Answer {
        on: local(said.at).date(),
        // That it was seen answers nothing, in whatever words.
        text: Some(said)
            .filter(|said| {
                ![What::Ack, What::Handed]
                    .map(|seen| seen.as_str())
                    .contains(&said.intent.as_str())
            })
            .map(|said| said.quote.clone())
            .unwrap_or_default(),
        takes_back: said.takes_back(),
        returned: said.returned.clone(),
    });
    let request = background.requests.get(&obligation.id);
    let request = request.filter(|_| is_above_its_agency(item.audience));
    let request = request.map(|asked| Answer {
        on: asked.on,
        // Of several wishes the last: their day is told beside it.
        text: asked.last.clone(),
        takes_back: None,
        returned: None,
    });
    let (id, said) = (&obligation.id, background.said.get(&obligation.id));
    let wished = background.wished.get(id).copied();
    let held = held(obligation, said, wished, today);
    Some(BriefItem {
        plan: plan_ref(charge),
        task: task.id.clone(),
        milestone: (task.milestones.len() > 1).then_some(milestone.id.number),
        urgency: item.urgency,
        label: milestone.label.clone(),
        title: task.content.clone(),
        due_as_written: milestone.written.clone(),
        due_on,
        extended_from: obligation
            .original_due_on
            .filter(|original| *original != due_on),
        amended: background.amended.get(id).cloned(),
        wished,
        act_by: obligation.act_by.unwrap_or(due_on),
        working_days_left: item.days_left.unwrap_or(0),
        product: task.product.clone(),
        owing: (obligation.agency != contact.agency)
            .then(|| charge.agency_name(&obligation.agency)),
        coordinators: task.coordinate.clone(),
        history: (hears_of_reminders(contact, item) || last_answer.is_some()).then(|| History {
            is_own: item.audience == Audience::Officer && contact.role != Role::Officer,
            reminded_on: background
                .reminded_on
                .get(&obligation.id)
                .cloned()
                .unwrap_or_default(),
            // The last answer may be the request.
            request: request.filter(|request| last_answer.as_ref() != Some(request)),
            last_answer,
            is_undecided: held.is_none() && obligation.pending == Some(Pending::Extension),
        }),
        held,
        unreached: background.unreached.contains(&obligation.id),
        before: obligation.due_before().map(DueBefore::from),
        next_step: (matches!(item.urgency, Urgency::Late | Urgency::Unanswered) && held.is_none())
            .then(|| {
                let ladder = background.ladders.find(obligation.id);
                let own = &contact.agency;
                next_step(&dates, ladder, item.audience, own, charge, today, setup)
            })
            .flatten(),
    })
}

/// What holds it up, as its agency has said last; a wish for more time does up to the day that it asks for.
fn held(
    one: &Obligation,
    said: Option<&Said>,
    wished: Option<NaiveDate>,
    today: NaiveDate,
) -> Option<Held> {
    match one.pending {
        Some(wish @ Pending::Extension) => wish
            .excuses(wished, one.due_on, today)
            .then_some(Held::Extension),
        Some(Pending::Acceptance) => Some(Held::Acceptance),
        Some(Pending::Reassignment) => Some(Held::Reassignment),
        None => said
            .is_some_and(|said| said.intent == What::Blocked.as_str())
            .then_some(Held::Blocked),
    }
}

/// The next audience above the reader's, in another agency than the reader's, that has not heard yet, and the day on which it will.
fn next_step(
    dates: &Dates,
    ladder: &Ladder,
    reader: Audience,
    own: &AgencyCode,
    charge: &Charge,
    today: NaiveDate,
    setup: &Setup,
) -> Option<NextStep> {
    [Audience::Monitor, Audience::Leader]
        .into_iter()
        .filter(|above| *above > reader)
        .find_map(|above| {
            let office = if above == Audience::Monitor {
                &charge.plan.monitor
            } else {
                &charge.plan.issuer
            };
            let on = ladder
                .first_day(dates, above, &setup.calendar)
                .filter(|on| *on > today && office != own)?;
            Some(NextStep {
                on,
                to: charge.agency_name(office),
            })
        })
}
