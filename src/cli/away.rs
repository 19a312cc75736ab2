//! `dondoc contact away` and `back`.

use std::io::Write;

use chrono::NaiveDate;
use clap::Args;

use super::config_file::ConfigFile;
use super::day::day;
use super::exit::{Exit, WrongInput};
use super::open::{block_on, load};
use crate::app::absence::{AbsenceError, Deserted, Gap, end_absence, note_absence};
use crate::clock::Clock;
use crate::domain::absence::Absence;
use crate::domain::ids::ContactId;

/// What is said last counts. An absence that is known of the same days is replaced from the first day on: who was away until
/// the 27th and is now said to be away until the 22nd is back on the 23rd.
#[derive(Debug, Args)]
pub struct AwayArgs {
    /// Its short name
    id: String,
    /// First day
    #[arg(long, value_name = "DATE", value_parser = day)]
    from: NaiveDate,
    /// Last day
    #[arg(long, value_name = "DATE", value_parser = day)]
    to: NaiveDate,
    /// Who hears instead, of the same agency; else its other officers, or its head. On days on which the deputy is away too,
    /// the deputy's own deputy or those others hear, and the answer names them
    #[arg(long, value_name = "ID")]
    deputy: Option<String>,
    #[command(flatten)]
    config: ConfigFile,
}

/// Notes an absence.
pub fn away(args: &AwayArgs, out: &mut impl Write) -> anyhow::Result<Exit> {
    let loaded = load(&args.config)?;
    let absence = Absence {
        contact: args.id.as_str().into(),
        from: args.from,
        to: args.to,
        deputy: args.deputy.as_deref().map(Into::into),
    };
    let (today, now) = (Clock::System.today(), Clock::System.now());
    let origin = loaded.origin();
    let noted = block_on(async {
        let db = loaded.open_db().await?;
        let noted = note_absence(&db, &loaded.setup, &origin, &absence, today, now).await;
        db.close().await;
        anyhow::Ok(noted)
    })?;
    let noted = match noted {
        Ok(noted) => noted,
        Err(AbsenceError::Store(error)) => return Err(error.into()),
        Err(error) => return Err(WrongInput(error.to_string()).into()),
    };
    writeln!(out, "{}: {}", absence.contact, in_words(&[&absence]))?;
    for one in &noted.replaced {
        let known = in_words(&[one]);
        if one.from < absence.from {
            let from = absence.from;
            writeln!(out, "replaces what was known from {from} on: {known}")?;
        } else {
            writeln!(out, "replaces what was known: {known}")?;
        }
    }
    for one in &noted.gaps {
        writeln!(out, "warning: {}", gap_in_words(one))?;
    }
    if let Some(below) = &noted.below {
        writeln!(
            out,
            "warning: {below} is an officer: what climbs to {} then ends with who owes the answer; name a deputy head, or nobody, and \
             it goes on to the monitor",
            absence.contact
        )?;
    }
    if let Some(deserted) = &noted.deserted {
        writeln!(out, "warning: {}", deserted_in_words(deserted))?;
    }
    Ok(Exit::Fine)
}

fn gap_in_words(gap: &Gap) -> String {
    let hearers: Vec<&str> = gap.hearers.iter().map(|one| one.id.as_str()).collect();
    let hears = match hearers.as_slice() {
        [] => "nobody hears then, until somebody is back; name another with --deputy".to_owned(),
        some => format!("{} then hears", some.join(", ")),
    };
    format!(
        "{}, who stands in for {}, is away {} to {}: {hears}",
        gap.deputy.id, gap.contact.id, gap.from, gap.to
    )
}

fn deserted_in_words(deserted: &Deserted) -> String {
    let Deserted {
        agency,
        from,
        to,
        hearers,
    } = deserted;
    let hearers: Vec<&str> = hearers.iter().map(|one| one.id.as_str()).collect();
    let hears = match hearers.as_slice() {
        [] => "nobody above it either: what falls due is told on the first day on which somebody is back; name somebody who \
               stands in"
            .to_owned(),
        some => format!("{} hears instead", some.join(", ")),
    };
    format!("nobody of {agency} is left between {from} and {to}: {hears}")
}

/// Ends the absences of a contact.
pub fn back(config: &ConfigFile, id: &ContactId, out: &mut impl Write) -> anyhow::Result<Exit> {
    let loaded = load(config)?;
    let (today, now) = (Clock::System.today(), Clock::System.now());
    let was_away = block_on(async {
        let db = loaded.open_db().await?;
        let was_away = end_absence(&db, &loaded.setup, id, today, now).await;
        db.close().await;
        was_away
    })?;
    if !was_away {
        let problem = format!("{id} is not away: see `dondoc contact list`");
        return Err(WrongInput(problem).into());
    }
    writeln!(out, "{id} is back")?;
    Ok(Exit::Fine)
}

/// `away 2020-03-16 to 2020-03-20, stp.head stands in`.
pub fn in_words(absences: &[&Absence]) -> String {
    let one = |absence: &&Absence| {
        let deputy = absence.deputy.as_ref();
        let stands_in = deputy.map_or_else(String::new, |deputy| format!(", {deputy} stands in"));
        format!("{} to {}{stands_in}", absence.from, absence.to)
    };
    let said: Vec<String> = absences.iter().map(one).collect();
    said.join("; ")
}
