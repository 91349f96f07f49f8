//! What figures prove about other figures.

use serde::Serialize;

use super::csv::rows_csv;
use super::table::table;
use crate::assess::{NO_LOWER, Proved};
use crate::error::Result;
use crate::quantity::{Dimension, Unit, Value};

/// One figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProvedRow {
    /// The figure; several editions where they say the same.
    pub figure: String,
    /// `stated`, `bound`, `bound up to 2 m` (of travel), `own factor` or `model`: the last two are
    /// not proved.
    pub kind: &'static str,
    /// The smallest value with its unit; empty where there is none but nought.
    pub at_least: String,
    /// The largest one; empty where there is none.
    pub at_most: String,
    /// The inequality, factor or model.
    pub why: String,
}

const COLUMNS: &[&str] = &["figure", "kind", "at_least", "at_most", "why"];
/// What holds of axes of this travel only.
const UP_TO: &str = "bound up to 2 m";

/// The rows of a conversion; editions that say the same share one.
pub fn proved_rows(proved: &[Proved]) -> Vec<ProvedRow> {
    let um = Unit::named(Dimension::Length, "um").ok();
    let text = |value: Option<Value>| match (value, um) {
        (Some(value), Some(um)) if value.count() > 0 => value.text(um),
        _ => String::new(),
    };
    let mut rows: Vec<ProvedRow> = Vec::new();
    for found in proved {
        let row = ProvedRow {
            figure: found.key.text(),
            kind: found.kind,
            at_least: text(found.span.low()),
            at_most: text(found.span.high()),
            why: found.why.clone(),
        };
        let same = |other: &&mut ProvedRow| {
            let name = |figure: &str| figure.split(" (").next().map(str::to_owned);
            name(&other.figure) == name(&row.figure)
                && (other.kind, &other.at_least, &other.at_most)
                    == (row.kind, &row.at_least, &row.at_most)
                && other.why == row.why
        };
        let edition = found.key.by.and_then(|by| by.row().edition);
        match (rows.iter_mut().find(same), edition) {
            (Some(other), Some(edition)) if other.figure.ends_with(')') => {
                other.figure.pop();
                other.figure += &format!(", {edition})");
            }
            _ => rows.push(row),
        }
    }
    rows
}

/// The rows for people.
pub fn proved_text(rows: &[ProvedRow]) -> String {
    // What a model is stands once, below the table.
    let mut models: Vec<&str> = Vec::new();
    let shortened = |row: &ProvedRow| {
        let named = row.why.split_once("model `").and_then(|(_, model)| model.split_once("`: "));
        let mut cells = cells(row);
        if let (Some((_, says)), Some(why)) = (named, cells.last_mut()) {
            why.truncate(row.why.len() - says.len() - 2);
        }
        cells
    };
    let shown: Vec<Vec<String>> = rows.iter().map(shortened).collect();
    for row in rows {
        if let Some((_, model)) = row.why.split_once("model `").filter(|(_, m)| !models.contains(m))
        {
            models.push(model);
        }
    }
    let mut text = table(COLUMNS, &shown, usize::MAX);
    text += "\n\nProved: what is stated, and bounds by named inequalities from the same raw data.\n\
             A figure without a lower bound may be as small as you like, by what is stated.\n";
    let of_upr = |row: &&ProvedRow| row.figure == "upr" && row.at_least.is_empty();
    text += match rows.iter().find(of_upr) {
        Some(row) if row.why.contains(NO_LOWER) && rows.iter().any(|row| row.kind == UP_TO) => {
            "`bound up to 2 m` holds if the axis is no longer: say it with --travel.\n"
        }
        Some(row) if !row.why.contains(NO_LOWER) => {
            "No coarse figure shows that a fine one is missed.\n"
        }
        _ => "",
    };
    if rows.iter().any(|row| matches!(row.kind, "own factor" | "model")) {
        text += "Own factors and models are orientation only; no verdict uses them.\n";
    }
    for model in models {
        text += &format!("model `{model}\n");
    }
    text
}

/// The rows as CSV.
pub fn proved_csv(rows: &[ProvedRow]) -> Result<String> {
    rows_csv(COLUMNS, rows.iter().map(cells))
}

fn cells(row: &ProvedRow) -> Vec<String> {
    [&row.figure, row.kind, &row.at_least, &row.at_most, &row.why].map(str::to_owned).to_vec()
}
