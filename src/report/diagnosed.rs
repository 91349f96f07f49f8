//! Diagnostics of runs as rows: what the text for people says, unrounded.

use serde::Serialize;

use super::csv::rows_csv;
use super::positioning::segment_place;
use crate::error::Result;
use crate::metrology::{
    AxisRuns, Diagnostics, Direction, Period, SegmentRule, Segments, diagnose, hidden_periods,
    thermal,
};
use crate::quantity::{Dimension, Unit, Value};

/// One diagnostic of one axis: never a legal figure.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DiagnosticRow {
    /// The axis.
    pub axis: String,
    /// What it is: `drift`, `outlier`, `resolution`, `silent`, `slope`, `growth`, `shift`,
    /// `growth per kelvin`, `shift per kelvin`, `hidden period`, `period`, `segment`, `remark`.
    pub diagnostic: &'static str,
    /// Where it occurs: target, side and run, or from where to where.
    pub at: String,
    /// The value in `unit`, unrounded; none where there is none.
    pub value: Option<f64>,
    /// The unit of the value.
    pub unit: &'static str,
    /// What it means, or why there is no value.
    pub says: String,
    /// Where the measuring line lay, if the file says it.
    pub line: String,
}

/// Every diagnostic of an axis; a period that is asked for, and segments, beside them.
pub fn diagnostic_rows(
    runs: &AxisRuns,
    rules: &[(String, SegmentRule)],
    asked: Option<&Period>,
) -> Vec<DiagnosticRow> {
    let sheet = Sheet::of(runs);
    let mut rows = sheet.scatter(&diagnose(runs));
    rows.extend(sheet.warmth());
    rows.extend(hidden_periods(runs).iter().map(|period| sheet.period("hidden period", period)));
    rows.extend(asked.map(|period| sheet.period("period", period)));
    for (_, rule) in rules {
        rows.extend(rule.divide(runs).iter().flat_map(|found| sheet.segments(rule, found)));
    }
    let remarks = runs.remarks.iter();
    rows.extend(remarks.map(|text| sheet.row("remark", String::new(), None, "", text.clone())));
    rows
}

/// An axis and its units.
struct Sheet<'r> {
    runs: &'r AxisRuns,
    figure: &'static str,
    size: f64,
    position: Option<&'static Unit>,
}

impl<'r> Sheet<'r> {
    fn of(runs: &'r AxisRuns) -> Self {
        let (figure, position) = match runs.dimension {
            Dimension::Angle => ("arcsec", "deg"),
            _ => ("um", "mm"),
        };
        let unit = |name| Unit::named(runs.dimension, name).ok();
        let size = unit(figure).map_or(1.0, |unit| unit.size as f64);
        Self { runs, figure, size, position: unit(position) }
    }

    fn row(
        &self,
        diagnostic: &'static str,
        at: String,
        value: Option<f64>,
        unit: &'static str,
        says: String,
    ) -> DiagnosticRow {
        let (axis, line) = (self.runs.axis.clone(), self.runs.conditions.line.clone());
        let line = line.unwrap_or_default();
        DiagnosticRow { axis, diagnostic, at, value, unit, says, line }
    }

    fn place(&self, value: Value) -> String {
        self.position.map_or_else(String::new, |unit| value.text(unit))
    }

    fn target(&self, at: usize, direction: Direction) -> String {
        let position = self.runs.targets.get(at).map(|target| self.place(target.position));
        format!("{} {}", position.unwrap_or_default(), direction.arrow())
    }

