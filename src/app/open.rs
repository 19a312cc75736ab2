//! Configuration -> everything the program runs on: plans, schedules, messages, database, channels.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::{Arc, LazyLock, OnceLock};

use chrono::TimeDelta;
use secrecy::ExposeSecret;

use super::deliver::Pace;
use super::import::import_new;
use super::merge::Merged;
use super::plan_day::Origin;
use super::risks::{risks, unheard};
pub use super::senders::NO_CHANNEL;
use super::setup::{Charge, Setup};
use super::telegram::telegram;
use super::{AppError, drift, inspect, receivers, senders, zalo};
use crate::channels::telegram::{TelegramFiles, TelegramProfile};
use crate::channels::zalo_oa::Consent;
use crate::channels::{Receiver, Sender, Webhook};
use crate::clock::Clock;
use crate::config::{self, Config};
use crate::domain::delivery::Channel;
use crate::domain::directory::Contact;
pub use crate::files::Problems;
use crate::files::{
    Folder, Problem, load_absence_words, load_orders, load_plan, load_schedules, load_terse,
    shipped_reader,
};
use crate::messages::Messages;
use crate::store::{Db, plans};

/// What the files say, without an error in any of them.
#[derive(Debug)]
pub struct Loaded {
    /// The configuration.
    pub config: Config,
    /// Plans, calendar, ladder, jobs, words.
    pub setup: Arc<Setup>,
    /// The contacts of the files.
    pub contacts: Vec<Contact>,
    /// What a person should look at.
    pub warnings: Vec<Problem>,
}

/// Loads everything that the configuration names.
///
/// # Errors
/// Every problem of every file at once.
pub fn load(file: Option<&Path>) -> Result<Loaded, Problems> {
    let config = config::load(file)?;
    let mut problems = Problems::default();
    let words = Folder::lexicon();
    let messages = messages(&config);
    let schedules = load_schedules(&config.schedules);
    // Without a calendar the plan is still read, so that its own problems are told too.
    let calendar = schedules.as_ref().map(|schedules| &schedules.calendar);
    let calendar = calendar.cloned().unwrap_or_default();
    let plans = config.plans.iter();
    let plans: Vec<_> = plans.map(|folder| load_plan(folder, &calendar)).collect();
    let (absences, orders) = (load_absence_words(&words), load_orders(&words));
    let terse = load_terse(&words);
    let schedules = schedules.map_err(|found| problems.extend(found)).ok();
    let absences = absences.map_err(|found| problems.extend(found)).ok();
    let orders = orders.map_err(|found| problems.extend(found)).ok();
    let terse = terse.map_err(|found| problems.extend(found)).ok();
    let messages = messages.map_err(|found| problems.errors.extend(found)).ok();
    let mut charges = Vec::new();
    let mut merged = Merged::default();
    let mut warnings = risks(&config);
    for (folder, loaded) in config.plans.iter().zip(plans) {
        match loaded {
            Ok(loaded) => {
                let (plan, directory, fingerprint) =
                    (loaded.plan, loaded.directory, loaded.fingerprint);
                merged.add(folder, &plan.id, loaded.contacts, &mut problems);
                charges.push(Charge::new(plan, directory, fingerprint));
                warnings.extend(loaded.warnings);
            }
            Err(found) => problems.extend(found),
        }
    }
    match (schedules, messages, orders, absences, terse) {
        (Some(schedules), Some(messages), Some(orders), Some(absences), Some(terse))
            if problems.is_fine() =>
        {
            let plans = charges.iter().map(|one| (&one.plan, &one.directory));
            warnings.extend(schedules.scoring.unknown(plans));
            let setup = Setup {
                charges,
                calendar: schedules.calendar,
                ladder: schedules.ladder,
                jobs: schedules.jobs,
                scoring: schedules.scoring.rules,
                messages,
                reader: LazyLock::new(shipped_reader),
                orders,
                absences,
                terse,
                key: config.key(),
                privacy: config.privacy,
                unheard: unheard(&config).map(|one| one.channel).collect(),
                units: OnceLock::new(),
            };
            Ok(Loaded {
                config,
                setup: Arc::new(setup),
                contacts: merged.into_contacts(),
                warnings,
            })
        }
        _ => Err(problems),
    }
}

/// The templates, each tried on its samples where an operator may have changed one; what is shipped has been tried by tests.
fn messages(config: &Config) -> Result<Messages, Vec<Problem>> {
    let loaded = match &config.messages {
        Some(folder) => Messages::load(Some(folder)),
        None => Messages::shipped(),
    };
    let found = match loaded {
        Ok(messages) if config.messages.is_none() => return Ok(messages),
        Ok(mut messages) => {
            let found = messages.check();
            if found.is_empty() {
                messages.forget_samples();
                return Ok(messages);
            }
            found
        }
        Err(error) => error.problems,
    };
    let as_ours = |one: crate::messages::Problem| Problem {
        file: one.file.into(),
        line: one.line.unwrap_or(1),
        key: String::new(),
        problem: one.problem,
        remedy: one.remedy,
    };
    Err(found.into_iter().map(as_ours).collect())
}

