//! Chances over blocks: planes of probabilities beside planes of truths, of the same program.
//!
//! Each uncertain reading is a distribution over the cells of its column. A block is run once with
//! every uncertain reading opened to the cells that it may lie in: most rows are settled whatever
//! these readings are. Of the others each axis meets the counted conditions with chances of its
//! own (`forms`), axes are independent, and tallies fold axis by axis; readings that several
//! conditions share stay together. What remains is a row for each distinct tally: the program runs
//! once more, over all of them, and their truths are weighed. Rows that hang on their unknown
//! readings in ways that tallies do not hold are taken one by one (`pieces`).

use super::arena::NodeId;
use super::block::{Block, Row};
use super::cells::Cell;
use super::forms::{Fields, Form, Forms, Tally};
use super::frontier::{self, Frontier, Part};
use super::hanging::Hanging;
use super::outline::Trace;
use super::pieces::{self, Lone};
use super::program::{Op, Program, Root};
use super::refine::Memory;
use super::run::{self, Planes};
use super::uncertain::{Columns, Uncertain, gather, opened, put};
use crate::logic::Truth;
use crate::metrology::chance_at_most;

/// How the probability of a row was worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Method {
    /// In closed form, column by column.
    #[default]
    Columns,
    /// In closed form, by every combination of the pieces that the row's readings may lie in.
    Pieces,
    /// By [`DRAWS`](super::DRAWS) draws from the seed [`SEED`](super::SEED).
    Drawn,
}

/// The probabilities of a truth, as columns.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Probabilities {
    /// That it holds whatever is unknown.
    pub holds: Vec<f64>,
    /// That it depends on what is unknown.
    pub open: Vec<f64>,
    /// The rows that were not worked out column by column.
    pub others: Vec<(usize, Method)>,
}

impl Probabilities {
    /// How the probability of a row was worked out.
    pub fn method(&self, at: usize) -> Method {
        let known = self.others.iter().find(|(row, _)| *row == at);
        known.map_or(Method::Columns, |(_, method)| *method)
    }

    fn add(&mut self, at: usize, truth: Truth, weight: f64) {
        let plane = match truth {
            Truth::True => &mut self.holds,
            Truth::Unknown => &mut self.open,
            Truth::False => return,
        };
        if let Some(sum) = plane.get_mut(at) {
            *sum += weight;
        }
    }
}

/// More tallies than this of one row are not folded.
const TALLIES_MAX: usize = 1024;
/// More rows than these are not run for one row.
const ROWS_MAX: usize = 4096;

/// Works out the probabilities of one root, block after block.
#[derive(Debug)]
pub struct Odds<'p> {
    program: &'p Program,
    root: Root,
    node: NodeId,
    /// The machine nodes under the root, and which those are.
    live: Vec<NodeId>,
    is_live: Vec<bool>,
    /// `None` where a tally or a key does not hold what is counted.
    fields: Option<Fields>,
    forms: Forms,
    hanging: Hanging,
    trace: Trace,
    /// The machine columns that tests under the root ask about.
    columns: Vec<usize>,
    /// The axis columns that tests under the root ask about in both directions.
    both_ways: Vec<usize>,
    memory: Memory,
    walk: Walk,
    pending: Pending,
}

/// A block whose uncertain readings are opened, with what stands beside it.
struct Stage<'s> {
    fields: Fields,
    opened: Block,
    planes: Planes,
    columns: Columns<'s>,
    correlation: f64,
}

/// What became of an open row.
enum Taken {
    /// It is open whatever its uncertain readings are.
    Open,
    /// Its rows are to be run.
    Pending,
    /// It has to be taken by itself.
    Not,
}

/// What is reached from the root through open nodes, for one row, and what its axes fold to.
#[derive(Debug, Clone, Default)]
struct Walk {
    seen: Vec<u32>,
    mark: u32,
    waiting: Vec<NodeId>,
    /// The tests of the machine.
    tests: Vec<NodeId>,
    tallies: Vec<(Tally, f64)>,
    next: Vec<(Tally, f64)>,
    weights: Vec<f64>,
    before: Vec<f64>,
    below: Vec<f64>,
}

/// Rows whose truths are to be weighed: one for each tally and way to fix a machine's cells.
#[derive(Debug, Clone, Default)]
struct Pending {
    source: Vec<usize>,
    tallies: Vec<Tally>,
    /// Cells that differ from those of the source.
    fixed: Vec<(usize, usize, Cell)>,
    /// Row, weight, and how many of the pending rows stand for all values of what is unknown.
    groups: Vec<(usize, f64, usize)>,
}

