//! The channel of a replay: keeps the messages instead of sending them.

use std::sync::{Arc, Mutex, PoisonError};

use super::message::Message;
use crate::domain::delivery::{Channel, Outcome};

/// Keeps every message it is given, in order. Clones share what they keep.
#[derive(Clone, Debug)]
pub struct MemorySender {
    channel: Channel,
    messages: Arc<Mutex<Vec<Message>>>,
}

impl MemorySender {
    /// An empty one that stands in for `channel`.
    #[must_use]
    pub fn new(channel: Channel) -> Self {
        Self {
            channel,
            messages: Arc::default(),
        }
    }

    /// Keeps the message; every address accepts.
    pub fn send(&self, message: &Message) -> Outcome {
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
