//! Chunks swept: from which value of a dial on each machine is captured, for every value of it, or
//! counted in a grid of values.

use super::apart::{Completed, Settled};
use super::counted::Counted;
use super::critical::Dialled;
use super::field::Chunk;
use super::grid::{Exact, Grid, SHORT_MAX, Scale, Short};
use super::hung::Hangs;
use super::levels::{Buffers, Here, Scales, Work};
use super::run::Planes;
use crate::logic::Truth;
use crate::quantity::Value;

/// How many rows are looked at together.
const TOGETHER: usize = 1024;

/// The values of two dials at which machines are counted.
#[derive(Debug, Clone)]
pub struct Grids {
    first: Grid,
    second: Option<Grid>,
}

/// What takes up the machines that are found.
pub trait Tallies {
    /// Machines by their row among some, each with the place of the first dial's grid from which on
    /// it is certainly and possibly captured where the second dial stands at this place of its own.
    fn turning<L: Copy>(
        &mut self,
        second: usize,
        machine: impl Fn(usize) -> usize,
        from: &[[L; 2]],
    ) where
        usize: From<L>;

    /// A machine that has one truth at every value.
    fn steady(&mut self, machine: usize, truth: Truth);
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
    pub fn critical(
        &self,
        hangs: &mut Hangs,
        chunk: &Chunk,
        mut found: impl FnMut(usize, [i64; 2]),
    ) -> Vec<usize> {
        let settled = self.settled(hangs, chunk);
        for (machine, truth) in chunk.steady.iter().chain(&settled.steady) {
            let from = |holds: bool| if holds { i64::MIN } else { i64::MAX };
            found(*machine, [from(*truth == Truth::True), from(*truth != Truth::False)]);
        }
        let scales = Scales { first: &Exact, second: None };
        self.turned(&scales, (chunk, &settled), hangs, |_, machine, levels| {
            levels.iter().enumerate().for_each(|(row, levels)| found(machine(row), *levels));
        });
        hangs.give_back(settled)
    }

    /// For each value of the second dial (one, where there is none) and each machine of a chunk
    /// that turns: from which place of the first dial's grid on (counted from the other end where
    /// it is turned down) it is certainly and possibly captured; and the truth of each machine
    /// that turns nowhere. Returns the machines for which that cannot be said.
    pub fn places(
        &self,
        hangs: &mut Hangs,
        chunk: &Chunk,
        grids: &Grids,
        tallies: &mut impl Tallies,
    ) -> Vec<usize> {
        let settled = self.settled(hangs, chunk);
        let steady = chunk.steady.iter().chain(&settled.steady);
        steady.for_each(|(machine, truth)| tallies.steady(*machine, *truth));
        let Grids { first, second } = grids;
        let second = second.as_ref();
        if first.len().max(second.map_or(0, Grid::len)) <= SHORT_MAX {
            let scales = Scales { first: &Short(first), second };
            self.turned(&scales, (chunk, &settled), hangs, |second, machine, levels| {
                tallies.turning(usize::from(second), machine, levels);
            });
        } else {
            let scales = Scales { first, second };
            self.turned(&scales, (chunk, &settled), hangs, |second, machine, levels| {
                tallies.turning(usize::from(second), machine, levels);
            });
        }
        hangs.give_back(settled)
    }

    /// The levels of the machines of a chunk that turn, for each place of the second dial.
    fn turned<S: Scale>(
        &self,
        scales: &Scales<'_, S>,
        (chunk, settled): (&Chunk, &Settled),
        hangs: &mut Hangs,
        mut found: impl FnMut(u16, &dyn Fn(usize) -> usize, &[[S::Level; 2]]),
    ) {
        let mut buffers = std::mem::take(S::memory(hangs));
        let rows = &settled.rows;
        let looked = self.look(scales, chunk, &settled.planes, rows, &mut buffers);
        let mut taken = settled.completed.as_ref().map(|all| self.taken(scales, all, &mut buffers));
        for here in places(scales, rows.len(), TOGETHER) {
            self.count(scales.first, &looked, &here, &mut buffers);
            let turning = here.rows.start..here.rows.end.min(settled.turning);
            if !turning.is_empty() {
                let some = Here { place: here.place, rows: turning.clone() };
                let levels = self.root(scales.first, &looked.machine, &some, &mut buffers);
                let rows = rows.get(turning).unwrap_or_default();
                let machine = |at: usize| rows.get(at).map_or(usize::MAX, |row| owner(chunk, *row));
                found(here.place, &machine, levels);
            }
            if let Some(taken) = taken.as_mut().filter(|_| here.rows.end > settled.turning) {
                self.complete(scales.first, settled.turning, taken, (&here, &buffers));
                for (at, levels) in &taken.levels {
                    let row = rows.get(*at).copied().unwrap_or(u32::MAX);
                    found(here.place, &|_| owner(chunk, row), &[*levels]);
                }
            }
        }
        buffers.give_back(looked);
        if let Some(taken) = taken {
            buffers.give_back_work(taken.work);
        }
        let mut one = |place, machine, levels| found(place, &|_| machine, &[levels]);
        if let Some(apart) = &settled.apart {
            let (planes, _) = self.planes(apart, Planes::default());
            let rows: Vec<u32> = (0..).take(apart.rows()).collect();
            let looked = self.look(scales, apart, &planes, &rows, &mut buffers);
            for here in places(scales, rows.len(), usize::MAX) {
                self.count(scales.first, &looked, &here, &mut buffers);
                let levels = self.root(scales.first, &looked.machine, &here, &mut buffers);
                let found = |machine, levels| one(here.place, machine, levels);
                grouped(scales.first, apart, levels, found);
            }
            buffers.give_back(looked);
        }
        *S::memory(hangs) = buffers;
    }

