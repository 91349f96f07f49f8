//! Levels: the critical values of the nodes of a block, plane by plane.
//!
//! What hangs on readings alone, or stands still, is worked out once; the rest for each place of
//! the second dial's grid, some rows at a time: what one step leaves is at hand for the next one.

use std::ops::Range;

use super::arena::{Count, NodeId};
use super::counted::Counted;
use super::critical::{Dialled, Step, What};
use super::field::{Chunk, Reading};
use super::grid::{Grid, Moved, Passed, Scale};
use super::joins::{Pair, Source, Turned, fuse, join, join_turned};
use super::run::{self, Planes};
use crate::logic::{self, Truth};
use crate::quantity::Cut;

/// The levels from which on a node certainly and possibly holds, a pair a row.
pub(super) type Levels<L> = Vec<[L; 2]>;

/// The values at which the dials are looked at.
#[derive(Debug)]
pub(super) struct Scales<'s, S> {
    pub first: &'s S,
    pub second: Option<&'s Grid>,
}

/// Rows, and where the second dial stands in its grid.
#[derive(Debug, Clone)]
pub(super) struct Here {
    pub place: u16,
    /// The places of the rows among those that are looked at.
    pub rows: Range<usize>,
}

/// The machine or an axis: its steps, and what of them hangs on readings or stands still.
pub(super) struct Work<'d, L> {
    steps: &'d [Step],
    /// For each step what of it does not hang on the second dial or on axes that are counted; all
    /// of it, some of what it joins, or nothing.
    fixed: Vec<Levels<L>>,
    whole: Vec<Whole>,
    /// The tests that the second dial moves.
    seconds: Vec<Second<L>>,
}

/// How much of a step is fixed for every place of the second dial.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whole {
    /// All of it.
    All,
    /// Not all, and it is worked out for each place.
    Part,
    /// All but the step at this place, a test that the second dial moves: a condition that is
    /// counted, and is worked out while it is.
    Pair(usize),
    /// Nothing, and nobody asks for it.
    Idle,
    /// Nothing, and it is worked out together with what it is part of.
    Within,
}

/// A test that the second dial moves: its column, its cut, whether it asks for less, and the places
/// in the grid from which on that becomes otherwise, certainly and possibly.
struct Second<L> {
    test: (usize, Cut, bool),
    places: Levels<L>,
}

/// The watched columns of a part, and the rows that are looked at.
type Readings<'r> = (&'r [Reading], &'r [u32]);

/// Rows of a chunk looked at: the parts of the program over them.
pub(super) struct Looked<'d, L> {
    pub machine: Work<'d, L>,
    /// The axes whose conditions are counted as they stand, and negated.
    axes: [Axes<Work<'d, L>>; 2],
}

/// The axes that are listed, and those that are not where some machine may have such.
struct Axes<T> {
    listed: Vec<T>,
    further: Option<T>,
}

/// Memory for the levels of some rows.
#[derive(Debug, Clone)]
pub(super) struct Buffers<L> {
    axis: Vec<Levels<L>>,
    machine: Vec<Levels<L>>,
    /// For each step of the machine that counts axes, its levels.
    pub counted: Vec<Counted<L>>,
    /// Levels that are done with.
    spare: Vec<Levels<L>>,
    /// What tests pass of some columns, those that ask for less or for more.
    passed: Vec<(usize, bool, Passed)>,
    /// How many of these are of the part that is looked at.
    known: usize,
}

impl<L> Default for Buffers<L> {
    fn default() -> Self {
        let (axis, machine, counted) = (Vec::new(), Vec::new(), Vec::new());
        Self { axis, machine, counted, spare: Vec::new(), passed: Vec::new(), known: 0 }
    }
}

impl<L> Buffers<L> {
    /// What tests pass of a column in some rows, gathered once for all tests of a part.
    fn passed(&mut self, column: usize, below: bool, (of, rows): Readings<'_>) -> &Passed {
        let known = self.passed.get(..self.known).unwrap_or_default();
        let at = known.iter().position(|(of, how, _)| (*of, *how) == (column, below));
        let at = at.unwrap_or_else(|| {
            let at = self.known;
            self.known += 1;
            let all = self.passed.len().max(self.known);
            self.passed.resize_with(all, || (0, true, Passed::default()));
            if let Some(own) = self.passed.get_mut(at) {
                (own.0, own.1) = (column, below);
                own.2.gather(of.get(column), rows, below);
            }
            at
        });
        self.passed.get(at).map_or(const { &Passed::NONE }, |(.., passed)| passed)
    }

    /// Empty levels.
    fn fresh(&mut self) -> Levels<L> {
        self.spare.pop().unwrap_or_default()
    }

