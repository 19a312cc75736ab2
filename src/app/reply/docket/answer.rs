//! What one of those reads who decide: what was decided, what cannot be, the case that is shown.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::Bench;
use super::load::Docket;
use super::reply::{Recorded, Reply, Shown};
use super::spoken::token;
use super::words::Words;
use crate::app::AppError;
use crate::app::compose::{capacity, decider_of, reader};
use crate::app::ledger::amended_by;
use crate::app::reply::desk::{AnswerText, Desk};
use crate::app::reply::talk::QUESTION_HOURS;
use crate::app::resolve::{Standing, item};
use crate::clock::local;
use crate::domain::delivery::Choice as Button;
use crate::domain::docket::{Case, Inquiry, Wants, who_decides};
use crate::domain::ids::ContactId;
use crate::domain::obligation::{Obligation, Pending};
use crate::messages::{
    Decider, DocketCard, DocketChoice, DocketContext, DocketElsewhere, DocketNote, DocketRecord,
    DocketRefusal, DocketStand, ReceiptItem,
};
use crate::store::deliveries::DeliveryKind;
use crate::store::events::{self, Actor};
use crate::store::questions::{self, Asked, Matter};
use crate::store::{Tx, contacts};

impl Desk {
    /// Answers, and keeps what is asked.
    pub(super) async fn answer_decider(
        &self,
        tx: &mut Tx,
        bench: &Bench<'_>,
        reply: Reply,
    ) -> Result<(), AppError> {
        let (contact, channel) = (bench.contact, bench.received.inbound.channel);
        let mut docket = Docket {
            waiting: Vec::new(),
            elsewhere: Vec::new(),
            charges: bench.docket.charges.clone(),
            ..bench.docket
        };
        self.reload(tx, &mut docket).await?;
        let decided = reply.recorded.is_some();
        // An old button or an edit leaves the case that is shown where it is.
        let ended = [
            DocketNote::End,
            DocketNote::Dropped,
            DocketNote::NothingWaits,
        ];
        let (context, inquiry) = self.context_of(tx, bench, &docket, reply).await?;
        let buttons: Vec<String> = match &inquiry {
            Some(Inquiry {
                case,
                stamp,
                wants: Wants::Choice(choices),
            }) => choices
                .iter()
                .map(|one| token(*case, *stamp, *one))
                .collect(),
            _ => Vec::new(),
        };
        let forgets = decided || context.note.is_some_and(|note| ended.contains(&note));
        match inquiry {
            Some(inquiry) => {
                let asked = Asked {
                    token: format!("q{}", bench.received.id),
                    matter: Matter::Docket(inquiry),
                    asked_at: bench.now,
                };
                let until = bench.now + TimeDelta::hours(QUESTION_HOURS);
                questions::ask(tx, &contact.id, channel, &asked, until).await?;
            }
            None if forgets => questions::forget(tx, &contact.id, channel).await?,
            None => {}
        }
        let rendered = self.setup.messages.render_docket(&context, channel);
        let (rendered, labels) = rendered.map_err(|source| AppError::Answer {
            source: Box::new(source),
        })?;
        let choices = labels.into_iter().zip(buttons);
        let answer = AnswerText {
            subject: rendered.subject.unwrap_or_default(),
            text: rendered.text,
            choices: choices
                .map(|(label, token)| Button { label, token })
                .collect(),
            kind: DeliveryKind::Receipt,
        };
        let to = Some(&contact.id);
        if decided {
            self.answer_always(tx, bench.received, to, answer, bench.now)
                .await
        } else {
            self.answer(tx, bench.received, to, answer, bench.now).await
        }
    }

