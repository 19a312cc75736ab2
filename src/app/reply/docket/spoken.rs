//! A message of one of those who decide -> what it says of which case.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::Bench;
use super::load::is_called;
use crate::app::AppError;
use crate::app::ledger::Facts;
use crate::app::reply::desk::Desk;
use crate::app::reply::situation::is_twice;
use crate::app::resolve::Standing;
use crate::clock::local;
use crate::domain::decide::parse_number;
use crate::domain::decide::{Command, QuestionKind, UNDO_DAYS, parse_command};
use crate::domain::docket::{Choice, Heard, Inquiry, Order, Turn, Wants, hear};
use crate::domain::ids::{AgencyCode, ObligationId};
use crate::domain::inbound::Content;
use crate::domain::obligation::Obligation;
use crate::domain::reply::{Intent, Understanding};
use crate::store::events::{self, Actor};
use crate::store::inbox::InboxId;
use crate::store::questions::Asked;
use crate::store::{Tx, correspondence};

/// Nobody reads a card and answers it in less.
const READING_SECONDS: i64 = 3;

/// More words than these may mean something else than taking back what was decided last: "xóa giúp anh II.2 của STP".
const MOST_WORDS: usize = 4;

/// What was said.
pub(super) enum Spoken {
    /// What waits is wanted.
    Show,
    /// This case is meant, and not clearly what of it.
    Case(ObligationId),
    /// This is said of a case that was offered when the ledger ended so.
    Turn(ObligationId, Option<i64>, Turn),
    /// What is wanted of this case is asked once more; where a reason was, whether that day was written instead.
    Again(ObligationId, Wants, Option<NaiveDate>),
    /// The last decision was a mistake.
    Undo(Standing),
    /// Taking back the decision on this case may be meant, among many words.
    Doubtful(ObligationId),
    /// The last decision was taken back at that instant, a moment ago.
    Undone(DateTime<Utc>),
    /// What was asked no longer matters.
    Dropped,
    /// An order that is an edited message.
    Edited,
    /// An order on what nobody owes.
    Unknown(String),
    /// An order on several agencies at once.
    Many(String),
    /// Why something is decided, in these words, and nothing of this agency waits for a decision.
    Why(String, AgencyCode),
}

/// What the buttons on a case carry: the case, the last line of its ledger, the choice.
pub(super) fn token(case: ObligationId, stamp: i64, choice: Choice) -> String {
    format!("d{}.{stamp}.{}", case.0, choice.as_str())
}

fn parse_token(token: &str) -> Option<(ObligationId, i64, Choice)> {
    let (case, rest) = token.strip_prefix('d')?.split_once('.')?;
    let (stamp, choice) = rest.split_once('.')?;
    let case = ObligationId(case.parse().ok()?);
    Some((case, stamp.parse().ok()?, Choice::find(choice)?))
}

