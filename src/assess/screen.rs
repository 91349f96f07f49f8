//! Screen: verdicts alone, for catalogues of any length, run by run.
//!
//! Rows that say the same in words (process, counts of axes, yes and no) share one *form*: their
//! machine is drawn once, and only its figures are put in row by row. A form that settles every
//! truth whatever the figures is not even run. Rows that are not of plain figures and known words
//! are read and drawn as everywhere else. Truth comes from `rule` alone, here too.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use foldhash::fast::FixedState;

use super::Verdict;
use super::classify::Withheld;
use super::decide::Decided;
use super::evaluator::Evaluator;
use crate::catalogue::{Figures, Rejected, Remark, Role, Sheet};
use crate::evidence::{Key, Picture};
use crate::logic::Truth;
use crate::machine::{Machine, Reading, Set};
use crate::quantity::{Span, Value};
use crate::rule::{Block, Memory, NodeId, Program, Root, Row, Slot};
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

/// The forms of rows that say the same in words, by the axes that are there.
#[derive(Default)]
struct Kin {
    /// The form that holds whatever axes are there, if there is one.
    all: Option<Arc<Form>>,
    known: Vec<(u64, Arc<Form>)>,
}

/// Which columns are looked at.
struct Plan {
    id: usize,
    figures: Vec<(usize, Figures, Option<usize>)>,
    said: Vec<usize>,
    /// Whether an assumption takes the axes that a row lists for all there are.
    closes_axes: bool,
}

/// What rows that say the same in words have in common.
enum Form {
    /// Their rows are read and drawn one by one.
    Single,
    /// Whatever the figures, these codes.
    Settled(Vec<u8>),
    /// For each program: the row without its figures, and where each figure goes.
    Open(Vec<(Row, Vec<Option<Place>>)>),
}

/// Where a figure goes, and whether it bounds from above only.
#[derive(Debug, Clone, Copy)]
struct Place {
    slot: Slot,
    upper_bound: bool,
}

/// The memory of one thread.
#[derive(Default)]
struct Worker {
    known: HashMap<Box<[u8]>, usize, FixedState>,
    kin: Vec<Kin>,
    key: Vec<u8>,
    values: Vec<Option<Value>>,
    /// Rows that wait to be run, for each program.
    waiting: Vec<Block>,
    /// The machine of each row that waits.
    owners: Vec<usize>,
    /// What the first program refined.
    memory: Memory,
    /// Machines that are drawn one by one, with their place.
    singles: Vec<(usize, Machine)>,
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
            let form = self.plan.as_ref().and_then(|plan| {
                (raw.width() == width).then(|| self.form(plan, raw, &mut worker)).flatten()
            });
            match (form.as_deref(), &self.plan) {
                (Some(Form::Settled(codes)), Some(plan)) => {
                    name(&mut out, plan.id, raw);
                    out.codes.extend_from_slice(codes);
                }
                (Some(Form::Open(rows)), Some(plan)) => {
                    let at = name(&mut out, plan.id, raw);
                    out.codes.resize(out.codes.len() + self.width().0, 0);
                    self.wait(&mut worker, rows, at);
                    if worker.owners.len() >= BLOCK {
                        self.run(&mut worker, &mut out);
                    }
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
        self.run(&mut worker, out);
        self.run_singles(&mut worker, out);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(worker);
    }

    /// The form of a row, and its figures in the worker; `None` where it is not of plain figures.
    fn form<'w>(&self, plan: &Plan, raw: &Raw<'_>, worker: &'w mut Worker) -> Option<Arc<Form>> {
        // A row without an identifier, or one with quotes inside, takes the whole reader.
        let id = raw.field(plan.id);
        if id.is_empty() || !id.is_ascii() && id.trim_ascii() != id || id.contains(&b'"') {
            return None;
        }
        worker.key.clear();
        for at in &plan.said {
            worker.key.extend_from_slice(raw.field(*at));
            worker.key.push(0);
        }
        let at = match worker.known.get(worker.key.as_slice()) {
            Some(at) => *at,
            None if worker.known.len() >= FORMS_MAX => return None,
            None => {
                // Axes that nobody has listed yet stand for whatever the row may list.
                let all = self.shared(plan, raw, &worker.key, None)?;
                let settled = !plan.closes_axes && matches!(*all, Form::Settled(_));
                worker.kin.push(Kin { all: Some(all).filter(|_| settled), known: Vec::new() });
                worker.known.insert(worker.key.as_slice().into(), worker.kin.len() - 1);
                worker.kin.len() - 1
            }
        };
        let kin = worker.kin.get_mut(at)?;
        if let Some(form) = &kin.all {
            return Some(Arc::clone(form));
        }
        worker.values.clear();
        let mut there = 0u64;
        for (at, figures, axis) in &plan.figures {
            let cell = raw.field(*at);
            let value = if cell.is_empty() { None } else { Some(figures.value(cell)?) };
            worker.values.push(value);
            if let (Some(axis), true) = (axis, value.is_some()) {
                there |= 1 << axis;
            }
        }
        if let Some((_, form)) = kin.known.iter().find(|(axes, _)| *axes == there) {
            return Some(Arc::clone(form));
        }
        let form = self.shared(plan, raw, &worker.key, Some(there))?;
        kin.known.push((there, Arc::clone(&form)));
        Some(form)
    }

