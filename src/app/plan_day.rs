//! One working day -> the briefs of everybody, in the outbox.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};

use super::AppError;
use super::amended::amended_days;
use super::caught::worded;
use super::compose::{Background, compose, hears_of_reminders, standing_in};
use super::ended;
use super::hearing::stand_ins;
use super::ladders::{Ladders, next_rungs};
use super::message::message;
use super::park;
use super::requests::{requests, waiting, wished_until};
use super::setup::Setup;
use super::spread::spread;
use super::untold::unreached;
use super::windows::{Windows, as_told};
use super::writing::prepare;
use crate::clock::instant;
use crate::domain::brief::{Brief, Item, Telling, told_again};
use crate::domain::delivery::Channel;
use crate::domain::directory::Contact;
use crate::domain::ids::{ContactId, ObligationId};
use crate::domain::obligation::{Obligation, State};
use crate::domain::reach::{Reach, Unreachable};
use crate::messages::{BriefContext, Limit, RenderError, Rendered};
use crate::store::briefs::{self, BriefItem, NewBrief, Route};
use crate::store::deliveries::NewDelivery;
use crate::store::statements;
use crate::store::{Db, Tx, announcements, contacts, obligations, outbox, watermarks};

/// What planning a day did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlannedDay {
    /// Briefs that went into the outbox.
    pub briefs: usize,
    /// Briefs that reach nobody, because the person has no address that works.
    pub unreachable: usize,
    /// Briefs that wait because their words cannot be made.
    pub parked: usize,
    /// People who had their brief of the day already.
    pub already_planned: usize,
    /// Briefs of earlier days that never left and are told anew today.
    pub superseded: u64,
}

/// Where messages of this installation come from, and how they leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The right-hand side of Message-IDs.
    pub domain: String,
    /// The channels that messages can leave by.
    pub channels: BTreeSet<Channel>,
}

/// A brief with everything that sending it needs.
#[derive(Clone, Debug)]
pub struct Drafted {
    /// The brief.
    pub brief: Brief,
    /// For whom.
    pub contact: Contact,
    /// How it reaches the contact, or why it does not.
    pub reach: Result<Reach, Unreachable>,
    /// The words, or why there are none.
    pub rendered: Result<Rendered, RenderError>,
}

/// The briefs of a day.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Those that people get.
    pub drafted: Vec<Drafted>,
    /// Of what somebody should hear who is away, and nobody does instead: they hear of it on the first day back.
    pub unheard: BTreeSet<ObligationId>,
}

