//! Sweeping a chunk: machines that need no refining as they stand, the others taken apart first.
//!
//! A row hangs where, at some value of the dials, open tests may ask about an open reading in both
//! directions. Such readings are fixed to each of their cells; every completion then has critical
//! values of its own, and the machine is certainly captured from the largest of them on, possibly
//! from the smallest. What falls into too many completions is handed back.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::arena::{Count, NodeId};
use super::candidates::Candidates;
use super::cells::{Cell, Cells};
use super::critical::{Dialled, Step, What};
use super::field::{Chunk, Fixed, Reading};
use super::frontier::{Frontier, Part};
use super::grid::{Exact, Grid, Scale};
use super::outline::Trace;
use super::program::Op;
use super::reach::{Reach, Watched};
use super::run::{self, Planes};
use crate::logic::Truth;
use crate::quantity::Value;

/// More completions of one row than this are not looked at.
const WAYS_MAX: usize = 256;

/// The values of two dials at which machines are counted.
#[derive(Debug, Clone)]
pub struct Grids {
    first: Grid,
    second: Option<Grid>,
}

/// A chunk looked at: what becomes of each row.
struct Settled {
    planes: Planes,
    /// Rows whose machine has no other row, and that turn at some value.
    turning: Vec<usize>,
    /// Such rows that have one truth at every value.
    steady: Vec<(usize, Truth)>,
    /// The machines that were taken apart, if there are any.
    apart: Option<Chunk>,
    /// The machines that could not be.
    beyond: Vec<usize>,
}

/// What rows hang on, by the nodes that are open in them; to be kept from chunk to chunk.
#[derive(Debug, Clone, Default)]
pub struct Hangs {
    known: HashMap<Box<[u64]>, Arc<Part>, FixedState>,
    key: Vec<u64>,
}

/// More sets of open nodes than this are not remembered.
const HANGS_MAX: usize = 1 << 14;

/// Open readings that tests ask about in both directions: of the machine or an axis, the column,
/// and what the tests tell apart.
type Answers = Vec<(Option<usize>, usize, Vec<Cell>)>;

