//! What is left of roots for one row: where its form shows that one root holds only where another
//! one does, no machine of the row has the one without the other.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::arena::{Count, NodeId};
use super::frontier::reached;
use super::outline::Trace;
use super::program::{Code, Op, Program, Root};
use crate::logic::Truth;

/// Numbers for what can be left, each structure once.
#[derive(Debug, Default)]
pub(super) struct Residuals {
    known: HashMap<Vec<u32>, u32, FixedState>,
    /// The structure of each number, from two on.
    structures: Vec<Vec<u32>>,
    implied: HashMap<(u32, u32), bool, FixedState>,
}

/// The number of what is left of a node that fails, and of one that holds.
const FALSE: u32 = 0;
const TRUE: u32 = 1;
/// Kinds of structures.
const TEST: u32 = 0;
const AND: u32 = 1;
const OR: u32 = 2;
const AT_LEAST: u32 = 3;
const AT_MOST: u32 = 4;

impl Residuals {
    /// Whether what is left shows that the one root holds only where the other one does.
    pub fn implies(&mut self, program: &Program, trace: &Trace, one: Root, other: Root) -> bool {
        let left = self.left(program, trace);
        let of = |root| program.node(root).and_then(|node| left.get(node.index()).copied());
        match (of(one), of(other)) {
            (Some(one), Some(other)) => self.is_implied(one, other),
            _ => false,
        }
    }

    /// Whether what is left of a root for one row holds only where what is left of it for another
    /// does: rows of the same axes, alike but for cells that are decided in both.
    pub fn follows(&mut self, program: &Program, one: &Trace, other: &Trace, root: Root) -> bool {
        let Some(node) = program.node(root) else { return false };
        let of = |left: &[u32]| left.get(node.index()).copied();
        match (of(&self.left(program, one)), of(&self.left(program, other))) {
            (Some(one), Some(other)) => self.is_implied(one, other),
            _ => false,
        }
    }

    /// What is left of every node of the machine. Axes stand in their order: what one of them may
    /// do is not what another one may.
    fn left(&mut self, program: &Program, trace: &Trace) -> Vec<u32> {
        let mut axes: Vec<Vec<u32>> = Vec::new();
        for axis in 0..trace.axes() {
            let truth = |id: NodeId| trace.axis(axis, id);
            let of_axis = self.of(&program.axis, 0x8000_0000, truth, |_, _| FALSE);
            axes.push(of_axis);
        }
        // Axes that are not listed are known by the condition that they may meet.
        let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let more = |(at, id): (usize, &NodeId)| match trace.unlisted(*id) {
            None | Some(Truth::False) => FALSE,
            Some(truth) => number(3 * at + 2 + truth as usize),
        };
        let unlisted: Vec<u32> = program.conditions.iter().enumerate().map(more).collect();
        let counted = |this: &mut Self, op: &Op| {
            let Op::Axes { count, condition } = op else { return FALSE };
            let Some(node) = program.conditions.get(*condition) else { return FALSE };
            let (kind, number) = match count {
                Count::AtLeast(number) => (AT_LEAST, *number),
                Count::AtMost(number) => (AT_MOST, *number),
            };
            let of_axes = axes.iter().filter_map(|of| of.get(node.index()).copied());
            let more = unlisted.get(*condition).copied().unwrap_or(FALSE);
            this.number([kind, u32::from(number), more].into_iter().chain(of_axes).collect())
        };
        let truth = |id: NodeId| trace.machine(id);
        self.of(&program.machine, 0, truth, counted)
    }

    /// Whether one structure holds only where another one does, as far as their form shows it.
    fn is_implied(&mut self, one: u32, other: u32) -> bool {
        if one == other || one == FALSE || other == TRUE {
            return true;
        }
        if one == TRUE || other == FALSE {
            return false;
        }
        if let Some(known) = self.implied.get(&(one, other)) {
            return *known;
        }
        let (a, b) = (self.structure(one), self.structure(other));
        let parts = |structure: &[u32]| structure.get(1..).unwrap_or_default().to_vec();
        let kind = |structure: &[u32]| structure.first().copied().unwrap_or(TEST);
        // Each way in which the one holds has to be a way in which the other does.
        let found = match (kind(&a), kind(&b)) {
            (OR, _) => parts(&a).into_iter().all(|part| self.is_implied(part, other)),
            (_, AND) => parts(&b).into_iter().all(|part| self.is_implied(one, part)),
            (AND, _) if parts(&a).into_iter().any(|part| self.is_implied(part, other)) => true,
            (_, OR) => parts(&b).into_iter().any(|part| self.is_implied(one, part)),
            (AT_LEAST, AT_LEAST) => self.is_counted(&a, &b),
            (AT_MOST, AT_MOST) => self.is_counted(&b, &a),
            _ => false,
        };
        self.implied.insert((one, other), found);
        found
    }

    /// Whether each axis, listed or not, that meets one condition meets another one too, and the
    /// number that is asked of the one is no smaller.
    fn is_counted(&mut self, one: &[u32], other: &[u32]) -> bool {
        let ([_, n, more, axes @ ..], [_, m, further, others @ ..]) = (one, other) else {
            return false;
        };
        n >= m
            && (more == further || *more == FALSE)
            && axes.len() == others.len()
            && axes.iter().zip(others).all(|(a, b)| self.is_implied(*a, *b))
    }

    fn structure(&self, number: u32) -> Vec<u32> {
        let at = usize::try_from(number).unwrap_or(usize::MAX).checked_sub(2);
        at.and_then(|at| self.structures.get(at)).cloned().unwrap_or_default()
    }

