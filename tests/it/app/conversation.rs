//! One agency through spring 2020: what its officer writes, what is recorded, what is answered.

use std::sync::atomic::{AtomicU32, Ordering};

use dondoc::app::as_of::list_as_of;
use dondoc::app::inspect::issue_code;
use dondoc::channels::Message;
use dondoc::domain::delivery::Channel;
use dondoc::domain::ids::ContactId;
use dondoc::domain::inbound::{Content, Identity, Inbound, Place};
use dondoc::domain::obligation::{Obligation, Pending, State};
use dondoc::store::events;
use dondoc::store::obligations::{self, Filter};

use dondoc::app::deliver::{Deliverer, Halt};

use super::stage::{Stage, day};
use crate::support::db::on_both_databases;

const PHONE: &str = "4242";

static NUMBER: AtomicU32 = AtomicU32::new(1);

pub(super) fn inbound(channel: Channel, from: &str, content: Content) -> Inbound {
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    Inbound {
        channel,
        external_id: format!("{}:{number}", channel.as_str()),
        from: from.to_owned(),
        place: Place::Private,
        sent_at: None,
        identity: Identity::Proven,
        content,
    }
}

pub(super) fn words(text: &str) -> Content {
    Content::Text {
        text: text.to_owned(),
        answers: None,
        edited: false,
        files: Vec::new(),
    }
}

impl Stage {
    /// Somebody writes at this time; gives the answers that left for chats.
    pub(super) async fn hears(&self, time: &str, from: &str, text: &str) -> Vec<Message> {
        self.takes(time, inbound(Channel::Telegram, from, words(text)))
            .await
    }

    pub(super) async fn takes(&self, time: &str, inbound: Inbound) -> Vec<Message> {
        self.set_time(time);
        self.daemon.intake().store(&[inbound]).await.unwrap();
        self.daemon.round(&Halt::never()).await.unwrap();
        let mut left = self.chat.take();
        // A brief of the morning that leaves in the same round is no answer.
        left.retain(|message| message.message_id.starts_with("<answer."));
        left
    }

    /// The only answer.
    pub(super) async fn answers(&self, time: &str, text: &str) -> String {
        let answers = self.hears(time, PHONE, text).await;
        assert_eq!(answers.len(), 1, "{text}: {answers:#?}");
        answers[0].text.clone()
    }

    pub(super) async fn link(&self, time: &str, contact: &str) {
        self.set_time(time);
        let deliverer = &self.daemon.deliverer;
        let id: ContactId = contact.into();
        let now = deliverer.clock.now();
        let issued = issue_code(
            &deliverer.db,
            &deliverer.setup.key,
            &id,
            None,
            0x074d_0063_0112_3456,
            now,
        )
        .await
        .unwrap()
        .unwrap();
        let asked = self.answers(time, &issued.code.to_lowercase()).await;
        assert!(asked.contains("Đúng không?"), "{asked}");
        let linked = self.answers(time, "1").await;
        assert!(linked.contains("Đã liên kết"), "{linked}");
    }

    pub(super) async fn owed(&self, task: &str, milestone: u16) -> Obligation {
        let mut tx = self.daemon.deliverer.db.snapshot().await.unwrap();
        let filter = Filter {
            agency: Some("STP".into()),
            task: Some(task.into()),
            ..Filter::default()
        };
        let found = obligations::list(&mut tx, &filter).await.unwrap();
        found
            .into_iter()
            .find(|one| one.milestone.number == milestone)
            .unwrap()
    }

    pub(super) async fn ledger(&self, obligation: &Obligation) -> Vec<String> {
        let mut tx = self.daemon.deliverer.db.snapshot().await.unwrap();
        let events = events::list_of_obligation(&mut tx, obligation.id)
            .await
            .unwrap();
        events.into_iter().map(|event| event.entry.kind).collect()
    }
}