/// What [`load`] and the daemon would find beside the plans and schedules: in the templates, the channels, the password of
/// the database. A configuration without a channel is for looking only, and said to be.
#[must_use]
pub fn problems_beside_files(config: &Config) -> Problems {
    let mut found = Problems {
        errors: messages(config).err().unwrap_or_default(),
        warnings: risks(config),
    };
    match check_channels(config) {
        Ok(false) => {
            found
                .warnings
                .extend(config.file.as_ref().map(|file| Problem {
                    file: file.clone(),
                    line: 1,
                    key: String::new(),
                    problem: "no channel is configured: `dondoc run` would not start".to_owned(),
                    remedy: senders::NO_CHANNEL.to_owned(),
                }));
        }
        Ok(true) => {}
        Err(problems) => found.extend(problems),
    }
    found
        .errors
        .extend(config.database.target().err().map(|error| error.0));
    found
}

impl Loaded {
    /// Opens the database of the configuration to change it; a plan that it has never seen is imported.
    ///
    /// # Errors
    /// Those of [`Loaded::open_to_correct`], and [`AppError::PlanDiffers`].
    pub async fn open_db(&self) -> Result<Db, AppError> {
        let db = self.open_to_correct().await?;
        drift::refused(db, &self.setup).await
    }

    /// The same even where the files do not say what was agreed: to put that right.
    ///
    /// # Errors
    /// When its password is missing, it cannot be opened, a newer program has migrated it, or it holds another plan and no
    /// configuration was found.
    pub async fn open_to_correct(&self) -> Result<Db, AppError> {
        let (db, _) = self.open_own().await?;
        import_new(&db, &self.setup, &self.contacts, Clock::System.now()).await?;
        Ok(db)
    }

    /// Opens it as [`Loaded::open_to_show`] does, to count by the files what was owed: only where they say what was agreed.
    ///
    /// # Errors
    /// Those of [`Loaded::open_db`].
    pub async fn open_to_count(&self) -> Result<Db, AppError> {
        let db = self.open_to_show().await?;
        drift::refused(db, &self.setup).await
    }

    /// Opens the database of the configuration to show what is in it: nothing of the files comes in where it holds a plan.
    /// Where nothing is configured and there is no database, one in memory is shown, with the plan followed since it was issued.
    ///
    /// # Errors
    /// Those of [`Loaded::open_to_correct`].
    pub async fn open_to_show(&self) -> Result<Db, AppError> {
        if !self.database_exists() {
            return inspect::followed(&self.setup, &self.contacts).await;
        }
        let (db, holds_plan) = self.open_own().await?;
        if !holds_plan {
            import_new(&db, &self.setup, &self.contacts, Clock::System.now()).await?;
        }
        Ok(db)
    }

    /// The database, and whether it holds a plan. What is built in is never taken for the configuration of a database that
    /// holds anything else: its contacts would come to stand among those of that province, and the daemon would write to them.
    async fn open_own(&self) -> Result<(Db, bool), AppError> {
        let target = self.config.database.target()?;
        let db = inspect::open(target.expose_secret()).await?;
        let mut tx = db.snapshot().await?;
        let held = plans::list(&mut tx).await?;
        drop(tx);
        let foreign = held.iter().find(|plan| self.setup.find(&plan.id).is_none());
        let is_known = held.iter().any(|plan| self.setup.find(&plan.id).is_some());
        let why = match &self.config.file {
            None => "there is no dondoc.toml in this folder, so that only the plan that is built in is known: go to the folder of \
                     that file, or name it with --config FILE".to_owned(),
            Some(file) if self.is_of_built_in_plan() && !is_known => format!(
                "{} names no `plans`, so that only the plan that is built in is known: name the folder of the plan there",
                file.display()
            ),
            Some(_) => return Ok((db, !held.is_empty())),
        };
        let Some(plan) = foreign else {
            return Ok((db, !held.is_empty()));
        };
        db.close().await;
        Err(AppError::NoConfiguration {
            database: self.config.database.to_string(),
            plan: plan.id.clone(),
            why,
        })
    }

    /// Whether only the plan that is built in is loaded.
    #[must_use]
    pub fn is_of_built_in_plan(&self) -> bool {
        let is_built_in = |folder: &Folder| matches!(folder, Folder::BuiltIn { .. });
        self.config.plans.iter().all(is_built_in)
    }

