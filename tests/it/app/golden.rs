//! Every output of one week of 2020, as it was read and approved: whatever changes in it is seen here first.

use std::fmt::Write as _;
use std::io::{Cursor, Read as _};

use chrono::Days;
use dondoc::app::digest::preview;
use dondoc::app::export::{Scope, export};
use dondoc::app::plan_day::Origin;
use dondoc::app::ranking::count;
use dondoc::app::register::{Wanted, draft};
use dondoc::app::setup::Setup;
use dondoc::app::simulate::answers::Manner;
use dondoc::app::simulate::{Answers, Arrived, Options, simulate_on};
use dondoc::clock::{instant, local};
use dondoc::documents::{docx, xlsx};
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

/// The sheets of a workbook in their order, each with its name and its rows of cells as text: days as 31/03/2020.
pub(super) fn sheets_of(bytes: &[u8]) -> Vec<(String, Vec<Vec<String>>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut part = |name: &str| {
        let mut xml = String::new();
        let mut file = archive.by_name(name).unwrap();
        file.read_to_string(&mut xml).unwrap();
        xml
    };
    let strings = part("xl/sharedStrings.xml");
    let strings: Vec<String> = strings
        .split("<si>")
        .skip(1)
        .map(|item| plain(item.split_once("</si>").unwrap().0))
        .collect();
    let book = part("xl/workbook.xml");
    let names = book.split("<sheet name=\"").skip(1);
    let names: Vec<String> = names
        .map(|rest| plain(rest.split_once('"').unwrap().0))
        .collect();
    let sheets = (1..).zip(names);
    sheets
        .map(|(number, name)| {
            let xml = part(&format!("xl/worksheets/sheet{number}.xml"));
            let rows = xml.split("<row ").skip(1);
            (name, rows.map(|row| cells_of(row, &strings)).collect())
        })
        .collect()
}

/// The cells of a row, those that are left out between them too.
fn cells_of(row: &str, strings: &[String]) -> Vec<String> {
    let mut cells = Vec::new();
    for cell in row.split("<c r=\"").skip(1) {
        let letters = cell.bytes().take_while(u8::is_ascii_uppercase);
        let column = letters.fold(0, |sum, letter| sum * 26 + usize::from(letter - b'A') + 1);
        cells.resize(column - 1, String::new());
        let head = cell.split_once('>').unwrap().0;
        let value = cell
            .split_once("<v>")
            .and_then(|(_, rest)| rest.split_once("</v>"));
        let value = value.map_or("", |(value, _)| value);
        cells.push(if head.contains("t=\"s\"") {
            strings[value.parse::<usize>().unwrap()].clone()
        } else {
            // No other number of these workbooks is as large as that of a day of our time.
            let days = value
                .parse()
                .ok()
                .filter(|days| (40_000..60_000).contains(days));
            days.map_or(value.to_owned(), |days| {
                let day = day("1899-12-30") + Days::new(days);
                day.format("%d/%m/%Y").to_string()
            })
        });
    }
    cells
}

/// Text between tags.
fn plain(xml: &str) -> String {
    let pieces = xml
        .split('<')
        .map(|piece| piece.rsplit_once('>').map_or(piece, |(_, text)| text));
    let text: String = pieces.collect();
    ["&lt;<", "&gt;>", "&quot;\"", "&apos;'", "&amp;&"]
        .iter()
        .fold(text, |text, pair| {
            let (from, to) = pair.split_at(pair.len() - 1);
            text.replace(from, to)
        })
}

/// A workbook as text: a line for each row that `shown` takes.
fn told(bytes: &[u8], shown: impl Fn(&[String]) -> bool) -> String {
    let mut text = String::new();
    for (name, rows) in sheets_of(bytes) {
        writeln!(text, "##### {name}").unwrap();
        for row in rows.iter().filter(|row| shown(row)) {
            let cells: Vec<String> = row.iter().map(|cell| cell.replace('\n', " ⏎ ")).collect();
            writeln!(text, "{}", cells.join(" | ").trim_end_matches([' ', '|'])).unwrap();
        }
    }
    text
}

