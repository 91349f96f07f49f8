//! Levels: the critical values of the nodes of a block, plane by plane.
//!
//! What hangs on readings alone, or stands still, is worked out once; the rest for each place of
//! the second dial's grid, some rows at a time: what one step leaves is at hand for the next one.

use std::ops::Range;

use super::arena::{Count, NodeId};
use super::counted::Counted;
use super::critical::{Dialled, Step, What};
use super::field::{Chunk, Reading};
use super::grid::{Grid, Scale};
use super::run::{self, Planes};
use super::turning::Turning;
use crate::logic::{self, Truth, widely};
use crate::quantity::{Cut, Span};

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
    /// For each step its levels if the first dial moves it, or those of what it joins that stands
    /// still.
    fixed: Vec<Levels<L>>,
    /// The tests that the second dial moves.
    seconds: Vec<Second>,
}

/// A test that the second dial moves: its column, its cut, whether it asks for less, and the places
/// in the grid from which on that becomes otherwise, certainly and possibly.
struct Second {
    test: (usize, Cut, bool),
    places: Vec<[u16; 2]>,
}

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
#[derive(Debug)]
pub(super) struct Buffers<L> {
    axis: Vec<Levels<L>>,
    machine: Vec<Levels<L>>,
    /// For each step of the machine that counts axes, its levels.
    pub counted: Vec<Counted<L>>,
}

impl<L> Default for Buffers<L> {
    fn default() -> Self {
        Self { axis: Vec::new(), machine: Vec::new(), counted: Vec::new() }
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
    ) -> Looked<'_, S::Level> {
        let work = |steps, bytes: &[u8], readings: &[Reading]| {
            self.work(scales, steps, (bytes, planes.rows), readings, rows)
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
        readings: &[Reading],
        rows: &[u32],
    ) -> Work<'d, S::Level> {
        let mut fixed = Vec::with_capacity(steps.len());
        let mut seconds: Vec<Second> = Vec::new();
        let spans = |column: usize| {
            readings.get(column).map(|reading| reading.spans.as_slice()).unwrap_or_default()
        };
        for step in steps {
            fixed.push(match &step.what {
                What::First { column, cut } => {
                    self.tested(scales.first, *cut, spans(*column), rows)
                }
                What::Join { largest, negated, still: nodes, .. } if !nodes.is_empty() => {
                    still(scales.first, &joined(bytes, nodes, *largest, *negated, of), rows)
                }
                _ => Vec::new(),
            });
            let What::Second { column, cut, below } = &step.what else { continue };
            let test = (*column, *cut, *below);
            let known = |below| seconds.iter().find(|one| one.test == (*column, *cut, below));
            if known(*below).is_some() {
                continue;
            }
            let places = match (known(!below), self.second.as_ref().zip(scales.second)) {
                (Some(other), _) => turned(&other.places),
                (None, Some((turning, grid))) => {
                    let places = placed(turning, grid, *cut, spans(*column), rows);
                    if *below { places } else { turned(&places) }
                }
                (None, None) => Vec::new(),
            };
            seconds.push(Second { test, places });
        }
        Work { steps, fixed, seconds }
    }

    /// The levels of a test that the first dial moves.
    fn tested<S: Scale>(
        &self,
        scale: &S,
        cut: Cut,
        spans: &[Span],
        rows: &[u32],
    ) -> Levels<S::Level> {
        let spans = rows.iter().map(|row| spans.get(*row as usize).copied().unwrap_or(Span::ALL));
        if self.is_rising() {
            spans.map(|span| self.first.below(cut, span).map(|count| scale.level(count))).collect()
        } else {
            spans.map(|span| self.first.above(cut, span).map(|count| scale.level(count))).collect()
        }
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
                    counted.take(work.levels(*at, here, axis));
                }
            }
            if let Some(work) = &axes.further {
                work.run(scale, here, &[], axis);
                for (counted, count, at) in &mut all {
                    counted.take_further(*count, work.levels(*at, here, axis));
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
        work.levels(self.machine.len().wrapping_sub(1), here, machine)
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
        levels.resize_with(levels.len().max(self.steps.len()), Vec::new);
        for (at, step) in self.steps.iter().enumerate() {
            let (before, own) = levels.split_at_mut(at);
            let Some(out) = own.first_mut() else { continue };
            match &step.what {
                What::First { .. } => {}
                What::Second { column, cut, below } => {
                    let test = (*column, *cut, *below);
                    let known = self.seconds.iter().find(|one| one.test == test);
                    let places = known.and_then(|one| one.places.get(here.rows.clone()));
                    chosen(scale, out, places.unwrap_or_default(), here.place, *below);
                }
                What::Join { largest, steps, .. } => {
                    let still = self.fixed.get(at).and_then(|all| all.get(here.rows.clone()));
                    let still = still.filter(|still| !still.is_empty());
                    let parts = steps.iter().map(|at| self.levels(*at, here, before));
                    fold(out, still.into_iter().chain(parts), *largest);
                }
                What::Axes { .. } => {
                    let levels = counted.get(at).map(Counted::levels).unwrap_or_default();
                    fold(out, std::iter::once(levels), false);
                }
            }
        }
    }

    /// The levels of a step among those that were worked out.
    fn levels<'l>(&'l self, at: usize, here: &Here, all: &'l [Levels<L>]) -> &'l [[L; 2]] {
        match self.steps.get(at).map(|step| &step.what) {
            Some(What::First { .. }) => {
                self.fixed.get(at).and_then(|all| all.get(here.rows.clone()))
            }
            _ => all.get(at).map(Vec::as_slice),
        }
        .unwrap_or_default()
    }
}

