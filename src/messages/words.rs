//! The words of `words.toml`: weekdays, headings, official statuses, short names, kinds of documents.

use std::collections::BTreeMap;

use serde::Serialize;
use toml_span::{Span, Value};

use super::export;
use super::problem::Problem;
use crate::domain::obligation::Pending;

/// Words that every template may use, as the global `words`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Words {
    /// Names of the weekdays, Monday first.
    pub weekday: Vec<String>,
    /// What agency names may start with; that part is their short name.
    pub short_names: Vec<String>,
    /// How an agency is called that has no short name.
    pub agency: String,
    /// The line on top of a mail above which people answer.
    pub reply_above: String,
    /// Headings by urgency.
    pub urgency: BTreeMap<String, String>,
    /// The official four words.
    pub standing: BTreeMap<String, String>,
    /// What stands where none of the four fits.
    pub status: BTreeMap<String, String>,
    /// What waits for a decision.
    pub pending: BTreeMap<String, String>,
    /// Names of sheets.
    pub sheet: BTreeMap<String, String>,
    /// Headings of columns.
    pub column: BTreeMap<String, String>,
    /// Names of files.
    pub file: BTreeMap<String, String>,
    /// Words that letters write short.
    pub abbreviation: Vec<Abbreviation>,
    /// Who issues a document that an agency only prepares, as that follows its kind.
    pub issued_by_others: Vec<String>,
    /// Kinds of documents.
    pub document: Vec<Document>,
    /// What each command does.
    pub command: BTreeMap<String, String>,
    /// Sheets, headings and words of the workbook of an export.
    pub export: BTreeMap<String, String>,
}

/// A kind of document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Document {
    /// Its word: `Kế hoạch`.
    pub word: String,
    /// Its sign in a number: `KH`.
    pub sign: String,
    /// Its word as it is looked for: in lower case.
    #[serde(skip)]
    sought: String,
}

/// Words that letters write short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Abbreviation {
    /// `Ủy ban nhân dân`.
    pub full: String,
    /// `UBND`.
    pub short: String,
}

const URGENCIES: [&str; 12] = [
    "late",
    "unanswered",
    "blocked",
    "extension",
    "acceptance",
    "reassignment",
    "today",
    "this-week",
    "unclear",
    "later",
    "opening",
    "status",
];
const STANDINGS: [&str; 6] = [
    "done-on-time",
    "done-late",
    "open-on-time",
    "open-late",
    "waiting",
    "unclear",
];
/// The commands, in the order in which they are offered.
const COMMANDS: [&str; 5] = ["viec", "xong", "giahan", "trogiup", "huy"];
const STATUSES: [&str; 7] = [
    "continuous",
    "continuous-done",
    "event",
    "done",
    "suspended",
    "cancelled",
    "transferred",
];
const SHEETS: [&str; 4] = ["summary", "others", "tasks", "total"];
const COLUMNS: [&str; 24] = [
    "number",
    "group",
    "agency",
    "task",
    "content",
    "milestone",
    "product",
    "deadline",
    "due",
    "amended",
    "extended",
    "done",
    "status",
    "days-late",
    "documents",
    "last-words",
    "note",
    "coordinate",
    "total",
    "silent",
    "undecided",
    "undated",
    "held",
    "lines",
];
const FILES: [&str; 2] = ["register", "weekly"];
const KEYS: [&str; 16] = [
    "weekday",
    "short_names",
    "agency",
    "reply_above",
    "urgency",
    "standing",
    "status",
    "pending",
    "sheet",
    "column",
    "file",
    "abbreviation",
    "issued_by_others",
    "document",
    "command",
    "export",
];

