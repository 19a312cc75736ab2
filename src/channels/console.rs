//! The channel for trying out: messages appear on standard output.

use std::io::Write;

use super::message::Message;
use crate::domain::delivery::Outcome;

const RULE_WIDTH: usize = 72;

/// Prints each message in a frame on standard output.
#[derive(Clone, Copy, Debug, Default)]
pub struct ConsoleSender;

impl ConsoleSender {
    /// Prints the message. A closed standard output is a `Retry`: the message was not seen.
    #[must_use]
    pub fn send(&self, message: &Message) -> Outcome {
        let mut out = std::io::stdout().lock();
        match out
            .write_all(frame(message).as_bytes())
            .and_then(|()| out.flush())
        {
            Ok(()) => Outcome::Sent {
                provider_id: String::new(),
            },
            Err(error) => Outcome::Retry {
                after: None,
                reason: format!("standard output does not take the message: {error}"),
            },
        }
    }
}

/// The message between two rules, its address and subject above the text.
fn frame(message: &Message) -> String {
    let head = format!("┌─ {} ", printable(&message.to));
    let fill = RULE_WIDTH.saturating_sub(head.chars().count());
    let mut lines = vec![format!("{head}{}", "─".repeat(fill))];
    if let Some(subject) = &message.subject {
        lines.extend([printable(subject), String::new()].map(inside));
    }
    lines.extend(message.chat_text().lines().map(printable).map(inside));
    let files = message.attachments.iter();
    lines.extend(files.map(|file| {
        let size = file.bytes.len();
        inside(format!("[{}, {size} bytes]", printable(&file.name)))
    }));
    lines.push(format!("└{}\n", "─".repeat(RULE_WIDTH - 1)));
    lines.join("\n")
}

fn inside(line: impl std::fmt::Display) -> String {
    format!("│ {line}").trim_end().to_owned()
}

/// Control characters would let a text drive the terminal.
fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message() -> Message {
        Message {
            delivery_id: 1,
            to: "snv.officer".into(),
            subject: Some("Nhắc việc 16/3/2020".into()),
            text: "Kính gửi Sở Nội vụ\n\nII.2 còn 3 ngày".into(),
            html: None,
            message_id: "<1@dondoc.example>".into(),
            thread: None,
            choices: Vec::new(),
            attachments: Vec::new(),
            resent: false,
        }
    }

    #[test]
    fn a_message_stands_between_two_rules_with_address_and_subject_above_the_text() {
        let shown = frame(&message());
        let lines: Vec<&str> = shown.lines().collect();
        assert!(lines[0].starts_with("┌─ snv.officer ───"));
        assert_eq!(
            lines[1..6],
            [
                "│ Nhắc việc 16/3/2020",
                "│",
                "│ Kính gửi Sở Nội vụ",
                "│",
                "│ II.2 còn 3 ngày"
            ]
        );
        assert!(lines[6].starts_with("└───"));
        assert_eq!(lines[0].chars().count(), lines[6].chars().count());
    }

    #[test]
    fn a_text_cannot_drive_the_terminal() {
        let mut message = message();
        message.text = "a\u{1b}[2Jb\rc".into();
        assert!(frame(&message).contains("│ a [2Jb c\n"));
    }

    #[test]
    fn a_resent_message_is_marked() {
        let mut message = message();
        message.resent = true;
        assert!(frame(&message).contains("│ ↻ Kính gửi Sở Nội vụ\n"));
    }
}
