//! `toolgauge measure positioning`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::picture::picture;
use super::pieces::Pieces;
use super::{limit_of, quantity};
use crate::cli::arguments::{Common, Format, SheetArgs};
use crate::cli::{Answer, Failure, files, setting};
use crate::error::{Error, Kind};
use crate::metrology::{
    AxisRuns, Coverage, Period, Positioning, SegmentRule, Segments, diagnose, hidden_periods,
    left_out, period, span_of, travel_of, upr_meets, upr_meets_taken,
};
use crate::plot::deviation::deviation_svg;
use crate::quantity::{Dimension, Unit, Value, axis_key, plain, shown_number};
use crate::report;

/// `measure positioning`.
#[derive(Debug, Args)]
#[command(after_help = "\
The long form has a row a reading: `target_mm`, `direction` (up, down), `run`, and `measured_mm` or
`deviation_um`; `axis` where there are several. The wide form has a row a target and a column a run,
named by side, run and what it holds in any order: `deviation_up_1_um`, `Run 1 Reverse (um)`,
`R1 Up`, `1- [um]`; a name that could be read in two ways is refused. Units stand in the header (mm,
um, in, deg, arcsec, urad ...) or, row by row, in a column `unit` (`target_unit` for targets). A
column `line` says where the measuring line lay, and keeps tests of one axis on several lines apart;
`temperature_c` in the long form, how warm it was.

Readings finer than a picometre or a micro-arc-second, such as binary floats print them, are taken
to the nearest, and the report says how many and how far off. A number with one comma is refused
unless --decimal-comma says what the comma is. Missing runs are named, never filled.

Examples:
  toolgauge measure positioning specs/measurements/positioning.csv
  toolgauge measure positioning specs/measurements/positioning.csv --axis X --limit 0.9um
  toolgauge measure positioning specs/measurements/laser.csv
  toolgauge measure positioning specs/measurements/lines.csv --travel 500mm
  toolgauge measure positioning specs/measurements/lines.csv --line Z300 --svg line.svg
  toolgauge measure positioning specs/measurements/positioning.csv --axis X --pitch 10mm
  toolgauge measure positioning specs/measurements/positioning.csv --table diagnostics --format csv
  toolgauge measure positioning specs/measurements/positioning.csv --table targets --format csv
  toolgauge measure positioning specs/measurements/positioning.csv --axis X --svg x.svg")]
pub(super) struct RunsOf {
    /// The runs: CSV, TSV, XLSX, XLS, ODS, JSON, JSON Lines
    runs: PathBuf,
    /// Only this axis
    #[arg(long, value_name = "LABEL")]
    axis: Option<String>,
    /// Only the test on this measuring line, as the column `line` names it
    #[arg(long, value_name = "TEXT")]
    line: Option<String>,
    /// The travel of the one axis: whether its targets cover it, and how many segments it has
    ///
    /// Without it an axis is taken to be as long as its targets span. Targets may leave out of it
    /// one step between them, and lie no further apart than two of the steps that ISO 230-2 asks
    /// for, as with --measurements; of which end they leave more is not taken for granted.
    #[arg(long, value_name = "LENGTH", allow_hyphen_values = true)]
    travel: Option<String>,
    /// Say whether the UPR is at most this value, decided exactly
    ///
    /// Of an axis over 2 m or 360°: the smallest UPR of its segments
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    limit: Option<String>,
    /// Say what the targets show of an error of this period, such as the lead of the screw
    #[arg(long, value_name = "LENGTH", allow_hyphen_values = true)]
    pitch: Option<String>,
    /// Which table CSV and JSON hold
    #[arg(long, value_enum, default_value_t = Table::Figures)]
    table: Table,
    /// Write the deviation plot of the one axis as SVG
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    #[command(flatten)]
    sheet: SheetArgs,
}

