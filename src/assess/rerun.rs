//! Running a list again with a dial turned: exact for every dial and every machine, and slow.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::decide::Decided;
use super::evaluator::Evaluator;
use crate::error::{Error, Result};
use crate::evidence::{Key, Picture};
use crate::list::{Dial, DialLimit, DialMove, List, Slope};
use crate::logic::Truth;
use crate::machine::{self, Machine, Set};
use crate::quantity::{Comparator, Span, Value};
use crate::rule::Program;

/// The truths of one machine at values of a dial, in order.
pub(super) type Steps = Vec<(Value, Truth)>;

/// For some machines: their truths at every value at which they may turn, and before all of them.
pub(super) fn steps(
    evaluator: &Evaluator,
    list: &List,
    dial: &Dial,
    machines: &[Machine],
    who: &[usize],
    step: &(impl Fn(usize, usize) + Sync),
) -> Result<Vec<(usize, Steps)>> {
    if who.is_empty() {
        return Ok(Vec::new());
    }
    let (moving, stands) = (moving(list, dial)?, dial.value(list)?);
    let here = evaluator.again(list.clone())?;
    let of = |at: &usize| machines.get(*at).map(|one| breaks(&here, &moving, one));
    let breaks: Vec<Vec<Value>> = who.par_iter().map(|at| of(at).unwrap_or_default()).collect();
    // Who has to be run where; one more run stands for all smaller values.
    let mut runs: BTreeMap<Value, Vec<usize>> = BTreeMap::new();
    for (place, breaks) in breaks.iter().enumerate() {
        for value in whole(breaks.clone(), stands) {
            runs.entry(value).or_default().push(place);
        }
    }
    let total = runs.len();
    let found: Vec<(Value, Vec<(usize, Truth)>)> = runs
        .into_par_iter()
        .map(|(value, places)| {
            let chosen = places.iter().filter_map(|place| who.get(*place).copied());
            let chosen: Vec<usize> = chosen.collect();
            let truths = run(evaluator, &list.with(dial, value), machines, &chosen);
            step(1, total);
            truths.map(|truths| (value, places.into_iter().zip(truths).collect()))
        })
        .collect::<Result<_>>()?;
    let mut steps: Vec<(usize, Steps)> = who.iter().map(|at| (*at, Vec::new())).collect();
    for (value, truths) in found {
        for (place, truth) in truths {
            if let Some((_, steps)) = steps.get_mut(place) {
                steps.push((value, truth));
            }
        }
    }
    Ok(steps)
}

