//! What is no report: files without a word, "ok em", a list that others read too.

use dondoc::domain::delivery::Channel;
use dondoc::domain::inbound::{Answered, Content, File, Inbound, Place};
use dondoc::domain::obligation::State;
use dondoc::store::evidence;

use super::conversation::{inbound, words};
use super::stage::Stage;
use crate::support::db::on_both_databases;

const PHONE: &str = "4242";

fn photo() -> Inbound {
    let file = File {
        id: "AgAD".to_owned(),
        name: None,
        media_type: Some("image/jpeg".to_owned()),
        size: Some(7),
        sha256: None,
        album: None,
    };
    let content = Content::Text {
        text: String::new(),
        answers: None,
        edited: false,
        files: vec![file],
    };
    inbound(Channel::Telegram, PHONE, content)
}

fn of_album(album: &str, id: &str, caption: &str) -> Inbound {
    let mut one = photo();
    if let Content::Text { text, files, .. } = &mut one.content {
        caption.clone_into(text);
        id.clone_into(&mut files[0].id);
        files[0].album = Some(album.to_owned());
    }
    one
}

fn in_group(text: &str) -> Inbound {
    Inbound {
        place: Place::Group {
            chat: "-77".to_owned(),
        },
        ..inbound(Channel::Telegram, PHONE, words(text))
    }
}

