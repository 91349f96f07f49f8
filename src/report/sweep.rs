//! Capture curves for people and as rows.

use std::fmt::Write as _;

use serde::Serialize;

use super::compare::weight_text;
use super::csv::rows_csv;
use super::ground::{DialRow, Ground, unit};
use super::table::table;
use crate::assess::{Marked, Point, Sweep, Tally};
use crate::error::Result;
use crate::list::{Dial, DialLimit, Untied};
use crate::quantity::{Dimension, Unit, Value, counted};
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
    /// Those of the possibly captured that would not be, were that not withheld.
    pub withheld: usize,
    /// The weight of those certainly captured; empty where nothing is weighed.
    pub certain_weight: String,
    /// The weight of those possibly captured.
    pub possible_weight: String,
    /// How that fits what experts marked; none where nothing is marked.
    #[serde(flatten)]
    pub marked: Option<MarkedRow>,
}

/// How what is captured fits what experts marked; the undecided apart on each side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct MarkedRow {
    /// Of concern and certainly captured.
    pub hits: usize,
    /// Of concern and certainly not captured.
    pub misses: usize,
    /// Of concern and undecided.
    pub open_of_concern: usize,
    /// Not of concern and certainly captured.
    pub false_alarms: usize,
    /// Not of concern and certainly not captured.
    pub passed: usize,
    /// Not of concern and undecided.
    pub open_not_of_concern: usize,
}

impl MarkedRow {
    /// Its columns.
    pub(super) const COLUMNS: [&str; 6] =
        ["hits", "misses", "open_of_concern", "false_alarms", "passed", "open_not_of_concern"];
    /// What the two cells for people hold.
    pub(super) const HEADERS: [&str; 2] =
        ["of concern: hit/missed/undecided", "not: false alarm/passed/undecided"];

    /// The numbers as a row.
    pub(super) fn of(marked: &Marked) -> Self {
        Self {
            hits: marked.hits,
            misses: marked.misses,
            open_of_concern: marked.open,
            false_alarms: marked.false_alarms,
            passed: marked.passed,
            open_not_of_concern: marked.open_others,
        }
    }

    /// The cells of its columns; empty ones where nothing is marked.
    pub(super) fn cells(row: Option<&Self>) -> Vec<String> {
        let Some(row) = row else { return vec![String::new(); Self::COLUMNS.len()] };
        let of_concern = [row.hits, row.misses, row.open_of_concern];
        let others = [row.false_alarms, row.passed, row.open_not_of_concern];
        of_concern.iter().chain(&others).map(ToString::to_string).collect()
    }

    /// Two cells for people: those of concern, and those that are not.
    pub(super) fn pair(&self) -> [String; 2] {
        let (hits, misses, open) = (self.hits, self.misses, self.open_of_concern);
        let (alarms, passed, others) = (self.false_alarms, self.passed, self.open_not_of_concern);
        [format!("{hits}/{misses}/{open}"), format!("{alarms}/{passed}/{others}")]
    }
}

/// How many machines experts marked, in words.
pub fn marked_line(marked: &Marked, machines: usize) -> String {
    let (yes, no) = (marked.of_concern(), marked.not_of_concern());
    let none = machines.saturating_sub(yes + no);
    format!("marked: {yes} of concern, {no} not of concern; {none} not marked")
}

const COLUMNS: [&str; 6] =
    ["from", "certain", "possible", "withheld", "certain_weight", "possible_weight"];

/// From a value of a dial on, in words: `> 400 mm` for the smallest value above 400 mm.
pub fn from_text(value: Value, unit: &Unit) -> String {
    let own = value.text(unit);
    if unit.dimension == Dimension::Number {
        return own;
    }
    let before = Value::from_count(value.count() - 1).map(|before| before.text(unit));
    match before.filter(|before| before.len() < own.len()) {
        Some(before) => format!("> {before}"),
        None => own,
    }
}

/// The unit in which a dial is printed.
pub fn dial_unit(sweep: &Sweep) -> &'static Unit {
    unit(&sweep.limits)
}

/// What a dial turns, in words: a limit, or the constant of one that depends on another reading.
pub fn dial_turns(sweep: &Sweep) -> &'static str {
    match sweep.limits.first() {
        Some(DialLimit { slope: Some(_), .. }) => "constant of the limit",
        _ => "limit",
    }
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
pub fn rows_text(sweep: &Sweep, ground: &Ground, rows: &[PointRow]) -> String {
    let cells = |row: &PointRow| {
        let undecided = row.possible - row.certain;
        let counts = [row.certain, undecided, sweep.machines - row.possible];
        let withheld = sweep.withholds.map(|_| row.withheld.to_string());
        let weights = sweep.is_weighed.then_some([&row.certain_weight, &row.possible_weight]);
        let marks = row.marked.as_ref().map(MarkedRow::pair);
        std::iter::once(row.from.clone())
            .chain(counts.map(|n| n.to_string()))
            .chain(withheld)
            .chain(weights.into_iter().flatten().cloned())
            .chain(marks.into_iter().flatten())
            .collect()
    };
    let cells: Vec<Vec<String>> = rows.iter().map(cells).collect();
    let mut header = vec!["at", "certain", "undecided", "not captured"];
    header.extend(sweep.withholds.map(|_| WITHHELD));
    header
        .extend(sweep.is_weighed.then_some(["certain weight", "possible weight"]).iter().flatten());
    header.extend(sweep.is_marked.then_some(MarkedRow::HEADERS).iter().flatten());
    let shown = table(&header, &cells, 1);
    let marked = marks_text(sweep) + &withheld_text(ground);
    let stands: Vec<String> = ground.dials.iter().map(DialRow::stands_words).collect();
    let stands = stands.join("\n");
    format!("{}{stands}\n{marked}\n{shown}\n\n{NOTICE}\n", head(ground))
}

