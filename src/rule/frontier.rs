//! What an open truth of one row still hangs on: the open tests that are reached from its root
//! through open nodes only, and in which direction each asks.
//!
//! Everything else is decided whatever the completion, so refining, settling and naming what is
//! missing look at the frontier and at nothing else.

use std::collections::{BTreeMap, BTreeSet};

use super::arena::{Count, NodeId};
use super::block::{Row, Slot};
use super::cells::Cell;
use super::layout::{Column, ColumnKey};
use super::outline::Trace;
use super::program::{Code, Op, Program, Root};
use crate::logic::Truth;
use crate::quantity::Comparator;

/// The open tests of one column.
#[derive(Debug, Clone, Default)]
pub(super) struct Tests {
    /// Some test becomes truer as the value grows.
    up: bool,
    /// Some test becomes truer as the value shrinks.
    down: bool,
    /// The cells behind which a cut of a test lies.
    cells: BTreeSet<u8>,
    /// The sets of labels that tests ask for, as the truer side.
    sets: Vec<u32>,
    /// Flags whose presence makes some test truer, and whose presence makes some less true.
    present: u32,
    missing: u32,
}

impl Tests {
    /// Whether no single end of the reading is best for every test.
    pub fn is_two_way(&self) -> bool {
        let nested = self.sets.iter().all(|a| self.sets.iter().all(|b| a & b == *a || a & b == *b));
        (self.up && self.down) || !nested || self.present & self.missing != 0
    }

    /// Whether some test becomes truer as the value grows, and whether some does as it shrinks.
    pub fn turns(&self) -> (bool, bool) {
        (self.up, self.down)
    }

    /// The answers within a cell that these tests tell apart.
    ///
    /// Flags that no test asks about stay as they are; with `both_ways` also those about which
    /// tests ask in one direction only.
    pub fn answers(&self, cell: Cell, both_ways: bool) -> Vec<Cell> {
        match cell {
            Cell::Range(low, high) => {
                let mut answers = Vec::new();
                let mut from = low;
                for end in self.cells.range(low..high) {
                    answers.push(Cell::Range(from, *end));
                    from = end + 1;
                }
                answers.push(Cell::Range(from, high));
                answers
            }
            Cell::OneOf(possible) => self.groups(possible).into_iter().map(Cell::OneOf).collect(),
            Cell::Flags { certain, possible } => {
                let asked = if both_ways {
                    self.present & self.missing
                } else {
                    self.present | self.missing
                };
                let mut answers = vec![(certain, possible)];
                for group in self.groups(possible & !certain & asked) {
                    answers = answers
                        .iter()
                        .flat_map(|(c, p)| [(*c, p & !group), (c | group, *p)])
                        .collect();
                }
                let flags = |(certain, possible)| Cell::Flags { certain, possible };
                answers.into_iter().map(flags).collect()
            }
            Cell::Truth(truth) if truth == Truth::Unknown as u8 => {
                vec![Cell::Truth(Truth::False as u8), Cell::Truth(Truth::True as u8)]
            }
            Cell::Truth(_) => vec![cell],
        }
    }

    /// The classes of `within` that these tests do not tell apart, group by group.
    fn groups(&self, within: u32) -> Vec<u32> {
        let mut groups = vec![within];
        for set in &self.sets {
            groups = groups.into_iter().flat_map(|group| [group & set, group & !set]).collect();
        }
        groups.retain(|group| *group != 0);
        groups
    }

    /// Takes up a test that is asked truer (`positive`) or less true.
    fn note(&mut self, op: &Op, positive: bool) {
        match op {
            Op::UpTo { cell, .. } => {
                self.turn(!positive);
                self.cells.insert(*cell);
            }
            Op::From { cell, .. } => {
                self.turn(positive);
                self.cells.insert(*cell);
            }
            Op::Truth { negated, .. } => self.turn(positive != *negated),
            Op::OneIn { set, .. } => self.sets.push(if positive { *set } else { !*set }),
            Op::AnyOf { set, .. } => self.flags(*set, positive),
            Op::Inside { set, .. } => self.flags(!*set, !positive),
            Op::Known(_) | Op::And(_) | Op::Or(_) | Op::Axes { .. } => {}
        }
    }

    fn turn(&mut self, up: bool) {
        if up { self.up = true } else { self.down = true }
    }

    fn flags(&mut self, set: u32, present: bool) {
        self.sets.push(set);
        if present { self.present |= set } else { self.missing |= set }
    }
}

/// The open tests of the machine, or of one axis, by column.
pub(super) type Part = BTreeMap<usize, Tests>;

/// What an open truth hangs on.
#[derive(Debug, Clone, Default)]
pub(super) struct Frontier {
    /// The open machine nodes under the root, parts before wholes.
    pub live: Vec<NodeId>,
    /// The open tests of the machine.
    pub machine: Part,
    /// The open tests of each listed axis.
    pub axes: Vec<Part>,
    /// The counted conditions that are open, and whether more axes that meet them help.
    pub conditions: Vec<(usize, bool)>,
    /// Whether axes that are not listed may matter.
    pub unlisted: bool,
    /// The open tests of an axis that is not listed.
    pub further: Part,
}

