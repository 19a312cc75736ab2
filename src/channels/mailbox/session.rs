//! The few commands that are needed, each with a deadline: async-imap has none.

use std::time::Duration;

use async_imap::error::Error;
use async_imap::extensions::idle::IdleResponse;
use async_imap::imap_proto::{AttributeValue, MailboxDatum, Response, Status};
use chrono::{DateTime, NaiveDate, Utc};
use tokio::time::{Instant, timeout};

use super::config::MailboxTimeouts;
use super::connect::Wire;
use crate::channels::ReceiveError;

/// How many mails are listed ahead at most; the rest is listed in the next round.
const MOST_LISTED: usize = 10_000;

/// An opened folder.
#[derive(Debug)]
pub(super) struct Session {
    inner: async_imap::Session<Box<dyn Wire>>,
    pub(super) validity: u32,
    /// The UID that the next mail would have had when the folder was opened.
    pub(super) uid_next: Option<u32>,
    can_idle: bool,
    timeouts: MailboxTimeouts,
    opened_at: Instant,
}

/// A mail in the folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Listed {
    pub(super) uid: u32,
    pub(super) size: u32,
    pub(super) arrived_at: Option<DateTime<Utc>>,
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// OK.
    Well,
    /// NO.
    Refused,
    /// BAD, or worse.
    Misunderstood,
}

/// Why a step failed. No text repeats the server's words: they may hold an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// The connection broke, could not be made, or what came was not IMAP.
    Lost(String),
    /// The step's deadline passed.
    TimedOut(&'static str),
    /// The server says no, and will until somebody changes something.
    Refused(String),
}

impl Failure {
    pub(super) fn of(step: &'static str, error: &Error) -> Self {
        let why = match error {
            Error::Io(error) => error.to_string(),
            Error::No(_) => "the server refused".to_owned(),
            Error::Bad(_) => "the server did not understand".to_owned(),
            Error::ConnectionLost => "the connection was lost".to_owned(),
            _ => "the answer was not IMAP".to_owned(),
        };
        Self::Lost(format!("{step}: {why}"))
    }
}

impl From<Failure> for ReceiveError {
    fn from(failure: Failure) -> Self {
        let later = |reason| Self::Later {
            reason,
            after: None,
        };
        match failure {
            Failure::Lost(why) => later(format!("the mailbox was lost, {why}")),
            Failure::TimedOut(step) => later(format!("the mailbox did not answer in time, {step}")),
            Failure::Refused(why) => Self::Refused(why),
        }
    }
}

impl Session {
    pub(super) fn new(
        inner: async_imap::Session<Box<dyn Wire>>,
        validity: u32,
        uid_next: Option<u32>,
        can_idle: bool,
        timeouts: MailboxTimeouts,
    ) -> Self {
        Self {
            inner,
            validity,
            uid_next,
            can_idle,
            timeouts,
            opened_at: Instant::now(),
        }
    }

    /// How long it has been open.
    pub(super) fn age(&self) -> Duration {
        self.opened_at.elapsed()
    }

