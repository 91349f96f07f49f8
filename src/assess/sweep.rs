//! Sweep: what a list captures for every value of a dial.
//!
//! A machine's verdict can change only where the dial passes an end of one of its readings, or
//! another limit on a reading that is not one value. So the list is run again just there, by the
//! same program as always, and the curve is exact for every value in between.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::compare::Tally;
use super::decide::Decided;
use super::evaluator::Evaluator;
use crate::catalogue::Catalogue;
use crate::error::{Error, Result, nearest};
use crate::evidence::{Key, Picture};
use crate::list::{Dial, DialLimit, List};
use crate::logic::Truth;
use crate::machine::{self, Machine, Set, label};
use crate::quantity::{Comparator, Span, Value};

/// Machines that are certainly captured, and those that are possibly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Captured {
    /// Certainly.
    pub certain: Tally,
    /// Certainly or possibly.
    pub possible: Tally,
}

/// How a curve does on machines that experts marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Marked {
    /// Of concern and certainly captured.
    pub hits: usize,
    /// Of concern and certainly not captured.
    pub misses: usize,
    /// Not of concern and certainly captured.
    pub false_alarms: usize,
    /// Marked either way and undecided.
    pub open: usize,
}

/// The curve from one value of the dial on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// From this value of the dial on; none for all values before the first one that matters.
    pub from: Option<Value>,
    /// What is captured.
    pub captured: Captured,
    /// How that fits the marks.
    pub marked: Marked,
}

/// What a list captures for every value of a dial.
#[derive(Debug, Clone, PartialEq)]
pub struct Sweep {
    /// The list.
    pub list: String,
    /// The dial.
    pub dial: Dial,
    /// The limits that it moves, as they stand.
    pub limits: Vec<DialLimit>,
    /// Where the dial stands.
    pub stands: Value,
    /// How many machines there are.
    pub machines: usize,
    /// The curve, from the smallest value on; neighbours differ.
    pub points: Vec<Point>,
    /// For each machine that moves at all: the values at which it does.
    pub turns: Vec<Vec<Value>>,
}

/// The marks of a catalogue: for each machine whether it is of concern, if it is marked.
pub fn marks(catalogue: &Catalogue, column: Option<&str>) -> Result<Vec<Option<bool>>> {
    let Some(name) = column else { return Ok(vec![None; catalogue.machines.len()]) };
    let at = catalogue.header.iter().position(|known| known.eq_ignore_ascii_case(name.trim()));
    let Some(at) = at else {
        let error = Error::usage(format!("the catalogue has no column `{name}`"));
        return Err(match nearest(name, catalogue.header.iter().map(String::as_str)) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error.help("marks are yes or no"),
        });
    };
    let mark = |record: &crate::table::Record| {
        label::read(label::TRUTH, record.field(at).trim()).map(|truth| truth == 0b10)
    };
    Ok(catalogue.records.iter().map(mark).collect())
}

impl Sweep {
    /// Sweeps a dial of an evaluator's first list over machines; `step` is called after each run.
    pub fn new(
        evaluator: &Evaluator,
        dial: &Dial,
        machines: &[Machine],
        weights: &[Option<Value>],
        marks: &[Option<bool>],
        step: impl Fn(usize, usize) + Sync,
    ) -> Result<Self> {
        let list = bare(evaluator)?;
        let limits = dial.limits(&list)?;
        let stands = dial.value(&list)?;
        let here = Evaluator::bare(list.clone(), &evaluator.setup)?;
        let breaks: Vec<Vec<Value>> =
            machines.par_iter().map(|machine| breaks(&here, dial, &limits, machine)).collect();
        // Who has to be run where; one more run stands for all smaller values.
        let mut runs: BTreeMap<Value, Vec<usize>> = BTreeMap::new();
        for (at, breaks) in breaks.iter().enumerate() {
            let first = breaks.first().copied().unwrap_or(stands);
            let before = Value::from_count(first.count() - 1).unwrap_or(first);
            for value in std::iter::once(before).chain(breaks.iter().copied()) {
                runs.entry(value).or_default().push(at);
            }
        }
        let total = runs.len();
        let found: Vec<(Value, Vec<(usize, Truth)>)> = runs
            .into_par_iter()
            .map(|(value, who)| {
                let truths = run(evaluator, &list, dial, value, machines, &who);
                step(1, total);
                truths.map(|truths| (value, who.into_iter().zip(truths).collect()))
            })
            .collect::<Result<_>>()?;
        let mut sweep = Self {
            list: list.marked_title(),
            dial: dial.clone(),
            limits,
            stands,
            machines: machines.len(),
            points: Vec::new(),
            turns: Vec::new(),
        };
        sweep.gather(machines.len(), found, weights, marks);
        Ok(sweep)
    }

