//! `toolgauge measure`: from raw measurements to figures.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::arguments::{Common, Format};
use super::{Answer, Failure, files};
use crate::error::{Error, Kind};
use crate::metrology::{AxisRuns, Digits, Positioning, RunsReader, declare, upr_meets};
use crate::plot::deviation::{DeviationPlot, deviation_svg};
use crate::quantity::{Dimension, Phrase, Style, Unit, Value};
use crate::report;
use crate::table::{self, Reading};

/// `measure`.
#[derive(Debug, Args)]
pub(crate) struct Measure {
    #[command(subcommand)]
    what: What,
}

/// What is measured.
#[derive(Debug, Subcommand)]
enum What {
    /// Figures of ISO 230-2 and VDI/DGQ 3441 from positioning runs, the same data under every
    /// standard
    Positioning(RunsOf),
    /// Stated values of a model: the mean over its machines, axis by axis
    Declare(ValuesOf),
}

/// `measure declare`.
#[derive(Debug, Args)]
#[command(after_help = "\
The file has a row a machine and axis: `machine`, `axis`, and one value with its unit, such as
`upr_um` or `accuracy_um`, by the standard that the list names.

Examples:
  toolgauge measure declare specs/measurements/stated.csv
  toolgauge measure declare specs/measurements/stated.csv --truncate 0.1um")]
struct ValuesOf {
    /// The values: CSV, TSV, XLSX, XLS, ODS, JSON, JSON Lines
    values: PathBuf,
    /// Cut the digits of the mean below this step off
    #[arg(long, value_name = "STEP", conflicts_with = "round")]
    truncate: Option<String>,
    /// Round the mean to multiples of this step
    #[arg(long, value_name = "STEP")]
    round: Option<String>,
}

/// `measure positioning`.
#[derive(Debug, Args)]
#[command(after_help = "\
The long form has a row a reading: `target_mm`, `direction` (up, down), `run`, and `measured_mm` or
`deviation_um`; `axis` where there are several. The wide form has a row a target and a column a run:
`deviation_up_1_um`. Units stand in the header: mm, um, in, deg, arcsec ...

Examples:
  toolgauge measure positioning specs/measurements/positioning.csv
  toolgauge measure positioning specs/measurements/positioning.csv --axis X --limit 0.9um
  toolgauge measure positioning specs/measurements/positioning.csv --axis X --svg x.svg")]
struct RunsOf {
    /// The runs: CSV, TSV, XLSX, XLS, ODS, JSON, JSON Lines
    runs: PathBuf,
    /// Only this axis
    #[arg(long, value_name = "LABEL")]
    axis: Option<String>,
    /// Say whether the UPR is at most this value, decided exactly
    #[arg(long, value_name = "VALUE")]
    limit: Option<String>,
    /// Write the deviation plot of the one axis as SVG
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
}

/// Measures.
pub(super) fn measure(verb: &Measure, common: &Common) -> Result<Answer, Failure> {
    match &verb.what {
        What::Positioning(of) => positioning(of, common),
        What::Declare(of) => declared(of, common),
    }
}

fn positioning(verb: &RunsOf, common: &Common) -> Result<Answer, Failure> {
    let axes = axes(verb)?;
    let limits = axes.iter().map(|runs| limit(verb, runs)).collect::<Result<Vec<_>, _>>()?;
    let found: Vec<Positioning> = axes.iter().map(Positioning::of).collect();
    if let Some(path) = &verb.svg {
        let [one] = found.as_slice() else {
            let error = Error::usage("one picture shows one axis");
            return Err(error.help("choose it with --axis LABEL").into());
        };
        files::write(path, deviation_svg(&plot(one))?.as_bytes())?;
    }
    let rows: Vec<_> = found.iter().flat_map(report::positioning_rows).collect();
    match common.format {
        Format::Text => {
            let mut text = String::new();
            for ((runs, found), limit) in axes.iter().zip(&found).zip(limits) {
                text.push_str(&report::positioning_text(runs, found));
                if let Some((limit, met)) = limit {
                    let word = match met {
                        Some(true) => "yes",
                        Some(false) => "no",
                        None => "not decided: UPR is not computable",
                    };
                    text.push_str(&format!("\nUPR at most {limit}: {word}\n"));
                }
                text.push('\n');
            }
            files::write_text(common, text.trim_end())
        }
        Format::Csv => files::write_text(common, &report::positioning_csv(&rows)?),
        Format::Json => files::write_json(common, &rows),
        Format::Jsonl => lines(common, &rows),
    }
}

