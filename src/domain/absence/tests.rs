//! Who hears when somebody is away, out of reach, or was never named.

use proptest::prelude::*;

use super::*;
use crate::domain::directory::Role;

fn day(date: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2020, 3, date).unwrap()
}

fn contact(id: &str, role: Role) -> Contact {
    Contact {
        id: id.into(),
        agency: "STP".into(),
        role,
        title: id.to_owned(),
        channels: Vec::new(),
    }
}

fn away(id: &str, from: u32, to: u32, deputy: &str) -> Absence {
    Absence {
        contact: id.into(),
        from: day(from),
        to: day(to),
        deputy: (!deputy.is_empty()).then(|| deputy.into()),
    }
}

/// "who<for whom:why" of each, on 18/3.
fn told(officers: &[&str], heads: &[&str], absences: Vec<Absence>, mute: &[&str]) -> Vec<String> {
    let people =
        |ids: &[&str], role| -> Vec<Contact> { ids.iter().map(|id| contact(id, role)).collect() };
    let (officers, heads) = (people(officers, Role::Officer), people(heads, Role::Head));
    let all: Vec<&Contact> = officers.iter().chain(&heads).collect();
    let find = |id: &ContactId| all.iter().copied().find(|one| one.id == *id);
    let reaches = |one: &Contact| !mute.contains(&one.id.as_str());
    let absences = Absences::new(absences);
    let hearing = hearers(&[&officers, &heads], day(18), &absences, find, reaches);
    let gap = |one: &Missing<'_>| {
        let who = one.contact.map_or("-", |one| one.id.as_str());
        format!("<{who}:{:?}", one.why)
    };
    let hearers = hearing.hearers.iter().map(|one| {
        let gaps: String = one.instead_of.iter().map(gap).collect();
        format!("{}{gaps}", one.contact.id)
    });
    let unfilled = hearing.unfilled.iter().map(|one| format!("!{}", gap(one)));
    hearers.chain(unfilled).collect()
}

#[test]
fn the_deputy_then_the_colleagues_then_the_next_person_up() {
    let week = |deputy: &str| vec![away("a", 16, 20, deputy)];
    for (officers, heads, absences, mute, expected) in [
        (
            &["a", "b"][..],
            &["h"][..],
            vec![],
            &[][..],
            &["a", "b"][..],
        ),
        (&["a", "b"], &["h"], week(""), &[], &["b<a:Away"]),
        (&["a", "b"], &["h"], week("b"), &[], &["b<a:Away"]),
        (&["a", "b"], &["h"], week("h"), &[], &["b", "h<a:Away"]),
        (&["a"], &["h"], week(""), &[], &["h<a:Away"]),
        (&["a"], &["h"], vec![away("a", 10, 17, "")], &[], &["a"]),
        (&["a"], &["h"], vec![away("a", 19, 20, "")], &[], &["a"]),
        // The deputy is away too: the deputy's own; in a circle, the head.
        (
            &["a", "b", "c"],
            &["h"],
            vec![away("a", 16, 20, "b"), away("b", 18, 18, "c")],
            &[],
            &["c<a:Away<b:Away"],
        ),
        (
            &["a", "b"],
            &["h"],
            vec![away("a", 16, 20, "b"), away("b", 18, 18, "a")],
            &[],
            &["h<a:Away<b:Away"],
        ),
        // Of two absences that overlap, the one that was said last.
        (
            &["a", "b"],
            &["h"],
            vec![away("a", 16, 20, "h"), away("a", 17, 19, "b")],
            &[],
            &["b<a:Away"],
        ),
        // Nobody in the role, nobody who can be reached.
        (&[], &["h"], vec![], &[], &["h<-:Nobody"]),
        (&["a"], &["h"], vec![], &["a"], &["a", "h<a:Unreachable"]),
        (
            &["a", "b"],
            &["h"],
            week(""),
            &["b"],
            &["b<a:Away", "h<a:Away<b:Unreachable"],
        ),
        (
            &["a"],
            &["h"],
            week("h"),
            &["h"],
            &["h<a:Away", "!<a:Away", "!<h:Unreachable"],
        ),
        (&[], &[], vec![], &[], &["!<-:Nobody"]),
        (
            &["a"],
            &["h"],
            vec![away("a", 16, 20, ""), away("h", 16, 20, "")],
            &[],
            &["!<a:Away", "!<h:Away"],
        ),
        (
            &["a"],
            &["h"],
            vec![],
            &["a", "h"],
            &["a", "h<a:Unreachable", "!<a:Unreachable", "!<h:Unreachable"],
        ),
    ] {
        let found = told(officers, heads, absences.clone(), mute);
        assert_eq!(
            found, expected,
            "{officers:?} {heads:?} {absences:?} {mute:?}"
        );
    }
}

