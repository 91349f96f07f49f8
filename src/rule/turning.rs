//! Which tests of a program a dial moves, found by turning it: the program is compiled with the
//! dial at two values, and what differs is what it moves.

use super::arena::NodeId;
use super::layout::{Column, ColumnKey};
use super::program::{Code, Op, Program};
use crate::quantity::{Cut, Value};

/// The tests that a dial moves, and where.
#[derive(Debug, Clone)]
pub struct Turning {
    /// Where the dial stands in the program.
    pub(super) at: Value,
    /// For each node of the machine, the cut of a test that is moved.
    pub(super) machine: Vec<Option<Cut>>,
    /// The same of an axis.
    pub(super) axis: Vec<Option<Cut>>,
}

impl Turning {
    /// A dial that moves nothing.
    pub fn none(program: &Program) -> Self {
        let none = |code: &Code| vec![None; code.ops.len()];
        Self { at: Value::ZERO, machine: none(&program.machine), axis: none(&program.axis) }
    }

    /// What a dial moves that stands at a value in one program and one count further in another.
    ///
    /// `None` where the programs differ in anything but cuts that moved with the dial: a count of
    /// axes, say, or tests that fall together at one of the values.
    pub fn between(program: &Program, further: &Program, at: Value) -> Option<Self> {
        if program.roots != further.roots || program.conditions != further.conditions {
            return None;
        }
        let machine = moved(&program.machine, &further.machine)?;
        let axis = moved(&program.axis, &further.axis)?;
        Some(Self { at, machine, axis })
    }
}

impl Program {
    /// A value of a dial beyond every limit of the program: where a dial stands there, no test that
    /// it moves falls together with one that it does not.
    pub fn beyond(&self) -> Value {
        let columns = self.machine.columns.iter().chain(&self.axis.columns);
        let cuts = columns.flat_map(Column::cuts);
        let counts = cuts.filter_map(|cut| cut.value_below()).map(|v| v.count().unsigned_abs());
        Value::saturating(i128::from(counts.max().unwrap_or(0)) * 4 + 4)
    }
}

/// The cuts that differ between two forms of the same code; `None` where anything else does.
fn moved(code: &Code, further: &Code) -> Option<Vec<Option<Cut>>> {
    let keys = |code: &Code| -> Vec<ColumnKey> {
        code.columns.iter().map(|column| column.key.clone()).collect()
    };
    if code.ops.len() != further.ops.len() || keys(code) != keys(further) {
        return None;
    }
    let one = Value::from_count(1)?;
    let cut = |code: &Code, column: usize, cell: u8| code.columns.get(column)?.cut_after(cell);
    let labels = |code: &Code, column: usize, set: u32| {
        code.columns.get(column).map(|column| column.labels_of(set))
    };
    let mut found = Vec::with_capacity(code.ops.len());
    for pair in code.ops.iter().zip(&further.ops) {
        found.push(match pair {
            (Op::UpTo { column, cell }, Op::UpTo { column: other, cell: next })
            | (Op::From { column, cell }, Op::From { column: other, cell: next })
                if column == other =>
            {
                let (own, next) = (cut(code, *column, *cell)?, cut(further, *other, *next)?);
                let shifted = own.shifted(one) == Some(next);
                if own == next { None } else { Some(own).filter(|_| shifted).map(Some)? }
            }
            (Op::OneIn { column, set }, Op::OneIn { column: other, set: next })
            | (Op::AnyOf { column, set }, Op::AnyOf { column: other, set: next })
            | (Op::Inside { column, set }, Op::Inside { column: other, set: next })
                if column == other
                    && labels(code, *column, *set) == labels(further, *other, *next) =>
            {
                None
            }
            (Op::Known(_) | Op::Truth { .. } | Op::And(_) | Op::Or(_) | Op::Axes { .. }, other)
                if pair.0 == other =>
            {
                None
            }
            _ => return None,
        });
    }
    Some(found)
}

/// The nodes that are reached from some nodes, parts before wholes.
pub(super) fn under(code: &Code, from: impl IntoIterator<Item = NodeId>) -> Vec<NodeId> {
    let mut found: Vec<NodeId> = Vec::new();
    let mut waiting: Vec<NodeId> = from.into_iter().collect();
    while let Some(id) = waiting.pop() {
        if found.contains(&id) {
            continue;
        }
        found.push(id);
        if let Some(Op::And(parts) | Op::Or(parts)) = code.ops.get(id.index()) {
            waiting.extend(parts);
        }
    }
    found.sort_unstable();
    found
}
