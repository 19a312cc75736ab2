//! Whom no message reached is accused of silence in no output, and stands in the digest with what helps.

use chrono::DateTime;
use dondoc::app::digest::preview;
use dondoc::app::ranking::count;
use dondoc::app::register::{Wanted, draft};
use dondoc::channels::Message;
use dondoc::clock::instant;
use dondoc::documents::{docx, xlsx};
use dondoc::domain::delivery::Channel;
use dondoc::domain::directory::{Contact, Role};
use dondoc::domain::ladder::Audience;
use dondoc::domain::period::Period;
use dondoc::messages::DigestPerson;
use dondoc::store::addresses;

use super::golden::{sheets_of, words_of};
use super::stage::{Stage, day, loaded, to};
use crate::support::db::{TestDb, on_both_databases};

const MONITOR: &str = "cchc.snv@quangnam.example";
const LEADER: &str = "lanhdao.ubnd@quangnam.example";

/// From January on nobody of Sở Tư pháp has an address, and nobody answers; with what left up to `until`.
async fn out_of_reach(test: TestDb, until: &str) -> (Stage, Vec<Message>) {
    let loaded = loaded();
    let mut contacts = loaded.contacts.clone();
    for one in contacts.iter_mut().filter(|one| one.agency == "STP".into()) {
        one.channels.clear();
    }
    let stage = Box::pin(Stage::with(test, "2020-01-02T07:00:00", contacts, loaded)).await;
    let mut left = Vec::new();
    for date in [
        "2020-01-14",
        "2020-01-31",
        "2020-02-04",
        "2020-02-13",
        until,
    ] {
        left.extend(stage.round_at(&format!("{date}T07:30:00")).await);
    }
    (stage, left)
}

/// The briefs of a day to an address.
fn brief<'m>(left: &'m [Message], address: &str, date: &str) -> &'m str {
    let dated = format!("{date}/2020, kế hoạch");
    let own = to(left, address).into_iter();
    let mut of_day = own.filter(|one| one.text.contains("(Nhắc việc") && one.text.contains(&dated));
    &of_day
        .next()
        .unwrap_or_else(|| panic!("no brief of {date} to {address}"))
        .text
}

