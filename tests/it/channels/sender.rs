//! Every channel behind one type.

use dondoc::channels::telegram::TEXT_LIMIT;
use dondoc::channels::{
    ConsoleSender, MemorySender, SendReport, Sender, ZALO_TEXT_LIMIT, text_limit,
};
use dondoc::domain::delivery::{Channel, Outcome};

use super::brief;
use super::email::sender as email;
use crate::support::smtp::FakeSmtp;

fn sent(provider_id: &str) -> SendReport {
    Outcome::Sent {
        provider_id: provider_id.into(),
    }
    .into()
}

#[tokio::test]
async fn a_replay_keeps_what_it_is_given_in_order_and_passes_for_the_channel_it_replaces() {
    let memory = MemorySender::new(Channel::Telegram);
    let sender = Sender::Memory(memory.clone());
    assert_eq!(sender.channel(), Channel::Telegram);
    for to in ["1", "2"] {
        assert_eq!(sender.send(&brief(to)).await, sent(""));
    }
    assert_eq!(memory.take(), [brief("1"), brief("2")]);
    assert_eq!(memory.take(), []);
}

#[tokio::test]
async fn the_mail_channel_answers_through_the_common_type() {
    let relay = FakeSmtp::start().await;
    let sender = Sender::Email(email(&relay));
    assert_eq!(sender.channel(), Channel::Email);
    assert_eq!(
        sender.send(&brief("snv@quangnam.example")).await,
        sent("4F2A9")
    );
    assert_eq!(relay.take().len(), 1);
}

#[test]
fn only_chats_limit_the_length_of_a_text() {
    assert_eq!(text_limit(Channel::Telegram), Some(TEXT_LIMIT));
    for zalo in [Channel::ZaloBot, Channel::ZaloOa] {
        assert_eq!(text_limit(zalo), Some(ZALO_TEXT_LIMIT));
    }
    assert_eq!(text_limit(Channel::Email), None);
    assert_eq!(Sender::Console(ConsoleSender).channel(), Channel::Console);
}
