//! Uncertain readings as columns beside a block: a normal distribution over the cells of each.

use super::block::{Block, Slot};
use super::cells::{Cell, Cells};
use super::layout::Column;
use super::program::Program;
use crate::quantity::Cut;

/// The uncertain readings of one slot, as columns: each is normal about its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Uncertain {
    pub(super) slot: Slot,
    value: Vec<f64>,
    u: Vec<f64>,
    /// All bits where the reading is uncertain, and the cells that it may lie in there.
    taken: Vec<u8>,
    low: Vec<u8>,
    high: Vec<u8>,
}

impl Uncertain {
    /// The uncertain readings of a slot of `program`: for each row the value and its standard
    /// uncertainty, in counts; nought where the row's reading is certain or unknown.
    pub fn new(program: &Program, slot: Slot, value: Vec<f64>, u: Vec<f64>) -> Self {
        let ends: Vec<f64> = program.cuts(slot).iter().map(end).collect();
        let is_uncertain = |u: &f64| *u > 0.0 && u.is_finite();
        let taken: Vec<u8> = u.iter().map(|u| u8::MAX * u8::from(is_uncertain(u))).collect();
        let reach = |far: f64| -> Vec<u8> {
            let below = |(value, u): (&f64, &f64)| {
                ends.iter().map(|end| u8::from(*end <= value + far * u)).sum()
            };
            value.iter().zip(&u).map(below).collect()
        };
        let (low, high) = (reach(-FAR), reach(FAR));
        Self { slot, value, u, taken, low, high }
    }

    /// The value and standard uncertainty of a row, where its reading is uncertain.
    #[inline]
    pub fn of(&self, at: usize) -> Option<(f64, f64)> {
        self.taken.get(at).filter(|taken| **taken != 0)?;
        Some((self.value.get(at).copied()?, self.u.get(at).copied()?))
    }
}

/// How far a reading may lie from its value, in standard uncertainties: beyond lie less than 1e-13.
pub(super) const FAR: f64 = 7.5;
/// The uncertain readings of a block by part and column, and the cuts of the columns.
pub(super) struct Columns<'u> {
    uncertain: &'u [Uncertain],
    /// For the machine and each axis slot, by column: which of the uncertain ones.
    places: Vec<Vec<Option<usize>>>,
    /// For each axis slot: the bits of the columns that matter, with those that are uncertain.
    axes: Vec<Vec<(u32, usize)>>,
    /// The columns of the machine in which some row is uncertain.
    pub machine: Vec<usize>,
    pub machine_ends: Vec<Vec<f64>>,
    pub axis_ends: Vec<Vec<f64>>,
}

impl<'u> Columns<'u> {
    pub fn of(
        program: &Program,
        block: &Block,
        uncertain: &'u [Uncertain],
        matter: &[usize],
    ) -> Self {
        let (machine, axis) = (program.machine.columns.as_slice(), program.axis.columns.as_slice());
        let mut places = vec![vec![None; machine.len()]];
        places.resize(1 + block.slots.len(), vec![None; axis.len()]);
        for (at, one) in uncertain.iter().enumerate() {
            let part = places.get_mut(one.slot.axis.map_or(0, |axis| axis + 1));
            if let Some(place) = part.and_then(|part| part.get_mut(one.slot.column)) {
                *place = Some(at);
            }
        }
        let ends = |columns: &[Column]| {
            columns.iter().map(|column| column.cuts().iter().map(end).collect()).collect()
        };
        let of_axis = |columns: &Vec<Option<usize>>| {
            let bits = (0u32..).zip(matter);
            bits.filter_map(|(bit, column)| Some((bit, (*columns.get(*column)?)?))).collect()
        };
        let axes = places.iter().skip(1).map(of_axis).collect();
        let of_machine = uncertain.iter().filter(|one| one.slot.axis.is_none());
        let machine_columns = of_machine.map(|one| one.slot.column).collect();
        Self {
            uncertain,
            places,
            axes,
            machine: machine_columns,
            machine_ends: ends(machine),
            axis_ends: ends(axis),
        }
    }

    /// Which columns of an axis are uncertain in a row, as bits over those that matter.
    #[inline]
    pub fn bits(&self, axis: usize, at: usize) -> u64 {
        let mut bits = 0;
        for (bit, place) in self.axes.get(axis).map_or(&[][..], Vec::as_slice) {
            let taken = self.uncertain.get(*place).and_then(|one| one.taken.get(at));
            bits |= u64::from(taken.is_some_and(|taken| *taken != 0)) << bit;
        }
        bits
    }

    /// The value and uncertainty of a row's reading in a column of the machine (part nought) or of
    /// an axis, where it is uncertain.
    #[inline]
    pub fn of_row(&self, part: usize, column: usize, at: usize) -> Option<(f64, f64)> {
        let place = self.places.get(part)?.get(column).copied()??;
        self.uncertain.get(place)?.of(at)
    }
}

/// Where a cut lies, in counts: half a count below the smallest value above it.
pub(super) fn end(cut: &Cut) -> f64 {
    cut.value_above().map_or(f64::INFINITY, |value| value.count() as f64 - 0.5)
}

/// The block with every uncertain reading opened to the cells that it may lie in.
pub(super) fn opened(block: &Block, uncertain: &[Uncertain]) -> Block {
    let mut opened = block.clone();
    for one in uncertain {
        let columns = match one.slot.axis {
            None => Some(&mut opened.machine),
            Some(axis) => opened.slots.get_mut(axis),
        };
        let column = columns.and_then(|columns| columns.get_mut(one.slot.column));
        let Some(Cells::Range { low, high }) = column else { continue };
        for (cells, own) in [(low, &one.low), (high, &one.high)] {
            for ((cell, own), taken) in cells.iter_mut().zip(own).zip(&one.taken) {
                *cell = *cell & !taken | own & taken;
            }
        }
    }
    opened
}

/// Adds the cells of these rows.
pub(super) fn gather(into: &mut Cells, from: &Cells, rows: &[usize]) {
    fn take<T: Copy + Default>(into: &mut Vec<T>, from: &[T], rows: &[usize]) {
        into.extend(rows.iter().map(|at| from.get(*at).copied().unwrap_or_default()));
    }
    match (into, from) {
        (Cells::Range { low, high }, Cells::Range { low: l, high: h }) => {
            take(low, l, rows);
            take(high, h, rows);
        }
        (Cells::OneOf(into), Cells::OneOf(from)) => take(into, from, rows),
        (Cells::Flags { certain, possible }, Cells::Flags { certain: c, possible: p }) => {
            take(certain, c, rows);
            take(possible, p, rows);
        }
        (Cells::Truth(into), Cells::Truth(from)) => take(into, from, rows),
        _ => debug_assert!(false, "a column holds one kind of cell"),
    }
}

/// Replaces the cell of one row.
pub(super) fn put(cells: &mut Cells, at: usize, cell: Cell) {
    fn set<T>(into: &mut [T], at: usize, value: T) {
        if let Some(place) = into.get_mut(at) {
            *place = value;
        }
    }
    match (cells, cell) {
        (Cells::Range { low, high }, Cell::Range(l, h)) => {
            set(low, at, l);
            set(high, at, h);
        }
        (Cells::OneOf(labels), Cell::OneOf(possible)) => set(labels, at, possible),
        (Cells::Flags { certain, possible }, Cell::Flags { certain: c, possible: p }) => {
            set(certain, at, c);
            set(possible, at, p);
        }
        (Cells::Truth(truths), Cell::Truth(truth)) => set(truths, at, truth),
        _ => debug_assert!(false, "a column holds one kind of cell"),
    }
}
