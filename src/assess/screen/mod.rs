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
use crate::table::{Chunk, Odd, Raw, Record};

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
    /// The rows that are run together, for each program, and the machine of each.
    blocks: Vec<Block>,
    owners: Vec<usize>,
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
        let mut skip = header;
        let width = self.sheet.header().len();
        chunk.records(delimiter, |raw, start| {
            if std::mem::take(&mut skip) {
                return;
            }
            let plan = self.plan.as_ref().filter(|_| raw.width() == width);
            let form = plan.and_then(|plan| worker.seen.form(self, plan, raw));
            let known = form.and_then(|at| Some((plan?, at, worker.seen.forms.get(at)?)));
            match known.map(|(plan, at, waiting)| (plan, at, &*waiting.form)) {
                Some((plan, _, Form::Settled(codes))) => {
                    name(&mut out, plan.id, raw);
                    out.codes.extend_from_slice(codes);
                }
                Some((plan, at, Form::Open(_))) => {
                    let owner = name(&mut out, plan.id, raw);
                    out.codes.resize(out.codes.len() + self.width().0, 0);
                    worker.seen.wait(at, self.programs(), owner);
                }
                _ => self.single(&raw.record(lines.line_at(start), width), &mut worker, &mut out),
            }
        })?;
        self.finish(worker, &mut out);
        Ok(out)
    }

    /// Screens records that were read whole.
    pub fn records(&self, records: &[Record]) -> Screened {
        let mut worker = self.worker();
        let mut out = Screened::default();
        records.iter().for_each(|record| self.single(record, &mut worker, &mut out));
        self.finish(worker, &mut out);
        out
    }

    fn worker(&self) -> Worker {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    fn finish(&self, mut worker: Worker, out: &mut Screened) {
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
        for waiting in &mut seen.forms {
            let Waiting { form, owners: rows, cells } = waiting;
            let Form::Open(lanes) = &**form else { continue };
            if rows.is_empty() {
                continue;
            }
            for ((lane, columns), block) in lanes.iter().zip(cells).zip(blocks.iter_mut()) {
                let but: Vec<(Slot, &Cells)> =
                    lane.places.iter().map(|place| place.slot).zip(columns.iter()).collect();
                block.push_alike(&lane.row, rows.len(), &but);
                columns.iter_mut().for_each(Cells::clear);
            }
            owners.append(rows);
            if owners.len() >= BLOCK {
                self.run(blocks, memories, owners, out);
            }
        }
        self.run(blocks, memories, owners, out);
    }

    /// Runs the rows of a block for each program, and empties it.
    fn run(
        &self,
        blocks: &mut [Block],
        [memory, doubting_memory]: &mut [Memory; 2],
        owners: &mut Vec<usize>,
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
        for (row, owner) in owners.drain(..).enumerate() {
            let of = |root: Root| Found {
                truth: found.of(root, row),
                doubted: doubted.as_ref().map(|doubted| doubted.of(root, row)),
                approximate: found.is_approximate(root, row),
            };
            self.show(out, owner, of, |node| found.clause(node, row));
        }
        blocks.iter_mut().for_each(Block::clear);
    }

    /// The codes of a row into which nothing goes.
    fn alone(&self, lanes: &[Lane]) -> Vec<u8> {
        let mut out =
            Screened { ends: vec![0], codes: vec![0; self.width().0], ..Screened::default() };
        let mut blocks: Vec<Block> = self.programs().map(Block::new).collect();
        blocks.iter_mut().zip(lanes).for_each(|(block, lane)| block.push(&lane.row));
        self.run(&mut blocks, &mut <[Memory; 2]>::default(), &mut vec![0], &mut out);
        out.codes
    }

    /// Reads a row as everywhere else.
    fn single(&self, record: &Record, worker: &mut Worker, out: &mut Screened) {
        match self.sheet.machine(record, &mut out.remarks) {
            Ok(machine) => {
                out.ids.extend_from_slice(machine.id.as_bytes());
                out.ends.push(out.ids.len());
                out.codes.resize(out.codes.len() + self.width().0, 0);
                worker.singles.push((out.ends.len() - 1, machine));
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
        for (at, owner) in owners.into_iter().enumerate() {
            let of = |root: Root| Found {
                truth: found.truth(root, at),
                doubted: doubted.as_ref().map(|doubted| doubted.truth(root, at)),
                approximate: found.is_approximate(root, at),
            };
            let clause = |node: NodeId| {
                let truth = |row| found.verdicts.clause(node, row);
                found.rows_of(at).map(truth).fold(Truth::False, Truth::or)
            };
            self.show(out, owner, of, clause);
        }
    }

    /// Writes the codes of one machine down.
    fn show(
        &self,
        out: &mut Screened,
        machine: usize,
        of: impl Fn(Root) -> Found,
        clause: impl Fn(NodeId) -> Truth,
    ) {
        let (width, verdicts) = self.width();
        let codes = out.codes.get_mut(machine * width..(machine + 1) * width);
        let (own, below) = codes.unwrap_or_default().split_at_mut(verdicts);
        for ((entry, root), code) in self.verdicts.iter().enumerate().zip(own) {
            let found = of(*root);
            *code = self.verdict(entry, found.truth, found.doubted);
            out.approximate += usize::from(found.approximate);
        }
        for (node, code) in self.clauses.iter().zip(below) {
            *code = clause(*node) as u8;
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
