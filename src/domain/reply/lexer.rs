//! Characters -> tokens.
//!
//! Document numbers, dates, tasks, per cents, hours and addresses become tokens of their own here, so that no rule
//! about words ever sees a part of them. Words are undone what typing did to them: abbreviations, undecoded keystrokes,
//! repeated letters, swapped letters.

use super::lexicon::Lexicon;
use super::numerals::{document, link, numeric, task};
use super::spell::{exact, is_syllable, plain};
use super::token::{Kind, Slack, Token};
use super::typos::intended;

/// How many tokens are read; nobody writes more.
pub(super) const MOST: usize = 4000;

/// How many unknown words are tried to be put right.
const MOST_TYPOS: usize = 60;

/// The tokens of a clean text.
pub(super) fn tokens(text: &str, lexicon: &Lexicon) -> Vec<Token> {
    let mut lexer = Lexer {
        text,
        lexicon,
        found: Vec::new(),
        at: 0,
        gap: true,
        typos: MOST_TYPOS,
        written_out: Vec::new(),
    };
    while lexer.at < text.len() && lexer.found.len() < MOST {
        lexer.step();
    }
    let mut found = lexer.found;
    loosen(&mut found, &lexer.written_out, lexicon);
    found
}

struct Lexer<'a> {
    text: &'a str,
    lexicon: &'a Lexicon,
    found: Vec<Token>,
    at: usize,
    gap: bool,
    typos: usize,
    /// The words that stand for abbreviations, in order.
    written_out: Vec<usize>,
}

impl Lexer<'_> {
    fn step(&mut self) {
        let rest = &self.text[self.at..];
        let Some(c) = rest.chars().next() else {
            return;
        };
        if matches!(c, ' ' | '\n') {
            self.gap = true;
            self.at += 1;
            return;
        }
        // "60-phần-trăm"
        let joins = c == '-'
            && !self.gap
            && rest[1..].starts_with(char::is_alphabetic)
            && self.found.last().is_some_and(|before| {
                matches!(before.kind, Kind::Word | Kind::Number(_))
                    && rest[1..].starts_with(char::is_lowercase)
            });
        if joins {
            self.gap = true;
            self.at += 1;
            return;
        }
        let glued = !self.gap
            && self
                .found
                .last()
                .is_some_and(|token| token.kind == Kind::Word);
        if c.is_ascii_digit() {
            let (kind, length) = document(rest, self.lexicon.signs()).map_or_else(
                || numeric(rest, self.after_time_word()),
                |(number, length)| (Kind::Document(number), length),
            );
            return self.push(kind, length);
        }
        if let Some(length) = link(rest) {
            return self.push(Kind::Link, length);
        }
        if (!glued || c.is_uppercase())
            && let Some((name, length)) = task(rest)
            && !(rest[..length].contains(',') && self.after_quarter_word())
        {
            return self.push(Kind::Task(name), length);
        }
        if c.is_alphabetic() {
            return self.word(rest);
        }
        let (kind, length) = mark(rest, c);
        self.push(kind, length);
    }

    /// "quý I,2 bản": the numeral is that of a quarter.
    fn after_quarter_word(&self) -> bool {
        let before = self.found.last();
        before.is_some_and(|before| matches!(before.plain.as_str(), "quy" | "qui"))
    }

    /// Whether the word before says that a date follows, so that "10.4" is one.
    fn after_time_word(&self) -> bool {
        self.found.last().is_some_and(|before| {
            matches!(
                before.plain.as_str(),
                "den" | "toi" | "ngay" | "qua" | "sang" | "truoc" | "hom"
            )
        })
    }

    fn word(&mut self, rest: &str) {
        let mut length = run(rest, |c| {
            c.is_alphabetic() || ('\u{300}'..='\u{36f}').contains(&c)
        });
        // "mụcX.4": a task glued to the word before it.
        if let Some(cut) = rest[..length]
            .char_indices()
            .find(|(at, c)| *at > 0 && matches!(c, 'I' | 'V' | 'X'))
            .map(|(at, _)| at)
            && rest[..cut].ends_with(char::is_lowercase)
            && task(&rest[cut..]).is_some()
        {
            length = cut;
        }
        // Keystrokes with digits: "ha5n", "tua62n".
        let with_digits = run(rest, char::is_alphanumeric);
        if with_digits > length && rest[..with_digits].is_ascii() && with_digits <= 10 {
            let lower = rest[..with_digits].to_ascii_lowercase();
            if let Some(word) = super::keys::decode(&lower) {
                length = with_digits;
                return self.push_word(word, length, rest);
            }
        }
        let written = exact(&rest[..length]);
        // "Hong" amidst a sentence is a name, not the "không" of a chat, and so it is in "xa Dien Hong".
        let mut before = self.found.iter().rev();
        let is_name = rest.starts_with(char::is_uppercase)
            && before
                .by_ref()
                .take(3)
                .take_while(|token| token.kind == Kind::Word)
                .any(|token| !token.capital)
            && written.len() > 1
            && !rest[..length].chars().all(char::is_uppercase);
        if let Some(words) = self.lexicon.rewritten(&written).filter(|_| !is_name) {
            let first = self.found.len();
            for word in words {
                self.push_word(word.clone(), length, rest);
                self.at -= length;
            }
            self.at += length;
            for token in &mut self.found[first..] {
                token.end = self.at;
            }
            self.written_out.extend(first..self.found.len());
            return;
        }
        let is_numeral = written.bytes().all(|letter| b"ivx".contains(&letter));
        let meant = if self.typos > 0 && !is_numeral && !self.lexicon.knows(&written) {
            intended(&written, self.lexicon)
        } else {
            None
        };
        self.typos -= usize::from(meant.is_some());
        self.push_word(meant.unwrap_or(written), length, rest);
    }

    fn push_word(&mut self, word: String, length: usize, rest: &str) {
        let capital = rest.starts_with(char::is_uppercase);
        self.push(Kind::Word, length);
        if let Some(token) = self.found.last_mut() {
            token.plain = plain(&word);
            token.exact = word;
            token.capital = capital;
        }
    }

    fn push(&mut self, kind: Kind, length: usize) {
        let start = self.at;
        self.at += length;
        self.found.push(Token {
            kind,
            start,
            end: self.at,
            exact: String::new(),
            plain: String::new(),
            capital: false,
            leads_with_zero: self.text[start..].starts_with('0'),
            gap: std::mem::take(&mut self.gap),
            slack: Slack::None,
        });
    }
}

