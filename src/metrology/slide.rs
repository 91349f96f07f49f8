//! Angles of slides over positions: yaw, pitch and roll.

use std::collections::BTreeMap;

use super::columns::{Columns, Rounding, words};
use super::coverage::Coverage;
use crate::error;
use crate::quantity::{Dimension, Style, Unit, Value, axis_key, counted};
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

impl Slide {
    /// How its positions lie on a travel, whose ends they may leave out as targets may.
    pub fn coverage(&self, travel: Value) -> Coverage {
        let places: Vec<i128> = self.readings.iter().map(|(at, _)| at.count().into()).collect();
        let first = places.first().copied().unwrap_or_default();
        Coverage::of_places(Dimension::Length, &places, first, travel)
    }

    /// From its first position to its last.
    pub fn span(&self) -> Value {
        let ends = self.readings.first().zip(self.readings.last());
        ends.map_or(Value::ZERO, |((first, _), (last, _))| {
            Value::saturating(i128::from(last.count()) - i128::from(first.count()))
        })
    }
}

/// `2 readings of X yaw are missing, none is filled: at 300 mm, 400 mm`.
fn lacking(of: &str, places: &[i64]) -> String {
    let mm = Unit::named(Dimension::Length, "mm").ok();
    let place = |at: &i64| {
        let value = Value::saturating((*at).into());
        mm.map_or_else(String::new, |unit| value.text(unit))
    };
    let told: Vec<String> = places.iter().take(PLACES_MAX).map(place).collect();
    let more = if places.len() > PLACES_MAX { ", ..." } else { "" };
    let verb = if places.len() == 1 { "is" } else { "are" };
    let count = counted(places.len(), "reading");
    format!("{count} of {of} {verb} missing, none is filled: at {}{more}", told.join(", "))
}

/// So many places are named where readings are missing.
const PLACES_MAX: usize = 6;

/// Reads a file of angles over positions, row by row.
#[derive(Debug)]
pub struct SlideReader {
    columns: Columns,
    axis: Option<usize>,
    position: (usize, &'static Unit),
    motions: Vec<(usize, &'static Unit, String)>,
    /// What tells each slide from the others, and its label as it was written first.
    labels: BTreeMap<String, String>,
    seen: BTreeMap<(String, usize), BTreeMap<i64, i64>>,
    /// For each slide and motion, the positions whose reading is missing.
    missing: BTreeMap<(String, usize), Vec<i64>>,
    /// Of positions and of angles.
    rounding: [Rounding; 2],
}

impl SlideReader {
    /// Reads what the header says: `position_mm` and `yaw_arcsec`, `pitch_arcsec`, `roll_arcsec`.
    pub fn new(file: &str, header: &[String]) -> error::Result<Self> {
        let columns = Columns::new(file, header);
        let (mut axis, mut position, mut motions) = (None, None, Vec::new());
        for (index, name) in header.iter().enumerate() {
            let (words, unit) = words(name);
            let said: Vec<&str> = words.iter().map(String::as_str).collect();
            match said.as_slice() {
                ["axis" | "slide"] => axis = Some(index),
                ["position" | "target"] => {
                    position = Some((index, columns.unit(name, unit, "mm")?));
                }
                [motion @ ("yaw" | "pitch" | "roll")] => {
                    let unit = columns.unit(name, unit, "arcsec")?;
                    if unit.dimension != Dimension::Angle {
                        let fault = columns.fault(&format!("column `{name}` is no angle"));
                        return Err(
                            fault.help(format!("write its unit, such as `{motion}_arcsec`"))
                        );
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
            labels: BTreeMap::new(),
            seen: BTreeMap::new(),
            missing: BTreeMap::new(),
            rounding: Default::default(),
        })
    }

    /// The same for numbers that are written in this style.
    #[must_use]
    pub fn with_style(mut self, style: Style) -> Self {
        self.columns.style = style;
        self
    }

    /// Takes up one row.
    pub fn take(&mut self, record: &Record) -> error::Result<()> {
        self.columns.check(record)?;
        let label = self.axis.map_or("", |at| record.field(at)).trim();
        let axis = axis_key(label);
        if !self.labels.contains_key(&axis) {
            self.labels.insert(axis.clone(), label.to_owned());
        }
        let (at, unit) = self.position;
        let [of_positions, of_angles] = &mut self.rounding;
        let position = self.columns.value(record, at, unit, of_positions)?.count();
        for (number, (at, unit, _)) in self.motions.iter().enumerate() {
            if record.field(*at).trim().is_empty() {
                self.missing.entry((axis.clone(), number)).or_default().push(position);
                continue;
            }
            let angle = self.columns.value(record, *at, unit, of_angles)?.count();
            let of_motion = self.seen.entry((axis.clone(), number)).or_default();
            if of_motion.insert(position, angle).is_some() {
                let text = "this position was read before".to_owned();
                let help = "read each position once, and name the slides in a column `slide`";
                return Err(self.columns.at(record, self.position.0, text).help(help));
            }
        }
        Ok(())
    }

    /// The motions of each slide.
    pub fn finish(self) -> error::Result<Vec<Slide>> {
        if self.seen.is_empty() {
            return Err(self.columns.fault("no reading"));
        }
        let motions = &self.motions;
        let [of_positions, of_angles] = self.rounding;
        let remarks = [of_positions.remark(Dimension::Length), of_angles.remark(Dimension::Angle)];
        let mut remarks: Vec<String> = remarks.into_iter().flatten().collect();
        // A motion that was not read of a slide at all is not missing.
        let missing = self.missing.iter().filter(|(of, _)| self.seen.contains_key(*of));
        remarks.extend(missing.map(|((axis, number), places)| {
            let motion = motions.get(*number).map_or("", |(.., motion)| motion.as_str());
            let axis = self.labels.get(axis).unwrap_or(axis);
            lacking(format!("{axis} {motion}").trim(), places)
        }));
        let slide = |((axis, number), of_motion): ((String, usize), BTreeMap<i64, i64>)| {
            let value = |count| Value::from_count(count).unwrap_or_default();
            let readings = of_motion.into_iter().map(|(at, angle)| (value(at), value(angle)));
            let motion = motions.get(number).map_or("", |(.., motion)| motion).to_owned();
            let axis = self.labels.get(&axis).cloned().unwrap_or(axis);
            Slide { axis, motion, readings: readings.collect(), remarks: remarks.clone() }
        };
        Ok(self.seen.into_iter().map(slide).collect())
    }
}
