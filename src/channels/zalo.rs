//! What the two kinds of Zalo share: the length of a text.

use std::borrow::Cow;

use super::message::{Message, RESENT_MARK, nfc};

/// What Zalo takes in one message: "2000 characters", of which the unit is not said. UTF-16 units of NFC text are the
/// strictest reading that can be meant.
pub const TEXT_LIMIT: usize = 2000;

/// The text as Zalo shows it: NFC, and marked when it is sent again, where the mark still fits.
///
/// # Errors
/// Why it cannot be sent.
pub(super) fn text_of(message: &Message) -> Result<Cow<'_, str>, &'static str> {
    let text = nfc(&message.text);
    let length = |text: &str| text.encode_utf16().count();
    if text.trim().is_empty() {
        return Err("message text is empty");
    }
    if length(&text) > TEXT_LIMIT {
        return Err("message too long for Zalo");
    }
    let mark_fits = length(&text) + length(RESENT_MARK) <= TEXT_LIMIT;
    Ok(if message.resent && mark_fits {
        Cow::Owned(format!("{RESENT_MARK}{text}"))
    } else {
        text
    })
}
