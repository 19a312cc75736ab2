//! The spring of one agency, word for word as README tells it.

use std::fmt::Write as _;

use chrono::NaiveDateTime;
use dondoc::app::as_of::list_as_of;
use dondoc::app::deliver::{Deliverer, Halt};
use dondoc::domain::delivery::Channel;
use dondoc::domain::inbound::Content;
use dondoc::domain::obligation::{Pending, State};
use dondoc::store::obligations::Filter;

use super::conversation::inbound;
use super::stage::{Stage, day};
use crate::support::db::on_both_databases;

const STRANGER: &str = "666";

/// What was written and answered, as README shows it.
struct Transcript {
    stage: Stage,
    lines: String,
}

impl Transcript {
    fn begins(&mut self, time: &str, said: &str) {
        let at: NaiveDateTime = time.parse().unwrap();
        let line = format!("{} {said}", at.format("%d/%m %H:%M"));
        writeln!(self.lines, "{}", line.trim_end()).unwrap();
    }

    fn goes_on(&mut self, text: &str) {
        for line in text.lines() {
            writeln!(self.lines, "{}", format!("    {line}").trim_end()).unwrap();
        }
    }

    /// The officer writes; the only answer.
    async fn says(&mut self, time: &str, text: &str) -> String {
        let answer = self.stage.answers(time, text).await;
        self.begins(time, &format!("▸ {text}"));
        self.goes_on(&answer);
        answer
    }

    async fn ledger(&self, task: &str) -> Vec<String> {
        let owed = self.stage.owed(task, 1).await;
        self.stage.ledger(&owed).await
    }
}

on_both_databases! {
    async fn a_spring_of_one_agency(test: TestDb) {
        let stage = Stage::at(test, "2020-01-14T07:00:00").await;
        let mut spring = Transcript { stage, lines: String::new() };

        let code = spring.stage.issue("2020-01-14T07:00:00", "stp.officer").await;
        let asked = spring.says("2020-01-14T07:00:00", &code).await;
        assert!(asked.contains("Sở Tư pháp") && asked.contains("Đúng không?"), "{asked}");
        let linked = spring.says("2020-01-14T07:01:00", "1").await;
        assert!(linked.contains("Đã liên kết"), "{linked}");

        // Reminded before Tết, in the chat that was linked.
        spring.stage.set_time("2020-01-14T07:30:00");
        spring.stage.daemon.round(&Halt::never()).await.unwrap();
        let brief = spring.stage.chat.take();
        assert_eq!(brief.len(), 1);
        spring.begins("2020-01-14T07:30:00", "");
        let beginning: Vec<&str> = brief[0].text.lines().take(8).collect();
        spring.goes_on(&beginning.join("\n"));
        spring.goes_on("…");
        assert!(brief[0].text.contains("IV.1.b") && brief[0].text.contains("Tết"), "{}", brief[0].text);

        let answer = spring.says("2020-01-14T09:00:00", "IV.1.b đang làm, được 60%").await;
        assert!(answer.contains("Đã ghi: IV.1.b") && answer.contains("đạt 60%"), "{answer}");
        assert_eq!(spring.stage.owed("IV.1.b", 1).await.state, State::Open);

        // Done without a number: recorded, and the number is asked for once.
        let answer = spring.says("2020-01-21T16:00:00", "IV.1.b xong rồi nhé").await;
        assert!(answer.contains("hoàn thành đúng hạn") && answer.contains("số và ngày văn bản"), "{answer}");
        let done = spring.stage.owed("IV.1.b", 1).await;
        assert_eq!((done.state, done.done_on), (State::Done, Some(day("2020-01-21"))));
        let answer = spring.says("2020-01-21T16:02:00", "35/KH-STP ngày 20/1").await;
        assert!(answer.contains("ngày 20/01/2020, văn bản 35/KH-STP (trước ghi ngày 21/01/2020)"), "{answer}");

        // Taken back, and done again with its number.
        let answer = spring.says("2020-01-21T16:05:00", "nhầm").await;
        assert!(answer.contains("Đã rút lại: IV.1.b"), "{answer}");
        assert_eq!(spring.stage.owed("IV.1.b", 1).await.state, State::Open);
        let answer = spring.says("2020-01-22T08:00:00", "IV.1.b đã ban hành, KH số 36/KH-STP ngày 21/1/2020").await;
        assert!(answer.contains("36/KH-STP") && !answer.contains("Đề nghị cho biết số"), "{answer}");
        let done = spring.stage.owed("IV.1.b", 1).await;
        assert_eq!((done.state, done.done_on), (State::Done, Some(day("2020-01-21"))));
        assert_eq!(spring.ledger("IV.1.b").await, ["progress", "done", "undone", "done", "undone", "done"]);

        // More time is asked for: the date stays until somebody decides.
        let wish = "II.2/1 xin gia hạn đến 15/4 vì chờ hướng dẫn của Bộ";
        let answer = spring.says("2020-03-25T10:00:00", wish).await;
        assert!(answer.contains("xin gia hạn đến 15/4/2020, chờ"), "{answer}");
        let waiting = spring.stage.owed("II.2", 1).await;
        assert_eq!(
            (waiting.state, waiting.pending, waiting.due_on),
            (State::Open, Some(Pending::Extension), Some(day("2020-03-31")))
        );
        let Deliverer { db, setup, .. } = &spring.stage.daemon.deliverer;
        let today = list_as_of(db, setup, &Filter::default(), day("2020-03-25")).await.unwrap();
        let wanted = today.iter().find(|one| one.obligation.id == waiting.id).unwrap().wanted();
        assert_eq!(wanted, Some(day("2020-04-15")));

        // A stranger learns nothing, and hears one line a day.
        for (time, text) in [("2020-03-25T10:05:00", "II.2 xong"), ("2020-03-25T10:06:00", "alo?")] {
            let told = spring.stage.hears(time, STRANGER, text).await;
            spring.begins(time, &format!("(a stranger) ▸ {text}"));
            for message in &told {
                assert!(!message.text.contains("Tư pháp"), "{}", message.text);
                spring.goes_on(&message.text);
            }
            assert_eq!(told.is_empty(), text == "alo?");
        }
        assert_eq!(spring.ledger("II.2").await, ["extension-asked"]);

        // A machine answers a mail: nothing changes and nobody is answered.
        let away = Content::Automatic { reason: "Auto-Submitted: auto-replied".to_owned() };
        let away = inbound(Channel::Email, "cchc.stp@quangnam.example", away);
        assert!(spring.stage.takes("2020-03-25T10:07:00", away).await.is_empty());
        spring.begins("2020-03-25T10:07:00", "(the officer's mailbox, by itself) ▸ Tôi đi vắng đến hết tuần, sẽ trả lời khi về.");
        assert_eq!(spring.ledger("II.2").await, ["extension-asked"]);

        let readme = include_str!("../../../README.md");
        assert!(
            readme.contains(&spring.lines),
            "README.md tells another spring than this one:\n{}",
            spring.lines
        );
    }
}
