//! Several tasks in one message, each called by words of its content: "kế hoạch rà soát chờ ký, báo cáo quý I nộp rồi".

use super::answer::Decision;
use super::at_once::{all_done, near};
use super::choose::{Chosen, Hints, at_hand, by_name, opened};
use super::content::by_content;
use super::conversation::decide;
use super::hear::Reading;
use super::situation::{Owed, Situation};
use super::spoken::{is_asked_for, speak_of};
use crate::domain::ids::ObligationId;
use crate::domain::reply::{Intent, Understanding, Work};
use crate::domain::terse::{Line, listed, marker};

/// A text of more pieces is no report of a few tasks, and is not looked through for each of them.
const MOST_PIECES: usize = 40;

/// Nor is one of more bytes.
const LONGEST: usize = 4000;

/// Words that stand together and speak of the same tasks.
struct Stretch<'t, 'a> {
    text: &'t str,
    start: usize,
    /// Where the words about the tasks begin: behind "dạ thưa anh,".
    about_from: usize,
    intent: Intent,
    /// The tasks that may be meant; none where it names no work.
    tasks: Vec<&'a Owed>,
    /// Whether its words tell that one from all others.
    is_clear: bool,
    /// Whether it names it by its code.
    has_code: bool,
    /// Whether it says nothing of it.
    is_name: bool,
    /// Whether it is a line of a list, which leads to no other one.
    is_marked: bool,
    /// Whether what it says is clear.
    is_sure: bool,
    /// Whether it speaks of all that is left: "hai cái kia xong".
    is_of_rest: bool,
    /// Whether it only leads to a list: "Sở Tư pháp báo cáo như sau:".
    leads: bool,
    /// Whether it speaks of any work by name.
    names_work: bool,
    /// Whether its words tell more of its only task than the kind of its document.
    is_telling: bool,
}

/// The text with the name of each task before what is said of it, so that it is read like one that names them; nothing where
/// its words do not call two tasks at least.
pub(super) fn with_names(
    text: &str,
    reading: &Reading<'_>,
    situation: &Situation<'_>,
) -> Option<String> {
    let stretches = stretches(text, reading, situation)?;
    let mut called: Vec<_> = stretches.iter().filter_map(Stretch::called).collect();
    called.sort_unstable();
    called.dedup();
    let are_clear = stretches
        .iter()
        .all(|one| one.is_clear || one.tasks.is_empty());
    // A list is read line by line: what one says is no word of another.
    let is_list = stretches.iter().any(|one| one.is_marked);
    (are_clear && called.len() > 1 && !is_list)
        .then(|| stretches.iter().map(|one| one.named(reading)).collect())
}

/// What follows of each by itself, where the words speak of several tasks and do not tell of each which it is: "báo cáo thanh tra
/// xin tới 3/4, báo cáo quý I nộp rồi". What is clear is recorded; of what is not, which one is meant is asked.
pub(super) fn heard_apart(
    text: &str,
    reading: &Reading<'_>,
    situation: &Situation<'_>,
) -> Option<Decision> {
    let stretches = stretches(text, reading, situation)?;
    let speaking = stretches.iter().filter(|one| one.speaks());
    let tasks: usize = speaking.map(Stretch::count).sum();
    if tasks < 2 || stretches.iter().all(|one| one.tasks.is_empty()) {
        return None;
    }
    let is_clear = |owed: &Owed| {
        let mut clear = stretches.iter().filter(|one| one.is_clear);
        clear.any(|one| one.tasks.iter().any(|task| task.id() == owed.id()))
    };
    let mut owed = situation.owed.to_vec();
    let mut whole = Decision::default();
    for stretch in stretches.iter().filter(|one| !one.says_nothing()) {
        let words = stretch.named(reading);
        // What is told of another one, by its name or before, is not told of this one.
        let told = |one: &Owed| {
            whole
                .changes
                .iter()
                .any(|change| change.obligation == one.id())
        };
        let others = owed.iter().filter(|one| !is_clear(one) && !told(one));
        let others: Vec<Owed> = others.cloned().collect();
        let alone = Situation {
            owed: if stretch.is_clear { &owed } else { &others },
            asked: None,
            denies: reading.terse.denies(&words),
            ..*situation
        };
        let mut understood = reading.read(&words, &alone);
        let is_unclear = !understood.sure && understood.parts.is_empty();
        if is_unclear
            && matches!(
                understood.intent,
                Intent::Ack | Intent::Unknown | Intent::Ask
            )
            && !stretch.tasks.is_empty()
        {
            understood.intent = Intent::Progress;
        }
        let decision = if stretch.is_of_rest && understood.intent == Intent::Done {
            all_done(stretch.said(), stretch.tasks.clone(), &alone)
        } else {
            decide(stretch.said(), &understood, &alone)
        };
        for change in &decision.changes {
            if let Some(one) = owed.iter_mut().find(|one| one.id() == change.obligation) {
                *one = one.standing(change.after);
            }
        }
        whole.add(decision);
    }
    Some(whole)
}

