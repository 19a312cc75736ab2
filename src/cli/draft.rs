//! `dondoc draft`: letters for a person to complete, sign and send.

use std::io::Write;
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{ArgGroup, Args, Subcommand};
use serde_json::json;

use super::agency::agency;
use super::config_file::ConfigFile;
use super::day::{day as any_day, day_that_has_come, issued_by};
use super::exit::Exit;
use super::open::{block_on, load};
use super::out_folder::OutFolder;
use crate::app::inspect;
use crate::app::register::{Drafted, Wanted, draft};
use crate::clock::Clock;
use crate::domain::period::Quarter;
use crate::messages::LetterKind;

/// Draft official letters: reminders to late agencies, quarterly reports, reports of difficulties
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  dondoc draft reminder SYT --on 2020-03-16 --out .\n  dondoc draft reminder --all --on 2020-03-16 --out letters\n  dondoc draft report --quarter 1 --on 2020-04-01 --out .\n  dondoc draft report SYT --quarter 1 --on 2020-04-01 --out .\n  dondoc draft difficulties --on 2020-04-01 --out .\n\nThe letters are Word files after Nghị định 30/2020/NĐ-CP, without number, day and signature: a person signs."
)]
pub struct DraftArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Draft a công văn đôn đốc to agencies that owe something late
    #[command(
        group = ArgGroup::new("addressees").args(["agencies", "all"]).required(true),
        after_help = "Example:\n  dondoc draft reminder SYT STP --on 2020-03-16 --out ."
    )]
    Reminder {
        /// Codes of the agencies
        #[arg(value_name = "AGENCY")]
        agencies: Vec<String>,
        /// To every agency that owes something late
        #[arg(long)]
        all: bool,
        #[command(flatten)]
        common: Common,
    },
    /// Draft the report of difficulties, by the monitor to the issuer of the plan
    #[command(
        after_help = "Examples:\n  dondoc draft difficulties --on 2020-04-01 --out .\n  dondoc draft difficulties --from 2020-01-01 --to 2020-03-31 --on 2020-04-01 --out .\n\nEach difficulty is quoted with its day and with how the task stands now, whatever was said after it; of earlier days, those that are the last word of an open task."
    )]
    Difficulties {
        /// The first day on which they were reported; without it, that of the decision
        #[arg(long, value_name = "DATE", value_parser = any_day)]
        from: Option<NaiveDate>,
        /// The last day; without it, that of `--on`
        #[arg(long, value_name = "DATE", value_parser = any_day)]
        to: Option<NaiveDate>,
        #[command(flatten)]
        common: Common,
    },
    /// Draft the report of a quarter, by the monitor or by one agency
    #[command(
        after_help = "Examples:\n  dondoc draft report --quarter 1 --on 2020-04-01 --out .      Sở Nội vụ to UBND tỉnh\n  dondoc draft report SYT --quarter 1 --on 2020-04-01 --out .  an agency's own, filled in\n\nThe report of quarter 2 is that of the half-year, and of quarter 4 that of the year."
    )]
    Report {
        /// Code of an agency, for its own report; without it, the monitor's
        agency: Option<String>,
        /// Of which quarter of the plan's year: 1 to 4
        #[arg(long, value_name = "N")]
        quarter: Quarter,
        #[command(flatten)]
        common: Common,
    },
}

#[derive(Debug, Args)]
struct Common {
    /// As it stood at the end of this day; without it, today, or the day after the period of a report that is over
    #[arg(long, value_name = "DATE", value_parser = day_that_has_come)]
    on: Option<NaiveDate>,
    /// The folder, made where it is missing
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Replace files that are there already
    #[arg(long)]
    force: bool,
    /// Print one JSON object for each letter
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigFile,
}

/// Runs the command.
pub fn run(args: &DraftArgs, out: &mut impl Write) -> anyhow::Result<Exit> {
    let (What::Reminder { common, .. }
    | What::Difficulties { common, .. }
    | What::Report { common, .. }) = &args.what;
    let loaded = load(&common.config)?;
    let wanted = match &args.what {
        What::Reminder { all: true, .. } => Wanted::AllReminders,
        What::Reminder { agencies, .. } => {
            let mut codes = Vec::new();
            for typed in agencies {
                let code = agency(&loaded.setup, typed)?;
                if !codes.contains(&code) {
                    codes.push(code);
                }
            }
            Wanted::Reminders(codes)
        }
        What::Difficulties { from, to, .. } => Wanted::Difficulties {
            from: *from,
            to: *to,
        },
        What::Report {
            agency: typed,
            quarter,
            ..
        } => {
            let code = |typed: &String| agency(&loaded.setup, typed);
            Wanted::Report {
                agency: typed.as_ref().map(code).transpose()?,
                quarter: *quarter,
                on: common.on,
            }
        }
    };
    let day = common.on.unwrap_or_else(|| Clock::System.today());
    issued_by(&loaded.setup, day)?;
    let letters = block_on(async {
        // As for a digest: looking imports nothing.
        let db = if loaded.database_exists() {
            loaded.open_to_count().await?
        } else {
            inspect::followed(&loaded.setup, &loaded.contacts).await?
        };
        draft(&db, &loaded.setup, &wanted, day)
            .await
            .map_err(anyhow::Error::from)
    })?;
    let files: Vec<_> = letters
        .iter()
        .map(|letter| (name(letter), &letter.bytes[..]))
        .collect();
    let folder = OutFolder {
        path: &common.out,
        replace: common.force,
    };
    let paths = folder.write(&files)?;
    for (letter, path) in letters.iter().zip(&paths) {
        if common.json {
            let Drafted {
                plan,
                agency,
                context,
                ..
            } = letter;
            let line = json!({ "path": path, "plan": plan, "agency": agency, "letter": context });
            writeln!(out, "{line}")?;
        } else {
            writeln!(out, "{}", path.display())?;
        }
    }
    if letters.is_empty() && !common.json {
        let nothing = match wanted {
            Wanted::Difficulties { .. } => "no difficulty was reported on these days".to_owned(),
            _ => format!("nothing is late on {day}"),
        };
        writeln!(out, "{nothing}: no letter was written")?;
    }
    Ok(Exit::Fine)
}

/// `reminder-quang-nam-2020-SYT-2020-03-16.docx`, `report-quang-nam-2020-q1-2020-04-01.docx`,
/// `difficulties-quang-nam-2020-2020-04-01.docx`.
fn name(letter: &Drafted) -> String {
    let kind = match letter.context.kind {
        LetterKind::Difficulties => "difficulties",
        LetterKind::Reminder => "reminder",
        LetterKind::Weekly | LetterKind::Quarter | LetterKind::Own => "report",
    };
    let agency = letter.agency.as_ref();
    let agency = agency.map(|code| format!("-{code}")).unwrap_or_default();
    let quarter = match letter.context.quarter {
        0 => String::new(),
        number => format!("-q{number}"),
    };
    let day = letter.context.today;
    format!("{kind}-{}{agency}{quarter}-{day}.docx", letter.plan)
}