/// The cells of one part that stand in the place of others.
type Fixed = Vec<(usize, Cell)>;
/// Such cells, with their probability.
type Weighed = (Fixed, f64);

impl<'p> Odds<'p> {
    /// What it takes to work out the probabilities of a root.
    pub fn new(program: &'p Program, root: Root) -> Self {
        let frontier = Frontier::of(program, root, &Trace::unknown());
        let mut is_live = vec![false; program.machine.ops.len()];
        for id in &frontier.live {
            if let Some(live) = is_live.get_mut(id.index()) {
                *live = true;
            }
        }
        let fields = Fields::of(program, &frontier);
        let forms = fields.as_ref().and_then(|fields| Forms::new(program, fields));
        let fields = fields.filter(|_| forms.is_some());
        let of_axes = frontier.axes.iter().flatten();
        let both_ways = of_axes.filter(|(_, tests)| tests.is_two_way());
        let hanging = fields.as_ref().map(|f| Hanging::new(program, &frontier.live, f));
        Self {
            program,
            root,
            node: program.node(root).unwrap_or(NodeId(0)),
            columns: frontier.machine.keys().copied().collect(),
            live: frontier.live,
            is_live,
            fields,
            forms: forms.unwrap_or_default(),
            hanging: hanging.unwrap_or_default(),
            trace: program.trace_live(&program.unknown),
            both_ways: both_ways.map(|(column, _)| *column).collect(),
            memory: Memory::default(),
            walk: Walk { seen: vec![0; program.machine.ops.len()], ..Walk::default() },
            pending: Pending::default(),
        }
    }

    /// The probabilities of every row of a block.
    ///
    /// `correlation` is that of every two uncertain readings of a row; where it is not nought, rows
    /// that hang on uncertain readings are drawn. `whole` are the rows with the spans behind sloped
    /// limits, and may be none where no limit is sloped.
    pub fn over(
        &mut self,
        block: &Block,
        whole: &[Row],
        uncertain: &[Uncertain],
        correlation: f64,
    ) -> Probabilities {
        let rows = block.rows();
        let mut found =
            Probabilities { holds: vec![0.0; rows], open: vec![0.0; rows], others: Vec::new() };
        let mut alone: Vec<usize> = Vec::new();
        let fields = self.fields.take().filter(|_| !self.program.has_slopes());
        if let Some(fields) = fields {
            let opened = opened(block, uncertain);
            let planes = run::all_planes(self.program, &opened, Some(&self.is_live));
            let columns = Columns::of(self.program, block, uncertain, self.forms.columns());
            self.hanging.find(&planes, &columns.machine);
            let stage = Stage { fields, opened, planes, columns, correlation };
            for at in 0..rows {
                match stage.truth(self.node, at) {
                    Truth::Unknown => match self.open(&stage, at) {
                        Taken::Open => found.add(at, Truth::Unknown, 1.0),
                        Taken::Pending => {}
                        Taken::Not => alone.push(at),
                    },
                    known => found.add(at, known, 1.0),
                }
            }
            self.weigh(&stage, &mut found);
            self.fields = Some(stage.fields);
        } else {
            alone.extend(0..rows);
        }
        for at in alone {
            let lone = Lone {
                program: self.program,
                root: self.root,
                row: whole.get(at).cloned().unwrap_or_else(|| block.row(at)),
                readings: pieces::readings(uncertain, at, block.listed(at).slots()),
                correlation,
            };
            let (holds, open, method) = lone.weigh(&mut self.memory);
            found.add(at, Truth::True, holds);
            found.add(at, Truth::Unknown, open);
            if method != Method::Columns {
                found.others.push((at, method));
            }
        }
        found
    }