/// The levels of a test that the second dial moves: `places` are those from which on it holds, or,
/// where it asks for more than its cut, from which on it does not.
fn chosen<S: Scale>(
    scale: &S,
    out: &mut Levels<S::Level>,
    places: &[[u16; 2]],
    here: u16,
    below: bool,
) {
    let (always, never) = (scale.always(), scale.never());
    out.resize(places.len(), [never; 2]);
    let out = out.as_flattened_mut();
    let (then, otherwise) = if below { (always, never) } else { (never, always) };
    // What is moved into the work cannot change under it, and so many rows are chosen at once.
    widely(
        #[inline(always)]
        move || {
            for (out, place) in out.iter_mut().zip(places.as_flattened()) {
                *out = if *place <= here { then } else { otherwise };
            }
        },
    );
}

/// The largest or smallest of several levels, row by row.
fn fold<'l, L: Copy + Ord + 'l>(
    out: &mut Levels<L>,
    mut parts: impl Iterator<Item = &'l [[L; 2]]>,
    largest: bool,
) {
    out.clear();
    out.extend_from_slice(parts.next().unwrap_or_default());
    parts.for_each(|part| join(out, part, largest));
}

/// Makes levels the larger or smaller of themselves and others.
pub(super) fn join<L: Copy + Ord>(out: &mut [[L; 2]], with: &[[L; 2]], largest: bool) {
    let (out, with) = (out.as_flattened_mut(), with.as_flattened());
    if largest {
        widely(
            #[inline(always)]
            move || out.iter_mut().zip(with).for_each(|(out, with)| *out = (*out).max(*with)),
        );
    } else {
        widely(
            #[inline(always)]
            move || out.iter_mut().zip(with).for_each(|(out, with)| *out = (*out).min(*with)),
        );
    }
}

/// The places in a grid from which on a reading certainly and possibly is below a cut, row by row.
fn placed(turning: &Turning, grid: &Grid, cut: Cut, spans: &[Span], rows: &[u32]) -> Vec<[u16; 2]> {
    let spans = rows.iter().map(|row| spans.get(*row as usize).copied().unwrap_or(Span::ALL));
    spans.map(|span| turning.below(cut, span).map(|count| grid.place(count))).collect()
}

/// Places the other way: where a reading is not even possibly below, it certainly is above.
fn turned(places: &[[u16; 2]]) -> Vec<[u16; 2]> {
    places.iter().map(|[certain, possible]| [*possible, *certain]).collect()
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

/// The levels of truths that stand still.
fn still<S: Scale>(scale: &S, bytes: &[u8], rows: &[u32]) -> Levels<S::Level> {
    let (always, never) = (scale.always(), scale.never());
    let level = |row: &u32| {
        let truth = bytes.get(*row as usize).copied().unwrap_or(Truth::Unknown as u8);
        let of = |holds: bool| if holds { always } else { never };
        [of(truth == Truth::True as u8), of(truth != Truth::False as u8)]
    };
    rows.iter().map(level).collect()
}
