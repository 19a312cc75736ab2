//! A reference, or none, -> the obligation that is meant.

use super::content::by_content;
use super::situation::{Owed, Situation};
use super::spoken::{outcome_of, speak_of, unless_other_work, unmarked};
use crate::domain::reply::{Intent, Period, Understanding, Work};
use crate::domain::spelling::words;

/// How many obligations a person is asked to choose from.
pub(super) const MOST_OPTIONS: usize = 8;

/// Which obligation is meant.
pub(super) enum Chosen<'a> {
    /// This one.
    One(&'a Owed),
    /// This one, but what was said fits it badly: it is asked back.
    Perhaps(&'a Owed),
    /// One of these; the most urgent first, never empty.
    OneOf(Vec<&'a Owed>),
    /// Nothing that this agency owes.
    Nothing,
}

/// What helps to tell which obligation is meant.
#[derive(Clone, Copy)]
pub(super) struct Hints<'a> {
    pub(super) intent: Intent,
    /// Number of a document: `12/KH-SNV`.
    pub(super) document: Option<&'a str>,
    /// The months and quarters that are named.
    pub(super) periods: &'a [Period],
    /// The works that are spoken of.
    pub(super) works: &'a [Work],
}

impl<'a> Hints<'a> {
    /// All that is understood.
    pub(super) fn of_all(understood: &'a Understanding) -> Self {
        Self {
            intent: understood.intent,
            document: understood.doc.as_deref(),
            periods: &understood.details.periods,
            works: &understood.details.works,
        }
    }
}

impl Hints<'_> {
    /// Nothing but what is said.
    pub(super) fn of(intent: Intent) -> Self {
        Self {
            intent,
            document: None,
            periods: &[],
            works: &[],
        }
    }
}

/// The obligation that the sender calls `named`: `II.2`, `II.2/1`, `II.2/KH`, `IV.1.b`, `#2`.
pub(super) fn by_name<'a>(named: &str, hints: Hints<'_>, situation: &Situation<'a>) -> Chosen<'a> {
    if let Some(number) = named.strip_prefix('#') {
        return by_number(number, situation);
    }
    let (task, rest) = match named.split_once('/') {
        Some((task, rest)) => (task, Some(rest)),
        None => (named, None),
    };
    let of_task: Vec<&Owed> = situation
        .owed
        .iter()
        .filter(|owed| {
            owed.obligation
                .milestone
                .task
                .as_str()
                .eq_ignore_ascii_case(task)
        })
        .collect();
    let of_task = if of_task.is_empty() && rest.is_none() {
        parts_of(task, situation)
    } else {
        of_task
    };
    let meant: Vec<&Owed> = match rest {
        Some(rest) => of_task
            .iter()
            .copied()
            .filter(|owed| is_milestone(owed, rest))
            .collect(),
        None => Vec::new(),
    };
    if meant.is_empty() && rest.is_some() {
        return unlike_its_name(of_task, hints, situation);
    }
    let several = of_task.len() > 1;
    let named = !meant.is_empty();
    match among(if named { meant } else { of_task }, hints, situation) {
        Chosen::One(owed) if several && !named && !is_due_within(owed, hints) => {
            Chosen::Perhaps(owed)
        }
        chosen => chosen,
    }
}

/// What the agency owes of `IV.1.a`, `IV.1.b`, where `IV.1` is named.
fn parts_of<'a>(task: &str, situation: &Situation<'a>) -> Vec<&'a Owed> {
    let within = |owed: &&Owed| {
        let own = owed.obligation.milestone.task.as_str();
        let head = own.get(..task.len()).unwrap_or_default();
        head.eq_ignore_ascii_case(task) && own[task.len()..].starts_with('.')
    };
    situation.owed.iter().filter(within).collect()
}

/// `II.10/7` where there is one milestone, `II.2/BC` where none is called so: any that is left may be meant.
fn unlike_its_name<'a>(
    of_task: Vec<&'a Owed>,
    hints: Hints<'_>,
    situation: &Situation<'_>,
) -> Chosen<'a> {
    let left = of_task.iter().copied().filter(|owed| owed.is_open());
    let left: Vec<&Owed> = left.collect();
    match left.as_slice() {
        [] => among(of_task, hints, situation),
        [only] => Chosen::Perhaps(only),
        _ => one_of(left, situation),
    }
}