impl Stretch<'_, '_> {
    /// Whether it tells how a task stands: of a line of a list it need not be known which.
    fn speaks(&self) -> bool {
        let says_nothing = matches!(self.intent, Intent::Unknown | Intent::Ack | Intent::Ask);
        !self.tasks.is_empty() || self.is_marked && self.names_work && !says_nothing
    }

    /// Whether it is no more than the name of a task, which a word joins to that one.
    fn is_shared_with(&self, next: &Self, reading: &Reading<'_>) -> bool {
        let are_telling = self.is_telling && next.is_telling;
        let mut others = next.tasks.iter();
        let differ = others.all(|owed| self.tasks.iter().all(|one| one.id() != owed.id()));
        let is_listed = self.text.trim_end().ends_with(',') && next.is_name;
        self.is_name && are_telling && differ && (is_listed || reading.terse.is_joined(next.text))
    }

    /// Whether it is courtesy, or leads to a list.
    fn says_nothing(&self) -> bool {
        self.tasks.is_empty()
            && (self.leads || matches!(self.intent, Intent::Unknown | Intent::Ack))
    }

    /// Of how many tasks it speaks: of one, where it is not clear which.
    fn count(&self) -> usize {
        if self.is_clear { self.tasks.len() } else { 1 }
    }

    fn called(&self) -> Option<String> {
        let tells = (self.is_clear || self.is_of_rest) && !self.has_code;
        let tasks = self.tasks.iter().filter(|_| tells);
        let names: Vec<String> = tasks
            .map(|owed| owed.obligation.milestone.to_string())
            .collect();
        (!names.is_empty()).then(|| names.join(", "))
    }

    /// Its own words, without the mark of a list.
    fn said(&self) -> &str {
        let words = self.text[marker(self.text)..].trim();
        words.trim_end_matches([',', ';', '.'])
    }

    /// Its words, behind the name of the task where that is clear.
    fn named(&self, reading: &Reading<'_>) -> String {
        let (before, about) = self.text.split_at(self.about_from - self.start);
        let of_rest = self.is_of_rest.then(|| reading.terse.said_of_rest(about));
        let about = of_rest.as_deref().unwrap_or(about);
        match self.called() {
            // On a line of its own, as if it had been written so.
            Some(name) => format!("{before}\n{name} {about}"),
            None => self.text.to_owned(),
        }
    }

    /// Whether it goes on with that one: of the same tasks, and nothing else of them.
    fn takes(&self, next: &Self) -> bool {
        let shares = next.tasks.iter().any(|owed| {
            let mut own = self.tasks.iter();
            own.any(|one| one.id() == owed.id())
        });
        let says_the_same = next.intent == self.intent || self.tasks.len() == next.tasks.len();
        let begins_anew = next.is_clear || next.is_marked || next.is_of_rest || self.is_of_rest;
        !begins_anew && (next.tasks.is_empty() || shares && says_the_same)
    }
}

impl<'t, 'a> Stretch<'t, 'a> {
    /// What stands in a piece that begins there.
    fn of(line: Line<'t>, start: usize, reading: &Reading<'_>, situation: &Situation<'a>) -> Self {
        let understood = reading.read(line.text, situation);
        let intent = understood.intent;
        let works = &understood.details.works;
        let hints = Hints {
            works,
            periods: &understood.details.periods,
            document: understood.doc.as_deref(),
            ..Hints::of(intent)
        };
        let open: Vec<&Owed> = situation
            .owed
            .iter()
            .filter(|owed| owed.is_open())
            .collect();
        let named = understood
            .refs
            .iter()
            .map(|named| by_name(named, hints, situation));
        let named = named.filter_map(|chosen| match chosen {
            Chosen::One(owed) => Some(owed),
            _ => None,
        });
        let named: Vec<&Owed> = named.collect();
        let clear = by_content(line.text, &open, hints, situation.today)
            .filter(|_| intent != Intent::Unknown);
        // "Kế hoạch thì bị bắt viết lại": of what is said nobody is sure, but of which task it is.
        let says_nothing = matches!(intent, Intent::Unknown | Intent::Ack);
        let says_nothing = says_nothing && (understood.sure || works.is_empty()) || line.is_beside;
        let tasks = match clear {
            _ if !named.is_empty() => named,
            Some(one) => vec![one],
            None if says_nothing => Vec::new(),
            None => speak_of(&opened(&at_hand(situation), situation), hints, situation),
        };
        let names_none = works.is_empty() && understood.refs.is_empty();
        let rest_from = reading.terse.rest_from(line.text).filter(|_| names_none);
        Self {
            text: line.text,
            start,
            about_from: start + marker(line.text),
            intent,
            is_clear: clear.is_some() || !understood.refs.is_empty(),
            is_name: names_only(&understood),
            has_code: !understood.refs.is_empty(),
            is_marked: line.is_of_list,
            is_sure: understood.sure,
            is_of_rest: rest_from.is_some(),
            leads: line.leads && works.iter().all(|work| work.may_tell),
            names_work: !works.is_empty(),
            is_telling: tells_of(&tasks, hints),
            tasks,
        }
    }
}

