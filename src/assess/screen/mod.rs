//! Screen: verdicts alone, for catalogues of any length, run by run.
//!
//! Rows that say the same in words (processes, say) share one *form*: their machine is drawn once,
//! and only figures, and words that concern nothing else, are put in row by row. A form that
//! settles every truth whatever these are is not even run. Rows that are not of plain figures and
//! known words are read and drawn as everywhere else. Truth comes from `rule` alone, here too.

mod codes;
mod form;
mod seen;
mod swept;
mod taken;
mod texts;
mod waiting;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use foldhash::fast::FixedState;

pub use codes::{Codes, Shape};
use form::{Form, Lane, Plan, plan};
use seen::Seen;
pub use swept::Drawing;
use waiting::NOBODY;

use super::Verdict;
use super::classify::Withheld;
use super::decide::Decided;
use super::evaluator::Evaluator;
use crate::catalogue::{Rejected, Remark, Sheet};
use crate::logic::Truth;
use crate::machine::Machine;
use crate::rule::{Block, Dialled, Memory, NodeId, Program, Root, Verdicts};
use crate::table::{Chunk, Column, Grid, Odd, Raw, Record};

/// How many rows are run at once; and of those that were drawn one by one.
const BLOCK: usize = 2048;
const SINGLES: usize = 256;
/// More forms than this are not kept: a column that was taken for words holds something else.
const FORMS_MAX: usize = 1 << 12;

/// What a screening says of a run of rows, in their order.
#[derive(Debug, Default)]
pub struct Screened {
    /// The machines' identifiers, one after the other.
    pub ids: Vec<u8>,
    /// Where each identifier ends.
    pub ends: Vec<usize>,
    /// For each machine, what [`Screen::width`] says.
    pub codes: Codes,
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
    shape: Arc<Shape>,
    /// The dials that are turned, where rows are drawn for a sweep.
    dialled: Option<&'e Dialled<'e>>,
    forms: Mutex<Forms>,
    idle: Mutex<Vec<Worker>>,
}

type Forms = HashMap<Box<[u8]>, Arc<Form>, FixedState>;

/// The memory of one thread.
#[derive(Default)]
struct Worker {
    seen: Seen,
    grid: Grid,
    /// The machine of each row of the run; [`NOBODY`] where it takes the whole reader.
    machines: Vec<u32>,
    /// The rows that are run together, for each program, and the machine of each.
    blocks: Vec<Block>,
    owners: Vec<u32>,
    /// What the programs refined.
    memories: [Memory; 2],
    /// Machines that are drawn one by one, with their place.
    singles: Vec<(u32, Machine)>,
}

impl Screened {
    /// How many bytes it takes, roughly.
    pub fn size(&self) -> usize {
        const ROW: usize = 512;
        let own = self.ids.len() + 8 * (self.ends.len() + self.codes.words().len());
        own + ROW * (self.rejected.len() + self.remarks.len())
    }

    /// Adds the machine of a row that says who it is without a closer look, if it does.
    #[inline(always)]
    fn named_plainly(&mut self, raw: &Raw<'_>, (at, column): (usize, Column<'_>)) -> bool {
        match column.short(raw.first()).filter(|(id, _)| is_bare(id)) {
            Some((id, length)) => {
                let end = self.ids.len() + length;
                // All sixteen bytes, rather than to copy as many as there are.
                let bytes: [u8; 16] = pulp::bytemuck::cast(id.map(u64::to_le));
                self.ids.extend_from_slice(&bytes);
                self.ids.truncate(end);
                self.ends.push(end);
            }
            None if is_identifier(raw, at) => {
                self.named(raw.field(at).trim_ascii());
            }
            None => return false,
        }
        true
    }

    /// Adds a machine; gives its number.
    fn named(&mut self, id: &[u8]) -> u32 {
        self.ids.extend_from_slice(id);
        self.ends.push(self.ids.len());
        (self.ends.len() - 1) as u32
    }
}

/// Whether a short text needs neither trimming nor a look at quotes: its first byte and its last
/// are ASCII and neither blanks nor quotes.
#[inline(always)]
fn is_bare([low, high]: &[u64; 2]) -> bool {
    let last = if *high == 0 { low } else { high };
    let last = (last >> (56 - last.leading_zeros() / 8 * 8)) as u8;
    let bare = |byte: u8| byte.is_ascii_graphic() && byte != b'"';
    bare(*low as u8) && bare(last)
}

