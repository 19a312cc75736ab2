//! The template engine: minijinja with strict undefined, escaping by file kind, templates compiled once.

use std::fmt;
use std::path::Path;

use chrono::{Days, NaiveDate};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, escape_formatter};

use super::files::{self, Files};
use super::item_view::Day;
use super::problem::{LoadError, Problem, RenderError};
use super::samples::Samples;
use super::text::shorten;
use super::words::Words;
use crate::documents::markup;

/// How the templates of letters are escaped: as [`markup`] wants it.
const LETTER: &str = "letter";

/// The messages of the province, ready to render.
#[derive(Debug)]
pub struct Messages {
    environment: Environment<'static>,
    pub(super) html: bool,
    pub(super) words: Words,
    pub(super) files: Files,
    pub(super) samples: Samples,
}

impl Messages {
    /// Loads the embedded messages, overridden file by file by those of `dir`, with their samples.
    ///
    /// # Errors
    /// Every file that is unreadable, unknown, or does not parse. What only shows when a template runs is found by
    /// [`Messages::check`].
    pub fn load(dir: Option<&Path>) -> Result<Self, LoadError> {
        let files = files::files(dir).map_err(|problems| LoadError { problems })?;
        let mut problems = Vec::new();
        let samples = Samples::read(&files, &mut problems);
        Self::of_files(files, samples, problems)
    }

    /// The embedded messages without their samples: tests have tried those, and a daemon holds what it was started with for
    /// months.
    ///
    /// # Errors
    /// None that a test would not have found.
    pub fn shipped() -> Result<Self, LoadError> {
        let files = files::files(None).map_err(|problems| LoadError { problems })?;
        Self::of_files(files, Samples::default(), Vec::new())
    }

    fn of_files(
        files: Files,
        samples: Samples,
        mut problems: Vec<Problem>,
    ) -> Result<Self, LoadError> {
        let mut keep = |found: Vec<Problem>| problems.extend(found);
        let words = words(&files).map_err(&mut keep).unwrap_or_default();
        let environment = environment(&files, &words)
            .map_err(&mut keep)
            .unwrap_or_default();
        if problems.is_empty() {
            Ok(Self {
                environment,
                html: true,
                words,
                files,
                samples,
            })
        } else {
            problems.sort();
            Err(LoadError { problems })
        }
    }

    /// Gives up the samples, once [`Messages::check`] has tried them.
    pub fn forget_samples(&mut self) {
        self.samples = Samples::default();
    }

    /// From now on mails have their plain part only, and no files: for a replay, in which nobody reads the rest.
    pub fn keep_plain(&mut self) {
        self.html = false;
    }

    /// Whether mails have their plain part only.
    #[must_use]
    pub fn is_plain_only(&self) -> bool {
        !self.html
    }

    /// Whether a text names a kind of document that is issued with a number.
    #[must_use]
    pub fn names_document(&self, text: &str) -> bool {
        self.words.document_sign(text).is_some()
    }

    /// The commands of a chat, each without its slash, with what it does.
    #[must_use]
    pub fn commands(&self) -> Vec<(String, String)> {
        self.words.commands()
    }

    /// A word of the workbook of an export: a heading by its key, the word of a kind by `event-done`. What has no word, as
    /// a kind that is newer than the words, is shown as it is stored.
    #[must_use]
    pub fn export_word<'a>(&'a self, key: &'a str) -> &'a str {
        let word = self.words.export.get(key).map(String::as_str);
        word.unwrap_or_else(|| key.split_once('-').map_or(key, |(_, stored)| stored))
    }

    /// Whether there is such a template.
    pub(super) fn has(&self, template: &str) -> bool {
        self.environment.get_template(template).is_ok()
    }

    /// Renders one template.
    pub(super) fn render(&self, template: &str, view: &Value) -> Result<String, RenderError> {
        let found = self.environment.get_template(template);
        found
            .and_then(|template| template.render(view.clone()))
            .map_err(|error| RenderError(problem(&self.files, template, &error)))
    }

    /// Names that a template reads although neither a view nor the engine gives them.
    pub(super) fn unknown_names(&self, template: &str, known: &[String]) -> Vec<String> {
        let Ok(template) = self.environment.get_template(template) else {
            return Vec::new();
        };
        let mut names: Vec<String> = template.undeclared_variables(false).into_iter().collect();
        names.retain(|name| !known.contains(name) && name != "words");
        names.sort();
        names
    }
}

/// A view as a value that several templates can share.
pub(super) fn value(view: &impl serde::Serialize) -> Value {
    Value::from(Serde(view))
}

fn words(files: &Files) -> Result<Words, Vec<Problem>> {
    let file = &files[files::WORDS];
    Words::parse(&file.shown, &file.text)
}

