//! Configuration -> everything the program runs on: plans, schedules, messages, database, channels.

use std::collections::{BTreeSet, HashMap};
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::Arc;

use chrono::TimeDelta;
use secrecy::ExposeSecret;

use super::AppError;
use super::deliver::Pace;
use super::import::import_new;
use super::inspect;
use super::merge::Merged;
use super::plan_day::Origin;
use super::setup::{Charge, Setup};
use crate::channels::email::{Credentials, EmailConfig, EmailSender, EmailTimeouts, Security};
use crate::channels::telegram::{TelegramConfig, TelegramLimits, TelegramSender, TelegramTimeouts};
use crate::channels::{ConsoleSender, Sender};
use crate::clock::Clock;
use crate::config::{self, Config};
use crate::domain::delivery::Channel;
use crate::domain::directory::Contact;
use crate::files::{Folder, Problem, Problems, load_plan, load_reader, load_schedules};
use crate::messages::Messages;
use crate::store::Db;

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

/// Something in the configuration that shows only when it is used: a secret, a certificate, a host.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unusable(pub String);

/// Loads everything that the configuration names.
///
/// # Errors
/// Every problem of every file at once.
pub fn load(file: Option<&Path>) -> Result<Loaded, Problems> {
    let config = config::load(file)?;
    let mut problems = Problems::default();
    let schedules = load_schedules(&config.schedules)
        .map_err(|found| problems.extend(found))
        .ok();
    let reader = load_reader(&Folder::lexicon())
        .map_err(|found| problems.extend(found))
        .ok();
    let messages = messages(&config)
        .map_err(|found| problems.errors.extend(found))
        .ok();
    let mut charges = Vec::new();
    let mut merged = Merged::default();
    let mut warnings = Vec::new();
    for folder in &config.plans {
        // Without a calendar the plan is still read, so that its own problems are told too.
        let calendar = schedules
            .as_ref()
            .map(|schedules| schedules.calendar.clone())
            .unwrap_or_default();
        match load_plan(folder, &calendar) {
            Ok(loaded) => {
                let (plan, directory, fingerprint) =
                    (loaded.plan, loaded.directory, loaded.fingerprint);
                merged.add(folder, &plan.id, loaded.contacts, &mut problems);
                charges.push(Charge {
                    plan,
                    directory,
                    fingerprint,
                });
                warnings.extend(loaded.warnings);
            }
            Err(found) => problems.extend(found),
        }
    }
    match (schedules, messages, reader) {
        (Some(schedules), Some(messages), Some(reader)) if problems.is_fine() => {
            let setup = Setup {
                charges,
                calendar: schedules.calendar,
                ladder: schedules.ladder,
                jobs: schedules.jobs,
                messages,
                reader,
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

/// The templates, each tried on its samples.
fn messages(config: &Config) -> Result<Messages, Vec<Problem>> {
    let found = match Messages::load(config.messages.as_deref()) {
        Ok(messages) => {
            let found = messages.check();
            if found.is_empty() {
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

/// What is wrong with the templates that the configuration names.
#[must_use]
pub fn problems_of_messages(config: &Config) -> Vec<Problem> {
    messages(config).err().unwrap_or_default()
}

impl Loaded {
    /// Opens the database of the configuration; a plan that it has never seen is imported.
    ///
    /// # Errors
    /// When its password is missing, it cannot be opened, or a newer program has migrated it.
    pub async fn open_db(&self) -> Result<Db, AppError> {
        let target = self
            .config
            .database
            .target()
            .map_err(|error| Unusable(error.to_string()))?;
        let db = inspect::open(target.expose_secret()).await?;
        import_new(&db, &self.setup, &self.contacts, Clock::System.now()).await?;
        Ok(db)
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
        let from = self
            .config
            .email
            .as_ref()
            .map(|email| email.from.trim_end_matches('>').to_owned());
        let domain = from
            .as_deref()
            .and_then(|from| from.rsplit_once('@'))
            .map(|(_, domain)| domain.to_owned());
        Origin {
            domain: domain.unwrap_or_else(|| "dondoc.invalid".to_owned()),
            channels: self.channels(),
        }
    }

    /// The channels that are configured. While none is, only previews run: they show every contact's first choice.
    fn channels(&self) -> BTreeSet<Channel> {
        let config = &self.config;
        let mut channels = BTreeSet::new();
        channels.extend(config.email.is_some().then_some(Channel::Email));
        channels.extend(config.telegram.is_some().then_some(Channel::Telegram));
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

    /// The channels that are configured, ready to send.
    ///
    /// # Errors
    /// What in the configuration cannot work.
    pub fn senders(&self) -> Result<HashMap<Channel, Sender>, Unusable> {
        let mut senders = HashMap::new();
        if let Some(email) = &self.config.email {
            let sender = EmailSender::new(email_config(email)?)
                .map_err(|error| Unusable(format!("[email]: {error}")))?;
            senders.insert(Channel::Email, Sender::Email(sender));
        }
        if let Some(telegram) = &self.config.telegram {
            let config = telegram_config(telegram)?;
            let sender = TelegramSender::new(&config)
                .map_err(|error| Unusable(format!("[telegram]: {error}")))?;
            senders.insert(Channel::Telegram, Sender::Telegram(sender));
        }
        if self.config.console.enabled {
            // For trying out: what would leave by any channel is printed instead.
            for channel in Channel::ALL {
                senders.insert(channel, Sender::Console(ConsoleSender));
            }
        }
        Ok(senders)
    }
}

fn email_config(email: &config::Email) -> Result<EmailConfig, Unusable> {
    let read = |path: &std::path::PathBuf| {
        std::fs::read_to_string(path)
            .map_err(|error| Unusable(format!("[email] root_ca_file {}: {error}", path.display())))
    };
    let login = email.login.as_ref().map(|(username, password)| {
        let password = password
            .reveal()
            .map_err(|error| Unusable(error.to_string()))?;
        Ok(Credentials {
            username: username.clone(),
            password,
        })
    });
    Ok(EmailConfig {
        host: email.host.clone(),
        port: email.port,
        security: match email.security {
            config::Security::Tls => Security::Tls,
            config::Security::Starttls => Security::Starttls,
            config::Security::Plain => Security::Plaintext,
        },
        root_ca_pem: email.root_ca_file.as_ref().map(read).transpose()?,
        credentials: login.transpose()?,
        from: email.from.clone(),
        reply_to: email.reply_to.clone(),
        list_id: email.list_id.clone(),
        pool_size: NonZeroU16::new(email.pool_size).unwrap_or(NonZeroU16::MIN),
        timeouts: EmailTimeouts {
            connect: email.timeouts.connect,
            command: email.timeouts.command,
            accept: email.timeouts.accept,
            idle: email.timeouts.idle,
        },
    })
}

fn telegram_config(telegram: &config::Telegram) -> Result<TelegramConfig, Unusable> {
    Ok(TelegramConfig {
        api_url: telegram.api_url.clone(),
        token: telegram
            .token
            .reveal()
            .map_err(|error| Unusable(error.to_string()))?,
        proxy: telegram.proxy.clone(),
        timeouts: TelegramTimeouts {
            connect: telegram.timeouts.connect,
            total: telegram.timeouts.total,
        },
        limits: TelegramLimits::default(),
    })
}
