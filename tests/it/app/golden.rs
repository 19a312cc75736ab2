//! Every output of one week of 2020, as it was read and approved: whatever changes in it is seen here first.

use std::fmt::Write as _;
use std::io::{Cursor, Read as _};

use dondoc::app::digest::preview;
use dondoc::app::plan_day::Origin;
use dondoc::app::ranking::{count, on_of};
use dondoc::app::simulate::answers::Manner;
use dondoc::app::simulate::{Answers, Arrived, Options, simulate_on};
use dondoc::clock::local;
use dondoc::domain::delivery::Channel;
use dondoc::domain::period::Period;
use dondoc::store::Db;

use super::stage::{day, loaded};

/// Whose messages are shown: an officer and a head of a department and of a district, the monitor's, the leader's.
const READERS: [&str; 7] = [
    "stp.officer",
    "stp.head",
    "hoian.officer",
    "hoian.head",
    "snv.officer",
    "snv.head",
    "ubnd.head",
];

fn message(one: &Arrived) -> String {
    let at = local(one.at).format("%a %Y-%m-%d %H:%M");
    let subject = one.subject.as_deref().unwrap_or_default();
    let head = format!(
        "── {at} · {} by {} to {} ──",
        one.kind,
        one.channel.as_str(),
        one.contact
    );
    format!("{head}\n[{subject}]\n{}\n\n", one.text.trim_end())
}

/// The parts of an Office file whose names begin so, each paragraph, row or cell of text on a line of its own.
pub(super) fn words_of(bytes: &[u8], parts: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut names: Vec<String> = archive
        .file_names()
        .map(|name| name.unwrap().into_owned())
        .collect();
    names.sort();
    let mut words = String::new();
    for name in names.iter().filter(|name| name.starts_with(parts)) {
        let mut xml = String::new();
        archive
            .by_name(name)
            .unwrap()
            .read_to_string(&mut xml)
            .unwrap();
        let mut line = String::new();
        for piece in xml.split('<').skip(1) {
            let (tag, text) = piece.split_once('>').unwrap_or((piece, ""));
            line.push_str(text);
            if ["/w:p", "/si", "/row"].contains(&tag) && !line.trim().is_empty() {
                writeln!(words, "{}", line.trim()).unwrap();
                line.clear();
            }
        }
    }
    words
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_week_of_16_march_2020_reads_as_it_was_approved() {
    let loaded = loaded();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("week.db");
    let db = Db::open(&format!("sqlite:{}", file.display()))
        .await
        .unwrap();
    db.migrate().await.unwrap();
    let options = Options {
        from: day("2019-12-31"),
        to: day("2020-03-20"),
        answers: Answers::Manner(Manner::Mixed),
        seed: 1,
    };
    let setup = loaded.setup.clone();
    let replay = simulate_on(db.clone(), setup.clone(), &loaded.contacts, options, |_| ())
        .await
        .unwrap();
    let in_week = |one: &&Arrived| local(one.at).date() >= day("2020-03-16");
    let read = |one: &&Arrived| READERS.contains(&one.contact.as_str());
    let week: String = replay
        .arrived
        .iter()
        .filter(in_week)
        .filter(read)
        .map(message)
        .collect();
    insta::assert_snapshot!("week-messages", week);

    let origin = Origin {
        domain: "noivu.quangnam.example".to_owned(),
        channels: [Channel::Email].into(),
    };
    let charge = &setup.charges[0];
    let (context, files) = preview(
        &db,
        &setup,
        &origin,
        charge,
        day("2020-03-16"),
        dondoc::domain::ladder::Audience::Monitor,
    )
    .await
    .unwrap();
    let mail = setup
        .messages
        .render_digest(&context, Channel::Email)
        .unwrap();
    let chat = setup
        .messages
        .render_digest(&context, Channel::ZaloOa)
        .unwrap();
    let text = format!(
        "[{}]\n{}\n\n===== chat =====\n{}",
        mail.subject.unwrap(),
        mail.text,
        chat.text
    );
    insta::assert_snapshot!("week-digest", text);
    insta::assert_snapshot!("week-digest.html", mail.html.unwrap());
    for file in &files {
        let (name, parts) = match file.extension {
            "docx" => ("week-report.docx", "word/document"),
            _ => ("week-register.xlsx", "xl/sharedStrings"),
        };
        insta::assert_snapshot!(name, words_of(&file.bytes, parts));
    }

    let period = Period::of_quarter(2020, 1).unwrap();
    let counted = count(
        &db,
        &setup,
        charge,
        period,
        on_of(&period, day("2020-03-20")),
    )
    .await
    .unwrap();
    let ranking = counted.context(charge, &setup.scoring);
    let (subject, text) = setup.messages.render_ranking(&ranking).unwrap();
    insta::assert_snapshot!("week-ranking", format!("[{subject}]\n{text}"));
}