impl Desk {
    pub(super) async fn spoken(
        &self,
        tx: &mut Tx,
        bench: &Bench<'_>,
    ) -> Result<Option<Spoken>, AppError> {
        let (text, edited) = match &bench.received.inbound.content {
            Content::Button { token, .. } => {
                let tapped = parse_token(token);
                return Ok(tapped.map(|(case, stamp, choice)| {
                    Spoken::Turn(case, Some(stamp), Turn::Choose(choice))
                }));
            }
            Content::Text { text, edited, .. } => (text.as_str(), *edited),
            _ => return Ok(None),
        };
        let directories: Vec<_> = bench
            .docket
            .charges
            .iter()
            .map(|one| &one.directory)
            .collect();
        let today = bench.background.today;
        let (setup, reader) = (&self.setup, &self.setup.reader);
        let heard = hear(text, today, &setup.orders, reader, &directories);
        if edited {
            let decides = matches!(heard, Heard::Show | Heard::Order(_));
            return Ok(decides.then_some(Spoken::Edited));
        }
        let asked = bench.background.asked.as_ref();
        let inquiry = asked.and_then(|asked| asked.inquiry());
        let understood = match parse_command(text) {
            _ if heard == Heard::Show => return Ok(Some(Spoken::Show)),
            Ok(Command::Cancel) if inquiry.is_some() => return Ok(Some(Spoken::Dropped)),
            Ok(_) => return Ok(None),
            Err(sentence) => reader.understand_from(&sentence, today, &bench.background.writer),
        };
        if let Some(inquiry) = inquiry
            && let Wants::Choice(choices) = &inquiry.wants
            && let Some(number) = parse_number(text)
        {
            let chosen = choices.iter().find(|choice| choice.number() == number);
            return Ok(Some(match chosen {
                Some(choice) if !self.answers_another(tx, bench).await? => {
                    Spoken::Turn(inquiry.case, Some(inquiry.stamp), Turn::Choose(*choice))
                }
                _ => Spoken::Case(inquiry.case),
            }));
        }
        if let Heard::Why(agencies) = &heard
            && let Some(spoken) = Self::why(bench, agencies, text)
        {
            return Ok(Some(spoken));
        }
        if let Heard::Order(order) = heard
            && let Some(spoken) = self.ordered(tx, bench, inquiry, order, text).await?
        {
            return Ok(Some(spoken));
        }
        if understood.intent == Intent::Undo {
            let asks_words = inquiry.is_some_and(|one| !matches!(one.wants, Wants::Choice(_)));
            if asks_words && text.split_whitespace().count() <= MOST_WORDS {
                return Ok(Some(Spoken::Dropped));
            }
            if !asks_words {
                let last = self.last_decision(tx, bench, &understood.refs).await?;
                let is_plain = text.split_whitespace().count() <= MOST_WORDS;
                return Ok(last.map(|spoken| match spoken {
                    Spoken::Undo(last) if !is_plain => Spoken::Doubtful(last.obligation),
                    spoken => spoken,
                }));
            }
        }
        Ok(inquiry.and_then(|inquiry| {
            let is_report = reports_own(&understood, bench, inquiry);
            self.answered_in_words(inquiry, text, bench)
                .filter(|_| !is_report)
        }))
    }

    /// The case that words may be about which say why and not what: it is shown. Who is asked something answers that, and who
    /// has reported on a task of their own today may say more of it.
    fn why(bench: &Bench<'_>, agencies: &BTreeSet<AgencyCode>, text: &str) -> Option<Spoken> {
        let background = bench.background;
        let asked = background.asked.as_ref();
        let is_asked = asked.is_some_and(|asked| match (asked.report(), asked.inquiry()) {
            (Some(question), _) => question.kind != QuestionKind::Listed,
            (None, Some(inquiry)) => !matches!(inquiry.wants, Wants::Choice(_)),
            (None, None) => true,
        });
        let mut own = background.own_changes.iter();
        let is_said_of_own = is_asked || own.any(|change| change.on == background.today);
        let others = agencies
            .iter()
            .filter(|code| **code != bench.contact.agency);
        let code = others.into_iter().next().filter(|_| !is_said_of_own)?;
        let mut waiting = bench.docket.waiting.iter();
        let waits = waiting.find(|one| one.agency == *code);
        Some(waits.map_or_else(
            || Spoken::Why(text.trim().to_owned(), code.clone()),
            |one| Spoken::Case(one.id),
        ))
    }

    /// The day or the reason that was asked for.
    fn answered_in_words(
        &self,
        inquiry: &Inquiry,
        text: &str,
        bench: &Bench<'_>,
    ) -> Option<Spoken> {
        let (orders, reader) = (&self.setup.orders, &self.setup.reader);
        let read = || {
            let sentence = orders.as_wish(text);
            reader.understand(&sentence, bench.background.today).date
        };
        let turn = match &inquiry.wants {
            Wants::Choice(_) => return None,
            Wants::Day => Turn::Day(read()),
            // The second of two "3" is no reason; nor is the day until which more time is granted.
            Wants::Reason(_) if !orders.is_reason(text) => {
                let day = read().filter(|_| names_a_day(text));
                return Some(Spoken::Again(inquiry.case, inquiry.wants.clone(), day));
            }
            Wants::Reason(resolution) => Turn::Reason(*resolution, text.trim().to_owned()),
        };
        Some(Spoken::Turn(inquiry.case, Some(inquiry.stamp), turn))
    }

