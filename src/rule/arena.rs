//! Conditions as nodes of a graph, each distinct condition once.

use std::collections::HashMap;

use crate::quantity::Cut;

use super::layout::ColumnKey;

/// A node of an arena; its parts have smaller numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub(super) u32);

impl NodeId {
    /// The node's place in its arena.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Whether a node belongs to the machine or to an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// Evaluated once a machine.
    Machine,
    /// Evaluated once an axis.
    Axis,
}

/// How many axes have to meet a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Count {
    /// At least so many: more axes that meet it never hurt.
    AtLeast(u8),
    /// At most so many: fewer axes that meet it never hurt.
    AtMost(u8),
}

/// A condition. Negation is pushed to the tests, so there is none.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Node {
    /// Always or never.
    Known(bool),
    /// The value lies below the cut.
    UpTo { column: u16, cut: Cut },
    /// The value lies above the cut.
    From { column: u16, cut: Cut },
    /// The one label lies in the set.
    OneIn { column: u16, set: u64 },
    /// Some flag of the set is set.
    AnyOf { column: u16, set: u64 },
    /// No flag outside the set is set.
    Inside { column: u16, set: u64 },
    /// A truth that is worked out when a row is made, or its negation.
    Truth { column: u16, negated: bool },
    /// Every part holds.
    And(Vec<NodeId>),
    /// Some part holds.
    Or(Vec<NodeId>),
    /// So many axes meet a condition of the axis arena.
    Axes { count: Count, condition: NodeId },
}

/// The nodes and columns of one part of a program.
#[derive(Debug, Default)]
pub(super) struct Arena {
    pub nodes: Vec<Node>,
    pub columns: Vec<ColumnKey>,
    known: HashMap<Node, NodeId>,
}

impl Arena {
    /// The column of a key, added if it is new.
    pub fn column(&mut self, key: ColumnKey) -> u16 {
        let at = self.columns.iter().position(|known| *known == key).unwrap_or_else(|| {
            self.columns.push(key);
            self.columns.len() - 1
        });
        u16::try_from(at).unwrap_or(u16::MAX)
    }

    /// The node of a condition, added if it is new.
    pub fn add(&mut self, node: Node) -> NodeId {
        if let Some(id) = self.known.get(&node) {
            return *id;
        }
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(node.clone());
        self.known.insert(node, id);
        id
    }

    /// The conjunction (or disjunction) of parts, simplified.
    ///
    /// Tests of one label column merge into one, so that conditions on one reading that belong
    /// together are decided together.
    pub fn join(&mut self, parts: Vec<NodeId>, all: bool) -> NodeId {
        let (neutral, absorbing) = (Node::Known(all), Node::Known(!all));
        let mut kept: Vec<NodeId> = Vec::new();
        let mut labels: Vec<(u16, u64)> = Vec::new();
        for id in parts {
            match self.nodes.get(id.index()) {
                Some(node) if *node == neutral => {}
                Some(node) if *node == absorbing => return self.add(absorbing),
                Some(Node::OneIn { column, set }) => {
                    match labels.iter_mut().find(|(known, _)| known == column) {
                        Some((_, joined)) if all => *joined &= set,
                        Some((_, joined)) => *joined |= set,
                        None => labels.push((*column, *set)),
                    }
                }
                _ => kept.push(id),
            }
        }
        for (column, set) in labels {
            kept.push(self.add(Node::OneIn { column, set }));
        }
        kept.sort_unstable();
        kept.dedup();
        match kept.as_slice() {
            [] => self.add(neutral),
            [one] => *one,
            _ if all => self.add(Node::And(kept)),
            _ => self.add(Node::Or(kept)),
        }
    }
}
