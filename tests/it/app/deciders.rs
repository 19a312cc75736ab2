//! Who decides on more time, as the plan says: who is asked, who may, what the others are told.

use dondoc::app::AppError;
use dondoc::app::amend::{self, Authority, Scope, amend};
use dondoc::app::deliver::Halt;
use dondoc::app::digest::preview;
use dondoc::app::resolve::Order;
use dondoc::domain::amendment::{Change, EarlyDay, FarDay, PastDay};
use dondoc::domain::delivery::Channel;
use dondoc::domain::ids::ContactId;
use dondoc::domain::ladder::Audience;
use dondoc::domain::obligation::{Pending, State};
use dondoc::domain::plan::Acceptance;
use dondoc::domain::resolution::{Decides, Policy, Resolution};

use super::conversation::words;
use super::deciding::{order, plan};
use super::docket::{button, tap};
use super::stage::{Stage, day};
use crate::support::db::{TestDb, on_both_databases};

/// Phones of the monitor's officer, of its head, of the leader.
const OFFICER: &str = "71";
const HEAD: &str = "72";
const LEADER: &str = "74";
/// As messages name the leader.
const NAMED: &str = "lãnh đạo Ủy ban nhân dân tỉnh Quảng Nam";

/// A plan on whose extensions these decide; STP asks for one on the morning of 16/3.
async fn asked(test: TestDb, decides: Decides) -> (Stage, String) {
    let policy = Policy {
        decides,
        ..Policy::default()
    };
    let loaded = plan(Acceptance::Confirm, policy);
    let stage = Stage::with(test, "2020-03-16T08:00:00", loaded.contacts.clone(), loaded).await;
    stage.link("2020-03-16T09:00:00", "stp.officer").await;
    for (time, contact, phone) in [
        ("2020-03-16T09:01:00", "snv.officer", OFFICER),
        ("2020-03-16T09:02:00", "snv.head", HEAD),
        ("2020-03-16T09:03:00", "ubnd.head", LEADER),
    ] {
        stage.linked(time, contact, phone).await;
    }
    let wish = "II.2/1 xin gia hạn đến 15/4 vì chờ hướng dẫn của Bộ";
    let receipt = stage.answers("2020-03-16T09:30:00", wish).await;
    (stage, receipt)
}

impl Stage {
    /// What each of these phones reads in the morning; nothing for who gets no brief.
    async fn briefs_at<const N: usize>(&self, time: &str, phones: [&str; N]) -> [String; N] {
        self.set_time(time);
        self.daemon.round(&Halt::never()).await.unwrap();
        let left = self.chat.take();
        phones.map(|phone| {
            let mine = left.iter().filter(|one| one.to == phone);
            mine.map(|one| one.text.as_str()).collect()
        })
    }

    /// The digest of the monitor as it reads by mail.
    async fn digest_text(&self, date: &str) -> String {
        let deliverer = &self.daemon.deliverer;
        let (db, setup, origin) = (&deliverer.db, &deliverer.setup, &deliverer.origin);
        let charge = &setup.charges[0];
        let (context, _) = preview(db, setup, origin, charge, day(date), Audience::Monitor)
            .await
            .unwrap();
        let rendered = setup
            .messages
            .render_digest(context.clone(), Channel::Email);
        rendered.unwrap().text
    }

    /// Moves what agencies owe under `II.2/1` to the end of June, in the name of this person.
    async fn moves(&self, agencies: &[&str], change: Change, by: &str) -> Result<(), AppError> {
        let order = amend::Order {
            scope: Scope {
                tasks: vec![("II.2".into(), Some(1))],
                agencies: agencies.iter().map(|code| (*code).into()).collect(),
            },
            change,
            past: PastDay::Refused,
            far: FarDay::Refused,
            early: EarlyDay::Refused,
            authority: Authority {
                document: "905/QĐ-UBND".to_owned(),
                signed_on: None,
                reason: None,
            },
            ends: None,
            by: Some(by.into()),
        };
        let deliverer = &self.daemon.deliverer;
        let (setup, clock) = (&deliverer.setup, &deliverer.clock);
        let (charge, origin) = (&setup.charges[0], &deliverer.origin);
        let (today, now) = (clock.today(), clock.now());
        amend(
            &deliverer.db,
            setup,
            origin,
            charge,
            &order,
            today,
            now,
            false,
        )
        .await
        .map(drop)
    }
}

