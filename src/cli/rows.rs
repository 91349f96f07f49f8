//! The rows of a file, one after the other: run by run where it is text, whole otherwise.

use std::path::Path;

use super::source::Source;
use super::{Failure, files};
use crate::error::Error;
use crate::quantity::Style;
use crate::record::Hashing;
use crate::table::{self, Format, Odd, Reading, Record};

/// Reads a file row by row into what `begin` makes of its header.
pub(super) fn each<T>(
    path: &Path,
    (reading, style): (&Reading, Style),
    begin: impl Fn(&str, &[String]) -> Result<T, Error>,
    take: impl Fn(&mut T, &Record) -> Result<(), Error>,
) -> Result<T, Failure> {
    let name = path.display().to_string();
    // Typed numbers are written anew.
    let typed = style.decimal_comma && Format::of_name(&name) == Format::JsonLines;
    let opened = if typed { None } else { Source::open(path, &name, reading)? };
    if let Some(mut source) = opened {
        loop {
            let mut into = begin(&name, &source.header)?;
            if streamed(&source, |record| take(&mut into, record))? {
                return Ok(into);
            }
            source = source.otherwise()?;
        }
    }
    let bytes = files::read(path)?;
    let table = match style.decimal_comma {
        true => table::read_with_comma(&name, &bytes, reading)?,
        false => table::read(&name, &bytes, reading)?,
    };
    let mut into = begin(&name, &table.header)?;
    for record in &table.records {
        take(&mut into, record)?;
    }
    Ok(into)
}

/// Reads text run by run; whether it is read to the end, rather than asking for another way.
fn streamed(
    source: &Source,
    mut take: impl FnMut(&Record) -> Result<(), Error>,
) -> Result<bool, Failure> {
    let failed = |odd| match odd {
        Odd::Form => Ok(false),
        Odd::Read(error) => Err(source.unreadable(&error).into()),
    };
    let mut hashing = Hashing::default();
    let runs = match source.runs(&mut hashing) {
        Ok(runs) => runs,
        Err(odd) => return failed(odd),
    };
    for run in runs {
        match run.and_then(|mut run| source.records(&mut run)) {
            Ok(records) => records.iter().try_for_each(&mut take)?,
            Err(odd) => return failed(odd),
        }
    }
    Ok(true)
}