    /// What is said, and what is asked with it.
    async fn context_of(
        &self,
        tx: &mut Tx,
        bench: &Bench<'_>,
        docket: &Docket<'_>,
        reply: Reply,
    ) -> Result<(DocketContext, Option<Inquiry>), AppError> {
        let contact = bench.contact;
        let (reply, shown) = self.shown(tx, docket, reply).await?;
        let charge = docket.charges.first().copied();
        let charge = charge.or_else(|| self.setup.of_agency(&contact.agency));
        let refused = reply.refused.map(|(one, refusal)| match one {
            Some(one) => {
                let (item, agency) = self.named(&one);
                DocketRefusal {
                    item,
                    agency,
                    ..refusal
                }
            }
            None => refusal,
        });
        let mut context = DocketContext {
            today: docket.today,
            reader: reader(contact, capacity(contact), charge),
            monitor: charge
                .map(|charge| charge.agency_name(&contact.agency))
                .unwrap_or_default(),
            recorded: None,
            refused,
            stands: None,
            card: None,
            wants: String::new(),
            unclear: reply.unclear,
            day: reply.day,
            choices: Vec::new(),
            later: docket.waiting.len(),
            note: reply.note,
            elsewhere: Vec::new(),
            revoked_at: reply.revoked_at,
        };
        if context.note == Some(DocketNote::NothingWaits) {
            context.elsewhere = self.elsewhere(docket);
        }
        if let Some(recorded) = reply.recorded {
            context.recorded = Some(self.decided(tx, recorded).await?);
        }
        if let Some(one) = reply.stands {
            context.stands = Some(self.stand(tx, &one).await?);
        }
        let mut inquiry = None;
        if let Some((case, wants)) = shown {
            inquiry = Some(self.show(tx, docket, &case, wants, &mut context).await?);
        } else if reply.ends {
            context.note = Some(DocketNote::End);
        }
        Ok((context, inquiry))
    }

    /// The case that is shown, if its decision is the reader's; whose it is otherwise.
    async fn shown(
        &self,
        tx: &mut Tx,
        docket: &Docket<'_>,
        mut reply: Reply,
    ) -> Result<(Reply, Option<(Case, Option<Wants>)>), AppError> {
        let Some(Shown { case, wants }) = reply.card.take() else {
            return Ok((reply, None));
        };
        let Some(case) = self.case(tx, docket, case).await? else {
            return Ok((reply, None));
        };
        let waits = case.obligation.pending.filter(|_| case.waits());
        let others = waits.filter(|on| !docket.may_decide(&case.obligation, *on));
        if let Some(on) = others {
            let told = self.not_theirs(&case, on);
            reply.refused = reply.refused.or(told.refused);
            return Ok((reply, None));
        }
        Ok((reply, Some((case, wants))))
    }

    /// What waits for others under the plans of who reads it.
    fn elsewhere(&self, docket: &Docket<'_>) -> Vec<DocketElsewhere> {
        let mut counts: BTreeMap<Decider, usize> = BTreeMap::new();
        for one in &docket.elsewhere {
            if let Some((charge, on)) = self.setup.find(&one.plan).zip(one.pending) {
                let deciders = who_decides(&charge.plan, on, &one.agency);
                *counts.entry(decider_of(charge, &deciders)).or_default() += 1;
            }
        }
        let counts = counts.into_iter();
        counts
            .map(|(decides, count)| DocketElsewhere { count, decides })
            .collect()
    }

