//! What answers "which task?" in words: its name, what it is about, and what belongs to the report that waits for its task.

use std::collections::HashSet;

use super::act::{Act, What};
use super::answer::Decision;
use super::beside::names_only;
use super::choose::{Chosen, Hints, MOST_OPTIONS, by_name, is_of_kind, kind_of_document, may_mean};
use super::confirmed::told;
use super::content::nearest;
use super::conversation::{Talk, choice, said_by_choice};
use super::numbered::parse_number;
use super::question::{Question, QuestionKind};
use super::reading::Reading;
use super::situation::{Owed, Situation};
use super::spoken::{called_by, outcome_of, speak_of};
use super::verdict::verdict;
use crate::domain::ids::ObligationId;
use crate::domain::reply::{Intent, Understanding};
use crate::domain::spelling::{key, plain, words};
use crate::domain::terse::Given;

/// "II.2" to "which task?": what was said before is said of it, whether it was offered or not. A name alone says nothing else,
/// least of all that something is done.
pub(super) fn chosen_by_name(
    text: &str,
    understood: &Understanding,
    situation: &Situation<'_>,
) -> Option<Decision> {
    let [named] = understood.refs.as_slice() else {
        return None;
    };
    if !names_only(text, understood) {
        return None;
    }
    if which(situation).is_none() {
        let is_bare = text.trim().eq_ignore_ascii_case(named);
        let shows = is_bare && understood.intent == Intent::Done && situation.files.is_empty();
        return shows.then(|| {
            let mut talk = Talk::new(text, situation);
            talk.show(std::slice::from_ref(named));
            talk.decision
        });
    }
    chosen_as(named, situation)
}

/// The question "which task?" that waits.
fn which<'q>(situation: &Situation<'q>) -> Option<&'q Question> {
    let asked = situation.asked;
    asked.filter(|question| question.kind == QuestionKind::Which)
}

/// The task of that name, or of that number in a list, as the answer to "which task?".
pub(super) fn chosen_as(named: &str, situation: &Situation<'_>) -> Option<Decision> {
    let question = which(situation)?;
    let offered: Vec<usize> = (1..=question.options.len())
        .filter(|number| {
            let act = question.option(*number).and_then(<[Act]>::first);
            let owed = act.and_then(|act| situation.find(act.obligation));
            owed.is_some_and(|owed| may_mean(owed, named))
        })
        .collect();
    if let [only] = offered.as_slice() {
        return Some(choice(*only, situation));
    }
    let first = question.options.first()?.first()?;
    let intent = match first.what {
        What::Done { .. } => Intent::Done,
        _ => Intent::Progress,
    };
    let mut talk = Talk::answering(question, situation);
    let owed = match by_name(named, Hints::of(intent), situation) {
        Chosen::One(owed) => owed,
        Chosen::Perhaps(owed) => {
            talk.ask_once_more(first, &[owed], Vec::new());
            return Some(talk.decision);
        }
        // Of several milestones, which one?
        Chosen::OneOf(several) => {
            talk.ask_once_more(first, &several, Vec::new());
            return Some(talk.decision);
        }
        Chosen::Nothing => return None,
    };
    if first.is_doubtful {
        talk.ask_whether_said(&[(owed, first)]);
        return Some(talk.decision);
    }
    let mut found = verdict(owed, first.what.clone(), situation.today);
    if let Ok(found) = &mut found {
        found.change.files.clone_from(&first.files);
    }
    talk.record(owed, found);
    talk.ask_for_what_is_missing();
    Some(talk.decision)
}

/// "Số 41 ngày 24/3", "đến 3/4", "cái báo cáo quý" to "which task?": what the report lacks is added to it, and it is asked of the
/// fewer that may be meant now.
pub(super) fn told_of_which(
    text: &str,
    understood: &Understanding,
    reading: &Reading<'_>,
    situation: &Situation<'_>,
) -> Option<Decision> {
    let question = which(situation).filter(|_| situation.files.is_empty())?;
    let is_named = |named: &String| !named.starts_with('#');
    if !understood.parts.is_empty() || understood.refs.iter().any(is_named) {
        return None;
    }
    completed(text, understood, reading, question, situation)
        .or_else(|| several_spoken_of(text, understood, reading, question, situation))
        .or_else(|| all_but_of_these(text, reading, question, situation))
        .or_else(|| spoken_of(text, understood, reading, question, situation))
}

