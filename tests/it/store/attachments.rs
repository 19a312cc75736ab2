//! The files of a mail: the same at every reading, gone when nobody needs them.

use chrono::{DateTime, Utc};
use dondoc::store::attachments::{self, Attachment};
use dondoc::store::deliveries::{self, DeliveryId, Filter};
use dondoc::store::{Db, Tx};

use super::given::{message, minutes, morning, province};
use crate::support::db::on_both_databases;

fn file(name: &str, bytes: &[u8]) -> Attachment {
    Attachment {
        name: name.to_owned(),
        media_type: "application/pdf".to_owned(),
        bytes: bytes.to_vec(),
    }
}

/// Queues a message with these files.
async fn queue(db: &Db, message_id: &str, files: &[Attachment], now: DateTime<Utc>) -> DeliveryId {
    let mut tx = db.begin().await.unwrap();
    deliveries::insert(&mut tx, &[message("snv.officer", None, message_id)], now)
        .await
        .unwrap();
    attachments::insert(&mut tx, message_id, files)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let mut tx = db.snapshot().await.unwrap();
    let all = deliveries::list(&mut tx, &Filter::default(), 10)
        .await
        .unwrap();
    all.into_iter()
        .find(|one| one.message.message_id == message_id)
        .unwrap()
        .id
}

async fn files_of(tx: &mut Tx, id: DeliveryId) -> Vec<Attachment> {
    attachments::list(tx, &[id])
        .await
        .unwrap()
        .remove(&id)
        .unwrap_or_default()
}

on_both_databases! {
    async fn files_are_read_back_in_order_byte_by_byte(test: TestDb) {
        province(&test.db, 0).await;
        let every_byte: Vec<u8> = (0..=255).collect();
        let files = [file("Bảng theo dõi.xlsx", &every_byte), file("a.docx", b""), file("a.docx", b"2")];
        let id = queue(&test.db, "m1", &files, morning(3, 16)).await;
        let other = queue(&test.db, "m2", &[], morning(3, 16)).await;
        let mut tx = test.db.snapshot().await.unwrap();
        assert_eq!(files_of(&mut tx, id).await, files);
        assert_eq!(files_of(&mut tx, id).await, files, "again");
        assert_eq!(files_of(&mut tx, other).await, []);
        assert!(attachments::list(&mut tx, &[]).await.unwrap().is_empty());
    }

    async fn bytes_go_when_the_mail_was_sent_and_only_its_own(test: TestDb) {
        province(&test.db, 0).await;
        let one = queue(&test.db, "m1", &[file("a", b"1"), file("b", b"2")], morning(3, 16)).await;
        let other = queue(&test.db, "m2", &[file("c", b"3")], morning(3, 16)).await;
        let mut tx = test.db.begin().await.unwrap();
        assert_eq!(attachments::drop_bytes(&mut tx, one).await.unwrap(), 2);
        assert_eq!(attachments::drop_bytes(&mut tx, one).await.unwrap(), 0);
        assert_eq!(files_of(&mut tx, one).await, []);
        assert_eq!(files_of(&mut tx, other).await, [file("c", b"3")]);
    }

    async fn bytes_of_what_was_never_sent_go_with_time(test: TestDb) {
        province(&test.db, 0).await;
        let old = queue(&test.db, "m1", &[file("a", b"1")], morning(3, 16)).await;
        let young = queue(&test.db, "m2", &[file("b", b"2")], morning(3, 23)).await;
        let mut tx = test.db.begin().await.unwrap();
        assert_eq!(attachments::drop_bytes_before(&mut tx, morning(3, 16)).await.unwrap(), 0);
        let just_after = morning(3, 16) + minutes(1);
        assert_eq!(attachments::drop_bytes_before(&mut tx, just_after).await.unwrap(), 1);
        assert_eq!(files_of(&mut tx, old).await, []);
        assert_eq!(files_of(&mut tx, young).await, [file("b", b"2")]);
    }
}
