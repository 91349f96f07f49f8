//! Which rows of a block refining may change: a look at all of them at once, a bit each, before a
//! close one at the few that are left.

use super::block::Block;
use super::cells::Cells;
use super::reach::{Graph, Node, Reach, Watched};
use super::run::{self, Planes};
use crate::logic::{self, bits};

/// For each row whether refining may change a root, and how that was found out. All are sets of
/// rows, a bit each.
#[derive(Debug, Clone, Default)]
pub(super) struct Candidates {
    /// How many words a set takes.
    words: usize,
    rows: Vec<u64>,
    /// Rows whose root is open.
    open: Vec<u64>,
    /// The nodes that are open and reached through open ones: of the machine, then of each slot of
    /// axes, then of axes that are not listed.
    marks: Vec<u64>,
    /// Slots of axes of which no node is marked yet.
    unmarked: Vec<usize>,
    /// Rows in which each counted condition is asked for.
    asked: Vec<u64>,
    /// Rows in which one watched cell is open.
    cells: Vec<u64>,
    /// The same as bytes.
    bytes: Vec<u8>,
}

/// The marks of the nodes of one part.
#[derive(Debug, Clone, Copy)]
pub(super) struct Marks<'m> {
    words: usize,
    marks: &'m [u64],
}

impl Marks<'_> {
    /// A bit for each node, in order.
    pub fn of_row(self, row: usize) -> impl Iterator<Item = u64> {
        let own = self.marks.iter().skip(row / 64).step_by(self.words.max(1));
        own.map(move |word| word >> (row % 64) & 1)
    }

    /// Whether the node at a place is marked in a row.
    pub fn is_marked(self, place: usize, row: usize) -> bool {
        holds(self.marks.get(place * self.words..).unwrap_or_default(), row)
    }
}

impl Candidates {
    /// Takes up the rows, and only these, whose truth is unknown and wanted.
    pub fn take_open(&mut self, truths: &[u8], wanted: impl Fn(usize) -> bool) {
        self.words = bits::words(truths.len());
        self.rows.clear();
        self.rows.resize(self.words, u64::MAX);
        bits::keep_odd(&mut self.rows, truths);
        for (number, word) in self.rows.iter_mut().enumerate().filter(|(_, word)| **word != 0) {
            let open = bits::rows(std::slice::from_ref(word));
            let kept = open.filter(|at| wanted(number * 64 + at));
            *word = kept.fold(0, |kept, at| kept | 1 << at);
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        is_empty(&self.rows)
    }

    /// Takes up these rows too.
    pub fn take(&mut self, wanted: impl Fn(usize) -> bool) {
        for (number, word) in self.rows.iter_mut().enumerate() {
            *word |= (0..64).fold(0, |bits, at| bits | u64::from(wanted(number * 64 + at)) << at);
        }
    }

    /// The rows that refining may change.
    pub fn rows(&self) -> impl Iterator<Item = usize> {
        bits::rows(&self.rows)
    }

    /// For each counted condition whether a row asks for it.
    pub fn asked(&self, row: usize) -> impl Iterator<Item = bool> {
        self.asked.chunks(self.words.max(1)).map(move |asked| holds(asked, row))
    }

    /// The marks of the machine's nodes.
    pub fn of_machine(&self, reach: &Reach) -> Marks<'_> {
        self.part(0, reach.machine.nodes.len())
    }

    /// The marks of the nodes of an axis in a slot; axes that are not listed stand behind the last.
    pub fn of_axis(&self, reach: &Reach, slot: usize) -> Marks<'_> {
        let width = reach.axis.nodes.len();
        self.part(reach.machine.nodes.len() + slot * width, width)
    }

    fn part(&self, from: usize, nodes: usize) -> Marks<'_> {
        let part = from * self.words..(from + nodes) * self.words;
        Marks { words: self.words, marks: self.marks.get(part).unwrap_or_default() }
    }
}

impl Reach {
    /// Keeps of the rows taken up, whose root is open, those in which open tests under it may ask
    /// about an open cell in both directions; for the others Kleene's logic is exact.
    pub fn narrow(&self, block: &Block, planes: &Planes, found: &mut Candidates) {
        let words = bits::words(planes.rows);
        std::mem::swap(&mut found.open, &mut found.rows);
        zeroed(&mut found.rows, words);
        let Some(last) = self.machine.nodes.len().checked_sub(1) else { return };
        let slots = self.slots(block, planes);
        let is_seen =
            |at: &usize| slots.get(*at).is_some_and(|(slot, _)| found.sees(&self.axis, slot));
        let (watched, unmarked): (Vec<usize>, Vec<usize>) = (0..slots.len()).partition(is_seen);
        found.unmarked = unmarked;
        let of_machine = found.sees(&self.machine, &block.machine);
        if !of_machine && watched.is_empty() {
            return;
        }
        let own = self.machine.nodes.len() * words;
        zeroed(&mut found.marks, own + self.axis.nodes.len() * words * slots.len());
        zeroed(&mut found.asked, self.conditions.len() * words);
        let marks = found.marks.get_mut(..own).unwrap_or_default();
        join(nth_mut(marks, last, words), &found.open);
        self.machine.spread((&planes.machine, planes.rows), (marks, words), &mut found.asked);
        if of_machine {
            found.look(&self.machine, 0, &block.machine);
        }
        for at in watched {
            let Some((slot, of_slot)) = slots.get(at) else { continue };
            let from = self.mark(at, (of_slot, planes.rows), found);
            found.look(&self.axis, from, slot);
        }
    }