    /// The form of a row, drawn once for all threads; `there` are the axes that it lists, if they
    /// matter. `None` where there are too many forms.
    fn shared(
        &self,
        plan: &Plan,
        raw: &Raw<'_>,
        key: &[u8],
        there: Option<u64>,
    ) -> Option<Arc<Form>> {
        let mut key = key.to_vec();
        key.extend(there.map(u64::to_le_bytes).into_iter().flatten());
        let mut forms = self.forms.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(form) = forms.get(key.as_slice()) {
            return Some(Arc::clone(form));
        }
        if forms.len() >= FORMS_MAX {
            return None;
        }
        let form = Arc::new(self.drawn(plan, raw, there).unwrap_or(Form::Single));
        forms.insert(key.into(), Arc::clone(&form));
        Some(form)
    }

    /// Draws the form of a row: with the figure 1 wherever it may have one, read as everywhere.
    ///
    /// Where it is not said which axes are there, every axis may be, and no figure has a place.
    fn drawn(&self, plan: &Plan, raw: &Raw<'_>, there: Option<u64>) -> Option<Form> {
        let there_is = |axis: &usize| there.is_some_and(|there| there >> axis & 1 == 1);
        let mut record = raw.record(0, self.sheet.header().len());
        for (at, _, axis) in &plan.figures {
            let has = axis.as_ref().is_none_or(there_is);
            if let Some(field) = record.fields.get_mut(*at) {
                *field = if has { "1".to_owned() } else { String::new() };
            }
        }
        let mut remarks = Vec::new();
        let mut machine = self.sheet.machine(&record, &mut remarks).ok()?;
        if !remarks.is_empty() || !machine.fittings.is_empty() {
            return None;
        }
        if there.is_none() {
            machine.axes_complete = false;
        }
        let probes = plan.figures.iter().map(|(at, ..)| probe(&machine, *at)).collect::<Vec<_>>();
        let of_figures = |r: &Reading| probes.iter().flatten().any(|p| p.column == r.column);
        machine.readings.retain(|reading| !of_figures(reading));
        // What two columns say has to be compared.
        let again = |p: &Reading| {
            machine.readings.iter().any(|r| (r.parameter, r.axis) == (p.parameter, p.axis))
        };
        if probes.iter().flatten().any(again) {
            return None;
        }
        let programs = [Some(&self.evaluator.program), self.doubting()];
        let policy = &self.evaluator.setup.policy;
        let mut rows = Vec::new();
        for program in programs.into_iter().flatten() {
            let mut picture = Picture::default();
            let mut drawn = self.evaluator.rows(program, &machine, policy, &mut picture);
            let row = drawn.pop().filter(|_| drawn.is_empty())?;
            let places = probes.iter().zip(&plan.figures);
            let places = places.map(|(probe, (_, _, axis))| match probe {
                Some(reading) => self.place(program, reading),
                None if axis.is_some_and(|axis| !there_is(&axis)) => Some(None),
                None => None,
            });
            let places: Vec<Option<Place>> = places.collect::<Option<_>>()?;
            let slots: Vec<Slot> = places.iter().flatten().map(|place| place.slot).collect();
            let twice = |(at, slot): (usize, &Slot)| slots.iter().skip(at + 1).any(|s| s == slot);
            if slots.iter().enumerate().any(twice) {
                return None;
            }
            let shown = self.clauses.iter().copied();
            let verdicts = self.verdicts.iter().filter_map(|root| program.node(*root));
            let own = std::ptr::eq(program, &self.evaluator.program);
            let shown: Vec<NodeId> = verdicts.chain(shown.filter(|_| own)).collect();
            let open = program.open_slots(&row, shown);
            let matters = |place: Option<Place>| place.filter(|place| open.contains(&place.slot));
            rows.push((row, places.into_iter().map(matters).collect()));
        }
        Some(self.settled(&rows).map_or(Form::Open(rows), Form::Settled))
    }