    /// Takes back the memory of levels.
    fn take_back(&mut self, mut levels: Levels<L>) {
        if levels.capacity() > 0 {
            levels.clear();
            self.spare.push(levels);
        }
    }

    /// Takes back the memory of rows that were looked at.
    pub fn give_back(&mut self, looked: Looked<'_, L>) {
        let of_axes =
            looked.axes.into_iter().flat_map(|axes| axes.listed.into_iter().chain(axes.further));
        of_axes.chain([looked.machine]).for_each(|work| self.give_back_work(work));
    }

    /// The same of one part.
    pub fn give_back_work(&mut self, work: Work<'_, L>) {
        let places = work.seconds.into_iter().map(|second| second.places);
        work.fixed.into_iter().chain(places).for_each(|levels| self.take_back(levels));
    }
}

impl Dialled<'_> {
    /// Looks at some rows of a chunk.
    pub(super) fn look<S: Scale>(
        &self,
        scales: &Scales<'_, S>,
        chunk: &Chunk,
        planes: &Planes,
        rows: &[u32],
        buffers: &mut Buffers<S::Level>,
    ) -> Looked<'_, S::Level> {
        let mut work = |steps, bytes: &[u8], readings: &[Reading]| {
            self.work(scales, steps, (bytes, planes.rows), (readings, rows), buffers)
        };
        let axes = self.axis.each_ref().map(|steps| {
            let slots = planes.slots.iter().zip(&chunk.slots).filter(|_| !steps.is_empty());
            let listed = slots.map(|(bytes, readings)| work(steps, bytes, readings)).collect();
            let further = (chunk.more && !steps.is_empty())
                .then(|| work(steps, &planes.further, &chunk.further));
            Axes { listed, further }
        });
        Looked { machine: work(&self.machine, &planes.machine, &chunk.machine), axes }
    }

    /// What of one part's steps hangs on readings or stands still, for some rows.
    pub(super) fn work<'d, S: Scale>(
        &self,
        scales: &Scales<'_, S>,
        steps: &'d [Step],
        (bytes, of): (&[u8], usize),
        readings: Readings<'_>,
        buffers: &mut Buffers<S::Level>,
    ) -> Work<'d, S::Level> {
        let (scale, mut seconds) = (scales.first, Vec::new());
        buffers.known = 0;
        let mut fixed: Vec<Levels<S::Level>> = Vec::with_capacity(steps.len());
        let mut whole: Vec<Whole> = Vec::with_capacity(steps.len());
        let all = steps;
        for (at, step) in steps.iter().enumerate() {
            let mut levels = buffers.fresh();
            whole.push(match &step.what {
                What::First { column, cut } => {
                    let (turning, below) = (&self.first, self.is_rising());
                    let test = Moved { turning, cut: *cut, below };
                    scale.levels(&mut levels, test, buffers.passed(*column, below, readings));
                    Whole::All
                }
                What::Second { column, cut, below } => {
                    let test = (*column, *cut, *below);
                    self.moved(scales, &mut seconds, test, readings, buffers);
                    if self.is_asked(steps, at) { Whole::Part } else { Whole::Within }
                }
                What::Join { .. } if !self.is_asked(all, at) && !is_part(all, at) => Whole::Idle,
                What::Join { largest, negated, still: nodes, steps } => {
                    if !nodes.is_empty() {
                        let truths = joined(bytes, nodes, *largest, *negated, of);
                        still(scale, &mut levels, &truths, readings.1);
                    }
                    let is_whole = |at: &&usize| whole.get(**at) == Some(&Whole::All);
                    for part in steps.iter().filter(is_whole).filter_map(|at| fixed.get(*at)) {
                        if levels.is_empty() {
                            levels.extend_from_slice(part);
                        } else {
                            join(&mut levels, part, *largest);
                        }
                    }
                    let mut moving = steps.iter().filter(|at| !is_whole(at));
                    match (moving.next(), moving.next()) {
                        (None, _) => Whole::All,
                        (Some(one), None) if self.is_pair(all, (at, *one)) => Whole::Pair(*one),
                        _ => Whole::Part,
                    }
                }
                What::Axes { .. } => Whole::Within,
            });
            fixed.push(levels);
        }
        Work { steps, fixed, whole, seconds }
    }

    /// Whether the levels of a step are asked for by themselves: those of the root, and those of
    /// conditions that are counted.
    fn is_asked(&self, steps: &[Step], at: usize) -> bool {
        let of_machine = std::ptr::eq(steps, self.machine.as_slice());
        if of_machine {
            return at + 1 == steps.len();
        }
        let counted = |one: &Step| matches!(one.what, What::Axes { step, .. } if step == at);
        self.machine.iter().any(counted)
    }

    /// Whether a step of an axis is only counted, and the one part of it that is not fixed is a
    /// test that the second dial moves.
    fn is_pair(&self, steps: &[Step], (at, moving): (usize, usize)) -> bool {
        let of_machine = std::ptr::eq(steps, self.machine.as_slice());
        let whole = steps.get(at).map(|step| &step.what);
        let Some(What::Join { still, steps: parts, .. }) = whole.filter(|_| !of_machine) else {
            return false;
        };
        let moved =
            |at: usize| matches!(steps.get(at), Some(Step { what: What::Second { .. }, .. }));
        moved(moving) && still.len() + parts.len() > 1 && !is_part(steps, at)
    }

    /// Adds a test that the second dial moves.
    fn moved<S: Scale>(
        &self,
        scales: &Scales<'_, S>,
        seconds: &mut Vec<Second<S::Level>>,
        test: (usize, Cut, bool),
        readings: Readings<'_>,
        buffers: &mut Buffers<S::Level>,
    ) {
        let (column, cut, below) = test;
        let known = |below| seconds.iter().find(|one| one.test == (column, cut, below));
        if known(below).is_some() {
            return;
        }
        let mut places = buffers.fresh();
        match (known(!below), self.second.as_ref().zip(scales.second)) {
            (Some(other), _) => places.extend_from_slice(&other.places),
            (None, Some((turning, grid))) => {
                let moved = Moved { turning, cut, below: true };
                let passed = buffers.passed(column, true, readings);
                grid.levels_as(&mut places, moved, passed, |at| scales.first.place(at));
            }
            (None, None) => {}
        }
        if !below || known(!below).is_some() {
            // Where a reading is not even possibly below, it certainly is above.
            places.iter_mut().for_each(|[certain, possible]| std::mem::swap(certain, possible));
        }
        seconds.push(Second { test, places });
    }

    /// Counts the axes of some rows for each step of the machine that asks for that.
    pub(super) fn count<S: Scale>(
        &self,
        scale: &S,
        looked: &Looked<'_, S::Level>,
        here: &Here,
        buffers: &mut Buffers<S::Level>,
    ) {
        let Buffers { axis, counted, .. } = buffers;
        counted.resize_with(self.machine.len(), Counted::default);
        for (fewer, axes) in [false, true].into_iter().zip(&looked.axes) {
            let asked = |step: &Step| match step.what {
                What::Axes { count, step } if matches!(count, Count::AtMost(_)) == fewer => {
                    Some((count, step))
                }
                _ => None,
            };
            let mut all: Vec<(&mut Counted<S::Level>, Count, usize)> = counted
                .iter_mut()
                .zip(&self.machine)
                .filter_map(|(counted, step)| asked(step).map(|(count, at)| (counted, count, at)))
                .collect();
            if all.is_empty() {
                continue;
            }
            for (counted, count, _) in &mut all {
                counted.begin(scale, *count, axes.listed.len(), here.rows.len());
            }
            for work in &axes.listed {
                work.run(scale, here, &[], axis);
                for (counted, _, at) in &mut all {
                    match work.pair(scale, *at, here) {
                        Some(pair) => counted.take_pair(pair),
                        None => counted.take(work.levels(*at, here, &[], axis)),
                    }
                }
            }
            if let Some(work) = &axes.further {
                work.run(scale, here, &[], axis);
                for (counted, count, at) in &mut all {
                    if let (Some(pair), Some(out)) =
                        (work.pair(scale, *at, here), axis.get_mut(*at))
                    {
                        pair.levels(out);
                    }
                    counted.take_further(*count, work.levels(*at, here, &[], axis));
                }
            }
        }
    }

    /// The levels of the root, where the axes of the rows were counted before.
    pub(super) fn root<'b, S: Scale>(
        &self,
        scale: &S,
        work: &'b Work<'_, S::Level>,
        here: &Here,
        buffers: &'b mut Buffers<S::Level>,
    ) -> &'b [[S::Level; 2]] {
        let Buffers { machine, counted, .. } = buffers;
        work.run(scale, here, counted, machine);
        // A whole comes behind its parts, and the root is the whole.
        work.levels(self.machine.len().wrapping_sub(1), here, counted, machine)
    }
}

