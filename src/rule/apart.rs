//! Sweeping a chunk: machines that need no refining as they stand, the others taken apart first.
//!
//! A row hangs where, at some value of the dials, open tests may ask about an open reading in both
//! directions. Such readings are fixed to each of their cells; every completion then has critical
//! values of its own, and the machine is certainly captured from the largest of them on, possibly
//! from the smallest. What falls into too many completions is handed back.

use std::ops::Range;

use super::arena::NodeId;
use super::candidates::Candidates;
use super::cells::{Cell, Cells};
use super::critical::{Dialled, Step, What};
use super::field::{Chunk, Fixed, NOBODY, Reading};
use super::frontier::{Frontier, Tests};
use super::hung::Hangs;
use super::outline::Trace;
use super::program::Op;
use super::reach::{Reach, Watched};
use super::run::{self, Counts, Planes};
use super::turning::Turning;
use crate::logic::{self, Truth};

/// More completions of one row than this are not looked at.
const WAYS_MAX: usize = 256;

/// A chunk looked at: what becomes of each row.
pub(super) struct Settled {
    pub planes: Planes,
    /// Rows whose machine has no other row, and that may turn at some value; behind them such rows
    /// that were taken apart in what they say of the machine alone.
    pub rows: Vec<u32>,
    /// How many of them turn as they stand.
    pub turning: usize,
    /// The machines of such rows that have one truth at every value.
    pub steady: Vec<(usize, Truth)>,
    /// The completions of rows that were taken apart, if there are any.
    pub completed: Option<Completed>,
    /// The machines that were taken apart otherwise, if there are any.
    pub apart: Option<Chunk>,
    /// The machines that could not be.
    pub beyond: Vec<usize>,
}

/// Rows that were taken apart in what they say of the machine alone: their axes are the rows' own.
pub(super) struct Completed {
    /// Where the completions of each row end.
    ends: Vec<u32>,
    /// The completions, without axes.
    pub chunk: Chunk,
    pub planes: Planes,
}

impl Completed {
    /// The completions of the row at a place.
    pub fn completions(&self, at: usize) -> Range<usize> {
        let end = |at: usize| self.ends.get(at).copied().unwrap_or_default() as usize;
        at.checked_sub(1).map_or(0, end)..end(at)
    }
}

/// Rows that are to be copied, once for every completion, and what is fixed in each copy.
#[derive(Default)]
struct Copies {
    rows: Vec<usize>,
    fixed: Vec<Fixed>,
}

/// The rows of a chunk as they are sorted: see [`Settled`].
#[derive(Default)]
struct Sorted {
    turning: Vec<u32>,
    steady: Vec<(usize, Truth)>,
    beyond: Vec<usize>,
    completed: Copies,
    apart: Copies,
    /// The rows that were completed, and where the completions of each end.
    of: Vec<u32>,
    ends: Vec<u32>,
}

/// Open readings that tests ask about in both directions: of the machine or an axis, the column,
/// and what the tests tell apart.
type Answers = Vec<(Option<usize>, usize, Vec<Cell>)>;

