//! What the store keeps of conversations: codes, strangers, groups, questions, the last word, answers.

use chrono::TimeDelta;
use dondoc::domain::decide::{Act, Question, QuestionKind, Stand, What};
use dondoc::domain::delivery::{Channel, Choice, Outcome};
use dondoc::domain::inbound::Answered;
use dondoc::domain::obligation::{Pending, State};
use dondoc::domain::resolution::Return;
use dondoc::store::deliveries::{self, DeliveryState};
use dondoc::store::events::{self, Actor, NewEvent};
use dondoc::store::links::{self, LinkCode};
use dondoc::store::obligations::{self, Waiting};
use dondoc::store::outbox::{self, Claim, Overtaken, Wanted};
use dondoc::store::questions::{self, Asked, Matter};
use dondoc::store::statements::{self, Said};
use dondoc::store::{addresses, attempts, briefs, contacts, correspondence, groups, strangers};

use super::given::{brief, day, event, message, minutes, morning, province, reading, start};
use crate::support::db::on_both_databases;

const PHONE: &str = "4242";

fn code(hash: &str, contact: &str) -> LinkCode {
    LinkCode {
        hash: hash.to_owned(),
        contact: contact.into(),
        channel: Some(Channel::Telegram),
        expires_at: morning(3, 17),
        claimed_by: None,
    }
}