impl Frontier {
    /// The frontier of a root for the row that was traced.
    pub fn of(program: &Program, root: Root, trace: &Trace) -> Self {
        let mut frontier = Self { axes: vec![Part::new(); trace.axes()], ..Self::default() };
        let Some(node) = program.node(root) else { return frontier };
        let open = |id: NodeId| trace.machine(id) == Truth::Unknown;
        frontier.live = reached(&program.machine, [node], open);
        let ops = program.machine.ops.as_slice();
        for id in frontier.live.clone() {
            let Some(op) = ops.get(id.index()) else { continue };
            if let Op::Axes { count, condition } = op {
                let condition = (*condition, matches!(count, Count::AtLeast(_)));
                if !frontier.conditions.contains(&condition) {
                    frontier.conditions.push(condition);
                    frontier.condition(program, condition, trace);
                }
            } else {
                note(op, true, &program.machine.columns, &mut frontier.machine);
            }
        }
        frontier
    }

    /// Takes up the open tests of a counted condition, axis by axis.
    fn condition(&mut self, program: &Program, (at, positive): (usize, bool), trace: &Trace) {
        let Some(node) = program.conditions.get(at).copied() else { return };
        for (axis, tests) in self.axes.iter_mut().enumerate() {
            let open = |id: NodeId| trace.axis(axis, id) == Truth::Unknown;
            for id in reached(&program.axis, [node], open) {
                if let Some(op) = program.axis.ops.get(id.index()) {
                    note(op, positive, &program.axis.columns, tests);
                }
            }
        }
        if trace.unlisted(node).is_none_or(|truth| truth == Truth::False) {
            return;
        }
        self.unlisted = true;
        let open = |id: NodeId| trace.unlisted(id) == Some(Truth::Unknown);
        for id in reached(&program.axis, [node], open) {
            if let Some(op) = program.axis.ops.get(id.index()) {
                note(op, positive, &program.axis.columns, &mut self.further);
            }
        }
    }

    /// Whether more axes that meet one condition help and more that meet another one hurt: only
    /// then it matters that one axis that is not listed has one value of each reading.
    pub fn is_mixed(&self) -> bool {
        let counted = |wanted| self.conditions.iter().any(|(_, positive)| *positive == wanted);
        counted(true) && counted(false)
    }
}

impl Program {
    /// Where a row holds quantities on which some of these machine nodes may still depend.
    pub fn open_slots(&self, row: &Row, nodes: impl IntoIterator<Item = NodeId>) -> Vec<Slot> {
        let trace = self.trace_live(row);
        let mut found = Vec::new();
        let mut take = |slot: Slot| {
            if !found.contains(&slot) {
                found.push(slot);
            }
        };
        for id in reached(&self.machine, nodes, |id| trace.machine(id) == Truth::Unknown) {
            let Some(op) = self.machine.ops.get(id.index()) else { continue };
            if let Some(column) = op.column() {
                take(Slot { axis: None, column });
            }
            let Op::Axes { condition, .. } = op else { continue };
            let Some(node) = self.conditions.get(*condition) else { continue };
            for axis in 0..row.axes.len() {
                let open = |id| trace.axis(axis, id) == Truth::Unknown;
                let under = reached(&self.axis, [*node], open).into_iter();
                let ops = under.filter_map(|id| self.axis.ops.get(id.index()));
                let axis = Some(axis);
                ops.filter_map(Op::column).for_each(|column| take(Slot { axis, column }));
            }
        }
        found
    }
}

/// The open nodes that are reached from open nodes through open nodes, parts before wholes.
pub(super) fn reached(
    code: &Code,
    from: impl IntoIterator<Item = NodeId>,
    open: impl Fn(NodeId) -> bool,
) -> Vec<NodeId> {
    let mut found = BTreeSet::new();
    let mut waiting: Vec<NodeId> = from.into_iter().collect();
    while let Some(id) = waiting.pop() {
        if !open(id) || !found.insert(id) {
            continue;
        }
        if let Some(Op::And(parts) | Op::Or(parts)) = code.ops.get(id.index()) {
            waiting.extend(parts);
        }
    }
    found.into_iter().collect()
}

/// Takes up a test; a sloped limit asks about both readings behind it.
pub(super) fn note(op: &Op, positive: bool, columns: &[Column], part: &mut Part) {
    let Some(column) = op.column() else { return };
    part.entry(column).or_default().note(op, positive);
    let (Op::Truth { negated, .. }, Some(ColumnKey::Slope { parameter, by, comparator, slope })) =
        (op, columns.get(column).map(|c| &c.key))
    else {
        return;
    };
    let smaller_is_truer = matches!(comparator, Comparator::AtMost | Comparator::Below);
    let up = smaller_is_truer != (positive != *negated);
    for (parameter, by, up) in [(*parameter, *by, up), (slope.of, None, !up)] {
        let key = ColumnKey::Parameter(crate::evidence::Key { parameter, by });
        if let Some(at) = columns.iter().position(|column| column.key == key) {
            part.entry(at).or_default().turn(up);
        }
    }
}