#[test]
fn an_absence_lasts_until_its_last_day_without_a_break() {
    let absences = Absences::new([
        away("a", 16, 18, ""),
        away("a", 18, 20, ""),
        away("a", 22, 23, ""),
    ]);
    let until = |date| absences.until(&"a".into(), day(date));
    assert_eq!(
        (until(15), until(16), until(21), until(22)),
        (None, Some(day(20)), None, Some(day(23)))
    );
    let past: Vec<NaiveDate> = absences
        .past(&"a".into(), day(21))
        .map(|one| one.to)
        .collect();
    assert_eq!(past, [day(18), day(20)]);
}

proptest! {
    /// Whoever is away hears nothing; nobody hears twice; and somebody hears while anybody present can be reached.
    #[test]
    fn nobody_who_is_away_hears(
        absent in prop::collection::vec((0_usize..4, 0_usize..5), 0..6),
        mute in prop::collection::vec(0_usize..4, 0..3),
    ) {
        let ids = ["a", "b", "c", "h"];
        let absences: Vec<Absence> = absent
            .iter()
            .filter(|(who, deputy)| who != deputy)
            .map(|(who, deputy)| away(ids[*who], 16, 20, ids.get(*deputy).copied().unwrap_or("")))
            .collect();
        let mute: Vec<&str> = mute.iter().map(|at| ids[*at]).collect();
        let is_away = |id: &str| absences.iter().any(|one| one.contact.as_str() == id);
        let found = told(&ids[..3], &ids[3..], absences.clone(), &mute);
        let hearers: Vec<&str> = found
            .iter()
            .filter(|one| !one.starts_with('!'))
            .map(|one| one.split('<').next().unwrap())
            .collect();
        prop_assert!(hearers.iter().all(|id| !is_away(id)), "{:?}", found);
        let mut once = hearers.clone();
        once.sort_unstable();
        once.dedup();
        prop_assert_eq!(once.len(), hearers.len());
        let somebody = ids.iter().any(|id| !is_away(id) && !mute.contains(id));
        let reached = hearers.iter().any(|id| !mute.contains(id));
        prop_assert!(!somebody || reached, "{:?}", found);
    }
}

#[test]
fn days_away_are_heard_with_or_without_diacritics() {
    let heard = hearing_on_tuesday();
    let week = Heard::Away(Some((day(16), day(20))));
    for (text, expected) in [
        ("/vang 16/3 20/3", week),
        ("/vang@dondoc_bot 16/3 20/3", week),
        ("em nghỉ phép từ 16/3 đến 20/3, chị Lan làm thay", week),
        ("Em nghi phep tu ngay 16/3 den ngay 20/3", week),
        ("nghỉ phép từ 16 đến 20/3", week),
        (
            "Báo cáo anh, tôi đi công tác từ 16/3/2020 đến hết 20/3/2020",
            week,
        ),
        ("tôi vắng ngày 16/3", Heard::Away(Some((day(16), day(16))))),
        (
            "nghỉ ốm từ 09/3 đến 20/3",
            Heard::Away(Some((day(9), day(20)))),
        ),
        (
            "/vang 09/3/2020 20/3/2020",
            Heard::Away(Some((day(9), day(20)))),
        ),
        ("nghỉ phép từ 16/3", Heard::Away(None)),
        ("/vang", Heard::Away(None)),
        ("/trolai", Heard::Back),
        ("em đi làm lại rồi", Heard::Back),
        // A report, a question, other words.
        (
            "II.2 chậm vì đồng chí phụ trách nghỉ phép từ 16/3 đến 20/3",
            Heard::Nothing,
        ),
        ("ai nghỉ phép từ 16/3 đến 20/3?", Heard::Nothing),
        ("vang", Heard::Nothing),
        ("vâng", Heard::Nothing),
        ("em nghỉ phép", Heard::Nothing),
        ("xin gia hạn đến 16/3", Heard::Nothing),
        ("/viec", Heard::Nothing),
        ("", Heard::Nothing),
    ] {
        assert_eq!(heard(text), expected, "{text}");
    }
}

/// What is heard on 10/3/2020, a Tuesday.
fn hearing_on_tuesday() -> impl Fn(&str) -> Heard {
    let reader = crate::files::load_reader(&crate::files::Folder::lexicon()).unwrap();
    let words = crate::files::load_absence_words(&crate::files::Folder::lexicon()).unwrap();
    move |text| hear(text, day(10), &words, &reader)
}

