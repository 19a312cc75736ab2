//! Who writes: what a reply says of its writer's own unit by name, it says of the writer, and what it says of another unit
//! that is known is that one's.

use std::collections::HashMap;
use std::sync::Arc;

use super::classes::Classes;
use super::clauses::Clause;
use super::clean::clean;
use super::completion::Completion;
use super::evidence::Evidence;
use super::lexer::tokens;
use super::reader::Reader;
use super::roles::Role;
use super::token::{Kind, Token};
use super::view::View;

/// A name of one word and fewer letters may be any abbreviation.
const SHORTEST: usize = 3;

/// The abbreviation of a department's field stands without "Sở" from so many letters on: "KHCN".
const SHORTEST_FIELD: usize = 4;

/// What may stand before a unit that is said to have done something.
const BEFORE: Classes = Classes::of(&[
    Role::Polite,
    Role::Greeting,
    Role::Own,
    Role::Item,
    Role::Task,
    Role::NumberSign,
    Role::Cited,
    Role::ReportVerb,
    Role::But,
]);

/// What a unit that stands alone is told to have said.
const INTRODUCES: Classes = Classes::of(&[Role::Polite, Role::Humble, Role::ReportVerb]);

/// The unit that a reply comes from, by all its names. [`Reader::writer`] makes one; the default is nobody known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Writer {
    /// The words of each name.
    names: Vec<Vec<Word>>,
    /// The units that are known, this one among them.
    known: Arc<Units>,
}

/// Units by all their names, read once for all writers. [`Reader::units`] makes them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Units {
    /// The words of each name, by the first without its marks.
    by_first: HashMap<String, Vec<Vec<Word>>>,
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
        let names = names.into_iter().flat_map(|name| self.spellings(name));
        Writer {
            names: names.collect(),
            known: Arc::default(),
        }
    }

    /// The units of these names.
    #[must_use]
    pub fn units<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Units {
        let mut units = Units::default();
        for words in names.into_iter().flat_map(|name| self.spellings(name)) {
            let first = words.first().map(|word| word.plain.clone());
            let alike = units.by_first.entry(first.unwrap_or_default()).or_default();
            alike.push(words);
        }
        units
    }

    /// A name in words, and the abbreviation that it ends with: "Sở KHCN" is called "KHCN" as well.
    fn spellings(&self, name: &str) -> impl Iterator<Item = Vec<Word>> + use<> {
        let cleaned = clean(name, |_| false);
        let words: Vec<Word> = tokens(&cleaned.text, &self.lexicon)
            .into_iter()
            .filter(|token| token.kind == Kind::Word)
            .map(|token| Word {
                exact: token.exact,
                plain: token.plain,
            })
            .collect();
        let field = match &words[..] {
            [kind, field] if kind.plain == "so" && field.plain.len() >= SHORTEST_FIELD => {
                Some(vec![field.clone()])
            }
            _ => None,
        };
        let names = [Some(words), field].into_iter().flatten();
        names.filter(|words| match &words[..] {
            [] => false,
            [word] => word.plain.len() >= SHORTEST,
            _ => true,
        })
    }
}

impl Writer {
    /// Whether the writer is known and belongs to no commune: what a commune has done is not done by it.
    fn is_above_communes(&self) -> bool {
        let is_of = |name: &Vec<Word>| {
            COMMUNES.iter().any(|kind| {
                let mut windows = name.windows(kind.len());
                windows.any(|words| {
                    words
                        .iter()
                        .zip(*kind)
                        .all(|(word, one)| word.plain == *one)
                })
            })
        };
        !self.names.is_empty() && !self.names.iter().any(is_of)
    }

    /// The same writer among units that are known.
    #[must_use]
    pub fn among(self, known: &Arc<Units>) -> Self {
        let known = Arc::clone(known);
        Self { known, ..self }
    }

