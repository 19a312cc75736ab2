//! Length, code for tests, and words for people.

use super::source::{Source, group, starts_with};
use super::token::Kind;

const MOST_LINES: usize = 400;

/// So many words with Vietnamese letters make a sentence; names ("Sở Nội vụ", "Tết Nguyên đán") are shorter.
const SENTENCE: usize = 4;

/// Where Vietnamese is what the code reads, not what it says.
const LEXICONS: [&str; 4] = [
    "domain/deadline",
    "domain/reply",
    "channels/mailbox/decode",
    "files/plan/owners",
];

/// A complaint if the file is too long.
pub(super) fn length(source: &Source) -> Vec<String> {
    if source.lines <= MOST_LINES {
        return Vec::new();
    }
    let what = format!(
        "{} lines without tests, at most {MOST_LINES}: one idea per file",
        source.lines
    );
    vec![source.complain(source.lines, &what)]
}

/// The places that compile differently for tests, other than `#[cfg(test)] mod tests`.
pub(super) fn conditional_code(source: &Source) -> Vec<String> {
    let code = &source.code;
    (0..code.len())
        .filter(|at| code[*at].is_word("cfg") || code[*at].is_word("cfg_attr"))
        .filter(|at| {
            let open = at + 1 + usize::from(starts_with(&code[at + 1..], &["!"]));
            starts_with(&code[open..], &["("])
                && code[open..open + group(&code[open..])]
                    .iter()
                    .any(|token| token.is_word("test"))
        })
        .map(|at| {
            source.complain(
                code[at].line,
                "only `#[cfg(test)] mod tests` may depend on tests",
            )
        })
        .collect()
}

/// The string literals that are Vietnamese sentences.
pub(super) fn sentences(source: &Source) -> Vec<String> {
    if LEXICONS
        .iter()
        .any(|lexicon| is_below(&source.path, lexicon))
    {
        return Vec::new();
    }
    let offence =
        |text: &str| format!("a sentence that people read belongs to messages/: {text:?}");
    source
        .code
        .iter()
        .filter_map(|token| match &token.kind {
            Kind::Text(text) if is_sentence(text) => {
                Some(source.complain(token.line, &offence(text)))
            }
            Kind::Text(_) | Kind::Word(_) | Kind::Mark(_) => None,
        })
        .collect()
}

/// Whether a path is `folder.rs` or stands below `folder/`.
fn is_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder)
        .is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
}

/// An example of the command line shows what a user types, Vietnamese included.
fn is_sentence(text: &str) -> bool {
    let is_example = text.contains("dondoc ");
    !is_example
        && text
            .split_whitespace()
            .filter(|word| word.contains(is_vietnamese))
            .count()
            >= SENTENCE
}

/// A Latin letter with a mark, composed or as a combining mark of its own.
fn is_vietnamese(c: char) -> bool {
    c.is_alphabetic() && matches!(c, '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
        || matches!(c, '\u{300}'..='\u{36f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_file_is_found_and_its_tests_do_not_count() {
        let body = "const A: u8 = 0;\n".repeat(MOST_LINES);
        let tests = format!("#[cfg(test)]\nmod tests {{\n{body}}}\n");
        assert_eq!(
            length(&Source::new("store/a.rs", &format!("{body}{tests}"))),
            [""; 0]
        );
        assert_eq!(
            length(&Source::new("store/a/tests.rs", &format!("{body}{body}"))),
            [""; 0]
        );
        assert_eq!(
            length(&Source::new("store/a.rs", &format!("{body}\n"))).len(),
            1
        );
    }

    #[test]
    fn code_for_tests_outside_a_test_module_is_found() {
        for text in [
            "#[cfg(test)]\nfn helper() {}",
            "#[cfg(test)]\nuse std::fmt;",
            "#[cfg(test)]\nmod fixtures;",
            "#[cfg(not(test))]\nfn f() {}",
            "#[cfg(any(test, feature = \"x\"))]\nmod tests {}",
            "#[cfg_attr(test, derive(Debug))]\nstruct A;",
            "fn f() { if cfg!(test) {} }",
        ] {
            assert_eq!(
                conditional_code(&Source::new("store/a.rs", text)).len(),
                1,
                "{text}"
            );
        }
    }

    #[test]
    fn test_modules_and_other_conditions_raise_no_alarm() {
        for text in [
            "#[cfg(test)]\nmod tests;",
            "#[cfg(test)]\nmod tests {\n    #[cfg(test)]\n    fn f() {}\n}",
            "#[cfg(unix)]\nfn f(test: u8) { g(test) }",
            "fn f() {} // #[cfg(test)]",
        ] {
            assert_eq!(
                conditional_code(&Source::new("store/a.rs", text)),
                [""; 0],
                "{text}"
            );
        }
    }

    #[test]
    fn an_example_of_the_command_line_is_no_sentence() {
        let help = "const A: &str = \"dondoc deadline 'chậm nhất 30 ngày kể từ ngày ban hành'\";";
        assert_eq!(sentences(&Source::new("cli/deadline.rs", help)), [""; 0]);
    }

    #[test]
    fn a_vietnamese_sentence_is_found() {
        for text in [
            "const A: &str = \"Kính gửi đồng chí, nhiệm vụ sau đã quá hạn\";",
            "fn f() { write!(w, r#\"{} đã được ghi nhận là hoàn thành\"#) }",
            "const A: &str = \"Ti\u{302}\u{301}p nha\u{323}\u{302}n ba\u{301}o ca\u{301}o\";",
        ] {
            assert_eq!(
                sentences(&Source::new("app/plan.rs", text)).len(),
                1,
                "{text}"
            );
        }
    }

    #[test]
    fn names_comments_lexicons_and_tests_raise_no_alarm() {
        for (path, text) in [
            (
                "domain/directory.rs",
                "const A: [&str; 3] = [\"Sở Nội vụ\", \"UBND tỉnh\", \"thứ Hai\"];",
            ),
            (
                "app/plan.rs",
                "// Kính gửi đồng chí, nhiệm vụ sau đã quá hạn\n",
            ),
            (
                "app/plan.rs",
                "#[cfg(test)]\nmod tests { const A: &str = \"nhiệm vụ đã quá hạn\"; }",
            ),
            (
                "domain/reply/lexicon.rs",
                "const A: &str = \"đã hoàn thành rồi ạ\";",
            ),
            (
                "domain/deadline.rs",
                "const A: &str = \"kể từ ngày được ban hành\";",
            ),
        ] {
            assert_eq!(
                sentences(&Source::new(path, text)),
                [""; 0],
                "{path}: {text}"
            );
        }
    }
}
