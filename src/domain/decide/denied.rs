//! "Chưa xong, sếp trả lại" after "xong": what is said not to be done though no task is named.
//!
//! A false "done" is the worst error, so what the sender has just reported is asked about first; and neither is it overruled
//! unasked, for another task may be meant.

use super::act::{Act, What};
use super::answer::Decision;
use super::choose::{
    Chosen, Hints, MOST_OPTIONS, at_hand, may_mean, opened, task_of, without_name,
};
use super::content::speaks_rather_of;
use super::conversation::{Talk, decide};
use super::question::{Question, QuestionKind};
use super::reading::Reading;
use super::said::Said;
use super::situation::{Claim, Owed, OwnChange, Situation};
use super::spoken::speak_of;
use super::verdict::contradicted;
use crate::domain::ids::ObligationId;
use crate::domain::reply::Intent;

impl<'a> Talk<'a, '_> {
    /// Asks whether the completion that was reported last is meant, by words which deny one and name no task. Whether it was asked.
    pub(super) fn ask_of_denied(&mut self, said: &Said, hints: Hints<'_>) -> bool {
        let says_how_it_stands = matches!(
            said.intent,
            Intent::Progress | Intent::Blocked | Intent::Extension | Intent::Reassign
        );
        // "Mới bản nháp thôi", "cái này của phường" just after a report is likelier said of it than of what nobody spoke of.
        // A share is told of what is still open.
        let may_deny = matches!(said.intent, Intent::Progress | Intent::Reassign)
            && said.beside.percent.is_none()
            && !self.last_message().is_empty();
        let denies = self.situation.denies;
        if said.named.is_some() || !(denies || may_deny) || !says_how_it_stands {
            return false;
        }
        let speaks_of = |owed: &Owed| {
            hints.works.is_empty() || !speak_of(&[owed], hints, self.situation).is_empty()
        };
        // "Kế hoạch thì chưa" after a report of something else denies nothing of that.
        let near = opened(&at_hand(self.situation), self.situation);
        let calls_another = !speak_of(&near, hints, self.situation).is_empty();
        let may_mean_it = |owed: &Owed| speaks_of(owed) || denies && !calls_another;
        let mut denied = Vec::new();
        let reported = self.reported_of_late().into_iter();
        for (owed, claim) in reported.filter(|(owed, _)| may_mean_it(owed)) {
            // A day to come, or a share, is told of it as of any other.
            let what = self
                .what(said, owed)
                .filter(|what| contradicted(owed, what).is_some());
            denied.extend(what.map(|what| (owed, claim, what)));
        }
        if denied.is_empty() {
            return false;
        }
        // While its number is asked for, nothing else is spoken of, unless by name.
        let asked = self.situation.asked.filter(|_| hints.works.is_empty());
        let number_of = asked.filter(|asked| asked.kind == QuestionKind::Document);
        let is_asked_of = number_of.is_some_and(|asked| {
            denied
                .iter()
                .any(|(owed, ..)| asked.about.contains(&owed.id()))
        });
        let open: Vec<&Owed> = if self.situation.replies_to.is_some() || is_asked_of {
            Vec::new()
        } else {
            match without_name(self.text, hints, self.situation) {
                Chosen::One(owed) | Chosen::Perhaps(owed) => vec![owed],
                Chosen::OneOf(several) => several,
                Chosen::Nothing => Vec::new(),
            }
        };
        if let ([(owed, _, what)], []) = (denied.as_slice(), open.as_slice()) {
            self.ask_to_take_back([(*owed, Some(what.clone()))], Vec::new());
            return true;
        }
        let mut options: Vec<Vec<Act>> = Vec::new();
        for (owed, claim, what) in denied {
            let taken_back = self.act(owed, What::Undo { event: claim.event });
            let instead = self.act(&owed.standing(claim.before), what);
            options.push(vec![taken_back, instead]);
        }
        for owed in &open {
            options.extend(self.what(said, owed).map(|what| vec![self.act(owed, what)]));
        }
        options.truncate(MOST_OPTIONS);
        let offered = options.iter().filter_map(|acts| acts.first());
        let about: Vec<_> = offered.map(|act| act.obligation).collect();
        let mut rest = self.not_offered(None, &open);
        rest.retain(|id| !about.contains(id));
        if !rest.is_empty() {
            options.push(Vec::new());
        }
        self.ask(Question {
            options,
            rest,
            of_part: self.says_more,
            ..Question::new(QuestionKind::Which, about, self.text)
        });
        true
    }

    /// "Trừ cái báo cáo quý" after "xong cả ba": asks whether what is `left_out` of the sender's last report is to be taken back, or
    /// which of several. Whether it was asked.
    pub(super) fn ask_of_excepted(
        &mut self,
        left_out: impl Fn(&[&Owed]) -> Vec<ObligationId>,
    ) -> bool {
        let mut claimed = self.last_message();
        let pool: Vec<&Owed> = claimed.iter().map(|(owed, _)| *owed).collect();
        let out = left_out(&pool);
        claimed.retain(|(owed, _)| out.contains(&owed.id()));
        match claimed.as_slice() {
            [] => return false,
            [(owed, _)] => self.ask_to_take_back([(*owed, None)], Vec::new()),
            several => {
                let taken_back = several.iter().map(|(owed, claim)| {
                    let what = What::Undo { event: claim.event };
                    vec![self.act(owed, what)]
                });
                let question = Question {
                    options: taken_back.collect(),
                    ..Question::new(QuestionKind::Which, out, self.text)
                };
                self.ask(question);
            }
        }
        true
    }

    /// "Ghi nhầm rồi, chưa xong" to a question: the report before it may be meant as well as the words that raised it.
    pub(super) fn ask_of_the_last_report(&mut self) -> bool {
        let claimed = self.situation.denies.then(|| self.last_message());
        let claimed = claimed.unwrap_or_default();
        let is_asked = !claimed.is_empty();
        if is_asked {
            let claimed = claimed.into_iter().map(|(owed, _)| (owed, None));
            self.ask_to_take_back(claimed, Vec::new());
        }
        is_asked
    }

    /// The completions that the message claimed which is answered; or those that the sender's last one claimed a moment ago, and
    /// older ones of which the words speak rather than of anything that is open.
    fn reported_of_late(&self) -> Vec<(&'a Owed, Claim)> {
        let situation = self.situation;
        let claimed = |owed: &'a Owed| Some((owed, self.own_claim(owed)?));
        if situation.replies_to.is_some() {
            let told = situation.told.iter().filter_map(|id| situation.find(*id));
            return told.filter_map(claimed).collect();
        }
        let mut found = self.last_message();
        let open: Vec<&Owed> = situation
            .owed
            .iter()
            .filter(|owed| owed.is_open())
            .collect();
        let named = situation.owed.iter().filter_map(claimed);
        for (owed, claim) in named.filter(|(owed, _)| speaks_rather_of(self.text, owed, &open)) {
            if !found.iter().any(|(one, _)| one.id() == owed.id()) {
                found.push((owed, claim));
            }
        }
        found
    }

    /// What the sender's last message claimed, a moment ago.
    fn last_message(&self) -> Vec<(&'a Owed, Claim)> {
        let own = self.situation.own_changes;
        let Some(last) = own.first().filter(|last| last.is_fresh) else {
            return Vec::new();
        };
        let with_it = own.iter().filter(|one| {
            one.event == last.event || one.message.is_some() && one.message == last.message
        });
        let owed = OwnChange::obligations(with_it)
            .into_iter()
            .filter_map(|id| self.situation.find(id));
        owed.filter_map(|owed| Some((owed, self.own_claim(owed)?)))
            .collect()
    }
}

/// "Lộn, IV.1.c/1 mới nộp" just after a report of another task: what follows is recorded, and whether that report is to be taken
/// back is asked.
pub(super) fn another_was_meant(
    text: &str,
    reading: &Reading<'_>,
    situation: &Situation<'_>,
) -> Option<Decision> {
    let rest = reading.terse.after_mistake(text)?;
    let understood = reading.understand(rest, situation);
    let [named] = understood.refs.as_slice() else {
        return None;
    };
    let mut talk = Talk::new(text, situation);
    let last = talk.last_message();
    let is_other = last.iter().all(|(owed, _)| !may_mean(owed, task_of(named)));
    // "Nhầm I.2, chưa xong" names what the mistake was.
    if understood.intent != Intent::Done || last.is_empty() || !is_other {
        return None;
    }
    let last = last.into_iter().map(|(owed, _)| (owed, None));
    talk.ask_to_take_back(last, Vec::new());
    let mut decision = talk.decision;
    let alone = Situation {
        asked: None,
        ..*situation
    };
    decision.add(decide(rest, &understood, &alone));
    Some(decision)
}