    /// Makes the writer's names in a text words for "we", and for nobody else; and those of other units words for others
    /// where one is said to have done something.
    pub(super) fn claim(&self, view: &mut View) {
        let mut at = 0;
        while at < view.len() && !self.names.is_empty() {
            let known = self.known.by_first.get(&view.tokens[at].plain);
            let others = known.into_iter().flatten();
            let others = others.filter(|name| !self.names.contains(name));
            let commune = self.is_above_communes().then(|| commune(view, at));
            let own = self
                .names
                .iter()
                .filter_map(|name| ends(name, view, at))
                .max();
            let other = others.filter_map(|name| ends(name, view, at)).max();
            let other = other.max(commune.flatten());
            let end = own.max(other);
            if own.is_some() && own == end {
                view.rename(at..own.unwrap_or(at), Role::Own);
            } else if let Some(end) = other.filter(|end| is_another(view, at, *end)) {
                if !view.is(at, Role::Other) || view.is(at, Role::Own) {
                    view.rename(at..end, Role::Other);
                }
                view.others.push(at..end);
            }
            at = end.unwrap_or(at + 1);
        }
    }
}

/// Words that the name of a unit of the lowest level begins with.
const COMMUNES: [&[&str]; 3] = [&["xa"], &["phuong"], &["thi", "tran"]];

/// What stands before them where all of that level are meant.
const LEVEL: [&str; 3] = ["ben", "cap", "khoi"];

/// Where a commune ends that begins at a token: "xã Tam Thanh", "của thị trấn Ái Nghĩa"; "bên xã", "cấp xã", which are its own words
/// for itself.
fn commune(view: &View, at: usize) -> Option<usize> {
    const LONGEST: usize = 3;
    let plain = |at: usize| view.tokens.get(at).map(|token| token.plain.as_str());
    let begins = |at: usize| {
        COMMUNES
            .iter()
            .find(|kind| {
                (at..)
                    .zip(**kind)
                    .all(|(next, word)| plain(next) == Some(word))
            })
            .map(|kind| at + kind.len())
    };
    if let Some(end) = begins(at + 1)
        && LEVEL.contains(&plain(at).unwrap_or_default())
        && view.role(at, Role::Own).is_none_or(|own| own == end)
    {
        return Some(end);
    }
    let from = begins(at)?;
    let named = view.tokens.get(from..)?.iter().take(LONGEST);
    let named = named.take_while(|token| token.kind == Kind::Word && token.capital);
    let end = from + named.count();
    (end > from).then_some(end)
}

/// Whether a unit of another name is one that does something of its own: no authority that issues what others have made,
/// and not the place or the addressee of what is done.
fn is_another(view: &View, at: usize, end: usize) -> bool {
    let authority = view.role(at, Role::Authority).is_some_and(|of| of >= end);
    let begins = (0..at)
        .rev()
        .take_while(|before| !matches!(view.tokens[*before].kind, Kind::Mark(_)))
        .all(|before| {
            // "anh Tuấn bên Tiên Phước"
            let name = view.tokens[before].capital && view.begins(before).is_empty();
            name || view.begins(before).any(BEFORE)
                || view.is_covered(before)
                || matches!(
                    view.tokens[before].plain.as_str(),
                    "ben" | "phia" | "da" | "nghe" | "thay"
                )
        });
    let is_owned = at > 0 && view.tokens[at - 1].plain == "cua";
    !authority && (begins || is_owned || view.is(at, Role::Other))
}

/// "Tiên Phước nộp rồi", "Tiên Phước: II.2 xong": whether nothing but what another unit that is known has finished is told, or
/// all is told of the one that stands alone.
pub(super) fn is_told_of_another(view: &View, clauses: &[Clause], evidence: &Evidence) -> bool {
    let alone = |clause: &Clause| {
        let mut places = clause.start..clause.end;
        places.clone().any(|at| view.is_others(at))
            && places.all(|at| {
                let word = view.tokens[at].plain.as_str();
                view.is_others(at)
                    || view.begins(at).any(INTRODUCES)
                    || view.is_covered(at)
                    || matches!(word, "ben" | "phia")
            })
    };
    let mut states = evidence.completions.iter().map(|(state, _)| state);
    let by_others = states.clone().any(|state| *state == Completion::ByOthers)
        && !states.any(|state| matches!(state, Completion::Finished(_)));
    !view.others.is_empty() && by_others || clauses.iter().any(alone)
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
