//! Levels: the critical values of the nodes of a block, plane by plane.
//!
//! What hangs on the first dial alone is worked out once; what hangs on the second once for each of
//! its values.

use super::arena::{Count, NodeId};
use super::critical::{Dialled, Step, What};
use super::field::{Chunk, Reading};
use super::grid::{Grid, Scale};
use super::run::{self, Planes};
use super::turning::Turning;
use crate::logic::{self, Truth};
use crate::quantity::{Cut, Span};

/// The levels from which on a node certainly holds, a row each, and then those from which on it
/// possibly does.
pub(super) type Levels<L> = Vec<L>;

/// What one part of a block holds of each step.
struct Work<L> {
    levels: Vec<Levels<L>>,
    /// Of what each step joins that does not hang on the second dial.
    still: Vec<Levels<L>>,
    /// The places in the grid of the second dial of what it moves.
    places: Vec<Vec<u16>>,
    /// For each step that is such a test, which of them.
    place_of: Vec<(usize, usize)>,
}

/// The listed axes, and those that are not listed where some machine may have such.
struct Axes<L> {
    listed: Vec<Work<L>>,
    further: Option<Work<L>>,
}

impl<L> Default for Axes<L> {
    fn default() -> Self {
        Self { listed: Vec::new(), further: None }
    }
}

impl<L> Axes<L> {
    fn all(&mut self) -> impl Iterator<Item = &mut Work<L>> {
        self.listed.iter_mut().chain(&mut self.further)
    }
}

impl Dialled<'_> {
    /// The critical levels of some rows, for each place of the grid of the second dial (for place
    /// nought, where there is none).
    pub(super) fn levels<S: Scale>(
        &self,
        (scale, second): (&S, Option<&Grid>),
        chunk: &Chunk,
        planes: &Planes,
        rows: &[usize],
        mut found: impl FnMut(usize, &[S::Level]),
    ) {
        let places = second.map_or(1, Grid::len);
        let Some(root) = self.machine.iter().position(|step| step.id == self.node) else {
            let bytes = run::plane(&planes.machine, self.node, planes.rows);
            let still = still(scale, bytes, rows);
            (0..places).for_each(|at| found(at, &still));
            return;
        };
        let begun = |steps: &[Step], bytes: &[u8], readings: &[Reading]| {
            self.begun((scale, second), steps, (bytes, planes.rows), readings, rows)
        };
        let mut machine = begun(&self.machine, &planes.machine, &chunk.machine);
        let mut axes: [Axes<S::Level>; 2] = [Axes::default(), Axes::default()];
        for (steps, axes) in self.axis.iter().zip(&mut axes) {
            for (bytes, readings) in planes.slots.iter().zip(&chunk.slots) {
                axes.listed.push(begun(steps, bytes, readings));
            }
            if chunk.more {
                axes.further = Some(begun(steps, &planes.further, &chunk.further));
            }
        }
        for place in std::iter::once(None).chain((0..places).map(Some)) {
            if place.is_none() || second.is_some() {
                let at = place.map(|place| u16::try_from(place).unwrap_or(u16::MAX));
                for (steps, axes) in self.axis.iter().zip(&mut axes) {
                    axes.all().for_each(|work| work.run(scale, steps, rows.len(), at, &[]));
                }
                machine.run(scale, &self.machine, rows.len(), at, &axes);
            }
            if let Some(place) = place {
                found(place, machine.levels.get(root).map(Vec::as_slice).unwrap_or_default());
            }
        }
    }

    /// What of one part's steps hangs on no other step.
    fn begun<S: Scale>(
        &self,
        (scale, second): (&S, Option<&Grid>),
        steps: &[Step],
        (bytes, of): (&[u8], usize),
        readings: &[Reading],
        rows: &[usize],
    ) -> Work<S::Level> {
        let empty = || (0..steps.len()).map(|_| Vec::new()).collect::<Vec<_>>();
        let mut work =
            Work { levels: empty(), still: empty(), places: Vec::new(), place_of: Vec::new() };
        let mut known: Vec<(usize, Cut, usize)> = Vec::new();
        let spans = |column: usize| {
            readings.get(column).map(|reading| reading.spans.as_slice()).unwrap_or_default()
        };
        for (at, step) in steps.iter().enumerate() {
            let levels = match &step.what {
                What::First { column, cut } => {
                    let levels = self.tested(scale, *cut, spans(*column), rows);
                    if let Some(own) = work.levels.get_mut(at) {
                        *own = levels;
                    }
                    continue;
                }
                What::Second { column, cut, .. } => {
                    let place = known.iter().find(|(c, own, _)| (c, own) == (column, cut));
                    let place = place.map(|(_, _, place)| *place).unwrap_or_else(|| {
                        if let Some((turning, grid)) = self.second.as_ref().zip(second) {
                            work.places.push(placed(turning, grid, *cut, spans(*column), rows));
                        }
                        known.push((*column, *cut, known.len()));
                        known.len() - 1
                    });
                    work.place_of.push((at, place));
                    continue;
                }
                What::Join { largest, negated, still: nodes, .. } if !nodes.is_empty() => {
                    still(scale, &joined(bytes, nodes, *largest, *negated, of), rows)
                }
                What::Join { .. } | What::Axes { .. } => continue,
            };
            if let Some(still) = work.still.get_mut(at) {
                *still = levels;
            }
        }
        work
    }

    /// The levels of a test that the first dial moves.
    fn tested<S: Scale>(
        &self,
        scale: &S,
        cut: Cut,
        spans: &[Span],
        rows: &[usize],
    ) -> Levels<S::Level> {
        let mut levels = vec![scale.never(); rows.len() * 2];
        let (certain, possible) = levels.split_at_mut(rows.len());
        let spans = rows.iter().map(|at| spans.get(*at).copied().unwrap_or(Span::ALL));
        for ((certain, possible), span) in certain.iter_mut().zip(possible).zip(spans) {
            let [from, maybe] = if self.is_rising() {
                self.first.below(cut, span)
            } else {
                self.first.above(cut, span)
            };
            *certain = scale.level(from);
            *possible = scale.level(maybe);
        }
        levels
    }
}

