//! The same as a workbook, for officials: one sheet for each file, in Vietnamese. Whoever spoke, was told or decided stands in
//! it by title and short name; at which address or in which chat is for the JSON lines alone.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::error::ExportError;
use super::folder::{NewFolder, Written};
use super::forms::{ATTACHMENTS, DECISIONS, Form, LEDGER, MESSAGES, OBLIGATIONS, REPLIES};
use crate::app::as_of::AsOf;
use crate::app::ledger::Facts;
use crate::app::register::official_word;
use crate::app::setup::Setup;
use crate::clock::local;
use crate::documents::{Cell, Column, Properties, Sheet, Workbook, xlsx};
use crate::domain::chain::{About, Hash, Line};
use crate::domain::directory::Contact;
use crate::domain::ids::{AgencyCode, ContactId, PlanId};
use crate::domain::inbound::{Content, File};
use crate::store::deliveries::Delivery;
use crate::store::inbox::Dealt;

/// The rows of a sheet: a workbook is made in memory. What is beyond stands in the JSON lines.
const MOST_ROWS: usize = 50_000;

/// The rows so far.
pub(super) struct Sheets<'a> {
    setup: &'a Setup,
    /// Titles of the people by their short names.
    titles: HashMap<ContactId, String>,
    sheets: Vec<(Form, Vec<Vec<Cell>>)>,
}

impl<'a> Sheets<'a> {
    /// A workbook without a row.
    pub(super) fn new(setup: &'a Setup, contacts: impl IntoIterator<Item = Contact>) -> Self {
        let forms = [
            OBLIGATIONS,
            LEDGER,
            DECISIONS,
            ATTACHMENTS,
            MESSAGES,
            REPLIES,
        ];
        let contacts = contacts.into_iter();
        Self {
            setup,
            titles: contacts.map(|one| (one.id, one.title)).collect(),
            sheets: forms.into_iter().map(|form| (form, Vec::new())).collect(),
        }
    }

    fn add(&mut self, form: Form, row: impl IntoIterator<Item = Cell>) {
        let found = self.sheets.iter_mut().find(|(own, _)| own.0 == form.0);
        if let Some((_, rows)) = found
            && rows.len() <= MOST_ROWS
        {
            rows.push(row.into_iter().collect());
        }
    }

    /// Adds an obligation.
    pub(super) fn obligation(&mut self, stood: &AsOf) {
        let one = &stood.obligation;
        let found = self.setup.find(&one.plan);
        let found = found.and_then(|charge| charge.find(&one.milestone));
        let (content, deadline) = found.map_or((Cell::Empty, Cell::Empty), |(task, milestone)| {
            let words = &self.setup.messages;
            let content = words.task_words(&task.content, &milestone.label);
            (Cell::text(content), Cell::text(milestone.written.as_str()))
        });
        let word = official_word(stood.word, &stood.stands, one.kind);
        let row = [
            number(one.id.0),
            Cell::text(one.milestone.to_string()),
            content,
            deadline,
            self.agency(&one.plan, &one.agency),
            one.original_due_on.into(),
            one.due_on.into(),
            one.done_on.into(),
            Cell::text(self.setup.messages.status_word(word)),
        ];
        self.add(OBLIGATIONS, row);
    }

    /// Adds a line of the ledger.
    pub(super) fn event(&mut self, line: &Line, payload: &Value, place: i64, hash: &Hash) {
        let [at, milestone, agency] = self.about(line, payload);
        let words = ["quote", "reason", "note"]
            .iter()
            .find_map(|key| payload[*key].as_str());
        let row = [
            number(place),
            number(line.event),
            at,
            milestone,
            agency,
            self.actor(line),
            self.word("event", &line.kind),
            Cell::text(words.unwrap_or_default()),
            document(payload),
            Cell::text(hash.to_string()),
        ];
        self.add(LEDGER, row);
    }