impl<L: Copy + Ord> Work<'_, L> {
    /// The levels of each step that does not hang on readings alone.
    fn run<S: Scale<Level = L>>(
        &self,
        scale: &S,
        here: &Here,
        counted: &[Counted<L>],
        levels: &mut Vec<Levels<L>>,
    ) {
        let turned = |below: bool| Turned::at(scale, here.place, below);
        levels.resize_with(levels.len().max(self.steps.len()), Vec::new);
        for (at, step) in self.steps.iter().enumerate() {
            let (before, own) = levels.split_at_mut(at);
            let whole = self.whole.get(at) == Some(&Whole::Part);
            let Some(out) = own.first_mut().filter(|_| whole) else { continue };
            match &step.what {
                What::Join { largest, steps, .. } => {
                    let fixed = self.fixed.get(at).and_then(|all| all.get(here.rows.clone()));
                    let fixed = fixed.filter(|fixed| !fixed.is_empty()).map(Source::Levels);
                    let moves = |at: &&usize| self.whole.get(**at) != Some(&Whole::All);
                    let parts = steps.iter().filter(moves);
                    let parts = parts.map(|at| self.source(*at, here, counted, before));
                    let mut parts = fixed.into_iter().chain(parts);
                    match (parts.next(), parts.next()) {
                        (Some(one), Some(two)) => fuse(out, one, two, *largest, turned),
                        (Some(one), None) => fuse(out, one, one, *largest, turned),
                        _ => out.clear(),
                    }
                    for part in parts {
                        match part {
                            Source::Levels(part) => join(out, part, *largest),
                            Source::Places(places, below) => {
                                join_turned(out, places, *largest, turned(below));
                            }
                        }
                    }
                }
                _ => {
                    let one = self.source(at, here, counted, before);
                    fuse(out, one, one, false, turned);
                }
            }
        }
    }

    /// A condition of an axis that is worked out while it is counted.
    fn pair<S: Scale<Level = L>>(&self, scale: &S, at: usize, here: &Here) -> Option<Pair<'_, L>> {
        let Whole::Pair(moving) = self.whole.get(at)? else { return None };
        let What::Join { largest, .. } = self.steps.get(at)?.what else { return None };
        let Source::Places(places, below) = self.source(*moving, here, &[], &[]) else {
            return None;
        };
        let fixed = self.fixed.get(at)?.get(here.rows.clone())?;
        Some(Pair { fixed, places, largest, turned: Turned::at(scale, here.place, below) })
    }

    /// What a step comes to.
    fn source<'l>(
        &'l self,
        at: usize,
        here: &Here,
        counted: &'l [Counted<L>],
        all: &'l [Levels<L>],
    ) -> Source<'l, L> {
        match self.steps.get(at).map(|step| &step.what) {
            Some(What::Second { column, cut, below }) => {
                let test = (*column, *cut, *below);
                let known = self.seconds.iter().find(|one| one.test == test);
                let places = known.and_then(|one| one.places.get(here.rows.clone()));
                Source::Places(places.unwrap_or_default(), *below)
            }
            _ => Source::Levels(self.levels(at, here, counted, all)),
        }
    }

    /// The levels of a step among those that were worked out.
    fn levels<'l>(
        &'l self,
        at: usize,
        here: &Here,
        counted: &'l [Counted<L>],
        all: &'l [Levels<L>],
    ) -> &'l [[L; 2]] {
        match (self.steps.get(at).map(|step| &step.what), self.whole.get(at)) {
            (Some(What::Axes { .. }), _) => {
                counted.get(at).and_then(|one| one.levels().get(..here.rows.len()))
            }
            (_, Some(Whole::All)) => self.fixed.get(at).and_then(|all| all.get(here.rows.clone())),
            _ => all.get(at).map(Vec::as_slice),
        }
        .unwrap_or_default()
    }
}