    /// Where the figure of a probe goes; `Some(None)` for nowhere.
    fn place(&self, program: &Program, probe: &Reading) -> Option<Option<Place>> {
        let Set::Span(point) = probe.set else { return None };
        let upper_bound = match self.evaluator.setup.policy.take(probe) {
            None => return Some(None),
            Some(Set::Span(span)) if span == point => false,
            Some(Set::Span(span)) if span == capped(point) => true,
            Some(set) if set == Set::domain(probe.parameter.row().kind) => return Some(None),
            Some(_) => return None,
        };
        let by = probe.parameter.row().editioned.then_some(probe.standard);
        let key = Key { parameter: probe.parameter, by };
        let slot = program.slot(key, probe.axis.map(usize::from));
        Some(slot.map(|slot| Place { slot, upper_bound }))
    }

    /// The codes of a form that its figures do not change.
    fn settled(&self, rows: &[(Row, Vec<Option<Place>>)]) -> Option<Vec<u8>> {
        let mut worker = Worker::default();
        let mut out = Screened::default();
        out.codes.resize(self.width().0, 0);
        out.ends.push(0);
        worker.values = vec![None; rows.first().map_or(0, |(_, places)| places.len())];
        let programs = [Some(&self.evaluator.program), self.doubting()];
        let lanes = programs.into_iter().flatten().zip(rows);
        let mut lanes = lanes.enumerate();
        if !lanes.all(|(at, (program, (row, _)))| self.is_known(program, row, at == 0)) {
            return None;
        }
        self.wait(&mut worker, rows, 0);
        self.run(&mut worker, &mut out);
        Some(out.codes)
    }

    /// Whether every verdict, and with `clauses` every clause, is known of a row whatever its open
    /// figures are.
    fn is_known(&self, program: &Program, row: &Row, clauses: bool) -> bool {
        let found = program.evaluate(std::slice::from_ref(row), |_, _| false);
        let verdicts = self.verdicts.iter().all(|root| found.of(*root, 0).is_known());
        let known = |node: &NodeId| found.clause(*node, 0).is_known();
        verdicts && (!clauses || self.clauses.iter().all(known))
    }

    /// Adds a row to those that wait, with its figures.
    fn wait(&self, worker: &mut Worker, rows: &[(Row, Vec<Option<Place>>)], owner: usize) {
        let programs = [Some(&self.evaluator.program), self.doubting()];
        let programs = programs.into_iter().flatten();
        if worker.waiting.is_empty() {
            worker.waiting = programs.clone().map(Block::new).collect();
        }
        for ((program, (form, places)), block) in programs.zip(rows).zip(&mut worker.waiting) {
            block.push(form);
            for (value, place) in worker.values.iter().zip(places) {
                if let (Some(value), Some(place)) = (value, place) {
                    let point = Span::point(*value);
                    let span = if place.upper_bound { capped(point) } else { point };
                    block.put(program, place.slot, span);
                }
            }
        }
        worker.owners.push(owner);
    }

