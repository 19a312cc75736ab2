//! Whoever decides does so in a chat: what they write or tap -> a case, a decision, the next case.

mod answer;
mod load;
mod reply;
mod spoken;
mod words;

use chrono::{DateTime, Utc};

use super::desk::{Desk, Outcome, done};
use super::situation::Background;
use crate::app::AppError;
use crate::app::compose::decider_of;
use crate::app::resolve::{Office, Ruling, Standing, settle_in, take_back_in};
use crate::clock::local;
use crate::domain::directory::Contact;
use crate::domain::docket::{Case, Heard, Step, Turn, Wants, follow, hear, who_decides};
use crate::domain::ids::ObligationId;
use crate::domain::inbound::{Content, Place};
use crate::domain::obligation::Pending;
use crate::domain::resolution::{REVOKED, Unfit};
use crate::messages::DocketNote;
use crate::store::Tx;
use crate::store::events::Actor;
use crate::store::inbox::Received;
use load::Docket;
use reply::{Reply, Shown};
use spoken::Spoken;

/// Who decides, by which message, on what.
pub(super) struct Bench<'a> {
    received: &'a Received,
    contact: &'a Contact,
    background: &'a Background,
    docket: Docket<'a>,
    now: DateTime<Utc>,
}

impl Desk {
    /// What became of a message by which somebody decides, or asks what waits; `None` for any other.
    pub(super) async fn hear_decision(
        &self,
        tx: &mut Tx,
        received: &Received,
        contact: &Contact,
        background: &Background,
        now: DateTime<Utc>,
    ) -> Result<Option<Outcome>, AppError> {
        let docket = self.docket(tx, contact, local(now).date()).await?;
        let bench = Bench {
            received,
            contact,
            background,
            docket,
            now,
        };
        if bench.docket.charges.is_empty() {
            return self.refuse_order(tx, &bench).await;
        }
        let Some(spoken) = self.spoken(tx, &bench).await? else {
            return Ok(None);
        };
        if received.inbound.place != Place::Private {
            let reply = Reply::noted(DocketNote::Private);
            self.answer_decider(tx, &bench, reply).await?;
            return Ok(Some(done("a decision in a group: refused")));
        }
        let (reply, outcome) = match spoken {
            Spoken::Show => (Self::first(&bench), "shown what waits".to_owned()),
            Spoken::Case(id) => (Reply::shows(id), format!("shown obligation {id}")),
            Spoken::Again(case, wants, day) => {
                let wants = Some(wants);
                let reply = Reply {
                    card: Some(Shown { case, wants }),
                    unclear: true,
                    day,
                    ..Reply::default()
                };
                (reply, format!("asked again about obligation {case}"))
            }
            Spoken::Edited => {
                let outcome = "an edited message decides nothing".to_owned();
                (Reply::noted(DocketNote::Edit), outcome)
            }
            Spoken::Doubtful(id) => {
                let outcome = format!("perhaps takes back the decision on obligation {id}");
                match self.case(tx, &bench.docket, id).await? {
                    Some(case) => (Reply::doubtful(&case), outcome),
                    None => (Reply::nothing_to_revoke(), outcome),
                }
            }
            Spoken::Undone(at) => {
                let outcome = "taken back a moment ago".to_owned();
                (Reply::just_revoked(at), outcome)
            }
            Spoken::Dropped => {
                let outcome = "dropped what was asked".to_owned();
                (Reply::noted(DocketNote::Dropped), outcome)
            }
            Spoken::Unknown(named) => (Reply::unknown(named), "names nothing owed".to_owned()),
            Spoken::Why(named, code) => {
                let charge = bench.docket.charges.first();
                let agency = charge.map(|charge| charge.agency_name(&code));
                let outcome = format!("a reason alone, and nothing of {code} waits");
                (
                    Reply::of_nothing(named, agency.unwrap_or_default()),
                    outcome,
                )
            }
            Spoken::Many(named) => (Reply::of_many(named), "names several agencies".to_owned()),
            Spoken::Undo(standing) => self.undo(tx, &bench, &standing).await?,
            Spoken::Turn(id, stamp, turn) => {
                let Some(case) = self.case(tx, &bench.docket, id).await? else {
                    return Ok(None);
                };
                self.turn(tx, &bench, &case, stamp, turn).await?
            }
        };
        self.answer_decider(tx, &bench, reply).await?;
        Ok(Some(done(outcome)))
    }

    /// Who decides nothing and says what is decided on another agency's task, or grants their own what it asks for, is told who
    /// does: it is no report of theirs.
    async fn refuse_order(
        &self,
        tx: &mut Tx,
        bench: &Bench<'_>,
    ) -> Result<Option<Outcome>, AppError> {
        let Content::Text { text, .. } = &bench.received.inbound.content else {
            return Ok(None);
        };
        let charges = &self.setup.charges;
        let directories: Vec<_> = charges.iter().map(|one| &one.directory).collect();
        let (orders, reader) = (&self.setup.orders, &self.setup.reader);
        let heard = hear(text, bench.background.today, orders, reader, &directories);
        let own = &bench.contact.agency;
        let is_not_theirs = match &heard {
            Heard::Order(order) => order.decides_for_another(own) || order.grants_itself(own),
            Heard::Show | Heard::Why(_) | Heard::Nothing => false,
        };
        let Some(charge) = self.setup.of_agency(own).filter(|_| is_not_theirs) else {
            return Ok(None);
        };
        let Heard::Order(order) = &heard else {
            return Ok(None);
        };
        let owing = order.whose(own).unwrap_or(own);
        let deciders = who_decides(&charge.plan, order.verb.settles(), owing);
        let reply = Reply::not_yours(text, decider_of(charge, &deciders));
        self.answer_decider(tx, bench, reply).await?;
        Ok(Some(done("a decision of others: refused")))
    }

