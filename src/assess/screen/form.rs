//! Forms: what rows that say the same in words have in common.

use super::{Codes, Screen};
use crate::assess::evaluator::Evaluator;
use crate::catalogue::{Figures, Role, Sheet};
use crate::evidence::{Key, Picture};
use crate::machine::{Machine, ParameterId, Reading, Set};
use crate::quantity::{Ladder, Span};
use crate::rule::{Asked, Cell, NodeId, Program, Row, Slot};
use crate::table::{Raw, Record};

/// Which columns are looked at.
pub(super) struct Plan {
    pub id: usize,
    /// Columns of figures, each with its axis, if it is of one.
    pub figures: Vec<(usize, Figures, Option<usize>)>,
    /// How many axes they are of.
    pub axes: usize,
    /// Columns that say what one parameter is, whatever else the row says.
    pub words: Vec<Words>,
    /// Columns of which the form depends on what they say.
    pub said: Vec<usize>,
    /// Whether an assumption takes the axes that a row lists for all there are.
    pub closes_axes: bool,
}

/// The columns that say in words what one parameter is.
pub(super) struct Words {
    parameter: ParameterId,
    pub columns: Vec<usize>,
}

/// What rows that say the same in words have in common.
pub(super) enum Form {
    /// Their rows are read and drawn one by one.
    Single,
    /// Whatever the figures, these codes.
    Settled(Codes),
    /// The row of each program, and what goes into it.
    Open(Drawn),
}

/// A form that is run.
pub(super) struct Drawn {
    pub lanes: Vec<Lane>,
    /// For each of the plan's axes its place in the rows, if it has one.
    pub axes: Vec<Option<usize>>,
}

/// The row of one program without what goes into it.
pub(super) struct Lane {
    pub row: Row,
    pub places: Vec<Place>,
    /// What tests that a dial moves ask about, where no figure goes there.
    pub asked: Asked,
}

/// Where a figure or a word goes that may matter.
pub(super) struct Place {
    pub from: From,
    pub slot: Slot,
    /// What the slot holds where there is none.
    pub blank: Cell,
    /// What figures reach.
    pub ladder: Ladder,
}

/// Where what goes into a row comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum From {
    /// A figure of the plan; the lowest cell that it may be in, where it bounds from above only.
    Figure(usize, Option<u8>),
    /// Words of the plan.
    Words(usize),
}

impl Form {
    /// Whether a figure or a word of the plan may matter.
    pub(super) fn lives(&self, wanted: impl Fn(From) -> bool) -> bool {
        match self {
            Self::Single => true,
            Self::Settled(_) => false,
            Self::Open(drawn) => {
                drawn.lanes.iter().any(|lane| lane.places.iter().any(|place| wanted(place.from)))
            }
        }
    }

    /// Whether rows of the other form, which lists some of the axes of this one, may be run as
    /// rows of this one that lack the others.
    pub(super) fn holds(&self, other: &Self) -> bool {
        let (Self::Open(own), Self::Open(other)) = (self, other) else { return false };
        let pairs = own.axes.iter().zip(&other.axes);
        let mut kept: Vec<(usize, usize)> =
            pairs.filter_map(|(own, other)| Some(((*other)?, (*own)?))).collect();
        kept.sort_unstable();
        let kept: Vec<usize> = kept.into_iter().map(|(_, own)| own).collect();
        let in_own = |slot: Slot| match slot.axis() {
            None => Some(slot),
            Some(axis) => kept.get(axis).map(|axis| slot.of_axis(*axis)),
        };
        own.lanes.iter().zip(&other.lanes).all(|(lane, other)| {
            let known = |place: &Place| {
                let slot = in_own(place.slot);
                let same = |own: &Place| {
                    (own.from, Some(own.slot), own.blank) == (place.from, slot, place.blank)
                };
                lane.places.iter().any(same)
            };
            own.axes.iter().flatten().count() == lane.row.axes()
                && lane.row.holds(&other.row, &kept)
                && other.places.iter().all(known)
        })
    }
}

