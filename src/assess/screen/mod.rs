//! Screen: verdicts alone, for catalogues of any length, run by run.
//!
//! Rows that say the same in words (processes, say) share one *form*: their machine is drawn once,
//! and only figures, and words that concern nothing else, are put in row by row. A form that
//! settles every truth whatever these are is not even run. Rows that are not of plain figures and
//! known words are read and drawn as everywhere else. Truth comes from `rule` alone, here too.

mod form;
mod seen;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use foldhash::fast::FixedState;

use form::{Form, Lane, Plan, plan};
use seen::{Seen, Waiting};

use super::Verdict;
use super::classify::Withheld;
use super::decide::Decided;
use super::evaluator::Evaluator;
use crate::catalogue::{Rejected, Remark, Sheet};
use crate::logic::Truth;
use crate::machine::Machine;
use crate::rule::{Block, Cells, Memory, NodeId, Program, Root, Slot, Verdicts};
use crate::table::{Chunk, Grid, Odd, Raw, Record};

/// How many rows are run at once.
const BLOCK: usize = 1024;
/// More forms than this are not kept: a column that was taken for words holds something else.
const FORMS_MAX: usize = 1 << 16;

/// What a screening says of a run of rows, in their order.
#[derive(Debug, Default)]
pub struct Screened {
    /// The machines' identifiers, one after the other.
    pub ids: Vec<u8>,
    /// Where each identifier ends.
    pub ends: Vec<usize>,
    /// For each machine, what [`Screen::width`] says: a verdict for each entry, then the truth of
    /// each clause.
    pub codes: Vec<u8>,
    /// Rows that were set aside.
    pub rejected: Vec<Rejected>,
    /// What the reader had to say.
    pub remarks: Vec<Remark>,
    /// Verdicts that are open only because too many combinations were.
    pub approximate: usize,
}

/// The truths that a screening shows, and how its columns are read.
pub struct Screen<'e> {
    evaluator: &'e Evaluator,
    sheet: &'e Sheet<'e>,
    plan: Option<Plan>,
    verdicts: Vec<Root>,
    clauses: Vec<NodeId>,
    forms: Mutex<Forms>,
    idle: Mutex<Vec<Worker>>,
}

type Forms = HashMap<Box<[u8]>, Arc<Form>, FixedState>;

/// The memory of one thread.
#[derive(Default)]
struct Worker {
    seen: Seen,
    grid: Grid,
    /// The rows that are run together, for each program, and the machine of each.
    blocks: Vec<Block>,
    owners: Vec<Option<usize>>,
    /// What the programs refined.
    memories: [Memory; 2],
    /// Machines that are drawn one by one, with their place.
    singles: Vec<(usize, Machine)>,
}

/// What was found of one entry.
struct Found {
    truth: Truth,
    /// The truth with remembered figures of the lists left open, where there are any.
    doubted: Option<Truth>,
    approximate: bool,
}

impl<'e> Screen<'e> {
    /// Prepares a screening; with `clauses` also the truth of each clause.
    pub fn new(evaluator: &'e Evaluator, sheet: &'e Sheet<'e>, clauses: bool) -> Self {
        let entries = evaluator.program.entries();
        let of_entry = |entry: &crate::rule::Entry| -> Vec<NodeId> {
            let below = |clause: &&crate::list::Clause| clause.id != entry.list.header.root;
            let nodes = entry.list.clauses.iter().zip(&entry.clauses);
            nodes.filter(|(clause, _)| below(clause)).map(|(_, node)| *node).collect()
        };
        let nodes = if clauses { entries.iter().flat_map(of_entry).collect() } else { Vec::new() };
        Self {
            evaluator,
            sheet,
            plan: plan(evaluator, sheet),
            verdicts: entries.iter().map(|entry| entry.verdict).collect(),
            clauses: nodes,
            forms: Mutex::default(),
            idle: Mutex::default(),
        }
    }

    /// The lists compiled.
    pub fn evaluator(&self) -> &Evaluator {
        self.evaluator
    }

    /// The column names of the catalogue.
    pub fn header(&self) -> &[String] {
        self.sheet.header()
    }

    /// Whether rows of plain figures are read column by column; otherwise inequalities between
    /// figures, limits that depend on other readings, or the mapping take the whole reader.
    pub fn is_columnar(&self) -> bool {
        self.plan.is_some()
    }

    /// How many codes each machine has, and how many of them are verdicts.
    pub fn width(&self) -> (usize, usize) {
        (self.verdicts.len() + self.clauses.len(), self.verdicts.len())
    }