    /// Puts the truths of machines at values together to the curve.
    fn gather(
        &mut self,
        machines: usize,
        found: Vec<(Value, Vec<(usize, Truth)>)>,
        weights: &[Option<Value>],
        marks: &[Option<bool>],
    ) {
        let mut known: Vec<Option<Truth>> = vec![None; machines];
        let mut turns: Vec<Vec<Value>> = vec![Vec::new(); machines];
        let mut changes: BTreeMap<Value, Vec<(usize, Truth, Truth)>> = BTreeMap::new();
        for (value, truths) in found {
            for (at, truth) in truths {
                let Some(before) = known.get_mut(at) else { continue };
                match *before {
                    Some(was) if was != truth => {
                        changes.entry(value).or_default().push((at, was, truth));
                        if let Some(turns) = turns.get_mut(at) {
                            turns.push(value);
                        }
                    }
                    _ => {}
                }
                *before = Some(truth);
            }
        }
        // Back to where each machine began.
        let mut begun = known;
        for of_value in changes.values().rev() {
            for (at, was, _) in of_value {
                if let Some(begun) = begun.get_mut(*at) {
                    *begun = Some(*was);
                }
            }
        }
        let mut point =
            Point { from: None, captured: Captured::default(), marked: Marked::default() };
        let weight = |at: usize| {
            weights.get(at).copied().flatten().map_or(0, |weight| i128::from(weight.count()))
        };
        let mark = |at: usize| marks.get(at).copied().flatten();
        for (at, truth) in begun.iter().enumerate() {
            count(&mut point, truth.unwrap_or_default(), weight(at), mark(at), true);
        }
        self.points.push(point);
        for (value, of_value) in changes {
            point.from = Some(value);
            for (at, was, now) in of_value {
                count(&mut point, was, weight(at), mark(at), false);
                count(&mut point, now, weight(at), mark(at), true);
            }
            self.points.push(point);
        }
        self.turns = turns.into_iter().filter(|turns| !turns.is_empty()).collect();
    }

    /// What is captured where the dial is turned to a value.
    pub fn at(&self, value: Value) -> Point {
        let behind = self.points.partition_point(|p| p.from.is_none_or(|from| from <= value));
        let empty = Point { from: None, captured: Captured::default(), marked: Marked::default() };
        behind.checked_sub(1).and_then(|at| self.points.get(at)).copied().unwrap_or(empty)
    }

    /// For each machine that moves, how far from where the dial stands the nearest value is at
    /// which it does.
    pub fn margins(&self) -> Vec<i64> {
        let stands = self.stands.count();
        let from = |value: &Value| value.count().saturating_sub(stands);
        let nearest = |turns: &Vec<Value>| turns.iter().map(from).min_by_key(|gap| gap.abs());
        self.turns.iter().filter_map(nearest).collect()
    }

    /// How many machines move within some part of where the dial stands, on either side.
    pub fn near(&self, part: f64) -> usize {
        let reach = (self.stands.count().unsigned_abs() as f64 * part) as u64;
        let within = |value: &Value| value.count().abs_diff(self.stands.count()) <= reach;
        self.turns.iter().filter(|turns| turns.iter().any(within)).count()
    }
}

