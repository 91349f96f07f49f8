//! Levels: the critical values of the nodes of a block, plane by plane.
//!
//! A row is looked at once for every stretch of the second dial's grid in which nothing of it
//! turns, some stretches at a time: what one step leaves is still at hand for the next one.

use super::arena::{Count, NodeId};
use super::counted::Counted;
use super::critical::{Dialled, Step, What};
use super::field::{Chunk, Reading};
use super::grid::{Grid, Scale};
use super::run::{self, Planes};
use super::stretch::{Breaks, Stretch};
use super::turning::Turning;
use crate::logic::{self, Truth};
use crate::quantity::{Cut, Span};

/// The levels from which on a node certainly and possibly holds, a pair for each stretch.
pub(super) type Levels<L> = Vec<[L; 2]>;

/// How many stretches are looked at together.
pub(super) const TOGETHER: usize = 512;

/// The values at which the dials are looked at.
#[derive(Debug)]
pub(super) struct Scales<'s, S> {
    pub first: &'s S,
    pub second: Option<&'s Grid>,
}

/// The machine or an axis: its steps, and what of them hangs on readings or stands still.
pub(super) struct Work<'d, L> {
    steps: &'d [Step],
    /// For each step the levels, row by row, if the first dial moves it.
    first: Vec<Levels<L>>,
    /// The places in the second dial's grid from which on a reading certainly and possibly is below
    /// a cut, row by row.
    places: Vec<(usize, Cut, Vec<[u16; 2]>)>,
    /// For each step that joins what stands still the truths of that, by the rows of the chunk.
    still: Vec<Vec<u8>>,
}

/// Rows of a chunk looked at: their stretches, and the parts of the program over them.
pub(super) struct Looked<'d, L> {
    pub stretches: Vec<Stretch>,
    pub machine: Work<'d, L>,
    /// The axes whose conditions are counted as they stand, and negated.
    axes: [Axes<Work<'d, L>>; 2],
}

/// The axes that are listed, and those that are not where some machine may have such.
struct Axes<T> {
    listed: Vec<T>,
    further: Option<T>,
}

