//! Whether Kleene's logic is exact for a row, and all that refining the row would look at.
//!
//! Most open rows hang on tests that ask about each reading in one direction only: nothing is to
//! be refined. Of the others many look the same from their root: through open nodes they reach the
//! same tests, with the same cells behind those that ask in both directions.

use super::arena::NodeId;
use super::block::Block;
use super::candidates::{Candidates, Marks};
use super::cells::{Cell, Cells};
use super::frontier::{Frontier, Part, reached};
use super::outline::Trace;
use super::program::{Code, Op, Program, Root};
use super::run::Planes;

/// What a root can hang on.
#[derive(Debug, Clone, Default)]
pub(super) struct Reach {
    pub machine: Graph,
    pub axis: Graph,
    /// The counted conditions: the place of each one's node among those of an axis.
    pub conditions: Vec<usize>,
    /// Whether axes that are not listed may have to be refined: see [`Frontier::is_mixed`] and
    /// [`Program::is_entangled`].
    pub mixed: bool,
}

/// The nodes of one part under a root, parts before wholes.
#[derive(Debug, Clone, Default)]
pub(super) struct Graph {
    pub nodes: Vec<Node>,
    /// The columns about which tests may ask in both directions.
    pub watched: Vec<Watched>,
}

#[derive(Debug, Clone)]
pub(super) struct Node {
    pub id: NodeId,
    /// The places of its parts.
    pub parts: Vec<usize>,
    /// The counted condition that it looks at.
    pub condition: Option<usize>,
}

/// A column and the places of the tests that look at it.
#[derive(Debug, Clone)]
pub(super) struct Watched {
    pub column: usize,
    pub tests: Vec<(usize, Asked)>,
}

/// How a test asks.
#[derive(Debug, Clone, Copy)]
pub(super) enum Asked {
    Up,
    Down,
    /// For one of these labels, as the truer side.
    OneOf(u32),
    /// In whatever direction.
    Any,
}

impl Reach {
    /// What a root can hang on.
    pub fn of(program: &Program, root: Root) -> Self {
        let frontier = Frontier::of(program, root, &Trace::unknown());
        let mut numbers: Vec<usize> = frontier.conditions.iter().map(|(at, _)| *at).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let mut asked: Vec<(NodeId, bool)> = Vec::new();
        for (at, positive) in &frontier.conditions {
            let Some(node) = program.conditions.get(*at) else { continue };
            asked.extend(
                reached(&program.axis, [*node], |_| true).iter().map(|id| (*id, *positive)),
            );
        }
        let mut under: Vec<NodeId> = asked.iter().map(|(id, _)| *id).collect();
        under.sort_unstable();
        under.dedup();
        let own: Vec<(NodeId, bool)> = frontier.live.iter().map(|id| (*id, true)).collect();
        let of_axes = frontier.axes.first().cloned().unwrap_or_default();
        let places = numbers.iter().filter_map(|at| {
            let node = program.conditions.get(*at)?;
            under.iter().position(|id| id == node)
        });
        Self {
            mixed: frontier.is_mixed()
                || frontier.conditions.iter().any(|(at, _)| program.is_entangled(*at, |_| false)),
            conditions: places.collect(),
            machine: Graph::of(&program.machine, &frontier.live, &own, &frontier.machine, &numbers),
            axis: Graph::of(&program.axis, &under, &asked, &of_axes, &[]),
        }
    }

    /// Whether open tests of a row may ask about an open cell in both directions; where they do
    /// not, Kleene's logic is exact. Where they do, the key says all that refining looks at.
    pub fn hangs(
        &self,
        root: Root,
        block: &Block,
        planes: &Planes,
        (found, at): (&Candidates, usize),
        key: &mut Vec<u8>,
    ) -> bool {
        let listed = block.listed(at);
        let slots = || {
            let slot = |at: usize| Some((at, block.slots.get(at)?, planes.slots.get(at)?));
            listed.slots().filter_map(slot)
        };
        let unlisted = found.of_axis(self, block.slots.len());
        let more = listed.more && self.mixed;
        let two_way = self.machine.is_two_way(found.of_machine(self), &block.machine, at)
            || slots().any(|(number, slot, _)| {
                self.axis.is_two_way(found.of_axis(self, number), slot, at)
            })
            || more && self.axis.is_two_way(unlisted, &block.further, at);
        if !two_way {
            return false;
        }
        key.clear();
        key.extend_from_slice(&root.0.to_le_bytes());
        self.machine.write(key, found.of_machine(self), &block.machine, at);
        let counted = |key: &mut Vec<u8>, planes_of: &[u8]| {
            let asked = self.conditions.iter().zip(found.asked(at)).filter(|(_, asked)| *asked);
            for (place, _) in asked {
                let node = self.axis.nodes.get(*place);
                let truth = node.and_then(|node| planes_of.get(node.id.index() * planes.rows + at));
                key.push(truth.copied().unwrap_or_default());
            }
        };
        let from = key.len();
        for (number, slot, of_slot) in slots() {
            counted(key, of_slot);
            self.axis.write(key, found.of_axis(self, number), slot, at);
        }
        // Axes do not see each other.
        sort_runs(key.get_mut(from..).unwrap_or_default(), slots().count());
        if more {
            self.axis.write(key, unlisted, &block.further, at);
        }
        key.push(u8::from(listed.more));
        if listed.more {
            counted(key, &planes.further);
        }
        true
    }
}

