//! One file as a tree of values.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;

use toml_span::value::{Value, ValueInner};

use super::syntax;
use super::table::Table;
use crate::files::problem::{Problem, Problems};
use crate::files::source::Source;

/// A value and its line.
#[derive(Debug)]
pub(crate) struct Node {
    /// The line it begins on, from 1.
    pub line: usize,
    /// The value.
    pub kind: Kind,
}

/// By its value alone, wherever it stands.
impl Hash for Node {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.kind.hash(state);
    }
}

/// What a value is.
#[derive(Debug, Hash)]
pub(crate) enum Kind {
    Text(String),
    Integer(i64),
    Float,
    Bool(bool),
    List(Vec<Node>),
    Table(BTreeMap<String, Entry>),
}

/// A key of a table with its value.
#[derive(Debug)]
pub(crate) struct Entry {
    /// The line the key stands on.
    pub line: usize,
    /// The value.
    pub node: Node,
}

impl Hash for Entry {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.node.hash(state);
    }
}

/// One file, readable as far as its syntax allows.
#[derive(Debug)]
pub(crate) struct Document {
    pub(super) file: PathBuf,
    root: Node,
    whole: bool,
    problems: RefCell<Problems>,
}

impl Document {
    /// Reads the syntax. Lines that are not TOML are problems and left out.
    pub(crate) fn parse(source: &Source) -> Self {
        let mut problems = Problems::default();
        let root = syntax::parse(source, &mut problems);
        Self {
            file: source.file.clone(),
            whole: problems.is_fine(),
            root,
            problems: problems.into(),
        }
    }

    /// The table of the whole file.
    pub(crate) fn root(&self) -> Table<'_> {
        Table::new(self, String::new(), &self.root)
    }

    /// A fingerprint of what stands under each key of the whole file, wherever it stands: within one process, what is the same has
    /// the same one.
    pub(crate) fn fingerprints(&self) -> BTreeMap<String, u64> {
        let Kind::Table(entries) = &self.root.kind else {
            return BTreeMap::new();
        };
        let of_one = |(key, entry): (&String, &Entry)| {
            let mut hasher = DefaultHasher::new();
            entry.hash(&mut hasher);
            (key.clone(), hasher.finish())
        };
        entries.iter().map(of_one).collect()
    }

    /// Whether nothing was left out: only then is a key that is not there a missing key.
    pub(crate) fn is_whole(&self) -> bool {
        self.whole
    }

    /// Notes an error.
    pub(crate) fn error(&self, problem: Problem) {
        self.problems.borrow_mut().errors.push(problem);
    }

    /// What was found wrong, once everything has been read.
    pub(crate) fn into_problems(self) -> Problems {
        self.problems.into_inner()
    }
}

impl Node {
    /// A table without keys.
    pub(crate) fn empty() -> Self {
        Self {
            line: 1,
            kind: Kind::Table(BTreeMap::new()),
        }
    }

    /// The value of the parser with its line instead of its bytes.
    pub(crate) fn of(mut value: Value<'_>, source: &Source) -> Self {
        let line = source.line_of(value.span.start);
        let kind = match value.take() {
            ValueInner::String(text) => Kind::Text(text.into_owned()),
            ValueInner::Integer(number) => Kind::Integer(number),
            ValueInner::Float(_) => Kind::Float,
            ValueInner::Boolean(yes) => Kind::Bool(yes),
            ValueInner::Array(items) => Kind::List(
                items
                    .into_iter()
                    .map(|item| Self::of(item, source))
                    .collect(),
            ),
            ValueInner::Table(table) => {
                let entries = table.into_iter().map(|(key, value)| {
                    let line = source.line_of(key.span.start);
                    (
                        key.name.into_owned(),
                        Entry {
                            line,
                            node: Self::of(value, source),
                        },
                    )
                });
                Kind::Table(entries.collect())
            }
        };
        Self { line, kind }
    }

    /// What it is, for people.
    pub(crate) fn describe(&self) -> &'static str {
        match self.kind {
            Kind::Text(_) => "a text",
            Kind::Integer(_) => "a number",
            Kind::Float => "a fraction",
            Kind::Bool(_) => "true or false",
            Kind::List(_) => "a list",
            Kind::Table(_) => "a table",
        }
    }
}
