//! `dondoc restore`: puts a copy back, so that nothing happens twice.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::backup::{as_json, print, quoted, shell_url, to_be_told};
use super::config_file::ConfigFile;
use super::exit::{Exit, WrongInput};
use super::open::{block_on, load};
use crate::app::backup::{Restored, Restoring, Settled, TokenFate, restore, settle_in_place};
use crate::app::counted::counted;
use crate::app::open::Loaded;
use crate::clock::Clock;
use crate::config::Database;

/// Put a copy back in the place of the database; the daemon must be stopped
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  dondoc restore backup.db --force\n  dondoc restore backup.db --config other.toml     a try, beside the real one\n\nThe copy is checked first; what is there is kept beside it under another name. What was waiting to be sent is held, for it may have been sent since: `dondoc outbox list` shows it. Briefs of today are not sent again once their hour has passed; codes that were open end. Replies by mail since the backup are read once more from the mailbox, and answered.\nAfter pg_restore of a PostgreSQL database, `dondoc restore --in-place` does the same there."
)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
pub struct RestoreArgs {
    /// The file that `dondoc backup` wrote
    #[arg(required_unless_present = "in_place")]
    file: Option<PathBuf>,
    /// Replace the database that is there
    #[arg(long)]
    force: bool,
    /// Send what may have been sent since all the same, and the briefs of today
    #[arg(long)]
    repeat: bool,
    /// Other tools have put the database back: only make it safe
    #[arg(long, conflicts_with_all = ["file", "force"])]
    in_place: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigFile,
}

/// Runs the command.
pub fn run(args: &RestoreArgs, out: &mut impl Write) -> anyhow::Result<Exit> {
    let loaded = load(&args.config)?;
    let how = Restoring {
        setup: &loaded.setup,
        force: args.force,
        repeat: args.repeat,
        now: Clock::System.now(),
    };
    let restored = match (&loaded.config.database, &args.file) {
        (Database::Sqlite(path), Some(file)) => {
            block_on(async { restore(file, path, how).await.map_err(to_be_told) })?
        }
        (Database::Postgres { .. }, Some(file)) => return Err(by_its_tools(&loaded, file).into()),
        (database, None) => {
            block_on(async { settle_in_place(database, how).await.map_err(to_be_told) })?
        }
    };
    if args.json {
        writeln!(out, "{}", json_of(&restored))?;
    } else {
        tell(&restored, out)?;
    }
    Ok(Exit::Fine)
}

fn by_its_tools(loaded: &Loaded, file: &Path) -> WrongInput {
    let url = shell_url(&loaded.config.database);
    WrongInput(format!(
        "a PostgreSQL database is put back by its own tools, into an empty database:\n  \
         pg_restore --no-owner --exit-on-error --single-transaction --dbname={url} {}\n  \
         dondoc restore --in-place",
        quoted(&file.to_string_lossy())
    ))
}

fn tell(restored: &Restored, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "the database is put back")?;
    print(&restored.contents, out)?;
    if let Some(kept) = &restored.kept {
        writeln!(out, "what was there is kept as {}", kept.display())?;
    }
    let Settled {
        held,
        codes,
        today_is_planned,
        week_is_digested,
        tokens,
        to_erase,
    } = &restored.settled;
    if *held > 0 {
        writeln!(
            out,
            "{held} messages were waiting and may have been sent since: they are held; `dondoc outbox list` shows them, `dondoc outbox retry` sends one"
        )?;
    }
    if *today_is_planned {
        writeln!(
            out,
            "the briefs of today may have been sent: the next are those of the next working day, and tell what was missed"
        )?;
    }
    if *week_is_digested {
        writeln!(
            out,
            "the digest of this week may have been sent: `dondoc digest --out DIR` writes it anew"
        )?;
    }
    if *codes > 0 {
        writeln!(
            out,
            "{} ended that were open: `dondoc contact link` makes new ones",
            counted(codes, "code")
        )?;
    }
    for (account, fate) in tokens {
        let what = match fate {
            TokenFate::Good => "its tokens are good",
            TokenFate::TakenOver => "its tokens are taken over from the database that was replaced",
            TokenFate::Spent => {
                "its tokens were spent since: an administrator of the account has to consent again (see [zalo_oa] in `dondoc config`)"
            }
        };
        writeln!(out, "{account}: {what}")?;
    }
    for contact in to_erase {
        writeln!(
            out,
            "{contact} was erased since: `dondoc erase-contact {contact} --yes` erases them again"
        )?;
    }
    writeln!(
        out,
        "what was reported, decided, linked, unlinked and removed since is not in it: look at `dondoc contact list`, ask for what came by chat; what came by mail is read again"
    )
}

fn json_of(restored: &Restored) -> serde_json::Value {
    let settled = &restored.settled;
    let tokens = settled.tokens.iter().map(|(account, fate)| {
        let fate = match fate {
            TokenFate::Good => "good",
            TokenFate::TakenOver => "taken_over",
            TokenFate::Spent => "spent",
        };
        json!({ "account": account, "tokens": fate })
    });
    json!({
        "contents": as_json(&restored.contents),
        "kept": restored.kept,
        "held": settled.held,
        "codes_ended": settled.codes,
        "today_is_planned": settled.today_is_planned,
        "week_is_digested": settled.week_is_digested,
        "accounts": tokens.collect::<serde_json::Value>(),
        "to_erase": settled.to_erase,
    })
}
