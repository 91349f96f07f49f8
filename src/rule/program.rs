//! A compiled program: operations over columns, roots, and what refining each root takes.

use crate::error::{Error, Result};
use crate::evidence::{Frame, Key, Picture};
use crate::list::Slope;
use crate::logic::Truth;
use crate::quantity::Value;

use super::arena::{Arena, Count, Node, NodeId};
use super::block::Row;
use super::cells::Cell;
use super::compile::{Choices, Entry};
use super::layout::{CELLS_MAX, CLASSES_MAX, Column, ColumnKey};
use super::reach::Reach;

/// A truth that a program is run for: an entry's verdict, a status, a reason, a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Root(pub(super) usize);

impl Root {
    /// The root's place among the program's roots.
    pub fn index(self) -> usize {
        self.0
    }
}

/// An operation: a node whose cuts and labels have become cells and classes.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Op {
    Known(Truth),
    UpTo { column: usize, cell: u8 },
    From { column: usize, cell: u8 },
    OneIn { column: usize, set: u32 },
    AnyOf { column: usize, set: u32 },
    Inside { column: usize, set: u32 },
    Truth { column: usize, negated: bool },
    And(Vec<NodeId>),
    Or(Vec<NodeId>),
    Axes { count: Count, condition: usize },
}

impl Op {
    /// The column that a test looks at.
    pub(super) fn column(&self) -> Option<usize> {
        match self {
            Self::UpTo { column, .. }
            | Self::From { column, .. }
            | Self::OneIn { column, .. }
            | Self::AnyOf { column, .. }
            | Self::Inside { column, .. }
            | Self::Truth { column, .. } => Some(*column),
            Self::Known(_) | Self::And(_) | Self::Or(_) | Self::Axes { .. } => None,
        }
    }
}

/// The operations and columns of the machine or of each axis.
#[derive(Debug)]
pub(super) struct Code {
    pub ops: Vec<Op>,
    pub columns: Vec<Column>,
}

/// Lists compiled for evaluation.
#[derive(Debug)]
pub struct Program {
    pub(super) machine: Code,
    pub(super) axis: Code,
    pub(super) machine_places: Vec<Option<usize>>,
    pub(super) axis_places: Vec<Option<usize>>,
    pub(super) frame: Frame,
    /// Machine nodes that roots and clauses rest on; the others serve explanations only.
    pub(super) live: Vec<bool>,
    /// The axis nodes that are counted over axes.
    pub(super) conditions: Vec<NodeId>,
    pub(super) roots: Vec<NodeId>,
    /// For each root, what decides whether Kleene's logic is exact for a row.
    pub(super) reaches: Vec<Reach>,
    /// The row of a machine of which nothing is known, with one axis of which nothing is known.
    pub(super) unknown: Row,
    pub(super) absent_axis: Vec<Cell>,
    entries: Vec<Entry>,
    jurisdictions: Vec<(String, Root)>,
    choices: Choices,
}

impl Program {
    pub(super) fn new(
        machine: Arena,
        axis: Arena,
        roots: Vec<NodeId>,
        entries: Vec<Entry>,
        jurisdictions: Vec<(String, Root)>,
        choices: Choices,
    ) -> Result<Self> {
        let mut conditions: Vec<NodeId> = Vec::new();
        for node in &machine.nodes {
            if let Node::Axes { condition, .. } = node
                && !conditions.contains(condition)
            {
                conditions.push(*condition);
            }
        }
        let (machine, axis) = (code(machine, &conditions)?, code(axis, &[])?);
        let keys = |code: &Code| -> Vec<Key> {
            code.columns
                .iter()
                .filter_map(|column| match &column.key {
                    ColumnKey::Parameter(key) => Some(*key),
                    _ => None,
                })
                .collect()
        };
        // What assumptions and derivations look at is asked for even where no test does.
        let context = ["process", "machine_kind"].map(crate::machine::id_of);
        let context = context.map(|parameter| Key { parameter, by: None });
        let frame = Frame::new(keys(&machine).into_iter().chain(keys(&axis)).chain(context));
        let places = |code: &Code| -> Vec<Option<usize>> {
            let place = |column: &Column| match &column.key {
                ColumnKey::Parameter(key) => frame.place_of(*key),
                _ => None,
            };
            code.columns.iter().map(place).collect()
        };
        let (machine_places, axis_places) = (places(&machine), places(&axis));
        let mut program = Self {
            live: Vec::new(),
            unknown: Row::default(),
            absent_axis: Vec::new(),
            machine,
            axis,
            machine_places,
            axis_places,
            frame,
            conditions,
            roots,
            reaches: Vec::new(),
            entries,
            jurisdictions,
            choices,
        };
        program.finish();
        Ok(program)
    }