on_both_databases! {
    async fn a_code_is_claimed_by_the_first_who_sends_it_and_ends_once(test: TestDb) {
        province(&test.db, 1).await;
        let mut tx = test.db.begin().await.unwrap();
        links::issue(&mut tx, &code("aa", "stp.officer"), morning(3, 10)).await.unwrap();
        assert!(links::claim(&mut tx, "aa", Channel::Telegram, PHONE, morning(3, 11)).await.unwrap());
        assert!(links::claim(&mut tx, "aa", Channel::Telegram, PHONE, morning(3, 11)).await.unwrap(), "the same again");
        assert!(!links::claim(&mut tx, "aa", Channel::Telegram, "666", morning(3, 11)).await.unwrap());
        let claimed = links::find_claimed(&mut tx, Channel::Telegram, PHONE, morning(3, 11)).await.unwrap().unwrap();
        assert_eq!(claimed.claimed_by, Some((Channel::Telegram, PHONE.to_owned())));
        assert_eq!((claimed.contact.as_str(), claimed.channel), ("stp.officer", Some(Channel::Telegram)));
        assert!(links::end(&mut tx, "aa", morning(3, 11)).await.unwrap());
        assert!(!links::end(&mut tx, "aa", morning(3, 11)).await.unwrap());
        assert_eq!(links::find(&mut tx, "aa", morning(3, 11)).await.unwrap(), None);
    }

    async fn a_code_expires_and_a_newer_one_ends_it(test: TestDb) {
        province(&test.db, 1).await;
        let mut tx = test.db.begin().await.unwrap();
        links::issue(&mut tx, &code("aa", "stp.officer"), morning(3, 10)).await.unwrap();
        assert!(links::find(&mut tx, "aa", morning(3, 16)).await.unwrap().is_some());
        assert_eq!(links::find(&mut tx, "aa", morning(3, 17)).await.unwrap(), None);
        links::issue(&mut tx, &code("bb", "stp.officer"), morning(3, 11)).await.unwrap();
        assert_eq!(links::find(&mut tx, "aa", morning(3, 12)).await.unwrap(), None);
        assert!(links::find(&mut tx, "bb", morning(3, 12)).await.unwrap().is_some());
    }

    async fn a_chat_is_bound_in_the_place_of_none_that_is_alive(test: TestDb) {
        province(&test.db, 1).await;
        let mut tx = test.db.begin().await.unwrap();
        let officer = "stp.officer".into();
        let mut binds = async |address: &str| {
            addresses::bind(&mut tx, &officer, Channel::ZaloOa, address, morning(3, 10)).await.unwrap()
        };
        assert!(binds(PHONE).await);
        assert!(binds(PHONE).await, "the same again");
        assert!(!binds("666").await);
        let owners = addresses::list_owners(&mut tx, Channel::ZaloOa, "666").await.unwrap();
        assert_eq!(owners, []);
        addresses::mark_dead(&mut tx, Channel::ZaloOa, PHONE, "blocked", morning(3, 11)).await.unwrap();
        assert!(addresses::bind(&mut tx, &officer, Channel::ZaloOa, "666", morning(3, 12)).await.unwrap());
        let owners = addresses::list_owners(&mut tx, Channel::ZaloOa, "666").await.unwrap();
        assert_eq!(owners, [officer]);
    }

    async fn a_stranger_is_answered_once_a_day_and_tries_are_counted_by_day(test: TestDb) {
        let mut tx = test.db.begin().await.unwrap();
        assert!(strangers::answer(&mut tx, Channel::Telegram, "666", day(3, 10)).await.unwrap());
        assert!(!strangers::answer(&mut tx, Channel::Telegram, "666", day(3, 10)).await.unwrap());
        assert!(strangers::answer(&mut tx, Channel::Telegram, "666", day(3, 11)).await.unwrap());
        assert!(strangers::answer(&mut tx, Channel::ZaloBot, "666", day(3, 10)).await.unwrap(), "another channel");
        for expected in 1..=3 {
            assert_eq!(strangers::count_try(&mut tx, Channel::Telegram, "666", day(3, 11)).await.unwrap(), expected);
        }
        assert_eq!(strangers::count_try(&mut tx, Channel::Telegram, "666", day(3, 12)).await.unwrap(), 1);
        strangers::forget(&mut tx, Channel::Telegram, "666").await.unwrap();
        assert!(strangers::answer(&mut tx, Channel::Telegram, "666", day(3, 10)).await.unwrap());
    }

    async fn a_group_belongs_to_the_agency_that_bound_it_first(test: TestDb) {
        let mut tx = test.db.begin().await.unwrap();
        assert_eq!(groups::find_agency(&mut tx, Channel::Telegram, "-100").await.unwrap(), None);
        assert!(groups::bind(&mut tx, Channel::Telegram, "-100", &"STP".into(), morning(3, 10)).await.unwrap());
        assert!(!groups::bind(&mut tx, Channel::Telegram, "-100", &"SNV".into(), morning(3, 10)).await.unwrap());
        assert_eq!(groups::find_agency(&mut tx, Channel::Telegram, "-100").await.unwrap(), Some("STP".into()));
    }

    async fn a_question_waits_a_day_and_a_newer_one_replaces_it(test: TestDb) {
        let id = province(&test.db, 1).await[0];
        let who = "stp.officer".into();
        let stand = Stand { state: State::Open, done_on: None, pending: Some(Pending::Extension), snoozed_until: None };
        let asked = |token: &str| Asked {
            token: token.to_owned(),
            matter: Matter::Report(Question {
                options: vec![
                    vec![Act { obligation: id, stand, due_on: Some(day(3, 31)), files: Vec::new(), is_doubtful: false, what: What::Done { on: day(3, 10), document: Some("12/KH-STP".to_owned()) } }],
                    Vec::new(),
                ],
                ..Question::new(QuestionKind::Which, vec![id], "xong “rồi”")
            }),
            asked_at: morning(3, 10),
        };
        let mut tx = test.db.begin().await.unwrap();
        for token in ["q1", "q2"] {
            questions::ask(&mut tx, &who, Channel::Telegram, &asked(token), morning(3, 11)).await.unwrap();
        }
        let find = questions::find(&mut tx, &who, Channel::Telegram, morning(3, 10)).await.unwrap();
        assert_eq!(find, Some(asked("q2")));
        assert_eq!(questions::find(&mut tx, &who, Channel::Email, morning(3, 10)).await.unwrap(), None);
        assert_eq!(questions::find(&mut tx, &who, Channel::Telegram, morning(3, 11)).await.unwrap(), None);
        questions::forget(&mut tx, &who, Channel::Telegram).await.unwrap();
        assert_eq!(questions::find(&mut tx, &who, Channel::Telegram, morning(3, 10)).await.unwrap(), None);
    }

    async fn the_last_word_about_an_obligation_replaces_the_one_before(test: TestDb) {
        let ids = province(&test.db, 2).await;
        let said = |intent: &str| Said {
            obligation: ids[0],
            contact: "snv.officer".into(),
            at: morning(3, 10),
            intent: intent.to_owned(),
            quote: "đang lấy ý kiến".to_owned(),
            percent: Some(60),
            expected_on: Some(day(3, 20)),
            document: None,
            returned: (intent == "blocked").then(|| Return {
                on: day(3, 11),
                reason: "chưa ký".to_owned(),
            }),
        };
        let mut tx = test.db.begin().await.unwrap();
        statements::keep(&mut tx, &said("progress")).await.unwrap();
        statements::keep(&mut tx, &said("blocked")).await.unwrap();
        let found = statements::find(&mut tx, &ids).await.unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[&ids[0]], said("blocked"));
        statements::forget(&mut tx, ids[0]).await.unwrap();
        assert!(statements::find(&mut tx, &ids).await.unwrap().is_empty());
    }

    async fn what_an_obligation_waits_for_never_moves_its_next_rung_away(test: TestDb) {
        let id = province(&test.db, 1).await[0]; // looked at next on 2/3
        let waiting = |look_on| Waiting { id, pending: Some(Pending::Extension), snoozed_until: Some(day(3, 5)), look_on };
        let mut tx = test.db.begin().await.unwrap();
        for (look_on, seen_on) in [(Some(day(3, 5)), day(3, 2)), (None, day(3, 2)), (Some(day(2, 20)), day(2, 20))] {
            assert!(obligations::set_waiting(&mut tx, &waiting(look_on), &event("snoozed", Some(id))).await.unwrap());
            assert_eq!(obligations::due_for_planning(&mut tx, seen_on).await.unwrap().len(), 1);
            assert_eq!(obligations::due_for_planning(&mut tx, seen_on.pred_opt().unwrap()).await.unwrap(), []);
        }
        let now = obligations::find(&mut tx, &[id]).await.unwrap().remove(0);
        assert_eq!((now.pending, now.snoozed_until), (Some(Pending::Extension), Some(day(3, 5))));
    }

    async fn the_latest_events_of_a_person_come_newest_first(test: TestDb) {
        let id = province(&test.db, 1).await[0];
        let by = |actor: Actor, kind: &str, on: u32| NewEvent { actor, at: morning(3, on), ..event(kind, Some(id)) };
        let who = || Actor::Contact("snv.officer".into());
        let mut tx = test.db.begin().await.unwrap();
        let all = [by(who(), "progress", 1), by(Actor::Operator, "done", 2), by(who(), "done", 3), by(who(), "undone", 4)];
        events::append(&mut tx, &all).await.unwrap();
        let found = events::list_of_actor(&mut tx, &who(), morning(3, 2), 10).await.unwrap();
        let kinds: Vec<_> = found.iter().map(|event| event.entry.kind.as_str()).collect();
        assert_eq!(kinds, ["undone", "done"]);
        assert_eq!(events::list_of_actor(&mut tx, &who(), morning(3, 1), 1).await.unwrap().len(), 1);
    }

    async fn an_address_that_was_heard_is_alive(test: TestDb) {
        province(&test.db, 1).await;
        let mut tx = test.db.begin().await.unwrap();
        let address = "chat of snv.officer";
        addresses::mark_dead(&mut tx, Channel::Telegram, address, "blocked", morning(3, 9)).await.unwrap();
        assert_eq!(addresses::hear(&mut tx, Channel::Telegram, address, morning(3, 10)).await.unwrap(), 1);
        assert_eq!(addresses::hear(&mut tx, Channel::Telegram, "nobody", morning(3, 10)).await.unwrap(), 0);
        let stored = contacts::find(&mut tx, &"snv.officer".into()).await.unwrap().unwrap();
        assert_eq!(stored.contact.channels[0].0, Channel::Telegram);
    }

    async fn the_last_word_from_an_address_is_known_until_it_is_another_address(test: TestDb) {
        province(&test.db, 1).await;
        let mut tx = test.db.begin().await.unwrap();
        let (id, address) = (dondoc::domain::ids::ContactId::from("snv.officer"), "chat of snv.officer");
        let ids = [id.clone(), "stp.officer".into()];
        assert!(addresses::list_heard(&mut tx, Channel::Telegram, &ids).await.unwrap().is_empty());
        // An older word that is dealt with later changes nothing.
        for at in [morning(3, 10), morning(3, 9)] {
            addresses::hear(&mut tx, Channel::Telegram, address, at).await.unwrap();
        }
        let heard = addresses::list_heard(&mut tx, Channel::Telegram, &ids).await.unwrap();
        assert_eq!(heard, [(id.clone(), morning(3, 10))].into());
        assert!(addresses::list_heard(&mut tx, Channel::Email, &ids).await.unwrap().is_empty());
        // The provider knows better; but it does not make anybody speak later.
        for (silent_since, expected) in [(morning(3, 5), morning(3, 5)), (morning(3, 8), morning(3, 5))] {
            assert_eq!(addresses::note_silence(&mut tx, Channel::Telegram, address, silent_since).await.unwrap(), 1);
            let heard = addresses::list_heard(&mut tx, Channel::Telegram, &ids).await.unwrap();
            assert_eq!(heard.get(&id), Some(&expected));
        }
        let other = [(id, Channel::Telegram, "another chat".to_owned())];
        addresses::upsert(&mut tx, &other, morning(3, 11)).await.unwrap();
        assert!(addresses::list_heard(&mut tx, Channel::Telegram, &ids).await.unwrap().is_empty());
        addresses::note_silence(&mut tx, Channel::Telegram, "another chat", morning(3, 5)).await.unwrap();
        assert_eq!(addresses::list_heard(&mut tx, Channel::Telegram, &ids).await.unwrap().len(), 1);
    }

    async fn the_message_that_was_answered_is_found_by_each_of_its_names(test: TestDb) {
        let ids = province(&test.db, 1).await;
        let mut tx = test.db.begin().await.unwrap();
        briefs::plan(&mut tx, vec![brief("snv.officer", day(3, 2), &ids)], &[], morning(3, 2)).await.unwrap();
        let claim = Claim { except: &[], overtaken: Overtaken::default(), owner: "a", channel: Channel::Email, wanted: Wanted::All, now: morning(3, 2), until: morning(3, 2) + minutes(5), limit: 10 };
        let sent = outbox::claim(&mut tx, &claim).await.unwrap().remove(0).delivery;
        let number = start(&mut tx, sent.id, "a", morning(3, 2)).await.unwrap();
        let outcome = Outcome::Sent { provider_id: "77".to_owned() };
        attempts::finish(&mut tx, sent.id, "a", number, &outcome, None, morning(3, 2)).await.unwrap();
        let address = &sent.message.address;
        for answered in [
            Answered::Delivery(sent.id.0),
            Answered::Provider("77".to_owned()),
            Answered::MessageId(sent.message.message_id.clone()),
        ] {
            let found = correspondence::find_answered(&mut tx, Channel::Email, address, &answered).await.unwrap();
            assert_eq!(found.map(|one| one.id), Some(sent.id), "{answered:?}");
        }
        let elsewhere = Answered::Provider("77".to_owned());
        assert_eq!(correspondence::find_answered(&mut tx, Channel::Email, "else@where.example", &elsewhere).await.unwrap(), None);
        assert_eq!(briefs::find_last(&mut tx, &"snv.officer".into(), day(3, 1)).await.unwrap().map(|last| last.0), Some(day(3, 2)));
        assert_eq!(briefs::find_last(&mut tx, &"snv.officer".into(), day(3, 3)).await.unwrap(), None);
    }

    async fn a_message_that_comes_back_fails_its_address_dies_and_another_goes_out_once(test: TestDb) {
        let ids = province(&test.db, 1).await;
        let mut tx = test.db.begin().await.unwrap();
        briefs::plan(&mut tx, vec![brief("snv.officer", day(3, 2), &ids)], &[], morning(3, 2)).await.unwrap();
        let claim = Claim { except: &[], overtaken: Overtaken::default(), owner: "a", channel: Channel::Email, wanted: Wanted::All, now: morning(3, 2), until: morning(3, 2) + minutes(5), limit: 10 };
        let sent = outbox::claim(&mut tx, &claim).await.unwrap().remove(0).delivery;
        let number = start(&mut tx, sent.id, "a", morning(3, 2)).await.unwrap();
        let outcome = Outcome::Sent { provider_id: String::new() };
        attempts::finish(&mut tx, sent.id, "a", number, &outcome, None, morning(3, 2)).await.unwrap();
        let mut next = message("snv.officer", Some(day(3, 2)), "by telegram");
        next.message.channel = Channel::Telegram;
        next.message.choices = vec![Choice { label: "Đúng".to_owned(), token: "q1.1".to_owned() }];
        let later = morning(3, 2) + TimeDelta::hours(1);
        assert!(correspondence::bounce(&mut tx, sent.id, "5.1.1", Some(&next), later).await.unwrap());
        assert!(!correspondence::bounce(&mut tx, sent.id, "5.1.1", Some(&next), later).await.unwrap(), "the report came twice");
        let failed = deliveries::find(&mut tx, sent.id).await.unwrap().unwrap();
        assert_eq!((failed.state, failed.reason.as_deref()), (DeliveryState::Failed, Some("5.1.1")));
        let stored = contacts::find(&mut tx, &"snv.officer".into()).await.unwrap().unwrap();
        assert!(stored.contact.channels.iter().all(|(channel, _)| *channel != Channel::Email));
        let claim = Claim { channel: Channel::Telegram, now: later, until: later + minutes(5), ..claim };
        let rerouted = outbox::claim(&mut tx, &claim).await.unwrap();
        assert_eq!(rerouted.len(), 1);
        assert_eq!(rerouted[0].delivery.message.choices, next.message.choices, "buttons read back");
    }

    async fn the_answers_to_a_person_are_counted(test: TestDb) {
        province(&test.db, 1).await;
        let who = "snv.officer".into();
        let mut tx = test.db.begin().await.unwrap();
        let answers = [message("snv.officer", None, "a"), message("snv.officer", None, "b"), message("stp.officer", None, "c")];
        deliveries::insert(&mut tx, &answers, morning(3, 2)).await.unwrap();
        assert_eq!(correspondence::count_answers(&mut tx, &who, morning(3, 2)).await.unwrap(), 2);
        assert_eq!(correspondence::count_answers(&mut tx, &who, morning(3, 3)).await.unwrap(), 0);
        drop(tx);
        let mut tx = reading(&test.db).await;
        assert_eq!(correspondence::count_answers(&mut tx, &who, morning(3, 2)).await.unwrap(), 0, "nothing was committed");
    }
}
