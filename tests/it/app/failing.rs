//! Somebody at whose only address nothing arrives, though it is not dead: named, tried again, and somebody else hears too.

use dondoc::channels::Message;
use dondoc::domain::delivery::Channel;

use super::stage::{Stage, day, to};
use crate::support::db::on_both_databases;

const OFFICER: &str = "cchc.stp@quangnam.example";
const HEAD: &str = "giamdoc.stp@quangnam.example";

impl Stage {
    /// The working days from one to another, each with as many rounds as a message is tried.
    async fn goes_on(&self, from: &str, to: &str) -> Vec<Message> {
        let calendar = &self.daemon.deliverer.setup.calendar;
        let days = day(from).iter_days().take_while(|one| *one <= day(to));
        let mut left = Vec::new();
        for one in days.filter(|one| calendar.is_working_day(*one)) {
            for time in ["07:30:00", "07:32:00", "07:40:00"] {
                left.extend(self.round_at(&format!("{one}T{time}")).await);
            }
        }
        left
    }

    pub(super) async fn digest_of(&self, on: &str) -> String {
        let digest = self.previews(on).await;
        let messages = &self.daemon.deliverer.setup.messages;
        messages.render_digest(digest, Channel::Email).unwrap().text
    }
}

on_both_databases! {
    async fn whose_mailbox_is_full_for_days_is_named_with_what_helps_and_the_next_person_hears(test: TestDb) {
        let stage = Stage::at(test, "2020-03-27T09:00:00").await;
        stage.mail.fill(Some(OFFICER));
        let left = stage.goes_on("2020-03-30", "2020-03-30").await;
        let text = stage.digest_of("2020-03-31").await;
        assert!(!text.contains("hộp thư đầy"), "one message that failed is no reason: {text}");
        assert!(to(&left, OFFICER).is_empty());
        let left = stage.goes_on("2020-03-31", "2020-04-10").await;
        let text = stage.digest_of("2020-04-13").await;
        let line = text.lines().find(|line| line.contains("hộp thư đầy")).unwrap_or_else(|| panic!("{text}"));
        let said = "- Sở Tư pháp (Chuyên viên đầu mối CCHC Sở Tư pháp): hộp thư đầy hoặc từ chối nhận, ";
        assert!(line.starts_with(said) && line.contains(" lần từ 30/3, đề nghị dọn hộp thư"), "{line}");
        assert_eq!(text.matches("hộp thư đầy").count(), 1, "everybody else is reached: {text}");
        let head = to(&left, HEAD);
        let stands_in = |one: &&Message| one.text.contains("nhận thay");
        assert!(head.iter().any(stands_in), "{head:#?}");

        // It is tried all the same, and one that arrives ends it.
        stage.mail.fill(None);
        let left = stage.goes_on("2020-04-13", "2020-04-24").await;
        assert!(!to(&left, OFFICER).is_empty());
        let text = stage.digest_of("2020-04-27").await;
        assert!(!text.contains("hộp thư đầy"), "{text}");
        // What was known on an earlier Monday is told of it still, and no more.
        let text = stage.digest_of("2020-03-30").await;
        assert!(!text.contains("hộp thư đầy"), "{text}");
        let text = stage.digest_of("2020-04-13").await;
        assert_eq!(text.matches("hộp thư đầy").count(), 1, "{text}");
    }

    async fn where_nothing_arrives_for_anybody_no_mailbox_is_accused(test: TestDb) {
        let stage = Stage::at(test, "2020-03-27T09:00:00").await;
        stage.goes_on("2020-03-30", "2020-04-10").await;
        let failed = "state = 'failed', attempts = 3, sent_at = NULL, reason = 'refused'";
        stage.breaks(&format!("UPDATE deliveries SET {failed} WHERE channel = 'email' AND state = 'sent'")).await;
        let text = stage.digest_of("2020-04-13").await;
        assert!(!text.contains("hộp thư đầy"), "{text}");
    }
}
