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
        let mut axes: Vec<Vec<u32>> = Vec::new();
        for axis in 0..trace.axes() {
            let truth = |id: NodeId| trace.axis(axis, id);
            let of_axis = self.of(&program.axis, 0x8000_0000, truth, |_, _| FALSE);
            axes.push(of_axis);
        }
        let unlisted: Vec<u32> = program
            .conditions
            .iter()
            .map(|id| trace.unlisted(*id).map_or(FALSE, |truth| 2 + truth as u32))
            .collect();
        let counted = |this: &mut Self, op: &Op| {
            let Op::Axes { count, condition } = op else { return FALSE };
            let Some(node) = program.conditions.get(*condition) else { return FALSE };
            let (kind, number) = match count {
                Count::AtLeast(number) => (AT_LEAST, *number),
                Count::AtMost(number) => (AT_MOST, *number),
            };
            let of_axes = axes.iter().filter_map(|of| of.get(node.index()).copied());
            let mut parts: Vec<u32> = of_axes.collect();
            parts.sort_unstable();
            let more = unlisted.get(*condition).copied().unwrap_or(FALSE);
            this.number([kind, u32::from(number), more].into_iter().chain(parts).collect())
        };
        let truth = |id: NodeId| trace.machine(id);
        let left = self.of(&program.machine, 0, truth, counted);
        let of = |root| program.node(root).and_then(|node| left.get(node.index()).copied());
        match (of(one), of(other)) {
            (Some(one), Some(other)) => self.is_implied(one, other),
            _ => false,
        }
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
            _ => false,
        };
        self.implied.insert((one, other), found);
        found
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