/// Memory for the levels of some stretches.
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
    /// Looks at some rows of a chunk, those of one machine together.
    pub(super) fn look<S: Scale>(
        &self,
        scales: &Scales<'_, S>,
        chunk: &Chunk,
        planes: &Planes,
        rows: &[u32],
    ) -> Looked<'_, S::Level> {
        let mut breaks = Breaks::new(rows.len(), scales.second.map_or(1, Grid::len));
        let mut begun = |steps, bytes: &[u8], readings: &[Reading]| {
            let work = self.work(scales, steps, (bytes, planes.rows), readings, rows);
            work.places.iter().for_each(|(.., places)| breaks.note(places));
            work
        };
        let machine = begun(self.machine.as_slice(), &planes.machine, &chunk.machine);
        let axes = self.axis.each_ref().map(|steps| {
            let slots = planes.slots.iter().zip(&chunk.slots).filter(|_| !steps.is_empty());
            let listed = slots.map(|(bytes, readings)| begun(steps, bytes, readings)).collect();
            let further = (chunk.more && !steps.is_empty())
                .then(|| begun(steps, &planes.further, &chunk.further));
            Axes { listed, further }
        });
        let owner = |row: u32| chunk.owners.get(row as usize).copied().unwrap_or(usize::MAX);
        Looked { stretches: breaks.stretches(rows, owner), machine, axes }
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
        let (mut first, mut still) = (Vec::new(), Vec::new());
        let mut places: Vec<(usize, Cut, Vec<[u16; 2]>)> = Vec::new();
        let spans = |column: usize| {
            readings.get(column).map(|reading| reading.spans.as_slice()).unwrap_or_default()
        };
        for step in steps {
            first.push(match step.what {
                What::First { column, cut } => self.tested(scales.first, cut, spans(column), rows),
                _ => Vec::new(),
            });
            still.push(match &step.what {
                What::Join { largest, negated, still, .. } if !still.is_empty() => {
                    joined(bytes, still, *largest, *negated, of)
                }
                _ => Vec::new(),
            });
            if let (What::Second { column, cut, .. }, Some(grid)) = (&step.what, scales.second)
                && !places.iter().any(|(c, own, _)| (c, own) == (column, cut))
                && let Some(turning) = &self.second
            {
                places.push((*column, *cut, placed(turning, grid, *cut, spans(*column), rows)));
            }
        }
        Work { steps, first, places, still }
    }

    /// The levels of a test that the first dial moves, row by row.
    fn tested<S: Scale>(
        &self,
        scale: &S,
        cut: Cut,
        spans: &[Span],
        rows: &[u32],
    ) -> Levels<S::Level> {
        let rising = self.is_rising();
        let level = |row: &u32| {
            let span = spans.get(*row as usize).copied().unwrap_or(Span::ALL);
            let [from, maybe] =
                if rising { self.first.below(cut, span) } else { self.first.above(cut, span) };
            let certain = scale.level(from);
            [certain, if maybe == from { certain } else { scale.level(maybe) }]
        };
        rows.iter().map(level).collect()
    }

    /// Counts the axes of some stretches for each step of the machine that asks for that.
    pub(super) fn count<S: Scale>(
        &self,
        scale: &S,
        looked: &Looked<'_, S::Level>,
        stretches: &[Stretch],
        buffers: &mut Buffers<S::Level>,
    ) {
        let Buffers { axis, counted, .. } = buffers;
        counted.resize_with(self.machine.len(), Counted::default);
        let asked = |fewer: bool| {
            move |step: &Step| match step.what {
                What::Axes { count, step } if matches!(count, Count::AtMost(_)) == fewer => {
                    Some((count, step))
                }
                _ => None,
            }
        };
        for (fewer, axes) in [false, true].into_iter().zip(&looked.axes) {
            let asked = asked(fewer);
            let mut all: Vec<(&mut Counted<S::Level>, Count, usize)> = counted
                .iter_mut()
                .zip(&self.machine)
                .filter_map(|(counted, step)| asked(step).map(|(count, at)| (counted, count, at)))
                .collect();
            for (counted, count, _) in &mut all {
                counted.begin(scale, *count, axes.listed.len(), stretches.len());
            }
            if all.is_empty() {
                continue;
            }
            for work in &axes.listed {
                work.run(scale, stretches, &[], axis);
                for (counted, _, at) in &mut all {
                    counted.take(axis.get(*at).map(Vec::as_slice).unwrap_or_default());
                }
            }
            if let Some(further) = &axes.further {
                further.run(scale, stretches, &[], axis);
                for (counted, count, at) in &mut all {
                    let of = axis.get(*at).map(Vec::as_slice).unwrap_or_default();
                    counted.take_further(*count, of);
                }
            }
        }
    }

    /// The levels of the root, where the axes of the stretches were counted before.
    pub(super) fn root<'b, S: Scale>(
        &self,
        scale: &S,
        (work, planes): (&Work<'_, S::Level>, &Planes),
        stretches: &[Stretch],
        buffers: &'b mut Buffers<S::Level>,
    ) -> &'b [[S::Level; 2]] {
        let Buffers { machine, counted, .. } = buffers;
        match self.machine.iter().position(|step| step.id == self.node) {
            Some(root) => {
                work.run(scale, stretches, counted, machine);
                machine.get(root).map(Vec::as_slice).unwrap_or_default()
            }
            None => {
                let bytes = run::plane(&planes.machine, self.node, planes.rows);
                machine.resize_with(machine.len().max(1), Vec::new);
                let Some(out) = machine.first_mut() else { return &[] };
                out.clear();
                out.extend(still(scale, bytes, stretches));
                out
            }
        }
    }
}

