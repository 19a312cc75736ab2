//! A delivery as its channel is given it, and what an attempt without an answer comes to.

use crate::channels::{Attachment as Attached, Message as Wire, SendReport};
use crate::domain::delivery::Outcome;
use crate::store::attachments;
use crate::store::deliveries::Delivery;
use crate::store::outbox::Claimed;

/// What came of an attempt that ended without an answer, and why: it may have arrived.
pub(super) fn unknown(reason: impl Into<String>) -> SendReport {
    let reason = reason.into();
    Outcome::Unknown { reason }.into()
}

/// The message with its files, and the delivery that it is of.
pub(super) fn wire(claimed: Claimed, files: Vec<attachments::Attachment>) -> (Wire, Delivery) {
    let Claimed {
        delivery,
        may_have_arrived,
        ..
    } = claimed;
    let message = &delivery.message;
    let wire = Wire {
        delivery_id: delivery.id.0,
        to: message.address.clone(),
        subject: (!message.subject.is_empty()).then(|| message.subject.clone()),
        text: message.body.clone(),
        html: message.body_html.clone(),
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
