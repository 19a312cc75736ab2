//! Processes that died over one thing: it is parked and named, and the others go on.

use chrono::TimeDelta;
use dondoc::app::caution::Thing;
use dondoc::app::deliver::Halt;
use dondoc::app::inspect::{list_waiting, retry_received};
use dondoc::app::node::{Duty, Node};
use dondoc::app::outbox::{self, Again, Entry, Only, Retried};
use dondoc::channels::Sender;
use dondoc::domain::delivery::Channel;
use dondoc::domain::obligation::State;
use dondoc::store::attempts;
use dondoc::store::in_hand;
use dondoc::store::inbox::InboxId;
use dondoc::store::outbox::{Claim, Overtaken, Wanted, claim};

use super::conversation::{inbound, words};
use super::stage::{Stage, to};
use crate::channels::email::sender;
use crate::support::db::{execute, on_both_databases};
use crate::support::smtp::FakeSmtp;

const PHONE: &str = "4242";
const STP: &str = "cchc.stp@quangnam.example";
const MORNING: &str = "2020-03-31T07:30:00";

impl Stage {
    /// Three processes have died with this in hand; this one knows.
    async fn died_over(&self, thing: &Thing) {
        let deliverer = &self.daemon.deliverer;
        let mut tx = deliverer.db.begin().await.unwrap();
        let now = deliverer.clock.now();
        for (owner, minutes) in [("one", 3), ("two", 2), ("three", 1)] {
            let at = now - TimeDelta::minutes(minutes);
            let things = [thing.to_string()];
            in_hand::take(&mut tx, &things, owner, at).await.unwrap();
        }
        tx.commit().await.unwrap();
        deliverer.caution.begin();
    }

    async fn in_hand(&self) -> Vec<String> {
        let mut tx = self.daemon.deliverer.db.snapshot().await.unwrap();
        in_hand::list(&mut tx, "").await.unwrap()
    }

    /// What is parked: its name and why.
    async fn parked_entries(&self) -> Vec<(String, String)> {
        let only = Only {
            state: Some("parked".to_owned()),
            ..Only::default()
        };
        let rows = outbox::list(&self.daemon.deliverer.db, &only, 9)
            .await
            .unwrap();
        let named = rows
            .iter()
            .map(|row| (outbox::name_of(row), row.reason.clone().unwrap_or_default()));
        named.collect()
    }

    async fn tries_again(&self, entry: &str) -> Retried {
        let deliverer = &self.daemon.deliverer;
        let (db, setup, origin) = (&deliverer.db, &deliverer.setup, &deliverer.origin);
        let (entry, now): (Entry, _) = (entry.parse().unwrap(), deliverer.clock.now());
        outbox::retry(db, setup, origin, &entry, Again::default(), None, now)
            .await
            .unwrap()
    }
}

const WHY: &str = "the program was ended 3 times over it";

