//! What rows hold in columns: cells one by one, and columns of them.

use crate::logic::Truth;

/// What one row holds in one column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cell {
    /// The first and last cell that a quantity reaches.
    Range(u8, u8),
    /// Classes of labels of which one is right.
    OneOf(u32),
    /// Classes of flags.
    Flags {
        /// Those of which some flag is certainly set.
        certain: u32,
        /// Those of which some flag may be set.
        possible: u32,
    },
    /// A truth.
    Truth(u8),
}

impl Cell {
    /// Adds the cell to a key.
    pub(super) fn write(self, key: &mut Vec<u8>) {
        match self {
            Self::Range(low, high) => key.extend([low, high]),
            Self::OneOf(possible) => key.extend(possible.to_le_bytes()),
            Self::Flags { certain, possible } => {
                key.extend(certain.to_le_bytes());
                key.extend(possible.to_le_bytes());
            }
            Self::Truth(truth) => key.push(truth),
        }
    }

    /// One of the values that are left.
    #[must_use]
    pub(super) fn closed(self) -> Self {
        match self {
            Self::Range(low, _) => Self::Range(low, low),
            Self::OneOf(possible) => Self::OneOf(possible & possible.wrapping_neg()),
            Self::Flags { certain, .. } => Self::Flags { certain, possible: certain },
            Self::Truth(truth) if truth == Truth::Unknown as u8 => Self::Truth(Truth::False as u8),
            known @ Self::Truth(_) => known,
        }
    }

    /// Whether more than one value is left.
    pub fn is_open(self) -> bool {
        match self {
            Self::Range(low, high) => low != high,
            Self::OneOf(possible) => possible.count_ones() > 1,
            Self::Flags { certain, possible } => certain != possible,
            Self::Truth(truth) => truth == Truth::Unknown as u8,
        }
    }
}

/// One column of a block.
#[derive(Debug, Clone)]
pub enum Cells {
    /// Of a quantity.
    Range {
        /// The first cells that are reached.
        low: Vec<u8>,
        /// The last ones.
        high: Vec<u8>,
    },
    /// Of labels of which one is right.
    OneOf(Vec<u32>),
    /// Of flags.
    Flags {
        /// See [`Cell::Flags`].
        certain: Vec<u32>,
        /// See [`Cell::Flags`].
        possible: Vec<u32>,
    },
    /// Of a truth.
    Truth(Vec<u8>),
}

impl Cells {
    /// An empty column for cells like this one.
    pub fn like(cell: Cell) -> Self {
        match cell {
            Cell::Range(..) => Self::Range { low: Vec::new(), high: Vec::new() },
            Cell::OneOf(_) => Self::OneOf(Vec::new()),
            Cell::Flags { .. } => Self::Flags { certain: Vec::new(), possible: Vec::new() },
            Cell::Truth(_) => Self::Truth(Vec::new()),
        }
    }

    /// The columns of rows that all hold the same kinds of cells.
    pub(super) fn of_rows(rows: &[impl AsRef<[Cell]>]) -> Vec<Self> {
        let first = rows.first().map(AsRef::as_ref).unwrap_or_default();
        let mut columns: Vec<Self> = first.iter().map(|cell| Self::like(*cell)).collect();
        for row in rows {
            for (column, cell) in columns.iter_mut().zip(row.as_ref()) {
                column.push(*cell);
            }
        }
        columns
    }

    /// The cell of a row.
    pub(super) fn get(&self, at: usize) -> Cell {
        let byte = |bytes: &[u8]| bytes.get(at).copied().unwrap_or_default();
        let mask = |masks: &[u32]| masks.get(at).copied().unwrap_or_default();
        match self {
            Self::Range { low, high } => Cell::Range(byte(low), byte(high)),
            Self::OneOf(possible) => Cell::OneOf(mask(possible)),
            Self::Flags { certain, possible } => {
                Cell::Flags { certain: mask(certain), possible: mask(possible) }
            }
            Self::Truth(truths) => Cell::Truth(byte(truths)),
        }
    }

    /// For each row whether its cell is open.
    #[inline(always)]
    pub(super) fn open_into(&self, out: &mut Vec<u8>) {
        #[inline(always)]
        fn mark(out: &mut Vec<u8>, open: impl ExactSizeIterator<Item = bool>) {
            out.clear();
            out.extend(open.map(u8::from));
        }
        match self {
            Self::Range { low, high } => mark(out, low.iter().zip(high).map(|(l, h)| l != h)),
            Self::OneOf(sets) => {
                mark(out, sets.iter().map(|set| set & set.wrapping_sub(1) != 0));
            }
            Self::Flags { certain, possible } => {
                mark(out, certain.iter().zip(possible).map(|(c, p)| c != p));
            }
            Self::Truth(truths) => {
                mark(out, truths.iter().map(|truth| *truth == Truth::Unknown as u8));
            }
        }
    }

    /// Adds a cell.
    #[inline]
    pub fn push(&mut self, cell: Cell) {
        match (self, cell) {
            (Self::Range { low, high }, Cell::Range(l, h)) => {
                low.push(l);
                high.push(h);
            }
            (Self::OneOf(labels), Cell::OneOf(possible)) => labels.push(possible),
            (Self::Flags { certain, possible }, Cell::Flags { certain: c, possible: p }) => {
                certain.push(c);
                possible.push(p);
            }
            (Self::Truth(truths), Cell::Truth(truth)) => truths.push(truth),
            _ => debug_assert!(false, "a column holds one kind of cell"),
        }
    }

