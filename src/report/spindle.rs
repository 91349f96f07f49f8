//! Spindles and slides: what the lists mean, and beside it what they do not.

use serde::Serialize;

use super::csv::rows_csv;
use super::table::table;
use crate::error::Result;
use crate::metrology::{Motion, NoWindows, Parts, Sensitive, Slide, Spindle, Windows};
use crate::quantity::{Dimension, Unit, Value, counted, shown_number};

/// One figure of a spindle or a slide.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
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
    /// Whether the turns or the windows are below the limit: `yes`, `no`, or `open`.
    pub below: String,
    /// The sensitive direction of a spindle: `fixed`, `rotating` or `axial`.
    pub sensitive: &'static str,
    /// How many turns of a spindle there are.
    pub turns: Option<usize>,
    /// How many steps a turn.
    pub steps: Option<usize>,
    /// What is odd about the readings, what bounds a figure on one side only, why a limit is open.
    pub notes: Vec<String>,
}

const COLUMNS: &[&str] = &[
    "figure",
    "parameter",
    "value",
    "unit",
    "at",
    "standard",
    "not_computable",
    "limit",
    "below",
    "sensitive",
    "turns",
    "steps",
    "notes",
];
const ONE_TURN: &str = "one turn does not tell what repeats from what does not";
const INDICATOR: &str = "ISO 230-1";
const AXIS: &str = "ISO 230-7";

/// The sensitive direction of a spindle in a word.
pub fn sensitive_word(found: &Spindle) -> &'static str {
    match (found.motion, found.sensitive) {
        (Motion::Axial, _) => "axial",
        (Motion::Radial, Sensitive::Fixed) => "fixed",
        (Motion::Radial, Sensitive::Rotating) => "rotating",
    }
}

fn turn_text(at: usize) -> String {
    format!("turn {}", at + 1)
}

/// The smallest TIR of the turns, with its turn: one that reads the same at every step says none.
fn smallest(found: &Spindle) -> (f64, usize) {
    let read = found.tir.iter().enumerate().filter(|(_, tir)| **tir > 0.0);
    let smallest = read.min_by(|a, b| a.1.total_cmp(b.1));
    smallest.map_or((0.0, 0), |(at, value)| (*value, at))
}

/// The figures of a spindle, each with these notes.
pub fn spindle_rows(found: &Spindle, notes: &[String]) -> Vec<MotionRow> {
    let um = Unit::named(Dimension::Length, "um").map_or(1.0, |unit| unit.size as f64);
    let row = |figure: &str, value: f64, at: String, standard| MotionRow {
        figure: figure.to_owned(),
        parameter: "",
        value: Some(value / um),
        unit: "um",
        at,
        standard,
        sensitive: sensitive_word(found),
        turns: Some(found.turns),
        steps: Some(found.steps),
        notes: notes.to_vec(),
        ..MotionRow::default()
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
    let smallest = smallest(found);
    let is_still = smallest.0 > 0.0 && found.tir.contains(&0.0);
    let smallest_word = if is_still { "smallest seen" } else { "smallest" };
    let still = if is_still { ", with nought for turns that stand still" } else { "" };
    // What lists test: nothing, where nothing was read, and at least that, where steps are few.
    let parts = found.parts();
    let of_list = |which: &str, (value, turn), most: fn(&Parts) -> Option<Value>| {
        let least = parts.as_ref().is_ok_and(|parts| most(parts).is_none());
        let least = if least { ", at least" } else { "" };
        let (figure, at) = (format!("{name}, {which} TIR of a turn{least}"), turn_text(turn));
        let own = MotionRow { parameter, ..row(&figure, value, at, INDICATOR) };
        match &parts {
            Err(why) if !parameter.is_empty() => {
                MotionRow { value: None, at: String::new(), not_computable: why.clone(), ..own }
            }
            _ => own,
        }
    };
    let step = |at: usize| format!("{:.1} deg", 360.0 * at as f64 / found.steps as f64);
    let none = String::new;
    let mut rows = vec![
        of_list("largest", found.tir_max, |parts| parts.worst.1),
        of_list(smallest_word, smallest, |parts| parts.best.1),
        row(&format!("{name}, mean TIR of a turn{still}"), found.tir_mean, none(), INDICATOR),
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
pub fn spindle_text(found: &Spindle, rows: &[MotionRow], notes: &[String]) -> String {
    let what = match sensitive_word(found) {
        "axial" => "axial".to_owned(),
        direction => format!("radial, {direction} sensitive direction"),
    };
    let mut text = format!(
        "{what}: {} of {}, least-squares centre\n\n",
        counted(found.turns, "turn"),
        counted(found.steps, "step")
    );
    text += &shown(rows);
    text += "\n\nThe lists limit the TIR of one turn. Error motion is another quantity: it proves \
             nothing about the TIR, nor the TIR about it.\n";
    for note in notes {
        text += &format!("note: {note}\n");
    }
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
        let count = |of: Option<usize>| of.map_or_else(String::new, |of| of.to_string());
        let (turns, steps, notes) = (count(row.turns), count(row.steps), row.notes.join("; "));
        [
            &row.figure,
            row.parameter,
            &value,
            row.unit,
            &row.at,
            row.standard,
            &row.not_computable,
            &row.limit,
            &row.below,
            row.sensitive,
            &turns,
            &steps,
            &notes,
        ]
        .map(str::to_owned)
        .to_vec()
    };
    rows_csv(COLUMNS, rows.iter().map(cells))
}

/// The best and the worst window of a slide's motion, or why there is none; each with these notes.
pub fn slide_rows(
    slide: &Slide,
    windows: &std::result::Result<Windows, NoWindows>,
    notes: &[String],
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
        notes: notes.to_vec(),
        ..MotionRow::default()
    };
    let windows = match windows {
        Ok(windows) => windows,
        Err(reason) => {
            let row = row(name.trim().to_owned(), None, String::new());
            return vec![MotionRow { not_computable: reason.text(), ..row }];
        }
    };
    let end = |(least, most): (Value, Option<Value>), from: Value, which: &str| {
        let bound = if most == Some(least) { "" } else { ", at least" };
        let figure = format!("{}, {which} window of {}", name.trim(), mm(windows.length));
        let arcsec = |value: Value| Some(value.count() as f64 / size);
        let at = format!("from {}", mm(from));
        let low = row(format!("{figure}{bound}"), arcsec(least), at);
        let high = most.filter(|most| *most > least);
        let high = high.map(|most| row(format!("{figure}, at most"), arcsec(most), String::new()));
        std::iter::once(low).chain(high)
    };
    let [from_best, from_worst] = windows.from;
    let best = end(windows.parts.best, from_best, "best");
    best.chain(end(windows.parts.worst, from_worst, "worst")).collect()
}

/// The windows of slides for people.
pub fn slides_text(rows: &[MotionRow]) -> String {
    shown(rows)
}