    /// Who decides a case is told so, where it is somebody else.
    fn not_theirs(&self, case: &Case, on: Pending) -> Reply {
        let one = &case.obligation;
        let Some(charge) = self.setup.find(&one.plan) else {
            return Reply::stands(case);
        };
        let deciders = who_decides(&charge.plan, on, &one.agency);
        Reply::not_theirs(case, decider_of(charge, &deciders))
    }

    fn first(bench: &Bench<'_>) -> Reply {
        match bench.docket.waiting.first() {
            Some(first) => Reply::shows(first.id),
            None => Reply::noted(DocketNote::NothingWaits),
        }
    }

    async fn turn(
        &self,
        tx: &mut Tx,
        bench: &Bench<'_>,
        case: &Case,
        stamp: Option<i64>,
        turn: Turn,
    ) -> Result<(Reply, String), AppError> {
        let id = case.obligation.id;
        let others = turn
            .settles(case)
            .filter(|on| !bench.docket.may_decide(&case.obligation, *on));
        if let Some(on) = others {
            let outcome = format!("obligation {id}: somebody else decides");
            return Ok((self.not_theirs(case, on), outcome));
        }
        let asks = |wants| Reply {
            card: Some(Shown {
                case: id,
                wants: Some(wants),
            }),
            ..Reply::default()
        };
        Ok(match follow(case, stamp, turn) {
            Step::Resolve(resolution, reason) => {
                let ruling = Ruling {
                    resolution,
                    reason,
                    document: None,
                };
                return self.resolve(tx, bench, case, &ruling).await;
            }
            Step::Ask(wants) => (asks(wants), format!("asked about obligation {id}")),
            Step::AskDayAgain => {
                let again = Reply {
                    unclear: true,
                    ..asks(Wants::Day)
                };
                (again, format!("asked again about obligation {id}"))
            }
            Step::Stale => {
                let outcome = format!("obligation {id} stands otherwise by now");
                (Reply::stands(case), outcome)
            }
            Step::Show => {
                let reply = if case.waits() {
                    Reply::shows(id)
                } else {
                    Reply::unclear(case)
                };
                (reply, format!("shown obligation {id}"))
            }
            Step::Next => {
                let reply = Reply {
                    card: bench.docket.after(id),
                    ends: true,
                    ..Reply::default()
                };
                (reply, format!("left obligation {id} for later"))
            }
        })
    }

    async fn resolve(
        &self,
        tx: &mut Tx,
        bench: &Bench<'_>,
        case: &Case,
        ruling: &Ruling,
    ) -> Result<(Reply, String), AppError> {
        let id = case.obligation.id;
        let Some(charge) = self.setup.find(&case.obligation.plan) else {
            return Ok((Reply::stands(case), format!("obligation {id} has no plan")));
        };
        let office = self.office(bench);
        match settle_in(tx, &office, charge, id, ruling).await {
            Ok(settled) => {
                let word = ruling.resolution.as_str();
                let reply = Reply {
                    card: bench.docket.after(id),
                    ends: true,
                    ..Reply::recorded(settled, word, "", ruling.reason.as_deref())
                };
                Ok((reply, format!("{word} of obligation {id}")))
            }
            Err(AppError::Unfit { why, .. }) => {
                let outcome = format!("obligation {id}: {why}");
                Ok((Reply::refused(case, why), outcome))
            }
            Err(error) => Err(error),
        }
    }

    async fn undo(
        &self,
        tx: &mut Tx,
        bench: &Bench<'_>,
        standing: &Standing,
    ) -> Result<(Reply, String), AppError> {
        let id = standing.obligation;
        let Some(case) = self.case(tx, &bench.docket, id).await? else {
            return Ok((
                Reply::nothing_to_revoke(),
                "nothing to take back".to_owned(),
            ));
        };
        let Some(charge) = self.setup.find(&case.obligation.plan) else {
            return Ok((
                Reply::nothing_to_revoke(),
                "nothing to take back".to_owned(),
            ));
        };
        let on = standing.settles();
        if !bench.docket.may_decide(&case.obligation, on) {
            let outcome = format!("obligation {id}: somebody else decides by now");
            return Ok((self.not_theirs(&case, on), outcome));
        }
        match take_back_in(tx, &self.office(bench), charge, standing, None).await {
            Ok(settled) => {
                let waits = settled.after.pending.is_some();
                let reply = Reply {
                    card: waits.then(|| Shown::of(id)),
                    ..Reply::recorded(settled, REVOKED, &standing.kind, None)
                };
                Ok((reply, format!("{REVOKED} of obligation {id}")))
            }
            Err(AppError::Unfit { .. }) => {
                let reply = Reply::refused(&case, Unfit::ChangedSince);
                Ok((reply, format!("obligation {id} has changed since")))
            }
            Err(error) => Err(error),
        }
    }

    fn office(&self, bench: &Bench<'_>) -> Office<'_> {
        Office {
            setup: &self.setup,
            origin: &self.origin,
            actor: Actor::Contact(bench.contact.id.clone()),
            source: Some(bench.received.id.source()),
            today: local(bench.now).date(),
            now: bench.now,
        }
    }
}

impl Shown {
    fn of(case: ObligationId) -> Self {
        Self { case, wants: None }
    }
}