/// The letters that are drafted in the week, each under a name: to who is late, of the quarter, an agency's own.
async fn check_letters(db: &Db, setup: &Setup) {
    let letter = async |wanted: Wanted| {
        let drafted = draft(db, setup, &wanted, day("2020-03-20")).await.unwrap();
        words_of(&drafted[0].bytes, "word/document")
    };
    let late = letter(Wanted::Reminders(vec!["BDT".into()])).await;
    insta::assert_snapshot!("week-reminder.docx", late);
    let quarter = "1".parse().unwrap();
    let report = |agency: Option<&str>| Wanted::Report {
        agency: agency.map(Into::into),
        quarter,
        on: None,
    };
    insta::assert_snapshot!("week-quarter.docx", letter(report(None)).await);
    insta::assert_snapshot!("week-own.docx", letter(report(Some("STP"))).await);
}

/// The files of an export of one agency: every line, without the hashes, which change with every word of the ledger.
async fn check_export(db: &Db, setup: &Setup) {
    let scope = Scope {
        agency: Some("BDT".into()),
        ..Scope::default()
    };
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("bdt");
    let now = instant(day("2020-03-20").and_hms_opt(17, 0, 0).unwrap());
    export(db, setup, &scope, &out, now).await.unwrap();
    let book = std::fs::read(out.join("export.xlsx")).unwrap();
    insta::assert_snapshot!("week-export.xlsx", without_hashes(&told(&book, |_| true)));
    let mut lines = String::new();
    for name in [
        "obligations",
        "ledger",
        "decisions",
        "attachments",
        "messages",
        "replies",
    ] {
        let text = std::fs::read_to_string(out.join(format!("{name}.jsonl"))).unwrap();
        writeln!(lines, "##### {name}.jsonl").unwrap();
        // Of what is alike, the first and the last show enough.
        let all: Vec<&str> = text.lines().collect();
        let shown = all.iter().enumerate();
        let shown = shown.filter(|(at, _)| *at < 3 || at + 3 >= all.len());
        shown.for_each(|(_, line)| writeln!(lines, "{line}").unwrap());
    }
    insta::assert_snapshot!("week-export.jsonl", without_hashes(&lines));
}

fn without_hashes(text: &str) -> String {
    let is_hash =
        |word: &&str| word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let words = text.split_inclusive(|c: char| !c.is_ascii_alphanumeric());
    words
        .map(|word| {
            let bare = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
            let end = &word[bare.len()..];
            if is_hash(&bare) {
                format!("…{end}")
            } else {
                word.to_owned()
            }
        })
        .collect()
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
        .render_digest(context.clone(), Channel::Email)
        .unwrap();
    let chat = setup
        .messages
        .render_digest(context.clone(), Channel::ZaloOa)
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
        if file.extension == "docx" {
            let report = words_of(&file.bytes, "word/document");
            insta::assert_snapshot!("week-report.docx", report);
            continue;
        }
        // The rows of two agencies show what the others look like.
        let of = ["Sở Kế hoạch và Đầu tư", "UBND huyện Tây Giang"];
        let is_row = |row: &[String]| row.len() > 14;
        let shown =
            |row: &[String]| !is_row(row) || row[0] == "TT" || of.contains(&row[1].as_str());
        let register = told(&file.bytes, shown);
        insta::assert_snapshot!("week-register.xlsx", register);
    }
    check_letters(&db, &setup).await;
    check_export(&db, &setup).await;

    let period = Period::of_quarter(2020, 1).unwrap();
    let counted = count(
        &db,
        &setup,
        charge,
        period,
        period.counted_on(day("2020-03-20")),
    )
    .await
    .unwrap();
    let ranking = counted.context(&setup, charge);
    let (subject, text) = setup.messages.render_ranking(&ranking).unwrap();
    insta::assert_snapshot!("week-ranking", format!("[{subject}]\n{text}"));
    let made_at = instant(day("2020-03-20").and_hms_opt(17, 0, 0).unwrap());
    let book = setup.messages.ranking_workbook(&ranking, made_at).unwrap();
    insta::assert_snapshot!("week-ranking.xlsx", told(&xlsx(&book).unwrap(), |_| true));
    let letter = setup.messages.ranking_letter(&ranking, made_at).unwrap();
    let letter = docx(&letter).unwrap();
    insta::assert_snapshot!("week-ranking.docx", words_of(&letter, "word/document"));
}