/// Adds a machine to a point, or takes it away.
fn count(point: &mut Point, truth: Truth, weight: i128, mark: Option<bool>, add: bool) {
    let turn = |tally: &mut Tally| {
        if add {
            tally.machines += 1;
            tally.weight += weight;
        } else {
            tally.machines -= 1;
            tally.weight -= weight;
        }
    };
    if truth == Truth::True {
        turn(&mut point.captured.certain);
    }
    if truth != Truth::False {
        turn(&mut point.captured.possible);
    }
    let cell = match (mark, truth) {
        (None, _) | (Some(false), Truth::False) => None,
        (Some(_), Truth::Unknown) => Some(&mut point.marked.open),
        (Some(true), Truth::True) => Some(&mut point.marked.hits),
        (Some(true), Truth::False) => Some(&mut point.marked.misses),
        (Some(false), Truth::True) => Some(&mut point.marked.false_alarms),
    };
    if let Some(cell) = cell {
        *cell = if add { *cell + 1 } else { cell.saturating_sub(1) };
    }
}

/// What is captured at every pair of values of two dials.
#[derive(Debug, Clone, PartialEq)]
pub struct Map {
    /// The values of the first dial.
    pub first: Vec<Value>,
    /// The values of the second.
    pub second: Vec<Value>,
    /// For each value of the first and each of the second.
    pub captured: Vec<Vec<Captured>>,
}

impl Map {
    /// Runs a list at every pair of values at which some machine moves, thinned out evenly to at
    /// most `steps` values a dial; `step` is called after each run.
    pub fn new(
        evaluator: &Evaluator,
        dials: [&Dial; 2],
        machines: &[Machine],
        weights: &[Option<Value>],
        steps: usize,
        step: impl Fn(usize, usize) + Sync,
    ) -> Result<Self> {
        let list = bare(evaluator)?;
        let values = |dial: &Dial| -> Result<Vec<Value>> {
            let none = vec![None; machines.len()];
            let sweep =
                Sweep::new(evaluator, dial, machines, &none, &none_marks(machines), |_, _| ())?;
            let mut all: Vec<Value> = sweep.points.iter().filter_map(|point| point.from).collect();
            all.push(sweep.stands);
            all.sort_unstable();
            all.dedup();
            Ok(thinned(&all, steps))
        };
        let [first, second] = dials;
        let (rows, columns) = (values(first)?, values(second)?);
        let pairs: Vec<(Value, Value)> =
            rows.iter().flat_map(|a| columns.iter().map(move |b| (*a, *b))).collect();
        let total = pairs.len();
        let found: Vec<Captured> = pairs
            .par_iter()
            .map(|(a, b)| {
                let turned = list.with(first, *a).with(second, *b);
                let turned = Evaluator::bare(turned, &evaluator.setup)?;
                let mut point =
                    Point { from: None, captured: Captured::default(), marked: Marked::default() };
                for (at, truth) in truths(&turned, machines).into_iter().enumerate() {
                    let weight = weights.get(at).copied().flatten();
                    let weight = weight.map_or(0, |weight| i128::from(weight.count()));
                    count(&mut point, truth, weight, None, true);
                }
                step(1, total);
                Ok(point.captured)
            })
            .collect::<Result<_>>()?;
        let captured = found.chunks(columns.len().max(1)).map(<[Captured]>::to_vec).collect();
        Ok(Self { first: rows, second: columns, captured })
    }
}

fn none_marks(machines: &[Machine]) -> Vec<Option<bool>> {
    vec![None; machines.len()]
}

/// At most `most` of the values, evenly, the first and the last among them.
fn thinned(all: &[Value], most: usize) -> Vec<Value> {
    let most = most.max(2);
    if all.len() <= most {
        return all.to_vec();
    }
    let pick = |at: usize| all.get(at * (all.len() - 1) / (most - 1)).copied();
    (0..most).filter_map(pick).collect()
}

