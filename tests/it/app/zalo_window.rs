//! The seven days in which a Zalo Official Account may write, watched ahead of time.

use std::sync::Arc;

use dondoc::app::deliver::Halt;
use dondoc::app::inspect;
use dondoc::channels::{MemorySender, Message, Sender};
use dondoc::clock::Clock;
use dondoc::domain::delivery::Channel;
use dondoc::domain::directory::Contact;
use dondoc::domain::inbound::Content;
use dondoc::store::{addresses, briefs};

use super::conversation::{inbound, words};
use super::stage::{Stage, day, loaded, to};
use super::zalo_tokens::{USER, process};
use crate::store::given::morning;
use crate::support::db::{TestDb, on_both_databases};
use crate::support::zalo_oa::{Call, FIRST_REFRESH, FakeZaloOa};

const STP: &str = "cchc.stp@quangnam.example";
const KEEP_OPEN: &str = "để tiếp tục nhận nhắc việc tại đây";
const REOPEN: &str = "để nhận lại nhắc việc qua Zalo";

/// The officer of Sở Tư pháp, by Zalo first, at a time.
async fn officer(test: TestDb, time: &str, with_mail: bool, zalo: Sender) -> Stage {
    let loaded = loaded();
    let mut contacts = loaded.contacts.clone();
    contacts.retain(|one| one.id.as_str() == "stp.officer");
    let officer: &mut Contact = &mut contacts[0];
    officer.channels.retain(|_| with_mail);
    officer
        .channels
        .insert(0, (Channel::ZaloOa, USER.to_owned()));
    let mut stage = Stage::with(test, time, contacts, loaded).await;
    let deliverer = &mut stage.daemon.deliverer;
    deliverer.origin.channels.insert(Channel::ZaloOa);
    let senders = Arc::get_mut(&mut deliverer.senders).unwrap();
    senders.insert(Channel::ZaloOa, zalo);
    stage
}

impl Stage {
    /// What the officer is sent in a round at this time: by Zalo and by mail.
    async fn sent_at(&self, time: &str, zalo: &MemorySender) -> (Vec<Message>, Vec<Message>) {
        let mails = self.round_at(time).await;
        let to_officer = to(&mails, STP).into_iter().cloned().collect();
        (zalo.take(), to_officer)
    }

    async fn gets(&self, time: &str, content: Content) {
        self.set_time(time);
        let message = inbound(Channel::ZaloOa, USER, content);
        self.daemon.intake().store(&[message]).await.unwrap();
        self.daemon.round(&Halt::never()).await.unwrap();
    }
}

