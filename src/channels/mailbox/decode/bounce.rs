//! Mails that came back: delivery reports (RFC 3464, 6522, 6533), and the plain ones of older systems.

use chrono::{DateTime, Utc};
use mail_parser::{Message, MessageParser, MimeHeaders, PartType};

use super::automatic::is_mailer;
use super::headers::{Headers, normal};
use super::sender::recipients;
use crate::channels::email::{Purpose, ReplyTokens};
use crate::domain::inbound::Answered;

/// What a report says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bounce {
    pub(super) answers: Option<Answered>,
    pub(super) recipient: Option<String>,
    pub(super) forever: bool,
    pub(super) reason: String,
    /// Whether the reporter has seen the mail: a token of ours proves it.
    pub(super) proven: bool,
}

/// What a mail reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Report {
    /// A mail of ours could not be delivered, or not yet.
    Bounced(Bounce),
    /// A machine says something else: it arrived, it was read.
    Other(String),
}

/// The report that a mail is; `None` when it is none.
pub(super) fn find(
    message: &Message<'_>,
    headers: &Headers<'_>,
    tokens: Option<&ReplyTokens>,
    now: DateTime<Utc>,
) -> Option<Report> {
    let returned = tokens.and_then(|tokens| {
        recipients(headers).find_map(|address| tokens.verify(Purpose::Return, &address, "", now))
    });
    let returned = returned.filter(|verified| !verified.expired);
    let status = message.parts.iter().find(|part| {
        is_kind(
            part,
            "message",
            &["delivery-status", "global-delivery-status"],
        )
    });
    let mut bounce = if let Some(part) = status {
        let text = String::from_utf8_lossy(part.contents()).into_owned();
        match of_status(&text) {
            Ok(bounce) => bounce,
            Err(action) => return Some(Report::Other(format!("a delivery report: {action}"))),
        }
    } else if is_plain_bounce(headers, returned.is_some()) {
        of_words(message, headers)
    } else {
        return None;
    };
    if let Some(verified) = returned {
        bounce.answers = Some(Answered::Delivery(verified.delivery));
        bounce.proven = true;
    } else if let Some(original) = original(message) {
        of_original(&mut bounce, &original, tokens, now);
    }
    Some(Report::Bounced(bounce))
}

/// The report of the first recipient that failed, else of the first. Err with what happened when nothing is wrong.
fn of_status(text: &str) -> Result<Bounce, String> {
    let text = text.replace("\r\n", "\n");
    let blocks = text
        .split("\n\n")
        .map(fields)
        .filter(|fields| field(fields, "action").is_some());
    let blocks: Vec<_> = blocks.collect();
    let action = |block: &&Vec<(String, String)>| {
        field(block, "action")
            .map(str::to_ascii_lowercase)
            .unwrap_or_default()
    };
    let worst = blocks
        .iter()
        .find(|block| action(block) == "failed")
        .or_else(|| blocks.iter().find(|block| action(block) == "delayed"))
        .or_else(|| blocks.first());
    let Some(block) = worst else {
        return Err("without a recipient".to_owned());
    };
    let action = action(&block);
    if !matches!(action.as_str(), "failed" | "delayed") {
        return Err(action
            .chars()
            .filter(char::is_ascii_alphabetic)
            .take(20)
            .collect());
    }
    let status = field(block, "status").and_then(status_code);
    let recipient = ["original-recipient", "final-recipient"]
        .iter()
        .filter_map(|name| field(block, name))
        .find_map(|value| normal(value.split_once(';').map_or(value, |(_, address)| address)));
    let code = field(block, "diagnostic-code").and_then(reply_code);
    let mut reason = action.clone();
    if let Some((class, subject, detail)) = status {
        reason = format!("{reason} {class}.{subject}.{detail}");
    }
    if let Some(code) = code {
        reason = format!("{reason} ({code})");
    }
    Ok(Bounce {
        answers: None,
        recipient,
        forever: action == "failed" && is_forever(status),
        reason,
        proven: false,
    })
}

/// Whether a refusal is of the address, for good. A full mailbox, a rule against the sender or a mail that is too big says
/// nothing about it, nor does a relay that gave up waiting (RFC 3463).
fn is_forever(status: Option<(u8, u16, u16)>) -> bool {
    match status {
        // 5.1.7 and 5.1.8 are about the sender; 5.2.2 is a full mailbox, 5.2.3 and 5.3.4 a mail that is too big.
        Some((5, 1, 7 | 8) | (5, 2, 2 | 3) | (5, 3, 4) | (5, 6 | 7, _)) => false,
        Some((class, _, _)) => class == 5,
        None => true,
    }
}

