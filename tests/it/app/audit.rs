//! The auditor finds what a planner that is broken on purpose leaves out, names it, and is silent about one that is not.

use chrono::TimeDelta;
use dondoc::app::audit::{Audited, Look};
use dondoc::app::deliver::Halt;
use dondoc::channels::Message;
use dondoc::clock::instant;
use dondoc::domain::delivery::Channel;
use dondoc::domain::finding::FindingKind;
use dondoc::domain::inbound::{Content, Identity, Inbound, Place};
use dondoc::store::findings::{self, Stored};
use dondoc::store::{Known, Tx, inbox};

use super::amending::{order, until};
use super::stage::{Stage, day};
use crate::support::db::on_both_databases;

/// What is owed of `II.2/1` by Sở Tư pháp; on 26/3 it is three working days before its last.
const OWED: &str =
    "(SELECT id FROM obligations WHERE task = 'II.2' AND milestone = 1 AND agency = 'STP')";

impl Stage {
    /// Changes rows behind the back of the program.
    pub(super) async fn breaks(&self, sql: &str) {
        let mut tx = self.daemon.deliverer.db.begin().await.unwrap();
        let changed = match &mut tx {
            Tx::Sqlite(tx) => {
                let done = sqlx::query(sqlx::AssertSqlSafe(sql.to_owned()))
                    .execute(&mut **tx)
                    .await;
                done.unwrap().rows_affected()
            }
            Tx::Postgres(tx) => {
                let done = sqlx::query(sqlx::AssertSqlSafe(sql.to_owned()))
                    .execute(&mut **tx)
                    .await;
                done.unwrap().rows_affected()
            }
        };
        tx.commit().await.unwrap();
        assert!(changed > 0, "nothing was broken by {sql}");
    }

    /// One round of the daemon at this time, whatever the auditor would say; gives the mails that left.
    pub(super) async fn rounds(&self, time: &str) -> Vec<Message> {
        self.set_time(time);
        self.daemon.round(&Halt::never()).await.unwrap();
        self.mail.take()
    }

    /// One look at this time, as of a daemon that works since the night.
    pub(super) async fn audits(&self, look: Look, time: &str) -> Audited {
        self.set_time(time);
        let midnight = instant(day(&time[..10]).and_hms_opt(0, 0, 0).unwrap());
        self.daemon.audit(look, midnight).await.unwrap()
    }

    /// The kinds, subjects and details of what a look finds that was not known.
    async fn finds(&self, look: Look, time: &str) -> Vec<(FindingKind, String, String)> {
        let fresh = self.audits(look, time).await.fresh.into_iter();
        fresh
            .map(|one| (one.kind, one.subject, one.detail))
            .collect()
    }

    pub(super) async fn standing(&self) -> Vec<Stored> {
        let mut tx = self.daemon.deliverer.db.snapshot().await.unwrap();
        findings::list_open(&mut tx, Known::NOW).await.unwrap()
    }
}

/// The details, each of which names all of these words.
#[track_caller]
fn assert_found(
    found: &[(FindingKind, String, String)],
    kind: FindingKind,
    count: usize,
    words: &[&str],
) {
    assert_eq!(found.len(), count, "{found:#?}");
    for (of, _, detail) in found {
        assert_eq!(*of, kind, "{found:#?}");
        for word in words {
            assert!(detail.contains(word), "{word}: {detail}");
        }
    }
}

const HOURLY: Look = Look::Hourly;

