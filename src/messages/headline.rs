//! The numbers of the first line: who must do what by when, readable on a locked screen.
//!
//! Always about the whole brief, never about the part that fits the channel.

use std::collections::BTreeSet;

use serde::Serialize;

use super::context::{BriefContext, BriefItem, Held};
use super::item_view::Day;
use crate::domain::brief::Urgency;

/// At most two parts are said, of the reader's own work and one of others'; the rest is counted.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Headline {
    /// The most pressing parts.
    pub parts: Vec<Part>,
    /// All obligations of the brief.
    pub count: usize,
    /// Obligations that the parts do not count.
    pub more: usize,
    /// Whose work it is.
    pub about: About,
    /// Whether nothing more is told than that windows open.
    pub opening_only: bool,
    /// Whether something is late.
    pub late: bool,
    /// Obligations that documents have changed.
    pub changes: usize,
}

/// One part of the line.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Part {
    pub kind: Kind,
    /// Obligations, or tasks whose status is asked.
    pub count: usize,
    /// Agencies that owe them; 0 when they are the reader's own.
    pub agencies: usize,
    /// Working days late, the most there are; or left, the fewest there are.
    pub days: u64,
    /// Whether that number and the dates hold for all of them.
    pub uniform: bool,
    /// The earliest due day.
    pub due: Day,
    /// Its last working day, when that is another day.
    pub act_by: Option<Day>,
    /// Whether the due day is today.
    pub due_today: bool,
    /// Name of the days off right behind which the due day lies.
    pub right_after: Option<String>,
    /// The period asked about.
    pub period: Option<String>,
}

/// Whose work a brief is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum About {
    /// The reader's agency's.
    Own,
    /// That of agencies which the reader watches.
    Others,
    /// Both.
    Both,
}

/// What a part tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Late,
    /// Due before anybody could be reminded of it here, and how it ended was not said within the days of grace.
    Unanswered,
    /// Work of others that something prevents: told as that, however late it is.
    Blocked,
    /// Work of others for which more time was asked.
    Extension,
    /// Work of others that is claimed to be done.
    Acceptance,
    /// Work of others that they say is not theirs.
    Reassignment,
    Today,
    Next,
    /// Due before anybody could be reminded of it here: it is asked how it ended.
    Unclear,
    Later,
    Opening,
    Status,
}

const PARTS: usize = 2;

impl Kind {
    /// What an item is told as: by the first line, and by the heading under which it stands.
    pub(super) fn of(item: &BriefItem) -> Self {
        match (item.held.filter(|_| item.owing.is_some()), item.urgency) {
            (Some(Held::Blocked), _) => Self::Blocked,
            (Some(Held::Extension), _) => Self::Extension,
            (Some(Held::Acceptance), _) => Self::Acceptance,
            (Some(Held::Reassignment), _) => Self::Reassignment,
            (None, Urgency::Late) => Self::Late,
            (None, Urgency::Unanswered) => Self::Unanswered,
            (None, Urgency::Today) => Self::Today,
            (None, Urgency::ThisWeek) => Self::Next,
            (None, Urgency::Unclear) => Self::Unclear,
            (None, Urgency::Later) => Self::Later,
            (None, Urgency::Opening) => Self::Opening,
            (None, Urgency::Status) => Self::Status,
        }
    }

    /// Whether it was due before anybody could be reminded of it here, and nothing but how it ended is asked.
    pub(super) fn asks_how_it_ended(self) -> bool {
        matches!(self, Self::Unanswered | Self::Unclear)
    }

    /// Whether it is late, or due today.
    pub(super) fn presses(self) -> bool {
        matches!(self, Self::Late | Self::Unanswered | Self::Today)
    }

    /// Whether it is late, or due today or within days.
    fn is_near(self) -> bool {
        self.presses() || self == Self::Next
    }

    /// The key of its heading in `words.toml`.
    pub(super) fn heading(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Unanswered => "unanswered",
            Self::Blocked => "blocked",
            Self::Extension => "extension",
            Self::Acceptance => "acceptance",
            Self::Reassignment => "reassignment",
            Self::Today => "today",
            Self::Next => "this-week",
            Self::Unclear => "unclear",
            Self::Later => "later",
            Self::Opening => "opening",
            Self::Status => "status",
        }
    }
}

impl Headline {
    /// The line of a brief.
    pub(super) fn of(context: &BriefContext) -> Self {
        let mut parts = Vec::new();
        for kind in [
            Kind::Late,
            Kind::Unanswered,
            Kind::Blocked,
            Kind::Extension,
            Kind::Acceptance,
            Kind::Reassignment,
            Kind::Today,
            Kind::Next,
            Kind::Unclear,
            Kind::Later,
            Kind::Opening,
        ] {
            for own in [true, false] {
                let of_kind =
                    |item: &&BriefItem| Kind::of(item) == kind && item.owing.is_none() == own;
                parts.extend(part(
                    kind,
                    context.items.iter().filter(of_kind).collect(),
                    context,
                ));
            }
        }
        let kinds: BTreeSet<Kind> = parts.iter().map(|part: &Part| part.kind).collect();
        let of_others = context.items.iter().filter(|item| item.owing.is_some());
        let about = match of_others.count() {
            0 => About::Own,
            all if all == context.items.len() && context.status.is_empty() => About::Others,
            _ => About::Both,
        };
        parts.extend(status_part(context));
        // What the reader owes now and within days is not crowded out by what others owe, nor that by it.
        let is_own_and_near = |part: &Part| part.agencies == 0 && part.kind.is_near();
        parts.sort_by_key(|part| !is_own_and_near(part));
        let is_crowded = about == About::Both && parts.iter().take(PARTS).all(is_own_and_near);
        let said = PARTS + usize::from(is_crowded);
        let more = parts
            .iter()
            .skip(said)
            .filter(|part| part.kind != Kind::Status)
            .map(|part| part.count)
            .sum();
        parts.truncate(said);
        Self {
            parts,
            count: context.items.len(),
            more,
            about,
            opening_only: kinds.iter().eq([&Kind::Opening]) && context.status.is_empty(),
            late: kinds.contains(&Kind::Late) || kinds.contains(&Kind::Unanswered),
            changes: changed(context),
        }
    }
}

