//! Angular deviation of slides: yaw, pitch and roll within windows of a given length of travel.
//!
//! A list that limits the deviation "over 300 mm" does not say which 300 mm of a longer travel; so
//! the best and the worst window are reported, exactly.

use std::collections::{BTreeMap, VecDeque};

use super::columns::{Columns, Rounding, words};
use crate::error::Result;
use crate::quantity::{Dimension, Unit, Value};
use crate::table::Record;

/// One motion of a slide, over its positions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slide {
    /// The slide; empty where the file does not name it.
    pub axis: String,
    /// `yaw`, `pitch` or `roll`.
    pub motion: String,
    /// Positions with angles, in the order of the positions.
    pub readings: Vec<(Value, Value)>,
    /// What is odd about the file that it stands in.
    pub remarks: Vec<String>,
}

/// The spread of the angle within windows of one length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Windows {
    /// The length of each window; shorter than was asked for where the travel is.
    pub length: Value,
    /// Whether the travel is as long as a window.
    pub whole: bool,
    /// How many windows there are, one from each position that leaves room.
    pub count: usize,
    /// The smallest spread and where its window begins.
    pub best: (Value, Value),
    /// The largest.
    pub worst: (Value, Value),
}

impl Slide {
    /// The spread in every window of a length; `None` of fewer than two positions.
    pub fn windows(&self, length: Value) -> Option<Windows> {
        let (first, last) = (self.readings.first()?.0, self.readings.last()?.0);
        let travel = last.count() - first.count();
        if self.readings.len() < 2 {
            return None;
        }
        let whole = travel >= length.count();
        let reach = travel.min(length.count());
        let (mut low, mut high) = (VecDeque::new(), VecDeque::new());
        let (mut end, mut found): (usize, Vec<(i64, i64)>) = (0, Vec::new());
        for (start, (from, _)) in self.readings.iter().enumerate() {
            if from.count() + reach > last.count() {
                break;
            }
            while let Some((at, angle)) = self.readings.get(end) {
                if at.count() > from.count() + reach {
                    break;
                }
                keep(&mut low, end, -angle.count());
                keep(&mut high, end, angle.count());
                end += 1;
            }
            for queue in [&mut low, &mut high] {
                while queue.front().is_some_and(|(at, _)| *at < start) {
                    queue.pop_front();
                }
            }
            let top = high.front()?.1 + low.front()?.1;
            found.push((top, from.count()));
        }
        let value = |(spread, from): (i64, i64)| {
            Some((Value::from_count(spread)?, Value::from_count(from)?))
        };
        Some(Windows {
            length: Value::from_count(reach)?,
            whole,
            count: found.len(),
            best: value(*found.iter().min_by_key(|(spread, _)| *spread)?)?,
            worst: value(*found.iter().min_by_key(|(spread, _)| -*spread)?)?,
        })
    }
}

/// Adds a value to a queue in which each one is smaller than those before it.
fn keep(queue: &mut VecDeque<(usize, i64)>, at: usize, value: i64) {
    while queue.back().is_some_and(|(_, last)| *last <= value) {
        queue.pop_back();
    }
    queue.push_back((at, value));
}

/// Reads a file of angles over positions, row by row.
#[derive(Debug)]
pub struct SlideReader {
    columns: Columns,
    axis: Option<usize>,
    position: (usize, &'static Unit),
    motions: Vec<(usize, &'static Unit, String)>,
    seen: BTreeMap<(String, usize), BTreeMap<i64, i64>>,
    /// Of positions and of angles.
    rounding: [Rounding; 2],
}

impl SlideReader {
    /// Reads what the header says: `position_mm` and `yaw_arcsec`, `pitch_arcsec`, `roll_arcsec`.
    pub fn new(file: &str, header: &[String]) -> Result<Self> {
        let columns = Columns::new(file, header);
        let (mut axis, mut position, mut motions) = (None, None, Vec::new());
        for (index, name) in header.iter().enumerate() {
            let (words, unit) = words(name);
            let said: Vec<&str> = words.iter().map(String::as_str).collect();
            match said.as_slice() {
                ["axis" | "slide"] => axis = Some(index),
                ["position" | "target"] => position = Some((index, columns.unit(name, unit)?)),
                [motion @ ("yaw" | "pitch" | "roll")] => {
                    let unit = columns.unit(name, unit)?;
                    if unit.dimension != Dimension::Angle {
                        return Err(columns.fault(&format!("column `{name}` is no angle")));
                    }
                    motions.push((index, unit, (*motion).to_owned()));
                }
                _ => {}
            }
        }
        let position = position.filter(|(_, unit)| unit.dimension == Dimension::Length);
        let Some(position) = position.filter(|_| !motions.is_empty()) else {
            let help = "name them `position_mm` and `yaw_arcsec`, `pitch_arcsec`, `roll_arcsec`";
            return Err(columns.fault("no column of positions or none of angles").help(help));
        };
        Ok(Self {
            columns,
            axis,
            position,
            motions,
            seen: BTreeMap::new(),
            rounding: Default::default(),
        })
    }

    /// Takes up one row.
    pub fn take(&mut self, record: &Record) -> Result<()> {
        self.columns.check(record)?;
        let axis = self.axis.map_or("", |at| record.field(at)).trim().to_uppercase();
        let (at, unit) = self.position;
        let [of_positions, of_angles] = &mut self.rounding;
        let position = self.columns.value(record, at, unit, of_positions)?.count();
        for (number, (at, unit, _)) in self.motions.iter().enumerate() {
            if record.field(*at).trim().is_empty() {
                continue;
            }
            let angle = self.columns.value(record, *at, unit, of_angles)?.count();
            let of_motion = self.seen.entry((axis.clone(), number)).or_default();
            if of_motion.insert(position, angle).is_some() {
                let text = "this position was read before".to_owned();
                return Err(self.columns.at(record, self.position.0, text));
            }
        }
        Ok(())
    }

    /// The motions of each slide.
    pub fn finish(self) -> Result<Vec<Slide>> {
        if self.seen.is_empty() {
            return Err(self.columns.fault("no reading"));
        }
        let motions = &self.motions;
        let [of_positions, of_angles] = self.rounding;
        let remarks = [of_positions.remark(Dimension::Length), of_angles.remark(Dimension::Angle)];
        let remarks: Vec<String> = remarks.into_iter().flatten().collect();
        let slide = |((axis, number), of_motion): ((String, usize), BTreeMap<i64, i64>)| {
            let value = |count| Value::from_count(count).unwrap_or_default();
            let readings = of_motion.into_iter().map(|(at, angle)| (value(at), value(angle)));
            let motion = motions.get(number).map_or("", |(.., motion)| motion).to_owned();
            Slide { axis, motion, readings: readings.collect(), remarks: remarks.clone() }
        };
        Ok(self.seen.into_iter().map(slide).collect())
    }
}