/// Whether a field names a machine without a closer look: not blank, no quotes inside, and what has
/// to be trimmed is ASCII.
fn is_identifier(raw: &Raw<'_>, at: usize) -> bool {
    let id = raw.field(at);
    let text = str::from_utf8(id).map_or("", str::trim);
    let trimmed = !text.is_empty() && id.trim_ascii() == text.as_bytes();
    trimmed && !(raw.is_quoted(at) && id.contains(&b'"'))
}

impl<'e> Screen<'e> {
    /// Prepares a screening; with `clauses` also the truth of each clause, and with `remarks` every
    /// cell is read, whether or not a list looks at it.
    pub fn new(
        evaluator: &'e Evaluator,
        sheet: &'e Sheet<'e>,
        clauses: bool,
        remarks: bool,
    ) -> Self {
        let entries = evaluator.program.entries();
        let of_entry = |entry: &crate::rule::Entry| -> Vec<NodeId> {
            let below = |clause: &&crate::list::Clause| clause.id != entry.list.header.root;
            let nodes = entry.list.clauses.iter().zip(&entry.clauses);
            nodes.filter(|(clause, _)| below(clause)).map(|(_, node)| *node).collect()
        };
        let shown: &[crate::rule::Entry] = if clauses { entries } else { &[] };
        let nodes: Vec<Vec<NodeId>> = shown.iter().map(of_entry).collect();
        let cells = entries.iter().map(|_| 1).chain(nodes.iter().map(Vec::len));
        let shape = Arc::new(Shape::new(&cells.collect::<Vec<_>>()));
        Self {
            evaluator,
            sheet,
            plan: plan(evaluator, sheet).filter(|_| !remarks),
            verdicts: entries.iter().map(|entry| entry.verdict).collect(),
            clauses: nodes.concat(),
            shape,
            dialled: None,
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

    /// Where they stand: a cell for each verdict, and one for the clauses of each list.
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Screens a run of records; text that has to be read whole is given back.
    pub fn chunk(&self, chunk: &Chunk, delimiter: u8, header: bool) -> Result<Screened, Odd> {
        let mut worker = self.worker();
        let mut out = self.screened();
        self.sort(&mut worker, chunk, (delimiter, header), &mut out)?;
        self.finish(worker, &mut out);
        Ok(out)
    }

    /// Sorts the rows of a run by what becomes of them, and names their machines.
    fn sort(
        &self,
        worker: &mut Worker,
        chunk: &Chunk,
        (delimiter, header): (u8, bool),
        out: &mut Screened,
    ) -> Result<(), Odd> {
        let (skip, width) = (usize::from(header), self.sheet.header().len());
        let Worker { seen, grid, singles, machines, .. } = worker;
        let rows = chunk.rows(grid, delimiter)?;
        let plan = self.plan.as_ref();
        if plan.is_some_and(|plan| seen.sort(self, plan, rows, (skip, width), out)) {
            seen.name_in_order(skip);
            return Ok(());
        }
        // Some rows take the whole reader: what they are called is not known before.
        out.ids.clear();
        out.ends.clear();
        machines.clear();
        machines.resize(skip, NOBODY);
        let mut lines = chunk.lines();
        for (number, raw) in rows.iter().enumerate().skip(skip) {
            machines.push(match plan.filter(|_| !seen.is_odd(number)) {
                Some(plan) => out.named(raw.field(plan.id).trim_ascii()),
                None => {
                    let record = raw.record(lines.line_at(raw.start()), width);
                    self.single(&record, singles, out);
                    NOBODY
                }
            });
        }
        seen.name(machines);
        Ok(())
    }

    /// Screens records that were read whole.
    pub fn records(&self, records: &[Record]) -> Screened {
        let mut worker = self.worker();
        let mut out = self.screened();
        records.iter().for_each(|record| self.single(record, &mut worker.singles, &mut out));
        self.finish(worker, &mut out);
        out
    }

    fn screened(&self) -> Screened {
        Screened { codes: Codes::new(&self.shape), ..Screened::default() }
    }

    fn worker(&self) -> Worker {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    fn finish(&self, mut worker: Worker, out: &mut Screened) {
        out.codes.resize(out.ends.len());
        self.run_waiting(&mut worker, out);
        self.run_singles(&mut worker.singles, out);
        self.give_back(worker);
    }

    fn give_back(&self, worker: Worker) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(worker);
    }

    /// Runs the rows that wait, form by form.
    fn run_waiting(&self, worker: &mut Worker, out: &mut Screened) {
        let Worker { seen, blocks, owners, memories, .. } = worker;
        if blocks.is_empty() {
            blocks.extend(self.programs().map(Block::new));
        }
        for waiting in seen.forms.iter_mut().filter(|waiting| !waiting.owners.is_empty()) {
            match &*waiting.form {
                Form::Single => {}
                Form::Settled(codes) => {
                    for owner in waiting.owners.drain(..).filter(|owner| *owner != NOBODY) {
                        out.codes.copy(owner, codes);
                    }
                }
                Form::Open(_) => {
                    waiting.move_to(blocks, owners);
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
        owners: &mut Vec<u32>,
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
        out.approximate += self.verdicts.iter().flat_map(|root| found.approximate(*root)).count();
        let verdicts = self.verdicts.iter().enumerate().map(|(entry, root)| {
            let doubted = doubted.as_ref().map(|doubted| doubted.truths(*root));
            Cow::Owned(self.codes(entry, found.truths(*root), doubted))
        });
        let clauses = self.clauses.iter().map(|node| Cow::Borrowed(found.clauses(*node)));
        out.codes.put(owners, &verdicts.chain(clauses).collect::<Vec<_>>());
        memory.keep(found);
        doubted.into_iter().for_each(|doubted| doubting_memory.keep(doubted));
        owners.clear();
        blocks.iter_mut().for_each(Block::clear);
    }

    /// The codes of a row into which nothing goes.
    fn alone(&self, lanes: &[Lane]) -> Codes {
        let mut out = self.screened();
        out.codes.resize(1);
        let mut blocks: Vec<Block> = self.programs().map(Block::new).collect();
        blocks.iter_mut().zip(lanes).for_each(|(block, lane)| block.push(&lane.row));
        self.run(&mut blocks, &mut <[Memory; 2]>::default(), &mut vec![0], &mut out);
        out.codes
    }

    /// Reads a row as everywhere else.
    fn single(&self, record: &Record, singles: &mut Vec<(u32, Machine)>, out: &mut Screened) {
        match self.sheet.machine(record, &mut out.remarks) {
            Ok(machine) => {
                singles.push((out.named(machine.id.as_bytes()), machine));
                if singles.len() >= SINGLES && self.dialled.is_none() {
                    out.codes.resize(out.ends.len());
                    self.run_singles(singles, out);
                }
            }
            Err(rejected) => out.rejected.push(rejected),
        }
    }

    /// Runs machines that were drawn one by one.
    fn run_singles(&self, singles: &mut Vec<(u32, Machine)>, out: &mut Screened) {
        let (owners, machines): (Vec<u32>, Vec<Machine>) = singles.drain(..).unzip();
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
        let each = || 0..machines.len();
        let verdicts = self.verdicts.iter().enumerate().map(|(entry, root)| {
            let truths = |decided: &Decided| -> Vec<u8> {
                each().map(|machine| decided.truth(*root, machine) as u8).collect()
            };
            let doubted = doubted.as_ref().map(truths);
            self.codes(entry, &truths(&found), doubted.as_deref())
        });
        let clauses = self.clauses.iter().map(|node| {
            let of = |machine: usize| {
                let truth = |row| found.verdicts.clause(*node, row);
                found.rows_of(machine).map(truth).fold(Truth::False, Truth::or) as u8
            };
            each().map(of).collect()
        });
        let planes: Vec<Cow<'_, [u8]>> = verdicts.chain(clauses).map(Cow::Owned).collect();
        let vague = |machine: usize| {
            self.verdicts.iter().filter(|root| found.is_approximate(**root, machine)).count()
        };
        out.approximate += each().map(vague).sum::<usize>();
        out.codes.put(&owners, &planes);
    }

    /// The codes of an entry's verdicts, from the bytes of truths.
    fn codes(&self, entry: usize, found: &[u8], doubted: Option<&[u8]>) -> Vec<u8> {
        const TRUTHS: [Truth; 3] = [Truth::False, Truth::Unknown, Truth::True];
        let of = |table: [u8; 3], byte: u8| match Truth::from_byte(byte) {
            Truth::False => table[0],
            Truth::Unknown => table[1],
            Truth::True => table[2],
        };
        let plain = TRUTHS.map(|truth| self.verdict(entry, truth, None));
        let Some(doubted) = doubted else {
            return found.iter().map(|truth| of(plain, *truth)).collect();
        };
        let [no, open, yes] =
            TRUTHS.map(|truth| TRUTHS.map(|doubt| self.verdict(entry, truth, Some(doubt))));
        let both = found.iter().zip(doubted);
        both.map(|(truth, doubt)| of([of(no, *doubt), of(open, *doubt), of(yes, *doubt)], *truth))
            .collect()
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
