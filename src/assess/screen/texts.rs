//! What the words of a column come to: each text is read once, then looked up.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::FORMS_MAX;
use crate::rule::Cell;
use crate::table::Raw;

/// How many short texts are kept at hand.
const NEAR: usize = 64;
/// An odd number whose multiples differ in their highest bits (2^64 over the golden ratio).
const MIXER: u64 = 0x9E37_79B9_7F4A_7C15;

/// What the texts of some words come to.
pub(super) struct Texts {
    /// Short texts, as numbers, with their place: one for each value of a hash.
    near: [(u128, usize); NEAR],
    all: HashMap<Box<[u8]>, usize, FixedState>,
    found: Vec<Found>,
    key: Vec<u8>,
}

/// The cells of words in each program; `None` where they take the whole reader.
pub(super) type Found = Option<Vec<Cell>>;

impl Default for Texts {
    fn default() -> Self {
        // No text is all ones.
        let near = [(u128::MAX, 0); NEAR];
        Self { near, all: HashMap::default(), found: Vec::new(), key: Vec::new() }
    }
}

impl Texts {
    /// The place of what a row's words come to, looked up or found now.
    #[inline(always)]
    pub fn place(
        &mut self,
        columns: &[usize],
        raw: &Raw<'_>,
        find: impl FnOnce() -> Found,
    ) -> usize {
        let Some(text) = short(columns, raw) else { return self.far(columns, raw, find) };
        let folded = (text as u64 ^ (text >> 64) as u64).wrapping_mul(MIXER);
        let slot = (folded >> 58) as usize % NEAR;
        if let Some((known, place)) = self.near.get(slot)
            && *known == text
        {
            return *place;
        }
        let place = self.far(columns, raw, find);
        if let Some(near) = self.near.get_mut(slot) {
            *near = (text, place);
        }
        place
    }

    #[cold]
    fn far(&mut self, columns: &[usize], raw: &Raw<'_>, find: impl FnOnce() -> Found) -> usize {
        self.key.clear();
        for at in columns {
            self.key.extend_from_slice(raw.field(*at));
            self.key.push(0);
        }
        if let Some(place) = self.all.get(self.key.as_slice()) {
            return *place;
        }
        // Where there are too many texts, the column holds something else than words.
        if self.found.len() >= FORMS_MAX {
            return usize::MAX;
        }
        self.found.push(find());
        let place = self.found.len() - 1;
        self.all.insert(self.key.as_slice().into(), place);
        place
    }

    /// The cell of each place in the program with this number; `None` where it takes the whole
    /// reader.
    pub fn cells(&self, program: usize) -> Vec<Option<Cell>> {
        let cell = |found: &Found| found.as_ref().and_then(|cells| cells.get(program)).copied();
        self.found.iter().map(cell).collect()
    }
}

/// Words of fewer than sixteen bytes, ends included, as a number; no text has a zero byte.
#[inline(always)]
fn short(columns: &[usize], raw: &Raw<'_>) -> Option<u128> {
    if let [only] = columns {
        return raw.short(*only).map(|(text, _)| text);
    }
    let (mut number, mut length) = (0u128, 0);
    for at in columns {
        let (text, bytes) = raw.short(*at)?;
        length += bytes + 1;
        if length > 16 {
            return None;
        }
        number = number.checked_shl(8 * (bytes + 1)).unwrap_or(0) | text;
    }
    Some(number)
}
