//! A message, a tapped button or a command -> a decision.

use chrono::NaiveDate;

use super::act::{Change, Evidence, What};
use super::answer::{Answer, Decision, Note, Recorded, Refused, Why};
use super::choose::{Chosen, Hints, by_name, may_mean, without_name};
use super::command::Command;
use super::question::QuestionKind;
use super::said::{Said, said_of_tasks};
use super::situation::{Owed, Situation};
use super::verdict::{Verdict, contradicted, late_proof, verdict, verdict_of_act};
use crate::domain::ids::ObligationId;
use crate::domain::reply::{Intent, Understanding};

/// What follows from words. `text` is what was written; `understood` is how it was read.
#[must_use]
pub fn decide(text: &str, understood: &Understanding, situation: &Situation<'_>) -> Decision {
    if let Some(decision) = answer_in_words(understood, situation) {
        return decision;
    }
    if agrees_to_take_back(understood, situation) {
        return decide_choice(1, situation);
    }
    let mut talk = Talk::new(text, situation);
    match understood.intent {
        Intent::Unknown => talk.note(Note::NotUnderstood),
        Intent::Ack => talk.note(Note::Thanks),
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
        return Decision::noted(Note::NotUnderstood);
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
        talk.note(Note::Dropped);
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
        Command::Cancel if situation.asks() => {
            talk.decision.forgets = true;
            talk.note(Note::Dropped);
        }
        Command::Cancel => talk.take_back(&[]),
    }
    talk.decision
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
            document: understood.doc.clone()?,
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

    fn keep(&mut self, change: Change, capped: bool) {
        self.decision.answer.recorded.push(Recorded {
            obligation: change.obligation,
            what: change.what.clone(),
            capped,
        });
        self.decision.changes.push(change);
    }

    /// A statement about one or several tasks.
    fn state(&mut self, understood: &Understanding) {
        let mut meant: Vec<(&'a Owed, What)> = Vec::new();
        let mut doubtful: Vec<(&'a Owed, What)> = Vec::new();
        for Said {
            named,
            intent,
            beside,
        } in said_of_tasks(understood)
        {
            let hints = Hints {
                intent,
                document: beside.document.as_deref(),
                periods: &beside.periods,
                works: &understood.details.works,
            };
            let chosen = match &named {
                Some(named) => by_name(named, hints, self.situation),
                None => without_name(self.text, hints, self.situation),
            };
            let is_doubtful = matches!(chosen, Chosen::Perhaps(_));
            let (percent, date, document) = (beside.percent, beside.date, beside.document);
            match chosen {
                Chosen::One(owed) | Chosen::Perhaps(owed) => {
                    if let Some(what) = self.what(intent, date, document, percent, owed) {
                        let proof = late_proof(owed, &what, date, understood.sure);
                        let to = if is_doubtful {
                            &mut doubtful
                        } else {
                            &mut meant
                        };
                        to.push((owed, proof.unwrap_or(what)));
                    }
                }
                Chosen::OneOf(candidates) => {
                    self.ask_which(intent, date, document.as_ref(), percent, &candidates);
                }
                Chosen::Nothing if named.is_some() => {
                    self.refuse(None, named.unwrap_or_default(), Why::NotOwed);
                }
                Chosen::Nothing => self.note(Note::NothingOpen),
            }
        }
        let (denied, meant): (Vec<_>, Vec<_>) = meant
            .into_iter()
            .partition(|(owed, what)| contradicted(owed, what).is_some());
        if !denied.is_empty() {
            let denied = denied.into_iter().map(|(owed, what)| (owed, Some(what)));
            self.ask_to_take_back(denied, Vec::new());
        }
        let meant = self.without_denied_siblings(understood, meant);
        if understood.sure {
            for (owed, what) in meant {
                self.record(owed, verdict(owed, what, self.situation.today));
            }
        } else {
            doubtful.splice(..0, meant);
        }
        if !doubtful.is_empty() {
            self.ask_whether(&doubtful);
        }
        if understood.sure {
            self.ask_for_what_is_missing();
        }
    }

    /// What a word of intent says of this obligation; `None`, with a question, where something is missing.
    pub(super) fn what(
        &mut self,
        intent: Intent,
        date: Option<NaiveDate>,
        document: Option<String>,
        percent: Option<u8>,
        owed: &Owed,
    ) -> Option<What> {
        let today = self.situation.today;
        Some(match intent {
            Intent::Done => match date {
                // Nobody has completed anything tomorrow.
                Some(day) if day > today => What::Progress {
                    percent,
                    expected_on: Some(day),
                    document,
                },
                day => What::Done {
                    on: day.unwrap_or(today),
                    document,
                },
            },
            Intent::Extension => What::Extension { until: date },
            Intent::Blocked => What::Blocked,
            Intent::Reassign => What::Reassign,
            Intent::Snooze => match date {
                Some(day) if day > today => What::Snooze { until: day },
                // Later today: people get one brief a day, so it is the next one.
                Some(_) => What::Snooze {
                    until: today.succ_opt()?,
                },
                None => {
                    self.ask_in_words(QuestionKind::RemindOn, owed);
                    return None;
                }
            },
            Intent::Progress | Intent::Ask | Intent::Ack | Intent::Undo | Intent::Unknown => {
                What::Progress {
                    percent,
                    expected_on: date.filter(|day| *day >= today),
                    document,
                }
            }
        })
    }

    /// Answers a question from the plan.
    fn inform(&mut self, understood: &Understanding) {
        if understood.refs.is_empty() {
            let told: Vec<ObligationId> = self.situation.told.to_vec();
            match told.as_slice() {
                [only] => self.decision.answer.shown.push(*only),
                _ => self.list(),
            }
        } else {
            self.show(&understood.refs);
        }
    }

    fn show(&mut self, refs: &[String]) {
        for named in refs {
            let hints = Hints::of(Intent::Ask);
            if named.starts_with('#')
                && let Chosen::One(owed) = by_name(named, hints, self.situation)
            {
                self.decision.answer.shown.push(owed.id());
                continue;
            }
            let task = named.split('/').next().unwrap_or(named);
            let of_task: Vec<ObligationId> = self
                .situation
                .owed
                .iter()
                .filter(|owed| may_mean(owed, task))
                .map(Owed::id)
                .collect();
            if of_task.is_empty() {
                self.refuse(None, named.clone(), Why::NotOwed);
            }
            self.decision.answer.shown.extend(of_task);
        }
    }

    fn list(&mut self) {
        let open: Vec<ObligationId> = self
            .situation
            .owed
            .iter()
            .filter(|owed| owed.is_open())
            .map(Owed::id)
            .collect();
        if open.is_empty() {
            self.note(Note::NothingOpen);
        }
        self.decision.answer.listed = open;
    }
}
