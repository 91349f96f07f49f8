//! The readings of one axis as they come, and what is odd about them once all have come.

use std::collections::{BTreeMap, BTreeSet};

use super::columns::Rounding;
use super::coverage::{LINEAR, ROTARY};
use super::order::Order;
use super::positioning::Direction;
use super::runs::{AxisRuns, Conditions, Numbers, Target};
use crate::quantity::{Dimension, Unit, Value, counted};

/// What was read of one axis so far.
#[derive(Debug)]
pub(super) struct Seen {
    /// Of a length or of an angle.
    pub dimension: Dimension,
    /// In which order the targets came.
    pub order: Order,
    /// Where the measuring line lay.
    pub line: Option<String>,
    /// For each run: the sum of its temperatures, and how many there are.
    pub temperatures: BTreeMap<u64, (i64, i64)>,
    /// Numbers that are no whole counts: lengths or angles, and temperatures.
    pub rounding: [Rounding; 2],
    /// Sums of the readings as written, of the targets, and of the distances between them.
    pub sums: [i128; 3],
    /// At each target, ↑ and ↓, by the number of the run.
    targets: BTreeMap<i64, [Vec<Read>; 2]>,
}

/// One reading.
#[derive(Debug, Clone, Copy)]
struct Read {
    run: u32,
    line: u32,
    deviation: i64,
}

/// So many places are named where readings are missing.
const PLACES_MAX: usize = 6;
/// ISO 230-2 asks for as many runs a side.
const FIVE: usize = 5;
/// Linear axes are tested as a whole up to this length.
const WHOLE_M: i64 = 2;

impl Seen {
    /// Nothing yet.
    pub(super) fn new(dimension: Dimension) -> Self {
        Self {
            dimension,
            order: Order::default(),
            line: None,
            temperatures: BTreeMap::new(),
            rounding: [Rounding::default(); 2],
            sums: [0; 3],
            targets: BTreeMap::new(),
        }
    }

    /// Takes up a deviation; the line of the one that this run has already.
    ///
    /// Runs mostly come in the order of their numbers: then nothing is moved.
    pub(super) fn take(
        &mut self,
        target: i64,
        direction: Direction,
        (run, line): (u32, usize),
        deviation: i64,
    ) -> Result<(), usize> {
        let [up, down] = self.targets.entry(target).or_default();
        let side = if direction == Direction::Up { up } else { down };
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        let at = match side.last() {
            Some(last) if last.run >= run => side.partition_point(|read| read.run < run),
            _ => side.len(),
        };
        match side.get(at) {
            Some(known) if known.run == run => Err(known.line as usize),
            _ => {
                side.insert(at, Read { run, line, deviation });
                Ok(())
            }
        }
    }

    /// The runs of the axis, and what is odd about them beside what is known already.
    pub(super) fn finish(self, axis: String, mut remarks: Vec<String>) -> AxisRuns {
        remarks.extend(self.missing());
        let (mut targets, mut numbers) = (Vec::with_capacity(self.targets.len()), Vec::new());
        for (position, sides) in self.targets {
            let position = Value::from_count(position).unwrap_or_default();
            for (side, direction) in sides.iter().zip([Direction::Up, Direction::Down]) {
                if side.iter().zip(1..).any(|(read, number)| read.run != number) {
                    let runs = side.iter().map(|read| read.run).collect();
                    numbers.push(Numbers { position, direction, runs });
                }
            }
            let [up, down] = sides.map(|side| side.iter().map(|read| read.deviation).collect());
            targets.push(Target { position, up, down });
        }
        remarks.extend(odd(self.dimension, &targets));
        remarks.extend(self.order.remarks());
        let dimensions = [self.dimension, Dimension::Temperature];
        let rounded = self.rounding.iter().zip(dimensions);
        remarks.extend(rounded.filter_map(|(rounding, of)| rounding.remark(of)));
        let means = self.temperatures.into_values().map(|(sum, count)| sum / count.max(1));
        let conditions =
            Conditions { line: self.line, travel: None, temperatures_mk: means.collect(), numbers };
        AxisRuns { axis, dimension: self.dimension, targets, remarks, conditions }
    }

    /// Which runs are missing where, from each side; nothing is filled in.
    fn missing(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        let mut places = Vec::new();
        let mut counts = [0; 2];
        for (side, direction) in [Direction::Up, Direction::Down].into_iter().enumerate() {
            let of_side =
                || self.targets.iter().filter_map(|(at, sides)| Some((at, sides.get(side)?)));
            let all: BTreeSet<u32> =
                of_side().flat_map(|(_, reads)| reads.iter().map(|read| read.run)).collect();
            if let Some(count) = counts.get_mut(side) {
                *count = all.len();
            }
            if all.is_empty() {
                remarks.push(format!(
                    "no run {} at any target: what needs both directions is not computable",
                    direction.arrow()
                ));
                continue;
            }
            for (at, reads) in of_side().filter(|(_, reads)| reads.len() < all.len()) {
                let has = |run: &u32| reads.binary_search_by_key(run, |read| read.run).is_ok();
                let lacks: Vec<u32> = all.iter().copied().filter(|run| !has(run)).collect();
                places.push((lacks.len(), self.lack(&lacks, reads.is_empty(), direction, *at)));
            }
        }
        let [up, down] = counts;
        if up != down && up > 0 && down > 0 {
            remarks.push(format!("{} ↑ and {} ↓", counted(up, "run"), counted(down, "run")));
        }
        if !places.is_empty() {
            let count: usize = places.iter().map(|(count, _)| count).sum();
            let told = places.iter().take(PLACES_MAX).map(|(_, place)| place.clone());
            let told = told.collect::<Vec<_>>().join("; ");
            let more = match places.len().saturating_sub(PLACES_MAX) {
                0 => String::new(),
                1 => "; and at 1 more place".to_owned(),
                more => format!("; and at {more} more places"),
            };
            let verb = if count == 1 { "is" } else { "are" };
            remarks.push(format!(
                "{} {verb} missing, none is filled: {told}{more}",
                counted(count, "run")
            ));
        }
        remarks
    }

