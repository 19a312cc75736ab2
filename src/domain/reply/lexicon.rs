//! The words of the language, by what they mean to the reader: a value that is built once and only read afterwards.
//!
//! Which words there are is data (`messages/vi/lexicon/`). Here is only how a phrase is found: by the spelling without
//! diacritics first, then by what each word may stand for. "hạn" is never "hàn"; "han" may be both, in a text that is
//! typed without diacritics.

use std::collections::HashSet;

use super::classes::{Class, Classes, MOST_CLASSES};
use super::hashing::Map;
use super::spell::{exact, plain};
use super::token::{Kind, Slack, Token};

/// A phrase of the lexicon, found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    pub class: Class,
    pub value: u32,
    pub start: usize,
    pub end: usize,
}

/// Signs of documents and codes of agencies, by their letters without case and diacritics.
#[derive(Clone, Debug, Default)]
pub struct Signs {
    exact: Map<String, String>,
    plain: Map<String, String>,
}

impl Signs {
    /// How a sign is written: "ttr" gives `TTr`, "qd" gives "QĐ".
    pub(super) fn canonical(&self, written: &str) -> Option<&str> {
        let written = written.to_lowercase();
        // "HD" guides, "HĐ" is a contract: as it is written, if that is one.
        self.exact
            .get(&written)
            .or_else(|| self.plain.get(&plain(&written)))
            .map(String::as_str)
    }
}

#[derive(Clone, Debug)]
struct Ending {
    class: Class,
    value: u32,
    exact: Box<[u32]>,
    /// Its words that stand for no other, whatever the text is typed like: one bit each.
    strict: u32,
}

#[derive(Clone, Debug, Default)]
struct Node {
    endings: Vec<Ending>,
}

/// All words, ready for reading.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    names: Vec<String>,
    plain_ids: Map<String, u32>,
    exact_ids: Map<String, u32>,
    next: Map<(u32, u32), u32>,
    nodes: Vec<Node>,
    rewrites: Map<String, Vec<String>>,
    real: HashSet<String>,
    common: Map<String, Vec<u32>>,
    quoting: Vec<String>,
    signs: Signs,
    idiom: Option<Class>,
    passing: Classes,
}

impl Lexicon {
    /// A lexicon that knows these classes and no word yet. The classes that the reader itself asks for come first.
    pub fn new() -> Self {
        Self {
            nodes: vec![Node::default()],
            ..Self::default()
        }
    }

    /// The class of this name, made if it is new; `None` when there are too many.
    pub fn class(&mut self, name: &str) -> Option<Class> {
        if let Some(class) = self.find_class(name) {
            return Some(class);
        }
        let class = u8::try_from(self.names.len())
            .ok()
            .filter(|class| usize::from(*class) < MOST_CLASSES)
            .map(Class)?;
        self.names.push(name.to_owned());
        if name == "idiom" {
            self.idiom = Some(class);
        }
        Some(class)
    }

    /// The class of this name.
    pub fn find_class(&self, name: &str) -> Option<Class> {
        let at = self.names.iter().position(|known| known == name)?;
        u8::try_from(at).ok().map(Class)
    }

    /// Says that a class serves patterns alone: where these have been looked for, its words are as unknown as before, to the rules
    /// and to the model, which was trained without it.
    pub fn keep_to_patterns(&mut self, class: Class) {
        self.passing = self.passing.and(class);
    }

    /// The classes that serve patterns alone.
    pub(super) fn passing(&self) -> Classes {
        self.passing
    }

    /// The names of the classes, for whoever mistyped one.
    pub fn class_names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// Adds a phrase of single words; one with "!" behind it counts only as it is spelt.
    pub fn add(&mut self, class: Class, value: u32, words: &[&str]) {
        let mut node = 0;
        let mut spellings = Vec::with_capacity(words.len());
        let mut strict = 0;
        for (at, word) in words.iter().enumerate() {
            let bare = word.strip_suffix('!');
            strict |= u32::from(bare.is_some()) << at.min(31);
            let spelt = exact(bare.unwrap_or(word));
            let next_plain = self.plain_ids.len();
            let id = *self
                .plain_ids
                .entry(plain(&spelt))
                .or_insert_with(|| u32::try_from(next_plain).unwrap_or(u32::MAX));
            let next_exact = self.exact_ids.len();
            let exact_id = *self
                .exact_ids
                .entry(spelt)
                .or_insert_with(|| u32::try_from(next_exact).unwrap_or(u32::MAX));
            spellings.push(exact_id);
            let next_node = self.nodes.len();
            node = *self
                .next
                .entry((node, id))
                .or_insert_with(|| u32::try_from(next_node).unwrap_or(u32::MAX));
            if node as usize == self.nodes.len() {
                self.nodes.push(Node::default());
            }
        }
        self.nodes[node as usize].endings.push(Ending {
            class,
            value,
            exact: spellings.into(),
            strict,
        });
    }

    /// Adds a word that means nothing to the reader but must not be taken for another.
    pub fn add_real(&mut self, word: &str) {
        self.real.insert(exact(word));
    }

