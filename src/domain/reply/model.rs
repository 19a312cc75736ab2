//! A second opinion: a linear model over words and classes.
//!
//! Its weights are data, trained by `examples/train_replies.rs` on the labelled replies of `tests/data/`. It breaks ties
//! and fills in where no rule finds anything; it makes no "done" sure that a rule contradicts.

use super::hashing::{Map, hash};
use super::intent::Intent;

/// Weights of one feature, one per intent in the order of [`Intent::ALL`], in hundredths.
pub type Weights = [i16; 10];

/// The weights of all features.
#[derive(Clone, Debug, Default)]
pub struct Model {
    weights: Map<u64, Weights>,
}

impl Model {
    /// Adds a feature.
    pub fn add(&mut self, feature: &str, weights: Weights) {
        self.weights.insert(hash(&[feature]), weights);
    }

    /// The score of each intent.
    pub(super) fn scores(&self, features: &[u64]) -> [f32; 10] {
        let mut sums = [0_i32; 10];
        for feature in features {
            if let Some(weights) = self.weights.get(feature) {
                for (sum, weight) in sums.iter_mut().zip(weights) {
                    *sum += i32::from(*weight);
                }
            }
        }
        sums.map(|sum| f32::from(i16::try_from(sum).unwrap_or(i16::MAX)) / 100.0)
    }
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