    /// `runs 4 and 5 ↓ at 250 mm`.
    fn lack(&self, lacks: &[u32], every: bool, direction: Direction, at: i64) -> String {
        let (_, unit) = units(self.dimension);
        let at = Value::from_count(at).unwrap_or_default();
        let place = unit.map_or_else(String::new, |unit| at.text(unit));
        let numbers = match lacks {
            _ if every => "every run".to_owned(),
            [one] => format!("run {one}"),
            [one, two] => format!("runs {one} and {two}"),
            [first, .., last] if (*last - *first) as usize + 1 == lacks.len() => {
                format!("runs {first} to {last}")
            }
            [first, .., last] => format!("{} runs between {first} and {last}", lacks.len()),
            [] => String::new(),
        };
        format!("{numbers} {} at {place}", direction.arrow())
    }
}

/// The unit of long distances, and that of positions.
fn units(dimension: Dimension) -> (Option<&'static Unit>, Option<&'static Unit>) {
    let (long, short) = if dimension == Dimension::Angle { ("deg", "deg") } else { ("m", "mm") };
    let named = |name| Unit::named(dimension, name).ok();
    (named(long), named(short))
}

/// What is odd about the targets and their readings.
fn odd(dimension: Dimension, targets: &[Target]) -> Vec<String> {
    let mut remarks = weak(dimension, targets);
    let gaps: Vec<i64> = targets
        .iter()
        .zip(targets.iter().skip(1))
        .map(|(a, b)| b.position.count() - a.position.count())
        .collect();
    if gaps.len() > 2 && gaps.iter().all(|gap| Some(gap) == gaps.first()) {
        let text = "targets at equal distances: periodic errors may hide; ISO 230-2 wants a random \
                    part in each";
        remarks.push(text.to_owned());
    }
    remarks
}

/// What weakens a test, whatever its figures: few runs or targets, and targets without scatter.
pub fn weak(dimension: Dimension, targets: &[Target]) -> Vec<String> {
    let mut remarks = Vec::new();
    remarks.extend(few_runs(targets));
    remarks.extend(few(dimension, targets));
    let silent = |readings: &[i64]| {
        readings.len() > 1 && readings.iter().all(|r| Some(r) == readings.first())
    };
    let silent = targets.iter().filter(|t| silent(&t.up) || silent(&t.down)).count();
    if silent > 0 {
        let places = counted(silent, "target");
        remarks.push(format!("no scatter at all at {places}: is the resolution too coarse?"));
    }
    remarks
}

/// That there are fewer runs at some target, from a side that was approached, than the standard
/// asks for.
fn few_runs(targets: &[Target]) -> Option<String> {
    let sides = || targets.iter().flat_map(|t| [t.up.len(), t.down.len()]).filter(|n| *n > 0);
    let (fewest, most) = (sides().min()?, sides().max()?);
    let least = if fewest == most { String::new() } else { format!("{fewest} to ") };
    let most = counted(most, "run");
    (fewest < FIVE).then(|| {
        format!("{least}{most} at a target from one side, where ISO 230-2 asks for five from each")
    })
}

/// That there are fewer targets than the standard asks for over what they span.
fn few(dimension: Dimension, targets: &[Target]) -> Option<String> {
    let (Some(long), Some(short)) = units(dimension) else { return None };
    let (first, last) = (targets.first()?.position, targets.last()?.position);
    let span = Value::saturating(i128::from(last.count()) - i128::from(first.count()));
    let count = targets.len();
    let of = counted(count, "target");
    if dimension == Dimension::Angle {
        let (_, wanted) = ROTARY.iter().find(|(to, _)| span.count() <= to * long.size)?;
        return (count < *wanted).then(|| {
            format!("{of} over {}; ISO 230-2 asks for {wanted} (remembered)", span.text(short))
        });
    }
    if count < LINEAR {
        return Some(format!("{of}; ISO 230-2 asks for five at least"));
    }
    let a_metre = LINEAR as i128 * i128::from(span.count()) > count as i128 * i128::from(long.size);
    let whole = span.count() <= WHOLE_M * long.size;
    (whole && a_metre)
        .then(|| format!("{of} over {}; ISO 230-2 asks for five a metre", span.text(short)))
}
