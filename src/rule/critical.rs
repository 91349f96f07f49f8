//! Critical values: the same program over least and greatest instead of and and or.
//!
//! Where every test that a dial moves grows truer as the dial is turned one way, a node holds from
//! one value of the dial on. That value is the largest of its parts' for *all*, the smallest for
//! *any*, the n-th smallest over the axes where n axes are counted. What stands still holds always
//! or never. A node has two of them: from which value on it certainly holds, and possibly.

use super::arena::{Count, NodeId};
use super::field::{Chunk, Watched};
use super::grid::Scale;
use super::program::{Code, Op, Program, Root};
use super::run::{self, Planes};
use super::turning::{Turning, under};
use crate::evidence::Picture;
use crate::logic::{self, Truth};
use crate::quantity::{Cut, Span};

/// A program of which one dial is turned through all values, and perhaps a second through some.
#[derive(Debug)]
pub struct Dialled<'p> {
    pub(super) program: &'p Program,
    pub(super) root: Root,
    pub(super) node: NodeId,
    first: Turning,
    second: Option<Turning>,
    /// Whether more is captured as the first dial is turned up.
    rising: bool,
    pub(super) machine: Vec<Step>,
    /// What is counted over axes, as it stands and negated.
    pub(super) axis: [Vec<Step>; 2],
    pub(super) watched: Watched,
}

/// A node that depends on a dial.
#[derive(Debug)]
pub(super) struct Step {
    pub id: NodeId,
    pub what: What,
    /// Whether it depends on the second dial.
    late: bool,
}

#[derive(Debug)]
pub(super) enum What {
    /// A test that the first dial moves: its watched column and its cut.
    First { column: usize, cut: Cut },
    /// A test that the second dial moves, and whether it asks for less than its cut.
    Second { column: usize, cut: Cut, below: bool },
    /// The largest (or smallest) of other steps and of nodes that stand still.
    Join { largest: bool, negated: bool, steps: Vec<usize>, still: Vec<NodeId> },
    /// So many axes meet what a step of an axis says, negated where fewer are wanted.
    Axes { count: Count, step: usize },
}

/// The levels from which on a node certainly holds, a row each, and then those from which on it
/// possibly does.
pub(super) type Levels<L> = Vec<L>;

/// What one part of a block holds of each step.
struct Work<L> {
    levels: Vec<Levels<L>>,
    /// Of the nodes of each step that stand still.
    still: Vec<Levels<L>>,
    /// Of each test that the second dial moves: the places in its grid.
    places: Vec<Vec<u16>>,
}

impl<'p> Dialled<'p> {
    /// The program seen as one over critical values of the first dial.
    ///
    /// `None` where the first dial moves tests in both directions.
    pub fn new(
        program: &'p Program,
        root: Root,
        first: Turning,
        second: Option<Turning>,
    ) -> Option<Self> {
        let node = program.node(root)?;
        let mut dialled = Self {
            program,
            root,
            node,
            first,
            second,
            rising: true,
            machine: Vec::new(),
            axis: [Vec::new(), Vec::new()],
            watched: Watched::default(),
        };
        let machine = under(&program.machine, [node]);
        for negated in [false, true] {
            let counted =
                machine.iter().filter_map(|id| match program.machine.ops.get(id.index()) {
                    Some(Op::Axes { count, condition }) => {
                        let fewer = matches!(count, Count::AtMost(_));
                        program.conditions.get(*condition).filter(|_| fewer == negated).copied()
                    }
                    _ => None,
                });
            let nodes = under(&program.axis, counted);
            let steps = dialled.steps(&program.axis, &nodes, negated)?;
            if let Some(own) = dialled.axis.get_mut(usize::from(negated)) {
                *own = steps;
            }
        }
        dialled.machine = dialled.steps(&program.machine, &machine, false)?;
        dialled.rising = dialled.direction()?;
        Some(dialled)
    }

