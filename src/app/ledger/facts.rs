//! What one line says in its payload, as far as it is read again.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use serde_json::Value;

use crate::domain::amendment::Amended;
use crate::domain::decide::{Stand, What};
use crate::domain::inbound::File;
use crate::domain::obligation::Pending;
use crate::domain::resolution::Resolved;
use crate::store::events::Event;

/// The particulars of a line, as far as they are read again.
#[derive(Debug, Default, Deserialize)]
pub(in crate::app) struct Facts {
    /// What a person said.
    pub said: Option<What>,
    /// In which words.
    pub quote: Option<String>,
    /// When the person wrote them, where that was before the line was recorded.
    pub(super) written_at: Option<DateTime<Utc>>,
    /// How the obligation stood before it.
    pub before: Option<Stand>,
    /// How it stands after it.
    pub after: Option<Stand>,
    /// The line that it takes back.
    pub undoes: Option<i64>,
    /// Number of the document behind what was recorded by hand or decided.
    pub(super) document: Option<String>,
    /// The day of completion that was recorded by hand.
    pub(super) done_on: Option<NaiveDate>,
    /// What the monitor decided.
    pub resolved: Option<Resolved>,
    /// Why, where that was said.
    pub(super) reason: Option<String>,
    /// How the obligation stood before the monitor decided.
    pub was: Option<Stand>,
    /// When it was due before the monitor decided.
    pub was_due_on: Option<NaiveDate>,
    /// What still waits since the monitor decided on something else.
    pub still_waits: Option<Pending>,
    /// The words of a request that came with the obligation from another agency.
    pub(super) carried: Option<Carried>,
    /// The decision that it takes back.
    pub revokes: Option<i64>,
    /// How the obligation stands since that decision was taken back.
    pub(super) restored: Option<Stand>,
    /// When it is due since.
    pub(super) restored_due_on: Option<NaiveDate>,
    /// What a document changed.
    pub amended: Option<Amended>,
    /// The number of that change.
    pub(super) amendment: Option<i64>,
    /// The number of the change that it takes back.
    pub(super) takes_back: Option<i64>,
    /// What came with it.
    #[serde(default)]
    pub files: Vec<File>,
    /// The line whose files belong elsewhere.
    pub moved: Option<i64>,
}

/// Where a line stood first that another agency's ledger has too since the obligation was given to it.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct Carried {
    /// The day on which it was said.
    pub(super) on: NaiveDate,
}

impl Facts {
    /// Whether its document is one by which something was decided, and proves nothing.
    fn is_of_the_monitor(&self) -> bool {
        self.resolved.is_some() || self.amended.is_some() || self.revokes.is_some()
    }

    /// When it was said or done, of a line that was recorded at this instant: what was written while nothing ran counts from
    /// when it was written.
    pub fn happened_at(&self, recorded_at: DateTime<Utc>) -> DateTime<Utc> {
        self.written_at
            .map_or(recorded_at, |written| written.min(recorded_at))
    }

    /// The day on which it was said first, of what is said on `here`: it may have come from another agency.
    pub fn said_first_on(&self, here: NaiveDate) -> NaiveDate {
        self.carried.map_or(here, |carried| carried.on)
    }

    /// The last working day not after the due day that it gives.
    pub(super) fn act_by(&self) -> Option<NaiveDate> {
        match (&self.resolved, &self.amended) {
            (Some(Resolved::Extended { act_by, .. }), _) => Some(*act_by),
            (_, Some(amended)) => amended.now.act_by,
            _ => None,
        }
    }

    /// The due day before it.
    pub(super) fn day_before(&self) -> Option<NaiveDate> {
        let amended = self.amended.as_ref();
        amended.map_or(self.was_due_on, |amended| amended.was.due_on)
    }

    /// The number of the document that proves something.
    pub(in crate::app) fn proof(&self) -> Option<&String> {
        match &self.said {
            Some(What::Done { document, .. } | What::Progress { document, .. }) => {
                document.as_ref()
            }
            Some(What::Evidence(evidence)) => evidence.document.as_ref(),
            Some(_) => None,
            None if self.is_of_the_monitor() => None,
            None => self.document.as_ref(),
        }
    }

    /// What `event` says; nothing, with a line in the log, where it is not understood.
    pub fn of(event: &Event) -> Self {
        Self::of_payload(event.id, &event.entry.payload)
    }

    /// What the line of that number says in its payload.
    pub fn of_payload(event: i64, payload: &Value) -> Self {
        Self::known(event, Self::deserialize(payload))
    }

    pub(super) fn known(event: i64, read: Result<Self, serde_json::Error>) -> Self {
        read.unwrap_or_else(|error| {
            tracing::warn!(event, %error, "a line of the ledger is not understood: counted as if it said nothing");
            Self::default()
        })
    }
}
