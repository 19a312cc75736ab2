//! What a brief says, as typed values: all that the templates of `brief/` can know.
//!
//! Holds facts only. How they are ordered, grouped, shortened and worded is decided by [`super::view`] and by the
//! templates, so that a caller never has to think of a channel.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::receipt::AmendedDay;
use crate::domain::amendment::{Kind, Request};
use crate::domain::brief::Urgency;
use crate::domain::ids::{AgencyCode, TaskId};
use crate::domain::ladder::Audience;
use crate::domain::obligation::Watch;
use crate::domain::resolution::Return;

/// All that one person must hear on one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BriefContext {
    /// The day of the brief.
    pub today: NaiveDate,
    /// Who reads it.
    pub reader: Reader,
    /// Name of the agency that monitors the plan: `Sở Nội vụ`.
    pub monitor: String,
    /// What is due, late or opening; any order.
    #[serde(default)]
    pub items: Vec<BriefItem>,
    /// Continuous tasks whose status is wanted, one entry per plan.
    #[serde(default)]
    pub status: Vec<StatusRequest>,
    /// What documents have changed of the plan since the last brief, told once.
    #[serde(default)]
    pub changes: Vec<ChangeNote>,
    /// A public holiday that lies between today and something due, or begins within days: named, so that people act
    /// before it, and left out of the examples of answers. Plain weekends are not given.
    #[serde(default)]
    pub days_off: Option<DaysOff>,
    /// Other days than those of weekends on which nobody works, of the weeks to come: no example of an answer names one.
    #[serde(default)]
    pub closed_on: Vec<NaiveDate>,
    /// The last day to which the plans let anything be extended; none where they set none.
    #[serde(default)]
    pub latest: Option<NaiveDate>,
    /// What has to be said of the window of a Zalo Official Account.
    #[serde(default)]
    pub zalo: Option<ZaloWindow>,
    /// Where what the reader answers is read.
    #[serde(default)]
    pub answers: Answers,
    /// For whom the reader stands in.
    #[serde(default)]
    pub stands_in: Vec<StandsIn>,
    /// How much waits for a decision of the reader.
    #[serde(default)]
    pub waiting: usize,
    /// Who decides on wishes for more time, where that is not the monitor as a whole.
    #[serde(default)]
    pub decides: Option<Decider>,
}

/// Where what somebody answers to a brief is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answers {
    /// Where the brief arrives.
    #[default]
    Here,
    /// Not there, but in Telegram, where the reader can write to the bot.
    Telegram,
    /// Not there, but in Zalo.
    Zalo,
    /// Nowhere: the monitor is told in another way.
    Nowhere,
}

/// Somebody whom the reader hears for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandsIn {
    /// Name of the agency.
    pub agency: String,
    /// Title of who should hear it; empty where nobody is in the role.
    #[serde(default)]
    pub title: String,
    /// `away`, `unreachable`, `nobody`, `no-head` (of the office, while it has officers).
    pub why: String,
    /// The last day of an absence.
    #[serde(default)]
    pub until: Option<NaiveDate>,
}

/// What one document changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeNote {
    /// The plan that it changes.
    pub plan: PlanRef,
    /// Number of the document: `1234/QĐ-UBND`.
    pub document: String,
    /// The day on which it was signed.
    #[serde(default)]
    pub signed_on: Option<NaiveDate>,
    /// Why, as the monitor recorded it; may be empty.
    #[serde(default)]
    pub reason: String,
    /// Number of the document that it takes back; empty where it does not.
    #[serde(default)]
    pub takes_back: String,
    /// The agencies that have ended, of which it gives something away.
    #[serde(default)]
    pub ended: Vec<EndedAgency>,
    /// What it says of each obligation.
    pub items: Vec<ChangedItem>,
}

/// An agency that has ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndedAgency {
    /// Its name.
    pub name: String,
    /// On which day.
    pub on: NaiveDate,
    /// The names of those to whom all went that it owed.
    pub heirs: String,
    /// Whether that is one: it was merged into it.
    pub is_merged: bool,
}

/// What a document says of one obligation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangedItem {
    /// What was done.
    pub kind: Kind,
    /// What people call it: `II.2/1`.
    pub id: String,
    /// What it is about.
    pub title: String,
    /// Its due day, when it has one.
    #[serde(default)]
    pub due_on: Option<NaiveDate>,
    /// The due day before, when that was another.
    #[serde(default)]
    pub was_due_on: Option<NaiveDate>,
    /// Whether it is owed after the change.
    pub is_owed: bool,
    /// Whether it is done, and nothing of it is left to do.
    #[serde(default)]
    pub is_done: bool,
    /// The agencies from which it came or to which it went.
    #[serde(default)]
    pub counterpart: Option<String>,
    /// The names of those who have received it too; may be empty.
    #[serde(default)]
    pub beside: String,
    /// Where what went from one agency to another goes back: whether it had been given, or received.
    #[serde(default)]
    pub takes_back: Option<Kind>,
    /// What becomes of what waited for a decision, if something did.
    #[serde(default)]
    pub request: Option<Request>,
    /// What that asks for: `extension`, `acceptance`, `reassignment`.
    #[serde(default)]
    pub awaits: String,
}

/// How the window of seven days stands, in which a Zalo Official Account may write to the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ZaloWindow {
    /// The brief stands in Zalo; unless it is answered today, the next cannot.
    Closing,
    /// The brief comes by another channel because of it.
    Closed,
}

/// The person who reads the brief.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reader {
    /// How the person is spoken to: heads and leaders are greeted by their title.
    pub audience: Audience,
    /// Title of the contact: `Giám đốc Sở Tư pháp`.
    pub title: String,
    /// Code of the agency: `STP`.
    pub agency: AgencyCode,
    /// Name of the agency: `Sở Tư pháp`.
    pub agency_name: String,
    /// What stands for the agency in the numbers of its documents: `STP`; `UBND` for a district or a commune.
    pub sign: String,
}

