//! The channels against servers that speak the wire protocols.

pub(crate) mod email;
mod email_faults;
mod email_files;
pub(crate) mod email_tls;
mod mail_servers;
pub(crate) mod mailbox;
mod mailbox_mails;
mod sender;
pub(crate) mod telegram;
mod telegram_buttons;
mod telegram_faults;
mod telegram_files;
mod telegram_open;
pub(crate) mod telegram_poll;
mod telegram_poll_faults;
mod telegram_push;
pub(crate) mod zalo_bot;
mod zalo_bot_receive;
mod zalo_oa;
mod zalo_oa_tokens;
mod zalo_oa_webhook;

use dondoc::channels::Message;

/// A brief to `to`.
fn brief(to: &str) -> Message {
    Message {
        delivery_id: 7,
        to: to.into(),
        subject: Some("Nhắc việc thứ Hai 16/3/2020: Sở Nội vụ còn 3 việc".into()),
        text: "Kính gửi Sở Nội vụ,\n\nII.2 Ban hành Kế hoạch: còn 11 ngày làm việc.\n.\nTrả lời: II.2 xong".into(),
        html: Some("<p>Kính gửi <b>Sở Nội vụ</b>,</p>\n<p>II.2 còn 11 ngày làm việc.</p>".into()),
        message_id: "<brief-7@dondoc.example>".into(),
        thread: Some("<thread-snv@dondoc.example>".into()),
        choices: Vec::new(),
        attachments: Vec::new(),
        resent: false,
    }
}
