//! From an event of the account to what came in. All ids and instants are strings.

use serde_json::Value;

use super::sender::GROUP;
use crate::channels::file_name;
use crate::channels::http::printable;
use crate::channels::lenient;
use crate::domain::delivery::Channel;
use crate::domain::inbound::{Answered, Content, File, Identity, Inbound, Place};

/// The kinds of attachment that are files; a sticker, a link or a location is none.
const FILES: [(&str, Option<&str>); 5] = [
    ("image", Some("image/*")),
    ("gif", Some("image/gif")),
    ("audio", Some("audio/*")),
    ("video", Some("video/*")),
    ("file", None),
];

/// Reads an event. `None` for what concerns nobody: the echo of what we sent, a receipt, an event of later years.
///
/// # Errors
/// What is missing.
pub(super) fn decode(event: &Value, body: &[u8]) -> Result<Option<Inbound>, &'static str> {
    let name = event["event_name"].as_str().ok_or("no event_name")?;
    let (from, place, content) = match name {
        "follow" => (follower(event)?, Place::Private, Content::Opened),
        "unfollow" => {
            let reason = "the person no longer follows the Official Account".into();
            (follower(event)?, Place::Private, Content::Closed { reason })
        }
        _ if name.starts_with("user_send_group_") => {
            let group = lenient::text(&event["recipient"]["id"]).ok_or("no recipient.id")?;
            let chat = format!("{GROUP}{group}");
            (
                sender(event)?,
                Place::Group { chat },
                content(&event["message"]),
            )
        }
        // Text, and whatever else a person can send: the window of seven days opens again, and an answer is due.
        _ if name.starts_with("user_send_") => {
            (sender(event)?, Place::Private, content(&event["message"]))
        }
        _ => {
            tracing::debug!(event = %printable(name), "an event of Zalo that concerns nobody");
            return Ok(None);
        }
    };
    let external_id = lenient::text(&event["message"]["msg_id"])
        .or_else(|| {
            // Following and leaving have no id of their own, but an instant.
            let stamp = lenient::text(&event["timestamp"])?;
            event["message"]
                .is_null()
                .then(|| format!("{name}:{from}:{stamp}"))
        })
        .unwrap_or_else(|| lenient::fingerprint(body));
    Ok(Some(Inbound {
        channel: Channel::ZaloOa,
        external_id,
        from,
        place,
        sent_at: lenient::instant(&event["timestamp"]),
        identity: Identity::Proven,
        content,
    }))
}

fn sender(event: &Value) -> Result<String, &'static str> {
    lenient::text(&event["sender"]["id"]).ok_or("no sender.id")
}

fn follower(event: &Value) -> Result<String, &'static str> {
    lenient::text(&event["follower"]["id"]).ok_or("no follower.id")
}

fn content(message: &Value) -> Content {
    let attachments = message["attachments"].as_array();
    Content::Text {
        text: lenient::text(&message["text"]).unwrap_or_default(),
        answers: lenient::text(&message["quote_msg_id"]).map(Answered::Provider),
        edited: false,
        files: attachments.into_iter().flatten().filter_map(file).collect(),
    }
}

fn file(attachment: &Value) -> Option<File> {
    let kind = attachment["type"].as_str()?;
    let (_, media_type) = FILES.iter().find(|(known, _)| *known == kind)?;
    let payload = &attachment["payload"];
    // `type` of a file is its media type, or only the end of its name.
    let named = lenient::text(&payload["type"]).filter(|name| name.contains('/'));
    Some(File {
        id: lenient::text(&payload["url"])?,
        name: lenient::text(&payload["name"]).and_then(|name| file_name(&name)),
        media_type: named.or_else(|| media_type.map(str::to_owned)),
        size: lenient::number(&payload["size"]).and_then(|size| u64::try_from(size).ok()),
        sha256: None,
        album: None,
    })
}
