//! Machines drawn for a sweep: as rows of a program in which dials stand beyond every limit, so
//! that one pass over it says where each machine turns.

use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::map::Map;
use crate::assess::evaluator::Evaluator;
use crate::assess::rerun::bare;
use crate::error::Result;
use crate::evidence::Picture;
use crate::list::{Dial, DialLimit, List};
use crate::logic::Truth;
use crate::machine::{Kind, Machine};
use crate::quantity::Value;
use crate::rule::{Chunk, Dialled, Grids, Hangs, Tallies, Turning};

/// How many machines are swept together.
const TOGETHER: usize = 2048;

/// A list with its dials beyond every limit, and what each of them moves.
#[derive(Debug)]
pub struct Turned {
    evaluator: Evaluator,
    /// What the dial moves whose critical values are looked for, and what the other moves.
    turnings: (Turning, Option<Turning>),
    /// Whether the dials are looked at in the other order.
    swapped: bool,
}

impl Turned {
    /// Turns one dial or two of an evaluator's first list; `None` where every dial moves limits in
    /// both directions, or what it moves is no quantity.
    pub fn new(evaluator: &Evaluator, dials: &[&Dial]) -> Result<Option<Self>> {
        let list = bare(evaluator)?;
        let Some((evaluator, turnings)) = turned(evaluator, &list, dials)? else {
            return Ok(None);
        };
        let mut turnings = turnings.into_iter();
        let (Some(first), second) = (turnings.next(), turnings.next()) else { return Ok(None) };
        let root = evaluator.program.root(0);
        let is_one_way = |first: &Turning, second: &Option<Turning>| {
            Dialled::new(&evaluator.program, root, first.clone(), second.clone()).is_some()
        };
        let (turnings, swapped) = match second {
            second if is_one_way(&first, &second) => ((first, second), false),
            Some(second) => {
                let first = Some(first);
                if !is_one_way(&second, &first) {
                    return Ok(None);
                }
                ((second, first), true)
            }
            None => return Ok(None),
        };
        Ok(Some(Self { evaluator, turnings, swapped }))
    }

    /// The list with its dials beyond every limit.
    pub(in crate::assess) fn evaluator(&self) -> &Evaluator {
        &self.evaluator
    }

    /// The program over critical values.
    pub fn dialled(&self) -> Option<Dialled<'_>> {
        let (first, second) = self.turnings.clone();
        let program = &self.evaluator.program;
        Dialled::new(program, program.root(0), first, second)
    }
}

/// Draws a machine in each of its configurations; whether that can be done.
pub(in crate::assess) fn draw(
    evaluator: &Evaluator,
    dialled: &Dialled<'_>,
    rows: &mut Chunk,
    picture: &mut Picture,
    machine: &Machine,
    owner: usize,
) -> bool {
    let (configurations, more) = evaluator.configurations(&evaluator.program, machine);
    if more || configurations.is_empty() {
        return false;
    }
    let machine = &*evaluator.taken(machine);
    for (number, configuration) in configurations.into_iter().enumerate() {
        picture.draw(evaluator.program.frame(), machine, configuration, &evaluator.setup.policy);
        dialled.draw(rows, picture, owner, number);
    }
    true
}

/// A run of machines drawn, those of a file numbered from nought.
#[derive(Debug)]
pub struct Run {
    /// Its place among the runs.
    pub number: usize,
    pub(in crate::assess) rows: Chunk,
    /// Machines that cannot be drawn as rows.
    pub(in crate::assess) beyond: Vec<usize>,
    pub(in crate::assess) machines: usize,
    /// How many rows were set aside, and how many remarks there are.
    pub(in crate::assess) told: [usize; 2],
}

/// Machines drawn for one dial, or for two of which one is turned in one direction.
#[derive(Debug)]
pub struct Drawn {
    turned: Turned,
    chunks: Vec<Chunk>,
    /// Machines that cannot be drawn as rows.
    beyond: Vec<usize>,
    machines: usize,
    told: [usize; 2],
}

