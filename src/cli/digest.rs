//! `dondoc digest`: what the monitor reads each week, for any day that has come.

use std::io::Write;
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use super::config_file::ConfigFile;
use super::day::{day_that_has_come, issued_by};
use super::exit::Exit;
use super::open::{block_on, load};
use super::out_folder::OutFolder;
use crate::app::digest::preview;
use crate::app::inspect;
use crate::clock::Clock;
use crate::domain::delivery::Channel;
use crate::domain::ladder::Audience;

/// Print the weekly digest as of a morning, or write it to files; sends nothing
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  dondoc digest                                this morning\n  dondoc digest --week 2020-03-16 --out .      mail and its files: .txt, .html, .xlsx, .docx\n  dondoc digest --week 2020-03-16 --as leader  as UBND tỉnh reads it, on one page
  dondoc digest --channel chat                 the short form
  dondoc digest --week 2020-03-16 --json"
)]
pub struct DigestArgs {
    /// The morning up to which the week is counted; without it, today
    #[arg(long, value_name = "DATE", value_parser = day_that_has_come)]
    week: Option<NaiveDate>,
    /// Whose digest
    #[arg(long = "as", value_name = "READER", value_enum, default_value_t = ReadBy::Monitor)]
    reader: ReadBy,
    /// The mail, or the short form for chats
    #[arg(long, value_enum, default_value_t = Form::Email, conflicts_with_all = ["out", "json"])]
    channel: Form,
    /// Write text, HTML, workbook and draft report into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Replace files that are there already
    #[arg(long, requires = "out")]
    force: bool,
    /// Print one JSON object for each plan
    #[arg(long, conflicts_with = "out")]
    json: bool,
    #[command(flatten)]
    config: ConfigFile,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ReadBy {
    Monitor,
    Leader,
}

impl From<ReadBy> for Audience {
    fn from(reader: ReadBy) -> Self {
        match reader {
            ReadBy::Monitor => Self::Monitor,
            ReadBy::Leader => Self::Leader,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Form {
    Email,
    Chat,
}

/// Runs the command.
pub fn run(args: &DigestArgs, out: &mut impl Write) -> anyhow::Result<Exit> {
    let loaded = load(&args.config)?;
    let day = args.week.unwrap_or_else(|| Clock::System.today());
    let (setup, origin) = (&loaded.setup, loaded.origin());
    let charges = issued_by(setup, day)?;
    let digests = block_on(async {
        // A database in memory keeps the real one untouched: looking imports nothing.
        let db = if loaded.database_exists() {
            loaded.open_to_count().await?
        } else {
            inspect::followed(setup, &loaded.contacts).await?
        };
        let mut digests = Vec::new();
        for charge in charges {
            let audience = args.reader.into();
            let digest = preview(&db, setup, &origin, charge, day, audience).await?;
            digests.push((charge, digest));
        }
        anyhow::Ok(digests)
    })?;
    for (charge, (context, files)) in &digests {
        if args.json {
            serde_json::to_writer(&mut *out, context)?;
            writeln!(out)?;
            continue;
        }
        if matches!(args.channel, Form::Chat) {
            // Every chat has the same short form.
            let chat = setup
                .messages
                .render_digest(context.clone(), Channel::ZaloOa)?;
            writeln!(out, "{}", chat.text.trim_end())?;
            continue;
        }
        let mail = setup
            .messages
            .render_digest(context.clone(), Channel::Email)?;
        let subject = mail.subject.unwrap_or_default();
        let Some(folder) = &args.out else {
            writeln!(out, "[{subject}]\n{}", mail.text.trim_end())?;
            continue;
        };
        let whose = match args.reader {
            ReadBy::Monitor => "",
            ReadBy::Leader => "leader-",
        };
        let named = |kind: &str| format!("digest-{whose}{}-{day}.{kind}", charge.plan.id);
        let html = mail.html.unwrap_or_default();
        let mut written = vec![
            (named("txt"), mail.text.as_bytes()),
            (named("html"), html.as_bytes()),
        ];
        let files = files.iter();
        written.extend(files.map(|file| (named(file.extension), &file.bytes[..])));
        let folder = OutFolder {
            path: folder,
            replace: args.force,
        };
        for path in folder.write(&written)? {
            writeln!(out, "{}", path.display())?;
        }
    }
    Ok(Exit::Fine)
}
