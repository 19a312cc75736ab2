//! The words of the briefs of a day: what they need is read once for all of them.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};

use super::AppError;
use super::amended::amended_days;
use super::caught::worded;
use super::caution::{fallen, given_up_briefs};
use super::compose::{Background, compose, hears_of_reminders, standing_in};
use super::ended;
use super::hearing::{Briefs, Heeded, briefs_of};
use super::ladders::Ladders;
use super::plan_day::{Drafted, Origin};
use super::requests::{requests, waiting};
use super::setup::Setup;
use super::untold::unreached;
use super::windows::{Windows, as_told};
use crate::domain::brief::Item;
use crate::domain::delivery::Channel;
use crate::domain::ids::{ContactId, ObligationId};
use crate::domain::obligation::Obligation;
use crate::messages::{BriefContext, Limit, RenderError};
use crate::store::statements;
use crate::store::{Tx, briefs};

/// What wording the briefs of a day needs.
pub(super) struct WritingDesk<'s> {
    background: Background,
    windows: Windows<'s>,
    /// See [`super::plan_day::Draft::unheard`].
    pub(super) unheard: BTreeSet<ObligationId>,
    given_up: BTreeSet<ContactId>,
}

/// The briefs of `today` without their words, and what those need.
pub(super) async fn prepare<'s>(
    tx: &mut Tx,
    setup: &'s Setup,
    origin: &'s Origin,
    due: &[Obligation],
    ladders: &Ladders,
    today: NaiveDate,
    at: DateTime<Utc>,
) -> Result<(Vec<Heeded>, WritingDesk<'s>), AppError> {
    let ids: Vec<ObligationId> = due.iter().map(|obligation| obligation.id).collect();
    let said = statements::find(tx, &ids).await?;
    let Briefs {
        briefs: drafts,
        wished,
        unheard,
    } = briefs_of(tx, setup, origin, due, ladders, &said, today, at).await?;
    let escalated = drafts.iter().flat_map(|one| {
        let items = one.brief.items.iter();
        items.filter(|item| hears_of_reminders(&one.contact, item))
    });
    let escalated: BTreeSet<ObligationId> = escalated.map(|item| item.obligation).collect();
    let escalated: Vec<ObligationId> = escalated.into_iter().collect();
    let obligations: HashMap<_, _> = due.iter().map(|one| (one.id, one.clone())).collect();
    let items = drafts.iter().flat_map(|one| &one.brief.items);
    let readers = drafts.iter().map(|one| &one.contact);
    let windows = Windows::of(tx, setup, origin, readers, today, at).await?;
    let watched = drafts.iter().flat_map(|one| {
        let of_others = |item: &&Item| item.agency != one.contact.agency;
        one.brief.items.iter().filter(of_others)
    });
    let gives = ended::gives_away(drafts.iter().map(|one| &one.brief));
    let background = Background {
        unreached: unreached(tx, setup, &windows, watched, &obligations, &said, today).await?,
        requests: requests(tx, items, &obligations).await?,
        wished,
        amended: amended_days(tx, due.iter()).await?,
        ended: ended::all_if(tx, gives).await?,
        obligations,
        reminded_on: briefs::reminded_on(tx, &escalated).await?,
        said,
        waiting: waiting(tx, setup, drafts.iter().map(|one| &one.contact)).await?,
        ladders: ladders.clone(),
    };
    let desk = WritingDesk {
        given_up: given_up_briefs(tx).await?,
        background,
        windows,
        unheard,
    };
    Ok((drafts, desk))
}

impl WritingDesk<'_> {
    /// The brief in words, for the channel by which it will leave.
    pub(super) fn word(&self, heeded: Heeded, setup: &Setup) -> Drafted {
        let Heeded {
            contact,
            brief,
            stands_in,
        } = heeded;
        let reach = self.windows.reach(&contact);
        let (shown_on, zalo) = match &reach {
            Ok(reach) => (reach.channel, reach.zalo),
            Err(_) => (Channel::Email, None),
        };
        let rendered = if self.given_up.contains(&contact.id) {
            Err(RenderError::given_up(fallen()))
        } else {
            worded(|| {
                let context = BriefContext {
                    zalo: zalo.map(as_told),
                    answers: self.windows.answers(setup, shown_on, &contact),
                    stands_in: standing_in(stands_in, setup),
                    ..compose(&brief, &contact, &self.background, setup)
                };
                let limit = Limit::of(shown_on);
                setup.messages.render_brief(&context, shown_on, limit)
            })
        };
        Drafted {
            brief,
            contact,
            reach,
            rendered,
        }
    }
}
