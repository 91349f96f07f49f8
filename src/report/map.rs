//! Maps of two dials for people and as rows.

use std::fmt::Write as _;

use serde::Serialize;

use super::compare::weight_text;
use super::csv::rows_csv;
use super::ground::Ground;
use super::sweep::{MarkedRow, WITHHELD, marked_line, withheld_text};
use super::table::table;
use crate::assess::{Captured, Map, Tally};
use crate::error::Result;
use crate::quantity::{Value, counted};
use crate::record::NOTICE;

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
    /// Those of the undecided that would not be captured, were that not withheld.
    pub withheld: usize,
    /// The weight of those certainly captured; empty where nothing is weighed.
    pub certain_weight: String,
    /// The weight of those possibly captured.
    pub possible_weight: String,
    /// How that fits what experts marked; none where nothing is marked.
    #[serde(flatten)]
    pub marked: Option<MarkedRow>,
}

/// The rows of a map, one for each pair of values.
pub fn map_rows(map: &Map, ground: &Ground) -> Vec<MapRow> {
    let [first, second] = values(map, ground);
    let mut rows = Vec::new();
    let weight = |tally| if map.is_weighed { weight_text(tally) } else { String::new() };
    for (row, (a, cells)) in first.iter().zip(&map.captured).enumerate() {
        for (column, (b, captured)) in second.iter().zip(cells).enumerate() {
            let marked = map.marked.get(row).and_then(|row| row.get(column));
            let (certain, possible) = (captured.certain.machines, captured.possible.machines);
            rows.push(MapRow {
                first: a.clone(),
                second: b.clone(),
                certain,
                possible,
                undecided: possible - certain,
                not_captured: map.machines - possible,
                withheld: captured.withheld.machines,
                certain_weight: weight(captured.certain),
                possible_weight: weight(captured.possible),
                marked: marked.map(MarkedRow::of),
            });
        }
    }
    rows
}

/// The values of both dials in words.
fn values(map: &Map, ground: &Ground) -> [Vec<String>; 2] {
    let of = |at: usize, values: &[Value]| {
        let dial = ground.dials.get(at);
        values.iter().filter_map(|value| Some(dial?.value_text(*value))).collect()
    };
    [of(0, &map.first), of(1, &map.second)]
}

/// The places among the values of both dials at which the list stands.
pub fn map_standing(map: &Map, ground: &Ground) -> [Option<usize>; 2] {
    let of = |at: usize, values: &[Value]| ground.dials.get(at)?.standing(values);
    [of(0, &map.first), of(1, &map.second)]
}

