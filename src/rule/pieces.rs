//! The probability of a truth for one row by itself: every combination of the pieces that its
//! uncertain readings may lie in, each with its probability; or seeded draws.
//!
//! Pieces are told apart by the limits that the open truth hangs on, sloped ones among them where
//! the reading behind the limit is certain. Draws are made where two uncertain readings stand on
//! both sides of one limit, where readings are correlated, and where there are too many pieces.

use std::collections::HashMap;

use foldhash::fast::FixedState;
use nalgebra::{DMatrix, DVector};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};

use super::block::{self, Block, Row, Slot};
use super::cells::Cell;
use super::frontier::{Frontier, Part};
use super::layout::{Column, ColumnKey};
use super::odds::Method;
use super::program::{Program, Root};
use super::refine::Memory;
use super::uncertain::{FAR, Uncertain, end};
use crate::evidence::Key;
use crate::logic::Truth;
use crate::metrology::chance_at_most;
use crate::quantity::{Cut, Span, Value};

/// As many draws are made.
pub const DRAWS: usize = 20_000;
/// From this seed.
pub const SEED: u64 = 0;
/// More combinations of pieces than this are drawn instead.
const COMBINATIONS_MAX: usize = 4096;
/// As many rows are run at once.
const RUN: usize = 1024;

/// One uncertain reading: where it goes, its value and its standard uncertainty, in counts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    slot: Slot,
    value: f64,
    u: f64,
}

/// The uncertain readings of a row of a block, whose axes stand in these slots.
pub(super) fn readings(
    uncertain: &[Uncertain],
    at: usize,
    slots: impl Iterator<Item = usize> + Clone,
) -> Vec<Reading> {
    let reading = |one: &Uncertain| {
        let (value, u) = one.of(at)?;
        let mut slot = one.slot;
        if let Some(axis) = slot.axis {
            slot.axis = Some(slots.clone().position(|listed| listed == axis)?);
        }
        Some(Reading { slot, value, u })
    };
    uncertain.iter().filter_map(reading).collect()
}

/// A row that is taken by itself.
pub(super) struct Lone<'p> {
    pub program: &'p Program,
    pub root: Root,
    pub row: Row,
    pub readings: Vec<Reading>,
    /// Of every two readings.
    pub correlation: f64,
}

