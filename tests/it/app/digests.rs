//! The weekly digest: when it leaves, to whom, and that its numbers are those of the ledger.

use dondoc::app::AppError;
use dondoc::app::deliver::Halt;
use dondoc::app::digest::{File, preview};
use dondoc::app::register::{DraftError, Wanted, draft};
use dondoc::app::resolve::Order;
use dondoc::channels::email::EmailSender;
use dondoc::channels::{Message, Sender};
use dondoc::domain::delivery::Channel;
use dondoc::domain::digest::{AHEAD, Numbers};
use dondoc::domain::obligation::{Obligation, State};
use dondoc::domain::resolution::Resolution;
use dondoc::messages::{DigestContext, RegisterLine};
use dondoc::store::deliveries::{self, DeliveryId};
use dondoc::store::obligations::{self, Filter};
use dondoc::store::{Tx, attachments};
use mail_parser::MessageParser;

use super::deciding::order;
use super::golden::{sheets_of, words_of};
use super::stage::{Stage, day, loaded};
use crate::channels::email::config;
use crate::support::db::on_both_databases;
use crate::support::smtp::{FakeSmtp, Fault, Verb};

impl Stage {
    /// The digests that leave by mail at this time.
    pub(super) async fn digests(&self, time: &str) -> Vec<Message> {
        self.set_time(time);
        self.daemon.round(&Halt::never()).await.unwrap();
        let _ = self.chat.take();
        let mut left = self.mail.take();
        left.retain(|message| message.message_id.starts_with("<digest."));
        left
    }

    pub(super) async fn previews(&self, on: &str) -> DigestContext {
        self.preview_with_files(on).await.0
    }

    pub(super) async fn preview_with_files(&self, on: &str) -> (DigestContext, Vec<File>) {
        let deliverer = &self.daemon.deliverer;
        let charge = &deliverer.setup.charges[0];
        preview(
            &deliverer.db,
            &deliverer.setup,
            &deliverer.origin,
            charge,
            day(on),
            dondoc::domain::ladder::Audience::Monitor,
        )
        .await
        .unwrap()
    }
}

async fn ids(tx: &mut Tx) -> Vec<DeliveryId> {
    let all = deliveries::list(tx, &deliveries::Filter::default(), 100_000)
        .await
        .unwrap();
    all.iter().map(|one| one.id).collect()
}

/// How many files the database keeps.
async fn kept(stage: &Stage) -> usize {
    let mut tx = stage.daemon.deliverer.db.snapshot().await.unwrap();
    let ids = ids(&mut tx).await;
    let found = attachments::list(&mut tx, &ids).await.unwrap();
    found.values().map(Vec::len).sum()
}

