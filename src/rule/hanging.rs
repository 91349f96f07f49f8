//! What an open root still hangs on, for a whole block at once: for each row the counted conditions
//! that are reached from it through open nodes, and whether tests of the machine matter.

use super::arena::NodeId;
use super::forms::Fields;
use super::program::{Op, Program};
use super::run::{self, Planes};
use crate::logic::Truth;

/// The nodes under a root as they are reached from it, and planes that are used again.
#[derive(Debug, Clone, Default)]
pub(super) struct Hanging {
    nodes: Vec<Node>,
    /// For each column of the machine that tests ask about: the places of those tests.
    columns: Vec<(usize, Vec<usize>)>,
    reached: Vec<u8>,
    once: Vec<u8>,
    /// For each row the bits of the conditions that are reached.
    pub conditions: Vec<u64>,
    /// For each row whether an uncertain reading of the machine is reached, or two tests of one
    /// column are.
    pub machine: Vec<u8>,
}

#[derive(Debug, Clone)]
struct Node {
    id: NodeId,
    /// The places of its parts.
    parts: Vec<usize>,
    /// The bits of the condition that it counts.
    bits: u64,
}

impl Hanging {
    /// Of the nodes under a root, parts before wholes, the root last.
    pub fn new(program: &Program, live: &[NodeId], fields: &Fields) -> Self {
        let mut hanging = Self::default();
        for (at, id) in live.iter().enumerate() {
            let mut node = Node { id: *id, parts: Vec::new(), bits: 0 };
            match program.machine.ops.get(id.index()) {
                Some(Op::And(parts) | Op::Or(parts)) => {
                    let place = |part: &NodeId| live.binary_search(part).ok();
                    node.parts = parts.iter().filter_map(place).collect();
                }
                Some(Op::Axes { condition, .. }) => node.bits = fields.mask(*condition),
                Some(op) => {
                    if let Some(column) = op.column() {
                        match hanging.columns.iter_mut().find(|(known, _)| *known == column) {
                            Some((_, tests)) => tests.push(at),
                            None => hanging.columns.push((column, vec![at])),
                        }
                    }
                }
                None => {}
            }
            hanging.nodes.push(node);
        }
        hanging
    }

    /// Finds what is reached through open nodes in every row.
    pub fn find(&mut self, planes: &Planes, uncertain: &[usize]) {
        let rows = planes.rows;
        let open = |truth: &u8| u8::from(*truth == Truth::Unknown as u8);
        self.reached.clear();
        self.reached.resize(self.nodes.len() * rows, 0);
        self.conditions.clear();
        self.conditions.resize(rows, 0);
        self.machine.clear();
        self.machine.resize(rows, 0);
        if let Some(root) = self.nodes.last() {
            let from = self.reached.len() - rows;
            let own = self.reached.get_mut(from..).unwrap_or_default();
            for (own, truth) in own.iter_mut().zip(run::plane(&planes.machine, root.id, rows)) {
                *own = open(truth);
            }
        }
        for (at, node) in self.nodes.iter().enumerate().rev() {
            let (parts, rest) = self.reached.split_at_mut(at * rows);
            let own = rest.get(..rows).unwrap_or_default();
            for part in &node.parts {
                let Some(id) = self.nodes.get(*part).map(|part| part.id) else { continue };
                let truths = run::plane(&planes.machine, id, rows);
                let part = parts.get_mut(part * rows..(part + 1) * rows).unwrap_or_default();
                for ((part, own), truth) in part.iter_mut().zip(own).zip(truths) {
                    *part |= own & open(truth);
                }
            }
            if node.bits != 0 {
                for (bits, own) in self.conditions.iter_mut().zip(own) {
                    *bits |= node.bits * u64::from(*own);
                }
            }
        }
        for (column, tests) in &self.columns {
            let uncertain = uncertain.contains(column);
            if !uncertain && tests.len() == 1 {
                continue;
            }
            self.once.clear();
            self.once.resize(rows, u8::from(uncertain));
            for test in tests {
                let reached = self.reached.get(test * rows..(test + 1) * rows).unwrap_or_default();
                for ((all, once), own) in self.machine.iter_mut().zip(&mut self.once).zip(reached) {
                    *all |= *once & own;
                    *once |= own;
                }
            }
        }
    }
}