    /// Takes up a row that is open with its uncertain readings opened.
    fn open(&mut self, stage: &Stage<'_>, at: usize) -> Taken {
        let mut machine = None;
        if self.hanging.machine.get(at) == Some(&1) {
            self.walk.from(self.program, self.node, stage, at);
            machine = self.machine(stage, at);
            if machine.is_none() {
                return Taken::Not;
            }
        }
        let (weighted, ways) = match &machine {
            Some((weighted, ways)) => (weighted.as_slice(), ways.as_slice()),
            None => (&[(Vec::new(), 1.0)][..], &[Vec::new()][..]),
        };
        let mut axes = stage.opened.listed(at).slots();
        if weighted.len() == 1 && !axes.clone().any(|axis| stage.columns.bits(axis, at) != 0) {
            let hangs = |axis: usize| {
                let slot = stage.opened.slots.get(axis).map_or(&[][..], Vec::as_slice);
                let mut cells = self.both_ways.iter().filter_map(|column| slot.get(*column));
                cells.any(|cells| cells.get(at).is_open())
            };
            if ways.len() == 1 && !axes.any(hangs) {
                return Taken::Open;
            }
        } else if stage.correlation > 0.0 {
            return Taken::Not;
        }
        if !self.fold(stage, at) || self.walk.tallies.len() * weighted.len() * ways.len() > ROWS_MAX
        {
            return Taken::Not;
        }
        let pending = &mut self.pending;
        for (tally, chance) in &self.walk.tallies {
            for (fixed, own) in weighted {
                for way in ways {
                    let number = pending.source.len();
                    let cells = fixed.iter().chain(way);
                    pending.fixed.extend(cells.map(|(column, cell)| (number, *column, *cell)));
                    pending.source.push(at);
                    pending.tallies.push(*tally);
                }
                pending.groups.push((at, chance * own, ways.len()));
            }
        }
        Taken::Pending
    }

    /// The runs of cells that the uncertain readings of the machine may lie in, with their
    /// chances, and the ways to fix unknown ones that are asked about in both directions; `None`
    /// where there are too many.
    fn machine(&self, stage: &Stage<'_>, at: usize) -> Option<(Vec<Weighed>, Vec<Fixed>)> {
        let (mut weighted, mut ways) = (vec![(Vec::new(), 1.0)], vec![Vec::new()]);
        let mut part = Part::new();
        for id in &self.walk.tests {
            if let Some(op) = self.program.machine.ops.get(id.index()) {
                frontier::note(op, true, &self.program.machine.columns, &mut part);
            }
        }
        for (column, tests) in &part {
            let Some(cell) = stage.opened.machine.get(*column).map(|cells| cells.get(at)) else {
                continue;
            };
            if let Some((value, u)) = stage.columns.of_row(0, *column, at) {
                let ends = stage.columns.machine_ends.get(*column).map_or(&[][..], Vec::as_slice);
                let mut before = 0.0;
                let mut answers = tests.answers(cell, true).into_iter().peekable();
                let mut runs = Vec::new();
                while let Some(run) = answers.next() {
                    let Cell::Range(_, last) = run else { continue };
                    let end = ends.get(usize::from(last)).filter(|_| answers.peek().is_some());
                    let below = end.map_or(1.0, |end| chance_at_most(value, u, *end));
                    runs.push((*column, run, below - before));
                    before = below;
                }
                if weighted.len() * runs.len() > ROWS_MAX {
                    return None;
                }
                weighted = product(&weighted, &runs, |(fixed, chance), (column, run, own)| {
                    (with(fixed, *column, *run), chance * own)
                });
            } else if tests.is_two_way() && cell.is_open() {
                let answers = tests.answers(cell, true);
                if ways.len() * answers.len() > ROWS_MAX {
                    return None;
                }
                ways = product(&ways, &answers, |fixed, answer| with(fixed, *column, *answer));
            }
        }
        Some((weighted, ways))
    }

    /// Folds what the axes of a row make of the counted conditions; false where tallies do not
    /// hold it.
    fn fold(&mut self, stage: &Stage<'_>, at: usize) -> bool {
        let reached = self.hanging.conditions.get(at).copied().unwrap_or_default();
        let (fields, opened) = (&stage.fields, &stage.opened);
        let walk = &mut self.walk;
        walk.tallies.clear();
        walk.tallies.push((Tally::default(), 1.0));
        let listed = opened.listed(at);
        for axis in listed.slots() {
            let Some(slot) = opened.slots.get(axis) else { continue };
            let uncertain = stage.columns.bits(axis, at);
            let form = self.forms.find(self.program, fields, slot, at, uncertain, reached);
            let Some(form) = self.forms.get(form).filter(|form| !form.hangs) else {
                return false;
            };
            walk.weigh(form, &stage.columns, axis + 1, at);
            walk.add(fields, form);
            if walk.tallies.len() > TALLIES_MAX {
                return false;
            }
        }
        if listed.more {
            let planes = &stage.planes;
            for (tally, _) in &mut walk.tallies {
                fields.unlisted(tally, &planes.further, planes.rows, at);
            }
        }
        true
    }

