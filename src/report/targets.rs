//! What the runs at each target come to.

use serde::Serialize;

use super::csv::rows_csv;
use super::positioning::{rounded, units};
use super::table::table;
use crate::error::Result;
use crate::metrology::{AtTarget, Positioning};
use crate::quantity::Unit;

/// One target of one axis; figures in `unit`, unrounded, none where they are not computable.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TargetRow {
    /// The axis.
    pub axis: String,
    /// The commanded position, in mm or degrees.
    pub target: String,
    /// `um` or `arcsec`.
    pub unit: &'static str,
    /// How many runs ↑.
    pub runs_up: usize,
    /// How many runs ↓.
    pub runs_down: usize,
    /// The mean deviation ↑.
    pub mean_up: Option<f64>,
    /// The mean deviation ↓.
    pub mean_down: Option<f64>,
    /// The estimator s ↑.
    pub s_up: Option<f64>,
    /// The estimator s ↓.
    pub s_down: Option<f64>,
    /// The reversal Bᵢ.
    pub reversal: Option<f64>,
    /// Rᵢ↑ with k = 2.
    pub repeatability_up: Option<f64>,
    /// Rᵢ↓ with k = 2.
    pub repeatability_down: Option<f64>,
    /// Rᵢ with k = 2.
    pub repeatability: Option<f64>,
    /// Rᵢ of the edition of 1988, k = 3.
    pub repeatability_1988: Option<f64>,
    /// Where the measuring line lay, if the file says it.
    pub line: String,
}

const COLUMNS: &[&str] = &[
    "axis",
    "target",
    "unit",
    "runs_up",
    "runs_down",
    "mean_up",
    "mean_down",
    "s_up",
    "s_down",
    "reversal",
    "repeatability_up",
    "repeatability_down",
    "repeatability",
    "repeatability_1988",
    "line",
];

/// A row for each target of an axis that was tested on a measuring line, where one is named.
pub fn target_rows(found: &Positioning, line: Option<&str>) -> Vec<TargetRow> {
    let (unit, figure, position) = units(found.dimension);
    let size = figure.map_or(1.0, |unit| unit.size as f64);
    let row = |(at, target): (usize, &AtTarget)| {
        let ([mean_up, mean_down], [s_up, s_down]) = (target.mean, target.s);
        let [runs_up, runs_down] = target.runs;
        let shown = |value: Option<f64>| value.map(|value| value / size);
        let of = |all: &[Option<f64>]| shown(all.get(at).copied().flatten());
        TargetRow {
            axis: found.axis.clone(),
            target: position.map_or_else(String::new, |unit| target.position.text(unit)),
            unit,
            runs_up,
            runs_down,
            mean_up: shown(mean_up),
            mean_down: shown(mean_down),
            s_up: shown(s_up),
            s_down: shown(s_down),
            reversal: shown(target.reversal()),
            repeatability_up: shown(s_up.map(|s| 4.0 * s)),
            repeatability_down: shown(s_down.map(|s| 4.0 * s)),
            repeatability: of(&found.two.repeatability_at),
            repeatability_1988: of(&found.three.repeatability_at),
            line: line.unwrap_or_default().to_owned(),
        }
    };
    found.targets.iter().enumerate().map(row).collect()
}

/// The rows as CSV.
pub fn target_csv(rows: &[TargetRow]) -> Result<String> {
    let number = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
    let cells = rows.iter().map(|row| {
        let mut cells = vec![
            row.axis.clone(),
            row.target.clone(),
            row.unit.to_owned(),
            row.runs_up.to_string(),
            row.runs_down.to_string(),
        ];
        let figures = [
            row.mean_up,
            row.mean_down,
            row.s_up,
            row.s_down,
            row.reversal,
            row.repeatability_up,
            row.repeatability_down,
            row.repeatability,
            row.repeatability_1988,
        ];
        cells.extend(figures.map(number));
        cells.push(row.line.clone());
        cells
    });
    rows_csv(COLUMNS, cells)
}

/// More targets than this are for no eye.
const TARGETS_TOLD: usize = 1000;

/// The targets for people; Rᵢ with k = 2.
pub(super) fn targets_text(found: &Positioning) -> String {
    let unit = units(found.dimension).1.map_or("", Unit::name);
    if found.targets.len() > TARGETS_TOLD {
        let count = found.targets.len();
        return format!(
            "{count} targets: --table targets writes what each comes to as CSV or JSON."
        );
    }
    let shown = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), rounded);
    let cells: Vec<Vec<String>> = target_rows(found, None)
        .into_iter()
        .map(|row| {
            vec![
                row.target,
                row.runs_up.to_string(),
                shown(row.mean_up),
                shown(row.s_up),
                shown(row.repeatability_up),
                row.runs_down.to_string(),
                shown(row.mean_down),
                shown(row.s_down),
                shown(row.repeatability_down),
                shown(row.reversal),
                shown(row.repeatability),
            ]
        })
        .collect();
    let header = ["target", "n↑", "mean ↑", "s ↑", "R ↑", "n↓", "mean ↓", "s ↓", "R ↓", "B", "R"];
    format!("{}\n\nAt each target, in {unit}; R with k = 2.", table(&header, &cells, 0))
}
