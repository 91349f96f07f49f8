//! Whether Kleene's logic is exact for a row, and all that refining the row would look at.
//!
//! Most open rows hang on tests that ask about each reading in one direction only: nothing is to
//! be refined. Of the others many look the same from their root: through open nodes they reach the
//! same tests, with the same cells behind those that ask in both directions.

use super::arena::NodeId;
use super::block::Block;
use super::cells::{Cell, Cells};
use super::frontier::{Frontier, Part, reached};
use super::outline::Trace;
use super::program::{Code, Op, Program, Root};
use super::run::Planes;
use crate::logic::Truth;

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

/// All that refining a root for a row looks at, as bytes, and what making it takes.
#[derive(Debug, Clone, Default)]
pub(super) struct Signature {
    pub key: Vec<u8>,
    marks: Vec<bool>,
    conditions: Vec<bool>,
    axis_marks: Vec<bool>,
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
    /// not, Kleene's logic is exact. Where they do, the signature says what refining looks at.
    pub fn hangs(
        &self,
        root: Root,
        block: &Block,
        planes: &Planes,
        at: usize,
        signature: &mut Signature,
    ) -> bool {
        let listed = block.listed(at);
        let Signature { key, marks, conditions, axis_marks } = signature;
        let truth = |planes_of: &[u8], id: NodeId| {
            planes_of.get(id.index() * planes.rows + at).copied().unwrap_or_default()
        };
        key.clear();
        key.extend_from_slice(&root.0.to_le_bytes());
        conditions.clear();
        conditions.resize(self.conditions.len(), false);
        let last = self.machine.nodes.len().wrapping_sub(1);
        self.machine.mark(marks, [last], conditions, |id| truth(&planes.machine, id));
        let mut two_way = self.machine.write(key, marks, &block.machine, at);
        let counted = || self.conditions.iter().zip(&*conditions).filter(|(_, asked)| **asked);
        let (from, mut axes) = (key.len(), 0);
        for number in listed.slots() {
            let (slot, of_slot) = (block.slots.get(number), planes.slots.get(number));
            let (Some(slot), Some(of_slot)) = (slot, of_slot) else { continue };
            axes += 1;
            for (place, _) in counted() {
                key.push(self.axis.truth(*place, |id| truth(of_slot, id)));
            }
            let places = counted().map(|(place, _)| *place);
            self.axis.mark(axis_marks, places, &mut [], |id| truth(of_slot, id));
            two_way |= self.axis.write(key, axis_marks, slot, at);
        }
        let to = key.len();
        if listed.more && self.mixed {
            let places = counted().map(|(place, _)| *place);
            self.axis.mark(axis_marks, places, &mut [], |id| truth(&planes.further, id));
            two_way |= self.axis.write(key, axis_marks, &block.further, at);
        }
        if !two_way {
            return false;
        }
        sort_runs(key.get_mut(from..to).unwrap_or_default(), axes);
        key.push(u8::from(listed.more));
        if listed.more {
            for (place, _) in counted() {
                key.push(self.axis.truth(*place, |id| truth(&planes.further, id)));
            }
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

    fn truth(&self, place: usize, truth: impl Fn(NodeId) -> u8) -> u8 {
        self.nodes.get(place).map_or(0, |node| truth(node.id))
    }

    /// Marks the open nodes that are reached through open nodes, and the conditions they count.
    fn mark(
        &self,
        marks: &mut Vec<bool>,
        from: impl IntoIterator<Item = usize>,
        conditions: &mut [bool],
        truth: impl Fn(NodeId) -> u8,
    ) {
        let is_open = |place: usize| self.truth(place, &truth) == Truth::Unknown as u8;
        marks.clear();
        marks.resize(self.nodes.len(), false);
        let set = |marks: &mut [bool], place: usize| {
            if let Some(mark) = marks.get_mut(place) {
                *mark = *mark || is_open(place);
            }
        };
        from.into_iter().for_each(|place| set(marks, place));
        for (place, node) in self.nodes.iter().enumerate().rev() {
            if !marks.get(place).copied().unwrap_or_default() {
                continue;
            }
            node.parts.iter().for_each(|part| set(marks, *part));
            if let Some(asked) = node.condition.and_then(|at| conditions.get_mut(at)) {
                *asked = true;
            }
        }
    }

    /// Adds what is marked and the watched cells behind it to a key; whether some of these cells
    /// is open and asked about in both directions. As many bytes whatever is marked.
    fn write(&self, key: &mut Vec<u8>, marks: &[bool], columns: &[Cells], at: usize) -> bool {
        for eight in marks.chunks(8) {
            key.push(eight.iter().fold(0, |bits, mark| bits << 1 | u8::from(*mark)));
        }
        let mut two_way = false;
        for watched in &self.watched {
            let Some(cell) = columns.get(watched.column).map(|cells| cells.get(at)) else {
                continue;
            };
            let from = key.len();
            cell.write(key);
            match watched.asked(marks, cell) {
                None => key.get_mut(from..).unwrap_or_default().fill(0),
                Some(both) => two_way |= both && cell.is_open(),
            }
        }
        two_way
    }
}

impl Watched {
    /// Whether marked tests ask in both directions; `None` where none asks at all.
    fn asked(&self, marks: &[bool], cell: Cell) -> Option<bool> {
        let Cell::OneOf(possible) = cell else { return self.directed(marks) };
        let marked = |(place, _): &&(usize, Asked)| marks.get(*place).copied().unwrap_or_default();
        let (mut any, mut nested) = (false, true);
        for (number, (_, one)) in self.tests.iter().enumerate().filter(|(_, test)| marked(test)) {
            any = true;
            for (_, other) in self.tests.iter().skip(number + 1).filter(marked) {
                nested &= match (one, other) {
                    (Asked::OneOf(one), Asked::OneOf(other)) => {
                        let (one, other) = (one & possible, other & possible);
                        one & other == one || one & other == other
                    }
                    _ => false,
                };
            }
        }
        any.then_some(!nested)
    }

    fn directed(&self, marks: &[bool]) -> Option<bool> {
        let (mut up, mut down, mut others) = (false, false, 0);
        for (place, how) in &self.tests {
            if marks.get(*place).copied().unwrap_or_default() {
                match how {
                    Asked::Up => up = true,
                    Asked::Down => down = true,
                    Asked::OneOf(_) | Asked::Any => others += 1,
                }
            }
        }
        let any = up || down || others > 0;
        any.then_some((up && down) || others > 1 || others > 0 && (up || down))
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