    /// Whether the database has been made already; a server is asked when it is opened.
    #[must_use]
    pub fn database_exists(&self) -> bool {
        match &self.config.database {
            config::Database::Sqlite(path) => path.exists(),
            config::Database::Postgres { .. } => true,
        }
    }

    /// Where messages come from, the domain of the sender's address, and the channels they leave by.
    #[must_use]
    pub fn origin(&self) -> Origin {
        let email = self.config.email.as_ref();
        let from = email.map(|email| email.from.trim_end_matches('>'));
        let domain = from.and_then(|from| from.rsplit_once('@'));
        Origin {
            domain: domain
                .map_or("dondoc.invalid", |(_, domain)| domain)
                .to_owned(),
            channels: self.channels(),
        }
    }

    /// The channels that are configured. While none is, only previews run: they show every contact's first choice.
    fn channels(&self) -> BTreeSet<Channel> {
        let config = &self.config;
        let mut channels = BTreeSet::new();
        channels.extend(config.email.is_some().then_some(Channel::Email));
        channels.extend(config.telegram.is_some().then_some(Channel::Telegram));
        channels.extend(config.zalo_bot.is_some().then_some(Channel::ZaloBot));
        channels.extend(config.zalo_oa.is_some().then_some(Channel::ZaloOa));
        if config.console.enabled || channels.is_empty() {
            channels.extend(Channel::ALL);
        }
        channels
    }

    /// How sending behaves, under this process's name.
    #[must_use]
    pub fn pace(&self, owner: String) -> Pace {
        let send = &self.config.send;
        Pace {
            owner,
            lease: TimeDelta::from_std(send.lease).unwrap_or(TimeDelta::minutes(10)),
            retry: send.retry.clone(),
            at_once: usize::from(send.workers),
        }
    }

    /// The channels that are configured, ready to send. What a channel must keep between two starts is kept in `db`.
    ///
    /// # Errors
    /// Everything in the configuration that cannot work.
    pub fn senders(&self, db: &Db) -> Result<HashMap<Channel, Sender>, Problems> {
        senders::senders(&self.config, Some(db))
    }

    /// Whether any channel is configured. Makes nothing and connects to nothing.
    ///
    /// # Errors
    /// Everything in the configuration that keeps a channel from sending or receiving.
    pub fn can_send(&self) -> Result<bool, Problems> {
        check_channels(&self.config)
    }

    /// The channels that are asked for what came in.
    ///
    /// # Errors
    /// Everything in the configuration that cannot work.
    pub fn receivers(&self) -> Result<Vec<Receiver>, Problems> {
        receivers::receivers(
            &self.config,
            &self.setup.messages.commands(),
            &self.origin().domain,
        )
    }

    /// The channels that push what came in.
    ///
    /// # Errors
    /// Everything in the configuration that cannot work.
    pub fn webhooks(&self) -> Result<Vec<Webhook>, Problems> {
        receivers::webhooks(&self.config, &self.setup.messages.commands())
    }

    /// The webhooks that `[web]` serves, each with its path.
    ///
    /// # Errors
    /// Everything in the configuration that cannot work.
    pub fn routes(&self) -> Result<Vec<(String, Webhook)>, Problems> {
        receivers::routes(&self.config, &self.setup.messages.commands())
    }

    /// The refresh token that a consent of the Zalo Official Account gave, if it is where the configuration says.
    #[must_use]
    pub fn consent(&self) -> Option<Consent> {
        self.config.zalo_oa.as_ref().and_then(zalo::consent)
    }

    /// What tells who the Telegram bot is, when one is configured.
    ///
    /// # Errors
    /// What in the configuration cannot work.
    pub fn telegram_profile(&self) -> Result<Option<TelegramProfile>, Problem> {
        telegram(&self.config, TelegramProfile::new)
    }

    /// What fetches the files that people sent to the Telegram bot, when one is configured.
    ///
    /// # Errors
    /// What in the configuration cannot work.
    pub fn telegram_files(&self) -> Result<Option<TelegramFiles>, Problem> {
        telegram(&self.config, TelegramFiles::new)
    }
}

/// Whether any channel is configured, or everything that keeps one from sending or receiving.
fn check_channels(config: &Config) -> Result<bool, Problems> {
    let mut found = Problems::default();
    let can_send = match senders::senders(config, None) {
        Ok(senders) => !senders.is_empty() || config.zalo_oa.is_some(),
        Err(problems) => {
            found.extend(problems);
            true
        }
    };
    let receiving = [
        receivers::receivers(config, &[], "").err(),
        receivers::routes(config, &[]).err(),
    ];
    for problem in receiving.into_iter().flatten().flat_map(|one| one.errors) {
        // A bot without a token can neither send nor receive: that is one problem.
        if !found.errors.contains(&problem) {
            found.errors.push(problem);
        }
    }
    if found.is_fine() {
        Ok(can_send)
    } else {
        Err(found)
    }
}