on_both_databases! {
    async fn a_spring_of_one_agency(test: TestDb) {
        let stage = Stage::at(test, "2020-01-14T07:00:00").await;
        stage.link("2020-01-14T07:00:00", "stp.officer").await;

        // Reminded before Tết, in the chat that was linked.
        stage.set_time("2020-01-14T07:30:00");
        stage.daemon.round(&Halt::never()).await.unwrap();
        let brief = stage.chat.take();
        assert_eq!(brief.len(), 1);
        assert!(brief[0].text.contains("IV.1.b"), "{}", brief[0].text);
        assert!(brief[0].text.contains("Tết"), "{}", brief[0].text);

        let answer = stage
            .answers("2020-01-14T09:00:00", "IV.1.b đang làm, được 60%")
            .await;
        assert!(
            answer.contains("Đã ghi: IV.1.b") && answer.contains("đạt 60%"),
            "{answer}"
        );
        assert_eq!(stage.owed("IV.1.b", 1).await.state, State::Open);

        // Done without a number: recorded, and the number is asked for once.
        let answer = stage
            .answers("2020-01-21T16:00:00", "IV.1.b xong rồi nhé")
            .await;
        assert!(
            answer.contains("hoàn thành đúng hạn") && answer.contains("số và ngày văn bản"),
            "{answer}"
        );
        let done = stage.owed("IV.1.b", 1).await;
        assert_eq!(
            (done.state, done.done_on),
            (State::Done, Some(day("2020-01-21")))
        );
        let answer = stage
            .answers("2020-01-21T16:02:00", "35/KH-STP ngày 20/1")
            .await;
        assert!(answer.contains("bổ sung văn bản 35/KH-STP"), "{answer}");

        // Taken back, and done again with its number.
        let answer = stage.answers("2020-01-21T16:05:00", "nhầm").await;
        assert!(answer.contains("Đã rút lại: IV.1.b"), "{answer}");
        assert_eq!(stage.owed("IV.1.b", 1).await.state, State::Open);
        let answer = stage
            .answers(
                "2020-01-22T08:00:00",
                "IV.1.b đã ban hành, KH số 36/KH-STP ngày 21/1/2020",
            )
            .await;
        assert!(
            answer.contains("36/KH-STP") && !answer.contains("Đề nghị cho biết số"),
            "{answer}"
        );
        let done = stage.owed("IV.1.b", 1).await;
        assert_eq!(
            (done.state, done.done_on),
            (State::Done, Some(day("2020-01-21")))
        );
        assert_eq!(
            stage.ledger(&done).await,
            ["progress", "done", "evidence", "undone", "done"]
        );

        // More time is asked for: the date stays until somebody decides.
        let answer = stage
            .answers(
                "2020-03-25T10:00:00",
                "II.2/1 xin gia hạn đến 15/4 vì chờ hướng dẫn của Bộ",
            )
            .await;
        assert!(
            answer.contains("xin gia hạn đến 15/4/2020, chờ quyết định"),
            "{answer}"
        );
        let waiting = stage.owed("II.2", 1).await;
        assert_eq!(
            (waiting.state, waiting.pending, waiting.due_on),
            (
                State::Open,
                Some(Pending::Extension),
                Some(day("2020-03-31"))
            )
        );

        let Deliverer { db, setup, .. } = &stage.daemon.deliverer;
        let today = list_as_of(db, setup, &Filter::default(), day("2020-03-25")).await.unwrap();
        let wanted = today.iter().find(|one| one.obligation.id == waiting.id).unwrap().wanted();
        assert_eq!(wanted, Some(day("2020-04-15")));

        // A stranger learns nothing, and hears one line a day.
        let told = stage.hears("2020-03-25T10:05:00", "666", "II.2 xong").await;
        assert_eq!(told.len(), 1);
        assert!(!told[0].text.contains("Tư pháp"), "{}", told[0].text);
        assert!(
            stage
                .hears("2020-03-25T10:06:00", "666", "alo?")
                .await
                .is_empty()
        );
        assert_eq!(stage.ledger(&waiting).await, ["extension-asked"]);

        // A machine answers a mail: nothing changes and nobody is answered.
        let away = Content::Automatic {
            reason: "Auto-Submitted: auto-replied".to_owned(),
        };
        let away = inbound(Channel::Email, "cchc.stp@quangnam.example", away);
        assert!(stage.takes("2020-03-25T10:07:00", away).await.is_empty());
        assert_eq!(stage.ledger(&waiting).await, ["extension-asked"]);
    }

    async fn what_an_agency_says_of_itself_by_name_is_its_own_work(test: TestDb) {
        let stage = Stage::at(test, "2020-03-25T09:00:00").await;
        stage.link("2020-03-25T09:00:00", "stp.officer").await;
        let others = "II.2/1: Sở Tài chính đã ban hành kế hoạch";
        stage.answers("2020-03-25T10:00:00", others).await;
        assert_eq!(stage.owed("II.2", 1).await.state, State::Open);
        let own = "II.2/1: Sở Tư pháp đã ban hành kế hoạch";
        stage.answers("2020-03-25T10:05:00", own).await;
        assert_eq!(stage.owed("II.2", 1).await.state, State::Done);
    }

    async fn each_task_of_one_message_has_its_own_line_with_its_own_number_and_percent(test: TestDb) {
        let stage = Stage::at(test, "2020-01-21T09:00:00").await;
        stage.link("2020-01-21T09:00:00", "stp.officer").await;
        let text = "IV.1.b xong, KH số 5/KH-STP ngày 20/1/2020; II.2/1 đang làm, được 40%";
        let answer = stage.answers("2020-01-21T10:00:00", text).await;
        assert!(!answer.contains("Đề nghị cho biết số"), "{answer}");
        let (plan, review) = (stage.owed("IV.1.b", 1).await, stage.owed("II.2", 1).await);
        assert_eq!((plan.state, plan.done_on), (State::Done, Some(day("2020-01-20"))));
        assert_eq!(review.state, State::Open);
        let mut tx = stage.daemon.deliverer.db.snapshot().await.unwrap();
        let mut lines = Vec::new();
        for one in [&plan, &review] {
            let told = events::list_of_obligation(&mut tx, one.id).await.unwrap();
            lines.extend(told.into_iter().map(|event| (event.entry.kind, event.entry.payload.to_string())));
        }
        let [(first, done), (second, progress)] = lines.as_slice() else {
            panic!("{lines:#?}");
        };
        assert_eq!((first.as_str(), second.as_str()), ("done", "progress"));
        let percent = "\"percent\":40";
        assert!(done.contains("5/KH-STP") && !done.contains(percent), "{done}");
        assert!(progress.contains(percent) && !progress.contains("KH-STP\""), "{progress}");
    }

    async fn a_message_handed_over_twice_is_applied_and_answered_once(test: TestDb) {
        let stage = Stage::at(test, "2020-03-25T09:00:00").await;
        stage.link("2020-03-25T09:00:00", "stp.officer").await;
        let message = inbound(Channel::Telegram, PHONE, words("II.2/1 xong, KH 12/KH-STP"));
        let first = stage.takes("2020-03-25T10:00:00", message.clone()).await;
        let second = stage.takes("2020-03-25T10:01:00", message).await;
        assert_eq!((first.len(), second.len()), (1, 0));
        let done = stage.owed("II.2", 1).await;
        assert_eq!(stage.ledger(&done).await, ["done"]);
    }

    async fn a_code_is_good_for_one_person_only(test: TestDb) {
        let stage = Stage::at(test, "2020-03-25T09:00:00").await;
        let deliverer = &stage.daemon.deliverer;
        let id: ContactId = "stp.officer".into();
        let issued = issue_code(&deliverer.db, &deliverer.setup.key, &id, None, 0x0101_0101_0101_0101, deliverer.clock.now())
            .await
            .unwrap()
            .unwrap();
        stage
            .hears("2020-03-25T09:01:00", "777", &issued.code)
            .await;
        let late = stage
            .hears("2020-03-25T09:02:00", "888", &issued.code)
            .await;
        assert!(
            late[0].text.contains("Mã không dùng được"),
            "{}",
            late[0].text
        );
        let wrong = stage.hears("2020-03-25T09:03:00", "888", "A1A1-A1A1-A1A1").await;
        assert_eq!(
            wrong[0].text, late[0].text,
            "a wrong code reads like a used one"
        );
        // The first says that it is somebody else: nobody is linked, and the code has ended.
        stage.hears("2020-03-25T09:04:00", "777", "2").await;
        let again = stage
            .hears("2020-03-25T09:05:00", "777", &issued.code)
            .await;
        assert_eq!(again[0].text, late[0].text);
        for _ in 0..5 {
            stage.hears("2020-03-25T09:06:00", "888", "B1B1-B1B1-B1B1").await;
        }
        assert!(
            stage
                .hears("2020-03-25T09:07:00", "888", "C1C1-C1C1-C1C1")
                .await
                .is_empty(),
            "tries are limited"
        );
    }

    async fn a_message_of_doubtful_origin_is_held_and_changes_nothing(test: TestDb) {
        let stage = Stage::at(test, "2020-03-25T09:00:00").await;
        let mut forged = inbound(
            Channel::Email,
            "cchc.stp@quangnam.example",
            words("II.2/1 xong"),
        );
        forged.identity = Identity::Doubtful {
            reason: "no token and no aligned signature".to_owned(),
        };
        assert!(stage.takes("2020-03-25T09:01:00", forged).await.is_empty());
        assert_eq!(stage.owed("II.2", 1).await.state, State::Open);
        let waiting = dondoc::app::inspect::list_waiting(&stage.daemon.deliverer.db, 10)
            .await
            .unwrap();
        assert_eq!(waiting.len(), 1);
        assert!(waiting[0].held && waiting[0].reason.contains("no token"));
    }

    async fn nobody_changes_or_sees_what_another_agency_owes(test: TestDb) {
        let stage = Stage::at(test, "2020-03-25T09:00:00").await;
        stage.link("2020-03-25T09:00:00", "stp.officer").await;
        // VII.1 is led by another agency.
        let before = stage.daemon.deliverer.db.clone();
        let answer = stage.answers("2020-03-25T10:00:00", "VII.1 xong").await;
        assert!(
            answer.contains("không có trong danh sách việc của Sở Tư pháp"),
            "{answer}"
        );
        let mut tx = before.snapshot().await.unwrap();
        let filter = Filter {
            task: Some("VII.1".into()),
            state: Some(State::Done),
            ..Filter::default()
        };
        assert_eq!(obligations::list(&mut tx, &filter).await.unwrap(), []);
    }
}
