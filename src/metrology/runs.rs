//! Raw positioning runs: which axis was where, from which side, how often.

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
    /// The mean temperature of each run in millikelvin, run by run; empty where it is not said.
    pub temperatures_mk: Vec<i64>,
}

/// Whether the readings are positions or deviations from the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readings {
    /// Measured positions.
    Measured,
    /// Measured less commanded position.
    Deviation,
}
