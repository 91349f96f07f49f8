//! Sweep: what a list captures for every value of a dial.
//!
//! A machine's verdict can change only where the dial passes an end of one of its readings, or
//! another limit on a reading that is not one value. Where the dial moves its limits one way, the
//! program says at which value each machine turns; where it is met both ways, the same program is
//! run at every value at which one might; elsewhere the list is run again there. Either way the
//! curve is exact for every value.

pub(super) mod drawn;
mod map;
mod marks;
mod stepped;

pub use self::drawn::{Drawn, Run, Turned};
pub use self::map::Map;
pub use self::marks::{Marked, marks, unmarked};

use super::classify::Withheld;
use super::compare::Tally;
use super::evaluator::Evaluator;
use super::rerun::{self, bare};
use crate::error::Result;
use crate::list::{Dial, DialLimit};
use crate::logic::Truth;
use crate::machine::{Kind, Machine, Set};
use crate::quantity::Value;

/// Machines that are certainly captured, and those that are possibly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Captured {
    /// Certainly.
    pub certain: Tally,
    /// Certainly or possibly.
    pub possible: Tally,
    /// Those of the possibly captured that would not be, were that not withheld.
    pub withheld: Tally,
}

impl Captured {
    /// Withholds an absence of capture of all that are possibly captured where figures in doubt are
    /// left open.
    pub(super) fn withhold(&mut self, possible: Tally) {
        self.withheld = Tally {
            machines: possible.machines.saturating_sub(self.possible.machines),
            weight: possible.weight - self.possible.weight,
        };
        self.possible = possible;
    }
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

/// A machine that moves as the dial is turned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turner {
    /// The values at which it moves, in order: from each on it is another.
    pub at: Vec<Value>,
    /// Whether it is captured where the dial stands.
    pub stands: Truth,
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
    /// Whether any machine has a weight.
    pub is_weighed: bool,
    /// Whether experts marked any machine.
    pub is_marked: bool,
    /// Why an absence of capture is withheld, where it is.
    pub withholds: Option<Withheld>,
    /// The curve, from the smallest value on; neighbours differ.
    pub points: Vec<Point>,
    /// The machines that move at a value which a limit can have.
    pub turners: Vec<Turner>,
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
        let curve = Self::turning(evaluator, dial, machines, &step)?;
        let open = match evaluator.doubted()? {
            Some(doubted) => Some(Self::turning(&doubted, dial, machines, &step)?),
            None => Curve::unverified(evaluator, machines.len()),
        };
        Self::of(evaluator, dial, curve, open, weights, marks)
    }

    /// Where each machine turns, as the text of the list says.
    fn turning(
        evaluator: &Evaluator,
        dial: &Dial,
        machines: &[Machine],
        step: &(impl Fn(usize, usize) + Sync),
    ) -> Result<Curve> {
        let list = bare(evaluator)?;
        let mut curve = Curve::new(machines.len());
        let again = match Drawn::new(evaluator, &[dial], machines)? {
            Some(drawn) => curve.drawn(&drawn),
            None => match stepped::steps(evaluator, dial, machines)? {
                Some((found, beyond)) => {
                    found.iter().for_each(|(at, truths)| curve.steps(*at, truths));
                    beyond
                }
                None => (0..machines.len()).collect(),
            },
        };
        for (at, truths) in rerun::steps(evaluator, &list, dial, machines, &again, step)? {
            curve.steps(at, &truths);
        }
        Ok(curve)
    }

    /// Sweeps a dial over machines that were drawn while their file was read, and drawn for
    /// [`Evaluator::doubted`] too where there is such a one; `None` where the list has to be run
    /// again for some of them.
    pub fn drawn(
        evaluator: &Evaluator,
        dial: &Dial,
        drawn: &Drawn,
        doubted: Option<&Drawn>,
    ) -> Result<Option<Self>> {
        let of = |drawn: &Drawn| {
            let mut curve = Curve::new(drawn.machines());
            curve.drawn(drawn).is_empty().then_some(curve)
        };
        let open = match doubted {
            Some(doubted) => match of(doubted) {
                Some(open) => Some(open),
                None => return Ok(None),
            },
            None => Curve::unverified(evaluator, drawn.machines()),
        };
        let Some(curve) = of(drawn) else { return Ok(None) };
        Self::of(evaluator, dial, curve, open, &[], &[]).map(Some)
    }

    fn of(
        evaluator: &Evaluator,
        dial: &Dial,
        mut curve: Curve,
        mut open: Option<Curve>,
        weights: &[Option<Value>],
        marks: &[Option<bool>],
    ) -> Result<Self> {
        let list = bare(evaluator)?;
        let limits = dial.limits(&list)?;
        if let Some(most) = dial.most(&limits) {
            let curves = std::iter::once(&mut curve).chain(&mut open);
            curves.for_each(|curve| curve.changes.retain(|change| change.value <= most));
        }
        let mut sweep = Self {
            list: list.marked_title(),
            dial: dial.clone(),
            limits,
            stands: dial.value(&list)?,
            machines: curve.begun.len(),
            is_weighed: weights.iter().any(Option::is_some),
            is_marked: marks.iter().any(Option::is_some),
            withholds: evaluator.withholds(),
            points: Vec::new(),
            turners: Vec::new(),
        };
        let shown = open.map(|open| curve.withheld(&open));
        sweep.gather(curve, weights, marks);
        if let Some(shown) = shown {
            let text = sweep.clone();
            sweep.gather(shown, weights, marks);
            sweep.withhold(&text);
        }
        Ok(sweep)
    }

    /// Says at each value of either curve what is withheld: what the text would not capture.
    fn withhold(&mut self, text: &Self) {
        let points = self.points.iter().chain(&text.points);
        let mut all: Vec<Option<Value>> = points.map(|point| point.from).collect();
        all.sort_unstable();
        all.dedup();
        let point = |from: Option<Value>| {
            let [shown, own] = [&*self, text].map(|sweep| sweep.behind(from));
            let mut captured = own.captured;
            captured.withhold(shown.captured.possible);
            Point { from, captured, marked: shown.marked }
        };
        self.points = all.into_iter().map(point).collect();
    }

    /// Puts the turns of machines together to the curve.
    fn gather(&mut self, mut curve: Curve, weights: &[Option<Value>], marks: &[Option<bool>]) {
        curve.changes.sort_unstable_by_key(|change| (change.value, change.machine));
        let mut point =
            Point { from: None, captured: Captured::default(), marked: Marked::default() };
        let weight = |at: usize| {
            weights.get(at).copied().flatten().map_or(0, |weight| i128::from(weight.count()))
        };
        let mark = |at: usize| marks.get(at).copied().flatten();
        for (at, truth) in curve.begun.iter().enumerate() {
            count(&mut point, *truth, weight(at), mark(at), true);
        }
        self.points = vec![point];
        let turner = |stands: &Truth| Turner { at: Vec::new(), stands: *stands };
        let mut turners: Vec<Turner> = curve.begun.iter().map(turner).collect();
        for of_value in curve.changes.chunk_by(|a, b| a.value == b.value) {
            point.from = of_value.first().map(|change| change.value);
            for change in of_value {
                let at = change.machine;
                count(&mut point, change.was, weight(at), mark(at), false);
                count(&mut point, change.now, weight(at), mark(at), true);
                if let Some(turner) = turners.get_mut(at) {
                    turner.at.push(change.value);
                    if change.value <= self.stands {
                        turner.stands = change.now;
                    }
                }
            }
            self.points.push(point);
        }
        turners.iter_mut().for_each(|turner| turner.at.retain(|at| self.is_beyond_least(*at)));
        turners.retain(|turner| !turner.at.is_empty());
        self.turners = turners;
    }

    /// The least value that the reading of the dial can have, if there is one; a constant to which
    /// something is added has none.
    pub fn least(&self) -> Option<Value> {
        let limit = self.limits.first().filter(|limit| limit.slope.is_none())?;
        match limit.parameter.row().kind {
            Kind::Contouring(_) => Some(Value::ZERO),
            kind => match Set::domain(kind) {
                Set::Span(span) => span.low(),
                _ => None,
            },
        }
    }

    /// Whether a value is more than the least that the reading can have: no limit divides machines
    /// there.
    pub fn is_beyond_least(&self, value: Value) -> bool {
        self.least().is_none_or(|least| value > least)
    }

    /// What is captured where the dial is turned to a value.
    pub fn at(&self, value: Value) -> Point {
        self.behind(Some(value))
    }

    fn behind(&self, value: Option<Value>) -> Point {
        let behind = self.points.partition_point(|point| point.from <= value);
        let empty = Point { from: None, captured: Captured::default(), marked: Marked::default() };
        behind.checked_sub(1).and_then(|at| self.points.get(at)).copied().unwrap_or(empty)
    }

    /// For each machine that moves, how far from where the dial stands the nearest value is at
    /// which it does, and what it is where the dial stands.
    ///
    /// Up to nought it has moved where the dial stands, and beyond nought it has not.
    pub fn margins(&self) -> Vec<(i64, Truth)> {
        let stands = self.stands.count();
        let from = |value: &Value| value.count().saturating_sub(stands);
        let of = |turner: &Turner| {
            let nearest = turner.at.iter().map(from).min_by_key(|gap| gap.unsigned_abs())?;
            Some((nearest, turner.stands))
        };
        self.turners.iter().filter_map(of).collect()
    }

    /// How many machines move within a part of where the dial stands, on either side; the part is a
    /// ratio.
    pub fn near(&self, part: Value) -> usize {
        let wide = |count: u64| u128::from(count);
        let whole = wide(RATIO_ONE);
        let reach = wide(self.stands.count().unsigned_abs()) * wide(part.count().unsigned_abs());
        let within =
            |value: &Value| wide(value.count().abs_diff(self.stands.count())) * whole <= reach;
        self.turners.iter().filter(|turner| turner.at.iter().any(within)).count()
    }
}