/// A mail system writes, in words of its own, to the return path of one of our mails or about a failed recipient.
fn is_plain_bounce(headers: &Headers<'_>, has_token: bool) -> bool {
    let is_system = headers.first("return-path") == Some("<>")
        || headers.addresses("from").any(|address| is_mailer(&address));
    // An out-of-office mail goes to the return path as well, but says what it is.
    let is_answer = headers
        .all("auto-submitted")
        .any(|value| value.to_ascii_lowercase().starts_with("auto-replied"))
        && !headers.addresses("from").any(|address| is_mailer(&address));
    is_system && !is_answer && (has_token || headers.first("x-failed-recipients").is_some())
}

/// What can be told from the words: a code of RFC 3463. Without one it is not for ever.
fn of_words(message: &Message<'_>, headers: &Headers<'_>) -> Bounce {
    const LOOKED_AT: usize = 4096;
    let text = message.body_text(0).unwrap_or_default();
    let text = &text[..text.floor_char_boundary(LOOKED_AT)];
    let status = text
        .split(|c: char| c.is_whitespace() || "()[]#:,;<>".contains(c))
        .find_map(status_code);
    Bounce {
        answers: None,
        recipient: headers.first("x-failed-recipients").and_then(normal),
        forever: status.is_some() && is_forever(status),
        reason: match status {
            Some((class, subject, detail)) => format!("returned {class}.{subject}.{detail}"),
            None => "returned without a code".to_owned(),
        },
        proven: false,
    }
}

/// What the report returns of our mail.
struct Original {
    message_id: Option<String>,
    reply_to: Vec<String>,
    to: Vec<String>,
}

fn original(message: &Message<'_>) -> Option<Original> {
    let of = |message: &Message<'_>| {
        let headers = Headers::of(message);
        Original {
            message_id: headers.message_ids("message-id").into_iter().next(),
            reply_to: headers.addresses("reply-to").collect(),
            to: headers.addresses("to").collect(),
        }
    };
    message.parts.iter().find_map(|part| match &part.body {
        PartType::Message(original) => Some(of(original)),
        _ if is_kind(part, "text", &["rfc822-headers"])
            || is_kind(part, "message", &["global-headers", "rfc822", "global"]) =>
        {
            MessageParser::default()
                .parse_headers(part.contents())
                .map(|original| of(&original))
        }
        _ => None,
    })
}

fn of_original(
    bounce: &mut Bounce,
    original: &Original,
    tokens: Option<&ReplyTokens>,
    now: DateTime<Utc>,
) {
    bounce.answers = original.message_id.clone().map(Answered::MessageId);
    let verified = tokens.and_then(|tokens| {
        let recipients = bounce.recipient.iter().chain(&original.to);
        recipients
            .flat_map(|to| original.reply_to.iter().map(move |reply_to| (to, reply_to)))
            .find_map(|(to, reply_to)| {
                Some((to, tokens.verify(Purpose::Reply, reply_to, to, now)?))
            })
    });
    if let Some((to, verified)) = verified {
        bounce.answers = Some(Answered::Delivery(verified.delivery));
        bounce.proven = !verified.expired;
        bounce.recipient = Some(to.clone());
    }
}

fn is_kind(part: &mail_parser::MessagePart<'_>, kind: &str, subtypes: &[&str]) -> bool {
    part.content_type().is_some_and(|is| {
        is.ctype().eq_ignore_ascii_case(kind)
            && is.subtype().is_some_and(|is| {
                subtypes
                    .iter()
                    .any(|subtype| is.eq_ignore_ascii_case(subtype))
            })
    })
}

/// The fields of one block, unfolded, with names in lower case.
fn fields(block: &str) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in block.lines() {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = fields.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    fields
}

fn field<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
    fields
        .iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.as_str())
}

/// `5.1.1` as three numbers.
fn status_code(text: &str) -> Option<(u8, u16, u16)> {
    let word = text.split_whitespace().next()?.trim_end_matches('.');
    let mut numbers = word.split('.');
    let class = numbers
        .next()?
        .parse()
        .ok()
        .filter(|class| matches!(class, 2 | 4 | 5))?;
    let (subject, detail) = (numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?);
    numbers.next().is_none().then_some((class, subject, detail))
}

/// The reply code in `smtp; 550 5.1.1 …`.
fn reply_code(text: &str) -> Option<u16> {
    let words = text.split_once(';').map_or(text, |(_, words)| words);
    let code = words.trim_start().get(..3)?;
    code.parse().ok().filter(|code| (400..600).contains(code))
}
