//! What of the talk in a group is meant for us.
//!
//! With privacy mode on, Telegram lets a bot see little else; an administrator's bot sees everything.

use serde_json::Value;

use super::message::{answered, text_of};
use super::{NameNeeded, Own};

/// The words of a message that is meant for us, without our name in them: it answers a message of ours, names us, or is
/// a command that names no other bot.
pub(super) fn words_for_us(message: &Value, own: Own<'_>) -> Result<Option<String>, NameNeeded> {
    let text = text_of(message);
    match Form::of(text) {
        Form::Command => return Ok(Some(text.to_owned())),
        Form::CommandTo(bot) => return Ok(own.is_named(bot)?.then(|| text.to_owned())),
        Form::Talk => {}
    }
    let (words, named) = without_our_name(text, entities_of(message), own)?;
    Ok((named || answered(message, own).is_some()).then_some(words))
}

/// Whether a message is a command to another bot by its name, wherever it is written: `/xong@other_bot II.2`.
pub(super) fn is_of_another(message: &Value, own: Own<'_>) -> Result<bool, NameNeeded> {
    match Form::of(text_of(message)) {
        Form::CommandTo(bot) => Ok(!own.is_named(bot)?),
        Form::Command | Form::Talk => Ok(false),
    }
}

/// How a text begins.
enum Form<'a> {
    /// With words.
    Talk,
    /// With a command that names no bot: `/viec`.
    Command,
    /// With a command to a bot: `/viec@dondoc_bot`.
    CommandTo(&'a str),
}

impl<'a> Form<'a> {
    fn of(text: &'a str) -> Self {
        let Some(rest) = text.trim_start().strip_prefix('/') else {
            return Self::Talk;
        };
        let word = rest.split(char::is_whitespace).next().unwrap_or_default();
        let (name, bot) = match word.split_once('@') {
            Some((name, bot)) => (name, Self::CommandTo(bot)),
            None => (word, Self::Command),
        };
        let is_name =
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if is_name { bot } else { Self::Talk }
    }
}

fn entities_of(message: &Value) -> &[Value] {
    let key = if message["text"].is_string() {
        "entities"
    } else {
        "caption_entities"
    };
    message[key]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default()
}

/// The text without the places that name us, and whether there is one.
fn without_our_name(
    text: &str,
    entities: &[Value],
    own: Own<'_>,
) -> Result<(String, bool), NameNeeded> {
    let mut rest = String::new();
    let mut from = 0;
    let mut named = false;
    for entity in entities {
        let (Some(offset), Some(length)) = (entity["offset"].as_u64(), entity["length"].as_u64())
        else {
            continue;
        };
        let Some(place) = units(text, offset, length).filter(|place| place.start >= from) else {
            continue;
        };
        let ours = match entity["type"].as_str() {
            Some("mention") => match text[place.clone()].strip_prefix('@') {
                Some(name) => own.is_named(name)?,
                None => false,
            },
            Some("text_mention") => entity["user"]["id"].as_i64() == Some(own.id),
            _ => false,
        };
        if ours {
            rest.push_str(&text[from..place.start]);
            from = place.end;
            named = true;
        }
    }
    rest.push_str(&text[from..]);
    Ok((rest.trim().to_owned(), named))
}

/// The bytes of a place that is counted in UTF-16 units, as entities are; `None` when it does not lie on the edges of
/// letters of the text.
fn units(text: &str, offset: u64, length: u64) -> Option<std::ops::Range<usize>> {
    let end = offset.checked_add(length)?;
    let mut edges = text
        .char_indices()
        .scan(0_u64, |unit, (byte, c)| {
            let edge = (*unit, byte);
            *unit += c.len_utf16() as u64;
            Some(edge)
        })
        .chain(std::iter::once((
            text.encode_utf16().count() as u64,
            text.len(),
        )))
        .skip_while(|(unit, _)| *unit < offset);
    let (first, start) = edges.next()?;
    if first != offset {
        return None;
    }
    if length == 0 {
        return Some(start..start);
    }
    let (_, end) = edges.find(|(unit, _)| *unit == end)?;
    Some(start..end)
}
