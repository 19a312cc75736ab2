//! All that a decision may know.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::act::Stand;
use super::question::{Question, QuestionKind};
use crate::domain::ids::ObligationId;
use crate::domain::inbound::File;
use crate::domain::obligation::{Obligation, State};
use crate::domain::plan::Acceptance;
use crate::domain::reply::Time;
use crate::domain::terse::Shift;

/// For how many days a person can take back a change.
pub const UNDO_DAYS: i64 = 7;

/// Within so many seconds a second "nhầm" is the first one sent again.
pub const TWICE_SECONDS: i64 = 60;

/// An obligation of the sender's agency, with the words of the plan.
#[derive(Clone, Debug)]
pub struct Owed {
    /// The obligation.
    pub obligation: Obligation,
    /// "Nội dung công việc".
    pub content: String,
    /// The milestone's own words; empty where it has none.
    pub label: String,
    /// "Sản phẩm".
    pub product: String,
    /// The number of its plan: `4353/QĐ-UBND`.
    pub plan_number: String,
    /// The day on which the plan was issued: nothing was completed before.
    pub issued_on: NaiveDate,
    /// What a claim needs.
    pub acceptance: Acceptance,
    /// Whether what is to come out of it is a document with a number.
    pub is_document: bool,
    /// Number of the document that was named for it.
    pub document: Option<String>,
    /// Numbers of further documents that were named for the completion that its agency claims.
    pub further: Vec<String>,
    /// Whether its agency has said anything of it that stands.
    pub is_answered: bool,
    /// The completion that its agency claims, where nobody has confirmed or changed it since.
    pub claim: Option<Claim>,
    /// The day of what waits for a decision: until when more time is wanted, or of which day the completion is.
    pub asked: Option<NaiveDate>,
}

/// A completion that an agency has claimed: it stands until somebody contradicts it (DESIGN rule 15).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Its event in the ledger.
    pub event: i64,
    /// The day of completion that it gives.
    pub on: NaiveDate,
    /// On which day it was said.
    pub said_on: NaiveDate,
    /// How the obligation stood before.
    pub before: Stand,
}

impl Owed {
    /// Its number.
    #[must_use]
    pub fn id(&self) -> ObligationId {
        self.obligation.id
    }

    /// Whether it is still to be done.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.obligation.state == State::Open
    }

    /// The same, as it stands after something was changed.
    pub(super) fn standing(&self, stand: Stand) -> Self {
        let mut owed = self.clone();
        let Stand {
            state,
            done_on,
            pending,
            snoozed_until,
        } = stand;
        owed.obligation.state = state;
        owed.obligation.done_on = done_on;
        owed.obligation.pending = pending;
        owed.obligation.snoozed_until = snoozed_until;
        owed.claim = None;
        owed.asked = self.asked.filter(|_| pending == self.obligation.pending);
        owed
    }

    /// Whether its window has opened.
    #[must_use]
    pub fn has_opened(&self, today: NaiveDate) -> bool {
        self.obligation.opens_on.is_none_or(|day| day <= today)
    }
}

/// Something that the sender changed and has not taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnChange {
    /// Its event in the ledger.
    pub event: i64,
    /// About which obligation.
    pub obligation: ObligationId,
    /// How it stood before.
    pub before: Stand,
    /// How it stood after.
    pub after: Stand,
    /// On which day it was said.
    pub on: NaiveDate,
    /// Whether that was just now: files without a word belong to it.
    pub is_fresh: bool,
    /// The message that said it: all that one message changed is taken back together.
    pub message: Option<String>,
}

impl OwnChange {
    /// The obligations that these are about, each once.
    pub(super) fn obligations<'c>(changes: impl Iterator<Item = &'c Self>) -> Vec<ObligationId> {
        let ids: BTreeSet<ObligationId> = changes.map(|change| change.obligation).collect();
        ids.into_iter().collect()
    }

    /// Whether it can still be taken back.
    pub(super) fn is_recent(&self, today: NaiveDate) -> bool {
        is_recent(self.on, today)
    }
}

/// Whether what was said on that day can still be taken back.
pub(super) fn is_recent(said_on: NaiveDate, today: NaiveDate) -> bool {
    (today - said_on).num_days() <= UNDO_DAYS
}

/// Files that the sender sent of late, and that nobody has put elsewhere since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Their line in the ledger.
    pub event: i64,
    /// To which obligation they belong; `None` while nobody has said.
    pub obligation: Option<ObligationId>,
    /// The files.
    pub files: Vec<File>,
}

impl Sent {
    /// The album that they are of.
    pub(super) fn album(&self) -> Option<&str> {
        self.files.iter().find_map(|file| file.album.as_deref())
    }
}

/// Who writes, and what is known of the matter.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// The day on which the message was sent.
    pub today: NaiveDate,
    /// What the sender's agency owes, the most urgent first. Nothing else exists here.
    pub owed: &'a [Owed],
    /// What the message that is answered told, or else the last brief, in its order.
    pub told: &'a [ObligationId],
    /// What "việc 2" counts: the items of the message that is answered, the list that was shown last, or else the last brief.
    pub numbered: &'a [ObligationId],
    /// Whether they were shown with their numbers: then a bare number means one of them too.
    pub shows_numbers: bool,
    /// How much more time the message asks for, where it names no day.
    pub more_time: Option<Shift>,
    /// Whether the message says in so many words that something is not done.
    pub denies: bool,
    /// What was asked and waits.
    pub asked: Option<&'a Question>,
    /// What the sender changed of late and has not taken back, the newest first.
    pub own_changes: &'a [OwnChange],
    /// The message of the sender's whose answer is answered: what that one changed is meant.
    pub replies_to: Option<&'a str>,
    /// The files of the message.
    pub files: &'a [File],
    /// The files that the sender sent without a report, the newest first.
    pub sent: &'a [Sent],
    /// Whether the sender heads an agency whose officers are reminded: nobody's reminders are theirs to put off.
    pub is_head: bool,
    /// Of what is owed the documents that are of nothing but their time: "Báo cáo kết quả thực hiện quý I"; what
    /// has not opened is none of them.
    pub of_a_time: &'a [(ObligationId, Time)],
    /// What the sender has taken back a moment ago, and nothing since: the second of two taps takes nothing more back.
    pub just_undone: Option<ObligationId>,
    /// What the sender took back last of all, within half an hour: words that call no task are about that one.
    pub undone_lately: Option<ObligationId>,
}

impl<'a> Situation<'a> {
    /// Whether something was asked and waits for its answer.
    pub(super) fn asks(&self) -> bool {
        self.asked
            .is_some_and(|question| question.kind != QuestionKind::Listed)
    }

    /// Whether a bare number is one of the answers to what waits.
    pub(super) fn is_numbered(&self) -> bool {
        self.asked
            .is_some_and(|question| !question.options.is_empty() && !question.below_list)
    }

    /// Whether a task stands with this number in a list that was shown.
    pub(super) fn lists(&self, number: usize) -> bool {
        self.shows_numbers && (1..=self.numbered.len()).contains(&number)
    }

    /// The obligation of that number, if the agency owes it.
    #[must_use]
    pub fn find(&self, id: ObligationId) -> Option<&'a Owed> {
        self.owed.iter().find(|owed| owed.id() == id)
    }
}