/// What machines are called of which an absence of capture is withheld.
pub(super) const WITHHELD: &str = "of undecided withheld";

/// Why an absence of capture is withheld, where it is.
pub(super) fn withheld_text(ground: &Ground) -> String {
    match ground.withheld_why.as_str() {
        "" => String::new(),
        why => format!("not captured is withheld: {why}\n"),
    }
}

/// The list, the dial, the day and the machines, and what the dial turns.
fn head(ground: &Ground) -> String {
    let mut out = String::new();
    for dial in &ground.dials {
        let _ = writeln!(out, "{}: {}", ground.list, dial.name);
        let _ = writeln!(out, "{}", ground.text());
        for limit in &dial.limits {
            let _ = writeln!(out, "  {}", limit.text());
        }
    }
    out
}

/// How many machines of a curve experts marked.
fn marks_text(sweep: &Sweep) -> String {
    let marked = sweep.points.first().filter(|_| sweep.is_marked).map(|point| &point.marked);
    marked.map_or_else(String::new, |marked| marked_line(marked, sweep.machines) + "\n")
}

fn point_row(sweep: &Sweep, point: &Point) -> PointRow {
    let unit = dial_unit(sweep);
    let weight = |tally| if sweep.is_weighed { weight_text(tally) } else { String::new() };
    PointRow {
        from: point.from.map_or_else(String::new, |from| from_text(from, unit)),
        certain: point.captured.certain.machines,
        possible: point.captured.possible.machines,
        withheld: point.captured.withheld.machines,
        certain_weight: weight(point.captured.certain),
        possible_weight: weight(point.captured.possible),
        marked: sweep.is_marked.then(|| MarkedRow::of(&point.marked)),
    }
}

/// A curve as CSV: its rows, each with what they rest on.
pub fn sweep_csv(ground: &Ground, rows: &[PointRow]) -> Result<String> {
    let cells = |row: &PointRow| {
        [
            row.from.clone(),
            row.certain.to_string(),
            row.possible.to_string(),
            row.withheld.to_string(),
            row.certain_weight.clone(),
            row.possible_weight.clone(),
        ]
        .into_iter()
        .chain(MarkedRow::cells(row.marked.as_ref()))
        .chain(ground.cells())
        .collect::<Vec<String>>()
    };
    let own = ground.columns();
    let header: Vec<&str> = COLUMNS
        .iter()
        .chain(&MarkedRow::COLUMNS)
        .copied()
        .chain(own.iter().map(String::as_str))
        .collect();
    rows_csv(&header, rows.iter().map(cells))
}

/// How many steps are shown to people, and how long a bar is.
const SHOWN: usize = 30;
const BAR: usize = 40;

/// A curve for people: where the limit stands, steps with bars, cliffs, flat stretches.
///
/// Machines are counted that move within a part of where the limit stands, which is a ratio.
pub fn sweep_text(sweep: &Sweep, ground: &Ground, within: Value) -> String {
    let unit = dial_unit(sweep);
    let here = sweep.at(sweep.stands);
    let mut out = head(ground);
    let untied = untied_texts(&sweep.dial, &sweep.limits);
    for text in &untied {
        let _ = writeln!(out, "  {text}");
    }
    let _ = writeln!(
        out,
        "\nAt {}{}: {} of {} certainly captured, {} undecided",
        sweep.stands.text(unit),
        if untied.is_empty() { "" } else { ", which is not the list as it stands" },
        here.captured.certain.machines,
        counted(sweep.machines, "machine"),
        here.captured.possible.machines - here.captured.certain.machines
    );
    if let Some(why) = sweep.withholds {
        let withheld = counted(here.captured.withheld.machines, "machine");
        let _ = writeln!(out, "of the undecided withheld: {withheld}; {}", why.lifted_text());
    }
    if sweep.is_weighed {
        let (certain, possible) = (here.captured.certain, here.captured.possible);
        let open = Tally { machines: 0, weight: possible.weight - certain.weight };
        let (certain, open) = (weight_text(certain), weight_text(open));
        let _ = writeln!(out, "by weight {certain} certainly captured, {open} undecided");
    }
    let _ = writeln!(
        out,
        "{} within {} of it, {} at some value",
        moving(sweep.near(within)),
        within.text(Dimension::Ratio.usual_unit()),
        sweep.turners.len()
    );
    out += &marks_text(sweep);
    out.push('\n');
    out += &steps(sweep, unit);
    out += &stretches(sweep, unit);
    let _ = write!(out, "\n{NOTICE}\n");
    out
}