/// The first list of an evaluator without what no verdict rests on.
pub(super) fn bare(evaluator: &Evaluator) -> Result<List> {
    let mut list = match evaluator.program.entries() {
        [entry] => entry.list.clone(),
        _ => return Err(Error::usage("one list is swept at a time")),
    };
    list.reasons.clear();
    list.flags.clear();
    Ok(list)
}

/// The truths of some machines where a dial is turned to a value.
pub(super) fn run(
    evaluator: &Evaluator,
    list: &List,
    dial: &Dial,
    value: Value,
    machines: &[Machine],
    who: &[usize],
) -> Result<Vec<Truth>> {
    let turned = Evaluator::bare(list.with(dial, value), &evaluator.setup)?;
    let chosen: Vec<Machine> = who.iter().filter_map(|at| machines.get(*at)).cloned().collect();
    Ok(truths(&turned, &chosen))
}

/// The truth of the only entry for each machine.
pub(super) fn truths(evaluator: &Evaluator, machines: &[Machine]) -> Vec<Truth> {
    let Some(entry) = evaluator.program.entries().first() else { return Vec::new() };
    let policy = &evaluator.setup.policy;
    let wanted = |_: usize, root| root == entry.verdict;
    let decided = Decided::new(evaluator, &evaluator.program, machines, policy, wanted);
    (0..machines.len()).map(|at| decided.truth(entry.verdict, at)).collect()
}

/// The values of the dial from which on a machine's verdict may be another.
fn breaks(
    evaluator: &Evaluator,
    dial: &Dial,
    limits: &[DialLimit],
    machine: &Machine,
) -> Vec<Value> {
    let program = &evaluator.program;
    let frame = program.frame();
    let mut picture = Picture::default();
    let mut found: Vec<i64> = Vec::new();
    let (configurations, _) = evaluator.configurations(program, machine);
    let machine = &*evaluator.taken(machine);
    for configuration in configurations {
        picture.draw(frame, machine, configuration, &evaluator.setup.policy);
        for (limit, one) in limits.iter().zip(&dial.moves) {
            let key = Key { parameter: limit.parameter, by: limit.by };
            let of_axis = limit.parameter.row().scope.is_axis();
            let places: Vec<Option<usize>> =
                if of_axis { (0..picture.axis_count).map(Some).collect() } else { vec![None] };
            for axis in places {
                let ends = match picture.set(frame, key, axis) {
                    Some(Set::Span(span)) => ends(span, program.limits(key, of_axis)),
                    // Counts of axes are few.
                    Some(_) => (0..=i64::from(machine::AXES_MAX) + 1).collect(),
                    None => continue,
                };
                found.extend(ends.iter().map(|end| from(limit.comparator, *end, one.offset)));
            }
            // An axis that is not listed may have any value.
            if let Set::Span(any) = Set::domain(key.parameter.row().kind)
                && of_axis
                && picture.further_axes
            {
                let ends = ends(any, program.limits(key, of_axis));
                found.extend(ends.iter().map(|end| from(limit.comparator, *end, one.offset)));
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found.into_iter().filter_map(Value::from_count).collect()
}

/// The values of a reading at which a limit can make a difference: its ends, and where it is not
/// one value, the limits within it.
fn ends(span: Span, limits: Vec<Value>) -> Vec<i64> {
    let mut found: Vec<i64> =
        [span.low(), span.high()].into_iter().flatten().map(Value::count).collect();
    if span.single().is_none() {
        let inside = limits.into_iter().filter(|limit| span.holds(*limit));
        found
            .extend(inside.flat_map(|limit| [limit.count() - 1, limit.count(), limit.count() + 1]));
    }
    found
}

/// The dial's value from which on a reading of this value is on the other side of the limit.
fn from(comparator: Comparator, end: i64, offset: Value) -> i64 {
    let beyond = match comparator {
        Comparator::AtMost | Comparator::Above => 0,
        Comparator::Below | Comparator::AtLeast => 1,
    };
    end.saturating_add(beyond).saturating_sub(offset.count())
}