    /// Whether more is captured as the first dial is turned up; otherwise as it is turned down.
    pub fn is_rising(&self) -> bool {
        self.rising
    }

    /// An empty chunk for machines.
    pub fn chunk(&self) -> Chunk {
        Chunk::new(self.program, &self.watched)
    }

    /// Draws a machine in one of its configurations.
    pub fn draw(&self, chunk: &mut Chunk, picture: &Picture, machine: usize, configuration: usize) {
        chunk.draw(self.program, &self.watched, picture, (machine, configuration));
    }

    /// The steps of nodes of one part; `None` where something that moves cannot be followed.
    fn steps(&mut self, code: &Code, nodes: &[NodeId], negated: bool) -> Option<Vec<Step>> {
        let of_axis = std::ptr::eq(code, &self.program.axis);
        let mut steps: Vec<Step> = Vec::new();
        for id in nodes {
            let op = code.ops.get(id.index())?;
            let cut = |turning: &Turning| {
                let cuts = if of_axis { &turning.axis } else { &turning.machine };
                cuts.get(id.index()).copied().flatten()
            };
            let (first, second) = (cut(&self.first), self.second.as_ref().and_then(cut));
            let (what, late) = match (op, first, second) {
                (_, _, Some(cut)) => {
                    let below = matches!(op, Op::UpTo { .. }) != negated;
                    let column = self.watch(of_axis, op.column()?);
                    (What::Second { column, cut, below }, true)
                }
                (_, Some(cut), None) => {
                    (What::First { column: self.watch(of_axis, op.column()?), cut }, false)
                }
                (Op::And(parts) | Op::Or(parts), ..) => {
                    let place = |part: &NodeId| steps.iter().position(|step| step.id == *part);
                    let own: Vec<usize> = parts.iter().filter_map(place).collect();
                    let late = own.iter().filter_map(|at| steps.get(*at)).any(|step| step.late);
                    let still = parts.iter().filter(|part| place(part).is_none()).copied();
                    let largest = matches!(op, Op::And(_)) != negated;
                    if own.is_empty() {
                        continue;
                    }
                    (What::Join { largest, negated, still: still.collect(), steps: own }, late)
                }
                (Op::Axes { count, condition }, ..) => {
                    let fewer = usize::from(matches!(count, Count::AtMost(_)));
                    let counted = self.program.conditions.get(*condition);
                    let known = self.axis.get(fewer).map(Vec::as_slice).unwrap_or_default();
                    let Some(step) = known.iter().position(|step| Some(&step.id) == counted) else {
                        continue;
                    };
                    let late = known.get(step).is_some_and(|step| step.late);
                    (What::Axes { count: *count, step }, late)
                }
                _ => continue,
            };
            steps.push(Step { id: *id, what, late });
        }
        Some(steps)
    }

    fn watch(&mut self, of_axis: bool, column: usize) -> usize {
        let columns = if of_axis { &mut self.watched.axis } else { &mut self.watched.machine };
        columns.iter().position(|known| *known == column).unwrap_or_else(|| {
            columns.push(column);
            columns.len() - 1
        })
    }

    /// The one direction in which all that the first dial moves asks; `None` where there are two.
    fn direction(&self) -> Option<bool> {
        let (mut up, mut down) = (false, false);
        let [counted, negated] = &self.axis;
        for (code, steps, negated) in [
            (&self.program.machine, &self.machine, false),
            (&self.program.axis, counted, false),
            (&self.program.axis, negated, true),
        ] {
            for step in steps.iter().filter(|step| matches!(step.what, What::First { .. })) {
                let below = matches!(code.ops.get(step.id.index()), Some(Op::UpTo { .. }));
                if below == negated { down = true } else { up = true }
            }
        }
        (!(up && down)).then_some(!down)
    }

