//! The receiver of the mail channel.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::Instant;

use super::config::{MailboxConfig, MailboxConfigError};
use super::connect::Server;
use super::cursor::Cursor;
use super::decode::{Decoder, Stored, unreadable};
use super::session::{Failure, Listed, Session};
use crate::channels::{Batch, Now, ReceiveError};
use crate::domain::inbound::Inbound;

/// A mail over this size is read only at its beginning: the words come first, scans behind them.
const LARGE: u32 = 10 * 1024 * 1024;
const BEGINNING: u32 = 256 * 1024;
/// A batch has at most so many mails and bytes, but at least one mail.
const MOST_MAILS: usize = 20;
const MOST_BYTES: u64 = 20 * 1024 * 1024;
/// How long the decoding of one mail may take before it is left to a person, and how long a batch may take until what it
/// has is stored.
const DECODING: Duration = Duration::from_secs(10);
const LONGEST_BATCH: Duration = Duration::from_secs(20);
/// How far back the first reading of a folder goes: replies to what was just sent, not an archive.
const FIRST_LOOK: TimeDelta = TimeDelta::days(2);
/// How far back a folder is read again whose numbers were given anew; what is known already is recognised.
const SECOND_LOOK: TimeDelta = TimeDelta::days(30);
/// A session is replaced after this time, in case it has gone deaf without breaking.
const OLDEST: Duration = Duration::from_hours(1);

/// Reads replies, bounces and automatic mails from one folder.
#[derive(Debug)]
pub struct MailboxReceiver {
    server: Server,
    decoder: Arc<Decoder>,
    now: Now,
    /// The open session. It is taken out while it is used: a call that is dropped half-way drops it too, and the next
    /// one begins anew.
    session: Option<Session>,
}

impl MailboxReceiver {
    /// Checks the configuration; connects to nothing.
    ///
    /// # Errors
    /// What in the configuration cannot work.
    pub fn new(config: MailboxConfig) -> Result<Self, MailboxConfigError> {
        let now = config.now.clone();
        let (server, decoder) = config.validate()?;
        Ok(Self {
            server,
            decoder: Arc::new(decoder),
            now,
            session: None,
        })
    }

    /// What its lease and its cursor are called.
    #[must_use]
    pub fn name(&self) -> String {
        let Server {
            host,
            credentials,
            folder,
            ..
        } = &self.server;
        format!("email:{}@{host}/{folder}", credentials.username)
    }

    /// Logs in, opens the folder and leaves; nothing is read.
    ///
    /// # Errors
    /// Why that cannot be done.
    pub async fn knock(&self) -> Result<(), ReceiveError> {
        Ok(self.server.open().await.map(drop)?)
    }

    /// Brings the mails behind `cursor`; waits for one if there is none. It may be dropped at any moment.
    pub(in crate::channels) async fn receive(
        &mut self,
        cursor: Option<&str>,
    ) -> Result<Batch, ReceiveError> {
        self.bring(cursor, self.server.timeouts.wait).await
    }

    /// Brings the mails behind `cursor`, and waits for none. It may be dropped at any moment.
    pub(in crate::channels) async fn fetch(
        &mut self,
        cursor: Option<&str>,
    ) -> Result<Batch, ReceiveError> {
        self.bring(cursor, Duration::ZERO).await
    }

    /// The place of the first mail behind `cursor`; nothing of it is read.
    pub(in crate::channels) async fn peek(
        &mut self,
        cursor: Option<&str>,
    ) -> Result<Option<String>, ReceiveError> {
        let (session, _, first) = self.first_behind(cursor).await?;
        let at = first.map(|mail| place(session.validity, mail.uid).to_string());
        self.session = Some(session);
        Ok(at)
    }

    /// Brings the first mail behind `cursor` alone, or leaves it unread for this reason.
    pub(in crate::channels) async fn bring_one(
        &mut self,
        cursor: Option<&str>,
        left_unread: Option<&str>,
    ) -> Result<Batch, ReceiveError> {
        let (mut session, mut at, first) = self.first_behind(cursor).await?;
        let mut inbound = Vec::new();
        if let Some(mail) = first {
            inbound.extend(match left_unread {
                Some(why) => {
                    let name = format!("{}:{}", session.validity, mail.uid);
                    tracing::error!(
                        mail = name,
                        why,
                        "a mail is left unread: it waits for a person"
                    );
                    Some(unreadable(&name, mail.arrived_at, why))
                }
                None => self.read(&mut session, mail).await?,
            });
            at = place(session.validity, mail.uid);
        }
        self.session = Some(session);
        let cursor = Some(at.to_string());
        Ok(Batch { inbound, cursor })
    }

    async fn first_behind(
        &mut self,
        cursor: Option<&str>,
    ) -> Result<(Session, Cursor, Option<Listed>), Failure> {
        let cursor = cursor.and_then(Cursor::parse);
        let kept = self.session.take().filter(|session| session.age() < OLDEST);
        let mut session = match kept {
            Some(session) => session,
            None => self.server.open().await?,
        };
        let at = match cursor {
            Some(cursor) if cursor.validity == session.validity => cursor,
            other => start(&mut session, other.is_some(), self.now.get()).await?,
        };
        let listed = session.list_behind(at.uid).await?;
        Ok((session, at, listed.first().copied()))
    }

