//! A brief as the templates see it: sections, entries and lines instead of a flat list of obligations.
//!
//! Ordering and grouping are decided here, on the whole brief; then [`Frame::view`] shows as many blocks as fit. A block
//! is never cut: it is shown or it is counted among those left out.

use std::collections::HashSet;

use chrono::NaiveDate;
use serde::Serialize;

use super::blocks::Block;
use super::changes::{ChangesView, changes};
use super::context::{Answers, BriefContext, Decider, PlanRef, ZaloWindow};
use super::examples::Examples;
use super::headline::Headline;
use super::item_view::Day;
use super::sections::{Section, sections};
use super::words::Words;
use crate::domain::ids::TaskId;
use crate::domain::ladder::Audience;

/// What is the same however much of the brief is shown.
pub(super) struct Frame<'a> {
    context: &'a BriefContext,
    words: &'a Words,
    headline: Headline,
    examples: Option<Examples>,
    plan: Option<&'a PlanRef>,
    pub(super) blocks: Vec<Block<'a>>,
}

impl<'a> Frame<'a> {
    /// Orders and groups the brief.
    pub(super) fn new(context: &'a BriefContext, words: &'a Words) -> Self {
        let blocks = super::blocks::blocks(&context.items);
        Self {
            headline: Headline::of(context),
            examples: Examples::of(context, &blocks, words),
            plan: common_plan(context),
            blocks,
            context,
            words,
        }
    }

    /// The view of `shown` blocks: of those that come first, and before them of what the reader owes now.
    pub(super) fn view(&self, shown: usize) -> View<'_> {
        let (kept, left_out) = self.split(shown);
        let reader = &self.context.reader;
        View {
            today: Day::of(self.context.today, self.context.today),
            reader: ReaderView {
                audience: reader.audience,
                formal: matches!(reader.audience, Audience::Head | Audience::Leader),
                title: &reader.title,
                agency: &reader.agency_name,
                short: self.words.short_name(&reader.agency_name),
            },
            monitor: &self.context.monitor,
            decides: self.context.decides.as_ref(),
            headline: &self.headline,
            plan: self.plan,
            sections: sections(&kept, &self.blocks, self.context.today, self.plan.is_none()),
            changes: changes(self.context, self.plan.is_none()),
            status: self.status(),
            days_off: self.days_off(),
            zalo: self.context.zalo,
            answers: self.context.answers,
            is_monitor: reader.agency_name == self.context.monitor,
            stands_in: self.stands_in(),
            waiting: self.context.waiting,
            omitted: Omitted::of(&left_out),
            examples: self.examples.as_ref(),
        }
    }

    fn split(&self, shown: usize) -> (Vec<Block<'a>>, Vec<Block<'a>>) {
        let presses = |block: &Block<'_>| block.item.owing.is_none() && block.kind.presses();
        let pressing = self.blocks.iter().filter(|block| presses(block)).count();
        let (mut owed_now, mut others) = (shown, shown.saturating_sub(pressing));
        self.blocks.iter().cloned().partition(|block| {
            let left = if presses(block) {
                &mut owed_now
            } else {
                &mut others
            };
            let fits = *left > 0;
            *left -= usize::from(fits);
            fits
        })
    }

    fn status(&self) -> Vec<StatusView<'a>> {
        let ask = self.context.status.iter();
        ask.map(|ask| StatusView {
            plan: self.plan.is_none().then_some(ask.plan.number.as_str()),
            tasks: ask.tasks.iter().map(TaskId::as_str).collect(),
            period: &ask.period,
            by: Day::of(ask.by, self.context.today),
        })
        .collect()
    }

    fn stands_in(&self) -> Vec<StandsInView<'a>> {
        let others = self.context.stands_in.iter();
        others
            .map(|one| StandsInView {
                agency: &one.agency,
                title: &one.title,
                why: &one.why,
                until: one.until.map(|day| Day::of(day, self.context.today)),
            })
            .collect()
    }

    fn days_off(&self) -> Option<DaysOffView<'a>> {
        let off = self.context.days_off.as_ref()?;
        let day = |on: NaiveDate| Day::of(on, self.context.today);
        Some(DaysOffView {
            name: &off.name,
            from: day(off.from),
            to: day(off.to),
            back_on: day(off.back_on),
            starts_tomorrow: self.context.today.succ_opt() == Some(off.from),
        })
    }
}

/// All that a template can name.
#[derive(Serialize)]
pub(super) struct View<'a> {
    today: Day,
    reader: ReaderView<'a>,
    monitor: &'a str,
    decides: Option<&'a Decider>,
    headline: &'a Headline,
    /// The plan that everything comes from; none when there are several.
    plan: Option<&'a PlanRef>,
    sections: Vec<Section<'a>>,
    changes: Vec<ChangesView<'a>>,
    status: Vec<StatusView<'a>>,
    days_off: Option<DaysOffView<'a>>,
    zalo: Option<ZaloWindow>,
    answers: Answers,
    /// Whether the reader is of the agency that monitors.
    is_monitor: bool,
    stands_in: Vec<StandsInView<'a>>,
    waiting: usize,
    omitted: Omitted<'a>,
    examples: Option<&'a Examples>,
}

#[derive(Serialize)]
struct ReaderView<'a> {
    audience: Audience,
    /// Whether the person is greeted by title: heads and leaders.
    formal: bool,
    title: &'a str,
    agency: &'a str,
    short: &'a str,
}

#[derive(Serialize)]
struct StatusView<'a> {
    plan: Option<&'a str>,
    tasks: Vec<&'a str>,
    period: &'a str,
    by: Day,
}

#[derive(Serialize)]
struct DaysOffView<'a> {
    name: &'a str,
    from: Day,
    to: Day,
    back_on: Day,
    starts_tomorrow: bool,
}

#[derive(Serialize)]
struct StandsInView<'a> {
    agency: &'a str,
    title: &'a str,
    why: &'a str,
    until: Option<Day>,
}

/// What the limit of the channel left out.
#[derive(Serialize)]
struct Omitted<'a> {
    count: usize,
    /// Ids of their tasks, each once.
    tasks: Vec<&'a str>,
}

impl<'a> Omitted<'a> {
    fn of(blocks: &[Block<'a>]) -> Self {
        let items = || blocks.iter().flat_map(|block| &block.members);
        let mut seen = HashSet::new();
        let tasks = items()
            .map(|item| item.task.as_str())
            .filter(|task| seen.insert(*task))
            .collect();
        Self {
            count: items().count(),
            tasks,
        }
    }
}

fn common_plan(context: &BriefContext) -> Option<&PlanRef> {
    let mut plans = context
        .items
        .iter()
        .map(|item| &item.plan)
        .chain(context.status.iter().map(|ask| &ask.plan))
        .chain(context.changes.iter().map(|note| &note.plan));
    let first = plans.next()?;
    plans
        .all(|plan| plan.number == first.number)
        .then_some(first)
}
