//! A word that no reader knows -> the word that was meant.

use super::keys::decode;
use super::lexicon::Lexicon;
use super::spell::{exact, is_syllable, plain};

/// The word that was meant by one that is not in the lexicon, in exact spelling; `None` where it may be any other word.
pub(super) fn intended(word: &str, lexicon: &Lexicon) -> Option<String> {
    let bare = plain(word);
    let shape = is_syllable(&bare);
    if shape && lexicon.knows_plain(&bare) {
        return None;
    }
    if let Some(short) = without_repeats(word)
        && (lexicon.knows(&short) || lexicon.knows_plain(&plain(&short)))
    {
        return Some(short);
    }
    if shape || bare.len() > 10 {
        return None;
    }
    if let Some(decoded) = decode(word) {
        return Some(decoded);
    }
    if word.is_ascii() && bare.len() < 4 {
        return None;
    }
    // A stray key at the end ("kế hoạchj"), two letters swapped ("thôgn"), one too many, one missing.
    let letters: Vec<char> = word.chars().collect();
    let known = |candidate: &str| lexicon.knows(candidate).then(|| candidate.to_owned());
    let without = |at: usize| -> String {
        let kept = letters.iter().enumerate().filter(|(index, _)| *index != at);
        kept.map(|(_, c)| *c).collect()
    };
    let swapped = |at: usize| -> String {
        let mut letters = letters.clone();
        letters.swap(at, at + 1);
        exact(&letters.iter().collect::<String>())
    };
    (1..letters.len().saturating_sub(1))
        .find_map(|at| known(&swapped(at)))
        .or_else(|| (0..letters.len()).rev().find_map(|at| known(&without(at))))
        .or_else(|| {
            (1..=letters.len()).find_map(|at| {
                "nghaouieytcmp".chars().find_map(|extra| {
                    let mut longer = letters.clone();
                    longer.insert(at, extra);
                    known(&exact(&longer.iter().collect::<String>()))
                })
            })
        })
}

/// The word with every run of one letter shortened to one, if it had such a run.
fn without_repeats(word: &str) -> Option<String> {
    let mut short = String::with_capacity(word.len());
    for c in word.chars() {
        if !short.ends_with(c) {
            short.push(c);
        }
    }
    (short.len() < word.len()).then_some(short)
}
