//! `toolgauge measure uncertainty`.

use std::path::PathBuf;

use clap::Args;

use super::{example, limit_of, lines, quantity};
use crate::cli::arguments::{Common, Format};
use crate::cli::{Answer, Failure, files};
use crate::error::Error;
use crate::metrology::Contributors;
use crate::quantity::{Dimension, Unit, Value};
use crate::report::{self, Decision};

/// `measure uncertainty`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  toolgauge measure uncertainty specs/measurements/budget.toml
  toolgauge measure uncertainty specs/measurements/budget.toml --value 0.85um --limit 0.9um
  toolgauge measure uncertainty specs/measurements/budget.toml --value 0.85um --limit 0.9um \\
      --figure upr --conformance 0.95")]
pub(super) struct BudgetOf {
    /// The contributors (TOML)
    budget: PathBuf,
    /// A value of the figure
    #[arg(long, value_name = "VALUE", requires = "limit", allow_hyphen_values = true)]
    value: Option<String>,
    /// The limit that it is held against
    #[arg(long, value_name = "VALUE", requires = "value", allow_hyphen_values = true)]
    limit: Option<String>,
    /// Of which figure: A, E, M, B, R or UPR
    #[arg(long, default_value = "UPR")]
    figure: String,
    /// The probability that guard bands are made for (ISO 14253-1)
    #[arg(long, default_value = "0.95")]
    conformance: f64,
}

/// Combines contributors.
pub(super) fn uncertainty(verb: &BudgetOf, common: &Common) -> Result<Answer, Failure> {
    let name = verb.budget.display().to_string();
    let text = files::read_text(&verb.budget)?;
    let budget = Contributors::read(&name, &text)?.budget();
    let rows = report::budget_rows(&budget);
    let mut text = report::budget_text(&rows);
    let figure = rows.iter().find(|row| row.figure && row.of.eq_ignore_ascii_case(&verb.figure));
    let Some(expanded) = figure else {
        let error = Error::usage(format!("`{}` is no figure of the budget", verb.figure));
        return Err(error.help("one of: A, E, M, B, R, UPR").into());
    };
    if !(verb.conformance > 0.5 && verb.conformance < 1.0) {
        return Err(Error::usage("a guard band needs a probability between 0.5 and 1").into());
    }
    if let (Some(value), Some(limit)) = (&verb.value, &verb.limit) {
        let um = Unit::named(Dimension::Length, "um").map_or(1.0, |unit| unit.size as f64);
        let in_um = |value: Value| value.count() as f64 / um;
        let (found, _) = quantity(value, Dimension::Length)?;
        if found.count() < 0 {
            let figure = &expanded.of;
            let error = Error::usage(format!("`{value}` is no {figure}: no error is below nought"));
            let help = format!("write one such as {}", example(Dimension::Length));
            return Err(error.help(help).into());
        }
        let decision = Decision {
            figure: expanded.of.clone(),
            value: in_um(found),
            limit: in_um(limit_of(limit, Dimension::Length)?.0),
            u: expanded.standard,
            conformance: verb.conformance,
        };
        text += &report::decision_text(&decision);
    }
    match common.format {
        Format::Text => files::write_text(common, text.trim_end()),
        Format::Csv => files::write_text(common, &report::budget_csv(&rows)?),
        Format::Json => files::write_json(common, &rows),
        Format::Jsonl => lines(common, &rows),
    }
}
