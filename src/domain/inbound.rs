//! What came in: one message, button or piece of news about an address, as its channel decoded it.
//!
//! A channel says who sent it and what stands in it; it decides nothing. What follows from it is decided after it has
//! been stored.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::delivery::Channel;

/// One thing that came in by a channel. Stored as JSON, so a field that is added later needs a default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inbound {
    /// By which channel.
    pub channel: Channel,
    /// The provider's name for it, the same each time it is handed over: what makes it apply once.
    pub external_id: String,
    /// Who sent it, as addresses of the channel are written: a mailbox in lower case, a chat or user id.
    pub from: String,
    /// Where it was written.
    pub place: Place,
    /// When it was sent, as far as the provider says.
    pub sent_at: Option<DateTime<Utc>>,
    /// Whether the sender is who the address says.
    pub identity: Identity,
    /// What it is.
    pub content: Content,
}

/// Where something was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Between the person and us alone; the answer goes to the sender.
    Private,
    /// In a group that others read; the answer goes there.
    Group {
        /// Address of the group.
        chat: String,
    },
}

/// Whether the sender is who the address says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Identity {
    /// The platform says so, or our own token or signature proves it.
    Proven,
    /// Anybody could have written this: it is held for a person and never applied.
    Doubtful {
        /// Why, for the operator.
        reason: String,
    },
}

/// What came in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// Words, files, or both.
    Text {
        /// The words, quoted text and signatures cut; may be empty beside files.
        text: String,
        /// The message of ours that it answers.
        answers: Option<Answered>,
        /// Whether it replaces what the sender wrote before.
        edited: bool,
        /// What was attached.
        files: Vec<File>,
    },
    /// A button under one of our messages.
    Button {
        /// The token that the button carried.
        token: String,
        /// The provider's name for this tap, to tell the phone that it was received.
        tap: String,
        /// The message under which it stands.
        answers: Option<Answered>,
    },
    /// The person let us in: unblocked the bot, followed the account.
    Opened,
    /// The person shut us out: blocked the bot, left the account.
    Closed {
        /// What the provider says.
        reason: String,
    },
    /// The group has another address from now on.
    Moved {
        /// The new one.
        to: String,
    },
    /// A mail of ours came back.
    Bounced {
        /// Which.
        answers: Option<Answered>,
        /// To whom it could not be delivered, where the report says so.
        recipient: Option<String>,
        /// Whether it will never arrive; otherwise the relay still tries.
        forever: bool,
        /// What the report says.
        reason: String,
    },
    /// A machine answered: out of office, a mailing list, a loop. Never a statement of a person.
    Automatic {
        /// How it was recognised.
        reason: String,
    },
    /// The program stumbled over it, and whatever stands in it waits for a person.
    Unreadable {
        /// How.
        reason: String,
    },
}

/// One of our messages, as the channel names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answered {
    /// By the number that its own reply address carries.
    Delivery(i64),
    /// By the provider's id of it, in the same chat.
    Provider(String),
    /// By our own Message-ID, with the angle brackets.
    MessageId(String),
}

/// A file that a person sent: where it is, not what is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// What to ask the provider for.
    pub id: String,
    /// Its name, as the sender wrote it: never a path of ours.
    pub name: Option<String>,
    /// Media type.
    pub media_type: Option<String>,
    /// Bytes.
    pub size: Option<u64>,
    /// SHA-256 of its bytes in hexadecimal digits, where they came through our hands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// The album that it was sent in, where the provider sends each file of one as a message of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub album: Option<String>,
}

impl Inbound {
    /// Whether this is a later version of the message `earlier`: the same bot, chat and number of the message, which
    /// stand before and behind the number of the update.
    #[must_use]
    pub fn is_version_of(&self, earlier: &Self) -> bool {
        let name = |one: &Self| {
            let (bot, rest) = one.external_id.split_once(':')?;
            let (_, message) = rest.rsplit_once(':')?;
            Some((bot.to_owned(), message.to_owned()))
        };
        let is_text = |one: &Self| matches!(one.content, Content::Text { .. });
        self.channel == earlier.channel
            && self.from == earlier.from
            && self.place == earlier.place
            && is_text(self)
            && is_text(earlier)
            && name(self).is_some_and(|own| name(earlier) == Some(own))
    }

    /// The address to which an answer goes.
    #[must_use]
    pub fn answer_to(&self) -> &str {
        match &self.place {
            Place::Private => &self.from,
            Place::Group { chat } => chat,
        }
    }
}