/// A decision about a limit.
struct Decided {
    /// The limit.
    limit: String,
    /// `yes`, `no`, or `not decided` and why.
    meets: String,
    /// The same for people.
    said: String,
}

/// Which table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Table {
    /// The figures
    Figures,
    /// Means, s, reversal and repeatability at each target
    Targets,
    /// What the readings say about their test: never a legal figure
    Diagnostics,
}

/// Computes the figures of runs.
pub(super) fn positioning(verb: &RunsOf, common: &Common) -> Result<Answer, Failure> {
    let axes = axes(verb)?;
    let rules = SegmentRule::shipped()?;
    if verb.limit.is_some() && verb.table != Table::Figures && common.format != Format::Text {
        let error = Error::usage("whether a limit is met stands in the table of figures only");
        return Err(error.help("leave --table or --limit away").into());
    }
    if let Some(path) = &verb.svg {
        let [one] = axes.as_slice() else {
            let error = Error::usage("one picture shows one axis");
            return Err(error
                .help("choose it with --axis LABEL, and --line TEXT of several")
                .into());
        };
        files::write(path, deviation_svg(&picture(&Positioning::of(one)))?.as_bytes())?;
    }
    let mut pieces = Pieces::new(common)?;
    for runs in &axes {
        match verb.table {
            _ if common.format == Format::Text => pieces.text(&text(verb, runs, &rules)?)?,
            Table::Figures => {
                pieces.rows(&figures(verb, runs, &rules)?, report::positioning_csv)?;
            }
            Table::Targets => {
                let line = runs.conditions.line.as_deref();
                let rows = report::target_rows(&Positioning::of(runs), line);
                pieces.rows(&rows, report::target_csv)?;
            }
            Table::Diagnostics => {
                let rows = report::diagnostic_rows(runs, &rules, asked(verb, runs)?.as_ref());
                pieces.rows(&rows, report::diagnostic_csv)?;
            }
        }
    }
    pieces.finish()
}

/// The figures of an axis and its segments as rows.
fn figures(
    verb: &RunsOf,
    runs: &AxisRuns,
    rules: &[(String, SegmentRule)],
) -> Result<Vec<report::PositioningRow>, Failure> {
    let mut rows = report::positioning_rows(runs, &Positioning::of(runs));
    let divided = rules.iter().filter_map(|(_, rule)| rule.divide(runs));
    rows.extend(divided.flat_map(|segments| report::segment_rows(runs, &segments)));
    if let Some(decided) = limit(verb, runs, rules)? {
        report::decide_rows(&mut rows, &decided.limit, &decided.meets);
    }
    Ok(rows)
}

/// All that is said of an axis, for people.
fn text(
    verb: &RunsOf,
    runs: &AxisRuns,
    rules: &[(String, SegmentRule)],
) -> Result<String, Failure> {
    let found = Positioning::of(runs);
    let mut text = report::positioning_text(runs, &found) + "\n";
    text += &report::sketch(&found);
    text.push('\n');
    for (_, rule) in rules {
        if let Some(segments) = rule.divide(runs) {
            text += &report::segments_text(rule, &segments);
            text.push('\n');
        }
    }
    text += &report::diagnostics_text(runs, &diagnose(runs));
    text += &report::periods_text(runs, &hidden_periods(runs), asked(verb, runs)?.as_ref());
    text += &limit(verb, runs, rules)?.map(|decided| decided.said).unwrap_or_default();
    Ok(text)
}

