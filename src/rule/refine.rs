//! Exact verdicts where Kleene's logic is not: readings that are tested in both directions are
//! enumerated over their cells.
//!
//! With every two-way reading fixed to a cell, the rest is tested in one direction only, and the
//! planes are exact. Axes do not see each other: what each of them can make of the counted
//! conditions is worked out axis by axis, and only the worst and the best combinations of counts
//! are kept. What remains is one more block for the same program.

use std::collections::BTreeMap;

use crate::logic::Truth;

use super::arena::{Count, NodeId};
use super::block::{self, Block, Cell, Cells, Row};
use super::layout::{Column, ColumnKey};
use super::program::{Op, Program, Root, reachable};
use super::run::{self, Counts, MANY};
use crate::quantity::Comparator;

/// More combinations than this of one machine are not enumerated.
const COMBINATIONS_MAX: usize = 4096;

/// The truths of every root for every row.
#[derive(Debug, Clone)]
pub struct Verdicts {
    rows: usize,
    truths: Vec<Vec<Truth>>,
    approximate: Vec<(Root, usize)>,
    planes: Vec<u8>,
}

impl Verdicts {
    /// The truth of a root for a row.
    pub fn of(&self, root: Root, row: usize) -> Truth {
        self.truths.get(root.0).and_then(|truths| truths.get(row)).copied().unwrap_or_default()
    }

    /// Whether an unknown truth may be unknown only because there were too many combinations.
    pub fn is_approximate(&self, root: Root, row: usize) -> bool {
        self.approximate.contains(&(root, row))
    }

    /// The truth of a clause's node for a row, before refinement.
    pub fn clause(&self, node: NodeId, row: usize) -> Truth {
        let byte = run::plane(&self.planes, node, self.rows).get(row);
        byte.map_or(Truth::Unknown, |byte| Truth::from_byte(*byte))
    }
}

/// Which columns a root tests in both directions, and the counted conditions that it rests on.
#[derive(Debug, Clone, Default)]
pub(super) struct Plan {
    /// The machine nodes that the root rests on.
    live: Vec<bool>,
    machine: Vec<TwoWay>,
    axis: Vec<TwoWay>,
    /// Each counted condition, and whether more axes that meet it make the root truer.
    conditions: Vec<(usize, bool)>,
}

#[derive(Debug, Clone)]
struct TwoWay {
    column: usize,
    /// For flags: the classes that are tested in both directions.
    classes: u32,
}

/// The directions in which a column is tested.
#[derive(Debug, Default, Clone)]
struct Directions {
    up: bool,
    down: bool,
    sets: Vec<u32>,
    flags_up: u32,
    flags_down: u32,
}

impl Plan {
    pub(super) fn of(program: &Program, root: NodeId) -> Self {
        let mut plan = Self::default();
        let live = reachable(&program.machine.ops, &[root]);
        let ops = || program.machine.ops.iter().zip(&live).filter(|(_, live)| **live);
        for (op, _) in ops() {
            if let Op::Axes { count, condition } = op {
                let use_of = (*condition, matches!(count, Count::AtLeast(_)));
                if !plan.conditions.contains(&use_of) {
                    plan.conditions.push(use_of);
                }
            }
        }
        let mut directions = BTreeMap::new();
        ops().for_each(|(op, _)| note(op, true, &program.machine.columns, &mut directions));
        plan.machine = two_way(&directions);
        let mut directions = BTreeMap::new();
        for (condition, positive) in &plan.conditions {
            let Some(node) = program.conditions.get(*condition) else { continue };
            let live = reachable(&program.axis.ops, &[*node]);
            for (op, _) in program.axis.ops.iter().zip(&live).filter(|(_, live)| **live) {
                note(op, *positive, &program.axis.columns, &mut directions);
            }
        }
        plan.axis = two_way(&directions);
        plan.live = live;
        plan
    }

    /// Whether some reading that the root tests in both directions is open.
    fn is_open(&self, row: &Row) -> bool {
        let open = |ways: &[TwoWay], cells: &[Cell]| {
            ways.iter().any(|way| cells.get(way.column).is_some_and(|cell| cell.is_open()))
        };
        open(&self.machine, &row.machine) || row.axes.iter().any(|axis| open(&self.axis, axis))
    }
}

