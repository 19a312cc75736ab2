//! What is replayed, and what it came to.

use chrono::{DateTime, NaiveDate, Utc};

use super::answers::Manner;
use crate::app::record::Record;
use crate::domain::delivery::Channel;
use crate::domain::directory::Role;
use crate::domain::finding::Finding;
use crate::domain::ids::{
    AgencyCode, ContactId, MilestoneId, ObligationId, PlanId, RungId, TaskId,
};
use crate::domain::obligation::Obligation;
use crate::domain::scoring::Ranking;

/// What is replayed.
#[derive(Clone, Debug)]
pub struct Options {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// How officers answer.
    pub answers: Answers,
    /// Another number gives another province, the same number the same.
    pub seed: u64,
}

/// Where the answers come from.
#[derive(Clone, Debug)]
pub enum Answers {
    /// By a manner.
    Manner(Manner),
    /// By a list.
    Listed(Vec<Listed>),
}

/// One answer of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The day on which it is given.
    pub on: NaiveDate,
    /// What it says.
    pub record: Record,
}

/// One message as it would have arrived.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// When it left.
    pub at: DateTime<Utc>,
    /// To whom.
    pub contact: ContactId,
    /// In which role.
    pub role: Role,
    /// Of which agency.
    pub agency: AgencyCode,
    /// By which channel.
    pub channel: Channel,
    /// What it is: `brief` or `digest`.
    pub kind: &'static str,
    /// What it tells.
    pub items: Vec<ArrivedItem>,
    /// Subject line, where the channel has one.
    pub subject: Option<String>,
    /// The words.
    pub text: String,
}

/// One item of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArrivedItem {
    /// The obligation.
    pub obligation: ObligationId,
    /// Its task.
    pub task: TaskId,
    /// Its milestone.
    pub milestone: MilestoneId,
    /// Who owes it.
    pub agency: AgencyCode,
    /// The rung that put it there.
    pub rung: RungId,
    /// Its due day.
    pub due_on: Option<NaiveDate>,
}

/// A replay from its first to its last day.
#[derive(Debug)]
pub struct Replay {
    /// What was replayed.
    pub options: Options,
    /// Every message, in order.
    pub arrived: Vec<Arrived>,
    /// Every obligation as it stood at the end.
    pub obligations: Vec<Obligation>,
    /// What the auditor found on any day to be owed without a delivery and without a reason.
    pub findings: Vec<Finding>,
    /// The year of each plan, ranked as of the morning after the last day.
    pub rankings: Vec<(PlanId, Ranking)>,
}
