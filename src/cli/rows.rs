//! The rows of a file, one after the other: run by run where the text is plain, whole otherwise.

use std::fs::File;
use std::path::Path;

use super::{Failure, files};
use crate::error::Error;
use crate::quantity::Style;
use crate::table::{self, Chunks, Format, Grid, Reading, Record};

/// Reads a file row by row into what `begin` makes of its header.
pub(super) fn each<T>(
    path: &Path,
    (reading, style): (&Reading, Style),
    begin: impl Fn(&str, &[String]) -> Result<T, Error>,
    take: impl Fn(&mut T, &Record) -> Result<(), Error>,
) -> Result<T, Failure> {
    let name = path.display().to_string();
    reading.check(&name)?;
    if let Some(done) = streamed(path, &name, reading, &begin, &take)? {
        return Ok(done);
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

/// The same without holding the text; `None` where it has to be read whole.
fn streamed<T>(
    path: &Path,
    name: &str,
    reading: &Reading,
    begin: &impl Fn(&str, &[String]) -> Result<T, Error>,
    take: &impl Fn(&mut T, &Record) -> Result<(), Error>,
) -> Result<Option<T>, Failure> {
    let plain = Format::of_name(name) == Format::Delimited
        && path.is_file()
        && reading.encoding.is_none()
        && reading.skip_lines == 0;
    let Some(file) = plain.then(|| File::open(path).ok()).flatten() else { return Ok(None) };
    let mut begun: Option<(T, u8, usize)> = None;
    for chunk in Chunks::new(file) {
        let Ok(chunk) = chunk else { return Ok(None) };
        if begun.is_none() {
            let Some((header, delimiter)) = table::header(&chunk, reading.delimiter) else {
                return Ok(None);
            };
            begun = Some((begin(name, &header)?, delimiter, header.len()));
        }
        let Some((into, delimiter, width)) = &mut begun else { return Ok(None) };
        let (mut lines, mut grid) = (chunk.lines(), Grid::default());
        let Ok(rows) = chunk.rows(&mut grid, *delimiter) else { return Ok(None) };
        for raw in rows.iter().skip(usize::from(chunk.number == 0)) {
            take(into, &raw.record(lines.line_at(raw.start()), *width))?;
        }
    }
    Ok(begun.map(|(into, ..)| into))
}
