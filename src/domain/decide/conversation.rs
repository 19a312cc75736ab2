//! A message, a tapped button or a command -> a decision.

use super::act::{Act, Change, What};
use super::answer::{Answer, Decision, Note, Recorded, Refused, Was, Why};
use super::asked::{answered, dropped};
use super::beside::brings_files;
use super::command::Command;
use super::early::is_early;
use super::going_on::going_on;
use super::question::{Question, QuestionKind};
use super::situation::{Owed, Situation};
use super::verdict::{Verdict, verdict_of_act};
use crate::domain::ids::ObligationId;
use crate::domain::inbound::File;
use crate::domain::reply::{Intent, Says, Understanding};
use crate::domain::terse::Several;

/// What follows from words. `text` is what was written; `understood` is how it was read.
#[must_use]
pub fn decide(text: &str, understood: &Understanding, situation: &Situation<'_>) -> Decision {
    if let Some(decision) = answered(text, understood, situation) {
        return decision;
    }
    let mut talk = Talk::new(text, situation);
    if brings_files(text, understood, situation) {
        talk.file(understood);
        return talk.decision;
    }
    match understood.intent {
        Intent::Unknown if understood.details.says == Some(Says::No) => {
            talk.note(Note::NothingAsked);
        }
        // "Đúng" to a receipt.
        Intent::Unknown if understood.details.says == Some(Says::Yes) => talk.note(Note::Thanks),
        Intent::Unknown => talk.note(Note::NotUnderstood),
        Intent::Ack => talk.acknowledge(understood),
        Intent::Ask => talk.inform(understood),
        Intent::Undo => talk.undo(understood),
        _ => talk.state(understood),
    }
    talk.forget_what_is_settled();
    talk.decision
}

/// What follows from choosing an answer to the question that waits, by a button of it or its number.
#[must_use]
pub fn decide_choice(number: usize, situation: &Situation<'_>) -> Decision {
    going_on(choice(number, situation), situation)
}

pub(super) fn choice(number: usize, situation: &Situation<'_>) -> Decision {
    let Some(question) = situation.asked else {
        return Decision::noted(Note::OldButton);
    };
    match question.option(number) {
        Some(acts) => said_by_choice(question, acts, situation),
        None => Decision {
            answer: Answer {
                question: Some(question.clone()),
                ..Answer::default()
            },
            ..Decision::default()
        },
    }
}

/// What follows from choosing several answers to "which task?". Of all at once it is asked whether each is done, as of a report
/// that names none of them.
pub(super) fn decide_choices(
    several: &Several,
    question: &Question,
    situation: &Situation<'_>,
) -> Decision {
    let all: Vec<usize> = (1..=question.offered()).collect();
    let (numbers, is_doubtful) = match several {
        Several::These(numbers) => (numbers, false),
        Several::All => (&all, true),
    };
    let chosen = numbers.iter().filter_map(|number| question.option(*number));
    let mut acts: Vec<Act> = chosen.flatten().cloned().collect();
    // "Tất cả" is not said of a report whose quarter has hardly begun.
    let comes_early = |act: &Act| {
        let owed = situation.find(act.obligation);
        matches!(act.what, What::Done { on, .. } if owed.is_some_and(|owed| is_early(owed, on, situation)))
    };
    if is_doubtful && !acts.iter().all(comes_early) {
        acts.retain(|act| !comes_early(act));
    }
    for act in &mut acts {
        act.is_doubtful |= is_doubtful && act.what.completes();
    }
    said_by_choice(question, &acts, situation)
}

