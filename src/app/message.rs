//! A worded brief -> the row of the outbox that carries it.

use chrono::NaiveDate;

use super::plan_day::Origin;
use crate::domain::delivery::Channel;
use crate::domain::ids::ContactId;
use crate::messages::Rendered;
use crate::store::deliveries::{DeliveryKind, Message};

/// The brief of a person and day as a message on a channel. Its id says all three, so that it is the same however
/// often it is planned or sent.
#[must_use]
pub fn message(
    contact: &ContactId,
    day: NaiveDate,
    channel: Channel,
    address: String,
    rendered: Rendered,
    origin: &Origin,
) -> Message {
    let domain = &origin.domain;
    Message {
        contact: Some(contact.clone()),
        kind: DeliveryKind::Brief,
        brief_day: Some(day),
        channel,
        address,
        subject: rendered.subject.unwrap_or_default(),
        body: rendered.text,
        body_html: rendered.html,
        message_id: format!(
            "<brief.{}.{contact}.{}@{domain}>",
            day.format("%Y%m%d"),
            channel.as_str()
        ),
        thread_key: Some(format!("<briefs.{contact}@{domain}>")),
        choices: Vec::new(),
    }
}