impl Lone<'_> {
    /// How likely the root holds, how likely it is open, and how that was worked out.
    pub fn weigh(mut self, memory: &mut Memory) -> (f64, f64, Method) {
        let mut opened = self.row.clone();
        for reading in &self.readings {
            self.program.put_span(&mut opened, reading.slot, reading.span());
        }
        self.program.reslope(&mut opened);
        let trace = self.program.trace_live(&opened);
        let frontier = Frontier::of(self.program, self.root, &trace);
        let part = |slot: Slot| match slot.axis {
            None => Some(&frontier.machine),
            Some(axis) => frontier.axes.get(axis),
        };
        let matters = |slot: Slot| part(slot).is_some_and(|part| part.contains_key(&slot.column));
        self.readings.retain(|reading| matters(reading.slot));
        let closed = (self.correlation <= 0.0 || self.readings.len() < 2)
            .then(|| self.combined(&opened, part))
            .flatten();
        let (method, rows) = match closed {
            Some(rows) if rows.len() == 1 => (Method::Columns, rows),
            Some(rows) => (Method::Pieces, rows),
            None => (Method::Drawn, self.drawn()),
        };
        let (mut holds, mut open) = (0.0, 0.0);
        for run in rows.chunks(RUN) {
            for (truth, (_, weight)) in self.truths(memory, run).iter().zip(run) {
                match truth {
                    Truth::True => holds += weight,
                    Truth::Unknown => open += weight,
                    Truth::False => {}
                }
            }
        }
        (holds, open, method)
    }

    fn truths(&self, memory: &mut Memory, run: &[(Row, f64)]) -> Vec<Truth> {
        let wanted = |root: Root, _| root == self.root;
        let found = if self.program.has_slopes() {
            let rows: Vec<Row> = run.iter().map(|(row, _)| row.clone()).collect();
            self.program.evaluate(&rows, wanted)
        } else {
            let mut block = Block::new(self.program);
            run.iter().for_each(|(row, _)| block.push(row));
            self.program.evaluate_with(memory, &block, wanted)
        };
        (0..run.len()).map(|at| found.of(self.root, at)).collect()
    }

    /// Every combination of pieces with its probability; `None` where there are too many, or where
    /// two uncertain readings stand on both sides of a limit.
    fn combined<'f>(
        &self,
        opened: &Row,
        part: impl Fn(Slot) -> Option<&'f Part>,
    ) -> Option<Vec<(Row, f64)>> {
        let mut all = vec![(self.row.clone(), 1.0)];
        for reading in &self.readings {
            let slot = reading.slot;
            let part = part(slot)?;
            let tests = part.get(&slot.column)?;
            let column = self.program.column_at(slot)?;
            let mut cuts: Vec<Cut> = match opened.cell(slot)? {
                cell @ Cell::Range(..) => tests.answers(cell, true).into_iter(),
                _ => return None,
            }
            .filter_map(|answer| match answer {
                Cell::Range(_, last) => column.cut_after(last),
                _ => None,
            })
            .collect();
            cuts.extend(self.turns(slot, column, part)?);
            let pieces = reading.pieces(cuts);
            if all.len() * pieces.len() > COMBINATIONS_MAX {
                return None;
            }
            let with = |(row, chance): &(Row, f64)| {
                let (row, chance) = (row.clone(), *chance);
                let put = |(span, own): (Span, f64)| {
                    let mut row = row.clone();
                    self.program.put_span(&mut row, slot, span);
                    (row, chance * own)
                };
                pieces.iter().copied().map(put).collect::<Vec<_>>()
            };
            all = all.iter().flat_map(with).collect();
        }
        all.iter_mut().for_each(|(row, _)| self.program.reslope(row));
        Some(all)
    }

    /// Where sloped limits on a reading lie; `None` where what they depend on is uncertain too, or
    /// where another limit depends on the reading.
    fn turns(&self, slot: Slot, column: &Column, open: &Part) -> Option<Vec<Cut>> {
        let mut cuts = Vec::new();
        let ColumnKey::Parameter(own) = &column.key else { return Some(cuts) };
        let (part, columns) = self.program.part(slot);
        for sloped in open.keys().filter_map(|at| columns.get(*at)) {
            let ColumnKey::Slope { parameter, by, slope, .. } = &sloped.key else { continue };
            let tested = Key { parameter: *parameter, by: *by };
            let other = Key { parameter: slope.of, by: None };
            if other == *own {
                return None;
            }
            if tested != *own {
                continue;
            }
            let at = columns.iter().position(|c| c.key == ColumnKey::Parameter(other))?;
            let place = Slot { axis: slot.axis, column: at };
            if self.readings.iter().any(|reading| reading.slot == place) {
                return None;
            }
            let span = self.row.spans.get(part).and_then(|spans| spans.of_column.get(at));
            // An unknown one leaves the limit open wherever the reading lies, or its ends count.
            let ends = span.map_or([None, None], |span| [span.low(), span.high()]);
            cuts.extend(ends.into_iter().flatten().flat_map(|end| sloped.key.turns(end)));
        }
        Some(cuts)
    }

    /// Seeded draws, as distinct rows with the part of the draws that gave them.
    fn drawn(&self) -> Vec<(Row, f64)> {
        let count = self.readings.len();
        let common = |i: usize, j: usize| if i == j { 1.0 } else { self.correlation };
        let root = DMatrix::from_fn(count, count, common).cholesky().map(|root| root.l());
        let mut source = ChaCha8Rng::seed_from_u64(SEED);
        let mut distinct: HashMap<Vec<(Cell, i64)>, usize, FixedState> = HashMap::default();
        let mut rows: Vec<(Row, f64)> = Vec::new();
        for _ in 0..DRAWS {
            let free: DVector<f64> =
                DVector::from_fn(count, |_, _| StandardNormal.sample(&mut source));
            let errors = root.as_ref().map_or_else(|| free.clone(), |root| root * &free);
            let mut row = self.row.clone();
            for (reading, error) in self.readings.iter().zip(errors.iter()) {
                let value = reading.value + reading.u * error;
                let value = Value::saturating(value.round() as i128);
                self.program.put_span(&mut row, reading.slot, Span::point(value));
            }
            self.program.reslope(&mut row);
            let at = *distinct.entry(self.told_apart(&row)).or_insert(rows.len());
            match rows.get_mut(at) {
                Some((_, weight)) => *weight += 1.0 / DRAWS as f64,
                None => rows.push((row, 1.0 / DRAWS as f64)),
            }
        }
        rows
    }

    /// What tells two draws apart: their cells; where a sloped limit is still open the values too.
    fn told_apart(&self, row: &Row) -> Vec<(Cell, i64)> {
        let (machine, axis) = (&self.program.machine.columns, &self.program.axis.columns);
        let axes = row.axes.iter().flat_map(|cells| cells.iter().zip(axis));
        let sloped = |(cell, column): &(&Cell, &Column)| {
            matches!(column.key, ColumnKey::Slope { .. }) && cell.is_open()
        };
        let mut all = row.machine.iter().zip(machine).chain(axes);
        let exact = all.any(|pair| sloped(&pair));
        let value = |reading: &Reading| {
            let (part, _) = self.program.part(reading.slot);
            let spans = row.spans.get(part).filter(|_| exact);
            let span = spans.and_then(|spans| spans.of_column.get(reading.slot.column));
            span.and_then(|span| span.single()).map_or(0, Value::count)
        };
        let cell = |reading: &Reading| row.cell(reading.slot).map(|cell| (cell, value(reading)));
        let slopes = row.machine.iter().zip(machine);
        let slopes = slopes.chain(row.axes.iter().flat_map(|cells| cells.iter().zip(axis)));
        let slopes = slopes.filter(|(_, c)| matches!(c.key, ColumnKey::Slope { .. }));
        let slopes = slopes.map(|(cell, _)| (*cell, 0));
        self.readings.iter().filter_map(cell).chain(slopes).collect()
    }
}