impl<L: Copy + Ord> Work<L> {
    /// Runs the steps that hang on the second dial at a place of its grid, or those that do not.
    fn run<S: Scale<Level = L>>(
        &mut self,
        scale: &S,
        steps: &[Step],
        rows: usize,
        place: Option<u16>,
        axes: &[Axes<L>],
    ) {
        for (at, step) in steps.iter().enumerate() {
            let (before, own) = self.levels.split_at_mut(at);
            let Some(out) = own.first_mut() else { continue };
            match &step.what {
                What::Join { largest, steps, late, .. } => {
                    let Some(still) = self.still.get_mut(at) else { continue };
                    let levels = |at: &usize| before.get(*at).map(Vec::as_slice);
                    match place {
                        // What does not hang on the second dial is joined once.
                        None => {
                            let own = Some(still.as_slice()).filter(|still| !still.is_empty());
                            let parts = own.into_iter().chain(steps.iter().filter_map(levels));
                            fold(out, parts, *largest);
                            if step.late {
                                std::mem::swap(still, out);
                            }
                        }
                        Some(_) if step.late => {
                            let own = Some(still.as_slice()).filter(|still| !still.is_empty());
                            let parts = own.into_iter().chain(late.iter().filter_map(levels));
                            fold(out, parts, *largest);
                        }
                        Some(_) => {}
                    }
                }
                _ if step.late != place.is_some() => {}
                What::First { .. } => {}
                What::Second { below, .. } => {
                    let known = self.place_of.iter().find(|(step, _)| *step == at);
                    let places = known.and_then(|(_, place)| self.places.get(*place));
                    let here = place.unwrap_or_default();
                    chosen(scale, out, places.map(Vec::as_slice).unwrap_or_default(), here, *below);
                }
                What::Axes { count, step } => {
                    let fewer = usize::from(matches!(count, Count::AtMost(_)));
                    let Some(axes) = axes.get(fewer) else { continue };
                    counted(scale, out, *count, axes, *step, rows);
                }
            }
        }
    }
}

/// The levels of a test that the second dial moves, at a place of its grid: `places` are those from
/// which on a reading is certainly below the cut, and then those from which it possibly is.
fn chosen<S: Scale>(scale: &S, out: &mut Levels<S::Level>, places: &[u16], here: u16, below: bool) {
    let (always, never) = (scale.always(), scale.never());
    out.clear();
    if below {
        out.extend(places.iter().map(|from| if *from <= here { always } else { never }));
    } else {
        // It certainly is above where it is not even possibly below.
        let (certain, possible) = places.split_at(places.len() / 2);
        let not_yet = |from: &u16| if *from > here { always } else { never };
        out.extend(possible.iter().map(not_yet));
        out.extend(certain.iter().map(not_yet));
    }
}

