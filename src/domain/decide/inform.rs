//! What somebody asks is answered from the plan.

use super::answer::{Note, Why};
use super::at_once::near;
use super::choose::{Chosen, Hints, at_hand, by_name, may_mean, opened, task_of};
use super::content::spoken_of;
use super::conversation::Talk;
use super::situation::{Owed, Situation};
use super::spoken::speak_of;
use crate::domain::ids::ObligationId;
use crate::domain::reply::{Asks, Intent, Understanding};

impl Talk<'_, '_> {
    /// Answers a question from the plan.
    pub(super) fn inform(&mut self, understood: &Understanding) {
        let situation = self.situation;
        if !understood.refs.is_empty() {
            self.show(&understood.refs);
            return;
        }
        if understood.details.asks == Some(Asks::OfAll) {
            self.list();
            return;
        }
        if understood.details.asks == Some(Asks::OfLate) {
            self.list_late();
            return;
        }
        let hints = Hints {
            works: &understood.details.works,
            ..Hints::of(Intent::Ask)
        };
        let of_works = due_and_spoken_of(hints, situation);
        let spoken_of = match spoken_of(self.text, situation.owed) {
            none if none.is_empty() => of_works,
            found => found,
        };
        match (spoken_of.as_slice(), situation.told) {
            ([_, ..], _) => {
                let shown = &mut self.decision.answer.shown;
                shown.extend(spoken_of.iter().map(|owed| owed.id()));
            }
            ([], [only]) => self.decision.answer.shown.push(*only),
            _ if understood.details.asks == Some(Asks::How) => self.note(Note::Help),
            _ => self.list_what_may_be_asked_about(),
        }
    }

    pub(super) fn show(&mut self, refs: &[String]) {
        for named in refs {
            let hints = Hints::of(Intent::Ask);
            if named.starts_with('#')
                && let Chosen::One(owed) = by_name(named, hints, self.situation)
            {
                self.decision.answer.shown.push(owed.id());
                continue;
            }
            let task = task_of(named);
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

    /// Of which task something is asked nobody knows: what is told, or due before long, has numbers by which it is shown. A list of
    /// all answers nothing.
    fn list_what_may_be_asked_about(&mut self) {
        let near: Vec<ObligationId> = near(self.situation).into_iter().map(Owed::id).collect();
        match near.as_slice() {
            [] => self.list(),
            [only] => self.decision.answer.shown.push(*only),
            _ => self.decision.answer.listed = near,
        }
        if self.decision.answer.listed.len() > 1 {
            self.note(Note::AskByNumber);
        }
    }

    fn list_late(&mut self) {
        let today = self.situation.today;
        let is_late = |owed: &&Owed| owed.obligation.due_on.is_some_and(|due| due < today);
        let owed = self.situation.owed.iter();
        let late = owed.filter(|owed| owed.is_open()).filter(is_late);
        self.decision.answer.listed = late.map(Owed::id).collect();
        let is_none = self.decision.answer.listed.is_empty();
        self.note(if is_none {
            Note::NothingLate
        } else {
            Note::OnlyLate
        });
    }

    pub(super) fn list(&mut self) {
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

/// The tasks at hand whose window is open and of which the works are named; nothing where they are many.
fn due_and_spoken_of<'a>(hints: Hints<'_>, situation: &Situation<'a>) -> Vec<&'a Owed> {
    const MOST: usize = 3;
    let due = opened(&at_hand(situation), situation);
    let found = speak_of(&due, hints, situation);
    if found.len() > MOST {
        Vec::new()
    } else {
        found
    }
}