/// The report with the number of a document, or the day that is wished for, which it lacked.
fn completed(
    text: &str,
    understood: &Understanding,
    reading: &Reading<'_>,
    question: &Question,
    situation: &Situation<'_>,
) -> Option<Decision> {
    let wished = reading.day_wished(text, situation);
    let mut offered: Vec<(&Owed, Act)> = Vec::new();
    for act in question.options.iter().filter_map(|acts| acts.first()) {
        let owed = situation.find(act.obligation)?;
        let what = match &act.what {
            What::Done { document: None, on } => {
                let Given { document, on: day } = told(text, understood, reading, owed, situation)?;
                What::Done {
                    on: day.filter(|day| *day <= situation.today).unwrap_or(*on),
                    document,
                }
            }
            What::Extension { until: None } => What::Extension {
                until: Some(wished?),
            },
            _ => return None,
        };
        let act = Act {
            what,
            ..act.clone()
        };
        offered.push((owed, act));
    }
    let (_, first) = offered.first()?;
    let kind = match &first.what {
        What::Done {
            document: Some(document),
            ..
        } => kind_of_document(document).map(str::to_owned),
        _ => None,
    };
    let may_be = |owed: &Owed| kind.as_deref().is_none_or(|kind| is_of_kind(owed, kind));
    if offered.iter().any(|(owed, _)| may_be(owed)) {
        offered.retain(|(owed, _)| may_be(owed));
    }
    let quote = format!("{}; {}", question.quote, text.trim());
    let question = Question {
        quote,
        ..question.clone()
    };
    Some(asked_again(&question, offered, situation))
}

/// "Kế hoạch rà soát với báo cáo quý": what was said before is said of each; of which is not clear of one of them is asked.
fn several_spoken_of(
    text: &str,
    understood: &Understanding,
    reading: &Reading<'_>,
    question: &Question,
    situation: &Situation<'_>,
) -> Option<Decision> {
    let offered = owed_of(question, situation);
    if !says_nothing_else(text, understood)
        || finishes_instead(understood, question)
        || !calls_only(text, understood, reading, &offered)
    {
        return None;
    }
    let names = reading.terse.names_of_several(text);
    let acts: Vec<&Act> = question
        .options
        .iter()
        .filter_map(|acts| acts.first())
        .collect();
    let offered = acts.iter().filter_map(|act| situation.find(act.obligation));
    let offered: Vec<&Owed> = offered.collect();
    let (mut clear, mut unclear): (Vec<ObligationId>, Vec<Vec<&Owed>>) = (Vec::new(), Vec::new());
    for name in &names {
        let meant = called_by(name, reading, &offered, situation);
        match meant.as_slice() {
            [] => return None,
            [only] => clear.push(only.id()),
            _ => unclear.push(meant),
        }
    }
    let is_clear = |owed: &&Owed| clear.contains(&owed.id());
    for meant in &mut unclear {
        meant.retain(|owed| !is_clear(owed));
    }
    if names.len() < 2 || clear.is_empty() {
        return None;
    }
    let of_these = acts.iter().filter(|act| clear.contains(&act.obligation));
    let said: Vec<Act> = of_these.map(|act| (*act).clone()).collect();
    let mut decision = said_by_choice(question, &said, situation);
    for meant in unclear.into_iter().filter(|meant| !meant.is_empty()) {
        let again = meant.into_iter().filter_map(|owed| {
            let own = acts.iter().find(|act| act.obligation == owed.id())?;
            Some((owed, (*own).clone()))
        });
        let mut asked = asked_again(question, again.collect(), situation);
        asked.quote.clone_from(&decision.quote);
        decision.add(asked);
    }
    Some(decision)
}

/// All that a question offers, or would offer next.
fn owed_of<'a>(question: &Question, situation: &Situation<'a>) -> Vec<&'a Owed> {
    let offered = question.options.iter().flatten().map(|act| act.obligation);
    let all = offered.chain(question.rest.iter().copied());
    all.filter_map(|id| situation.find(id)).collect()
}

/// Whether each word belongs to the name of a task, or joins such: "trừ kế hoạch", "kế hoạch thì không", "báo cáo quý của Chi cục" say
/// something of it.
fn calls_only(
    text: &str,
    understood: &Understanding,
    reading: &Reading<'_>,
    known: &[&Owed],
) -> bool {
    let outcomes = known.iter().flat_map(|owed| words(outcome_of(owed)));
    let mut names: HashSet<String> = outcomes.map(|word| plain(&word.key)).collect();
    let works = understood.details.works.iter();
    names.extend(
        works
            .flat_map(|work| work.name.split(' '))
            .map(str::to_owned),
    );
    let mut unknown = reading.terse.beside_names(text).into_iter();
    unknown.all(|word| names.contains(&plain(&key(word))))
}

