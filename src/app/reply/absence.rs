//! Somebody says in a chat that they will be away, or are back: asked back, then noted.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::desk::{AnswerText, Desk, Outcome, done};
use super::situation::Background;
use super::talk::QUESTION_HOURS;
use crate::app::AppError;
use crate::app::absence::{AbsenceError, Gap, Noted, Told, come_back, instead_of, leave};
use crate::app::compose::{capacity, reader};
use crate::app::people::People;
use crate::clock::local;
use crate::domain::absence::{Absence, Heard, hear, latest_end};
use crate::domain::decide::parse_number;
use crate::domain::decide::{Command, parse_command};
use crate::domain::delivery::Choice;
use crate::domain::directory::Contact;
use crate::domain::ids::ContactId;
use crate::domain::inbound::{Content, Place};
use crate::domain::reply::Intent;
use crate::messages::{AbsenceContext, AbsenceGap, AbsenceKind, AbsenceOption};
use crate::store::deliveries::DeliveryKind;
use crate::store::events::Actor;
use crate::store::inbox::Received;
use crate::store::questions::{self, Asked, Matter, StandInQuestion};
use crate::store::{Tx, absences};

/// How many colleagues are offered.
const MOST: usize = 6;

/// What is answered, as facts.
struct Reply {
    kind: AbsenceKind,
    days: Option<(NaiveDate, NaiveDate)>,
    options: Vec<(AbsenceOption, Option<ContactId>)>,
    others: Vec<String>,
    replaced: Vec<(NaiveDate, NaiveDate)>,
    gaps: Vec<AbsenceGap>,
}

impl Reply {
    fn of(kind: AbsenceKind) -> Self {
        Self {
            kind,
            days: None,
            options: Vec::new(),
            others: Vec::new(),
            replaced: Vec::new(),
            gaps: Vec::new(),
        }
    }
}

impl Desk {
    /// What became of a message about an absence; `None` for any other.
    pub(super) async fn hear_of_absence(
        &self,
        tx: &mut Tx,
        received: &Received,
        contact: &Contact,
        background: &Background,
        now: DateTime<Utc>,
    ) -> Result<Option<Outcome>, AppError> {
        if received.inbound.place != Place::Private {
            return Ok(None);
        }
        let asked = background.asked.as_ref();
        let question = asked.and_then(|asked| match &asked.matter {
            Matter::Absence(question) => Some((asked, question)),
            Matter::Report(_) | Matter::Docket(_) => None,
        });
        let told = Told {
            actor: Actor::Contact(contact.id.clone()),
            source: Some(received.id.source()),
            today: local(now).date(),
            now,
        };
        let (number, heard) = match &received.inbound.content {
            Content::Button { token, .. } => {
                let of_it = |(asked, _): &(&Asked, _)| {
                    let (question, number) = token.rsplit_once('.')?;
                    (question == asked.token).then(|| number.parse().ok())?
                };
                (question.as_ref().and_then(of_it), Heard::Nothing)
            }
            Content::Text {
                text,
                edited: false,
                ..
            } => {
                let setup = &self.setup;
                if question.is_some() && parse_command(text) == Ok(Command::Cancel) {
                    let reply = Reply::of(AbsenceKind::Dropped);
                    self.answer_absence(tx, received, contact, reply, told.today, now)
                        .await?;
                    return Ok(Some(done("dropped an absence")));
                }
                let heard = hear(text, background.today, &setup.absences, &setup.reader);
                (question.as_ref().and_then(|_| parse_number(text)), heard)
            }
            _ => return Ok(None),
        };
        let (reply, outcome) = match (number, question, heard) {
            (Some(number), Some((_, question)), _) => {
                self.note_stand_in(tx, contact, question, number, &told)
                    .await?
            }
            (_, _, Heard::Away(Some((from, to)))) => {
                if to < from || to < told.today {
                    (
                        Reply::of(AbsenceKind::BadDays),
                        "days of an absence that make no sense",
                    )
                } else if to > latest_end(from, told.today) {
                    let reply = Reply {
                        days: Some((from, latest_end(from, told.today))),
                        ..Reply::of(AbsenceKind::TooLong)
                    };
                    (reply, "an absence that ends too far ahead")
                } else {
                    let reply = self.ask_stand_in(tx, contact, (from, to)).await?;
                    (reply, "asked who stands in")
                }
            }
            (_, _, Heard::Somebody) => (Reply::of(AbsenceKind::Whose), "asked who is away"),
            (_, _, Heard::Away(None)) => (Reply::of(AbsenceKind::How), "told how to be away"),
            // What is to come is ended by the command alone.
            (_, _, Heard::Back) if is_only_to_come(tx, contact, received, told.today).await? => {
                (Reply::of(AbsenceKind::How), "told how to be back")
            }
            (_, _, Heard::Back) => {
                let was_away = come_back(tx, &self.setup, &contact.id, &told).await?;
                let kind = if was_away {
                    AbsenceKind::Back
                } else {
                    AbsenceKind::NotAway
                };
                (Reply::of(kind), "back")
            }
            (_, Some((_, question)), Heard::Nothing) if self.only_agrees(received, background) => {
                let days = (question.from, question.to);
                let reply = self.ask_stand_in(tx, contact, days).await?;
                (reply, "asked again who stands in")
            }
            (_, _, Heard::Nothing) => return Ok(None),
        };
        self.answer_absence(tx, received, contact, reply, told.today, now)
            .await?;
        Ok(Some(done(outcome)))
    }