    /// Adds a cell `count` times.
    pub(super) fn repeat(&mut self, cell: Cell, count: usize) {
        match (self, cell) {
            (Self::Range { low, high }, Cell::Range(l, h)) => {
                low.resize(low.len() + count, l);
                high.resize(high.len() + count, h);
            }
            (Self::OneOf(labels), Cell::OneOf(possible)) => {
                labels.resize(labels.len() + count, possible);
            }
            (Self::Flags { certain, possible }, Cell::Flags { certain: c, possible: p }) => {
                certain.resize(certain.len() + count, c);
                possible.resize(possible.len() + count, p);
            }
            (Self::Truth(truths), Cell::Truth(truth)) => truths.resize(truths.len() + count, truth),
            _ => debug_assert!(false, "a column holds one kind of cell"),
        }
    }

    /// Adds ranges to a column of quantities: their first cells and their last ones.
    #[inline(always)]
    pub fn extend_ranges(
        &mut self,
        first: impl Iterator<Item = u8>,
        last: impl Iterator<Item = u8>,
    ) {
        if let Self::Range { low, high } = self {
            low.extend(first);
            high.extend(last);
        }
    }

    /// Adds for each place the cell that stands there among those that are known, all of the
    /// column's kind, and the last one for a place past them.
    pub fn extend_known(&mut self, known: &[Cell], places: &[u32]) {
        fn put<T: Copy>(into: &mut Vec<T>, known: &[Cell], places: &[u32], of: impl Fn(Cell) -> T) {
            let table: Vec<T> = known.iter().map(|cell| of(*cell)).collect();
            let Some(last) = table.last().copied() else { return };
            let at = |place: &u32| table.get(*place as usize).copied().unwrap_or(last);
            into.extend(places.iter().map(at));
        }
        match self {
            Self::Range { low, high } => {
                let of =
                    |cell| if let Cell::Range(low, high) = cell { (low, high) } else { (0, 0) };
                put(low, known, places, |cell| of(cell).0);
                put(high, known, places, |cell| of(cell).1);
            }
            Self::OneOf(labels) => {
                put(
                    labels,
                    known,
                    places,
                    |cell| if let Cell::OneOf(set) = cell { set } else { 0 },
                );
            }
            Self::Flags { certain, possible } => {
                let of = |cell| match cell {
                    Cell::Flags { certain, possible } => (certain, possible),
                    _ => (0, 0),
                };
                put(certain, known, places, |cell| of(cell).0);
                put(possible, known, places, |cell| of(cell).1);
            }
            Self::Truth(truths) => {
                let unknown = Truth::Unknown as u8;
                put(truths, known, places, |cell| {
                    if let Cell::Truth(truth) = cell { truth } else { unknown }
                });
            }
        }
    }

    /// Adds the cells of another column of the same kind.
    pub(super) fn append(&mut self, from: &Self) {
        match (self, from) {
            (Self::Range { low, high }, Self::Range { low: l, high: h }) => {
                low.extend_from_slice(l);
                high.extend_from_slice(h);
            }
            (Self::OneOf(labels), Self::OneOf(from)) => labels.extend_from_slice(from),
            (Self::Flags { certain, possible }, Self::Flags { certain: c, possible: p }) => {
                certain.extend_from_slice(c);
                possible.extend_from_slice(p);
            }
            (Self::Truth(truths), Self::Truth(from)) => truths.extend_from_slice(from),
            _ => debug_assert!(false, "a column holds one kind of cell"),
        }
    }

    /// Puts a cell into the rows that are marked, counted from `from`.
    #[inline(always)]
    pub(super) fn put(&mut self, from: usize, marked: impl Iterator<Item = bool>, cell: Cell) {
        #[inline(always)]
        fn put<T: Copy>(into: &mut [T], from: usize, marked: impl Iterator<Item = bool>, by: T) {
            for (slot, marked) in into.iter_mut().skip(from).zip(marked) {
                *slot = if marked { by } else { *slot };
            }
        }
        match (self, cell) {
            (Self::Range { low, high }, Cell::Range(l, h)) => {
                for ((low, high), marked) in low.iter_mut().zip(high).skip(from).zip(marked) {
                    (*low, *high) = if marked { (l, h) } else { (*low, *high) };
                }
            }
            (Self::OneOf(labels), Cell::OneOf(set)) => put(labels, from, marked, set),
            (Self::Flags { certain, possible }, Cell::Flags { certain: c, possible: p }) => {
                for ((set, may), marked) in certain.iter_mut().zip(possible).skip(from).zip(marked)
                {
                    (*set, *may) = if marked { (c, p) } else { (*set, *may) };
                }
            }
            (Self::Truth(truths), Cell::Truth(truth)) => put(truths, from, marked, truth),
            _ => debug_assert!(false, "a column holds one kind of cell"),
        }
    }

    /// Empties the column and keeps its memory.
    pub fn clear(&mut self) {
        match self {
            Self::Range { low, high } => {
                low.clear();
                high.clear();
            }
            Self::OneOf(labels) => labels.clear(),
            Self::Flags { certain, possible } => {
                certain.clear();
                possible.clear();
            }
            Self::Truth(truths) => truths.clear(),
        }
    }
}
