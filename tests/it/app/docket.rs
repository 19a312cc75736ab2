//! The monitor decides in its chats: by buttons, by numbers, in words, two at once, and takes it back.

use std::sync::Arc;

use dondoc::app::deliver::Halt;
use dondoc::app::inspect::{self, issue_code};
use dondoc::app::open::Loaded;
use dondoc::channels::Message;
use dondoc::domain::delivery::Channel;
use dondoc::domain::directory::{Contact, Role};
use dondoc::domain::ids::ContactId;
use dondoc::domain::inbound::{Content, Inbound, Place};
use dondoc::domain::obligation::{Obligation, Pending, State};
use dondoc::domain::plan::Acceptance;
use dondoc::domain::resolution::Policy;
use dondoc::store::events::{self, Actor};

use super::amending;
use super::conversation::{inbound, words};
use super::stage::{Stage, day, loaded};
use crate::support::db::on_both_databases;

/// Phones: of the monitor's officer, of its head, of a second officer, of an agency's officer.
const OFFICER: &str = "71";
const HEAD: &str = "72";
const SECOND: &str = "73";
const AGENCY: &str = "4242";

pub(super) fn tap(token: &str) -> Content {
    Content::Button {
        token: token.to_owned(),
        tap: String::new(),
        answers: None,
    }
}

/// The token of the button that says this.
pub(super) fn button(message: &Message, label: &str) -> String {
    let found = message.choices.iter().find(|one| one.label.contains(label));
    let found = found.unwrap_or_else(|| panic!("no button {label}: {message:#?}"));
    found.token.clone()
}

impl Stage {
    pub(super) async fn linked(&self, time: &str, contact: &str, phone: &str) {
        self.set_time(time);
        let deliverer = &self.daemon.deliverer;
        let id: ContactId = contact.into();
        let random = phone
            .bytes()
            .fold(0x074d_0063, |sum: u64, byte| sum * 31 + u64::from(byte));
        let issued = issue_code(
            &deliverer.db,
            &deliverer.setup.key,
            &id,
            None,
            random,
            deliverer.clock.now(),
        )
        .await
        .unwrap()
        .unwrap();
        self.hears(time, phone, &issued.code).await;
        let linked = self.hears(time, phone, "1").await;
        assert!(linked[0].text.contains("Đã liên kết"), "{linked:#?}");
    }

    /// What one of the monitor is answered, and what the agency's chat is told at once.
    pub(super) async fn decides(
        &self,
        time: &str,
        phone: &str,
        content: Content,
    ) -> (Message, Vec<String>) {
        self.set_time(time);
        let inbound = inbound(Channel::Telegram, phone, content);
        self.daemon.intake().store(&[inbound]).await.unwrap();
        self.daemon.round(&Halt::never()).await.unwrap();
        let left = self.chat.take();
        let answers: Vec<&Message> = left
            .iter()
            .filter(|one| one.message_id.starts_with("<answer."))
            .collect();
        assert_eq!(answers.len(), 1, "{left:#?}");
        assert_eq!(answers[0].to, phone);
        let told = left
            .iter()
            .filter(|one| one.message_id.starts_with("<decision."));
        (
            answers[0].clone(),
            told.map(|one| one.text.clone()).collect(),
        )
    }

    /// The lines of the ledger about an obligation: kind and who.
    pub(super) async fn lines(&self, one: &Obligation) -> Vec<(String, Actor, Option<String>)> {
        let mut tx = self.daemon.deliverer.db.snapshot().await.unwrap();
        let events = events::list_of_obligation(&mut tx, one.id).await.unwrap();
        let entries = events.into_iter().map(|event| event.entry);
        entries
            .map(|one| (one.kind, one.actor, one.source))
            .collect()
    }
}