    /// Adds a decision.
    pub(super) fn decision(&mut self, line: &Line, payload: &Value) {
        let [at, milestone, agency] = self.about(line, payload);
        let day = |value: &Value| Cell::from(value.as_str().and_then(|day| day.parse().ok()));
        // The new day stands in the form of the resolution: {"extended": {"due_on": …}}.
        let resolved = payload["resolved"].as_object();
        let due_on = resolved.and_then(|one| one.values().next()?.get("due_on"));
        let amended = &payload["amended"];
        let was_due_on = match &amended["was"]["due_on"] {
            Value::Null => &payload["was_due_on"],
            was => was,
        };
        let now_due_on = match &amended["now"]["due_on"] {
            Value::Null => &payload["restored_due_on"],
            now => now,
        };
        let row = [
            number(line.event),
            at,
            milestone,
            agency,
            self.actor(line),
            self.word("event", &line.kind),
            day(was_due_on),
            due_on.map_or_else(|| day(now_due_on), day),
            Cell::text(payload["reason"].as_str().unwrap_or_default()),
            document(payload),
        ];
        self.add(DECISIONS, row);
    }

    /// Adds a file that somebody sent.
    pub(super) fn attachment(
        &mut self,
        line: &Line,
        payload: &Value,
        id: &str,
        file: &File,
        later: &[String],
    ) {
        let [at, milestone, agency] = self.about(line, payload);
        let row = [
            Cell::text(id),
            at,
            milestone,
            agency,
            Cell::text(file.name.as_deref().unwrap_or_default()),
            file.size
                .and_then(|size| i64::try_from(size).ok())
                .map_or(Cell::Empty, number),
            match &file.sha256 {
                Some(hash) if later.is_empty() => Cell::text(hash),
                Some(hash) => {
                    let fetched_again = self.setup.messages.export_word("file-later");
                    Cell::text(format!("{hash}; {fetched_again}: {}", later.join("; ")))
                }
                None => self.word("file", "never-fetched"),
            },
        ];
        self.add(ATTACHMENTS, row);
    }

    /// Adds a message, with its words or without.
    pub(super) fn message(&mut self, one: &Delivery, is_open: bool, tries: usize) {
        let message = &one.message;
        let (subject, body) = self.open(is_open, &message.subject, &message.body);
        let row = [
            number(one.id.0),
            self.word("message", message.kind.as_str()),
            self.person(message.contact.as_ref()),
            Cell::text(message.channel.as_str()),
            subject,
            body,
            self.word("delivery", one.state.as_str()),
            one.sent_at.map_or(Cell::Empty, moment),
            Cell::from(u32::try_from(tries).unwrap_or(u32::MAX)),
            Cell::text(one.reason.as_deref().unwrap_or_default()),
        ];
        self.add(MESSAGES, row);
    }

    /// Adds a reply of `sender`, with its words or without.
    pub(super) fn reply(&mut self, one: &Dealt, sender: Option<&ContactId>, is_open: bool) {
        let inbound = &one.received.inbound;
        let (text, files) = match &inbound.content {
            Content::Text { text, files, .. } => (text.as_str(), files.as_slice()),
            _ => ("", [].as_slice()),
        };
        let names: Vec<&str> = files
            .iter()
            .filter_map(|file| file.name.as_deref())
            .collect();
        let (names, text) = self.open(is_open, &names.join("\n"), text);
        let row = [
            number(one.received.id.0),
            moment(one.received.written_at()),
            Cell::text(inbound.channel.as_str()),
            self.person(sender),
            text,
            names,
            self.word("reply", &one.state),
        ];
        self.add(REPLIES, row);
    }

    /// Two texts, or that they are withheld.
    fn open(&self, is_open: bool, first: &str, second: &str) -> (Cell, Cell) {
        if is_open {
            (Cell::text(first), Cell::text(second))
        } else {
            let withheld = self.setup.messages.export_word("withheld");
            (Cell::Empty, Cell::text(withheld))
        }
    }