    /// "Đồng ý", "có", "vâng em": no answer to the question who stands in, and none to anything else.
    fn only_agrees(&self, received: &Received, background: &Background) -> bool {
        let Content::Text { text, .. } = &received.inbound.content else {
            return false;
        };
        let understood = self.setup.reader.understand(text, background.today);
        understood.refs.is_empty() && matches!(understood.intent, Intent::Ack | Intent::Unknown)
    }

    async fn ask_stand_in(
        &self,
        tx: &mut Tx,
        contact: &Contact,
        days: (NaiveDate, NaiveDate),
    ) -> Result<Reply, AppError> {
        let agency = std::slice::from_ref(&contact.agency);
        let people = People::of(tx, agency, days.0).await?;
        let colleagues = people
            .of_agency(&contact.agency)
            .filter(|one| one.id != contact.id);
        let option = |kind: &str, title: &str| AbsenceOption {
            kind: kind.to_owned(),
            title: title.to_owned(),
        };
        let mut options: Vec<(AbsenceOption, Option<ContactId>)> = colleagues
            .take(MOST)
            .map(|one| (option("deputy", &one.title), Some(one.id.clone())))
            .collect();
        options.push((option("others", ""), None));
        Ok(Reply {
            days: Some(days),
            options,
            ..Reply::of(AbsenceKind::Asks)
        })
    }

    async fn note_stand_in(
        &self,
        tx: &mut Tx,
        contact: &Contact,
        question: &StandInQuestion,
        number: usize,
        told: &Told,
    ) -> Result<(Reply, &'static str), AppError> {
        let deputies = &question.deputies;
        let days = (question.from, question.to);
        let Some(deputy) = number.checked_sub(1).and_then(|at| deputies.get(at)) else {
            if number == deputies.len() + 1 {
                return Ok((Reply::of(AbsenceKind::Dropped), "dropped an absence"));
            }
            let reply = self.ask_stand_in(tx, contact, days).await?;
            return Ok((reply, "asked again who stands in"));
        };
        let absence = Absence {
            contact: contact.id.clone(),
            from: days.0,
            to: days.1,
            deputy: deputy.clone(),
        };
        let noted = match leave(tx, &self.setup, &self.origin, &absence, told).await {
            Ok(noted) => noted,
            Err(AbsenceError::Store(error)) => return Err(error.into()),
            // The day has passed, or the deputy was removed, since it was asked.
            Err(_) => {
                return Ok((
                    Reply::of(AbsenceKind::BadDays),
                    "an absence that makes no sense",
                ));
            }
        };
        let Noted { replaced, gaps, .. } = noted;
        let others = instead_of(tx, &self.setup, &self.origin, contact, days.0).await?;
        let reply = Reply {
            days: Some(days),
            others: titles(&others),
            replaced: replaced.iter().map(|one| (one.from, one.to)).collect(),
            gaps: gaps.iter().map(|one| as_told(one, contact)).collect(),
            ..Reply::of(AbsenceKind::Recorded)
        };
        Ok((reply, "noted an absence"))
    }