/// Whether a step is part of what another one joins.
fn is_part(steps: &[Step], at: usize) -> bool {
    steps.iter().any(|step| matches!(&step.what, What::Join { steps, .. } if steps.contains(&at)))
}

/// The truths of several nodes that stand still, joined; each negated first where that is asked.
fn joined(bytes: &[u8], nodes: &[NodeId], all: bool, negated: bool, rows: usize) -> Vec<u8> {
    let neutral = if all { Truth::True } else { Truth::False };
    let mut out = vec![neutral as u8; rows];
    for node in nodes {
        let plane = run::plane(bytes, *node, rows);
        let turned: Vec<u8>;
        let plane = if negated {
            turned = plane.iter().map(|truth| 2 - truth).collect();
            turned.as_slice()
        } else {
            plane
        };
        if all { logic::and_into(&mut out, plane) } else { logic::or_into(&mut out, plane) }
    }
    out
}

/// Adds the levels of truths that stand still.
fn still<S: Scale>(scale: &S, out: &mut Levels<S::Level>, bytes: &[u8], rows: &[u32]) {
    let (always, never) = (scale.always(), scale.never());
    let of = |holds: bool| if holds { always } else { never };
    let level = |truth: Truth| [of(truth == Truth::True), of(truth != Truth::False)];
    let table = [0, 1, 2, 3].map(|byte| level(Truth::from_byte(byte)));
    let level = |row: &u32| {
        let truth = bytes.get(*row as usize).copied().unwrap_or(Truth::Unknown as u8);
        table.get(usize::from(truth % 4)).copied().unwrap_or([always, never])
    };
    out.extend(rows.iter().map(level));
}
