//! Several tasks in one message, each weighed by its own words: what would not be sure alone is not sure beside others.

use super::clauses::Clause;
use super::evidence::Strength;
use super::intent::{Intent, Part, Understanding};
use super::parts::Group;

/// What a group of clauses says as if nothing stood beside it.
pub(super) struct Weighed {
    pub group: Group,
    pub intent: Intent,
    pub sure: bool,
    /// How much the rules find in it.
    pub strength: Strength,
    /// Whether it is names alone: "số 11, 12".
    pub is_bare: bool,
}

impl Weighed {
    /// Whether something is said of tasks that it names.
    fn tells(&self) -> bool {
        !self.group.tasks.is_empty() && self.strength != Strength::None
    }

    fn parts(&self, intent: Intent) -> impl Iterator<Item = Part> {
        let named = self.group.named().into_iter();
        named.map(move |task| Part { task, intent })
    }
}

/// One entry per task, and the clauses that decide, where the words of each say different things though the whole reads as
/// one: "II.2 xong, còn II.3 không phải việc của sở em".
pub(super) fn parts_apart(weighed: &[Weighed]) -> Option<(Vec<Part>, Vec<Clause>)> {
    let telling: Vec<&Weighed> = weighed.iter().filter(|one| one.tells()).collect();
    let first = telling.first()?.intent;
    let is_clear = telling
        .iter()
        .all(|one| one.sure && !matches!(one.intent, Intent::Unknown | Intent::Ack));
    if !is_clear || telling.iter().all(|one| one.intent == first) {
        return None;
    }
    let parts = telling.iter().flat_map(|one| one.parts(one.intent));
    let deciding = telling.iter().min_by_key(|one| one.intent)?;
    Some((parts.collect(), deciding.group.clauses.clone()))
}

/// Whether all that a message says is said of tasks by name, and of each it is surely what was understood.
pub(super) fn are_sure_apart(weighed: &[Weighed], parts: &[Part]) -> bool {
    let is_sure = |one: &Weighed| {
        let mut named = one.parts(one.intent);
        one.tells() && one.sure && named.all(|part| parts.contains(&part))
    };
    !weighed.is_empty() && weighed.iter().all(is_sure)
}

/// Doubts what is done in words that would not be sure alone ("II.2 nộp rồi nhưng thiếu biểu, II.3 đang làm"), and takes for
/// what it surely would be alone what is not done ("II.2 đang hoàn tất hồ sơ, II.3 xong").
pub(super) fn doubt(whole: &mut Understanding, weighed: &[Weighed]) {
    let is_wish = matches!(
        whole.intent,
        Intent::Extension | Intent::Blocked | Intent::Reassign | Intent::Snooze
    );
    let is_seen = |one: &Weighed| !one.group.tasks.is_empty() && one.intent == Intent::Ack;
    if whole.parts.is_empty() && is_wish && weighed.iter().any(is_seen) {
        // "II.2 ok, II.3 vướng": the first is only seen.
        let told = weighed.iter().filter(|one| one.tells() || is_seen(one));
        let of_each = told.flat_map(|one| {
            let intent = if is_seen(one) {
                Intent::Ack
            } else {
                whole.intent
            };
            one.parts(intent)
        });
        whole.parts = of_each.collect();
        return;
    }
    if whole.parts.is_empty() && is_wish {
        // "II.2 từ từ, II.3 xin đến 6/4": of the first that is not said.
        let silent = weighed.iter().filter(|one| !one.tells() && !one.is_bare);
        let silent = silent.filter(|one| !one.group.tasks.is_empty());
        whole.details.doubted = silent.flat_map(|one| one.group.named()).collect();
        whole.sure = whole.details.doubted.is_empty();
        return;
    }
    let is_done = |one: &&Weighed| {
        if whole.parts.is_empty() {
            let tells = !one.group.tasks.is_empty() && !one.is_bare;
            return whole.intent == Intent::Done && tells;
        }
        let named = one.group.named();
        let mut done = whole
            .parts
            .iter()
            .filter(|part| part.intent == Intent::Done);
        done.any(|part| named.contains(&part.task))
    };
    let finished: Vec<&Weighed> = weighed.iter().filter(is_done).collect();
    // Of a single one the whole speaks.
    if whole.parts.is_empty() && finished.len() < 2 {
        return;
    }
    let mut other: Vec<Part> = Vec::new();
    for one in &finished {
        match (one.intent, one.sure) {
            (Intent::Done, true) => {}
            (Intent::Progress | Intent::Blocked, true) => other.extend(one.parts(one.intent)),
            _ => whole.details.doubted.extend(one.group.named()),
        }
    }
    if !other.is_empty() {
        if whole.parts.is_empty() {
            whole.parts = finished
                .iter()
                .flat_map(|one| one.parts(Intent::Done))
                .collect();
        }
        for part in &mut whole.parts {
            let own = other.iter().find(|other| other.task == part.task);
            part.intent = own.map_or(part.intent, |other| other.intent);
        }
    }
    whole.sure = whole.details.doubted.is_empty();
}
