//! Forms: what rows that say the same in words have in common.

use std::sync::{Arc, PoisonError};

use super::{FORMS_MAX, Screen, Screened, Worker};
use crate::assess::evaluator::Evaluator;
use crate::catalogue::{Figures, Role, Sheet};
use crate::evidence::{Key, Picture};
use crate::machine::{Machine, Reading, Set};
use crate::quantity::Span;
use crate::rule::{NodeId, Program, Row, Slot};
use crate::table::Raw;

/// Which columns are looked at.
pub(super) struct Plan {
    pub id: usize,
    pub figures: Vec<(usize, Figures, Option<usize>)>,
    said: Vec<usize>,
    /// Whether an assumption takes the axes that a row lists for all there are.
    closes_axes: bool,
}

/// What rows that say the same in words have in common.
pub(super) enum Form {
    /// Their rows are read and drawn one by one.
    Single,
    /// Whatever the figures, these codes.
    Settled(Vec<u8>),
    /// For each program: the row without its figures, and where each figure goes.
    Open(Vec<(Row, Vec<Option<Place>>)>),
}

/// Where a figure goes, and whether it bounds from above only.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub slot: Slot,
    pub upper_bound: bool,
}

/// The forms of rows that say the same in words, by the axes that are there.
#[derive(Default)]
pub(super) struct Kin {
    /// The form that holds whatever axes are there, if there is one.
    all: Option<Arc<Form>>,
    /// The figures that may matter to some row of the kin.
    figures: Vec<usize>,
    known: Vec<(u64, Arc<Form>)>,
}

impl Kin {
    /// The kin of the rows that say the same as one whose form holds whatever axes are there.
    fn of(plan: &Plan, all: Arc<Form>) -> Self {
        let every = || (0..plan.figures.len()).collect();
        let figures = match &*all {
            // More axes may only be wanted where an assumption does not rule them out.
            _ if plan.closes_axes => every(),
            Form::Settled(_) => Vec::new(),
            Form::Single => every(),
            Form::Open(rows) => {
                let lives = |number: usize| {
                    rows.iter().any(|(_, places)| matches!(places.get(number), Some(Some(_))))
                };
                let of_axis = |number: usize| {
                    plan.figures.get(number).is_some_and(|(_, _, axis)| axis.is_some())
                };
                (0..plan.figures.len()).filter(|n| of_axis(*n) || lives(*n)).collect()
            }
        };
        let settled = !plan.closes_axes && matches!(*all, Form::Settled(_));
        Self { all: Some(all).filter(|_| settled), figures, known: Vec::new() }
    }
}

impl Screen<'_> {
    /// The form of a row, and its figures in the worker; `None` where it is not of plain figures.
    pub(super) fn form(
        &self,
        plan: &Plan,
        raw: &Raw<'_>,
        worker: &mut Worker,
    ) -> Option<Arc<Form>> {
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
                worker.kin.push(Kin::of(plan, all));
                worker.known.insert(worker.key.as_slice().into(), worker.kin.len() - 1);
                worker.kin.len() - 1
            }
        };
        let kin = worker.kin.get_mut(at)?;
        if let Some(form) = &kin.all {
            return Some(Arc::clone(form));
        }
        worker.values.clear();
        worker.values.resize(plan.figures.len(), None);
        let mut there = 0u64;
        for number in &kin.figures {
            let Some((at, figures, axis)) = plan.figures.get(*number) else { continue };
            let cell = raw.field(*at);
            if cell.is_empty() {
                continue;
            }
            let value = figures.value(cell)?;
            if let Some(slot) = worker.values.get_mut(*number) {
                *slot = Some(value);
            }
            there |= axis.map_or(0, |axis| 1 << axis);
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
}

pub(super) fn plan(evaluator: &Evaluator, sheet: &Sheet<'_>) -> Option<Plan> {
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
pub(super) fn capped(span: Span) -> Span {
    Span { above: Span::NOT_NEGATIVE.above, ..span }
}
