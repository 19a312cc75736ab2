//! Every sample of an answer and every notice, on every channel.

use std::fmt::Write as _;

use super::super::tests::{assert_well_written, snapshot};
use super::super::{Limit, Messages, NoticeContext, NoticeKind};
use super::*;

fn messages() -> Messages {
    Messages::load(None).unwrap()
}

#[test]
fn every_sample_of_an_answer_reads_well_on_every_channel() {
    let messages = messages();
    let mut shown = String::new();
    for (name, context) in &messages.samples.receipts {
        let (mail, _) = messages.render_receipt(context, Channel::Email).unwrap();
        let subject = mail.subject.unwrap();
        assert_well_written(&format!("{name} subject"), &subject);
        assert_well_written(&format!("{name} mail"), &mail.text);
        let (chat, labels) = messages.render_receipt(context, Channel::Telegram).unwrap();
        assert_well_written(&format!("{name} chat"), &chat.text);
        let (zalo, _) = messages.render_receipt(context, Channel::ZaloBot).unwrap();
        assert!(Limit::of(Channel::ZaloBot).admits(&zalo.text), "{name}");
        let options = context
            .question
            .as_ref()
            .map_or(0, |question| question.options.len());
        assert_eq!(labels.len(), options, "{name}");
        for label in &labels {
            assert_well_written(&format!("{name} button"), label);
            assert!(
                label.chars().count() <= 64,
                "{name}: a button is short: {label}"
            );
        }
        let _ = write!(
            shown,
            "##### {name}\nSubject: {subject}\n\n{}\n\n=== Telegram\n{}\n",
            mail.text, chat.text
        );
        for label in labels {
            let _ = writeln!(shown, "[{label}]");
        }
        shown.push('\n');
    }
    snapshot("answers", &shown);
}

#[test]
fn every_notice_reads_well_and_tells_a_stranger_nothing() {
    let messages = messages();
    let mut shown = String::new();
    for kind in NoticeKind::ALL {
        let context = NoticeContext {
            title: "Chuyên viên phụ trách cải cách hành chính".to_owned(),
            agency: "Sở Tư pháp".to_owned(),
            ..NoticeContext::of(kind)
        };
        let text = messages.render_notice(&context, Channel::ZaloBot).unwrap();
        assert_well_written(&format!("{kind:?}"), &text);
        if matches!(kind, NoticeKind::Stranger | NoticeKind::CodeRefused) {
            assert!(
                !text.contains("Sở Tư pháp") && !text.contains("Chuyên viên"),
                "{text}"
            );
        }
        let _ = writeln!(shown, "=== {kind:?}\n{text}\n");
    }
    snapshot("notices", &shown);
}
