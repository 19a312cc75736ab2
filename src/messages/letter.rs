//! Official letters in words: drafts for a person to complete, sign and send.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::context::PlanRef;
use super::digest::DigestTransfer;
use super::engine::{Messages, value};
use super::problem::{Problem, RenderError};
use super::register_context::RegisterLine;
use super::text::{nfc, one_line};
use crate::documents::{Letter, Properties, markup};
use crate::domain::digest::{Amended, Completed};
use crate::domain::register::Counts;

/// Which letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LetterKind {
    /// The monitor's report to the issuer, with the digest of a week.
    Weekly,
    /// Công văn đôn đốc, to an agency that owes late.
    Reminder,
    /// The monitor's report of a quarter to the issuer.
    Quarter,
    /// An agency's own report of a quarter to the monitor.
    Own,
    /// The monitor's report of difficulties to the issuer.
    Difficulties,
}

impl LetterKind {
    /// The word in the names of templates and files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Weekly => "weekly",
            Self::Reminder => "reminder",
            Self::Quarter => "quarter",
            Self::Own => "own",
            Self::Difficulties => "difficulties",
        }
    }
}

/// All that a letter can say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LetterContext {
    /// Which letter.
    pub kind: LetterKind,
    /// The day on which it is drafted.
    pub today: NaiveDate,
    /// The last day whose ledger it counts: `today`, or in a letter that comes with a digest the day before.
    pub until: NaiveDate,
    /// The year of the plan.
    pub year: i32,
    /// The quarter that it reports on; 0 in other letters.
    #[serde(default)]
    pub quarter: u32,
    /// The id of what it is itself among what its sender owes, and is counted nowhere in it; empty in other letters.
    #[serde(default)]
    pub this_report: String,
    /// The plan.
    pub plan: PlanRef,
    /// The day of the decision.
    pub issued_on: NaiveDate,
    /// Who issued the plan.
    pub issuer: LetterAgency,
    /// Whose letter it is.
    pub sender: LetterAgency,
    /// To whom.
    pub addressee: LetterAgency,
    /// How things stand.
    pub counts: LetterCounts,
    /// How they stood on the morning of `since`.
    #[serde(default)]
    pub before: Option<LetterCounts>,
    /// How what is done came from what was done then.
    #[serde(default)]
    pub completed: Completed,
    /// What documents changed since then.
    #[serde(default)]
    pub amended: Amended,
    /// The day on whose morning the digest before it counted; none in a letter that comes with no digest.
    #[serde(default)]
    pub since: Option<NaiveDate>,
    /// The agencies that it names, with theirs.
    #[serde(default)]
    pub agencies: Vec<LetterTally>,
    /// How many agencies owe late, named or not.
    #[serde(default)]
    pub late_agencies: usize,
    /// The fields of the plan, with theirs.
    #[serde(default)]
    pub groups: Vec<LetterTally>,
    /// Everything that it counts.
    #[serde(default)]
    pub lines: Vec<RegisterLine>,
    /// Of how much of what is overdue nothing was heard, and no message ever told its agency; in what comes with a digest, and nobody
    /// of its agency is reached.
    #[serde(default)]
    pub untold: usize,
    /// The same of which nobody is there who could answer; counted in what comes with a digest.
    #[serde(default)]
    pub unheard: usize,
    /// What went from one agency to another within the days of the digest that it comes with.
    #[serde(default)]
    pub transfers: Vec<DigestTransfer>,
    /// What is overdue.
    #[serde(default)]
    pub late: Vec<RegisterLine>,
    /// The same by task, in the order of the plan.
    #[serde(default)]
    pub late_tasks: Vec<LetterTask>,
    /// What was reported as a difficulty; in the report of a period or of certain days, each time that it was.
    #[serde(default)]
    pub difficulties: Vec<RegisterLine>,
    /// How many more difficulties were reported.
    #[serde(default)]
    pub more_difficulties: usize,
    /// What waits for a decision.
    #[serde(default)]
    pub decisions: Vec<RegisterLine>,
    /// What is due within two weeks.
    #[serde(default)]
    pub due_soon: Vec<RegisterLine>,
    /// How much more is due by then.
    #[serde(default)]
    pub more_due_soon: usize,
    /// What is due in the quarter after.
    #[serde(default)]
    pub next_due: Vec<RegisterLine>,
    /// What has no due day and is done all year.
    #[serde(default)]
    pub continuous: Vec<RegisterLine>,
    /// The first and the last of the days of which it gathers difficulties; none in other letters.
    #[serde(default)]
    pub days: Option<(NaiveDate, NaiveDate)>,
    /// The tasks of which they were reported.
    #[serde(default)]
    pub troubled: Vec<LetterTask>,
    /// When an answer is wanted.
    pub reply_by: NaiveDate,
}

