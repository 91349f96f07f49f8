//! `toolgauge measure`: from raw measurements to figures.

mod axes;
mod convert;
mod declare;
mod picture;
mod pieces;
mod positioning;
mod spindle;
mod uncertainty;

use clap::{Args, Subcommand};

use super::arguments::Common;
use super::{Answer, Failure, files};
use crate::error::Error;
use crate::quantity::{Dimension, Phrase, Style, Unit, Value};

/// `measure`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  toolgauge measure positioning specs/measurements/positioning.csv --axis X --limit 0.9um
  toolgauge measure declare specs/measurements/stated.csv --digits cut-0.1um
  toolgauge measure spindle specs/measurements/spindle.csv --probed radial
  toolgauge measure slides specs/measurements/slides.csv --limit 2arcsec
  toolgauge measure uncertainty specs/measurements/budget.toml --value 0.85um --limit 0.9um
  toolgauge measure convert 'positioning_accuracy (ISO 230-2:1988) = 6 um' --travel 800mm
  toolgauge measure axes specs/measurements/five-axis.toml

A file FILE.reading.toml beside FILE may say how its readings are written.")]
pub(crate) struct Measure {
    #[command(subcommand)]
    what: What,
}

/// What is measured.
#[derive(Debug, Subcommand)]
enum What {
    /// Figures of ISO 230-2 and VDI/DGQ 3441 from positioning runs, the same data under every
    /// standard
    Positioning(positioning::RunsOf),
    /// Stated values of a model: the mean over its machines, axis by axis
    Declare(Box<declare::ValuesOf>),
    /// Run-out and camming of a spindle, and beside them its error motion
    Spindle(spindle::TurnsOf),
    /// Yaw, pitch and roll of slides within windows of their travel
    Slides(spindle::AnglesOf),
    /// The uncertainty of a test, and what it says about a limit
    Uncertainty(uncertainty::BudgetOf),
    /// What stated figures prove about figures under other standards
    Convert(convert::Stated),
    /// How many axes contour, by the lists' counting rules, from a kinematic chain
    Axes(axes::ChainOf),
}

/// Measures.
pub(super) fn measure(verb: &Measure, common: &Common) -> Result<Answer, Failure> {
    match &verb.what {
        What::Positioning(of) => positioning::positioning(of, common),
        What::Declare(of) => declare::declared(of, common),
        What::Spindle(of) => spindle::spindle(of, common),
        What::Slides(of) => spindle::slides(of, common),
        What::Uncertainty(of) => uncertainty::uncertainty(of, common),
        What::Convert(of) => convert::converted(of, common),
        What::Axes(of) => axes::axes(of, common),
    }
}

fn lines(common: &Common, rows: &[impl serde::Serialize]) -> Result<Answer, Failure> {
    let lines = rows.iter().map(files::json_line).collect::<Result<Vec<_>, _>>()?;
    files::write_text(common, &lines.join("\n"))
}

/// One plain figure with its unit.
fn quantity(text: &str, dimension: Dimension) -> Result<(Value, &'static Unit), Failure> {
    let wrong = |fault: crate::quantity::Fault| {
        let help = format!("write one such as {}", example(dimension));
        Error::usage(format!("`{text}` is no value: {fault}")).help(help)
    };
    let phrase = Phrase::parse(text, dimension, Style::default()).map_err(wrong)?;
    let value = phrase.single(None).map_err(wrong)?;
    Ok((value, phrase.unit.unwrap_or(dimension.usual_unit())))
}

/// A limit on an error, which is never below nought.
fn limit_of(text: &str, dimension: Dimension) -> Result<(Value, &'static Unit), Failure> {
    let (value, unit) = quantity(text, dimension)?;
    if value.count() >= 0 {
        return Ok((value, unit));
    }
    let error = Error::usage(format!("`{text}` is no limit: no error is below nought"));
    Err(error.help(format!("write one such as {}", example(dimension))).into())
}

fn example(dimension: Dimension) -> &'static str {
    if dimension == Dimension::Angle { "2arcsec" } else { "0.9um" }
}
