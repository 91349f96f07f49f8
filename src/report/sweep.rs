//! Capture curves and maps for people and as rows.

use std::fmt::Write as _;

use serde::Serialize;

use super::compare::weight_text;
use super::csv::rows_csv;
use super::table::table;
use crate::assess::{Captured, Map, Point, Sweep, Tally};
use crate::error::Result;
use crate::evidence::Key;
use crate::quantity::{Dimension, Unit, Value};
use crate::record::NOTICE;

/// One step of a curve.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PointRow {
    /// From this value of the dial on; empty for all smaller values.
    pub from: String,
    /// Machines that are certainly captured.
    pub certain: usize,
    /// Machines that are possibly captured.
    pub possible: usize,
    /// The weight of those certainly captured.
    pub certain_weight: String,
    /// The weight of those possibly captured.
    pub possible_weight: String,
    /// Of concern and captured, of those that are marked.
    pub hits: usize,
    /// Of concern and not captured.
    pub misses: usize,
    /// Not of concern and captured.
    pub false_alarms: usize,
    /// Marked and undecided.
    pub open: usize,
    /// The list, marked where it is not law.
    pub list: String,
}

const COLUMNS: &[&str] = &[
    "from",
    "certain",
    "possible",
    "certain_weight",
    "possible_weight",
    "hits",
    "misses",
    "false_alarms",
    "open",
    "list",
];

/// From a value of a dial on, in words: `> 400 mm` for the smallest value above 400 mm.
pub fn from_text(value: Value, unit: &Unit) -> String {
    let own = value.text(unit);
    let before = Value::from_count(value.count() - 1).map(|before| before.text(unit));
    match before.filter(|before| before.len() < own.len()) {
        Some(before) => format!("> {before}"),
        None => own,
    }
}

/// The unit in which a dial is printed.
pub fn dial_unit(sweep: &Sweep) -> &'static Unit {
    let parameter = sweep.limits.first().map(|limit| limit.parameter);
    parameter.and_then(|p| p.row().unit()).unwrap_or_else(|| Dimension::Number.smallest())
}

/// The rows of a curve.
pub fn sweep_rows(sweep: &Sweep) -> Vec<PointRow> {
    sweep.points.iter().map(|point| point_row(sweep, point)).collect()
}

/// The rows of a curve at some values of the dial.
pub fn sweep_rows_at(sweep: &Sweep, values: &[Value]) -> Vec<PointRow> {
    let at = |value: &Value| Point { from: Some(*value), ..sweep.at(*value) };
    values.iter().map(|value| point_row(sweep, &at(value))).collect()
}

/// Rows of a curve for people.
pub fn rows_text(sweep: &Sweep, rows: &[PointRow]) -> String {
    let cells = |row: &PointRow| {
        let undecided = row.possible - row.certain;
        let counts = [row.certain, undecided, sweep.machines - row.possible];
        std::iter::once(row.from.clone()).chain(counts.map(|n| n.to_string())).collect()
    };
    let cells: Vec<Vec<String>> = rows.iter().map(cells).collect();
    let shown = table(&["at", "certain", "undecided", "not captured"], &cells, 1);
    format!("{}: {}\n\n{shown}\n\n{NOTICE}\n", sweep.list, sweep.dial.name)
}

fn point_row(sweep: &Sweep, point: &Point) -> PointRow {
    let unit = dial_unit(sweep);
    PointRow {
        from: point.from.map_or_else(String::new, |from| from_text(from, unit)),
        certain: point.captured.certain.machines,
        possible: point.captured.possible.machines,
        certain_weight: weight_text(point.captured.certain),
        possible_weight: weight_text(point.captured.possible),
        hits: point.marked.hits,
        misses: point.marked.misses,
        false_alarms: point.marked.false_alarms,
        open: point.marked.open,
        list: sweep.list.clone(),
    }
}

/// A curve as CSV.
pub fn sweep_csv(rows: &[PointRow]) -> Result<String> {
    let cells = |row: &PointRow| {
        let counts = [row.hits, row.misses, row.false_alarms, row.open].map(|n| n.to_string());
        [
            row.from.clone(),
            row.certain.to_string(),
            row.possible.to_string(),
            row.certain_weight.clone(),
            row.possible_weight.clone(),
        ]
        .into_iter()
        .chain(counts)
        .chain([row.list.clone()])
        .collect::<Vec<String>>()
    };
    rows_csv(COLUMNS, rows.iter().map(cells))
}

