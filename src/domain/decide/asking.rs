//! What is asked back, and when: which task, whether it was understood right, what a record lacks.

use super::act::{Act, Stand, What};
use super::answer::Note;
use super::choose::{MOST_OPTIONS, may_mean, sort_by_urgency, task_of};
use super::conversation::Talk;
use super::going_on::queue;
use super::question::{Question, QuestionKind};
use super::said::Said;
use super::situation::{Claim, Owed};
use super::verdict::contradicted;
use crate::domain::ids::ObligationId;
use crate::domain::reply::{Intent, Understanding};

impl<'a> Talk<'a, '_> {
    pub(super) fn ask(&mut self, question: Question) {
        queue(&mut self.decision.answer.question, question);
    }

    pub(super) fn ask_in_words(&mut self, kind: QuestionKind, owed: &Owed) {
        self.ask(Question::new(kind, vec![owed.id()], self.text));
    }

    /// Asks which of these tasks is meant, of which `said` is said. What nobody is sure of is asked once more of the one that
    /// is chosen: it was asked which it is, and not whether it is done.
    pub(super) fn ask_which(&mut self, said: &Said, candidates: &[&'a Owed], is_sure: bool) {
        let mut meant = Vec::new();
        for owed in candidates {
            let what = match self.soonest(said) {
                // Without a day to remind on, which task is asked first, the day after that.
                Some(what) => Some(what),
                None => self.what(said, owed),
            };
            meant.extend(what.map(|what| (*owed, what)));
        }
        let rest = self.not_offered(said.named.as_deref(), candidates);
        let mut question = self.which(meant, rest);
        for act in question.options.iter_mut().flatten() {
            act.is_doubtful = !is_sure && act.what.completes();
        }
        self.ask(question);
    }

    /// The next reminder, where one is to come later and no day is told.
    fn soonest(&self, said: &Said) -> Option<What> {
        let is_open = said.intent == Intent::Snooze && said.beside.date.is_none();
        let today = self.situation.today;
        let until = today.succ_opt().unwrap_or(today);
        is_open.then_some(What::Snooze { until })
    }

    /// Asks to which of these tasks files belong.
    pub(super) fn ask_whose(&mut self, what: &What, candidates: &[&'a Owed]) {
        let meant = candidates.iter().map(|owed| (*owed, what.clone()));
        let rest = self.not_offered(None, candidates);
        let question = self.which(meant.collect(), rest);
        self.ask(question);
    }

    /// "Việc khác": the same is asked of what was not offered.
    pub(super) fn ask_of_the_rest(&mut self, question: &Question) {
        let Some(said) = question.options.iter().find_map(|acts| acts.first()) else {
            return;
        };
        let rest = question.rest.iter();
        let rest = rest.filter_map(|id| self.situation.find(*id));
        let rest: Vec<&Owed> = rest.filter(|owed| owed.is_open()).collect();
        if rest.is_empty() {
            self.note(Note::NothingOpen);
            return;
        }
        let (offered, rest) = rest.split_at(rest.len().min(MOST_OPTIONS));
        self.ask_once_more(said, offered, rest.iter().map(|owed| owed.id()).collect());
    }

    /// Asks to which of these tasks belongs what was said before, with the files that came with it.
    pub(super) fn ask_once_more(
        &mut self,
        said: &Act,
        offered: &[&'a Owed],
        rest: Vec<ObligationId>,
    ) {
        let meant = offered.iter().map(|owed| (*owed, said.what.clone()));
        let mut question = self.which(meant.collect(), rest);
        for act in question.options.iter_mut().flatten() {
            act.files.clone_from(&said.files);
            act.is_doubtful = said.is_doubtful;
        }
        question.of_part = self.situation.asked.is_some_and(|asked| asked.of_part);
        self.ask(question);
    }

    /// Asks the same once more of those of the tasks of a question that may still be meant; whether it is right, where that is one.
    pub(super) fn ask_of_these(&mut self, question: &Question, offered: Vec<(&'a Owed, Act)>) {
        let about: Vec<ObligationId> = offered.iter().map(|(owed, _)| owed.id()).collect();
        let before = question.options.iter().filter_map(|acts| acts.first());
        let before = before.map(|act| act.obligation);
        let rest: Vec<ObligationId> = before
            .chain(question.rest.iter().copied())
            .filter(|id| !about.contains(id))
            .collect();
        let again = if let [(owed, act)] = offered.as_slice() {
            let mut again = self.whether(&[(owed, act.what.clone())]);
            for option in again.options.iter_mut().flatten() {
                option.files.clone_from(&act.files);
            }
            again
        } else {
            let acts = offered.into_iter().map(|(_, act)| vec![act]);
            let others = (!rest.is_empty()).then(Vec::new);
            Question {
                options: acts.chain(others).collect(),
                ..Question::new(QuestionKind::Which, about, self.text)
            }
        };
        self.ask(Question {
            rest,
            of_part: question.of_part,
            ..again
        });
    }

    /// What else is open and may be meant, by that name where there is one.
    pub(super) fn not_offered(&self, named: Option<&str>, offered: &[&Owed]) -> Vec<ObligationId> {
        let is_offered = |id| offered.iter().any(|owed| owed.id() == id);
        let is_meant = |owed: &&Owed| match named {
            Some(named) if !named.starts_with('#') => may_mean(owed, task_of(named)),
            _ => true,
        };
        let open = self.situation.owed.iter().filter(|owed| owed.is_open());
        let meant = open.filter(|owed| !is_offered(owed.id())).filter(is_meant);
        let mut meant: Vec<&Owed> = meant.collect();
        sort_by_urgency(&mut meant, self.situation);
        meant.into_iter().map(Owed::id).collect()
    }

    fn which(&self, meant: Vec<(&Owed, What)>, rest: Vec<ObligationId>) -> Question {
        let about = meant.iter().map(|(owed, _)| owed.id()).collect();
        let acts = meant.into_iter().map(|(owed, what)| self.act(owed, what));
        let mut options: Vec<Vec<Act>> = acts.map(|act| vec![act]).collect();
        if !rest.is_empty() {
            options.push(Vec::new());
        }
        Question {
            options,
            rest,
            of_part: self.says_more,
            ..Question::new(QuestionKind::Which, about, self.text)
        }
    }

    /// Asks whether it was understood right: what was understood, its opposite where a wrong record would hurt, or
    /// neither. Of a task that was `guessed` from words it is asked which other one is meant, where it is not that one.
    pub(super) fn ask_whether(&mut self, meant: &[(&'a Owed, What)], guessed: bool) {
        let mut question = self.whether(meant);
        if let [(owed, _)] = meant
            && guessed
        {
            question.rest = self.not_offered(None, &[owed]);
        }
        self.ask(question);
    }

    fn whether(&self, meant: &[(&'a Owed, What)]) -> Question {
        let understood: Vec<Act> = meant
            .iter()
            .map(|(owed, what)| self.act(owed, what.clone()))
            .collect();
        let mut options = vec![understood];
        if let [(owed, what)] = meant {
            let other = match what {
                What::Done { document, .. } => Some(What::Progress {
                    percent: None,
                    expected_on: None,
                    document: document.clone(),
                }),
                What::Progress { document, .. } => Some(What::Done {
                    on: self.situation.today,
                    document: document.clone(),
                }),
                _ => None,
            };
            options.extend(other.map(|what| vec![self.act(owed, what)]));
        }
        options.push(Vec::new());
        let about = meant.iter().map(|(owed, _)| owed.id()).collect();
        Question {
            options,
            ..Question::new(QuestionKind::Sure, about, self.text)
        }
    }

    /// The same of what was chosen, with the files that came with the words that raised the question.
    pub(super) fn ask_whether_said(&mut self, chosen: &[(&'a Owed, &Act)]) {
        let [(_, first), ..] = chosen else { return };
        let meant = chosen.iter().map(|(owed, act)| (*owed, act.what.clone()));
        let mut question = self.whether(&meant.collect::<Vec<_>>());
        for offered in question.options.iter_mut().flatten() {
            offered.files.clone_from(&first.files);
        }
        self.ask(question);
    }

    /// Asks whether recorded completions are to be taken back, and what was said of them recorded; or else `instead`, where
    /// that may have been meant.
    pub(super) fn ask_to_take_back(
        &mut self,
        denied: impl IntoIterator<Item = (&'a Owed, Option<What>)>,
        instead: Vec<Act>,
    ) {
        let (mut about, mut acts) = (Vec::new(), Vec::new());
        for (owed, what) in denied {
            let Some(claim) = owed.claim else { continue };
            about.push(owed.id());
            acts.push(self.act(owed, What::Undo { event: claim.event }));
            acts.extend(what.map(|what| self.act(&owed.standing(claim.before), what)));
        }
        let mut options = vec![acts];
        options.extend(Some(instead).filter(|acts| !acts.is_empty()));
        options.push(Vec::new());
        self.ask(Question {
            options,
            ..Question::new(QuestionKind::TakeBack, about, self.text)
        });
    }

    /// "I.2 chưa xong" a day after "I.2 xong": the milestone that was reported may be meant as well as the one that is left,
    /// so it is asked; what is meant beyond doubt is given back.
    pub(super) fn without_denied_siblings(
        &mut self,
        understood: &Understanding,
        meant: Vec<(&'a Owed, What)>,
    ) -> Vec<(&'a Owed, What)> {
        let mut clear = Vec::new();
        for (owed, what) in meant {
            let task = &owed.obligation.milestone.task;
            let is_whole = |named: &str| named.eq_ignore_ascii_case(task.as_str());
            let mut parts = understood
                .parts
                .iter()
                .filter_map(|part| part.task.as_ref());
            let names_task = understood.refs.iter().any(|named| is_whole(named))
                || parts.any(|named| is_whole(named));
            let reported = self.situation.owed.iter().find(|other| {
                other.obligation.milestone.task == *task
                    && contradicted(other, &what).is_some()
                    && self.own_claim(other).is_some()
            });
            match reported.filter(|_| names_task) {
                Some(reported) => {
                    let instead = vec![self.act(owed, what.clone())];
                    self.ask_to_take_back([(reported, Some(what))], instead);
                }
                None => clear.push((owed, what)),
            }
        }
        clear
    }

    /// What the sender claimed of it, not too long ago to take it back.
    pub(super) fn own_claim(&self, owed: &Owed) -> Option<Claim> {
        let today = self.situation.today;
        let claim = owed.claim?;
        let mut own = self.situation.own_changes.iter();
        let is_own = own.any(|one| claim.event == one.event && one.is_recent(today));
        is_own.then_some(claim)
    }

    /// What a button is to say of this obligation, with the files of the message.
    pub(super) fn act(&self, owed: &Owed, what: What) -> Act {
        Act {
            obligation: owed.id(),
            stand: Stand::of(&owed.obligation),
            due_on: owed.obligation.due_on,
            what,
            files: self.situation.files.to_vec(),
            is_doubtful: false,
        }
    }

    /// Asks once for what each record lacks: the number of the document, the day that is wished for.
    pub(super) fn ask_for_what_is_missing(&mut self) {
        let missing = self.decision.changes.iter().filter_map(|change| {
            let owed = self.situation.find(change.obligation)?;
            match &change.what {
                What::Done { document: None, .. }
                    if owed.is_document && owed.document.is_none() =>
                {
                    Some((QuestionKind::Document, owed))
                }
                What::Extension { until: None } => Some((QuestionKind::Until, owed)),
                _ => None,
            }
        });
        for (kind, owed) in missing.collect::<Vec<_>>() {
            self.ask_in_words(kind, owed);
        }
    }
}
