//! What documents have changed, as a brief tells it.

use std::collections::{BTreeMap, HashMap};

use super::milestone_name;
use crate::app::compose::plan_ref;
use crate::app::ended::Ended;
use crate::app::reply::title;
use crate::app::setup::{Charge, Setup};
use crate::domain::amendment::{Amended, Announcement, TakenBack};
use crate::domain::ids::AgencyCode;
use crate::domain::obligation::State;
use crate::messages::{ChangeNote, ChangedItem, EndedAgency};

/// What documents have changed, one note for each amendment. What has left the files has no text and is left out.
pub(super) fn changes(
    announced: &[Announcement],
    ended: &HashMap<AgencyCode, Ended>,
    setup: &Setup,
) -> Vec<ChangeNote> {
    let mut notes: BTreeMap<i64, ChangeNote> = BTreeMap::new();
    for one in announced {
        let Some(charge) = setup.find(&one.plan) else {
            continue;
        };
        let Some((task, milestone)) = charge.find(&one.milestone) else {
            continue;
        };
        let Amended { was, now } = one.amended;
        let goes_back = one.takes_back.as_ref().filter(|back| back.gave().is_some());
        let counterparts = goes_back.map_or(&one.counterparts, |back| &back.counterparts);
        let others = charge.agency_names(counterparts);
        let note = notes.entry(one.amendment).or_insert_with(|| ChangeNote {
            plan: plan_ref(charge),
            document: one.document.clone(),
            signed_on: one.signed_on,
            reason: one.reason.clone().unwrap_or_default(),
            takes_back: one
                .takes_back
                .as_ref()
                .map(|back| back.document.clone())
                .unwrap_or_default(),
            ended: Vec::new(),
            items: Vec::new(),
        });
        for from in one.from() {
            let told = ended.get(from).map(|end| ended_agency(charge, from, end));
            note.ended
                .extend(told.filter(|told| !note.ended.contains(told)));
        }
        let request = one.request();
        let moved = now.due_on.is_some() && now.due_on != was.due_on;
        note.items.push(ChangedItem {
            kind: one.kind,
            id: milestone_name(task, &milestone.id),
            title: title(&milestone.label, &task.content),
            due_on: now.due_on,
            was_due_on: was.due_on.filter(|_| moved),
            is_owed: now.state == State::Open,
            is_done: now.state == State::Done,
            beside: charge.agency_names(&one.beside),
            counterpart: Some(others).filter(|names| !names.is_empty()),
            takes_back: goes_back.and_then(TakenBack::gave),
            request: request.map(|(_, becomes)| becomes),
            awaits: request.map_or("", |(on, _)| on.as_str()).to_owned(),
        });
    }
    for note in notes.values_mut() {
        note.items.sort();
    }
    notes.into_values().collect()
}

fn ended_agency(charge: &Charge, agency: &AgencyCode, end: &Ended) -> EndedAgency {
    EndedAgency {
        name: charge.agency_name(agency),
        on: end.on,
        heirs: charge.agency_names(&end.heirs),
        is_merged: end.heirs.len() == 1,
    }
}
