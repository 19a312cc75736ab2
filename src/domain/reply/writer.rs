//! Who writes: what a reply says of its writer's own unit by name, it says of the writer.

use super::clean::clean;
use super::lexer::tokens;
use super::reader::Reader;
use super::roles::Role;
use super::token::{Kind, Token};
use super::view::View;

/// A name of one word and fewer letters may be any abbreviation.
const SHORTEST: usize = 3;

/// The unit that a reply comes from, by all its names. [`Reader::writer`] makes one; the default is nobody known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Writer {
    /// The words of each name.
    names: Vec<Vec<Word>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Word {
    exact: String,
    plain: String,
}

impl Reader {
    /// The unit of these names: its official name, its code, and how else people write it.
    #[must_use]
    pub fn writer<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Writer {
        let words = |name: &str| -> Vec<Word> {
            let cleaned = clean(name, |_| false);
            tokens(&cleaned.text, &self.lexicon)
                .into_iter()
                .filter(|token| token.kind == Kind::Word)
                .map(|token| Word {
                    exact: token.exact,
                    plain: token.plain,
                })
                .collect()
        };
        let names = names
            .into_iter()
            .map(words)
            .filter(|words| match &words[..] {
                [] => false,
                [word] => word.plain.len() >= SHORTEST,
                _ => true,
            });
        Writer {
            names: names.collect(),
        }
    }
}

impl Writer {
    /// Makes the writer's names in a text words for "we", and for nobody else.
    pub(super) fn claim(&self, view: &mut View) {
        let mut at = 0;
        while at < view.len() && !self.names.is_empty() {
            let ends = self.names.iter().filter_map(|name| ends(name, view, at));
            let Some(end) = ends.max() else {
                at += 1;
                continue;
            };
            view.rename(at..end, Role::Own);
            at = end;
        }
    }
}

/// Where a name ends that begins at a token, if it does.
fn ends(name: &[Word], view: &View, start: usize) -> Option<usize> {
    let mut at = start;
    for word in name {
        // "Sở Văn hóa, Thể thao", "TT&TT": what stands between the words of a name is written in many ways.
        if at > start && view.tokens.get(at).is_some_and(joins) {
            at += 1;
        }
        let token = view.tokens.get(at)?;
        let same = token.exact == word.exact || token.exact.is_ascii();
        if token.kind != Kind::Word || token.plain != word.plain || !same {
            return None;
        }
        at += 1;
    }
    Some(at)
}

fn joins(token: &Token) -> bool {
    matches!(token.kind, Kind::Mark(',' | '&' | '-'))
}
