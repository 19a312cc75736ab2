//! What the digests say, to whom, and how long they are.

use std::fmt::Write as _;

use chrono::Days;

use super::super::tests::{assert_well_written, snapshot};
use super::*;

#[test]
fn every_sample_of_a_digest_reads_well() {
    let messages = Messages::load(None).unwrap();
    let mut shown = String::new();
    for (name, context) in &messages.samples.digests {
        let mail = messages
            .render_digest(context.clone(), Channel::Email)
            .unwrap();
        let subject = mail.subject.unwrap();
        let chat = messages
            .render_digest(context.clone(), Channel::ZaloBot)
            .unwrap();
        assert_well_written(&format!("{name} subject"), &subject);
        assert_well_written(&format!("{name} mail"), &mail.text);
        assert_well_written(&format!("{name} chat"), &chat.text);
        let _ = write!(
            shown,
            "##### {name}\nSubject: {subject}\n\n{}\n\n=== Zalo\n{}\n\n",
            mail.text, chat.text
        );
        snapshot(&format!("digest-{name}.html"), &mail.html.unwrap());
    }
    snapshot("digests", &shown);
}

#[test]
fn what_people_wrote_cannot_become_markup() {
    let messages = Messages::load(None).unwrap();
    let mut context = messages.samples.digests["spring"].clone();
    let said = "<script>alert(1)</script>\n\"II.2\" & xong".to_owned();
    context.difficulties[0].quote.clone_from(&said);
    context.decisions[0].quote.clone_from(&said);
    context.long_late[0].lines[0].quote.clone_from(&said);
    context.newly_late[0].agencies[5].quote = said;
    let mail = messages.render_digest(context, Channel::Email).unwrap();
    let html = mail.html.unwrap();
    assert!(!html.contains("<script"), "{html}");
    assert_eq!(html.matches("&lt;script&gt;").count(), 4, "{html}");
    assert!(!html.contains("&amp;lt;"), "{html}");
}

#[test]
fn what_is_not_shown_of_long_lists_is_counted() {
    let messages = Messages::load(None).unwrap();
    let mut context = messages.samples.digests["spring"].clone();
    let mut agency = context.long_late[0].clone();
    agency.lines = vec![agency.lines[0].clone(); 2];
    context.long_late = vec![agency; 500];
    context.difficulties = vec![context.difficulties[0].clone(); 1450];
    context.decisions = vec![context.decisions[0].clone(); 450];
    let mail = messages.render_digest(context, Channel::Email).unwrap();
    for shown in [mail.text, mail.html.unwrap()] {
        assert!(
            shown.contains("và 100 cơ quan khác, 200 việc (xem bảng theo dõi)"),
            "{shown}"
        );
        assert!(shown.contains("và 1.050 việc khác"), "{shown}");
        assert!(shown.contains("và 50 việc khác"), "{shown}");
    }
}

#[test]
fn the_leader_reads_each_task_once_and_where_the_whole_list_is() {
    let messages = Messages::load(None).unwrap();
    let mut context = messages.samples.digests["leader"].clone();
    let (first, until) = (context.difficulties[0].clone(), context.until);
    let said = |id: &str, agency: usize| DigestLine {
        id: id.to_owned(),
        agency: format!("Sở {agency}"),
        said_on: until.checked_sub_days(Days::new(agency as u64)),
        quote: format!("vướng {agency}"),
        ..first.clone()
    };
    let lines = |id: &'static str, count| (1..=count).map(move |agency| (id, agency));
    let all = lines("VI.4", 5)
        .chain(lines("II.2/1", 1))
        .chain(lines("I.1", 4));
    let all: Vec<DigestLine> = all.map(|(id, agency)| said(id, agency)).collect();
    context.difficulties.clone_from(&all);
    let four = lines("I.2", 4).map(|(id, agency)| said(id, agency));
    context.difficulties.extend(four);
    let mail = messages
        .render_digest(context.clone(), Channel::Email)
        .unwrap();
    for shown in [&mail.text, &mail.html.unwrap()] {
        let told = "Sở 1; Sở 2; Sở 3 và 2 cơ quan khác, gần nhất Sở 1 14/3: “vướng 1”";
        assert!(shown.contains(told), "{shown}");
        assert!(
            shown.contains("và 8 việc khác (danh sách đầy đủ: Sở Nội vụ)"),
            "{shown}"
        );
        assert!(!shown.contains("của Dondoc"), "{shown}");
    }
    // A third task alone takes the line that would leave it out; so does a fourth agency.
    context.difficulties = all;
    let mail = messages.render_digest(context, Channel::Email).unwrap();
    assert!(
        mail.text.contains("Sở 1; Sở 2; Sở 3; Sở 4,"),
        "{}",
        mail.text
    );
    assert!(!mail.text.contains(" việc khác"), "{}", mail.text);
}

#[test]
fn the_leader_reads_one_page() {
    let messages = Messages::load(None).unwrap();
    let mut context = messages.samples.digests["leader"].clone();
    let mut agency = context.long_late[0].clone();
    let mut line = agency.lines[0].clone();
    line.title = "Xây dựng kế hoạch ".repeat(20);
    line.quote = "đang chờ ý kiến ".repeat(40);
    line.said_on = Some(context.until);
    agency.lines = vec![line.clone(); 20];
    context.long_late = vec![agency; 37];
    let owing = DigestOwing {
        name: line.agency.clone(),
        unheard: String::new(),
        quote: line.quote.clone(),
        said_on: line.said_on,
        takes_back: None,
        refused_on: None,
        refused_by: String::new(),
        returned: None,
    };
    let task = DigestTask {
        id: line.id.clone(),
        title: line.title.clone(),
        due_on: line.due_on.unwrap(),
        days_late: 3,
        asked_by: None,
        agencies: vec![owing; 30],
    };
    context.newly_late = vec![task; 37];
    let of_task = |number: usize| DigestLine {
        id: format!("II.{number}"),
        ..line.clone()
    };
    context.difficulties = (0..150).map(|one| of_task(one / 5)).collect();
    context.decisions = context.difficulties.clone();
    context.disowned = context.difficulties.clone();
    let due = messages.samples.digests["spring"].due_soon[0].clone();
    context.due_soon = vec![due; 30];
    let mail = messages.render_digest(context, Channel::Email).unwrap();
    assert!(
        mail.text
            .contains("và 34 cơ quan khác, 680 việc (danh sách đầy đủ: Sở Nội vụ)"),
        "{}",
        mail.text
    );
    let html = mail.html.unwrap();
    assert!(
        html.contains("và 34 cơ quan khác, 680 việc (danh sách đầy đủ: Sở Nội vụ)"),
        "{html}"
    );
    // A4 as Chromium prints it holds that many lines of 17 px, with their rules and headings; one holds some 95 letters.
    let shown = mail.text.lines().filter(|line| !line.is_empty());
    let lines: usize = shown.map(|line| 1 + line.chars().count() / 95).sum();
    assert!(lines <= 44, "{lines} lines:\n{}", mail.text);
}