    /// The lowest UID that arrived on `day` or later.
    pub(super) async fn first_since(&mut self, day: NaiveDate) -> Result<Option<u32>, Failure> {
        let command = format!("UID SEARCH SINCE {}", day.format("%-d-%b-%Y"));
        let mut first: Option<u32> = None;
        let each = |response: &Response<'_>| {
            if let Response::MailboxData(MailboxDatum::Search(uids)) = response {
                first = uids.iter().copied().chain(first).min();
            }
        };
        self.command("searching", &command, each).await?;
        Ok(first)
    }

    /// The mails behind `uid`, in their order. `n:*` always names the last mail, also one that was read: it is left out
    /// (RFC 3501, 6.4.8).
    pub(super) async fn list_behind(&mut self, uid: u32) -> Result<Vec<Listed>, Failure> {
        let Some(first) = uid.checked_add(1) else {
            return Ok(Vec::new());
        };
        let mut listed = Vec::new();
        let each = |response: &Response<'_>| {
            // Changes of flags are told in between, without what was asked for.
            if let Response::Fetch(_, attributes) = response
                && let Some(mail) = Listed::of(attributes)
                && mail.uid >= first
                && listed.len() < MOST_LISTED
            {
                listed.push(mail);
            }
        };
        let command = format!("UID FETCH {first}:* (UID RFC822.SIZE INTERNALDATE)");
        self.command("listing mails", &command, each).await?;
        listed.sort_by_key(|mail| mail.uid);
        listed.dedup_by_key(|mail| mail.uid);
        Ok(listed)
    }

    /// The bytes of a mail, at most `limit` of them; `None` when it is gone. Nothing is marked as read.
    pub(super) async fn read(
        &mut self,
        uid: u32,
        limit: Option<u32>,
    ) -> Result<Option<Vec<u8>>, Failure> {
        let range = limit
            .map(|limit| format!("<0.{limit}>"))
            .unwrap_or_default();
        let mut found = None;
        let each = |response: &Response<'_>| {
            let Response::Fetch(_, attributes) = response else {
                return;
            };
            let is_it = attributes
                .iter()
                .any(|attribute| matches!(attribute, AttributeValue::Uid(is) if *is == uid));
            let body = attributes.iter().find_map(|attribute| match attribute {
                AttributeValue::BodySection {
                    section: None,
                    data,
                    ..
                } => data.as_ref(),
                _ => None,
            });
            if is_it && let Some(body) = body {
                found = Some(body.to_vec());
            }
        };
        let command = format!("UID FETCH {uid} (UID BODY.PEEK[]{range})");
        self.command("reading a mail", &command, each).await?;
        Ok(found)
    }

    async fn command(
        &mut self,
        step: &'static str,
        command: &str,
        each: impl FnMut(&Response<'_>),
    ) -> Result<(), Failure> {
        let deadline = self.timeouts.command;
        match run(&mut self.inner, step, deadline, command, each).await? {
            Ended::Well => Ok(()),
            Ended::Refused | Ended::Misunderstood => {
                Err(Failure::Lost(format!("{step}: the server refused")))
            }
        }
    }

    /// Waits until something changes in the folder, at most for `longest`. The session is handed back unless it broke.
    pub(super) async fn wait(mut self, longest: Duration) -> Result<Self, Failure> {
        const STEP: &str = "waiting for mail";
        if !self.can_idle {
            tokio::time::sleep(longest).await;
            return Ok(self);
        }
        let deadline = self.timeouts.command;
        let within = |error: &Error| Failure::of(STEP, error);
        let mut idle = self.inner.idle();
        match timeout(deadline, idle.init()).await {
            Ok(result) => result.map_err(|error| within(&error))?,
            Err(_) => return Err(Failure::TimedOut(STEP)),
        }
        let ended = {
            // Its own deadline begins anew with every keep-alive of the server; ours does not.
            let (news, _stop) = idle.wait_with_timeout(longest);
            timeout(longest, news).await
        };
        match ended {
            // The end of the connection looks like an interruption of our own.
            Ok(Ok(IdleResponse::ManualInterrupt)) => {
                return Err(Failure::Lost(format!("{STEP}: the connection was closed")));
            }
            Ok(Err(error)) => return Err(within(&error)),
            Ok(Ok(IdleResponse::NewData(_) | IdleResponse::Timeout)) | Err(_) => {}
        }
        self.inner = match timeout(deadline, idle.done()).await {
            Ok(result) => result.map_err(|error| within(&error))?,
            Err(_) => return Err(Failure::TimedOut(STEP)),
        };
        Ok(self)
    }
}

/// Runs one command; `each` sees what comes before its end. async-imap's own commands take the end of the connection for
/// the end of the answer, and a refusal for an empty one: a mail would be passed over.
pub(super) async fn run(
    session: &mut async_imap::Session<Box<dyn Wire>>,
    step: &'static str,
    deadline: Duration,
    command: &str,
    mut each: impl FnMut(&Response<'_>),
) -> Result<Ended, Failure> {
    let sent = timeout(deadline, session.run_command(command)).await;
    let id = sent
        .map_err(|_| Failure::TimedOut(step))?
        .map_err(|error| Failure::of(step, &error))?;
    loop {
        let response = match timeout(deadline, session.read_response()).await {
            Ok(Ok(Some(response))) => response,
            Ok(Ok(None)) => return Err(Failure::of(step, &Error::ConnectionLost)),
            Ok(Err(error)) => return Err(Failure::of(step, &Error::Io(error))),
            Err(_) => return Err(Failure::TimedOut(step)),
        };
        match response.parsed() {
            Response::Done { tag, status, .. } if *tag == id => {
                return Ok(match status {
                    Status::Ok => Ended::Well,
                    Status::No => Ended::Refused,
                    _ => Ended::Misunderstood,
                });
            }
            response => each(response),
        }
    }
}

impl Listed {
    fn of(attributes: &[AttributeValue<'_>]) -> Option<Self> {
        let (mut uid, mut size, mut arrived_at) = (None, None, None);
        for attribute in attributes {
            match attribute {
                AttributeValue::Uid(is) => uid = Some(*is),
                AttributeValue::Rfc822Size(is) => size = Some(*is),
                AttributeValue::InternalDate(text) => {
                    let date = DateTime::parse_from_str(text.trim(), "%d-%b-%Y %H:%M:%S %z");
                    arrived_at = date.ok().map(|date| date.to_utc());
                }
                _ => {}
            }
        }
        Some(Self {
            uid: uid?,
            size: size?,
            arrived_at,
        })
    }
}