    /// What is asked about a case, with its card.
    async fn show(
        &self,
        tx: &mut Tx,
        docket: &Docket<'_>,
        case: &Case,
        wants: Option<Wants>,
        context: &mut DocketContext,
    ) -> Result<Inquiry, AppError> {
        let one = &case.obligation;
        let (mut item, agency) = self.named(one);
        let ledger = events::list_of_obligation(tx, one.id).await?;
        let acceptance = one.pending == Some(Pending::Acceptance);
        let words = Words::of(&ledger);
        // Of a completion that is recorded, and waits for nothing, the reason of its return may be wanted.
        let about = match &wants {
            Some(Wants::Reason(resolution)) => resolution.settles(),
            _ if acceptance => Pending::Acceptance,
            _ => Pending::Extension,
        };
        let asks = if about == Pending::Acceptance {
            "acceptance"
        } else {
            "extension"
        };
        let on = if acceptance {
            case.past.claimed_on
        } else {
            case.past.asked_until
        };
        // Whoever decides has to know that it is late, and that the wish is what it waits for.
        item.standing = one.standing(docket.today, on);
        let at = docket.waiting.iter().position(|other| other.id == one.id);
        context.card = Some(DocketCard {
            item,
            agency,
            asks: asks.to_owned(),
            on,
            document: words.document,
            by: self.title(tx, words.by.as_ref()).await?,
            said_on: words.on,
            quote: words.quote,
            extended: case.past.extended,
            original: one.original_due_on,
            most: case.policy.most.filter(|_| !acceptance),
            latest: case.policy.latest.filter(|_| !acceptance),
            at: at.map_or(1, |at| at + 1),
            of: docket.waiting.len(),
        });
        let choices = case.choices(docket.today, &self.setup.calendar);
        let wants = wants.unwrap_or(Wants::Choice(choices));
        match &wants {
            Wants::Choice(choices) => {
                "choice".clone_into(&mut context.wants);
                let choices = choices.iter().map(|choice| DocketChoice {
                    number: choice.number(),
                    kind: choice.as_str().to_owned(),
                    asks: asks.to_owned(),
                    on,
                });
                context.choices = choices.collect();
            }
            Wants::Day => "day".clone_into(&mut context.wants),
            Wants::Reason(_) => "reason".clone_into(&mut context.wants),
        }
        Ok(Inquiry {
            case: one.id,
            stamp: case.stamp,
            wants,
        })
    }

    async fn decided(&self, tx: &mut Tx, recorded: Recorded) -> Result<DocketRecord, AppError> {
        let Recorded {
            settled,
            kind,
            revoked,
            reason,
        } = recorded;
        let (item, agency) = self.named(&settled.after);
        let mut told = Vec::new();
        for id in &settled.told {
            told.push(self.title(tx, Some(id)).await?);
        }
        Ok(DocketRecord {
            item,
            agency,
            kind,
            revoked,
            was_due_on: settled.before.due_on,
            done_on: settled.after.done_on,
            reason,
            told,
        })
    }

    async fn stand(&self, tx: &mut Tx, one: &Obligation) -> Result<DocketStand, AppError> {
        let (item, agency) = self.named(one);
        let ledger = events::list_of_obligation(tx, one.id).await?;
        // A decision that something else was said after explains nothing.
        let last = Standing::last(&ledger)
            .filter(|last| ledger.last().is_some_and(|event| event.id == last.event));
        let text = |field: &str| {
            let said = ledger
                .last()
                .and_then(|one| one.entry.payload[field].as_str());
            said.unwrap_or_default().to_owned()
        };
        let Some(last) = last else {
            let amended = ledger.last().filter(|event| amended_by(event).is_some());
            let Some(event) = amended else {
                return Ok(DocketStand {
                    item,
                    agency,
                    ..DocketStand::default()
                });
            };
            return Ok(DocketStand {
                item,
                agency,
                kind: "amended".to_owned(),
                on: Some(local(event.entry.at).date()),
                document: text("document"),
                ..DocketStand::default()
            });
        };
        let by = match &last.actor {
            Actor::Contact(id) => self.title(tx, Some(id)).await?,
            _ => self
                .setup
                .find(&one.plan)
                .map(|charge| {
                    let deciders = who_decides(&charge.plan, last.settles(), &one.agency);
                    charge.agency_name(deciders.agency)
                })
                .unwrap_or_default(),
        };
        Ok(DocketStand {
            item,
            agency,
            kind: last.kind,
            by,
            on: Some(local(last.at).date()),
            reason: text("reason"),
            document: text("document"),
        })
    }

    /// An obligation as messages name it, and whose it is.
    fn named(&self, one: &Obligation) -> (ReceiptItem, String) {
        match self.setup.find(&one.plan) {
            Some(charge) => (item(charge, one, None), charge.agency_name(&one.agency)),
            None => (ReceiptItem::default(), one.agency.to_string()),
        }
    }

    async fn title(&self, tx: &mut Tx, id: Option<&ContactId>) -> Result<String, AppError> {
        let Some(id) = id else {
            return Ok(String::new());
        };
        let found = contacts::find(tx, id).await?;
        Ok(found.map(|one| one.contact.title).unwrap_or_default())
    }
}
