//! The items of a brief, ordered and grouped into blocks: the units that are shown or left out.
//!
//! An own obligation is a block. Obligations of other agencies (briefs of the monitor and of leaders) are grouped: a
//! task that more than three agencies owe is one block that names them; the rest stand agency by agency.

use std::cmp::Reverse;
use std::collections::HashMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::context::{Answer, BriefItem, DueBefore, Held, NextStep};
use super::headline::Kind;

/// How a block is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Form {
    /// An own obligation with all that is known of it.
    Full,
    /// An own obligation on one line, under its deadline.
    Listed,
    /// One task owed by many agencies.
    Shared,
    /// An obligation on one line, under the agency that owes it.
    Agency,
}

/// What blocks under one heading share: what is said there is true of each of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Heading {
    kind: Kind,
    /// Of what was due before it was followed here: until when its agency is asked, and since when it is followed.
    asked: Option<(NaiveDate, NaiveDate)>,
}

impl Heading {
    fn of(item: &BriefItem) -> Self {
        let kind = Kind::of(item);
        let before = item.before.filter(|_| kind.asks_how_it_ended());
        Self {
            kind,
            asked: before.map(|before| (before.settle_by, before.since)),
        }
    }
}

/// One or more obligations that stay together.
#[derive(Clone, Debug)]
pub(super) struct Block<'a> {
    /// What it is told as.
    pub kind: Kind,
    pub form: Form,
    /// The first of the members.
    pub item: &'a BriefItem,
    pub members: Vec<&'a BriefItem>,
}

/// What was heard from the agency that owes something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heard {
    Nothing,
    /// Nothing, and no message reached it.
    Unreached,
    Something,
    /// That something holds it up; what, [`Block::held_up`] tells.
    Held,
}

impl Heard {
    fn of(item: &BriefItem) -> Self {
        let answer = item
            .history
            .as_ref()
            .and_then(|one| one.last_answer.as_ref());
        match (item.held, answer) {
            (Some(_), _) => Self::Held,
            (None, Some(_)) => Self::Something,
            (None, None) if item.unreached => Self::Unreached,
            (None, None) => Self::Nothing,
        }
    }
}

/// An agency, how often it was reminded, and what it said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spoken<'a> {
    pub agency: &'a str,
    pub reminded_on: &'a [NaiveDate],
    pub words: Option<&'a Answer>,
    /// Until when more time is asked for.
    pub wished: Option<NaiveDate>,
    /// Whether a wish for more time whose day is over is undecided.
    pub is_undecided: bool,
}

impl<'a> Spoken<'a> {
    fn of(item: &'a BriefItem) -> Option<Self> {
        let history = item.history.as_ref();
        Some(Self {
            agency: item.owing.as_deref()?,
            reminded_on: history.map_or(&[], |one| &one.reminded_on),
            words: history.and_then(|one| one.request.as_ref().or(one.last_answer.as_ref())),
            wished: item.wished,
            is_undecided: history.is_some_and(|one| one.is_undecided),
        })
    }
}

/// More agencies than this with one task are one block.
const FEW_AGENCIES: usize = 3;

/// More own items than this are listed, except those of the most pressing kind.
const FEW_ITEMS: usize = 8;

/// More items than this that merely open, are far off, or are asked about only, are listed.
const FEW_CALM: usize = 2;

impl<'a> Block<'a> {
    /// Names of the owing agencies of which this is known.
    pub(super) fn names(&self, heard: Heard) -> Vec<&'a str> {
        if self.form != Form::Shared {
            return Vec::new();
        }
        let members = self.members.iter();
        members
            .filter(|item| Heard::of(item) == heard)
            .filter_map(|item| item.owing.as_deref())
            .collect()
    }

    /// The owing agencies of which this is known, each with what was said last.
    pub(super) fn spoken(&self, heard: Heard) -> Vec<Spoken<'a>> {
        self.spoken_by(|item| Heard::of(item) == heard)
    }

    /// The owing agencies which this holds up, each with the words in which it said so.
    pub(super) fn held_up(&self, by: Held) -> Vec<Spoken<'a>> {
        self.spoken_by(|item| item.held == Some(by))
    }

    fn spoken_by(&self, is_wanted: impl Fn(&BriefItem) -> bool) -> Vec<Spoken<'a>> {
        if self.form != Form::Shared {
            return Vec::new();
        }
        let members = self.members.iter().copied();
        members
            .filter(|item| is_wanted(item))
            .filter_map(Spoken::of)
            .collect()
    }

    /// The next steps of those members that have one.
    pub(super) fn followed(&self) -> impl Iterator<Item = &'a NextStep> {
        let members = self.members.iter();
        members.filter_map(|item| item.next_step.as_ref())
    }

    /// The first next step among the members.
    pub(super) fn next_step(&self) -> Option<&'a NextStep> {
        self.followed().min_by_key(|step| step.on)
    }

    /// Under which heading it stands.
    pub(super) fn heading(&self) -> Heading {
        Heading::of(self.item)
    }

    /// Whether `after`, which follows this block, belongs under the same line.
    pub(super) fn stands_with(&self, after: &Block<'a>) -> bool {
        self.heading() == after.heading()
            && self.form == after.form
            && match self.form {
                Form::Full | Form::Shared => false,
                Form::Listed => deadline(self.item) == deadline(after.item),
                Form::Agency => self.item.owing == after.item.owing,
            }
    }

    fn alone(item: &'a BriefItem, form: Form) -> Self {
        Self {
            kind: Kind::of(item),
            form,
            item,
            members: vec![item],
        }
    }
}