    /// Says that a word typed without diacritics, alone, is this word (or another one said so), and no rarer one.
    pub fn add_common(&mut self, word: &str) {
        let spelt = exact(word);
        let bare = plain(&spelt);
        let next = self.exact_ids.len();
        let id = *self
            .exact_ids
            .entry(spelt)
            .or_insert_with(|| u32::try_from(next).unwrap_or(u32::MAX));
        self.common.entry(bare).or_default().push(id);
    }

    /// Adds an abbreviation or another spelling, and the words it stands for.
    pub fn add_rewrite(&mut self, from: &str, to: &[&str]) {
        let words = to.iter().map(|word| exact(word)).collect();
        self.rewrites.insert(exact(from), words);
    }

    /// Adds a sign of documents or a code of an agency as it is properly written.
    pub fn add_sign(&mut self, sign: &str) {
        let written = sign.to_lowercase();
        self.signs.plain.insert(plain(&written), sign.to_owned());
        self.signs.exact.insert(written, sign.to_owned());
    }

    /// Adds words at the end of a line after which somebody else is quoted.
    pub fn add_quoting(&mut self, ending: &str) {
        self.quoting.push(ending.to_lowercase());
    }

    pub(super) fn signs(&self) -> &Signs {
        &self.signs
    }

    /// Whether after this line somebody else is quoted.
    pub(super) fn ends_own_words(&self, line: &str) -> bool {
        let end = line.trim_end();
        self.quoting.iter().any(|ending| {
            let at = end.len().saturating_sub(ending.len());
            end.is_char_boundary(at) && end[at..].to_lowercase() == *ending
        })
    }

    /// Whether the word, in exact spelling, is one of the lexicon.
    pub(super) fn knows(&self, word: &str) -> bool {
        self.exact_ids.contains_key(word) || self.real.contains(word)
    }

    /// Whether some word of the lexicon is spelt so without its diacritics.
    pub(super) fn knows_plain(&self, word: &str) -> bool {
        self.plain_ids.contains_key(word)
    }

    /// What an abbreviation stands for.
    pub(super) fn rewritten(&self, word: &str) -> Option<&[String]> {
        self.rewrites.get(word).map(Vec::as_slice)
    }

    /// All phrases of a text, in order of their first word; what lies within an idiom is left out.
    pub(super) fn hits(&self, tokens: &[Token]) -> Vec<Hit> {
        let ids: Vec<Ids> = tokens
            .iter()
            .map(|token| match token.kind {
                Kind::Word => (
                    self.plain_ids.get(&token.plain).copied(),
                    self.exact_ids.get(&token.exact).copied(),
                ),
                _ => (None, None),
            })
            .collect();
        let mut hits = Vec::new();
        let mut idiom: Option<(usize, usize)> = None;
        for start in 0..tokens.len() {
            let first = hits.len();
            let mut node = 0;
            for at in start..tokens.len() {
                let Some(next) = ids[at].0.and_then(|id| self.next.get(&(node, id))) else {
                    break;
                };
                node = *next;
                for ending in &self.nodes[node as usize].endings {
                    if self.fits(ending, &tokens[start..=at], &ids[start..=at]) {
                        hits.push(Hit {
                            class: ending.class,
                            value: ending.value,
                            start,
                            end: at + 1,
                        });
                    }
                }
            }
            let own = hits[first..]
                .iter()
                .filter(|hit| Some(hit.class) == self.idiom);
            if let Some(longest) = own.map(|hit| hit.end).max()
                && idiom.is_none_or(|(_, end)| end < longest)
            {
                idiom = Some((start, longest));
            }
            if let Some((from, to)) = idiom {
                // "khoán chi | đã": what begins within it is no word of what follows either.
                let inside = |hit: &Hit| {
                    let within = hit.end <= to && hit.end - hit.start < to - from;
                    let crosses = hit.start > from && hit.start < to && hit.end > to;
                    (hit.start >= from && within) || (crosses && Some(hit.class) != self.idiom)
                };
                let kept: Vec<Hit> = hits.drain(first..).filter(|hit| !inside(hit)).collect();
                hits.extend(kept);
            }
        }
        hits
    }

    /// Whether the words are those of the phrase, or may stand for them.
    fn fits(&self, ending: &Ending, tokens: &[Token], ids: &[Ids]) -> bool {
        let grouped = ending.exact.len() > 1;
        ending
            .exact
            .iter()
            .zip(tokens.iter().zip(ids))
            .enumerate()
            .all(|(at, (wanted, (token, (_, own))))| match token.slack {
                _ if ending.strict >> at.min(31) & 1 == 1 => *own == Some(*wanted),
                Slack::Anywhere if !grouped => match self.common.get(&token.plain) {
                    Some(common) => common.contains(wanted),
                    None => true,
                },
                Slack::Anywhere => true,
                Slack::InGroup => *own == Some(*wanted) || grouped,
                Slack::None | Slack::Unreadable => *own == Some(*wanted),
            })
    }
}

/// What is known of a word: its plain and its exact spelling, where the lexicon has them.
type Ids = (Option<u32>, Option<u32>);