on_both_databases! {
    async fn a_message_over_which_processes_died_waits_for_a_person_and_the_next_is_answered(test: TestDb) {
        let stage = Stage::at(test, "2020-03-25T09:00:00").await;
        stage.link("2020-03-25T09:00:00", "stp.officer").await;
        let poison = inbound(Channel::Telegram, PHONE, words("II.2/1 xong, KH số 12/KH-STP"));
        stage.set_time("2020-03-25T10:00:00");
        stage.daemon.intake().store(&[poison]).await.unwrap();
        stage.died_over(&Thing::Received(InboxId(3))).await;
        let answers = stage.takes("2020-03-25T10:00:00", inbound(Channel::Telegram, PHONE, words("/viec"))).await;
        assert_eq!(answers.len(), 1, "{answers:#?}");
        assert_eq!(stage.owed("II.2", 1).await.state, State::Open);
        let db = &stage.daemon.deliverer.db;
        let waiting = list_waiting(db, 9).await.unwrap();
        assert_eq!(waiting.len(), 1);
        assert!(!waiting[0].held && waiting[0].reason.starts_with(WHY), "{}", waiting[0].reason);
        assert_eq!(stage.in_hand().await, Vec::<String>::new());

        assert!(retry_received(db, 3).await.unwrap());
        stage.daemon.round(&Halt::never()).await.unwrap();
        assert_eq!(stage.chat.take().len(), 1);
        assert_eq!(stage.owed("II.2", 1).await.state, State::Done);
    }

    async fn a_brief_over_which_processes_died_is_parked_and_everybody_else_has_theirs(test: TestDb) {
        let stage = Stage::at(test, "2020-03-31T07:00:00").await;
        stage.died_over(&Thing::Brief("stp.officer".into())).await;
        let left = stage.round_at(MORNING).await;
        assert!(left.len() > 10 && to(&left, STP).is_empty(), "{}", left.len());
        let parked = stage.parked_entries().await;
        assert_eq!(parked.len(), 1, "{parked:?}");
        assert!(parked[0].0 == "stp.officer/2020-03-31" && parked[0].1.contains(WHY), "{parked:?}");
        assert_eq!(stage.in_hand().await, ["brief:stp.officer"], "what was sound is struck out");

        // Neither a start nor the next morning is a new try.
        assert_eq!(stage.daemon.unpark().await.unwrap(), 0);
        let left = stage.round_at("2020-04-01T07:30:00").await;
        assert!(to(&left, STP).is_empty());
        let parked = stage.parked_entries().await;
        assert!(parked.len() == 1 && parked[0].0 == "stp.officer/2020-04-01", "{parked:?}");
        assert_eq!(stage.tries_again("stp.officer/2020-04-01").await, Retried::Queued);
        let left = stage.round_at("2020-04-01T07:31:00").await;
        assert_eq!(to(&left, STP).len(), 1);
        assert_eq!(stage.in_hand().await, Vec::<String>::new());
    }

    async fn a_brief_that_changed_since_it_was_planned_leaves_all_the_same_after_a_death(test: TestDb) {
        let stage = Stage::at(test, "2020-03-31T07:30:00").await;
        stage.plan("2020-03-31").await;
        stage.done("II.2", 1, "STP", "2020-03-30").await;
        stage.daemon.deliverer.caution.begin();
        let left = stage.round_at(MORNING).await;
        let told = to(&left, STP);
        assert_eq!(told.len(), 1, "{left:#?}");
        assert!(!told[0].text.contains("\nII.2/1 ") && told[0].text.contains("I.2/1"), "{}", told[0].text);
        assert_eq!((stage.in_hand().await, stage.parked_entries().await), (vec![], vec![]));
    }

    async fn words_that_are_made_anew_before_sending_are_given_up_too(test: TestDb) {
        let stage = Stage::at(test, "2020-03-31T07:30:00").await;
        stage.plan("2020-03-31").await;
        stage.done("II.2", 1, "STP", "2020-03-30").await;
        stage.died_over(&Thing::Brief("stp.officer".into())).await;
        let left = stage.round_at(MORNING).await;
        assert!(left.len() > 10 && to(&left, STP).is_empty(), "{}", left.len());
        let parked = stage.parked_entries().await;
        assert!(parked.len() == 1 && parked[0].1.contains(WHY), "{parked:?}");
        assert_eq!(stage.tries_again("stp.officer/2020-03-31").await, Retried::Queued);
        let left = stage.round_at("2020-03-31T07:31:00").await;
        assert_eq!(to(&left, STP).len(), 1);
    }

    async fn a_digest_over_which_processes_died_is_left_out_and_named(test: TestDb) {
        let stage = Stage::at(test, "2020-03-13T10:00:00").await;
        let plan = stage.daemon.deliverer.setup.charges[0].plan.id.clone();
        stage.died_over(&Thing::Digest(plan.clone())).await;
        assert_eq!(stage.digests("2020-03-16T07:30:00").await, []);
        let name = format!("digest/{plan}");
        let parked = stage.parked_entries().await;
        assert!(parked.len() == 1 && parked[0].0 == name && parked[0].1.starts_with(WHY), "{parked:?}");
        assert_eq!(stage.tries_again(&name).await, Retried::NextTime);
        assert_eq!(stage.digests("2020-03-23T07:30:00").await.len(), 3);
        assert_eq!((stage.in_hand().await, stage.parked_entries().await), (vec![], vec![]));
    }

    /// If the next one dies as well, it is known of which.
    async fn what_processes_died_of_while_sending_leaves_one_by_one(test: TestDb) {
        let mut stage = Stage::at(test, "2020-03-31T07:30:00").await;
        stage.plan("2020-03-31").await;
        let relay = FakeSmtp::start().await;
        stage.mail_by(Sender::Email(sender(&relay)));
        for (owner, time) in [("one", "2020-03-31T07:30:00"), ("two", "2020-03-31T07:36:00")] {
            stage.set_time(time);
            let deliverer = &stage.daemon.deliverer;
            let now = deliverer.clock.now();
            let mut tx = deliverer.db.begin().await.unwrap();
            let claim_of = Claim {
                owner,
                channel: Channel::Email,
                wanted: Wanted::All,
                overtaken: Overtaken::default(),
                now,
                until: now + deliverer.pace.lease,
                limit: 5,
                except: &[],
            };
            let claimed = claim(&mut tx, &claim_of).await.unwrap();
            let ids: Vec<_> = claimed.iter().map(|one| one.delivery.id).collect();
            assert_eq!(attempts::start(&mut tx, &ids, owner, now).await.unwrap().len(), 5);
            // What nobody died of is not what this is about.
            let others = "UPDATE deliveries SET state = 'cancelled' WHERE attempts = 0";
            execute(&mut tx, others).await.unwrap();
            tx.commit().await.unwrap();
        }
        stage.set_time("2020-03-31T07:42:00");
        assert_eq!(stage.deliver().await.sent, 5);
        assert_eq!((relay.take().len(), relay.most_at_once()), (5, 1));
    }

    async fn whoever_takes_over_from_the_dead_is_careful_and_from_those_who_ended_is_not(test: TestDb) {
        let clock = dondoc::clock::Clock::manual(chrono::DateTime::UNIX_EPOCH);
        let node = |name: &str| Node::new(test.db.clone(), clock.clone(), name.to_owned());
        let (a, b, c) = (node("a"), node("b"), node("c"));
        assert!(a.hold(&Duty::Desk).await.unwrap().is_some() && !a.caution().is_on(), "nobody was before");
        a.give_back(&Duty::Desk, std::time::Duration::ZERO).await;
        assert!(b.hold(&Duty::Desk).await.unwrap().is_some() && !b.caution().is_on());
        clock.set(clock.now() + TimeDelta::seconds(25));
        assert!(c.hold(&Duty::Desk).await.unwrap().is_some() && c.caution().is_on(), "b is dead");
    }
}
