//! Every kind × channel × sample, and the limits of the channels.

mod folder;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use unicode_normalization::is_nfc;

use super::*;
use crate::domain::brief::Urgency;
use crate::domain::delivery::Channel;

fn messages() -> Messages {
    Messages::load(None).unwrap()
}

fn sample(name: &str) -> BriefContext {
    let mut briefs = messages().samples.briefs.into_iter();
    briefs.find(|one| one.name == name).unwrap().brief
}

fn chat(brief: &BriefContext, limit: Limit) -> String {
    messages()
        .render_brief(brief, Channel::Telegram, limit)
        .unwrap()
        .text
}

/// What no text may contain.
pub(super) fn assert_well_written(what: &str, text: &str) {
    assert!(is_nfc(text), "{what}: not NFC");
    assert!(!text.is_empty(), "{what}: empty");
    for line in text.lines() {
        assert_eq!(line, line.trim(), "{what}: space at the end of a line");
        for wrong in [
            "  ",
            "undefined",
            "none",
            " ,",
            " .",
            " ;",
            "()",
            "“”",
            "::",
            ",,",
            ", ,",
            "..;",
            ".;",
        ] {
            assert!(!line.contains(wrong), "{what}: {wrong:?} in {line:?}");
        }
        let mut words = line.split(|c: char| !c.is_alphabetic());
        assert!(
            !words.any(|word| word.to_lowercase() == "bạn"),
            "{what}: \"bạn\" in {line:?}"
        );
    }
    assert!(!text.contains("\n\n\n"), "{what}: blank lines in a row");
}

#[test]
fn every_sample_reads_well_on_every_channel() {
    let messages = messages();
    // Of the answers, notices, decisions and digests: see the tests of each.
    let mut expected = BTreeSet::from(
        [
            "absences.snap",
            "answers.snap",
            "decisions.snap",
            "digests.snap",
            "letters.snap",
            "dockets.snap",
            "digest-alarm.html.snap",
            "digest-first-start.html.snap",
            "digest-held.html.snap",
            "digest-large.html.snap",
            "digest-leader.html.snap",
            "digest-quiet.html.snap",
            "digest-spring.html.snap",
            "notices.snap",
            "ranking-files.snap",
            "rankings.snap",
        ]
        .map(str::to_owned),
    );
    for samples::Sample { name, brief } in &messages.samples.briefs {
        let render = |channel| {
            messages
                .render_brief(brief, channel, Limit::of(channel))
                .unwrap()
        };
        let mail = render(Channel::Email);
        let (subject, html) = (mail.subject.unwrap(), mail.html.unwrap());
        let mut shown = format!("Subject: {subject}\n\n{}\n", mail.text);
        assert_well_written(&format!("{name} subject"), &subject);
        assert_well_written(&format!("{name} mail"), &mail.text);
        assert!(!subject.contains('\n'), "{name}: a subject is one line");
        let mut previous = String::new();
        for channel in [
            Channel::Console,
            Channel::Telegram,
            Channel::ZaloBot,
            Channel::ZaloOa,
        ] {
            let rendered = render(channel);
            assert_eq!((rendered.subject, rendered.html), (None, None));
            assert_well_written(&format!("{name} {}", channel.as_str()), &rendered.text);
            assert!(
                Limit::of(channel).admits(&rendered.text),
                "{name} {}: too long",
                channel.as_str()
            );
            let same = rendered.text == previous;
            let text = if same {
                "(as above)"
            } else {
                rendered.text.as_str()
            };
            write!(shown, "\n===== {} =====\n{text}\n", channel.as_str()).unwrap();
            previous = rendered.text;
        }
        assert!(
            is_nfc(&html) && html.starts_with("<!DOCTYPE html>"),
            "{name}: HTML"
        );
        assert!(
            !html.contains("http://a.example\"") && !html.contains("<script"),
            "{name}: unescaped"
        );
        snapshot(name, &shown);
        snapshot(&format!("{name}.html"), &html);
        expected.extend([format!("{name}.snap"), format!("{name}.html.snap")]);
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/messages/snapshots");
    let found = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let found: BTreeSet<String> = found
        .filter(|name| name.rsplit('.').next() != Some("new"))
        .collect();
    assert_eq!(found, expected, "snapshots left over or missing");
}

pub(super) fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn the_embedded_messages_have_no_problem() {
    assert_eq!(messages().check(), []);
}

#[test]
fn the_first_line_says_who_what_and_by_when() {
    let first = |name: &str| {
        chat(&sample(name), Limit::Free)
            .lines()
            .next()
            .unwrap()
            .to_owned()
    };
    assert_eq!(
        first("officer-two-due"),
        "Sở Tư pháp: 2 việc đến hạn 31/3, còn 4 ngày làm việc"
    );
    assert_eq!(
        first("head-two-days-late"),
        "Kính gửi đồng chí Giám đốc Sở Tư pháp: 1 việc của Sở quá hạn 2 ngày làm việc"
    );
    assert_eq!(
        first("monitor-twelve-late"),
        "Sở Nội vụ: 15 việc của 12 cơ quan quá hạn 3 ngày làm việc"
    );
}

#[test]
fn what_does_not_fit_is_counted_the_least_urgent_first() {
    let brief = sample("officer-twenty-five");
    let all = chat(&brief, Limit::Free);
    let cut = chat(&brief, Limit::Utf16(2000));
    assert_eq!(
        all.lines().next(),
        cut.lines().next(),
        "the first line is about the whole brief"
    );
    assert!(!all.contains("chưa nêu ở đây"));
    assert!(
        cut.contains("Còn 14 việc chưa nêu ở đây vì tin dài: IV.1.c, VII.9"),
        "{cut}"
    );
    assert!(cut.contains("VII.5/1 Ban hành Kế hoạch") && !cut.contains("- VII.9"));
}

#[test]
fn what_the_reader_owes_today_is_named_before_what_others_owe() {
    let mut brief = sample("monitor-twelve-late");
    let own = sample("officer-last-day")
        .items
        .into_iter()
        .find(|item| item.owing.is_none() && item.urgency == Urgency::Today);
    let mut own = own.unwrap();
    own.task = "II.1".into();
    brief.items.push(own);
    let cut = chat(&brief, Limit::Utf16(900));
    let first = cut.lines().next().unwrap();
    assert!(
        first.starts_with("Sở Nội vụ: 1 việc của Sở cần hoàn thành hôm nay"),
        "{cut}"
    );
    assert!(cut.contains("chưa nêu ở đây"), "{cut}");
    let left_out = cut.lines().find(|line| line.contains("chưa nêu ở đây"));
    assert!(!left_out.unwrap().contains("II.1"), "{cut}");
    assert!(cut.contains("II.1"), "{cut}");
}

/// What stands below the sentence that names this day, up to the next such sentence.
fn wanted_by<'t>(text: &'t str, day: &str) -> &'t str {
    const BEFORE: &str = "đến hạn trước ngày bắt đầu theo dõi";
    let sentence = text.lines().find(|line| {
        let named = line.find(BEFORE).map(|at| &line[at..]);
        named.is_some_and(|line| line.contains(&format!("chậm nhất thứ Hai {day}")))
    });
    let (_, below) = text
        .split_once(sentence.unwrap_or_else(|| panic!("{day}: {text}")))
        .unwrap();
    let items = below.split("Trả lời ngay").next().unwrap();
    items.split(BEFORE).next().unwrap()
}