    fn finish(&mut self) {
        self.unknown = Row::of(self, &Picture::unknown(&self.frame));
        self.absent_axis = self.unknown.axes.first().cloned().unwrap_or_default();
        let kind = Key { parameter: crate::machine::id_of("axis_kind"), by: None };
        let column = self.axis.columns.iter().position(|c| c.key == ColumnKey::Parameter(kind));
        if let Some((at, column)) = column.and_then(|at| Some((at, self.axis.columns.get(at)?))) {
            let absent = column.classes_of(0b001);
            if let Some(cell) = self.absent_axis.get_mut(at) {
                *cell = Cell::OneOf(absent);
            }
        }
        // It meets no condition whatever its cells are, so that none of them need be open.
        self.absent_axis.iter_mut().for_each(|cell| *cell = cell.closed());
        let clauses = self.entries.iter().flat_map(|entry| &entry.clauses);
        let kept: Vec<NodeId> = self.roots.iter().chain(clauses).copied().collect();
        self.live = reachable(&self.machine.ops, &kept);
        self.reaches = (0..self.roots.len()).map(|at| Reach::of(self, Root(at))).collect();
    }

    /// An axis of which nothing is known but that it bears one of these letters, if it is there.
    pub(super) fn unlisted_axis(&self, letters: u64) -> Vec<Cell> {
        let mut cells = self.unknown.axes.first().cloned().unwrap_or_default();
        let letter = Key { parameter: crate::machine::id_of("axis_letter"), by: None };
        let column = self.axis.columns.iter().position(|c| c.key == ColumnKey::Parameter(letter));
        if let Some((at, column)) = column.and_then(|at| Some((at, self.axis.columns.get(at)?)))
            && let Some(cell) = cells.get_mut(at)
        {
            *cell = Cell::OneOf(column.classes_of(letters));
        }
        cells
    }

    /// The lists, in the order in which they were compiled.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Each jurisdiction with the root of its control status: whether any of its entries holds.
    pub fn jurisdictions(&self) -> &[(String, Root)] {
        &self.jurisdictions
    }

    /// The choices that the program was compiled with.
    pub fn choices(&self) -> &Choices {
        &self.choices
    }

    /// The parameters that the program asks for.
    pub fn frame(&self) -> &Frame {
        &self.frame
    }

    /// The node of a root.
    pub fn node(&self, root: Root) -> Option<NodeId> {
        self.roots.get(root.0).copied()
    }

    /// The root at a place.
    pub fn root(&self, at: usize) -> Root {
        Root(at)
    }

    /// How many roots there are.
    pub fn roots(&self) -> usize {
        self.roots.len()
    }

    /// The columns of the machine or of each axis.
    pub fn columns(&self, part: super::Part) -> &[Column] {
        match part {
            super::Part::Machine => &self.machine.columns,
            super::Part::Axis => &self.axis.columns,
        }
    }

    /// The limits on a key, of the machine or of an axis: the largest value before each cut.
    pub fn limits(&self, key: Key, of_axis: bool) -> Vec<Value> {
        let columns = if of_axis { &self.axis.columns } else { &self.machine.columns };
        let column = columns.iter().find(|column| column.key == ColumnKey::Parameter(key));
        let cuts = column.map(Column::cuts).unwrap_or_default();
        cuts.iter().filter_map(|cut| cut.value_below()).collect()
    }