fn axes(verb: &RunsOf) -> Result<Vec<AxisRuns>, Failure> {
    let name = verb.runs.display().to_string();
    let mut axes = setting::runs(&verb.runs, &setting::sheet_of(&verb.runs, &verb.sheet)?)?;
    if let Some(label) = &verb.axis {
        let mut known: Vec<String> = axes.iter().map(|runs| runs.axis.clone()).collect();
        known.dedup();
        let key = axis_key(label);
        axes.retain(|runs| axis_key(&runs.axis) == key);
        if axes.is_empty() {
            let error = Error::new(Kind::Content, format!("`{name}` has no axis `{label}`"));
            return Err(error.help(format!("there are: {}", known.join(", "))).into());
        }
    }
    if let Some(line) = &verb.line {
        let of = |runs: &AxisRuns| runs.conditions.line.clone();
        let known: Vec<String> = axes.iter().filter_map(of).collect();
        let same = |runs: &AxisRuns| {
            of(runs).is_some_and(|own| plain(&own).to_lowercase() == plain(line).to_lowercase())
        };
        axes.retain(same);
        if axes.is_empty() {
            let error = Error::new(Kind::Content, format!("`{name}` has no line `{line}`"));
            return Err(match known.join(", ") {
                known if known.is_empty() => error.help("no column `line` names one"),
                known => error.help(format!("there are: {known}")),
            }
            .into());
        }
    }
    if let Some(text) = &verb.travel {
        travelled(&mut axes, text)?;
    }
    axes.iter_mut().for_each(|runs| runs.remarks.extend(part(runs)));
    Ok(axes)
}

/// Puts the travel of the one axis beside its tests.
fn travelled(axes: &mut [AxisRuns], text: &str) -> Result<(), Failure> {
    let Some(first) = axes.first() else { return Ok(()) };
    let key = axis_key(&first.axis);
    if axes.iter().any(|runs| axis_key(&runs.axis) != key) {
        let error = Error::usage("one travel is that of one axis");
        return Err(error.help("choose it with --axis LABEL").into());
    }
    let (travel, _) = quantity(text, first.dimension)?;
    if travel.count() <= 0 {
        return Err(Error::usage(format!("`{text}` is no travel")).into());
    }
    axes.iter_mut().for_each(|runs| runs.conditions.travel = Some(travel));
    Ok(())
}

/// That a test is not one of all the travel, or of more than is stated.
fn part(runs: &AxisRuns) -> Vec<String> {
    let text = |value: Value| place(runs, value);
    let (span, travel) = (span_of(runs), travel_of(runs));
    let stated = runs.conditions.travel.filter(|stated| *stated < span);
    let beyond = stated.map(|stated| {
        let [span, stated] = [span, stated].map(text);
        format!("targets over {span} go beyond a travel of {stated}: taken as one of {span}")
    });
    let short = left_out(runs).map(|left_out| {
        let of = match text(travel) {
            _ if travel == Value::ZERO => "an axis".to_owned(),
            travel => format!("all of {travel}"),
        };
        format!("not a test of {of}: {left_out}; the whole may show more")
    });
    beyond.into_iter().chain(short).collect()
}

/// A place or a length of an axis in words.
fn place(runs: &AxisRuns, value: Value) -> String {
    let name = if runs.dimension == Dimension::Angle { "deg" } else { "mm" };
    value.text(Unit::named(runs.dimension, name).unwrap_or(runs.dimension.usual_unit()))
}

