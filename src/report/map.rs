//! Maps of two dials for people and as rows.

use serde::Serialize;

use super::compare::weight_text;
use super::csv::rows_csv;
use super::sweep::{MarkedRow, WITHHELD, from_text, marked_words, withheld_text};
use super::table::table;
use crate::assess::{Captured, Map, Tally};
use crate::error::Result;
use crate::quantity::Unit;
use crate::record::NOTICE;

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

/// The rows of a map.
pub fn map_table(list: &str, map: &Map, units: [&Unit; 2], names: [&str; 2]) -> MapTable {
    let [first, second] = units;
    let mut rows = Vec::new();
    let weight = |tally| if map.is_weighed { weight_text(tally) } else { String::new() };
    for (row, (a, cells)) in map.first.iter().zip(&map.captured).enumerate() {
        for (column, (b, captured)) in map.second.iter().zip(cells).enumerate() {
            let marked = map.marked.get(row).and_then(|row| row.get(column));
            let (certain, possible) = (captured.certain.machines, captured.possible.machines);
            rows.push(MapRow {
                first: from_text(*a, first),
                second: from_text(*b, second),
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
    let (list, dials) = (list.to_owned(), names.map(str::to_owned));
    MapTable { list, dials, machines: map.machines, rows }
}

/// A map as CSV: a row for each pair of values.
pub fn map_csv(table: &MapTable) -> Result<String> {
    let cells = |row: &MapRow| {
        let counts = [row.certain, row.possible, row.undecided, row.not_captured, row.withheld];
        [row.first.clone(), row.second.clone()]
            .into_iter()
            .chain(counts.map(|count| count.to_string()))
            .chain([row.certain_weight.clone(), row.possible_weight.clone()])
            .chain(MarkedRow::cells(row.marked.as_ref()))
            .chain([table.list.clone()])
            .collect()
    };
    let rows: Vec<Vec<String>> = table.rows.iter().map(cells).collect();
    let [a, b] = table.dials.each_ref().map(String::as_str);
    let columns = [a, b, "certain", "possible", "undecided", "not_captured", "withheld"];
    let weights = ["certain_weight", "possible_weight"];
    let columns: Vec<&str> = columns
        .iter()
        .chain(&weights)
        .chain(&MarkedRow::COLUMNS)
        .chain(&["list"])
        .copied()
        .collect();
    rows_csv(&columns, rows.into_iter())
}

/// A map for people: certainly, and in parentheses undecided; the same by weight, and how it fits
/// what experts marked, where there are weights and marks.
pub fn map_text(list: &str, map: &Map, units: [&Unit; 2], names: [&str; 2]) -> String {
    let [a, b] = names;
    let mut out = format!("{list}\nfirst (down): {a}\nsecond (across): {b}\n");
    let captured = |row: usize, column: usize| -> Option<Captured> {
        map.captured.get(row)?.get(column).copied()
    };
    let counts = |row, column| {
        captured(row, column).map(|Captured { certain, possible, .. }| {
            format!("{} ({})", certain.machines, possible.machines - certain.machines)
        })
    };
    let title = format!("certainly captured (undecided), of {} machines", map.machines);
    out += &part(map, units, &title, counts);
    if map.withholds.is_some() {
        out.push('\n');
        out += &withheld_text(map.withholds);
        let withheld = |row, column| {
            captured(row, column).map(|captured| captured.withheld.machines.to_string())
        };
        out += &part(map, units, WITHHELD, withheld);
    }
    if map.is_weighed {
        let weights = |row, column| {
            captured(row, column).map(|Captured { certain, possible, .. }| {
                let open = Tally { machines: 0, weight: possible.weight - certain.weight };
                format!("{} ({})", weight_text(certain), weight_text(open))
            })
        };
        out += &part(map, units, "the same by weight", weights);
    }
    if let Some(marked) = map.marked.first().and_then(|row| row.first()) {
        out.push('\n');
        out += &marked_words(marked, map.machines);
        let pair = |row: usize, column: usize| -> Option<[String; 2]> {
            Some(MarkedRow::of(map.marked.get(row)?.get(column)?).pair())
        };
        let [concern, others] = MarkedRow::HEADERS;
        let one = |row, column| pair(row, column).map(|[concern, _]| concern);
        out += &part(map, units, concern, one);
        let one = |row, column| pair(row, column).map(|[_, others]| others);
        out += &part(map, units, others, one);
    }
    out + &format!("\n{NOTICE}\n")
}

/// A table over all pairs of values.
fn part(
    map: &Map,
    [first, second]: [&Unit; 2],
    title: &str,
    cell: impl Fn(usize, usize) -> Option<String>,
) -> String {
    let corner = String::from("↓ first, → second");
    let header: Vec<String> =
        std::iter::once(corner).chain(map.second.iter().map(|b| from_text(*b, second))).collect();
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let cells = |row: usize| (0..map.second.len()).filter_map(|column| cell(row, column)).collect();
    let rows: Vec<Vec<String>> = map
        .first
        .iter()
        .enumerate()
        .map(|(row, a)| {
            let cells: Vec<String> = cells(row);
            std::iter::once(from_text(*a, first)).chain(cells).collect()
        })
        .collect();
    format!("\n{title}\n\n{}\n", table(&header, &rows, 1))
}
