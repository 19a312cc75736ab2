//! The words of a mail and the files beside them.

use mail_parser::decoders::{base64::base64_decode, quoted_printable::quoted_printable_decode};
use mail_parser::{Message, MessagePart, MimeHeaders, PartType};

use super::charset::{self, Letters};
use super::{files, html, quoted, wrap};
use crate::domain::inbound::File;

/// Longest text that is looked at, in bytes, over all parts of a mail; a status report is a few lines.
const LONGEST_TEXT: usize = 64 * 1024;

/// What a person sent.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Body {
    /// Their own words.
    pub(super) text: String,
    /// Why the words may not be what they wrote.
    pub(super) doubt: Option<String>,
    /// What was attached.
    pub(super) files: Vec<File>,
}

/// Reads the words and lists the files. `is_cut` says that only the beginning of the mail is here; `stored_as` is what
/// the mailbox calls it.
pub(super) fn read(message: &Message<'_>, is_cut: bool, stored_as: &str) -> Body {
    let mut body = words(message, &message.text_body, is_cut);
    if body.text.is_empty() && body.doubt.is_none() {
        // Some programs leave the plain alternative empty.
        body = words(message, &message.html_body, is_cut);
    }
    body.files = files::list(message, is_cut, stored_as);
    body
}

fn words(message: &Message<'_>, ids: &[u32], is_cut: bool) -> Body {
    let mut body = Body::default();
    let mut whole = String::new();
    let mut left = LONGEST_TEXT;
    for id in ids {
        let Some(part) = message.part(*id) else {
            continue;
        };
        let is_html = matches!(part.body, PartType::Html(_));
        if !is_html && !matches!(part.body, PartType::Text(_)) {
            continue;
        }
        let letters = letters_of(message, part);
        body.doubt = body.doubt.or(letters.doubt);
        if is_cut && part.raw_end_offset() as usize >= message.raw_message.len() {
            body.doubt =
                Some("the mail is too big and its text was not read to the end".to_owned());
        }
        let mut text = letters.text;
        let is_whole = text.len() <= left;
        if !is_whole {
            text.truncate(text.floor_char_boundary(left));
            body.doubt = Some("its text is too long".to_owned());
        }
        left -= text.len();
        whole.push_str(&if is_html {
            html::text_of(&text)
        } else {
            wrap::unwrap(&text, is_flowed(part))
        });
        whole.push('\n');
        if !is_whole {
            break;
        }
    }
    body.text = quoted::own_words(&without_controls(&whole));
    body
}

/// The bytes of a part without their transfer encoding, as letters.
fn letters_of(message: &Message<'_>, part: &MessagePart<'_>) -> Letters {
    let label = part
        .content_type()
        .and_then(|kind| kind.attribute("charset"));
    let (start, end) = (
        part.raw_body_offset() as usize,
        part.raw_end_offset() as usize,
    );
    let raw = message.raw_message.get(start..end).unwrap_or_default();
    let encoding = part
        .content_transfer_encoding()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let bytes = match encoding.as_str() {
        "base64" => base64_decode(raw),
        "quoted-printable" => quoted_printable_decode(raw),
        "" | "7bit" | "8bit" | "binary" => Some(raw.to_vec()),
        _ => None,
    };
    match bytes {
        Some(bytes) => charset::decode(&bytes, label),
        None => Letters {
            text: part.text_contents().unwrap_or_default().to_owned(),
            doubt: Some("its transfer encoding is broken".to_owned()),
        },
    }
}

fn is_flowed(part: &MessagePart<'_>) -> bool {
    part.content_type()
        .and_then(|kind| kind.attribute("format"))
        .is_some_and(|format| format.eq_ignore_ascii_case("flowed"))
}

/// Lines and tabs are all the control that a text has.
fn without_controls(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect()
}
