//! `messages/vi/lexicon/` and the weights beside it -> the reader of replies.
//!
//! A file has `[[class]]` (a name and its words), `[[rewrite]]` (abbreviations and what they stand for) and `[[pattern]]`
//! (what a sequence of classes means). Words are separated by commas or line breaks. In a phrase `a|b` is either word,
//! `a_b` two words as one alternative, `?a` a word that may be missing, `a!` a word that is never meant by one without its
//! diacritics.

use super::problem::Problems;
use super::source::Folder;
use super::toml::{Document, Field, Place, Table};
use crate::domain::reply::{
    Intent, Lexicon, MOST_CLASSES, Model, Pattern, PatternError, Reader, Role, Sense, Weights,
};
use crate::files::nearest::did_you_mean;

/// The files of the lexicon, in reading order.
const FILES: [&str; 10] = [
    "spelling.toml",
    "time.toml",
    "people.toml",
    "status.toml",
    "requests.toml",
    "obstacles.toml",
    "courtesy.toml",
    "papers.toml",
    "works.toml",
    "asides.toml",
];

/// The weights of the linear model.
const WEIGHTS: &str = "weights.tsv";

/// The most phrases that one line may stand for.
const MOST_PHRASES: usize = 400;

/// Reads the lexicon and the weights of a folder.
///
/// # Errors
/// Every problem of the files.
pub fn load_reader(folder: &Folder) -> Result<Reader, Problems> {
    let mut problems = Problems::default();
    let mut lexicon = bare_lexicon();
    let mut written = Vec::new();
    for file in FILES {
        if let Some(source) = folder.read(file, &mut problems) {
            let document = Document::parse(&source);
            let mut found = Problems::default();
            written.extend(read_file(&document, &mut lexicon, &mut found));
            problems.extend(found);
            problems.extend(document.into_problems());
        }
    }
    let patterns = written
        .into_iter()
        .filter_map(|(sense, line)| compile(sense, &line, &lexicon, &mut problems))
        .collect();
    let model = read_weights(folder, &mut problems);
    problems
        .admit(Some(Reader::new(lexicon, patterns, model)))
        .map(|(reader, _)| reader)
}

/// The reader of what is shipped. Nothing that an operator writes comes into it: that its files are whole is told by
/// `dondoc check` and by tests, and of one that were not no reply would be understood.
#[must_use]
pub fn shipped_reader() -> Reader {
    load_reader(&Folder::lexicon()).unwrap_or_else(|_| {
        let model = Model::default();
        Reader::new(bare_lexicon(), Vec::new(), model)
    })
}

/// A lexicon without any word, that knows the classes which the reader itself asks for.
fn bare_lexicon() -> Lexicon {
    let mut lexicon = Lexicon::new();
    for name in Role::NAMES {
        lexicon.class(name);
    }
    lexicon
}

type Written = (Sense, Field<String>);

fn read_file(document: &Document, lexicon: &mut Lexicon, problems: &mut Problems) -> Vec<Written> {
    let mut root = document.root();
    let mut patterns = Vec::new();
    for mut table in root.tables("class") {
        read_class(&mut table, lexicon, problems);
        table.finish();
    }
    for mut table in root.tables("rewrite") {
        let (to, from) = (table.text("to"), table.text("from"));
        table.finish();
        if let (Some(to), Some(from)) = (to, from) {
            let words: Vec<&str> = to.split_whitespace().collect();
            for spelling in entries(&from) {
                lexicon.add_rewrite(&spelling, &words);
            }
        }
    }
    for mut table in root.tables("pattern") {
        patterns.extend(read_patterns(&mut table));
        table.finish();
    }
    for (key, add) in [
        ("signs", Lexicon::add_sign as fn(&mut Lexicon, &str)),
        ("real", Lexicon::add_real),
        ("common", Lexicon::add_common),
        ("quoting", Lexicon::add_quoting),
    ] {
        for entry in root.optional_text(key).iter().flat_map(entries) {
            add(lexicon, &entry);
        }
    }
    root.finish();
    patterns
}

fn read_class(table: &mut Table<'_>, lexicon: &mut Lexicon, problems: &mut Problems) {
    let name = table.text("name");
    let value: Option<Field<u32>> = table.optional("value");
    let passing: Option<Field<bool>> = table.optional("patterns_only");
    let words = table.text("words");
    let (Some(name), Some(words)) = (name, words) else {
        return;
    };
    let Some(class) = lexicon.class(&name) else {
        let problem = format!("there are more than {MOST_CLASSES} classes");
        let remedy = "put the words into a class that is there already";
        problems.errors.push(name.at.problem(problem, remedy));
        return;
    };
    if passing.is_some_and(|passing| passing.value) {
        lexicon.keep_to_patterns(class);
    }
    for entry in entries(&words) {
        let phrases = expand(&entry);
        if phrases.is_empty() || phrases.len() > MOST_PHRASES {
            let problem = format!("“{}” stands for {} phrases", entry.value, phrases.len());
            let remedy = format!("write it as phrases of 1 to {MOST_PHRASES} readings each");
            problems.errors.push(entry.at.problem(problem, remedy));
            continue;
        }
        for phrase in phrases {
            let words: Vec<&str> = phrase.iter().map(String::as_str).collect();
            lexicon.add(class, value.as_ref().map_or(0, |value| value.value), &words);
        }
    }
}