/// Whether the UPR of an axis meets the limit; of a long axis, the smallest of its segments.
fn limit(
    verb: &RunsOf,
    runs: &AxisRuns,
    rules: &[(String, SegmentRule)],
) -> Result<Option<Decided>, Failure> {
    let Some(text) = &verb.limit else { return Ok(None) };
    let (value, unit) = limit_of(text, runs.dimension)?;
    let divided = rules.iter().find_map(|(_, rule)| Some((rule, rule.divide(runs)?)));
    let word = |met: bool| if met { "yes" } else { "no" };
    let (meets, why) = match &divided {
        None => match (upr_meets(runs, value), Positioning::of(runs).upr) {
            // What misses a limit within a part misses it in the whole.
            (Some(true), _) if left_out(runs).is_some() => {
                let why = left_out(runs).unwrap_or_default();
                (format!("not decided: a part of the axis meets it: {why}"), String::new())
            }
            // Nor does one place say how long the axis is: a long one has a best segment.
            (Some(false), _) if travel_of(runs) == Value::ZERO => {
                let why = "one target covers no stretch, and no travel is stated";
                (format!("not decided: {why}"), String::new())
            }
            (Some(met), Ok(upr)) => {
                let figure = shown_number(upr.value / unit.size as f64);
                (word(met).to_owned(), format!(": it is {figure} {}", unit.name()))
            }
            // One side that meets the limit decides, and so does a target that misses it.
            (Some(met), Err(reason)) => (
                word(met).to_owned(),
                format!(", by what there is: the UPR itself is not computable: {}", reason.text()),
            ),
            (None, Err(reason)) => (format!("not decided: {}", reason.text()), String::new()),
            (None, Ok(_)) => ("not decided".to_owned(), String::new()),
        },
        Some((rule, found)) => of_segments(found, rule.upr_meets(runs, value)),
    };
    let (meets, why) = match beyond(runs, rules, value, &meets) {
        Some(open) => (open, String::new()),
        None => (meets, why),
    };
    let limit = value.text(unit);
    let said = format!("\nUPR at most {limit}: {meets}{why}\n");
    Ok(Some(Decided { limit, meets, said }))
}

/// Why a limit that is decided for what targets span is not, where the travel that is stated is
/// less and something else follows for that.
fn beyond(
    runs: &AxisRuns,
    rules: &[(String, SegmentRule)],
    limit: Value,
    meets: &str,
) -> Option<String> {
    let stated = runs.conditions.travel.filter(|stated| *stated < span_of(runs))?;
    let first = runs.targets.first().map_or(0, |first| i128::from(first.position.count()));
    let dense = Coverage::of(runs, first, stated).is_dense();
    let of_axis = |rule: &&SegmentRule| rule.dimension == runs.dimension && stated > rule.over;
    let met = match rules.iter().map(|(_, rule)| rule).find(of_axis) {
        Some(rule) => rule.upr_meets_over(runs, stated, limit),
        None => upr_meets_taken(runs, limit).filter(|met| dense || !met),
    };
    let word = met.map_or("not decided", |met| if met { "yes" } else { "no" });
    let decided = ["yes", "no"].contains(&meets) && meets != word;
    decided.then(|| {
        let [span, stated] = [span_of(runs), stated].map(|length| place(runs, length));
        format!("not decided: of an axis of {span} {meets}, of one of {stated} {word}")
    })
}

/// The same of segments: the word, and what follows it.
fn of_segments(found: &Segments, met: Option<bool>) -> (String, String) {
    let of = match found.segments.len() {
        1 => "its one segment".to_owned(),
        count => format!("its {count} segments"),
    };
    let smallest = found.smallest().map(|(at, _)| at + 1);
    match (met, smallest) {
        (Some(met), Some(at)) => (
            if met { "yes" } else { "no" }.to_owned(),
            format!(", by the smallest UPR of {of}: segment {at}"),
        ),
        (Some(true), None) => (
            "yes".to_owned(),
            format!(", by a segment that meets it: the smallest of {of} is not larger"),
        ),
        (Some(false), None) => {
            ("no".to_owned(), format!(", by what there is: every one of {of} misses it"))
        }
        (None, _) => {
            let which = match found.segments.len() {
                1 => format!("{of} has no UPR"),
                _ => format!("not every one of {of} has a UPR"),
            };
            (format!("not decided: {which} that is known"), String::new())
        }
    }
}

/// What the targets show of the period that is asked for.
fn asked(verb: &RunsOf, runs: &AxisRuns) -> Result<Option<Period>, Failure> {
    let Some(text) = &verb.pitch else { return Ok(None) };
    let (value, _) = quantity(text, runs.dimension)?;
    if value.count() <= 0 {
        return Err(Error::usage(format!("`{text}` is no period")).into());
    }
    Ok(period(runs, value))
}
