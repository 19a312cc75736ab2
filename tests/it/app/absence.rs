//! Somebody is away: others hear, say for whom, and nobody hears twice.

use dondoc::app::absence::{AbsenceError, Noted, end_absence, list_absences, note_absence};
use dondoc::channels::Message;
use dondoc::domain::absence::Absence;
use dondoc::domain::delivery::Channel;
use dondoc::domain::directory::{Contact, Role};
use dondoc::store::events;

use super::stage::{Stage, day, loaded, to};
use crate::support::db::{TestDb, on_both_databases};

const OFFICER: &str = "cchc.stp@quangnam.example";
const SECOND: &str = "cchc2.stp@quangnam.example";
const HEAD: &str = "giamdoc.stp@quangnam.example";
const LEADER: &str = "lanhdao.ubnd@quangnam.example";

fn absence(contact: &str, from: &str, to: &str, deputy: Option<&str>) -> Absence {
    Absence {
        contact: contact.into(),
        from: day(from),
        to: day(to),
        deputy: deputy.map(Into::into),
    }
}

fn second() -> Contact {
    Contact {
        id: "stp.officer2".into(),
        agency: "STP".into(),
        role: Role::Officer,
        title: "Chuyên viên Văn phòng Sở Tư pháp".to_owned(),
        channels: vec![(Channel::Email, SECOND.to_owned())],
    }
}

impl Stage {
    async fn of_stp(test: TestDb, time: &str, others: Vec<Contact>, without: &[&str]) -> Self {
        let loaded = loaded();
        let mut contacts = loaded.contacts.clone();
        contacts.retain(|one| !without.contains(&one.id.as_str()));
        contacts.extend(others);
        Self::with(test, time, contacts, loaded).await
    }

    async fn away(&self, absence: Absence) -> Result<Noted, AbsenceError> {
        let deliverer = &self.daemon.deliverer;
        let clock = &deliverer.clock;
        let (today, now) = (clock.today(), clock.now());
        let (db, setup, origin) = (&deliverer.db, &deliverer.setup, &deliverer.origin);
        note_absence(db, setup, origin, &absence, today, now).await
    }

    async fn back(&self, contact: &str) -> bool {
        let deliverer = &self.daemon.deliverer;
        let (today, now) = (deliverer.clock.today(), deliverer.clock.now());
        end_absence(&deliverer.db, &deliverer.setup, &contact.into(), today, now)
            .await
            .unwrap()
    }

    async fn briefs_of(&self, on: &str) -> Vec<Message> {
        self.round_at(&format!("{on}T07:30:00")).await
    }
}

fn about<'a>(mails: &'a [Message], address: &str, task: &str) -> Vec<&'a Message> {
    let mut found = to(mails, address);
    found.retain(|one| one.text.contains(task));
    found
}

