//! The codes of machines, a row each.

use std::borrow::Cow;

use super::waiting::NOBODY;

/// For each machine a verdict for each entry, then the truth of each clause, as bytes; each
/// machine's stand in whole words of eight, the first one lowest.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Codes {
    words: Vec<u64>,
    width: usize,
}

impl Codes {
    /// How many words a machine has.
    fn stride(&self) -> usize {
        self.width.div_ceil(8)
    }

    /// Makes room for machines of `width` codes each.
    pub(super) fn resize(&mut self, machines: usize, width: usize) {
        self.width = width;
        self.words.resize(machines * self.stride(), 0);
    }

    /// The codes of machines of `width` codes each.
    pub fn of(width: usize, rows: &[&[u8]]) -> Self {
        let mut codes = Self::default();
        codes.resize(rows.len(), width);
        let machines: Vec<u32> = (0..).take(rows.len()).collect();
        let plane = |at: usize| {
            let code = |row: &&[u8]| row.get(at).copied().unwrap_or_default();
            Cow::Owned(rows.iter().map(code).collect())
        };
        codes.put(&machines, &(0..width).map(plane).collect::<Vec<_>>());
        codes
    }

    /// The codes of all machines, one machine after the other.
    pub fn to_vec(&self) -> Vec<u8> {
        let mut all = Vec::new();
        self.each(|codes| all.extend_from_slice(codes));
        all
    }

    /// Calls `take` with the codes of each machine.
    pub fn each(&self, mut take: impl FnMut(&[u8])) {
        let mut codes = vec![0; self.stride() * 8];
        for words in self.words.chunks_exact(self.stride().max(1)) {
            for (eight, word) in codes.as_chunks_mut::<8>().0.iter_mut().zip(words) {
                *eight = word.to_le_bytes();
            }
            take(codes.get(..self.width).unwrap_or_default());
        }
    }

    /// Copies the codes of another one's machine.
    pub(super) fn copy(&mut self, machine: u32, from: &Self, at: u32) {
        let source = from.words.get(from.place(at)).unwrap_or_default();
        let place = self.place(machine);
        self.words.get_mut(place).unwrap_or_default().copy_from_slice(source);
    }

    /// Writes codes down: a plane for each code, in which each machine has its place.
    pub(super) fn put(&mut self, machines: &[u32], planes: &[Cow<'_, [u8]>]) {
        let stride = self.stride();
        let mut packed = vec![0u64; machines.len()];
        for (number, eight) in planes.chunks(8).enumerate() {
            packed.fill(0);
            for (shift, plane) in (0..).step_by(8).zip(eight) {
                for (word, code) in packed.iter_mut().zip(plane.iter()) {
                    *word |= u64::from(*code) << shift;
                }
            }
            for (machine, word) in machines.iter().zip(&packed).filter(|(own, _)| **own != NOBODY) {
                if let Some(slot) = self.words.get_mut(*machine as usize * stride + number) {
                    *slot = *word;
                }
            }
        }
    }

    fn place(&self, machine: u32) -> std::ops::Range<usize> {
        let from = machine as usize * self.stride();
        from..from + self.stride()
    }
}