    /// The case that an order is about.
    async fn ordered(
        &self,
        tx: &mut Tx,
        bench: &Bench<'_>,
        inquiry: Option<&Inquiry>,
        order: Order,
        text: &str,
    ) -> Result<Option<Spoken>, AppError> {
        let waiting = &bench.docket.waiting;
        let own = &bench.contact.agency;
        if order.of_many && order.agencies.is_empty() && order.task.is_some() {
            return Ok(Some(Spoken::Many(text.trim().to_owned())));
        }
        // Whoever decides and names another agency speaks of that one: it is never a report of their own.
        let is_of_another = order.names_another(own);
        let agency = order.whose(own).cloned();
        let is_meant = |one: &Obligation| agency.as_ref().is_none_or(|code| one.agency == *code);
        let Some(called) = &order.task else {
            if let (Some(inquiry), None) = (inquiry, &agency) {
                return self.on_the_card(tx, bench, inquiry, order, text).await;
            }
            let first = waiting.iter().find(|one| is_meant(one));
            let first = first.filter(|_| order.plain || is_of_another);
            let shown = first.map(|first| Spoken::Case(first.id));
            return Ok(shown.or(is_of_another.then_some(Spoken::Show)));
        };
        let of_task = waiting.iter().filter(|one| is_called(one, called));
        let mut meant: Vec<Obligation> = of_task.filter(|one| is_meant(one)).cloned().collect();
        let Some(agency) = &agency else {
            return Ok(meant.first().map(|first| Spoken::Case(first.id)));
        };
        if meant.is_empty() && (order.plain || is_of_another) {
            meant = self.called(tx, &bench.docket, called, agency).await?;
            if meant.is_empty() && is_of_another {
                return Ok(Some(Spoken::Unknown(text.trim().to_owned())));
            }
            // Of several milestones, the one that was changed last is the one that is spoken of.
            meant.sort_by_key(|one| (one.done_on, std::cmp::Reverse(one.due_on)));
            meant = meant.pop().into_iter().collect();
        }
        Ok(match meant.as_slice() {
            [] => None,
            [only] => Some(Spoken::Turn(only.id, None, Turn::Say(order))),
            [first, ..] => Some(Spoken::Case(first.id)),
        })
    }

    /// "đồng ý", "không đồng ý vì …" to the case that is shown.
    async fn on_the_card(
        &self,
        tx: &mut Tx,
        bench: &Bench<'_>,
        inquiry: &Inquiry,
        order: Order,
        text: &str,
    ) -> Result<Option<Spoken>, AppError> {
        let asked = bench.background.asked.as_ref();
        let asked_on = asked.map(|asked| local(asked.asked_at).date());
        let turn = match &inquiry.wants {
            Wants::Day | Wants::Reason(_) if order.day.is_none() && order.reason.is_none() => {
                return Ok(self.answered_in_words(inquiry, text, bench));
            }
            Wants::Day => Turn::Day(order.day),
            // "không đồng ý", once more, says not why.
            Wants::Reason(resolution) => match order.reason {
                Some(reason) => Turn::Reason(*resolution, reason),
                None => return Ok(self.answered_in_words(inquiry, text, bench)),
            },
            // On a later day it may as well be the word that keeps Zalo open.
            Wants::Choice(_)
                if asked_on != Some(bench.background.today)
                    || self.answers_another(tx, bench).await? =>
            {
                return Ok(Some(Spoken::Case(inquiry.case)));
            }
            Wants::Choice(_) => Turn::Say(order),
        };
        Ok(Some(Spoken::Turn(inquiry.case, Some(inquiry.stamp), turn)))
    }

