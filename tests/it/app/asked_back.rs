//! What people say to a question, to a code and to a decision of the monitor's.

use dondoc::app::deliver::Halt;
use dondoc::domain::delivery::Channel;
use dondoc::domain::inbound::{Answered, Content};
use dondoc::domain::obligation::{Pending, State};

use super::conversation::{inbound, words};
use super::docket::{button, tap};
use super::stage::Stage;
use crate::support::db::on_both_databases;

const PHONE: &str = "4242";
const MONITOR: &str = "71";
const HEAD: &str = "4243";

on_both_databases! {
    async fn whoever_binds_a_chat_says_so_in_words_and_is_told_what_is_open(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        let code = stage.issue("2020-03-16T09:00:00", "stp.officer").await;
        stage.answers("2020-03-16T09:00:00", &code).await;
        let linked = stage.answers("2020-03-16T09:01:00", "đúng rồi em").await;
        assert!(linked.contains("Đã liên kết"), "{linked}");
        assert!(linked.contains("trong đó 1 việc quá hạn") && linked.contains("1. IV.1.b"), "{linked}");
        let shown = stage.answers("2020-03-16T09:02:00", "/viec 1").await;
        assert!(shown.starts_with("IV.1.b"), "its numbers count: {shown}");
    }

    async fn whoever_is_not_meant_says_so_in_words(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        let code = stage.issue("2020-03-16T09:00:00", "stp.officer").await;
        stage.answers("2020-03-16T09:00:00", &code).await;
        let refused = stage.answers("2020-03-16T09:01:00", "không phải").await;
        assert!(refused.contains("chưa liên kết"), "{refused}");
    }

    async fn the_words_that_raised_a_question_are_those_that_are_kept(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        let words = "vướng, cán bộ phụ trách vừa chuyển công tác";
        let asked = stage.answers("2020-03-16T09:10:00", words).await;
        assert!(asked.contains("là việc nào?"), "{asked}");
        let kept = stage.answers("2020-03-16T09:11:00", "1").await;
        assert!(kept.contains("có khó khăn, vướng mắc"), "{kept}");
        let digest = stage.previews("2020-03-23").await;
        let quotes: Vec<&str> = digest.difficulties.iter().map(|one| one.quote.as_str()).collect();
        assert_eq!(quotes, [words], "{:#?}", digest.difficulties);
    }

    async fn of_a_mixed_message_what_is_doubtful_is_asked_back_and_the_rest_recorded(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        let told = stage.answers("2020-03-16T09:10:00", "II.2/1 nộp rồi nhưng thiếu biểu, I.2/1 đang làm, được 40%").await;
        assert!(told.contains("I.2/1") && told.contains("đạt 40%") && told.contains("II.2/1") && told.contains("Đúng không?"), "{told}");
        assert_eq!(stage.owed("II.2", 1).await.state, State::Open);
    }

    async fn whoever_looks_while_a_question_waits_leaves_it_open_with_its_buttons(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        let asked = stage.hears("2020-03-16T09:10:00", PHONE, "II.2/1 nộp rồi nhưng thiếu biểu, I.2/1 đang làm, được 40%").await;
        let yes = button(&asked[0], "Đúng");
        for (time, words) in [("2020-03-16T09:11:00", "/viec"), ("2020-03-16T09:12:00", "1"), ("2020-03-16T09:13:00", "cảm ơn em nhiều")] {
            let told = stage.answers(time, words).await;
            assert!(told.contains("Còn chờ trả lời: II.2/1") && !told.contains("Đã ghi"), "{words}: {told}");
        }
        let told = stage.takes("2020-03-16T09:14:00", inbound(Channel::Telegram, PHONE, tap(&yes))).await;
        assert!(told[0].text.contains("Đã ghi: II.2/1"), "{told:#?}");
    }

    async fn a_number_that_is_not_there_yet_leaves_the_report_as_it_is(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        stage.answers("2020-03-16T09:10:00", "II.2/1 xong rồi").await;
        let answer = stage.answers("2020-03-16T09:11:00", "dạ chưa có số ạ").await;
        assert!(answer.contains("giữ nguyên") && answer.contains("II.2/1 số"), "{answer}");
        assert_eq!(stage.owed("II.2", 1).await.state, State::Done);
        let answer = stage.answers("2020-03-16T09:12:00", "/huy").await;
        assert!(answer.contains("Không có câu nào đang hỏi"), "{answer}");
        assert_eq!(stage.owed("II.2", 1).await.state, State::Done);
    }

    async fn a_completion_that_is_doubted_is_kept_by_saying_so_once_more(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        stage.answers("2020-03-16T09:10:00", "II.2/1 xong, KH số 12/KH-STP").await;
        for (time, words) in [("2020-03-17T09:10", "giữ nguyên"), ("2020-03-17T09:20", "II.2/1 xong rồi mà")] {
            let asked = stage.answers(&format!("{time}:00"), "II.2/1 đang làm").await;
            assert!(asked.contains("Rút lại báo cáo hoàn thành"), "{asked}");
            let kept = stage.answers(&format!("{time}:30"), words).await;
            assert!(kept.contains("giữ nguyên"), "{kept}");
        }
        let kept = stage.answers("2020-03-17T09:30:00", "1").await;
        assert!(!kept.contains("Đã rút lại"), "the question is over: {kept}");
        assert_eq!(stage.owed("II.2", 1).await.state, State::Done);
    }

    async fn a_day_that_will_not_do_is_asked_for_again(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        let asked = stage.answers("2020-03-16T09:10:00", "/giahan II.2/1 31/4").await;
        assert!(asked.contains("không có trong lịch") && asked.contains("đến ngày nào"), "{asked}");
        assert_eq!(stage.owed("II.2", 1).await.pending, None);
        let asked = stage.answers("2020-03-16T09:11:00", "30/2").await;
        assert!(asked.contains("không có trong lịch") && asked.contains("đến ngày nào"), "{asked}");
        let refused = stage.answers("2020-03-16T09:12:00", "20/3").await;
        assert!(refused.contains("không muộn hơn hạn hiện nay"), "{refused}");
        let recorded = stage.answers("2020-03-16T09:13:00", "15/4").await;
        assert!(recorded.contains("xin gia hạn đến 15/4/2020"), "{recorded}");
        assert_eq!(stage.owed("II.2", 1).await.pending, Some(Pending::Extension));
        let listed = stage.answers("2020-03-16T09:14:00", "/viec").await;
        assert!(listed.contains("chờ quyết định gia hạn"), "{listed}");
    }

    async fn which_task_goes_on_to_all_that_is_open(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        let mut asked = stage.answers("2020-03-16T09:10:00", "đang vướng kinh phí").await;
        for page in 0..9 {
            assert!(asked.contains("“đang vướng kinh phí” là việc nào?"), "{asked}");
            let line = asked.lines().find(|line| line.contains("V.3 "));
            if let Some(line) = line {
                let number = line.split('.').next().unwrap();
                let told = stage.answers("2020-03-16T09:30:00", number).await;
                assert!(told.contains("Đã ghi: V.3"), "{told}");
                assert_eq!(stage.ledger(&stage.owed("V.3", 1).await).await, ["blocked"]);
                return;
            }
            let more = asked.lines().find(|line| line.contains("Việc khác")).expect("more");
            let number = more.split('.').next().unwrap();
            asked = stage.answers(&format!("2020-03-16T09:{}:00", 11 + page), number).await;
        }
        panic!("V.3 is never offered: {asked}");
    }

    async fn a_head_gives_work_to_somebody_there_and_disowns_nothing(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.linked("2020-03-16T09:00:00", "stp.head", HEAD).await;
        let told = stage.hears("2020-03-16T09:10:00", HEAD, "đồng chí Lan phụ trách II.2/1").await;
        assert!(told[0].text.contains("giao người khác trong cơ quan"), "{}", told[0].text);
        let one = stage.owed("II.2", 1).await;
        assert_eq!((one.pending, stage.ledger(&one).await), (None, vec!["handed-over".to_owned()]));
        let told = stage.hears("2020-03-16T09:11:00", HEAD, "II.2/1 không phải việc của Sở Tư pháp").await;
        assert!(told[0].text.contains("đưa vào báo cáo gửi Sở Nội vụ"), "{}", told[0].text);
        assert_eq!(stage.ledger(&stage.owed("II.2", 1).await).await, ["handed-over", "blocked"]);
    }

    async fn an_answer_to_a_decision_is_about_what_was_decided(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        stage.linked("2020-03-16T09:01:00", "snv.officer", MONITOR).await;
        stage.answers("2020-03-16T09:30:00", "II.2/1 xin gia hạn đến 15/4 vì chờ hướng dẫn của Bộ").await;
        let (card, _) = stage.decides("2020-03-17T08:00:00", MONITOR, words("quyết định")).await;
        stage.set_time("2020-03-17T08:01:00");
        let grant = inbound(Channel::Telegram, MONITOR, tap(&button(&card, "Đồng ý đến 15/4")));
        stage.daemon.intake().store(&[grant]).await.unwrap();
        stage.daemon.round(&Halt::never()).await.unwrap();
        let left = stage.chat.take();
        let notice = left.iter().find(|one| one.message_id.starts_with("<decision.")).unwrap();
        let content = Content::Text {
            text: "đang làm, được 70%".to_owned(),
            answers: Some(Answered::MessageId(notice.message_id.clone())),
            edited: false,
            files: Vec::new(),
        };
        let told = stage.takes("2020-03-17T08:10:00", inbound(Channel::Telegram, PHONE, content)).await;
        assert!(told[0].text.contains("Đã ghi: II.2/1") && told[0].text.contains("đạt 70%"), "{}", told[0].text);
        let shown = stage.answers("2020-03-17T08:11:00", "/viec II.2/1").await;
        assert!(shown.contains("trong quý I (31/3), đã gia hạn đến 15/4"), "{shown}");
    }

    async fn many_words_take_back_no_decision(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        stage.linked("2020-03-16T09:01:00", "snv.officer", MONITOR).await;
        stage.answers("2020-03-16T09:30:00", "II.2/1 xin gia hạn đến 15/4 vì chờ hướng dẫn của Bộ").await;
        let (card, _) = stage.decides("2020-03-17T08:00:00", MONITOR, words("quyết định")).await;
        stage.decides("2020-03-17T08:01:00", MONITOR, tap(&button(&card, "Đồng ý đến 15/4"))).await;
        let (told, _) = stage.decides("2020-03-17T08:05:00", MONITOR, words("xóa giúp anh II.2/1 của STP")).await;
        assert!(told.text.contains("chưa ghi gì") && told.text.contains("nhầm II.2/1"), "{}", told.text);
        let due = stage.owed("II.2", 1).await.due_on.map(|day| day.to_string());
        assert_eq!(due.as_deref(), Some("2020-04-15"));
        let (told, _) = stage.decides("2020-03-17T08:10:00", MONITOR, words("nhầm II.2/1")).await;
        assert!(told.text.contains("rút lại"), "{}", told.text);
        assert_eq!(stage.owed("II.2", 1).await.pending, Some(Pending::Extension));
    }
}
