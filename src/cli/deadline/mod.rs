//! `dondoc deadline`: what the grammar makes of a phrase.

mod explain;
mod input;

use std::io::{self, BufReader, Write};

use anyhow::Context as _;
use chrono::{Datelike, NaiveDate};

pub(super) use self::explain::dated;
use self::explain::{Explanation, Reader};
use self::input::{Line, Lines};
use super::config_file::ConfigFile;
use super::exit::Exit;
use crate::cli::day::day;
use crate::clock::Clock;
use crate::domain::plan::Before;
use crate::files::load_calendar;

/// Options of `dondoc deadline`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    dondoc deadline --year 2020 'Quý II-III' 'trước 15/9'\n  \
    dondoc deadline --issued 2019-12-31 --json < cells.txt\n\n\
    Milestones are shown with the first day of their window (opens), the last day that complies (due), and the last\n\
    working day on which it can be done (act by).")]
pub struct DeadlineArgs {
    /// Year of the plan [default: the year of --issued, or the year after for a plan issued in December; without
    /// --issued the current year]
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(i32).range(1900..=2200))]
    year: Option<i32>,
    /// Day on which the plan was issued, for terms counted from it: 2019-12-31
    #[arg(long, value_name = "DATE", value_parser = day)]
    issued: Option<NaiveDate>,
    /// Take "trước 15/9" to allow the 15th itself
    #[arg(long)]
    inclusive: bool,
    /// Print one JSON object per phrase
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigFile,
    /// Phrases; without any, one per line is read from standard input
    phrase: Vec<String>,
}

/// Explains the phrases. A phrase that is not understood is a result, not a failure.
///
/// # Errors
/// That the configuration or the calendar has problems, or that standard input or output breaks.
pub fn run(args: &DeadlineArgs, out: &mut impl Write) -> anyhow::Result<Exit> {
    let config = args
        .config
        .load()
        .context("cannot read the configuration")?;
    let calendar = load_calendar(&config.schedules).context("cannot read the calendar")?;
    let reader = Reader {
        year: args
            .year
            .unwrap_or_else(|| usual_year(args.issued, Clock::System.today())),
        issued_on: args.issued,
        before: if args.inclusive {
            Before::Inclusive
        } else {
            Before::Exclusive
        },
        calendar: &calendar,
    };
    let mut print = |explanation: &Explanation| explanation.print(args.json, &mut *out);
    if !args.phrase.is_empty() {
        for phrase in &args.phrase {
            print(&reader.explain(phrase)).context("cannot write the explanations")?;
        }
        return Ok(Exit::Fine);
    }
    explain_lines(&reader, args.json, io::stdin().lock(), out)?;
    Ok(Exit::Fine)
}

/// Explains every line of `input`, one answer per line, whatever it holds.
fn explain_lines(
    reader: &Reader<'_>,
    json: bool,
    input: impl io::Read,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let mut lines = Lines::new(BufReader::new(input));
    while let Some(line) = lines.next_line().context("cannot read standard input")? {
        let explanation = match line {
            Line::Text(phrase) => reader.explain(&phrase),
            Line::Unreadable { shown, problem } => Explanation::unreadable(shown, problem),
        };
        explanation
            .print(json, &mut *out)
            .context("cannot write the explanations")?;
        // Whoever types, or writes line by line, waits for the answer; a file does not.
        if lines.would_wait() {
            out.flush().context("cannot write the explanations")?;
        }
    }
    Ok(())
}

/// The year a plan is for when nobody says so: plans issued in December are for the year that follows.
fn usual_year(issued_on: Option<NaiveDate>, today: NaiveDate) -> i32 {
    match issued_on {
        Some(issued_on) if issued_on.month() == 12 => issued_on.year() + 1,
        Some(issued_on) => issued_on.year(),
        None => today.year(),
    }
}

#[cfg(test)]
mod tests;