fn by(contact: &str, resolution: Resolution) -> Order {
    Order {
        by: Some(contact.into()),
        ..order(resolution, "vì chờ hướng dẫn")
    }
}

const GRANT: Resolution = Resolution::Extend { until: None };

on_both_databases! {
    async fn a_day_that_is_not_later_is_refused_with_what_can_be_done(test: TestDb) {
        let (stage, _) = asked(test, Decides::Monitor).await;
        let granted = words("đồng ý gia hạn II.2/1 của STP đến 30/4");
        stage.decides("2020-03-17T08:00:00", OFFICER, granted).await;
        let shorter = words("đồng ý gia hạn II.2/1 của STP đến 20/4");
        let (refused, _) = stage.decides("2020-03-17T08:01:00", OFFICER, shorter).await;
        assert!(refused.text.contains("không muộn hơn hạn hiện nay 30/4/2020"), "{}", refused.text);
        let example = "đồng ý gia hạn II.2/1 của Sở Tư pháp đến 15/5";
        assert!(refused.text.contains(&format!("“{example}”")) && refused.text.contains("“nhầm”"), "{}", refused.text);
        // Both do what they are said to do.
        stage.decides("2020-03-17T08:02:00", OFFICER, words(example)).await;
        assert_eq!(stage.owed("II.2", 1).await.due_on, Some(day("2020-05-15")));
        stage.decides("2020-03-17T08:03:00", OFFICER, words("nhầm")).await;
        assert_eq!(stage.owed("II.2", 1).await.due_on, Some(day("2020-04-30")));
    }

    async fn the_leader_is_asked_and_decides_where_the_plan_says_so(test: TestDb) {
        let (stage, receipt) = asked(test, Decides::Leader).await;
        assert!(receipt.contains(&format!("chờ {NAMED} quyết định")), "{receipt}");

        // The morning after: the leader is asked, the monitor is not.
        let [leader, officer, head] = stage.briefs_at("2020-03-17T07:30:00", [LEADER, OFFICER, HEAD]).await;
        assert!(leader.contains("II.2/1") && leader.contains("1 đề nghị gia hạn"), "{leader}");
        for other in [officer, head] {
            assert!(!other.contains("đang chờ quyết định: trả lời"), "{other}");
        }
        let [again] = stage.briefs_at("2020-03-18T07:30:00", [LEADER]).await;
        assert!(!again.contains("II.2/1"), "asked once: {again}");

        // Whoever of the monitor tries is told who decides, by every way.
        let (shown, _) = stage.decides("2020-03-18T08:00:00", OFFICER, words("quyết định")).await;
        assert!(shown.text.contains(&format!("1 đề nghị chờ {NAMED} quyết định")), "{}", shown.text);
        for (time, phone, said) in [
            ("2020-03-18T08:01:00", OFFICER, "đồng ý gia hạn II.2/1 của STP đến 15/4"),
            ("2020-03-18T08:02:00", HEAD, "không đồng ý gia hạn II.2/1 của STP vì phải xong trong quý I"),
        ] {
            let (refused, told) = stage.decides(time, phone, words(said)).await;
            let says = format!("II.2/1 của Sở Tư pháp: việc này do {NAMED} quyết định, nên chưa ghi gì");
            assert!(refused.text.contains(&says), "{}", refused.text);
            assert!(told.is_empty() && refused.choices.is_empty(), "{refused:#?}");
        }
        let (elsewhere, _) = stage.decides("2020-03-18T08:03:00", "4242", words("đồng ý gia hạn II.2/1 của STC đến 15/4")).await;
        assert!(elsewhere.text.contains(&format!("việc này do {NAMED} quyết định")), "{}", elsewhere.text);
        assert_eq!(stage.owed("II.2", 1).await.pending, Some(Pending::Extension));
        let digest = stage.digest_text("2020-03-18").await;
        assert!(digest.contains(&format!("chờ {NAMED} quyết định")), "{digest}");
        assert!(digest.contains("; 1 việc chờ quyết định"), "{digest}");

        let (card, _) = stage.decides("2020-03-18T08:10:00", LEADER, words("quyết định")).await;
        assert!(card.text.contains("Sở Tư pháp xin gia hạn đến 15/4/2020"), "{}", card.text);
        let grant = button(&card, "Đồng ý đến 15/4");
        // A button that is passed on is nobody else's.
        let (refused, _) = stage.decides("2020-03-18T08:10:30", OFFICER, tap(&grant)).await;
        assert!(refused.text.contains(NAMED) && refused.choices.is_empty(), "{refused:#?}");
        let (receipt, told) = stage.decides("2020-03-18T08:11:00", LEADER, tap(&grant)).await;
        assert!(receipt.text.contains("hạn mới 15/4/2020"), "{}", receipt.text);
        assert!(told[0].contains("Ủy ban nhân dân tỉnh Quảng Nam đồng ý gia hạn"), "{}", told[0]);
        // The monitor does not take it back either.
        let revoked = stage.decides("2020-03-18T08:12:00", OFFICER, words("nhầm")).await;
        assert!(!revoked.0.text.contains("Đã rút lại"), "{}", revoked.0.text);
        assert_eq!(stage.owed("II.2", 1).await.due_on, Some(day("2020-04-15")));

        // A claimed completion is the monitor's as ever, and none of the leader's.
        stage.answers("2020-03-18T09:00:00", "II.2/1 xong hôm 17/3, KH số 12/KH-STP").await;
        let (refused, _) = stage.decides("2020-03-18T09:10:00", LEADER, words("xác nhận II.2/1 của STP")).await;
        assert!(refused.text.contains("việc này do Sở Nội vụ quyết định"), "{}", refused.text);
        stage.decides("2020-03-18T09:11:00", OFFICER, words("xác nhận II.2/1 của STP")).await;
        assert_eq!(stage.owed("II.2", 1).await.state, State::Done);
    }

    async fn the_head_of_the_monitor_alone_decides_where_the_plan_says_so(test: TestDb) {
        let (stage, receipt) = asked(test, Decides::MonitorHead).await;
        assert!(receipt.contains("chờ lãnh đạo Sở Nội vụ quyết định"), "{receipt}");
        let [head, officer, leader] = stage.briefs_at("2020-03-17T07:30:00", [HEAD, OFFICER, LEADER]).await;
        assert!(head.contains("II.2/1") && head.contains("1 đề nghị gia hạn"), "{head}");
        assert!(!officer.contains("chờ quyết định: trả lời"), "{officer}");
        assert!(!leader.contains("chờ quyết định: trả lời"), "{leader}");
        let (refused, _) = stage.decides("2020-03-17T08:00:00", OFFICER, words("đồng ý gia hạn II.2/1 của STP đến 15/4")).await;
        assert!(refused.text.contains("do lãnh đạo Sở Nội vụ quyết định"), "{}", refused.text);
        stage.decides("2020-03-17T08:01:00", HEAD, words("đồng ý gia hạn II.2/1 của STP đến 15/4")).await;
        assert_eq!(stage.owed("II.2", 1).await.due_on, Some(day("2020-04-15")));
    }

    async fn what_the_monitor_asks_for_itself_is_asked_of_its_head(test: TestDb) {
        let (stage, _) = asked(test, Decides::Monitor).await;
        let receipt = stage.decides("2020-03-16T10:00:00", OFFICER, words("VII.2 xin gia hạn đến 15/4 vì chờ Bộ")).await.0;
        assert!(receipt.text.contains("chờ lãnh đạo Sở Nội vụ quyết định"), "{}", receipt.text);
        let [head, officer] = stage.briefs_at("2020-03-17T07:30:00", [HEAD, OFFICER]).await;
        assert!(head.contains("VII.2") && head.contains("2 đề nghị gia hạn"), "{head}");
        assert!(officer.contains("II.2/1") && officer.contains("1 đề nghị gia hạn"), "{officer}");
    }

    async fn at_the_command_line_only_who_decides_is_named_as_who_did(test: TestDb) {
        let (stage, _) = asked(test, Decides::Leader).await;
        for contact in ["snv.officer", "snv.head", "ubnd.officer"] {
            let refused = stage.settles("2020-03-17T14:00:00", &by(contact, GRANT), false).await.unwrap_err();
            assert_eq!(
                refused.to_string(),
                format!("{contact} does not decide on an extension of STP: the head or a deputy of UBND does")
            );
        }
        stage.settles("2020-03-17T14:00:00", &by("ubnd.head", GRANT), false).await.unwrap();
        assert_eq!(stage.owed("II.2", 1).await.due_on, Some(day("2020-04-15")));
        stage.answers("2020-03-18T09:00:00", "II.2/1 xong hôm 17/3, KH số 12/KH-STP").await;
        let accept = Resolution::Accept { on: None };
        let refused = stage.settles("2020-03-18T14:00:00", &by("ubnd.head", accept), false).await.unwrap_err();
        assert_eq!(refused.to_string(), "ubnd.head does not decide on a completion of STP: SNV does");
        stage.settles("2020-03-18T14:00:00", &by("snv.officer", accept), false).await.unwrap();
    }

    async fn a_document_is_recorded_as_of_whoever_may_sign_or_decide_it(test: TestDb) {
        let (stage, _) = asked(test, Decides::Leader).await;
        let later = || Change::Due { on: day("2020-06-30") };
        let refused = stage.moves(&["STP"], later(), "snv.head").await.unwrap_err();
        assert_eq!(refused.to_string(), "snv.head does not change what STP owes: the head or a deputy of UBND does");
        assert_eq!(stage.owed("II.2", 1).await.due_on, Some(day("2020-03-31")), "nothing was changed");
        stage.moves(&["STP"], later(), "ubnd.head").await.unwrap();
        assert_eq!(stage.owed("II.2", 1).await.due_on, Some(day("2020-06-30")));
        // What moves no day is the monitor's to record, but for what it owes itself.
        stage.moves(&["STP"], Change::Suspend, "snv.officer").await.unwrap();
        assert_eq!(stage.owed("II.2", 1).await.state, State::Suspended);
        let own = stage.moves(&["SNV"], Change::Suspend, "snv.officer").await.unwrap_err();
        assert_eq!(
            own.to_string(),
            "snv.officer does not change what SNV owes: the head or a deputy of SNV or the head or a deputy of UBND does"
        );
        let nobody = stage.moves(&["STP"], later(), "snv.nobody").await;
        assert!(matches!(nobody, Err(AppError::NoContact { .. })), "{nobody:?}");
        let lines = stage.lines(&stage.owed("II.2", 1).await).await;
        let whose: Vec<_> = lines.iter().rev().take(2).map(|(_, actor, _)| actor.clone()).collect();
        let of = |contact: &str| dondoc::store::events::Actor::Contact(ContactId::new(contact));
        assert_eq!(whose, [of("snv.officer"), of("ubnd.head")]);
    }

    async fn who_decides_reads_the_request_whatever_is_said_later(test: TestDb) {
        let (stage, _) = asked(test, Decides::Monitor).await;
        stage.answers("2020-03-16T15:00:00", "II.2/1 đã dự thảo được 60%").await;
        let [officer] = stage.briefs_at("2020-03-17T07:30:00", [OFFICER]).await;
        assert!(officer.contains("II.2/1"), "{officer}");
        assert!(officer.contains("xin gia hạn đến 15/4 vì chờ hướng dẫn của Bộ"), "{officer}");
        assert!(!officer.contains("60%"), "{officer}");
    }
}