    /// When it was said or done, of which milestone and of which agency a line is.
    fn about(&self, line: &Line, payload: &Value) -> [Cell; 3] {
        let plan = PlanId::new(line.plan.as_str());
        let about = line.about.as_ref();
        let name = |about: &About| self.agency(&plan, &AgencyCode::new(about.agency.as_str()));
        [
            DateTime::from_timestamp_micros(line.at).map_or(Cell::Empty, |recorded_at| {
                moment(Facts::of_payload(line.event, payload).happened_at(recorded_at))
            }),
            about.map_or(Cell::Empty, |about| {
                Cell::text(format!("{}/{}", about.task, about.milestone))
            }),
            about.map_or(Cell::Empty, name),
        ]
    }

    /// Who wrote a line.
    fn actor(&self, line: &Line) -> Cell {
        match line.actor.as_str() {
            known @ ("system" | "operator") => Cell::text(self.setup.messages.export_word(known)),
            other => {
                let id = other.strip_prefix("contact:").unwrap_or(other);
                self.person(Some(&ContactId::new(id)))
            }
        }
    }

    /// Somebody by title and short name.
    fn person(&self, id: Option<&ContactId>) -> Cell {
        let Some(id) = id else {
            return Cell::text(self.setup.messages.export_word("unknown"));
        };
        match self.titles.get(id) {
            Some(title) if !title.is_empty() => Cell::text(format!("{title} ({id})")),
            _ => Cell::text(id.as_str()),
        }
    }

    fn agency(&self, plan: &PlanId, code: &AgencyCode) -> Cell {
        let charge = self.setup.find(plan);
        Cell::text(charge.map_or_else(|| code.to_string(), |charge| charge.agency_name(code)))
    }

    fn word(&self, kind: &str, stored: &str) -> Cell {
        let key = format!("{kind}-{stored}");
        Cell::text(self.setup.messages.export_word(&key))
    }

    /// Writes the workbook.
    pub(super) fn write(
        self,
        folder: &NewFolder,
        now: DateTime<Utc>,
    ) -> Result<Written, ExportError> {
        let word = |key: &str| self.setup.messages.export_word(key).to_owned();
        let at = local(now).format("%H:%M %d/%m/%Y");
        let as_of = format!("{} {at}", word("as-of"));
        let sheets = self.sheets.into_iter().map(|((name, columns), mut rows)| {
            let is_cut = rows.len() > MOST_ROWS;
            rows.truncate(MOST_ROWS);
            Sheet {
                name: word(name),
                titles: [
                    Some(word(name)),
                    Some(as_of.clone()),
                    is_cut.then(|| word("cut")),
                ]
                .into_iter()
                .flatten()
                .collect(),
                columns: columns
                    .iter()
                    .map(|(key, width, kind)| Column::new(word(key), *width, *kind))
                    .collect(),
                rows,
                total: None,
            }
        });
        let workbook = Workbook {
            properties: Properties {
                title: word("sheet-ledger"),
                author: word("system"),
                made_at: now,
            },
            sheets: sheets.collect(),
        };
        folder.whole("export.xlsx", &xlsx(&workbook)?)
    }
}

/// Excel counts in doubles; numbers of rows are far below the 2^53 that these hold exactly.
#[expect(
    clippy::cast_precision_loss,
    reason = "a number of a row is far below 2^53"
)]
fn number(number: i64) -> Cell {
    Cell::Number(number as f64)
}

fn moment(at: DateTime<Utc>) -> Cell {
    Cell::text(local(at).format("%H:%M %d/%m/%Y").to_string())
}

fn document(payload: &Value) -> Cell {
    let own = payload["document"].as_str();
    // What an officer said has it one level deeper: {"said": {"done": {"document": …}}}.
    let said = payload["said"].as_object();
    let said = said.and_then(|one| one.values().next()?.get("document")?.as_str());
    Cell::text(own.or(said).unwrap_or_default())
}
