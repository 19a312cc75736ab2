//! One file of `src/`, with the code of its tests set aside.

use super::token::{Token, tokens};

/// A file: where it stands and what of it is production code.
pub(super) struct Source {
    /// Path below `src/`, with `/`.
    pub(super) path: String,
    /// The tokens outside `mod tests { … }`; none for a file of tests.
    pub(super) code: Vec<Token>,
    /// The number of lines outside `mod tests { … }`.
    pub(super) lines: usize,
}

impl Source {
    pub(super) fn new(path: &str, text: &str) -> Self {
        let all = tokens(text);
        let mut source = Self {
            path: path.to_owned(),
            code: Vec::new(),
            lines: text.lines().count(),
        };
        if source.is_test() {
            source.lines = 0;
            return source;
        }
        let mut at = 0;
        while at < all.len() {
            if let Some(end) = test_module(&all[at..]) {
                source.lines -= all[at + end - 1].line - all[at].line + 1;
                at += end;
            } else {
                source.code.push(all[at].clone());
                at += 1;
            }
        }
        source
    }

    /// The module path: `["store", "briefs"]` for `store/briefs.rs` and for `store/briefs/mod.rs`; empty for a root.
    pub(super) fn module(&self) -> Vec<&str> {
        let mut module: Vec<&str> = self.path.trim_end_matches(".rs").split('/').collect();
        if module.last() == Some(&"mod") || module == ["main"] || module == ["lib"] {
            module.pop();
        }
        module
    }

    /// The layer of DESIGN.md: the top-level module, or `main` or `lib`.
    pub(super) fn layer(&self) -> &str {
        self.path
            .split('/')
            .next()
            .expect("split gives one part at least")
            .trim_end_matches(".rs")
    }

    /// Whether it is compiled for tests only: `foo/tests.rs` and what stands below `foo/tests/`.
    fn is_test(&self) -> bool {
        let (folders, file) = self.path.rsplit_once('/').unwrap_or(("", &self.path));
        file == "tests.rs" || folders.split('/').any(|folder| folder == "tests")
    }

    /// A message about a place in this file.
    pub(super) fn complain(&self, line: usize, what: &str) -> String {
        format!("src/{}:{line}: {what}", self.path)
    }
}

/// The number of tokens of the `#[cfg(test)] mod tests` that these start with, its body included.
fn test_module(tokens: &[Token]) -> Option<usize> {
    let start = ["#", "[", "cfg", "(", "test", ")", "]"];
    if !starts_with(tokens, &start) {
        return None;
    }
    let mut at = start.len();
    while starts_with(&tokens[at..], &["#", "["]) {
        at += 1 + group(&tokens[at + 1..]);
    }
    if !starts_with(&tokens[at..], &["mod", "tests"]) {
        return None;
    }
    at += 2;
    Some(
        at + if tokens.get(at)?.is_mark('{') {
            group(&tokens[at..])
        } else {
            1
        },
    )
}

/// Whether the tokens begin so; each piece is a word or one mark.
pub(super) fn starts_with(tokens: &[Token], pieces: &[&str]) -> bool {
    tokens.len() >= pieces.len()
        && pieces.iter().zip(tokens).all(|(piece, token)| {
            token.is_word(piece)
                || piece.chars().count() == 1 && piece.chars().all(|c| token.is_mark(c))
        })
}

/// The number of tokens from an opening bracket to its partner, both included.
pub(super) fn group(tokens: &[Token]) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        depth += usize::from("([{".contains(|c| token.is_mark(c)));
        depth -= usize::from(")]}".contains(|c| token.is_mark(c)));
        if depth == 0 {
            return at + 1;
        }
    }
    tokens.len()
}

#[test]
fn a_test_module_is_set_aside_and_what_follows_is_not() {
    let text =
        "fn a() {}\n#[cfg(test)]\n#[expect(x)]\nmod tests {\n  fn b() { c(\"}\") }\n}\nfn d() {}\n";
    let source = Source::new("store/briefs.rs", text);
    let words: Vec<_> = source.code.iter().filter_map(Token::word).collect();
    assert_eq!(words, ["fn", "a", "fn", "d"]);
    assert_eq!(source.lines, 2);
}

#[test]
fn a_file_knows_its_module_and_its_layer() {
    for (path, module, layer) in [
        ("store/briefs.rs", vec!["store", "briefs"], "store"),
        ("store/mod.rs", vec!["store"], "store"),
        ("clock.rs", vec!["clock"], "clock"),
        ("main.rs", vec![], "main"),
        ("lib.rs", vec![], "lib"),
    ] {
        let source = Source::new(path, "");
        assert_eq!((source.module(), source.layer()), (module, layer));
    }
}

#[test]
fn a_file_of_tests_has_no_production_code() {
    for path in [
        "domain/ladder/tests.rs",
        "domain/calendar/tests/properties.rs",
    ] {
        let source = Source::new(path, "use crate::store::Db;\n");
        assert_eq!((source.code.len(), source.lines), (0, 0), "{path}");
    }
}
