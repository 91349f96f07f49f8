//! Levels: the critical values of the nodes of a block, plane by plane.
//!
//! A row is looked at once for every stretch of the second dial's grid in which nothing of it
//! turns.

use super::arena::{Count, NodeId};
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

/// What levels are worked out of.
struct Field<'f, S> {
    scale: &'f S,
    second: Option<&'f Grid>,
    rows: &'f [u32],
    /// How many rows the planes have.
    of: usize,
}

/// The machine or an axis: its steps, planes and readings, and what hangs on readings alone.
struct Work<'f, L> {
    steps: &'f [Step],
    bytes: &'f [u8],
    /// For each step the levels, row by row, if the first dial moves it.
    first: Vec<Levels<L>>,
    /// The places in the second dial's grid from which on a reading certainly and possibly is below
    /// a cut.
    places: Vec<(usize, Cut, Vec<[u16; 2]>)>,
}

/// The axes: those that are listed, and those that are not where some machine may have such.
struct Axes<T> {
    listed: Vec<T>,
    further: Option<T>,
}

impl<T> Axes<T> {
    fn map<U>(&self, of: impl Fn(&T) -> U) -> Axes<U> {
        let further = self.further.as_ref().map(&of);
        Axes { listed: self.listed.iter().map(of).collect(), further }
    }
}

impl Dialled<'_> {
    /// The critical levels of some rows, those of one machine together, stretch by stretch of the
    /// second dial's grid.
    pub(super) fn levels<S: Scale>(
        &self,
        (scale, second): (&S, Option<&Grid>),
        chunk: &Chunk,
        planes: &Planes,
        rows: &[u32],
    ) -> (Vec<Stretch>, Levels<S::Level>) {
        let field = Field { scale, second, rows, of: planes.rows };
        let mut breaks = Breaks::new(rows.len(), second.map_or(1, Grid::len));
        let owner = |row: u32| chunk.owners.get(row as usize).copied().unwrap_or(usize::MAX);
        let Some(root) = self.machine.iter().position(|step| step.id == self.node) else {
            let stretches = breaks.stretches(rows, owner);
            let bytes = run::plane(&planes.machine, self.node, planes.rows);
            let levels = still(scale, bytes, &stretches);
            return (stretches, levels);
        };
        let mut begun = |steps, bytes, readings: &[Reading]| {
            let work = self.begun(&field, steps, bytes, readings);
            work.places.iter().for_each(|(.., places)| breaks.note(places));
            work
        };
        let machine = begun(self.machine.as_slice(), planes.machine.as_slice(), &chunk.machine);
        let axes = self.axis.each_ref().map(|steps| {
            let slots = planes.slots.iter().zip(&chunk.slots).filter(|_| !steps.is_empty());
            let listed = slots.map(|(bytes, readings)| begun(steps, bytes, readings)).collect();
            let further = (chunk.more && !steps.is_empty())
                .then(|| begun(steps, &planes.further, &chunk.further));
            Axes { listed, further }
        });
        let stretches = breaks.stretches(rows, owner);
        let axes = axes.each_ref().map(|of| of.map(|work| work.run(&field, &stretches, &[])));
        let mut levels = machine.run(&field, &stretches, &axes);
        let levels = if root < levels.len() { levels.swap_remove(root) } else { Vec::new() };
        (stretches, levels)
    }

    /// What of one part's steps hangs on readings alone.
    fn begun<'f, S: Scale>(
        &self,
        field: &Field<'_, S>,
        steps: &'f [Step],
        bytes: &'f [u8],
        readings: &[Reading],
    ) -> Work<'f, S::Level> {
        let mut work = Work { steps, bytes, first: Vec::new(), places: Vec::new() };
        let spans = |column: usize| {
            readings.get(column).map(|reading| reading.spans.as_slice()).unwrap_or_default()
        };
        for step in steps {
            work.first.push(match step.what {
                What::First { column, cut } => self.tested(field, cut, spans(column)),
                _ => Vec::new(),
            });
            if let (What::Second { column, cut, .. }, Some(grid)) = (&step.what, field.second)
                && !work.places.iter().any(|(c, own, _)| (c, own) == (column, cut))
                && let Some(turning) = &self.second
            {
                let places = placed(turning, grid, *cut, spans(*column), field.rows);
                work.places.push((*column, *cut, places));
            }
        }
        work
    }

    /// The levels of a test that the first dial moves, row by row.
    fn tested<S: Scale>(&self, field: &Field<'_, S>, cut: Cut, spans: &[Span]) -> Levels<S::Level> {
        let (scale, rising) = (field.scale, self.is_rising());
        let level = |row: &u32| {
            let span = spans.get(*row as usize).copied().unwrap_or(Span::ALL);
            let [from, maybe] =
                if rising { self.first.below(cut, span) } else { self.first.above(cut, span) };
            let certain = scale.level(from);
            [certain, if maybe == from { certain } else { scale.level(maybe) }]
        };
        field.rows.iter().map(level).collect()
    }
}

