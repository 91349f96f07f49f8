//! Raw positioning runs: which axis was where, from which side, how often.
//!
//! Reads the long form (a row a reading) and the wide form (a row a target, a column a run). Every
//! number is read exactly from its decimals; its unit stands in the header. What is odd but usable
//! is a remark; what cannot be used is an error with its place.

use std::collections::BTreeMap;

use super::columns::{Columns, words};
use super::order::Order;
use super::positioning::Direction;
use crate::error::Result;
use crate::quantity::{Dimension, Unit, Value};
use crate::table::Record;

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

/// One column of readings in the wide form, or the one of the long form.
#[derive(Debug, Clone, Copy)]
struct ReadingColumn {
    index: usize,
    unit: &'static Unit,
    readings: Readings,
    /// Direction and run, where the header says them.
    run: Option<(Direction, u64)>,
}

/// Reads a file of runs, row by row.
#[derive(Debug)]
pub struct RunsReader {
    columns: Columns,
    axis: Option<usize>,
    target: (usize, &'static Unit),
    direction: Option<usize>,
    run: Option<usize>,
    line: Option<usize>,
    temperature: Option<(usize, &'static Unit)>,
    readings: Vec<ReadingColumn>,
    axes: BTreeMap<String, Axis>,
    /// The axes in the order in which they came.
    order: Vec<String>,
}

type Seen = BTreeMap<(i64, bool, u64), (i64, usize)>;

#[derive(Debug, Default)]
struct Axis {
    seen: Seen,
    order: Order,
    line: Option<String>,
    /// For each run: the sum of its temperatures, and how many there are.
    temperatures: BTreeMap<u64, (i64, i64)>,
}

impl RunsReader {
    /// Reads what the header says.
    pub fn new(file: &str, header: &[String]) -> Result<Self> {
        let mut reader = Self {
            columns: Columns::new(file, header),
            axis: None,
            target: (usize::MAX, Dimension::Length.smallest()),
            direction: None,
            run: None,
            line: None,
            temperature: None,
            readings: Vec::new(),
            axes: BTreeMap::new(),
            order: Vec::new(),
        };
        let mut target = None;
        for (index, name) in header.iter().enumerate() {
            let (words, unit) = words(name);
            let said: Vec<&str> = words.iter().map(String::as_str).collect();
            match said.as_slice() {
                ["axis"] => reader.axis = Some(index),
                ["direction" | "dir" | "approach"] => reader.direction = Some(index),
                ["run" | "cycle" | "pass"] => reader.run = Some(index),
                ["target" | "position" | "commanded"] => {
                    target = Some((index, reader.columns.unit(name, unit)?));
                }
                ["target", "index" | "no" | "number"] => {}
                ["line"] | ["measuring", "line"] => reader.line = Some(index),
                ["temperature" | "temp", unit] => {
                    let kelvin = if *unit == "k" { "K" } else { "degC" };
                    let known = matches!(*unit, "k" | "c" | "degc" | "°c");
                    let unit = Unit::named(Dimension::Temperature, kelvin).ok();
                    let unit = reader.columns.unit(name, unit.filter(|_| known))?;
                    reader.temperature = Some((index, unit));
                }
                other => {
                    if let Some((readings, run)) = reading(other) {
                        let unit = reader.columns.unit(name, unit)?;
                        reader.readings.push(ReadingColumn { index, unit, readings, run });
                    }
                }
            }
        }
        reader.target = target.ok_or_else(|| {
            reader
                .columns
                .fault("no column of targets")
                .help("name one `target_mm` or `target_deg`")
        })?;
        reader.check()?;
        Ok(reader)
    }

    /// Takes up one row.
    pub fn take(&mut self, record: &Record) -> Result<()> {
        self.columns.check(record)?;
        let label = self.axis.map_or("", |at| record.field(at)).trim().to_uppercase();
        let (at, unit) = self.target;
        let position = self.columns.value(record, at, unit)?;
        let readings = self.readings.clone();
        for column in readings {
            if record.field(column.index).trim().is_empty() {
                continue;
            }
            let value = self.columns.value(record, column.index, column.unit)?;
            let (direction, run) = match column.run {
                Some(said) => said,
                None => (self.direction_of(record)?, self.run_of(record)?),
            };
            let deviation = match column.readings {
                Readings::Deviation => value.count(),
                Readings::Measured => value.count() - position.count(),
            };
            if !self.axes.contains_key(&label) {
                self.order.push(label.clone());
            }
            let axis = self.axes.entry(label.clone()).or_default();
            let turn = if column.run.is_some() { None } else { Some((direction, run)) };
            if axis.order.breaks(turn, position.count()) {
                let place = || self.columns.place(record, self.target.0);
                axis.order.found.get_or_insert_with(|| (place(), 0)).1 += 1;
            }
            let key = (position.count(), direction == Direction::Up, run);
            if let Some((_, line)) = axis.seen.insert(key, (deviation, record.line)) {
                let text = format!("run {run} at this target and side stands in line {line} too");
                return Err(self
                    .columns
                    .at(record, column.index, text)
                    .help("number the runs, or name the axes in a column `axis`"));
            }
        }
        self.conditions(record, &label)
    }

    /// Takes up what a row says of the test beside its readings.
    fn conditions(&mut self, record: &Record, label: &str) -> Result<()> {
        let Some(axis) = self.axes.get_mut(label) else { return Ok(()) };
        if let Some(at) = self.line {
            let text = record.field(at).trim();
            match &axis.line {
                _ if text.is_empty() => {}
                Some(known) if known != text => {
                    let text = format!("another measuring line than `{known}`: that is two tests");
                    return Err(self.columns.at(record, at, text));
                }
                Some(_) => {}
                None => axis.line = Some(text.to_owned()),
            }
        }
        if let (Some((at, unit)), Some(_)) = (self.temperature, self.run)
            && !record.field(at).trim().is_empty()
        {
            let value = self.columns.value(record, at, unit)?.count();
            let run = self.columns.whole(record, self.run.unwrap_or(usize::MAX), "a run")?;
            let of_run = axis.temperatures.entry(run).or_default();
            *of_run = (of_run.0 + value, of_run.1 + 1);
        }
        Ok(())
    }

    /// The axes, in the order of the file.
    pub fn finish(self) -> Result<Vec<AxisRuns>> {
        let dimension = self.target.1.dimension;
        if self.axes.is_empty() {
            return Err(self.columns.fault("no reading"));
        }
        let mut axes = self.axes;
        let found = self.order.into_iter().filter_map(|label| {
            let axis = axes.remove(&label)?;
            let mut found = axis_runs(label, dimension, &axis.seen);
            found.remarks.extend(axis.order.remarks());
            let means = axis.temperatures.into_values().map(|(sum, count)| sum / count.max(1));
            let temperatures_mk = means.collect();
            found.conditions = Conditions { line: axis.line, temperatures_mk };
            Some(found)
        });
        Ok(found.collect())
    }

    fn check(&self) -> Result<()> {
        let [first, ..] = self.readings.as_slice() else {
            return Err(self.columns.fault("no column of readings").help(
                "the long form has `measured_mm` or `deviation_um`; the wide form has columns such \
                 as `deviation_up_1_um`",
            ));
        };
        let dimension = self.target.1.dimension;
        if let Some(other) = self.readings.iter().find(|c| c.unit.dimension != dimension) {
            let name = self.columns.name(other.index);
            let text = format!("column `{name}` and the targets are not of one dimension");
            return Err(self.columns.fault(&text));
        }
        if first.run.is_none() {
            if self.readings.len() > 1 {
                return Err(self
                    .columns
                    .fault("two columns of readings, and not said of which runs"));
            }
            if self.direction.is_none() || self.run.is_none() {
                return Err(self.columns.fault("no column `direction` or no column `run`"));
            }
        }
        Ok(())
    }

    fn direction_of(&self, record: &Record) -> Result<Direction> {
        let at = self.direction.unwrap_or(usize::MAX);
        direction(record.field(at).trim()).ok_or_else(|| {
            self.columns
                .at(record, at, "not a direction".to_owned())
                .help("write `up` or `down`, `+` or `-`, `forward` or `backward`")
        })
    }

    fn run_of(&self, record: &Record) -> Result<u64> {
        let at = self.run.unwrap_or(usize::MAX);
        self.columns.whole(record, at, "the number of a run")
    }
}

/// The readings of one axis, run by run; what is odd about them is said.
fn axis_runs(axis: String, dimension: Dimension, seen: &Seen) -> AxisRuns {
    let mut targets: Vec<Target> = Vec::new();
    for ((position, up, _), (deviation, _)) in seen {
        let position = Value::from_count(*position).unwrap_or_default();
        if targets.last().is_none_or(|target| target.position != position) {
            targets.push(Target { position, ..Target::default() });
        }
        if let Some(target) = targets.last_mut() {
            let readings = if *up { &mut target.up } else { &mut target.down };
            readings.push(*deviation);
        }
    }
    let mut remarks = Vec::new();
    let counts = || targets.iter().flat_map(|t| [t.up.len(), t.down.len()]).filter(|n| *n > 0);
    let (fewest, most) = (counts().min().unwrap_or(0), counts().max().unwrap_or(0));
    if fewest != most {
        remarks
            .push(format!("{fewest} to {most} runs at a target: runs are missing, none is filled"));
    }
    if most < 5 {
        remarks.push(format!("{most} runs a side; ISO 230-2 asks for five"));
    }
    if targets.len() < 5 && dimension == Dimension::Length {
        remarks.push(format!("{} targets; ISO 230-2 asks for five at least", targets.len()));
    }
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
    let silent = |readings: &[i64]| {
        readings.len() > 1 && readings.iter().all(|r| Some(r) == readings.first())
    };
    let silent = targets.iter().filter(|t| silent(&t.up) || silent(&t.down)).count();
    if silent > 0 {
        remarks
            .push(format!("no scatter at all at {silent} targets: is the resolution too coarse?"));
    }
    AxisRuns { axis, dimension, targets, remarks, conditions: Conditions::default() }
}

/// What a column of readings holds, and of which run.
fn reading(words: &[&str]) -> Option<(Readings, Option<(Direction, u64)>)> {
    let (first, rest) = words.split_first()?;
    let readings = match *first {
        "measured" | "actual" => Readings::Measured,
        "deviation" | "error" => Readings::Deviation,
        _ => return None,
    };
    match rest {
        [] => Some((readings, None)),
        [a, b] => {
            let run = direction(a).zip(b.parse().ok()).or(direction(b).zip(a.parse().ok()))?;
            Some((readings, Some(run)))
        }
        _ => None,
    }
}

/// The side that a word names.
fn direction(word: &str) -> Option<Direction> {
    match word.to_lowercase().as_str() {
        "+" | "up" | "↑" | "forward" | "fwd" | "positive" | "pos" | "+1" => Some(Direction::Up),
        "-" | "−" | "down" | "↓" | "backward" | "bwd" | "reverse" | "rev" | "negative" | "neg"
        | "-1" => Some(Direction::Down),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<AxisRuns>> {
        let table =
            crate::table::read("r.csv", text.as_bytes(), &crate::table::Reading::default())?;
        let mut reader = RunsReader::new("r.csv", &table.header)?;
        for record in &table.records {
            reader.take(record)?;
        }
        reader.finish()
    }

    #[test]
    fn long_and_wide_forms_say_the_same() {
        let long = "target_mm,direction,run,deviation_um\n\
                    0,+,1,1\n0,+,2,-1\n0,-,1,3\n0,-,2,4\n\
                    100,+,1,2\n100,+,2,2.5\n100,-,1,0\n100,-,2,1\n";
        let wide = "target_mm,deviation_up_1_um,deviation_up_2_um,deviation_down_1_um,\
                    deviation_2_down_um\n0,1,-1,3,4\n100,2,2.5,0,1\n";
        let measured = "axis,position (mm),dir,run,measured (mm)\n\
                        x,0,up,1,0.001\nx,0,up,2,-0.001\nx,0,down,1,0.003\nx,0,down,2,0.004\n\
                        x,100,up,1,100.002\nx,100,up,2,100.0025\nx,100,down,1,100\n\
                        x,100,down,2,100.001\n";
        let [a, b, c] = [long, wide, measured].map(|text| read(text).expect("runs"));
        assert_eq!(a, b);
        assert_eq!(a[0].targets, c[0].targets);
        assert_eq!(c[0].axis, "X");
        assert_eq!(a[0].targets[1].up, [2_000_000, 2_500_000]);
    }

    #[test]
    fn bad_files_are_told_what_is_wrong() {
        let head = "target_mm,direction,run,deviation_um\n";
        for (text, expected) in [
            ("target,direction,run,deviation_um\n", "column `target` does not say its unit"),
            ("target_mm,direction,run\n", "no column of readings"),
            ("direction,run,deviation_um\n", "no column of targets"),
            ("target_mm,direction,run,deviation_arcsec\n", "not of one dimension"),
            (&format!("{head}0,+,1,NaN\n"), "r.csv:2: column `deviation_um`: `NaN`: not a reading"),
            (&format!("{head}0,+,1,inf\n"), "`inf`: not a reading"),
            (&format!("{head}0,sideways,1,1\n"), "`sideways`: not a direction"),
            (&format!("{head}0,+,one,1\n"), "`one`: not the number of a run"),
            (&format!("{head}0,+,1,1\n0,+,1,2\n"), "stands in line 2 too"),
            (head, "no reading"),
        ] {
            let error = read(text).expect_err(text).to_string();
            assert!(error.contains(expected), "{text}\n{error}");
        }
    }
}