/// How many steps are shown to people, and how long a bar is.
const SHOWN: usize = 30;
const BAR: usize = 40;

/// A curve for people: where the limit stands, steps with bars, cliffs, flat stretches.
pub fn sweep_text(sweep: &Sweep, within: f64, marked: bool) -> String {
    let unit = dial_unit(sweep);
    let here = sweep.at(sweep.stands);
    let mut out = format!("{}: {}\n", sweep.list, sweep.dial.name);
    for (limit, one) in sweep.limits.iter().zip(&sweep.dial.moves) {
        let name = Key { parameter: limit.parameter, by: limit.by }.text();
        let words = limit.comparator.phrase();
        let _ = writeln!(out, "  {} {name} {words} {}", one.clause, limit.limit.text(unit));
    }
    let _ = writeln!(
        out,
        "\nAt {}: {} of {} machines certainly captured, {} undecided",
        sweep.stands.text(unit),
        here.captured.certain.machines,
        sweep.machines,
        here.captured.possible.machines - here.captured.certain.machines
    );
    let weight = |captured: &Captured| captured.certain.weight + captured.possible.weight;
    if sweep.points.iter().any(|point| weight(&point.captured) > 0) {
        let (certain, possible) = (here.captured.certain, here.captured.possible);
        let open = Tally { machines: 0, weight: possible.weight - certain.weight };
        let (certain, open) = (weight_text(certain), weight_text(open));
        let _ = writeln!(out, "by weight {certain} certainly captured, {open} undecided");
    }
    let _ = writeln!(
        out,
        "{} machines move within {:.0} % of it, {} at some value\n",
        sweep.near(within),
        within * 100.0,
        sweep.turns.len()
    );
    out += &steps(sweep, unit, marked);
    out += &stretches(sweep, unit);
    let _ = write!(out, "\n{NOTICE}\n");
    out
}

/// The steps of the curve with bars; where there are too many, those with the largest changes.
fn steps(sweep: &Sweep, unit: &Unit, marked: bool) -> String {
    let rows = sweep_rows(sweep);
    let mut chosen: Vec<usize> = (0..rows.len()).collect();
    if rows.len() > SHOWN {
        chosen.sort_by_key(|at| std::cmp::Reverse(change(sweep, *at)));
        chosen.truncate(SHOWN);
        chosen.sort_unstable();
    }
    let stands = sweep.points.iter().rposition(|p| p.from.is_none_or(|f| f <= sweep.stands));
    let length = |count: usize| (count * BAR).div_ceil(sweep.machines.max(1));
    let cells: Vec<Vec<String>> = chosen
        .iter()
        .filter_map(|at| {
            let row = rows.get(*at)?;
            let (certain, possible) = (length(row.certain), length(row.possible));
            let bar = "█".repeat(certain) + &"░".repeat(possible.saturating_sub(certain));
            let from = match (row.from.is_empty(), Some(*at) == stands) {
                (true, _) => "below".to_owned(),
                (false, true) => format!("{} ←", row.from),
                (false, false) => row.from.clone(),
            };
            let mut cells =
                vec![from, bar, row.certain.to_string(), (row.possible - row.certain).to_string()];
            if marked {
                let counts = [row.hits, row.misses, row.false_alarms, row.open];
                cells.extend(counts.map(|count| count.to_string()));
            }
            Some(cells)
        })
        .collect();
    let header = [
        "from",
        "certain █ undecided ░",
        "certain",
        "undecided",
        "hits",
        "misses",
        "false alarms",
        "open",
    ];
    let width = if marked { 8 } else { 4 };
    let mut text = table(header.get(..width).unwrap_or(&header), &cells, 2);
    if rows.len() > chosen.len() {
        let _ = write!(
            text,
            "\n{} of {} steps, those with the largest changes; --format csv writes all",
            chosen.len(),
            rows.len()
        );
    }
    let _ = write!(text, "\n← the step at which the limit stands ({})\n", sweep.stands.text(unit));
    text
}

/// How many machines a step moves.
fn change(sweep: &Sweep, at: usize) -> usize {
    let captured = |at: usize| sweep.points.get(at).map(|point| point.captured);
    match (at.checked_sub(1).and_then(captured), captured(at)) {
        (Some(before), Some(now)) => {
            let certain = before.certain.machines.abs_diff(now.certain.machines);
            certain.max(before.possible.machines.abs_diff(now.possible.machines))
        }
        _ => 0,
    }
}