/// What is to be known of the limits of a dial that are not tied as their list has them: no value
/// of the dial is the list as it stands.
pub fn untied_texts(dial: &Dial, limits: &[DialLimit]) -> Vec<String> {
    let of = |other: Untied| {
        let (limit, one) = (limits.get(other.at)?, dial.moves.get(other.at)?);
        let unit = limit.parameter.row().unit().unwrap_or(Dimension::Number.smallest());
        let offset = other.offset.text(unit);
        let sign = if other.offset < Value::ZERO { "" } else { "+" };
        Some(format!(
            "dial `{}`: no value of it is the list as it stands; `{}:{}` would be tied as the list \
             has it by an offset of {sign}{offset}",
            dial.name,
            one.clause,
            limit.parameter.row().name
        ))
    };
    dial.untied(limits).into_iter().filter_map(of).collect()
}

fn moving(machines: usize) -> String {
    let verb = if machines == 1 { "moves" } else { "move" };
    format!("{} {verb}", counted(machines, "machine"))
}

/// Whether a step of the curve is about values that a limit can have: from nought on, where the
/// reading has no smaller values.
fn is_real(sweep: &Sweep, at: usize) -> bool {
    let next = sweep.points.get(at + 1).and_then(|point| point.from);
    next.is_none_or(|next| sweep.is_beyond_least(next))
}

/// The steps of a curve that are about values which a limit can have.
pub fn real_points(sweep: &Sweep) -> impl Iterator<Item = &Point> {
    let points = sweep.points.iter().enumerate();
    points.filter(|(at, _)| is_real(sweep, *at)).map(|(_, point)| point)
}

/// The steps of the curve with bars; where there are too many, those with the largest changes.
fn steps(sweep: &Sweep, unit: &Unit) -> String {
    let rows = sweep_rows(sweep);
    let mut chosen: Vec<usize> = (0..rows.len()).filter(|at| is_real(sweep, *at)).collect();
    let total = chosen.len();
    if total > SHOWN {
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
                (true, true) if rows.len() == 1 => "every value ←".to_owned(),
                (true, true) => "below ←".to_owned(),
                (true, false) => "below".to_owned(),
                (false, true) => format!("{} ←", row.from),
                (false, false) => row.from.clone(),
            };
            let mut cells =
                vec![from, bar, row.certain.to_string(), (row.possible - row.certain).to_string()];
            cells.extend(row.marked.as_ref().map(MarkedRow::pair).into_iter().flatten());
            Some(cells)
        })
        .collect();
    let mut header = vec!["from", "certain █ undecided ░", "certain", "undecided"];
    header.extend(sweep.is_marked.then_some(MarkedRow::HEADERS).iter().flatten());
    let mut text = table(&header, &cells, 2);
    if total > chosen.len() {
        let _ = write!(
            text,
            "\n{} of {total} steps, those with the largest changes; --format csv writes all",
            chosen.len()
        );
    }
    let limit = match sweep.limits.as_slice() {
        [_] => format!("the {}", dial_turns(sweep)),
        _ => format!("the first {}", dial_turns(sweep)),
    };
    let stands = sweep.stands.text(unit);
    let _ = write!(text, "\n← the step at which {limit} stands ({stands})\n");
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
    let real = |at: &usize| at.checked_sub(1).is_none_or(|before| is_real(sweep, before));
    let mut cliffs: Vec<usize> = (1..sweep.points.len()).filter(real).collect();
    cliffs.sort_by_key(|at| (std::cmp::Reverse(change(sweep, *at)), *at));
    let from = |at: usize| sweep.points.get(at).and_then(|point| point.from);
    let mut out = String::new();
    let named: Vec<String> = cliffs
        .iter()
        .take(3)
        .filter_map(|at| {
            let machines = counted(change(sweep, *at), "machine");
            Some(format!("{} ({machines})", from_text(from(*at)?, unit)))
        })
        .collect();
    if !named.is_empty() {
        let _ = writeln!(out, "cliffs: {}", named.join(", "));
    }
    // A limit has no values below the least one of its reading.
    let least = sweep.least();
    let real = |value: Value| least.map_or(value, |least| value.max(least));
    let ends = |at: usize| Some((real(from(at).or(least)?), from(at + 1)?));
    let mut flat: Vec<(Value, Value)> = (0..sweep.points.len()).filter_map(ends).collect();
    flat.retain(|(low, high)| low < high);
    flat.sort_by_key(|(low, high)| (low.count() - high.count(), *low));
    flat.truncate(3);
    flat.sort_unstable();
    let words = |(low, high): &(Value, Value)| {
        format!("{} to {}", from_text(*low, unit), from_text(*high, unit))
    };
    let mut named: Vec<String> = flat.iter().map(words).collect();
    // Behind the last step nothing moves any more.
    let last = sweep.points.last().and_then(|point| point.from);
    named.extend(last.map(|from| format!("{} and beyond", from_text(from, unit))));
    if !named.is_empty() {
        let _ = writeln!(out, "longest flat stretches: {}", named.join(", "));
    }
    out
}
