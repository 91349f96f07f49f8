//! The rows of a catalogue that bear on one machine, so that a large one need not be held.

use std::path::Path;

use super::arguments::{Explain, FailOn, Format};
use super::source::{Row, Source};
use super::{Failure, setting};
use crate::catalogue::{self, Catalogue, Sheet};
use crate::machine::Machine;
use crate::record::Hashing;
use crate::table::{Grid, Odd, Raw, Record, Table};

/// The catalogue of the rows that bear on the machine with this identifier: its own, others with
/// its identifier, and those of its maker, model and version, which may contradict it.
///
/// `None` where the whole catalogue has to be read: it is no text, the identifier is not found as
/// it stands, or more of the catalogue is asked for.
pub(super) fn catalogue(verb: &Explain, format: Format) -> Result<Option<Catalogue>, Failure> {
    let path: &Path = &verb.catalogue;
    let whole = verb.read.measurements.is_some()
        || verb.fail_on == Some(FailOn::Remarks)
        || matches!(format, Format::Json | Format::Jsonl)
        || !path.is_file();
    let Some(id) = verb.machine.as_deref().filter(|_| !whole) else { return Ok(None) };
    let name = path.display().to_string();
    let (declared, reading) = setting::declared(&verb.read)?;
    let Some(mut source) = Source::open(path, &name, &reading)? else { return Ok(None) };
    loop {
        let mapping = setting::mapping_of(declared.clone(), &source.header, &name, &verb.read)?;
        match records(&source, &Sheet::new(&name, &source.header, &mapping), id) {
            Ok(Some(records)) => {
                let notes = source.note.into_iter().collect();
                let table = Table { name, header: source.header, records, notes };
                return Ok(Some(catalogue::read(&table, &mapping)));
            }
            Ok(None) => return Ok(None),
            Err(Odd::Form) => source = source.otherwise()?,
            Err(Odd::Read(error)) => return Err(source.unreadable(&error).into()),
        }
    }
}

/// The records that bear on a machine, if it is found.
fn records(source: &Source, sheet: &Sheet<'_>, id: &str) -> Result<Option<Vec<Record>>, Odd> {
    let machine = |record: &Record| sheet.machine(record, &mut Vec::new()).ok();
    let is_it = |record: &Record| machine(record).is_some_and(|machine| machine.id == id);
    let at = sheet.id();
    let bears_id = |row: &Row<'_>| match row {
        Row::Raw(raw, ..) => {
            let field = at.map_or(&[][..], |at| raw.field(at));
            let plain = |byte: &u8| byte.is_ascii_graphic() && *byte != b'"';
            if !field.is_empty() && field.iter().all(plain) {
                return field == id.as_bytes();
            }
            // A row without an identifier is called by other columns; others are trimmed first.
            is_it(&raw.record(0, source.header.len()))
        }
        Row::Record(record) => is_it(record),
    };
    let own = found(source, bears_id)?;
    let Some(model) = own.first().and_then(machine) else { return Ok(None) };
    let mut fields = own.iter().flat_map(|record| &record.fields);
    if !model.model.is_empty() && !fields.any(|field| same(field, &model.model)) {
        return Ok(None);
    }
    let prints_model = |row: &Row<'_>| match row {
        Row::Raw(raw, ..) => (0..raw.width()).any(|at| prints(raw, at, &model.model)),
        Row::Record(record) => record.fields.iter().any(|field| same(field, &model.model)),
    };
    let bears = |row: &Row<'_>| bears_id(row) || !model.model.is_empty() && prints_model(row);
    let kept = |record: &Record| {
        machine(record).is_none_or(|other| other.id == id || key(&other) == key(&model))
    };
    Ok(Some(found(source, bears)?.into_iter().filter(kept).collect()))
}

/// Whether a field prints a text, but for case and blanks around it.
fn same(field: &str, text: &str) -> bool {
    field.eq_ignore_ascii_case(text) || field.trim().to_lowercase() == text.trim().to_lowercase()
}

/// Whether a field of a row prints a text; most are told apart by their first letter.
fn prints(raw: &Raw<'_>, at: usize, text: &str) -> bool {
    let first = |text: &[u8]| {
        let first = text.first().filter(|byte| byte.is_ascii_alphanumeric());
        first.map(u8::to_ascii_lowercase)
    };
    match (first(raw.field(at)), first(text.as_bytes())) {
        (Some(own), Some(wanted)) if own != wanted => false,
        _ => same(&raw.text(at), text),
    }
}

/// What makes two rows one machine.
fn key(machine: &Machine) -> [String; 3] {
    [&machine.maker, &machine.model, &machine.version].map(|text| text.trim().to_lowercase())
}

/// The records that are wanted.
fn found(source: &Source, wanted: impl Fn(&Row<'_>) -> bool) -> Result<Vec<Record>, Odd> {
    let (mut grid, mut records) = (Grid::default(), Vec::new());
    let mut hashing = Hashing::default();
    let runs = source.runs(&mut hashing)?;
    let spares = runs.spares();
    for run in runs {
        let mut run = run?;
        source.rows(&mut run, &mut grid, |row| {
            if wanted(&row) {
                records.push(row.record());
            }
        })?;
        run.give(&spares);
    }
    Ok(records)
}