fn environment(files: &Files, words: &Words) -> Result<Environment<'static>, Vec<Problem>> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build();
    environment.set_syntax(syntax.expect("the default delimiters are valid"));
    environment.set_auto_escape_callback(|name| {
        if name.ends_with(".html.j2") {
            AutoEscape::Html
        } else if name.starts_with("letter/") {
            AutoEscape::Custom(LETTER.into())
        } else {
            AutoEscape::None
        }
    });
    environment.set_formatter(
        |out, state, value| match (state.auto_escape(), value.as_str()) {
            (AutoEscape::Html, Some(text)) if !value.is_safe() => Ok(write_html(out, text)?),
            (AutoEscape::Custom(_), Some(text)) if !value.is_safe() => {
                Ok(out.write_str(&markup::escape(text))?)
            }
            (AutoEscape::Custom(_), _) => Ok(write!(out, "{value}")?),
            _ => escape_formatter(out, state, value),
        },
    );
    environment.add_filter("shorten", |text: &str, max: usize| {
        shorten(text, max).into_owned()
    });
    environment.add_filter("short", |day: &str, today: &str| {
        written(day, today).map(|day| day.short)
    });
    environment.add_filter("full", |day: &str| written(day, day).map(|day| day.full));
    environment.add_filter("parts", |day: &str| {
        written(day, day).map(|day| day.parts())
    });
    environment.add_filter("days_after", |day: &str, days: u64| {
        let later = read_day(day)?.checked_add_days(Days::new(days));
        Ok::<_, minijinja::Error>(later.map_or_else(|| day.to_owned(), |day| day.to_string()))
    });
    environment.add_filter("weekday", |day: &str| {
        written(day, day).map(|day| day.weekday)
    });
    environment.add_filter("grouped", grouped);
    environment.add_filter("fitting", fitting);
    // A number of tenths or hundredths: 875 with one place is 87,5.
    environment.add_filter("places", places);
    environment.add_filter("tenths", tenths);
    environment.add_global("words", value(words));
    let mut problems = Vec::new();
    for (path, file) in files {
        let Some(name) = template_name(path) else {
            continue;
        };
        if let Err(error) = environment.add_template_owned(name.to_owned(), file.text.clone()) {
            problems.push(problem(files, name, &error));
        }
    }
    if problems.is_empty() {
        Ok(environment)
    } else {
        Err(problems)
    }
}

/// The written forms of a date that a context holds as it is.
fn written(day: &str, today: &str) -> Result<Day, minijinja::Error> {
    Ok(Day::of(read_day(day)?, read_day(today)?))
}

fn read_day(text: &str) -> Result<NaiveDate, minijinja::Error> {
    text.parse().map_err(|_| {
        let kind = minijinja::ErrorKind::InvalidOperation;
        minijinja::Error::new(kind, format!("{text:?} is not a date"))
    })
}

/// How many of a list are shown where there is room for `most`: a line that says "1 more" is no shorter than the one that it
/// leaves out, so that of 9 with room for 8 all are, and of 10 only 8.
#[must_use]
pub fn fitting(length: usize, most: usize) -> usize {
    if length <= most.saturating_add(1) {
        length
    } else {
        most
    }
}

/// A number as officials write it, with a point between thousands: 10950 is `10.950`.
fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut written = if number < 0 { "-" } else { "" }.to_owned();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            written.push('.');
        }
        written.push(digit);
    }
    written
}

/// A number with so many places behind the comma, of which zeros at the end are left out: 875 with one is `87,5`.
fn places(number: u64, places: u32) -> String {
    let unit = 10_u64.saturating_pow(places);
    let digits = places as usize;
    let behind = format!("{:0digits$}", number % unit);
    match behind.trim_end_matches('0') {
        "" => (number / unit).to_string(),
        behind => format!("{},{behind}", number / unit),
    }
}

/// Points as they stand beside one another, all with one place behind the comma: 80 is `8,0`.
fn tenths(number: u64) -> String {
    format!("{},{}", number / 10, number % 10)
}

/// Escapes what HTML needs escaped. The engine's own way also turns every "/" of a date into an entity.
fn write_html(out: &mut impl fmt::Write, text: &str) -> fmt::Result {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
        out.write_str(&rest[..at])?;
        out.write_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#39;",
        })?;
        rest = &rest[at + 1..];
    }
    out.write_str(rest)
}

/// `brief/chat.txt.j2` for `vi/brief/chat.txt.j2`; `None` for what is no template.
pub(super) fn template_name(path: &str) -> Option<&str> {
    path.strip_prefix("vi/")
        .filter(|name| Path::new(name).extension().is_some_and(|kind| kind == "j2"))
}

/// An error of the engine, said about the file in which it arose.
fn problem(files: &Files, template: &str, error: &minijinja::Error) -> Problem {
    let innermost = std::iter::successors(Some(error), |error| {
        std::error::Error::source(*error).and_then(|source| source.downcast_ref())
    });
    let error = innermost
        .filter(|error| error.line().is_some())
        .last()
        .unwrap_or(error);
    let name = error.name().unwrap_or(template);
    let shown = files
        .get(&format!("vi/{name}"))
        .map_or(name, |file| file.shown.as_str());
    let remedy = match error.kind() {
        minijinja::ErrorKind::UndefinedError => {
            "use a name of messages/vi/brief/samples.json or of the embedded file"
        }
        minijinja::ErrorKind::TemplateNotFound => "name a file of messages/vi",
        _ => "compare the line with the embedded file",
    };
    let said = error.detail().map_or_else(
        || error.kind().to_string(),
        |detail| format!("{}: {detail}", error.kind()),
    );
    Problem::of_file(shown, said, remedy).at_line(error.line())
}
