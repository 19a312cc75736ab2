//! Files of a mail: proper parts with their names and their very bytes.

use dondoc::channels::{Attachment, Message};
use mail_parser::{MessageParser, MimeHeaders};

use super::brief;
use super::email::arrived;

fn with_files(html: bool) -> Message {
    let every_byte: Vec<u8> = (0..=255).cycle().take(70_001).collect();
    Message {
        html: html.then(|| "<p>Kính gửi</p>".to_owned()),
        attachments: vec![
            Attachment {
                name: "Bảng theo dõi 4353-QĐ-UBND, \"đến\" 16-3.xlsx".to_owned(),
                media_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
                    .to_owned(),
                bytes: every_byte,
            },
            Attachment {
                name: "a/../b\r\nBcc: x@y.example.docx".to_owned(),
                media_type: "application/octet-stream".to_owned(),
                bytes: Vec::new(),
            },
        ],
        ..brief("snv@quangnam.example")
    }
}

#[tokio::test]
async fn files_stand_behind_the_text_with_vietnamese_names_and_every_byte() {
    for html in [true, false] {
        let message = with_files(html);
        let raw = arrived(&message).await;
        let mail = MessageParser::default().parse(&raw).unwrap();
        assert_eq!(mail.content_type().unwrap().subtype(), Some("mixed"));
        let text = mail.body_text(0).unwrap().replace("\r\n", "\n");
        assert_eq!(text.trim_end(), message.text);
        let files: Vec<_> = mail.attachments().collect();
        assert_eq!(files.len(), 2);
        assert_eq!(
            files[0].attachment_name(),
            Some(message.attachments[0].name.as_str())
        );
        assert_eq!(files[0].contents(), message.attachments[0].bytes);
        let kind = files[0].content_type().unwrap();
        let kind = format!("{}/{}", kind.ctype(), kind.subtype().unwrap());
        assert_eq!(kind, message.attachments[0].media_type);
        assert_eq!(
            files[0].content_disposition().unwrap().ctype(),
            "attachment"
        );
        // A name opens no folder and starts no header.
        assert_eq!(
            files[1].attachment_name(),
            Some("a-..-b Bcc: x@y.example.docx")
        );
        assert!(mail.bcc().is_none());
        assert!(raw.is_ascii(), "RFC 2231 and base64 are ASCII");
        assert!(
            raw.split(|byte| *byte == b'\n')
                .all(|line| line.len() <= 999)
        );
    }
}
