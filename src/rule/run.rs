//! Runs a program over a block: one plane of truths for each node, axes counted slot by slot.

use crate::logic::{self, Truth, widely};

use super::arena::{Count, NodeId};
use super::block::Block;
use super::cells::Cells;
use super::outline::Trace;
use super::program::{Code, Op, Program};

/// For each counted condition and each row: how many axes certainly and possibly meet it.
#[derive(Debug, Clone, Default)]
pub(super) struct Counts {
    pub certain: Vec<Vec<u8>>,
    pub possible: Vec<Vec<u8>>,
}

/// As many axes as anybody may ask for.
pub(super) const MANY: u8 = 100;

/// Every plane of a block: node *n*'s plane is the *n*-th run of `rows` bytes.
#[derive(Debug, Clone, Default)]
pub(super) struct Planes {
    pub rows: usize,
    /// Of the machine's nodes; of the live ones only, where it is said which are. Planes of nodes
    /// that are not live are unknown.
    pub machine: Vec<u8>,
    /// Of an axis's nodes, for each slot of axes.
    pub slots: Vec<Vec<u8>>,
    /// Of an axis's nodes for axes that are not listed.
    pub further: Vec<u8>,
    /// Memory for counts.
    pub counts: Counts,
}

/// Runs a program over a block.
pub(super) fn all_planes(program: &Program, block: &Block, live: Option<&[bool]>) -> Planes {
    let mut planes = Planes::default();
    fill_planes(program, block, live, &mut planes);
    planes
}

/// The same in memory that held other planes.
pub(super) fn fill_planes(
    program: &Program,
    block: &Block,
    live: Option<&[bool]>,
    planes: &mut Planes,
) {
    let rows = block.rows;
    let none = Counts::default();
    planes.rows = rows;
    planes.slots.resize_with(block.slots.len(), Vec::new);
    let slots = block.slots.iter().zip(&mut planes.slots);
    for (slot, out) in slots.chain([(&block.further, &mut planes.further)]) {
        planes_into(out, &program.axis, slot, rows, &none, None);
    }
    let mut counts = std::mem::take(&mut planes.counts);
    count(program, planes, &mut counts);
    planes_into(&mut planes.machine, &program.machine, &block.machine, rows, &counts, live);
    planes.counts = counts;
}

/// The planes of live nodes where the axes were counted before; what is not live has the truth
/// that the trace shows.
pub(super) fn live_planes(
    program: &Program,
    block: &Block,
    counts: &Counts,
    live: &[NodeId],
    trace: &Trace,
) -> Vec<u8> {
    let rows = block.rows;
    let mut planes = Vec::with_capacity(program.machine.ops.len() * rows);
    for truth in trace.machine_bytes() {
        planes.resize(planes.len() + rows, *truth);
    }
    for id in live {
        if let Some(op) = program.machine.ops.get(id.index()) {
            run(op, id.index(), &mut planes, rows, &block.machine, counts);
        }
    }
    planes
}

/// The planes of an axis's nodes over the rows of one slot.
pub(super) fn axis_planes(program: &Program, slot: &[Cells], rows: usize) -> Vec<u8> {
    let none = Counts::default();
    let mut planes = Vec::new();
    planes_into(&mut planes, &program.axis, slot, rows, &none, None);
    planes
}

/// Counts the axes of every row that meet each counted condition.
pub(super) fn count(program: &Program, planes: &Planes, counts: &mut Counts) {
    let rows = planes.rows;
    for part in [&mut counts.certain, &mut counts.possible] {
        part.resize_with(program.conditions.len(), Vec::new);
        part.iter_mut().for_each(|counts| {
            counts.clear();
            counts.resize(rows, 0);
        });
    }
    widely(
        #[inline(always)]
        || {
            for planes in &planes.slots {
                let each = counts.certain.iter_mut().zip(&mut counts.possible);
                for ((certain, possible), condition) in each.zip(&program.conditions) {
                    let plane = plane(planes, *condition, rows);
                    for ((c, p), truth) in certain.iter_mut().zip(possible).zip(plane) {
                        *c += truth >> 1;
                        *p += u8::from(*truth != 0);
                    }
                }
            }
            for (possible, condition) in counts.possible.iter_mut().zip(&program.conditions) {
                for (p, truth) in possible.iter_mut().zip(plane(&planes.further, *condition, rows))
                {
                    *p = p.saturating_add(MANY * u8::from(*truth != Truth::False as u8));
                }
            }
        },
    );
}

