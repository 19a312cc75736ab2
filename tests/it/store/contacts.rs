//! Contacts and their addresses.

use dondoc::domain::absence::Absence;
use dondoc::domain::delivery::Channel;
use dondoc::store::absences;
use dondoc::store::addresses::{self, AddressState};
use dondoc::store::contacts::{self, StoredContact};
use dondoc::store::{Db, deliveries};

use super::given::{contact, day, message, morning, reading};
use crate::support::db::on_both_databases;

async fn stored(db: &Db) {
    let mut tx = db.begin().await.unwrap();
    let people = [contact("snv.officer", "SNV"), contact("stp.officer", "STP")];
    contacts::upsert(&mut tx, &people, morning(1, 2))
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn find(db: &Db, id: &str) -> StoredContact {
    contacts::find(&mut reading(db).await, &id.into())
        .await
        .unwrap()
        .unwrap()
}

on_both_databases! {
    async fn an_absence_is_kept_listed_by_its_end_and_ended_early(test: TestDb) {
        stored(&test.db).await;
        let absence = |from, to, deputy: Option<&str>| Absence {
            contact: "snv.officer".into(),
            from: day(3, from),
            to: day(3, to),
            deputy: deputy.map(Into::into),
        };
        let all = [absence(2, 4, None), absence(9, 20, Some("stp.officer")), absence(23, 27, None)];
        let mut tx = test.db.begin().await.unwrap();
        for one in &all {
            absences::insert(&mut tx, one, morning(3, 1)).await.unwrap();
        }
        assert_eq!(absences::list(&mut tx, day(3, 4)).await.unwrap(), all);
        assert_eq!(absences::list(&mut tx, day(3, 5)).await.unwrap(), all[1..]);
        // Back on the 12th: what had begun ends the day before, what had not is forgotten, what is over stays.
        assert_eq!(absences::end(&mut tx, &"snv.officer".into(), day(3, 12)).await.unwrap(), 2);
        let left = [all[0].clone(), absence(9, 11, Some("stp.officer"))];
        assert_eq!(absences::list(&mut tx, day(3, 1)).await.unwrap(), left);
        assert_eq!(absences::end(&mut tx, &"snv.officer".into(), day(3, 12)).await.unwrap(), 0);
        assert_eq!(absences::end(&mut tx, &"stp.officer".into(), day(3, 12)).await.unwrap(), 0);
    }

    async fn a_contact_comes_back_as_it_was_given(test: TestDb) {
        stored(&test.db).await;
        let found = find(&test.db, "snv.officer").await;
        assert_eq!(found.contact, contact("snv.officer", "SNV"));
        assert!(found.active);
        assert_eq!(found.created_at, morning(1, 2));
        let mut tx = reading(&test.db).await;
        let everybody = contacts::list(&mut tx).await.unwrap();
        assert_eq!(everybody.iter().map(|one| one.contact.id.as_str()).collect::<Vec<_>>(), ["snv.officer", "stp.officer"]);
        let of_snv = contacts::list_of_agencies(&mut tx, &["SNV".into(), "UBND".into()]).await.unwrap();
        assert_eq!(of_snv, [found]);
        assert_eq!(contacts::find(&mut tx, &"nobody".into()).await.unwrap(), None);
    }

    async fn a_contact_without_an_address_is_kept_and_has_no_route(test: TestDb) {
        let mut lonely = contact("snv.head", "SNV");
        lonely.channels.clear();
        let mut tx = test.db.begin().await.unwrap();
        assert!(contacts::add(&mut tx, &lonely, morning(1, 2)).await.unwrap());
        let found = contacts::find(&mut tx, &lonely.id).await.unwrap().unwrap();
        assert_eq!(found.contact, lonely);
        assert_eq!(found.addresses, []);
    }

    async fn loading_the_files_again_keeps_what_was_learnt_since(test: TestDb) {
        stored(&test.db).await;
        let mut tx = test.db.begin().await.unwrap();
        addresses::mark_dead(&mut tx, Channel::Email, "snv.officer@qnam.example", "550", morning(2, 1)).await.unwrap();
        contacts::remove(&mut tx, &"stp.officer".into()).await.unwrap();
        let mut moved = contact("snv.officer", "SNV");
        moved.title = String::from("Phó trưởng phòng");
        moved.channels[0].1 = String::from("another chat");
        contacts::upsert(&mut tx, &[moved.clone(), contact("stp.officer", "STP")], morning(3, 2)).await.unwrap();
        tx.commit().await.unwrap();
        let found = find(&test.db, "snv.officer").await;
        assert_eq!(found.contact.title, moved.title);
        assert_eq!(found.contact.channels, [(Channel::Telegram, "another chat".to_owned())]);
        assert_eq!(found.created_at, morning(1, 2));
        let mail = found.addresses.iter().find(|address| address.channel == Channel::Email).unwrap();
        assert_eq!(mail.state, AddressState::Dead { reason: "550".to_owned() });
        assert_eq!(mail.since, morning(2, 1));
        assert!(!find(&test.db, "stp.officer").await.active);
    }

    async fn removing_is_soft_and_adding_brings_back(test: TestDb) {
        stored(&test.db).await;
        let mut tx = test.db.begin().await.unwrap();
        let person = contact("snv.officer", "SNV");
        assert!(!contacts::add(&mut tx, &person, morning(3, 2)).await.unwrap());
        assert!(contacts::remove(&mut tx, &person.id).await.unwrap());
        assert!(!contacts::remove(&mut tx, &person.id).await.unwrap());
        assert_eq!(contacts::list_of_agencies(&mut tx, &["SNV".into()]).await.unwrap(), []);
        assert!(contacts::add(&mut tx, &person, morning(3, 2)).await.unwrap());
        assert_eq!(contacts::list_of_agencies(&mut tx, &["SNV".into()]).await.unwrap().len(), 1);
    }

    async fn a_dead_address_is_no_route_until_it_lives_again(test: TestDb) {
        stored(&test.db).await;
        let mut tx = test.db.begin().await.unwrap();
        let chat = "chat of snv.officer";
        let dead = addresses::mark_dead(&mut tx, Channel::Telegram, chat, "blocked", morning(3, 2)).await.unwrap();
        let again = addresses::mark_dead(&mut tx, Channel::Telegram, chat, "blocked", morning(3, 3)).await.unwrap();
        assert_eq!((dead, again), (1, 0));
        tx.commit().await.unwrap();
        let mail = (Channel::Email, "snv.officer@qnam.example".to_owned());
        assert_eq!(find(&test.db, "snv.officer").await.contact.channels, [mail]);
        let mut tx = test.db.begin().await.unwrap();
        assert_eq!(addresses::mark_alive(&mut tx, Channel::Telegram, chat, morning(3, 4)).await.unwrap(), 1);
        assert_eq!(addresses::mark_alive(&mut tx, Channel::Telegram, chat, morning(3, 4)).await.unwrap(), 0);
        tx.commit().await.unwrap();
        assert_eq!(find(&test.db, "snv.officer").await.contact, contact("snv.officer", "SNV"));
    }

    async fn a_chat_that_the_person_linked_is_tried_first(test: TestDb) {
        stored(&test.db).await;
        let mut tx = test.db.begin().await.unwrap();
        let linked = ("snv.officer".into(), Channel::ZaloBot, "zalo-1".to_owned());
        addresses::upsert(&mut tx, &[linked], morning(3, 2)).await.unwrap();
        contacts::upsert(&mut tx, &[contact("snv.officer", "SNV")], morning(3, 3)).await.unwrap();
        tx.commit().await.unwrap();
        let channels: Vec<_> = find(&test.db, "snv.officer").await.contact.channels.into_iter().map(|(channel, _)| channel).collect();
        assert_eq!(channels, [Channel::ZaloBot, Channel::Telegram, Channel::Email]);
    }

    async fn a_chat_that_moved_is_followed_by_contacts_and_by_what_waits(test: TestDb) {
        stored(&test.db).await;
        let mut tx = test.db.begin().await.unwrap();
        let mut waiting = message("snv.officer", None, "m1");
        waiting.message.channel = Channel::Telegram;
        waiting.message.address = String::from("chat of snv.officer");
        deliveries::insert(&mut tx, &[waiting], morning(3, 2)).await.unwrap();
        let new = "-1001234567890";
        let moved = addresses::replace(&mut tx, Channel::Telegram, "chat of snv.officer", new, morning(3, 2)).await.unwrap();
        assert_eq!(moved, 1);
        let owners = addresses::list_owners(&mut tx, Channel::Telegram, new).await.unwrap();
        assert_eq!(owners, ["snv.officer".into()]);
        let queued = deliveries::list(&mut tx, &deliveries::Filter::default(), 10).await.unwrap();
        assert_eq!(queued[0].message.address, new);
    }
}