    async fn bring(&mut self, cursor: Option<&str>, wait: Duration) -> Result<Batch, ReceiveError> {
        let cursor = cursor.and_then(Cursor::parse);
        if let Some(session) = self.session.take().filter(|session| session.age() < OLDEST) {
            match self.bring_by(session, cursor, wait).await {
                // A kept session that broke says nothing about the server: one fresh one is tried at once.
                Err(Failure::Lost(_) | Failure::TimedOut(_)) => {}
                result => return Ok(result?),
            }
        }
        let session = self.server.open().await?;
        Ok(self.bring_by(session, cursor, wait).await?)
    }

    async fn bring_by(
        &mut self,
        mut session: Session,
        cursor: Option<Cursor>,
        wait: Duration,
    ) -> Result<Batch, Failure> {
        let mut until = None;
        let mut at = match cursor {
            Some(cursor) if cursor.validity == session.validity => cursor,
            other => start(&mut session, other.is_some(), self.now.get()).await?,
        };
        loop {
            let listed = session.list_behind(at.uid).await?;
            let chosen = first_batch(&listed);
            let mut inbound = Vec::new();
            let began = Instant::now();
            for mail in chosen {
                inbound.extend(self.read(&mut session, *mail).await?);
                at.uid = mail.uid;
                if began.elapsed() >= LONGEST_BATCH {
                    break;
                }
            }
            let until = *until.get_or_insert_with(|| Instant::now() + wait);
            let left = until.saturating_duration_since(Instant::now());
            if !chosen.is_empty() || left.is_zero() {
                self.session = Some(session);
                return Ok(Batch {
                    inbound,
                    cursor: Some(at.to_string()),
                });
            }
            session = session.wait(left).await?;
        }
    }

    /// One mail; `None` when somebody has removed it in the meantime.
    async fn read(&self, session: &mut Session, mail: Listed) -> Result<Option<Inbound>, Failure> {
        let limit = (mail.size > LARGE).then_some(BEGINNING);
        let Some(raw) = session.read(mail.uid, limit).await? else {
            return Ok(None);
        };
        let stored = Stored {
            raw,
            is_cut: limit.is_some(),
            name: format!("{}:{}", session.validity, mail.uid),
            arrived_at: mail.arrived_at,
        };
        Ok(Some(self.decode(stored).await))
    }

    /// What came in with a mail. One that cannot be decoded, or not in time, is named for a person, and those behind it are
    /// read.
    async fn decode(&self, stored: Stored) -> Inbound {
        let (decoder, now) = (Arc::clone(&self.decoder), self.now.get());
        let (name, arrived_at) = (stored.name.clone(), stored.arrived_at);
        let decoding = tokio::task::spawn_blocking(move || decoder.decode(&stored, now));
        let why = match tokio::time::timeout(DECODING, decoding).await {
            Ok(Ok(inbound)) => return inbound,
            Ok(Err(_)) => "a fault of the program",
            Err(_) => "it takes too long",
        };
        tracing::error!(
            mail = name,
            why,
            "a mail cannot be decoded: it waits for a person"
        );
        unreadable(&name, arrived_at, why)
    }
}

fn place(validity: u32, uid: u32) -> Cursor {
    Cursor { validity, uid }
}

/// Where reading begins without a cursor that counts.
async fn start(session: &mut Session, again: bool, now: DateTime<Utc>) -> Result<Cursor, Failure> {
    // Servers count days in a zone of their own.
    let back = if again { SECOND_LOOK } else { FIRST_LOOK } + TimeDelta::days(1);
    let first = session.first_since((now - back).date_naive()).await?;
    let first = first.or(session.uid_next).unwrap_or(1);
    Ok(Cursor {
        validity: session.validity,
        uid: first.saturating_sub(1),
    })
}

/// As many mails as one batch may have.
fn first_batch(listed: &[Listed]) -> &[Listed] {
    let mut bytes = 0;
    let many = listed
        .iter()
        .take(MOST_MAILS)
        .take_while(|mail| {
            bytes += u64::from(if mail.size > LARGE {
                BEGINNING
            } else {
                mail.size
            });
            bytes <= MOST_BYTES
        })
        .count();
    &listed[..many.max(1).min(listed.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(sizes: &[u32]) -> Vec<Listed> {
        let mail = |(index, size): (usize, &u32)| Listed {
            uid: u32::try_from(index).unwrap() + 1,
            size: *size,
            arrived_at: None,
        };
        sizes.iter().enumerate().map(mail).collect()
    }

    #[test]
    fn a_batch_is_bounded_in_number_and_bytes_and_never_empty() {
        let megabyte = 1024 * 1024;
        for (sizes, expected) in [
            (vec![], 0),
            (vec![100; 5], 5),
            (vec![100; 50], MOST_MAILS),
            (vec![9 * megabyte; 5], 2),
            (vec![u32::MAX; 5], 5),
        ] {
            assert_eq!(first_batch(&listed(&sizes)).len(), expected, "{sizes:?}");
        }
    }
}
