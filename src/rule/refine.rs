//! Exact verdicts where Kleene's logic is not: readings that are tested in both directions are
//! enumerated over their cells.
//!
//! With every two-way reading fixed to a cell, the rest is tested in one direction only, and the
//! planes are exact. Axes do not see each other: what each of them can make of the counted
//! conditions is worked out axis by axis, and only the worst and the best combinations of counts
//! are kept; axes that a sheet does not list are any number of axes, each of one way. What remains
//! is one more block for the same program.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::arena::NodeId;
use super::block::{self, Block, Row};
use super::candidates::Candidates;
use super::cells::{Cell, Cells};
use super::frontier::{Frontier, Part};
use super::layout::{Column, ColumnKey};
use super::outline::Trace;
use super::program::{Program, Root};
use super::run::{self, Counts, MANY, Planes};
use crate::logic::Truth;

/// More refinements than this are not remembered.
const MEMORY_MAX: usize = 1 << 16;
/// More combinations than this of one machine are not enumerated.
pub(super) const COMBINATIONS_MAX: usize = 4096;

/// The truths of every root for every row.
#[derive(Debug, Clone)]
pub struct Verdicts {
    rows: usize,
    /// The nodes of the roots.
    roots: Vec<NodeId>,
    /// For each root its truths, where some were refined.
    refined: Vec<Option<Vec<u8>>>,
    approximate: Vec<(Root, usize)>,
    planes: Vec<u8>,
}

impl Verdicts {
    /// The truth of a root for a row.
    pub fn of(&self, root: Root, row: usize) -> Truth {
        self.truths(root).get(row).map_or(Truth::Unknown, |byte| Truth::from_byte(*byte))
    }

    /// Whether an unknown truth may be unknown only because there were too many combinations.
    pub fn is_approximate(&self, root: Root, row: usize) -> bool {
        self.approximate.contains(&(root, row))
    }

    /// The truths of a root for every row, as bytes.
    pub fn truths(&self, root: Root) -> &[u8] {
        match (self.refined.get(root.0), self.roots.get(root.0)) {
            (Some(Some(refined)), _) => refined,
            (_, Some(node)) => self.clauses(*node),
            _ => &[],
        }
    }

    /// The rows for which a root may be unknown only because there were too many combinations.
    pub fn approximate(&self, root: Root) -> impl Iterator<Item = usize> {
        self.approximate.iter().filter(move |(of, _)| *of == root).map(|(_, row)| *row)
    }

    /// The truth of a clause's node for a row, before refinement.
    pub fn clause(&self, node: NodeId, row: usize) -> Truth {
        self.clauses(node).get(row).map_or(Truth::Unknown, |byte| Truth::from_byte(*byte))
    }

    /// The same for every row, as the bytes of truths.
    pub fn clauses(&self, node: NodeId) -> &[u8] {
        run::plane(&self.planes, node, self.rows)
    }
}

impl Program {
    /// The exact truth of every root for every row; of those that are not `wanted` only what
    /// Kleene's logic says.
    pub fn evaluate(&self, rows: &[Row], wanted: impl Fn(Root, usize) -> bool) -> Verdicts {
        let mut block = Block::new(self);
        rows.iter().for_each(|row| block.push(row));
        let row = |at: usize| rows.get(at).cloned().unwrap_or_default();
        self.evaluate_block(&mut Memory::default(), &block, row, wanted)
    }

    /// The same for rows that stand in a block, remembering what was refined: rows with the same
    /// truths refine to the same.
    pub fn evaluate_with(
        &self,
        memory: &mut Memory,
        block: &Block,
        wanted: impl Fn(Root, usize) -> bool,
    ) -> Verdicts {
        debug_assert!(!self.has_slopes(), "a block keeps no spans");
        self.evaluate_block(memory, block, |at| block.row(at), wanted)
    }