    fn scatter(&self, found: &Diagnostics) -> Vec<DiagnosticRow> {
        let none = String::new;
        let mut rows = Vec::new();
        if let Some(drift) = found.drift {
            let says = "mean drift as a part of the scatter".to_owned();
            rows.push(self.row("drift", none(), Some(drift), "s a run", says));
        }
        if let Some(upr) = found.upr_without_drift {
            let says = "UPR without a linear drift: not the legal figure".to_owned();
            rows.push(self.row("drift", none(), Some(upr / self.size), self.figure, says));
        }
        for outlier in &found.outliers {
            let target = self.target(outlier.target, outlier.direction);
            let run = self.runs.run_number(outlier.target, outlier.direction, outlier.run);
            let at = format!("{target} run {run}");
            let says = "distance from the mean; no reading is rejected".to_owned();
            rows.push(self.row("outlier", at, Some(outlier.distance), "pooled s", says));
        }
        if let Some(step) = found.step {
            let says = format!("the step of the readings; pooled s {}", found.pooled / self.size);
            let step = step as f64 / self.size;
            rows.push(self.row("resolution", none(), Some(step), self.figure, says));
        }
        for (target, direction) in &found.silent {
            let says = "no scatter at all: the resolution's, not the axis's".to_owned();
            let at = self.target(*target, *direction);
            rows.push(self.row("silent", at, Some(0.0), self.figure, says));
        }
        if let (Some(slope), Dimension::Length) = (found.slope, self.runs.dimension) {
            let says = "slope of the means over the positions".to_owned();
            rows.push(self.row("slope", none(), Some(slope * 1e6), "um/m", says));
        }
        rows
    }

    fn warmth(&self) -> Vec<DiagnosticRow> {
        let Some(found) = thermal(self.runs) else { return Vec::new() };
        let linear = self.runs.dimension == Dimension::Length;
        let shift = |value: f64| Some(value / self.size);
        let growth = |value: f64| linear.then_some(value * 1e6);
        let kelvin = if linear { "um/K" } else { "arcsec/K" };
        let range = found.range_k.map_or_else(String::new, |range| format!("over {range} K"));
        let over = "from the first run to the last".to_owned();
        let all = [
            ("growth", growth(found.growth), "um/m", over.clone()),
            ("shift", shift(found.shift), self.figure, over),
            ("growth per kelvin", found.growth_per_k.and_then(growth), "um/(m K)", range.clone()),
            ("shift per kelvin", found.shift_per_k.and_then(shift), kelvin, range),
        ];
        let told = all.into_iter().filter(|(_, value, ..)| value.is_some());
        told.map(|(name, value, unit, says)| self.row(name, String::new(), value, unit, says))
            .collect()
    }

    fn period(&self, name: &'static str, period: &Period) -> DiagnosticRow {
        let fitted = period.amplitude.map_or_else(String::new, |amplitude| {
            format!("; an amplitude of {} {} fits best", amplitude / self.size, self.figure)
        });
        let says = format!("the part of such an error that the targets show at most{fitted}");
        self.row(name, self.place(period.period), Some(period.shown()), "", says)
    }

    fn segments(&self, rule: &SegmentRule, found: &Segments) -> Vec<DiagnosticRow> {
        let reported = found.smallest().map(|(at, _)| at);
        let segments = found.segments.iter().enumerate();
        segments
            .map(|(at, segment)| {
                let place = segment_place(segment, |value| self.place(value));
                let value = segment.upr.ok().map(|upr| upr.value / self.size);
                let says = match segment.upr {
                    Err(reason) => reason.text(),
                    Ok(_) if reported == Some(at) => format!("UPR, reported: {}", rule.text),
                    Ok(_) => "UPR of the segment".to_owned(),
                };
                self.row("segment", place, value, self.figure, says)
            })
            .collect()
    }
}

/// The rows as CSV.
pub fn diagnostic_csv(rows: &[DiagnosticRow]) -> Result<String> {
    let cells = |row: &DiagnosticRow| {
        vec![
            row.axis.clone(),
            row.diagnostic.to_owned(),
            row.at.clone(),
            row.value.map_or_else(String::new, |value| value.to_string()),
            row.unit.to_owned(),
            row.says.clone(),
            row.line.clone(),
        ]
    };
    rows_csv(&["axis", "diagnostic", "at", "value", "unit", "says", "line"], rows.iter().map(cells))
}