/// Who decides.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decider {
    /// Name of the agency: `UBND tỉnh Quảng Nam`.
    pub agency: String,
    /// Whether only its head or a deputy does.
    pub heads: bool,
}

/// The decision that a task comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanRef {
    /// Its number: `4353/QĐ-UBND`.
    pub number: String,
    /// Its title as printed.
    pub title: String,
}

/// One obligation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BriefItem {
    /// The plan it belongs to.
    pub plan: PlanRef,
    /// Its task: `II.2`.
    pub task: TaskId,
    /// Number of the milestone, when the task has several: 1 gives `II.2/1`.
    #[serde(default)]
    pub milestone: Option<u16>,
    /// How pressing it is.
    pub urgency: Urgency,
    /// Label of the milestone: `Ban hành Kế hoạch`; may be empty.
    #[serde(default)]
    pub label: String,
    /// Content of the task, verbatim; shortened where it is shown.
    pub title: String,
    /// The plan's own words for the deadline: `trong quý I`.
    pub due_as_written: String,
    /// Last compliant day, extensions included.
    pub due_on: NaiveDate,
    /// The due day that the plan first gave, where it is due on another one by now.
    #[serde(default)]
    pub extended_from: Option<NaiveDate>,
    /// The day to which a document has moved the plan's own; what lies between it and the due day is an extension.
    #[serde(default)]
    pub amended: Option<AmendedDay>,
    /// Until when more time is asked for, where that waits and a day was named.
    #[serde(default)]
    pub wished: Option<NaiveDate>,
    /// Last working day not after `due_on`.
    pub act_by: NaiveDate,
    /// Working days until `act_by`; negative: working days late.
    pub working_days_left: i64,
    /// What has to come of it, verbatim; may be empty.
    #[serde(default)]
    pub product: String,
    /// The agency that owes it, when that is not the reader's own.
    #[serde(default)]
    pub owing: Option<String>,
    /// Co-ordinating agencies, verbatim; may be empty.
    #[serde(default)]
    pub coordinators: String,
    /// What was sent and answered before.
    #[serde(default)]
    pub history: Option<History>,
    /// What follows unless it is completed.
    #[serde(default)]
    pub next_step: Option<NextStep>,
    /// What holds it up, as its agency has said.
    #[serde(default)]
    pub held: Option<Held>,
    /// Whether nobody answered it and no message told its agency of it, or none can now: that is no silence.
    #[serde(default)]
    pub unreached: bool,
    /// Since when it is followed and until when its agency is asked, where it was due before.
    #[serde(default)]
    pub before: Option<DueBefore>,
}

impl BriefItem {
    /// Whether its agency has said anything of it.
    pub(super) fn is_answered(&self) -> bool {
        let history = self.history.as_ref();
        history.is_some_and(|history| history.last_answer.is_some())
    }
}

/// What was due before anybody could be reminded of it here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DueBefore {
    /// The first day on which somebody could.
    pub since: NaiveDate,
    /// The last day on which its agency is asked how it ended: up to its end it is not late.
    pub settle_by: NaiveDate,
}

impl From<Watch> for DueBefore {
    fn from(watch: Watch) -> Self {
        Self {
            since: watch.since,
            settle_by: watch.settle_by,
        }
    }
}

/// What holds an obligation up: it is told as that, and not as silence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Held {
    /// More time was asked for, and nobody has decided.
    Extension,
    /// Its completion is claimed, and nobody has confirmed it.
    Acceptance,
    /// Something prevents the work.
    Blocked,
    /// Its agency says that it is another's.
    Reassignment,
}

/// What was sent to the officer and answered about an obligation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct History {
    /// Days on which the officer was reminded, in order.
    #[serde(default)]
    pub reminded_on: Vec<NaiveDate>,
    /// Whether the reader was reminded in the officer's place on some of them.
    #[serde(default)]
    pub is_own: bool,
    /// The last answer.
    #[serde(default)]
    pub last_answer: Option<Answer>,
    /// What waits for a decision, in the words in which it was asked for, where the last answer says something else.
    #[serde(default)]
    pub request: Option<Answer>,
    /// Whether more time was asked for and nobody has decided, though the day that was asked for is over.
    #[serde(default)]
    pub is_undecided: bool,
}

/// What a person wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The day.
    pub on: NaiveDate,
    /// The words, as written.
    pub text: String,
    /// Where they only took back what had been said before: the day of that.
    #[serde(default)]
    pub takes_back: Option<NaiveDate>,
    /// Where it reports a completion that was returned: that it was.
    #[serde(default)]
    pub returned: Option<Return>,
}

/// The next rung that tells somebody higher.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NextStep {
    /// The day.
    pub on: NaiveDate,
    /// Who will be told: `Giám đốc Sở Tư pháp`, `Sở Nội vụ`, `UBND tỉnh`.
    pub to: String,
}

/// "Thường xuyên" tasks of one plan whose quarterly status is wanted (DESIGN rule 8).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusRequest {
    /// The plan.
    pub plan: PlanRef,
    /// The tasks, in the order of the plan.
    pub tasks: Vec<TaskId>,
    /// The period: `quý I/2020`.
    pub period: String,
    /// The day by which the status is wanted.
    pub by: NaiveDate,
}

/// A run of days on which nobody works.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DaysOff {
    /// What people call it: `Tết Nguyên đán`.
    pub name: String,
    /// First day off.
    pub from: NaiveDate,
    /// Last day off.
    pub to: NaiveDate,
    /// First working day after it.
    pub back_on: NaiveDate,
}
