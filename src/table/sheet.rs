//! Workbooks: XLSX, XLS, XLSB and ODS.

use std::io::Cursor;

use calamine::{Data, Reader};

use super::{Reading, Record, Table};
use crate::error::{Error, Kind, Result, nearest};

/// Fills the table from one sheet of a workbook.
///
/// Numbers become their shortest decimal text, which is what the sheet's user typed; a cell that
/// holds an error of the spreadsheet program makes the row faulty.
pub(super) fn read(table: &mut Table, bytes: &[u8], reading: &Reading) -> Result<()> {
    let broken = |error: calamine::Error| {
        Error::new(Kind::Form, format!("`{}` is not a readable workbook: {error}", table.name))
    };
    let mut book = calamine::open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(broken)?;
    let names = book.sheet_names();
    let sheet = match &reading.sheet {
        Some(wanted) => names.iter().find(|name| *name == wanted).ok_or_else(|| {
            let near = nearest(wanted, names.iter().map(String::as_str));
            let help = match near {
                Some(name) => format!("did you mean `{name}`?"),
                None => format!("the workbook has: {}", names.join(", ")),
            };
            Error::usage(format!("`{}` has no sheet `{wanted}`", table.name)).help(help)
        })?,
        None => names
            .first()
            .ok_or_else(|| Error::new(Kind::Form, format!("`{}` has no sheet", table.name)))?,
    };
    if names.len() > 1 && reading.sheet.is_none() {
        let note = format!("{}: sheet `{sheet}` of {} read", table.name, names.len());
        table.notes.push(note);
    }
    let range = book.worksheet_range(sheet).map_err(|error| {
        Error::new(Kind::Form, format!("sheet `{sheet}` of `{}`: {error}", table.name))
    })?;
    let top = range.start().map_or(0, |(row, _)| row as usize);
    for (at, row) in range.rows().enumerate() {
        let line = top + at + 1;
        let mut fields: Vec<String> = row.iter().map(text).collect();
        if line <= reading.skip_lines || fields.iter().all(|field| field.trim().is_empty()) {
            continue;
        }
        if table.header.is_empty() {
            fields.iter_mut().for_each(|field| *field = field.trim().to_owned());
            table.header = fields;
            continue;
        }
        let broken = row.iter().find_map(|cell| match cell {
            Data::Error(error) => Some(format!("a cell holds the error {error}")),
            _ => None,
        });
        table.records.push(Record { line, fields, fault: broken, ..Record::default() });
    }
    Ok(())
}

fn text(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::Bool(value) => if *value { "yes" } else { "no" }.to_owned(),
        other => other.to_string(),
    }
}
