//! Columns of raw readings: names with units at their end, exact numbers, errors with places.

use crate::error::{Error, Kind, Result};
use crate::quantity::{Decimal, Dimension, Style, Unit, Value, plain};
use crate::table::Record;

/// The header of a file of readings.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    file: String,
    header: Vec<String>,
}

impl Columns {
    pub(super) fn new(file: &str, header: &[String]) -> Self {
        Self { file: file.to_owned(), header: header.to_vec() }
    }

    /// An error about the whole file.
    pub(super) fn fault(&self, text: &str) -> Error {
        Error::new(Kind::Content, format!("`{}`: {text}", self.file))
    }

    /// An error about one cell.
    pub(super) fn at(&self, record: &Record, column: usize, text: String) -> Error {
        Error::new(Kind::Content, format!("{}: {text}", self.place(record, column)))
    }

    /// Where a cell is: file, line, column, text.
    pub(super) fn place(&self, record: &Record, column: usize) -> String {
        let name = self.header.get(column).map_or("", String::as_str);
        let field = record.field(column).trim();
        format!("{}:{}: column `{name}`: `{field}`", self.file, record.line_of(column))
    }

    /// The name of a column.
    pub(super) fn name(&self, column: usize) -> &str {
        self.header.get(column).map_or("", String::as_str)
    }

    /// The unit of a column, which has to say it.
    pub(super) fn unit(&self, name: &str, unit: Option<&'static Unit>) -> Result<&'static Unit> {
        unit.ok_or_else(|| {
            self.fault(&format!("column `{name}` does not say its unit"))
                .help("write it into the header, such as `target_mm` or `deviation (µm)`")
        })
    }

    /// The value of a cell.
    pub(super) fn value(&self, record: &Record, column: usize, unit: &Unit) -> Result<Value> {
        let number = Decimal::parse(&plain(record.field(column)), Style::default());
        number
            .and_then(|number| number.value(unit))
            .map_err(|fault| self.at(record, column, format!("not a reading: {fault}")))
    }

    /// The whole number of a cell.
    pub(super) fn whole(&self, record: &Record, column: usize, what: &str) -> Result<u64> {
        let number = record.field(column).trim().parse();
        number.map_err(|_| self.at(record, column, format!("not {what}")))
    }

    /// A row has to be of the header's form.
    pub(super) fn check(&self, record: &Record) -> Result<()> {
        match &record.fault {
            Some(fault) => Err(self.at(record, 0, fault.clone())),
            None => Ok(()),
        }
    }
}

/// The words of a column's name in lower case, and the unit at its end.
pub(super) fn words(name: &str) -> (Vec<String>, Option<&'static Unit>) {
    let spaced = plain(name).replace(['_', '(', ')', '[', ']', ',', '/'], " ");
    let mut words: Vec<String> = spaced.split_whitespace().map(str::to_owned).collect();
    let unit = words.last().and_then(|last| {
        let named = |dimension| Unit::named(dimension, last).ok();
        // A bare quote or `min` could be either; such units are not guessed.
        match (named(Dimension::Length), named(Dimension::Angle)) {
            (Some(unit), None) | (None, Some(unit)) => Some(unit),
            _ => None,
        }
    });
    if unit.is_some() {
        words.pop();
    }
    (words.iter().map(|word| word.to_lowercase()).collect(), unit)
}