    fn evaluate_block(
        &self,
        memory: &mut Memory,
        block: &Block,
        row: impl Fn(usize) -> Row,
        wanted: impl Fn(Root, usize) -> bool,
    ) -> Verdicts {
        let (rows, has_slopes) = (block.rows(), self.has_slopes());
        let mut planes = std::mem::take(&mut memory.planes);
        run::fill_planes(self, block, Some(&self.live), &mut planes);
        let mut refined: Vec<Option<Vec<u8>>> = vec![None; self.roots.len()];
        let mut approximate = Vec::new();
        for (at, ((own, reach), node)) in
            refined.iter_mut().zip(&self.reaches).zip(&self.roots).enumerate()
        {
            let root = Root(at);
            let plane = run::plane(&planes.machine, *node, rows);
            let Memory { candidates, key, known, .. } = &mut *memory;
            candidates.take_open(plane, |row| wanted(root, row));
            if candidates.is_empty() {
                continue;
            }
            if !has_slopes {
                reach.narrow(block, &planes, candidates);
                if !candidates.is_empty() {
                    reach.complete(block, &planes, candidates);
                }
            }
            for number in candidates.rows() {
                let refine = || {
                    let trace = Trace::of(&planes, block.listed(number), number);
                    self.refined(root, &row(number), &trace)
                };
                let truth = if has_slopes {
                    refine()
                } else if reach.hangs(root, block, &planes, (candidates, number), key) {
                    recall(known, key, refine)
                } else {
                    continue;
                };
                let own = own.get_or_insert_with(|| plane.to_vec());
                match (truth, own.get_mut(number)) {
                    (Some(truth), Some(slot)) => *slot = truth as u8,
                    _ => approximate.push((root, number)),
                }
            }
        }
        let roots = self.roots.clone();
        let machine = std::mem::take(&mut planes.machine);
        memory.planes = planes;
        Verdicts { rows, roots, refined, approximate, planes: machine }
    }

    /// The exact truth of one root for one row; `None` where there are too many combinations.
    pub(super) fn exact(&self, root: Root, row: &Row) -> Option<Truth> {
        let trace = self.trace_live(row);
        let truth = trace.machine(self.node(root)?);
        if truth.is_known() { Some(truth) } else { self.refined(root, row, &trace) }
    }

    /// The exact truth of a root that Kleene's logic left unknown.
    fn refined(&self, root: Root, row: &Row, trace: &Trace) -> Option<Truth> {
        let frontier = Frontier::of(self, root, trace);
        let mixed = self.reaches.get(root.0).is_some_and(|reach| reach.mixed);
        if !is_two_way(&frontier, row, mixed) {
            return Some(Truth::Unknown);
        }
        let cells = combinations(&row.machine, &frontier.machine, &self.machine.columns)?;
        let mut worst = vec![vec![0u8; frontier.conditions.len()]];
        let mut best = worst.clone();
        for (at, (axis, tests)) in row.axes.iter().zip(&frontier.axes).enumerate() {
            let variants = combinations(axis, tests, &self.axis.columns)?;
            let variants = self.with_slopes(row, at + 1, variants, true);
            let (low, high) = self.vectors(&frontier, &variants);
            worst = fold(&worst, &low, &frontier.conditions, false);
            best = fold(&best, &high, &frontier.conditions, true);
            if (worst.len() + best.len()) * cells.len() > COMBINATIONS_MAX {
                return None;
            }
        }
        match row.further.as_ref().filter(|cells| is_open(&frontier.further, cells)) {
            Some(cells) if mixed => {
                let variants = combinations(cells, &frontier.further, &self.axis.columns)?;
                let (low, high) = self.vectors(&frontier, &variants);
                worst = self.any_number(&frontier, worst, low, false)?;
                best = self.any_number(&frontier, best, high, true)?;
                if (worst.len() + best.len()) * cells.len() > COMBINATIONS_MAX {
                    return None;
                }
            }
            _ => self.unlisted(&frontier, trace, &mut worst, &mut best),
        }
        let cells = self.with_slopes(row, 0, cells, false);
        let certain = self.machine_truths(root, &frontier, trace, &cells, &worst);
        if certain.iter().all(|truth| *truth == Truth::True) {
            return Some(Truth::True);
        }
        let possible = self.machine_truths(root, &frontier, trace, &cells, &best);
        let impossible = possible.iter().all(|truth| *truth == Truth::False);
        Some(if impossible { Truth::False } else { Truth::Unknown })
    }

