//! What rows of a sweep hang on: the tests that ask about open readings in both directions, found
//! once for all rows whose root reaches the same nodes through open ones.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::apart::Settled;
use super::arena::NodeId;
use super::candidates::Candidates;
use super::critical::Dialled;
use super::frontier::{Part, Tests, note, reached};
use super::levels::Buffers;
use super::program::Op;
use super::run::{self, Planes};
use super::turning::under;
use crate::logic::Truth;

/// What rows hang on, by the nodes that are open in them; to be kept from chunk to chunk.
#[derive(Debug, Clone, Default)]
pub struct Hangs {
    known: HashMap<Box<[u64]>, Arc<Hung>, FixedState>,
    /// For each row that may hang, in order, which of the machine's nodes are open.
    keys: Vec<u64>,
    pub(super) candidates: Candidates,
    pub(super) planes: Planes,
    pub(super) exact: Buffers<i64>,
    pub(super) places: Buffers<u16>,
    pub(super) short: Buffers<u8>,
}

impl Hangs {
    /// Takes back the memory of planes that are done with.
    pub(super) fn give_back(&mut self, settled: Settled) -> Vec<usize> {
        self.planes = settled.planes;
        settled.beyond
    }

    /// Notes which nodes are open in some rows, node by node: a row's own lie far apart.
    pub(super) fn note(&mut self, nodes: &[NodeId], planes: &Planes, rows: &[usize]) {
        let words = nodes.len().div_ceil(64);
        self.keys.clear();
        self.keys.resize(words * rows.len(), 0);
        for (word, nodes) in nodes.chunks(64).enumerate() {
            for id in nodes {
                let truths = run::plane(&planes.machine, *id, planes.rows);
                let keys = self.keys.iter_mut().skip(word).step_by(words.max(1));
                for (key, row) in keys.zip(rows) {
                    let open = truths.get(*row) == Some(&(Truth::Unknown as u8));
                    *key = *key << 1 | u64::from(open);
                }
            }
        }
    }
}

/// What the machine's open nodes hang on.
#[derive(Debug)]
pub(super) struct Hung {
    /// The columns of the machine about which open tests ask in both directions, and the tests.
    pub machine: Vec<(usize, Tests)>,
    /// The columns of axes that counted conditions may ask about in both directions.
    pub axis: Vec<usize>,
}

/// More sets of open nodes than this are not remembered.
const HANGS_MAX: usize = 1 << 14;

impl Dialled<'_> {
    /// What a row hangs on, remembered by the machine's nodes that are open.
    pub(super) fn hung(&self, hangs: &mut Hangs, asked: &[usize], at: usize) -> Arc<Hung> {
        let words = self.nodes.len().div_ceil(64);
        let place = asked.partition_point(|row| *row < at);
        let key = hangs.keys.get(place * words..(place + 1) * words).unwrap_or_default();
        if let Some(hung) = hangs.known.get(key) {
            return Arc::clone(hung);
        }
        let key: Box<[u64]> = key.into();
        let hung = self.reached(hangs, &key);
        if hangs.known.len() < HANGS_MAX {
            hangs.known.insert(key, Arc::clone(&hung));
        }
        hung
    }

    /// What a row hangs on, by its open nodes: it is the same wherever the root reaches the same
    /// nodes through open ones.
    fn reached(&self, hangs: &mut Hangs, key: &[u64]) -> Arc<Hung> {
        let place = |id: NodeId| {
            let at = self.nodes.binary_search(&id).ok()?;
            // The first node of a word is its highest bit of as many as it has.
            let last = (self.nodes.len() - at / 64 * 64).min(64) - 1;
            Some((at / 64, last - at % 64))
        };
        let open = |id: NodeId| {
            place(id).is_some_and(|(word, bit)| key.get(word).is_some_and(|w| w >> bit & 1 == 1))
        };
        let live = reached(&self.program.machine, [self.node], open);
        let mut own: Box<[u64]> = vec![0; key.len()].into();
        for (word, bit) in live.iter().filter_map(|id| place(*id)) {
            if let Some(word) = own.get_mut(word) {
                *word |= 1 << bit;
            }
        }
        if let Some(hung) = hangs.known.get(&own) {
            return Arc::clone(hung);
        }
        let hung = Arc::new(self.hung_on(&live));
        if hangs.known.len() < HANGS_MAX {
            hangs.known.insert(own, Arc::clone(&hung));
        }
        hung
    }

    /// What open nodes of the machine hang on.
    fn hung_on(&self, live: &[NodeId]) -> Hung {
        let (mut tests, mut conditions) = (Part::new(), Vec::new());
        for op in live.iter().filter_map(|id| self.program.machine.ops.get(id.index())) {
            if let Op::Axes { condition, .. } = op {
                conditions.extend(self.program.conditions.get(*condition).copied());
            } else {
                note(op, true, &self.program.machine.columns, &mut tests);
            }
        }
        let asked = under(&self.program.axis, conditions);
        let columns = |id: &NodeId| self.program.axis.ops.get(id.index()).and_then(Op::column);
        let both = self.program.reaches.get(self.root.index()).map(|reach| &reach.axis.watched);
        let both = both.into_iter().flatten().map(|watched| watched.column);
        let axis = both.filter(|column| asked.iter().filter_map(columns).any(|c| c == *column));
        let machine = tests.into_iter().filter(|(_, tests)| tests.is_two_way());
        Hung { axis: axis.collect(), machine: machine.collect() }
    }
}