fn note(op: &Op, positive: bool, columns: &[Column], all: &mut BTreeMap<usize, Directions>) {
    let mut up = |column: usize, up: bool| {
        let directions = all.entry(column).or_default();
        if up { directions.up = true } else { directions.down = true }
    };
    match op {
        Op::UpTo { column, .. } => up(*column, !positive),
        Op::From { column, .. } => up(*column, positive),
        Op::Truth { column, negated } => {
            up(*column, positive != *negated);
            let Some(ColumnKey::Slope { parameter, by, comparator, slope }) =
                columns.get(*column).map(|c| &c.key)
            else {
                return;
            };
            let lower_is_true = matches!(comparator, Comparator::AtMost | Comparator::Below);
            let truer_upward = lower_is_true != (positive != *negated);
            for (parameter, by, upward) in
                [(*parameter, *by, truer_upward), (slope.of, None, !truer_upward)]
            {
                let key = ColumnKey::Parameter(crate::evidence::Key { parameter, by });
                if let Some(at) = columns.iter().position(|column| column.key == key) {
                    up(at, upward);
                }
            }
        }
        Op::OneIn { column, set } => {
            let set = if positive { *set } else { !*set };
            all.entry(*column).or_default().sets.push(set);
        }
        Op::AnyOf { column, set } => {
            let directions = all.entry(*column).or_default();
            if positive { directions.flags_up |= set } else { directions.flags_down |= set }
        }
        Op::Inside { column, set } => {
            let directions = all.entry(*column).or_default();
            if positive { directions.flags_down |= !set } else { directions.flags_up |= !set }
        }
        Op::Known(_) | Op::And(_) | Op::Or(_) | Op::Axes { .. } => {}
    }
}

fn two_way(all: &BTreeMap<usize, Directions>) -> Vec<TwoWay> {
    let mut out = Vec::new();
    for (column, directions) in all {
        let nested = directions
            .sets
            .iter()
            .all(|a| directions.sets.iter().all(|b| a & b == *a || a & b == *b));
        let classes = directions.flags_up & directions.flags_down;
        if (directions.up && directions.down) || !nested || classes != 0 {
            out.push(TwoWay { column: *column, classes });
        }
    }
    out
}

impl Program {
    /// The exact truth of every root for every row; of those that are not `wanted` only what
    /// Kleene's logic says.
    pub fn evaluate(&self, rows: &[Row], wanted: impl Fn(Root, usize) -> bool) -> Verdicts {
        let mut block = Block::new(self);
        rows.iter().for_each(|row| block.push(row));
        let planes = run::machine_planes(self, &block, Some(&self.live));
        let mut verdicts = Verdicts {
            rows: rows.len(),
            truths: Vec::with_capacity(self.roots.len()),
            approximate: Vec::new(),
            planes: Vec::new(),
        };
        for (at, node) in self.roots.iter().enumerate() {
            let mut truths: Vec<Truth> = run::plane(&planes, *node, rows.len())
                .iter()
                .map(|byte| Truth::from_byte(*byte))
                .collect();
            for (number, (truth, row)) in truths.iter_mut().zip(rows).enumerate() {
                if !truth.is_known() && wanted(Root(at), number) {
                    match self.refined(Root(at), row) {
                        Some(refined) => *truth = refined,
                        None => verdicts.approximate.push((Root(at), number)),
                    }
                }
            }
            verdicts.truths.push(truths);
        }
        verdicts.planes = planes;
        verdicts
    }

    /// The exact truth of one root for one row; `None` where there are too many combinations.
    pub(super) fn exact(&self, root: Root, row: &Row) -> Option<Truth> {
        let mut block = Block::new(self);
        block.push(row);
        let plan = self.plans.get(root.0)?;
        let planes = run::machine_planes(self, &block, Some(&plan.live));
        let node = self.roots.get(root.0)?;
        let byte = run::plane(&planes, *node, 1).first().copied().unwrap_or(1);
        let truth = Truth::from_byte(byte);
        if truth.is_known() { Some(truth) } else { self.refined(root, row) }
    }

