//! What columns of words say: each text is read once, then looked up.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::FORMS_MAX;
use crate::rule::Cell;
use crate::table::Raw;

/// How many short texts are kept at hand.
const NEAR: usize = 1024;
/// Numbers without a pattern: the fractions of the golden ratio and of the square root of three.
const MIXERS: [u64; 2] = [0x9E37_79B9_7F4A_7C15, 0xBB67_AE85_84CA_A73B];

/// Where what some columns say together has its place: one number a text.
pub(super) struct Places {
    /// Short texts with their place, one for each value of a hash.
    near: Vec<(Short, u32)>,
    all: HashMap<Box<[u8]>, u32, FixedState>,
    key: Vec<u8>,
}

impl Default for Places {
    fn default() -> Self {
        // No text is all ones.
        let near = vec![([u64::MAX; 4], 0); NEAR];
        Self { near, all: HashMap::default(), key: Vec::new() }
    }
}

impl Places {
    /// The place of what a row says in some columns; where it has none yet, `find` gives one for
    /// the key, if there is to be one.
    #[inline(always)]
    pub fn of(
        &mut self,
        columns: &[usize],
        raw: &Raw<'_>,
        find: impl FnOnce(&[u8]) -> Option<u32>,
    ) -> Option<u32> {
        let Some(text) = short(columns, raw) else { return self.far(columns, raw, find) };
        let slot = slot_of(text);
        if let Some((known, place)) = self.near.get(slot)
            && *known == text
        {
            return Some(*place);
        }
        let place = self.far(columns, raw, find)?;
        if let Some(near) = self.near.get_mut(slot) {
            *near = (text, place);
        }
        Some(place)
    }

    #[inline(never)]
    fn far(
        &mut self,
        columns: &[usize],
        raw: &Raw<'_>,
        find: impl FnOnce(&[u8]) -> Option<u32>,
    ) -> Option<u32> {
        self.key.clear();
        for at in columns {
            self.key.extend_from_slice(raw.field(*at));
            self.key.push(0);
        }
        if let Some(place) = self.all.get(self.key.as_slice()) {
            return Some(*place);
        }
        // Where there are too many texts, the columns hold something else than words.
        let place = find(&self.key).filter(|_| self.all.len() < FORMS_MAX)?;
        self.all.insert(self.key.as_slice().into(), place);
        Some(place)
    }
}

/// What two columns say in up to sixteen bytes each.
type Short = [u64; 4];

/// Where a text is kept at hand.
#[inline(always)]
fn slot_of([low, high, second, rest]: Short) -> usize {
    let (low, high) = (low ^ rest.rotate_left(31), second ^ high.rotate_left(31));
    let product = u128::from(low ^ MIXERS[0]) * u128::from(high ^ MIXERS[1]);
    ((product >> 64) as u64 ^ product as u64) as usize % NEAR
}

/// What one or two columns say, if that is short.
#[inline(always)]
fn short(columns: &[usize], raw: &Raw<'_>) -> Option<Short> {
    let [low, high] = match columns.first() {
        Some(first) => raw.short(*first)?,
        None => [0, 0],
    };
    let [second, rest] = match columns.get(1) {
        Some(second) => raw.short(*second)?,
        None => [0, 0],
    };
    (columns.len() < 3).then_some([low, high, second, rest])
}

/// What the texts of some words come to.
#[derive(Default)]
pub(super) struct Texts {
    places: Places,
    found: Vec<Found>,
}

/// The cells of words in each program; `None` where they take the whole reader.
pub(super) type Found = Option<Vec<Cell>>;

impl Texts {
    /// The place of what a row's words come to, looked up or found now; past the last place where
    /// there are too many.
    #[inline(always)]
    pub fn place(&mut self, columns: &[usize], raw: &Raw<'_>, find: impl FnOnce() -> Found) -> u32 {
        let Self { places, found } = self;
        let place = places.of(columns, raw, |_| {
            let place = u32::try_from(found.len()).ok()?;
            found.push(find());
            Some(place)
        });
        place.unwrap_or(u32::MAX)
    }

    /// The cell of each place in the program with this number; `None` where it takes the whole
    /// reader.
    pub fn cells(&self, program: usize) -> Vec<Option<Cell>> {
        let cell = |found: &Found| found.as_ref().and_then(|cells| cells.get(program)).copied();
        self.found.iter().map(cell).collect()
    }
}
