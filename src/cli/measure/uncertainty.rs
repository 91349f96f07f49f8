//! `toolgauge measure uncertainty`.

use std::path::PathBuf;

use clap::Args;

use super::{lines, quantity};
use crate::cli::arguments::{Common, Format};
use crate::cli::{Answer, Failure, files};
use crate::error::Error;
use crate::metrology::Contributors;
use crate::quantity::{Dimension, Unit};
use crate::report::{self, Decision};
use crate::table::Document;

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
    #[arg(long, value_name = "VALUE", requires = "limit")]
    value: Option<String>,
    /// The limit that it is held against
    #[arg(long, value_name = "VALUE", requires = "value")]
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
    let budget = read(&name, &files::read_text(&verb.budget)?)?.budget();
    let rows = report::budget_rows(&budget);
    let mut text = report::budget_text(&rows);
    if let (Some(value), Some(limit)) = (&verb.value, &verb.limit) {
        let um = Unit::named(Dimension::Length, "um").map_or(1.0, |unit| unit.size as f64);
        let in_um = |text: &str| -> Result<f64, Failure> {
            Ok(quantity(text, Dimension::Length)?.0.count() as f64 / um)
        };
        let expanded = rows.iter().find(|row| row.of.eq_ignore_ascii_case(&verb.figure));
        let Some(expanded) = expanded.filter(|row| row.figure) else {
            let error = Error::usage(format!("`{}` is no figure of the budget", verb.figure));
            return Err(error.help("one of: A, E, M, B, R, UPR").into());
        };
        if !(verb.conformance > 0.5 && verb.conformance < 1.0) {
            return Err(Error::usage("a guard band needs a probability between 0.5 and 1").into());
        }
        let decision = Decision {
            figure: expanded.of.clone(),
            value: in_um(value)?,
            limit: in_um(limit)?,
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

const KEYS: [&str; 10] = [
    "length_m",
    "runs",
    "device_um",
    "device_um_per_m",
    "misalignment_mm",
    "expansion_um_per_m_k",
    "temperature_range_k",
    "expansion_range_um_per_m_k",
    "departure_k",
    "drift_um",
];

fn read(file: &str, text: &str) -> Result<Contributors, Error> {
    let document = Document::parse(file, text)?;
    let root = document.root()?;
    if let Some(error) = root.unknown_keys(&KEYS).into_iter().next() {
        return Err(error);
    }
    let number = |key: &str| -> Result<f64, Error> {
        let node = root.required(key, "a budget")?;
        let found: Option<f64> = node.scalar()?.parse().ok();
        let good = |number: &f64| number.is_finite() && (*number >= 0.0 || key == "departure_k");
        found.filter(good).ok_or_else(|| node.error(format!("`{key}` is a number from nought up")))
    };
    let runs = root.required("runs", "a budget")?;
    let count = u32::try_from(runs.whole()?).ok().filter(|count| *count >= 2);
    let length = number("length_m")?;
    if length <= 0.0 {
        return Err(root.required("length_m", "a budget")?.error("a length is more than nought"));
    }
    Ok(Contributors {
        length_m: length,
        runs: count.ok_or_else(|| runs.error("scatter takes two runs at least"))?,
        device_um: number("device_um")?,
        device_um_per_m: number("device_um_per_m")?,
        misalignment_mm: number("misalignment_mm")?,
        expansion_um_per_m_k: number("expansion_um_per_m_k")?,
        temperature_range_k: number("temperature_range_k")?,
        expansion_range_um_per_m_k: number("expansion_range_um_per_m_k")?,
        departure_k: number("departure_k")?,
        drift_um: number("drift_um")?,
    })
}
