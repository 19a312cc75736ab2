//! What one node at a time may do.

use std::fmt;

use crate::domain::delivery::Channel;

/// Something that one of the daemons on a database does for all of them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Duty {
    /// Planning the day, and the digests.
    Day,
    /// Working off the inbox, in the order in which it came.
    Desk,
    /// Sending by a channel: so the limits of its bot, account or relay hold for all nodes together.
    Send(Channel),
    /// Reading the bot or mailbox of that name.
    Receive(String),
}

/// The name of its lease.
impl fmt::Display for Duty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day => f.write_str("day"),
            Self::Desk => f.write_str("desk"),
            Self::Send(channel) => write!(f, "send:{}", channel.as_str()),
            Self::Receive(name) => write!(f, "receive:{name}"),
        }
    }
}

impl Duty {
    /// What the log calls it. The name of a mailbox holds its login, and is left out.
    pub(super) fn in_log(&self) -> String {
        match self {
            Self::Receive(name) => {
                let channel = name
                    .split_once(':')
                    .map_or(name.as_str(), |(channel, _)| channel);
                format!("receive:{channel}")
            }
            duty => duty.to_string(),
        }
    }
}
