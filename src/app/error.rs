//! What a use case can fail of.

use super::caution::fallen;
use super::drift::Drift;
use super::register::DraftError;
use crate::config::SecretError;
use crate::documents::{DocxError, XlsxError};
use crate::domain::amendment::{BadDay, Slip};
use crate::domain::delivery::Channel;
use crate::domain::ids::{AgencyCode, ContactId, ObligationId, PlanId, TaskId};
use crate::domain::obligation::Pending;
use crate::domain::resolution::Unfit;
use crate::files::Problems;
use crate::messages::RenderError;
use crate::store::StoreError;

/// A failure of a use case.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A template failed for one person; the others go out.
    #[error("rendering the brief of {contact}")]
    Render {
        /// Whose.
        contact: ContactId,
        /// Why.
        #[source]
        source: Box<RenderError>,
    },
    /// A template failed for the answer to one message, which is parked.
    #[error("rendering an answer")]
    Answer {
        /// Why.
        #[source]
        source: Box<RenderError>,
    },
    /// A template failed for a document.
    #[error("writing a document")]
    Document {
        /// Why.
        #[source]
        source: Box<RenderError>,
    },
    /// A workbook that Excel would not open.
    #[error("writing a document")]
    Xlsx(#[from] XlsxError),
    /// A letter that Word would not open.
    #[error("writing a document")]
    Docx(#[from] DocxError),
    /// A table that was filled in has problems: nothing of it was recorded.
    #[error(transparent)]
    Table(Problems),
    /// There is nothing to draft.
    #[error(transparent)]
    Draft(#[from] DraftError),
    /// The program panicked over one thing.
    #[error("a fault of the program: look for \"panicked\" in the log")]
    Fault,
    /// The program was ended over one thing again and again.
    #[error("{}", fallen())]
    Fallen,
    /// Somebody changed an obligation between the look at it and the change: what was decided is decided afresh.
    #[error("obligation {obligation} was changed by somebody else at the same time")]
    Overtaken {
        /// Which.
        obligation: ObligationId,
    },
    /// A database of somebody's own plan, met without a configuration that names the plan.
    #[error("{database} holds the plan {plan}, and {why}; nothing was changed")]
    NoConfiguration {
        /// The database.
        database: String,
        /// A plan of it that nothing loaded names.
        plan: PlanId,
        /// What is missing, and what to do.
        why: String,
    },
    /// A secret that is not where the configuration says.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// No such obligation.
    #[error("{agency} owes nothing under task {task}: see `dondoc status --agency {agency}`")]
    NothingOwed {
        /// The task as asked for.
        task: TaskId,
        /// The agency as asked for.
        agency: AgencyCode,
    },
    /// No such milestone.
    #[error("task {task} of {agency} has no milestone {number}: it has {known}")]
    NoMilestone {
        /// The task.
        task: TaskId,
        /// The agency.
        agency: AgencyCode,
        /// As asked for.
        number: u16,
        /// Those that there are.
        known: String,
    },
    /// The task has several open milestones.
    #[error("task {task} of {agency} has several milestones: say which, {choices}")]
    WhichMilestone {
        /// The task.
        task: TaskId,
        /// The agency.
        agency: AgencyCode,
        /// What can be said.
        choices: String,
    },
    /// The obligation is not in a state that allows the change.
    #[error("{what} is {state}: nothing was changed")]
    WrongState {
        /// The obligation in words.
        what: String,
        /// Its state.
        state: String,
    },
    /// The same was recorded before.
    #[error("{what} is recorded already as done on {day}: nothing was changed")]
    RecordedAlready {
        /// The obligation in words.
        what: String,
        /// The day of completion.
        day: chrono::NaiveDate,
    },
    /// The clock of the machine is wrong, or somebody was early.
    #[error(
        "today is {today}, and plan {plan} was issued on {issued_on}: nothing can be recorded before; set the clock of this machine"
    )]
    BeforePlan {
        /// The day that the clock shows.
        today: chrono::NaiveDate,
        /// The plan.
        plan: PlanId,
        /// Its day.
        issued_on: chrono::NaiveDate,
    },
    /// Nobody of that id.
    #[error("there is no contact {contact}: see `dondoc contact list`")]
    NoContact {
        /// As asked for.
        contact: ContactId,
    },
    /// Whoever decides it, it is not this one.
    #[error("{contact} does not decide on {} of {owing}: {decide} does", thing(*on))]
    NotTheirs {
        /// Who was named.
        contact: ContactId,
        /// Who owes it.
        owing: AgencyCode,
        /// What would be decided.
        on: Pending,
        /// Who decides it.
        decide: String,
    },
    /// Nobody is named where the plan says who decides.
    #[error(
        "{decide} decides on {} of {owing}, as the plan says ([extensions] decides): name whose decision it is with --by{}",
        thing(*on),
        ids(.people)
    )]
    NobodyNamed {
        /// Who owes it.
        owing: AgencyCode,
        /// What would be decided.
        on: Pending,
        /// Who decides it.
        decide: String,
        /// Those who may be named.
        people: Vec<ContactId>,
    },
    /// Whoever changes it, it is not this one.
    #[error("{contact} does not change what {owing} owes: {amend} does")]
    NotTheirsToAmend {
        /// Who was named.
        contact: ContactId,
        /// Who owes it.
        owing: AgencyCode,
        /// Who changes it.
        amend: String,
    },
    /// The monitor cannot resolve that.
    #[error("{what}: {why}")]
    Unfit {
        /// The obligation in words.
        what: String,
        /// Why not.
        why: Unfit,
    },
    /// Files by which something that is owed would move, or be owed no longer.
    #[error("{0}")]
    PlanDiffers(Box<Drift>),
    /// Files that give a plan which is followed another id.
    #[error(
        "plan {stored} ({number}) is followed, and the files give it the id {filed}: it would be followed from the start, and {stored} no \
         longer; put `id = \"{stored}\"` back in plan.toml"
    )]
    PlanRenamed {
        /// Its id.
        stored: PlanId,
        /// That of the files.
        filed: PlanId,
        /// Its number.
        number: String,
    },
    /// A document that changes nothing.
    #[error("nothing was changed: {reasons}")]
    NothingToAmend {
        /// Why not.
        reasons: String,
    },
    /// A day that a document cannot give.
    #[error(transparent)]
    Day(#[from] BadDay),
    /// A day that is hardly meant for all that it would be given to.
    #[error("nothing was changed: {0}")]
    Slip(Slip),
    /// An agency that has ended and owes something.
    #[error(
        "{agency} cannot have ended: it still owes {owed}; give each to another agency or cancel it"
    )]
    StillOwes {
        /// The agency.
        agency: AgencyCode,
        /// What it owes.
        owed: String,
    },
    /// An agency that monitors or issued a plan, and is to end.
    #[error(
        "{agency} cannot have ended: it is the `{part}` of plan {plan}, whose decisions and digests are its own; name the agency that \
         follows it there, in the header of plan.toml, and say this again"
    )]
    InCharge {
        /// The agency.
        agency: AgencyCode,
        /// The plan.
        plan: PlanId,
        /// What it is there: `monitor` or `issuer`.
        part: &'static str,
    },
    /// An agency that has ended owes nothing any more.
    #[error(
        "{agency} has ended{}: name an agency that goes on (of a person, in contacts.toml), or take back the document that ended it, see `dondoc amend list`",
        heirs_of(.heirs)
    )]
    Ended {
        /// The agency.
        agency: AgencyCode,
        /// Who took over what it owed.
        heirs: Vec<AgencyCode>,
    },
    /// A code would bind another chat in the place of one that is bound.
    #[error(
        "{contact} is bound on {} already, and a code takes no place: end that first, by `dondoc contact unlink {contact} --channel {}`",
        words_of(.channels),
        .channels.first().map_or("", |channel| channel.as_str())
    )]
    BoundAlready {
        /// Whom the code would be for.
        contact: ContactId,
        /// Where.
        channels: Vec<Channel>,
    },
    /// No such amendment.
    #[error("there is no amendment {number}: see `dondoc amend list`")]
    NoAmendment {
        /// As asked for.
        number: i64,
    },
    /// An amendment that no longer holds.
    #[error("amendment {number} was taken back already, by amendment {by}")]
    Revoked {
        /// As asked for.
        number: i64,
        /// The one that took it back.
        by: i64,
    },
    /// A completion in the future, or before the plan.
    #[error(
        "{day} cannot be a day of completion: it must lie between the issue of plan {plan} and today"
    )]
    BadDay {
        /// The day given.
        day: chrono::NaiveDate,
        /// The plan.
        plan: PlanId,
    },
}

/// What is decided on, in words.
fn thing(on: Pending) -> &'static str {
    match on {
        Pending::Extension => "an extension",
        Pending::Acceptance | Pending::Reassignment => "a completion",
    }
}

/// Of whom one is to be named.
fn ids(people: &[ContactId]) -> String {
    let ids: Vec<&str> = people.iter().map(ContactId::as_str).collect();
    if ids.is_empty() {
        "; nobody of them is a contact: see `dondoc contact add`".to_owned()
    } else {
        format!(" {}", ids.join(" or --by "))
    }
}

impl AppError {
    /// Whether the same call may succeed later without anybody changing the program, its files or its data.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_transient())
    }
}

/// Who goes on in the place of an agency that has ended, in words.
fn heirs_of(heirs: &[AgencyCode]) -> String {
    let codes: Vec<&str> = heirs.iter().map(AgencyCode::as_str).collect();
    if codes.is_empty() {
        String::new()
    } else {
        format!(" and what it owed went to {}", codes.join(", "))
    }
}

/// Channels by the words that files and commands know them by.
fn words_of(channels: &[Channel]) -> String {
    let words: Vec<&str> = channels.iter().map(|channel| channel.as_str()).collect();
    words.join(", ")
}
