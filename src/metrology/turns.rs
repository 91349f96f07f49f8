//! Raw readings of a turning spindle: displacement over equal steps of angle, turn by turn.

use std::collections::BTreeMap;

use super::columns::{Columns, Rounding, words};
use crate::error::Result;
use crate::quantity::{Dimension, Style, Unit, counted};
use crate::table::Record;

/// The direction in which a probe looks, seen from the workpiece or from the tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sensitive {
    /// One probe that stands still: turning (ISO 230-7, fixed sensitive direction).
    #[default]
    Fixed,
    /// Two probes across each other whose readings are turned with the spindle: milling, boring.
    Rotating,
}

/// Displacements over whole turns.
#[derive(Debug, Clone, PartialEq)]
pub struct Turns {
    /// In counts of the smallest unit of length, turn by turn; each turn has as many steps.
    pub readings: Vec<Vec<f64>>,
    /// How the probes stood.
    pub sensitive: Sensitive,
    /// What is odd about the readings.
    pub remarks: Vec<String>,
}

/// Reads a file of turns, row by row.
#[derive(Debug)]
pub struct TurnsReader {
    columns: Columns,
    turn: usize,
    /// The column of the angle and its unit; none where it counts steps.
    angle: (usize, Option<&'static Unit>),
    probes: Vec<(usize, &'static Unit)>,
    seen: BTreeMap<(u64, i64), (Vec<i64>, usize)>,
    /// Of angles and of displacements.
    rounding: [Rounding; 2],
}

/// ISO 230-7 asks for about as many turns.
const TURNS_USUAL: usize = 20;

impl TurnsReader {
    /// Reads what the header says: `rev`, `angle_index` or `angle_deg`, and `displacement_um`, or
    /// `x_um` and `y_um` of two probes.
    pub fn new(file: &str, header: &[String]) -> Result<Self> {
        let columns = Columns::new(file, header);
        let (mut turn, mut angle, mut one, mut x, mut y) = (None, None, None, None, None);
        for (index, name) in header.iter().enumerate() {
            let (words, unit) = words(name);
            let said: Vec<&str> = words.iter().map(String::as_str).collect();
            match said.as_slice() {
                ["rev" | "turn" | "revolution"] => turn = Some(index),
                ["angle" | "step", "index" | "number" | "no"] => angle = Some((index, None)),
                ["angle"] => angle = Some((index, Some(columns.unit(name, unit, "deg")?))),
                ["displacement" | "radial" | "axial" | "deviation"] => {
                    one = Some((index, columns.unit(name, unit, "um")?));
                }
                ["x"] => x = Some((index, columns.unit(name, unit, "um")?)),
                ["y"] => y = Some((index, columns.unit(name, unit, "um")?)),
                _ => {}
            }
        }
        let missing = |what: &str, example: &str| {
            columns.fault(&format!("no column of {what}")).help(format!("name one `{example}`"))
        };
        let probes: Vec<_> = match (one, x, y) {
            (Some(one), None, None) => vec![one],
            (None, Some(x), Some(y)) => vec![x, y],
            _ => {
                let help = "one probe: `displacement_um`; two across each other: `x_um` and `y_um`";
                return Err(columns.fault("no column of displacements, or too many").help(help));
            }
        };
        if let Some((at, _)) = probes.iter().find(|(_, u)| u.dimension != Dimension::Length) {
            return Err(columns.fault(&format!("column `{}` is no length", columns.name(*at))));
        }
        let turn = turn.ok_or_else(|| missing("turns", "rev"))?;
        let angle = angle.ok_or_else(|| missing("angles", "angle_deg"))?;
        Ok(Self {
            turn,
            angle,
            probes,
            seen: BTreeMap::new(),
            columns,
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
    pub fn take(&mut self, record: &Record) -> Result<()> {
        self.columns.check(record)?;
        let turn = self.columns.whole(record, self.turn, "the number of a turn")?;
        let (at, unit) = self.angle;
        let [of_angles, of_displacements] = &mut self.rounding;
        let angle = match unit {
            Some(unit) => self.columns.value(record, at, unit, of_angles)?.count(),
            None => {
                let index = self.columns.whole(record, at, "the number of a step")?;
                i64::try_from(index).unwrap_or(i64::MAX)
            }
        };
        let mut values = Vec::with_capacity(self.probes.len());
        for (at, unit) in &self.probes {
            values.push(self.columns.value(record, *at, unit, of_displacements)?.count());
        }
        if let Some((_, line)) = self.seen.insert((turn, angle), (values, record.line)) {
            let text = format!("this turn and angle stand in line {line} too");
            return Err(self.columns.at(record, at, text));
        }
        Ok(())
    }

    /// The turns; every turn has to have the same angles, at equal steps.
    pub fn finish(self) -> Result<Turns> {
        let mut turns: BTreeMap<u64, Vec<(i64, &Vec<i64>)>> = BTreeMap::new();
        for ((turn, angle), (values, _)) in &self.seen {
            turns.entry(*turn).or_default().push((*angle, values));
        }
        let Some((first, grid)) = turns.iter().next() else {
            return Err(self.columns.fault("no reading"));
        };
        let angles: Vec<i64> = grid.iter().map(|(angle, _)| *angle).collect();
        for (turn, steps) in &turns {
            if steps.iter().map(|(angle, _)| *angle).ne(angles.iter().copied()) {
                let text = format!("turn {turn} does not have the angles of turn {first}");
                return Err(self.columns.fault(&text).help("interpolate to one grid of angles"));
            }
        }
        if angles.len() < 8 {
            return Err(self.columns.fault("fewer than eight steps a turn"));
        }
        let start = self.starts(&angles)?;
        let step = std::f64::consts::TAU / angles.len() as f64;
        let reading = |(at, (_, values)): (usize, &(i64, &Vec<i64>))| match values.as_slice() {
            [x, y] => {
                let angle = start + step * at as f64;
                *x as f64 * angle.cos() + *y as f64 * angle.sin()
            }
            values => values.first().map_or(0.0, |value| *value as f64),
        };
        let readings: Vec<Vec<f64>> =
            turns.values().map(|steps| steps.iter().enumerate().map(reading).collect()).collect();
        let rotating = self.probes.len() == 2;
        let mut remarks = Vec::new();
        if readings.len() < TURNS_USUAL {
            let count = counted(readings.len(), "turn");
            remarks.push(format!("{count}; about {TURNS_USUAL} are usual (ISO 230-7)"));
        }
        let [of_angles, of_displacements] = self.rounding;
        remarks.extend(of_angles.remark(Dimension::Angle));
        remarks.extend(of_displacements.remark(Dimension::Length));
        let sensitive = if rotating { Sensitive::Rotating } else { Sensitive::Fixed };
        Ok(Turns { readings, sensitive, remarks })
    }

    /// The first angle in radians; angles that are printed have to stand at equal steps.
    fn starts(&self, angles: &[i64]) -> Result<f64> {
        let Some(unit) = self.angle.1 else { return Ok(0.0) };
        let degree = Unit::named(Dimension::Angle, "deg").map_or(unit.size, |deg| deg.size);
        let turn = 360.0 * degree as f64;
        let (first, count) = (angles.first().copied().unwrap_or(0), angles.len());
        let even = angles.iter().enumerate().all(|(at, angle)| {
            let wanted = first as f64 + turn * at as f64 / count as f64;
            // Printed angles are rounded: a thousandth of a step is let through.
            (*angle as f64 - wanted).abs() < turn / count as f64 / 1000.0
        });
        if even {
            Ok(first as f64 / turn * std::f64::consts::TAU)
        } else {
            let fault = self.columns.fault("the angles do not stand at equal steps of a turn");
            Err(fault.help("interpolate to one grid of angles"))
        }
    }
}