    /// The critical levels of every row, for each place of the grid of the second dial (for
    /// place nought, where there is none).
    pub(super) fn levels<S: Scale>(
        &self,
        scale: &S,
        second: Option<&super::grid::Grid>,
        chunk: &Chunk,
        planes: &Planes,
        mut found: impl FnMut(usize, &[S::Level]),
    ) {
        let rows = chunk.rows();
        let mut machine =
            self.begun(scale, second, &self.machine, &planes.machine, &chunk.machine, rows);
        let mut slots: [Vec<Work<S::Level>>; 2] = [Vec::new(), Vec::new()];
        for (steps, slots) in self.axis.iter().zip(&mut slots) {
            // Axes that are not listed come last.
            let of_slots = planes.slots.iter().zip(&chunk.slots);
            let further = (&planes.further, &chunk.further);
            for (bytes, spans) in of_slots.chain([further]) {
                slots.push(self.begun(scale, second, steps, bytes, spans, rows));
            }
            for work in slots.iter_mut() {
                work.run(scale, steps, rows, None, &[]);
            }
        }
        machine.run(scale, &self.machine, rows, None, &slots);
        let root = self.machine.iter().position(|step| step.id == self.node);
        let Some(root) = root else {
            let bytes = run::plane(&planes.machine, self.node, rows);
            let still = still(scale, bytes);
            (0..second.map_or(1, super::grid::Grid::len)).for_each(|at| found(at, &still));
            return;
        };
        for place in 0..second.map_or(1, super::grid::Grid::len) {
            if second.is_some() {
                let at = u16::try_from(place).unwrap_or(u16::MAX);
                for (steps, slots) in self.axis.iter().zip(&mut slots) {
                    slots.iter_mut().for_each(|w| w.run(scale, steps, rows, Some(at), &[]));
                }
                machine.run(scale, &self.machine, rows, Some(at), &slots);
            }
            found(place, machine.levels.get(root).map(Vec::as_slice).unwrap_or_default());
        }
    }

    /// What of one part's steps hangs on no value of the second dial.
    fn begun<S: Scale>(
        &self,
        scale: &S,
        second: Option<&super::grid::Grid>,
        steps: &[Step],
        bytes: &[u8],
        spans: &[Vec<Span>],
        rows: usize,
    ) -> Work<S::Level> {
        let empty = || (0..steps.len()).map(|_| Vec::new()).collect::<Vec<_>>();
        let mut work = Work { levels: empty(), still: empty(), places: Vec::new() };
        for (at, step) in steps.iter().enumerate() {
            let mut places = Vec::new();
            match &step.what {
                What::First { column, cut } => {
                    let spans = spans.get(*column).map(Vec::as_slice).unwrap_or_default();
                    if let Some(levels) = work.levels.get_mut(at) {
                        *levels = self.tested(scale, *cut, spans);
                    }
                }
                What::Second { column, cut, below } => {
                    let spans = spans.get(*column).map(Vec::as_slice).unwrap_or_default();
                    if let Some((turning, grid)) = self.second.as_ref().zip(second) {
                        places = placed(turning, grid, *cut, *below, spans);
                    }
                }
                What::Join { largest, negated, still: nodes, .. } => {
                    if let Some(levels) = work.still.get_mut(at).filter(|_| !nodes.is_empty()) {
                        *levels = still(scale, &joined(bytes, nodes, *largest, *negated, rows));
                    }
                }
                What::Axes { .. } => {}
            }
            work.places.push(places);
        }
        work
    }