/// The largest or smallest of several levels, row by row.
fn fold<'l, L: Copy + Ord + 'l>(
    out: &mut Levels<L>,
    mut parts: impl Iterator<Item = &'l [L]>,
    largest: bool,
) {
    out.clear();
    match (parts.next(), parts.next()) {
        (Some(first), None) => out.extend_from_slice(first),
        (Some(first), Some(second)) if largest => {
            out.extend(first.iter().zip(second).map(|(a, b)| *a.max(b)));
        }
        (Some(first), Some(second)) => {
            out.extend(first.iter().zip(second).map(|(a, b)| *a.min(b)));
        }
        (None, _) => {}
    }
    for part in parts {
        let pairs = out.iter_mut().zip(part);
        if largest {
            pairs.for_each(|(out, part)| *out = (*out).max(*part));
        } else {
            pairs.for_each(|(out, part)| *out = (*out).min(*part));
        }
    }
}

/// The levels from which on enough (or, negated, few enough) axes meet what a step of theirs says.
fn counted<S: Scale>(
    scale: &S,
    out: &mut Levels<S::Level>,
    count: Count,
    axes: &Axes<S::Level>,
    step: usize,
    rows: usize,
) {
    let levels =
        |work: &'_ Work<S::Level>| -> Option<usize> { work.levels.get(step).map(Vec::len) };
    debug_assert!(axes.listed.iter().all(|work| levels(work) == Some(rows * 2)));
    let of = axes.listed.iter().filter_map(|work| work.levels.get(step));
    let listed: Vec<&[S::Level]> = of.map(Vec::as_slice).collect();
    let further = axes.further.as_ref().and_then(|work| work.levels.get(step));
    let wanted = match count {
        Count::AtLeast(number) => usize::from(number),
        Count::AtMost(number) => listed.len().saturating_sub(usize::from(number)),
    };
    out.clear();
    match wanted {
        0 => out.resize(rows * 2, scale.always()),
        _ if wanted > listed.len() => out.resize(rows * 2, scale.never()),
        1 => fold(out, listed.iter().copied(), false),
        _ if wanted == listed.len() => fold(out, listed.iter().copied(), true),
        _ => {
            // The smallest so far, in order; the last of them is what is wanted.
            let mut least = vec![vec![scale.never(); rows * 2]; wanted];
            for axis in listed {
                let mut rest = axis.to_vec();
                for least in &mut least {
                    for (least, rest) in least.iter_mut().zip(&mut rest) {
                        (*least, *rest) = ((*least).min(*rest), (*least).max(*rest));
                    }
                }
            }
            out.extend(least.pop().unwrap_or_default());
        }
    }
    let Some(further) = further else { return };
    // Axes that are not listed never help certainly, and may be as many as are needed.
    let middle = rows.min(out.len());
    let (certain, possible) = out.split_at_mut(middle);
    match count {
        Count::AtLeast(_) => {
            for (out, any) in possible.iter_mut().zip(further.iter().skip(rows)) {
                *out = (*out).min(*any);
            }
        }
        Count::AtMost(_) => {
            for (out, any) in certain.iter_mut().zip(further.iter()) {
                *out = (*out).max(*any);
            }
        }
    }
}

/// The places in a grid from which on a reading certainly, and then those from which it possibly,
/// is below a cut.
fn placed(turning: &Turning, grid: &Grid, cut: Cut, spans: &[Span], rows: &[usize]) -> Vec<u16> {
    let mut places = vec![0; rows.len() * 2];
    let (certain, possible) = places.split_at_mut(rows.len());
    let spans = rows.iter().map(|at| spans.get(*at).copied().unwrap_or(Span::ALL));
    for ((certain, possible), span) in certain.iter_mut().zip(possible).zip(spans) {
        let [from, maybe] = turning.below(cut, span);
        *certain = grid.place(from);
        *possible = grid.place(maybe);
    }
    places
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

/// The levels of truths that stand still, of some rows.
fn still<S: Scale>(scale: &S, bytes: &[u8], rows: &[usize]) -> Levels<S::Level> {
    let (always, never) = (scale.always(), scale.never());
    let truth = |at: &usize| bytes.get(*at).copied().unwrap_or(Truth::Unknown as u8);
    let mut levels = Vec::with_capacity(rows.len() * 2);
    let certain = |at| if truth(at) == Truth::True as u8 { always } else { never };
    let possible = |at| if truth(at) != Truth::False as u8 { always } else { never };
    levels.extend(rows.iter().map(certain));
    levels.extend(rows.iter().map(possible));
    levels
}