impl Words {
    /// Reads the file, or lists every problem in it.
    pub(super) fn parse(file: &str, source: &str) -> Result<Self, Vec<Problem>> {
        let root = toml_span::parse(source).map_err(|error| {
            let line = error
                .line_info
                .map_or_else(|| line_at(source, error.span), |(line, _)| Some(line + 1));
            vec![
                Problem::of_file(file, format!("not TOML: {error}"), "mend the line").at_line(line),
            ]
        })?;
        let mut reader = Reader {
            file,
            source,
            problems: Vec::new(),
        };
        let words = Self {
            weekday: reader.list(&root, "weekday"),
            short_names: reader.list(&root, "short_names"),
            agency: reader.text(&root, "agency"),
            reply_above: reader.text(&root, "reply_above"),
            urgency: reader.table(&root, "urgency", &URGENCIES),
            standing: reader.table(&root, "standing", &STANDINGS),
            status: reader.table(&root, "status", &STATUSES),
            pending: reader.table(&root, "pending", &Pending::ALL.map(Pending::as_str)),
            sheet: reader.table(&root, "sheet", &SHEETS),
            column: reader.table(&root, "column", &COLUMNS),
            file: reader.table(&root, "file", &FILES),
            abbreviation: reader.pairs(&root, "abbreviation", ["full", "short"], |full, short| {
                Abbreviation { full, short }
            }),
            issued_by_others: reader.list(&root, "issued_by_others"),
            document: reader.pairs(&root, "document", ["word", "sign"], |word, sign| Document {
                sought: word.to_lowercase(),
                word,
                sign,
            }),
            command: reader.table(&root, "command", &COMMANDS),
            export: reader.table(&root, "export", &export::KEYS),
        };
        reader.only(&root, "", &KEYS);
        if words.weekday.len() != 7 && root.pointer("/weekday").is_some() {
            reader.report(
                &root,
                "weekday",
                "has not seven names",
                "name the days from Monday to Sunday",
            );
        }
        if reader.problems.is_empty() {
            Ok(words)
        } else {
            Err(reader.problems)
        }
    }

    /// The commands, each without its slash, with what it does.
    pub(super) fn commands(&self) -> Vec<(String, String)> {
        let known = COMMANDS
            .iter()
            .filter_map(|name| self.command.get_key_value(*name));
        known
            .map(|(name, does)| (name.clone(), does.clone()))
            .collect()
    }

    /// The name of an agency with what letters write short: `UBND tỉnh Quảng Nam`.
    #[must_use]
    pub fn abbreviated(&self, agency_name: &str) -> String {
        let all = self.abbreviation.iter();
        all.fold(agency_name.to_owned(), |name, one| {
            name.replace(&one.full, &one.short)
        })
    }

    /// The short name of an agency: `Sở` for `Sở Tư pháp`.
    #[must_use]
    pub fn short_name(&self, agency_name: &str) -> &str {
        let starts = |short: &&String| {
            agency_name
                .strip_prefix(short.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        self.short_names.iter().find(starts).unwrap_or(&self.agency)
    }

    /// The sign of the kind of document that the text names first, in whatever case, but for what others issue.
    #[must_use]
    pub fn document_sign(&self, text: &str) -> Option<&str> {
        self.documents(text)
            .find(|(_, is_of_others)| !is_of_others)
            .map(|(sign, _)| sign)
    }

    /// The signs of the documents that the text names, in its order, and whether others issue each.
    pub(super) fn documents<'w>(
        &'w self,
        text: &str,
    ) -> impl Iterator<Item = (&'w str, bool)> + use<'w> {
        let text = text.to_lowercase();
        let is_of_others = |after: &str| {
            let after = after.trim_start();
            let mut others = self.issued_by_others.iter();
            others.any(|other| after.starts_with(&other.to_lowercase()))
        };
        let mut named: Vec<(usize, &str, bool)> = self
            .document
            .iter()
            .flat_map(|kind| {
                let found = text.match_indices(&kind.sought);
                let found = found.map(|(at, word)| {
                    let after = &text[at + word.len()..];
                    (at, kind.sign.as_str(), is_of_others(after))
                });
                found.collect::<Vec<_>>()
            })
            .collect();
        named.sort_unstable();
        named.into_iter().map(|(_, sign, others)| (sign, others))
    }
}

/// Takes keys out of the file and remembers what was wrong with them.
struct Reader<'a> {
    file: &'a str,
    source: &'a str,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn text(&mut self, table: &Value<'_>, key: &str) -> String {
        match table.pointer(&format!("/{key}")).and_then(Value::as_str) {
            Some(text) if !text.trim().is_empty() => text.to_owned(),
            _ => {
                self.report(
                    table,
                    key,
                    "is missing or is not a word",
                    &format!("write {key} = \"…\""),
                );
                String::new()
            }
        }
    }

    fn list(&mut self, table: &Value<'_>, key: &str) -> Vec<String> {
        let found = table.pointer(&format!("/{key}")).and_then(Value::as_array);
        let words = found.and_then(|list| {
            list.iter()
                .map(|word| word.as_str().map(str::to_owned))
                .collect()
        });
        words.unwrap_or_else(|| {
            self.report(
                table,
                key,
                "is missing or is not a list of words",
                &format!("write {key} = [\"…\"]"),
            );
            Vec::new()
        })
    }

