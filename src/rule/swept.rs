//! Chunks swept: from which value of a dial on each machine is captured, for every value of it, or
//! counted in a grid of values.

use std::ops::Range;

use super::apart::{Completed, Hangs, Settled};
use super::critical::Dialled;
use super::field::Chunk;
use super::grid::{Exact, Grid, Scale};
use super::levels::{Buffers, Levels, Scales, TOGETHER};
use super::run::Planes;
use super::stretch::Stretch;
use crate::logic::Truth;
use crate::quantity::Value;

/// The values of two dials at which machines are counted.
#[derive(Debug, Clone)]
pub struct Grids {
    first: Grid,
    second: Option<Grid>,
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
        for (machine, truth) in &settled.steady {
            let from = |holds: bool| if holds { i64::MIN } else { i64::MAX };
            found(*machine, [from(*truth == Truth::True), from(*truth != Truth::False)]);
        }
        let scales = Scales { first: &Exact, second: None };
        self.turned(&scales, chunk, &settled, |machine, _, levels| found(machine, levels));
        hangs.give_back(settled)
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
        let scales = Scales { first: &grids.first, second: grids.second.as_ref() };
        self.turned(&scales, chunk, &settled, |machine, of, levels: [i16; 2]| {
            let places = usize::from(of.from)..usize::from(of.to);
            found(machine, places, levels.map(|level| level as u16));
        });
        hangs.give_back(settled)
    }

    /// The levels of the machines of a chunk that turn, stretch by stretch.
    fn turned<S: Scale>(
        &self,
        scales: &Scales<'_, S>,
        chunk: &Chunk,
        settled: &Settled,
        mut found: impl FnMut(usize, &Stretch, [S::Level; 2]),
    ) {
        let mut buffers = Buffers::default();
        let looked = self.look(scales, chunk, &settled.planes, &settled.turning);
        for stretches in looked.stretches.chunks(TOGETHER) {
            self.count(scales.first, &looked, stretches, &mut buffers);
            let work = (&looked.machine, &settled.planes);
            let levels = self.root(scales.first, work, stretches, &mut buffers);
            for (stretch, levels) in stretches.iter().zip(levels) {
                found(machine(chunk, stretch), stretch, *levels);
            }
        }
        if let Some(completed) = &settled.completed {
            let of = (chunk, &settled.planes);
            self.turned_completed(scales, of, completed, &mut buffers, &mut found);
        }
        if let Some(apart) = &settled.apart {
            let (planes, _) = self.planes(apart, Planes::default());
            let rows: Vec<u32> = (0..).take(apart.rows()).collect();
            let looked = self.look(scales, apart, &planes, &rows);
            let mut all = Levels::with_capacity(looked.stretches.len());
            for stretches in looked.stretches.chunks(TOGETHER) {
                self.count(scales.first, &looked, stretches, &mut buffers);
                let work = (&looked.machine, &planes);
                all.extend(self.root(scales.first, work, stretches, &mut buffers));
            }
            grouped(scales.first, apart, &looked.stretches, &all, &mut found);
        }
    }

    /// The levels of machines that were taken apart in what they say of the machine alone: each
    /// completion has to be captured for certainty.
    fn turned_completed<S: Scale>(
        &self,
        scales: &Scales<'_, S>,
        (chunk, planes): (&Chunk, &Planes),
        completed: &Completed,
        buffers: &mut Buffers<S::Level>,
        mut found: impl FnMut(usize, &Stretch, [S::Level; 2]),
    ) {
        let scale = scales.first;
        let looked = self.look(scales, chunk, planes, &completed.of);
        let rows: Vec<u32> = (0..).take(completed.chunk.rows()).collect();
        let bytes = (completed.planes.machine.as_slice(), rows.len());
        let work = self.work(scales, &self.machine, bytes, &completed.chunk.machine, &rows);
        let (mut copies, mut from) = (Vec::new(), Vec::new());
        let mut own = Buffers::default();
        for stretches in looked.stretches.chunks(TOGETHER / 4) {
            self.count(scale, &looked, stretches, buffers);
            copies.clear();
            from.clear();
            for (number, stretch) in (0u32..).zip(stretches) {
                for row in completed.completions(stretch.at) {
                    copies.push(Stretch { row, at: row, ..*stretch });
                    from.push(number);
                }
            }
            let counted = buffers.counted.iter().map(|one| one.copied(&from, scale.never()));
            own.counted = counted.collect();
            let mut levels = self.root(scale, (&work, &completed.planes), &copies, &mut own).iter();
            for stretch in stretches {
                let all = levels.by_ref().take(completed.completions(stretch.at).len());
                let begun = [scale.always(), scale.never()];
                let joined = all.fold(begun, |[certain, possible], [all, any]| {
                    [certain.max(*all), possible.min(*any)]
                });
                found(machine(chunk, stretch), stretch, joined);
            }
        }
    }
}

/// The machine of a stretch.
fn machine(chunk: &Chunk, stretch: &Stretch) -> usize {
    chunk.owners.get(stretch.row as usize).copied().unwrap_or(usize::MAX)
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
    let configuration = |stretch: &Stretch| {
        chunk.configurations.get(stretch.row as usize).copied().unwrap_or_default()
    };
    let own = |stretch: &Stretch| (machine(chunk, stretch), stretch.from);
    let rows: Vec<(&Stretch, &[S::Level; 2])> = stretches.iter().zip(levels).collect();
    for of_machine in rows.chunk_by(|(a, _), (b, _)| own(a) == own(b)) {
        let mut out = [scale.never(), scale.never()];
        for rows in of_machine.chunk_by(|(a, _), (b, _)| configuration(a) == configuration(b)) {
            let all = rows.iter().map(|(_, [certain, _])| *certain).max();
            let any = rows.iter().map(|(_, [_, possible])| *possible).min();
            let [certain, possible] = out;
            out = [certain.min(all.unwrap_or(certain)), possible.min(any.unwrap_or(possible))];
        }
        if let Some((stretch, _)) = of_machine.first() {
            found(machine(chunk, stretch), stretch, out);
        }
    }
}
