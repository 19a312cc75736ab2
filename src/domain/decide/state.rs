//! A statement about one or several tasks.

use chrono::NaiveDate;

use super::act::What;
use super::answer::{Note, Why};
use super::choose::{Chosen, Hints, by_name, without_name};
use super::conversation::Talk;
use super::question::QuestionKind;
use super::said::{Said, said_of_tasks};
use super::situation::Owed;
use super::verdict::{contradicted, late_proof, verdict};
use crate::domain::reply::{Intent, Understanding};

impl<'a> Talk<'a, '_> {
    /// A statement about one or several tasks.
    pub(super) fn state(&mut self, understood: &Understanding) {
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
            if intent == Intent::Snooze && self.situation.is_head {
                self.refuse_to_put_off(&chosen);
                continue;
            }
            let is_doubtful = matches!(chosen, Chosen::Perhaps(_));
            let (percent, date, document) = (beside.percent, beside.date, beside.document);
            if understood.details.no_day && date.is_none() {
                self.note(Note::NoSuchDay);
                let wanted = day_wanted(intent).filter(|_| !understood.sure);
                if let (Some(kind), Chosen::One(owed)) = (wanted, &chosen) {
                    self.ask_in_words(kind, owed);
                    continue;
                }
            }
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

    fn refuse_to_put_off(&mut self, chosen: &Chosen<'_>) {
        let id = match chosen {
            Chosen::One(owed) | Chosen::Perhaps(owed) => Some(owed.id()),
            Chosen::OneOf(_) | Chosen::Nothing => None,
        };
        self.refuse(id, String::new(), Why::NotForHeads);
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
}

/// What is asked where the day of a wish is none.
fn day_wanted(intent: Intent) -> Option<QuestionKind> {
    match intent {
        Intent::Extension => Some(QuestionKind::Until),
        Intent::Snooze => Some(QuestionKind::RemindOn),
        _ => None,
    }
}