/// What the chosen answers say.
pub(super) fn said_by_choice(
    question: &Question,
    acts: &[Act],
    situation: &Situation<'_>,
) -> Decision {
    let mut talk = Talk::answering(question, situation);
    if acts.is_empty() && question.rest.is_empty() {
        talk.note(dropped(question));
    } else if acts.is_empty() {
        talk.ask_of_the_rest(question);
    }
    let (doubtful, acts): (Vec<&Act>, Vec<&Act>) = acts.iter().partition(|act| act.is_doubtful);
    let doubtful = doubtful
        .into_iter()
        .filter_map(|act| Some((situation.find(act.obligation)?, act)));
    talk.ask_whether_said(&doubtful.collect::<Vec<_>>());
    for act in acts {
        if question.kind == QuestionKind::Replace && act.what.completes() {
            talk.replace(act);
            continue;
        }
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

/// What whoever has just linked a chat is told: the reminders that went past them are in no message of theirs.
#[must_use]
pub fn welcome(situation: &Situation<'_>) -> Decision {
    let mut talk = Talk::new("", situation);
    talk.list();
    talk.note(Note::Linked);
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
            None => talk.note(Note::NothingAsked),
        },
    }
    talk.decision
}

impl Decision {
    pub(super) fn noted(note: Note) -> Self {
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
    /// Whether the words say several things.
    pub(super) says_more: bool,
}

impl<'a, 'b> Talk<'a, 'b> {
    pub(super) fn new(text: &'b str, situation: &'b Situation<'a>) -> Self {
        Self {
            text,
            situation,
            decision: Decision::default(),
            says_more: false,
        }
    }

    /// An answer to that question, which waits no more: what is recorded was said in the words that raised it.
    pub(super) fn answering(question: &'b Question, situation: &'b Situation<'a>) -> Self {
        let mut talk = Self::new(&question.quote, situation);
        talk.decision.forgets = true;
        talk.decision.quote = Some(question.quote.clone()).filter(|quote| !quote.is_empty());
        talk
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
            Ok(Verdict { change, capped }) => self.keep(change, capped, None),
            // What is reported twice adds nothing, but what came with it does.
            Err(Why::AlreadyDone) if !self.situation.files.is_empty() => self.add_files(owed),
            Err(why) => self.refuse(Some(owed.id()), String::new(), why),
        }
    }

    /// A question waits no longer once all that it is about was reported by itself. "Which task?" is about words that still want
    /// one.
    fn forget_what_is_settled(&mut self) {
        let asked = self.situation.asked;
        let Some(asked) = asked else {
            return;
        };
        if asked.kind == QuestionKind::Which {
            // "Đang làm", "which task?", "II.2 xong": what was to be placed is overtaken, and "nhầm" means what is newer.
            let overtakes = |act: &Act| {
                let mut changes = self.decision.changes.iter();
                changes.any(|change| {
                    change.obligation == act.obligation
                        && !change.what.is_slight()
                        && (change.what.completes() || !act.what.completes())
                })
            };
            let is_overtaken = asked.options.iter().flatten().any(overtakes);
            self.decision.forgets |= is_overtaken && asked.then.is_empty();
            return;
        }
        let is_reported = |id: &ObligationId| {
            let mut changes = self.decision.changes.iter();
            changes.any(|change| change.obligation == *id && !change.what.is_slight())
        };
        self.decision.forgets |= !asked.about.is_empty() && asked.about.iter().all(is_reported);
    }

    /// The obligation as it stands after what was recorded of it so far.
    pub(super) fn changed(&self, id: ObligationId) -> Option<Owed> {
        let owed = self.situation.find(id)?;
        let mut changes = self.decision.changes.iter().rev();
        let last = changes.find(|change| change.obligation == id);
        Some(last.map_or_else(|| owed.clone(), |last| owed.standing(last.after)))
    }

    pub(super) fn keep(&mut self, mut change: Change, capped: bool, was: Option<Was>) {
        let is_new = |file: &&File| !change.files.iter().any(|one| one.id == file.id);
        let new: Vec<File> = self
            .situation
            .files
            .iter()
            .filter(is_new)
            .cloned()
            .collect();
        change.files.extend(new);
        let may_replace = matches!(
            change.what,
            What::Extension { .. } | What::Reassign | What::Progress { .. } | What::Handed
        );
        let waited = change.before.pending.filter(|_| may_replace);
        self.decision.answer.recorded.push(Recorded {
            obligation: change.obligation,
            what: change.what.clone(),
            capped,
            replaces: waited.filter(|before| Some(*before) != change.after.pending),
            files: change.files.len(),
            was,
            moved_from: None,
        });
        self.decision.changes.push(change);
    }
}
