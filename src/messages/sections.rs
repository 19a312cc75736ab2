//! The shown blocks of a brief under their headings.

use chrono::NaiveDate;
use serde::Serialize;

use super::blocks::{Block, Form, Heard, Spoken};
use super::context::Held;
use super::item_view::{Day, ItemView, NextStepView, ReturnView};
use super::text::quotable;

/// Entries under one heading: what the first line counts as one kind and, of what was due before it was followed here, is
/// wanted by one day.
#[derive(Serialize)]
pub(super) struct Section<'a> {
    /// The key of the heading.
    urgency: &'static str,
    /// Obligations in it, those left out included.
    count: usize,
    entries: Vec<Entry<'a>>,
    /// What follows when nobody answers, when it is the same for the whole section; then no item repeats it.
    next_step: Option<NextStepView<'a>>,
}

/// What stands together.
#[derive(Serialize)]
struct Entry<'a> {
    form: Form,
    /// Obligations that belong here, those left out included.
    count: usize,
    items: Vec<ItemView<'a>>,
    /// Of a shared entry: agencies that have answered, those that have not, those that no message reached, and those that something holds up.
    answered: Vec<SpokenView<'a>>,
    silent: Vec<&'a str>,
    /// How often those were reminded that have not answered.
    reminded: Option<Reminded>,
    unreached: Vec<&'a str>,
    held: Vec<HeldUp<'a>>,
}

/// The agencies of a shared entry that one thing holds up.
#[derive(Serialize)]
struct HeldUp<'a> {
    by: Held,
    agencies: Vec<SpokenView<'a>>,
}

/// An agency with the history of a matter in a line.
#[derive(Serialize)]
struct SpokenView<'a> {
    agency: &'a str,
    /// Reminders sent, and the day of the last.
    reminded: usize,
    last: Option<Day>,
    words: String,
    on: Option<Day>,
    /// The day of what those words only took back.
    takes_back: Option<Day>,
    /// Where they report a completion that was returned: that it was.
    returned: Option<ReturnView>,
    undecided: bool,
    /// Until when more time is asked for.
    wished: Option<Day>,
}

impl<'a> SpokenView<'a> {
    fn of(spoken: &Spoken<'a>, today: NaiveDate) -> Self {
        Self {
            agency: spoken.agency,
            reminded: spoken.reminded_on.len(),
            undecided: spoken.is_undecided,
            wished: spoken.wished.map(|day| Day::of(day, today)),
            last: spoken.reminded_on.last().map(|day| Day::of(*day, today)),
            words: spoken
                .words
                .map_or_else(String::new, |words| quotable(&words.text)),
            on: spoken.words.map(|words| Day::of(words.on, today)),
            takes_back: spoken
                .words
                .and_then(|words| Some(Day::of(words.takes_back?, today))),
            returned: spoken.words.and_then(|words| ReturnView::of(words, today)),
        }
    }
}

/// How often several were reminded.
#[derive(Serialize)]
struct Reminded {
    least: usize,
    most: usize,
    last: Day,
}

impl Reminded {
    /// Of these; none where nobody was.
    fn of(all: &[Spoken<'_>], today: NaiveDate) -> Option<Self> {
        let counts = || all.iter().map(|one| one.reminded_on.len());
        let last = all.iter().filter_map(|one| one.reminded_on.last()).max()?;
        Some(Self {
            least: counts().min()?,
            most: counts().max()?,
            last: Day::of(*last, today),
        })
    }
}

/// What may hold up agencies of a shared entry, in order.
const HELD: [Held; 4] = [
    Held::Blocked,
    Held::Extension,
    Held::Acceptance,
    Held::Reassignment,
];

/// The `shown` ones of `all` blocks, by heading; listed items of one deadline, and items of one agency, stand together.
pub(super) fn sections<'a>(
    shown: &[Block<'a>],
    all: &[Block<'a>],
    today: NaiveDate,
    name_plan: bool,
) -> Vec<Section<'a>> {
    let under_one_heading = shown.chunk_by(|a, b| a.heading() == b.heading());
    under_one_heading
        .map(|blocks| {
            let heading = blocks[0].heading();
            let whole: Vec<&Block<'a>> = all.iter().filter(|b| b.heading() == heading).collect();
            let next_step = common_next_step(&whole, today);
            let item = |block: &Block<'a>| {
                let mut item = ItemView::of(block, today, name_plan);
                if next_step.is_some() {
                    item.next_step = None;
                }
                item
            };
            Section {
                urgency: blocks[0].kind.heading(),
                count: count(&whole),
                entries: blocks
                    .chunk_by(Block::stands_with)
                    .map(|together| entry(together, &whole, today, item))
                    .collect(),
                next_step,
            }
        })
        .collect()
}

fn entry<'a>(
    together: &[Block<'a>],
    whole: &[&Block<'a>],
    today: NaiveDate,
    item: impl Fn(&Block<'a>) -> ItemView<'a>,
) -> Entry<'a> {
    let first = &together[0];
    let belongs: Vec<&Block<'a>> = match first.form {
        Form::Full | Form::Shared => vec![first],
        Form::Listed | Form::Agency => {
            let mut belongs = whole.to_vec();
            belongs.retain(|block| first.stands_with(block));
            belongs
        }
    };
    let views = |all: &[Spoken<'a>]| all.iter().map(|one| SpokenView::of(one, today)).collect();
    Entry {
        form: first.form,
        count: count(&belongs),
        items: together.iter().map(item).collect(),
        answered: views(&first.spoken(Heard::Something)),
        silent: first.names(Heard::Nothing),
        reminded: Reminded::of(&first.spoken(Heard::Nothing), today),
        unreached: first.names(Heard::Unreached),
        held: HELD
            .into_iter()
            .map(|by| HeldUp {
                by,
                agencies: views(&first.held_up(by)),
            })
            .filter(|held| !held.agencies.is_empty())
            .collect(),
    }
}

fn count(blocks: &[&Block<'_>]) -> usize {
    blocks.iter().map(|block| block.members.len()).sum()
}

fn common_next_step<'a>(blocks: &[&Block<'a>], today: NaiveDate) -> Option<NextStepView<'a>> {
    let mut items = blocks.iter().flat_map(|block| &block.members);
    let first = items.next()?.next_step.as_ref()?;
    let same = items.all(|item| item.next_step.as_ref() == Some(first));
    same.then(|| NextStepView {
        on: Day::of(first.on, today),
        to: &first.to,
        count: count(blocks),
        answered: blocks
            .iter()
            .flat_map(|block| &block.members)
            .any(|item| item.is_answered()),
    })
}
