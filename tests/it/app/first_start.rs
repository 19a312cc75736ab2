//! A province begins in mid-year, with a plan that has been under way since January: nobody is accused of what was due before.

use std::path::Path;

use dondoc::app::AppError;
use dondoc::app::as_of::{AsOf, list_as_of};
use dondoc::app::ranking::count;
use dondoc::app::stocktake::{Mode, Taken, list, take};
use dondoc::channels::Message;
use dondoc::domain::obligation::{Obligation, Standing, Watch};
use dondoc::domain::period::Period;
use dondoc::files::{Folder, StocktakeWords, load_stocktake_words};
use dondoc::store::events::{self, Actor};
use dondoc::store::obligations::{self, Filter};

use super::amending::{given_to, order};
use super::stage::{Stage, day, loaded, to};
use crate::support::db::{on_both_databases, tamper};

const LEADER: &str = "lanhdao.ubnd@quangnam.example";
const MONITOR: &str = "cchc.snv@quangnam.example";
const HEAD: &str = "giamdoc.stp@quangnam.example";
const OFFICER: &str = "cchc.stp@quangnam.example";

/// The briefs among these mails to an address, each with its subject and words.
fn briefs(mails: &[Message], address: &str) -> Vec<String> {
    let mails = to(mails, address).into_iter();
    let told =
        mails.map(|mail| format!("{}\n{}", mail.subject.as_deref().unwrap_or(""), mail.text));
    told.filter(|text| text.contains("(nhắc việc ")).collect()
}

fn words() -> StocktakeWords {
    load_stocktake_words(&Folder::lexicon()).unwrap()
}

impl Stage {
    /// What Sở Tư pháp owes of a milestone, as it stands today.
    async fn standing_of(&self, task: &str, number: u16) -> AsOf {
        let deliverer = &self.daemon.deliverer;
        let filter = Filter {
            agency: Some("STP".into()),
            task: Some(task.into()),
            ..Filter::default()
        };
        let today = deliverer.clock.today();
        let all = list_as_of(&deliverer.db, &deliverer.setup, &filter, today)
            .await
            .unwrap();
        all.into_iter()
            .find(|one| one.obligation.milestone.number == number)
            .unwrap()
    }

    /// Reads a table that was filled in.
    async fn takes_stock(&self, text: &str, mode: Mode) -> Result<Taken, AppError> {
        let deliverer = &self.daemon.deliverer;
        let path = self.keys.path().join("ra-soat.csv");
        std::fs::write(&path, text).unwrap();
        let table = words().read(Path::new(&path));
        let (today, now) = (deliverer.clock.today(), deliverer.clock.now());
        let by = "snv.officer".into();
        take(
            &deliverer.db,
            &deliverer.setup,
            table,
            Some(&by),
            today,
            now,
            mode,
        )
        .await
    }

    async fn lines_of_ledger(&self) -> usize {
        let deliverer = &self.daemon.deliverer;
        let plan = &deliverer.setup.charges[0].plan.id;
        let mut tx = deliverer.db.snapshot().await.unwrap();
        let mut lines = 0;
        events::each_of_plan(&mut tx, plan, |_| lines += 1)
            .await
            .unwrap();
        lines
    }

    /// How many obligations are late, and how many are not known, as the digest of that morning counts.
    async fn late_and_unclear(&self, on: &str) -> (usize, usize) {
        let now = self.previews(on).await.now;
        (now.late, now.unclear)
    }
}