impl Screen<'_> {
    /// Draws the form of a row: with the figure 1 wherever it may have one, read as everywhere.
    ///
    /// Where it is not said which axes are there, every axis may be, and no figure has a place.
    pub(super) fn drawn(&self, plan: &Plan, raw: &Raw<'_>, there: Option<u64>) -> Option<Form> {
        let there_is = |axis: &usize| there.is_some_and(|there| there >> axis & 1 == 1);
        let mut record = raw.record(0, self.sheet.header().len());
        let mut write = |at: usize, text: &str| {
            if let Some(field) = record.fields.get_mut(at) {
                text.clone_into(field);
            }
        };
        for (at, _, axis) in &plan.figures {
            write(*at, if axis.as_ref().is_none_or(there_is) { "1" } else { "" });
        }
        plan.words.iter().flat_map(|words| &words.columns).for_each(|at| write(*at, ""));
        let mut machine = self.plain(&record)?;
        if there.is_none() {
            machine.axes_complete = false;
        }
        let probes = plan.figures.iter().map(|(at, ..)| probe(&machine, *at)).collect::<Vec<_>>();
        let of_figures = |r: &Reading| probes.iter().flatten().any(|p| p.column == r.column);
        machine.readings.retain(|reading| !of_figures(reading));
        if !self.is_apart(plan, &machine, &probes) {
            return None;
        }
        let mut lanes = Vec::new();
        for program in self.programs() {
            let mut picture = Picture::default();
            let row = self.row(program, &machine, &mut picture)?;
            let mut places = Vec::new();
            for (number, (probe, (_, _, axis))) in probes.iter().zip(&plan.figures).enumerate() {
                match probe {
                    Some(reading) => places.extend(self.place(program, number, reading)?),
                    None if axis.is_some_and(|axis| !there_is(&axis)) => {}
                    None => return None,
                }
            }
            for (number, words) in plan.words.iter().enumerate() {
                let slot = program.slot(words.key(), None);
                places.extend(slot.map(|slot| (From::Words(number), slot)));
            }
            let twice = |(at, (_, slot)): (usize, &(From, Slot))| {
                places.iter().skip(at + 1).any(|(_, other)| other == slot)
            };
            if places.iter().enumerate().any(twice) {
                return None;
            }
            let open = program.open_slots(&row, self.shown(program));
            let placed = |(from, slot): (From, Slot)| {
                let cuts = program.cuts(slot);
                let ladder = match from {
                    From::Figure(at, _) => plan.figures.get(at)?.1.ladder(cuts),
                    From::Words(_) => Ladder::default(),
                };
                let place = Place { from, slot, blank: row.cell(slot)?, ladder };
                Some(place).filter(|_| open.contains(&slot))
            };
            let places = places.into_iter().filter_map(placed).collect();
            let asked = self.dialled.map(|d| d.asked(&picture, |slot| open.contains(&slot)));
            lanes.push(Lane { row, places, asked: asked.unwrap_or_default() });
        }
        let mut axes = vec![None; plan.axes];
        for (probe, (_, _, axis)) in probes.iter().zip(&plan.figures) {
            if let (Some(probe), Some(slot)) = (probe, axis.and_then(|axis| axes.get_mut(axis))) {
                *slot = probe.axis.map(usize::from);
            }
        }
        let settled = self.settled(&lanes);
        Some(settled.map_or_else(|| Form::Open(Drawn { lanes, axes }), Form::Settled))
    }

    /// Whether nothing that a machine says, its figures taken out, has to be compared with them,
    /// and nothing is left that a dial asks about: where it turns is worked out from figures of
    /// columns.
    fn is_apart(&self, plan: &Plan, machine: &Machine, probes: &[Option<Reading>]) -> bool {
        let apart = |r: &Reading| {
            let again = |p: &Reading| (r.parameter, r.axis) == (p.parameter, p.axis);
            let moved = self.dialled.is_some_and(|d| d.watches_parameter(r.parameter));
            let worded = plan.words.iter().any(|words| words.parameter == r.parameter);
            !moved && !worded && !probes.iter().flatten().any(again)
        };
        machine.readings.iter().all(apart)
    }

    /// What words of a row come to in each program; `None` where they take the whole reader.
    pub(super) fn worded(&self, plan: &Plan, words: &Words, raw: &Raw<'_>) -> Option<Vec<Cell>> {
        let mut fields = vec![String::new(); self.sheet.header().len()];
        let own = words.columns.iter().map(|at| (*at, raw.text(*at).into_owned()));
        for (at, text) in own.chain([(plan.id, "m".to_owned())]) {
            *fields.get_mut(at)? = text;
        }
        let machine = self.plain(&Record { fields, ..Record::default() })?;
        let own = |r: &Reading| (r.parameter, r.axis, r.option) == (words.parameter, None, None);
        if !machine.readings.iter().all(own) || !machine.axes.is_empty() {
            return None;
        }
        let cell = |program: &Program| {
            let row = self.row(program, &machine, &mut Picture::default())?;
            // A program that does not ask keeps its place with any cell.
            let any = Cell::Truth(crate::logic::Truth::Unknown as u8);
            Some(program.slot(words.key(), None).and_then(|slot| row.cell(slot)).unwrap_or(any))
        };
        self.programs().map(cell).collect()
    }

    /// The machine of a row of which there is nothing to remark.
    fn plain(&self, record: &Record) -> Option<Machine> {
        let mut remarks = Vec::new();
        let machine = self.sheet.machine(record, &mut remarks).ok()?;
        (remarks.is_empty() && machine.fittings.is_empty()).then_some(machine)
    }

    /// The one row of a machine, and its picture.
    fn row(&self, program: &Program, machine: &Machine, picture: &mut Picture) -> Option<Row> {
        let policy = &self.evaluator.setup.policy;
        let mut rows = self.evaluator.rows(program, machine, policy, picture);
        rows.pop().filter(|_| rows.is_empty())
    }

    /// Where the figure of a probe goes; `Some(None)` for nowhere.
    fn place(
        &self,
        program: &Program,
        number: usize,
        probe: &Reading,
    ) -> Option<Option<(From, Slot)>> {
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
        let lowest = |slot| match program.cell(slot, &Set::Span(capped(point))) {
            Some(Cell::Range(lowest, _)) if upper_bound => Some(lowest),
            _ => None,
        };
        Some(slot.map(|slot| (From::Figure(number, lowest(slot)), slot)))
    }

    /// The codes of a form that nothing more changes.
    fn settled(&self, lanes: &[Lane]) -> Option<Codes> {
        let known = |(at, (program, lane)): (usize, (&Program, &Lane))| {
            self.is_known(program, &lane.row, at == 0)
        };
        self.programs().zip(lanes).enumerate().all(known).then(|| self.alone(lanes))
    }

    /// Whether every verdict, and with `clauses` every clause, is known of a row whatever its open
    /// figures are.
    fn is_known(&self, program: &Program, row: &Row, clauses: bool) -> bool {
        let found = program.evaluate(std::slice::from_ref(row), |_, _| false);
        let verdicts = self.verdicts.iter().all(|root| found.of(*root, 0).is_known());
        let known = |node: &NodeId| found.clause(*node, 0).is_known();
        verdicts && (!clauses || self.clauses.iter().all(known))
    }

    /// The nodes of a program that are shown.
    fn shown(&self, program: &Program) -> Vec<NodeId> {
        let own = std::ptr::eq(program, &self.evaluator.program);
        let clauses = self.clauses.iter().copied().filter(|_| own);
        self.verdicts.iter().filter_map(|root| program.node(*root)).chain(clauses).collect()
    }
}