impl Dialled<'_> {
    /// The grid of values of the first dial and of the second, in order; `None` where there are too
    /// many.
    pub fn grids(&self, first: &[Value], second: &[Value]) -> Option<Grids> {
        let counts = |values: &[Value]| values.iter().map(|value| value.count()).collect();
        let first: Vec<i64> = if self.is_rising() {
            counts(first)
        } else {
            first.iter().rev().map(|value| -value.count()).collect()
        };
        let second = if second.is_empty() { None } else { Some(Grid::new(counts(second))?) };
        Some(Grids { first: Grid::new(first)?, second })
    }

    /// For each machine of a chunk: from which count of the dial on (negated where it is turned
    /// down) it is certainly and possibly captured, the smallest for always, the largest for never.
    /// Returns the machines for which that cannot be said.
    pub fn critical(
        &self,
        hangs: &mut Hangs,
        chunk: &Chunk,
        mut found: impl FnMut(usize, [i64; 2]),
    ) -> Vec<usize> {
        let settled = self.settled(hangs, chunk);
        for (machine, truth) in &settled.steady {
            let from = |holds: bool| if holds { i64::MIN } else { i64::MAX };
            found(*machine, [from(*truth == Truth::True), from(*truth != Truth::False)]);
        }
        let rows = &settled.turning;
        self.levels((&Exact, None), chunk, &settled.planes, rows, |_, levels| {
            each(chunk, rows, levels, &mut found);
        });
        if let Some(apart) = &settled.apart {
            let rows: Vec<usize> = (0..apart.rows()).collect();
            self.levels((&Exact, None), apart, &self.planes(apart), &rows, |_, levels| {
                grouped(&Exact, apart, levels, &mut found);
            });
        }
        settled.beyond
    }

    /// For each value of the second dial and each machine of a chunk that turns: from which place
    /// of the first dial's grid on (counted from the other end where it is turned down) it is
    /// certainly and possibly captured; and the truth of each machine that turns nowhere. Returns
    /// the machines for which that cannot be said.
    pub fn places(
        &self,
        hangs: &mut Hangs,
        chunk: &Chunk,
        grids: &Grids,
        mut found: impl FnMut(usize, usize, [u16; 2]),
        mut steady: impl FnMut(usize, Truth),
    ) -> Vec<usize> {
        let settled = self.settled(hangs, chunk);
        settled.steady.iter().for_each(|(machine, truth)| steady(*machine, *truth));
        let scale = (&grids.first, grids.second.as_ref());
        let place = |level: i16| level as u16;
        let rows = &settled.turning;
        self.levels(scale, chunk, &settled.planes, rows, |at, levels| {
            each(chunk, rows, levels, |machine, [certain, possible]: [i16; 2]| {
                found(at, machine, [place(certain), place(possible)]);
            });
        });
        if let Some(apart) = &settled.apart {
            let rows: Vec<usize> = (0..apart.rows()).collect();
            self.levels(scale, apart, &self.planes(apart), &rows, |at, levels| {
                grouped(&grids.first, apart, levels, |machine, [certain, possible]| {
                    found(at, machine, [place(certain), place(possible)]);
                });
            });
        }
        settled.beyond
    }

    fn planes(&self, chunk: &Chunk) -> Planes {
        run::all_planes(self.program, &chunk.block, Some(&self.program.live))
    }

    /// Takes apart what has to be.
    fn settled(&self, hangs: &mut Hangs, chunk: &Chunk) -> Settled {
        let mut planes = self.planes(chunk);
        let root = self.open(chunk, &mut planes);
        let hanging = self.hanging(chunk, &planes);
        let (mut turning, mut steady, mut beyond) = (Vec::new(), Vec::new(), Vec::new());
        let (mut rows, mut fixed) = (Vec::new(), Vec::new());
        let mut from = 0;
        for of_machine in chunk.owners.chunk_by(|a, b| a == b) {
            let own = from..from + of_machine.len();
            from = own.end;
            let Some(machine) = of_machine.first().copied() else { continue };
            let hang = |at: usize| hanging.get(at).is_some_and(|hangs| *hangs != 0);
            if own.len() == 1 && !hang(own.start) {
                match root.get(own.start) {
                    Some(0b001) => steady.push((machine, Truth::False)),
                    Some(0b010) => steady.push((machine, Truth::Unknown)),
                    Some(0b100) => steady.push((machine, Truth::True)),
                    _ => turning.push(own.start),
                }
                continue;
            }
            let (rows_before, fixed_before) = (rows.len(), fixed.len());
            for at in own {
                let answers = if hang(at) {
                    self.answers(hangs, chunk, &planes, at)
                } else {
                    Some(Vec::new())
                };
                let taken = answers.is_some_and(|all| spread(at, &all, &mut rows, &mut fixed));
                if !taken {
                    rows.truncate(rows_before);
                    fixed.truncate(fixed_before);
                    beyond.push(machine);
                    break;
                }
            }
        }
        let apart =
            (!rows.is_empty()).then(|| chunk.gathered(self.program, &self.watched, &rows, &fixed));
        Settled { planes, turning, steady, apart, beyond }
    }

    /// The rows that may have to be taken apart: one or nought.
    fn hanging(&self, chunk: &Chunk, planes: &Planes) -> Vec<u8> {
        let root = run::plane(&planes.machine, self.node, planes.rows);
        let mut hanging: Vec<u8> =
            root.iter().map(|truth| u8::from(*truth == Truth::Unknown as u8)).collect();
        if self.program.has_slopes() {
            return hanging;
        }
        let mut candidates = Candidates::default();
        if let Some(reach) = self.program.reaches.get(self.root.index()) {
            reach.note(&chunk.block, planes, &mut candidates);
        }
        let mut may = self.drifting(chunk);
        for at in candidates.rows() {
            if let Some(may) = may.get_mut(at) {
                *may = 1;
            }
        }
        hanging.iter_mut().zip(may).for_each(|(hangs, may)| *hangs &= may);
        hanging
    }

    /// For each row whether a reading is open that tests may ask about in both directions, one of
    /// them at a limit that the second dial moves.
    fn drifting(&self, chunk: &Chunk) -> Vec<u8> {
        let mut out = vec![0; chunk.rows()];
        let Some(reach) = self.program.reaches.get(self.root.index()) else { return out };
        let mut note = |steps: &[Step], columns: &[usize], both: &[Watched], of: &[Reading]| {
            for step in steps {
                let What::Second { column, .. } = step.what else { continue };
                let place = columns.get(column);
                if both.iter().any(|watched| Some(&watched.column) == place)
                    && let Some(reading) = of.get(column)
                {
                    out.iter_mut().zip(&reading.open).for_each(|(out, open)| *out |= open);
                }
            }
        };
        note(&self.machine, &self.watched.machine, &reach.machine.watched, &chunk.machine);
        for steps in &self.axis {
            for slot in &chunk.slots {
                note(steps, &self.watched.axis, &reach.axis.watched, slot);
            }
        }
        out
    }

    /// What a row has to be fixed in; `None` where that would have to be done value by value.
    fn answers(
        &self,
        hangs: &mut Hangs,
        chunk: &Chunk,
        planes: &Planes,
        at: usize,
    ) -> Option<Answers> {
        let listed = chunk.block.listed(at);
        let reach = self.program.reaches.get(self.root.index())?;
        let open = |columns: &[Cells], both: &[Watched]| {
            let mut cells = both.iter().filter_map(|watched| columns.get(watched.column));
            cells.any(|cells| cells.get(at).is_open())
        };
        let mut slots = listed.slots().filter_map(|slot| chunk.block.slots.get(slot));
        let of_axes = slots.any(|slot| open(slot, &reach.axis.watched));
        let mut found = Answers::new();
        if of_axes || self.program.has_slopes() {
            let frontier = self.frontier(chunk, planes, at);
            take(&mut found, None, &frontier.machine, &chunk.block.machine, at);
            for (slot, part) in listed.slots().zip(&frontier.axes) {
                let columns = chunk.block.slots.get(slot)?;
                take(&mut found, Some(slot), part, columns, at);
            }
        } else {
            let part = self.known(hangs, chunk, planes, at);
            take(&mut found, None, &part, &chunk.block.machine, at);
        }
        let drifts = self.drifting_row(chunk, reach, at);
        let sloped = self.program.has_slopes() && !found.is_empty();
        (!drifts && !sloped).then_some(found)
    }

    fn frontier(&self, chunk: &Chunk, planes: &Planes, at: usize) -> Frontier {
        let trace = Trace::of(planes, chunk.block.listed(at), at);
        Frontier::of(self.program, self.root, &trace)
    }

    /// The open tests of the machine, remembered by the nodes that are open.
    fn known(&self, hangs: &mut Hangs, chunk: &Chunk, planes: &Planes, at: usize) -> Arc<Part> {
        hangs.key.clear();
        for nodes in self.nodes.chunks(64) {
            let open = |id: &NodeId| {
                let truth = planes.machine.get(id.index() * planes.rows + at);
                u64::from(truth == Some(&(Truth::Unknown as u8)))
            };
            hangs.key.push(nodes.iter().fold(0, |bits, id| bits << 1 | open(id)));
        }
        if let Some(part) = hangs.known.get(hangs.key.as_slice()) {
            return Arc::clone(part);
        }
        let part = Arc::new(self.frontier(chunk, planes, at).machine);
        if hangs.known.len() < HANGS_MAX {
            hangs.known.insert(hangs.key.as_slice().into(), Arc::clone(&part));
        }
        part
    }

    /// See [`Self::drifting`], of one row.
    fn drifting_row(&self, chunk: &Chunk, reach: &Reach, at: usize) -> bool {
        let drifts = |steps: &[Step], columns: &[usize], both: &[Watched], of: &[Reading]| {
            steps.iter().any(|step| {
                let What::Second { column, .. } = step.what else { return false };
                let place = columns.get(column);
                let open = of.get(column).and_then(|reading| reading.open.get(at));
                open == Some(&1) && both.iter().any(|watched| Some(&watched.column) == place)
            })
        };
        drifts(&self.machine, &self.watched.machine, &reach.machine.watched, &chunk.machine)
            || self.axis.iter().any(|steps| {
                let of = |slot: &Vec<Reading>| {
                    drifts(steps, &self.watched.axis, &reach.axis.watched, slot)
                };
                chunk.slots.iter().any(of)
            })
    }

    /// Marks the truths of nodes that depend on a dial: unknown where they may be open at some
    /// value of it, and something known elsewhere.
    ///
    /// Returns the truths that the root may have: bit *n* for the truth *n*.
    fn open(&self, chunk: &Chunk, planes: &mut Planes) -> Vec<u8> {
        let rows = planes.rows;
        let mut of_axes: [Vec<Vec<Vec<u8>>>; 2] = [Vec::new(), Vec::new()];
        for (steps, of_axes) in self.axis.iter().zip(&mut of_axes) {
            let further = std::iter::once((&mut planes.further, &chunk.further));
            let further = further.take(usize::from(chunk.more));
            for (bytes, of) in planes.slots.iter_mut().zip(&chunk.slots).chain(further) {
                of_axes.push(self.may(&self.program.axis.ops, steps, bytes, of, rows, &[], false));
            }
        }
        let ops = &self.program.machine.ops;
        let (bytes, of) = (&mut planes.machine, &chunk.machine);
        let mut masks = self.may(ops, &self.machine, bytes, of, rows, &of_axes, chunk.more);
        match self.machine.iter().position(|step| step.id == self.node) {
            Some(at) if at < masks.len() => masks.swap_remove(at),
            _ => {
                let root = run::plane(&planes.machine, self.node, rows);
                root.iter().map(|truth| 1 << truth).collect()
            }
        }
    }

    /// Which truths each step may have at some values of the dials; where there are `more` axes
    /// than are listed, they come last.
    #[expect(clippy::too_many_arguments, reason = "one part of a block and what it rests on")]
    fn may(
        &self,
        ops: &[Op],
        steps: &[Step],
        bytes: &mut [u8],
        readings: &[Reading],
        rows: usize,
        axes: &[Vec<Vec<Vec<u8>>>],
        more: bool,
    ) -> Vec<Vec<u8>> {
        let mut masks: Vec<Vec<u8>> = Vec::with_capacity(steps.len());
        for step in steps {
            let mask: Vec<u8> = match &step.what {
                What::First { column, .. } | What::Second { column, .. } => {
                    let open = readings.get(*column).map(|reading| reading.open.as_slice());
                    open.unwrap_or_default().iter().map(|open| 0b101 | open << 1).collect()
                }
                What::Join { steps, late, still, .. } => {
                    let all = matches!(ops.get(step.id.index()), Some(Op::And(_)));
                    let mut out = vec![if all { 0b100 } else { 0b001 }; rows];
                    for mask in steps.iter().chain(late).filter_map(|at| masks.get(*at)) {
                        either(&mut out, mask.iter().copied(), all);
                    }
                    for node in still {
                        let plane = run::plane(bytes, *node, rows);
                        either(&mut out, plane.iter().map(|truth| 1 << truth), all);
                    }
                    out
                }
                What::Axes { count, step } => {
                    let fewer = matches!(count, Count::AtMost(_));
                    let of = axes.get(usize::from(fewer)).map(Vec::as_slice).unwrap_or_default();
                    let of: Vec<&Vec<u8>> = of.iter().filter_map(|w| w.get(*step)).collect();
                    over_axes(&of, more, fewer, rows)
                }
            };
            let from = step.id.index() * rows;
            if let Some(out) = bytes.get_mut(from..from + rows) {
                for (out, mask) in out.iter_mut().zip(&mask) {
                    *out = if mask & 0b010 != 0 { 1 } else { mask >> 1 & 0b010 };
                }
            }
            masks.push(mask);
        }
        masks
    }
}

