//! Spindles and slides: what the lists mean, and beside it what they do not.

use serde::Serialize;

use super::csv::rows_csv;
use super::table::table;
use crate::error::Result;
use crate::metrology::{Motion, NoWindows, Sensitive, Slide, Spindle, Windows};
use crate::quantity::{Dimension, Unit, Value, counted, shown_number};

/// One figure of a spindle or a slide.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MotionRow {
    /// The figure.
    pub figure: String,
    /// The parameter that lists test, where the figure is one.
    pub parameter: &'static str,
    /// The value in `unit`, unrounded; none where it is not computable.
    pub value: Option<f64>,
    /// `um` or `arcsec`.
    pub unit: &'static str,
    /// Where it occurs.
    pub at: String,
    /// The standard.
    pub standard: &'static str,
    /// Why it is not computable; empty where it is.
    pub not_computable: String,
    /// The limit that is asked about; empty where none is.
    pub limit: String,
    /// Whether it is below the limit: `yes`, `no`, or `open`; of windows.
    pub below: String,
}

const COLUMNS: &[&str] =
    &["figure", "parameter", "value", "unit", "at", "standard", "not_computable", "limit", "below"];
const ONE_TURN: &str = "one turn does not tell what repeats from what does not";
const INDICATOR: &str = "ISO 230-1";
const AXIS: &str = "ISO 230-7";

/// The figures of a spindle.
pub fn spindle_rows(found: &Spindle) -> Vec<MotionRow> {
    let um = Unit::named(Dimension::Length, "um").map_or(1.0, |unit| unit.size as f64);
    let row = |figure: &str, value: f64, at: String, standard| MotionRow {
        figure: figure.to_owned(),
        parameter: "",
        value: Some(value / um),
        unit: "um",
        at,
        standard,
        not_computable: String::new(),
        limit: String::new(),
        below: String::new(),
    };
    // What needs more than one turn.
    let repeated = |figure: &str, found: Option<(f64, String)>| match found {
        Some((value, at)) => row(figure, value, at, AXIS),
        None => MotionRow {
            value: None,
            not_computable: ONE_TURN.to_owned(),
            ..row(figure, 0.0, String::new(), AXIS)
        },
    };
    let radial = found.motion == Motion::Radial;
    // Probes that turn with the spindle are no indicator: their TIR is no figure of the lists.
    let (name, parameter) = match (radial, found.sensitive) {
        (_, Sensitive::Rotating) => ("turned with the spindle", ""),
        (true, _) => ("run-out", "spindle_runout"),
        (false, _) => ("camming", "spindle_camming"),
    };
    let smallest = found.tir.iter().enumerate().min_by(|a, b| a.1.total_cmp(b.1));
    let (smallest_turn, smallest) = smallest.map_or((0, 0.0), |(at, value)| (at, *value));
    let turn = |at: usize| format!("turn {}", at + 1);
    let step = |at: usize| format!("{:.1} deg", 360.0 * at as f64 / found.steps as f64);
    let none = String::new;
    let mut rows = vec![
        MotionRow {
            parameter,
            ..row(
                &format!("{name}, largest TIR of a turn"),
                found.tir_max.0,
                turn(found.tir_max.1),
                INDICATOR,
            )
        },
        MotionRow {
            parameter,
            ..row(
                &format!("{name}, smallest TIR of a turn"),
                smallest,
                turn(smallest_turn),
                INDICATOR,
            )
        },
        row(&format!("{name}, mean TIR of a turn"), found.tir_mean, none(), INDICATOR),
        row("TIR of all turns", found.tir_all, none(), INDICATOR),
        row("once a turn, amplitude", found.fundamental, none(), AXIS),
        repeated("synchronous error motion", found.synchronous.map(|value| (value, none()))),
        repeated(
            "asynchronous error motion",
            found.asynchronous.map(|(width, at)| (width, step(at))),
        ),
        row("total error motion", found.total, none(), AXIS),
    ];
    if radial {
        let figure = "spread of the mean with once a turn left in";
        rows.push(repeated(figure, found.synchronous_kept.map(|value| (value, none()))));
    }
    rows
}

