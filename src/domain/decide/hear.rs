//! Words -> what follows from them, read in the light of what was asked and shown.

use chrono::NaiveDate;

use super::What;
use super::answer::{Decision, Note};
use super::at_once::{all_but, all_but_in_words, of_all};
use super::belated::{beside_the_last_report, reason_of_the_last_wish, wished_day_put_right};
use super::choose::{is_of_kind, kind_of_document, may_mean};
use super::command::parse_command;
use super::confirmed::completed_instead_of_confirmed;
use super::conversation::{Talk, choice, decide, decide_command};
use super::denied::another_was_meant;
use super::following::goes_on_with;
use super::going_on::going_on;
use super::in_time::day_told;
use super::in_words::{heard_apart, with_names};
use super::numbered::{chosen, is_ambiguous, parse_number};
use super::plans::without_plans;
use super::proof;
use super::question::{Question, QuestionKind};
use super::situation::{Owed, Situation};
use super::spoken::outcome_of;
use super::verdict::verdict;
use super::which::told_of_which;
use crate::domain::ids::ObligationId;
use crate::domain::reply::{Details, Intent, Reader, Says, Understanding, Writer};
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

/// What follows from a text.
#[must_use]
pub fn hear(text: &str, reading: &Reading<'_>, situation: &Situation<'_>) -> Decision {
    let asked = wants_this_kind(text, reading, situation);
    let asked = asked.as_ref().or(situation.asked);
    let of_a_time = reading.of_a_time(situation);
    let situation = &Situation {
        asked,
        of_a_time: &of_a_time,
        ..*situation
    };
    going_on(heard(text, reading, situation), situation)
}

fn heard(text: &str, reading: &Reading<'_>, situation: &Situation<'_>) -> Decision {
    let number = parse_number(text);
    if situation.is_numbered()
        && let Some(number) = number
    {
        return choice(number, situation);
    }
    if let Some(question) = situation.asked
        && number.is_some_and(|number| is_ambiguous(number, text, question.kind, situation))
    {
        let mut again = Decision::noted(Note::BareNumber);
        again.answer.question = Some(question.clone());
        return again;
    }
    let text = match parse_command(text) {
        Ok(command) => return decide_command(&command, situation),
        Err(sentence) => sentence,
    };
    let understood = reading.understand(&text, situation);
    let kind = situation.asked.map(|question| question.kind);
    if let Some(decision) = chosen(&text, number, &understood, reading, situation) {
        return decision;
    }
    let refs = &understood.refs;
    let corrected = reading
        .terse
        .corrected(&text, refs, situation.today, reading.reader);
    let whole = |number: &str, owed: &Owed| {
        let given = reading.given(number, &understood, owed, situation);
        given.and_then(|given| given.document)
    };
    let corrected =
        corrected.and_then(|one| proof::corrected(&text, &one, &understood, whole, situation));
    if let Some(decision) = corrected {
        return decision;
    }
    if let Some(decision) = of_what_was_said(&text, &understood, reading, situation) {
        return decision;
    }
    if reading.terse.drops_wish(&text, refs) {
        let mut talk = Talk::new(&text, situation);
        if talk.take_wish_back(refs) {
            return talk.decision;
        }
    }
    if !situation.asks()
        && let Some(decision) = beside_the_last_report(&text, &understood, reading, situation)
    {
        return decision;
    }
    if let Some(of_all) = reading.terse.all_but(&text, refs)
        && reading.understand(of_all, situation).intent == Intent::Done
    {
        return all_but(&text, refs, situation);
    }
    if refs.is_empty()
        && let Some(decision) = all_but_in_words(&text, reading, situation)
    {
        return decision;
    }
    if let Some(decision) = of_all(&text, &understood, reading.terse, situation) {
        return decision;
    }
    if situation.files.is_empty()
        && let [named] = refs.as_slice()
        && understood.intent != Intent::Ask
        && reading.terse.files_are_of(&text, refs)
    {
        let mut talk = Talk::new(&text, situation);
        talk.put_files(named);
        return talk.decision;
    }
    if kind == Some(QuestionKind::Until)
        && let Some(decision) = reason(&text, &understood, reading, situation)
    {
        return decision;
    }
    let speaks_of_rest = reading.terse.rest_from(&text).is_some();
    if (understood.refs.is_empty() || speaks_of_rest)
        && let Some(decision) = heard_apart(&text, reading, situation)
    {
        return decision;
    }
    let mut understood = reading.in_the_light(&text, understood, situation);
    if reading.terse.is_mistake(&text) {
        (understood.intent, understood.sure) = (Intent::Undo, true);
        understood.details.says = None;
    }
    let more_time = reading.terse.shift(&text, false);
    let situation = Situation {
        more_time,
        denies: reading.terse.denies(&text),
        ..*situation
    };
    decide(&text, &understood, &situation)
}