/// The cliffs and the flat stretches of a curve.
fn stretches(sweep: &Sweep, unit: &Unit) -> String {
    let mut cliffs: Vec<usize> = (1..sweep.points.len()).collect();
    cliffs.sort_by_key(|at| (std::cmp::Reverse(change(sweep, *at)), *at));
    let from = |at: usize| sweep.points.get(at).and_then(|point| point.from);
    let mut out = String::new();
    let named: Vec<String> = cliffs
        .iter()
        .take(3)
        .filter_map(|at| {
            Some(format!("{} ({} machines)", from_text(from(*at)?, unit), change(sweep, *at)))
        })
        .collect();
    if !named.is_empty() {
        let _ = writeln!(out, "cliffs: {}", named.join(", "));
    }
    let mut flat: Vec<(i64, Value, Value)> = (1..sweep.points.len())
        .filter_map(|at| {
            let (low, high) = (from(at)?, from(at + 1)?);
            Some((high.count() - low.count(), low, high))
        })
        .collect();
    flat.sort_by_key(|(length, low, _)| (std::cmp::Reverse(*length), *low));
    let named: Vec<String> = flat
        .iter()
        .take(3)
        .map(|(_, low, high)| format!("{} to {}", from_text(*low, unit), from_text(*high, unit)))
        .collect();
    if !named.is_empty() {
        let _ = writeln!(out, "flat stretches: {}", named.join(", "));
    }
    out
}

/// A map as rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MapTable {
    /// The list, marked where it is not law.
    pub list: String,
    /// The names of the two dials.
    pub dials: [String; 2],
    /// How many machines there are.
    pub machines: usize,
    /// A row for each pair of values.
    pub rows: Vec<MapRow>,
}

/// What is captured at one pair of values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MapRow {
    /// The value of the first dial.
    pub first: String,
    /// The value of the second.
    pub second: String,
    /// Machines that are certainly captured.
    pub certain: usize,
    /// Machines that are possibly captured.
    pub possible: usize,
    /// Those that are possibly and not certainly captured.
    pub undecided: usize,
    /// Those that certainly are not captured.
    pub not_captured: usize,
}

/// The rows of a map.
pub fn map_table(list: &str, map: &Map, units: [&Unit; 2], names: [&str; 2]) -> MapTable {
    let [first, second] = units;
    let mut rows = Vec::new();
    for (a, cells) in map.first.iter().zip(&map.captured) {
        for (b, captured) in map.second.iter().zip(cells) {
            let (certain, possible) = (captured.certain.machines, captured.possible.machines);
            rows.push(MapRow {
                first: from_text(*a, first),
                second: from_text(*b, second),
                certain,
                possible,
                undecided: possible - certain,
                not_captured: map.machines - possible,
            });
        }
    }
    let (list, dials) = (list.to_owned(), names.map(str::to_owned));
    MapTable { list, dials, machines: map.machines, rows }
}

/// A map as CSV: a row for each pair of values.
pub fn map_csv(table: &MapTable) -> Result<String> {
    let cells = |row: &MapRow| {
        let counts = [row.certain, row.possible, row.undecided, row.not_captured];
        let values = [row.first.clone(), row.second.clone()].into_iter();
        values.chain(counts.map(|count| count.to_string())).chain([table.list.clone()]).collect()
    };
    let rows: Vec<Vec<String>> = table.rows.iter().map(cells).collect();
    let [a, b] = table.dials.each_ref().map(String::as_str);
    let columns = [a, b, "certain", "possible", "undecided", "not_captured", "list"];
    rows_csv(&columns, rows.into_iter())
}

/// A map for people: certainly, and in parentheses undecided.
pub fn map_text(list: &str, map: &Map, units: [&Unit; 2], names: [&str; 2]) -> String {
    let [first, second] = units;
    let corner = String::from("↓ first, → second");
    let header: Vec<String> =
        std::iter::once(corner).chain(map.second.iter().map(|b| from_text(*b, second))).collect();
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let rows: Vec<Vec<String>> = map
        .first
        .iter()
        .zip(&map.captured)
        .map(|(a, cells)| {
            let cell = |c: &Captured| {
                format!("{} ({})", c.certain.machines, c.possible.machines - c.certain.machines)
            };
            std::iter::once(from_text(*a, first)).chain(cells.iter().map(cell)).collect()
        })
        .collect();
    let [a, b] = names;
    let shown = table(&header, &rows, 1);
    format!(
        "{list}\nfirst: {a}\nsecond: {b}\ncertainly captured (undecided)\n\n{shown}\n\n{NOTICE}\n"
    )
}
