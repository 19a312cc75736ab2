//! From `{event_name, message}` to what came in, whether it was polled or pushed.
//!
//! The documents and what real bots receive differ (`photo` and `photo_url`, wrapped and flat bodies), so each field is
//! looked for under every name it was seen under.

use serde_json::Value;

use crate::channels::lenient;
use crate::domain::delivery::Channel;
use crate::domain::inbound::{Answered, Content, File, Identity, Inbound, Place};

/// Where the address of an attachment may stand, and what kind of file it is then.
const FILES: [(&str, &str); 5] = [
    ("photo_url", "image/*"),
    ("photo", "image/*"),
    ("voice_url", "audio/*"),
    ("voice", "audio/*"),
    ("file_url", "application/octet-stream"),
];

/// Reads an update, flat or wrapped in `result`. `None` for what concerns nobody: an unknown event, a bot.
///
/// # Errors
/// What is missing.
pub(super) fn decode(update: &Value) -> Result<Option<Inbound>, &'static str> {
    let update = match &update["result"] {
        wrapped @ Value::Object(_) => wrapped,
        _ => update,
    };
    let event = update["event_name"].as_str().ok_or("no event_name")?;
    if !(event.starts_with("message.") && event.ends_with(".received")) {
        tracing::debug!(event = %crate::channels::http::printable(event), "an event of Zalo that concerns nobody");
        return Ok(None);
    }
    let message = &update["message"];
    let sender = &message["from"];
    if sender["is_bot"] == Value::Bool(true) {
        return Ok(None);
    }
    let chat = lenient::text(&message["chat"]["id"]).ok_or("no chat.id")?;
    let kind = &message["chat"]["chat_type"];
    let is_kind = |word: &str| {
        kind.as_str()
            .is_some_and(|kind| kind.eq_ignore_ascii_case(word))
    };
    let writer = lenient::text(&sender["id"]);
    // A kind that we do not know is private only where the chat is the person.
    let is_person = writer.as_ref().is_none_or(|writer| *writer == chat);
    let in_group = is_kind("group") || !is_kind("private") && !is_person;
    // In private the chat is the person: it is where an answer goes.
    let (from, place) = if in_group {
        (writer.ok_or("no from.id")?, Place::Group { chat })
    } else {
        (chat, Place::Private)
    };
    let external_id = lenient::text(&message["message_id"])
        .unwrap_or_else(|| lenient::fingerprint(update.to_string().as_bytes()));
    Ok(Some(Inbound {
        channel: Channel::ZaloBot,
        external_id,
        from,
        place,
        sent_at: lenient::instant(&message["date"]),
        identity: Identity::Proven,
        content: content(message),
    }))
}

/// A sticker, and what the platform does not pass on (links, files), give a text without words: somebody wrote, and is
/// answered.
fn content(message: &Value) -> Content {
    let words = lenient::text(&message["text"]).or_else(|| lenient::text(&message["caption"]));
    let replied_to = [
        &message["reply_to_message"]["message_id"],
        &message["reply_to_message_id"],
        &message["quote"]["message_id"],
    ];
    Content::Text {
        text: words.unwrap_or_default(),
        answers: replied_to
            .into_iter()
            .find_map(lenient::text)
            .map(Answered::Provider),
        edited: false,
        files: files(message),
    }
}

fn files(message: &Value) -> Vec<File> {
    let mut files: Vec<File> = Vec::new();
    for (key, media_type) in FILES {
        if let Some(id) = message[key].as_str().filter(|url| url.contains("://"))
            && files.iter().all(|file| file.id != id)
        {
            files.push(File {
                id: id.to_owned(),
                name: None,
                media_type: Some(media_type.to_owned()),
                size: None,
                sha256: None,
                album: None,
            });
        }
    }
    files
}