impl Words {
    fn key(&self) -> Key {
        Key { parameter: self.parameter, by: None }
    }
}

pub(super) fn plan(evaluator: &Evaluator, sheet: &Sheet<'_>) -> Option<Plan> {
    let programs = [Some(&evaluator.program), evaluator.doubting.as_ref()];
    let frames = || programs.iter().flatten().map(|program| program.frame());
    let policy = &evaluator.setup.policy;
    let derives = policy.derive && frames().any(|frame| frame.is_derivable());
    if derives || programs.iter().flatten().any(|program| program.has_slopes()) {
        return None;
    }
    let roles = sheet.roles(|parameter| frames().any(|frame| frame.place(parameter).is_some()))?;
    let closes_axes = policy.assumptions.active().any(|a| a.close_axes);
    // Where nothing is derived or assumed, no parameter changes what is known of another one.
    let apart = !policy.derive && policy.assumptions.active().next().is_none();
    // Without an identifier of its own a row takes its name from other columns.
    let id = sheet.id()?;
    let mut plan =
        Plan { id, figures: Vec::new(), axes: 0, words: Vec::new(), said: Vec::new(), closes_axes };
    let mut axes: Vec<String> = Vec::new();
    for (at, role) in roles.into_iter().enumerate() {
        match role {
            Role::Unasked | Role::Name => {}
            Role::Words(parameter) if apart => {
                match plan.words.iter_mut().find(|words| words.parameter == parameter) {
                    Some(words) => words.columns.push(at),
                    None => plan.words.push(Words { parameter, columns: vec![at] }),
                }
            }
            Role::Said | Role::Words(_) => plan.said.push(at),
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
    plan.axes = axes.len();
    (plan.axes < 64).then_some(plan)
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