on_both_databases! {
    async fn the_deputy_hears_says_for_whom_and_the_person_is_not_told_again(test: TestDb) {
        let stage = Stage::of_stp(test, "2020-03-16T09:00:00", vec![second()], &[]).await;
        let refused = stage.away(absence("stp.officer", "2020-03-19", "2020-03-24", Some("snv.head"))).await;
        assert!(matches!(refused, Err(AbsenceError::OtherAgency { .. })), "{refused:?}");
        let backwards = stage.away(absence("stp.officer", "2020-03-19", "2020-03-18", None)).await;
        assert!(matches!(backwards, Err(AbsenceError::BadDays { .. })), "{backwards:?}");
        stage.away(absence("stp.officer", "2020-03-19", "2020-03-24", Some("stp.head"))).await.unwrap();
        // 20/3 is seven working days before the last day of II.2/1.
        let mails = stage.briefs_of("2020-03-20").await;
        assert_eq!(to(&mails, OFFICER).len(), 0, "who is away hears nothing");
        let [head] = about(&mails, HEAD, "II.2/1")[..] else { panic!("{mails:#?}") };
        assert!(head.text.contains("nhận thay") && head.text.contains("vắng đến 24/3"), "{}", head.text);
        let [colleague] = about(&mails, SECOND, "II.2/1")[..] else { panic!("{mails:#?}") };
        assert!(!colleague.text.contains("nhận thay"), "{}", colleague.text);
        // Back on the 25th: what was told meanwhile is not told again, though everything is looked at anew.
        let mut tx = stage.daemon.deliverer.db.begin().await.unwrap();
        let plan = &stage.daemon.deliverer.setup.charges[0].plan.id;
        dondoc::store::obligations::look_again(&mut tx, plan, day("2020-03-25")).await.unwrap();
        tx.commit().await.unwrap();
        let mails = stage.briefs_of("2020-03-25").await;
        assert_eq!(about(&mails, OFFICER, "II.2/1").len(), 0, "{mails:#?}");
        // The next rung is their own again.
        let mails = stage.briefs_of("2020-03-26").await;
        assert_eq!(about(&mails, OFFICER, "II.2/1").len(), 1, "{mails:#?}");
        assert_eq!(about(&mails, HEAD, "nhận thay").len(), 0, "{mails:#?}");
    }

    async fn without_a_deputy_the_colleagues_hear_or_else_the_head(test: TestDb) {
        let stage = Stage::of_stp(test, "2020-03-16T09:00:00", vec![second()], &[]).await;
        stage.away(absence("stp.officer", "2020-03-16", "2020-03-27", None)).await.unwrap();
        let mails = stage.briefs_of("2020-03-20").await;
        let [colleague] = about(&mails, SECOND, "II.2/1")[..] else { panic!("{mails:#?}") };
        assert!(colleague.text.contains("nhận thay"), "{}", colleague.text);
        // The colleague falls ill too: the head hears in the place of both, on the next rung.
        stage.away(absence("stp.officer2", "2020-03-23", "2020-03-27", Some("stp.officer"))).await.unwrap();
        let mails = stage.briefs_of("2020-03-26").await;
        assert_eq!(to(&mails, OFFICER).len() + to(&mails, SECOND).len(), 0);
        let [head] = about(&mails, HEAD, "II.2/1")[..] else { panic!("{mails:#?}") };
        assert!(head.text.contains("nhận thay"), "{}", head.text);
    }

    async fn a_later_word_takes_the_place_of_what_was_known_of_the_same_days(test: TestDb) {
        let stage = Stage::of_stp(test, "2020-03-10T09:00:00", vec![second()], &[]).await;
        let away = |from: &str, to: &str| absence("stp.officer", &format!("2020-{from}"), &format!("2020-{to}"), None);
        let db = &stage.daemon.deliverer.db;
        let known = || async { list_absences(db, day("2020-03-10")).await.unwrap() };
        assert_eq!(stage.away(away("03-16", "03-27")).await.unwrap(), Noted::default());
        // Back earlier than was said.
        let noted = stage.away(away("03-16", "03-20")).await.unwrap();
        assert_eq!(noted.replaced, [away("03-16", "03-27")]);
        assert_eq!(known().await, [away("03-16", "03-20")]);
        // Longer, said while away: the days before stay. What is another matter stays too, and so do others' absences.
        stage.away(away("04-06", "04-10")).await.unwrap();
        stage.away(absence("stp.officer2", "2020-03-19", "2020-03-19", None)).await.unwrap();
        let noted = stage.away(away("03-19", "03-24")).await.unwrap();
        assert_eq!(noted.replaced, [away("03-16", "03-20")]);
        let mut own = known().await;
        own.retain(|one| one.contact == "stp.officer".into());
        own.sort_by_key(|one| one.from);
        assert_eq!(own, [away("03-16", "03-18"), away("03-19", "03-24"), away("04-06", "04-10")]);
        // The ledger keeps what was said before.
        let plan = &stage.daemon.deliverer.setup.charges[0].plan.id;
        let mut tx = db.snapshot().await.unwrap();
        let mut said = Vec::new();
        let keep = |line: events::Told| said.push(line.payload.clone());
        events::each_of_plan(&mut tx, plan, keep).await.unwrap();
        let last = said.last().unwrap();
        assert!(last.contains("replaces") && last.contains("2020-03-16"), "{last}");
    }

    async fn a_deputy_who_is_away_too_is_told_of_and_somebody_else_hears(test: TestDb) {
        let stage = Stage::of_stp(test, "2020-03-16T09:00:00", vec![second()], &[]).await;
        let deputy = absence("stp.officer2", "2020-03-19", "2020-03-20", None);
        assert_eq!(stage.away(deputy).await.unwrap(), Noted::default());
        let noted = stage.away(absence("stp.officer", "2020-03-18", "2020-03-24", Some("stp.officer2"))).await.unwrap();
        let [gap] = &noted.gaps[..] else { panic!("{noted:#?}") };
        assert_eq!((gap.contact.id.as_str(), gap.deputy.id.as_str()), ("stp.officer", "stp.officer2"));
        assert_eq!((gap.from, gap.to), (day("2020-03-19"), day("2020-03-20")));
        let hearers: Vec<&str> = gap.hearers.iter().map(|one| one.id.as_str()).collect();
        assert_eq!(hearers, ["stp.head"]);
        // And so it is: on the 20th the head hears what the officer should, in the place of both.
        let mails = stage.briefs_of("2020-03-20").await;
        let [head] = about(&mails, HEAD, "II.2/1")[..] else { panic!("{mails:#?}") };
        assert!(head.text.contains("nhận thay"), "{}", head.text);
        assert_eq!(to(&mails, OFFICER).len() + to(&mails, SECOND).len(), 0);
        // Whoever stands in and leaves in turn is told for whom.
        let noted = stage.away(absence("stp.officer2", "2020-03-23", "2020-03-31", None)).await.unwrap();
        let [gap] = &noted.gaps[..] else { panic!("{noted:#?}") };
        assert_eq!((gap.contact.id.as_str(), gap.from, gap.to), ("stp.officer", day("2020-03-23"), day("2020-03-24")));
    }

    async fn nobody_in_the_role_is_told_to_the_head_and_in_the_digest(test: TestDb) {
        let stage = Stage::of_stp(test, "2020-03-16T06:00:00", Vec::new(), &["stp.officer", "stc.officer"]).await;
        stage.away(absence("stc.head", "2020-03-16", "2020-04-10", None)).await.unwrap();
        let mails = stage.briefs_of("2020-03-20").await;
        let [head] = about(&mails, HEAD, "II.2/1")[..] else { panic!("{mails:#?}") };
        assert!(head.text.contains("chưa có người phụ trách"), "{}", head.text);
        // Where the head is away too, the next above is the monitor.
        let of_monitor = |one: &&Message| one.to.contains("snv") && one.text.contains("Sở Tài chính");
        let monitor: Vec<&Message> = mails.iter().filter(of_monitor).collect();
        let [told] = monitor[..] else { panic!("{mails:#?}") };
        let instead_of = "nhận thay: Sở Tài chính, chưa có người phụ trách; Giám đốc Sở Tài chính, vắng đến 10/4.";
        assert!(told.text.contains("II.2/1") && told.text.contains(instead_of), "{}", told.text);
        let deliverer = &stage.daemon.deliverer;
        let charge = &deliverer.setup.charges[0];
        let (context, _) = dondoc::app::digest::preview(&deliverer.db, &deliverer.setup, &deliverer.origin, charge, day("2020-03-23"), dondoc::domain::ladder::Audience::Monitor)
            .await
            .unwrap();
        let why = |agency: &str| -> Vec<String> {
            let found = context.unreachable.iter().filter(|one| one.agency == agency);
            found.map(|one| one.why.clone()).collect()
        };
        assert_eq!(why("Sở Tư pháp"), ["nobody"]);
        assert_eq!(why("Sở Tài chính"), ["nobody", "away"]);
        assert_eq!(why("Sở Nội vụ"), [""; 0]);
    }

    async fn what_climbs_to_a_head_who_is_away_goes_on_to_the_monitor_and_the_digest_says_why(test: TestDb) {
        let stage = Stage::of_stp(test, "2020-03-16T06:00:00", Vec::new(), &[]).await;
        stage.away(absence("stp.head", "2020-03-16", "2020-04-10", None)).await.unwrap();
        let mails = stage.briefs_of("2020-03-20").await;
        assert_eq!(to(&mails, HEAD).len(), 0);
        let [officer] = about(&mails, OFFICER, "II.2/1")[..] else { panic!("{mails:#?}") };
        assert!(!officer.text.contains("nhận thay"), "nobody is passed down to: {}", officer.text);
        let monitor = about(&mails, "cchc.snv@quangnam.example", "Giám đốc Sở Tư pháp, vắng đến 10/4");
        let [told] = monitor[..] else { panic!("{mails:#?}") };
        assert!(told.text.contains("II.2/1") && told.text.contains("nhận thay"), "{}", told.text);
        let text = stage.digest_of("2020-03-23").await;
        let line = "- Sở Tư pháp (Giám đốc Sở Tư pháp): đang vắng, không có người nhận thay; nội dung báo thủ trưởng tạm chuyển cấp trên, đề nghị cử người";
        assert!(text.contains(line), "{text}");
        // Of what the agency has not answered, its officer could have.
        assert!(!text.contains("cơ quan chưa có người trả lời"), "{text}");
        // With a deputy nothing goes anywhere else.
        stage.set_time("2020-03-24T09:00:00");
        stage.away(absence("stp.head", "2020-03-24", "2020-04-10", Some("stp.officer"))).await.unwrap();
        let mails = stage.briefs_of("2020-03-30").await;
        let monitor = about(&mails, "cchc.snv@quangnam.example", "Giám đốc Sở Tư pháp, vắng");
        assert!(monitor.is_empty(), "{monitor:#?}");
    }

    async fn a_head_who_hears_in_the_place_of_an_officer_is_written_to_as_a_head(test: TestDb) {
        let stage = Stage::of_stp(test, "2020-01-02T07:00:00", Vec::new(), &[]).await;
        stage.round_at("2020-01-03T07:30:00").await;
        stage.round_at("2020-01-14T07:30:00").await;
        stage.set_time("2020-01-30T06:00:00");
        stage.away(absence("stp.officer", "2020-01-30", "2020-02-28", None)).await.unwrap();
        for date in ["2020-01-30", "2020-01-31", "2020-02-06"] {
            let mails = stage.briefs_of(date).await;
            let [head] = about(&mails, HEAD, "IV.1.b")[..] else { panic!("{date}: {mails:#?}") };
            let greeting = "Kính gửi đồng chí Giám đốc Sở Tư pháp: 1 việc của Sở";
            assert!(head.text.starts_with(greeting), "{date}: {}", head.text);
            let instead_of = "Tin này có phần nhận thay: Chuyên viên đầu mối CCHC Sở Tư pháp, vắng đến 28/02.";
            assert!(head.text.contains(instead_of), "{}", head.text);
            assert!(head.text.contains("- Đã nhắc đơn vị ") && head.text.contains("chưa có trả lời"), "{}", head.text);
        }
    }

    async fn nobody_who_can_be_reached_is_told_to_the_next_person_up(test: TestDb) {
        let mute = Contact { channels: Vec::new(), ..second() };
        let stage = Stage::of_stp(test, "2020-03-16T06:00:00", vec![mute], &["stp.officer"]).await;
        let mails = stage.briefs_of("2020-03-20").await;
        let [head] = about(&mails, HEAD, "II.2/1")[..] else { panic!("{mails:#?}") };
        assert!(head.text.contains("chưa liên lạc được"), "{}", head.text);
    }

    async fn an_absence_is_said_in_chat_asked_back_and_ended(test: TestDb) {
        let stage = Stage::of_stp(test, "2020-03-10T09:00:00", vec![second()], &[]).await;
        stage.link("2020-03-10T09:00:00", "stp.officer").await;
        let asked = stage.answers("2020-03-10T09:01:00", "em nghỉ phép từ 16/3 đến 20/3, chị Lan làm thay").await;
        assert!(asked.contains("từ 16/3/2020 đến hết 20/3/2020") && asked.contains("1. Chuyên viên Văn phòng"), "{asked}");
        let db = &stage.daemon.deliverer.db;
        assert_eq!(list_absences(db, day("2020-03-10")).await.unwrap(), [], "nothing before it is confirmed");
        for yes in ["đồng ý", "có", "vâng ạ"] {
            let again = stage.answers("2020-03-10T09:01:30", yes).await;
            assert!(again.contains("sẽ ghi khi đã chọn người nhận thay") && again.contains("1. Chuyên viên"), "{again}");
        }
        let noted = stage.answers("2020-03-10T09:02:00", "1").await;
        assert!(noted.contains("Đã ghi: vắng mặt") && noted.contains("Người nhận thay: Chuyên viên Văn phòng"), "{noted}");
        let expected = absence("stp.officer", "2020-03-16", "2020-03-20", Some("stp.officer2"));
        assert_eq!(list_absences(db, day("2020-03-10")).await.unwrap(), [expected]);
        // Said anew in the chat, it takes the place of the first; a deputy who is away too is named.
        stage.away(absence("stp.officer2", "2020-03-17", "2020-03-17", None)).await.unwrap();
        stage.answers("2020-03-10T10:00:00", "/vang 16/3 19/3").await;
        let noted = stage.answers("2020-03-10T10:01:00", "1").await;
        assert!(noted.contains("Thay cho lần vắng mặt đã ghi từ 16/3/2020 đến hết 20/3/2020."), "{noted}");
        let gap = "Chuyên viên Văn phòng Sở Tư pháp cũng vắng mặt ngày 17/3/2020; tin nhắc việc những ngày đó gửi Giám đốc Sở Tư pháp.";
        assert!(noted.contains(gap), "{noted}");
        let back = stage.answers("2020-03-18T09:00:00", "/trolai").await;
        assert!(back.contains("trở lại làm việc"), "{back}");
        assert_eq!(list_absences(db, day("2020-03-18")).await.unwrap(), []);
        assert!(!stage.back("stp.officer").await);
        let none = stage.answers("2020-03-18T09:01:00", "/trolai").await;
        assert!(none.contains("không ghi nhận vắng mặt"), "{none}");
        // Asked and dropped; a report in between is a report.
        stage.answers("2020-03-18T10:00:00", "/vang 19/3 20/3").await;
        let dropped = stage.answers("2020-03-18T10:01:00", "/huy").await;
        assert!(dropped.contains("Đã bỏ qua"), "{dropped}");
        assert_eq!(list_absences(db, day("2020-03-18")).await.unwrap(), []);
        let past = stage.answers("2020-03-18T10:02:00", "/vang 16/3/2020 17/3/2020").await;
        assert!(past.contains("Chưa ghi"), "{past}");
    }

    async fn an_absence_that_ends_years_ahead_is_taken_for_a_slip(test: TestDb) {
        let stage = Stage::of_stp(test, "2020-03-10T09:00:00", vec![second()], &[]).await;
        stage.link("2020-03-10T09:00:00", "stp.officer").await;
        let far = stage.answers("2020-03-10T09:01:00", "em nghỉ phép từ 16/3/2020 đến 20/3/2030").await;
        assert!(far.contains("Chưa ghi") && far.contains("đến 17/3/2021 là muộn nhất"), "{far}");
        assert!(far.contains("báo Sở Nội vụ để thay người phụ trách"), "{far}");
        let refused = stage.away(absence("stp.officer", "2020-03-16", "2030-03-20", None)).await.unwrap_err().to_string();
        assert!(refused.contains("2021-03-17 at the latest") && refused.contains("dondoc contact remove"), "{refused}");
        let db = &stage.daemon.deliverer.db;
        assert_eq!(list_absences(db, day("2020-03-10")).await.unwrap(), []);
        stage.away(absence("stp.officer", "2020-03-16", "2021-03-17", None)).await.unwrap();
    }

    async fn what_the_monitor_should_hear_goes_to_the_leader_while_all_of_it_are_away(test: TestDb) {
        let stage = Stage::of_stp(test, "2020-04-07T09:00:00", Vec::new(), &[]).await;
        stage.linked("2020-04-07T09:00:00", "stp.officer", "77").await;
        let noted = stage.away(absence("snv.officer", "2020-04-08", "2020-04-10", None)).await.unwrap();
        assert_eq!(noted.deserted, None, "its head is there");
        let noted = stage.away(absence("snv.head", "2020-04-08", "2020-04-10", None)).await.unwrap();
        let deserted = noted.deserted.expect("nobody is left");
        let hearers: Vec<&str> = deserted.hearers.iter().map(|one| one.id.as_str()).collect();
        assert_eq!((deserted.from, deserted.to, &hearers[..]), (day("2020-04-08"), day("2020-04-10"), &["ubnd.head"][..]));
        stage.briefs_of("2020-04-07").await;
        let mails = stage.briefs_of("2020-04-08").await;
        let [leader] = about(&mails, LEADER, "II.2/1")[..] else { panic!("{mails:#?}") };
        assert!(leader.text.contains("Giám đốc Sở Nội vụ, vắng đến 10/4"), "{}", leader.text);
        stage.hears("2020-04-08T09:00:00", "77", "II.2 xin gia hạn đến 30/4 vì thiếu số liệu").await;
        let mails = stage.briefs_of("2020-04-09").await;
        let [leader] = about(&mails, LEADER, "Sở Tư pháp")[..] else { panic!("{mails:#?}") };
        assert!(leader.text.contains("30/4"), "{}", leader.text);
        // Who decides hears of the request when back.
        let mails = stage.briefs_of("2020-04-13").await;
        let monitor = about(&mails, "cchc.snv@quangnam.example", "xin gia hạn");
        assert!(!monitor.is_empty(), "{mails:#?}");
        let deliverer = &stage.daemon.deliverer;
        let charge = &deliverer.setup.charges[0];
        let (context, _) = dondoc::app::digest::preview(&deliverer.db, &deliverer.setup, &deliverer.origin, charge, day("2020-04-13"), dondoc::domain::ladder::Audience::Monitor)
            .await
            .unwrap();
        let of_monitor = context.unreachable.iter().filter(|one| one.agency == "Sở Nội vụ");
        let of_monitor: Vec<&str> = of_monitor.flat_map(|one| one.titles.iter().map(|_| one.why.as_str())).collect();
        assert_eq!(of_monitor, ["was-away", "was-away"]);
    }

    async fn an_officer_who_stands_in_for_a_head_is_said_to_stand_below(test: TestDb) {
        let stage = Stage::of_stp(test, "2020-03-16T09:00:00", Vec::new(), &[]).await;
        let below = stage.away(absence("stp.head", "2020-03-17", "2020-03-20", Some("stp.officer"))).await.unwrap().below;
        assert_eq!(below, Some("stp.officer".into()));
        let above = stage.away(absence("stp.officer", "2020-03-23", "2020-03-24", Some("stp.head"))).await.unwrap().below;
        assert_eq!(above, None);
    }

    async fn a_digest_of_a_week_in_which_all_of_the_monitor_are_away_waits_for_who_is_back_first(test: TestDb) {
        let stage = Stage::of_stp(test, "2020-03-30T07:00:00", Vec::new(), &[]).await;
        let to = |mails: &[Message]| {
            let mut all: Vec<String> = mails.iter().map(|one| one.to.split('@').next().unwrap().to_owned()).collect();
            all.sort();
            all
        };
        assert_eq!(stage.digests("2020-03-30T07:30:00").await.len(), 3);
        stage.away(absence("snv.officer", "2020-04-06", "2020-04-08", None)).await.unwrap();
        stage.away(absence("snv.head", "2020-04-06", "2020-04-07", None)).await.unwrap();
        assert_eq!(to(&stage.digests("2020-04-06T07:30:00").await), ["lanhdao.ubnd"]);
        assert_eq!(to(&stage.digests("2020-04-07T07:30:00").await), [""; 0]);
        let held = stage.digests("2020-04-08T07:30:00").await;
        assert_eq!(to(&held), ["giamdoc.snv"]);
        let says = "Gửi muộn: ngày 06/4/2020 người nhận của Sở Nội vụ đều vắng mặt.";
        assert!(held[0].text.contains(says) && held[0].text.contains("đến hết 05/4/2020"), "{}", held[0].text);
        assert!(held[0].subject.as_ref().unwrap().contains("Tổng hợp đôn đốc 06/4/2020"), "{:?}", held[0].subject);
        assert_eq!(held[0].attachments.len(), 2);
        assert_eq!(stage.digests("2020-04-09T07:30:00").await, []);
        let next = stage.digests("2020-04-13T07:30:00").await;
        assert_eq!(next.len(), 3);
        assert!(next.iter().all(|one| one.text.contains("từ 06/4 đến hết 12/4/2020") && !one.text.contains("Gửi muộn")), "{}", next[0].text);
        // Over two Mondays the next one speaks of both weeks; and who is back before it hears that morning.
        for one in ["snv.officer", "snv.head"] {
            stage.away(absence(one, "2020-04-20", "2020-04-30", None)).await.unwrap();
        }
        assert_eq!(to(&stage.digests("2020-04-20T07:30:00").await), ["lanhdao.ubnd"]);
        assert_eq!(to(&stage.digests("2020-04-27T07:30:00").await), ["lanhdao.ubnd"]);
        stage.set_time("2020-04-29T10:00:00");
        assert!(stage.back("snv.head").await);
        let held = stage.digests("2020-04-29T10:01:00").await;
        assert_eq!(to(&held), ["giamdoc.snv"]);
        assert!(held[0].text.contains("từ 13/4 đến hết 26/4/2020"), "{}", held[0].text);
        assert_eq!(stage.digests("2020-05-04T07:30:00").await.len(), 3);
    }

    async fn what_nobody_could_hear_is_told_on_the_first_day_back(test: TestDb) {
        let stage = Stage::of_stp(test, "2020-04-07T06:00:00", Vec::new(), &[]).await;
        stage.briefs_of("2020-04-07").await;
        for one in ["snv.officer", "snv.head", "ubnd.head"] {
            stage.away(absence(one, "2020-04-08", "2020-04-10", None)).await.unwrap();
        }
        for on in ["2020-04-08", "2020-04-09", "2020-04-10"] {
            let mails = stage.briefs_of(on).await;
            assert_eq!(about(&mails, LEADER, "II.2/1"), [] as [&Message; 0]);
        }
        let mails = stage.briefs_of("2020-04-13").await;
        let monitor = about(&mails, "cchc.snv@quangnam.example", "II.2");
        assert!(monitor.iter().any(|one| one.text.contains("Sở Tư pháp")), "{mails:#?}");
        let mails = stage.briefs_of("2020-04-14").await;
        let again = about(&mails, "cchc.snv@quangnam.example", "II.2/1");
        assert!(again.is_empty(), "told once: {again:#?}");
    }

    async fn only_a_clear_word_ends_or_begins_an_absence(test: TestDb) {
        let stage = Stage::of_stp(test, "2020-03-10T09:00:00", vec![second()], &[]).await;
        stage.link("2020-03-10T09:00:00", "stp.officer").await;
        let db = &stage.daemon.deliverer.db;
        let asked = stage.answers("2020-03-10T09:01:00", "em nghỉ từ mai đến hết tuần sau, chị Giám đốc nhận thay").await;
        assert!(asked.contains("từ 11/3/2020 đến hết 20/3/2020"), "{asked}");
        stage.answers("2020-03-10T09:02:00", "1").await;
        let expected = [absence("stp.officer", "2020-03-11", "2020-03-20", Some("stp.officer2"))];
        for text in ["mai em đi làm lại rồi", "em đi làm lại rồi"] {
            let how = stage.answers("2020-03-10T09:03:00", text).await;
            assert!(how.contains("/trolai"), "{how}");
            assert_eq!(list_absences(db, day("2020-03-10")).await.unwrap(), expected, "{text}");
        }
        let back = stage.answers("2020-03-12T09:00:00", "em đi làm lại rồi").await;
        assert!(back.contains("trở lại làm việc"), "{back}");
    }
}