on_both_databases! {
    async fn a_photo_proves_what_was_just_reported_and_completes_nothing(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        let asked = stage.answers("2020-03-16T09:10:00", "II.2/1 xong rồi").await;
        assert!(asked.contains("số và ngày văn bản"), "{asked}");
        let told = stage.takes("2020-03-16T09:11:00", photo()).await;
        assert!(told[0].text.contains("II.2/1") && told[0].text.contains("đã nhận 1 tệp"), "{}", told[0].text);
        let done = stage.owed("II.2", 1).await;
        assert_eq!(stage.ledger(&done).await, ["done", "evidence"]);
        let answer = stage.answers("2020-03-16T09:12:00", "12/KH-STP").await;
        assert!(answer.contains("bổ sung văn bản 12/KH-STP"), "the number is welcome still: {answer}");
        let mut tx = stage.daemon.deliverer.db.snapshot().await.unwrap();
        let filed = evidence::list(&mut tx, &evidence::Filter::default()).await.unwrap();
        assert_eq!(filed.len(), 1);
        assert_eq!((filed[0].kind.as_str(), filed[0].files.len()), ("evidence", 1));
        drop(tx);

        stage.answers("2020-03-17T09:00:00", "II.2/2 đang làm").await;
        let told = stage.takes("2020-03-17T09:01:00", photo()).await;
        assert!(told[0].text.contains("chưa ghi hoàn thành"), "{}", told[0].text);
        assert_eq!(stage.owed("II.2", 2).await.state, State::Open);
    }

    async fn a_reply_to_a_receipt_is_about_what_that_receipt_told(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        let first = stage.hears("2020-03-16T09:05:00", PHONE, "I.1 đang làm 35%").await;
        stage.answers("2020-03-16T09:06:00", "V.3 đang làm 45%").await;
        let to_first = |text: &str, files: Vec<File>| {
            let answers = Some(Answered::MessageId(first[0].message_id.clone()));
            let content = Content::Text { text: text.to_owned(), answers, edited: false, files };
            inbound(Channel::Telegram, PHONE, content)
        };
        let Content::Text { files, .. } = photo().content else { unreachable!() };
        let told = stage.takes("2020-03-16T09:07:00", to_first("", files)).await;
        assert!(told[0].text.contains("Đã ghi: I.1"), "{}", told[0].text);
        let told = stage.takes("2020-03-16T09:08:00", to_first("nhầm", Vec::new())).await;
        assert!(told[0].text.contains("Đã rút lại: I.1"), "{}", told[0].text);
        assert_eq!(stage.ledger(&stage.owed("V.3", 1).await).await, ["progress"]);
    }

    async fn what_is_only_read_counts_as_answered_and_is_nothing_to_take_back(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        stage.answers("2020-03-16T09:05:00", "II.2/1 vướng kinh phí").await;
        let answer = stage.answers("2020-03-16T09:06:00", "I.2/1, II.2/1 đã nhận").await;
        assert!(answer.contains("Đã nhận"), "{answer}");
        assert_eq!(stage.ledger(&stage.owed("I.2", 1).await).await, ["acknowledged"]);
        assert_eq!(stage.ledger(&stage.owed("II.2", 1).await).await, ["blocked"], "a report says more");
        let answer = stage.answers("2020-03-16T09:10:00", "nhầm").await;
        assert!(answer.contains("Đã rút lại: II.2/1"), "{answer}");
    }

    async fn a_group_reads_counts_and_no_list_of_what_is_late(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        stage.takes("2020-03-16T09:01:00", in_group("/nhom")).await;
        let told = stage.takes("2020-03-16T09:02:00", in_group("/viec")).await;
        assert!(told[0].text.contains("trong đó 1 việc quá hạn"), "{}", told[0].text);
        assert!(!told[0].text.contains("IV.1.b"), "{}", told[0].text);
    }

    async fn a_file_whose_task_nobody_says_is_kept_and_found(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        let asked = stage.takes("2020-03-16T09:10:00", photo()).await;
        assert!(asked[0].text.contains("là của việc nào?"), "{}", asked[0].text);
        stage.answers("2020-03-16T09:11:00", "/huy").await;
        let listed = stage.prints(&["evidence", "list", "--agency", "STP"]);
        assert!(listed.contains("file-received") && listed.contains("1 files"), "{listed}");
        let list = stage.answers("2020-03-16T09:12:00", "/viec").await;
        assert!(list.contains("Còn 1 tệp đã gửi chưa rõ của việc nào"), "{list}");
        let told = stage.answers("2020-03-16T09:13:00", "ảnh là của II.2/1").await;
        assert!(told.contains("II.2/1") && told.contains("đã nhận 1 tệp"), "{told}");
        let listed = stage.prints(&["evidence", "list"]);
        assert!(listed.contains("II.2/1") && !listed.contains("file-received"), "{listed}");
        assert!(!stage.answers("2020-03-16T09:14:00", "/viec").await.contains("chưa rõ"));

        let told = stage.answers("2020-03-16T09:15:00", "tệp của I.2").await;
        assert!(told.contains("đã nhận 1 tệp kèm theo, chuyển từ II.2/1"), "{told}");
        let listed = stage.prints(&["evidence", "list"]);
        assert!(listed.contains("I.2/1") && listed.contains("1 files"), "{listed}");
        assert_eq!(stage.ledger(&stage.owed("II.2", 1).await).await, ["evidence", "evidence-moved"]);
    }

    async fn an_album_that_comes_file_by_file_is_answered_once(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        let first = stage.takes("2020-03-16T09:10:00", of_album("a1", "1", "II.2/1")).await;
        assert!(first[0].text.contains("đã nhận 1 tệp"), "{}", first[0].text);
        for file in ["2", "3"] {
            let more = stage.takes("2020-03-16T09:10:01", of_album("a1", file, "")).await;
            assert!(more.is_empty(), "{more:#?}");
        }
        let listed = stage.prints(&["evidence", "list", "--task", "II.2"]);
        assert!(listed.contains("3 files"), "{listed}");

        let asked = stage.takes("2020-03-17T09:10:00", of_album("a2", "4", "")).await;
        assert!(asked[0].text.contains("là của việc nào?"), "{}", asked[0].text);
        let more = stage.takes("2020-03-17T09:10:01", of_album("a2", "5", "")).await;
        assert!(more.is_empty(), "{more:#?}");
        let told = stage.answers("2020-03-17T09:11:00", "1").await;
        assert!(told.contains("đã nhận 2 tệp"), "{told}");
        assert!(!stage.prints(&["evidence", "list"]).contains("file-received"));
    }
}
