//! Map: what a list captures at every pair of values of two dials.

use rayon::prelude::*;

use super::drawn::Drawn;
use super::marks::Marked;
use super::{Captured, Point, Sweep, count};
use crate::assess::classify::Withheld;
use crate::assess::compare::Tally;
use crate::assess::evaluator::Evaluator;
use crate::assess::rerun::{self, bare};
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
    /// Why an absence of capture is withheld, where it is.
    pub withholds: Option<Withheld>,
    /// Whether any machine has a weight.
    pub is_weighed: bool,
    /// How many machines there are.
    pub machines: usize,
}

impl Map {
    /// The map over the values at which some machine moves, thinned out evenly to at most `steps`
    /// values a dial, that at which the list stands among them, where no values are given; `step`
    /// is called after each run.
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
            Ok(thinned(&all, sweep.stands, steps))
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
        map.withhold(evaluator, dials, machines, weights)?;
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
        map.withhold(evaluator, dials, machines, weights)?;
        Ok(map)
    }

    /// Counts what is not captured as undecided where the list withholds it.
    fn withhold(
        &mut self,
        evaluator: &Evaluator,
        dials: [&Dial; 2],
        machines: &[Machine],
        weights: &[Option<Value>],
    ) -> Result<()> {
        self.withholds = evaluator.withholds();
        if let Some(doubted) = evaluator.doubted()? {
            let values = [self.first.clone(), self.second.clone()];
            let open = Self::at(&doubted, dials, machines, weights, values, |_, _| ())?;
            self.withhold_where(&open);
        } else if self.withholds == Some(Withheld::Unverified) {
            self.withhold_all(weights);
        }
        Ok(())
    }

    /// Withholds what the map of the list with its figures in doubt left open does not settle.
    fn withhold_where(&mut self, open: &Self) {
        let cells = self.captured.iter_mut().flatten();
        for (cell, open) in cells.zip(open.captured.iter().flatten()) {
            cell.withhold(open.possible);
        }
    }

    fn withhold_all(&mut self, weights: &[Option<Value>]) {
        let weight = weights.iter().flatten().map(|weight| i128::from(weight.count())).sum();
        let all = Tally { machines: self.machines, weight };
        self.captured.iter_mut().flatten().for_each(|cell| cell.withhold(all));
    }

    /// The map of machines that were drawn while their file was read, and drawn for
    /// [`Evaluator::doubted`] too where there is such a one; `None` where the list has to be run
    /// again for some of them.
    pub fn drawn(
        evaluator: &Evaluator,
        drawn: &Drawn,
        doubted: Option<&Drawn>,
        values: [Vec<Value>; 2],
    ) -> Option<Self> {
        let of = |drawn: &Drawn| {
            let [first, second] = values.clone();
            let mut map = Self::empty(first, second, drawn.machines());
            drawn.count(&mut map, &[]).is_empty().then_some(map)
        };
        let mut map = of(drawn)?;
        map.withholds = evaluator.withholds();
        if let Some(doubted) = doubted {
            map.withhold_where(&of(doubted)?);
        } else if map.withholds == Some(Withheld::Unverified) {
            map.withhold_all(&[]);
        }
        Some(map)
    }

    fn empty(first: Vec<Value>, second: Vec<Value>, machines: usize) -> Self {
        let captured = vec![vec![Captured::default(); second.len()]; first.len()];
        let (marked, withholds, is_weighed) = (Vec::new(), None, false);
        Self { first, second, captured, marked, withholds, is_weighed, machines }
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

/// At most `most` of the values, three at least, evenly: the first, the last and the one that is
/// kept among them.
fn thinned(all: &[Value], kept: Value, most: usize) -> Vec<Value> {
    let most = most.max(3);
    if all.len() <= most {
        return all.to_vec();
    }
    let evenly = |most: usize| -> Vec<Value> {
        (0..most).filter_map(|at| all.get(at * (all.len() - 1) / (most - 1)).copied()).collect()
    };
    let found = evenly(most);
    if found.contains(&kept) {
        return found;
    }
    let mut found = evenly(most - 1);
    found.push(kept);
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_at_which_the_list_stands_is_kept_whatever_is_left_out() {
        let value = |count: i64| Value::from_count(count).expect("fits");
        let all: Vec<Value> = (0..40).map(value).collect();
        for most in 0..45 {
            for kept in &all {
                let found = thinned(&all, *kept, most);
                assert!(found.contains(kept) && found.len() <= most.max(3), "{most} {kept:?}");
                assert!(found.contains(&value(0)) && found.contains(&value(39)), "{most} {kept:?}");
                assert!(found.windows(2).all(|two| two[0] < two[1]), "{most} {kept:?}");
            }
        }
    }
}