on_both_databases! {
    async fn a_request_keeps_its_day_and_its_words_whatever_is_said_later(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        stage.answers("2020-03-16T09:30:00", "II.2 xin gia hạn đến 15/4 vì chờ hướng dẫn của Bộ").await;
        stage.answers("2020-03-17T09:30:00", "II.2 đang trình, dự kiến xong 31/3").await;
        let digest = stage.previews("2020-03-23").await;
        let line = &digest.decisions[0];
        assert_eq!(line.until, Some(day("2020-04-15")), "{line:#?}");
        assert_eq!(line.quote, "II.2 xin gia hạn đến 15/4 vì chờ hướng dẫn của Bộ");
        assert_eq!(line.said_on, Some(day("2020-03-16")));
    }

    async fn a_wish_that_was_not_granted_is_told_with_the_decision_until_something_else_is_said(test: TestDb) {
        let stage = Stage::at(test, "2020-01-31T09:00:00").await;
        stage.link("2020-01-31T09:00:00", "stp.officer").await;
        stage.answers("2020-02-03T09:00:00", "IV.1.b xin gia hạn đến 20/2 vì chờ ý kiến của Bộ").await;
        let refused = Order {
            task: "IV.1.b".into(),
            document: Some("45/SNV-CCHC".to_owned()),
            ..order(Resolution::Refuse, "đã quá hạn, phải ban hành ngay")
        };
        stage.settles("2020-02-06T09:00:00", &refused, false).await.unwrap();
        let (digest, files) = stage.preview_with_files("2020-02-10").await;
        let deliverer = &stage.daemon.deliverer;
        let setup = &deliverer.setup;
        let behind = "vì chờ ý kiến của Bộ” (không đồng ý, 45/SNV-CCHC ngày 06/02/2020)";
        let told = setup.messages.render_digest(digest, Channel::Email).unwrap().text;
        assert!(told.contains(behind), "{told}");
        let note = "Không đồng ý gia hạn, 45/SNV-CCHC ngày 06/02/2020".to_owned();
        let noted = sheets_of(&files[0].bytes).into_iter().flat_map(|(_, rows)| rows).filter(|row| row.contains(&note));
        assert_eq!(noted.map(|row| row[1].clone()).collect::<Vec<_>>(), ["Sở Tư pháp"]);
        let wanted = Wanted::Reminders(vec!["STP".into()]);
        let letter = draft(&deliverer.db, setup, &wanted, day("2020-02-10")).await.unwrap();
        let letter = words_of(&letter[0].bytes, "word/document.xml");
        assert!(letter.contains("(03/02/2020) (không đồng ý, 45/SNV-CCHC ngày 06/02/2020)"), "{letter}");
        stage.answers("2020-02-11T09:00:00", "IV.1.b đang làm, được 50%").await;
        let told = setup.messages.render_digest(stage.previews("2020-02-17").await, Channel::Email).unwrap().text;
        assert!(told.contains("được 50%") && !told.contains("không đồng ý"), "{told}");
    }

    async fn it_leaves_on_monday_morning_once_to_the_monitor_and_the_leader(test: TestDb) {
        let stage = Stage::at(test, "2020-03-13T10:00:00").await;
        assert_eq!(stage.digests("2020-03-16T07:29:00").await, []);
        let left = stage.digests("2020-03-16T07:30:00").await;
        let mut to: Vec<&str> = left.iter().map(|message| message.to.as_str()).collect();
        to.sort_unstable();
        let contacts = loaded().contacts;
        let mut expected: Vec<&str> = contacts
            .iter()
            .filter(|one| ["snv.officer", "snv.head", "ubnd.head"].contains(&one.id.as_str()))
            .map(|one| one.channels[0].1.as_str())
            .collect();
        expected.sort_unstable();
        assert_eq!(to, expected);
        assert!(left[0].subject.as_ref().unwrap().contains("Tổng hợp đôn đốc 16/3/2020"));
        assert!(left[0].html.is_some());
        assert_eq!(stage.digests("2020-03-16T07:31:00").await, [], "once");
        assert_eq!(stage.digests("2020-03-17T07:30:00").await, [], "not every day");
        assert_eq!(stage.digests("2020-03-23T07:30:00").await.len(), 3);
    }

    async fn one_that_left_late_is_shown_again_with_its_own_days_and_numbers(test: TestDb) {
        let stage = Stage::at(test, "2020-03-20T10:00:00").await;
        assert_eq!(stage.digests("2020-03-23T07:30:00").await.len(), 3);
        stage.done("II.2", 1, "STP", "2020-03-23").await;
        // Nothing ran on Monday, nor on Tuesday.
        let left = stage.digests("2020-04-01T08:00:00").await;
        assert!(left[0].subject.as_ref().unwrap().contains("1/4/2020"), "{:?}", left[0].subject);
        stage.digests("2020-04-06T07:30:00").await;
        let again = stage.previews("2020-04-01").await;
        assert_eq!((again.from, again.until), (day("2020-03-23"), day("2020-03-31")));
        // Asked for by the Monday on which it should have left.
        assert_eq!(stage.previews("2020-03-30").await, again);
        let sent = left.iter().find(|one| one.to == "cchc.snv@quangnam.example").unwrap();
        let setup = &stage.daemon.deliverer.setup;
        let text = setup.messages.render_digest(again, Channel::Email).unwrap().text;
        assert_eq!(text, sent.text);
        // The one after it begins where it ended, also when it is looked at before it leaves.
        let next = stage.previews("2020-04-06").await;
        assert_eq!((next.from, next.until), (day("2020-04-01"), day("2020-04-05")));
        assert_eq!(stage.previews("2020-04-07").await.from, day("2020-04-06"));
    }

    /// What a later answer covers up is gathered all the same, with how the task stands; what was taken back is not.
    async fn difficulties_of_some_days_are_a_report_of_their_own(test: TestDb) {
        let stage = Stage::at(test, "2020-03-09T09:00:00").await;
        stage.link("2020-03-09T09:00:00", "stp.officer").await;
        stage.answers("2020-03-10T09:00:00", "II.2/1 vướng, chưa có hướng dẫn của Bộ").await;
        stage.answers("2020-03-11T09:00:00", "II.2/1 đang làm, được 30%").await;
        stage.answers("2020-03-12T09:00:00", "I.3 vướng kinh phí").await;
        stage.answers("2020-03-12T09:05:00", "nhầm").await;
        let deliverer = &stage.daemon.deliverer;
        let of = |from, to| Wanted::Difficulties { from: Some(day(from)), to: Some(day(to)) };
        let drafted = draft(&deliverer.db, &deliverer.setup, &of("2020-03-01", "2020-03-15"), day("2020-03-16")).await.unwrap();
        let context = &drafted[0].context;
        let quotes: Vec<&str> = context.difficulties.iter().map(|line| line.quote.as_str()).collect();
        assert_eq!(quotes, ["II.2/1 vướng, chưa có hướng dẫn của Bộ"]);
        let words = words_of(&drafted[0].bytes, "word/document.xml");
        for part in ["chưa có hướng dẫn của Bộ", "10/3/2020", "Đang thực hiện trong hạn"] {
            assert!(words.contains(part), "{part}: {words}");
        }
        let none = draft(&deliverer.db, &deliverer.setup, &of("2020-03-11", "2020-03-15"), day("2020-03-16")).await;
        assert_eq!(none.unwrap().len(), 0, "it was said before, and is not the last word");
        for (from, to) in [("2020-03-15", "2020-03-01"), ("2020-03-01", "2020-03-17")] {
            let refused = draft(&deliverer.db, &deliverer.setup, &of(from, to), day("2020-03-16")).await.unwrap_err();
            assert!(refused.to_string().contains("no stretch of days up to 2020-03-16"), "{refused}");
        }
    }

    async fn the_monitor_drafts_no_reminder_to_itself(test: TestDb) {
        let stage = Stage::at(test, "2020-04-13T10:00:00").await;
        let deliverer = &stage.daemon.deliverer;
        let (db, setup) = (&deliverer.db, &deliverer.setup);
        let of = |agency: &str| Wanted::Reminders(vec![agency.into()]);
        let refused = draft(db, setup, &of("SNV"), day("2020-04-13")).await.unwrap_err();
        let told = matches!(&refused, AppError::Draft(DraftError::OwnLetter { agency }) if *agency == "SNV".into());
        assert!(told && refused.to_string().contains("SNV signs the reminders"), "{refused}");
        assert_eq!(draft(db, setup, &of("STP"), day("2020-04-13")).await.unwrap().len(), 1);
    }

    async fn a_reminder_does_not_press_for_what_waits_for_a_decision(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        stage.answers("2020-03-16T09:30:00", "II.2 xin gia hạn đến 15/5 vì chờ hướng dẫn của Bộ").await;
        let deliverer = &stage.daemon.deliverer;
        let wanted = Wanted::Reminders(vec!["STP".into()]);
        let drafted = draft(&deliverer.db, &deliverer.setup, &wanted, day("2020-04-13")).await.unwrap();
        let ids = |lines: &[RegisterLine]| lines.iter().map(|line| line.id.clone()).collect::<Vec<_>>();
        let context = &drafted[0].context;
        assert_eq!(ids(&context.decisions), ["II.2/1"]);
        assert!(!context.late.is_empty() && !ids(&context.late).contains(&"II.2/1".to_owned()), "{:?}", ids(&context.late));
        let letter = words_of(&drafted[0].bytes, "word/document.xml");
        assert!(letter.contains("II.2/1 đã quá thời hạn và đang chờ quyết định"), "{letter}");
        // Beyond the day that was asked for it is pressed for as if nothing had been asked.
        let drafted = draft(&deliverer.db, &deliverer.setup, &wanted, day("2020-05-18")).await.unwrap();
        let context = &drafted[0].context;
        assert!(context.decisions.is_empty() && ids(&context.late).contains(&"II.2/1".to_owned()), "{:?}", ids(&context.late));
    }

    async fn the_monitor_gets_the_workbook_and_a_draft_and_the_leader_one_page(test: TestDb) {
        let stage = Stage::at(test, "2020-03-13T10:00:00").await;
        let left = stage.digests("2020-03-16T07:30:00").await;
        let with_files: Vec<&Message> = left.iter().filter(|one| !one.attachments.is_empty()).collect();
        assert_eq!(with_files.len(), 2, "the monitor's officer and head");
        for message in &with_files {
            let names: Vec<&str> = message.attachments.iter().map(|file| file.name.as_str()).collect();
            let (book, draft) = ("Bảng theo dõi 4353-QĐ-UBND 16-03-2020.xlsx", "Dự thảo báo cáo 4353-QĐ-UBND 16-03-2020.docx");
            assert_eq!(names, [book, draft]);
            assert!(message.attachments.iter().all(|file| file.bytes.starts_with(b"PK")));
            assert!(message.text.contains("Gửi kèm: bảng theo dõi"), "{}", message.text);
        }
        assert_eq!(with_files[0].attachments, with_files[1].attachments);
        let leader = left.iter().find(|one| one.attachments.is_empty()).unwrap();
        assert!(!leader.text.contains("Gửi kèm"), "{}", leader.text);
        assert_eq!(kept(&stage).await, 0, "what was sent is not kept");
    }

    async fn the_draft_after_a_year_of_silence_lists_the_longest_and_counts_the_rest(test: TestDb) {
        let stage = Stage::at(test, "2020-12-25T10:00:00").await;
        let (digest, files) = stage.preview_with_files("2020-12-28").await;
        let words = words_of(&files[1].bytes, "word/document");
        let rest = digest.now.late - 200;
        assert!(rest > 100, "{rest}");
        let told = format!("Còn {rest} nhiệm vụ quá hạn khác, quá hạn ngắn hơn (theo bảng theo dõi của Sở Nội vụ).");
        assert!(words.contains(&told), "{words}");
        let (text, annex) = words.split_once("Phụ lục\nDANH SÁCH NHIỆM VỤ QUÁ HẠN").unwrap();
        assert_eq!(annex.matches("Chưa liên lạc được").count(), 200, "nobody was ever told");
        assert!(!text.contains("Chưa liên lạc được") && text.lines().count() < 60, "{text}");
        assert!(text.contains("Chi tiết từng cơ quan, từng nhiệm vụ tại Phụ lục kèm theo."), "{text}");
        assert_eq!(annex.matches("IV.1.b ").count(), 1, "each task is named once: {annex}");
    }

    async fn what_was_due_on_the_last_day_that_is_counted_is_late_on_the_morning_after(test: TestDb) {
        let stage = Stage::at(test, "2020-03-30T10:00:00").await;
        let last = day("2020-03-31");
        let digest = stage.previews("2020-04-01").await;
        assert_eq!(digest.until, last);
        // The brief of that morning says that it is overdue by a working day: so does everything else.
        let of_that_day: Vec<_> = digest.newly_late.iter().filter(|task| task.due_on == last).collect();
        assert!(of_that_day.iter().map(|task| task.agencies.len()).sum::<usize>() > 10);
        assert!(of_that_day.iter().all(|task| task.days_late == 1));
        assert!(digest.due_soon.iter().all(|due| due.due_on > last), "nothing is told twice");
        let deliverer = &stage.daemon.deliverer;
        let wanted = Wanted::Report { agency: None, quarter: "1".parse().unwrap(), on: None };
        let report = draft(&deliverer.db, &deliverer.setup, &wanted, day("2020-04-01")).await.unwrap();
        let report = &report[0].context;
        assert_eq!(report.counts.open_late as usize + 1, digest.now.late, "its own report is not in it");
        let late: Vec<_> = report.late.iter().filter(|line| line.due_on == Some(last)).collect();
        assert!(late.len() > 10 && late.iter().all(|line| line.days_late == 1));
        let eve = stage.previews("2020-03-31").await;
        assert!(eve.newly_late.iter().all(|task| task.due_on < last), "on the day itself nothing is late");
    }

    async fn a_digest_that_is_tried_again_carries_the_same_bytes(test: TestDb) {
        let mut stage = Stage::at(test, "2020-03-13T10:00:00").await;
        let relay = FakeSmtp::start().await;
        stage.mail_by(Sender::Email(EmailSender::new(config(&relay)).unwrap()));
        // More than there are mails in the first round, briefs included.
        for _ in 0..150 {
            relay.fault(Verb::Data, Fault::Reply("451 4.3.0 try again"));
        }
        stage.digests("2020-03-16T07:30:00").await;
        assert_eq!(kept(&stage).await, 4, "two files for each of two who wait");
        let files: Vec<Vec<u8>> = {
            let mut tx = stage.daemon.deliverer.db.snapshot().await.unwrap();
            let ids = ids(&mut tx).await;
            let found = attachments::list(&mut tx, &ids).await.unwrap();
            found.into_values().next().unwrap().into_iter().map(|file| file.bytes).collect()
        };
        for hour in ["09", "11", "13", "15"] {
            stage.digests(&format!("2020-03-16T{hour}:30:00")).await;
        }
        assert_eq!(kept(&stage).await, 0);
        let mails = relay.take();
        let with_files: Vec<Vec<Vec<u8>>> = mails
            .iter()
            .map(|mail| {
                let parsed = MessageParser::default().parse(&mail.raw).unwrap();
                parsed.attachments().map(|file| file.contents().to_vec()).collect()
            })
            .filter(|found: &Vec<Vec<u8>>| !found.is_empty())
            .collect();
        assert_eq!(with_files, [files.clone(), files]);
    }

    async fn a_monday_off_puts_it_on_the_next_working_day_and_an_outage_makes_it_late(test: TestDb) {
        let stage = Stage::at(test, "2020-01-17T10:00:00").await;
        assert_eq!(stage.digests("2020-01-20T07:30:00").await.len(), 3);
        // Monday 27/1 lies in the Tết holiday; work begins on Thursday 30/1.
        assert_eq!(stage.digests("2020-01-27T07:30:00").await, []);
        assert_eq!(stage.digests("2020-01-30T07:30:00").await.len(), 3);
        // Nothing ran on Monday 3/2 and Tuesday 4/2.
        assert_eq!(stage.digests("2020-02-05T09:00:00").await.len(), 3);
        assert_eq!(stage.digests("2020-02-06T07:30:00").await, []);
        assert_eq!(stage.digests("2020-02-10T07:30:00").await.len(), 3);
    }

    async fn after_days_without_a_daemon_one_digest_covers_all_since_the_one_before(test: TestDb) {
        let stage = Stage::at(test, "2020-03-06T10:00:00").await;
        stage.link("2020-03-06T10:30:00", "stp.officer").await;
        assert_eq!(stage.digests("2020-03-09T07:30:00").await.len(), 3);
        stage.answers("2020-03-10T09:30:00", "IV.1.b vướng, chưa có hướng dẫn của Bộ").await;
        // Nothing runs from Friday 13/3 to Wednesday 18/3: over a Monday, its digest and two days more.
        let late = stage.digests("2020-03-18T14:10:00").await;
        assert_eq!(late.len(), 3, "to each reader once");
        for message in &late {
            let told = &message.text;
            assert!(told.contains("từ 09/3 đến hết 17/3/2020") && told.contains("kỳ trước"), "{told}");
            assert!(told.contains("chưa có hướng dẫn của Bộ"), "{told}");
        }
        for time in ["2020-03-18T14:11:00", "2020-03-19T07:30:00", "2020-03-20T07:30:00"] {
            assert_eq!(stage.digests(time).await, [], "{time}");
        }
        let next = stage.digests("2020-03-23T07:30:00").await;
        assert_eq!(next.len(), 3);
        let told = &next[0].text;
        assert!(told.contains("từ 18/3 đến hết 22/3/2020"), "no day twice and none left out: {told}");
        let number = |text: &str, name: &str| -> (String, String) {
            let line = text.lines().find_map(|line| line.strip_prefix(&format!("- {name}: ")));
            let (now, before) = line.unwrap().split_once(" (kỳ trước ").unwrap();
            (now.to_owned(), before.trim_end_matches(')').to_owned())
        };
        for name in ["Đã hoàn thành", "Quá hạn", "Đến hạn trong 14 ngày tới"] {
            let (now, _) = number(&late[0].text, name);
            let (_, before) = number(told, name);
            assert_eq!(before, now, "{name}: what it is compared with is what was told");
        }
    }

    async fn what_starts_in_the_middle_of_a_week_waits_for_its_day(test: TestDb) {
        let stage = Stage::at(test, "2020-03-18T07:00:00").await;
        assert_eq!(stage.digests("2020-03-18T07:30:00").await, []);
        assert_eq!(stage.digests("2020-03-23T07:30:00").await.len(), 3);
    }

    async fn what_an_agency_gives_back_is_told_in_its_words_and_in_full_once(test: TestDb) {
        let stage = Stage::at(test, "2020-03-09T07:00:00").await;
        stage.link("2020-03-09T09:00:00", "stp.officer").await;
        stage.answers("2020-03-11T09:30:00", "II.2/1 không phải việc của Sở Tư pháp").await;
        stage.answers("2020-03-12T09:30:00", "II.2/1 nhắc lại ngày 20/3").await;
        stage.answers("2020-03-12T09:40:00", "IV.1.b vướng, chưa có hướng dẫn của Bộ").await;
        let texts = |digest: DigestContext| {
            let messages = &stage.daemon.deliverer.setup.messages;
            [Channel::Email, Channel::Telegram].map(|by| messages.render_digest(digest.clone(), by).unwrap())
        };
        let digest = stage.previews("2020-03-16").await;
        let [line] = &digest.disowned[..] else { panic!("{:#?}", digest.disowned) };
        assert_eq!((line.quote.as_str(), line.later.as_str()), ("II.2/1 không phải việc của Sở Tư pháp", "II.2/1 nhắc lại ngày 20/3"));
        let in_full = "(11/3); sau đó 12/3: “II.2/1 nhắc lại ngày 20/3”";
        let [mail, chat] = texts(digest);
        assert!(mail.text.contains(in_full) && mail.text.contains("“IV.1.b vướng, chưa có hướng dẫn của Bộ” (12/3)"), "{}", mail.text);
        assert!(chat.text.contains("Khó khăn, vướng mắc (1): IV.1.b Sở Tư pháp “"), "{}", chat.text);

        stage.digests("2020-03-16T07:30:00").await;
        let [mail, chat] = texts(stage.previews("2020-03-23").await);
        let (text, html) = (mail.text, mail.html.unwrap());
        for (heading, line) in [
            ("KHÓ KHĂN, VƯỚNG MẮC (1)", "Không thay đổi so với tuần trước: IV.1.b (Sở Tư pháp)."),
            ("BÁO KHÔNG THUỘC TRÁCH NHIỆM, CẦN XEM XÉT THẨM QUYỀN (1)", "Không thay đổi so với tuần trước: II.2/1 (Sở Tư pháp)."),
        ] {
            assert!(text.contains(&format!("{heading}\n{line}\n")), "{text}");
            assert!(html.contains(line), "{html}");
        }
        assert!(!text.contains("sau đó 12/3"), "{text}");
        assert!(chat.text.contains("Khó khăn, vướng mắc (1): 1 việc không thay đổi so với tuần trước."), "{}", chat.text);

        // Who works on it takes it back.
        let told = stage.answers("2020-03-24T09:30:00", "II.2/1 đang làm, được 80%").await;
        assert!(told.contains("(thay cho báo không thuộc trách nhiệm đang chờ xem xét)"), "{told}");
        assert_eq!(stage.previews("2020-03-30").await.disowned, []);
    }

    async fn a_number_of_completions_that_fell_says_what_came_and_what_went(test: TestDb) {
        let stage = Stage::at(test, "2020-03-09T07:00:00").await;
        stage.link("2020-03-09T09:00:00", "stp.officer").await;
        stage.answers("2020-03-13T09:30:00", "II.2/1 xong, KH 12/KH-STP ngày 12/3").await;
        stage.answers("2020-03-13T09:40:00", "I.2/1 xong, KH 13/KH-STP ngày 12/3").await;
        stage.digests("2020-03-16T07:30:00").await;
        stage.answers("2020-03-17T09:30:00", "nhầm II.2/1").await;
        stage.answers("2020-03-17T09:31:00", "nhầm I.2/1").await;
        let says = |digest: DigestContext, files: &[File]| {
            let messages = &stage.daemon.deliverer.setup.messages;
            let mail = messages.render_digest(digest, Channel::Email).unwrap().text;
            (mail, words_of(&files[1].bytes, "word/document.xml"))
        };
        let (digest, files) = stage.preview_with_files("2020-03-23").await;
        let (mail, draft) = says(digest, &files);
        assert!(mail.contains("- Đã hoàn thành: 0 (tuần trước 2); bớt 2 do báo cáo rút lại, bị trả lại"), "{mail}");
        assert!(draft.contains("không hoàn thành thêm nhiệm vụ nào; 2 nhiệm vụ không còn tính là hoàn thành do báo cáo rút lại, bị trả lại;"), "{draft}");
        stage.answers("2020-03-18T09:30:00", "IV.1.b xong, KH 14/KH-STP ngày 17/3").await;
        let (digest, files) = stage.preview_with_files("2020-03-23").await;
        let (mail, draft) = says(digest, &files);
        assert!(mail.contains("- Đã hoàn thành: 1 (tuần trước 2); thêm 1, bớt 2 do báo cáo"), "{mail}");
        assert!(draft.contains("hoàn thành thêm 1 nhiệm vụ; 2 nhiệm vụ không còn tính"), "{draft}");
    }

    async fn its_numbers_are_those_of_the_obligations_and_of_the_week_before(test: TestDb) {
        let stage = Stage::at(test, "2020-03-09T07:00:00").await;
        stage.link("2020-03-09T09:00:00", "stp.officer").await;
        stage.answers("2020-03-11T09:30:00", "II.2 xin gia hạn đến 15/4").await;
        stage.answers("2020-03-12T09:30:00", "IV.1.b vướng, chưa có hướng dẫn của Bộ").await;
        let digest = stage.previews("2020-03-16").await;
        // Counted apart from the program's own way: from the rows as they stand.
        let mut tx = stage.daemon.deliverer.db.snapshot().await.unwrap();
        let all = obligations::list(&mut tx, &Filter::default()).await.unwrap();
        drop(tx);
        let until = day("2020-03-15");
        let open = |one: &&Obligation| one.state == State::Open;
        let counted = Numbers {
            done: all.iter().filter(|one| one.state == State::Done && one.due_on.is_some()).count(),
            late: all.iter().filter(open).filter(|one| one.due_on.is_some_and(|due| due <= until)).count(),
            due_soon: all
                .iter()
                .filter(open)
                .filter(|one| one.due_on.is_some_and(|due| due > until && (due - until).num_days() <= i64::try_from(AHEAD).unwrap()))
                .count(),
            waiting: 1,
            past_due: 0,
            unclear: 0,
            silent: digest.now.silent,
        };
        assert_eq!(digest.now, counted.into());
        let before = digest.before.unwrap();
        assert_eq!(before.waiting, 0, "a week ago nothing was asked");
        assert_eq!(digest.decisions.len(), 1);
        assert_eq!(digest.decisions[0].until, Some(day("2020-04-15")));
        assert_eq!(digest.difficulties.len(), 1);
        assert!(digest.difficulties[0].quote.contains("chưa có hướng dẫn của Bộ"));
        assert_eq!(stage.previews("2020-03-09").await.now, before, "the same morning, looked at then and now");
        stage.answers("2020-03-16T09:30:00", "nhầm").await;
        let taken_back = stage.previews("2020-03-17").await;
        assert!(taken_back.difficulties.is_empty(), "what was taken back is no difficulty");
    }
}