    fn table(&mut self, root: &Value<'_>, name: &str, keys: &[&str]) -> BTreeMap<String, String> {
        let Some(table) = root
            .pointer(&format!("/{name}"))
            .filter(|value| value.as_table().is_some())
        else {
            self.report(
                root,
                name,
                "is missing",
                &format!("add [{name}] with {}", keys.join(", ")),
            );
            return BTreeMap::new();
        };
        self.only(table, name, keys);
        keys.iter()
            .map(|key| ((*key).to_owned(), self.text(table, key)))
            .collect()
    }

    /// The entries of an array of tables, each with two words.
    fn pairs<T>(
        &mut self,
        root: &Value<'_>,
        name: &str,
        keys: [&str; 2],
        pair: impl Fn(String, String) -> T,
    ) -> Vec<T> {
        let entries = root.pointer(&format!("/{name}")).and_then(Value::as_array);
        let mut pairs = Vec::new();
        for entry in entries.into_iter().flatten() {
            self.only(entry, name, &keys);
            let [one, other] = keys.map(|key| self.text(entry, key));
            pairs.push(pair(one, other));
        }
        pairs
    }

    /// Reports the keys of the table that nothing reads.
    fn only(&mut self, table: &Value<'_>, name: &str, keys: &[&str]) {
        for (key, value) in table.as_table().into_iter().flatten() {
            if !keys.contains(&key.name.as_ref()) {
                let problem = format!("unknown key {:?} in [{name}]", key.name);
                let remedy = format!("remove it; known here: {}", keys.join(", "));
                let line = line_at(self.source, value.span);
                self.problems
                    .push(Problem::of_file(self.file, problem, remedy).at_line(line));
            }
        }
    }

    fn report(&mut self, table: &Value<'_>, key: &str, what: &str, remedy: &str) {
        let span = table
            .pointer(&format!("/{key}"))
            .map_or(table.span, |value| value.span);
        let problem = Problem::of_file(self.file, format!("key {key:?} {what}"), remedy);
        self.problems
            .push(problem.at_line(line_at(self.source, span)));
    }
}

fn line_at(source: &str, span: Span) -> Option<usize> {
    source
        .get(..span.start)
        .map(|before| before.matches('\n').count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Words {
        Words::parse("words.toml", include_str!("../../messages/vi/words.toml")).unwrap()
    }

    #[test]
    fn an_agency_is_called_by_the_first_part_of_its_name() {
        assert_eq!(words().short_name("Sở Tư pháp"), "Sở");
        assert_eq!(words().short_name("UBND huyện Đại Lộc"), "UBND huyện");
        assert_eq!(words().short_name("Bưu điện tỉnh"), "cơ quan");
        assert_eq!(words().short_name("Bando"), "cơ quan");
    }

    #[test]
    fn a_product_names_its_kind_of_document() {
        assert_eq!(
            words().document_sign("Kế hoạch UBND tỉnh; triển khai khảo sát; Báo cáo"),
            Some("KH")
        );
        assert_eq!(
            words().document_sign("Ban hành kế hoạch năm 2020"),
            Some("KH")
        );
        assert_eq!(words().document_sign("Đăng tải công khai"), None);
        assert_eq!(words().document_sign("Quyết định của UBND tỉnh"), None);
        assert_eq!(
            words()
                .documents("Quyết định của UBND tỉnh")
                .collect::<Vec<_>>(),
            [("QĐ", true)]
        );
        assert_eq!(words().documents("Đăng tải công khai").count(), 0);
        assert_eq!(
            words().document_sign("Quyết định của UBND tỉnh; Kế hoạch triển khai"),
            Some("KH")
        );
    }

    #[test]
    fn the_commands_are_offered_with_what_they_do() {
        let names: Vec<String> = words()
            .commands()
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        assert_eq!(names, COMMANDS);
        // What Telegram takes.
        let fits = |does: &str| (3..=256).contains(&does.chars().count());
        assert!(words().commands().iter().all(|(_, does)| fits(does)));
    }

    #[test]
    fn every_problem_of_the_file_is_listed_with_its_line() {
        let source = include_str!("../../messages/vi/words.toml")
            .replace("agency = \"cơ quan\"", "agencie = \"cơ quan\"")
            .replace(", \"Chủ nhật\"", "")
            .replace("open-late = \"đang thực hiện quá hạn\"\n", "");
        let problems = Words::parse("words.toml", &source).unwrap_err();
        let said: Vec<String> = problems.iter().map(Problem::to_string).collect();
        assert_eq!(said.len(), 4, "{said:#?}");
        assert!(
            said.iter()
                .any(|line| line.contains("unknown key \"agencie\""))
        );
        assert!(
            said.iter()
                .any(|line| line.starts_with("words.toml:5: key \"weekday\" has not seven"))
        );
    }
}
