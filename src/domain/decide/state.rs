//! A statement about one or several tasks.

use chrono::NaiveDate;

use super::act::{Evidence, What};
use super::answer::{Note, Why};
use super::choose::{
    Chosen, Hints, at_hand, by_name, is_of_kind, kind_of_document, may_mean, opened, task_of,
    without_name,
};
use super::conversation::Talk;
use super::early::is_early;
use super::question::QuestionKind;
use super::said::{Said, said_of_tasks};
use super::situation::Owed;
use super::verdict::{another_proof, contradicted, late_proof, verdict};
use crate::domain::reply::{Beside, Ended, Intent, Understanding};

/// What a message tells of tasks that are known.
#[derive(Default)]
struct Told<'a> {
    /// To be recorded.
    meant: Vec<(&'a Owed, What)>,
    /// Nobody is sure of what is said.
    unsure: Vec<(&'a Owed, What)>,
    /// Nobody is sure whether it fits that task.
    doubtful: Vec<(&'a Owed, What)>,
}

impl<'a> Talk<'a, '_> {
    /// A statement about one or several tasks.
    pub(super) fn state(&mut self, understood: &Understanding) {
        let reported = self.reported(understood);
        self.tell(reported, understood);
    }

    /// What is said of these tasks, each by itself.
    pub(super) fn tell(&mut self, reported: Vec<Said>, understood: &Understanding) {
        let mut told = Told::default();
        let mut guessed = false;
        self.says_more = !understood.parts.is_empty() || reported.len() > 1;
        for said in reported {
            let Said {
                named,
                intent,
                beside,
                ..
            } = &said;
            let intent = *intent;
            let is_sure = understood.is_sure_of(named.as_ref());
            let hints = Hints {
                intent,
                document: beside.document.as_deref(),
                periods: &beside.periods,
                works: &understood.details.works,
            };
            if understood.parts.is_empty() && self.ask_of_denied(&said, hints) {
                continue;
            }
            let chosen = match named {
                Some(named) => by_name(named, hints, self.situation),
                None => of_the_rest(without_name(self.text, hints, self.situation), understood),
            };
            // "Xong hết trừ II.2": of the rest none was told that is known here.
            let is_rest =
                named.is_none() && !understood.parts.is_empty() && !understood.refs.is_empty();
            if is_rest && matches!(chosen, Chosen::Nothing) {
                continue;
            }
            if intent == Intent::Snooze && self.situation.is_head {
                self.refuse_to_put_off(&chosen);
                continue;
            }
            let is_doubtful = matches!(chosen, Chosen::Perhaps(_));
            guessed |= is_doubtful && named.is_none();
            let date = beside.date;
            let names_no_day = understood.details.no_day && date.is_none();
            if names_no_day && self.asks_for_another_day(intent, &chosen) {
                continue;
            }
            match chosen {
                Chosen::One(owed) | Chosen::Perhaps(owed) => {
                    // "Kế hoạch sếp duyệt rồi": whether it was issued is asked.
                    let is_sure = is_sure
                        && !(intent == Intent::Done
                            && owed.is_document
                            && understood.details.ended == Ended::AgreedTo);
                    self.weigh(&said, owed, (is_doubtful, is_sure), &mut told);
                }
                Chosen::OneOf(candidates) => {
                    let candidates = self.of_kind(candidates, hints);
                    self.ask_which(&said, &candidates, is_sure);
                }
                Chosen::Nothing => match named {
                    Some(named) => self.refuse(None, named.clone(), Why::NotOwed),
                    None => self.note(Note::NothingOpen),
                },
            }
        }
        let Told {
            meant,
            unsure,
            mut doubtful,
        } = told;
        let denies = |(owed, what): &(&Owed, What)| contradicted(owed, what).is_some();
        let (mut denied, meant): (Vec<_>, Vec<_>) = meant.into_iter().partition(denies);
        let (denied_too, unsure): (Vec<_>, Vec<_>) = unsure.into_iter().partition(denies);
        denied.extend(denied_too);
        if !denied.is_empty() {
            let denied = denied.into_iter().map(|(owed, what)| (owed, Some(what)));
            self.ask_to_take_back(denied, Vec::new());
        }
        let meant = self.without_denied_siblings(understood, meant);
        let unsure = self.without_denied_siblings(understood, unsure);
        // A number for what is reported already completes nothing, and needs no question.
        let (proofs, unsure): (Vec<_>, Vec<_>) = unsure.into_iter().partition(|(_, what)| {
            understood.intent == Intent::Done && matches!(what, What::Evidence(_))
        });
        let records = meant.into_iter().chain(proofs);
        for (owed, what) in records.collect::<Vec<_>>() {
            self.record(owed, verdict(owed, what, self.situation.today));
        }
        doubtful.splice(..0, unsure);
        if !doubtful.is_empty() {
            self.ask_whether(&doubtful, guessed);
        }
        if understood.sure {
            self.ask_for_what_is_missing();
        }
    }

    /// Puts what is said of a task where it belongs: recorded, asked back, or settled at once by what stands of it already.
    fn weigh(
        &mut self,
        said: &Said,
        owed: &'a Owed,
        (is_doubtful, is_sure): (bool, bool),
        told: &mut Told<'a>,
    ) {
        let date = said.beside.date;
        let Some(what) = self.what(said, owed) else {
            return;
        };
        if let Some(another) = another_proof(owed, &what, is_sure) {
            self.ask_to_replace(owed, another, date);
            return;
        }
        let proof = late_proof(owed, &what, date, is_sure);
        let is_clear = is_sure || said.intent == Intent::Done;
        if let Some(What::Evidence(Evidence { document, on })) = &proof
            && is_clear
            && !is_doubtful
        {
            // What is in doubt dates nothing.
            self.prove(owed, document.clone(), on.filter(|_| is_sure));
            return;
        }
        if !is_doubtful && self.asks_whether_in_time(owed, &what, &said.beside) {
            return;
        }
        let is_doubtful =
            is_doubtful || self.comes_early(owed, &what) || self.is_of_another_kind(said, owed);
        let to = match (is_doubtful, is_sure) {
            (true, _) => &mut told.doubtful,
            (false, true) => &mut told.meant,
            (false, false) => &mut told.unsure,
        };
        to.push((owed, proof.unwrap_or(what)));
    }

    /// Those of several tasks that ask for the kind of document which is named; or else what is at hand and does. A plan's number
    /// completes no report.
    fn of_kind(&self, candidates: Vec<&'a Owed>, hints: Hints<'_>) -> Vec<&'a Owed> {
        let Some(kind) = hints.document.and_then(kind_of_document) else {
            return candidates;
        };
        let fits = |owed: &&Owed| is_of_kind(owed, kind);
        let fitting: Vec<&Owed> = candidates.iter().copied().filter(fits).collect();
        if !fitting.is_empty() {
            return fitting;
        }
        let others = opened(&at_hand(self.situation), self.situation).into_iter();
        let others: Vec<&Owed> = others.filter(fits).collect();
        if others.is_empty() {
            candidates
        } else {
            others
        }
    }

    /// Whether a document is named that this task does not ask for and another one does, of a task that is not.
    fn is_of_another_kind(&self, said: &Said, owed: &Owed) -> bool {
        let kind = said.beside.document.as_deref().and_then(kind_of_document);
        let Some(kind) = kind.filter(|_| said.named.is_none() && said.intent == Intent::Done)
        else {
            return false;
        };
        let mut open = self.situation.owed.iter().filter(|one| one.is_open());
        !is_of_kind(owed, kind) && open.any(|one| is_of_kind(one, kind))
    }

    fn comes_early(&self, owed: &Owed, what: &What) -> bool {
        matches!(what, What::Done { on, .. } if is_early(owed, *on, self.situation))
    }

    /// What is reported of which task. What is asked or merely seen beside a report is none: it is never told on as one.
    pub(super) fn reported(&mut self, understood: &Understanding) -> Vec<Said> {
        let mut said = said_of_tasks(understood);
        for asked in said.iter().filter(|one| one.intent == Intent::Ask) {
            self.show(asked.named.as_slice());
        }
        said.retain(|one| !matches!(one.intent, Intent::Ask | Intent::Ack));
        said
    }

    /// Says that the day is in no calendar, and asks for another one where one is wished for. Whether it was asked.
    fn asks_for_another_day(&mut self, intent: Intent, chosen: &Chosen<'_>) -> bool {
        self.note(Note::NoSuchDay);
        let wanted = day_wanted(intent);
        if let (Some(kind), Chosen::One(owed)) = (wanted, chosen) {
            self.ask_for_a_day(kind, owed);
            return true;
        }
        false
    }

    /// Asks for a day in the place of one that is in no calendar; where no day would do, for none.
    fn ask_for_a_day(&mut self, kind: QuestionKind, owed: &Owed) {
        let wish = match kind {
            QuestionKind::Until => What::Extension { until: None },
            _ => What::Snooze {
                until: self.situation.today,
            },
        };
        match verdict(owed, wish, self.situation.today) {
            Ok(_) => self.ask_in_words(kind, owed),
            Err(why) => self.refuse(Some(owed.id()), String::new(), why),
        }
    }

    /// The day to which as much time leads as the message asks for.
    fn more_time(&self, owed: &Owed) -> Option<NaiveDate> {
        let more = self.situation.more_time?;
        more.day(owed.obligation.due_on?, self.situation.today)
    }

    fn refuse_to_put_off(&mut self, chosen: &Chosen<'_>) {
        let id = match chosen {
            Chosen::One(owed) | Chosen::Perhaps(owed) => Some(owed.id()),
            Chosen::OneOf(_) | Chosen::Nothing => None,
        };
        self.refuse(id, String::new(), Why::NotForHeads);
    }

    /// What a word of intent says of this obligation; `None`, with a question, where something is missing.
    pub(super) fn what(&mut self, said: &Said, owed: &Owed) -> Option<What> {
        let today = self.situation.today;
        let Beside {
            date,
            document,
            percent,
            ..
        } = said.beside.clone();
        Some(match said.intent {
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
            Intent::Extension => What::Extension {
                until: date.or_else(|| self.more_time(owed)),
            },
            Intent::Blocked => What::Blocked,
            // Who heads an agency gives its work to whom they like; that it is another agency's is no matter for themselves to
            // look into, as an officer's word is, but an obstacle that the monitor hears of, word for word.
            Intent::Reassign if said.to_a_person && self.situation.is_head => What::Handed,
            Intent::Reassign if self.situation.is_head => What::Blocked,
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
}

/// What is told of a task that is not named is not told of one that is named beside it.
fn of_the_rest<'a>(chosen: Chosen<'a>, understood: &Understanding) -> Chosen<'a> {
    let is_named = |owed: &Owed| {
        let mut refs = understood
            .parts
            .iter()
            .filter_map(|part| part.task.as_deref());
        refs.any(|named| may_mean(owed, task_of(named)))
    };
    match chosen {
        Chosen::One(owed) | Chosen::Perhaps(owed) if is_named(owed) => Chosen::Nothing,
        Chosen::OneOf(mut candidates) => {
            candidates.retain(|owed| !is_named(owed));
            match candidates.as_slice() {
                [] => Chosen::Nothing,
                [only] => Chosen::Perhaps(only),
                _ => Chosen::OneOf(candidates),
            }
        }
        chosen => chosen,
    }
}

/// What is asked where the day of a wish is none.
fn day_wanted(intent: Intent) -> Option<QuestionKind> {
    match intent {
        Intent::Extension => Some(QuestionKind::Until),
        Intent::Snooze => Some(QuestionKind::RemindOn),
        _ => None,
    }
}