    /// Screens a run of records; text that has to be read whole is given back.
    pub fn chunk(&self, chunk: &Chunk, delimiter: u8, header: bool) -> Result<Screened, Odd> {
        let mut worker = self.worker();
        let mut out = Screened::default();
        let mut lines = chunk.lines();
        let (skip, width) = (usize::from(header), self.sheet.header().len());
        let Worker { seen, grid, singles, .. } = &mut worker;
        let rows = chunk.rows(grid, delimiter)?;
        if let Some(plan) = &self.plan {
            seen.sort(self, plan, rows, (skip, width));
        }
        for (number, raw) in rows.iter().enumerate().skip(skip) {
            match self.plan.as_ref().and_then(|plan| Some((plan.id, seen.take(number)?))) {
                Some((id, waiting)) => waiting.owners.push(Some(name(&mut out, id, &raw))),
                None => {
                    self.single(&raw.record(lines.line_at(raw.start()), width), singles, &mut out)
                }
            }
        }
        self.finish(worker, &mut out);
        Ok(out)
    }

    /// Screens records that were read whole.
    pub fn records(&self, records: &[Record]) -> Screened {
        let mut worker = self.worker();
        let mut out = Screened::default();
        records.iter().for_each(|record| self.single(record, &mut worker.singles, &mut out));
        self.finish(worker, &mut out);
        out
    }