fn read_patterns(table: &mut Table<'_>) -> Vec<Written> {
    let when = table.text("when");
    let sense = if table.has("hints") {
        table
            .required::<Intent>("hints")
            .map(|intent| Sense::Hints(intent.value))
    } else if table.has("says") {
        table.required::<Sense>("says").map(|sense| sense.value)
    } else {
        table
            .required::<Intent>("means")
            .map(|intent| Sense::Means(intent.value))
    };
    let (Some(sense), Some(when)) = (sense, when) else {
        return Vec::new();
    };
    entries(&when).map(|line| (sense, line)).collect()
}

fn compile(
    sense: Sense,
    line: &Field<String>,
    lexicon: &Lexicon,
    problems: &mut Problems,
) -> Option<Pattern> {
    match Pattern::parse(sense, line, lexicon) {
        Ok(pattern) => Some(pattern),
        Err(error) => {
            let remedy = match &error {
                PatternError::UnknownClass(name) => did_you_mean(
                    name,
                    lexicon.class_names(),
                    "add a [[class]] with this name",
                ),
                PatternError::Misplaced(_) => {
                    "write classes, ~3 and ^ before a class, $ after one".to_owned()
                }
            };
            problems
                .errors
                .push(line.at.problem(error.to_string(), remedy));
            None
        }
    }
}

/// The entries of a text: separated by commas and line breaks, each with its line; `#` begins a comment.
pub(super) fn entries(text: &Field<String>) -> impl Iterator<Item = Field<String>> {
    let several = text.value.contains('\n');
    text.value
        .lines()
        .enumerate()
        .flat_map(move |(index, line)| {
            let line = line.split('#').next().unwrap_or_default();
            let at = Place {
                line: text.at.line + usize::from(several) + index,
                ..text.at.clone()
            };
            line.split(',')
                .map(str::trim)
                .filter(|entry| !entry.is_empty())
                .map(|entry| Field {
                    value: entry.to_owned(),
                    at: at.clone(),
                })
                .collect::<Vec<_>>()
        })
}

/// The phrases that an entry stands for.
pub(super) fn expand(entry: &str) -> Vec<Vec<String>> {
    let mut phrases: Vec<Vec<String>> = vec![Vec::new()];
    for slot in entry.split_whitespace() {
        let (optional, slot) = match slot.strip_prefix('?') {
            Some(slot) => (true, slot),
            None => (false, slot),
        };
        let mut longer: Vec<Vec<String>> = Vec::new();
        for phrase in &phrases {
            if optional {
                longer.push(phrase.clone());
            }
            for alternative in slot
                .split('|')
                .filter(|alternative| !alternative.is_empty())
            {
                let mut phrase = phrase.clone();
                phrase.extend(alternative.split('_').map(str::to_owned));
                longer.push(phrase);
            }
        }
        phrases = longer;
        if phrases.len() > MOST_PHRASES {
            break;
        }
    }
    phrases.retain(|phrase| !phrase.is_empty());
    phrases
}

/// One feature per line: its name, a tab, and the weights of intents by their number (`6:94 5:-23`).
fn read_weights(folder: &Folder, problems: &mut Problems) -> Model {
    let Some(source) = folder.read(WEIGHTS, problems) else {
        return Model::default();
    };
    let mut features = Vec::new();
    for (index, line) in source.text.lines().enumerate() {
        if let Some(feature) = read_feature(line) {
            features.push(feature);
            continue;
        }
        let place = Place {
            file: source.file.clone(),
            line: index + 1,
            key: String::new(),
        };
        problems.errors.push(place.problem(
            "this line is not a feature with its weights",
            "write the file anew with `cargo run --example train_replies`",
        ));
    }
    Model::new(features)
}

fn read_feature(line: &str) -> Option<(&str, Weights)> {
    let (feature, told) = line.split_once('\t')?;
    let mut weights = Weights::default();
    for entry in told.split(' ') {
        let (intent, weight) = entry.split_once(':')?;
        *weights.get_mut(intent.parse::<usize>().ok()?)? = weight.parse().ok()?;
    }
    Some((feature, weights))
}
