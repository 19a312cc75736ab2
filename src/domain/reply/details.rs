//! What a text tells beside its intent, task by task: days, per cents, documents, periods, the names of works.
//!
//! A day or a number belongs to the task whose words it stands among, never to another one.

use chrono::{Datelike, NaiveDate};

use super::classes::Classes;
use super::clauses::{Clause, clause_at};
use super::fields::{Named, percent};
use super::grammar::Sense;
use super::impossible::names_no_day;
use super::intent::{Intent, Understanding};
use super::papers::own_documents;
use super::parts::{Group, is_likewise};
use super::periods::{Period, named_period};
use super::reader::Read;
use super::roles::Role;
use super::says::Says;
use super::select;
use super::view::View;
use super::works::{Work, works};

/// What is told beside the intent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// Task by task where a text speaks of several; `None` is the one that the sender was asked about.
    pub of_tasks: Vec<(Option<String>, Beside)>,
    /// The months and quarters that the text names.
    pub periods: Vec<Period>,
    /// The works that the text speaks of by their names.
    pub works: Vec<Work>,
    /// Whether it names a day that is in no calendar.
    pub no_day: bool,
    /// What it asks, where that is told.
    pub asks: Option<Asks>,
    /// Whether it hands the task to a person, and says of nobody's unit that it has to do it.
    pub to_a_person: bool,
    /// What is finished, by its words.
    pub ended: Ended,
    /// What it says to a question, where it says nothing else.
    pub says: Option<Says>,
    /// Whether it speaks of another unit by name, and of its own by no word.
    pub of_another: bool,
    /// Of which tasks it says something else than of others, and of these in doubt that they are done; the others are sure.
    pub doubted: Vec<Option<String>>,
}

impl Details {
    /// Whether some word says that something is finished.
    #[must_use]
    pub fn finishes(&self) -> bool {
        self.ended != Ended::Nothing
    }
}

/// What the words say to be finished.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ended {
    /// Nothing.
    #[default]
    Nothing,
    /// It was agreed to, and nobody says that it was issued: "duyệt xong rồi".
    AgreedTo,
    /// Something.
    Finished,
}

/// What a question is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// How to answer.
    How,
    /// What the plan says of a task: what is to come out of it, who leads, for whom it is.
    OfTask,
    /// What the plan says of all tasks: how many there are, what is new.
    OfAll,
    /// Which tasks are late.
    OfLate,
}

/// What is finished, where any word says so.
pub(super) fn ended(view: &View, is_finished: bool) -> Ended {
    match is_finished {
        false => Ended::Nothing,
        true if is_only_agreed_to(view) => Ended::AgreedTo,
        true => Ended::Finished,
    }
}

/// Whether each word for "finished" is one for "agreed to", or follows one, and no document is named.
fn is_only_agreed_to(view: &View) -> bool {
    let finishes = Classes::of(&[Role::Act, Role::Done]);
    let approved = |at: usize| view.is(at, Role::Approve) || view.ends_before(at, Role::Approve);
    let all = view.classes_in(0..view.len());
    let mut finished = (0..view.len()).filter(|at| view.begins(*at).any(finishes));
    all.has(Role::Approve) && !all.has(Role::Document) && finished.all(approved)
}

/// What is told of one task beside the intent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    /// Progress in percent.
    pub percent: Option<u8>,
    /// The day that goes with the intent.
    pub date: Option<NaiveDate>,
    /// The number of a document.
    pub document: Option<String>,
    /// The months and quarters that are named.
    pub periods: Vec<Period>,
}

impl Beside {
    /// What is not told here is told there.
    fn or(self, other: &Self) -> Self {
        Self {
            percent: self.percent.or(other.percent),
            date: self.date.or(other.date),
            document: self.document.or_else(|| other.document.clone()),
            periods: if self.periods.is_empty() {
                other.periods.clone()
            } else {
                self.periods
            },
        }
    }
}

/// What a text tells beside the intents of its groups.
pub(super) fn details(
    read: &Read,
    groups: &[Group],
    whole: &Understanding,
    sent: NaiveDate,
) -> Details {
    let intent_of = |task: Option<&String>| {
        let mut parts = whole.parts.iter();
        let own = parts.find(|part| part.task.as_ref() == task);
        own.map(|part| part.intent)
    };
    let is_part = |group: &&Group| !group.tasks.is_empty() || intent_of(None).is_some();
    let mut of_tasks = Vec::new();
    for stretch in groups
        .iter()
        .filter(is_part)
        .flat_map(|group| stretches(read, group))
    {
        let intent = intent_of(stretch.tasks.first()).unwrap_or(whole.intent);
        // "Theo lịch hôm qua: II.1 xong, II.2 xong": what is told before any task is told of each.
        let before = groups.first().filter(|group| !is_part(group));
        let before = before.map_or_else(Beside::default, |group| {
            beside(read, intent, &group.clauses, sent)
        });
        let own = beside(read, intent, &stretch.clauses, sent);
        let documents = documents(read, &stretch.clauses);
        if stretch.tasks.is_empty() {
            of_tasks.push((None, own));
            continue;
        }
        let (several, in_order) = (
            stretch.tasks.len() > 1,
            documents.len() == stretch.tasks.len(),
        );
        for (at, task) in stretch.tasks.iter().enumerate() {
            let mut own = own.clone();
            // "II.1, II.2 xong, KH 5 và BC 6": each its own, or nobody knows which.
            if several && documents.len() > 1 {
                own.document = documents.get(at).filter(|_| in_order).cloned();
            } else {
                own = own.or(&before);
            }
            of_tasks.push((Some(task.clone()), own));
        }
    }
    if of_tasks.len() < 2 {
        of_tasks.clear();
    }
    Details {
        ended: Ended::Nothing,
        of_tasks,
        periods: periods(read, &read.clauses, sent),
        works: works(&read.view, &read.clauses),
        no_day: names_no_day(&read.view, sent.year()),
        asks: asks(read).filter(|_| whole.intent == Intent::Ask),
        to_a_person: whole.intent == Intent::Reassign
            && names_a_person(&read.view)
            && !ELSEWHERE.into_iter().any(|role| has(&read.view, role)),
        says: read.says,
        of_another: false,
        doubted: Vec::new(),
    }
}

