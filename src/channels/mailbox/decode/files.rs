//! What is attached to a mail: listed, not kept.

use data_encoding::HEXLOWER;
use mail_parser::{Message, MessagePart, MimeHeaders, PartType};
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

use crate::domain::inbound::File;
use crate::domain::invisible::is_invisible;

/// How many files of one mail are listed.
const MOST: usize = 20;
/// Longest name, in characters.
const LONGEST_NAME: usize = 150;

/// The files of a mail. The picture of a signature is none. `stored_as` is what the mailbox calls the mail; with the
/// number of the part it says where the file can be had again.
pub(super) fn list(message: &Message<'_>, is_cut: bool, stored_as: &str) -> Vec<File> {
    message
        .attachments
        .iter()
        .filter_map(|id| Some((*id, message.part(*id)?)))
        .filter(|(_, part)| !is_decoration(part))
        .take(MOST)
        .map(|(id, part)| {
            let is_whole = !is_cut || (part.raw_end_offset() as usize) < message.raw_message.len();
            File {
                id: format!("{stored_as}:{id}"),
                name: part.attachment_name().and_then(safe_name),
                media_type: media_type(part),
                size: is_whole.then_some(part.contents().len() as u64),
                sha256: is_whole.then(|| HEXLOWER.encode(&Sha256::digest(part.contents()))),
                album: None,
            }
        })
        .collect()
}

/// A picture that the text shows, or a signature over the mail.
fn is_decoration(part: &MessagePart<'_>) -> bool {
    let is_picture = part
        .content_type()
        .is_some_and(|kind| kind.ctype().eq_ignore_ascii_case("image"));
    let is_shown = matches!(part.body, PartType::InlineBinary(_)) || part.content_id().is_some();
    let is_attached = part
        .content_disposition()
        .is_some_and(mail_parser::ContentType::is_attachment);
    let signature = media_type(part).is_some_and(|kind| {
        matches!(
            kind.as_str(),
            "application/pkcs7-signature"
                | "application/x-pkcs7-signature"
                | "application/pgp-signature"
        )
    });
    is_picture && is_shown && !is_attached || signature
}

fn media_type(part: &MessagePart<'_>) -> Option<String> {
    if matches!(part.body, PartType::Message(_)) {
        return Some("message/rfc822".to_owned());
    }
    let kind = part.content_type()?;
    let name = format!("{}/{}", kind.ctype(), kind.subtype()?).to_ascii_lowercase();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '+' | '-' | '_');
    (name.len() <= 100 && name.chars().all(is_plain)).then_some(name)
}

/// The name without a path, control characters, or the marks that make `exe.pdf` out of `fdp.exe`.
fn safe_name(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next()?;
    let clean: String = last
        .nfc()
        .filter(|c| !c.is_control() && !is_invisible(*c) && *c != '\u{fffd}')
        .take(LONGEST_NAME)
        .collect();
    let clean = clean.trim().trim_start_matches('.').trim();
    (!clean.is_empty()).then(|| clean.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_is_never_a_path_and_shows_what_it_is() {
        for (name, safe) in [
            ("KH 12-KH-SNV.pdf", Some("KH 12-KH-SNV.pdf")),
            ("../../etc/passwd", Some("passwd")),
            ("C:\\Users\\an\\Kế hoạch.docx", Some("Kế hoạch.docx")),
            ("a\u{202e}fdp.exe", Some("afdp.exe")),
            ("a\r\nb\0.pdf", Some("ab.pdf")),
            ("..", None),
            ("/", None),
            (".bashrc", Some("bashrc")),
            ("", None),
        ] {
            assert_eq!(safe_name(name).as_deref(), safe, "{name:?}");
        }
    }

    proptest! {
        #[test]
        fn no_name_is_a_path(name: String) {
            if let Some(safe) = safe_name(&name) {
                prop_assert!(!safe.contains(['/', '\\', '\0', '\n', '\r']));
                prop_assert!(!safe.starts_with('.') && !safe.is_empty());
            }
        }
    }
}