/// The truths that *all* (or *any*) of two things may have, each by itself.
fn either(out: &mut [u8], with: impl Iterator<Item = u8>, all: bool) {
    for (out, b) in out.iter_mut().zip(with) {
        let a = *out;
        // Bits of the truth that decides, of the one that does not, and of the unknown.
        let (decides, other) = if all { (0b001, 0b100) } else { (0b100, 0b001) };
        let passes = |mask: u8| u8::from(mask & (other | 0b010) != 0);
        let open = |a: u8, b: u8| (a & 0b010) * passes(b);
        *out = (a | b) & decides | a & b & other | open(a, b) | open(b, a);
    }
}

/// The truths that a count over axes may have; where there are `more` than are listed, the last of
/// `axes` may be there any number of times.
fn over_axes(axes: &[&Vec<u8>], more: bool, fewer: bool, rows: usize) -> Vec<u8> {
    let mut seen = vec![0u8; rows];
    for (at, mask) in axes.iter().enumerate() {
        if more && at + 1 == axes.len() {
            let any = |mask: u8| u8::from(mask & 0b110 != 0) << 1;
            seen.iter_mut().zip(*mask).for_each(|(seen, mask)| *seen |= any(*mask));
        } else {
            seen.iter_mut().zip(*mask).for_each(|(seen, mask)| *seen |= mask & 0b110);
        }
    }
    let turned = |seen: u8| if fewer { seen >> 2 | seen & 0b010 | 0b100 } else { seen | 0b001 };
    seen.into_iter().map(turned).collect()
}

