//! A second opinion: a linear model over words and classes.
//!
//! Its weights are data, trained by `examples/train_replies.rs` on the labelled replies of `tests/data/`. It breaks ties
//! and fills in where no rule finds anything; it makes no "done" sure that a rule contradicts.

use super::hashing::hash;
use super::intent::Intent;

/// Weights of one feature, one per intent in the order of [`Intent::ALL`], in hundredths.
pub type Weights = [i16; 10];

/// How many bits of a hash say where in the list it is looked for: about as many places as there are features.
const PLACE_BITS: u32 = 15;

/// The weights of all features: a list in the order of their hashes, and where in it those of the same first bits begin. A
/// daemon holds it for good, and a map would take twice the memory.
#[derive(Clone, Debug, Default)]
pub struct Model {
    starts: Vec<u32>,
    hashes: Vec<u64>,
    weights: Vec<Weights>,
}

impl Model {
    /// The model of these features; of one that is there twice, the last counts.
    pub fn new<'f>(features: impl IntoIterator<Item = (&'f str, Weights)>) -> Self {
        let features = features.into_iter();
        let mut features: Vec<(u64, Weights)> = features
            .map(|(feature, weights)| (hash(&[feature]), weights))
            .collect();
        features.reverse();
        features.sort_by_key(|(hash, _)| *hash);
        features.dedup_by_key(|(hash, _)| *hash);
        let place = |first: u64| features.partition_point(|(hash, _)| place_of(*hash) < first);
        let starts = (0..=1 << PLACE_BITS).map(|first| u32::try_from(place(first)));
        Self {
            starts: starts.map(|start| start.unwrap_or(u32::MAX)).collect(),
            hashes: features.iter().map(|(hash, _)| *hash).collect(),
            weights: features.into_iter().map(|(_, weights)| weights).collect(),
        }
    }

    /// The weights of the feature of this hash.
    fn find(&self, hash: u64) -> Option<&Weights> {
        let place = usize::try_from(place_of(hash)).ok()?;
        let [from, to] = *self.starts.get(place..place + 2)?.first_chunk()?;
        let (from, to) = (from as usize, to as usize);
        let at = self.hashes.get(from..to)?.binary_search(&hash).ok()?;
        self.weights.get(from + at)
    }

    /// The score of each intent.
    pub(super) fn scores(&self, features: &[u64]) -> [f32; 10] {
        let mut sums = [0_i32; 10];
        for feature in features {
            if let Some(weights) = self.find(*feature) {
                for (sum, weight) in sums.iter_mut().zip(weights) {
                    *sum += i32::from(*weight);
                }
            }
        }
        sums.map(|sum| f32::from(i16::try_from(sum).unwrap_or(i16::MAX)) / 100.0)
    }
}

/// The first bits of a hash, as a number.
fn place_of(hash: u64) -> u64 {
    hash >> (u64::BITS - PLACE_BITS)
}

/// The probability of each intent.
pub(super) fn probabilities(scores: [f32; 10]) -> [f32; 10] {
    let highest = scores.iter().copied().fold(f32::MIN, f32::max);
    let exponents = scores.map(|score| (score - highest).exp());
    let sum: f32 = exponents.iter().sum();
    exponents.map(|exponent| exponent / sum)
}

/// The most probable intent.
pub(super) fn best(scores: &[f32; 10]) -> Intent {
    let mut best = (Intent::Unknown, f32::MIN);
    for (intent, score) in Intent::ALL.into_iter().zip(scores) {
        if *score > best.1 {
            best = (intent, *score);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_feature_is_found_with_its_own_weights_and_no_other_is() {
        let names: Vec<String> = (0..2000).map(|number| format!("b:{number}")).collect();
        let weights = |number: usize| [i16::try_from(number).unwrap(); 10];
        let features = names.iter().zip(0..);
        let model = Model::new(features.map(|(name, number)| (name.as_str(), weights(number))));
        for (name, number) in names.iter().zip(0..) {
            assert_eq!(model.find(hash(&[name])), Some(&weights(number)), "{name}");
        }
        assert_eq!(model.find(hash(&["b:2000"])), None);
        assert_eq!(Model::default().find(hash(&["b:1"])), None);
    }

    #[test]
    fn of_a_feature_that_is_there_twice_the_last_counts() {
        let model = Model::new([
            ("b:xong", [1; 10]),
            ("b:chưa", [3; 10]),
            ("b:xong", [2; 10]),
        ]);
        assert_eq!(model.find(hash(&["b:xong"])), Some(&[2; 10]));
    }
}
