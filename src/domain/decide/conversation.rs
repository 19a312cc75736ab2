//! A message, a tapped button or a command -> a decision.

use super::act::{Act, Change, Evidence, What};
use super::answer::{Answer, Decision, Note, Recorded, Refused, Why};
use super::beside::brings_files;
use super::choose::{Chosen, Hints, by_name, may_mean};
use super::command::Command;
use super::question::{Question, QuestionKind};
use super::situation::{Owed, Situation};
use super::verdict::{Verdict, verdict, verdict_of_act};
use crate::domain::ids::ObligationId;
use crate::domain::reply::{Intent, Understanding};

/// What follows from words. `text` is what was written; `understood` is how it was read.
#[must_use]
pub fn decide(text: &str, understood: &Understanding, situation: &Situation<'_>) -> Decision {
    if let Some(decision) = answer_in_words(understood, situation) {
        return decision;
    }
    if let Some(decision) = choose_by_name(text, understood, situation) {
        return decision;
    }
    if agrees_to_take_back(understood, situation) {
        return decide_choice(1, situation);
    }
    let mut talk = Talk::new(text, situation);
    if brings_files(understood, situation) {
        talk.file(understood);
        return talk.decision;
    }
    match understood.intent {
        Intent::Unknown => talk.note(Note::NotUnderstood),
        Intent::Ack => talk.acknowledge(understood),
        Intent::Ask => talk.inform(understood),
        Intent::Undo => talk.undo(understood),
        _ => talk.state(understood),
    }
    talk.decision
}

/// What follows from choosing an answer to a question, by a button or its number. `token_holds` says whether the
/// button belongs to the question that waits.
#[must_use]
pub fn decide_choice(number: usize, situation: &Situation<'_>) -> Decision {
    let Some(question) = situation.asked else {
        return Decision::noted(Note::OldButton);
    };
    let Some(acts) = question.option(number) else {
        return Decision {
            answer: Answer {
                question: Some(question.clone()),
                ..Answer::default()
            },
            ..Decision::default()
        };
    };
    let mut talk = Talk::new(&question.quote, situation);
    talk.decision.forgets = true;
    if acts.is_empty() {
        talk.note(dropped(question));
    }
    for act in acts {
        match talk.changed(act.obligation) {
            Some(owed) => {
                let found = verdict_of_act(&owed, act, situation.today);
                talk.record(&owed, found);
            }
            None => talk.refuse(None, String::new(), Why::NotOwed),
        }
    }
    talk.ask_for_what_is_missing();
    talk.decision
}

/// What follows from a command.
#[must_use]
pub fn decide_command(command: &Command, situation: &Situation<'_>) -> Decision {
    let mut talk = Talk::new("", situation);
    match command {
        Command::List => talk.list(),
        Command::Show(named) => talk.show(std::slice::from_ref(named)),
        Command::Help => talk.note(Note::Help),
        Command::Cancel => match situation.asked.filter(|_| situation.asks()) {
            Some(question) => {
                talk.decision.forgets = true;
                talk.note(dropped(question));
            }
            None => talk.take_back(&[]),
        },
    }
    talk.decision
}

/// What is said of a question that is dropped: some were asked after something was recorded.
fn dropped(question: &Question) -> Note {
    match question.kind {
        QuestionKind::Document | QuestionKind::Until | QuestionKind::TakeBack => Note::Kept,
        QuestionKind::Which
        | QuestionKind::Sure
        | QuestionKind::RemindOn
        | QuestionKind::Listed => Note::Dropped,
    }
}

/// "II.2" to "which task?": what was said before is said of it, whether it was offered or not. A name alone says nothing else,
/// least of all that something is done.
fn choose_by_name(
    text: &str,
    understood: &Understanding,
    situation: &Situation<'_>,
) -> Option<Decision> {
    const MOST_WORDS: usize = 4;
    let [named] = understood.refs.as_slice() else {
        return None;
    };
    let says_more = match understood.intent {
        Intent::Unknown | Intent::Ack => false,
        Intent::Done | Intent::Progress => understood.sure,
        _ => true,
    };
    let tells_more =
        understood.date.is_some() || understood.doc.is_some() || understood.percent.is_some();
    let is_long = text.split_whitespace().count() > MOST_WORDS;
    if says_more || tells_more || is_long || !understood.parts.is_empty() {
        return None;
    }
    let which = situation
        .asked
        .filter(|question| question.kind == QuestionKind::Which);
    let Some(question) = which else {
        let is_bare = text.trim().eq_ignore_ascii_case(named);
        return (is_bare && understood.intent == Intent::Done).then(|| {
            let mut talk = Talk::new(text, situation);
            talk.show(std::slice::from_ref(named));
            talk.decision
        });
    };
    let offered: Vec<usize> = (1..=question.options.len())
        .filter(|number| {
            let act = question.option(*number).and_then(<[Act]>::first);
            let owed = act.and_then(|act| situation.find(act.obligation));
            owed.is_some_and(|owed| may_mean(owed, named))
        })
        .collect();
    if let [only] = offered.as_slice() {
        return Some(decide_choice(*only, situation));
    }
    let first = question.options.first()?.first()?;
    let hints = Hints::of(Intent::Progress);
    let (Chosen::One(owed) | Chosen::Perhaps(owed)) = by_name(named, hints, situation) else {
        return None;
    };
    let mut talk = Talk::new(&question.quote, situation);
    talk.decision.forgets = true;
    let mut found = verdict(owed, first.what.clone(), situation.today);
    if let Ok(found) = &mut found {
        found.change.files.clone_from(&first.files);
    }
    talk.record(owed, found);
    talk.ask_for_what_is_missing();
    Some(talk.decision)
}