/// Takes up the open cells of a row that tests ask about in both directions.
fn take(found: &mut Answers, axis: Option<usize>, part: &Part, columns: &[Cells], at: usize) {
    for (column, tests) in part.iter().filter(|(_, tests)| tests.is_two_way()) {
        let cell = columns.get(*column).map(|cells| cells.get(at));
        if let Some(cell) = cell.filter(|cell| cell.is_open()) {
            found.push((axis, *column, tests.answers(cell, true)));
        }
    }
}

/// Adds a copy of a row for every combination of answers; whether there are not too many.
fn spread(from: usize, answers: &Answers, rows: &mut Vec<usize>, fixed: &mut Vec<Fixed>) -> bool {
    let ways = answers.iter().map(|(.., cells)| cells.len());
    let ways = ways.fold(1, usize::saturating_mul);
    if ways > WAYS_MAX {
        return false;
    }
    for way in 0..ways {
        let (row, mut rest) = (rows.len(), way);
        rows.push(from);
        for (axis, column, cells) in answers {
            let (axis, column) = (*axis, *column);
            if let Some(cell) = cells.get(rest % cells.len().max(1)).copied() {
                fixed.push(Fixed { row, axis, column, cell });
            }
            rest /= cells.len().max(1);
        }
    }
    true
}