impl<L: Copy + Ord> Work<'_, L> {
    /// The levels of each step, for some stretches.
    fn run<S: Scale<Level = L>>(
        &self,
        scale: &S,
        stretches: &[Stretch],
        counted: &[Counted<L>],
        levels: &mut Vec<Levels<L>>,
    ) {
        levels.resize_with(levels.len().max(self.steps.len()), Vec::new);
        for (at, (step, first)) in self.steps.iter().zip(&self.first).enumerate() {
            let (before, own) = levels.split_at_mut(at);
            let Some(out) = own.first_mut() else { continue };
            out.clear();
            match &step.what {
                What::First { .. } => {
                    let never = [scale.never(); 2];
                    let level = |stretch: &Stretch| first.get(stretch.at as usize).copied();
                    out.extend(stretches.iter().map(|stretch| level(stretch).unwrap_or(never)));
                }
                What::Second { column, cut, below } => {
                    let known = self.places.iter().find(|(c, own, _)| (c, own) == (column, cut));
                    let places = known.map(|(.., places)| places.as_slice()).unwrap_or_default();
                    chosen(scale, out, places, stretches, *below);
                }
                What::Join { largest, steps, .. } => {
                    let mut parts = steps.iter().filter_map(|at| before.get(*at));
                    out.extend_from_slice(parts.next().map(Vec::as_slice).unwrap_or_default());
                    parts.for_each(|part| join(out, part.iter().copied(), *largest));
                    if let Some(bytes) = self.still.get(at).filter(|bytes| !bytes.is_empty()) {
                        join(out, still(scale, bytes, stretches), *largest);
                    }
                }
                What::Axes { .. } => {
                    let levels = counted.get(at).map(Counted::levels).unwrap_or_default();
                    out.extend_from_slice(levels);
                }
            }
        }
    }
}

/// The levels of a test that the second dial moves: `places` are those from which on a reading
/// certainly and possibly is below the cut, row by row.
fn chosen<S: Scale>(
    scale: &S,
    out: &mut Levels<S::Level>,
    places: &[[u16; 2]],
    stretches: &[Stretch],
    below: bool,
) {
    let (always, never) = (scale.always(), scale.never());
    let of = |holds: bool| if holds { always } else { never };
    let level = |stretch: &Stretch| {
        let [certain, possible] = places.get(stretch.at as usize).copied().unwrap_or_default();
        if below {
            [of(certain <= stretch.from), of(possible <= stretch.from)]
        } else {
            // It certainly is above where it is not even possibly below.
            [of(possible > stretch.from), of(certain > stretch.from)]
        }
    };
    out.extend(stretches.iter().map(level));
}

/// Makes levels the larger or smaller of themselves and others.
pub(super) fn join<L: Copy + Ord>(
    out: &mut [[L; 2]],
    with: impl Iterator<Item = [L; 2]>,
    largest: bool,
) {
    let pairs = out.iter_mut().zip(with);
    if largest {
        pairs.for_each(|(out, with)| *out = [out[0].max(with[0]), out[1].max(with[1])]);
    } else {
        pairs.for_each(|(out, with)| *out = [out[0].min(with[0]), out[1].min(with[1])]);
    }
}

/// The places in a grid from which on a reading certainly and possibly is below a cut, row by row.
fn placed(turning: &Turning, grid: &Grid, cut: Cut, spans: &[Span], rows: &[u32]) -> Vec<[u16; 2]> {
    let place = |row: &u32| {
        let span = spans.get(*row as usize).copied().unwrap_or(Span::ALL);
        let [from, maybe] = turning.below(cut, span);
        let certain = grid.place(from);
        [certain, if maybe == from { certain } else { grid.place(maybe) }]
    };
    rows.iter().map(place).collect()
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
fn still<S: Scale>(
    scale: &S,
    bytes: &[u8],
    stretches: &[Stretch],
) -> impl Iterator<Item = [S::Level; 2]> {
    let (always, never) = (scale.always(), scale.never());
    let levels = [[never, never], [never, always], [always, always]];
    stretches.iter().map(move |stretch| {
        let truth = bytes.get(stretch.row as usize).copied().unwrap_or(Truth::Unknown as u8);
        levels.get(usize::from(truth)).copied().unwrap_or([never, always])
    })
}
