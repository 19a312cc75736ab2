//! A table and what is asked of it.

use std::collections::BTreeMap;

use super::document::{Document, Entry, Kind, Node};
use super::field::{Field, Place};
use super::value::{FromNode, Wrong};
use crate::files::nearest::did_you_mean;

/// A table of a file. Call [`Self::finish`] when everything has been asked for.
#[derive(Debug)]
pub(crate) struct Table<'d> {
    document: &'d Document,
    path: String,
    line: usize,
    entries: Option<&'d BTreeMap<String, Entry>>,
    asked: Vec<&'static str>,
}

impl<'d> Table<'d> {
    pub(super) fn new(document: &'d Document, path: String, node: &'d Node) -> Self {
        let entries = match &node.kind {
            Kind::Table(entries) => Some(entries),
            _ => None,
        };
        Self {
            document,
            path,
            line: node.line,
            entries,
            asked: Vec::new(),
        }
    }

    /// Where the table begins.
    pub(crate) fn place(&self) -> Place {
        Place {
            file: self.document.file.clone(),
            line: self.line,
            key: self.path.clone(),
        }
    }

    /// Whether nothing was left out of its file: only then is a key that is not there a missing key.
    pub(crate) fn is_whole(&self) -> bool {
        self.document.is_whole()
    }

    /// Calls the table by its own id instead of its number: `task[II.2]` for `task[6]`.
    pub(crate) fn call(&mut self, id: &str) {
        if let Some((list, _)) = self.path.rsplit_once('[') {
            self.path = format!("{list}[{id}]");
        }
    }

    /// A key that must be there.
    pub(crate) fn required<T: FromNode>(&mut self, key: &'static str) -> Option<Field<T>> {
        if self.find(key).is_none() {
            self.missing(key, &format!("add {key} = {}", T::example()));
        }
        self.optional(key)
    }

    /// A key that may be left out.
    pub(crate) fn optional<T: FromNode>(&mut self, key: &'static str) -> Option<Field<T>> {
        let entry = self.find(key)?;
        self.read(&entry.node, self.place_of(key, entry.line))
    }

    /// A text that must be there and say something.
    pub(crate) fn text(&mut self, key: &'static str) -> Option<Field<String>> {
        let text: Field<String> = self.required(key)?;
        self.filled(text)
    }

    /// A text that may be left out, but says something where it is there.
    pub(crate) fn optional_text(&mut self, key: &'static str) -> Option<Field<String>> {
        let text: Field<String> = self.optional(key)?;
        self.filled(text)
    }

    /// A list of values; `None` when it is left out.
    pub(crate) fn list<T: FromNode>(&mut self, key: &'static str) -> Option<Vec<Field<T>>> {
        let entry = self.find(key)?;
        let place = self.place_of(key, entry.line);
        let Kind::List(items) = &entry.node.kind else {
            self.not_a_list(
                &entry.node,
                &place,
                &format!("write {key} = [{}, …]", T::example()),
            );
            return None;
        };
        let read = |item: &Node| {
            self.read(
                item,
                Place {
                    line: item.line,
                    ..place.clone()
                },
            )
        };
        Some(items.iter().filter_map(read).collect())
    }

    /// The tables `[[key]]`, or the inline tables of a list; none when it is left out.
    pub(crate) fn tables(&mut self, key: &'static str) -> Vec<Table<'d>> {
        self.optional_tables(key).unwrap_or_default()
    }

    /// The tables `[[key]]`, or the inline tables of a list; `None` when it is left out.
    pub(crate) fn optional_tables(&mut self, key: &'static str) -> Option<Vec<Table<'d>>> {
        let entry = self.find(key)?;
        let place = self.place_of(key, entry.line);
        let Kind::List(items) = &entry.node.kind else {
            self.not_a_list(&entry.node, &place, &format!("write [[{key}]]"));
            return Some(Vec::new());
        };
        let mut tables = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let path = format!("{}[{}]", place.key, index + 1);
            if matches!(item.kind, Kind::Table(_)) {
                tables.push(Table::new(self.document, path, item));
            } else {
                let at = Place {
                    line: item.line,
                    key: path,
                    ..place.clone()
                };
                let problem = format!("this is {}, not a table", item.describe());
                self.document
                    .error(at.problem(problem, "write { key = value, … }"));
            }
        }
        Some(tables)
    }

    /// The table `[key]`, which must be there.
    pub(crate) fn table(&mut self, key: &'static str) -> Option<Table<'d>> {
        if self.find(key).is_none() {
            self.missing(key, &format!("add the table [{key}]"));
        }
        self.optional_table(key)
    }

    /// The table `[key]`, which may be left out.
    pub(crate) fn optional_table(&mut self, key: &'static str) -> Option<Table<'d>> {
        let entry = self.find(key)?;
        let place = self.place_of(key, entry.line);
        if matches!(entry.node.kind, Kind::Table(_)) {
            return Some(Table::new(self.document, place.key, &entry.node));
        }
        let problem = format!("this is {}, not a table", entry.node.describe());
        self.document
            .error(place.problem(problem, format!("write [{key}]")));
        None
    }

    /// Whether the key is there, readable or not.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.entries
            .is_some_and(|entries| entries.contains_key(key))
    }

    /// The place of a key of this table, whether it is there or not.
    pub(crate) fn place_of_key(&self, key: &str) -> Place {
        let line = self
            .entries
            .and_then(|entries| entries.get(key))
            .map_or(self.line, |entry| entry.line);
        self.place_of(key, line)
    }

    /// Reports every key that nobody asked for.
    pub(crate) fn finish(self) {
        for (key, entry) in self.entries.into_iter().flatten() {
            if !self.asked.contains(&key.as_str()) {
                let otherwise = format!("the keys here are {}", self.asked.join(", "));
                let remedy = did_you_mean(key, self.asked.iter().copied(), &otherwise);
                let problem = format!("the key `{key}` is not known here");
                self.document
                    .error(self.place_of(key, entry.line).problem(problem, remedy));
            }
        }
    }

    fn find(&mut self, key: &'static str) -> Option<&'d Entry> {
        if !self.asked.contains(&key) {
            self.asked.push(key);
        }
        self.entries?.get(key)
    }

    fn place_of(&self, key: &str, line: usize) -> Place {
        let key = if self.path.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.path)
        };
        Place {
            file: self.document.file.clone(),
            line,
            key,
        }
    }

    fn read<T: FromNode>(&self, node: &Node, at: Place) -> Option<Field<T>> {
        match T::from_node(node) {
            Ok(value) => Some(Field { value, at }),
            Err(wrong) => {
                let Wrong {
                    problem,
                    mut remedy,
                    is_of_kind,
                } = wrong;
                if is_of_kind {
                    let key = at.key.rsplit('.').next().unwrap_or_default();
                    remedy = format!("write for example {}", T::example_of(key));
                }
                self.document.error(at.problem(problem, remedy));
                None
            }
        }
    }

    fn filled(&self, text: Field<String>) -> Option<Field<String>> {
        if text.trim().is_empty() {
            self.document.error(
                text.at
                    .problem("the text is empty", "write it, or remove the entry"),
            );
            return None;
        }
        Some(text)
    }

    fn not_a_list(&self, node: &Node, at: &Place, remedy: &str) {
        self.document
            .error(at.problem(format!("this is {}, not a list", node.describe()), remedy));
    }

    fn missing(&self, key: &str, remedy: &str) {
        if self.document.is_whole() {
            let place = Place {
                line: self.line,
                ..self.place_of(key, self.line)
            };
            self.document
                .error(place.problem(format!("the key `{key}` is missing"), remedy));
        }
    }
}