/// The count of a ratio of one, in parts per billion.
const RATIO_ONE: u64 = 1_000_000_000;

/// Adds a machine to a point, or takes it away.
pub(super) fn count(point: &mut Point, truth: Truth, weight: i128, mark: Option<bool>, add: bool) {
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
    point.marked.count(mark, truth, add);
}

/// Where each machine begins, and where it turns.
struct Curve {
    begun: Vec<Truth>,
    changes: Vec<Change>,
}

/// One machine turning from one truth to another as the dial reaches a value.
#[derive(Debug, Clone, Copy)]
struct Change {
    value: Value,
    machine: usize,
    was: Truth,
    now: Truth,
}

impl Curve {
    fn new(machines: usize) -> Self {
        let changes = Vec::with_capacity(machines);
        Self { begun: vec![Truth::False; machines], changes }
    }

    /// Every machine is undecided at every value, where a text that is not verified withholds all
    /// absence of capture.
    fn unverified(evaluator: &Evaluator, machines: usize) -> Option<Self> {
        let open = || Self { begun: vec![Truth::Unknown; machines], changes: Vec::new() };
        (evaluator.withholds() == Some(Withheld::Unverified)).then(open)
    }

    /// The same with what is not captured left open where `open` leaves it open.
    fn withheld(&self, open: &Self) -> Self {
        let mut curve = Self::new(self.begun.len());
        let all = self.by_machine().into_iter().zip(open.by_machine());
        for (machine, (own, open)) in all.enumerate() {
            let mut values: Vec<Option<Value>> =
                own.iter().chain(&open).map(|(from, _)| *from).collect();
            values.sort_unstable();
            values.dedup();
            for value in values {
                let [own, open] = [&own, &open].map(|steps| {
                    let behind = steps.iter().rev().find(|(from, _)| *from <= value);
                    behind.map_or(Truth::Unknown, |(_, truth)| *truth)
                });
                let truth = if own == Truth::False { open } else { own };
                match value {
                    Some(value) => curve.turn(machine, value.count(), truth),
                    None => curve.begin(machine, truth),
                }
            }
        }
        curve
    }

