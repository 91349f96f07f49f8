//! `toolgauge measure axes`.

use std::path::PathBuf;

use clap::Args;

use super::lines;
use crate::cli::arguments::{Common, Format};
use crate::cli::{Answer, Failure, files};
use crate::kinematics::{Chain, count};
use crate::report;

/// `measure axes`.
#[derive(Debug, Args)]
#[command(after_help = "\
The file says how axes stand between workpiece, bed and tool: as a structural code of ISO 10791, as
a list of labels with a table for each axis, or as a platform on struts; see
specs/measurements/README.md.

Examples:
  toolgauge measure axes specs/measurements/five-axis.toml
  toolgauge measure axes specs/measurements/lathe.toml --format csv")]
pub(super) struct ChainOf {
    /// The kinematics file (TOML)
    machine: PathBuf,
}

/// Counts contouring axes.
pub(super) fn axes(verb: &ChainOf, common: &Common) -> Result<Answer, Failure> {
    let name = verb.machine.display().to_string();
    let chain = Chain::read(&name, &files::read_text(&verb.machine)?)?;
    let found = count(&chain);
    let rows = report::axis_rows(&chain, &found);
    match common.format {
        Format::Text => files::write_text(common, report::axes_text(&chain, &found).trim_end()),
        Format::Csv => files::write_text(common, &report::axes_csv(&rows)?),
        Format::Json => files::write_json(common, &rows),
        Format::Jsonl => lines(common, &rows),
    }
}