/// A node's plane among the planes of its part.
pub(super) fn plane(planes: &[u8], node: NodeId, rows: usize) -> &[u8] {
    planes.get(node.index() * rows..(node.index() + 1) * rows).unwrap_or_default()
}

/// The planes of the nodes of one part; of the live ones only, where it is said which are, and
/// unknown elsewhere.
pub(super) fn planes_into(
    planes: &mut Vec<u8>,
    code: &Code,
    columns: &[Cells],
    rows: usize,
    counts: &Counts,
    live: Option<&[bool]>,
) {
    const UNKNOWN: &Op = &Op::Known(Truth::Unknown);
    planes.resize(code.ops.len() * rows, Truth::Unknown as u8);
    for (at, op) in code.ops.iter().enumerate() {
        let is_live = live.is_none_or(|live| live.get(at).copied().unwrap_or_default());
        run(if is_live { op } else { UNKNOWN }, at, planes, rows, columns, counts);
    }
}

/// Runs one operation: its plane is made from the columns, the counts or the planes before it.
fn run(op: &Op, at: usize, planes: &mut [u8], rows: usize, columns: &[Cells], counts: &Counts) {
    let (before, rest) = planes.split_at_mut(at * rows);
    let out = rest.get_mut(..rows).unwrap_or_default();
    let of = |part: &NodeId| plane(before, *part, rows);
    match op {
        Op::And(parts) => match parts.as_slice() {
            [] => out.fill(Truth::True as u8),
            [only] => out.iter_mut().zip(of(only)).for_each(|(out, truth)| *out = *truth),
            [one, other, rest @ ..] => {
                logic::and_of(out, of(one), of(other));
                rest.iter().for_each(|part| logic::and_into(out, of(part)));
            }
        },
        Op::Or(parts) => match parts.as_slice() {
            [] => out.fill(Truth::False as u8),
            [only] => out.iter_mut().zip(of(only)).for_each(|(out, truth)| *out = *truth),
            [one, other, rest @ ..] => {
                logic::or_of(out, of(one), of(other));
                rest.iter().for_each(|part| logic::or_into(out, of(part)));
            }
        },
        Op::Axes { count, condition } => axes(out, *count, *condition, counts),
        Op::Known(truth) => out.fill(*truth as u8),
        test => tested(out, test, columns),
    }
}

fn tested(out: &mut [u8], test: &Op, columns: &[Cells]) {
    let cells = test.column().and_then(|at| columns.get(at));
    match (test, cells) {
        (Op::UpTo { cell, .. }, Some(Cells::Range { low, high })) => {
            logic::up_to(out, low, high, *cell);
        }
        (Op::From { cell, .. }, Some(Cells::Range { low, high })) => {
            logic::from(out, low, high, *cell);
        }
        (Op::OneIn { set, .. }, Some(Cells::OneOf(possible))) => {
            logic::one_in(out, possible, *set);
        }
        (Op::AnyOf { set, .. }, Some(Cells::Flags { certain, possible })) => {
            logic::any_of(out, certain, possible, *set);
        }
        (Op::Inside { set, .. }, Some(Cells::Flags { certain, possible })) => {
            logic::none_outside(out, certain, possible, *set);
        }
        (Op::Truth { negated, .. }, Some(Cells::Truth(truths))) => {
            let flip = if *negated { 2 } else { 0 };
            widely(
                #[inline(always)]
                || out.iter_mut().zip(truths).for_each(|(o, truth)| *o = truth.abs_diff(flip)),
            );
        }
        _ => out.fill(Truth::Unknown as u8),
    }
}

fn axes(out: &mut [u8], count: Count, condition: usize, counts: &Counts) {
    let (Some(certain), Some(possible)) =
        (counts.certain.get(condition), counts.possible.get(condition))
    else {
        return out.fill(Truth::Unknown as u8);
    };
    widely(
        #[inline(always)]
        || {
            for ((o, c), p) in out.iter_mut().zip(certain).zip(possible) {
                *o = match count {
                    Count::AtLeast(n) => u8::from(*c >= n) + u8::from(*p >= n),
                    Count::AtMost(n) => u8::from(*p <= n) + u8::from(*c <= n),
                };
            }
        },
    );
}
