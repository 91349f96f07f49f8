//! Stretches: a row for the values of a second dial between two of its own breaks.
//!
//! A test that the second dial moves turns at a place of its own in every row. Between two such
//! places nothing changes but through the first dial, however many values of the second are asked
//! for.

/// A row where the second dial stands at some places of its grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    /// The row of the chunk.
    pub row: u32,
    /// Its place among the rows that are looked at.
    pub at: u32,
    /// The first place.
    pub from: u16,
    /// The place behind the last one.
    pub to: u16,
}

/// Where the stretches of rows begin: a bit for each row and each place of the second grid.
#[derive(Debug)]
pub(super) struct Breaks {
    places: u16,
    words: usize,
    bits: Vec<u64>,
}

impl Breaks {
    /// No breaks yet; every row begins at the first place.
    pub fn new(rows: usize, places: usize) -> Self {
        let words = places / 64 + 1;
        let mut bits = vec![0; rows * words];
        bits.iter_mut().step_by(words).for_each(|word| *word = 1);
        Self { places: u16::try_from(places).unwrap_or(u16::MAX), words, bits }
    }

    /// Notes for each row the places from which on it may be otherwise; those past the grid are
    /// none.
    pub fn note(&mut self, places: &[[u16; 2]]) {
        for (bits, places) in self.bits.chunks_exact_mut(self.words).zip(places) {
            for place in places {
                if let Some(word) = bits.get_mut(usize::from(*place / 64)) {
                    *word |= 1 << (place % 64);
                }
            }
        }
    }

    /// The stretches of rows; rows of one owner, which stand together, break together, and the
    /// stretches at the same places stand together.
    pub fn stretches(&self, rows: &[u32], owner: impl Fn(u32) -> usize) -> Vec<Stretch> {
        let mut found = Vec::with_capacity(rows.len() * 3);
        let mut begin = 0;
        for group in rows.chunk_by(|a, b| owner(*a) == owner(*b)) {
            let own = self.bits.get(begin * self.words..(begin + group.len()) * self.words);
            let own = own.unwrap_or_default();
            let mut put = |from: u16, to: u16| {
                for (at, row) in (begin..).zip(group) {
                    found.push(Stretch { row: *row, at: at as u32, from, to });
                }
            };
            let mut last = 0;
            for number in 0..self.words {
                let words = own.iter().skip(number).step_by(self.words);
                let mut word = words.fold(0, |all, word| all | word);
                if number == 0 {
                    word &= !1;
                }
                while word != 0 {
                    let place = (number * 64) as u16 + word.trailing_zeros() as u16;
                    word &= word - 1;
                    if place < self.places {
                        put(last, place);
                        last = place;
                    }
                }
            }
            put(last, self.places);
            begin += group.len();
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_break_where_something_of_theirs_turns() {
        let mut breaks = Breaks::new(4, 70);
        breaks.note(&[[0, 3], [70, 90], [64, 65], [2, 2]]);
        breaks.note(&[[3, 3], [0, 0], [1, 70], [2, 2]]);
        let found = breaks.stretches(&[10, 11, 12, 13], |row| row.min(12) as usize);
        let found: Vec<_> = found.iter().map(|s| (s.row, s.at, s.from, s.to)).collect();
        let expected = [
            (10, 0, 0, 3),
            (10, 0, 3, 70),
            (11, 1, 0, 70),
            // The last two belong together.
            (12, 2, 0, 1),
            (13, 3, 0, 1),
            (12, 2, 1, 2),
            (13, 3, 1, 2),
            (12, 2, 2, 64),
            (13, 3, 2, 64),
            (12, 2, 64, 65),
            (13, 3, 64, 65),
            (12, 2, 65, 70),
            (13, 3, 65, 70),
        ];
        assert_eq!(found, expected);
    }
}