    /// Runs the program over the pending rows and weighs their truths.
    fn weigh(&mut self, stage: &Stage<'_>, found: &mut Probabilities) {
        let pending = &mut self.pending;
        let mut block = Block::new(self.program);
        block.rows = pending.source.len();
        for column in &self.columns {
            let from = stage.opened.machine.get(*column);
            if let (Some(into), Some(from)) = (block.machine.get_mut(*column), from) {
                gather(into, from, &pending.source);
            }
        }
        for (number, column, cell) in &pending.fixed {
            if let Some(cells) = block.machine.get_mut(*column) {
                put(cells, *number, *cell);
            }
        }
        let counts = stage.fields.counts(self.program, &pending.tallies);
        let planes = run::live_planes(self.program, &block, &counts, &self.live, &self.trace);
        let mut truths = run::plane(&planes, self.node, block.rows).iter();
        for (at, weight, ways) in &pending.groups {
            // What is unknown may be any of the ways.
            let mut each = truths.by_ref().take(*ways);
            let first = each.next().map_or(Truth::Unknown, |byte| Truth::from_byte(*byte));
            let alike = each.filter(|byte| **byte != first as u8).count() == 0;
            found.add(*at, if alike { first } else { Truth::Unknown }, *weight);
        }
        pending.source.clear();
        pending.tallies.clear();
        pending.fixed.clear();
        pending.groups.clear();
    }
}

impl Stage<'_> {
    fn truth(&self, node: NodeId, at: usize) -> Truth {
        let byte = self.planes.machine.get(node.index() * self.planes.rows + at);
        byte.map_or(Truth::Unknown, |byte| Truth::from_byte(*byte))
    }
}

impl Walk {
    fn from(&mut self, program: &Program, root: NodeId, stage: &Stage<'_>, at: usize) {
        self.mark = self.mark.wrapping_add(1);
        self.tests.clear();
        self.waiting.push(root);
        while let Some(id) = self.waiting.pop() {
            match program.machine.ops.get(id.index()) {
                Some(Op::And(parts) | Op::Or(parts)) => {
                    for part in parts {
                        let Some(seen) = self.seen.get_mut(part.index()) else { continue };
                        if *seen != self.mark && !stage.truth(*part, at).is_known() {
                            *seen = self.mark;
                            self.waiting.push(*part);
                        }
                    }
                }
                _ => self.tests.push(id),
            }
        }
    }

    /// The chance of each combination of runs of cells.
    fn weigh(&mut self, form: &Form, columns: &Columns<'_>, part: usize, at: usize) {
        self.weights.clear();
        self.weights.push(1.0);
        for (column, cuts) in &form.columns {
            let Some((value, u)) = columns.of_row(part, *column, at) else { continue };
            let ends = columns.axis_ends.get(*column).map_or(&[][..], Vec::as_slice);
            let ends = cuts.iter().filter_map(|cut| ends.get(usize::from(*cut)));
            self.below.clear();
            self.below.extend(ends.map(|end| chance_at_most(value, u, *end)));
            self.below.push(1.0);
            std::mem::swap(&mut self.weights, &mut self.before);
            self.weights.clear();
            for weight in &self.before {
                let mut before = 0.0;
                for below in &self.below {
                    self.weights.push(weight * (below - before));
                    before = *below;
                }
            }
        }
    }

    /// Adds one more axis to every tally; tallies that are the same are one.
    fn add(&mut self, fields: &Fields, form: &Form) {
        if let [only] = form.tallies.as_slice() {
            for (tally, _) in &mut self.tallies {
                *tally = fields.add(*tally, *only);
            }
            return;
        }
        self.next.clear();
        for (before, chance) in &self.tallies {
            for (tally, own) in form.tallies.iter().zip(&self.weights) {
                let sum = fields.add(*before, *tally);
                match self.next.iter_mut().find(|(known, _)| *known == sum) {
                    Some((_, known)) => *known += chance * own,
                    None => self.next.push((sum, chance * own)),
                }
            }
        }
        std::mem::swap(&mut self.tallies, &mut self.next);
    }
}

fn with(fixed: &Fixed, column: usize, cell: Cell) -> Fixed {
    fixed.iter().copied().chain([(column, cell)]).collect()
}

fn product<A, B>(all: &[A], by: &[B], join: impl Fn(&A, &B) -> A) -> Vec<A> {
    all.iter().flat_map(|one| by.iter().map(|other| join(one, other)).collect::<Vec<_>>()).collect()
}
