//! The channel of a replay: keeps the messages instead of sending them.

use std::sync::{Arc, Mutex, PoisonError};

use super::message::Message;
use super::receiver::{Batch, ReceiveError};
use crate::domain::delivery::{Channel, Outcome};
use crate::domain::inbound::Inbound;

/// Keeps every message it is given, in order. Clones share what they keep.
#[derive(Clone, Debug)]
pub struct MemorySender {
    channel: Channel,
    messages: Arc<Mutex<Vec<Message>>>,
    stumbles_over: Arc<Mutex<Option<String>>>,
    is_full: Arc<Mutex<Option<String>>>,
}

impl MemorySender {
    /// An empty one that stands in for `channel`.
    #[must_use]
    pub fn new(channel: Channel) -> Self {
        Self {
            channel,
            messages: Arc::default(),
            stumbles_over: Arc::default(),
            is_full: Arc::default(),
        }
    }

    /// Has it panic over every message to `address` from now on, as a channel does that has a fault.
    pub fn stumble_over(&self, address: &str) {
        let mut stumbles_over = self
            .stumbles_over
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *stumbles_over = Some(address.to_owned());
    }

    /// Has it take nothing for `address` from now on, as of a mailbox that is full; `None` has it take everything again.
    pub fn fill(&self, address: Option<&str>) {
        let mut is_full = self.is_full.lock().unwrap_or_else(PoisonError::into_inner);
        *is_full = address.map(str::to_owned);
    }

    /// Keeps the message; every address accepts that is not full.
    ///
    /// # Panics
    /// Where it was told to.
    pub fn send(&self, message: &Message) -> Outcome {
        let stumbles_over = self
            .stumbles_over
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        assert!(
            stumbles_over.as_ref() != Some(&message.to),
            "told to stumble"
        );
        let is_full = self.is_full.lock().unwrap_or_else(PoisonError::into_inner);
        if is_full.as_ref() == Some(&message.to) {
            return Outcome::Retry {
                after: None,
                reason: "the mailbox is full".to_owned(),
            };
        }
        drop(is_full);
        self.lock().push(message.clone());
        Outcome::Sent {
            provider_id: String::new(),
        }
    }

    /// The messages kept since the last call; they are handed over.
    #[must_use]
    pub fn take(&self) -> Vec<Message> {
        std::mem::take(&mut *self.lock())
    }

    /// The channel it stands in for.
    #[must_use]
    pub fn channel(&self) -> Channel {
        self.channel
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Message>> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Brings what it is handed, once and in order. Clones share it.
#[derive(Clone, Debug)]
pub struct MemoryReceiver {
    channel: Channel,
    waiting: tokio::sync::watch::Sender<Vec<Inbound>>,
    acknowledged: Arc<Mutex<Vec<String>>>,
}

impl MemoryReceiver {
    /// An empty one that stands in for `channel`.
    #[must_use]
    pub fn new(channel: Channel) -> Self {
        Self {
            channel,
            waiting: tokio::sync::watch::Sender::default(),
            acknowledged: Arc::default(),
        }
    }

    /// Hands it something that came in.
    pub fn push(&self, inbound: Inbound) {
        self.waiting.send_modify(|waiting| waiting.push(inbound));
    }

    /// The external ids that were acknowledged since the last call.
    #[must_use]
    pub fn take_acknowledged(&self) -> Vec<String> {
        std::mem::take(
            &mut *self
                .acknowledged
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }

    /// The channel it stands in for.
    #[must_use]
    pub fn channel(&self) -> Channel {
        self.channel
    }

    pub(super) async fn receive(&self, _cursor: Option<&str>) -> Result<Batch, ReceiveError> {
        let mut changes = self.waiting.subscribe();
        // It cannot close: this value holds the sender.
        let _ = changes.wait_for(|waiting| !waiting.is_empty()).await;
        Ok(self.fetch())
    }

    pub(super) fn fetch(&self) -> Batch {
        Batch {
            inbound: self.waiting.send_replace(Vec::new()),
            cursor: None,
        }
    }

    pub(super) async fn acknowledge(&self, stored: &[Inbound]) {
        tokio::task::yield_now().await;
        self.acknowledged
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend(stored.iter().map(|one| one.external_id.clone()));
    }
}
