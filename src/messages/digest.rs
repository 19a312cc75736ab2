//! The weekly digest in words: a mail that can be forwarded as it is, and a short form for chats.

mod numbers;
mod others;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::context::{Decider, PlanRef, Reader};
use super::engine::{Messages, fitting, value};
use super::problem::RenderError;
use super::render::Rendered;
use super::text::{clean_return, one_line, quotable, title_line};
use crate::domain::delivery::Channel;
use crate::domain::digest::{Amended, Completed};
use crate::domain::ladder::Audience;
use crate::domain::resolution::Return;
pub use numbers::DigestNumbers;
pub use others::{
    DigestDue, DigestFiles, DigestFinding, DigestLong, DigestPerson, DigestTransfer, DigestWorst,
};

/// All that a digest can say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DigestContext {
    /// The day on which it leaves.
    pub today: NaiveDate,
    /// The first day that it looks back on.
    pub from: NaiveDate,
    /// The last day that it counts.
    pub until: NaiveDate,
    /// Whether that is a week; a holiday or an outage makes it longer or shorter.
    #[serde(default = "yes")]
    pub is_week: bool,
    /// Whether it was held because all of its readers' agency were away on that day: it arrives late.
    #[serde(default)]
    pub is_held: bool,
    /// To whom.
    pub reader: Reader,
    /// Name of the agency that monitors the plan.
    pub monitor: String,
    /// Who decides on wishes for more time, where the plan names others than the monitor as a whole.
    #[serde(default)]
    pub decides: Option<Decider>,
    /// The plan.
    pub plan: PlanRef,
    /// What Dondoc found to have forgotten itself: stands above all else.
    #[serde(default)]
    pub findings: Vec<DigestFinding>,
    /// How things stand.
    pub now: DigestNumbers,
    /// How they stood at the digest before.
    #[serde(default)]
    pub before: Option<DigestNumbers>,
    /// How what is done came from what was done then.
    #[serde(default)]
    pub completed: Completed,
    /// What documents changed since.
    #[serde(default)]
    pub amended: Amended,
    /// What went from one agency to another since.
    #[serde(default)]
    pub transfers: Vec<DigestTransfer>,
    /// How much of what nobody has answered belongs to agencies that have nobody who could.
    #[serde(default)]
    pub unheard: usize,
    /// How much of it belongs to agencies that no message reached.
    #[serde(default)]
    pub unreached: usize,
    /// Overdue, and not so at the digest before, by task.
    #[serde(default)]
    pub newly_late: Vec<DigestTask>,
    /// Overdue for longer, by agency.
    #[serde(default)]
    pub long_late: Vec<DigestAgency>,
    /// The tasks of these, each with how many of these agencies owe it.
    #[serde(default)]
    pub long_tasks: Vec<DigestTitle>,
    /// Overdue for longer, and nothing new.
    #[serde(default)]
    pub unchanged: Vec<DigestUnchanged>,
    /// Both in numbers.
    #[serde(default)]
    pub long: DigestLong,
    /// What was reported as a difficulty.
    #[serde(default)]
    pub difficulties: Vec<DigestLine>,
    /// What its agency says is another's.
    #[serde(default)]
    pub disowned: Vec<DigestLine>,
    /// What waits for a decision.
    #[serde(default)]
    pub decisions: Vec<DigestLine>,
    /// What is due within two weeks.
    #[serde(default)]
    pub due_soon: Vec<DigestDue>,
    /// Who could not be told.
    #[serde(default)]
    pub unreachable: Vec<DigestPerson>,
    /// Where the workbook and the draft of the report are.
    #[serde(default)]
    pub files: DigestFiles,
    /// Messages that left within these days, of whatever plan.
    pub sent: u64,
    /// Messages that were given up within them.
    pub failed: u64,
    /// Whether several plans are followed: one message may be of each.
    #[serde(default)]
    pub is_one_of_several: bool,
}

/// Most digests look back on a week.
fn yes() -> bool {
    true
}

