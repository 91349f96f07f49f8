//! What columns of words say: each text is read once, then looked up.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::FORMS_MAX;
use crate::rule::Cell;
use crate::table::{Raw, Rows};

/// How many short texts are kept at hand.
const NEAR: usize = 1024;
/// Numbers without a pattern: the fractions of the golden ratio and of the square roots of three,
/// five and seven, made odd.
const MIXERS: [u64; 4] =
    [0x9E37_79B9_7F4A_7C15, 0xBB67_AE85_84CA_A73B, 0x3C6E_F372_FE94_F82B, 0xA54F_F53A_5F1D_36F1];

/// Where what some columns say together has its place: one number a text. Texts that make a key of
/// `N` numbers are kept at hand.
pub(super) struct Places<const N: usize> {
    /// Keys with their place, one for each value of a hash.
    near: Vec<([u64; N], u32)>,
    all: HashMap<Box<[u8]>, u32, FixedState>,
    text: Vec<u8>,
}

impl<const N: usize> Default for Places<N> {
    fn default() -> Self {
        // No text is all ones.
        let near = vec![([u64::MAX; N], 0); NEAR];
        Self { near, all: HashMap::default(), text: Vec::new() }
    }
}

impl<const N: usize> Places<N> {
    /// The place of what a row, given by its number, says in some columns, of which this is the
    /// key; where it has none yet, `find` gives one for the text, if there is to be one.
    #[inline(always)]
    pub fn of(
        &mut self,
        key: Option<[u64; N]>,
        columns: &[usize],
        (rows, row): (Rows<'_>, u32),
        find: impl FnOnce(&Raw<'_>, &[u8]) -> Option<u32>,
    ) -> Option<u32> {
        let Some(key) = key else { return self.far(columns, &rows.get(row as usize)?, find) };
        let mixed = key.iter().zip(MIXERS).map(|(part, mixer)| part.wrapping_mul(mixer));
        let slot = (mixed.fold(0, |all, part| all ^ part) >> 48) as usize % NEAR;
        if let Some((known, place)) = self.near.get(slot)
            && *known == key
        {
            return Some(*place);
        }
        let place = self.far(columns, &rows.get(row as usize)?, find)?;
        if let Some(near) = self.near.get_mut(slot) {
            *near = (key, place);
        }
        Some(place)
    }

    #[inline(never)]
    fn far(
        &mut self,
        columns: &[usize],
        raw: &Raw<'_>,
        find: impl FnOnce(&Raw<'_>, &[u8]) -> Option<u32>,
    ) -> Option<u32> {
        self.text.clear();
        for at in columns {
            self.text.extend_from_slice(raw.field(*at));
            self.text.push(0);
        }
        if let Some(place) = self.all.get(self.text.as_slice()) {
            return Some(*place);
        }
        // Where there are too many texts, the columns hold something else than words.
        let place = find(raw, &self.text).filter(|_| self.all.len() < FORMS_MAX)?;
        self.all.insert(self.text.as_slice().into(), place);
        Some(place)
    }
}

/// The key of what one column says in up to sixteen bytes, or two in up to eight each, of the
/// record whose first field has this place.
#[inline(always)]
fn pair(columns: &[usize], rows: Rows<'_>, first: u32) -> Option<[u64; 2]> {
    match columns {
        [] => Some([0; 2]),
        [one] => rows.column(*one).sixteen(first),
        [one, other] => Some([rows.column(*one).eight(first)?, rows.column(*other).eight(first)?]),
        _ => None,
    }
}

/// The key of what up to two columns say in up to sixteen bytes each.
#[inline(always)]
pub(super) fn two_pairs(columns: &[usize], rows: Rows<'_>, first: u32) -> Option<[u64; 4]> {
    let of = |at: &usize| rows.column(*at).sixteen(first);
    let (one, other) = match columns {
        [] => ([0; 2], [0; 2]),
        [one] => (of(one)?, [0; 2]),
        [one, other] => (of(one)?, of(other)?),
        _ => return None,
    };
    Some([one[0], one[1], other[0], other[1]])
}

/// What the texts of some words come to.
#[derive(Default)]
pub(super) struct Texts {
    places: Places<2>,
    found: Vec<Found>,
}

/// The cells of words in each program; `None` where they take the whole reader.
pub(super) type Found = Option<Vec<Cell>>;

impl Texts {
    /// The place of what a row's words come to, looked up or found now; past the last place where
    /// there are too many.
    #[inline(always)]
    pub fn place(
        &mut self,
        columns: &[usize],
        rows: Rows<'_>,
        (row, first): (u32, u32),
        find: impl FnOnce(&Raw<'_>) -> Found,
    ) -> u32 {
        let Self { places, found } = self;
        let place = places.of(pair(columns, rows, first), columns, (rows, row), |raw, _| {
            let place = u32::try_from(found.len()).ok()?;
            found.push(find(raw));
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
