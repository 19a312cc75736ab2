//! What is said of all tasks at once: of all but some, or of all that was shown.

use chrono::Days;

use super::act::What;
use super::answer::{Decision, Note};
use super::choose::{Chosen, Hints, MOST_OPTIONS, by_name, may_mean, task_of};
use super::conversation::Talk;
use super::question::QuestionKind;
use super::reading::Reading;
use super::situation::{Owed, Situation};
use super::spoken::called_by;
use super::verdict::verdict;
use crate::domain::ids::ObligationId;
use crate::domain::reply::{Intent, Understanding};
use crate::domain::terse::{Excepted, Terse};

/// Within how many days it is due of which "all" is said, where no list was told.
const SOON: u64 = 31;

/// All that was told, or else is open, but what is left out by name: said to be finished, and asked back as so much is said at
/// once.
pub(super) fn all_but(text: &str, refs: &[String], situation: &Situation<'_>) -> Decision {
    let hints = Hints::of(Intent::Ask);
    let is_left_out = |owed: &Owed| {
        refs.iter().any(|named| {
            let numbered = match by_name(named, hints, situation) {
                Chosen::One(meant) if named.starts_with('#') => meant.id() == owed.id(),
                _ => false,
            };
            numbered || may_mean(owed, task_of(named))
        })
    };
    let mut meant = near(situation);
    meant.retain(|owed| !is_left_out(owed));
    all_done(text, meant, situation)
}

/// The same, of what is left out in words: "trừ báo cáo quý I, còn lại xong hết". Where it was said of all before, and waits to be
/// confirmed, it is asked of the others; where it is recorded, whether that is to be taken back.
pub(super) fn all_but_in_words(
    text: &str,
    reading: &Reading<'_>,
    situation: &Situation<'_>,
) -> Option<Decision> {
    let Excepted { of_all, but } = reading.terse.excepted(text)?;
    let left_out = |pool: &[&Owed]| -> Vec<ObligationId> {
        let called = called_by(but, reading, pool, situation);
        called.into_iter().map(Owed::id).collect()
    };
    // "Xong rồi, riêng kế hoạch thì ký hôm qua" leaves out nothing.
    if reading.read(but, situation).details.finishes() {
        return None;
    }
    if let Some(of_all) = of_all {
        let mut meant = near(situation);
        let out = left_out(&meant);
        // "Báo cáo xong, trừ phụ lục" is said of the report.
        let said = reading.understand(&of_all, situation);
        let is_done = said.intent == Intent::Done && said.details.works.is_empty();
        if out.is_empty() || !is_done {
            return None;
        }
        meant.retain(|owed| !out.contains(&owed.id()));
        return Some(all_done(text, meant, situation));
    }
    let asked = situation
        .asked
        .filter(|asked| asked.kind == QuestionKind::Sure);
    let acts = asked.and_then(|asked| asked.options.first());
    if let (Some(asked), Some(acts)) = (asked, acts.filter(|acts| acts.len() > 1)) {
        let acts = acts.iter();
        let mut meant: Vec<(&Owed, What)> = acts
            .filter_map(|act| Some((situation.find(act.obligation)?, act.what.clone())))
            .collect();
        let pool: Vec<&Owed> = meant.iter().map(|(owed, _)| *owed).collect();
        let out = left_out(&pool);
        meant.retain(|(owed, _)| !out.contains(&owed.id()));
        if out.is_empty() || meant.is_empty() {
            return None;
        }
        let mut talk = Talk::answering(asked, situation);
        talk.ask_whether(&meant, false);
        return Some(talk.decision);
    }
    let mut talk = Talk::new(text, situation);
    talk.ask_of_excepted(left_out).then_some(talk.decision)
}

/// What was told, or else is open, and is due before long.
pub(super) fn near<'a>(situation: &Situation<'a>) -> Vec<&'a Owed> {
    let is_open = |owed: &&Owed| owed.is_open() && owed.has_opened(situation.today);
    let open = situation.owed.iter().filter(is_open);
    // Nobody means what is due at the end of the year.
    let soon = situation.today + Days::new(SOON);
    let is_near = |owed: &&Owed| owed.obligation.due_on.is_some_and(|due| due <= soon);
    let open: Vec<&Owed> = open.filter(is_near).collect();
    let is_told = |owed: &&&Owed| situation.told.contains(&owed.id());
    let told: Vec<&Owed> = open.iter().filter(is_told).copied().collect();
    if told.is_empty() { open } else { told }
}

/// All of these are said to be finished: asked back.
pub(super) fn all_done(text: &str, meant: Vec<&Owed>, situation: &Situation<'_>) -> Decision {
    let mut talk = Talk::new(text, situation);
    let done = |owed| {
        let on = situation.today;
        (owed, What::Done { on, document: None })
    };
    let meant: Vec<(&Owed, What)> = meant.into_iter().map(done).collect();
    if meant.is_empty() {
        talk.note(Note::NothingOpen);
    } else {
        talk.ask_whether(&meant, false);
    }
    talk.decision
}

/// "Xong cả 3 việc rồi", "tất cả đang làm" to a brief, a list or "which task?": all of it. That so much is done is asked back.
pub(super) fn of_all(
    text: &str,
    understood: &Understanding,
    terse: &Terse,
    situation: &Situation<'_>,
) -> Option<Decision> {
    let asked = situation
        .asked
        .filter(|asked| asked.kind == QuestionKind::Which);
    let shown: &[ObligationId] = match asked {
        Some(which) => &which.about,
        None => situation.numbered,
    };
    let all = shown.iter().filter_map(|id| situation.find(*id));
    let all: Vec<&Owed> = all.filter(|owed| owed.is_open()).collect();
    let is_told = understood.refs.is_empty()
        && understood.parts.is_empty()
        && understood.doc.is_none()
        && (2..=MOST_OPTIONS).contains(&all.len())
        && terse.is_of_all(text, all.len());
    if !is_told {
        return None;
    }
    let mut talk = Talk::new(text, situation);
    match understood.intent {
        Intent::Done => {
            let on = situation.today;
            let done = all
                .into_iter()
                .map(|owed| (owed, What::Done { on, document: None }));
            talk.ask_whether(&done.collect::<Vec<_>>(), false);
        }
        Intent::Progress if understood.sure => {
            for owed in all {
                let progress = What::Progress {
                    percent: understood.percent,
                    expected_on: None,
                    document: None,
                };
                talk.record(owed, verdict(owed, progress, situation.today));
            }
            talk.decision.forgets = asked.is_some();
        }
        _ => return None,
    }
    Some(talk.decision)
}
