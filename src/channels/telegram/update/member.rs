//! What became of our own membership of a chat: blocked and unblocked, added and removed.

use serde_json::Value;

use super::{Part, instant, place_of};
use crate::domain::inbound::{Content, Place};

/// Reads a change of our membership; `None` when we may write as before.
pub(super) fn read(change: &Value) -> Option<Part> {
    let place = place_of(&change["chat"])?;
    let (old, new) = (&change["old_chat_member"], &change["new_chat_member"]);
    let content = match (may_write(old), may_write(new)?) {
        (_, false) => Content::Closed {
            reason: reason(new, &place).to_owned(),
        },
        (Some(true), true) => return None,
        (_, true) => Content::Opened,
    };
    Some(Part {
        from: change["from"]["id"].as_i64()?,
        place,
        sent_at: instant(&change["date"]),
        mark: change["date"].as_i64().unwrap_or_default().to_string(),
        content,
    })
}

/// Whether a member of that state may write; `None` for a state that nobody knows yet.
fn may_write(member: &Value) -> Option<bool> {
    let is_not_off = |key: &str| member[key].as_bool() != Some(false);
    match member["status"].as_str()? {
        "creator" | "administrator" | "member" => Some(true),
        "restricted" => Some(is_not_off("is_member") && is_not_off("can_send_messages")),
        "left" | "kicked" => Some(false),
        _ => None,
    }
}

fn reason(member: &Value, place: &Place) -> &'static str {
    match (place, member["status"].as_str()) {
        (Place::Private, _) => "the person blocked the bot",
        (Place::Group { .. }, Some("restricted")) => "the bot may not write in the group",
        (Place::Group { .. }, _) => "the bot was removed from the group",
    }
}