/// A stage where STP asks for more time, and the monitor's people are linked.
async fn asked(test: crate::support::db::TestDb, loaded: Loaded) -> Stage {
    let mut contacts = loaded.contacts.clone();
    contacts.push(Contact {
        id: "snv.officer2".into(),
        agency: "SNV".into(),
        role: Role::Officer,
        title: "Phó Trưởng phòng Cải cách hành chính".to_owned(),
        channels: Vec::new(),
    });
    let stage = Stage::with(test, "2020-03-16T09:00:00", contacts, loaded).await;
    stage.link("2020-03-16T09:00:00", "stp.officer").await;
    stage
        .linked("2020-03-16T09:01:00", "snv.officer", OFFICER)
        .await;
    stage.linked("2020-03-16T09:02:00", "snv.head", HEAD).await;
    stage
        .linked("2020-03-16T09:03:00", "snv.officer2", SECOND)
        .await;
    stage
        .answers(
            "2020-03-16T09:30:00",
            "II.2 xin gia hạn đến 15/4 vì chờ hướng dẫn của Bộ",
        )
        .await;
    stage
}

fn plan(acceptance: Acceptance, extensions: Policy) -> Loaded {
    let mut loaded = loaded();
    let setup = Arc::get_mut(&mut loaded.setup).unwrap();
    setup.charges[0].plan.acceptance = acceptance;
    setup.charges[0].plan.extensions = extensions;
    loaded
}

