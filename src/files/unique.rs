//! Names that may stand only once, in one file or across several.

use std::collections::HashMap;
use std::hash::Hash;

use super::problem::Problem;
use super::toml::Place;

/// Where each name stood first.
#[derive(Debug)]
pub(crate) struct Unique<K> {
    what: &'static str,
    first: HashMap<K, Place>,
}

impl<K: Eq + Hash> Unique<K> {
    /// No names yet; `what` says what they name: `the id`.
    pub(crate) fn new(what: &'static str) -> Self {
        Self {
            what,
            first: HashMap::new(),
        }
    }

    /// Takes down a name; the problem, if it stood somewhere before.
    pub(crate) fn add(&mut self, key: K, shown: &str, at: &Place) -> Option<Problem> {
        if let Some(first) = self.first.get(&key) {
            let problem = format!("{} “{shown}” stands here a second time", self.what);
            let remedy = format!("the first is {}; keep one", shown_from(first, at));
            return Some(at.problem(problem, remedy));
        }
        self.first.insert(key, at.clone());
        None
    }
}

/// A place as seen from another: the file is named only when it is another one.
fn shown_from(place: &Place, from: &Place) -> String {
    if place.file == from.file {
        format!("on line {} ({})", place.line, place.key)
    } else {
        format!("in {}:{} ({})", place.file.display(), place.line, place.key)
    }
}