    /// The exact truth of a root that Kleene's logic left unknown.
    fn refined(&self, root: Root, row: &Row) -> Option<Truth> {
        let plan = self.plans.get(root.0)?;
        if !plan.is_open(row) {
            return Some(Truth::Unknown);
        }
        let cells = combinations(&row.machine, &plan.machine, &self.machine.columns)?;
        let mut worst = vec![vec![0u8; plan.conditions.len()]];
        let mut best = worst.clone();
        let mut enumerated = cells.len() > 1;
        for (at, axis) in row.axes.iter().enumerate() {
            let variants = combinations(axis, &plan.axis, &self.axis.columns)?;
            enumerated |= variants.len() > 1;
            let variants = self.with_slopes(row, at + 1, variants, true);
            let (low, high) = self.vectors(plan, &variants);
            worst = fold(&worst, &low, &plan.conditions, false);
            best = fold(&best, &high, &plan.conditions, true);
            if (worst.len() + best.len()) * cells.len() > COMBINATIONS_MAX {
                return None;
            }
        }
        if !enumerated {
            return Some(Truth::Unknown);
        }
        if let Some(further) = &row.further {
            self.unlisted(plan, further, &mut worst, &mut best);
        }
        let cells = self.with_slopes(row, 0, cells, false);
        let certain = self.machine_truths(root, plan, &cells, &worst);
        if certain.iter().all(|truth| *truth == Truth::True) {
            return Some(Truth::True);
        }
        let possible = self.machine_truths(root, plan, &cells, &best);
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
    fn vectors(&self, plan: &Plan, variants: &[Vec<Cell>]) -> (Vec<Vec<u8>>, Vec<Vec<u8>>) {
        let slot = Cells::of_rows(variants);
        let planes = run::axis_planes(self, &slot, variants.len());
        let mut worst = vec![Vec::with_capacity(plan.conditions.len()); variants.len()];
        let mut best = worst.clone();
        for (condition, positive) in &plan.conditions {
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
    fn unlisted(&self, plan: &Plan, further: &[Cell], worst: &mut [Vec<u8>], best: &mut [Vec<u8>]) {
        let planes = run::axis_planes(self, &Cells::of_rows(&[further]), 1);
        for (at, (condition, positive)) in plan.conditions.iter().enumerate() {
            let node = self.conditions.get(*condition);
            let truth = node.and_then(|node| planes.get(node.index()).copied());
            if truth == Some(Truth::False as u8) {
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
        plan: &Plan,
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
                for ((condition, positive), number) in plan.conditions.iter().zip(vector) {
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
        definite(plan, &mut counts);
        let planes = run::counted_planes(self, &block, &counts, &plan.live);
        let node = self.roots.get(root.0).copied();
        let plane = node.map(|node| run::plane(&planes, node, total)).unwrap_or_default();
        plane.iter().map(|byte| Truth::from_byte(*byte)).collect()
    }
}

/// Where a condition is counted in one direction only, certain and possible counts are the same.
fn definite(plan: &Plan, counts: &mut Counts) {
    for (at, (certain, possible)) in counts.certain.iter_mut().zip(&mut counts.possible).enumerate()
    {
        let positive = plan.conditions.contains(&(at, true));
        let negative = plan.conditions.contains(&(at, false));
        match (positive, negative) {
            (true, false) => possible.clone_from(certain),
            (false, true) => certain.clone_from(possible),
            _ => {}
        }
    }
}

/// Every way to fix the open two-way cells; `None` where there are too many.
fn combinations(cells: &[Cell], two_way: &[TwoWay], columns: &[Column]) -> Option<Vec<Vec<Cell>>> {
    let mut all = vec![cells.to_vec()];
    for way in two_way {
        let cell = cells.get(way.column).copied().unwrap_or(Cell::Truth(0));
        if !cell.is_open() {
            continue;
        }
        let slope = columns.get(way.column).map(|c| matches!(c.key, ColumnKey::Slope { .. }));
        let options = if slope == Some(true) { Vec::new() } else { options(cell, way.classes) };
        if options.len() < 2 {
            continue;
        }
        if all.len() * options.len() > COMBINATIONS_MAX {
            return None;
        }
        all = all
            .iter()
            .flat_map(|row| {
                options.iter().map(|option| {
                    let mut fixed = row.clone();
                    if let Some(cell) = fixed.get_mut(way.column) {
                        *cell = *option;
                    }
                    fixed
                })
            })
            .collect();
    }
    Some(all)
}

/// The single values that an open cell may have; for flags, of the `classes` tested both ways.
fn options(cell: Cell, classes: u32) -> Vec<Cell> {
    let bits = |mask: u32| (0..32).map(|bit| 1u32 << bit).filter(move |bit| mask & bit != 0);
    match cell {
        Cell::Range(low, high) => (low..=high).map(|cell| Cell::Range(cell, cell)).collect(),
        Cell::Truth(_) => vec![Cell::Truth(Truth::False as u8), Cell::Truth(Truth::True as u8)],
        Cell::OneOf(possible) => bits(possible).map(Cell::OneOf).collect(),
        Cell::Flags { certain, possible } => {
            let mut all = vec![(certain, possible)];
            for bit in bits(possible & !certain & classes) {
                all = all.iter().flat_map(|(c, p)| [(c | bit, *p), (*c, p & !bit)]).collect();
            }
            all.into_iter().map(|(certain, possible)| Cell::Flags { certain, possible }).collect()
        }
    }
}

/// Adds what one more axis can do to every combination of counts, and keeps the extreme ones.
fn fold(
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