    async fn answer_absence(
        &self,
        tx: &mut Tx,
        received: &Received,
        contact: &Contact,
        reply: Reply,
        today: NaiveDate,
        now: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let channel = received.inbound.channel;
        let charge = self.setup.of_agency(&contact.agency);
        let (mut options, deputies): (Vec<AbsenceOption>, Vec<Option<ContactId>>) =
            reply.options.into_iter().unzip();
        let token = format!("q{}", received.id);
        match reply.days {
            Some((from, to)) if reply.kind == AbsenceKind::Asks => {
                options.push(AbsenceOption {
                    kind: "drop".to_owned(),
                    title: String::new(),
                });
                let asked = Asked {
                    token: token.clone(),
                    matter: Matter::Absence(StandInQuestion { from, to, deputies }),
                    asked_at: now,
                };
                let until = now + TimeDelta::hours(QUESTION_HOURS);
                questions::ask(tx, &contact.id, channel, &asked, until).await?;
            }
            _ => questions::forget(tx, &contact.id, channel).await?,
        }
        let context = AbsenceContext {
            today,
            reader: reader(contact, capacity(contact), charge),
            monitor: charge
                .map(|charge| charge.agency_name(&charge.plan.monitor))
                .unwrap_or_default(),
            kind: reply.kind,
            from: reply.days.map(|days| days.0),
            to: reply.days.map(|days| days.1),
            options,
            others: reply.others,
            replaced: reply.replaced,
            gaps: reply.gaps,
        };
        let rendered = self.setup.messages.render_absence(&context, channel);
        let (rendered, labels) = rendered.map_err(|source| AppError::Answer {
            source: Box::new(source),
        })?;
        let choices = labels.into_iter().zip(1..).map(|(label, number)| Choice {
            label,
            token: format!("{token}.{number}"),
        });
        let answer = AnswerText {
            subject: rendered.subject.unwrap_or_default(),
            text: rendered.text,
            choices: choices.collect(),
            kind: DeliveryKind::Receipt,
        };
        self.answer(tx, received, Some(&contact.id), answer, now)
            .await
    }
}

/// Whether somebody who says so in words of their own is not away on `day`, and will be.
async fn is_only_to_come(
    tx: &mut Tx,
    contact: &Contact,
    received: &Received,
    day: NaiveDate,
) -> Result<bool, AppError> {
    let Content::Text { text, .. } = &received.inbound.content else {
        return Ok(false);
    };
    if text.trim_start().starts_with('/') {
        return Ok(false);
    }
    let known = absences::list(tx, day).await?;
    let mut own = known
        .iter()
        .filter(|one| one.contact == contact.id)
        .peekable();
    Ok(own.peek().is_some() && own.all(|one| !one.covers(day)))
}

fn titles(contacts: &[Contact]) -> Vec<String> {
    contacts.iter().map(|one| one.title.clone()).collect()
}

/// Some days without the deputy, as `reader` is told of them: whose own absence it is, or for whom they were to stand in.
fn as_told(gap: &Gap, reader: &Contact) -> AbsenceGap {
    let is_own = gap.contact.id == reader.id;
    let other = if is_own { &gap.deputy } else { &gap.contact };
    AbsenceGap {
        is_own,
        title: other.title.clone(),
        from: gap.from,
        to: gap.to,
        others: titles(&gap.hearers),
    }
}