/// Values at which something may turn, in order, with one before all of them.
pub(super) fn whole(mut breaks: Vec<Value>, stands: Value) -> Vec<Value> {
    let first = breaks.first().copied().unwrap_or(stands);
    breaks.insert(0, Value::from_count(first.count() - 1).unwrap_or(first));
    breaks
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

/// The truths of some machines under a list that was turned.
pub(super) fn run(
    evaluator: &Evaluator,
    turned: &List,
    machines: &[Machine],
    who: &[usize],
) -> Result<Vec<Truth>> {
    let turned = evaluator.again(turned.clone())?;
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

/// One limit that a dial moves, and how far from the dial's value it lies wherever it is met.
pub(super) struct Moving {
    key: Key,
    comparator: Comparator,
    /// How the limit depends on another reading, if it does.
    slope: Option<Slope>,
    /// Where it is written, and where references move it: in order, none twice.
    offsets: Vec<i64>,
}

/// What a dial moves in a list.
pub(super) fn moving(list: &List, dial: &Dial) -> Result<Vec<Moving>> {
    let limits = dial.limits(list)?;
    let of = |(limit, one): (&DialLimit, &DialMove)| {
        let key = Key { parameter: limit.parameter, by: limit.by };
        let moved = list.moved(&one.clause, limit.parameter).into_iter();
        let offsets = moved.map(|by| one.offset.count().saturating_add(by.count())).collect();
        Moving { key, comparator: limit.comparator, slope: limit.slope.clone(), offsets }
    };
    Ok(limits.iter().zip(&dial.moves).map(of).collect())
}

/// The values of the dial from which on a machine's verdict may be another.
pub(super) fn breaks(evaluator: &Evaluator, moving: &[Moving], machine: &Machine) -> Vec<Value> {
    let program = &evaluator.program;
    let frame = program.frame();
    let mut picture = Picture::default();
    let mut found: Vec<i64> = Vec::new();
    let (configurations, _) = evaluator.configurations(program, machine);
    let machine = &*evaluator.taken(machine);
    for configuration in configurations {
        picture.draw(frame, machine, configuration, &evaluator.setup.policy);
        for moving in moving {
            let of_axis = moving.key.parameter.row().scope.is_axis();
            let mut passed = |set: &dyn Fn(Key) -> Option<Set>| {
                found.extend(Part { program, of_axis, set }.passed(moving));
            };
            let places: Vec<Option<usize>> =
                if of_axis { (0..picture.axis_count).map(Some).collect() } else { vec![None] };
            for axis in places {
                passed(&|key| picture.set(frame, key, axis));
            }
            // An axis that is not listed may have any value.
            if of_axis && picture.further_axes {
                passed(&|key| Some(Set::domain(key.parameter.row().kind)));
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found.into_iter().filter_map(Value::from_count).collect()
}

/// The readings of a machine, or of one of its axes.
struct Part<'p> {
    program: &'p Program,
    of_axis: bool,
    set: &'p dyn Fn(Key) -> Option<Set>,
}

impl Part<'_> {
    /// The values of the dial at which a limit that it moves passes what a reading may be.
    fn passed(&self, moving: &Moving) -> Vec<i64> {
        let Moving { key, comparator, slope, offsets } = moving;
        let Some(set) = (self.set)(*key) else { return Vec::new() };
        let shifted = |of: i64| offsets.iter().map(move |by| of.saturating_sub(*by));
        let rises = slope.as_ref().map_or_else(|| vec![0], |slope| self.rises(slope));
        let ends = self.ends(*key).into_iter();
        let turns = ends.map(|end| from(*comparator, end));
        let turns = turns.flat_map(|turn| rises.iter().map(move |rise| turn.saturating_sub(*rise)));
        let mut found: Vec<i64> = turns.flat_map(shifted).collect();
        let is_open = !matches!(set, Set::Span(span) if span.single().is_some());
        if is_open {
            // A reading that the limit, or its constant, divides is looked at on either side of it,
            // also by limits that depend on another reading.
            let met = self.met(*key).into_iter().flat_map(|at| (-1..=2).map(move |by| at + by));
            found.extend(met.flat_map(shifted));
        }
        found
    }

    /// The values of a reading at which a limit can make a difference.
    fn ends(&self, key: Key) -> Vec<i64> {
        match (self.set)(key) {
            Some(Set::Span(span)) => ends(span, self.program.limits(key, self.of_axis)),
            // Counts of axes are few.
            Some(_) => (0..=i64::from(machine::AXES_MAX) + 1).collect(),
            None => Vec::new(),
        }
    }

    /// What a limit that depends on another reading may have beside its constant, at the ends:
    /// nothing below where its line begins.
    fn rises(&self, slope: &Slope) -> Vec<i64> {
        let ends = self.ends(Key { parameter: slope.of, by: None }).into_iter();
        let rise = |end| [false, true].map(|up| slope.rise(end, up));
        ends.filter_map(Value::from_count).flat_map(rise).chain([0]).collect()
    }

    /// The values of a reading at which a limit that depends on it, or on which it depends, can
    /// make a difference to the ends of the other one.
    fn met(&self, key: Key) -> Vec<i64> {
        let mut found = Vec::new();
        for (limited, slope) in self.program.slopes(self.of_axis) {
            if limited == key {
                let base = slope.base.count();
                found.extend(self.rises(slope).into_iter().map(|rise| base.saturating_add(rise)));
            }
            if key == (Key { parameter: slope.of, by: None }) {
                // A limit between two counts is rounded to either of them.
                let ends = self.ends(limited).into_iter().flat_map(|at| [at - 1, at, at + 1]);
                let reached = ends.filter_map(Value::from_count);
                found.extend(reached.filter_map(|end| slope.reaches(end)).map(Value::count));
            }
        }
        found
    }
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

/// The limit from which on a reading of this value is on the other side of it.
fn from(comparator: Comparator, end: i64) -> i64 {
    let beyond = match comparator {
        Comparator::AtMost | Comparator::Above => 0,
        Comparator::Below | Comparator::AtLeast => 1,
    };
    end.saturating_add(beyond)
}
