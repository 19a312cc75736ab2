//! A replay in numbers.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::Replay;
use crate::clock::local;
use crate::domain::ids::AgencyCode;

/// Messages of a month by kind.
pub type Months = BTreeMap<(i32, u32), BTreeMap<&'static str, usize>>;

/// A replay in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Messages by month and kind.
    pub months: Months,
    /// How many messages each agency got that owes something or was written to; how it would be scored is in
    /// [`Replay::rankings`].
    pub agencies: BTreeMap<AgencyCode, usize>,
    /// The day with the most messages, and how many.
    pub busiest: Option<(NaiveDate, usize)>,
    /// The most messages that one person got in a month.
    pub most_for_one: usize,
}

/// Counts the messages of a replay.
#[must_use]
pub fn summary(replay: &Replay) -> Summary {
    let mut summary = Summary::default();
    let mut by_day: BTreeMap<NaiveDate, usize> = BTreeMap::new();
    let mut by_person: BTreeMap<_, usize> = BTreeMap::new();
    for message in &replay.arrived {
        let day = local(message.at).date();
        *summary
            .months
            .entry((day.year(), day.month()))
            .or_default()
            .entry(message.kind)
            .or_default() += 1;
        *summary.agencies.entry(message.agency.clone()).or_default() += 1;
        *by_day.entry(day).or_default() += 1;
        *by_person
            .entry((&message.contact, day.year(), day.month()))
            .or_default() += 1;
    }
    for obligation in &replay.obligations {
        summary
            .agencies
            .entry(obligation.agency.clone())
            .or_default();
    }
    // The earliest of equally busy days.
    summary.busiest = by_day.into_iter().rev().max_by_key(|(_, count)| *count);
    summary.most_for_one = by_person.into_values().max().unwrap_or(0);
    summary
}