on_both_databases! {
    async fn a_button_grants_what_is_asked_once_and_everybody_is_told(test: TestDb) {
        let stage = asked(test, loaded()).await;
        let (card, told) = stage.decides("2020-03-17T08:00:00", OFFICER, words("quyết định")).await;
        assert!(told.is_empty());
        for part in ["Sở Tư pháp xin gia hạn đến 15/4/2020", "II.2/1", "trong quý I (31/3)", "chờ hướng dẫn của Bộ"] {
            assert!(card.text.contains(part), "{part}: {}", card.text);
        }
        let grant = button(&card, "Đồng ý đến 15/4");
        let (receipt, told) = stage.decides("2020-03-17T08:01:00", OFFICER, tap(&grant)).await;
        assert!(receipt.text.contains("hạn mới 15/4/2020, hạn cũ 31/3/2020"), "{}", receipt.text);
        assert!(receipt.text.contains("“nhầm” trong 7 ngày"), "{}", receipt.text);
        assert!(receipt.text.contains("Không còn đề nghị nào"), "{}", receipt.text);
        assert_eq!(told.len(), 1);
        assert!(told[0].contains("Sở Nội vụ đồng ý gia hạn"), "{}", told[0]);
        let now = stage.owed("II.2", 1).await;
        assert_eq!((now.due_on, now.pending), (Some(day("2020-04-15")), None));
        let lines = stage.lines(&now).await;
        let (kind, actor, source) = lines.last().unwrap();
        assert_eq!(kind, "extended");
        assert_eq!(*actor, Actor::Contact("snv.officer".into()));
        assert!(source.as_ref().unwrap().starts_with("inbox:"), "{source:?}");

        // The same button once more, and by a colleague: told how it stands, nothing applied.
        for (phone, time) in [(OFFICER, "2020-03-17T08:02:00"), (HEAD, "2020-03-17T08:03:00")] {
            let (stale, told) = stage.decides(time, phone, tap(&grant)).await;
            assert!(stale.text.contains("đã đồng ý gia hạn") && stale.text.contains("Không ghi thêm gì"), "{}", stale.text);
            assert!(told.is_empty());
        }
        assert_eq!(stage.lines(&now).await.len(), lines.len());
    }

    async fn two_of_the_monitor_who_decide_at_once_decide_once(test: TestDb) {
        let stage = asked(test, loaded()).await;
        let (mine, _) = stage.decides("2020-03-17T08:00:00", OFFICER, words("/quyetdinh")).await;
        let (theirs, _) = stage.decides("2020-03-17T08:00:30", SECOND, words("/duyet")).await;
        let grant = inbound(Channel::Telegram, OFFICER, tap(&button(&mine, "Đồng ý đến")));
        let refuse = inbound(Channel::Telegram, SECOND, tap(&button(&theirs, "Không đồng ý")));
        stage.set_time("2020-03-17T08:01:00");
        stage.daemon.intake().store(&[grant, refuse]).await.unwrap();
        stage.daemon.round(&Halt::never()).await.unwrap();
        let left = stage.chat.take();
        let second = left.iter().find(|one| one.to == SECOND).unwrap();
        assert!(second.text.contains("đã đồng ý gia hạn"), "{}", second.text);
        let now = stage.owed("II.2", 1).await;
        let kinds: Vec<String> = stage.lines(&now).await.into_iter().map(|one| one.0).collect();
        assert_eq!(kinds, ["extension-asked", "extended"]);
    }

    async fn a_refusal_asks_for_its_reason_and_gives_it_word_for_word(test: TestDb) {
        let stage = asked(test, loaded()).await;
        let (card, _) = stage.decides("2020-03-17T08:00:00", OFFICER, words("duyệt")).await;
        let (asks, told) = stage.decides("2020-03-17T08:01:00", OFFICER, tap(&button(&card, "Không đồng ý"))).await;
        assert!(asks.text.contains("Lý do không đồng ý gia hạn II.2/1 của Sở Tư pháp?"), "{}", asks.text);
        assert!(told.is_empty() && stage.owed("II.2", 1).await.pending.is_some());
        let reason = "Phải ban hành trong quý I để kịp rà soát";
        let (receipt, told) = stage.decides("2020-03-17T08:02:00", OFFICER, words(reason)).await;
        assert!(receipt.text.contains("không đồng ý gia hạn") && receipt.text.contains(reason), "{}", receipt.text);
        assert!(told[0].contains(reason), "{}", told[0]);
        let now = stage.owed("II.2", 1).await;
        assert_eq!((now.due_on, now.pending), (Some(day("2020-03-31")), None));
    }

    async fn what_says_nothing_is_no_reason_and_is_asked_for_again(test: TestDb) {
        let stage = asked(test, loaded()).await;
        let (card, _) = stage.decides("2020-03-17T08:00:00", OFFICER, words("duyệt")).await;
        stage.decides("2020-03-17T08:01:00", OFFICER, tap(&button(&card, "Không đồng ý"))).await;
        for empty in ["ok", ".", "muộn", "không đồng ý", "vâng ạ", "3"] {
            let (again, told) = stage.decides("2020-03-17T08:02:00", OFFICER, words(empty)).await;
            assert!(again.text.contains("Lý do không đồng ý gia hạn II.2/1"), "{empty}: {}", again.text);
            assert!(again.text.contains("chưa nêu lý do cụ thể"), "{empty}: {}", again.text);
            assert!(told.is_empty() && stage.owed("II.2", 1).await.pending.is_some(), "{empty}");
        }
        // In one sentence too.
        let (asks, told) = stage.decides("2020-03-17T08:03:00", HEAD, words("từ chối gia hạn II.2/1 của STP vì ok")).await;
        assert!(asks.text.contains("Lý do không đồng ý gia hạn II.2/1") && told.is_empty(), "{}", asks.text);
        let (receipt, told) = stage.decides("2020-03-17T08:04:00", OFFICER, words("phải xong sớm")).await;
        assert!(receipt.text.contains("Lý do: phải xong sớm") && told.len() == 1, "{}", receipt.text);
    }

    async fn a_day_is_no_reason_of_a_refusal_and_may_grant(test: TestDb) {
        let stage = asked(test, loaded()).await;
        let (card, _) = stage.decides("2020-03-17T08:00:00", OFFICER, words("duyệt")).await;
        stage.decides("2020-03-17T08:01:00", OFFICER, tap(&button(&card, "Không đồng ý"))).await;
        for written in ["30/4", "đến 30/4", "gia hạn đến 30/4 nhé"] {
            let (again, told) = stage.decides("2020-03-17T08:02:00", OFFICER, words(written)).await;
            assert!(again.text.contains("“30/4”: là ngày gia hạn?"), "{written}: {}", again.text);
            assert!(told.is_empty() && stage.owed("II.2", 1).await.pending.is_some(), "{written}");
        }
        // The words that the question names do what they say.
        let grants = words("đồng ý gia hạn II.2/1 của Sở Tư pháp đến 30/4");
        let (receipt, told) = stage.decides("2020-03-17T08:03:00", OFFICER, grants).await;
        assert!(receipt.text.contains("hạn mới 30/4/2020") && told.len() == 1, "{}", receipt.text);
    }

    async fn a_number_means_the_same_on_every_card(test: TestDb) {
        let bounded = Policy { latest: Some(day("2020-04-10")), ..Policy::default() };
        let stage = asked(test, plan(Acceptance::Confirm, bounded)).await;
        // The day that was asked for lies beyond what the plan allows: it is not offered, and its number stays unused.
        let (card, _) = stage.decides("2020-03-17T08:00:00", OFFICER, words("quyết định")).await;
        for line in ["2. Đồng ý, ngày khác", "3. Không đồng ý", "4. Để sau"] {
            assert!(card.text.contains(line), "{line}: {}", card.text);
        }
        assert!(!card.text.contains("1. "), "{}", card.text);
        let (shown, told) = stage.decides("2020-03-17T08:01:00", OFFICER, words("1")).await;
        assert!(shown.text.contains("Chờ quyết định") && told.is_empty(), "{}", shown.text);
        let (asks, _) = stage.decides("2020-03-17T08:02:00", OFFICER, words("2")).await;
        assert!(asks.text.contains("đến ngày nào?"), "{}", asks.text);
        stage.decides("2020-03-17T08:03:00", OFFICER, words("9/4")).await;
        assert_eq!(stage.owed("II.2", 1).await.due_on, Some(day("2020-04-09")));
        stage.answers("2020-03-18T09:00:00", "II.2/1 xong hôm 17/3, KH số 12/KH-STP").await;
        let (card, _) = stage.decides("2020-03-18T09:30:00", OFFICER, words("quyết định")).await;
        for line in ["1. Xác nhận hoàn thành", "3. Trả lại", "4. Để sau"] {
            assert!(card.text.contains(line), "{line}: {}", card.text);
        }
    }

    async fn a_reason_alone_is_no_report_and_never_the_card_of_another_task(test: TestDb) {
        let stage = asked(test, loaded()).await;
        stage.decides("2020-03-17T08:00:00", OFFICER, words("không đồng ý gia hạn IV.1.b của SYT")).await;
        let why = "vì đã quá hạn, Sở Y tế phải ban hành ngay";
        let (answer, told) = stage.decides("2020-03-17T08:01:00", OFFICER, words(why)).await;
        let says = "hiện Sở Y tế không có đề nghị nào chờ quyết định, nên chưa ghi gì";
        assert!(answer.text.contains(says) && told.is_empty(), "{}", answer.text);
        // Where something of that agency waits, it is shown.
        let why = "vì Sở Tư pháp phải ban hành trong quý I";
        let (answer, told) = stage.decides("2020-03-17T08:02:00", OFFICER, words(why)).await;
        assert!(answer.text.contains("Chờ quyết định: Sở Tư pháp xin gia hạn") && told.is_empty(), "{}", answer.text);
        assert!(stage.owed("II.2", 1).await.pending.is_some());
    }

    async fn how_it_stands_is_told_with_why_it_does(test: TestDb) {
        let stage = asked(test, loaded()).await;
        let (card, _) = stage.decides("2020-03-17T08:00:00", OFFICER, words("duyệt")).await;
        let grant = button(&card, "Đồng ý đến");
        let refusal = "từ chối gia hạn II.2/1 của STP vì phải ban hành trong quý I";
        stage.decides("2020-03-17T08:01:00", HEAD, words(refusal)).await;
        let (stands, _) = stage.decides("2020-03-17T08:02:00", OFFICER, tap(&grant)).await;
        assert!(stands.text.contains("lý do: “phải ban hành trong quý I”"), "{}", stands.text);
        stage.set_time("2020-03-17T09:00:00");
        let moved = amending::order("II.2", &["STP"], amending::until("2020-04-30"));
        stage.amends(&moved, false).await.unwrap();
        let (stands, _) = stage.decides("2020-03-17T09:02:00", OFFICER, tap(&grant)).await;
        assert!(stands.text.contains("đã thay đổi theo 905/QĐ-UBND"), "{}", stands.text);
        let held = amending::order("II.2", &["STP"], dondoc::domain::amendment::Change::Suspend);
        stage.amends(&held, false).await.unwrap();
        let (answer, _) = stage.decides("2020-03-17T09:05:00", AGENCY, words("II.2/1 xong, KH số 12/KH-STP")).await;
        assert!(answer.text.contains("bằng văn bản 905/QĐ-UBND"), "{}", answer.text);
    }

    async fn another_day_is_asked_for_and_kept_within_the_plan(test: TestDb) {
        let bounded = Policy { most: Some(2), latest: Some(day("2020-04-30")), ..Policy::default() };
        let stage = asked(test, plan(Acceptance::Trust, bounded)).await;
        let (card, _) = stage.decides("2020-03-17T08:00:00", OFFICER, words("quyết định")).await;
        assert!(card.text.contains("nhiều nhất 2 lần, muộn nhất đến 30/4/2020"), "{}", card.text);
        stage.decides("2020-03-17T08:01:00", OFFICER, words("2")).await;
        let (again, _) = stage.decides("2020-03-17T08:02:00", OFFICER, words("để xem đã")).await;
        assert!(again.text.contains("Chưa hiểu ngày"), "{}", again.text);
        let (beyond, _) = stage.decides("2020-03-17T08:03:00", OFFICER, words("15/5")).await;
        assert!(beyond.text.contains("không cho gia hạn quá 30/4/2020"), "{}", beyond.text);
        assert_eq!(stage.owed("II.2", 1).await.due_on, Some(day("2020-03-31")));
        stage.decides("2020-03-17T08:04:00", OFFICER, tap(&button(&beyond, "ngày khác"))).await;
        stage.decides("2020-03-17T08:05:00", OFFICER, words("thứ Sáu 24/4")).await;
        assert_eq!(stage.owed("II.2", 1).await.due_on, Some(day("2020-04-24")));
    }

    async fn a_day_that_has_passed_is_neither_offered_nor_granted(test: TestDb) {
        let stage = asked(test, loaded()).await;
        let (card, _) = stage.decides("2020-04-16T08:00:00", OFFICER, words("quyết định")).await;
        assert!(card.text.contains("Chờ quyết định") && !card.text.contains("Đồng ý đến 15"), "{}", card.text);
        assert_eq!(stage.owed("II.2", 1).await.due_on, Some(day("2020-03-31")));
    }

    async fn the_reason_of_a_return_is_asked_as_such(test: TestDb) {
        let stage = asked(test, loaded()).await;
        stage.answers("2020-03-18T09:00:00", "II.2/1 xong hôm 17/3, KH số 12/KH-STP").await;
        let (question, _) = stage.decides("2020-03-18T09:30:00", HEAD, words("trả lại II.2 của Sở Tư pháp")).await;
        assert!(question.text.contains("Lý do trả lại báo cáo hoàn thành"), "{}", question.text);
    }

    async fn an_order_on_several_agencies_at_once_is_no_wish_of_the_monitor(test: TestDb) {
        let stage = asked(test, loaded()).await;
        let order = words("gia hạn cho tất cả các huyện II.2/1 đến 30/4");
        let (refused, told) = stage.decides("2020-03-17T08:00:00", OFFICER, order).await;
        assert!(refused.text.contains("mỗi tin chỉ quyết định cho một cơ quan"), "{}", refused.text);
        assert!(told.is_empty());
        let filter = inspect::Filter { agency: Some("SNV".into()), ..inspect::Filter::default() };
        let own = inspect::list_obligations(&stage.daemon.deliverer.db, &filter).await.unwrap();
        assert!(own.iter().all(|one| one.pending.is_none()), "{own:?}");
    }

    async fn numbers_decide_one_card_after_the_other_and_never_the_next_by_accident(test: TestDb) {
        let stage = asked(test, loaded()).await;
        stage.answers("2020-03-16T10:00:00", "I.2 xin gia hạn đến 10/4").await;
        let (first, _) = stage.decides("2020-03-17T08:00:00", OFFICER, words("quyết định")).await;
        assert!(first.text.contains("1/2"), "{}", first.text);
        // "1" is sent twice before the next card can have been read.
        let twice = [words("1"), words("1")].map(|one| inbound(Channel::Telegram, OFFICER, one));
        stage.set_time("2020-03-17T08:01:00");
        stage.daemon.intake().store(&twice).await.unwrap();
        stage.daemon.round(&Halt::never()).await.unwrap();
        assert!(!stage.chat.take().is_empty());
        let waiting = inspect::list_obligations(&stage.daemon.deliverer.db, &inspect::Filter::default()).await.unwrap();
        let waiting = waiting.iter().filter(|one| one.pending == Some(Pending::Extension)).count();
        assert_eq!(waiting, 1, "the second is not taken for the next card");
        let (end, _) = stage.decides("2020-03-17T08:02:00", OFFICER, words("1")).await;
        assert!(end.text.contains("Không còn đề nghị nào"), "{}", end.text);
    }

    async fn orders_in_words_are_carried_out_or_shown(test: TestDb) {
        let stage = asked(test, plan(Acceptance::Confirm, Policy::default())).await;
        // In doubt: the card, and nothing decided.
        for doubtful in ["đồng ý II.2 STP không?", "đồng ý II.2", "đồng ý"] {
            let (card, told) = stage.decides("2020-03-17T08:00:00", OFFICER, words(doubtful)).await;
            assert!(card.text.contains("Chờ quyết định: Sở Tư pháp xin gia hạn"), "{doubtful}: {}", card.text);
            assert!(told.is_empty() && stage.owed("II.2", 1).await.pending.is_some(), "{doubtful}");
        }
        stage.decides("2020-03-17T08:01:00", OFFICER, words("đồng ý gia hạn II.2/1 của STP đến 20/4")).await;
        assert_eq!(stage.owed("II.2", 1).await.due_on, Some(day("2020-04-20")));
        stage.answers("2020-03-18T09:00:00", "II.2/1 xong hôm 17/3, KH số 12/KH-STP").await;
        let (returned, told) = stage
            .decides("2020-03-18T09:30:00", HEAD, words("trả lại II.2 của Sở Tư pháp vì thiếu phụ lục"))
            .await;
        assert!(returned.text.contains("Lý do: thiếu phụ lục"), "{}", returned.text);
        assert!(told[0].contains("thiếu phụ lục"), "{}", told[0]);
        stage.answers("2020-03-19T09:00:00", "II.2/1 xong hôm 18/3, KH số 13/KH-STP").await;
        stage.decides("2020-03-19T09:30:00", OFFICER, words("xác nhận II.2 STP")).await;
        let now = stage.owed("II.2", 1).await;
        assert_eq!((now.state, now.done_on), (State::Done, Some(day("2020-03-18"))));
        let (again, _) = stage.decides("2020-03-19T09:31:00", HEAD, words("xác nhận II.2/1 STP")).await;
        assert!(again.text.contains("Chưa ghi gì"), "{}", again.text);
        let (unknown, _) = stage.decides("2020-03-19T09:32:00", HEAD, words("đồng ý IX.9 của STP")).await;
        assert!(unknown.text.contains("không có việc như vậy"), "{}", unknown.text);
    }

    async fn a_decision_is_taken_back_by_whoever_took_it(test: TestDb) {
        let stage = asked(test, loaded()).await;
        stage.decides("2020-03-17T08:01:00", OFFICER, words("đồng ý gia hạn II.2/1 của STP đến 20/4")).await;
        // The head did not decide it: "nhầm" finds nothing of hers.
        let (nothing, _) = stage.decides("2020-03-17T08:02:00", HEAD, words("nhầm")).await;
        assert!(nothing.text.contains("Không có báo cáo nào"), "{}", nothing.text);
        let (undone, told) = stage.decides("2020-03-18T08:00:00", OFFICER, words("nhầm")).await;
        assert!(undone.text.contains("Đã rút lại quyết định đồng ý gia hạn"), "{}", undone.text);
        assert!(undone.text.contains("Chờ quyết định: Sở Tư pháp xin gia hạn đến 15/4/2020"), "{}", undone.text);
        assert!(told[0].contains("rút lại quyết định gia hạn") && told[0].contains("hạn 31/3/2020"), "{}", told[0]);
        let now = stage.owed("II.2", 1).await;
        assert_eq!((now.due_on, now.act_by, now.pending), (Some(day("2020-03-31")), Some(day("2020-03-31")), Some(Pending::Extension)));
        // It is decided anew, with the wish that waits again.
        stage.decides("2020-03-18T08:05:00", OFFICER, words("1")).await;
        assert_eq!(stage.owed("II.2", 1).await.due_on, Some(day("2020-04-15")));
        // What changed since is left, and said.
        stage.answers("2020-03-18T09:00:00", "II.2/1 xong, KH 12/KH-STP").await;
        let (late, told) = stage.decides("2020-03-18T10:00:00", OFFICER, words("nhầm")).await;
        assert!(late.text.contains("không rút lại được"), "{}", late.text);
        assert!(told.is_empty());
    }

    async fn what_the_monitor_owes_itself_is_reported_as_before(test: TestDb) {
        let stage = asked(test, loaded()).await;
        let (receipt, _) = stage.decides("2020-03-17T08:00:00", OFFICER, words("VII.2 xong, BC 12/BC-SNV")).await;
        assert!(receipt.text.contains("Đã ghi: VII.2"), "{}", receipt.text);
        // Its officers do not grant what they asked for themselves; its head does.
        stage.decides("2020-03-17T08:01:00", OFFICER, words("VII.3 xin gia hạn đến 15/4 vì chờ Bộ Nội vụ")).await;
        let (own, _) = stage.decides("2020-03-17T08:02:00", OFFICER, words("quyết định")).await;
        assert!(own.text.contains("II.2/1") && !own.text.contains("1/2"), "{}", own.text);
        let (all, _) = stage.decides("2020-03-17T08:03:00", HEAD, words("quyết định")).await;
        assert!(all.text.contains("1/2"), "{}", all.text);
        let (granted, _) = stage
            .decides("2020-03-17T08:04:00", HEAD, words("đồng ý gia hạn VII.3 của Sở Nội vụ đến 15/4"))
            .await;
        assert!(granted.text.contains("hạn mới 15/4/2020"), "{}", granted.text);
        // "nhầm" of the officer is about the wish, which was granted since.
        let (late, _) = stage.decides("2020-03-17T08:05:00", OFFICER, words("nhầm")).await;
        assert!(late.text.contains("đã có thay đổi"), "{}", late.text);
    }

    async fn nobody_else_learns_or_decides_anything(test: TestDb) {
        let stage = asked(test, loaded()).await;
        let (card, _) = stage.decides("2020-03-17T08:00:00", OFFICER, words("quyết định")).await;
        let grant = button(&card, "Đồng ý đến");
        for content in [words("quyết định"), words("/quyetdinh"), words("đồng ý gia hạn II.2/1 của STP đến 15/4"), tap(&grant)] {
            let (answer, told) = stage.decides("2020-03-17T08:01:00", AGENCY, content.clone()).await;
            // Its own words are quoted, and nothing else is said of a decision.
            let said = answer.text.replace("“đồng ý gia hạn II.2/1 của STP đến 15/4”", "");
            let tells = ["Chờ quyết định", "đồng ý gia hạn", "Đã ghi"].iter().any(|words| said.contains(words));
            assert!(!tells, "{content:?}: {}", answer.text);
            assert!(told.is_empty());
        }
        let lines = stage.lines(&stage.owed("II.2", 1).await).await;
        let kinds: Vec<&str> = lines.iter().map(|one| one.0.as_str()).collect();
        assert_eq!(kinds, ["extension-asked"], "the wish of the morning alone");
        let stranger = inbound(Channel::Telegram, "999", tap(&grant));
        stage.takes("2020-03-17T08:02:00", stranger).await;
        // In a group of the monitor nothing is decided either.
        let in_group = |text: &str| Inbound {
            place: Place::Group { chat: "-100".to_owned() },
            ..inbound(Channel::Telegram, OFFICER, words(text))
        };
        stage.takes("2020-03-17T08:03:00", in_group("/nhom")).await;
        let order = in_group("đồng ý gia hạn II.2/1 của STP đến 15/4");
        let said = stage.takes("2020-03-17T08:04:00", order).await;
        assert!(said[0].text.contains("trò chuyện riêng"), "{said:#?}");
        assert_eq!(stage.owed("II.2", 1).await.pending, Some(Pending::Extension));
    }

    async fn the_brief_of_the_monitor_says_how_much_waits(test: TestDb) {
        let stage = asked(test, loaded()).await;
        stage.set_time("2020-03-17T07:30:00");
        stage.daemon.round(&Halt::never()).await.unwrap();
        let left = stage.chat.take();
        let brief = left.iter().find(|one| one.to == OFFICER).unwrap();
        assert!(brief.text.contains("1 đề nghị gia hạn") && brief.text.contains("“quyết định”"), "{}", brief.text);
        let others = left.iter().filter(|one| one.to == AGENCY);
        assert!(others.clone().all(|one| !one.text.contains("chờ quyết định:")), "{left:#?}");
    }

    async fn an_order_on_a_task_with_a_small_letter_in_its_name_is_carried_out(test: TestDb) {
        let stage = asked(test, loaded()).await;
        stage.answers("2020-03-16T10:00:00", "IV.1.b xin gia hạn đến 30/4 vì chờ Bộ").await;
        let order = "ĐỒNG Ý GIA HẠN IV.1.B CỦA STP ĐẾN 28/4";
        let (receipt, told) = stage.decides("2020-03-17T08:00:00", OFFICER, words(order)).await;
        assert!(receipt.text.contains("Đã ghi: đồng ý gia hạn") && receipt.text.contains("Sở Tư pháp"), "{}", receipt.text);
        assert!(told[0].contains("28/4/2020"), "{}", told[0]);
        assert_eq!(stage.owed("IV.1.b", 1).await.due_on, Some(day("2020-04-28")));
        stage.answers("2020-03-18T09:00:00", "IV.1.a xong, KH số 12/KH-STP").await;
        let (returned, _) = stage
            .decides("2020-03-18T10:00:00", OFFICER, words("trả lại IV.1.a của Sở Tư pháp vì thiếu phụ lục"))
            .await;
        assert!(returned.text.contains("trả lại báo cáo hoàn thành"), "{}", returned.text);
    }

    async fn what_a_monitor_orders_of_another_agency_is_never_its_own_report(test: TestDb) {
        let stage = asked(test, loaded()).await;
        let own = || async {
            let filter = inspect::Filter { agency: Some("SNV".into()), ..inspect::Filter::default() };
            inspect::list_obligations(&stage.daemon.deliverer.db, &filter).await.unwrap()
        };
        let before = own().await;
        for (number, order) in [
            "đồng ý gia hạn IV.1.b của STP đến 28/4 theo ý kiến của anh Nam",
            "trả lại IV.1.b của Sở Tư pháp, đề nghị bổ sung phụ lục gấp",
            "xác nhận IV.1.b của STP",
            "gia hạn V.2 của STP đến 30/6",
            "IV.1.b của STP thì bên tôi đồng ý gia hạn đến 28/4",
            "đồng ý cho STC lùi hạn việc vừa xin",
            "gia hạn VII.2 của SNV và STP đến 30/4",
        ].into_iter().enumerate() {
            let time = format!("2020-03-17T08:{number:02}:00");
            let (answer, told) = stage.decides(&time, OFFICER, words(order)).await;
            for filed in ["xin gia hạn đến 28/4", "không thuộc trách nhiệm", "Đã ghi: IV.1", "Không có báo cáo nào"] {
                assert!(!answer.text.contains(filed), "{order}: {}", answer.text);
            }
            assert!(told.is_empty(), "{order}: {told:?}");
            assert_eq!(own().await, before, "{order}");
        }
    }

    async fn who_decides_nothing_is_told_so_and_asks_for_nothing_by_it(test: TestDb) {
        let stage = asked(test, loaded()).await;
        let order = "đồng ý gia hạn II.2/1 của STC đến 15/4";
        let (answer, told) = stage.decides("2020-03-16T10:00:00", AGENCY, words(order)).await;
        assert!(answer.text.contains("việc này do Sở Nội vụ quyết định, nên chưa ghi gì"), "{}", answer.text);
        assert!(told.is_empty());
        let now = stage.owed("II.2", 1).await;
        let kinds: Vec<String> = stage.lines(&now).await.into_iter().map(|one| one.0).collect();
        assert_eq!(kinds, ["extension-asked"], "the wish of the morning alone");
        // Nor does it grant itself more time, or ask for it by that.
        let own = "đồng ý gia hạn IV.1.b của STP đến 15/4";
        let (answer, told) = stage.decides("2020-03-16T10:03:00", AGENCY, words(own)).await;
        assert!(answer.text.contains("việc này do Sở Nội vụ quyết định, nên chưa ghi gì"), "{}", answer.text);
        assert!(told.is_empty());
        assert_eq!(stage.owed("IV.1.b", 1).await.pending, None);
        // Its own report that speaks of another agency is one as before.
        let (answer, _) = stage.decides("2020-03-16T10:05:00", AGENCY, words("II.2 đang chờ ý kiến STC")).await;
        assert!(answer.text.contains("Đã ghi: II.2"), "{}", answer.text);
    }
}