on_both_databases! {
    async fn a_telling_that_was_left_out_of_a_brief_is_found_and_named(test: TestDb) {
        let stage = Stage::at(test, "2020-03-25T09:00:00").await;
        stage.rounds("2020-03-26T07:30:00").await;
        stage.breaks(&format!("DELETE FROM brief_items WHERE contact = 'stp.officer' AND obligation = {OWED}")).await;
        let found = stage.finds(HOURLY, "2020-03-26T08:30:00").await;
        assert_found(&found, FindingKind::RungNotTold, 1, &["II.2/1 of STP", "rung w3", "2020-03-26", "stp.officer"]);
        assert_eq!(stage.finds(HOURLY, "2020-03-26T09:30:00").await, [], "once");
        assert_eq!(stage.standing().await.len(), 1, "and it stands");
        // On the last working day but one the officer is told again.
        stage.rounds("2020-03-30T07:30:00").await;
        let later = stage.audits(HOURLY, "2020-03-30T08:30:00").await;
        assert_eq!((later.fresh, later.open, later.mended), (vec![], 0, 1));
    }

    async fn what_is_not_told_beyond_a_wish_for_more_time_is_found_too(test: TestDb) {
        let stage = Stage::at(test, "2020-03-25T09:00:00").await;
        stage.link("2020-03-25T09:00:00", "stp.officer").await;
        stage.answers("2020-03-25T09:30:00", "II.2/1 xin gia hạn đến 7/4 vì chờ hướng dẫn của Bộ").await;
        stage.rounds("2020-04-07T07:30:00").await;
        stage.rounds("2020-04-08T07:30:00").await;
        stage.breaks(&format!("DELETE FROM brief_items WHERE contact = 'stp.officer' AND obligation = {OWED} AND day = '2020-04-08'")).await;
        let found = stage.finds(HOURLY, "2020-04-08T08:30:00").await;
        assert_found(&found, FindingKind::RungNotTold, 1, &["II.2/1 of STP", "rung late5", "2020-04-08", "stp.officer"]);
    }

    async fn an_obligation_that_the_planner_never_looked_at_is_found(test: TestDb) {
        let stage = Stage::at(test, "2020-03-25T09:00:00").await;
        stage.breaks(&format!("UPDATE obligations SET next_rung_on = '2020-12-31' WHERE id = {OWED}")).await;
        stage.rounds("2020-03-26T07:30:00").await;
        let found = stage.finds(HOURLY, "2020-03-26T08:30:00").await;
        assert_found(&found, FindingKind::RungNotTold, 2, &["II.2/1 of STP", "was not told"]);
        let mut who: Vec<&str> = found.iter().map(|(_, subject, _)| subject.split('/').nth(1).unwrap()).collect();
        who.sort_unstable();
        assert_eq!(who, ["head", "officer"]);
        let mut tx = stage.daemon.deliverer.db.snapshot().await.unwrap();
        let tally = findings::tally(&mut tx).await.unwrap();
        assert_eq!(tally.len(), FindingKind::ALL.len());
        assert_eq!(tally.iter().map(|(_, count)| count).sum::<u64>(), 2);
    }

    async fn a_rung_of_lateness_that_never_comes_again_is_found_for_everybody_who_hears_of_it(test: TestDb) {
        let stage = Stage::at(test, "2020-04-06T09:00:00").await;
        stage.rounds("2020-04-06T09:00:00").await;
        assert_eq!(stage.finds(HOURLY, "2020-04-06T10:00:00").await, []);
        stage.breaks(&format!("UPDATE obligations SET next_rung_on = NULL WHERE id = {OWED}")).await;
        // The fifth working day late, which Sở Nội vụ hears of too.
        stage.rounds("2020-04-08T07:30:00").await;
        let found = stage.finds(HOURLY, "2020-04-08T08:30:00").await;
        assert_found(&found, FindingKind::RungNotTold, 3, &["II.2/1 of STP", "rung late5"]);
        assert!(found.iter().any(|(_, _, detail)| detail.contains("snv.officer")), "{found:#?}");
    }

    async fn a_brief_whose_message_is_gone_is_found(test: TestDb) {
        let stage = Stage::at(test, "2020-03-25T09:00:00").await;
        stage.rounds("2020-03-26T07:30:00").await;
        let own = "(SELECT id FROM deliveries WHERE contact = 'stp.officer' AND brief_day = '2020-03-26')";
        for table in ["attempts", "bodies"] {
            stage.breaks(&format!("DELETE FROM {table} WHERE delivery IN {own}")).await;
        }
        stage.breaks(&format!("DELETE FROM deliveries WHERE id IN {own}")).await;
        let found = stage.finds(HOURLY, "2020-03-26T08:30:00").await;
        assert_found(&found, FindingKind::BriefNotSent, 1, &["stp.officer", "2020-03-26"]);
        stage.breaks("UPDATE briefs SET unreachable = 'by hand' WHERE contact = 'stp.officer'").await;
        assert_eq!(stage.audits(HOURLY, "2020-03-26T09:30:00").await.mended, 1, "a reason was recorded");
    }

    async fn a_message_that_nobody_sends_or_explains_is_found(test: TestDb) {
        let stage = Stage::at(test, "2020-03-25T09:00:00").await;
        stage.rounds("2020-03-26T07:30:00").await;
        let own = "contact = 'stp.officer' AND brief_day = '2020-03-26'";
        stage.breaks(&format!("UPDATE deliveries SET state = 'queued', sent_at = NULL WHERE {own}")).await;
        assert_eq!(stage.finds(HOURLY, "2020-03-26T08:20:00").await, [], "it may wait for its turn");
        let found = stage.finds(HOURLY, "2020-03-26T08:36:00").await;
        assert_found(&found, FindingKind::DeliveryOverdue, 1, &["is queued"]);
        stage.breaks(&format!("UPDATE deliveries SET state = 'failed', reason = NULL WHERE {own}")).await;
        let found = stage.finds(HOURLY, "2020-03-26T09:36:00").await;
        assert_found(&found, FindingKind::DeliveryUnexplained, 1, &["is failed"]);
        assert_eq!(stage.standing().await.len(), 1, "the other is mended");
    }

    async fn an_announcement_that_no_brief_told_is_found_and_stands_until_one_does(test: TestDb) {
        let stage = Stage::at(test, "2020-03-25T10:00:00").await;
        stage.amends(&order("II.2", &["STP"], until("2020-06-30")), false).await.unwrap();
        stage.rounds("2020-03-26T07:30:00").await;
        assert_eq!(stage.finds(HOURLY, "2020-03-26T08:30:00").await, []);
        // As when the brief was stored and what it announces was left out.
        stage.breaks("UPDATE announcements SET day = NULL WHERE contact = 'stp.officer'").await;
        let found = stage.finds(HOURLY, "2020-03-26T09:30:00").await;
        assert_found(&found, FindingKind::AmendmentNotTold, 1, &["amendment 1", "stp.officer", "2020-03-26"]);
        let plans: Vec<_> = stage.standing().await.into_iter().map(|one| one.finding.plan).collect();
        assert_eq!(plans, [Some("quang-nam-2020".into())]);
        let mails = stage.rounds("2020-03-27T07:30:00").await;
        assert!(mails.iter().any(|mail| mail.to.starts_with("cchc.stp@") && mail.text.contains("905/QĐ-UBND")), "told now");
        let later = stage.audits(HOURLY, "2020-03-27T08:30:00").await;
        assert_eq!((later.fresh, later.open, later.mended), (vec![], 0, 1));
    }

    async fn a_reply_that_nobody_deals_with_is_found(test: TestDb) {
        let stage = Stage::at(test, "2020-03-26T09:00:00").await;
        let written = Inbound {
            channel: Channel::Telegram,
            external_id: "4242:1".to_owned(),
            from: "4242".to_owned(),
            place: Place::Private,
            sent_at: None,
            identity: Identity::Proven,
            content: Content::Text { text: "II.2 xong".to_owned(), answers: None, edited: false, files: Vec::new() },
        };
        let mut tx = stage.daemon.deliverer.db.begin().await.unwrap();
        inbox::receive(&mut tx, &[written], stage.daemon.deliverer.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        let _ = stage.finds(HOURLY, "2020-03-26T09:20:00").await;
        let found = stage.finds(HOURLY, "2020-03-26T09:31:00").await;
        let replies: Vec<_> = found.into_iter().filter(|(kind, ..)| *kind == FindingKind::ReplyNotApplied).collect();
        assert_found(&replies, FindingKind::ReplyNotApplied, 1, &["came in", "was not dealt with"]);
    }

    async fn a_morning_that_was_not_planned_is_found_and_stands_until_it_is(test: TestDb) {
        let stage = Stage::at(test, "2020-03-26T07:00:00").await;
        assert_eq!(stage.finds(HOURLY, "2020-03-26T08:29:00").await, []);
        let found = stage.finds(HOURLY, "2020-03-26T08:30:00").await;
        assert_found(&found, FindingKind::DayNotPlanned, 1, &["2020-03-26"]);
        let night = stage.audits(Look::EndOfDay, "2020-03-26T23:59:00").await;
        assert_eq!((night.open, night.mended), (1, 0));
        stage.rounds("2020-03-27T07:30:00").await;
        assert_eq!(stage.audits(HOURLY, "2020-03-27T08:30:00").await.mended, 1);
        assert_eq!(stage.finds(HOURLY, "2020-03-28T09:00:00").await, [], "nobody works on a Saturday");
    }

    async fn a_monday_without_its_digests_is_found(test: TestDb) {
        let stage = Stage::at(test, "2020-03-13T10:00:00").await;
        stage.rounds("2020-03-16T07:30:00").await;
        assert_eq!(stage.finds(HOURLY, "2020-03-16T08:30:00").await, []);
        let digests = "(SELECT id FROM deliveries WHERE kind = 'digest')";
        for table in ["attempts", "bodies", "attachments"] {
            stage.breaks(&format!("DELETE FROM {table} WHERE delivery IN {digests}")).await;
        }
        stage.breaks("DELETE FROM deliveries WHERE kind = 'digest'").await;
        let found = stage.finds(HOURLY, "2020-03-16T09:30:00").await;
        assert_found(&found, FindingKind::DigestNotSent, 1, &["2020-03-16"]);
        // As when the job failed, and noted nothing.
        stage.breaks("UPDATE watermarks SET day = '2020-03-09' WHERE name = 'digest'").await;
        assert_eq!(stage.audits(HOURLY, "2020-03-16T10:30:00").await.open, 1);
        stage.rounds("2020-03-16T11:00:00").await;
        assert_eq!(stage.audits(HOURLY, "2020-03-16T12:00:00").await.mended, 1);
    }

    async fn what_is_found_stands_on_top_of_the_digest(test: TestDb) {
        let stage = Stage::at(test, "2020-03-25T09:00:00").await;
        stage.breaks(&format!("UPDATE obligations SET next_rung_on = '2020-12-31' WHERE id = {OWED}")).await;
        stage.rounds("2020-03-26T07:30:00").await;
        stage.audits(Look::EndOfDay, "2020-03-26T17:30:00").await;
        let mails = stage.rounds("2020-03-30T07:30:00").await;
        let mut digests = mails.iter().filter(|mail| mail.message_id.starts_with("<digest."));
        let digest = digests.next().unwrap();
        let forms = [digest.text.clone(), digest.html.clone().unwrap()];
        for form in forms {
            let alarm = form.find("CẢNH BÁO").unwrap_or_else(|| panic!("{form}"));
            assert!(alarm < form.find("Đã hoàn thành").unwrap(), "{form}");
            assert!(form.contains("2 lượt nhắc đã đến hạn mà chưa gửi: II.2/1 Sở Tư pháp"), "{form}");
        }
    }

    async fn the_daemon_looks_by_itself_every_hour_and_when_the_day_is_over(test: TestDb) {
        let stage = Stage::at(test, "2020-03-26T07:29:00").await;
        let tick = async |from: &str, minutes: i64| {
            let from = instant(from.parse().unwrap());
            for minute in 0..minutes {
                stage.daemon.deliverer.clock.set(from + TimeDelta::minutes(minute));
                stage.daemon.round(&Halt::never()).await.unwrap();
            }
        };
        tick("2020-03-26T07:29:00", 2).await;
        stage.breaks(&format!("DELETE FROM brief_items WHERE contact = 'stp.officer' AND obligation = {OWED}")).await;
        tick("2020-03-26T07:31:00", 12).await;
        assert_eq!(stage.standing().await.len(), 0, "not at once");
        tick("2020-03-26T07:43:00", 3).await;
        assert_eq!(stage.standing().await.len(), 1);
        stage.breaks(&format!("DELETE FROM brief_items WHERE contact = 'stp.head' AND obligation = {OWED}")).await;
        tick("2020-03-26T07:46:00", 70).await;
        assert_eq!(stage.standing().await.len(), 1, "by the hour only what fell due since");
        tick("2020-03-26T16:55:00", 10).await;
        assert_eq!(stage.standing().await.len(), 2, "in the evening the whole day");
    }
}
