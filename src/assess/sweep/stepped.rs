//! Stepped: a dial whose limits are met in both directions, from one compiled list.
//!
//! No one value of such a dial says from where on a machine is captured. But a machine can turn
//! only at values of its own: where a limit passes an end of one of its readings. The list is
//! compiled once with the dial beyond every limit, and the same program run over the machine at
//! each of these values. A machine of whose open readings the dial asks both ways is handed back.

use rayon::prelude::*;

use super::drawn::{draw, turned};
use crate::assess::evaluator::Evaluator;
use crate::assess::rerun::{Steps, bare, breaks, moving, whole};
use crate::error::Result;
use crate::evidence::Picture;
use crate::list::Dial;
use crate::logic::Truth;
use crate::machine::Machine;
use crate::quantity::Value;
use crate::rule::{Chunk, Dialled, Hangs, Tallies, Turning};

/// How many machines are looked at together, each at the values of all of them.
const TOGETHER: usize = 32;

/// Machines with their truths at values of a dial, and those that have to be run again.
type Found = (Vec<(usize, Steps)>, Vec<usize>);

/// For all machines: their truths at every value of a dial at which they may turn, and before all
/// of them; and the machines for which that cannot be said. `None` where the dial moves anything
/// but limits on quantities.
pub(super) fn steps(
    evaluator: &Evaluator,
    dial: &Dial,
    machines: &[Machine],
) -> Result<Option<Found>> {
    let list = bare(evaluator)?;
    let Some((far, turnings)) = turned(evaluator, &list, &[dial])? else { return Ok(None) };
    let (moving, stands) = (moving(&list, dial)?, dial.value(&list)?);
    let here = evaluator.again(list)?;
    let still = Turning::none(&far.program);
    let root = far.program.root(0);
    let turning = turnings.into_iter().next();
    let Some(dialled) = Dialled::new(&far.program, root, still, turning) else { return Ok(None) };
    let some = |hangs: &mut Hangs, (number, some): (usize, &[Machine])| {
        let own = |machine| whole(breaks(&here, &moving, machine), stands);
        let values: Vec<Vec<Value>> = some.iter().map(own).collect();
        let (mut found, beyond) = of(&dialled, &far, hangs, some, &values);
        let from = number * TOGETHER;
        found.iter_mut().for_each(|(at, _)| *at += from);
        (found, beyond.into_iter().map(|at| from + at).collect::<Vec<_>>())
    };
    let all = machines.par_chunks(TOGETHER).enumerate().map_init(Hangs::default, some);
    let all: Vec<Found> = all.collect();
    let (found, beyond): (Vec<_>, Vec<_>) = all.into_iter().unzip();
    let mut beyond = beyond.concat();
    beyond.sort_unstable();
    Ok(Some((found.concat(), beyond)))
}

/// The same for some machines, each with the values at which it may turn.
fn of(
    dialled: &Dialled<'_>,
    far: &Evaluator,
    hangs: &mut Hangs,
    machines: &[Machine],
    values: &[Vec<Value>],
) -> Found {
    let mut rows: Chunk = dialled.chunk();
    let mut picture = Picture::default();
    let mut beyond = Vec::new();
    for (at, machine) in machines.iter().enumerate() {
        if !draw(far, dialled, &mut rows, &mut picture, machine, at) {
            beyond.push(at);
        }
    }
    let mut all = values.concat();
    all.sort_unstable();
    all.dedup();
    let Some(grids) = dialled.grids(&[Value::ZERO], &all) else {
        return (Vec::new(), (0..machines.len()).collect());
    };
    let mut truths = Truths::new(machines.len(), all.len());
    beyond.extend(dialled.places(hangs, &rows, &grids, &mut truths));
    let is_known = |at: &usize| !beyond.contains(at);
    let of = |at: usize| {
        let values = values.get(at)?;
        let truth = |value: &Value| truths.at(at, all.binary_search(value).ok()?);
        let steps: Option<Steps> = values.iter().map(|v| Some((*v, truth(v)?))).collect();
        Some((at, steps?))
    };
    let known: Vec<usize> = (0..machines.len()).filter(is_known).collect();
    let found: Vec<(usize, Steps)> = known.iter().filter_map(|at| of(*at)).collect();
    (found, beyond)
}

/// The truths of machines at each place of a grid, machine by machine.
struct Truths {
    places: usize,
    all: Vec<Truth>,
}

impl Truths {
    fn new(machines: usize, places: usize) -> Self {
        Self { places, all: vec![Truth::Unknown; machines * places] }
    }

    fn at(&self, machine: usize, place: usize) -> Option<Truth> {
        self.all.get(machine * self.places + place).copied()
    }
}

impl Tallies for Truths {
    fn turning<L: Copy>(&mut self, second: usize, machine: impl Fn(usize) -> usize, from: &[[L; 2]])
    where
        usize: From<L>,
    {
        for (row, from) in from.iter().enumerate() {
            // The other dial has one value, and moves nothing.
            let [certain, possible] = from.map(|place| usize::from(place) == 0);
            if let Some(truth) = self.all.get_mut(machine(row) * self.places + second) {
                *truth = Truth::between(certain, possible);
            }
        }
    }

    fn steady(&mut self, machine: usize, truth: Truth) {
        let own = machine * self.places..(machine + 1) * self.places;
        self.all.get_mut(own).into_iter().flatten().for_each(|at| *at = truth);
    }
}
