//! Positioning figures: the same data under every standard, each figure with where it occurs.

use serde::Serialize;

use super::csv::rows_csv;
use super::table::table;
use super::targets::targets_text;
use crate::error::Result;
use crate::metrology::{At, AxisRuns, Figured, Positioning, Scatter, Segment, Segments};
use crate::quantity::{Dimension, Unit, Value, counted};

/// One figure of one axis.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct PositioningRow {
    /// The axis.
    pub axis: String,
    /// Standard and editions.
    pub standard: &'static str,
    /// The coverage factor; none where the figure has none.
    pub k: Option<u8>,
    /// The symbol of the standard.
    pub figure: &'static str,
    /// The value in `unit`, unrounded; none where it is not computable.
    pub value: Option<f64>,
    /// `um` or `arcsec`.
    pub unit: &'static str,
    /// The target and the direction at which a maximum, or the upper end of a spread, occurs.
    pub at: Option<String>,
    /// The target and the direction of the lower end of a spread.
    pub from: Option<String>,
    /// Why it is not computable.
    pub not_computable: Option<String>,
    /// What a value that is not known is at least, of segments; in `unit`.
    pub at_least: Option<f64>,
    /// What it is at most.
    pub at_most: Option<f64>,
    /// How many targets there are.
    pub targets: usize,
    /// The fewest runs at a target from one side.
    pub runs_min: usize,
    /// The most.
    pub runs_max: usize,
    /// What the targets span, in mm or degrees.
    pub span: String,
    /// The stated travel of the axis; empty where none is, and what the targets span is taken.
    pub travel: String,
    /// Where the measuring line lay, if the file says it.
    pub line: String,
    /// Which segment of a long axis, of how many, from where to where; empty of the whole axis.
    pub segment: String,
    /// The limit on UPR that is asked about, in the row of the UPR that decides; else empty.
    pub limit: String,
    /// Whether it is met: `yes`, `no`, or `not decided` and why.
    pub meets: String,
    /// What is odd about the readings.
    pub notes: Vec<String>,
}

const TWO: &str = "ISO 230-2:1997, 2006, 2014";
const THREE: &str = "ISO 230-2:1988";
const EVERY: &str = "ISO 230-2, every edition";
const VDI: &str = "VDI/DGQ 3441";
const UPR: &str = "UPR";
const A: &str = "A";
const SMALLEST: &str = "UPR, smallest of segments";
const COLUMNS: &[&str] = &[
    "axis",
    "standard",
    "k",
    "figure",
    "value",
    "unit",
    "at",
    "from",
    "not_computable",
    "at_least",
    "at_most",
    "targets",
    "runs_min",
    "runs_max",
    "span",
    "travel",
    "line",
    "segment",
    "limit",
    "meets",
    "notes",
];

/// The unit of figures and that of positions, for a dimension.
pub(super) fn units(
    dimension: Dimension,
) -> (&'static str, Option<&'static Unit>, Option<&'static Unit>) {
    let (figure, position) = match dimension {
        Dimension::Angle => ("arcsec", "deg"),
        _ => ("um", "mm"),
    };
    let named = |name| Unit::named(dimension, name).ok();
    (figure, named(figure), named(position))
}

/// What the targets span, and the travel of the axis if it is stated.
fn lengths(runs: &AxisRuns, found: &Positioning, unit: Option<&Unit>) -> [String; 2] {
    let all = [Value::from_count(found.span()), runs.conditions.travel];
    all.map(|length| length.zip(unit).map_or_else(String::new, |(length, unit)| length.text(unit)))
}

/// What is odd about the runs, and what is taken for the travel.
fn notes(runs: &AxisRuns, found: &Positioning, span: &str) -> Vec<String> {
    let taken = runs.conditions.travel.is_none() && found.span() > 0;
    let taken = taken
        .then(|| format!("no travel is stated: {span}, which its targets span, is taken as it"));
    runs.remarks.iter().cloned().chain(taken).collect()
}