    /// Runs the rows that wait.
    fn run(&self, worker: &mut Worker, out: &mut Screened) {
        let Worker { waiting, memory, owners, .. } = worker;
        if owners.is_empty() {
            return;
        }
        let [own, others @ ..] = waiting.as_slice() else { return };
        let wanted = |root: Root, _: usize| self.verdicts.contains(&root);
        let found = self.evaluator.program.evaluate_with(memory, own, wanted);
        let doubted = self.doubting().zip(others.first()).map(|(doubting, block)| {
            let settled = |root: Root, row: usize| {
                self.verdicts.contains(&root) && found.of(root, row).is_known()
            };
            doubting.evaluate_with(&mut Memory::default(), block, settled)
        });
        waiting.iter_mut().for_each(Block::clear);
        let (width, verdicts) = self.width();
        for (row, owner) in owners.drain(..).enumerate() {
            let codes = out.codes.get_mut(owner * width..(owner + 1) * width);
            let (own, below) = codes.unwrap_or_default().split_at_mut(verdicts);
            for ((entry, root), code) in self.verdicts.iter().enumerate().zip(own) {
                let doubt = doubted.as_ref().map(|doubted| doubted.of(*root, row));
                *code = self.verdict(entry, found.of(*root, row), doubt);
                out.approximate += usize::from(found.is_approximate(*root, row));
            }
            for (node, code) in self.clauses.iter().zip(below) {
                *code = found.clause(*node, row) as u8;
            }
        }
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
        let (width, verdicts) = self.width();
        for (at, owner) in owners.into_iter().enumerate() {
            let codes = out.codes.get_mut(owner * width..(owner + 1) * width);
            let (own, below) = codes.unwrap_or_default().split_at_mut(verdicts);
            for ((entry, root), code) in self.verdicts.iter().enumerate().zip(own) {
                let doubt = doubted.as_ref().map(|doubted| doubted.truth(*root, at));
                *code = self.verdict(entry, found.truth(*root, at), doubt);
                out.approximate += usize::from(found.is_approximate(*root, at));
            }
            for (node, code) in self.clauses.iter().zip(below) {
                let truth = |row| found.verdicts.clause(*node, row);
                *code = found.rows_of(at).map(truth).fold(Truth::False, Truth::or) as u8;
            }
        }
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

fn plan(evaluator: &Evaluator, sheet: &Sheet<'_>) -> Option<Plan> {
    let programs = [Some(&evaluator.program), evaluator.doubting.as_ref()];
    let frames = || programs.iter().flatten().map(|program| program.frame());
    let derives = evaluator.setup.policy.derive && frames().any(|frame| frame.is_derivable());
    if derives || programs.iter().flatten().any(|program| program.has_slopes()) {
        return None;
    }
    let roles = sheet.roles(|parameter| frames().any(|frame| frame.place(parameter).is_some()))?;
    let closes_axes = evaluator.setup.policy.assumptions.active().any(|a| a.close_axes);
    // Without an identifier of its own a row takes its name from other columns.
    let mut plan = Plan { id: sheet.id()?, figures: Vec::new(), said: Vec::new(), closes_axes };
    let mut axes: Vec<String> = Vec::new();
    for (at, role) in roles.into_iter().enumerate() {
        match role {
            Role::Unasked | Role::Name => {}
            Role::Said => plan.said.push(at),
            Role::Figures(figures) => {
                let axis = figures.axis.as_ref().map(|label| {
                    let known = axes.iter().position(|axis| axis.eq_ignore_ascii_case(label));
                    known.unwrap_or_else(|| {
                        axes.push(label.clone());
                        axes.len() - 1
                    })
                });
                plan.figures.push((at, figures, axis));
            }
        }
    }
    (axes.len() <= 64).then_some(plan)
}

/// The reading that the figure 1 in a column became, if just one did.
fn probe(machine: &Machine, column: usize) -> Option<Reading> {
    let mut of_column = machine.readings.iter().filter(|r| usize::from(r.column) == column);
    of_column.next().copied().filter(|_| of_column.next().is_none())
}

/// A span of which only the upper end is relied on.
fn capped(span: Span) -> Span {
    Span { above: Span::NOT_NEGATIVE.above, ..span }
}

/// Takes up the row's identifier; gives its place.
fn name(out: &mut Screened, id: usize, raw: &Raw<'_>) -> usize {
    out.ids.extend_from_slice(raw.field(id).trim_ascii());
    out.ends.push(out.ids.len());
    out.ends.len() - 1
}