/// The figures of a spindle for people.
pub fn spindle_text(found: &Spindle, rows: &[MotionRow], remarks: &[String]) -> String {
    let radial = found.motion == Motion::Radial;
    let what = match (radial, found.sensitive) {
        (true, Sensitive::Fixed) => "radial, fixed sensitive direction",
        (true, Sensitive::Rotating) => "radial, rotating sensitive direction",
        (false, _) => "axial",
    };
    let mut text = format!(
        "{what}: {} of {}, least-squares centre\n\n",
        counted(found.turns, "turn"),
        counted(found.steps, "step")
    );
    text += &shown(rows);
    text += "\n\nThe lists limit the TIR of one turn. Error motion is another quantity: it proves \
             nothing about the TIR, nor the TIR about it.\n";
    for remark in remarks {
        text += &format!("note: {remark}\n");
    }
    text += &format!("note: {}\n", found.between_steps());
    text += "note: no filter and no separation of the artefact's form\n";
    text
}

fn shown(rows: &[MotionRow]) -> String {
    let unit = rows.first().map_or("", |row| row.unit);
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let value = row.value.map(shown_number);
            let value = value.unwrap_or_else(|| "not computable".to_owned());
            let at = if row.value.is_some() { &row.at } else { &row.not_computable };
            [&row.figure, row.standard, at, row.parameter, &value].map(str::to_owned).to_vec()
        })
        .collect();
    table(&["figure", "standard", "at", "parameter", unit], &cells, 4)
}

/// The rows as CSV.
pub fn motion_csv(rows: &[MotionRow]) -> Result<String> {
    let cells = |row: &MotionRow| {
        let value = row.value.map_or_else(String::new, |value| value.to_string());
        let (why, limit, below) = (&row.not_computable, &row.limit, &row.below);
        [&row.figure, row.parameter, &value, row.unit, &row.at, row.standard, why, limit, below]
            .map(str::to_owned)
            .to_vec()
    };
    rows_csv(COLUMNS, rows.iter().map(cells))
}

/// The best and the worst window of a slide's motion, or why there is none.
pub fn slide_rows(
    slide: &Slide,
    windows: &std::result::Result<Windows, NoWindows>,
) -> Vec<MotionRow> {
    let unit = |dimension, name| Unit::named(dimension, name).ok();
    let size = unit(Dimension::Angle, "arcsec").map_or(1.0, |unit| unit.size as f64);
    let mm = |value: Value| {
        unit(Dimension::Length, "mm").map_or_else(String::new, |unit| value.text(unit))
    };
    let parameter = match slide.motion.as_str() {
        "yaw" => "slide_yaw",
        "pitch" => "slide_pitch",
        _ => "slide_roll",
    };
    let name = format!("{} {}", slide.axis, slide.motion);
    let row = |figure: String, value: Option<f64>, at: String| MotionRow {
        figure,
        parameter,
        value,
        unit: "arcsec",
        at,
        standard: INDICATOR,
        not_computable: String::new(),
        limit: String::new(),
        below: String::new(),
    };
    let windows = match windows {
        Ok(windows) => windows,
        Err(reason) => {
            let row = row(name.trim().to_owned(), None, String::new());
            return vec![MotionRow { not_computable: reason.text(), ..row }];
        }
    };
    // Windows that hold one position only may be better or worse.
    let seen = if windows.unseen.is_some() { ", of those seen" } else { "" };
    let end = |(spread, from): (Value, Value), most: Option<Value>, which: &str| {
        let least = if most == Some(spread) { "" } else { ", at least" };
        let of = mm(windows.length);
        let figure = format!("{}, {which} window of {of}{seen}{least}", name.trim());
        let arcsec = |value: Value| Some(value.count() as f64 / size);
        let mut ends = vec![row(figure, arcsec(spread), format!("from {}", mm(from)))];
        if let Some(most) = most.filter(|most| *most > spread) {
            let figure = format!("{}, {which} window of {of}{seen}, at most", name.trim());
            ends.push(row(figure, arcsec(most), String::new()));
        }
        ends
    };
    [end(windows.best, windows.best_most, "best"), end(windows.worst, windows.worst_most, "worst")]
        .concat()
}

/// The windows of slides for people.
pub fn slides_text(rows: &[MotionRow]) -> String {
    shown(rows)
}
