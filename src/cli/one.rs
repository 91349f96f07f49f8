//! The rows of a catalogue that bear on one machine, so that a large one need not be held.

use std::path::Path;

use super::arguments::{Explain, FailOn, Format};
use super::opened::Opened;
use super::{Failure, setting};
use crate::catalogue::{self, Catalogue, Sheet};
use crate::machine::Machine;
use crate::table::{Chunks, Grid, Raw, Record, Table};

/// The catalogue of the rows that bear on the machine with this identifier: its own, others with
/// its identifier, and those of its maker, model and version, which may contradict it.
///
/// `None` where the whole catalogue has to be read: it is no plain text, the identifier is not
/// found as it stands, or more of the catalogue is asked for.
pub(super) fn catalogue(verb: &Explain, format: Format) -> Result<Option<Catalogue>, Failure> {
    let whole = verb.read.measurements.is_some()
        || verb.fail_on == Some(FailOn::Remarks)
        || matches!(format, Format::Json | Format::Jsonl);
    let Some(id) = verb.machine.as_deref().filter(|_| !whole) else { return Ok(None) };
    let path: &Path = &verb.catalogue;
    let name = path.display().to_string();
    let (declared, reading) = setting::declared(&verb.read)?;
    let Some(opened) = Opened::open(path, &name, &reading)? else { return Ok(None) };
    let mapping = setting::mapping_of(declared, &opened.header, &name, &verb.read)?;
    let sheet = Sheet::new(&name, &opened.header, &mapping);
    let Some(at) = sheet.id() else { return Ok(None) };
    let machine = |record: &Record| sheet.machine(record, &mut Vec::new()).ok();
    let bears_id = |raw: &Raw<'_>| {
        let field = raw.field(at);
        let plain = |byte: &u8| byte.is_ascii_graphic() && *byte != b'"';
        if !field.is_empty() && field.iter().all(plain) {
            return field == id.as_bytes();
        }
        // A row without an identifier is called by other columns; others are trimmed first.
        machine(&raw.record(0, opened.header.len())).is_some_and(|machine| machine.id == id)
    };
    let Some(own) = found(&opened, bears_id) else { return Ok(None) };
    let Some(model) = own.first().and_then(machine) else { return Ok(None) };
    let fields = || own.iter().flat_map(|record| &record.fields);
    if !model.model.is_empty() && !fields().any(|field| same(field, &model.model)) {
        return Ok(None);
    }
    let bears = |raw: &Raw<'_>| {
        let printed = || (0..raw.width()).any(|at| prints(raw, at, &model.model));
        bears_id(raw) || !model.model.is_empty() && printed()
    };
    let Some(records) = found(&opened, bears) else { return Ok(None) };
    let kept = |record: &Record| {
        machine(record).is_none_or(|other| other.id == id || key(&other) == key(&model))
    };
    let records = records.into_iter().filter(kept).collect();
    let table = Table { name, header: opened.header, records, notes: Vec::new() };
    Ok(Some(catalogue::read(&table, &mapping)))
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

/// The records that are wanted, the header left out; `None` where there is none, or where the file
/// has to be read whole.
fn found(opened: &Opened, wanted: impl Fn(&Raw<'_>) -> bool) -> Option<Vec<Record>> {
    let mut grid = Grid::default();
    let mut records = Vec::new();
    let chunks = Chunks::new(opened.bytes()?);
    let spares = chunks.spares();
    for chunk in chunks {
        let chunk = chunk.ok()?;
        let mut lines = chunk.lines();
        let rows = chunk.rows(&mut grid, opened.delimiter).ok()?;
        for raw in rows.iter().skip(usize::from(chunk.number == 0)) {
            if wanted(&raw) {
                records.push(raw.record(lines.line_at(raw.start()), opened.header.len()));
            }
        }
        spares.give(chunk);
    }
    Some(records).filter(|records| !records.is_empty())
}
