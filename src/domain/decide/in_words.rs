//! Several tasks in one message, each called by words of its content: "kế hoạch rà soát chờ ký, báo cáo quý I nộp rồi".

use super::answer::Decision;
use super::choose::{Hints, at_hand, opened};
use super::content::by_content;
use super::conversation::decide;
use super::hear::Reading;
use super::situation::{Owed, Situation};
use super::spoken::speak_of;
use crate::domain::reply::Intent;
use crate::domain::terse::marker;

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
    /// Whether it is a line of a list, which leads to no other one.
    is_marked: bool,
    /// Whether it speaks of any work by name.
    names_work: bool,
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
    (are_clear && called.len() > 1).then(|| stretches.iter().map(Stretch::named).collect())
}

/// What follows of each by itself, where the words speak of several tasks and do not tell of each which it is: "báo cáo thanh tra
/// xin tới 3/4, báo cáo quý I nộp rồi". What is clear is recorded; of what is not, which one is meant is asked.
pub(super) fn heard_apart(
    text: &str,
    reading: &Reading<'_>,
    situation: &Situation<'_>,
) -> Option<Decision> {
    let stretches = stretches(text, reading, situation)?;
    let speaking = stretches.iter().filter(|one| one.speaks()).count();
    if speaking < 2 || stretches.iter().all(|one| one.tasks.is_empty()) {
        return None;
    }
    let is_clear = |owed: &Owed| {
        let mut clear = stretches.iter().filter(|one| one.is_clear);
        clear.any(|one| one.tasks.iter().any(|task| task.id() == owed.id()))
    };
    let mut owed = situation.owed.to_vec();
    let mut whole = Decision::default();
    for stretch in &stretches {
        let words = stretch.named();
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
        let understood = reading.read(&words, &alone);
        let decision = decide(stretch.said(), &understood, &alone);
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

    fn called(&self) -> Option<String> {
        let only = self.tasks.first().filter(|_| self.is_clear)?;
        Some(only.obligation.milestone.to_string())
    }

    /// Its own words, without the mark of a list.
    fn said(&self) -> &str {
        let words = self.text[marker(self.text)..].trim();
        words.trim_end_matches([',', ';', '.'])
    }

    /// Its words, behind the name of the task where that is clear.
    fn named(&self) -> String {
        let (before, about) = self.text.split_at(self.about_from - self.start);
        match self.called() {
            // On a line of its own, as if it had been written so.
            Some(name) => format!("{before}\n{name} {about}"),
            None => self.text.to_owned(),
        }
    }

    /// Whether it may go on with what this one says: of the same tasks, and nothing else of them.
    fn goes_on(&self, tasks: &[&Owed], intent: Intent) -> bool {
        let shares = tasks
            .iter()
            .any(|owed| self.tasks.iter().any(|one| one.id() == owed.id()));
        tasks.is_empty() || shares && (intent == self.intent || self.tasks.len() == tasks.len())
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
    let pieces = reading.terse.pieces(text);
    if pieces.len() > MOST_PIECES {
        return None;
    }
    let owed = situation.owed.iter();
    let open: Vec<&Owed> = owed.filter(|owed| owed.is_open()).collect();
    let due = opened(&at_hand(situation), situation);
    let mut found: Vec<Stretch<'t, 'a>> = Vec::new();
    let mut start = 0;
    let is_list = pieces.iter().filter(|piece| marker(piece) > 0).count() > 1;
    for piece in pieces {
        let is_marked = is_list && marker(piece) > 0;
        // "Sở Tư pháp báo cáo như sau:" before a list speaks of no report.
        let is_beside = is_list && !is_marked;
        let understood = reading.read(piece, situation);
        let intent = understood.intent;
        let hints = Hints {
            works: &understood.details.works,
            document: understood.doc.as_deref(),
            ..Hints::of(intent)
        };
        let clear = by_content(piece, &open, hints).filter(|_| intent != Intent::Unknown);
        let tasks: Vec<&Owed> = match clear {
            Some(one) => vec![one],
            None if is_beside || matches!(intent, Intent::Unknown | Intent::Ack | Intent::Ask) => {
                Vec::new()
            }
            None => speak_of(&due, hints),
        };
        let end = start + piece.len();
        match found.last_mut() {
            Some(last) if clear.is_none() && !is_marked && last.goes_on(&tasks, intent) => {
                last.text = &text[last.start..end];
            }
            _ => {
                // What comes before the first task leads to it.
                let leads = found.pop_if(|last| last.tasks.is_empty() && !last.is_marked);
                let from = leads.map_or(start, |one| one.start);
                found.push(Stretch {
                    text: &text[from..end],
                    start: from,
                    about_from: start + marker(piece),
                    intent,
                    is_clear: clear.is_some(),
                    is_marked,
                    names_work: !understood.details.works.is_empty(),
                    tasks,
                });
            }
        }
        start = end;
    }
    Some(found)
}
