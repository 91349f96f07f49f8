//! Sweeping a chunk: machines that need no refining as they stand, the others taken apart first.
//!
//! A row hangs where, at some value of the dials, open tests may ask about an open reading in both
//! directions. Such readings are fixed to each of their cells; every completion then has critical
//! values of its own, and the machine is certainly captured from the largest of them on, possibly
//! from the smallest. What falls into too many completions is handed back.

use super::arena::Count;
use super::block::{Cell, Row};
use super::candidates::Candidates;
use super::critical::{Dialled, Step, What};
use super::field::{Asked, Chunk};
use super::frontier::{Frontier, Part};
use super::grid::{Exact, Grid, Scale};
use super::layout::Column;
use super::outline::Trace;
use super::program::Op;
use super::run::{self, Planes};
use crate::logic::Truth;
use crate::machine::Set;
use crate::quantity::{Span, Value};

/// More completions of one row than this are not looked at.
const WAYS_MAX: usize = 256;

/// The values of two dials at which machines are counted.
#[derive(Debug, Clone)]
pub struct Grids {
    first: Grid,
    second: Option<Grid>,
}

/// A chunk ready to be run.
struct Settled {
    planes: Planes,
    /// Rows that are not to be counted.
    skip: Vec<bool>,
    /// The machines that were taken apart.
    apart: Chunk,
    /// The machines that could not be.
    beyond: Vec<usize>,
}

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
    pub fn critical(&self, chunk: &Chunk, mut found: impl FnMut(usize, [i64; 2])) -> Vec<usize> {
        let settled = self.settled(chunk);
        self.levels(&Exact, None, chunk, &settled.planes, |_, levels| {
            each(chunk, &settled.skip, levels, &mut found);
        });
        if settled.apart.rows() > 0 {
            let planes = self.planes(&settled.apart);
            self.levels(&Exact, None, &settled.apart, &planes, |_, levels| {
                grouped(&Exact, &settled.apart, levels, &mut found);
            });
        }
        settled.beyond
    }

    /// For each value of the second dial and each machine of a chunk: from which place of the first
    /// dial's grid on (counted from the other end where it is turned down) it is certainly and
    /// possibly captured. Returns the machines for which that cannot be said.
    pub fn places(
        &self,
        chunk: &Chunk,
        grids: &Grids,
        mut found: impl FnMut(usize, usize, [u16; 2]),
    ) -> Vec<usize> {
        let settled = self.settled(chunk);
        let second = grids.second.as_ref();
        let place = |level: i16| u16::try_from(level).unwrap_or_default();
        self.levels(&grids.first, second, chunk, &settled.planes, |at, levels| {
            each(chunk, &settled.skip, levels, |machine, of: [i16; 2]| {
                found(at, machine, of.map(place));
            });
        });
        if settled.apart.rows() > 0 {
            let planes = self.planes(&settled.apart);
            self.levels(&grids.first, second, &settled.apart, &planes, |at, levels| {
                grouped(&grids.first, &settled.apart, levels, |machine, of: [i16; 2]| {
                    found(at, machine, of.map(place));
                });
            });
        }
        settled.beyond
    }

    fn planes(&self, chunk: &Chunk) -> Planes {
        run::all_planes(self.program, &chunk.block, Some(&self.program.live))
    }

    /// Takes apart what has to be.
    fn settled(&self, chunk: &Chunk) -> Settled {
        let mut planes = self.planes(chunk);
        self.open(chunk, &mut planes);
        let rows = chunk.rows();
        let mut settled =
            Settled { planes, skip: vec![false; rows], apart: self.chunk(), beyond: Vec::new() };
        let hanging = self.hanging(chunk, &settled.planes);
        let mut from = 0;
        for of_machine in chunk.owners.chunk_by(|a, b| a == b) {
            let own = from..from + of_machine.len();
            from = own.end;
            let hangs = hanging.get(own.clone()).is_some_and(|rows| rows.contains(&true));
            if !hangs && own.len() == 1 {
                continue;
            }
            if let Some(skip) = settled.skip.get_mut(own.clone()) {
                skip.fill(true);
            }
            let ways: Option<Vec<Vec<(Row, Asked)>>> = own
                .clone()
                .map(|at| {
                    let hangs = hanging.get(at).copied().unwrap_or_default();
                    self.ways(chunk, &settled.planes, at, hangs)
                })
                .collect();
            let Some(machine) = of_machine.first().copied() else { continue };
            let Some(ways) = ways else {
                settled.beyond.push(machine);
                continue;
            };
            for (configuration, ways) in ways.iter().enumerate() {
                for (row, asked) in ways {
                    let of = (machine, configuration);
                    settled.apart.push(self.program, &self.watched, row, asked, of);
                }
            }
        }
        settled
    }

    /// The rows that may have to be taken apart.
    fn hanging(&self, chunk: &Chunk, planes: &Planes) -> Vec<bool> {
        let root = run::plane(&planes.machine, self.node, planes.rows);
        let open = |at: usize| root.get(at) == Some(&(Truth::Unknown as u8));
        if self.program.has_slopes() {
            return (0..chunk.rows()).map(open).collect();
        }
        let mut candidates = Candidates::default();
        if let Some(reach) = self.program.reaches.get(self.root.index()) {
            reach.note(&chunk.block, planes, &mut candidates);
        }
        (0..chunk.rows())
            .map(|at| open(at) && (candidates.has(at) || self.drifts(chunk, at)))
            .collect()
    }

    /// Whether a reading is open that tests may ask about in both directions, one of them at a
    /// limit that the second dial moves.
    fn drifts(&self, chunk: &Chunk, at: usize) -> bool {
        let Some(reach) = self.program.reaches.get(self.root.index()) else { return true };
        let of_part = |steps: &[Step], columns: &[usize], both: &[usize], spans: &[Vec<Span>]| {
            steps.iter().any(|step| {
                let What::Second { column, .. } = step.what else { return false };
                let watched = columns.get(column).is_some_and(|column| both.contains(column));
                let span = spans.get(column).and_then(|spans| spans.get(at));
                watched && span.is_some_and(|span| span.single().is_none())
            })
        };
        let both = |watched: &[super::reach::Watched]| -> Vec<usize> {
            watched.iter().map(|watched| watched.column).collect()
        };
        let axis = both(&reach.axis.watched);
        let machine = both(&reach.machine.watched);
        if of_part(&self.machine, &self.watched.machine, &machine, &chunk.machine) {
            return true;
        }
        let mut slots = chunk.block.listed(at).slots().filter_map(|slot| chunk.slots.get(slot));
        slots.any(|spans| {
            self.axis.iter().any(|steps| of_part(steps, &self.watched.axis, &axis, spans))
        })
    }

    /// The completions of a row in the readings that it hangs on; `None` where they cannot all be
    /// had.
    fn ways(
        &self,
        chunk: &Chunk,
        planes: &Planes,
        at: usize,
        hangs: bool,
    ) -> Option<Vec<(Row, Asked)>> {
        let row = chunk.block.row(at);
        let mut ways = vec![(row.clone(), chunk.asked(at))];
        if !hangs {
            return Some(ways);
        }
        let trace = Trace::of(planes, chunk.block.listed(at), at);
        let frontier = Frontier::of(self.program, self.root, &trace);
        let parts = std::iter::once((None, &frontier.machine, &row.machine));
        let axes = frontier.axes.iter().zip(&row.axes).enumerate();
        let axes = axes.map(|(axis, (part, cells))| (Some(axis), part, cells));
        for (axis, part, cells) in parts.chain(axes) {
            for (column, answers) in answers(part, cells) {
                if self.program.has_slopes() {
                    return None;
                }
                ways = self.fixed(&ways, axis, column, &answers)?;
            }
        }
        if self.drifts(chunk, at) { None } else { Some(ways) }
    }

    /// Every way with a reading fixed to each of its answers.
    fn fixed(
        &self,
        ways: &[(Row, Asked)],
        axis: Option<usize>,
        at: usize,
        answers: &[Cell],
    ) -> Option<Vec<(Row, Asked)>> {
        let (columns, watched) = match axis {
            None => (&self.program.machine.columns, &self.watched.machine),
            Some(_) => (&self.program.axis.columns, &self.watched.axis),
        };
        let column: &Column = columns.get(at)?;
        let place = watched.iter().position(|known| *known == at);
        if ways.len() * answers.len() > WAYS_MAX {
            return None;
        }
        let fix = |(row, asked): &(Row, Asked), answer: Cell| {
            let (mut row, mut asked) = (row.clone(), asked.clone());
            let (cells, spans) = match axis {
                None => (Some(&mut row.machine), Some(&mut asked.machine)),
                Some(axis) => (row.axes.get_mut(axis), asked.axes.get_mut(axis)),
            };
            if let Some(cell) = cells.and_then(|cells| cells.get_mut(at)) {
                *cell = answer;
            }
            let span = spans.zip(place).and_then(|(spans, place)| spans.get_mut(place));
            if let (Some(span), Set::Span(within)) = (span, column.set_of(answer)) {
                *span = span.meet(within).unwrap_or(*span);
            }
            (row, asked)
        };
        let all = ways.iter().flat_map(|way| answers.iter().map(move |answer| (way, *answer)));
        Some(all.map(|(way, answer)| fix(way, answer)).collect())
    }

    /// Marks the truths of nodes that depend on a dial: unknown where they may be open at some value
    /// of it, and something known elsewhere.
    fn open(&self, chunk: &Chunk, planes: &mut Planes) {
        let rows = planes.rows;
        let mut of_axes: [Vec<Vec<Vec<u8>>>; 2] = [Vec::new(), Vec::new()];
        for (steps, of_axes) in self.axis.iter().zip(&mut of_axes) {
            let further = std::iter::once((&mut planes.further, &chunk.further));
            for (bytes, spans) in planes.slots.iter_mut().zip(&chunk.slots).chain(further) {
                of_axes.push(self.may(&self.program.axis.ops, steps, bytes, spans, rows, &[]));
            }
        }
        let ops = &self.program.machine.ops;
        self.may(ops, &self.machine, &mut planes.machine, &chunk.machine, rows, &of_axes);
    }

    /// Which truths each step may have at some values of the dials: bit *n* for the truth *n*.
    fn may(
        &self,
        ops: &[Op],
        steps: &[Step],
        bytes: &mut [u8],
        spans: &[Vec<Span>],
        rows: usize,
        axes: &[Vec<Vec<Vec<u8>>>],
    ) -> Vec<Vec<u8>> {
        let mut masks: Vec<Vec<u8>> = Vec::with_capacity(steps.len());
        for step in steps {
            let mask: Vec<u8> = match &step.what {
                What::First { column, .. } | What::Second { column, .. } => {
                    let spans = spans.get(*column).map(Vec::as_slice).unwrap_or_default();
                    let open = |span: &Span| u8::from(span.single().is_none()) << 1;
                    spans.iter().map(|span| 0b101 | open(span)).collect()
                }
                What::Join { steps, still, .. } => {
                    let all = matches!(ops.get(step.id.index()), Some(Op::And(_)));
                    let mut out = vec![if all { 0b100 } else { 0b001 }; rows];
                    for mask in steps.iter().filter_map(|at| masks.get(*at)) {
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
                    over_axes(&of, fewer, rows)
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

/// The truths that a count over axes may have; the last of `axes` may be there any number of times.
fn over_axes(axes: &[&Vec<u8>], fewer: bool, rows: usize) -> Vec<u8> {
    let mut seen = vec![0u8; rows];
    if let Some((further, listed)) = axes.split_last() {
        for mask in listed {
            seen.iter_mut().zip(*mask).for_each(|(seen, mask)| *seen |= mask & 0b110);
        }
        for (seen, mask) in seen.iter_mut().zip(*further) {
            *seen |= u8::from(mask & 0b110 != 0) << 1;
        }
    }
    let turned = |seen: u8| if fewer { seen >> 2 | seen & 0b010 | 0b100 } else { seen | 0b001 };
    seen.into_iter().map(turned).collect()
}

/// The open cells that tests ask about in both directions, with what the tests tell apart in them.
fn answers(part: &Part, cells: &[Cell]) -> Vec<(usize, Vec<Cell>)> {
    let two_way = part.iter().filter(|(_, tests)| tests.is_two_way());
    two_way
        .filter_map(|(column, tests)| {
            let cell = cells.get(*column).filter(|cell| cell.is_open())?;
            Some((*column, tests.answers(*cell, true)))
        })
        .collect()
}

/// The levels of machines that have one row each.
fn each<L: Copy>(chunk: &Chunk, skip: &[bool], levels: &[L], mut found: impl FnMut(usize, [L; 2])) {
    let (certain, possible) = levels.split_at(chunk.rows().min(levels.len()));
    let rows = chunk.owners.iter().zip(skip).zip(certain.iter().zip(possible));
    for ((machine, skip), (certain, possible)) in rows {
        if !skip {
            found(*machine, [*certain, *possible]);
        }
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