/// How many matters documents have changed, however often.
fn changed(context: &BriefContext) -> usize {
    let changes = context.changes.iter();
    let of_each =
        changes.flat_map(|note| note.items.iter().map(|item| (&note.plan.number, &item.id)));
    of_each.collect::<BTreeSet<_>>().len()
}

fn part(kind: Kind, items: Vec<&BriefItem>, context: &BriefContext) -> Option<Part> {
    let first = items
        .iter()
        .min_by_key(|item| (item.working_days_left, item.due_on))?;
    let asked_by = |item: &BriefItem| item.before.map(|before| before.settle_by);
    let uniform = |item: &&BriefItem| match kind {
        Kind::Late => item.working_days_left == first.working_days_left,
        kind if kind.asks_how_it_ended() => asked_by(item) == asked_by(first),
        _ => (item.due_on, item.act_by) == (first.due_on, first.act_by),
    };
    let behind = context
        .days_off
        .as_ref()
        .filter(|off| first.due_on == off.back_on);
    Some(Part {
        kind,
        count: items.len(),
        agencies: items
            .iter()
            .filter_map(|item| item.owing.as_deref())
            .collect::<BTreeSet<_>>()
            .len(),
        days: first.working_days_left.unsigned_abs(),
        uniform: items.iter().all(uniform),
        due: Day::of(asked_by(first).unwrap_or(first.due_on), context.today),
        act_by: (first.act_by != first.due_on).then(|| Day::of(first.act_by, context.today)),
        due_today: first.due_on == context.today,
        right_after: behind.map(|off| off.name.clone()),
        period: None,
    })
}

fn status_part(context: &BriefContext) -> Option<Part> {
    let first = context.status.iter().min_by_key(|ask| ask.by)?;
    Some(Part {
        kind: Kind::Status,
        count: context.status.iter().map(|ask| ask.tasks.len()).sum(),
        agencies: 0,
        days: 0,
        uniform: context.status.iter().all(|ask| ask.by == first.by),
        due: Day::of(first.by, context.today),
        act_by: None,
        due_today: first.by == context.today,
        right_after: None,
        period: Some(first.period.clone()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::{PlanRef, Reader};
    use chrono::NaiveDate;

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2020, month, day).unwrap()
    }

    fn item(task: &str, urgency: Urgency, left: i64, owing: Option<&str>) -> BriefItem {
        let due_on = if left < 0 { day(6, 30) } else { day(12, 31) };
        BriefItem {
            plan: PlanRef {
                number: "4353/QĐ-UBND".to_owned(),
                title: String::new(),
            },
            task: task.into(),
            milestone: None,
            urgency,
            label: String::new(),
            title: String::new(),
            due_as_written: String::new(),
            due_on,
            extended_from: None,
            amended: None,
            wished: None,
            act_by: due_on,
            working_days_left: left,
            product: String::new(),
            owing: owing.map(str::to_owned),
            coordinators: String::new(),
            history: None,
            next_step: None,
            held: None,
            before: None,
            unreached: false,
        }
    }

    #[test]
    fn what_the_monitor_owes_tomorrow_is_said_before_the_work_of_others() {
        let mut items = vec![item("I.1", Urgency::Late, -130, None)];
        items.push(item("I.2", Urgency::ThisWeek, 1, None));
        items.push(item("I.3", Urgency::Late, -235, Some("Sở Tư pháp")));
        items.push(item("I.4", Urgency::Later, 30, Some("Sở Y tế")));
        let context = BriefContext {
            today: day(12, 30),
            reader: Reader {
                audience: crate::domain::ladder::Audience::Officer,
                title: String::new(),
                agency: "SNV".into(),
                agency_name: "Sở Nội vụ".to_owned(),
                sign: "SNV".to_owned(),
            },
            monitor: "Sở Nội vụ".to_owned(),
            items,
            status: Vec::new(),
            changes: Vec::new(),
            days_off: None,
            closed_on: Vec::new(),
            latest: None,
            zalo: None,
            answers: crate::messages::Answers::Here,
            stands_in: Vec::new(),
            waiting: 0,
            decides: None,
        };
        let line = Headline::of(&context);
        let said: Vec<(Kind, usize)> = line
            .parts
            .iter()
            .map(|part| (part.kind, part.agencies))
            .collect();
        assert_eq!(said, [(Kind::Late, 0), (Kind::Next, 0), (Kind::Late, 1)]);
        assert_eq!(line.more, 1);
    }
}