/// Whether a completion "trong quý II" can be that of this milestone and not of another one of its task.
pub(super) fn is_due_within(owed: &Owed, hints: Hints<'_>) -> bool {
    let within = |due| {
        let mut periods = hints.periods.iter();
        periods.any(|period| period.first <= due && due <= period.last)
    };
    hints.intent != Intent::Done
        || hints.periods.is_empty()
        || owed.obligation.due_on.is_none_or(within)
}

/// The obligation meant when none is named: the only one that the sender was told of, the only one that is open, or the
/// only one whose content the words speak of.
pub(super) fn without_name<'a>(
    text: &str,
    hints: Hints<'_>,
    situation: &Situation<'a>,
) -> Chosen<'a> {
    let open: Vec<&Owed> = situation
        .owed
        .iter()
        .filter(|owed| owed.is_open())
        .collect();
    let pool = at_hand(situation);
    if let [only] = pool.as_slice() {
        return unless_other_work(only, hints, situation);
    }
    if let Some(spoken_of) = by_content(text, &open, hints, situation.today) {
        return Chosen::One(spoken_of);
    }
    let due = opened(&pool, situation);
    let is_told = situation
        .told
        .iter()
        .any(|id| pool.iter().any(|owed| owed.id() == *id));
    match due.as_slice() {
        [only] if !is_told => unless_other_work(only, hints, situation),
        _ if pool.is_empty() => Chosen::Nothing,
        [] => narrow_by_works(pool, hints, situation),
        _ => narrow_by_works(due, hints, situation),
    }
}

/// What is open of what the sender was told of, or else all that is open.
pub(super) fn at_hand<'a>(situation: &Situation<'a>) -> Vec<&'a Owed> {
    let told = situation.told.iter().filter_map(|id| situation.find(*id));
    let told: Vec<&Owed> = told.filter(|owed| owed.is_open()).collect();
    if !told.is_empty() {
        return told;
    }
    let open = situation.owed.iter().filter(|owed| owed.is_open());
    open.collect()
}

/// Those that have a day, and whose window is open.
pub(super) fn opened<'a>(pool: &[&'a Owed], situation: &Situation<'_>) -> Vec<&'a Owed> {
    let is_due =
        |owed: &&Owed| owed.obligation.due_on.is_some() && owed.has_opened(situation.today);
    pool.iter().copied().filter(is_due).collect()
}

/// Of several tasks those of which the words speak by name: "kế hoạch còn chờ ký" is said of none that asks for a report. Whether it
/// is the only one of them is asked.
fn narrow_by_works<'a>(
    candidates: Vec<&'a Owed>,
    hints: Hints<'_>,
    situation: &Situation<'_>,
) -> Chosen<'a> {
    let spoken_of = speak_of(&candidates, hints, situation);
    match spoken_of.as_slice() {
        [only]
            if unmarked(&candidates, hints, situation).is_some() && is_due_within(only, hints) =>
        {
            Chosen::One(only)
        }
        [only] if candidates.len() > 1 => Chosen::Perhaps(only),
        [] => narrow(candidates, hints, situation),
        _ => narrow(spoken_of, hints, situation),
    }
}

/// "việc 2": the second of what was shown with numbers, or in an order; where nothing was, it is asked which is meant. Numbers of
/// rows are shown to nobody and mean nothing here.
fn by_number<'a>(number: &str, situation: &Situation<'a>) -> Chosen<'a> {
    let place = number.parse::<usize>().ok();
    let place = place.and_then(|number| number.checked_sub(1));
    let by_place = place.and_then(|at| situation.numbered.get(at));
    if let Some(owed) = by_place.and_then(|id| situation.find(*id)) {
        return Chosen::One(owed);
    }
    let open: Vec<&Owed> = situation
        .owed
        .iter()
        .filter(|owed| owed.is_open())
        .collect();
    if open.is_empty() {
        Chosen::Nothing
    } else {
        one_of(open, situation)
    }
}

/// The task of `II.2/1`.
pub(super) fn task_of(named: &str) -> &str {
    named.split('/').next().unwrap_or(named)
}

/// Whether `II.2/1`, `II.2/KH` or `II.2` may mean this obligation; another milestone of its task never does.
pub(super) fn may_mean(owed: &Owed, named: &str) -> bool {
    let (task, rest) = named.split_once('/').unwrap_or((named, ""));
    task.eq_ignore_ascii_case(owed.obligation.milestone.task.as_str())
        && (rest.is_empty() || is_milestone(owed, rest))
}

