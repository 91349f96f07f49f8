//! Sweeping a chunk: machines that need no refining as they stand, the others taken apart first.
//!
//! A row hangs where, at some value of the dials, open tests may ask about an open reading in both
//! directions. Such readings are fixed to each of their cells; every completion then has critical
//! values of its own, and the machine is certainly captured from the largest of them on, possibly
//! from the smallest. What falls into too many completions is handed back.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::arena::NodeId;
use super::candidates::Candidates;
use super::cells::{Cell, Cells};
use super::critical::{Dialled, Step, What};
use super::field::{Chunk, Fixed, NOBODY, Reading};
use super::frontier::{Frontier, Part};
use super::grid::{Exact, Grid, Scale};
use super::outline::Trace;
use super::reach::{Reach, Watched};
use super::run::{self, Counts, Planes};
use super::stretch::Stretch;
use crate::logic::{self, Truth};
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
    /// Rows whose machine has no other row, and that may turn at some value.
    turning: Vec<u32>,
    /// The machines of such rows that have one truth at every value.
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
    candidates: Candidates,
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
        self.turned((&Exact, None), chunk, &settled, |machine, _, levels| found(machine, levels));
        settled.beyond
    }

    /// For each machine of a chunk that turns, and each stretch of places in the second dial's grid
    /// in which nothing changes: from which place of the first dial's grid on (counted from the
    /// other end where it is turned down) it is certainly and possibly captured; and the truth of
    /// each machine that turns nowhere. Returns the machines for which that cannot be said.
    pub fn places(
        &self,
        hangs: &mut Hangs,
        chunk: &Chunk,
        grids: &Grids,
        mut found: impl FnMut(usize, Range<usize>, [u16; 2]),
        mut steady: impl FnMut(usize, Truth),
    ) -> Vec<usize> {
        let settled = self.settled(hangs, chunk);
        settled.steady.iter().for_each(|(machine, truth)| steady(*machine, *truth));
        let scale = (&grids.first, grids.second.as_ref());
        self.turned(scale, chunk, &settled, |machine, of, levels: [i16; 2]| {
            let places = usize::from(of.from)..usize::from(of.to);
            found(machine, places, levels.map(|level| level as u16));
        });
        settled.beyond
    }

    /// The levels of the machines of a chunk that turn, stretch by stretch.
    fn turned<S: Scale>(
        &self,
        scale: (&S, Option<&Grid>),
        chunk: &Chunk,
        settled: &Settled,
        mut found: impl FnMut(usize, &Stretch, [S::Level; 2]),
    ) {
        let (stretches, levels) = self.levels(scale, chunk, &settled.planes, &settled.turning);
        for (stretch, levels) in stretches.iter().zip(levels) {
            let machine = chunk.owners.get(stretch.row as usize).copied();
            found(machine.unwrap_or(usize::MAX), stretch, levels);
        }
        if let Some(apart) = &settled.apart {
            let rows: Vec<u32> = (0..).take(apart.rows()).collect();
            let (stretches, levels) = self.levels(scale, apart, &self.planes(apart), &rows);
            grouped(scale.0, apart, &stretches, &levels, &mut found);
        }
    }

    /// The planes of a chunk: what a dial moves itself is unknown, and so is all that hangs on it.
    fn planes(&self, chunk: &Chunk) -> Planes {
        let (program, rows) = (self.program, chunk.rows());
        let [of_machine, of_axis] = &self.live;
        let none = Counts { certain: Vec::new(), possible: Vec::new() };
        let axis = |columns| run::planes(&program.axis, columns, rows, &none, Some(of_axis));
        let slots = chunk.block.slots.iter().map(|slot| axis(slot)).collect();
        let further = if chunk.more { axis(&chunk.block.further) } else { Vec::new() };
        let mut planes = Planes { rows, machine: Vec::new(), slots, further };
        let counts = run::counted(program, &planes);
        let columns = &chunk.block.machine;
        planes.machine = run::planes(&program.machine, columns, rows, &counts, Some(of_machine));
        planes
    }

    /// Takes apart what has to be.
    fn settled(&self, hangs: &mut Hangs, chunk: &Chunk) -> Settled {
        let planes = self.planes(chunk);
        let moves = self.moves(&planes);
        let open = self.open(&mut hangs.candidates, chunk, &planes);
        let root = run::plane(&planes.machine, self.node, planes.rows);
        let (mut turning, mut steady, mut beyond) = (Vec::new(), chunk.steady.clone(), Vec::new());
        let (mut rows, mut fixed) = (Vec::new(), Vec::new());
        let mut from = 0;
        for of_machine in chunk.owners.chunk_by(|a, b| a == b) {
            let own = from..from + of_machine.len();
            from = own.end;
            let Some(machine) = of_machine.first().copied() else { continue };
            if machine == NOBODY {
                continue;
            }
            let is_open = |at: usize| open.get(at).is_some_and(|open| *open != 0);
            if own.len() == 1 && !is_open(own.start) {
                match root.get(own.start).map(|truth| Truth::from_byte(*truth)) {
                    Some(Truth::Unknown) if moves.get(own.start) != Some(&0) => {
                        turning.push(own.start as u32);
                    }
                    truth => steady.push((machine, truth.unwrap_or_default())),
                }
                continue;
            }
            let answers = |at: usize| {
                let hang = is_open(at).then(|| self.answers(hangs, chunk, &planes, at));
                hang.unwrap_or(Some(Answers::new()))
            };
            let answers: Option<Vec<Answers>> = own.clone().map(answers).collect();
            let (rows_before, fixed_before) = (rows.len(), fixed.len());
            match answers.as_deref() {
                Some([none]) if none.is_empty() => turning.push(own.start as u32),
                Some(all) if own.zip(all).all(|(at, of)| spread(at, of, &mut rows, &mut fixed)) => {
                }
                _ => {
                    rows.truncate(rows_before);
                    fixed.truncate(fixed_before);
                    beyond.push(machine);
                }
            }
        }
        let apart =
            (!rows.is_empty()).then(|| chunk.gathered(self.program, &self.watched, &rows, &fixed));
        Settled { planes, turning, steady, apart, beyond }
    }

    /// The rows in which something that a dial moves may decide the root: marks.
    fn moves(&self, planes: &Planes) -> Vec<u8> {
        let root = self.machine.iter().find(|step| step.id == self.node);
        let Some(What::Join { steps, .. }) = root.map(|step| &step.what) else {
            return vec![1; planes.rows];
        };
        let mut marks = vec![0; planes.rows];
        for step in steps.iter().filter_map(|at| self.machine.get(*at)) {
            logic::unknown_into(&mut marks, run::plane(&planes.machine, step.id, planes.rows));
        }
        marks
    }

    /// The rows that may have to be taken apart: those whose root is open and that have an open
    /// reading about which tests may ask in both directions.
    fn open(&self, candidates: &mut Candidates, chunk: &Chunk, planes: &Planes) -> Vec<u8> {
        let mut unknown = vec![0; planes.rows];
        let root = run::plane(&planes.machine, self.node, planes.rows);
        logic::unknown_into(&mut unknown, root);
        let reach = self.program.reaches.get(self.root.index());
        let Some(reach) = reach.filter(|_| !self.program.has_slopes()) else { return unknown };
        let mut open = vec![0; planes.rows];
        reach.note(&chunk.block, planes, candidates);
        for at in candidates.rows() {
            if let Some(open) = open.get_mut(at) {
                *open = 1;
            }
        }
        let mut drift = |steps: &[Step], columns: &[usize], both: &[Watched], of: &[Reading]| {
            for step in steps {
                let What::Second { column, .. } = step.what else { continue };
                let place = columns.get(column);
                if both.iter().any(|watched| Some(&watched.column) == place)
                    && let Some(reading) = of.get(column).filter(|reading| reading.is_open())
                {
                    let marks = open.iter_mut().zip(&unknown).zip(&reading.open);
                    marks.for_each(|((out, unknown), open)| *out |= unknown & open);
                }
            }
        };
        drift(&self.machine, &self.watched.machine, &reach.machine.watched, &chunk.machine);
        for steps in &self.axis {
            for slot in &chunk.slots {
                drift(steps, &self.watched.axis, &reach.axis.watched, slot);
            }
        }
        open
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

/// The levels of machines that have several rows: every completion of a configuration has to be
/// captured for certainty, and one configuration is enough.
fn grouped<S: Scale>(
    scale: &S,
    chunk: &Chunk,
    stretches: &[Stretch],
    levels: &[[S::Level; 2]],
    mut found: impl FnMut(usize, &Stretch, [S::Level; 2]),
) {
    let number = |of: &[usize], row: u32| of.get(row as usize).copied().unwrap_or(usize::MAX);
    let machine = |stretch: &Stretch| number(&chunk.owners, stretch.row);
    let configuration = |stretch: &Stretch| number(&chunk.configurations, stretch.row);
    let rows: Vec<(&Stretch, &[S::Level; 2])> = stretches.iter().zip(levels).collect();
    for of_machine in rows.chunk_by(|(a, _), (b, _)| machine(a) == machine(b) && a.from == b.from) {
        let mut out = [scale.never(), scale.never()];
        for rows in of_machine.chunk_by(|(a, _), (b, _)| configuration(a) == configuration(b)) {
            let all = rows.iter().map(|(_, [certain, _])| *certain).max();
            let any = rows.iter().map(|(_, [_, possible])| *possible).min();
            let [certain, possible] = out;
            out = [certain.min(all.unwrap_or(certain)), possible.min(any.unwrap_or(possible))];
        }
        if let Some((stretch, _)) = of_machine.first() {
            found(machine(stretch), stretch, out);
        }
    }
}