/// The answer to a question that is answered in words: the number of a document, a day.
fn answer_in_words(understood: &Understanding, situation: &Situation<'_>) -> Option<Decision> {
    let question = situation.asked?;
    let owed = situation.find(*question.about.first()?)?;
    let on_topic = understood.parts.is_empty() && understood.refs.len() <= 1;
    // A bare number says nothing else: whatever it was taken for, nobody is sure of it.
    let is_bare = match understood.intent {
        Intent::Done | Intent::Unknown | Intent::Ack => true,
        Intent::Progress => !understood.sure,
        _ => false,
    };
    let what = match question.kind {
        QuestionKind::Document if is_bare => What::Evidence(Evidence {
            document: Some(understood.doc.clone()?),
            on: understood.date,
        }),
        QuestionKind::Until if !matches!(understood.intent, Intent::Done | Intent::Undo) => {
            What::Extension {
                until: Some(understood.date?),
            }
        }
        QuestionKind::RemindOn if !matches!(understood.intent, Intent::Done | Intent::Undo) => {
            What::Snooze {
                until: understood.date?,
            }
        }
        _ => return None,
    };
    let names_another = understood
        .refs
        .first()
        .is_some_and(|named| !may_mean(owed, named));
    if !on_topic || names_another {
        return None;
    }
    let mut talk = Talk::new(&question.quote, situation);
    talk.decision.forgets = true;
    talk.record(owed, verdict(owed, what, situation.today));
    Some(talk.decision)
}

/// Whether "nhầm" is said of the completion that is asked about.
fn agrees_to_take_back(understood: &Understanding, situation: &Situation<'_>) -> bool {
    let asked = situation
        .asked
        .filter(|question| question.kind == QuestionKind::TakeBack);
    let Some(question) = asked else { return false };
    let is_asked_about = |named: &String| {
        let mut about = question.about.iter().filter_map(|id| situation.find(*id));
        about.any(|owed| may_mean(owed, named))
    };
    understood.intent == Intent::Undo
        && understood.parts.is_empty()
        && understood.refs.iter().all(is_asked_about)
}

impl Decision {
    fn noted(note: Note) -> Self {
        Self {
            answer: Answer {
                note: Some(note),
                ..Answer::default()
            },
            ..Self::default()
        }
    }
}

/// A decision in the making.
pub(super) struct Talk<'a, 'b> {
    pub(super) text: &'b str,
    pub(super) situation: &'b Situation<'a>,
    pub(super) decision: Decision,
}

impl<'a, 'b> Talk<'a, 'b> {
    fn new(text: &'b str, situation: &'b Situation<'a>) -> Self {
        Self {
            text,
            situation,
            decision: Decision::default(),
        }
    }

    pub(super) fn note(&mut self, note: Note) {
        self.decision.answer.note = Some(note);
    }

    pub(super) fn refuse(&mut self, obligation: Option<ObligationId>, named: String, why: Why) {
        self.decision.answer.refused.push(Refused {
            obligation,
            named,
            why,
        });
    }

    pub(super) fn record(&mut self, owed: &Owed, found: Result<Verdict, Why>) {
        match found {
            Ok(Verdict { change, .. })
                if self.situation.is_head && matches!(change.what, What::Snooze { .. }) =>
            {
                self.refuse(Some(owed.id()), String::new(), Why::NotForHeads);
            }
            Ok(Verdict { change, capped }) => self.keep(change, capped),
            Err(why) => self.refuse(Some(owed.id()), String::new(), why),
        }
    }

    /// The obligation as it stands after what was recorded of it so far.
    fn changed(&self, id: ObligationId) -> Option<Owed> {
        let owed = self.situation.find(id)?;
        let mut changes = self.decision.changes.iter().rev();
        let last = changes.find(|change| change.obligation == id);
        Some(last.map_or_else(|| owed.clone(), |last| owed.standing(last.after)))
    }

    fn keep(&mut self, mut change: Change, capped: bool) {
        if change.files.is_empty() {
            change.files = self.situation.files.to_vec();
        }
        let is_wish = matches!(change.what, What::Extension { .. } | What::Reassign);
        let waited = change.before.pending.filter(|_| is_wish);
        self.decision.answer.recorded.push(Recorded {
            obligation: change.obligation,
            what: change.what.clone(),
            capped,
            replaces: waited.filter(|before| Some(*before) != change.after.pending),
            files: change.files.len(),
        });
        self.decision.changes.push(change);
    }
}