    /// What is left of every node of a part.
    fn of(
        &mut self,
        code: &Code,
        part: u32,
        truth: impl Fn(NodeId) -> Truth,
        counted: impl Fn(&mut Self, &Op) -> u32,
    ) -> Vec<u32> {
        let mut left: Vec<u32> = Vec::with_capacity(code.ops.len());
        for (at, op) in code.ops.iter().enumerate() {
            let number = u32::try_from(at).unwrap_or(u32::MAX);
            let own = match truth(NodeId(number)) {
                Truth::False => FALSE,
                Truth::True => TRUE,
                Truth::Unknown => match op {
                    Op::And(parts) => self.joined(AND, TRUE, parts, &left),
                    Op::Or(parts) => self.joined(OR, FALSE, parts, &left),
                    Op::Axes { .. } => counted(self, op),
                    _ => self.number(vec![TEST, part | number]),
                },
            };
            left.push(own);
        }
        left
    }

    fn joined(&mut self, kind: u32, neutral: u32, parts: &[NodeId], left: &[u32]) -> u32 {
        let of = |id: &NodeId| left.get(id.index()).copied().filter(|part| *part != neutral);
        let mut rest: Vec<u32> = parts.iter().filter_map(of).collect();
        rest.sort_unstable();
        rest.dedup();
        match rest.as_slice() {
            [] => neutral,
            [one] => *one,
            _ => self.number(std::iter::once(kind).chain(rest).collect()),
        }
    }

    fn number(&mut self, structure: Vec<u32>) -> u32 {
        if let Some(known) = self.known.get(&structure) {
            return *known;
        }
        let next = u32::try_from(self.known.len() + 2).unwrap_or(u32::MAX);
        self.structures.push(structure.clone());
        self.known.insert(structure, next);
        next
    }
}

impl Program {
    /// The open nodes on which two roots may still differ, the most telling first: tests that only
    /// one of them reaches, then the parts of what only one of them reaches, then the roots.
    pub(super) fn telling(&self, trace: &Trace, roots: [Root; 2]) -> Vec<NodeId> {
        let open = |id: NodeId| trace.machine(id) == Truth::Unknown;
        let nodes: Vec<NodeId> = roots.iter().filter_map(|root| self.node(*root)).collect();
        let reach = |node: &NodeId| reached(&self.machine, [*node], open);
        let [one, other] = nodes.as_slice() else { return nodes };
        let (a, b) = (reach(one), reach(other));
        let only = |a: &[NodeId], b: &[NodeId]| -> Vec<NodeId> {
            a.iter().filter(|id| !b.contains(id)).copied().collect()
        };
        let unshared: Vec<NodeId> = only(&a, &b).into_iter().chain(only(&b, &a)).collect();
        let parts = |id: &NodeId| match self.machine.ops.get(id.index()) {
            Some(Op::And(parts) | Op::Or(parts)) => Some(parts.clone()),
            _ => None,
        };
        let leaves = unshared.iter().filter(|id| parts(id).is_none()).copied();
        let below = unshared.iter().filter_map(parts).flatten();
        let below = below.filter(|id| open(*id) && parts(id).is_none());
        leaves.chain(below.collect::<Vec<_>>()).chain(nodes.iter().copied()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::parse_list;
    use crate::rule::Cell;
    use crate::rule::{Choices, compile};

    #[test]
    fn what_one_axis_may_do_is_not_what_another_may() {
        let list = |name: &str, travel: &str| {
            let axis = |own: &str| format!("{{ axis = {{ some = \"linear\", {own} }} }}");
            let some = [
                axis("travel = { at_least = \"1 m\" }"),
                axis("travel = { below = \"1 m\" }"),
                axis(&format!("travel = {{ {travel} = \"1 m\" }}, upr = {{ at_most = \"1 um\" }}")),
            ];
            let text = format!(
                "format = 1\nkind = \"proposal\"\nlist = \"{name}\"\nedition = \"a\"\n\
                 jurisdiction = \"X\"\ntitle = \"t\"\ncarrier = \"c\"\nroot = \"E\"\n\
                 source = \"s\"\n[clause.\"E\"]\ntext = \"t\"\nwhen = {{ all = [{}] }}\n",
                some.join(", ")
            );
            parse_list("x.toml", &text, &mut |_| Err(Vec::new())).expect("a list")
        };
        let lists = vec![list("x/1", "at_least"), list("x/2", "below")];
        let program = compile(lists, &Choices::default()).expect("compiles");
        // Two linear axes, the first short and the second long: the same test is left of each
        // list, but on another axis.
        let mut row = program.any_row(2);
        let cells = row.axes.iter_mut().enumerate();
        for (axis, cells) in cells {
            for (cell, column) in cells.iter_mut().zip(&program.axis.columns) {
                let crate::rule::ColumnKey::Parameter(key) = column.key else { continue };
                let at = u8::try_from(axis).expect("fits");
                match key.parameter.row().name {
                    "axis_kind" => *cell = Cell::OneOf(column.classes_of(0b010)),
                    "travel" => *cell = Cell::Range(at, at),
                    _ => {}
                }
            }
        }
        let trace = program.trace_live(&row);
        let roots: Vec<Root> = program.entries().iter().map(|entry| entry.verdict).collect();
        let mut residuals = Residuals::default();
        assert!(residuals.implies(&program, &trace, roots[0], roots[0]));
        assert!(!residuals.implies(&program, &trace, roots[0], roots[1]));
        assert!(!residuals.implies(&program, &trace, roots[1], roots[0]));
    }
}