fn asks(read: &Read) -> Option<Asks> {
    let says = |sense| read.matches.iter().any(|found| found.sense == sense);
    let of_plan = says(Sense::Asks).then_some(Asks::OfTask);
    let how = has(&read.view, Role::HowTo).then_some(Asks::How);
    let of_all = says(Sense::AsksOfAll).then_some(Asks::OfAll);
    let of_late = says(Sense::AsksOfLate).then_some(Asks::OfLate);
    of_late.or(of_all).or(how).or(of_plan)
}

/// What makes a task that of another unit.
const ELSEWHERE: [Role; 3] = [Role::Other, Role::NotOurs, Role::WrongPerson];

/// "đồng chí Lan", "chị Lan": a name behind a word that people are spoken of with.
fn names_a_person(view: &View) -> bool {
    let is_comrade =
        |at: usize| view.tokens[at].plain == "chi" && view.tokens[at - 1].plain == "dong";
    (1..view.len()).any(|at| {
        let before = at - 1;
        let named = view.tokens[at].capital && view.begins(at).is_empty();
        named && (view.is(before, Role::Polite) || before > 0 && is_comrade(before))
    })
}

fn has(view: &View, role: Role) -> bool {
    (0..view.len()).any(|at| view.is(at, role))
}

fn beside(read: &Read, intent: Intent, clauses: &[Clause], sent: NaiveDate) -> Beside {
    let view = &read.view;
    let mut percents = read.percents.clone();
    percents.retain(|(_, at)| clause_at(clauses, *at).is_some());
    let silent = matches!(intent, Intent::Ask | Intent::Unknown);
    Beside {
        percent: percent(view, &percents).filter(|_| intent != Intent::Ask),
        date: select::date(intent, view, clauses, &read.dates, sent),
        document: documents(read, clauses)
            .into_iter()
            .next()
            .filter(|_| !silent),
        periods: periods(read, clauses, sent),
    }
}

fn documents(read: &Read, clauses: &[Clause]) -> Vec<String> {
    own_documents(&read.view, |at| clause_at(clauses, at).is_some()).collect()
}

/// The months and quarters that clauses name; a day of a month is none.
fn periods(read: &Read, clauses: &[Clause], sent: NaiveDate) -> Vec<Period> {
    let is_day = |at: usize| {
        let mut days = read.dates.iter().filter(|date| date.first == date.last);
        days.any(|day| day.start <= at && at < day.end)
    };
    let mut found = Vec::new();
    for clause in clauses {
        let mut at = clause.start;
        while at < clause.end {
            let named = named_period(&read.view, at, sent).filter(|_| !is_day(at));
            if let Some((period, end)) = named {
                found.push(period);
                at = end.max(at + 1);
            } else {
                at += 1;
            }
        }
    }
    found
}

/// A group by the tasks of which something is told one by one: "II.1 xong, KH 5 và II.2 xong, KH 6" has two stretches.
fn stretches(read: &Read, group: &Group) -> Vec<Group> {
    let named = read.named.iter();
    let named: Vec<&Named> = named
        .filter(|named| clause_at(&group.clauses, named.start).is_some())
        .collect();
    let cuts: Vec<usize> = named
        .windows(2)
        .filter(|pair| pair[0].end < pair[1].start && tells(read, pair[0].end, pair[1].start))
        .map(|pair| pair[1].start)
        .filter(|at| {
            let clause = clause_at(&group.clauses, *at);
            !clause.is_some_and(|clause| is_likewise(&read.view, clause))
        })
        .collect();
    if cuts.is_empty() {
        return vec![group.clone()];
    }
    let ends = cuts.iter().copied().chain([usize::MAX]);
    let starts = [0].into_iter().chain(cuts.iter().copied());
    starts
        .zip(ends)
        .map(|(start, end)| Group {
            tasks: named
                .iter()
                .filter(|named| (start..end).contains(&named.start))
                .map(|named| named.task.clone())
                .collect(),
            clauses: group
                .clauses
                .iter()
                .map(|clause| Clause {
                    start: clause.start.max(start),
                    end: clause.end.min(end),
                    ..*clause
                })
                .filter(|clause| clause.start < clause.end)
                .collect(),
        })
        .collect()
}

/// Whether a day, a per cent or a document stands between.
fn tells(read: &Read, start: usize, end: usize) -> bool {
    let between = start..end;
    read.dates.iter().any(|date| between.contains(&date.start))
        || read.percents.iter().any(|(_, at)| between.contains(at))
        || own_documents(&read.view, |at| between.contains(&at))
            .next()
            .is_some()
        || read.view.classes_in(start..end).has(Role::Document)
}