impl Dialled<'_> {
    /// The planes of a chunk, in the memory of others, and its axes counted: what a dial moves
    /// itself is unknown, and so is all that hangs on it.
    pub(super) fn planes(&self, chunk: &Chunk, mut planes: Planes) -> (Planes, Counts) {
        let (program, rows) = (self.program, chunk.rows());
        let [of_machine, of_axis] = &self.live;
        let none = Counts::default();
        planes.rows = rows;
        planes.slots.resize_with(chunk.block.slots.len(), Vec::new);
        planes.further.clear();
        let further = std::iter::once((&mut planes.further, &chunk.block.further));
        let slots = planes.slots.iter_mut().zip(&chunk.block.slots);
        for (out, columns) in slots.chain(further.filter(|_| chunk.more)) {
            run::planes_into(out, &program.axis, columns, rows, &none, Some(of_axis));
        }
        let mut counts = Counts::default();
        run::count(program, &planes, &mut counts);
        let (out, columns) = (&mut planes.machine, &chunk.block.machine);
        run::planes_into(out, &program.machine, columns, rows, &counts, Some(of_machine));
        (planes, counts)
    }

    /// Takes apart what has to be.
    pub(super) fn settled(&self, hangs: &mut Hangs, chunk: &Chunk) -> Settled {
        let (planes, counts) = self.planes(chunk, std::mem::take(&mut hangs.planes));
        let moves = self.moves(&planes);
        let mixed = self.is_mixed(chunk);
        let open = self.open(&mut hangs.candidates, chunk, &planes, mixed);
        let mut asked: Vec<usize> = (0..planes.rows).collect();
        asked.retain(|at| open.get(*at).is_some_and(|open| *open != 0));
        hangs.note(&self.nodes, &planes, &asked);
        let root = run::plane(&planes.machine, self.node, planes.rows);
        let mut sorted = Sorted::default();
        sorted.turning.reserve(planes.rows);
        sorted.steady.reserve(planes.rows);
        let mut to = 0;
        let truths = root.iter().zip(&moves).zip(&open);
        for ((from, machine), ((truth, moves), asks)) in chunk.owners.iter().enumerate().zip(truths)
        {
            if from < to {
                continue;
            }
            to = from + 1;
            if chunk.owners.get(to) == Some(machine) {
                to += chunk.owners.iter().skip(to).take_while(|one| *one == machine).count();
            }
            if *machine == NOBODY {
                continue;
            }
            if to > from + 1 || *asks != 0 {
                let of = (chunk, asked.as_slice(), &planes, mixed);
                if !self.sort(hangs, of, from..to, &mut sorted) {
                    sorted.beyond.push(*machine);
                }
                continue;
            }
            match Truth::from_byte(*truth) {
                Truth::Unknown if *moves != 0 => sorted.turning.push(from as u32),
                truth => sorted.steady.push((*machine, truth)),
            }
        }
        let Sorted { turning: mut rows, steady, beyond, completed, apart, of, ends } = sorted;
        let apart = self.gathered(chunk, &apart, true);
        let completed = self.gathered(chunk, &completed, false).map(|copied| {
            let planes = self.completed(&copied, &counts, &completed.rows);
            Completed { ends, chunk: copied, planes }
        });
        let turning = rows.len();
        rows.extend(of);
        Settled { planes, rows, turning, steady, completed, apart, beyond }
    }

    /// Sorts in the rows of a machine that has several, or one that may have to be taken apart;
    /// whether that can be done.
    fn sort(
        &self,
        hangs: &mut Hangs,
        (chunk, asked, planes, mixed): (&Chunk, &[usize], &Planes, bool),
        own: Range<usize>,
        sorted: &mut Sorted,
    ) -> bool {
        let is_open = |at: usize| asked.binary_search(&at).is_ok();
        // Of axes that are not listed each has one value of every reading.
        let unlisted = |at: usize| mixed && chunk.block.listed(at).more && is_open(at);
        let mut answers = |at: usize| {
            if unlisted(at) {
                return None;
            }
            let hang = is_open(at).then(|| self.answers(hangs, (chunk, asked), planes, at));
            hang.unwrap_or(Some(Answers::new()))
        };
        if own.len() > 1 {
            let all: Option<Vec<Answers>> = own.clone().map(answers).collect();
            return all.is_some_and(|all| sorted.apart.spread(own, &all));
        }
        let Some(one) = answers(own.start) else { return false };
        if one.is_empty() {
            sorted.turning.push(own.start as u32);
            return true;
        }
        if one.iter().any(|(axis, ..)| axis.is_some()) {
            return sorted.apart.spread(own, &[one]);
        }
        let at = own.start as u32;
        let taken = sorted.completed.spread(own, &[one]);
        if taken {
            sorted.of.push(at);
            sorted.ends.push(sorted.completed.rows.len() as u32);
        }
        taken
    }

    /// Copies of rows, with their axes or without, if there are any.
    fn gathered(&self, chunk: &Chunk, copies: &Copies, axes: bool) -> Option<Chunk> {
        let Copies { rows, fixed } = copies;
        let copied = || chunk.gathered(self.program, &self.watched, (rows, fixed), axes);
        (!rows.is_empty()).then(copied)
    }

    /// The planes of completions whose axes were counted before, as those of other rows.
    fn completed(&self, chunk: &Chunk, counts: &Counts, rows: &[usize]) -> Planes {
        let of = |counts: &Vec<Vec<u8>>| -> Vec<Vec<u8>> {
            let count = |of: &Vec<u8>| {
                rows.iter().map(|at| of.get(*at).copied().unwrap_or_default()).collect()
            };
            counts.iter().map(count).collect()
        };
        let counts = Counts { certain: of(&counts.certain), possible: of(&counts.possible) };
        let mut planes = Planes { rows: rows.len(), ..Planes::default() };
        let (out, columns) = (&mut planes.machine, &chunk.block.machine);
        let (code, [live, _]) = (&self.program.machine, &self.live);
        run::planes_into(out, code, columns, rows.len(), &counts, Some(live));
        planes
    }

    /// The rows in which something that a dial moves may decide the root: marks.
    fn moves(&self, planes: &Planes) -> Vec<u8> {
        let root = self.machine.last();
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
    fn open(
        &self,
        candidates: &mut Candidates,
        chunk: &Chunk,
        planes: &Planes,
        mixed: bool,
    ) -> Vec<u8> {
        let mut unknown = vec![0; planes.rows];
        let root = run::plane(&planes.machine, self.node, planes.rows);
        logic::unknown_into(&mut unknown, root);
        let reach = self.program.reaches.get(self.root.index());
        let Some(reach) = reach else { return unknown };
        let mut open = vec![0; planes.rows];
        candidates.take_open(root, |_| true);
        reach.narrow(&chunk.block, planes, candidates);
        if mixed {
            let more = |at: usize| chunk.block.listed(at).more;
            candidates.take(|at| more(at) && unknown.get(at) == Some(&1));
        }
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
                    for (row, (out, unknown)) in open.iter_mut().zip(&unknown).enumerate() {
                        *out |= unknown & u8::from(reading.is_open_in(row));
                    }
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

    /// Whether axes that are not listed may have to be refined at some value of the dials.
    fn is_mixed(&self, chunk: &Chunk) -> bool {
        let is_moved = |turning: &Turning, id: NodeId| {
            turning.axis.get(id.index()).is_some_and(Option::is_some)
        };
        let moved = |id: NodeId| {
            is_moved(&self.first, id) || self.second.as_ref().is_some_and(|s| is_moved(s, id))
        };
        let asked = |id: &NodeId| match self.program.machine.ops.get(id.index()) {
            Some(Op::Axes { condition, .. }) => Some(*condition),
            _ => None,
        };
        let mixed = self.program.reaches.get(self.root.index()).is_some_and(|reach| reach.mixed);
        let mut conditions = self.nodes.iter().filter_map(asked);
        chunk.more && (mixed || conditions.any(|at| self.program.is_entangled(at, moved)))
    }

    /// What a row has to be fixed in; `None` where that would have to be done value by value.
    fn answers(
        &self,
        hangs: &mut Hangs,
        (chunk, asked): (&Chunk, &[usize]),
        planes: &Planes,
        at: usize,
    ) -> Option<Answers> {
        let reach = self.program.reaches.get(self.root.index())?;
        let hung = self.hung(hangs, asked, at);
        let open = |column: &usize| {
            let mut slots = chunk.block.slots.iter();
            slots.any(|slot| slot.get(*column).is_some_and(|cells| cells.get(at).is_open()))
        };
        let mut found = Answers::new();
        let both = hung.machine.iter().map(|(column, tests)| (column, tests));
        take(&mut found, None, both, &chunk.block.machine, at);
        if hung.axis.iter().any(open) {
            let frontier = self.frontier(chunk, planes, at);
            for (slot, part) in chunk.block.listed(at).slots().zip(&frontier.axes) {
                let columns = chunk.block.slots.get(slot)?;
                let both = part.iter().filter(|(_, tests)| tests.is_two_way());
                take(&mut found, Some(slot), both, columns, at);
            }
        }
        if self.drifting_row(chunk, reach, at) { None } else { Some(found) }
    }

    fn frontier(&self, chunk: &Chunk, planes: &Planes, at: usize) -> Frontier {
        let trace = Trace::of(planes, chunk.block.listed(at), at);
        Frontier::of(self.program, self.root, &trace)
    }

    /// Whether a reading of a row is open about which tests may ask in both directions, one of them
    /// at a limit that the second dial moves.
    fn drifting_row(&self, chunk: &Chunk, reach: &Reach, at: usize) -> bool {
        let drifts = |steps: &[Step], columns: &[usize], both: &[Watched], of: &[Reading]| {
            steps.iter().any(|step| {
                let What::Second { column, .. } = step.what else { return false };
                let place = columns.get(column);
                of.get(column).is_some_and(|one| one.is_open() && one.is_open_in(at))
                    && both.iter().any(|watched| Some(&watched.column) == place)
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
fn take<'t>(
    found: &mut Answers,
    axis: Option<usize>,
    both: impl Iterator<Item = (&'t usize, &'t Tests)>,
    columns: &[Cells],
    at: usize,
) {
    for (column, tests) in both {
        let cell = columns.get(*column).map(|cells| cells.get(at));
        if let Some(cell) = cell.filter(|cell| cell.is_open()) {
            found.push((axis, *column, tests.answers(cell, true)));
        }
    }
}

impl Copies {
    /// Adds copies of the rows of a machine, one for every combination of a row's answers; not if
    /// there are too many.
    fn spread(&mut self, rows: Range<usize>, answers: &[Answers]) -> bool {
        let ways = |answers: &Answers| {
            let ways = answers.iter().map(|(.., cells)| cells.len());
            ways.fold(1, usize::saturating_mul)
        };
        if answers.iter().any(|answers| ways(answers) > WAYS_MAX) {
            return false;
        }
        for (from, answers) in rows.zip(answers) {
            for way in 0..ways(answers) {
                let (row, mut rest) = (self.rows.len(), way);
                self.rows.push(from);
                for (axis, column, cells) in answers.iter() {
                    let (axis, column) = (*axis, *column);
                    if let Some(cell) = cells.get(rest % cells.len().max(1)).copied() {
                        self.fixed.push(Fixed { row, axis, column, cell });
                    }
                    rest /= cells.len().max(1);
                }
            }
        }
        true
    }
}
