//! Rust text to tokens, as far as these checks need it: identifiers, string literals and punctuation, with lines.

/// What a piece of source is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// An identifier or keyword; a raw identifier without its `r#`.
    Word(String),
    /// The contents of a string literal, escapes left as written.
    Text(String),
    /// One character of punctuation.
    Mark(char),
}

/// One token and the line it starts on, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) line: usize,
}

impl Token {
    pub(super) fn is_word(&self, word: &str) -> bool {
        self.word() == Some(word)
    }

    pub(super) fn is_mark(&self, mark: char) -> bool {
        self.kind == Kind::Mark(mark)
    }

    pub(super) fn word(&self) -> Option<&str> {
        match &self.kind {
            Kind::Word(word) => Some(word),
            Kind::Text(_) | Kind::Mark(_) => None,
        }
    }
}

/// The tokens of a file. Comments, numbers, characters and lifetimes leave nothing behind.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut reader = Reader {
        chars: text.chars().collect(),
        at: 0,
        line: 1,
    };
    let mut tokens = Vec::new();
    while let Some(first) = reader.peek(0) {
        let line = reader.line;
        let kind = match first {
            '/' if reader.peek(1) == Some('/') => {
                reader.take_while(|c| c != '\n');
                None
            }
            '/' if reader.peek(1) == Some('*') => {
                reader.skip_block_comment();
                None
            }
            '"' => Some(Kind::Text(reader.take_string())),
            '\'' => {
                reader.skip_char_or_lifetime();
                None
            }
            c if c.is_ascii_digit() => {
                reader.take_while(is_word_char);
                None
            }
            c if is_word_char(c) => Some(reader.take_word()),
            c => {
                reader.next();
                (!c.is_whitespace()).then_some(Kind::Mark(c))
            }
        };
        tokens.extend(kind.map(|kind| Token { kind, line }));
    }
    tokens
}

fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

struct Reader {
    chars: Vec<char>,
    at: usize,
    line: usize,
}

impl Reader {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek(0)?;
        self.at += 1;
        self.line += usize::from(c == '\n');
        Some(c)
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> String {
        let mut taken = String::new();
        while self.peek(0).is_some_and(&wanted) {
            taken.extend(self.next());
        }
        taken
    }

    /// Block comments nest.
    fn skip_block_comment(&mut self) {
        let mut depth = 0_u32;
        while let Some(c) = self.next() {
            match (c, self.peek(0)) {
                ('/', Some('*')) => depth += 1,
                ('*', Some('/')) => depth -= 1,
                _ => continue,
            }
            self.next();
            if depth == 0 {
                return;
            }
        }
    }

    fn take_string(&mut self) -> String {
        self.next();
        let mut contents = String::new();
        while let Some(c) = self.next() {
            match c {
                '"' => break,
                '\\' => {
                    contents.push(c);
                    contents.extend(self.next());
                }
                c => contents.push(c),
            }
        }
        contents
    }

    fn take_raw_string(&mut self) -> String {
        let fence = self.take_while(|c| c == '#').len();
        self.next();
        let mut contents = String::new();
        while let Some(c) = self.next() {
            if c == '"' && (0..fence).all(|ahead| self.peek(ahead) == Some('#')) {
                self.at += fence;
                break;
            }
            contents.push(c);
        }
        contents
    }

    /// `'a'`, `'\u{1ea1}'` or `'static`.
    fn skip_char_or_lifetime(&mut self) {
        self.next();
        if self.peek(0) == Some('\\') {
            self.next();
            self.next();
            self.take_while(|c| c != '\'');
            self.next();
        } else if self.peek(1) == Some('\'') {
            self.next();
            self.next();
        } else {
            self.take_while(is_word_char);
        }
    }

    /// A word, or the string that a prefix such as `r#` or `b` announces.
    fn take_word(&mut self) -> Kind {
        let word = self.take_while(is_word_char);
        let hashes = self.chars[self.at..]
            .iter()
            .take_while(|c| **c == '#')
            .count();
        let quoted = self.peek(hashes) == Some('"');
        match word.as_str() {
            "r" | "br" | "cr" if quoted => Kind::Text(self.take_raw_string()),
            "b" | "c" if quoted && hashes == 0 => Kind::Text(self.take_string()),
            "r" if hashes == 1 => {
                self.next();
                Kind::Word(self.take_while(is_word_char))
            }
            _ => Kind::Word(word),
        }
    }
}

#[test]
fn comments_characters_and_lifetimes_leave_no_token() {
    let text = "a /* b /* c */ d */ 'e' '\\'' '\"' '\\u{1ea1}' <'f> // g\n1_000u8 h";
    let found: Vec<_> = tokens(text)
        .iter()
        .filter_map(|t| t.word().map(|w| (w.to_owned(), t.line)))
        .collect();
    assert_eq!(found, [("a".to_owned(), 1), ("h".to_owned(), 2)]);
}

#[test]
fn strings_of_every_form_are_read_whole() {
    let text = r##"x("a \" b", r"c\", r#"d " e"#, b"f", br#"g"#, c"h", r#type)"##;
    let found: Vec<_> = tokens(text)
        .into_iter()
        .filter_map(|token| match token.kind {
            Kind::Text(text) => Some(text),
            Kind::Word(_) | Kind::Mark(_) => None,
        })
        .collect();
    assert_eq!(found, ["a \\\" b", "c\\", "d \" e", "f", "g", "h"]);
    assert!(tokens(text).iter().any(|token| token.is_word("type")));
}

#[test]
fn a_line_is_counted_inside_strings_and_comments_too() {
    let found = tokens("/*\n\n*/ \"\n\" a");
    assert_eq!(found.last().map(|token| token.line), Some(4));
}