/// An agency in a letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LetterAgency {
    /// Its name.
    pub name: String,
    /// Its short name: `Sở`.
    pub short: String,
    /// Its sign in the numbers of documents: `SNV`.
    pub sign: String,
    /// The place of its letters: `Quảng Nam`.
    pub place: String,
    /// Name of the agency above it; empty where the head of its letters names none.
    #[serde(default)]
    pub superior: String,
}

/// How many stand how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LetterCounts {
    /// All with a due day.
    pub total: u32,
    /// Completed.
    pub done: u32,
    /// Under way.
    pub open: u32,
    /// Hoàn thành đúng hạn.
    pub done_on_time: u32,
    /// Hoàn thành quá hạn.
    pub done_late: u32,
    /// Đang thực hiện trong hạn.
    pub open_on_time: u32,
    /// Đang thực hiện quá hạn.
    pub open_late: u32,
    /// Past its due day, for want of a decision: none of the four.
    #[serde(default)]
    pub waiting: u32,
    /// Due before it was followed here, and not known how it ended: none of the four.
    #[serde(default)]
    pub unclear: u32,
    /// Overdue, and never answered.
    pub silent: u32,
    /// Waits for a decision, past its due day or not.
    pub undecided: u32,
}

impl From<Counts> for LetterCounts {
    fn from(counts: Counts) -> Self {
        Self {
            total: counts.total(),
            done: counts.done(),
            open: counts.open(),
            done_on_time: counts.done_on_time,
            done_late: counts.done_late,
            open_on_time: counts.open_on_time,
            open_late: counts.open_late,
            waiting: counts.waiting,
            unclear: counts.unclear,
            silent: counts.silent,
            undecided: counts.undecided,
        }
    }
}

/// An agency, or a field of the plan, with its numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LetterTally {
    /// Its name.
    pub name: String,
    /// Its numbers.
    pub counts: LetterCounts,
}

/// A task with who owes it late, or reported a difficulty of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LetterTask {
    /// `II.2/1`.
    pub id: String,
    /// The milestone's label, or the content of the task.
    pub title: String,
    /// How many agencies they are.
    pub agencies: usize,
    /// Some of what they owe late, or all, the longest late first; or all difficulties, agency by agency.
    pub lines: Vec<RegisterLine>,
}

impl LetterContext {
    /// What people and plans wrote, each on one line.
    fn cleaned(&self) -> Self {
        let mut clean = self.clone();
        clean.plan.title = one_line(&clean.plan.title);
        for lines in [
            &mut clean.lines,
            &mut clean.late,
            &mut clean.difficulties,
            &mut clean.decisions,
            &mut clean.due_soon,
            &mut clean.next_due,
            &mut clean.continuous,
        ] {
            lines.iter_mut().for_each(RegisterLine::clean);
        }
        for task in clean.late_tasks.iter_mut().chain(&mut clean.troubled) {
            task.title = one_line(&task.title);
            task.lines.iter_mut().for_each(RegisterLine::clean);
        }
        clean
    }
}

impl Messages {
    /// Renders a letter that says of itself that it was made `at`.
    ///
    /// # Errors
    /// A template reads what does not exist, or writes what is no line of a letter; [`Messages::check`] finds that at
    /// start-up.
    pub fn render_letter(
        &self,
        context: &LetterContext,
        made_at: DateTime<Utc>,
    ) -> Result<Letter, RenderError> {
        let clean = context.cleaned();
        let template = format!("letter/{}.docx.j2", clean.kind.as_str());
        let text = nfc(self.render(&template, &value(&clean))?);
        let properties = Properties {
            title: String::new(),
            author: clean.sender.name,
            made_at,
        };
        let mut letter = markup::letter(&text, properties).map_err(|error| {
            let path = format!("vi/{template}");
            let shown = self.files.get(&path).map_or(&path, |file| &file.shown);
            RenderError(Problem::of_file(
                shown,
                error.to_string(),
                "begin the line as the embedded file does",
            ))
        })?;
        let named = [&letter.kind, &letter.about, &letter.heading.subject];
        let title: Vec<&str> = named
            .into_iter()
            .map(String::as_str)
            .filter(|part| !part.is_empty())
            .collect();
        letter.properties.title = title.join(" ");
        Ok(letter)
    }

    /// The name of an agency with what letters write short: `UBND tỉnh Quảng Nam`.
    #[must_use]
    pub fn abbreviated(&self, agency_name: &str) -> String {
        self.words.abbreviated(agency_name)
    }

    /// The short name of an agency, as its own letters and briefs call it: `Sở` for `Sở Tư pháp`.
    #[must_use]
    pub fn short_name(&self, agency_name: &str) -> &str {
        self.words.short_name(agency_name)
    }
}

#[cfg(test)]
mod tests;
