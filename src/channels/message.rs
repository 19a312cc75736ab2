//! The message a channel is asked to deliver.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use crate::domain::composed::is_composed;
use crate::domain::delivery::Choice;

/// What a chat message starts with when it is sent again after an [`Unknown`] outcome: the person may see it twice.
///
/// [`Unknown`]: crate::domain::delivery::Outcome::Unknown
pub const RESENT_MARK: &str = "↻ ";

/// One rendered message to one address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The delivery it belongs to.
    pub delivery_id: i64,
    /// The address, in the channel's own form: a mailbox, a chat id.
    pub to: String,
    /// Subject, for channels that have one.
    pub subject: Option<String>,
    /// The plain text.
    pub text: String,
    /// The same as HTML, for channels that show it.
    pub html: Option<String>,
    /// Own Message-ID (`<id@domain>`), the same when the message is sent again.
    pub message_id: String,
    /// Message-ID of the root of the thread this message continues.
    pub thread: Option<String>,
    /// Buttons under the message, for channels that have them; elsewhere the text itself says what to answer.
    pub choices: Vec<Choice>,
    /// Files, for mail; a chat gets none.
    pub attachments: Vec<Attachment>,
    /// An earlier attempt may have arrived.
    pub resent: bool,
}

/// A file of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its name, as the reader sees it.
    pub name: String,
    /// What it is, as MIME says it: `application/pdf`.
    pub media_type: String,
    /// The file.
    pub bytes: Vec<u8>,
}

impl Message {
    /// The text as a chat shows it: NFC, and marked when it is [`resent`](Self::resent).
    ///
    /// Mail needs no mark: its readers know a second copy by its Message-ID.
    pub(crate) fn chat_text(&self) -> String {
        let mark = if self.resent { RESENT_MARK } else { "" };
        format!("{mark}{}", nfc(&self.text))
    }
}

/// `text` with every letter composed: the length of an NFD text is up to half again as long, and some phones draw it badly.
pub(crate) fn nfc(text: &str) -> Cow<'_, str> {
    if is_composed(text) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfc().collect())
    }
}