#[test]
fn only_clear_days_of_an_absence_are_taken() {
    let heard = hearing_on_tuesday();
    let days = |from, to| Heard::Away(Some((day(from), day(to))));
    for (text, expected) in [
        (
            "em nghỉ từ mai đến hết tuần sau, chị Giám đốc nhận thay",
            days(11, 20),
        ),
        ("em nghi tu mai den het tuan sau", days(11, 20)),
        ("em nghỉ ốm đến thứ Sáu", days(10, 13)),
        ("em xin nghỉ đến hết ngày 13/3 ạ", days(10, 13)),
        ("em nghỉ ngày mai", days(11, 11)),
        ("em nghỉ phép tuần sau", days(16, 20)),
        (
            "em đi công tác từ thứ Hai tuần sau tới thứ Tư tuần sau",
            days(16, 18),
        ),
        // Until when is not said.
        ("em nghỉ từ mai", Heard::Away(None)),
        ("nghỉ phép từ thứ Hai tuần sau ạ", Heard::Away(None)),
        // The day is that of a report.
        ("em đang nghỉ phép, tuần sau em báo cáo ạ", Heard::Nothing),
        ("chậm vì em nghỉ ốm, xin gia hạn đến 20/3", Heard::Nothing),
        ("em đang nghỉ ốm nên nhờ chị sau", Heard::Nothing),
        ("em nghĩ là xong rồi", Heard::Nothing),
        // Back, but not today.
        ("mai em đi làm lại rồi", Heard::Away(None)),
        ("thứ Hai tuần sau em đi làm lại", Heard::Away(None)),
        ("hôm nay em đi làm lại rồi", Heard::Back),
    ] {
        assert_eq!(heard(text), expected, "{text}");
    }
}

#[test]
fn who_says_of_themselves_that_they_rest_is_away() {
    let heard = hearing_on_tuesday();
    let days = |from, to| Heard::Away(Some((day(from), day(to))));
    for (text, expected) in [
        ("mình nghỉ tết từ 16/3 đến 20/3 nhé", days(16, 20)),
        ("minh nghi tet tu 16/3 den 20/3 nhe", days(16, 20)),
        ("mình nghỉ tết đến hết 20/3", days(10, 20)),
        ("dạ em nghỉ lễ từ mai đến thứ Sáu ạ", days(11, 13)),
        ("từ 16/3 đến 20/3 tôi nghỉ, chị Lan làm thay", days(16, 20)),
        (
            "từ ngày 16/3 đến hết ngày 20/3 em xin nghỉ việc riêng, có gì báo chị Lan giúp em",
            days(16, 20),
        ),
        ("tuần sau tôi đi vắng", days(16, 20)),
        ("mai em nghỉ", days(11, 11)),
        ("thứ Hai tuần sau tôi đi công tác ạ", days(16, 16)),
        ("từ mai đến thứ Sáu tôi đi tập huấn", days(11, 13)),
        ("tôi ốm đến hết tuần này", days(10, 13)),
        ("Báo cáo anh, từ 16 đến 20/3 em nghỉ phép ạ", days(16, 20)),
        // Until when is not said.
        ("từ mai em nghỉ", Heard::Away(None)),
        ("từ thứ Hai tuần sau tôi đi học", Heard::Away(None)),
        // Somebody who is named: the writer perhaps.
        ("Chị Hạnh nghỉ hôm nay", Heard::Somebody),
        ("anh Tuấn nghỉ phép từ 16/3 đến 20/3", Heard::Somebody),
        ("Báo cáo anh Tuấn, nghỉ phép từ 16/3 đến 20/3", days(16, 20)),
        // Somebody else rests, or everybody.
        ("cả nước nghỉ tết từ 16/3 đến 20/3", Heard::Nothing),
        ("từ 16/3 đến 20/3 chị Lan nghỉ", Heard::Nothing),
        ("chị Lan nghỉ nên em làm thay", Heard::Nothing),
        ("tuần sau lãnh đạo đi vắng", Heard::Nothing),
        // A wish, a report, a task that is left alone.
        (
            "từ 16/3 đến 20/3 nghỉ tết nên xin lùi II.2 đến 25/3",
            Heard::Nothing,
        ),
        (
            "từ 16/3 đến 20/3 em nghỉ tết nên xin lùi đến 25/3",
            Heard::Nothing,
        ),
        ("mai em nghỉ, xin gia hạn đến 20/3", Heard::Nothing),
        ("mai em nghỉ, hôm nay em đã xong rồi", Heard::Nothing),
        ("tuần sau em đi công tác về sẽ nộp", Heard::Nothing),
        (
            "Nghỉ Giỗ Tổ ngày 13/3, cho mình nộp ngày 16/3 luôn nhé",
            Heard::Nothing,
        ),
        // For good.
        (
            "Tôi nghỉ hưu từ 1/3, nhờ gửi cho đồng chí Chương",
            Heard::Nothing,
        ),
        ("nghỉ việc này đi", Heard::Nothing),
        ("mai nghỉ việc này đi", Heard::Nothing),
        ("anh chị nghỉ tết vui vẻ", Heard::Nothing),
        ("mai em nghĩ là xong", Heard::Nothing),
        ("tuần trước em nghỉ", Heard::Nothing),
    ] {
        assert_eq!(heard(text), expected, "{text}");
    }
}
