//! Files that change while the daemon runs.

use dondoc::clock::Clock;
use dondoc::store::deliveries::DeliveryState;
use dondoc::store::obligations::{self, Filter};

use super::daemon::{Running, printed};
use super::province::{Province, mail_by};
use crate::support::db::on_both_databases;
use crate::support::smtp::FakeSmtp;

on_both_databases! {
    async fn a_changed_calendar_moves_open_deadlines_and_bad_files_move_nothing(test: TestDb) {
        let relay = FakeSmtp::start().await;
        let province = Province::new(2, &test.url, &mail_by(relay.address)).await;
        let due = province.another_day();
        province.write_plan(&due.format("%-d/%-m/%Y").to_string());
        let mut daemon = Running::start(&province);
        daemon.logged("started").await;

        province.write_schedules(&[due]);
        daemon.signal("HUP");
        daemon.until("both have moved", || daemon.log().matches("a deadline moved").count() == 2).await;
        let mut tx = test.db.snapshot().await.unwrap();
        let stored = obligations::list(&mut tx, &Filter::default()).await.unwrap();
        assert!(stored.iter().all(|one| one.act_by == due.pred_opt() && one.due_on == Some(due)));
        drop(tx);
        let log = daemon.log();
        let moved: Vec<&str> = log.lines().filter(|line| line.contains("a deadline moved")).collect();
        assert_eq!(moved.len(), 2, "{log}");
        for (line, agency) in moved.iter().zip(["A1", "A2"]) {
            for part in ["milestone=I.1/1", agency, &due.to_string(), &due.pred_opt().unwrap().to_string()] {
                assert!(line.contains(part), "{part}: {line}");
            }
        }

        province.edit("plan/plan.toml", "monitor = \"SNV\"", "monitor = \"XYZ\"");
        province.edit("schedules/ladder.toml", "until = \"23:59\"", "until = \"24:59\"");
        province.write_schedules(&[]);
        province.edit("schedules/ladder.toml", "until = \"23:59\"", "until = \"24:59\"");
        daemon.signal("HUP");
        daemon.logged("what was loaded before stays in force").await;
        let log = daemon.log();
        for place in ["plan/plan.toml:8: plan.monitor: ", "schedules/ladder.toml:2: until: "] {
            assert!(log.contains(place), "{place}: {log}");
        }
        let mut tx = test.db.snapshot().await.unwrap();
        let stored = obligations::list(&mut tx, &Filter::default()).await.unwrap();
        assert!(stored.iter().all(|one| one.act_by == due.pred_opt()), "nothing is half loaded");
        drop(tx);

        if due < Clock::System.today() {
            daemon.counted(&test.db, DeliveryState::Sent, 2).await; // what was loaded before goes on
        }
        daemon.signal("TERM");
        assert_eq!(daemon.ended().await.code(), Some(0), "{}", daemon.log());
        relay.take();
    }

    async fn a_template_that_fails_for_one_person_holds_up_nobody_and_is_mended_by_a_reload(test: TestDb) {
        let relay = FakeSmtp::start().await;
        let province = Province::new(3, &test.url, &mail_by(relay.address)).await;
        std::fs::create_dir_all(province.path("messages/vi/brief")).unwrap();
        let shipped = include_str!("../../../messages/vi/brief/email.txt.j2");
        let fault = "{% if reader.title == \"Chuyên viên Sở số 2\" %}{{ reader.nobody.knows }}{% endif %}";
        province.write("messages/vi/brief/email.txt.j2", &format!("{shipped}{fault}"));
        province.edit("dondoc.toml", "plans = ", "messages = \"messages\"\nplans = ");
        let mut daemon = Running::start(&province);
        daemon.counted(&test.db, DeliveryState::Sent, 2).await;
        daemon.logged("a brief cannot be worded").await;
        let status = printed(&province, &["status"]);
        for part in ["not sent: the brief of a2.officer for ", "email.txt.j2:", "reader.nobody", "1 brief without words"] {
            assert!(status.contains(part), "{part}: {status}");
        }

        province.write("messages/vi/brief/email.txt.j2", shipped);
        daemon.signal("HUP");
        daemon.counted(&test.db, DeliveryState::Sent, 3).await;
        daemon.signal("TERM");
        assert_eq!(daemon.ended().await.code(), Some(0), "{}", daemon.log());
        assert_eq!(daemon.log().matches("cannot be worded").count(), 1, "{}", daemon.log());
        let mut told: Vec<String> = relay.take().into_iter().flat_map(|mail| mail.to).collect();
        told.sort();
        assert_eq!(told, ["a1@province.example", "a2@province.example", "a3@province.example"]);
        assert!(!printed(&province, &["status"]).contains("not sent"));
    }

    async fn settings_that_a_reload_does_not_take_are_named(test: TestDb) {
        let relay = FakeSmtp::start().await;
        let province = Province::new(1, &test.url, &mail_by(relay.address)).await;
        let mut daemon = Running::start(&province);
        daemon.counted(&test.db, DeliveryState::Sent, 1).await;
        province.edit("dondoc.toml", "[email]", "[log]\nlevel = \"debug\"\n[email]");
        daemon.signal("HUP");
        daemon.logged("taken by a restart only").await;
        assert!(daemon.log().contains("sections=\"log\""), "{}", daemon.log());
        daemon.signal("TERM");
        assert_eq!(daemon.ended().await.code(), Some(0), "{}", daemon.log());
        relay.take();
    }

    async fn what_left_the_files_is_not_taken_at_a_reload_and_status_names_it(test: TestDb) {
        let relay = FakeSmtp::start().await;
        let province = Province::new(3, &test.url, &mail_by(relay.address)).await;
        let mut daemon = Running::start(&province);
        daemon.counted(&test.db, DeliveryState::Sent, 3).await;
        province.edit("plan/plan.toml", "leads = [\"A1\", \"A2\", \"A3\"]", "leads = [\"A2\"]");
        daemon.signal("HUP");
        daemon.logged("reloading failed: what was loaded before stays in force").await;
        let refused = "I.1/1 of A1, A3: followed, and by the files A1 does not lead it";
        assert!(daemon.log().contains(refused), "{}", daemon.log());
        let status = printed(&province, &["status"]);
        for agency in ["A1", "A3"] {
            let line = format!("not told: I.1/1 of {agency} is no longer in the files of the plan");
            assert!(status.contains(&line), "{status}");
        }
        daemon.signal("TERM");
        assert_eq!(daemon.ended().await.code(), Some(0), "{}", daemon.log());
        assert_eq!(relay.take().len(), 3);
    }
}
