//! Map: what a list captures at every pair of values of two dials.

use rayon::prelude::*;

use super::compare::Tally;
use super::drawn::Drawn;
use super::evaluator::Evaluator;
use super::marks::Marked;
use super::rerun::{self, bare};
use super::sweep::{Captured, Point, Sweep, count};
use crate::error::Result;
use crate::list::{Dial, List};
use crate::machine::Machine;
use crate::quantity::Value;

/// What is captured at every pair of values of two dials.
#[derive(Debug, Clone, PartialEq)]
pub struct Map {
    /// The values of the first dial.
    pub first: Vec<Value>,
    /// The values of the second.
    pub second: Vec<Value>,
    /// For each value of the first and each of the second.
    pub captured: Vec<Vec<Captured>>,
    /// The same for how that fits what experts marked; empty where nothing is marked.
    pub marked: Vec<Vec<Marked>>,
    /// Whether any machine has a weight.
    pub is_weighed: bool,
    /// How many machines there are.
    pub machines: usize,
}

impl Map {
    /// The map over the values at which some machine moves, thinned out evenly to at most `steps`
    /// values a dial, where no values are given; `step` is called after each run.
    pub fn new(
        evaluator: &Evaluator,
        dials: [&Dial; 2],
        machines: &[Machine],
        weights: &[Option<Value>],
        steps: usize,
        step: impl Fn(usize, usize) + Sync,
    ) -> Result<Self> {
        let values = |dial: &Dial| -> Result<Vec<Value>> {
            let none = vec![None; machines.len()];
            let marks = vec![None; machines.len()];
            let sweep = Sweep::new(evaluator, dial, machines, &none, &marks, |_, _| ())?;
            let mut all: Vec<Value> = sweep.points.iter().filter_map(|point| point.from).collect();
            all.push(sweep.stands);
            all.sort_unstable();
            all.dedup();
            Ok(thinned(&all, steps))
        };
        let [first, second] = dials;
        let values = [values(first)?, values(second)?];
        Self::at(evaluator, dials, machines, weights, values, step)
    }

    /// The map at given values of each dial.
    pub fn at(
        evaluator: &Evaluator,
        dials: [&Dial; 2],
        machines: &[Machine],
        weights: &[Option<Value>],
        mut values: [Vec<Value>; 2],
        step: impl Fn(usize, usize) + Sync,
    ) -> Result<Self> {
        for values in &mut values {
            values.sort_unstable();
            values.dedup();
        }
        if let Some(drawn) = Drawn::new(evaluator, &dials, machines)? {
            return Self::of(evaluator, &drawn, dials, machines, weights, values);
        }
        let [first, second] = values;
        let who: Vec<usize> = (0..machines.len()).collect();
        let mut map = Self::empty(first, second, machines.len());
        map.is_weighed = weights.iter().any(Option::is_some);
        map.rerun(evaluator, &bare(evaluator)?, dials, machines, weights, &who, &step)?;
        Ok(map)
    }

    /// Says at every pair how what is captured fits the marks of the same machines: those of
    /// concern and the others are mapped by themselves.
    pub fn mark(
        &mut self,
        evaluator: &Evaluator,
        dials: [&Dial; 2],
        machines: &[Machine],
        marks: &[Option<bool>],
        step: impl Fn(usize, usize) + Sync,
    ) -> Result<()> {
        if marks.iter().all(Option::is_none) {
            return Ok(());
        }
        let of = |wanted: bool| -> Result<Self> {
            let chosen = machines.iter().zip(marks).filter(|(_, mark)| **mark == Some(wanted));
            let chosen: Vec<Machine> = chosen.map(|(machine, _)| machine.clone()).collect();
            let values = [self.first.clone(), self.second.clone()];
            Self::at(evaluator, dials, &chosen, &[], values, &step)
        };
        let (concern, others) = (of(true)?, of(false)?);
        let marked = |(hit, alarm): (&Captured, &Captured)| Marked {
            hits: hit.certain.machines,
            misses: concern.machines - hit.possible.machines,
            open: hit.possible.machines - hit.certain.machines,
            false_alarms: alarm.certain.machines,
            passed: others.machines - alarm.possible.machines,
            open_others: alarm.possible.machines - alarm.certain.machines,
        };
        let rows = concern.captured.iter().zip(&others.captured);
        self.marked = rows.map(|(a, b)| a.iter().zip(b).map(marked).collect()).collect();
        Ok(())
    }

    /// The map of machines that were drawn before; the values in order and none twice.
    pub fn of(
        evaluator: &Evaluator,
        drawn: &Drawn,
        dials: [&Dial; 2],
        machines: &[Machine],
        weights: &[Option<Value>],
        values: [Vec<Value>; 2],
    ) -> Result<Self> {
        let [first, second] = values;
        let mut map = Self::empty(first, second, machines.len());
        map.is_weighed = weights.iter().any(Option::is_some);
        let beyond = drawn.count(&mut map, weights);
        let none = |_: usize, _: usize| ();
        map.rerun(evaluator, &bare(evaluator)?, dials, machines, weights, &beyond, &none)?;
        Ok(map)
    }

    /// The map of machines that were drawn while their file was read; `None` where the list has to
    /// be run again for some of them.
    pub fn drawn(drawn: &Drawn, values: [Vec<Value>; 2]) -> Option<Self> {
        let [first, second] = values;
        let mut map = Self::empty(first, second, drawn.machines());
        drawn.count(&mut map, &[]).is_empty().then_some(map)
    }

    fn empty(first: Vec<Value>, second: Vec<Value>, machines: usize) -> Self {
        let captured = vec![vec![Captured::default(); second.len()]; first.len()];
        Self { first, second, captured, marked: Vec::new(), is_weighed: false, machines }
    }

    /// Adds machines by running the list at every pair.
    #[expect(clippy::too_many_arguments, reason = "the map's question, and who is asked")]
    fn rerun(
        &mut self,
        evaluator: &Evaluator,
        list: &List,
        [first, second]: [&Dial; 2],
        machines: &[Machine],
        weights: &[Option<Value>],
        who: &[usize],
        step: &(impl Fn(usize, usize) + Sync),
    ) -> Result<()> {
        if who.is_empty() {
            return Ok(());
        }
        let pairs: Vec<(Value, Value)> =
            self.first.iter().flat_map(|a| self.second.iter().map(move |b| (*a, *b))).collect();
        let total = pairs.len();
        let found: Vec<Captured> = pairs
            .par_iter()
            .map(|(a, b)| {
                let turned = list.with(first, *a).with(second, *b);
                let truths = rerun::run(evaluator, &turned, machines, who)?;
                let mut point =
                    Point { from: None, captured: Captured::default(), marked: Marked::default() };
                for (at, truth) in who.iter().zip(truths) {
                    let weight = weights.get(*at).copied().flatten();
                    let weight = weight.map_or(0, |weight| i128::from(weight.count()));
                    count(&mut point, truth, weight, None, true);
                }
                step(1, total);
                Ok(point.captured)
            })
            .collect::<Result<_>>()?;
        for (cell, more) in self.captured.iter_mut().flatten().zip(found) {
            add(&mut cell.certain, more.certain);
            add(&mut cell.possible, more.possible);
        }
        Ok(())
    }
}

fn add(tally: &mut Tally, more: Tally) {
    tally.machines += more.machines;
    tally.weight += more.weight;
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