impl Graph {
    fn of(
        code: &Code,
        nodes: &[NodeId],
        asked: &[(NodeId, bool)],
        part: &Part,
        conditions: &[usize],
    ) -> Self {
        let place = |wanted: &NodeId| nodes.iter().position(|id| id == wanted);
        let node = |id: &NodeId| {
            let op = code.ops.get(id.index());
            let parts = match op {
                Some(Op::And(parts) | Op::Or(parts)) => parts.iter().filter_map(place).collect(),
                _ => Vec::new(),
            };
            let condition = match op {
                Some(Op::Axes { condition, .. }) => conditions.iter().position(|c| c == condition),
                _ => None,
            };
            Node { id: *id, parts, condition }
        };
        let watched = part.iter().filter(|(_, tests)| tests.is_two_way()).map(|(column, _)| {
            let test = |(id, positive): &(NodeId, bool)| {
                let op = code.ops.get(id.index()).filter(|op| op.column() == Some(*column))?;
                let how = match op {
                    Op::UpTo { .. } if *positive => Asked::Down,
                    Op::From { .. } if !*positive => Asked::Down,
                    Op::UpTo { .. } | Op::From { .. } => Asked::Up,
                    Op::OneIn { set, .. } => Asked::OneOf(if *positive { *set } else { !*set }),
                    _ => Asked::Any,
                };
                Some((place(id)?, how))
            };
            Watched { column: *column, tests: asked.iter().filter_map(test).collect() }
        });
        Self { nodes: nodes.iter().map(node).collect(), watched: watched.collect() }
    }

    /// Whether a watched cell of a row is open and asked about in both directions.
    fn is_two_way(&self, marks: Marks<'_>, columns: &[Cells], at: usize) -> bool {
        self.watched.iter().any(|watched| {
            let cell = columns.get(watched.column).map(|cells| cells.get(at));
            cell.filter(|cell| cell.is_open())
                .is_some_and(|cell| watched.is_two_way(|place| marks.is_marked(place, at), cell))
        })
    }

    /// Adds what is marked and the watched cells behind it to a key: as many bytes whatever is
    /// marked.
    fn write(&self, key: &mut Vec<u8>, marks: Marks<'_>, columns: &[Cells], at: usize) {
        let mut eight = 0;
        for (place, mark) in marks.of_row(at).enumerate() {
            eight = eight << 1 | mark as u8;
            if place % 8 == 7 {
                key.push(eight);
            }
        }
        key.push(eight);
        for watched in &self.watched {
            let Some(cell) = columns.get(watched.column).map(|cells| cells.get(at)) else {
                continue;
            };
            let from = key.len();
            cell.write(key);
            // Tests of a cell that is not open are known: none is marked.
            let is_marked = |(place, _): &(usize, Asked)| marks.is_marked(*place, at);
            if !(cell.is_open() && watched.tests.iter().any(is_marked)) {
                key.get_mut(from..).unwrap_or_default().fill(0);
            }
        }
    }
}

impl Watched {
    /// Whether marked tests ask about a cell in both directions.
    fn is_two_way(&self, marked: impl Fn(usize) -> bool, cell: Cell) -> bool {
        let Cell::OneOf(possible) = cell else {
            return self.in_both(|place| u64::from(marked(place))) != 0;
        };
        let marked = |(place, _): &&(usize, Asked)| marked(*place);
        let pairs = self.tests.iter().enumerate().filter(|(_, test)| marked(test));
        let apart = |(number, (_, one)): (usize, &(usize, Asked))| {
            let others = self.tests.iter().skip(number + 1).filter(marked);
            others.into_iter().any(|(_, other)| match (one, other) {
                (Asked::OneOf(one), Asked::OneOf(other)) => {
                    let (one, other) = (one & possible, other & possible);
                    one & other != one && one & other != other
                }
                _ => true,
            })
        };
        pairs.into_iter().any(apart)
    }

    /// Of what is marked of each test, a bit for each row: where tests may ask in both directions.
    pub fn in_both(&self, mark: impl Fn(usize) -> u64) -> u64 {
        let (mut up, mut down, mut other, mut others) = (0, 0, 0, 0);
        for (place, asked) in &self.tests {
            let marked = mark(*place);
            match asked {
                Asked::Up => up |= marked,
                Asked::Down => down |= marked,
                Asked::OneOf(_) | Asked::Any => {
                    others |= other & marked;
                    other |= marked;
                }
            }
        }
        up & down | others | other & (up | down)
    }
}

/// Puts runs of equal length in order: axes do not see each other.
fn sort_runs(bytes: &mut [u8], count: usize) {
    let length = bytes.len().checked_div(count).unwrap_or(0);
    for run in 1..count {
        for at in (1..=run).rev() {
            let (before, rest) = bytes.split_at_mut(at * length);
            let previous = before.get_mut((at - 1) * length..).unwrap_or_default();
            let own = rest.get_mut(..length).unwrap_or_default();
            if *previous <= *own {
                break;
            }
            previous.swap_with_slice(own);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_put_in_order() {
        let mut bytes = *b"cc2aa1bb3";
        sort_runs(&mut bytes, 3);
        assert_eq!(&bytes, b"aa1bb3cc2");
        sort_runs(&mut [], 3);
    }
}