/// The stretches of a text, in order: together they are all of it.
fn stretches<'t, 'a>(
    text: &'t str,
    reading: &Reading<'_>,
    situation: &Situation<'a>,
) -> Option<Vec<Stretch<'t, 'a>>> {
    if text.len() > LONGEST {
        return None;
    }
    let lines = listed(text);
    let is_list = lines.is_some();
    let pieces = lines.unwrap_or_else(|| {
        let pieces = reading.terse.pieces(text).into_iter();
        pieces.map(Line::alone).collect()
    });
    if pieces.len() > MOST_PIECES {
        return None;
    }
    let mut found: Vec<Stretch<'t, 'a>> = Vec::new();
    let mut start = 0;
    for line in pieces {
        let mut next = Stretch::of(line, start, reading, situation);
        start += line.text.len();
        match found.last_mut() {
            // "Kế hoạch rà soát và báo cáo quý: xong": what is said of the second is said of both.
            Some(last) if last.is_shared_with(&next, reading) => {
                next.tasks.splice(..0, last.tasks.clone());
                next.start = last.start;
                next.about_from = last.about_from;
                next.text = &text[last.start..start];
                next.is_clear = true;
                *last = next;
            }
            Some(last) if last.takes(&next) => {
                last.text = &text[last.start..start];
                last.leads |= next.leads && !last.is_sure;
            }
            _ => {
                // What comes before the first task leads to it, and what comes before a list to all of it.
                let leads = |last: &mut Stretch<'_, '_>| {
                    last.tasks.is_empty() && !(is_list || last.is_of_rest || next.is_of_rest)
                };
                if let Some(before) = found.pop_if(leads) {
                    next.start = before.start;
                    next.text = &text[before.start..start];
                }
                found.push(next);
            }
        }
    }
    tell_apart(&mut found);
    give_the_rest(&mut found, situation);
    Some(found)
}

/// Whether words say nothing of what they name.
fn names_only(understood: &Understanding) -> bool {
    let tells =
        understood.date.is_some() || understood.doc.is_some() || understood.percent.is_some();
    let wants = !matches!(
        understood.intent,
        Intent::Progress | Intent::Done | Intent::Ack | Intent::Unknown
    );
    !(understood.sure || understood.details.finishes || tells || wants)
}

/// "Hai cái kia xong" is said of what is near and nothing else is said of.
fn give_the_rest<'a>(stretches: &mut [Stretch<'_, 'a>], situation: &Situation<'a>) {
    let called: Vec<ObligationId> = ids_of(stretches).collect();
    let mut rest = near(situation);
    rest.retain(|owed| !called.contains(&owed.id()));
    let mut of_rest = stretches.iter_mut().filter(|one| one.is_of_rest);
    if let (Some(only), None) = (of_rest.next(), of_rest.next())
        && !called.is_empty()
    {
        only.tasks = rest;
    }
}

fn ids_of(stretches: &[Stretch<'_, '_>]) -> impl Iterator<Item = ObligationId> {
    let tasks = stretches.iter().flat_map(|one| &one.tasks);
    tasks.map(|owed| owed.id())
}

/// Whether the words tell more of the only task that they call than the kind of its document: "kế hoạch rà soát", "tự thanh tra".
fn tells_of(tasks: &[&Owed], hints: Hints<'_>) -> bool {
    const WORDS_OF_A_KIND: usize = 2;
    let tells = |work: &Work| {
        let words = work.name.split(' ').count();
        !work.is_document || work.is_of_a_time || words > WORDS_OF_A_KIND
    };
    matches!(tasks, [only] if hints.works.iter().any(tells) && is_asked_for(only, hints))
}

/// Where each of several stretches calls one task, and no two the same, each is told from the others.
fn tell_apart(stretches: &mut [Stretch<'_, '_>]) {
    let called: Vec<ObligationId> = ids_of(stretches).collect();
    let calling = stretches.iter().filter(|one| !one.tasks.is_empty()).count();
    let is_own = |id: ObligationId| called.iter().filter(|one| **one == id).count() == 1;
    for stretch in stretches {
        if let [only] = stretch.tasks.as_slice() {
            stretch.is_clear |= calling > 1 && stretch.is_telling && is_own(only.id());
        }
    }
}
