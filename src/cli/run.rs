//! `dondoc run`: the daemon.

use std::sync::Arc;
use std::time::Instant;

use anyhow::Context;
use clap::Args;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::config_file::ConfigFile;
use super::exit::{Exit, WrongInput, told};
use super::open::{block_on, load};
use super::supervisor::{self, Supervisor};
use crate::app::caution::Caution;
use crate::app::daemon::{Daemon, Reloaded, Wish};
use crate::app::deliver::{Aloft, Deliverer};
use crate::app::open::{Loaded, NO_CHANNEL};
use crate::app::pulse::Beat;
use crate::clock::Clock;
use crate::web;

/// Run the daemon until SIGTERM or SIGINT; SIGHUP loads the files again
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  dondoc config > dondoc.toml     then name the mail relay in it\n  dondoc run --config dondoc.toml"
)]
pub struct RunArgs {
    #[command(flatten)]
    config: ConfigFile,
}

/// Runs the command.
pub fn run(args: &RunArgs) -> anyhow::Result<Exit> {
    let started = Instant::now();
    let loaded = load(&args.config)?;
    super::open::init_logging(&loaded.config);
    tell_warnings(&loaded);
    block_on(serve(args, loaded, started))?;
    Ok(Exit::Fine)
}

async fn serve(args: &RunArgs, loaded: Loaded, started: Instant) -> anyhow::Result<()> {
    if !loaded.can_send()? {
        return Err(WrongInput(format!("no channel is configured: {NO_CHANNEL}")).into());
    }
    // Before anything is done, so that no signal finds the process half-way.
    let mut terminate = signal(SignalKind::terminate()).context("listening for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("listening for SIGINT")?;
    let mut hangup = signal(SignalKind::hangup()).context("listening for SIGHUP")?;
    supervisor::tell_opening();
    let db = loaded.open_db().await?;
    let senders = loaded.senders(&db)?;
    let mut daemon = Daemon::new(Deliverer {
        db,
        setup: loaded.setup.clone(),
        senders: senders.into(),
        origin: loaded.origin(),
        pace: loaded.pace(format!("{}-{:08x}", std::process::id(), fresh_number())),
        clock: Clock::System,
        signs: Arc::default(),
        beat: Beat::default(),
        aloft: Aloft::default(),
        caution: Caution::default(),
    });
    daemon.receivers = loaded.receivers()?;
    daemon.import(&loaded.contacts).await?;
    let (wish, wishes) = watch::channel(Wish::Run);
    let webhooks = web::open(&loaded, Arc::new(daemon.intake()), wishes.clone()).await?;
    let webhooks = webhooks.map(|(_, serving)| tokio::spawn(serving));
    let watching = web::open_watch(&loaded, daemon.watcher(), wishes.clone()).await?;
    let watching = watching.map(|(_, serving)| tokio::spawn(serving));
    tokio::spawn(Supervisor::of(&daemon, wishes.clone()).tell_all());
    tracing::info!(elapsed_ms = started.elapsed().as_millis(), "started");
    let path = args.config.clone();
    let began_built_in = loaded.is_of_built_in_plan();
    let began_with = loaded.config.clone();
    let serving = daemon.run(wishes, move || match load(&path) {
        // It was there at the start: without it no channel is configured, and nothing starts.
        Ok(loaded) if loaded.config.file.is_none() => {
            tracing::error!("there is no dondoc.toml in this folder any more: put it back, then send SIGHUP again");
            None
        }
        Ok(loaded) if loaded.is_of_built_in_plan() && !began_built_in => {
            tracing::error!("the configuration names no `plans` any more: name them, or start the daemon anew");
            None
        }
        Ok(loaded) => {
            tell_warnings(&loaded);
            tell_kept(&began_with.kept_until_restart(&loaded.config));
            Some(Reloaded {
                consent: loaded.consent(),
                setup: loaded.setup,
                contacts: loaded.contacts,
            })
        }
        Err(error) => {
            tracing::error!("{}", told(&error));
            None
        }
    });
    let mut serving = std::pin::pin!(serving);
    let mut reloads = 0;
    loop {
        tokio::select! {
            result = &mut serving => {
                drop(wish);
                for serving in [webhooks, watching].into_iter().flatten() {
                    serving.await.context("serving over HTTP")?;
                }
                return Ok(result?);
            }
            _ = terminate.recv() => { wish.send_replace(Wish::Stop); }
            _ = interrupt.recv() => { wish.send_replace(Wish::Stop); }
            _ = hangup.recv() => {
                reloads += 1;
                wish.send_replace(Wish::Reload(reloads));
            }
        }
    }
}

fn tell_warnings(loaded: &Loaded) {
    for warning in &loaded.warnings {
        tracing::warn!("{warning}");
    }
}

/// Says which settings have changed and are not taken.
fn tell_kept(sections: &[&str]) {
    if !sections.is_empty() {
        tracing::warn!(
            sections = sections.join(", "),
            "these settings have changed since the start and are taken by a restart only: until then the old ones are in force"
        );
    }
}

/// Tells one start of the program from another that got the same process number.
#[expect(
    clippy::disallowed_methods,
    reason = "the name of a process needs no seed and is never replayed"
)]
fn fresh_number() -> u32 {
    rand::random()
}