    /// Looks at the completions of machines that were taken apart in what they say of the machine
    /// alone.
    fn taken<'d, S: Scale>(
        &'d self,
        scales: &Scales<'_, S>,
        completed: &'d Completed,
        buffers: &mut Buffers<S::Level>,
    ) -> Taken<'d, S::Level> {
        let all: Vec<u32> = (0..).take(completed.chunk.rows()).collect();
        let bytes = (completed.planes.machine.as_slice(), all.len());
        let readings = (completed.chunk.machine.as_slice(), all.as_slice());
        let work = self.work(scales, &self.machine, bytes, readings, buffers);
        let (own, from, levels) = (Buffers::default(), Vec::new(), Vec::new());
        Taken { completed, work, own, from, levels }
    }

    /// The levels of such machines among some rows, of which the first ones turn as they stand:
    /// each completion has to be captured for certainty.
    fn complete<S: Scale>(
        &self,
        scale: &S,
        turning: usize,
        taken: &mut Taken<'_, S::Level>,
        (here, buffers): (&Here, &Buffers<S::Level>),
    ) {
        let Taken { completed, work, own, from, levels } = taken;
        let of = here.rows.start.max(turning)..here.rows.end;
        let completions = |at: usize| completed.completions(at - turning);
        from.clear();
        for at in of.clone() {
            let number = (at - here.rows.start) as u32;
            from.extend(completions(at).map(|_| number));
        }
        own.counted.resize_with(buffers.counted.len(), Counted::default);
        for (own, counted) in own.counted.iter_mut().zip(&buffers.counted) {
            own.copy(counted, from, scale.never());
        }
        let begin = completions(of.start).start;
        let copied = Here { place: here.place, rows: begin..begin + from.len() };
        let mut all = self.root(scale, work, &copied, own).iter();
        levels.clear();
        for at in of {
            let own = all.by_ref().take(completions(at).len());
            let begun = [scale.always(), scale.never()];
            let joined = own.fold(begun, |[certain, possible], [all, any]| {
                [certain.max(*all), possible.min(*any)]
            });
            levels.push((at, joined));
        }
    }
}

/// Machines that were taken apart in what they say of the machine alone, as they are looked at.
struct Taken<'d, L> {
    completed: &'d Completed,
    work: Work<'d, L>,
    own: Buffers<L>,
    /// The row among those looked at whose axes each completion has.
    from: Vec<u32>,
    /// The levels that were found, by the places of their rows.
    levels: Vec<(usize, [L; 2])>,
}

/// So many rows, some together, at each place of the second dial's grid.
fn places<S>(scales: &Scales<'_, S>, rows: usize, together: usize) -> impl Iterator<Item = Here> {
    let places = scales.second.map_or(1, |grid| grid.len() as u16);
    (0..rows).step_by(together).flat_map(move |from| {
        let to = from.saturating_add(together).min(rows);
        (0..places).map(move |place| Here { place, rows: from..to })
    })
}

/// The machine of a row.
fn owner(chunk: &Chunk, row: u32) -> usize {
    chunk.owners.get(row as usize).copied().unwrap_or(usize::MAX)
}

/// The levels of machines that have several rows: every completion of a configuration has to be
/// captured for certainty, and one configuration is enough.
fn grouped<S: Scale>(
    scale: &S,
    chunk: &Chunk,
    levels: &[[S::Level; 2]],
    mut found: impl FnMut(usize, [S::Level; 2]),
) {
    let of = chunk.owners.iter().zip(&chunk.configurations);
    let rows: Vec<_> = of.zip(levels).collect();
    for machine in rows.chunk_by(|a, b| a.0.0 == b.0.0) {
        let mut out = [scale.never(), scale.never()];
        for configuration in machine.chunk_by(|a, b| a.0.1 == b.0.1) {
            let all = configuration.iter().map(|(_, [certain, _])| *certain).max();
            let any = configuration.iter().map(|(_, [_, possible])| *possible).min();
            let [certain, possible] = out;
            out = [certain.min(all.unwrap_or(certain)), possible.min(any.unwrap_or(possible))];
        }
        if let Some(((owner, _), _)) = machine.first() {
            found(**owner, out);
        }
    }
}
