//! `toolgauge measure declare`.

use std::path::PathBuf;

use clap::Args;

use super::{lines, quantity};
use crate::cli::arguments::{Common, Format};
use crate::cli::{Answer, Failure, files};
use crate::error::Error;
use crate::metrology::{Digits, declare};
use crate::quantity::{Dimension, Value};
use crate::report;
use crate::table::{self, Reading};

/// `measure declare`.
#[derive(Debug, Args)]
#[command(after_help = "\
The file has a row a machine and axis: `machine`, `axis`, and one value with its unit, such as
`upr_um` or `accuracy_um`, by the standard that the list names.

Examples:
  toolgauge measure declare specs/measurements/stated.csv
  toolgauge measure declare specs/measurements/stated.csv --truncate 0.1um")]
pub(super) struct ValuesOf {
    /// The values: CSV, TSV, XLSX, XLS, ODS, JSON, JSON Lines
    values: PathBuf,
    /// Cut the digits of the mean below this step off
    #[arg(long, value_name = "STEP", conflicts_with = "round")]
    truncate: Option<String>,
    /// Round the mean to multiples of this step
    #[arg(long, value_name = "STEP")]
    round: Option<String>,
}

/// Works stated values out.
pub(super) fn declared(verb: &ValuesOf, common: &Common) -> Result<Answer, Failure> {
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
