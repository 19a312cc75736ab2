//! One reply and what was made of it.

use std::io::{self, Write};

use chrono::NaiveDate;

use crate::domain::reply::{Intent, Reader, Understanding, Writer};

/// One JSON object on one line.
pub(super) fn print_json(understood: &Understanding, mut out: impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut out, understood)?;
    writeln!(out)
}

/// A few lines for people: what was understood, and what each clause says.
pub(super) fn print(
    reader: &Reader,
    text: &str,
    sent: NaiveDate,
    writer: &Writer,
    mut out: impl Write,
) -> io::Result<()> {
    let understood = reader.understand_from(text, sent, writer);
    writeln!(out, "{text}")?;
    writeln!(out, "  {}", summary(&understood))?;
    for part in &understood.parts {
        let task = part.task.as_deref().unwrap_or("the task asked about");
        writeln!(out, "    {task}: {}", part.intent.as_str())?;
    }
    for reason in reader.reasons(text, sent, writer) {
        if !reason.found.is_empty() {
            writeln!(out, "      “{}”: {}", reason.words, reason.found.join(", "))?;
        }
    }
    if understood.intent == Intent::Done && !understood.sure {
        let doubts = reader.doubts(text, sent, writer);
        if !doubts.is_empty() {
            writeln!(out, "      not sure because of {}", doubts.join(", "))?;
        }
    }
    Ok(())
}

/// `done, sure; tasks II.2; date 2020-03-06 Fri; document 12/KH-SNV`.
fn summary(understood: &Understanding) -> String {
    let sure = if understood.sure {
        "sure"
    } else {
        "not sure: ask back"
    };
    let mut parts = vec![format!("{}, {sure}", understood.intent.as_str())];
    if !understood.refs.is_empty() {
        parts.push(format!("tasks {}", understood.refs.join(", ")));
    }
    parts.extend(understood.percent.map(|percent| format!("{percent} %")));
    let date = understood
        .date
        .map(|date| format!("date {}", date.format("%Y-%m-%d %a")));
    parts.extend(date);
    parts.extend(understood.doc.as_ref().map(|doc| format!("document {doc}")));
    parts.join("; ")
}
