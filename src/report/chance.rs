//! Chances of capture, beside the verdicts that do not consider uncertainty.

use serde::Serialize;

use super::csv::failed;
use super::table::table;
use crate::assess::{Chances, Doubted, Evaluator};
use crate::error::Result;
use crate::machine::Machine;
use crate::quantity::Value;
use crate::rule::{DRAWS, Method, SEED};

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
    /// `closed form`, the same piece by piece, or the number of draws and their seed.
    pub how: String,
    /// The standard error of `captured`; nought in closed form.
    pub standard_error: f64,
}

/// A row for each entry.
pub fn chance_rows(evaluator: &Evaluator, chances: &Chances) -> Vec<ChanceRow> {
    let entries = evaluator.program.entries().iter().zip(&chances.entries);
    let row = |(entry, chance): (&crate::rule::Entry, &crate::assess::Chance)| ChanceRow {
        list: entry.list.marked_title(),
        captured: chance.captured,
        undetermined: chance.open,
        not_captured: chance.cleared,
        how: match chance.method {
            Method::Columns => "closed form".to_owned(),
            Method::Pieces => "closed form, piece by piece".to_owned(),
            Method::Drawn => format!("{DRAWS} draws, seed {SEED}"),
        },
        standard_error: chance.standard_error(),
    };
    entries.map(row).collect()
}

/// Result rows as CSV with the chances of each entry behind its cells.
pub fn with_chances(results: &[u8], rows: &[ChanceRow]) -> Result<Vec<u8>> {
    let mut out = csv::Writer::from_writer(Vec::new());
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(results);
    let header = ["captured", "undetermined", "not_captured", "how", "standard_error"]
        .map(|name| format!("chance_{name}"));
    let own = rows.iter().map(|row| {
        let numbers = [row.captured, row.undetermined, row.not_captured].map(|p| p.to_string());
        let [captured, undetermined, not_captured] = numbers;
        [captured, undetermined, not_captured, row.how.clone(), row.standard_error.to_string()]
    });
    for (record, more) in reader.records().zip(std::iter::once(header).chain(own)) {
        let mut record = record.map_err(failed)?;
        more.iter().for_each(|cell| record.push_field(cell));
        out.write_record(&record).map_err(failed)?;
    }
    out.into_inner().map_err(|error| failed(error.into_error()))
}

/// An uncertain reading and what is said of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UncertainRow {
    /// The parameter, with its standard where it is told apart.
    pub parameter: String,
    /// The place of its axis among those of the machine, from 0.
    pub axis: Option<usize>,
    /// The reading.
    pub value: String,
    /// Its standard uncertainty.
    pub u: String,
    /// The coverage factor of `u`.
    pub coverage: f64,
}

/// A row for each uncertain reading.
pub fn uncertain_rows(chances: &Chances) -> Vec<UncertainRow> {
    let row = |reading: &Doubted| {
        let text = |value: Value| {
            let unit = reading.key.parameter.row().unit();
            unit.map_or_else(|| value.count().to_string(), |unit| value.text(unit))
        };
        UncertainRow {
            parameter: reading.key.text(),
            axis: reading.axis,
            value: text(reading.value),
            u: text(Value::saturating(reading.u.round() as i128)),
            coverage: 1.0,
        }
    };
    chances.readings.iter().map(row).collect()
}

/// The rows for people.
pub fn chances_text(evaluator: &Evaluator, machine: &Machine, chances: &Chances) -> String {
    let rows = chance_rows(evaluator, chances);
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let percent = |part: f64| format!("{:.2} %", 100.0 * part);
            let parts = [row.captured, row.undetermined, row.not_captured].map(percent);
            let error = match row.standard_error > 0.0 {
                true => format!(", ± {:.2} % (k = 1)", 100.0 * row.standard_error),
                false => String::new(),
            };
            let how = std::iter::once(format!("{}{error}", row.how));
            std::iter::once(row.list.clone()).chain(parts).chain(how).collect()
        })
        .collect();
    let mut text = "\nChances under the uncertainties of the readings, as shipped.\nSupporting \
         information: the lists compare the figures themselves, and so do the verdicts above.\n"
        .to_owned();
    if chances.readings.is_empty() {
        text += "No reading that stands for a value has an uncertainty: give --uncertainty, or \
                 print figures as 0.8 ± 0.1.\n";
    } else {
        let together = match chances.correlation > 0.0 {
            true => format!("every two with correlation {}", chances.correlation),
            false => "independent of each other".to_owned(),
        };
        let each = uncertain_rows(chances).into_iter().map(|row| {
            let axis = row.axis.and_then(|at| machine.axes.get(at));
            let axis = axis.map(|axis| format!(" {}", axis.label)).unwrap_or_default();
            format!("{}{axis} {} with u = {}", row.parameter, row.value, row.u)
        });
        let each: Vec<String> = each.collect();
        let count = match each.len() {
            1 => {
                "One uncertain reading, normal (standard uncertainty u, coverage k = 1)".to_owned()
            }
            count => format!(
                "{count} uncertain readings, normal (standard uncertainty u, coverage k = 1), \
                 {together}"
            ),
        };
        text += &format!("{count}: {}.\n", each.join("; "));
    }
    text += &table(&["entry", "captured", "undetermined", "not captured", "how"], &cells, 1);
    text.push('\n');
    text
}