/// The levels of machines that have one row each.
fn each<L: Copy>(
    chunk: &Chunk,
    rows: &[usize],
    levels: &[L],
    mut found: impl FnMut(usize, [L; 2]),
) {
    let (certain, possible) = levels.split_at(rows.len().min(levels.len()));
    for (at, (certain, possible)) in rows.iter().zip(certain.iter().zip(possible)) {
        let machine = chunk.owners.get(*at).copied().unwrap_or(usize::MAX);
        found(machine, [*certain, *possible]);
    }
}

/// The levels of machines that have several rows: every completion of a configuration has to be
/// captured for certainty, and one configuration is enough.
fn grouped<S: Scale>(
    scale: &S,
    chunk: &Chunk,
    levels: &[S::Level],
    mut found: impl FnMut(usize, [S::Level; 2]),
) {
    let (certain, possible) = levels.split_at(chunk.rows().min(levels.len()));
    let of = chunk.owners.iter().zip(&chunk.configurations);
    let rows: Vec<_> = of.zip(certain.iter().zip(possible)).collect();
    for machine in rows.chunk_by(|a, b| a.0.0 == b.0.0) {
        let mut out = [scale.never(), scale.never()];
        for configuration in machine.chunk_by(|a, b| a.0.1 == b.0.1) {
            let all = configuration.iter().map(|(_, (certain, _))| **certain).max();
            let any = configuration.iter().map(|(_, (_, possible))| **possible).min();
            let [certain, possible] = out;
            out = [certain.min(all.unwrap_or(certain)), possible.min(any.unwrap_or(possible))];
        }
        if let Some(((owner, _), _)) = machine.first() {
            found(**owner, out);
        }
    }
}
