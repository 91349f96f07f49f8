//! Which of many keys occur more than once, told in memory that does not grow with them.

use std::hash::BuildHasher;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use foldhash::fast::FixedState;

/// The keys that may occur more than once: all that do, and few that do not.
///
/// Two bits a slot, and each key has a slot; the slots take 8 MiB whatever the number of keys. Of
/// many keys some share a slot: a second look, at these alone and in other slots, tells most of
/// them apart.
pub struct Twice {
    once: Box<[AtomicU64]>,
    twice: Box<[AtomicU64]>,
    /// The first look, where this is the second one.
    first: Option<Box<Self>>,
}

/// How many slots there are.
const SLOTS: usize = 1 << 25;
const WORDS: usize = SLOTS / 64;

/// Some of the slots.
pub type Part = Range<usize>;

impl Default for Twice {
    fn default() -> Self {
        let bits = || (0..WORDS).map(|_| AtomicU64::new(0)).collect();
        Self { once: bits(), twice: bits(), first: None }
    }
}

impl Twice {
    /// The same keys once more, in other slots: each has to be added again.
    pub fn again(mut self) -> Self {
        self.once = Box::default();
        Self { first: Some(Box::new(self)), ..Self::default() }
    }

    /// The word of a key's slot, and its bit.
    fn slot(&self, key: &str) -> (usize, u64) {
        let seed = u64::from(self.first.is_some());
        let slot = FixedState::with_seed(seed).hash_one(key) as usize % SLOTS;
        (slot / 64, 1 << (slot % 64))
    }

    /// Whether a key may occur more than once.
    fn is_marked(&self, key: &str) -> bool {
        let (word, bit) = self.slot(key);
        let marked = |word: &AtomicU64| word.load(Ordering::Relaxed) & bit != 0;
        self.twice.get(word).is_some_and(marked)
    }

    /// Takes up a key; several threads may.
    pub fn add(&self, key: &str) {
        if self.first.as_ref().is_some_and(|first| !first.is_marked(key)) {
            return;
        }
        let (word, bit) = self.slot(key);
        let set = |bits: &[AtomicU64]| {
            bits.get(word).map_or(0, |word| word.fetch_or(bit, Ordering::Relaxed))
        };
        if set(&self.once) & bit != 0 {
            set(&self.twice);
        }
    }

    /// All slots in parts, in each of which about so many keys occur more than once at most.
    pub fn parts(&self, most: usize) -> Vec<Part> {
        let mut parts = Vec::new();
        let (mut from, mut held) = (0, 0);
        for (at, word) in self.twice.iter().enumerate() {
            let count = word.load(Ordering::Relaxed).count_ones() as usize;
            if held > 0 && held + count > most {
                parts.push(from..at);
                (from, held) = (at, 0);
            }
            held += count;
        }
        if held > 0 {
            parts.push(from..WORDS);
        }
        parts
    }

    /// Whether a key is of a part, and may occur more than once.
    pub fn is_of(&self, part: &Part, key: &str) -> bool {
        part.contains(&self.slot(key).0)
            && self.is_marked(key)
            && self.first.as_ref().is_none_or(|first| first.is_marked(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_that_occurs_twice_is_of_one_part_and_few_others_are() {
        assert!(Twice::default().parts(10).is_empty());
        let keys: Vec<String> = (0..20_000).map(|key| format!("key {key}")).collect();
        let added = |twice: Twice| {
            keys.iter().for_each(|key| twice.add(key));
            keys.iter().step_by(2).for_each(|key| twice.add(key));
            twice
        };
        for twice in [added(Twice::default()), added(added(Twice::default()).again())] {
            parts_hold(&twice, &keys);
        }
    }

    fn parts_hold(twice: &Twice, keys: &[String]) {
        for most in [1, 100, 4000, 1 << 20] {
            let parts = twice.parts(most);
            assert!(parts.len() >= 10_000 / most.max(1) / 2, "{most}");
            assert!(parts.len() <= 2 * 10_000 / most + 2, "{most}: {}", parts.len());
            if most < 100 {
                continue;
            }
            let of = |key: &String| parts.iter().filter(|part| twice.is_of(part, key)).count();
            assert!(keys.iter().step_by(2).all(|key| of(key) == 1));
            let others = keys.iter().skip(1).step_by(2).filter(|key| of(key) == 1).count();
            assert!(others < 100, "{others}");
        }
    }
}