    /// For each machine: its truth before all values, and from each value on at which it turns.
    fn by_machine(&self) -> Vec<Vec<(Option<Value>, Truth)>> {
        let mut all: Vec<_> = self.begun.iter().map(|truth| vec![(None, *truth)]).collect();
        for change in &self.changes {
            if let Some(steps) = all.get_mut(change.machine) {
                steps.push((Some(change.value), change.now));
            }
        }
        all
    }

    /// Takes up machines that were drawn; gives those for which the list has to be run again.
    fn drawn(&mut self, drawn: &Drawn) -> Vec<usize> {
        let (found, beyond) = drawn.critical();
        let rising = drawn.is_rising();
        found.into_iter().for_each(|(at, counts)| self.critical(at, counts, rising));
        beyond
    }

    /// Takes up a machine that is certainly and possibly captured from these counts on.
    fn critical(&mut self, machine: usize, [certain, possible]: [i64; 2], rising: bool) {
        let never = |count: i64| count == i64::MAX;
        let always = |count: i64| count == i64::MIN;
        if rising {
            self.begin(machine, Truth::between(always(certain), always(possible)));
            self.turn(machine, possible, Truth::Unknown);
            self.turn(machine, certain, Truth::True);
        } else {
            // The counts are negated: up to them a machine is captured, and from the next on not.
            let behind = |count: i64| match count {
                i64::MIN => i64::MAX,
                i64::MAX => i64::MIN,
                count => 1 - count,
            };
            self.begin(machine, Truth::between(!never(certain), !never(possible)));
            self.turn(machine, behind(certain), Truth::Unknown);
            self.turn(machine, behind(possible), Truth::False);
        }
    }

    /// Takes up a machine whose truths are known from some values on, the first from before all.
    fn steps(&mut self, machine: usize, truths: &[(Value, Truth)]) {
        let Some((_, first)) = truths.first() else { return };
        self.begin(machine, *first);
        for (value, truth) in truths {
            self.turn(machine, value.count(), *truth);
        }
    }

    fn begin(&mut self, machine: usize, truth: Truth) {
        if let Some(begun) = self.begun.get_mut(machine) {
            *begun = truth;
        }
    }

    /// Turns a machine, unless it is there already; one that turns twice at one value turns once.
    fn turn(&mut self, machine: usize, count: i64, now: Truth) {
        let Some(value) = Value::from_count(count) else { return };
        let last = self.changes.last_mut().filter(|change| change.machine == machine);
        let was = match last {
            Some(change) if change.value == value => {
                change.now = now;
                return;
            }
            Some(change) => change.now,
            None => self.begun.get(machine).copied().unwrap_or_default(),
        };
        if was != now {
            self.changes.push(Change { value, machine, was, now });
        }
    }
}
