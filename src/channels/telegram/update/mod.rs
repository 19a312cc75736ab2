//! From an update of the Bot API to what came in. Pure.
//!
//! Read field by field and not by teloxide's types: an update of a later API, a field of another shape or a kind that
//! nobody knows costs at most itself. Nothing in it can fail; what means nothing to us is nothing.
//!
//! What a sender does not say in words of their own is no statement of theirs:
//! - of a forwarded message, or one made by another bot for the sender, the words are dropped. Its files stay, for a
//!   forwarded document is how people hand on evidence, and an empty text is answered: silence would pass for agreement;
//! - what a bot, an anonymous administrator or a channel writes is [`Automatic`]: stored, so that an operator finds it,
//!   and never answered, so that no two bots talk to each other.
//!
//! In a group only what is meant for us counts: an answer to a message of ours, our name, or a command.
//!
//! [`Automatic`]: crate::domain::inbound::Content::Automatic

mod files;
mod group;
mod member;
mod message;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::domain::delivery::Channel;
use crate::domain::inbound::{Answered, Content, Identity, Inbound, Place};

/// Who we are to the Bot API.
#[derive(Clone, Copy, Debug)]
pub(in crate::channels::telegram) struct Own<'a> {
    /// The bot's user id.
    pub(in crate::channels::telegram) id: i64,
    /// Its user name, once it is known.
    pub(in crate::channels::telegram) name: Option<&'a str>,
}

/// Whether the update is meant for us can be told only by our user name, which is not known yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::channels::telegram) struct NameNeeded;

impl Own<'_> {
    /// Whether `name`, without the @, is ours.
    fn is_named(self, name: &str) -> Result<bool, NameNeeded> {
        let own = self.name.ok_or(NameNeeded)?;
        Ok(own.eq_ignore_ascii_case(name))
    }
}

/// What an update comes to, before it has its name.
struct Part {
    from: i64,
    place: Place,
    sent_at: Option<DateTime<Utc>>,
    /// Tells it from an update of the same number: the numbers start anew, at random, after a week without updates.
    mark: String,
    content: Content,
}

/// What came in with an update; `None` when it means nothing to us.
pub(in crate::channels::telegram) fn read(
    update: &Value,
    own: Own<'_>,
) -> Result<Option<Inbound>, NameNeeded> {
    let Some(update_id) = update["update_id"].as_i64() else {
        return Ok(None);
    };
    let of = |kind: &str| Some(&update[kind]).filter(|value| value.is_object());
    let part = if let Some(message) = of("message") {
        message::read(message, false, own)?
    } else if let Some(message) = of("edited_message") {
        message::read(message, true, own)?
    } else if let Some(tap) = of("callback_query") {
        read_tap(tap)
    } else if let Some(change) = of("my_chat_member") {
        member::read(change)
    } else {
        None
    };
    Ok(part.map(|part| Inbound {
        channel: Channel::Telegram,
        external_id: format!("{}:{update_id}:{}", own.id, part.mark),
        from: part.from.to_string(),
        place: part.place,
        sent_at: part.sent_at,
        identity: Identity::Proven,
        content: part.content,
    }))
}

/// A tap on a button. Of a message that is too old to be shown only chat and id are told; of none, nothing.
fn read_tap(tap: &Value) -> Option<Part> {
    let id = tap["id"].as_str()?;
    let under = &tap["message"];
    Some(Part {
        from: tap["from"]["id"].as_i64()?,
        place: place_of(&under["chat"]).unwrap_or(Place::Private),
        sent_at: None,
        mark: id.to_owned(),
        content: Content::Button {
            token: tap["data"].as_str()?.to_owned(),
            tap: id.to_owned(),
            answers: under["message_id"].as_i64().map(provider_id),
        },
    })
}

/// Where a chat is; `None` for a channel, in which nobody answers.
fn place_of(chat: &Value) -> Option<Place> {
    match chat["type"].as_str()? {
        "private" => Some(Place::Private),
        "group" | "supergroup" => Some(group_of(chat["id"].as_i64()?)),
        _ => None,
    }
}

fn group_of(chat: i64) -> Place {
    Place::Group {
        chat: chat.to_string(),
    }
}

fn provider_id(message: i64) -> Answered {
    Answered::Provider(message.to_string())
}

/// An instant in Unix seconds; 0 stands for a message that cannot be shown any more.
fn instant(seconds: &Value) -> Option<DateTime<Utc>> {
    let seconds = seconds.as_i64().filter(|seconds| *seconds > 0)?;
    DateTime::from_timestamp(seconds, 0)
}