/// Every figure of an axis under every standard.
pub fn positioning_rows(runs: &AxisRuns, found: &Positioning) -> Vec<PositioningRow> {
    let (unit, figure_unit, position_unit) = units(found.dimension);
    let size = figure_unit.map_or(1.0, |unit| unit.size as f64);
    let place = |at: At| {
        let target = found.targets.get(at.target)?;
        let position = position_unit.map(|unit| target.position.text(unit))?;
        Some(match at.direction {
            Some(direction) => format!("{position} {}", direction.arrow()),
            None => position,
        })
    };
    let (runs_min, runs_max) = found.runs();
    let [span, travel] = lengths(runs, found, position_unit);
    let notes = notes(runs, found, &span);
    let row = |standard, k, figure, figured: Figured| PositioningRow {
        axis: found.axis.clone(),
        standard,
        k,
        figure,
        value: figured.ok().map(|computed| computed.value / size),
        unit,
        at: figured.ok().and_then(|computed| computed.at).and_then(place),
        from: figured.ok().and_then(|computed| computed.from).and_then(place),
        not_computable: figured.err().map(|reason| reason.text()),
        targets: found.targets.len(),
        runs_min,
        runs_max,
        span: span.clone(),
        travel: travel.clone(),
        line: runs.conditions.line.clone().unwrap_or_default(),
        notes: notes.clone(),
        ..PositioningRow::default()
    };
    let of = |standard: &'static str, scatter: &Scatter| {
        let [r_up, r_down] = scatter.repeatability_one_way;
        let [a_up, a_down] = scatter.accuracy_one_way;
        let figures = [
            ("R↑", r_up),
            ("R↓", r_down),
            ("R", scatter.repeatability),
            ("A↑", a_up),
            ("A↓", a_down),
            (A, scatter.accuracy),
        ];
        figures.map(|(name, figured)| row(standard, Some(scatter.k), name, figured))
    };
    let [e_up, e_down] = found.systematic_one_way;
    let [u_max, u_mean] = found.vdi.reversal;
    let [ps_max, ps_mean] = found.vdi.scatter;
    let mut rows = vec![row("ISO 230-2:2014", Some(2), UPR, found.upr)];
    rows.extend(of(TWO, &found.two));
    rows.extend(of(THREE, &found.three));
    let others = [
        (EVERY, "E↑", e_up),
        (EVERY, "E↓", e_down),
        (EVERY, "E", found.systematic),
        (EVERY, "M", found.mean_deviation),
        (EVERY, "B", found.reversal[0]),
        (EVERY, "B mean", found.reversal[1]),
        (VDI, "U max", u_max),
        (VDI, "U mean", u_mean),
        (VDI, "Ps max", ps_max),
        (VDI, "Ps mean", ps_mean),
        (VDI, "Pa", found.vdi.deviation),
        (VDI, "P", found.vdi.uncertainty),
    ];
    rows.extend(others.map(|(standard, name, figured)| row(standard, None, name, figured)));
    rows
}

/// The UPR and the A of each segment of a long axis, and the smallest UPR, which is the one to
/// report.
pub fn segment_rows(runs: &AxisRuns, found: &Segments) -> Vec<PositioningRow> {
    let (_, figure, position) = units(runs.dimension);
    let size = figure.map_or(1.0, |unit| unit.size as f64);
    // Between what an unknown value lies; a known one says all itself.
    let bounded = |row: PositioningRow, between: [Option<f64>; 2]| {
        let unknown = row.value.is_none() && row.figure == UPR;
        let [at_least, at_most] = between.map(|end| end.filter(|_| unknown).map(|end| end / size));
        PositioningRow { at_least, at_most, ..row }
    };
    let place = |value: Value| position.map_or_else(String::new, |unit| value.text(unit));
    let (count, between) = (found.segments.len(), found.smallest_between());
    let rows_of = |(at, segment): (usize, &Segment)| {
        let mut found = Positioning { upr: segment.upr, ..segment.found.clone() };
        found.two.accuracy = segment.accuracy;
        let (place, few) = (segment_place(segment, place), segment.few.clone());
        let between = segment.between;
        let shown = positioning_rows(runs, &found).into_iter();
        let shown = shown.filter(|row| row.figure == UPR || (row.figure == A && row.k == Some(2)));
        shown.map(move |row| {
            let notes = row.notes.iter().cloned().chain(few.clone()).collect();
            let row = bounded(row, between);
            PositioningRow { segment: format!("{} of {count}, {place}", at + 1), notes, ..row }
        })
    };
    let mut rows: Vec<PositioningRow> =
        found.segments.iter().enumerate().flat_map(rows_of).collect();
    let mut uprs = rows.iter().filter(|row| row.figure == UPR);
    let smallest = found.smallest().and_then(|(at, _)| uprs.nth(at).cloned());
    let reported = smallest.or_else(|| {
        let why = Some("not every segment has a UPR".to_owned());
        let (value, at, segment) = (None, None, counted(count, "segment"));
        let first = rows.first()?.clone();
        let row = PositioningRow { value, at, segment, not_computable: why, ..first };
        Some(bounded(row, between))
    });
    rows.extend(reported.map(|row| PositioningRow { figure: SMALLEST, ..row }));
    rows
}

/// From where to where a segment reaches, or between which places it begins and ends.
pub(super) fn segment_place(segment: &Segment, place: impl Fn(Value) -> String) -> String {
    let [begins, ends] = [segment.begins, segment.ends].map(|[early, late]| {
        let [early, late] = [place(early), place(late)];
        if early == late { early } else { format!("{early} … {late}") }
    });
    format!("{begins} to {ends}")
}