on_both_databases! {
    async fn whom_no_message_reached_is_accused_of_silence_in_no_output(test: TestDb) {
        let (stage, left) = out_of_reach(test, "2020-02-14").await;
        for (address, date) in [(MONITOR, "04/02"), (LEADER, "13/02")] {
            let told = brief(&left, address, date);
            assert!(told.contains("- Chưa liên lạc được (1): Sở Tư pháp"), "{told}");
            let silent = told.lines().find(|line| line.starts_with("- Chưa trả lời (")).unwrap();
            assert!(!silent.contains("Sở Tư pháp"), "{silent}");
        }

        let deliverer = &stage.daemon.deliverer;
        let (db, setup, charge) = (&deliverer.db, &deliverer.setup, &deliverer.setup.charges[0]);
        for reader in [Audience::Monitor, Audience::Leader] {
            let (digest, files) = preview(db, setup, &deliverer.origin, charge, day("2020-02-10"), reader).await.unwrap();
            assert_eq!((digest.unreached, digest.unheard), (1, 0));
            // The report that comes with it counts the same.
            for report in files.iter().filter(|one| one.name.ends_with(".docx")) {
                let silent = format!("; {} nhiệm vụ chưa có trả lời của cơ quan chủ trì (trong đó 1 nhiệm vụ của cơ quan chưa liên lạc được).", digest.now.silent);
                let words = words_of(&report.bytes, "word/document.xml");
                assert!(words.contains(&silent), "{words}");
            }
            let silent = format!("{} việc chưa có trả lời (trong đó 1 việc của cơ quan chưa liên lạc được)", digest.now.silent);
            for channel in [Channel::Email, Channel::Telegram] {
                let text = setup.messages.render_digest(digest.clone(), channel).unwrap().text;
                assert!(text.lines().next().unwrap().contains(&silent), "{text}");
            }
        }

        let wanted = Wanted::Reminders(vec!["STP".into(), "STC".into()]);
        let letters = draft(db, setup, &wanted, day("2020-02-24")).await.unwrap();
        let letters: Vec<String> = letters.iter().map(|one| words_of(&one.bytes, "word/document.xml")).collect();
        let untold = "chưa có nhắc việc nào về nhiệm vụ nêu trên đến được Sở Tư pháp";
        let [of_stp, of_stc] = [0, 1].map(|at| letters[at].as_str());
        let (of_stp, of_stc) = if of_stp.contains("Kính gửi: Sở Tư pháp") { (of_stp, of_stc) } else { (of_stc, of_stp) };
        assert!(of_stp.contains(untold) && !of_stp.contains("Chưa có báo cáo"), "{of_stp}");
        assert!(of_stc.contains("Chưa có báo cáo") && !of_stc.contains("chưa có nhắc việc nào"), "{of_stc}");

        let quarter = Period::of_quarter(2020, 1).unwrap();
        let counted = count(db, setup, charge, quarter, day("2020-04-06")).await.unwrap();
        let ranking = counted.context(setup, charge);
        assert_eq!(ranking.untold, ["Sở Tư pháp"]);
        assert!(ranking.criticise.len() > 30 && ranking.criticise.iter().all(|one| one.agency.code != "STP"));
        let (_, text) = setup.messages.render_ranking(&ranking).unwrap();
        assert!(text.contains("CHƯA LIÊN LẠC ĐƯỢC, KHÔNG ĐỀ NGHỊ PHÊ BÌNH (1)"), "{text}");
        // No answer is missing of what no message told: that costs no points, and is said wherever the points are.
        let (of_stp, _) = counted.ranking.find(&"STP".into()).unwrap();
        let untold = of_stp.untold();
        assert!(untold > 0 && of_stp.answers().1 == of_stp.due() - untold, "{of_stp:?}");
        let said = format!("{untold} việc chưa có nhắc việc nào đến được, không tính vào phần trả lời");
        let explained = setup.messages.render_arithmetic(&ranking, ranking.find("STP").unwrap()).unwrap();
        let book = xlsx(&setup.messages.ranking_workbook(&ranking, DateTime::UNIX_EPOCH).unwrap()).unwrap();
        let book = format!("{:?}", sheets_of(&book));
        for words in [&text, &explained, &book] {
            assert!(words.contains(&said), "{words}");
        }
        let letter = docx(&setup.messages.ranking_letter(&ranking, DateTime::UNIX_EPOCH).unwrap()).unwrap();
        let letter = words_of(&letter, "word/document.xml");
        assert!(letter.contains(&format!("Sở Tư pháp ({untold})")), "{letter}");
    }

    async fn a_dead_address_is_told_with_its_day_and_what_helps(test: TestDb) {
        let loaded = loaded();
        let mut contacts = loaded.contacts.clone();
        for one in contacts.iter_mut().filter(|one| one.id == "sct.officer".into()) {
            one.channels = vec![(Channel::Telegram, "4711".to_owned())];
        }
        let stage = Box::pin(Stage::with(test, "2020-01-02T07:00:00", contacts, loaded)).await;
        let mut tx = stage.daemon.deliverer.db.begin().await.unwrap();
        for (channel, address, at) in [
            (Channel::Email, "cchc.stp@quangnam.example", "2020-02-04T08:00:00"),
            (Channel::Telegram, "4711", "2020-02-06T09:00:00"),
        ] {
            let at = instant(at.parse().unwrap());
            let lost = addresses::mark_dead(&mut tx, channel, address, "a reason", at).await.unwrap();
            assert_eq!(lost, 1, "{address}");
        }
        tx.commit().await.unwrap();
        let digest = stage.previews("2020-02-10").await;
        let text = stage.daemon.deliverer.setup.messages.render_digest(digest, Channel::Email).unwrap().text;
        for line in [
            "- Sở Tư pháp (Chuyên viên đầu mối CCHC Sở Tư pháp): thư gửi đến bị trả lại từ 04/02, đề nghị sửa địa chỉ thư",
            "- Sở Công Thương (Chuyên viên đầu mối CCHC Sở Công Thương): Telegram không nhận tin từ 06/02 (đã chặn hoặc đã rời tài khoản nhắc việc), đề nghị bỏ chặn và nhắn một tin",
        ] {
            assert!(text.contains(line), "{text}");
        }
    }

    async fn what_is_for_a_head_whom_nobody_named_goes_to_the_monitor_and_stands_in_the_digest(test: TestDb) {
        let loaded = loaded();
        let mut contacts = loaded.contacts.clone();
        let gone = |one: &Contact| {
            let is_head = one.role == Role::Head && ["SXD", "UBND"].contains(&one.agency.as_str());
            is_head || one.agency == "STC".into()
        };
        contacts.retain(|one| !gone(one));
        let stage = Box::pin(Stage::with(test, "2020-01-02T07:00:00", contacts, loaded)).await;
        stage.round_at("2020-01-03T07:30:00").await;
        // Seven working days before: the first rung of a head.
        let left = stage.round_at("2020-01-14T07:30:00").await;
        let told = brief(&left, MONITOR, "14/01");
        let instead_of = "Tin này có phần nhận thay: Sở Tài chính, chưa có người phụ trách; Sở Xây dựng, chưa có lãnh đạo trong danh sách liên hệ.";
        assert!(told.contains(instead_of), "{told}");
        for agency in ["SNV", "STC"] {
            stage.done("IV.1.b", 1, agency, "2020-01-14").await;
        }
        let left = stage.round_at("2020-01-20T07:30:00").await;
        let told = brief(&left, MONITOR, "20/01");
        let greeting = "Sở Nội vụ: 1 việc của 1 cơ quan đến hạn 30/01";
        assert!(told.starts_with(greeting), "an officer is not greeted as a head: {told}");
        // Late, in both capacities: nobody is told twice, and the auditor is content.
        for date in ["2020-01-31", "2020-02-04", "2020-02-06"] {
            stage.round_at(&format!("{date}T07:30:00")).await;
        }

        let digest = stage.previews("2020-02-10").await;
        let why = |one: &DigestPerson| (one.agency.clone(), one.why.clone());
        let found: Vec<_> = digest.unreachable.iter().map(why).collect();
        let expected = [("Ủy ban nhân dân tỉnh Quảng Nam", "no-head"), ("Sở Tài chính", "empty"), ("Sở Xây dựng", "no-head")];
        let expected = expected.map(|(agency, why)| (agency.to_owned(), why.to_owned()));
        assert!(found.len() == 3 && expected.iter().all(|one| found.contains(one)), "{found:?}");
        let messages = &stage.daemon.deliverer.setup.messages;
        let text = messages.render_digest(digest.clone(), Channel::Email).unwrap().text;
        for line in [
            "CHƯA CÓ LÃNH ĐẠO ĐỂ BÁO (2)\n- 2 cơ quan chưa có lãnh đạo trong danh sách liên hệ, đề nghị bổ sung: ",
            "- Sở Tài chính: chưa có ai trong danh sách liên hệ, đề nghị cử và bổ sung lãnh đạo, chuyên viên đầu mối",
        ] {
            assert!(text.contains(line), "{text}");
        }
        let chat = messages.render_digest(digest, Channel::Telegram).unwrap().text;
        let in_short = "có chuyên viên đầu mối: Sở Tài chính; chưa có lãnh đạo trong danh sách liên hệ: ";
        assert!(chat.contains(in_short), "{chat}");
    }

    async fn whoever_owes_something_and_has_no_channel_stands_in_each_digest(test: TestDb) {
        let (stage, _) = out_of_reach(test, "2020-02-17").await;
        // A week in which nothing was to be told them.
        let digest = stage.previews("2020-03-02").await;
        let both = ["Chuyên viên đầu mối CCHC Sở Tư pháp", "Giám đốc Sở Tư pháp"].map(str::to_owned);
        let [of_stp] = &digest.unreachable[..] else { panic!("{:#?}", digest.unreachable) };
        assert_eq!((of_stp.agency.as_str(), &of_stp.titles[..], of_stp.why.as_str()), ("Sở Tư pháp", &both[..], "no-address"));
        let text = stage.daemon.deliverer.setup.messages.render_digest(digest, Channel::Email).unwrap().text;
        let line = "- Sở Tư pháp (Chuyên viên đầu mối CCHC Sở Tư pháp; Giám đốc Sở Tư pháp): chưa có địa chỉ dùng được";
        assert!(text.contains(line), "{text}");
    }
}
