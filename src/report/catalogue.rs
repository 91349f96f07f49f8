//! What a reader had to say, for people and for tables.

use std::fs::File;
use std::io::{Seek, Write};

use super::csv::{failed, rows_csv, write_rows};
use crate::catalogue::{Catalogue, Rejected, Remark};
use crate::error::Result;

/// The remarks as lines, the gravest first; at most `shown` of them.
pub fn remarks_text(remarks: &[Remark], shown: usize) -> String {
    let mut sorted: Vec<&Remark> = remarks.iter().collect();
    sorted.sort_by_key(|remark| (std::cmp::Reverse(remark.severity), remark.line));
    let mut lines: Vec<String> = sorted.iter().take(shown).map(ToString::to_string).collect();
    if sorted.len() > shown {
        lines.push(format!("and {} more", sorted.len() - shown));
    }
    lines.join("\n")
}

/// The columns of a table of remarks.
const REMARKS: [&str; 8] =
    ["severity", "file", "line", "column", "machine", "text", "reason", "what to do"];

/// Where the line stands among them.
const LINE: usize = 2;

/// The remarks as objects, with the same names.
pub fn remarks_json(remarks: &[Remark]) -> serde_json::Value {
    let row = |remark: &Remark| {
        let named = REMARKS.into_iter().zip(remark_cells(remark));
        let value = |(name, cell): (&str, String)| match name {
            "line" => (name.to_owned(), remark.line.into()),
            _ => (name.to_owned(), cell.into()),
        };
        named.map(value).collect()
    };
    serde_json::Value::Array(remarks.iter().map(row).map(serde_json::Value::Object).collect())
}

/// The remarks as CSV.
pub fn remarks_csv(remarks: &[Remark]) -> Result<String> {
    rows_csv(&REMARKS, remarks.iter().map(remark_cells))
}

/// Every row that was set aside, whole, with its line and reason.
pub fn rejected_csv(catalogue: &Catalogue) -> Result<String> {
    let width = catalogue.rejected.iter().map(|row| row.fields.len()).max().unwrap_or(0);
    let header = rejected_header(&catalogue.header, width);
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    rows_csv(&header, catalogue.rejected.iter().map(rejected_cells))
}

fn remark_cells(remark: &Remark) -> Vec<String> {
    vec![
        remark.severity.word().to_owned(),
        remark.file.clone(),
        remark.line.to_string(),
        remark.column.clone(),
        remark.machine.clone(),
        remark.text.clone(),
        remark.reason.clone(),
        remark.advice.clone(),
    ]
}

fn rejected_cells(row: &Rejected) -> Vec<String> {
    let mut cells = vec![row.line.to_string(), row.reason.clone()];
    cells.extend(row.fields.iter().cloned());
    cells
}

/// The columns of rows that were set aside, the widest of so many fields, where the catalogue's
/// columns have these names.
fn rejected_header(names: &[String], width: usize) -> Vec<String> {
    let own = ["line", "reason"].map(str::to_owned).into_iter().chain(names.iter().cloned());
    own.chain((names.len()..width).map(|at| format!("field {}", at + 1))).collect()
}

/// Remarks, or rows that were set aside, kept in a file until all of them are known: as many as
/// there may be.
pub struct Spool {
    rows: csv::Writer<File>,
    /// How many fields the widest row has that was set aside.
    width: usize,
}

impl Spool {
    /// None yet; the file is empty, and open for reading and writing.
    pub fn new(file: File) -> Self {
        Self { rows: csv::WriterBuilder::new().flexible(true).from_writer(file), width: 0 }
    }

    /// Adds a remark.
    pub fn remark(&mut self, remark: &Remark) -> Result<()> {
        self.rows.write_record(remark_cells(remark)).map_err(failed)
    }

    /// Adds a row that was set aside.
    pub fn rejected(&mut self, row: &Rejected) -> Result<()> {
        self.width = self.width.max(row.fields.len());
        self.rows.write_record(rejected_cells(row)).map_err(failed)
    }

    /// Writes the remarks as [`remarks_csv`] does, and behind them those of others by their lines.
    pub fn write_remarks(self, others: Vec<Self>, out: impl Write) -> Result<()> {
        let others = others.into_iter().map(Self::into_rows).collect::<Result<Vec<_>>>()?;
        write_rows(out, &REMARKS, self.into_rows()?.chain(by_line(others)))
    }

    /// Writes the rows that were set aside as [`rejected_csv`] does; the catalogue's columns have
    /// these names.
    pub fn write_rejected(self, names: &[String], out: impl Write) -> Result<()> {
        let header = rejected_header(names, self.width);
        let header: Vec<&str> = header.iter().map(String::as_str).collect();
        write_rows(out, &header, self.into_rows()?)
    }

    /// Those of several spools by their lines, kept in one.
    pub fn merged(spools: Vec<Self>, file: File) -> Result<Self> {
        let rows = spools.into_iter().map(Self::into_rows).collect::<Result<Vec<_>>>()?;
        let mut merged = Self::new(file);
        for row in by_line(rows) {
            merged.rows.write_record(row?).map_err(failed)?;
        }
        Ok(merged)
    }

    fn into_rows(self) -> Result<impl Iterator<Item = Result<Vec<String>>>> {
        let mut file = self.rows.into_inner().map_err(failed)?;
        file.rewind().map_err(failed)?;
        let reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(file);
        let cells = |row: csv::Result<csv::StringRecord>| {
            row.map(|row| row.iter().map(str::to_owned).collect()).map_err(failed)
        };
        Ok(reader.into_records().map(cells))
    }
}

/// Rows of several tables of remarks, each in the order of its lines, in that order; of one line,
/// in the order of the tables.
fn by_line(
    tables: Vec<impl Iterator<Item = Result<Vec<String>>>>,
) -> impl Iterator<Item = Result<Vec<String>>> {
    let mut tables: Vec<_> = tables.into_iter().map(Iterator::peekable).collect();
    std::iter::from_fn(move || {
        let line = |row: &Result<Vec<String>>| -> usize {
            let line = row.as_ref().ok().and_then(|row| row.get(LINE)?.parse().ok());
            line.unwrap_or_default()
        };
        let waiting = tables.iter_mut().filter_map(|table| {
            let line = line(table.peek()?);
            Some((line, table))
        });
        waiting.min_by_key(|(line, _)| *line).and_then(|(_, table)| table.next())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_spooled_is_written_as_what_is_not() {
        let fields = |all: &[&str]| all.iter().map(|field| (*field).to_owned()).collect();
        let rejected = [
            Rejected { line: 2, fields: fields(&["a"]), reason: "too short".to_owned() },
            Rejected { line: 3, fields: fields(&[]), reason: String::new() },
            Rejected {
                line: 9,
                fields: fields(&["=1", "two\nlines", "\"x\"", ""]),
                reason: "z".to_owned(),
            },
        ];
        let header: Vec<String> = fields(&["id", "note"]);
        for some in [&rejected[..], &rejected[..1], &[]] {
            let mut spool = Spool::new(tempfile::tempfile().expect("a file"));
            some.iter().for_each(|row| spool.rejected(row).expect("kept"));
            let mut written = Vec::new();
            spool.write_rejected(&header, &mut written).expect("written");
            let catalogue = Catalogue {
                header: header.clone(),
                rejected: some.to_vec(),
                ..Catalogue::default()
            };
            assert_eq!(written, rejected_csv(&catalogue).expect("a table").into_bytes());
        }
    }
}