#[test]
fn of_two_starts_each_says_its_own_day_of_its_own_items() {
    let own = chat(&sample("officer-two-starts"), Limit::Free);
    let first = own.lines().next().unwrap();
    assert_eq!(
        first,
        "Sở Tư pháp: 3 việc đến hạn trước ngày theo dõi, đề nghị cho biết kết quả, hạn sớm nhất 13/7"
    );
    let (early, later) = (wanted_by(&own, "13/7"), wanted_by(&own, "20/7"));
    assert!(early.contains("I.2/1") && early.contains("II.2/1"), "{own}");
    assert!(
        !early.contains("- II.12 ") && later.contains("- II.12 "),
        "{own}"
    );
    assert!(!later.contains("I.2/1"), "{own}");

    // One task of six agencies, of which four were asked a week before the other two.
    let others = chat(&sample("monitor-two-starts"), Limit::Free);
    let (early, later) = (wanted_by(&others, "13/7"), wanted_by(&others, "20/7"));
    assert!(
        early.contains("4 cơ quan") && !early.contains("Sở Y tế"),
        "{others}"
    );
    assert!(
        later.contains("Sở Y tế") && !later.contains("Sở Xây dựng"),
        "{others}"
    );
}

#[test]
fn a_matter_that_two_documents_changed_is_counted_once() {
    let mut brief = sample("head-amended");
    let mut again = brief.changes[0].clone();
    "1999/QĐ-UBND".clone_into(&mut again.document);
    brief.changes.push(again);
    let text = chat(&brief, Limit::Free);
    assert!(text.contains("Thay đổi theo 1999/QĐ-UBND"), "{text}");
    let first = text.lines().next().unwrap();
    assert!(
        first.contains("6 việc thay đổi theo văn bản mới"),
        "{first}"
    );
}

#[test]
fn a_limit_that_nothing_fits_leaves_whole_lines() {
    let text = chat(&sample("officer-two-due"), Limit::CodePoints(60));
    assert_eq!(text, "Sở Tư pháp: 2 việc đến hạn 31/3, còn 4 ngày làm việc");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever people write, a message keeps its limit, and every line of it is a line of the whole brief or a count.
    #[test]
    fn no_limit_is_exceeded_and_no_item_is_cut(
        texts in proptest::collection::vec(".{0,60}", 1..40),
        max in 900_usize..4096,
        watched in any::<bool>(),
    ) {
        let mut brief = sample("officer-two-due");
        let model = brief.items[0].clone();
        brief.items = texts.iter().enumerate().map(|(at, text)| {
            let mut item = model.clone();
            item.task = format!("VI.{at}").as_str().into();
            item.title.clone_from(text);
            item.label = text.repeat(at % 3);
            item.product = text.repeat(9);
            item.owing = watched.then(|| format!("Sở {text}"));
            item.urgency = [Urgency::Late, Urgency::Today, Urgency::ThisWeek, Urgency::Later][at % 4];
            item
        }).collect();
        let whole = chat(&brief, Limit::Free);
        for limit in [Limit::CodePoints(max), Limit::Utf16(max)] {
            let text = chat(&brief, limit);
            prop_assert!(limit.admits(&text));
            prop_assert!(is_nfc(&text));
            for line in text.lines() {
                let counted = line.starts_with("Còn ");
                prop_assert!(counted || whole.lines().any(|known| known == line), "{}", line);
            }
        }
    }
}
