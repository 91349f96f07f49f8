//! Which rows of a block refining may change, plane by plane: a cheap look at all of them before a
//! close one at the few that are left.

use super::block::Block;
use super::cells::Cells;
use super::reach::{Asked, Graph, Reach, Watched};
use super::run::{self, Planes};
use crate::logic;

/// For each row whether refining may change a root, and what finding out takes.
#[derive(Debug, Clone, Default)]
pub(super) struct Candidates {
    rows: Vec<u8>,
    /// Rows whose root is open.
    open: Vec<u8>,
    /// Marks of the nodes of one part, node by node.
    marks: Vec<u8>,
    /// Rows in which each counted condition is asked for.
    asked: Vec<u8>,
    up: Vec<u8>,
    down: Vec<u8>,
    others: Vec<u8>,
}

impl Candidates {
    /// Takes up every row.
    pub fn take_all(&mut self, rows: usize) {
        self.rows.clear();
        self.rows.resize(rows, 1);
    }

    /// Takes up these rows too.
    pub fn take(&mut self, wanted: impl Fn(usize) -> bool) {
        for (row, marked) in self.rows.iter_mut().enumerate() {
            *marked |= u8::from(wanted(row));
        }
    }

    /// The rows that refining may change.
    pub fn rows(&self) -> impl Iterator<Item = usize> {
        self.rows.iter().enumerate().filter(|(_, marked)| **marked != 0).map(|(row, _)| row)
    }
}

impl Reach {
    /// Finds the rows in which open tests under the root may ask about an open cell in both
    /// directions; for every other row Kleene's logic is exact.
    pub fn note(&self, block: &Block, planes: &Planes, found: &mut Candidates) {
        let rows = planes.rows;
        zeroed(&mut found.rows, rows);
        let Some((at, root)) = self.machine.nodes.iter().enumerate().next_back() else { return };
        let truths = run::plane(&planes.machine, root.id, rows);
        zeroed(&mut found.open, rows);
        logic::unknown_into(&mut found.open, truths);
        let of_machine = found.watched(&self.machine, &block.machine);
        let slots = block.slots.iter().zip(&planes.slots);
        let of_slots: Vec<(&Vec<Cells>, &Vec<u8>, Vec<&Watched>)> = slots
            .map(|(slot, of_slot)| (slot, of_slot, found.watched(&self.axis, slot)))
            .filter(|(.., watched)| !watched.is_empty())
            .collect();
        if of_machine.is_empty() && of_slots.is_empty() {
            return;
        }
        zeroed(&mut found.marks, self.machine.nodes.len() * rows);
        zeroed(&mut found.asked, self.conditions.len() * rows);
        logic::or_into(nth_mut(&mut found.marks, at, rows), &found.open);
        self.machine.spread(&planes.machine, rows, &mut found.marks, &mut found.asked);
        found.look(&of_machine, &block.machine, rows);
        for (slot, of_slot, watched) in of_slots {
            zeroed(&mut found.marks, self.axis.nodes.len() * rows);
            for (condition, place) in self.conditions.iter().enumerate() {
                let Some(node) = self.axis.nodes.get(*place) else { continue };
                let asked = nth(&found.asked, condition, rows);
                let truths = run::plane(of_slot, node.id, rows);
                logic::unknown_where(nth_mut(&mut found.marks, *place, rows), asked, truths);
            }
            self.axis.spread(of_slot, rows, &mut found.marks, &mut []);
            found.look(&watched, slot, rows);
        }
    }
}

impl Graph {
    /// Marks the open nodes under marked ones, and the conditions that these count.
    fn spread(&self, planes: &[u8], rows: usize, marks: &mut [u8], asked: &mut [u8]) {
        for (place, node) in self.nodes.iter().enumerate().rev() {
            let (below, own) = marks.split_at_mut(place * rows);
            let own = own.get(..rows).unwrap_or_default();
            // A part's place is below its whole's.
            for part in &node.parts {
                let Some(of_part) = self.nodes.get(*part) else { continue };
                let truths = run::plane(planes, of_part.id, rows);
                logic::unknown_where(nth_mut(below, *part, rows), own, truths);
            }
            if let Some(condition) = node.condition {
                let asked = nth_mut(asked, condition, rows);
                asked.iter_mut().zip(own).for_each(|(asked, own)| *asked |= own);
            }
        }
    }
}

impl Candidates {
    /// The watched columns of which a cell is open in some row whose root is.
    fn watched<'g>(&mut self, graph: &'g Graph, columns: &[Cells]) -> Vec<&'g Watched> {
        let Self { open, up, .. } = self;
        let mut is_open = |watched: &&Watched| {
            zeroed(up, open.len());
            let Some(cells) = columns.get(watched.column) else { return false };
            logic::widely(
                #[inline(always)]
                || cells.open_into(up, open.iter().copied()),
            );
            up.contains(&1)
        };
        graph.watched.iter().filter(&mut is_open).collect()
    }

    /// Takes up the rows in which some watched cell is open and asked about in both directions.
    fn look(&mut self, watched: &[&Watched], columns: &[Cells], rows: usize) {
        for watched in watched {
            let Some(cells) = columns.get(watched.column) else { continue };
            self.count(watched, rows);
            let Self { rows: found, up, down, others, .. } = self;
            logic::widely(
                #[inline(always)]
                || {
                    let directions = up.iter().zip(&*down).zip(&*others);
                    let both = directions.map(|((up, down), others)| {
                        up & down | u8::from(*others > 1) | u8::from(*others > 0) & (up | down)
                    });
                    cells.open_into(found, both);
                },
            );
        }
    }

    /// Counts by direction the marked tests of a column.
    fn count(&mut self, watched: &Watched, rows: usize) {
        let Self { marks, up, down, others, .. } = self;
        for plane in [&mut *up, &mut *down, &mut *others] {
            zeroed(plane, rows);
        }
        for (place, asked) in &watched.tests {
            let marks = nth(marks, *place, rows);
            match asked {
                Asked::Up => logic::or_into(up, marks),
                Asked::Down => logic::or_into(down, marks),
                Asked::OneOf(_) | Asked::Any => {
                    let others = others.iter_mut().zip(marks);
                    others.for_each(|(others, mark)| *others = others.saturating_add(*mark));
                }
            }
        }
    }
}

fn zeroed(plane: &mut Vec<u8>, length: usize) {
    plane.clear();
    plane.resize(length, 0);
}

fn nth(planes: &[u8], at: usize, rows: usize) -> &[u8] {
    planes.get(at * rows..(at + 1) * rows).unwrap_or_default()
}

fn nth_mut(planes: &mut [u8], at: usize, rows: usize) -> &mut [u8] {
    planes.get_mut(at * rows..(at + 1) * rows).unwrap_or_default()
}