impl<L: Copy + Ord> Work<'_, L> {
    /// The levels of each step.
    fn run<S: Scale<Level = L>>(
        &self,
        field: &Field<'_, S>,
        stretches: &[Stretch],
        axes: &[Axes<Vec<Levels<L>>>],
    ) -> Vec<Levels<L>> {
        let scale = field.scale;
        let mut levels: Vec<Levels<L>> = Vec::with_capacity(self.steps.len());
        for (step, first) in self.steps.iter().zip(&self.first) {
            let own = match &step.what {
                What::First { .. } => {
                    let level = |stretch: &Stretch| first.get(stretch.at as usize).copied();
                    let never = [scale.never(); 2];
                    stretches.iter().map(|stretch| level(stretch).unwrap_or(never)).collect()
                }
                What::Second { column, cut, below } => {
                    let known = self.places.iter().find(|(c, own, _)| (c, own) == (column, cut));
                    let places = known.map(|(.., places)| places.as_slice()).unwrap_or_default();
                    chosen(scale, places, stretches, *below)
                }
                What::Join { largest, negated, steps, still: nodes } => {
                    let parts = steps.iter().filter_map(|at| levels.get(*at));
                    let mut out = fold(parts.map(Vec::as_slice), *largest);
                    if !nodes.is_empty() {
                        let bytes = joined(self.bytes, nodes, *largest, *negated, field.of);
                        join(&mut out, &still(scale, &bytes, stretches), *largest);
                    }
                    out
                }
                What::Axes { count, step } => {
                    let axes = axes.get(usize::from(matches!(count, Count::AtMost(_))));
                    let of = |axes| counted(scale, *count, axes, *step, stretches.len());
                    axes.map(of).unwrap_or_default()
                }
            };
            levels.push(own);
        }
        levels
    }
}

/// The levels of a test that the second dial moves: `places` are those from which on a reading
/// certainly and possibly is below the cut, row by row.
fn chosen<S: Scale>(
    scale: &S,
    places: &[[u16; 2]],
    stretches: &[Stretch],
    below: bool,
) -> Levels<S::Level> {
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
    stretches.iter().map(level).collect()
}

/// The largest or smallest of several levels, stretch by stretch.
fn fold<'l, L: Copy + Ord + 'l>(
    mut parts: impl Iterator<Item = &'l [[L; 2]]>,
    largest: bool,
) -> Levels<L> {
    let mut out = parts.next().unwrap_or_default().to_vec();
    parts.for_each(|part| join(&mut out, part, largest));
    out
}

/// Makes levels the larger or smaller of themselves and others.
fn join<L: Copy + Ord>(out: &mut [[L; 2]], with: &[[L; 2]], largest: bool) {
    let pairs = out.as_flattened_mut().iter_mut().zip(with.as_flattened());
    if largest {
        pairs.for_each(|(out, with)| *out = (*out).max(*with));
    } else {
        pairs.for_each(|(out, with)| *out = (*out).min(*with));
    }
}

/// The levels from which on enough (or, negated, few enough) axes meet what a step of theirs says.
fn counted<S: Scale>(
    scale: &S,
    count: Count,
    axes: &Axes<Vec<Levels<S::Level>>>,
    step: usize,
    stretches: usize,
) -> Levels<S::Level> {
    let of =
        |levels: &'_ Vec<Levels<S::Level>>| -> Option<usize> { levels.get(step).map(Vec::len) };
    debug_assert!(axes.listed.iter().all(|levels| of(levels) == Some(stretches)));
    let listed = || axes.listed.iter().filter_map(|of| of.get(step)).map(Vec::as_slice);
    let wanted = match count {
        Count::AtLeast(number) => usize::from(number),
        Count::AtMost(number) => listed().count().saturating_sub(usize::from(number)),
    };
    let mut out = match wanted {
        0 => vec![[scale.always(); 2]; stretches],
        _ if wanted > listed().count() => vec![[scale.never(); 2]; stretches],
        1 => fold(listed(), false),
        _ if wanted == listed().count() => fold(listed(), true),
        _ => {
            // The smallest so far, in order; the last of them is what is wanted.
            let mut least = vec![vec![[scale.never(); 2]; stretches]; wanted];
            for axis in listed() {
                let mut rest = axis.to_vec();
                for least in &mut least {
                    let own = least.as_flattened_mut().iter_mut();
                    for (least, rest) in own.zip(rest.as_flattened_mut()) {
                        (*least, *rest) = ((*least).min(*rest), (*least).max(*rest));
                    }
                }
            }
            least.pop().unwrap_or_default()
        }
    };
    let further = axes.further.as_ref().and_then(|of| of.get(step)).into_iter().flatten();
    // Axes that are not listed never help certainly, and may be as many as are needed.
    for ([certain, possible], [any_certain, any]) in out.iter_mut().zip(further) {
        match count {
            Count::AtLeast(_) => *possible = (*possible).min(*any),
            Count::AtMost(_) => *certain = (*certain).max(*any_certain),
        }
    }
    out
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
fn still<S: Scale>(scale: &S, bytes: &[u8], stretches: &[Stretch]) -> Levels<S::Level> {
    let (always, never) = (scale.always(), scale.never());
    let levels = [[never, never], [never, always], [always, always]];
    let level = |stretch: &Stretch| {
        let truth = bytes.get(stretch.row as usize).copied().unwrap_or(Truth::Unknown as u8);
        levels.get(usize::from(truth)).copied().unwrap_or([never, always])
    };
    stretches.iter().map(level).collect()
}