    fn worker(&self) -> Worker {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    fn finish(&self, mut worker: Worker, out: &mut Screened) {
        out.codes.resize(out.ends.len() * self.width().0, 0);
        self.run_waiting(&mut worker, out);
        self.run_singles(&mut worker, out);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(worker);
    }

    /// Runs the rows that wait, form by form.
    fn run_waiting(&self, worker: &mut Worker, out: &mut Screened) {
        let Worker { seen, blocks, owners, memories, .. } = worker;
        if blocks.is_empty() {
            blocks.extend(self.programs().map(Block::new));
        }
        for waiting in seen.forms.iter_mut().filter(|waiting| !waiting.owners.is_empty()) {
            let Waiting { form, owners: own, cells, .. } = waiting;
            match &**form {
                Form::Single => own.clear(),
                Form::Settled(codes) => {
                    for owner in own.drain(..).flatten() {
                        let place = owner * codes.len();
                        let slots = out.codes.get_mut(place..place + codes.len());
                        slots.unwrap_or_default().copy_from_slice(codes);
                    }
                }
                Form::Open(lanes) => {
                    for ((lane, columns), block) in lanes.iter().zip(cells).zip(blocks.iter_mut()) {
                        let slots = lane.places.iter().map(|place| place.slot);
                        let but: Vec<(Slot, &Cells)> = slots.zip(columns.iter()).collect();
                        block.push_alike(&lane.row, own.len(), &but);
                        columns.iter_mut().for_each(Cells::clear);
                    }
                    owners.append(own);
                    if owners.len() >= BLOCK {
                        self.run(blocks, memories, owners, out);
                    }
                }
            }
        }
        self.run(blocks, memories, owners, out);
    }

    /// Runs the rows of a block for each program, and empties it.
    fn run(
        &self,
        blocks: &mut [Block],
        [memory, doubting_memory]: &mut [Memory; 2],
        owners: &mut Vec<Option<usize>>,
        out: &mut Screened,
    ) {
        let [own, others @ ..] = &*blocks else { return };
        if owners.is_empty() {
            return;
        }
        let wanted = |root: Root, _: usize| self.verdicts.contains(&root);
        let found = self.evaluator.program.evaluate_with(memory, own, wanted);
        let doubted: Option<Verdicts> =
            self.doubting().zip(others.first()).map(|(doubting, block)| {
                let settled = |root: Root, row: usize| {
                    self.verdicts.contains(&root) && found.of(root, row).is_known()
                };
                doubting.evaluate_with(doubting_memory, block, settled)
            });
        let of = |root: Root, row: usize| Found {
            truth: found.of(root, row),
            doubted: doubted.as_ref().map(|doubted| doubted.of(root, row)),
            approximate: found.is_approximate(root, row),
        };
        self.show(out, owners, of, |node, row| found.clause(node, row));
        owners.clear();
        blocks.iter_mut().for_each(Block::clear);
    }

    /// The codes of a row into which nothing goes.
    fn alone(&self, lanes: &[Lane]) -> Vec<u8> {
        let mut out =
            Screened { ends: vec![0], codes: vec![0; self.width().0], ..Screened::default() };
        let mut blocks: Vec<Block> = self.programs().map(Block::new).collect();
        blocks.iter_mut().zip(lanes).for_each(|(block, lane)| block.push(&lane.row));
        self.run(&mut blocks, &mut <[Memory; 2]>::default(), &mut vec![Some(0)], &mut out);
        out.codes
    }

    /// Reads a row as everywhere else.
    fn single(&self, record: &Record, singles: &mut Vec<(usize, Machine)>, out: &mut Screened) {
        match self.sheet.machine(record, &mut out.remarks) {
            Ok(machine) => {
                out.ids.extend_from_slice(machine.id.as_bytes());
                out.ends.push(out.ids.len());
                singles.push((out.ends.len() - 1, machine));
            }
            Err(rejected) => out.rejected.push(rejected),
        }
    }

    fn run_singles(&self, worker: &mut Worker, out: &mut Screened) {
        let (owners, machines): (Vec<usize>, Vec<Machine>) = worker.singles.drain(..).unzip();
        if machines.is_empty() {
            return;
        }
        let policy = &self.evaluator.setup.policy;
        let program = &self.evaluator.program;
        let wanted = |_: usize, root: Root| self.verdicts.contains(&root);
        let found = Decided::new(self.evaluator, program, &machines, policy, wanted);
        let doubted = self.doubting().map(|doubting| {
            let settled = |machine: usize, root: Root| {
                self.verdicts.contains(&root) && found.truth(root, machine).is_known()
            };
            Decided::new(self.evaluator, doubting, &machines, policy, settled)
        });
        let of = |root: Root, at: usize| Found {
            truth: found.truth(root, at),
            doubted: doubted.as_ref().map(|doubted| doubted.truth(root, at)),
            approximate: found.is_approximate(root, at),
        };
        let clause = |node: NodeId, at: usize| {
            let truth = |row| found.verdicts.clause(node, row);
            found.rows_of(at).map(truth).fold(Truth::False, Truth::or)
        };
        let owners: Vec<Option<usize>> = owners.into_iter().map(Some).collect();
        self.show(out, &owners, of, clause);
    }

    /// Writes the codes of machines down, code by code.
    fn show(
        &self,
        out: &mut Screened,
        machines: &[Option<usize>],
        of: impl Fn(Root, usize) -> Found,
        clause: impl Fn(NodeId, usize) -> Truth,
    ) {
        let (width, verdicts) = self.width();
        let Screened { codes, approximate, .. } = out;
        let mut put = |machine: usize, at: usize, code: u8| {
            if let Some(slot) = codes.get_mut(machine * width + at) {
                *slot = code;
            }
        };
        let machines = || machines.iter().enumerate().filter_map(|(row, own)| Some((row, (*own)?)));
        for (entry, root) in self.verdicts.iter().enumerate() {
            for (row, machine) in machines() {
                let found = of(*root, row);
                *approximate += usize::from(found.approximate);
                put(machine, entry, self.verdict(entry, found.truth, found.doubted));
            }
        }
        for (at, node) in self.clauses.iter().enumerate() {
            for (row, machine) in machines() {
                put(machine, verdicts + at, clause(*node, row) as u8);
            }
        }
    }

    /// The programs that are run: the lists', and the one that leaves remembered figures open.
    fn programs(&self) -> impl Iterator<Item = &Program> + Clone {
        std::iter::once(&self.evaluator.program).chain(self.doubting())
    }

    fn doubting(&self) -> Option<&Program> {
        let accepted = self.evaluator.setup.accept_remembered;
        self.evaluator.doubting.as_ref().filter(|_| !accepted)
    }

    /// The verdict of an entry: withheld as everywhere else.
    fn verdict(&self, entry: usize, found: Truth, doubted: Option<Truth>) -> u8 {
        let found = Verdict::of(found);
        let doubtful = doubted == Some(Truth::Unknown) && found.is_settled();
        let withheld = Withheld::of(found, doubtful, self.evaluator.may_clear(entry));
        let verdict = if withheld.is_some() { Verdict::Undetermined } else { found };
        verdict.code()
    }
}

/// Takes up the row's identifier; gives its place.
fn name(out: &mut Screened, id: usize, raw: &Raw<'_>) -> usize {
    out.ids.extend_from_slice(raw.field(id).trim_ascii());
    out.ends.push(out.ids.len());
    out.ends.len() - 1
}