on_both_databases! {
    async fn on_the_first_morning_officers_are_asked_and_nobody_is_accused(test: TestDb) {
        let stage = Stage::first_start(test, "2020-06-29T07:00:00").await;
        let mails = stage.round_at("2020-06-29T07:30:00").await;
        let [officer] = briefs(&mails, OFFICER).try_into().unwrap();
        assert!(officer.contains("đến hạn trước ngày theo dõi, đề nghị cho biết kết quả chậm nhất 13/7"), "{officer}");
        assert!(officer.contains("II.2/1") && officer.contains("IV.1.b"), "{officer}");
        let no_reproach = officer.replace("chưa tính là quá hạn", "");
        assert!(!no_reproach.to_lowercase().contains("quá hạn"), "{officer}");
        assert_eq!(briefs(&mails, LEADER), [""; 0], "UBND tỉnh hears nothing");
        let (monitor, head) = (briefs(&mails, MONITOR), briefs(&mails, HEAD));
        assert!(!monitor.is_empty(), "the monitor owes things of its own");
        for text in monitor.iter().chain(&head) {
            let no_reproach = text.replace("chưa tính là quá hạn", "");
            assert!(!no_reproach.to_lowercase().contains("quá hạn"), "{text}");
            assert!(!text.contains("báo hoàn thành"), "{text}");
        }
        let (late, unclear) = stage.late_and_unclear("2020-06-29").await;
        assert_eq!(late, 0);
        assert!(unclear > 150, "{unclear}");
        let digest = to(&mails, MONITOR).into_iter().find(|mail| mail.text.contains("Tổng hợp đôn đốc")).unwrap();
        assert!(digest.text.contains("không có việc quá hạn"), "{}", digest.text);
        assert!(digest.text.contains("Đến hạn trước ngày theo dõi, chưa rõ kết quả"), "{}", digest.text);
        // Once a week, and nothing of it between.
        for (morning, asked) in [("2020-06-30", false), ("2020-07-03", false), ("2020-07-06", true)] {
            let mails = stage.round_at(&format!("{morning}T07:30:00")).await;
            let told = briefs(&mails, OFFICER).iter().any(|text| text.contains("IV.1.b"));
            assert_eq!(told, asked, "{morning}");
        }
    }

    async fn a_start_once_more_on_that_day_is_no_news(test: TestDb) {
        let stage = Stage::first_start(test, "2020-06-29T07:00:00").await;
        let before = stage.lines_of_ledger().await;
        stage.daemon.import(&loaded().contacts).await.unwrap();
        assert_eq!(stage.lines_of_ledger().await, before, "it is followed since then already");
        stage.set_time("2020-06-30T07:00:00");
        stage.daemon.import(&loaded().contacts).await.unwrap();
        assert_eq!(stage.lines_of_ledger().await, before + 1, "nobody was reminded on the day before");
    }

    async fn since_when_it_is_followed_is_held_against_the_ledger(test: TestDb) {
        let stage = Stage::first_start(test, "2020-06-29T07:00:00").await;
        assert_eq!(stage.strays().await, []);
        // Nobody was reminded on that day, and the next is the first.
        stage.set_time("2020-06-30T07:00:00");
        stage.daemon.import(&loaded().contacts).await.unwrap();
        stage.round_at("2020-06-30T07:30:00").await;
        stage.done("IV.1.b", 1, "STC", "2020-01-20").await;
        stage.amends(&order("I.2", &["STP"], given_to(&["SNV"])), false).await.unwrap();
        let heir = stage.of("I.2", "SNV").await.unwrap();
        let watch = Watch { since: day("2020-06-30"), settle_by: day("2020-07-14") };
        assert_eq!(heir.due_before(), Some(watch), "the heir is asked as the one before it");
        assert_eq!(stage.strays().await, []);
        let (started, done, given) = (("IV.1.b", "STP"), ("IV.1.b", "STC"), ("I.2", "SNV"));
        let back = "watched_from = '2020-06-30', settle_by = '2020-07-14'";
        for ((task, agency), set, back) in [
            (started, "settle_by = '2020-12-31'", back),
            (started, "watched_from = '2020-06-29', settle_by = '2020-07-13'", back),
            (started, "watched_from = NULL, settle_by = NULL", back),
            (done, "settle_by = NULL", back),
            (given, "settle_by = '2020-07-15'", back),
            (given, "watched_from = NULL, settle_by = NULL", back),
            (("II.12", "SNV"), back, "watched_from = NULL, settle_by = NULL"),
        ] {
            let of = format!("WHERE task = '{task}' AND milestone = 1 AND agency = '{agency}'");
            let db = &stage.daemon.deliverer.db;
            tamper(db, &format!("UPDATE obligations SET {set} {of}")).await;
            let strays = stage.strays().await;
            assert_eq!(strays.len(), 1, "{set} of {agency}: {strays:#?}");
            assert_eq!((strays[0].milestone.task.clone(), strays[0].agency.clone()), (task.into(), agency.into()));
            assert_ne!(strays[0].stands.watch, strays[0].told.watch);
            tamper(db, &format!("UPDATE obligations SET {back} {of}")).await;
            assert_eq!(stage.strays().await, [], "{back}");
        }
    }

    async fn after_the_days_of_grace_silence_climbs_as_silence(test: TestDb) {
        let stage = Stage::first_start(test, "2020-06-29T07:00:00").await;
        for morning in ["2020-06-29", "2020-07-06", "2020-07-13"] {
            stage.round_at(&format!("{morning}T07:30:00")).await;
        }
        // Of others whoever watches reads how many of them it is.
        let told = |mails: &[Message], address: &str| {
            let watches = [MONITOR, LEADER].contains(&address);
            let words = if watches { " cơ quan chưa báo hoàn thành" } else { "(30/01), chưa báo hoàn thành" };
            let texts = briefs(mails, address);
            texts.iter().any(|text| text.contains("đã đề nghị báo kết quả chậm nhất thứ Hai 13/7") && text.contains(words))
        };
        let mut heard = Vec::new();
        for morning in ["2020-07-14", "2020-07-16", "2020-07-20", "2020-07-27"] {
            let mails = stage.round_at(&format!("{morning}T07:30:00")).await;
            for text in mails.iter().filter(|mail| mail.text.contains("IV.1.b")).map(|mail| &mail.text) {
                assert!(!text.contains("(30/01), quá hạn"), "{morning}: {text}");
            }
            heard.push([OFFICER, HEAD, MONITOR, LEADER].map(|address| told(&mails, address)));
        }
        let expected = [
            [true, true, false, false],
            [true, true, true, false],
            [true, true, true, false],
            [true, true, true, true],
        ];
        assert_eq!(heard, expected, "officer, head, monitor, leader on 14/7, 16/7, 20/7, 27/7");
        let (late, unclear) = stage.late_and_unclear("2020-07-16").await;
        assert_eq!(unclear, 0);
        assert!(late > 150, "{late}");
        let plan = stage.standing_of("IV.1.b", 1).await;
        assert_eq!((plan.word, plan.days_late), (Some(Standing::OpenLate), 10), "since 13/7, and not since January");
    }

    async fn an_answer_counts_by_the_day_that_it_names(test: TestDb) {
        let stage = Stage::first_start(test, "2020-06-29T07:00:00").await;
        stage.round_at("2020-06-29T07:30:00").await;
        stage.link("2020-06-29T08:00:00", "stp.officer").await;
        let said = stage.answers("2020-06-29T09:00:00", "IV.1.b xong, KH số 12/KH-STP ngày 20/01/2020").await;
        assert!(said.contains("hoàn thành đúng hạn, ngày 20/01/2020"), "{said}");
        let said = stage.answers("2020-06-29T09:05:00", "II.2/1 xong, KH số 15/KH-STP ngày 10/4/2020").await;
        assert!(said.contains("hoàn thành quá hạn"), "{said}");
        stage.answers("2020-06-29T09:10:00", "I.2/1 đang làm, được 60%").await;
        assert_eq!(stage.standing_of("IV.1.b", 1).await.word, Some(Standing::DoneOnTime));
        let late = stage.standing_of("II.2", 1).await;
        assert_eq!((late.word, late.days_late), (Some(Standing::DoneLate), 7), "Giỗ Tổ on 2/4 not counted");
        assert_eq!(stage.standing_of("I.2", 1).await.word, Some(Standing::Unclear), "it is not known to be done");
    }

    async fn the_monitor_takes_stock_in_one_table(test: TestDb) {
        let stage = Stage::first_start(test, "2020-06-29T07:00:00").await;
        stage.round_at("2020-06-29T07:30:00").await;
        let deliverer = &stage.daemon.deliverer;
        let rows = list(&deliverer.db, &deliverer.setup, None).await.unwrap();
        let (_, unclear) = stage.late_and_unclear("2020-06-29").await;
        assert_eq!(rows.len(), unclear, "a line for each");
        let of_one = list(&deliverer.db, &deliverer.setup, Some(&"STP".into())).await.unwrap();
        let of_stp: Vec<_> = rows.iter().filter(|row| row.agency == "STP").cloned().collect();
        assert_eq!(of_one, of_stp);
        // Excel of a province: other separators, its own order, empty lines.
        let written = words().write(&rows);
        let heading = written.lines().next().unwrap();
        assert!(heading.starts_with("\u{feff}\"Kế hoạch\";\"Mã việc\";"), "{heading}");
        let filled: Vec<String> = written.lines().map(|line| {
            let answer = match line {
                _ if !line.contains(";\"STP\";") => ";;;",
                _ if line.contains("\"IV.1.b/1\"") => "xong;20/1/2020;12/KH-STP;sổ công văn",
                _ if line.contains("\"II.2/1\"") => "Đã ban hành;10-04-2020;;",
                _ if line.contains("\"I.2/1\"") => "chưa;;;",
                _ => ";;;",
            };
            line.replace(";\"\";\"\";\"\";\"\"", &format!(";{answer}"))
        }).collect();
        let filled = filled.join("\r\n") + "\r\n;;;;;;;;;\r\n";
        let before = stage.lines_of_ledger().await;
        let twice = format!("{filled}{}", filled.split_once("\r\n").unwrap().1);
        let tried = stage.takes_stock(&twice, Mode::DryRun).await.unwrap();
        assert_eq!((tried.recorded.len(), tried.already, tried.open), (2, 3, 1), "pasted twice");
        let tried = stage.takes_stock(&filled, Mode::DryRun).await.unwrap();
        assert_eq!((tried.recorded.len(), tried.already, tried.open), (2, 0, 1));
        assert_eq!(stage.lines_of_ledger().await, before, "nothing was recorded");
        assert_eq!(stage.standing_of("IV.1.b", 1).await.word, Some(Standing::Unclear));
        let taken = stage.takes_stock(&filled, Mode::Record).await.unwrap();
        assert_eq!(taken, tried);
        assert_eq!(stage.lines_of_ledger().await, before + 2, "an event each");
        let plan = stage.standing_of("IV.1.b", 1).await;
        assert_eq!(plan.word, Some(Standing::DoneOnTime));
        assert_eq!(plan.stands.documents, ["12/KH-STP"]);
        assert_eq!(stage.standing_of("II.2", 1).await.word, Some(Standing::DoneLate));
        // The same lines pasted twice say the same.
        let lines = filled.split_once("\r\n").unwrap().1;
        let twice = format!("{filled}{lines}");
        let again = stage.takes_stock(&twice, Mode::Record).await.unwrap();
        assert_eq!((again.recorded.len(), again.already, again.open), (0, 5, 1));
        assert_eq!(stage.lines_of_ledger().await, before + 2, "read twice, recorded once");
        let mails = stage.round_at("2020-07-06T07:30:00").await;
        let [officer] = briefs(&mails, OFFICER).try_into().unwrap();
        assert!(officer.contains("I.2/1") && !officer.contains("IV.1.b"), "only what is open is asked: {officer}");
    }

    async fn what_stands_beside_what_is_not_done_is_kept(test: TestDb) {
        let stage = Stage::first_start(test, "2020-06-29T07:00:00").await;
        stage.round_at("2020-06-29T07:30:00").await;
        let before = stage.lines_of_ledger().await;
        let table = "Mã việc;Mã cơ quan;Tình trạng;Ngày hoàn thành;Số văn bản;Ghi chú\n\
                     I.2/1;STP;chưa;;45/STP-VP;đang trình UBND tỉnh\n\
                     II.2/1;STP;;;;hỏi lại Sở\n\
                     II.2/1;STC;;;;\n\
                     IV.1.b;STP;xong;20/1/2020;;\n";
        stage.takes_stock(table, Mode::DryRun).await.unwrap();
        assert_eq!(stage.lines_of_ledger().await, before, "nothing was recorded");
        let taken = stage.takes_stock(table, Mode::Record).await.unwrap();
        assert_eq!((taken.recorded.len(), taken.already, taken.open), (1, 0, 1));
        assert_eq!(stage.lines_of_ledger().await, before + 3, "a completion and two notes");
        for (milestone, note, document) in [(("I.2", 1), "đang trình UBND tỉnh", Some("45/STP-VP")), (("II.2", 1), "hỏi lại Sở", None)] {
            let explained = stage.explained(milestone, "STP").await;
            let line = &explained.events.last().unwrap().entry;
            assert_eq!((line.kind.as_str(), &line.payload["note"], line.payload["document"].as_str()), ("noted", &note.into(), document));
            assert_eq!(line.actor, Actor::Contact("snv.officer".into()));
            let standing = stage.standing_of(milestone.0, milestone.1).await;
            assert_eq!(standing.word, Some(Standing::Unclear), "nothing is done");
            assert!(!standing.stands.is_answered(), "its agency has said nothing");
        }
        // Once more with the number that was missing: only that is news.
        let table = table.replace("20/1/2020;;", "20/1/2020;12/KH-STP;");
        for times in [1, 2] {
            let taken = stage.takes_stock(&table, Mode::Record).await.unwrap();
            assert_eq!((taken.recorded.len(), taken.already, taken.open), (0, 1, 1), "{times}");
            assert_eq!(stage.lines_of_ledger().await, before + 4, "{times}");
        }
        let plan = stage.standing_of("IV.1.b", 1).await;
        assert_eq!((plan.word, plan.stands.documents), (Some(Standing::DoneOnTime), vec!["12/KH-STP".to_owned()]));
        assert_eq!(stage.strays().await, []);
        // Two notes of one thing are two answers.
        let twice = format!("{table}I.2/1;STP;chưa;;45/STP-VP;đã trình\n");
        let error = stage.takes_stock(&twice, Mode::Record).await.unwrap_err();
        let AppError::Table(problems) = error else { panic!("{error}") };
        assert!(problems.errors[0].problem.contains("line 2 says something else of it"), "{problems:?}");
    }

    async fn a_ranking_counts_what_is_not_known_for_and_against_nobody(test: TestDb) {
        let stage = Stage::first_start(test, "2020-06-29T07:00:00").await;
        stage.round_at("2020-06-29T07:30:00").await;
        stage.link("2020-06-29T08:00:00", "stp.officer").await;
        stage.answers("2020-06-29T09:00:00", "IV.1.b xong, KH số 12/KH-STP ngày 20/01/2020").await;
        stage.answers("2020-06-29T09:05:00", "II.2/1 xong, KH số 15/KH-STP ngày 10/4/2020").await;
        let deliverer = &stage.daemon.deliverer;
        let (db, setup) = (&deliverer.db, &deliverer.setup);
        // What falls due from January to March, by its rows.
        let due_in_quarter = |one: &Obligation| one.due_on.is_some_and(|due| due <= day("2020-03-31"));
        let mut tx = db.snapshot().await.unwrap();
        let owed = obligations::list(&mut tx, &Filter::default()).await.unwrap();
        drop(tx);
        let owed: Vec<&Obligation> = owed.iter().filter(|one| due_in_quarter(one)).collect();
        let of_stp = owed.iter().filter(|one| one.agency == "STP".into()).count();
        let quarter = Period::of_quarter(2020, 1).unwrap();
        let context = |on: &'static str| async move {
            let charge = &setup.charges[0];
            count(db, setup, charge, quarter, day(on)).await.unwrap().context(setup, charge)
        };
        let ranking = context("2020-07-06").await;
        let everybody = || {
            let ranked = ranking.tables.iter().flat_map(|table| &table.agencies);
            ranked.chain(&ranking.too_few).chain(&ranking.nothing_due)
        };
        let stp = everybody().find(|one| one.code == "STP").unwrap();
        let standing = &stp.standing;
        assert_eq!((standing.done_on_time, standing.done_late, standing.open_late), (1, 1, 0));
        assert_eq!((stp.due, standing.unclear), (2, of_stp - 2), "only what is known counts");
        assert_eq!(ranking.left_out.unclear, owed.len() - 2, "all but the two that were answered");
        assert_eq!(everybody().map(|one| one.standing.open_late).sum::<usize>(), 0);
        assert_eq!(ranking.criticise, []);
        assert_eq!((ranking.tables.iter().map(|table| table.agencies.len()).sum::<usize>(), ranking.too_few.len()), (1, 0));
        let (_, text) = setup.messages.render_ranking(&ranking).unwrap();
        // By weight: 3 for IV.1.b, of 3 + 2 + 2 for two plans + 1 + 1 for two reports.
        let told = "Sở Tư pháp: 68,0 điểm; đúng hạn 1/2 việc (tỷ trọng 33,3%), hoàn thành quá hạn 1 (22,2%)";
        assert!(text.contains(told), "{text}");
        assert!(text.contains(&format!("đến hạn trước ngày theo dõi và chưa rõ kết quả {}", of_stp - 2)), "{text}");
        let left_out = format!("{} việc đến hạn trước ngày theo dõi, chưa rõ kết quả", owed.len() - 2);
        assert!(text.contains(&left_out), "{left_out}: {text}");
        assert!(text.contains("\n- Sở Y tế: 4 việc đến hạn trước ngày theo dõi, chưa rõ kết quả\n"), "{text}");
        let idle = "KHÔNG CÓ VIỆC ĐẾN HẠN TRONG KỲ\nĐài Phát thanh và Truyền hình tỉnh; Báo Quảng Nam\n";
        assert!(text.contains(idle), "the others owe something, known or not: {text}");
        // Once the days of grace are over, it counts as what is open counts.
        let ranking = context("2020-07-14").await;
        assert_eq!(ranking.left_out.unclear, 0);
        let stp = ranking.tables.iter().flat_map(|table| &table.agencies).find(|one| one.code == "STP").unwrap();
        assert_eq!((stp.due, stp.standing.open_late), (of_stp, of_stp - 2));
        // And its evidence says from which day its days are counted.
        let explained = stage.prints(&["rank", "--quarter", "1", "--explain", "STP", "--on", "2020-07-14"]);
        let late = explained.lines().filter(|line| line.contains("đang thực hiện quá hạn 1 ngày làm việc"));
        assert!(late.clone().count() == of_stp - 2 && late.clone().all(|line| line.contains("so với hạn báo kết quả 13/7/2020; hạn ")), "{explained}");
    }

    async fn one_wrong_line_keeps_all_of_the_table_out(test: TestDb) {
        let stage = Stage::first_start(test, "2020-06-29T07:00:00").await;
        let head = "Kế hoạch,Mã việc,Mã cơ quan,Tình trạng,Ngày hoàn thành,Số văn bản\n";
        let lines = "4353/QĐ-UBND,IV.1.b,STP,xong,20/1/2020,12/KH-STP\n\
                     4353/QĐ-UBND,IV.1.q,STP,xong,20/1/2020,\n\
                     9/QĐ-UBND,IV.1.b,STC,xong,20/1/2020,\n\
                     4353/QĐ-UBND,IV.1.b,SNM,xong,20/1/2020,\n\
                     4353/QĐ-UBND,II.2/1,STP,xog,20/3/2020,\n\
                     4353/QĐ-UBND,II.2/1,STP,xong,30/6/2020,\n\
                     ,,,,,\n\
                     4353/QĐ-UBND,I.2,STP,xong,20/3/2020,\n\
                     4353/QĐ-UBND,IV.1.b,STC,xong,20/12/2019,\n\
                     4353/QĐ-UBND,IV.1.b,STP,chưa,,\n\
                     4353/QĐ-UBND,II.2/x,STP,xong,20/3/2020,\n";
        let before = stage.lines_of_ledger().await;
        let error = stage.takes_stock(&format!("{head}{lines}"), Mode::Record).await.unwrap_err();
        let AppError::Table(problems) = error else { panic!("{error}") };
        let told: Vec<String> = problems.errors.iter().map(|one| format!("{}: {}; {}", one.line, one.problem, one.remedy)).collect();
        let begins = [
            "3: plan 4353/QĐ-UBND has no task IV.1.q; did you mean “IV.1.",
            "4: 9/QĐ-UBND is no plan that is followed here",
            "5: there is no agency SNM; did you mean",
            "6: “xog” says not how it stands; did you mean “xong”",
            "7: 30/06/2020 has not come; today is 29/06/2020",
            "9: STP owes several of I.2; write I.2/1 or I.2/2",
            "10: 20/12/2019 is before plan 4353/QĐ-UBND was issued; write a day from 31/12/2019 on",
            "11: line 2 says something else of it",
            "12: “II.2/x” is no number of a task",
        ];
        assert_eq!(told.len(), begins.len(), "{told:#?}");
        for (told, begin) in told.iter().zip(begins) {
            assert!(told.starts_with(begin), "{told}\n{begin}");
        }
        assert_eq!(stage.lines_of_ledger().await, before, "nothing is half-recorded");
        assert_eq!(stage.standing_of("IV.1.b", 1).await.word, Some(Standing::Unclear));
    }

    async fn a_start_before_anything_is_due_knows_nothing_of_it_and_a_late_first_run_does(test: TestDb) {
        let stage = Stage::first_start(test, "2020-01-02T06:00:00").await;
        let deliverer = &stage.daemon.deliverer;
        assert_eq!(list(&deliverer.db, &deliverer.setup, None).await.unwrap(), []);
        // Looked at in January, and the daemon started in June only: nobody was reminded of anything between.
        stage.set_time("2020-06-28T20:00:00");
        let imported = stage.daemon.import(&loaded().contacts).await.unwrap();
        assert!(imported.due_before > 150, "{imported:?}");
        assert_eq!(stage.late_and_unclear("2020-06-29").await.0, 0);
        stage.round_at("2020-06-29T07:30:00").await;
        // From the first morning on, nothing that comes later makes it a first start again.
        stage.set_time("2020-09-14T07:00:00");
        let imported = stage.daemon.import(&loaded().contacts).await.unwrap();
        assert_eq!(imported.due_before, 0);
        assert_eq!(stage.standing_of("IV.1.b", 1).await.obligation.watch.unwrap().settle_by, day("2020-07-13"));
    }
}