/// Writes a decision about a limit into the row of the UPR that decides: that of the axis, or the
/// smallest of its segments.
pub fn decide_rows(rows: &mut [PositioningRow], limit: &str, meets: &str) {
    let whole = rows.iter().all(|row| row.segment.is_empty());
    let decides = |row: &&mut PositioningRow| row.figure == if whole { UPR } else { SMALLEST };
    for row in rows.iter_mut().filter(decides) {
        (row.limit, row.meets) = (limit.to_owned(), meets.to_owned());
    }
}

/// The rows as CSV.
pub fn positioning_csv(rows: &[PositioningRow]) -> Result<String> {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let number = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
    let cells = rows.iter().map(|row| {
        vec![
            row.axis.clone(),
            row.standard.to_owned(),
            row.k.map_or_else(String::new, |k| k.to_string()),
            row.figure.to_owned(),
            number(row.value),
            row.unit.to_owned(),
            text(&row.at),
            text(&row.from),
            text(&row.not_computable),
            number(row.at_least),
            number(row.at_most),
            row.targets.to_string(),
            row.runs_min.to_string(),
            row.runs_max.to_string(),
            row.span.clone(),
            row.travel.clone(),
            row.line.clone(),
            row.segment.clone(),
            row.limit.clone(),
            row.meets.clone(),
            row.notes.join("; "),
        ]
    });
    rows_csv(COLUMNS, cells)
}

/// One axis for people: its figures under every standard, its targets, and what is odd.
pub fn positioning_text(runs: &AxisRuns, found: &Positioning) -> String {
    let (name, figure_unit, _) = units(found.dimension);
    let unit = figure_unit.map_or("", Unit::name);
    let rows = positioning_rows(runs, found);
    let axis = if found.axis.is_empty() { "the axis" } else { &found.axis };
    let span = rows.first().map_or("", |row| row.span.as_str());
    let of = match rows.first().map_or("", |row| row.travel.as_str()) {
        "" if found.span() == 0 => ", which is no stretch".to_owned(),
        "" => ", taken as its travel".to_owned(),
        travel => format!(" of a travel of {travel}"),
    };
    let line = match &runs.conditions.line {
        Some(line) => format!("measuring line: {line}"),
        None => "measuring line not said".to_owned(),
    };
    let mut text = format!(
        "{axis}: {} over {span}{of}, {}; {line}\n\n",
        counted(found.targets.len(), "target"),
        sides(found)
    );
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let value = match (row.value, &row.not_computable) {
                (Some(value), _) => rounded(value),
                (None, Some(_)) => "not computable".to_owned(),
                (None, None) => String::new(),
            };
            let place = match (&row.from, &row.at) {
                (Some(from), Some(at)) => format!("{from} to {at}"),
                (_, at) => at.clone().unwrap_or_default(),
            };
            let why = row.not_computable.clone().unwrap_or(place);
            let k = row.k.map_or_else(String::new, |k| k.to_string());
            vec![row.standard.to_owned(), k, row.figure.to_owned(), why, value]
        })
        .collect();
    text.push_str(&table(&["standard", "k", "figure", "at", unit], &cells, 4));
    text.push_str("\n\n");
    text.push_str(&targets_text(found));
    text.push('\n');
    for remark in &runs.remarks {
        text.push_str(&format!("\nnote: {remark}"));
    }
    if !runs.remarks.is_empty() {
        text.push('\n');
    }
    text.push_str(&format!(
        "\nFigures in {name} as computed, shown rounded; no uncertainty is added or subtracted. \
         UPR \
         grows with the number of targets and with drift between runs.\n"
    ));
    text
}

/// How many runs there are from each side: `5 runs from each side`, `4 to 5 runs ↑, 5 runs ↓`.
fn sides(found: &Positioning) -> String {
    let of = |side: usize| {
        let runs = || found.targets.iter().filter_map(|t| t.runs.get(side).copied());
        let (fewest, most) = (runs().min().unwrap_or(0), runs().max().unwrap_or(0));
        let most_in_words = counted(most, "run");
        if fewest == most { most_in_words } else { format!("{fewest} to {most_in_words}") }
    };
    let (up, down) = (of(0), of(1));
    if up == down { format!("{up} from each side") } else { format!("{up} ↑, {down} ↓") }
}

/// Two decimals, or three digits of what is smaller than one.
pub(super) fn rounded(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let magnitude = value.abs().log10().floor();
    let decimals = if magnitude >= 0.0 { 2 } else { 2 - magnitude as i32 };
    format!("{value:.*}", usize::try_from(decimals.clamp(0, 9)).unwrap_or(2))
}