on_both_databases! {
    async fn a_window_is_kept_open_in_time_and_said_to_be_closed_when_it_is(test: TestDb) {
        let zalo = MemorySender::new(Channel::ZaloOa);
        let stage = officer(test, "2020-03-19T08:00:00", true, Sender::Memory(zalo.clone())).await;
        // Following the account is a word, too.
        stage.gets("2020-03-19T08:00:00", Content::Opened).await;
        let _ = zalo.take();
        let _ = stage.mail.take();

        let (chats, mails) = stage.sent_at("2020-03-20T07:30:00", &zalo).await;
        assert_eq!((chats.len(), mails.len()), (1, 0));
        assert!(!chats[0].text.contains("Zalo"), "{}", chats[0].text);

        // It closes at a quarter to eight: still open now, not any more tomorrow.
        let (chats, mails) = stage.sent_at("2020-03-26T07:30:00", &zalo).await;
        assert_eq!((chats.len(), mails.len()), (1, 0));
        assert!(chats[0].text.contains(KEEP_OPEN), "{}", chats[0].text);

        let (chats, mails) = stage.sent_at("2020-03-30T07:30:00", &zalo).await;
        assert_eq!((chats.len(), mails.len()), (0, 1));
        assert!(mails[0].text.contains(REOPEN), "{}", mails[0].text);
        let html = mails[0].html.as_deref().unwrap();
        assert!(html.contains(REOPEN), "{html}");

        stage.gets("2020-03-30T14:00:00", words("ok")).await;
        assert_eq!(zalo.take().len(), 1, "whoever writes is answered there");
        let (chats, mails) = stage.sent_at("2020-03-31T07:30:00", &zalo).await;
        assert_eq!((chats.len(), mails.len()), (1, 0));
        assert!(!chats[0].text.contains(KEEP_OPEN), "{}", chats[0].text);
    }

    async fn a_word_that_was_dealt_with_late_opens_the_window_from_when_it_was_written(test: TestDb) {
        let zalo = MemorySender::new(Channel::ZaloOa);
        let stage = officer(test, "2020-03-30T07:00:00", true, Sender::Memory(zalo.clone())).await;
        let mut late = inbound(Channel::ZaloOa, USER, words("ok"));
        late.sent_at = Some(morning(3, 19));
        stage.daemon.intake().store(&[late]).await.unwrap();
        let (chats, _) = stage.sent_at("2020-03-30T07:00:00", &zalo).await;
        assert_eq!(chats.len(), 1, "the answer");
        let (chats, mails) = stage.sent_at("2020-03-30T07:30:00", &zalo).await;
        assert_eq!((chats.len(), mails.len()), (0, 1));
    }

    async fn who_has_nothing_but_a_closed_window_is_unreachable_and_named_with_that_reason(test: TestDb) {
        let zalo = MemorySender::new(Channel::ZaloOa);
        let stage = officer(test, "2020-03-19T08:00:00", false, Sender::Memory(zalo.clone())).await;
        stage.gets("2020-03-19T08:00:00", Content::Opened).await;
        let _ = zalo.take();
        stage.set_time("2020-03-31T07:30:00");
        let planned = stage.plan("2020-03-31").await;
        assert_eq!((planned.briefs, planned.unreachable), (0, 1));
        let db = &stage.daemon.deliverer.db;
        let mut tx = db.snapshot().await.unwrap();
        let (from, until) = (day("2020-03-31"), day("2020-03-31"));
        let silent = briefs::list_unreachable(&mut tx, from, until).await.unwrap();
        assert_eq!(silent.len(), 1);
        assert!(silent[0].1.contains("whose window of seven days is closed"), "{}", silent[0].1);
        drop(tx);
        let setup = &stage.daemon.deliverer.setup;
        let origin = &stage.daemon.deliverer.origin;
        let drafts = inspect::drafts(db, setup, origin, day("2020-04-01"), None).await.unwrap();
        let reasons: Vec<String> = drafts.unwrap().iter().filter_map(|one| Some(one.reach.as_ref().err()?.to_string())).collect();
        assert!(!reasons.is_empty() && reasons.iter().all(|why| why.contains("Zalo")), "{reasons:?}");
    }

    /// Of somebody who was never heard, Zalo itself says that the window is closed: the same line, and no second try.
    async fn what_zalo_refuses_leaves_by_mail_and_says_how_to_reopen(test: TestDb) {
        let clock = Clock::manual(morning(3, 2));
        let api = FakeZaloOa::start(clock, &[USER]).await;
        let sender = process(&api, &test.db, Some(FIRST_REFRESH));
        let stage = officer(test, "2020-03-30T07:30:00", true, Sender::ZaloOa(sender)).await;
        api.clock.set(morning(3, 30));
        let mut mails = stage.round_at("2020-03-30T07:30:00").await;
        mails.extend(stage.round_at("2020-03-30T07:30:01").await);
        assert_eq!((api.calls(Call::Send), api.take().len()), (1, 0));
        let mails = to(&mails, STP);
        assert_eq!(mails.len(), 1);
        assert!(mails[0].text.contains(REOPEN), "{}", mails[0].text);

        let mails = stage.round_at("2020-03-31T07:30:00").await;
        assert!(to(&mails, STP)[0].text.contains(REOPEN));
        assert_eq!(api.calls(Call::Send), 1);
        let mut tx = stage.daemon.deliverer.db.begin().await.unwrap();
        assert_eq!(addresses::mark_alive(&mut tx, Channel::ZaloOa, USER, morning(3, 31)).await.unwrap(), 0, "it lives");
    }

    /// The word that keeps Zalo open is no answer to what was asked the day before.
    async fn an_ok_of_the_next_morning_confirms_nothing(test: TestDb) {
        let zalo = MemorySender::new(Channel::ZaloOa);
        let stage = officer(test, "2020-03-19T08:00:00", true, Sender::Memory(zalo.clone())).await;
        for (time, text, expected) in [
            ("2020-03-19T15:00:00", "II.2/1 coi như xong", "Đúng không?"),
            ("2020-03-20T08:00:00", "ok", "Đúng không?"),
            ("2020-03-20T08:01:00", "ok", "Đã ghi"),
        ] {
            let _ = zalo.take();
            stage.gets(time, words(text)).await;
            let left = zalo.take();
            let answer = left.iter().find(|one| one.message_id.starts_with("<answer.")).unwrap();
            assert!(answer.text.contains(expected), "{time} {text}: {}", answer.text);
        }
    }
}