    /// Works sloped limits out again where a reading behind them was fixed to a cell.
    fn with_slopes(
        &self,
        row: &Row,
        part: usize,
        rows: Vec<Vec<Cell>>,
        axis: bool,
    ) -> Vec<Vec<Cell>> {
        let columns = if axis { &self.axis.columns } else { &self.machine.columns };
        let Some(spans) = row.spans.get(part) else { return rows };
        let fix = |mut cells: Vec<Cell>| {
            let mut spans = spans.clone();
            for ((span, cell), column) in spans.of_column.iter_mut().zip(&cells).zip(columns) {
                if let Cell::Range(low, high) = cell {
                    let within = column.span_of(*low).hull(column.span_of(*high));
                    *span = span.meet(within).unwrap_or(*span);
                }
            }
            block::slopes(columns, &mut cells, &spans);
            cells
        };
        rows.into_iter().map(fix).collect()
    }

    /// For each variant of one axis: which conditions it meets at the worst and at the best.
    fn vectors(&self, frontier: &Frontier, variants: &[Vec<Cell>]) -> (Vec<Vec<u8>>, Vec<Vec<u8>>) {
        let slot = Cells::of_rows(variants);
        let planes = run::axis_planes(self, &slot, variants.len());
        let mut worst = vec![Vec::with_capacity(frontier.conditions.len()); variants.len()];
        let mut best = worst.clone();
        for (condition, positive) in &frontier.conditions {
            let Some(node) = self.conditions.get(*condition) else { continue };
            let plane = run::plane(&planes, *node, variants.len());
            for ((truth, low), high) in plane.iter().zip(&mut worst).zip(&mut best) {
                let (certain, possible) = (truth >> 1, u8::from(*truth != 0));
                low.push(if *positive { certain } else { possible });
                high.push(if *positive { possible } else { certain });
            }
        }
        (worst, best)
    }

    /// Axes that are not listed: as few as hurt at the worst, as many as help at the best.
    fn unlisted(
        &self,
        frontier: &Frontier,
        trace: &Trace,
        worst: &mut [Vec<u8>],
        best: &mut [Vec<u8>],
    ) {
        for (at, (condition, positive)) in frontier.conditions.iter().enumerate() {
            let node = self.conditions.get(*condition);
            let truth = node.and_then(|node| trace.unlisted(*node));
            if truth.is_none_or(|truth| truth == Truth::False) {
                continue;
            }
            let moved = if *positive { &mut *best } else { &mut *worst };
            for counts in moved.iter_mut() {
                if let Some(count) = counts.get_mut(at) {
                    *count = MANY;
                }
            }
        }
    }

    /// The root's truth for every combination of machine cells and counts.
    fn machine_truths(
        &self,
        root: Root,
        frontier: &Frontier,
        trace: &Trace,
        cells: &[Vec<Cell>],
        vectors: &[Vec<u8>],
    ) -> Vec<Truth> {
        let mut block = Block::new(self);
        let total = cells.len() * vectors.len();
        let mut counts = Counts {
            certain: vec![Vec::with_capacity(total); self.conditions.len()],
            possible: vec![Vec::with_capacity(total); self.conditions.len()],
        };
        for machine in cells {
            let fixed = Row { machine: machine.clone(), ..Row::default() };
            for vector in vectors {
                block.push(&fixed);
                for count in counts.certain.iter_mut().chain(&mut counts.possible) {
                    count.push(0);
                }
                for ((condition, positive), number) in frontier.conditions.iter().zip(vector) {
                    // A condition that is counted in both directions takes its worse or better
                    // count for each: `certain` serves at-least, `possible` serves at-most.
                    let part = if *positive { &mut counts.certain } else { &mut counts.possible };
                    let last = part.get_mut(*condition).and_then(|counts| counts.last_mut());
                    if let Some(last) = last {
                        *last = *number;
                    }
                }
            }
        }
        definite(frontier, &mut counts);
        let planes = run::live_planes(self, &block, &counts, &frontier.live, trace);
        let node = self.node(root);
        let plane = node.map(|node| run::plane(&planes, node, total)).unwrap_or_default();
        plane.iter().map(|byte| Truth::from_byte(*byte)).collect()
    }
}

