//! Choices as buttons under a message, one in a row: labels are long, and a phone shortens what stands side by side.

use teloxide_core::types::{InlineKeyboardButton, InlineKeyboardMarkup};

use crate::channels::message::nfc;
use crate::domain::delivery::{Choice, Outcome};

/// The longest `callback_data`, in bytes.
const TOKEN_LIMIT: usize = 64;

/// As many buttons as Telegram shows under one message.
const MOST: usize = 100;

/// The buttons; `None` without choices. Telegram would refuse the whole message for a button that it cannot carry, so
/// such a message does not leave: a fault of ours, for which no address dies.
pub(super) fn keyboard(choices: &[Choice]) -> Result<Option<InlineKeyboardMarkup>, Outcome> {
    let fits = |choice: &Choice| {
        (1..=TOKEN_LIMIT).contains(&choice.token.len()) && !choice.label.trim().is_empty()
    };
    if choices.len() > MOST || !choices.iter().all(fits) {
        return Err(Outcome::Retry {
            after: None,
            reason: "a button that Telegram cannot carry (a fault of Dondoc): a token is 1 to 64 bytes, a label not \
                     empty, and a message has at most 100 of them"
                .into(),
        });
    }
    let row = |choice: &Choice| {
        [InlineKeyboardButton::callback(
            nfc(&choice.label),
            choice.token.clone(),
        )]
    };
    Ok((!choices.is_empty()).then(|| InlineKeyboardMarkup::new(choices.iter().map(row))))
}