    /// The levels of a test that the first dial moves.
    fn tested<S: Scale>(&self, scale: &S, cut: Cut, spans: &[Span]) -> Levels<S::Level> {
        let mut levels = vec![scale.never(); spans.len() * 2];
        let (certain, possible) = levels.split_at_mut(spans.len());
        let level = |count: i64| match count {
            i64::MIN => scale.always(),
            i64::MAX => scale.never(),
            count => scale.level(count),
        };
        for ((certain, possible), span) in certain.iter_mut().zip(possible).zip(spans) {
            let counts = if self.rising {
                self.first.below(cut, *span)
            } else {
                self.first.above(cut, *span)
            };
            let [from, maybe] = counts;
            *certain = level(from);
            *possible = if maybe == from { *certain } else { level(maybe) };
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
        axes: &[Vec<Self>],
    ) {
        for (at, step) in steps.iter().enumerate() {
            if step.late != place.is_some() {
                continue;
            }
            let (before, own) = self.levels.split_at_mut(at);
            let Some(out) = own.first_mut() else { continue };
            match &step.what {
                What::First { .. } => {}
                What::Second { below, .. } => {
                    let places = self.places.get(at).map(Vec::as_slice).unwrap_or_default();
                    let (here, always, never) =
                        (place.unwrap_or_default(), scale.always(), scale.never());
                    out.clear();
                    out.extend(
                        places.iter().map(
                            |from| {
                                if (*from <= here) == *below { always } else { never }
                            },
                        ),
                    );
                }
                What::Join { largest, steps, .. } => {
                    let still = self.still.get(at).filter(|still| !still.is_empty());
                    let parts = steps.iter().filter_map(|at| before.get(*at));
                    fold(out, still.into_iter().chain(parts), *largest);
                }
                What::Axes { count, step } => {
                    let fewer = usize::from(matches!(count, Count::AtMost(_)));
                    let of = axes.get(fewer).map(Vec::as_slice).unwrap_or_default();
                    let of: Vec<&Levels<L>> =
                        of.iter().filter_map(|work| work.levels.get(*step)).collect();
                    counted(scale, out, *count, &of, rows);
                }
            }
        }
    }
}

/// The largest or smallest of several levels, row by row.
fn fold<'l, L: Copy + Ord + 'l>(
    out: &mut Levels<L>,
    mut parts: impl Iterator<Item = &'l Levels<L>>,
    largest: bool,
) {
    out.clear();
    if let Some(first) = parts.next() {
        out.extend_from_slice(first);
    }
    for part in parts {
        for (out, part) in out.iter_mut().zip(part) {
            *out = if largest { (*out).max(*part) } else { (*out).min(*part) };
        }
    }
}

/// The levels from which on enough (or, negated, few enough) axes meet a condition; the last of
/// `axes` stands for any number that is not listed.
fn counted<S: Scale>(
    scale: &S,
    out: &mut Levels<S::Level>,
    count: Count,
    axes: &[&Levels<S::Level>],
    rows: usize,
) {
    let Some((further, listed)) = axes.split_last() else { return };
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
                let mut rest = (*axis).clone();
                for least in &mut least {
                    for (least, rest) in least.iter_mut().zip(&mut rest) {
                        (*least, *rest) = ((*least).min(*rest), (*least).max(*rest));
                    }
                }
            }
            out.extend(least.pop().unwrap_or_default());
        }
    }
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

/// The places in a grid that a test compares with: from which on a reading certainly, and possibly,
/// is on the wanted side; for *above* the other way round.
fn placed(
    turning: &Turning,
    grid: &super::grid::Grid,
    cut: Cut,
    below: bool,
    spans: &[Span],
) -> Vec<u16> {
    let mut places = vec![0; spans.len() * 2];
    let (first, last) = places.split_at_mut(spans.len());
    let (certain, possible) = if below { (first, last) } else { (last, first) };
    for ((certain, possible), span) in certain.iter_mut().zip(possible).zip(spans) {
        let [from, maybe] = turning.below(cut, *span);
        *certain = grid.place(from);
        *possible = if maybe == from { *certain } else { grid.place(maybe) };
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

/// The levels of truths that stand still.
fn still<S: Scale>(scale: &S, bytes: &[u8]) -> Levels<S::Level> {
    let level = |holds: bool| if holds { scale.always() } else { scale.never() };
    let certain = bytes.iter().map(|truth| level(*truth == Truth::True as u8));
    certain.chain(bytes.iter().map(|truth| level(*truth != Truth::False as u8))).collect()
}