/// "Ký cái kế hoạch rồi" is no name for what was said to be under way.
fn finishes_instead(understood: &Understanding, question: &Question) -> bool {
    let mut acts = question.options.iter().flatten();
    understood.details.finishes() && acts.any(|act| !act.what.completes())
}

/// Whether a few words say nothing beside the names of tasks.
fn says_nothing_else(text: &str, understood: &Understanding) -> bool {
    const MOST_WORDS: usize = 14;
    let says_nothing = !understood.sure || understood.intent == Intent::Ack;
    let is_bare =
        understood.doc.is_none() && understood.date.is_none() && understood.percent.is_none();
    says_nothing && is_bare && text.split_whitespace().count() <= MOST_WORDS
}

/// "Trừ kế hoạch", "trừ 1": what was said before is said of all others that were offered, and asked back as so much is said at once.
fn all_but_of_these(
    text: &str,
    reading: &Reading<'_>,
    question: &Question,
    situation: &Situation<'_>,
) -> Option<Decision> {
    let but = reading.terse.left_out(text)?;
    let acts = question.options.iter().filter_map(|acts| acts.first());
    let acts: Vec<&Act> = acts.collect();
    let offered = acts.iter().filter_map(|act| situation.find(act.obligation));
    let offered: Vec<&Owed> = offered.collect();
    let out: Vec<ObligationId> = if let Some(number) = parse_number(but) {
        let place = number.checked_sub(1)?;
        vec![acts.get(place)?.obligation]
    } else {
        let called = called_by(but, reading, &offered, situation);
        called.into_iter().map(Owed::id).collect()
    };
    let left = acts.iter().filter(|act| !out.contains(&act.obligation));
    let left: Vec<(&Owed, &Act)> = left
        .filter_map(|act| Some((situation.find(act.obligation)?, *act)))
        .collect();
    if out.is_empty() || left.is_empty() {
        return None;
    }
    let joined = Question {
        quote: format!("{}; {}", question.quote, text.trim()),
        ..question.clone()
    };
    let mut talk = Talk::answering(&joined, situation);
    talk.ask_whether_said(&left);
    Some(talk.decision)
}

/// The tasks of which a few words speak that say nothing else: of those that were offered, or else of the rest.
fn spoken_of(
    text: &str,
    understood: &Understanding,
    reading: &Reading<'_>,
    question: &Question,
    situation: &Situation<'_>,
) -> Option<Decision> {
    let known = owed_of(question, situation);
    if !says_nothing_else(text, understood)
        || finishes_instead(understood, question)
        || !calls_only(text, understood, reading, &known)
    {
        return None;
    }
    let acts = question.options.iter().filter_map(|acts| acts.first());
    let acts: Vec<(&Owed, &Act)> = acts
        .filter_map(|act| Some((situation.find(act.obligation)?, act)))
        .collect();
    let offered: Vec<&Owed> = acts.iter().map(|(owed, _)| *owed).collect();
    let rest = question.rest.iter().filter_map(|id| situation.find(*id));
    let rest: Vec<&Owed> = rest.filter(|owed| owed.is_open()).collect();
    let hints = Hints {
        works: &understood.details.works,
        ..Hints::of(Intent::Progress)
    };
    let by_works = !speak_of(&offered, hints, situation).is_empty()
        || !speak_of(&rest, hints, situation).is_empty();
    let of = |pool: &[&'_ Owed]| -> Vec<ObligationId> {
        let found = if by_works {
            speak_of(pool, hints, situation)
        } else {
            nearest(text, pool)
        };
        found.into_iter().map(Owed::id).collect()
    };
    let meant = Some(of(&offered)).filter(|meant| !meant.is_empty());
    let meant = meant.unwrap_or_else(|| of(&rest));
    // Any two words that are also its own choose no task: whether it is that one is asked.
    if let [only] = meant.as_slice()
        && by_works
        && let Some(place) = offered.iter().position(|owed| owed.id() == *only)
    {
        return Some(choice(place + 1, situation));
    }
    if meant.is_empty() || meant.len() > MOST_OPTIONS || meant.len() == offered.len() {
        return None;
    }
    let (_, said) = acts.first()?;
    let owed = meant.iter().filter_map(|id| situation.find(*id));
    let again = owed.map(|owed| {
        let own = acts.iter().find(|(one, _)| one.id() == owed.id());
        (owed, own.map_or(*said, |(_, act)| *act).clone())
    });
    Some(asked_again(question, again.collect(), situation))
}

/// The same asked of these; whether it is right, where one is left.
fn asked_again(
    question: &Question,
    offered: Vec<(&Owed, Act)>,
    situation: &Situation<'_>,
) -> Decision {
    let mut talk = Talk::answering(question, situation);
    talk.ask_of_these(question, offered);
    talk.decision
}