/// A task that agencies owe late since one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DigestTask {
    /// `II.2/1`.
    pub id: String,
    /// The milestone's label, or the content of the task.
    pub title: String,
    /// Its due day.
    pub due_on: NaiveDate,
    /// Working days late.
    pub days_late: i64,
    /// From which day they are counted, where that is not the due day: it was due before it was followed here, and its agency
    /// was asked until then.
    #[serde(default)]
    pub asked_by: Option<NaiveDate>,
    /// Who owes it.
    pub agencies: Vec<DigestOwing>,
}

/// An agency that owes a task late.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DigestOwing {
    /// Its name.
    pub name: String,
    /// Why it cannot have answered: `nobody`, `away`, `unreachable` (no message told it, or none can now); empty where it could.
    #[serde(default)]
    pub unheard: String,
    /// What it said last.
    #[serde(default)]
    pub quote: String,
    /// On which day.
    #[serde(default)]
    pub said_on: Option<NaiveDate>,
    /// Where that only took back what its agency had said before: the day of that.
    #[serde(default)]
    pub takes_back: Option<NaiveDate>,
    /// Where it reports a completion that was returned: that it was.
    #[serde(default)]
    pub returned: Option<Return>,
    /// Where that is a wish for more time that was not granted: when that was decided.
    #[serde(default)]
    pub refused_on: Option<NaiveDate>,
    /// By which document; may be empty.
    #[serde(default)]
    pub refused_by: String,
}

/// The name of a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DigestTitle {
    /// `II.2/1`.
    pub id: String,
    /// The milestone's label, or the content of the task.
    pub title: String,
    /// How many of the agencies that are listed owe it.
    pub agencies: usize,
}

/// An agency with what it owes late.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DigestAgency {
    /// Its name.
    pub name: String,
    /// Why it cannot have answered anything that it has not, as in [`DigestOwing::unheard`]; empty where it could.
    #[serde(default)]
    pub unheard: String,
    /// What it owes.
    pub lines: Vec<DigestLine>,
}

/// One obligation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DigestLine {
    /// `II.2/1`.
    pub id: String,
    /// The milestone's label, or the content of the task.
    pub title: String,
    /// Name of the agency.
    pub agency: String,
    /// Its due day; none of what is done all year.
    #[serde(default)]
    pub due_on: Option<NaiveDate>,
    /// Working days late.
    #[serde(default)]
    pub days_late: i64,
    /// As in [`DigestTask::asked_by`].
    #[serde(default)]
    pub asked_by: Option<NaiveDate>,
    /// What was said of it last.
    #[serde(default)]
    pub quote: String,
    /// On which day.
    #[serde(default)]
    pub said_on: Option<NaiveDate>,
    /// Where that only took back what its agency had said before: the day of that.
    #[serde(default)]
    pub takes_back: Option<NaiveDate>,
    /// Where it reports a completion that was returned: that it was.
    #[serde(default)]
    pub returned: Option<Return>,
    /// Where that is a wish for more time that was not granted: when that was decided.
    #[serde(default)]
    pub refused_on: Option<NaiveDate>,
    /// By which document; may be empty.
    #[serde(default)]
    pub refused_by: String,
    /// Of a difficulty, and of what is said to be another's: what was said of it last, where that is something else.
    #[serde(default)]
    pub later: String,
    /// On which day.
    #[serde(default)]
    pub later_on: Option<NaiveDate>,
    /// Of these: whether the digest before has told all of it.
    #[serde(default)]
    pub same: bool,
    /// Of what is late: why its agency cannot have answered, as in [`DigestOwing::unheard`].
    #[serde(default)]
    pub unheard: String,
    /// `extension` or `acceptance`.
    #[serde(default)]
    pub pending: String,
    /// Until when more time is asked for.
    #[serde(default)]
    pub until: Option<NaiveDate>,
    /// Who decides on it, where that is not the monitor as a whole.
    #[serde(default)]
    pub decides: Option<Decider>,
}

