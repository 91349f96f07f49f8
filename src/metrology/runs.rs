//! Raw positioning runs: which axis was where, from which side, how often.

use super::positioning::Direction;
use crate::quantity::{Dimension, Value};

/// The readings at one target, as deviations from it in counts of the smallest unit, run by run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Target {
    /// The commanded position.
    pub position: Value,
    /// Approached in the positive direction.
    pub up: Vec<i64>,
    /// Approached in the negative direction.
    pub down: Vec<i64>,
}

/// The readings of one axis, its targets in the order of their positions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AxisRuns {
    /// The axis's label; empty where the file holds one axis and does not name it.
    pub axis: String,
    /// Length for a linear axis, angle for a rotary one.
    pub dimension: Dimension,
    /// The targets.
    pub targets: Vec<Target>,
    /// What is odd about the readings.
    pub remarks: Vec<String>,
    /// What the file says of the test beside its readings.
    pub conditions: Conditions,
}

/// The conditions of a test, as far as its file says them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Conditions {
    /// Where the measuring line lay, in the file's words.
    pub line: Option<String>,
    /// The travel of the axis, where it is stated beside its test.
    pub travel: Option<Value>,
    /// The mean temperature of each run in millikelvin, run by run; empty where it is not said.
    pub temperatures_mk: Vec<i64>,
    /// The numbers of the runs at a target and side, where they are not 1, 2, 3 and so on.
    pub numbers: Vec<Numbers>,
}

/// The numbers of the runs at one target, from one side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbers {
    /// The commanded position.
    pub position: Value,
    /// The side.
    pub direction: Direction,
    /// The number of each run, in the order of its readings.
    pub runs: Vec<u32>,
}

impl AxisRuns {
    /// The number of the run that a reading at a target and side is of; all counted from nought.
    pub fn run_number(&self, target: usize, direction: Direction, at: usize) -> usize {
        let position = self.targets.get(target).map(|target| target.position);
        let mut numbers = self.conditions.numbers.iter();
        let of = numbers.find(|n| Some(n.position) == position && n.direction == direction);
        let number = of.and_then(|numbers| numbers.runs.get(at));
        number.map_or(at + 1, |number| *number as usize)
    }
}

/// Whether the readings are positions or deviations from the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readings {
    /// Measured positions.
    Measured,
    /// Measured less commanded position.
    Deviation,
}

/// Deviations beyond this many counts (10 m, some 2800°) are no machine's; below, squares are
/// exact.
const DEVIATION_MAX: i64 = 10_000_000_000_000;

/// The deviation that a reading says at a target, in counts; `None` where it is no machine's.
pub(super) fn deviation(readings: Option<Readings>, value: i64, target: i64) -> Option<i64> {
    let deviation = match readings {
        Some(Readings::Measured) => value.checked_sub(target)?,
        _ => value,
    };
    Some(deviation).filter(|deviation| deviation.checked_abs().is_some_and(|d| d <= DEVIATION_MAX))
}

/// An axis for tests: targets in millimetres, with their readings up and down.
#[cfg(test)]
pub(super) fn axis_of(targets: &[(i64, &[i64], &[i64])]) -> AxisRuns {
    let target = |(mm, up, down): &(i64, &[i64], &[i64])| Target {
        position: Value::from_count(mm * 1_000_000_000).expect("fits"),
        up: up.to_vec(),
        down: down.to_vec(),
    };
    AxisRuns {
        axis: "X".to_owned(),
        dimension: Dimension::Length,
        targets: targets.iter().map(target).collect(),
        remarks: Vec::new(),
        conditions: Conditions::default(),
    }
}