/// Whether `rest` of `II.2/rest` names this milestone: its number, or the first letters of words of its label, of its
/// product where it has none.
fn is_milestone(owed: &Owed, rest: &str) -> bool {
    match rest.parse::<u16>() {
        Ok(number) => number == owed.obligation.milestone.number,
        Err(_) => is_of_kind(owed, rest),
    }
}

/// Whether those are the first letters of words of its label, or of its product where it has none: `KH`.
pub(super) fn is_of_kind(owed: &Owed, kind: &str) -> bool {
    initials(outcome_of(owed)).contains(&kind.to_uppercase())
}

/// "Ban hành Kế hoạch" -> "BHKH".
fn initials(label: &str) -> String {
    words(label)
        .iter()
        .filter_map(|word| word.key.chars().next())
        .flat_map(char::to_uppercase)
        .collect()
}

fn among<'a>(of_task: Vec<&'a Owed>, hints: Hints<'_>, situation: &Situation<'_>) -> Chosen<'a> {
    let open: Vec<&Owed> = of_task
        .iter()
        .copied()
        .filter(|owed| owed.is_open())
        .collect();
    match (open.as_slice(), of_task.as_slice()) {
        ([only], _) | ([], [only]) => return Chosen::One(only),
        // All are over: the one that was over last is what an answer is about.
        ([], [.., last]) => return Chosen::One(last),
        ([], []) => return Chosen::Nothing,
        _ => {}
    }
    let told: Vec<&Owed> = open
        .iter()
        .copied()
        .filter(|owed| situation.told.contains(&owed.id()))
        .collect();
    if let [only] = told.as_slice() {
        return Chosen::One(only);
    }
    let opened: Vec<&Owed> = open
        .iter()
        .copied()
        .filter(|owed| owed.has_opened(situation.today))
        .collect();
    narrow(
        if opened.is_empty() { open } else { opened },
        hints,
        situation,
    )
}

/// Of several milestones of one task: the one whose label names the kind of the document; for anything but a completion the
/// most urgent one. Different tasks may all give a plan, so a plan does not choose among them.
fn narrow<'a>(
    candidates: Vec<&'a Owed>,
    hints: Hints<'_>,
    situation: &Situation<'_>,
) -> Chosen<'a> {
    if let [only] = candidates.as_slice() {
        return Chosen::One(only);
    }
    let row = |owed: &Owed| {
        let one = &owed.obligation;
        (one.plan.clone(), one.milestone.task.clone())
    };
    let first = row(candidates[0]);
    if candidates.iter().any(|owed| row(owed) != first) {
        return one_of(candidates, situation);
    }
    let kind = hints.document.and_then(kind_of_document);
    let named: Vec<&Owed> = candidates
        .iter()
        .copied()
        .filter(|owed| kind.is_some_and(|kind| initials(&owed.label).contains(kind)))
        .collect();
    if let [only] = named.as_slice() {
        return Chosen::One(only);
    }
    if hints.intent != Intent::Done {
        return Chosen::One(candidates[0]);
    }
    one_of(candidates, situation)
}

/// In the order of the list that was shown with numbers, where it shows them all; else what was due first, and is late, before what
/// is due soon, and last what has no day.
pub(super) fn sort_by_urgency(candidates: &mut [&Owed], situation: &Situation<'_>) {
    let place = |owed: &&Owed| {
        let mut numbered = situation.numbered.iter();
        numbered.position(|id| *id == owed.id())
    };
    if situation.shows_numbers && candidates.iter().all(|owed| place(owed).is_some()) {
        candidates.sort_by_key(place);
    } else {
        let due = |owed: &&Owed| owed.obligation.due_on;
        candidates.sort_by_key(|owed| (due(owed).is_none(), due(owed)));
    }
}

fn one_of<'a>(mut candidates: Vec<&'a Owed>, situation: &Situation<'_>) -> Chosen<'a> {
    sort_by_urgency(&mut candidates, situation);
    candidates.truncate(MOST_OPTIONS);
    Chosen::OneOf(candidates)
}

/// `KH` of `12/KH-SNV`.
pub(super) fn kind_of_document(number: &str) -> Option<&str> {
    let (_, sign) = number.rsplit_once('/')?;
    let kind = sign.split('-').next()?;
    (!kind.is_empty()).then_some(kind)
}
