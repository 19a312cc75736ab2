//! A hash for short keys of our own making (FNV-1a, 64 bits): nobody outside chooses the keys of these maps.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A map with this hash.
pub(super) type Map<K, V> = HashMap<K, V, BuildHasherDefault<Fnv>>;

const START: u64 = 0xcbf2_9ce4_8422_2325;

/// The state of a hash.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(START)
    }
}

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(u64::from(number));
    }

    fn write_u64(&mut self, number: u64) {
        // Spread over all bits: maps use the highest as well as the lowest.
        let mixed = (self.0 ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ (mixed >> 29);
    }
}

/// The hash of a text by its parts: the same for "b:" + "chua" + " " + "xong" and for the whole.
pub(super) fn hash(parts: &[&str]) -> u64 {
    let mut state = Fnv::default();
    for part in parts {
        state.write(part.as_bytes());
    }
    state.finish()
}
