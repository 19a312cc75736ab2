//! What is received is stored once and settled once.

use dondoc::domain::delivery::Channel;
use dondoc::domain::inbound::{Content, File, Identity, Inbound, Place};
use dondoc::store::inbox::{self, Settled};
use dondoc::store::{Tx, cursors};

use super::given::{morning, reading};
use crate::support::db::on_both_databases;

fn inbound(external_id: &str, text: &str) -> Inbound {
    Inbound {
        channel: Channel::Telegram,
        external_id: external_id.to_owned(),
        from: "4242".to_owned(),
        place: Place::Private,
        sent_at: Some(morning(3, 10)),
        identity: Identity::Proven,
        content: Content::Text {
            text: text.to_owned(),
            answers: None,
            edited: false,
            files: vec![File {
                id: "BQAC".to_owned(),
                name: Some("KH 12.pdf".to_owned()),
                media_type: None,
                size: Some(40_000),
                sha256: None,
                album: None,
            }],
        },
    }
}

async fn texts_of_new(tx: &mut Tx) -> Vec<String> {
    let mut texts = Vec::new();
    for id in inbox::list_new(tx, 100).await.unwrap() {
        let received = inbox::find_new(tx, id).await.unwrap().unwrap();
        if let Content::Text { text, .. } = received.inbound.content {
            texts.push(text);
        }
    }
    texts
}

on_both_databases! {
    async fn a_message_handed_over_twice_is_stored_once(test: TestDb) {
        let mut tx = test.db.begin().await.unwrap();
        let first = [inbound("a:1", "II.2 xong"), inbound("a:2", "nhầm")];
        assert_eq!(inbox::receive(&mut tx, &first, morning(3, 10)).await.unwrap(), 2);
        tx.commit().await.unwrap();
        let mut tx = test.db.begin().await.unwrap();
        let again = [inbound("a:2", "nhầm"), inbound("a:3", "VII.1 xong")];
        assert_eq!(inbox::receive(&mut tx, &again, morning(3, 10)).await.unwrap(), 1);
        tx.commit().await.unwrap();
        let texts = texts_of_new(&mut reading(&test.db).await).await;
        assert_eq!(texts, ["II.2 xong", "nhầm", "VII.1 xong"], "in the order in which they came");
    }

    async fn a_message_reads_back_as_it_came(test: TestDb) {
        let one = inbound("a:1", "II.2 xong\u{301} 'hehe'; DROP TABLE inbox --");
        let mut tx = test.db.begin().await.unwrap();
        inbox::receive(&mut tx, std::slice::from_ref(&one), morning(3, 10)).await.unwrap();
        let id = inbox::list_new(&mut tx, 1).await.unwrap()[0];
        let received = inbox::find_new(&mut tx, id).await.unwrap().unwrap();
        assert_eq!((received.inbound, received.received_at), (one, morning(3, 10)));
    }

    async fn a_message_is_settled_by_one_only(test: TestDb) {
        let mut tx = test.db.begin().await.unwrap();
        inbox::receive(&mut tx, &[inbound("a:1", "x")], morning(3, 10)).await.unwrap();
        let id = inbox::list_new(&mut tx, 1).await.unwrap()[0];
        assert!(inbox::settle(&mut tx, id, Settled::Done, "done II.2", morning(3, 10)).await.unwrap());
        assert!(!inbox::settle(&mut tx, id, Settled::Done, "done II.2", morning(3, 10)).await.unwrap());
        assert_eq!(inbox::find_new(&mut tx, id).await.unwrap(), None);
        assert_eq!(inbox::tally(&mut tx).await.unwrap(), (0, 0, 0));
    }

    async fn what_is_held_waits_for_a_person_with_its_reason(test: TestDb) {
        let mut tx = test.db.begin().await.unwrap();
        inbox::receive(&mut tx, &[inbound("a:1", "x"), inbound("a:2", "y")], morning(3, 10)).await.unwrap();
        let ids = inbox::list_new(&mut tx, 2).await.unwrap();
        inbox::settle(&mut tx, ids[0], Settled::Held, "no valid signature", morning(3, 10)).await.unwrap();
        inbox::settle(&mut tx, ids[1], Settled::Parked, "a template failed", morning(3, 10)).await.unwrap();
        let waiting = inbox::list_waiting(&mut tx, 10).await.unwrap();
        let shown: Vec<_> = waiting.iter().map(|one| (one.received.id, one.held, one.reason.as_str())).collect();
        assert_eq!(shown, [(ids[1], false, "a template failed"), (ids[0], true, "no valid signature")]);
        assert!(inbox::retry(&mut tx, ids[1]).await.unwrap());
        assert!(!inbox::retry(&mut tx, ids[1]).await.unwrap());
        assert_eq!(inbox::tally(&mut tx).await.unwrap(), (1, 1, 0));
    }

    async fn a_cursor_is_kept_with_what_was_read_up_to_it_or_not_at_all(test: TestDb) {
        let mut tx = test.db.begin().await.unwrap();
        cursors::set(&mut tx, "telegram:1", "17").await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = test.db.begin().await.unwrap();
        inbox::receive(&mut tx, &[inbound("a:1", "x")], morning(3, 10)).await.unwrap();
        cursors::set(&mut tx, "telegram:1", "18").await.unwrap();
        drop(tx);
        let mut tx = reading(&test.db).await;
        assert_eq!(cursors::find(&mut tx, "telegram:1").await.unwrap().as_deref(), Some("17"));
        assert_eq!(cursors::find(&mut tx, "telegram:2").await.unwrap(), None);
        assert_eq!(texts_of_new(&mut tx).await, [""; 0]);
    }
}