/// A task that agencies owe late of which nothing changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DigestUnchanged {
    /// `II.2/1`.
    pub id: String,
    /// How many agencies owe it.
    pub count: usize,
    /// Their names, where they are few.
    #[serde(default)]
    pub names: Vec<String>,
    /// Of how many of them nobody could have answered, and nobody did.
    #[serde(default)]
    pub mute: usize,
    /// How many of them no message reached, and did not answer.
    #[serde(default)]
    pub unreached: usize,
    /// Working days late.
    pub days_late: i64,
    /// As in [`DigestTask::asked_by`].
    #[serde(default)]
    pub asked_by: Option<NaiveDate>,
}

/// How long the long lists of a digest are; of each, a template is given only what it can show.
#[derive(Serialize)]
struct Lengths {
    /// Difficulties.
    difficulties: usize,
    /// What its agency says is another's.
    disowned: usize,
    /// What waits for a decision.
    decisions: usize,
    /// Agencies that are late for longer and are not shown.
    agencies_left: usize,
    /// What these owe.
    owed_left: usize,
}

/// What is shown of a digest.
#[derive(Serialize)]
struct View {
    #[serde(flatten)]
    context: DigestContext,
    lengths: Lengths,
    /// Lines of a list at most.
    most: usize,
    /// Whether the reader decides, or is informed on one page.
    leader: bool,
}

impl DigestContext {
    /// Drops what is not shown of lists that have a line for each obligation: those of a nation have 100,000.
    fn shorten(&mut self, most: usize) -> Lengths {
        // Of agencies as many as fit, so that no line stands for a single one.
        let agencies = fitting(self.long_late.len(), most);
        let left = self.long_late.get(agencies..).unwrap_or_default();
        let lengths = Lengths {
            difficulties: self.difficulties.len(),
            disowned: self.disowned.len(),
            decisions: self.decisions.len(),
            agencies_left: left.len(),
            owed_left: left.iter().map(|agency| agency.lines.len()).sum(),
        };
        self.long_late.truncate(agencies);
        for lines in [
            &mut self.difficulties,
            &mut self.disowned,
            &mut self.decisions,
        ] {
            lines.truncate(fitting(lines.len(), most));
        }
        lengths
    }

    /// What people and plans wrote, each on one line.
    fn cleaned(mut self) -> Self {
        self.plan.title = one_line(&self.plan.title);
        for task in &mut self.newly_late {
            task.title = title_line(&task.title);
            for one in &mut task.agencies {
                one.quote = quotable(&one.quote);
                clean_return(&mut one.returned);
            }
        }
        let lines = self.long_late.iter_mut();
        let lines = lines.flat_map(|agency| &mut agency.lines);
        let lines = lines
            .chain(&mut self.difficulties)
            .chain(&mut self.disowned)
            .chain(&mut self.decisions);
        for line in lines {
            line.title = title_line(&line.title);
            line.quote = quotable(&line.quote);
            clean_return(&mut line.returned);
            line.later = quotable(&line.later);
        }
        let titles = self.long_tasks.iter_mut().map(|one| &mut one.title);
        for title in titles.chain(self.due_soon.iter_mut().map(|one| &mut one.title)) {
            *title = title_line(title);
        }
        self
    }
}

impl Messages {
    /// Renders a digest: subject, text and HTML for mail, the short form for a chat.
    ///
    /// # Errors
    /// A template reads what does not exist; [`Messages::check`] finds that before anything is sent.
    pub fn render_digest(
        &self,
        mut context: DigestContext,
        channel: Channel,
    ) -> Result<Rendered, RenderError> {
        const EVERYTHING: usize = 400;
        const ONE_PAGE: usize = 3;
        // What is attached to the mail is not in the chat.
        if channel != Channel::Email && context.files == DigestFiles::Attached {
            context.files = DigestFiles::Mailed;
        }
        let leader = context.reader.audience == Audience::Leader;
        let most = if leader { ONE_PAGE } else { EVERYTHING };
        let view = value(&View {
            lengths: context.shorten(EVERYTHING),
            context: context.cleaned(),
            most,
            leader,
        });
        self.render_kind("digest", &view, channel)
    }
}

#[cfg(test)]
mod tests;