    /// Whether the message cannot be meant for the case that is shown: it is a reply to another message, or came before
    /// anybody could have read the card, as the second of two "1" does.
    async fn answers_another(&self, tx: &mut Tx, bench: &Bench<'_>) -> Result<bool, AppError> {
        let inbound = &bench.received.inbound;
        let asked = bench.background.asked.as_ref();
        let soon = |asked: &Asked| {
            bench.received.received_at < asked.asked_at + TimeDelta::seconds(READING_SECONDS)
        };
        if asked.is_some_and(soon) {
            return Ok(true);
        }
        let Content::Text {
            answers: Some(answers),
            ..
        } = &inbound.content
        else {
            return Ok(false);
        };
        let address = inbound.answer_to();
        let found = correspondence::find_answered(tx, inbound.channel, address, answers).await?;
        Ok(found.zip(asked).is_some_and(|(delivery, asked)| {
            let answered = InboxId::answered_by(&delivery.message.message_id);
            answered.is_none_or(|answered| asked.token != format!("q{answered}"))
        }))
    }

    /// The person's last decision, if nothing else was changed by the person since and `refs` name no other task.
    async fn last_decision(
        &self,
        tx: &mut Tx,
        bench: &Bench<'_>,
        refs: &[String],
    ) -> Result<Option<Spoken>, AppError> {
        let since = bench.now - TimeDelta::days(UNDO_DAYS + 1);
        let actor = Actor::Contact(bench.contact.id.clone());
        let own = events::list_of_actor(tx, &actor, since, 100).await?;
        if let Some(newest) = own.first() {
            let facts = Facts::of(newest);
            let at = facts.happened_at(newest.entry.at);
            if is_twice(at, bench.received.written_at()) {
                match (facts.revokes, facts.undoes) {
                    (Some(_), _) => return Ok(Some(Spoken::Undone(at))),
                    // The report that was taken back is told of as such.
                    (None, Some(_)) => return Ok(None),
                    (None, None) => {}
                }
            }
        }
        let revoked: Vec<i64> = own
            .iter()
            .filter_map(|event| Facts::of(event).revokes)
            .collect();
        let changed = bench.background.own_changes.first();
        let last = own
            .iter()
            .filter_map(Standing::of)
            .find(|one| !revoked.contains(&one.event))
            .filter(|one| changed.is_none_or(|changed| changed.event < one.event))
            .filter(|one| (local(bench.now).date() - local(one.at).date()).num_days() <= UNDO_DAYS);
        let Some(last) = last else { return Ok(None) };
        let case = self.case(tx, &bench.docket, last.obligation).await?;
        let names_it = case.is_some_and(|case| {
            refs.is_empty()
                || refs
                    .iter()
                    .any(|called| is_called(&case.obligation, called))
        });
        Ok(names_it.then_some(Spoken::Undo(last)))
    }
}

/// Whether it has a day and a month: "3" alone is the number of an answer.
fn names_a_day(text: &str) -> bool {
    let numbers = text.split(|c: char| !c.is_ascii_digit());
    numbers.filter(|digits| !digits.is_empty()).count() > 1
}

/// Whether it is surely a report of the person's own agency, on another task than the one that is asked about.
fn reports_own(understood: &Understanding, bench: &Bench<'_>, inquiry: &Inquiry) -> bool {
    let owed = &bench.background.owed;
    let is_own = |called: &String| {
        let named = owed.iter().find(|one| is_called(&one.obligation, called));
        named.is_some_and(|one| one.id() != inquiry.case)
    };
    understood.sure
        && understood.refs.iter().any(is_own)
        && !matches!(
            understood.intent,
            Intent::Unknown | Intent::Ack | Intent::Ask | Intent::Undo
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_and_fits_a_button() {
        let longest = token(ObligationId(i64::MAX), i64::MAX, Choice::OtherDay);
        assert!(longest.len() <= 64, "{longest}");
        assert_eq!(
            parse_token(&longest),
            Some((ObligationId(i64::MAX), i64::MAX, Choice::OtherDay))
        );
        for wrong in ["", "d", "d1", "d1.2", "d1.2.all", "q1.1", "dx.1.grant"] {
            assert_eq!(parse_token(wrong), None, "{wrong}");
        }
    }
}
