//! `dondoc understand`: what is made of a reply.

mod explain;
mod lines;

use std::io::{self, BufReader, Write};

use anyhow::Context as _;
use chrono::NaiveDate;

use super::config_file::ConfigFile;
use super::exit::{Exit, WrongInput};
use super::open::load;
use crate::cli::day::day;
use crate::clock::Clock;
use crate::domain::reply::Writer;
use crate::files::{Folder, load_reader};

/// Options of `dondoc understand`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    dondoc understand 'II.2 xong rồi anh, KH số 12/KH-SNV'\n  \
    dondoc understand --sent 2020-03-10 --json 'xin dời III.4 qua thứ sáu'\n  \
    dondoc understand --agency SNV 'Sở Nội vụ đã ban hành kế hoạch'\n  \
    dondoc understand --json < replies.jsonl\n\n\
    With --json and without TEXT, each line of standard input is a JSON object with a field `text` and, if it has one,\n\
    the day it was sent in `sent`; each gets one line of output, in order. A line that cannot be read gets an error\n\
    that names it, and the exit code is 2 at the end.")]
pub struct UnderstandArgs {
    /// Day on which the replies were sent: 2020-03-10 [default: today]
    #[arg(long, value_name = "DATE", value_parser = day)]
    sent: Option<NaiveDate>,
    /// Code of the agency that writes: what it says of itself by name is its own work
    #[arg(long, value_name = "CODE")]
    agency: Option<String>,
    /// Print one JSON object per reply
    #[arg(long)]
    json: bool,
    /// Replies; without any, JSON lines are read from standard input
    text: Vec<String>,
    #[command(flatten)]
    config: ConfigFile,
}

/// Explains replies. One that is not understood is a result, not a failure.
///
/// # Errors
/// That the lexicon or the plans have problems, that no plan knows the agency, that nothing was given to read, or that standard input or output breaks.
pub fn run(args: &UnderstandArgs, out: &mut impl Write) -> anyhow::Result<Exit> {
    let reader = load_reader(&Folder::lexicon()).context("cannot read the lexicon of replies")?;
    let sent = args.sent.unwrap_or_else(|| Clock::System.today());
    let writer = writer(args)?;
    if args.text.is_empty() {
        if !args.json {
            let what = "give a reply to explain, or --json to read JSON lines from standard input";
            return Err(WrongInput(what.to_owned()).into());
        }
        let input = BufReader::new(io::stdin().lock());
        return lines::understand(&reader, sent, &writer, input, out);
    }
    for text in &args.text {
        if args.json {
            explain::print_json(&reader.understand_from(text, sent, &writer), &mut *out)
        } else {
            explain::print(&reader, text, sent, &writer, &mut *out)
        }
        .context("cannot write the explanations")?;
    }
    Ok(Exit::Fine)
}

/// The agency that writes; nobody known when none is named.
fn writer(args: &UnderstandArgs) -> anyhow::Result<Writer> {
    let Some(code) = &args.agency else {
        return Ok(Writer::default());
    };
    let setup = load(&args.config)?.setup;
    let code = code.as_str().into();
    if setup.of_agency(&code).is_none() {
        let what = format!("no agency has the code {code}: see the agencies.toml of the plan");
        return Err(WrongInput(what).into());
    }
    Ok(setup.writer_of(&code))
}

#[cfg(test)]
mod tests;
