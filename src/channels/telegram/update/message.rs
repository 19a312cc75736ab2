//! Messages, written and edited.

use serde_json::Value;

use super::{NameNeeded, Own, Part, files, group, group_of, instant, place_of, provider_id};
use crate::domain::inbound::{Answered, Content, Place};

/// What Telegram itself writes into a chat. Nobody said it, so it is not answered either; a kind that is not listed
/// here is taken for something that a person sent and we cannot read.
const SERVICE: [&str; 31] = [
    "boost_added",
    "channel_chat_created",
    "chat_background_set",
    "chat_owner_changed",
    "chat_owner_left",
    "chat_shared",
    "connected_website",
    "delete_chat_photo",
    "forum_topic_closed",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_reopened",
    "general_forum_topic_hidden",
    "general_forum_topic_unhidden",
    "group_chat_created",
    "left_chat_member",
    "message_auto_delete_timer_changed",
    "new_chat_members",
    "new_chat_photo",
    "new_chat_title",
    "passport_data",
    "pinned_message",
    "proximity_alert_triggered",
    "refunded_payment",
    "successful_payment",
    "supergroup_chat_created",
    "users_shared",
    "video_chat_ended",
    "video_chat_scheduled",
    "video_chat_started",
    "write_access_allowed",
];

/// What shows that the words are another's: a forward, in the forms of Bot API 7 and before, or an inline bot.
const BORROWED: [&str; 6] = [
    "forward_origin",
    "forward_date",
    "forward_from",
    "forward_from_chat",
    "forward_sender_name",
    "via_bot",
];

/// Reads a message; `None` when it is not meant for us or nobody said it.
pub(super) fn read(
    message: &Value,
    edited: bool,
    own: Own<'_>,
) -> Result<Option<Part>, NameNeeded> {
    let Some(place) = place_of(&message["chat"]) else {
        return Ok(None);
    };
    if let Some(part) = read_move(message) {
        return Ok(Some(part));
    }
    let Some(from) = message["from"]["id"].as_i64() else {
        return Ok(None);
    };
    let has = |key: &&str| !message[*key].is_null();
    if SERVICE.iter().any(has) {
        return Ok(None);
    }
    let borrowed = BORROWED.iter().any(has);
    let words = match (&place, borrowed) {
        (Place::Private, true) => Some(String::new()),
        (Place::Private, false) if group::is_of_another(message, own)? => None,
        (Place::Private, false) => Some(text_of(message).to_owned()),
        (Place::Group { .. }, true) => None,
        (Place::Group { .. }, false) => group::words_for_us(message, own)?,
    };
    let Some(text) = words else {
        return Ok(None);
    };
    let files = files::of(message);
    // A moving location and the preview of a link arrive as edits too; there is nothing to read anew.
    if edited && text.trim().is_empty() && files.is_empty() {
        return Ok(None);
    }
    let content = match automatic(message) {
        Some(reason) => Content::Automatic {
            reason: reason.to_owned(),
        },
        None => Content::Text {
            text,
            answers: answered(message, own),
            edited,
            files,
        },
    };
    Ok(Some(Part {
        from,
        place,
        sent_at: sent_at(message),
        mark: mark(message),
        content,
    }))
}

/// A group that became a supergroup says so twice: in the old chat and in the new one.
fn read_move(message: &Value) -> Option<Part> {
    let here = message["chat"]["id"].as_i64()?;
    let (old, new) = match (
        message["migrate_to_chat_id"].as_i64(),
        message["migrate_from_chat_id"].as_i64(),
    ) {
        (Some(new), _) => (here, new),
        (None, Some(old)) => (old, here),
        (None, None) => return None,
    };
    Some(Part {
        from: message["from"]["id"].as_i64().unwrap_or(here),
        place: group_of(old),
        sent_at: sent_at(message),
        mark: mark(message),
        content: Content::Moved {
            to: new.to_string(),
        },
    })
}

/// Text or caption.
pub(super) fn text_of(message: &Value) -> &str {
    let text = message["text"].as_str();
    text.or_else(|| message["caption"].as_str())
        .unwrap_or_default()
}

/// The message of ours that it replies to. In a forum everything "replies" to the opening of its topic.
pub(super) fn answered(message: &Value, own: Own<'_>) -> Option<Answered> {
    let replied = &message["reply_to_message"];
    let ours = replied["from"]["id"].as_i64() == Some(own.id);
    let topic = !replied["forum_topic_created"].is_null();
    (ours && !topic)
        .then(|| replied["message_id"].as_i64().map(provider_id))
        .flatten()
}

/// Why it is no statement of a person.
fn automatic(message: &Value) -> Option<&'static str> {
    if !message["sender_chat"].is_null() {
        Some("written in the name of a chat, not of a person")
    } else if message["from"]["is_bot"].as_bool() == Some(true) {
        Some("written by a bot")
    } else {
        None
    }
}

/// When these words were written: an edited text when it was edited.
fn sent_at(message: &Value) -> Option<chrono::DateTime<chrono::Utc>> {
    instant(&message["edit_date"]).or_else(|| instant(&message["date"]))
}

fn mark(message: &Value) -> String {
    message["message_id"]
        .as_i64()
        .unwrap_or_default()
        .to_string()
}