impl Drawn {
    /// Draws machines for one dial or two; `None` where [`Turned::new`] gives none.
    pub fn new(
        evaluator: &Evaluator,
        dials: &[&Dial],
        machines: &[Machine],
    ) -> Result<Option<Self>> {
        let Some(turned) = Turned::new(evaluator, dials)? else { return Ok(None) };
        let Some(dialled) = turned.dialled() else { return Ok(None) };
        let run = |(number, machines): (usize, &[Machine])| {
            let (mut rows, mut beyond) = (dialled.chunk(), Vec::new());
            let mut picture = Picture::default();
            for (at, machine) in machines.iter().enumerate() {
                if !draw(&turned.evaluator, &dialled, &mut rows, &mut picture, machine, at) {
                    beyond.push(at);
                }
            }
            Run { number, rows, beyond, machines: machines.len(), told: [0; 2] }
        };
        let runs = machines.par_chunks(TOGETHER).enumerate().map(run).collect();
        Ok(Some(Self::of_runs(turned, runs)))
    }

    /// Puts the runs of a file together.
    pub fn of_runs(turned: Turned, mut runs: Vec<Run>) -> Self {
        runs.sort_unstable_by_key(|run| run.number);
        let (chunks, beyond) = (Vec::with_capacity(runs.len()), Vec::new());
        let mut drawn = Self { turned, chunks, beyond, machines: 0, told: [0; 2] };
        for mut run in runs {
            run.rows.renumber(drawn.machines);
            drawn.beyond.extend(run.beyond.iter().map(|at| drawn.machines + at));
            drawn.machines += run.machines;
            drawn.told.iter_mut().zip(run.told).for_each(|(all, told)| *all += told);
            drawn.chunks.push(run.rows);
        }
        drawn
    }

    /// How many machines there are.
    pub fn machines(&self) -> usize {
        self.machines
    }

    /// How many rows of the file were set aside, and how many remarks there are on single rows.
    pub fn told(&self) -> [usize; 2] {
        self.told
    }

    /// Whether more is captured as the dial is turned up.
    pub(super) fn is_rising(&self) -> bool {
        self.turned.dialled().is_some_and(|dialled| dialled.is_rising())
    }

    /// From which counts of the only dial on each machine is captured, and the machines of which
    /// that cannot be said: see [`Dialled::critical`].
    pub(super) fn critical(&self) -> (Vec<(usize, [i64; 2])>, Vec<usize>) {
        let Some(dialled) = self.turned.dialled() else { return (Vec::new(), Vec::new()) };
        let one = |hangs: &mut Hangs, chunk: &Chunk| {
            let mut found = Vec::with_capacity(chunk.rows());
            let beyond =
                dialled.critical(hangs, chunk, |machine, counts| found.push((machine, counts)));
            (found, beyond)
        };
        let all: Vec<_> = self.chunks.par_iter().map_init(Hangs::default, one).collect();
        let mut beyond = self.beyond.clone();
        let mut found = Vec::new();
        for (some, more) in all {
            found.extend(some);
            beyond.extend(more);
        }
        beyond.sort_unstable();
        (found, beyond)
    }

    /// Counts the machines of a map; returns those that have to be counted otherwise.
    pub(super) fn count(&self, map: &mut Map, weights: &[Option<Value>]) -> Vec<usize> {
        let every = || (0..map.machines).collect();
        let Some(dialled) = self.turned.dialled() else { return every() };
        let (first, second) =
            if self.turned.swapped { (&map.second, &map.first) } else { (&map.first, &map.second) };
        let Some(grids) = dialled.grids(first, second) else { return every() };
        let weighed = weights.iter().any(Option::is_some);
        let sizes = (first.len() + 1, second.len().max(1));
        // What one part of the chunks has found out serves the next one.
        let idle: Mutex<Vec<Hangs>> = Mutex::default();
        let waiting = || idle.lock().unwrap_or_else(PoisonError::into_inner);
        let counts = self
            .chunks
            .par_iter()
            .fold(
                || (Counts::new(sizes, weighed), waiting().pop().unwrap_or_default()),
                |(mut counts, mut hangs), chunk| {
                    counts.take((&dialled, &mut hangs), chunk, &grids, weights);
                    (counts, hangs)
                },
            )
            .map(|(counts, hangs)| {
                waiting().push(hangs);
                counts
            })
            .reduce(|| Counts::new(sizes, weighed), Counts::merged);
        self.spread(&counts, map, dialled.is_rising());
        let mut beyond = self.beyond.clone();
        beyond.extend(counts.beyond);
        beyond
    }

