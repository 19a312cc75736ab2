//! What a value of a file can become.

use std::time::Duration;

use chrono::{NaiveDate, NaiveTime};

use super::document::{Kind, Node};
use crate::files::nearest::{did_you_mean, quoted};

/// Why a value cannot become what is wanted.
#[derive(Debug)]
pub(crate) struct Wrong {
    /// What is wrong.
    pub problem: String,
    /// What would be right.
    pub remedy: String,
    /// Whether a value of another kind is wanted: the place knows an example.
    pub is_of_kind: bool,
}

impl Wrong {
    /// A value that is wrong in this way.
    pub(crate) fn new(problem: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            problem: problem.into(),
            remedy: remedy.into(),
            is_of_kind: false,
        }
    }

    fn kind(node: &Node, wanted: &str, example: &str) -> Self {
        Self {
            is_of_kind: true,
            ..Self::new(
                format!("this is {}, not {wanted}", node.describe()),
                format!("write for example {example}"),
            )
        }
    }
}

/// How the text of a key is written, for whoever wrote another kind of value there.
const TEXTS: [(&str, &str); 8] = [
    ("database", "\"dondoc.db\""),
    ("schedules", "\"schedules\""),
    ("messages", "\"messages\""),
    ("host", "\"mail.province.example\""),
    ("user", "\"dondoc@province.example\""),
    ("from", "\"Dondoc <dondoc@province.example>\""),
    ("brief", "\"0 30 7 * * *\""),
    ("digest", "\"0 30 7 * * Mon\""),
];

/// Something that a value of a file can become.
pub(crate) trait FromNode: Sized {
    /// How it is written, for whoever left it out.
    fn example() -> String;

    /// Reads it.
    fn from_node(node: &Node) -> Result<Self, Wrong>;

    /// How it is written under this key.
    fn example_of(_key: &str) -> String {
        Self::example()
    }
}

/// One of a few words.
pub(crate) trait Word: Copy + 'static {
    /// The words and what they mean.
    const WORDS: &'static [(&'static str, Self)];
}

impl<W: Word> FromNode for W {
    fn example() -> String {
        format!("\"{}\"", W::WORDS.first().map_or("…", |(word, _)| word))
    }

    fn from_node(node: &Node) -> Result<Self, Wrong> {
        let words = || W::WORDS.iter().map(|(word, _)| *word);
        let text = text(node, "a word", &Self::example())?;
        let found = W::WORDS.iter().find(|(word, _)| *word == text);
        found.map(|(_, value)| *value).ok_or_else(|| {
            let otherwise = format!("write {}", quoted(words()));
            Wrong::new(
                format!("“{text}” is not one of the words known here"),
                did_you_mean(text, words(), &otherwise),
            )
        })
    }
}

impl FromNode for String {
    fn example() -> String {
        "\"…\"".to_owned()
    }

    fn example_of(key: &str) -> String {
        let found = TEXTS.iter().find(|(known, _)| *known == key);
        found
            .map_or("\"Sở Nội vụ\"", |(_, example)| example)
            .to_owned()
    }

    fn from_node(node: &Node) -> Result<Self, Wrong> {
        text(node, "a text", "\"Sở Nội vụ\"").map(str::to_owned)
    }
}

impl FromNode for bool {
    fn example() -> String {
        "true".to_owned()
    }

    fn from_node(node: &Node) -> Result<Self, Wrong> {
        match node.kind {
            Kind::Bool(yes) => Ok(yes),
            _ => Err(Wrong::kind(node, "true or false", &Self::example())),
        }
    }
}

macro_rules! number {
    ($($type:ty),*) => {$(
        impl FromNode for $type {
            fn example() -> String {
        "5".to_owned()
    }

            fn example_of(key: &str) -> String {
                if key == "year" { "2020" } else { "5" }.to_owned()
            }

            fn from_node(node: &Node) -> Result<Self, Wrong> {
                let number = match &node.kind {
                    Kind::Integer(number) => *number,
                    Kind::Text(text) if text.parse::<i64>().is_ok() => {
                        let problem = "this is a text, not a whole number";
                        return Err(Wrong::new(problem, format!("write {text} without quotation marks")));
                    }
                    _ => return Err(Wrong::kind(node, "a whole number", "5")),
                };
                Self::try_from(number).map_err(|_| {
                    let remedy = format!("write a number from {} to {}", Self::MIN, Self::MAX);
                    Wrong::new(format!("{number} is too small or too large"), remedy)
                })
            }
        }
    )*};
}

number!(i32, i64, u16, u32, usize);

impl FromNode for NaiveDate {
    fn example() -> String {
        "\"2020-03-31\"".to_owned()
    }

    fn from_node(node: &Node) -> Result<Self, Wrong> {
        let text = text(node, "a date", &Self::example())?;
        let is_iso = text.len() == 10 && text.is_ascii();
        let date = is_iso
            .then(|| Self::parse_from_str(text, "%Y-%m-%d").ok())
            .flatten();
        date.ok_or_else(|| {
            Wrong::new(
                format!("“{text}” is not a date"),
                "write year-month-day: \"2020-03-31\"",
            )
        })
    }
}

impl FromNode for NaiveTime {
    fn example() -> String {
        "\"07:30\"".to_owned()
    }

    fn from_node(node: &Node) -> Result<Self, Wrong> {
        let text = text(node, "an hour of the day", &Self::example())?;
        Self::parse_from_str(text, "%H:%M").map_err(|_| {
            Wrong::new(
                format!("“{text}” is not an hour of the day"),
                "write hour:minute: \"07:30\"",
            )
        })
    }
}

impl FromNode for Duration {
    fn example() -> String {
        "\"5m\"".to_owned()
    }

    fn from_node(node: &Node) -> Result<Self, Wrong> {
        let text = text(node, "a length of time", &Self::example())?;
        parse_duration(text).ok_or_else(|| {
            let remedy = "write a whole number and s, m, h or d: \"90s\", \"5m\", \"2h\"";
            Wrong::new(format!("“{text}” is not a length of time"), remedy)
        })
    }
}

/// `90s`, `5m`, `2h`, `1d`; at least a second, at most a year.
fn parse_duration(text: &str) -> Option<Duration> {
    let unit = text.chars().last()?;
    let number: u64 = text.strip_suffix(unit)?.trim_end().parse().ok()?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 60 * 60,
        'd' => 24 * 60 * 60,
        _ => return None,
    };
    let total = number.checked_mul(seconds)?;
    (1..=366 * 24 * 60 * 60)
        .contains(&total)
        .then(|| Duration::from_secs(total))
}

fn text<'n>(node: &'n Node, wanted: &str, example: &str) -> Result<&'n str, Wrong> {
    match &node.kind {
        Kind::Text(text) => Ok(text),
        _ => Err(Wrong::kind(node, wanted, example)),
    }
}
