//! The sender of the mail channel.

use std::sync::Arc;

use super::compose::{Identity, compose};
use super::config::{EmailConfig, EmailConfigError};
use super::door::Room;
use super::pool::Pool;
use super::verdict::outcome_of;
use crate::channels::message::Message;
use crate::domain::delivery::Outcome;

/// Sends mail through one relay. Clones share its connections.
#[derive(Clone, Debug)]
pub struct EmailSender {
    identity: Arc<Identity>,
    pool: Arc<Pool>,
}

impl EmailSender {
    /// Checks the configuration; connects to nothing.
    ///
    /// # Errors
    /// What in the configuration cannot work.
    pub fn new(config: EmailConfig) -> Result<Self, EmailConfigError> {
        let (identity, pool) = config.validate()?;
        Ok(Self {
            identity: Arc::new(identity),
            pool: Arc::new(pool),
        })
    }

    /// How much may be handed over now: while the relay refuses our login, nothing.
    #[must_use]
    pub fn room(&self) -> Room {
        self.pool.room()
    }

    /// Whether the relay did not accept our login when it was last asked.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.pool.is_refused()
    }

    /// Whether the relay refused several recipients in a row and has taken none since.
    #[must_use]
    pub fn refuses_all(&self) -> bool {
        self.pool.refuses_all()
    }

    /// Closes the connections that no mail is using.
    pub fn hang_up(&self) {
        self.pool.hang_up();
    }

    /// Logs in to the relay and leaves; no mail is handed over.
    ///
    /// # Errors
    /// Why it does not let us in.
    pub async fn knock(&self) -> Result<(), String> {
        let knocked = self.pool.knock().await;
        knocked.map_err(|failure| outcome_of(&failure).reason().unwrap_or_default().to_owned())
    }

    /// Makes one attempt to hand the message to the relay. `Sent` means the relay took it: a rejection can still come
    /// back as a report hours later.
    pub async fn send(&self, message: &Message) -> Outcome {
        let letter = match compose(&self.identity, message) {
            Ok(letter) => letter,
            Err(error) => {
                return Outcome::Rejected {
                    reason: error.to_string(),
                };
            }
        };
        self.pool.deliver(&letter).await
    }
}
