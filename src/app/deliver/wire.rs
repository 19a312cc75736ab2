//! A delivery as its channel is given it, and what is said of one that never came to an end.

use crate::channels::{Attachment as Attached, Message as Wire, SendReport};
use crate::domain::delivery::Outcome;
use crate::store::attachments;
use crate::store::deliveries::Delivery;
use crate::store::outbox::Claimed;

/// An attempt of which it is not known whether it has arrived, and why.
pub(super) fn unknown(reason: &str) -> SendReport {
    Outcome::Unknown {
        reason: reason.to_owned(),
    }
    .into()
}

/// The message with its files, and the delivery that it is of.
pub(super) fn wire(claimed: Claimed, files: Vec<attachments::Attachment>) -> (Wire, Delivery) {
    let Claimed {
        mut delivery,
        may_have_arrived,
    } = claimed;
    let message = &mut delivery.message;
    let wire = Wire {
        delivery_id: delivery.id.0,
        to: message.address.clone(),
        subject: (!message.subject.is_empty()).then(|| message.subject.clone()),
        // What became of the message is told without its words.
        text: std::mem::take(&mut message.body),
        html: message.body_html.take(),
        message_id: message.message_id.clone(),
        thread: message.thread_key.clone(),
        choices: message.choices.clone(),
        attachments: files
            .into_iter()
            .map(|file| Attached {
                name: file.name,
                media_type: file.media_type,
                bytes: file.bytes,
            })
            .collect(),
        resent: may_have_arrived,
    };
    (wire, delivery)
}
