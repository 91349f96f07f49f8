//! Bytes to records: delimited text, spreadsheets, JSON and TOML in, rows of text fields out.
//!
//! What leaves is always the same: a header and records of text with the line that each came
//! from. Knows nothing of machines, units or lists; a field is text, and an empty one stays empty.

mod chunk;
mod delimited;
mod document;
mod encoding;
mod flat;
mod grid;
mod marks;
mod names;
mod sheet;
pub mod shipped;
#[cfg(test)]
mod slow;
mod typed;

pub use chunk::{Chunk, Chunks, Column, FILLED, Odd, Raw, Rows, Spares, header};
pub use delimited::{Lines, Records, delimiter, detect};
pub use document::{Document, Fields, Node};
pub use encoding::{Decoded, Encoding, Look, broken, decode};
pub use flat::flat_record;
pub use grid::Grid;
pub use names::{Lines as JsonLines, Names};
pub use typed::read_with_comma;

use crate::error::{Error, Kind, Result};

/// How the bytes of a table are to be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// The format; by the file's name where it is not given.
    pub format: Option<Format>,
    /// The encoding's label (WHATWG names); detected where it is not given.
    pub encoding: Option<String>,
    /// The delimiter of delimited text; detected in the header line where it is not given.
    pub delimiter: Option<char>,
    /// The sheet of a workbook; the first where it is not given.
    pub sheet: Option<String>,
    /// How many lines stand before the header.
    pub skip_lines: usize,
}

impl Reading {
    /// An error where a sheet is asked for of a file that is no workbook.
    pub fn check(&self, name: &str) -> Result<()> {
        let format = self.format.unwrap_or_else(|| Format::of_name(name));
        match self.sheet.as_ref().filter(|_| format != Format::Workbook) {
            Some(sheet) => {
                let text = format!("`{name}` is no workbook: it has no sheet `{sheet}`");
                Err(Error::usage(text).help("name a sheet of XLSX, XLS or ODS files only"))
            }
            None => Ok(()),
        }
    }
}

/// What kind of file holds the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma, semicolon, tab or bar separated values (RFC 4180 quoting).
    Delimited,
    /// XLSX, XLS, XLSB or ODS.
    Workbook,
    /// One JSON array of objects, or one object.
    Json,
    /// One JSON object a line.
    JsonLines,
    /// One machine as TOML.
    Toml,
}

impl Format {
    /// The format that a file's name promises; delimited text where the name says nothing.
    pub fn of_name(name: &str) -> Self {
        let extension = name.rsplit_once('.').map_or("", |(_, e)| e).to_ascii_lowercase();
        match extension.as_str() {
            "xlsx" | "xls" | "xlsb" | "xlsm" | "ods" => Self::Workbook,
            "json" => Self::Json,
            "jsonl" | "ndjson" => Self::JsonLines,
            "toml" => Self::Toml,
            _ => Self::Delimited,
        }
    }

    /// Whether a file's name promises a table at all.
    ///
    /// ```
    /// use toolgauge::table::Format;
    /// let is = |name: &&str| Format::is_of_name(name);
    /// assert!(["m.csv", "m.XLSX", "m.budget.toml", "m.asc"].iter().all(is));
    /// assert!(!["README.md", "Thumbs.db", "m.pdf", "m"].iter().any(is));
    /// ```
    pub fn is_of_name(name: &str) -> bool {
        let extension = name.rsplit_once('.').map_or("", |(_, e)| e).to_ascii_lowercase();
        let delimited = ["csv", "tsv", "tab", "psv", "txt", "asc", "dat", "prn"];
        delimited.contains(&extension.as_str()) || Self::of_name(name) != Self::Delimited
    }
}

/// One row: its fields, the line where it starts, and why it cannot be used, if it cannot.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// The line of the file (or the row of the sheet), counted from one.
    pub line: usize,
    /// The lines of the single fields where they differ (TOML); otherwise empty.
    pub field_lines: Vec<usize>,
    /// The fields as text, one for each column of the header where `fault` is `None`.
    pub fields: Vec<String>,
    /// Why the row's form is broken; such a row is set aside whole.
    pub fault: Option<String>,
}

impl Record {
    /// The field of a column; empty where the row is too short.
    pub fn field(&self, column: usize) -> &str {
        self.fields.get(column).map_or("", String::as_str)
    }

    /// The line of a column's field.
    pub fn line_of(&self, column: usize) -> usize {
        self.field_lines.get(column).copied().unwrap_or(self.line)
    }
}

/// A table: the file's name, its header, its rows, and what had to be assumed to read it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// The file as the user named it.
    pub name: String,
    /// The column names, as printed, without surrounding spaces.
    pub header: Vec<String>,
    /// The rows, in the order of the file.
    pub records: Vec<Record>,
    /// What was detected rather than declared, one sentence each.
    pub notes: Vec<String>,
}

/// Reads a table from the bytes of the file called `name`.
///
/// A row of the wrong length, or one that cannot be decoded, is kept with its fault; only a file
/// whose form as a whole is broken is an error.
pub fn read(name: &str, bytes: &[u8], reading: &Reading) -> Result<Table> {
    reading.check(name)?;
    let format = reading.format.unwrap_or_else(|| Format::of_name(name));
    let mut table = Table { name: name.to_owned(), ..Table::default() };
    match format {
        Format::Workbook => sheet::read(&mut table, bytes, reading)?,
        Format::Delimited => {
            let text = table.text(bytes, reading)?;
            delimited::read(&mut table, &text, reading)?;
        }
        Format::Json | Format::JsonLines => {
            let text = table.text(bytes, reading)?;
            let lines = (format == Format::JsonLines).then_some(reading.skip_lines);
            flat::read_json(&mut table, &text, lines)?;
        }
        Format::Toml => {
            let text = table.text(bytes, reading)?;
            flat::read_toml(&mut table, &text)?;
        }
    }
    check_header(name, format, &table.header)?;
    Ok(table)
}

/// An error where no column has a name.
pub fn check_header(name: &str, format: Format, header: &[String]) -> Result<()> {
    if header.iter().all(String::is_empty) {
        if format == Format::JsonLines {
            let text = format!("`{name}` has no line that is a JSON object");
            return Err(Error::new(Kind::Form, text)
                .help("JSON Lines have an object a line; one document of JSON is called .json"));
        }
        return Err(Error::new(Kind::Form, format!("`{name}` has no header and no rows"))
            .help("the first line has to name the columns"));
    }
    Ok(())
}

impl Table {
    fn text<'b>(
        &mut self,
        bytes: &'b [u8],
        reading: &Reading,
    ) -> Result<std::borrow::Cow<'b, str>> {
        let (text, note) = decode(&self.name, bytes, reading.encoding.as_deref())?;
        self.notes.extend(note);
        Ok(text)
    }

    /// The column whose name is `name`, compared without case and surrounding spaces.
    pub fn column(&self, name: &str) -> Option<usize> {
        let wanted = name.trim().to_lowercase();
        self.header.iter().position(|header| header.to_lowercase() == wanted)
    }
}