/// Plans `today`: who is told what goes into the outbox, in one transaction. On a day off nothing is planned.
///
/// It may run again, on another machine too: whoever has a brief for the day gets no second one. A brief of an earlier
/// day that never left is cancelled and its items are told today: after an outage people get one brief, not seven.
///
/// # Errors
/// When the database fails; a template that fails for one person parks that person's brief and holds up nobody else.
pub async fn plan_day(
    db: &Db,
    setup: &Setup,
    origin: &Origin,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> Result<PlannedDay, AppError> {
    if !setup.calendar.is_working_day(today) {
        return Ok(PlannedDay::default());
    }
    let mut tx = db.begin().await?;
    outbox::expire(&mut tx, now).await?;
    let superseded = outbox::supersede_briefs(&mut tx, today).await?;
    tx.commit().await?;

    let mut tx = db.snapshot().await?;
    let due = obligations::due_for_planning(&mut tx, today).await?;
    let not_before = instant(today.and_time(setup.ladder.from));
    let ladders = Ladders::of(&mut tx, setup, &due).await?;
    let at = not_before.max(now);
    let Draft { drafted, unheard } =
        draft(&mut tx, setup, origin, &due, &ladders, today, at).await?;
    drop(tx);

    for one in &drafted {
        tell_planned(one);
    }
    let next_rungs = next_rungs(&due, &unheard, &ladders, setup, today);
    let announced = announced(&drafted);
    let briefs: Vec<NewBrief> = drafted
        .into_iter()
        .map(|one| new_brief(one, origin, not_before))
        .collect();
    let by_route = |wanted: fn(&Route) -> bool| -> BTreeSet<ContactId> {
        let found = briefs.iter().filter(|brief| wanted(&brief.route));
        found.map(|brief| brief.contact.clone()).collect()
    };
    let silent = by_route(|route| matches!(route, Route::Unreachable { .. }));
    let wordless = by_route(|route| matches!(route, Route::Parked { .. }));
    let mut tx = db.begin().await?;
    let planned = briefs::plan(&mut tx, briefs, &next_rungs, now).await?;
    let fresh: BTreeSet<&ContactId> = planned.stored.iter().map(|(contact, _)| contact).collect();
    let told: Vec<(ContactId, i64)> = announced
        .into_iter()
        .filter(|(contact, _)| fresh.contains(contact) && !silent.contains(contact))
        .collect();
    announcements::mark_told(&mut tx, &told, today).await?;
    watermarks::mark_planned(&mut tx, today, now).await?;
    tx.commit().await?;
    let stored = |people: &BTreeSet<ContactId>| {
        let stored = planned.stored.iter();
        stored
            .filter(|(contact, _)| people.contains(contact))
            .count()
    };
    let (unreachable, parked) = (stored(&silent), stored(&wordless));
    Ok(PlannedDay {
        briefs: planned.stored.len() - unreachable - parked,
        unreachable,
        parked,
        already_planned: planned.already_planned.len(),
        superseded,
    })
}

/// The briefs of `today` for these obligations, rendered to leave `at` that time; nothing is stored.
///
/// # Errors
/// When the database fails.
pub async fn draft(
    tx: &mut Tx,
    setup: &Setup,
    origin: &Origin,
    due: &[Obligation],
    ladders: &Ladders,
    today: NaiveDate,
    at: DateTime<Utc>,
) -> Result<Draft, AppError> {
    let (drafts, desk) = prepare(tx, setup, origin, due, ladders, today, at).await?;
    Ok(Draft {
        drafted: spread(drafts, |one| desk.word(one, setup)),
        unheard: desk.unheard,
    })
}

/// The brief of `contact` for `day` rendered once more, from those of its items that are still open; `None` when none
/// is. Used just before sending and when the brief changes channel; `windows` says what it tells of Zalo there.
///
/// # Errors
/// When the database or a template fails.
pub async fn draft_again(
    tx: &mut Tx,
    setup: &Setup,
    contact: &ContactId,
    day: NaiveDate,
    open: &[Obligation],
    channel: Channel,
    windows: &Windows<'_>,
) -> Result<Option<Rendered>, AppError> {
    let Some(stored) = contacts::find(tx, contact).await? else {
        return Ok(None);
    };
    let planned = briefs::find_items(tx, contact, day)
        .await?
        .unwrap_or_default();
    let open: HashMap<ObligationId, Obligation> = open
        .iter()
        .filter(|one| one.state == State::Open && setup.owes(one))
        .map(|obligation| (obligation.id, obligation.clone()))
        .collect();
    let owed: Vec<Obligation> = open.values().cloned().collect();
    let ladders = Ladders::of(tx, setup, &owed).await?;
    let told: Vec<Telling<'_>> = planned
        .iter()
        .filter_map(|item| {
            Some(Telling {
                obligation: open.get(&item.obligation)?,
                rung: &item.rung,
                audience: item.audience,
                ladder: ladders.find(item.obligation),
            })
        })
        .collect();
    let changes = announcements::list_told(tx, contact, day).await?;
    let Some(brief) = told_again(contact, day, &told, &changes, &setup.calendar) else {
        return Ok(None);
    };
    let heard: Vec<_> = told
        .iter()
        .map(|one| (one.obligation, one.audience))
        .collect();
    let stands_in = stand_ins(tx, setup, windows, contact, day, &heard).await?;
    let escalated: Vec<ObligationId> = brief
        .items
        .iter()
        .filter(|item| hears_of_reminders(&stored.contact, item))
        .map(|item| item.obligation)
        .collect();
    let ids: Vec<ObligationId> = brief.items.iter().map(|item| item.obligation).collect();
    let said = statements::find(tx, &ids).await?;
    let of_others = |item: &&Item| item.agency != stored.contact.agency;
    let watched = brief.items.iter().filter(of_others);
    let background = Background {
        unreached: unreached(tx, setup, windows, watched, &open, &said, day).await?,
        requests: requests(tx, brief.items.iter(), &open).await?,
        wished: wished_until(tx, open.values()).await?,
        amended: amended_days(tx, open.values()).await?,
        ended: ended::all_if(tx, ended::gives_away([&brief])).await?,
        reminded_on: briefs::reminded_on(tx, &escalated).await?,
        said,
        obligations: open,
        waiting: waiting(tx, setup, [&stored.contact]).await?,
        ladders,
    };
    let zalo = windows.notice_on(channel, &stored.contact);
    let rendered = worded(|| {
        let context = BriefContext {
            zalo: zalo.map(as_told),
            answers: windows.answers(setup, channel, &stored.contact),
            stands_in: standing_in(stands_in, setup),
            ..compose(&brief, &stored.contact, &background, setup)
        };
        let limit = Limit::of(channel);
        setup.messages.render_brief(&context, channel, limit)
    });
    rendered.map(Some).map_err(|source| AppError::Render {
        contact: contact.clone(),
        source: Box::new(source),
    })
}

/// What a brief tells of, so that an obligation can be followed to the delivery that carries this contact and day.
fn tell_planned(one: &Drafted) {
    if !tracing::enabled!(tracing::Level::DEBUG) {
        return;
    }
    let obligations: Vec<String> = one
        .brief
        .items
        .iter()
        .map(|item| item.obligation.to_string())
        .collect();
    tracing::debug!(
        contact = %one.contact.id,
        day = %one.brief.day,
        obligations = obligations.join(" "),
        channel = one.reach.as_ref().ok().map(|reach| reach.channel.as_str()),
        "a brief is planned"
    );
}

/// Which amendments the brief of each person tells.
fn announced(drafted: &[Drafted]) -> BTreeSet<(ContactId, i64)> {
    let of_one = |one: &Drafted| -> Vec<(ContactId, i64)> {
        let changes = one.brief.changes.iter();
        changes
            .map(|change| (one.contact.id.clone(), change.amendment))
            .collect()
    };
    drafted.iter().flat_map(of_one).collect()
}

fn new_brief(drafted: Drafted, origin: &Origin, not_before: DateTime<Utc>) -> NewBrief {
    let Drafted {
        brief,
        contact,
        reach,
        rendered,
    } = drafted;
    let items = brief
        .items
        .iter()
        .map(|item| BriefItem {
            obligation: item.obligation,
            rung: item.rung.clone(),
            audience: item.audience,
        })
        .collect();
    let route = match (reach, rendered) {
        (Ok(reach), Ok(rendered)) => {
            let Reach {
                channel, address, ..
            } = reach;
            Route::Delivery(NewDelivery {
                message: message(&contact.id, brief.day, channel, address, rendered, origin),
                not_before,
            })
        }
        (Ok(_), Err(error)) => {
            park::tell(&contact.id, brief.day, &error);
            Route::Parked {
                reason: error.to_string(),
            }
        }
        (Err(why), _) => Route::Unreachable {
            reason: why.to_string(),
        },
    };
    NewBrief {
        contact: contact.id,
        day: brief.day,
        items,
        route,
    }
}
