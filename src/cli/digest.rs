//! `dondoc digest`: what the monitor reads each week, for any day.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context as _;
use chrono::NaiveDate;
use clap::Args;

use super::config_file::ConfigFile;
use super::exit::{Exit, WrongInput};
use super::open::{block_on, load};
use crate::app::digest::preview;
use crate::app::inspect;
use crate::clock::Clock;
use crate::domain::delivery::Channel;
use crate::files::private;

/// Print the weekly digest as of a morning, or write it to files; sends nothing
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  dondoc digest                                this morning\n  dondoc digest --week 2020-03-16 --out .      digest-quang-nam-2020-2020-03-16.html and .txt\n  dondoc digest --week 2020-03-16 --json"
)]
pub struct DigestArgs {
    /// The morning up to which the week is counted; without it, today
    #[arg(long, value_name = "DATE")]
    week: Option<NaiveDate>,
    /// Write the mail as HTML and as text into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print one JSON object for each plan
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigFile,
}

/// Runs the command.
pub fn run(args: &DigestArgs, out: &mut impl Write) -> anyhow::Result<Exit> {
    let loaded = load(&args.config)?;
    let day = args.week.unwrap_or_else(|| Clock::System.today());
    if let Some(folder) = args.out.as_ref().filter(|folder| !folder.is_dir()) {
        let folder = folder.display();
        return Err(WrongInput(format!("{folder} is no folder: make it first")).into());
    }
    let (setup, origin) = (&loaded.setup, loaded.origin());
    let digests = block_on(async {
        // A database in memory keeps the real one untouched: looking imports nothing.
        let db = if loaded.database_exists() {
            loaded.open_db().await?
        } else {
            inspect::fresh(setup, &loaded.contacts, day).await?
        };
        let mut digests = Vec::new();
        for charge in &setup.charges {
            digests.push((charge, preview(&db, setup, &origin, charge, day).await?));
        }
        anyhow::Ok(digests)
    })?;
    for (charge, context) in &digests {
        if args.json {
            serde_json::to_writer(&mut *out, context)?;
            writeln!(out)?;
            continue;
        }
        let mail = setup.messages.render_digest(context, Channel::Email)?;
        let (subject, html) = (
            mail.subject.unwrap_or_default(),
            mail.html.unwrap_or_default(),
        );
        let Some(folder) = &args.out else {
            writeln!(out, "[{subject}]\n{}", mail.text.trim_end())?;
            continue;
        };
        let name = format!("digest-{}-{day}", charge.plan.id);
        for (kind, text) in [("html", &html), ("txt", &mail.text)] {
            let path = folder.join(format!("{name}.{kind}"));
            let writing = || format!("writing {}", path.display());
            let file = private().create(true).truncate(true).open(&path);
            let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
            written.with_context(writing)?;
            writeln!(out, "{}", path.display())?;
        }
    }
    Ok(Exit::Fine)
}
