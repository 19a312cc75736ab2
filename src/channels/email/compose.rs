//! A message becomes the bytes that SMTP carries.

use lettre::Address;
use lettre::message::header::ContentType;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MessageBuilder, MultiPart, SinglePart};

use super::replies::Replies;
use crate::channels::message::{self, Message, nfc};

/// Who we are in every mail.
#[derive(Debug)]
pub(super) struct Identity {
    pub(super) from: Mailbox,
    pub(super) reply_to: Option<Mailbox>,
    pub(super) replies: Option<Replies>,
    pub(super) list_id: String,
}

/// A composed mail and its envelope.
#[derive(Debug)]
pub(super) struct Letter {
    pub(super) from: Address,
    pub(super) to: Address,
    pub(super) bytes: Vec<u8>,
}

/// Why a message cannot become a mail; the texts name no address.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum ComposeError {
    #[error("not a mail address")]
    Address,
    #[error("a Message-ID is not of the form <id@domain>")]
    MessageId,
    #[error("the mail could not be composed")]
    Build,
}

/// Composes the mail: text and HTML as alternatives in NFC, files behind them, own Message-ID, the thread's root in In-Reply-To and
/// References (RFC 5322, 3.6.4), and the headers that keep vacation programs silent (RFC 3834, RFC 2919).
pub(super) fn compose(identity: &Identity, message: &Message) -> Result<Letter, ComposeError> {
    let to = parse_address(&message.to)?;
    let mut builder = lettre::Message::builder()
        .from(identity.from.clone())
        .to(Mailbox::new(None, to.clone()))
        .message_id(Some(checked_id(&message.message_id)?))
        .raw_header(raw("Auto-Submitted", "auto-generated"))
        .raw_header(raw("X-Auto-Response-Suppress", "All"))
        .raw_header(raw("List-Id", &format!("<{}>", identity.list_id)));
    let replies = identity.replies.as_ref();
    let reply_to = replies.and_then(|replies| replies.reply_to(message, &identity.from));
    if let Some(reply_to) = reply_to.or_else(|| identity.reply_to.clone()) {
        builder = builder.reply_to(reply_to);
    }
    if let Some(subject) = &message.subject {
        builder = builder.subject(one_line(subject));
    }
    if let Some(root) = &message.thread
        && root != &message.message_id
    {
        let root = checked_id(root)?;
        builder = builder.in_reply_to(root.clone()).references(root);
    }
    let mail = with_body(builder, message)?;
    let return_path = replies.and_then(|replies| replies.return_path(message));
    Ok(Letter {
        from: return_path.unwrap_or_else(|| identity.from.email.clone()),
        to,
        bytes: mail.formatted(),
    })
}

fn with_body(builder: MessageBuilder, message: &Message) -> Result<lettre::Message, ComposeError> {
    let text = nfc(&message.text).into_owned();
    let html = message.html.as_ref().map(|html| nfc(html).into_owned());
    let mail = match (html, message.attachments.as_slice()) {
        (Some(html), []) => builder.multipart(MultiPart::alternative_plain_html(text, html)),
        (None, []) => builder.singlepart(SinglePart::plain(text)),
        (html, files) => {
            let mixed = MultiPart::mixed();
            let mut mixed = match html {
                Some(html) => mixed.multipart(MultiPart::alternative_plain_html(text, html)),
                None => mixed.singlepart(SinglePart::plain(text)),
            };
            for file in files {
                mixed = mixed.singlepart(attached(file)?);
            }
            builder.multipart(mixed)
        }
    };
    mail.map_err(|_| ComposeError::Build)
}

/// A file as a part of a mail; a name beyond ASCII is written by RFC 2231.
fn attached(file: &message::Attachment) -> Result<SinglePart, ComposeError> {
    let media_type = ContentType::parse(&file.media_type).map_err(|_| ComposeError::Build)?;
    let name = one_line(&file.name).replace(['/', '\\'], "-");
    Ok(Attachment::new(name).body(file.bytes.clone(), media_type))
}

/// An address of one line with nothing around it.
fn parse_address(to: &str) -> Result<Address, ComposeError> {
    if to.contains(|c: char| c.is_control() || c.is_whitespace()) {
        return Err(ComposeError::Address);
    }
    to.parse().map_err(|_| ComposeError::Address)
}

/// A subject of one line in NFC: a line break would end the header.
fn one_line(subject: &str) -> String {
    let words: Vec<&str> = subject
        .split(|c: char| c.is_control() || c.is_whitespace())
        .filter(|w| !w.is_empty())
        .collect();
    nfc(&words.join(" ")).into_owned()
}

/// `<id@domain>` of printable ASCII, or nothing.
fn checked_id(id: &str) -> Result<String, ComposeError> {
    let inner = id
        .strip_prefix('<')
        .and_then(|rest| rest.strip_suffix('>'))
        .ok_or(ComposeError::MessageId)?;
    let printable = inner
        .chars()
        .all(|c| c.is_ascii_graphic() && !matches!(c, '<' | '>'));
    let halves = inner
        .split_once('@')
        .is_some_and(|(left, right)| !left.is_empty() && !right.is_empty());
    if printable && halves {
        Ok(id.to_owned())
    } else {
        Err(ComposeError::MessageId)
    }
}

fn raw(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}
