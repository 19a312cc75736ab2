//! The few commands that are needed, each with a deadline: async-imap has none.

use std::time::Duration;

use async_imap::error::Error;
use async_imap::extensions::idle::IdleResponse;
use async_imap::types::Fetch;
use chrono::{DateTime, NaiveDate, Utc};
use futures_util::{Stream, StreamExt};
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
        const STEP: &str = "searching";
        let query = format!("SINCE {}", day.format("%-d-%b-%Y"));
        match timeout(self.timeouts.command, self.inner.uid_search(query)).await {
            Ok(Ok(uids)) => Ok(uids.into_iter().min()),
            Ok(Err(error)) => Err(Failure::of(STEP, &error)),
            Err(_) => Err(Failure::TimedOut(STEP)),
        }
    }

    /// The mails behind `uid`, in their order. `n:*` always names the last mail, also one that was read: it is left out
    /// (RFC 3501, 6.4.8).
    pub(super) async fn list_behind(&mut self, uid: u32) -> Result<Vec<Listed>, Failure> {
        const STEP: &str = "listing mails";
        let Some(first) = uid.checked_add(1) else {
            return Ok(Vec::new());
        };
        let command = self
            .inner
            .uid_fetch(format!("{first}:*"), "(UID RFC822.SIZE INTERNALDATE)");
        let deadline = self.timeouts.command;
        let mut stream = begin(STEP, deadline, command).await?;
        let mut listed = Vec::new();
        while let Some(fetch) = next(STEP, deadline, &mut stream).await? {
            // Changes of flags are told in between, without what was asked for.
            if let (Some(uid), Some(size)) = (fetch.uid, fetch.size)
                && uid >= first
                && listed.len() < MOST_LISTED
            {
                let arrived_at = fetch.internal_date().map(|at| at.to_utc());
                listed.push(Listed {
                    uid,
                    size,
                    arrived_at,
                });
            }
        }
        drop(stream);
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
        const STEP: &str = "reading a mail";
        let what = match limit {
            Some(limit) => format!("(UID BODY.PEEK[]<0.{limit}>)"),
            None => "(UID BODY.PEEK[])".to_owned(),
        };
        let deadline = self.timeouts.command;
        let mut stream = begin(STEP, deadline, self.inner.uid_fetch(uid.to_string(), what)).await?;
        let mut found = None;
        while let Some(fetch) = next(STEP, deadline, &mut stream).await? {
            if fetch.uid == Some(uid)
                && let Some(body) = fetch.body()
            {
                found = Some(body.to_vec());
            }
        }
        Ok(found)
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

/// Sends a command whose answer comes in pieces.
async fn begin<S>(
    step: &'static str,
    deadline: Duration,
    command: impl Future<Output = Result<S, Error>>,
) -> Result<std::pin::Pin<Box<S>>, Failure> {
    match timeout(deadline, command).await {
        Ok(Ok(stream)) => Ok(Box::pin(stream)),
        Ok(Err(error)) => Err(Failure::of(step, &error)),
        Err(_) => Err(Failure::TimedOut(step)),
    }
}

/// The next piece; `None` at the end of the answer.
async fn next(
    step: &'static str,
    deadline: Duration,
    stream: &mut (impl Stream<Item = Result<Fetch, Error>> + Unpin),
) -> Result<Option<Fetch>, Failure> {
    match timeout(deadline, stream.next()).await {
        Ok(Some(Ok(fetch))) => Ok(Some(fetch)),
        Ok(Some(Err(error))) => Err(Failure::of(step, &error)),
        Ok(None) => Ok(None),
        Err(_) => Err(Failure::TimedOut(step)),
    }
}