    /// Adds the machines that begin at each place up, and puts them into the cells.
    fn spread(&self, counts: &Counts, map: &mut Map, rising: bool) {
        let places = counts.places;
        let firsts = places - 1;
        let all = counts.machines.chunks(places).zip(counts.others.chunks(places));
        for (second, (of_second, others)) in all.enumerate() {
            let (mut sum, mut weight) = counts.steady;
            for (place, more) in of_second.iter().zip(others).take(firsts).enumerate() {
                for more in [more.0, more.1] {
                    sum.iter_mut().zip(more).for_each(|(sum, more)| *sum += *more as usize);
                }
                if let Some(more) = counts.weights.get(second * places + place) {
                    weight.iter_mut().zip(more).for_each(|(sum, more)| *sum += *more);
                }
                let first = if rising { place } else { firsts - 1 - place };
                let (row, column) =
                    if self.turned.swapped { (second, first) } else { (first, second) };
                let cell = map.captured.get_mut(row).and_then(|row| row.get_mut(column));
                if let Some(cell) = cell {
                    let [certain, possible] = [&mut cell.certain, &mut cell.possible];
                    (certain.machines, possible.machines) = (sum[0], sum[1]);
                    (certain.weight, possible.weight) = (weight[0], weight[1]);
                }
            }
        }
    }
}

/// How many machines begin to be captured, certainly and possibly, at each place of the grids.
struct Counts {
    places: usize,
    machines: Vec<[u32; 2]>,
    /// Every other machine: two in a row often begin at one place, and neither waits for the other.
    others: Vec<[u32; 2]>,
    /// The same by weight; empty where nothing is weighed.
    weights: Vec<[i128; 2]>,
    beyond: Vec<usize>,
    /// The machines that turn nowhere, and their weight.
    steady: ([usize; 2], [i128; 2]),
}

/// Counts to which the machines of a chunk are added.
struct Weighed<'c> {
    counts: &'c mut Counts,
    weights: &'c [Option<Value>],
}

impl Counts {
    fn new((places, seconds): (usize, usize), weighed: bool) -> Self {
        let weights = if weighed { vec![[0; 2]; places * seconds] } else { Vec::new() };
        let machines = vec![[0; 2]; places * seconds];
        let (others, steady) = (machines.clone(), ([0; 2], [0; 2]));
        Self { places, machines, others, weights, beyond: Vec::new(), steady }
    }

    fn take(
        &mut self,
        (dialled, hangs): (&Dialled<'_>, &mut Hangs),
        chunk: &Chunk,
        grids: &Grids,
        weights: &[Option<Value>],
    ) {
        let mut weighed = Weighed { counts: self, weights };
        let beyond = dialled.places(hangs, chunk, grids, &mut weighed);
        self.beyond.extend(beyond);
    }

    fn merged(mut self, other: Self) -> Self {
        let machines = self.machines.iter_mut().zip(other.machines);
        for (own, other) in machines.chain(self.others.iter_mut().zip(other.others)) {
            own.iter_mut().zip(other).for_each(|(own, other)| *own += other);
        }
        for (own, other) in self.weights.iter_mut().zip(other.weights) {
            own.iter_mut().zip(other).for_each(|(own, other)| *own += other);
        }
        let (counts, sums) = (&mut self.steady.0, &mut self.steady.1);
        counts.iter_mut().zip(other.steady.0).for_each(|(own, other)| *own += other);
        sums.iter_mut().zip(other.steady.1).for_each(|(own, other)| *own += other);
        self.beyond.extend(other.beyond);
        self
    }
}

impl Weighed<'_> {
    fn weight(&self, machine: usize) -> i128 {
        let weight = self.weights.get(machine).copied().flatten();
        weight.map_or(0, |weight| i128::from(weight.count()))
    }
}