impl Reading {
    /// The values that it may have.
    fn span(self) -> Span {
        let at = |value: f64| Value::saturating(value.round() as i128);
        Span::between(at(self.value - FAR * self.u), at(self.value + FAR * self.u))
    }

    /// The pieces between cuts, with their probabilities.
    fn pieces(self, mut cuts: Vec<Cut>) -> Vec<(Span, f64)> {
        let all = self.span();
        cuts.retain(|cut| all.above < *cut && *cut < all.below);
        cuts.sort_unstable();
        cuts.dedup();
        let mut pieces = Vec::with_capacity(cuts.len() + 1);
        let (mut above, mut before) = (all.above, 0.0);
        for cut in cuts {
            let below = chance_at_most(self.value, self.u, end(&cut));
            pieces.push((Span { above, below: cut }, below - before));
            (above, before) = (cut, below);
        }
        pieces.push((Span { above, below: all.below }, 1.0 - before));
        pieces
    }
}

impl Program {
    /// The place of a part among the spans of a row, and its columns.
    fn part(&self, slot: Slot) -> (usize, &[Column]) {
        match slot.axis {
            None => (0, &self.machine.columns),
            Some(axis) => (axis + 1, &self.axis.columns),
        }
    }

    fn column_at(&self, slot: Slot) -> Option<&Column> {
        self.part(slot).1.get(slot.column)
    }

    /// Puts a span into a slot of a row; sloped limits are not worked out again.
    fn put_span(&self, row: &mut Row, slot: Slot, span: Span) {
        let Some(column) = self.column_at(slot) else { return };
        row.put(slot, column.cell(&crate::machine::Set::Span(span)));
        let spans = row.spans.get_mut(self.part(slot).0);
        if let Some(place) = spans.and_then(|spans| spans.of_column.get_mut(slot.column)) {
            *place = span;
        }
    }

    /// Works every sloped limit of a row out again.
    fn reslope(&self, row: &mut Row) {
        let mut spans = row.spans.iter();
        if let Some(spans) = spans.next() {
            block::slopes(&self.machine.columns, &mut row.machine, spans);
        }
        for (cells, spans) in row.axes.iter_mut().zip(spans) {
            block::slopes(&self.axis.columns, cells, spans);
        }
    }
}