/// All blocks, the most pressing first; under one heading the reader's own before those of others.
pub(super) fn blocks(items: &[BriefItem]) -> Vec<Block<'_>> {
    let (own, watched): (Vec<_>, Vec<_>) = items.iter().partition(|item| item.owing.is_none());
    let mut blocks = own_blocks(own);
    blocks.extend(watched_blocks(watched));
    blocks.sort_by_key(Block::heading);
    blocks
}

fn own_blocks(mut own: Vec<&BriefItem>) -> Vec<Block<'_>> {
    own.sort_by_cached_key(|item| (Kind::of(item), deadline_order(item)));
    let first = own.first().map(|item| Kind::of(item));
    let calm = |kind| matches!(kind, Kind::Unclear | Kind::Later | Kind::Opening);
    let count = |kind| own.iter().filter(|item| Kind::of(item) == kind).count();
    let form = |item: &BriefItem| {
        let kind = Kind::of(item);
        let listed = if calm(kind) {
            count(kind) > FEW_CALM
        } else {
            own.len() > FEW_ITEMS && Some(kind) != first
        };
        if listed || count(kind) > FEW_ITEMS {
            Form::Listed
        } else {
            Form::Full
        }
    };
    own.iter()
        .map(|item| Block::alone(item, form(item)))
        .collect()
}

fn watched_blocks(watched: Vec<&BriefItem>) -> Vec<Block<'_>> {
    type Key<'a> = (
        Kind,
        &'a str,
        &'a str,
        Option<u16>,
        NaiveDate,
        Option<DueBefore>,
    );
    fn key(item: &BriefItem) -> Key<'_> {
        (
            Kind::of(item),
            &item.plan.number,
            item.task.as_str(),
            item.milestone,
            item.due_on,
            item.before,
        )
    }
    let mut shared: Vec<Block<'_>> = Vec::new();
    let mut place: HashMap<Key<'_>, usize> = HashMap::new();
    for item in watched {
        if let Some(at) = place.get(&key(item)) {
            shared[*at].members.push(item);
        } else {
            place.insert(key(item), shared.len());
            shared.push(Block::alone(item, Form::Shared));
        }
    }
    let (mut blocks, few): (Vec<_>, Vec<_>) = shared
        .into_iter()
        .partition(|block| block.members.len() > FEW_AGENCIES);
    blocks.sort_by_key(|block| (block.item.working_days_left, Reverse(block.members.len())));
    blocks.extend(by_agency(
        few.into_iter().flat_map(|block| block.members).collect(),
    ));
    blocks
}

/// Agency by agency, the one with the oldest debt first.
fn by_agency(items: Vec<&BriefItem>) -> Vec<Block<'_>> {
    let mut worst: HashMap<(Heading, &str), i64> = HashMap::new();
    for item in &items {
        let left = worst
            .entry((Heading::of(item), owing(item)))
            .or_insert(i64::MAX);
        *left = (*left).min(item.working_days_left);
    }
    let mut items = items;
    items.sort_by_cached_key(|item| {
        (
            worst.get(&(Heading::of(item), owing(item))).copied(),
            owing(item),
            deadline_order(item),
        )
    });
    items
        .into_iter()
        .map(|item| Block::alone(item, Form::Agency))
        .collect()
}

fn owing(item: &BriefItem) -> &str {
    item.owing.as_deref().unwrap_or_default()
}

/// What listed items of one line share.
fn deadline(
    item: &BriefItem,
) -> (
    String,
    NaiveDate,
    NaiveDate,
    Option<NaiveDate>,
    Option<&super::receipt::AmendedDay>,
) {
    (
        item.due_as_written.to_lowercase(),
        item.due_on,
        item.act_by,
        item.extended_from,
        item.amended.as_ref(),
    )
}

fn deadline_order(item: &BriefItem) -> (i64, NaiveDate, String) {
    (
        item.working_days_left,
        item.due_on,
        item.due_as_written.to_lowercase(),
    )
}
