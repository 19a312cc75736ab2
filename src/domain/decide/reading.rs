//! A text, read in the light of what was asked and shown.

use chrono::NaiveDate;

use super::choose::may_mean;
use super::in_words::with_names;
use super::plans::without_plans;
use super::question::QuestionKind;
use super::situation::{Owed, Situation};
use super::spoken::outcome_of;
use crate::domain::ids::ObligationId;
use crate::domain::reply::{Details, Intent, Reader, Says, Time, Understanding, Writer};
use crate::domain::terse::{Frame, Given, Terse};

/// What words are read with.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    /// The reader of replies.
    pub reader: &'a Reader,
    /// The words of a few words.
    pub terse: &'a Terse,
    /// The agency that writes.
    pub writer: &'a Writer,
    /// Whether what waits was asked on the day of the message.
    pub asked_today: bool,
}

impl Reading<'_> {
    /// What has opened of the documents that are of nothing but their time.
    pub(super) fn of_a_time(&self, situation: &Situation<'_>) -> Vec<(ObligationId, Time)> {
        let opened = situation
            .owed
            .iter()
            .filter(|owed| owed.has_opened(situation.today));
        let timed =
            opened.filter_map(|owed| Some((owed.id(), self.reader.time_of(outcome_of(owed))?)));
        timed.collect()
    }

    /// What is understood of a text, also where it calls its tasks by words alone.
    pub(super) fn understand(&self, text: &str, situation: &Situation<'_>) -> Understanding {
        let understood = self.read(text, situation);
        if !understood.refs.is_empty() {
            return understood;
        }
        let named = with_names(text, self, situation);
        named.map_or(understood, |named| self.read(&named, situation))
    }

    /// What is understood of a text by the names in it.
    pub(super) fn read(&self, text: &str, situation: &Situation<'_>) -> Understanding {
        let text = without_plans(text, situation.owed);
        let today = situation.today;
        self.reader.understand_from(&text, today, self.writer)
    }

    /// What is understood of a text beside what was asked, or shown with numbers.
    pub(super) fn in_the_light(
        &self,
        text: &str,
        understood: Understanding,
        situation: &Situation<'_>,
    ) -> Understanding {
        let about = situation.asked.and_then(|asked| asked.about.first());
        let about = about.and_then(|id| situation.find(*id));
        match (situation.asked.map(|question| question.kind), about) {
            (Some(QuestionKind::Document), Some(owed)) => {
                if let Some(heard) = self.as_document(text, &understood, owed, situation) {
                    return heard;
                }
            }
            (Some(QuestionKind::Until), Some(owed)) => {
                return self.as_day_of_wish(text, understood, owed, situation);
            }
            (Some(QuestionKind::RemindOn), _) => {
                return self.completed(Frame::Remind, text, understood, situation);
            }
            (Some(QuestionKind::Sure), _) => {
                return self.with_its_share(text, understood, situation);
            }
            _ => {}
        }
        let understood = self.as_numbers(text, understood, situation);
        self.with_numbers_in_order(text, understood, situation)
    }

    /// "Dạ chưa, cỡ 40%" to "is it done?": how far it is, behind the no.
    fn with_its_share(
        &self,
        text: &str,
        mut understood: Understanding,
        situation: &Situation<'_>,
    ) -> Understanding {
        let is_open = understood.intent == Intent::Progress && understood.percent.is_none();
        if let Some(rest) = self.terse.after_not_yet(text).filter(|_| is_open) {
            let rest = self.understand(rest, situation);
            let goes_on = rest.intent == Intent::Progress && rest.refs == understood.refs;
            understood.percent = rest.percent.filter(|_| goes_on);
        }
        self.as_numbers(text, understood, situation)
    }

    /// "15 ngày 12/3", "mai có số" to the question for the number of the document.
    fn as_document(
        &self,
        text: &str,
        understood: &Understanding,
        owed: &Owed,
        situation: &Situation<'_>,
    ) -> Option<Understanding> {
        if understood.doc.is_some() {
            return None;
        }
        let mut heard = Understanding {
            intent: Intent::Unknown,
            sure: false,
            refs: Vec::new(),
            parts: Vec::new(),
            ..understood.clone()
        };
        heard.details = Details::default();
        if self.terse.comes_later(text) {
            heard.details.says = Some(Says::NoNumber);
            heard.date = None;
            return Some(heard);
        }
        let named = understood
            .refs
            .iter()
            .filter(|named| !named.starts_with('#'));
        if !named.into_iter().all(|named| may_mean(owed, named)) {
            return None;
        }
        let Given { document, on } = self.given(text, understood, owed, situation)?;
        heard.intent = Intent::Done;
        (heard.doc, heard.date) = (document, on);
        Some(heard)
    }

    /// The document of that obligation that a few words give.
    pub(super) fn given(
        &self,
        text: &str,
        understood: &Understanding,
        owed: &Owed,
        situation: &Situation<'_>,
    ) -> Option<Given> {
        let words = [&owed.label, &owed.product, &owed.content];
        let words = words.map(String::as_str).join("; ");
        self.terse
            .given(text, &understood.refs, &words, situation.today, self.reader)
    }

    /// "Thứ Hai", "thêm 1 tuần" to "until when?".
    fn as_day_of_wish(
        &self,
        text: &str,
        understood: Understanding,
        owed: &Owed,
        situation: &Situation<'_>,
    ) -> Understanding {
        let mut heard = self.completed(Frame::Until, text, understood, situation);
        // "Tuần sau nghe" is the day that was asked for, unless somebody is to be reminded.
        if heard.intent == Intent::Snooze && !self.terse.names(Frame::Remind, text) {
            heard.intent = Intent::Extension;
        }
        let is_wish = matches!(
            heard.intent,
            Intent::Extension | Intent::Unknown | Intent::Ack | Intent::Progress
        );
        let has_day = heard.date.is_some() || heard.details.no_day;
        if is_wish
            && !has_day
            && let (Some(more), Some(due_on)) =
                (self.terse.shift(text, true), owed.obligation.due_on)
        {
            heard.intent = Intent::Extension;
            heard.date = more.day(due_on, situation.today);
        }
        heard
    }

    /// The day alone until which more time is wanted.
    pub(super) fn day_wished(&self, text: &str, situation: &Situation<'_>) -> Option<NaiveDate> {
        let words = self.terse.completed(Frame::Until, text);
        let wish = self.understand(&words, situation);
        wish.date.filter(|_| wish.intent == Intent::Extension)
    }

    /// A day alone is read as the sentence that it completes.
    fn completed(
        &self,
        frame: Frame,
        text: &str,
        understood: Understanding,
        situation: &Situation<'_>,
    ) -> Understanding {
        let says_nothing_else = matches!(
            understood.intent,
            Intent::Unknown | Intent::Ack | Intent::Progress
        );
        if understood.date.is_some() || !says_nothing_else {
            return understood;
        }
        let completed = self.understand(&self.terse.completed(frame, text), situation);
        if completed.date.is_some() || completed.details.no_day {
            completed
        } else {
            understood
        }
    }
}
