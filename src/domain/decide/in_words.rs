//! Several tasks in one message, each called by words of its content: "kế hoạch rà soát chờ ký, báo cáo quý I nộp rồi".

use super::answer::Decision;
use super::at_once::all_done;
use super::conversation::decide;
use super::reading::Reading;
use super::situation::{Owed, Situation};
use super::stretch::{Stretch, stretches};
use crate::domain::reply::Intent;

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
    let is_list = stretches.iter().any(Stretch::is_marked);
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
        if stretch.is_left {
            (understood.intent, understood.sure) = (Intent::Progress, true);
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
