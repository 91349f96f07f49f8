//! The codes of machines, a row each.

use std::borrow::Cow;
use std::sync::Arc;

use super::waiting::NOBODY;
use crate::logic::widely;

/// Where the codes of a machine stand: in cells, each with a byte before it that is left open for
/// whoever writes a line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shape {
    places: Vec<usize>,
    length: usize,
}

impl Shape {
    /// Cells of so many codes each.
    pub fn new(cells: &[usize]) -> Self {
        let mut shape = Self::default();
        for count in cells {
            shape.length += 1;
            shape.places.extend(shape.length..shape.length + count);
            shape.length += count;
        }
        shape
    }

    /// Where each code stands among a machine's bytes.
    pub fn places(&self) -> &[usize] {
        &self.places
    }

    /// How many bytes the cells have; one more is left open behind them.
    pub fn length(&self) -> usize {
        self.length
    }

    /// How many words of eight bytes a machine has.
    pub fn words(&self) -> usize {
        self.length / 8 + 1
    }
}

/// For each machine a verdict for each entry, then the truth of each clause, as bytes in whole
/// words, the first one lowest; bytes that are left open are nought.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Codes {
    shape: Arc<Shape>,
    words: Vec<u64>,
}

impl Codes {
    /// Codes of no machine yet.
    pub(super) fn new(shape: &Arc<Shape>) -> Self {
        Self { shape: Arc::clone(shape), words: Vec::new() }
    }

    /// The codes of machines.
    pub fn of(shape: Shape, machines: &[&[u8]]) -> Self {
        let mut codes = Self::new(&Arc::new(shape));
        codes.resize(machines.len());
        let numbers: Vec<u32> = (0..).take(machines.len()).collect();
        let plane = |at: usize| {
            let code = |own: &&[u8]| own.get(at).copied().unwrap_or_default();
            Cow::Owned(machines.iter().map(code).collect())
        };
        let planes: Vec<_> = (0..codes.shape.places.len()).map(plane).collect();
        codes.put(&numbers, &planes);
        codes
    }

    /// Makes room for so many machines.
    pub(super) fn resize(&mut self, machines: usize) {
        self.words.resize(machines * self.shape.words(), 0);
    }

    /// The words of all machines, [`Shape::words`] each.
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// The codes of all machines, one machine after the other.
    pub fn to_vec(&self) -> Vec<u8> {
        let mut all = Vec::new();
        for words in self.words.chunks_exact(self.shape.words()) {
            let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
            all.extend(self.shape.places.iter().filter_map(|place| bytes.get(*place)));
        }
        all
    }

    /// Copies the codes of the first machine of another run.
    pub(super) fn copy(&mut self, machine: u32, from: &Self) {
        let place = machine as usize * self.shape.words();
        let own = self.words.get_mut(place..place + self.shape.words()).unwrap_or_default();
        own.iter_mut().zip(&from.words).for_each(|(own, word)| *own = *word);
    }

    /// Writes codes down: a plane for each code, in which each machine has its place.
    pub(super) fn put(&mut self, machines: &[u32], planes: &[Cow<'_, [u8]>]) {
        let stride = self.shape.words();
        let mut packed = vec![0u64; machines.len()];
        for number in 0..stride {
            packed.fill(0);
            let of_word = |(place, _): &(&usize, _)| **place / 8 == number;
            for (place, plane) in self.shape.places.iter().zip(planes).filter(of_word) {
                let shift = place % 8 * 8;
                widely(
                    #[inline(always)]
                    || {
                        for (word, code) in packed.iter_mut().zip(plane.iter()) {
                            *word |= u64::from(*code) << shift;
                        }
                    },
                );
            }
            for (machine, word) in machines.iter().zip(&packed).filter(|(own, _)| **own != NOBODY) {
                if let Some(slot) = self.words.get_mut(*machine as usize * stride + number) {
                    *slot = *word;
                }
            }
        }
    }
}