/// How what is captured fits what experts marked, at each pair of values: those of concern, and
/// those that are not, each with what its numbers are.
pub fn map_marks(map: &Map) -> [(&'static str, Vec<Vec<String>>); 2] {
    let pair = |marked| MarkedRow::of(marked).pair();
    let of = |side: fn([String; 2]) -> String| {
        map.marked.iter().map(|row| row.iter().map(|one| side(pair(one))).collect()).collect()
    };
    let [concern, others] = MarkedRow::HEADERS;
    [(concern, of(|[concern, _]| concern)), (others, of(|[_, others]| others))]
}

/// A map as CSV: a row for each pair of values, each with what it rests on.
pub fn map_csv(ground: &Ground, rows: &[MapRow]) -> Result<String> {
    let cells = |row: &MapRow| {
        let counts = [row.certain, row.possible, row.undecided, row.not_captured, row.withheld];
        [row.first.clone(), row.second.clone()]
            .into_iter()
            .chain(counts.map(|count| count.to_string()))
            .chain([row.certain_weight.clone(), row.possible_weight.clone()])
            .chain(MarkedRow::cells(row.marked.as_ref()))
            .chain(ground.cells())
            .collect()
    };
    let own = ground.columns();
    let dials = ground.dials.iter().map(|dial| dial.name.as_str());
    let counts = ["certain", "possible", "undecided", "not_captured", "withheld"];
    let columns: Vec<&str> = dials
        .chain(counts)
        .chain(["certain_weight", "possible_weight"])
        .chain(MarkedRow::COLUMNS)
        .chain(own.iter().map(String::as_str))
        .collect();
    rows_csv(&columns, rows.iter().map(cells))
}

/// A map for people: certainly, and in parentheses undecided; the same by weight, and how it fits
/// what experts marked, where there are weights and marks. The row and the column at which the
/// list stands bear an arrow.
pub fn map_text(map: &Map, ground: &Ground) -> String {
    let mut out = format!("{}\n{}\n", ground.list, ground.text());
    for (dial, way) in ground.dials.iter().zip(["first (down)", "second (across)"]) {
        let _ = writeln!(out, "{way}: {}", dial.stands_words());
        for limit in &dial.limits {
            let _ = writeln!(out, "  {}", limit.text());
        }
    }
    let captured = |row: usize, column: usize| -> Option<Captured> {
        map.captured.get(row)?.get(column).copied()
    };
    let counts = |row, column| {
        captured(row, column).map(|Captured { certain, possible, .. }| {
            format!("{} ({})", certain.machines, possible.machines - certain.machines)
        })
    };
    let title = format!("certainly captured (undecided), of {}", counted(map.machines, "machine"));
    out += &part(map, ground, &title, counts);
    out += &standing_text(map, ground);
    if map.withholds.is_some() {
        out.push('\n');
        out += &withheld_text(ground);
        let withheld = |row, column| {
            captured(row, column).map(|captured| captured.withheld.machines.to_string())
        };
        out += &part(map, ground, WITHHELD, withheld);
    }
    if map.is_weighed {
        let weights = |row, column| {
            captured(row, column).map(|Captured { certain, possible, .. }| {
                let open = Tally { machines: 0, weight: possible.weight - certain.weight };
                format!("{} ({})", weight_text(certain), weight_text(open))
            })
        };
        out += &part(map, ground, "the same by weight", weights);
    }
    if let Some(marked) = map.marked.first().and_then(|row| row.first()) {
        out.push('\n');
        let _ = writeln!(out, "{}", marked_line(marked, map.machines));
        for (what, cells) in map_marks(map) {
            out += &part(map, ground, what, |row, column| cells.get(row)?.get(column).cloned());
        }
    }
    out + &format!("\n{NOTICE}\n")
}

/// The mark of the values at which the list stands.
const STANDS: char = '←';

/// What the mark says, or which dial stands at a value that the map does not have.
fn standing_text(map: &Map, ground: &Ground) -> String {
    let mut out = String::new();
    let [down, across] = map_standing(map, ground);
    if down.is_some() || across.is_some() {
        let _ = writeln!(out, "{STANDS} where the list stands");
    }
    for (dial, place) in ground.dials.iter().zip([down, across]) {
        if place.is_none() {
            let _ = writeln!(out, "{}: not among the values here", dial.stands_words());
        }
    }
    out
}

/// A table over all pairs of values.
fn part(
    map: &Map,
    ground: &Ground,
    title: &str,
    cell: impl Fn(usize, usize) -> Option<String>,
) -> String {
    let [mut first, mut second] = values(map, ground);
    let standing = map_standing(map, ground);
    for (names, stands) in [&mut first, &mut second].into_iter().zip(standing) {
        if let Some(name) = stands.and_then(|at| names.get_mut(at)) {
            name.push(' ');
            name.push(STANDS);
        }
    }
    let corner = "↓ first, → second";
    let header: Vec<&str> =
        std::iter::once(corner).chain(second.iter().map(String::as_str)).collect();
    let row = |(at, name): (usize, String)| {
        let cells = (0..second.len()).filter_map(|column| cell(at, column));
        std::iter::once(name).chain(cells).collect()
    };
    let rows: Vec<Vec<String>> = first.into_iter().enumerate().map(row).collect();
    format!("\n{title}\n\n{}\n", table(&header, &rows, 1))
}