impl Tallies for Weighed<'_> {
    fn turning<L: Copy>(&mut self, second: usize, machine: impl Fn(usize) -> usize, from: &[[L; 2]])
    where
        usize: From<L>,
    {
        #[inline(always)]
        fn add<L: Copy>(to: &mut [[u32; 2]], from: [L; 2])
        where
            usize: From<L>,
        {
            let [certain, possible] = from.map(usize::from);
            if let Some([count, _]) = to.get_mut(certain) {
                *count += 1;
            }
            if let Some([_, count]) = to.get_mut(possible) {
                *count += 1;
            }
        }
        let own = second * self.counts.places..(second + 1) * self.counts.places;
        let Counts { machines, others, .. } = &mut *self.counts;
        let machines = machines.get_mut(own.clone()).unwrap_or_default();
        let others = others.get_mut(own.clone()).unwrap_or_default();
        let (pairs, last) = from.as_chunks::<2>();
        for [one, other] in pairs {
            add(machines, *one);
            add(others, *other);
        }
        last.iter().for_each(|last| add(machines, *last));
        if self.counts.weights.is_empty() {
            return;
        }
        for (row, from) in from.iter().enumerate() {
            let weight = self.weight(machine(row));
            let weights = self.counts.weights.get_mut(own.clone()).unwrap_or_default();
            let [certain, possible] = from.map(usize::from);
            if let Some([sum, _]) = weights.get_mut(certain) {
                *sum += weight;
            }
            if let Some([_, sum]) = weights.get_mut(possible) {
                *sum += weight;
            }
        }
    }

    fn steady(&mut self, machine: usize, truth: Truth) {
        let weight = if self.weights.is_empty() { 0 } else { self.weight(machine) };
        let sides = [truth == Truth::True, truth != Truth::False];
        let (counts, sums) = (&mut self.counts.steady.0, &mut self.counts.steady.1);
        for ((count, sum), side) in counts.iter_mut().zip(sums).zip(sides) {
            *count += usize::from(side);
            *sum += if side { weight } else { 0 };
        }
    }
}

/// The list compiled with its dials beyond every limit, and what each of them moves.
pub(super) fn turned(
    evaluator: &Evaluator,
    list: &List,
    dials: &[&Dial],
) -> Result<Option<(Evaluator, Vec<Turning>)>> {
    for dial in dials {
        let quantity = |of: &DialLimit| matches!(of.parameter.row().kind, Kind::Quantity { .. });
        if !dial.limits(list)?.iter().all(quantity) {
            return Ok(None);
        }
    }
    let compiled = |list: List| evaluator.again(list);
    let stands = compiled(list.clone())?.program;
    // A limit that depends on another reading is worked out anew for each part of that reading,
    // which a dial may divide: the list is run again.
    if stands.has_slopes() {
        return Ok(None);
    }
    let mut far = stands.beyond().count();
    let mut stands: Vec<Value> = Vec::new();
    for dial in dials {
        let offsets = dial.moves.iter().map(|one| one.offset.count().unsigned_abs());
        let reach = i128::from(offsets.max().unwrap_or(0));
        // Each dial far from the one before.
        let at = Value::saturating((i128::from(far) + reach) * 4);
        far = at.count();
        stands.push(at);
    }
    let with = |stands: &[Value]| {
        dials.iter().zip(stands).fold(list.clone(), |list, (dial, at)| list.with(dial, *at))
    };
    let mut here = compiled(with(&stands))?;
    let mut turnings = Vec::new();
    for (number, at) in stands.iter().enumerate() {
        let Some(next) = Value::from_count(at.count() + 1) else { return Ok(None) };
        let mut further = stands.clone();
        if let Some(place) = further.get_mut(number) {
            *place = next;
        }
        let further = compiled(with(&further))?;
        match Turning::between(&here.program, &further.program, *at) {
            Some(turning) => turnings.push(turning),
            None => return Ok(None),
        }
    }
    // What is withheld is counted beside what the text of the list captures.
    here.setup.accept_unverified = true;
    here.setup.accept_remembered = true;
    Ok(Some((here, turnings)))
}