/// Tells which words may stand for words with other diacritics: in a text typed without any, all of them; in another,
/// those that are no known word as they are, in the company of others. How an abbreviation is written out tells nothing of
/// how the text is typed.
fn loosen(tokens: &mut [Token], written_out: &[usize], lexicon: &Lexicon) {
    let typed = |at: &usize| written_out.binary_search(at).is_err();
    let words = tokens.iter().enumerate();
    let words = words.filter(|(at, token)| token.kind == Kind::Word && typed(at));
    let (mut all, mut marked) = (0, 0);
    for (_, word) in words {
        all += 1;
        marked += usize::from(!word.exact.is_ascii());
    }
    let unaccented = marked * 5 <= all;
    let half = marked * 2 <= all;
    for token in tokens.iter_mut() {
        let ascii = token.exact.is_ascii();
        let known = lexicon.knows(&token.exact);
        let unreadable = token.kind == Kind::Word
            && !(token.capital || known || lexicon.knows_plain(&token.plain))
            && !is_syllable(&token.plain);
        token.slack = match (ascii, known) {
            _ if unreadable => Slack::Unreadable,
            (true, _) if unaccented => Slack::Anywhere,
            (true, false) if half => Slack::Anywhere,
            (_, false) => Slack::InGroup,
            _ => Slack::None,
        };
    }
}

/// Marks of questions, pictures among them.
const QUESTIONS: [char; 5] = ['?', '？', '❓', '❔', '⁉'];

fn mark(rest: &str, c: char) -> (Kind, usize) {
    let kind = match c {
        '✅' | '✔' | '☑' | '✓' | '🏁' | '💯' => Kind::Check,
        '👍' | '👌' | '🆗' | '🙏' | '🫡' | '❤' => Kind::Thumb,
        '❌' | '❎' | '✖' | '✗' | '✘' | '👎' | '🚫' | '⛔' | '⏳' | '⌛' | '🚧' | '🔜' => {
            Kind::Open
        }
        c if QUESTIONS.contains(&c) => Kind::Mark('?'),
        '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}' => Kind::Picture,
        '\u{2010}'..='\u{2015}' | '-' | '~' => Kind::Mark('-'),
        '"' | '“' | '”' | '«' | '»' | '„' => Kind::Mark('"'),
        '…' => Kind::Mark('…'),
        '，' => Kind::Mark(','),
        '。' => Kind::Mark('.'),
        '；' => Kind::Mark(';'),
        '！' => Kind::Mark('!'),
        '：' => Kind::Mark(':'),
        other => Kind::Mark(other),
    };
    if matches!(kind, Kind::Mark('.' | '?' | '!')) {
        // "..." is one mark, and so is "?!".
        let length = run(rest, |c| {
            matches!(c, '.' | '!' | '。' | '！') || QUESTIONS.contains(&c)
        });
        let run = &rest[..length];
        if run.contains(QUESTIONS) {
            return (Kind::Mark('?'), length);
        }
        if length > 1 && run.starts_with("..") {
            return (Kind::Mark('…'), length);
        }
        return (kind, length);
    }
    (kind, c.len_utf8())
}

fn run(text: &str, inside: impl Fn(char) -> bool) -> usize {
    text.find(|c| !inside(c)).unwrap_or(text.len())
}