fn axes(verb: &RunsOf) -> Result<Vec<AxisRuns>, Failure> {
    let name = verb.runs.display().to_string();
    let table = table::read(&name, &files::read(&verb.runs)?, &Reading::default())?;
    let mut reader = RunsReader::new(&name, &table.header)?;
    for record in &table.records {
        reader.take(record)?;
    }
    let mut axes = reader.finish()?;
    if let Some(label) = &verb.axis {
        let known: Vec<String> = axes.iter().map(|runs| runs.axis.clone()).collect();
        axes.retain(|runs| runs.axis.eq_ignore_ascii_case(label.trim()));
        if axes.is_empty() {
            let error = Error::new(Kind::Content, format!("`{name}` has no axis `{label}`"));
            return Err(error.help(format!("there are: {}", known.join(", "))).into());
        }
    }
    Ok(axes)
}

fn declared(verb: &ValuesOf, common: &Common) -> Result<Answer, Failure> {
    let name = verb.values.display().to_string();
    let table = table::read(&name, &files::read(&verb.values)?, &Reading::default())?;
    let step = |text: &String| -> Result<Value, Failure> {
        let (value, _) = quantity(text, Dimension::Length)?;
        if value.count() <= 0 {
            return Err(Error::usage(format!("`{text}` is no step")).into());
        }
        Ok(value)
    };
    let (digits, said) = match (&verb.truncate, &verb.round) {
        (Some(text), _) => (Digits::Truncated(step(text)?), format!("cut off below {text}")),
        (None, Some(text)) => (Digits::Rounded(step(text)?), format!("rounded to {text}")),
        (None, None) => (Digits::All, "all".to_owned()),
    };
    let (found, unit) = declare(&name, &table.header, &table.records, digits)?;
    let rows = report::stated_rows(&found, unit, &said);
    match common.format {
        Format::Text => files::write_text(common, &report::stated_text(&rows)),
        Format::Csv => files::write_text(common, &report::stated_csv(&rows)?),
        Format::Json => files::write_json(common, &rows),
        Format::Jsonl => lines(common, &rows),
    }
}

fn lines(common: &Common, rows: &[impl serde::Serialize]) -> Result<Answer, Failure> {
    let lines = rows.iter().map(files::json_line).collect::<Result<Vec<_>, _>>()?;
    files::write_text(common, &lines.join("\n"))
}

/// One plain figure with its unit.
fn quantity(text: &str, dimension: Dimension) -> Result<(Value, &'static Unit), Failure> {
    let wrong = |fault: crate::quantity::Fault| {
        Error::usage(format!("`{text}` is no value: {fault}")).help("write one such as 0.9um")
    };
    let phrase = Phrase::parse(text, dimension, Style::default()).map_err(wrong)?;
    let crate::quantity::Figure::Plain(number) = phrase.figure else {
        return Err(wrong(crate::quantity::Fault("one plain figure is wanted".into())).into());
    };
    let value = phrase.value(number, None).map_err(wrong)?;
    Ok((value, phrase.unit.unwrap_or(dimension.usual_unit())))
}

/// The limit in words, and whether the UPR of an axis meets it.
fn limit(verb: &RunsOf, runs: &AxisRuns) -> Result<Option<(String, Option<bool>)>, Failure> {
    let Some(text) = &verb.limit else { return Ok(None) };
    let (value, unit) = quantity(text, runs.dimension)?;
    Ok(Some((value.text(unit), upr_meets(runs, value))))
}

/// The deviation plot of an axis, with bands of k = 2.
fn plot(found: &Positioning) -> DeviationPlot {
    let (positions, deviations) = match found.dimension {
        Dimension::Angle => ("deg", "arcsec"),
        _ => ("mm", "um"),
    };
    let unit = |name: &str| Unit::named(found.dimension, name).ok();
    let size = |name: &str| unit(name).map_or(1.0, |unit| unit.size as f64);
    let course = |side: usize| {
        let point = |target: &crate::metrology::AtTarget| {
            let x = target.position.count() as f64 / size(positions);
            let mean = target.mean.get(side).copied().flatten()? / size(deviations);
            let s = target.s.get(side).copied().flatten();
            Some((x, mean, s.map(|s| 2.0 * s / size(deviations))))
        };
        found.targets.iter().filter_map(point).collect()
    };
    let printed = |name: &str| unit(name).map_or("", Unit::name).to_owned();
    DeviationPlot {
        title: format!("Deviations of {} (ISO 230-2, k = 2)", found.axis),
        positions: format!("target, {}", printed(positions)),
        deviations: format!("deviation, {}", printed(deviations)),
        courses: [course(0), course(1)],
    }
}
