//! Chances of capture, beside the verdicts that do not consider uncertainty.

use serde::Serialize;

use super::table::table;
use crate::assess::{Chances, Evaluator, How};

/// The chances of one entry.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChanceRow {
    /// The list and its edition.
    pub list: String,
    /// The probability that it captures the machine.
    pub captured: f64,
    /// That it stays open whatever the uncertain readings are.
    pub undetermined: f64,
    /// That it does not capture the machine.
    pub not_captured: f64,
    /// `closed form` or the number of draws.
    pub how: String,
}

/// A row for each entry.
pub fn chance_rows(evaluator: &Evaluator, chances: &Chances) -> Vec<ChanceRow> {
    let how = match chances.how {
        How::Closed => "closed form".to_owned(),
        How::Drawn(draws) => format!("{draws} seeded draws"),
    };
    let entries = evaluator.program.entries().iter().zip(&chances.entries);
    let row = |(entry, chance): (&crate::rule::Entry, &crate::assess::Chance)| ChanceRow {
        list: entry.list.title(),
        captured: chance.captured,
        undetermined: chance.open,
        not_captured: chance.cleared,
        how: how.clone(),
    };
    entries.map(row).collect()
}

/// The rows for people.
pub fn chances_text(evaluator: &Evaluator, chances: &Chances) -> String {
    let rows = chance_rows(evaluator, chances);
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let percent = |part: f64| format!("{:.2} %", 100.0 * part);
            let parts = [row.captured, row.undetermined, row.not_captured].map(percent);
            std::iter::once(row.list.clone()).chain(parts).collect()
        })
        .collect();
    let how = rows.first().map_or("", |row| row.how.as_str());
    let mut text = format!(
        "\nChances under the uncertainties of {} readings, as shipped ({how}).\nSupporting \
         information: the lists compare the figures themselves, and so do the verdicts above.\n",
        chances.readings
    );
    if chances.readings == 0 {
        text += "No reading that stands for a value has an uncertainty: give --uncertainty, or \
                 print figures as 0.8 ± 0.1.\n";
    }
    text += &table(&["entry", "captured", "undetermined", "not captured"], &cells, 1);
    text.push('\n');
    text
}