/// What completes, puts right or gives a reason for what was said or asked before.
fn of_what_was_said(
    text: &str,
    understood: &Understanding,
    reading: &Reading<'_>,
    situation: &Situation<'_>,
) -> Option<Decision> {
    told_of_which(text, understood, reading, situation)
        .or_else(|| completed_instead_of_confirmed(text, understood, reading, situation))
        .or_else(|| day_told(text, understood, reading, situation))
        .or_else(|| wished_day_put_right(text, understood, reading, situation))
        .or_else(|| reason_of_the_last_wish(text, understood, reading, situation))
        .or_else(|| another_was_meant(text, reading, situation))
        .or_else(|| goes_on_with(text, understood, reading, situation))
}

impl Reading<'_> {
    /// What has opened of the documents that are of nothing but their time.
    fn of_a_time(&self, situation: &Situation<'_>) -> Vec<ObligationId> {
        let opened = situation
            .owed
            .iter()
            .filter(|owed| owed.has_opened(situation.today));
        let plain = opened.filter(|owed| self.reader.is_of_a_time(outcome_of(owed)));
        plain.map(Owed::id).collect()
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
    fn in_the_light(
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

/// "15/BC" while the number of a plan is asked for, and behind it that of a report: the question that it answers comes first.
fn wants_this_kind(
    text: &str,
    reading: &Reading<'_>,
    situation: &Situation<'_>,
) -> Option<Question> {
    let wants_number = |question: &Question| question.kind == QuestionKind::Document;
    let asked = situation.asked.filter(|asked| wants_number(asked))?;
    if !asked.then.iter().any(wants_number) {
        return None;
    }
    let understood = reading.understand(text, situation);
    let kind = kind_of_document(understood.doc.as_deref()?)?;
    let fits = |question: &Question| {
        let owed = question.about.first().and_then(|id| situation.find(*id));
        wants_number(question) && owed.is_some_and(|owed| is_of_kind(owed, kind))
    };
    let is_other = !fits(asked) && understood.refs.is_empty();
    let place = asked.then.iter().position(fits).filter(|_| is_other)?;
    asked.with_first(place)
}

/// "Vì chờ hướng dẫn của Bộ" to "until when?": why is kept, and the day is still wanted.
fn reason(
    text: &str,
    understood: &Understanding,
    reading: &Reading<'_>,
    situation: &Situation<'_>,
) -> Option<Decision> {
    let question: &Question = situation.asked?;
    let owed = situation.find(*question.about.first()?)?;
    let says_else = matches!(
        understood.intent,
        Intent::Done | Intent::Undo | Intent::Snooze | Intent::Ask
    );
    let names_day = understood.date.is_some() || reading.terse.shift(text, true).is_some();
    if says_else || names_day || !understood.refs.is_empty() || !reading.terse.is_reason(text) {
        return None;
    }
    let mut talk = Talk::new(text, situation);
    let wish = What::Extension { until: None };
    talk.record(owed, verdict(owed, wish, situation.today));
    if talk.decision.answer.refused.is_empty() {
        talk.note(Note::ReasonKept);
        talk.decision.answer.question = Some(question.clone());
    }
    Some(talk.decision)
}