    /// Marks what was of no use to find the rows, and is to know them by: before any is asked
    /// whether it [hangs](Self::hangs).
    pub fn complete(&self, block: &Block, planes: &Planes, found: &mut Candidates) {
        let slots = self.slots(block, planes);
        for at in std::mem::take(&mut found.unmarked) {
            if let Some((_, of_slot)) = slots.get(at) {
                self.mark(at, (of_slot, planes.rows), found);
            }
        }
    }

    /// The slots of axes, with their planes; axes that are not listed behind the last, where they
    /// may have to be refined.
    fn slots<'b>(&self, block: &'b Block, planes: &'b Planes) -> Vec<(&'b [Cells], &'b [u8])> {
        let further = (block.further.as_slice(), planes.further.as_slice());
        let slots = block.slots.iter().map(Vec::as_slice);
        let slots = slots.zip(planes.slots.iter().map(Vec::as_slice));
        slots.chain(self.mixed.then_some(further)).collect()
    }

    /// Marks the nodes of an axis in a slot, under conditions that are asked for; gives where its
    /// marks begin.
    fn mark(&self, slot: usize, planes: (&[u8], usize), found: &mut Candidates) -> usize {
        let Candidates { words, marks, asked, .. } = found;
        let of_axis = self.axis.nodes.len() * *words;
        let from = self.machine.nodes.len() * *words + slot * of_axis;
        let marks = marks.get_mut(from..from + of_axis).unwrap_or_default();
        for (condition, place) in self.conditions.iter().enumerate() {
            join(nth_mut(marks, *place, *words), nth(asked, condition, *words));
        }
        self.axis.spread(planes, (marks, *words), &mut []);
        from
    }
}

impl Graph {
    /// Marks the open nodes under marked ones, and the conditions that these count. What is marked
    /// before need not be open.
    fn spread(
        &self,
        (planes, rows): (&[u8], usize),
        (marks, words): (&mut [u64], usize),
        asked: &mut [u64],
    ) {
        let mut step = |place: usize, node: &Node| {
            let (below, own) = marks.split_at_mut(place * words);
            let own = own.get_mut(..words).unwrap_or_default();
            if is_empty(own) {
                return;
            }
            bits::keep_odd(own, run::plane(planes, node.id, rows));
            // A part's place is below its whole's.
            for part in &node.parts {
                join(nth_mut(below, *part, words), own);
            }
            if let Some(condition) = node.condition {
                join(nth_mut(asked, condition, words), own);
            }
        };
        logic::widely(
            #[inline(always)]
            || {
                for place in (0..self.nodes.len()).rev() {
                    if let Some(node) = self.nodes.get(place) {
                        step(place, node);
                    }
                }
            },
        );
    }
}

impl Candidates {
    /// Whether a watched cell is open in some row whose root is.
    fn sees(&mut self, graph: &Graph, columns: &[Cells]) -> bool {
        graph.watched.iter().any(|watched| {
            self.cells.clone_from(&self.open);
            self.keep_open(watched, columns);
            !is_empty(&self.cells)
        })
    }

    /// Keeps of some rows those in which a watched cell is open.
    fn keep_open(&mut self, watched: &Watched, columns: &[Cells]) {
        let Self { cells, bytes, .. } = self;
        if let Some(column) = columns.get(watched.column) {
            logic::widely(
                #[inline(always)]
                || column.open_into(bytes),
            );
            bits::keep_odd(cells, bytes);
        }
    }

    /// Takes up the rows in which some watched cell is open and asked about in both directions;
    /// the marks of the part begin with this one.
    fn look(&mut self, graph: &Graph, from: usize, columns: &[Cells]) {
        for watched in &graph.watched {
            self.cells.clear();
            for word in 0..self.words {
                let mark = |place: usize| {
                    self.marks.get(from + place * self.words + word).copied().unwrap_or_default()
                };
                self.cells.push(watched.in_both(mark));
            }
            if !is_empty(&self.cells) {
                self.keep_open(watched, columns);
                join(&mut self.rows, &self.cells);
            }
        }
    }
}

fn zeroed(sets: &mut Vec<u64>, length: usize) {
    sets.clear();
    sets.resize(length, 0);
}

#[inline(always)]
fn is_empty(set: &[u64]) -> bool {
    set.iter().fold(0, |all, word| all | word) == 0
}

#[inline(always)]
fn holds(set: &[u64], row: usize) -> bool {
    set.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 == 1)
}

#[inline(always)]
fn join(set: &mut [u64], other: &[u64]) {
    set.iter_mut().zip(other).for_each(|(set, other)| *set |= other);
}

#[inline(always)]
fn nth(sets: &[u64], at: usize, words: usize) -> &[u64] {
    sets.get(at * words..(at + 1) * words).unwrap_or_default()
}

#[inline(always)]
fn nth_mut(sets: &mut [u64], at: usize, words: usize) -> &mut [u64] {
    sets.get_mut(at * words..(at + 1) * words).unwrap_or_default()
}