/// What was refined before, and what finding out takes.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    known: Known,
    key: Vec<u8>,
    candidates: Candidates,
    planes: Planes,
}

impl Memory {
    /// Takes back what verdicts were kept in, for verdicts to come.
    pub fn keep(&mut self, verdicts: Verdicts) {
        self.planes.machine = verdicts.planes;
    }
}

/// What was refined, by all that refining looks at.
type Known = HashMap<Box<[u8]>, Option<Truth>, FixedState>;

/// What was refined for a signature, or is now.
fn recall(known: &mut Known, key: &[u8], refine: impl FnOnce() -> Option<Truth>) -> Option<Truth> {
    if let Some(known) = known.get(key) {
        return *known;
    }
    let refined = refine();
    if known.len() < MEMORY_MAX {
        known.insert(key.into(), refined);
    }
    refined
}

/// Whether some reading that open tests ask about in both directions is open.
fn is_two_way(frontier: &Frontier, row: &Row, mixed: bool) -> bool {
    let unlisted = row.further.as_ref().is_some_and(|cells| is_open(&frontier.further, cells));
    is_open(&frontier.machine, &row.machine)
        || frontier.axes.iter().zip(&row.axes).any(|(part, cells)| is_open(part, cells))
        || mixed && unlisted
}

/// Whether a cell is open that tests ask about in both directions.
fn is_open(part: &Part, cells: &[Cell]) -> bool {
    part.iter().any(|(column, tests)| {
        tests.is_two_way() && cells.get(*column).is_some_and(|cell| cell.is_open())
    })
}

/// Where a condition is counted in one direction only, certain and possible counts are the same.
fn definite(frontier: &Frontier, counts: &mut Counts) {
    for (at, (certain, possible)) in counts.certain.iter_mut().zip(&mut counts.possible).enumerate()
    {
        let positive = frontier.conditions.contains(&(at, true));
        let negative = frontier.conditions.contains(&(at, false));
        match (positive, negative) {
            (true, false) => possible.clone_from(certain),
            (false, true) => certain.clone_from(possible),
            _ => {}
        }
    }
}

/// Every way to fix the open two-way cells; `None` where there are too many.
pub(super) fn combinations(
    cells: &[Cell],
    part: &Part,
    columns: &[Column],
) -> Option<Vec<Vec<Cell>>> {
    let mut all = vec![cells.to_vec()];
    for (column, tests) in part.iter().filter(|(_, tests)| tests.is_two_way()) {
        let slope = columns.get(*column).map(|c| matches!(c.key, ColumnKey::Slope { .. }));
        let Some(cell) = cells.get(*column).filter(|cell| cell.is_open() && slope == Some(false))
        else {
            continue;
        };
        let answers = tests.answers(*cell, true);
        if all.len() * answers.len() > COMBINATIONS_MAX {
            return None;
        }
        all = all
            .iter()
            .flat_map(|row| {
                answers.iter().map(|answer| {
                    let mut fixed = row.clone();
                    if let Some(cell) = fixed.get_mut(*column) {
                        *cell = *answer;
                    }
                    fixed
                })
            })
            .collect();
    }
    Some(all)
}

/// Adds what one more axis can do to every combination of counts, and keeps the extreme ones.
pub(super) fn fold(
    sums: &[Vec<u8>],
    axis: &[Vec<u8>],
    conditions: &[(usize, bool)],
    best: bool,
) -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = Vec::new();
    for sum in sums {
        for vector in axis {
            let next: Vec<u8> = sum.iter().zip(vector).map(|(a, b)| a.saturating_add(*b)).collect();
            // `beats`: at least as extreme in every condition.
            let beats =
                |a: &[u8], b: &[u8]| {
                    a.iter().zip(b).zip(conditions).all(|((a, b), (_, positive))| {
                        if *positive == best { a >= b } else { a <= b }
                    })
                };
            if !all.iter().any(|known| beats(known, &next)) {
                all.retain(|known| !beats(&next, known));
                all.push(next);
            }
        }
    }
    all
}