    /// The limits that are linear in another reading, of the machine or of an axis, each with what
    /// it is a limit on.
    pub fn slopes(&self, of_axis: bool) -> Vec<(Key, &Slope)> {
        let columns = if of_axis { &self.axis.columns } else { &self.machine.columns };
        let slope = |column| match column {
            &ColumnKey::Slope { parameter, by, ref slope, .. } => {
                Some((Key { parameter, by }, slope))
            }
            _ => None,
        };
        columns.iter().filter_map(|column| slope(&column.key)).collect()
    }

    /// Whether some limit is linear in another reading.
    pub fn has_slopes(&self) -> bool {
        let slope = |column: &Column| matches!(column.key, ColumnKey::Slope { .. });
        self.machine.columns.iter().chain(&self.axis.columns).any(slope)
    }
}

/// The machine nodes that `kept` rest on.
fn reachable(ops: &[Op], kept: &[NodeId]) -> Vec<bool> {
    let mut live = vec![false; ops.len()];
    for id in kept {
        if let Some(slot) = live.get_mut(id.index()) {
            *slot = true;
        }
    }
    for (at, op) in ops.iter().enumerate().rev() {
        if !live.get(at).copied().unwrap_or_default() {
            continue;
        }
        if let Op::And(parts) | Op::Or(parts) = op {
            for part in parts {
                if let Some(slot) = live.get_mut(part.index()) {
                    *slot = true;
                }
            }
        }
    }
    live
}

fn code(arena: Arena, conditions: &[NodeId]) -> Result<Code> {
    let nodes = arena.nodes;
    let mut columns = Vec::with_capacity(arena.columns.len());
    for (at, key) in arena.columns.into_iter().enumerate() {
        let number = u16::try_from(at).unwrap_or(u16::MAX);
        let column = Column::of(key.clone(), number, &nodes).ok_or_else(|| {
            let message = match &key {
                ColumnKey::Parameter(key) => format!("too many limits on `{}`", key.text()),
                _ => "too many limits".to_owned(),
            };
            let help = format!(
                "at most {CELLS_MAX} limits or {CLASSES_MAX} kinds of labels can be told apart; \
                 evaluate the lists in several runs"
            );
            Error::usage(message).help(help)
        })?;
        columns.push(column);
    }
    let ops = nodes.into_iter().map(|node| op(node, &columns, conditions)).collect();
    Ok(Code { ops, columns })
}

fn op(node: Node, columns: &[Column], conditions: &[NodeId]) -> Op {
    let of = |column: u16| columns.get(usize::from(column));
    let cell = |column, cut| of(column).map_or(0, |c| c.cell_of(cut));
    let classes = |column, set| of(column).map_or(0, |c| c.classes_of(set));
    match node {
        Node::Known(holds) => Op::Known(Truth::of(holds)),
        Node::UpTo { column, cut } => {
            Op::UpTo { column: usize::from(column), cell: cell(column, cut) }
        }
        Node::From { column, cut } => {
            Op::From { column: usize::from(column), cell: cell(column, cut) }
        }
        Node::OneIn { column, set } => {
            Op::OneIn { column: usize::from(column), set: classes(column, set) }
        }
        Node::AnyOf { column, set } => {
            Op::AnyOf { column: usize::from(column), set: classes(column, set) }
        }
        Node::Inside { column, set } => {
            Op::Inside { column: usize::from(column), set: classes(column, set) }
        }
        Node::Truth { column, negated } => Op::Truth { column: usize::from(column), negated },
        Node::And(parts) => Op::And(parts),
        Node::Or(parts) => Op::Or(parts),
        Node::Axes { count, condition } => {
            let condition = conditions.iter().position(|known| *known == condition);
            Op::Axes { count, condition: condition.unwrap_or(usize::MAX) }
        }
    }
}
